package cisco

import (
	"cmp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// nxosPartLeaves are the leaves of a part in the structured reply to "show inventory".
var nxosPartLeaves = map[string]facts.Kind{
	"productid": facts.Model, "vendorid": facts.HardwareVersion, "serialnum": facts.SerialNumber,
}

// readNXOSInventory reads "show inventory", and the structured forms of it.
//
//	{"name": "\"Chassis\"", "desc": "Nexus 6001 Chassis", "productid": "N6K-C6001-64P", "vendorid": "V01", "serialnum": "TM6017D760B"}
func readNXOSInventory(reply collectors.Reply) ([]facts.Fact, error) {
	if !isStructured(reply) {
		return readInventory(reply)
	}
	leaves, err := leavesOf(reply)
	if err != nil {
		return nil, err
	}
	var (
		r    collectors.Reading
		used = map[string]int{}
		part = map[string]leaf{}
		row  int
	)
	end := func() {
		name := unquoted(part["name"].value)
		if name == "" {
			if len(part) > 0 {
				r.Problem("line %d: a part without a name", part["productid"].line)
			}
			clear(part)
			return
		}
		subject := numbered(name, used)
		r.Add(part["name"].line, facts.Component, subject, cmp.Or(unquoted(part["desc"].value), name))
		for _, field := range []string{"productid", "vendorid", "serialnum"} {
			r.Add(part[field].line, nxosPartLeaves[field], subject, part[field].value)
		}
		clear(part)
	}
	for _, l := range leaves {
		if l.row != row {
			end()
			row = l.row
		}
		if _, field := nxosPartLeaves[l.name]; field || l.name == "name" || l.name == "desc" {
			l.value = strings.TrimSpace(l.value)
			part[l.name] = l
		}
	}
	end()
	if r.Empty() {
		r.Problem("no part in the reply")
	}
	return r.Done()
}

// unquoted takes off the quotes that some releases leave around a name.
func unquoted(text string) string { return strings.Trim(text, `"`) }
