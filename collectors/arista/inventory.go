package arista

import (
	"regexp"
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var inventoryYields = []facts.Kind{facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion}

var (
	// System information
	// System has 2 power supply slots
	// System has 4 fan modules
	// System has 52 transceiver slots
	sectionLine = regexp.MustCompile(`^System has \d+ (.+?)(?: (?:slot|module|device)s?)?$`)

	// System has 53 ports
	//     Type               Count
	portsSection = collectors.MustCompile(`^System has \d+ (?:\w+ )?ports?$`)
)

// partNames are the columns that name a part, and which value of a part stands in which column.
var (
	partNames    = []string{"Slot", "Module", "Port", "Mount", "Name"}
	partColumns  = map[string]facts.Kind{"Model": facts.Model, "Serial Number": facts.SerialNumber, "Rev": facts.HardwareVersion, "HW Version": facts.HardwareVersion, "Manufacturer": facts.Component, "Description": facts.Component}
	columnsOrder = []string{"Manufacturer", "Description", "Model", "HW Version", "Rev", "Serial Number"}
)

// readInventory reads "show inventory".
func readInventory(reply collectors.Reply) ([]facts.Fact, error) {
	if isJSON(reply) {
		return readInventoryJSON(reply)
	}
	var r collectors.Reading
	tables, outside := readTables(reply)
	for _, l := range outside {
		text := strings.TrimSpace(l.text)
		if text != "System information" && sectionLine.FindStringSubmatch(text) == nil {
			r.Problem("line %d: not a section of the inventory: %.80q", l.line, text)
		}
	}
	used := map[string]int{}
	for _, t := range tables {
		if portsSection.MatchString(t.section) {
			continue
		}
		noun := ""
		if m := sectionLine.FindStringSubmatch(t.section); m != nil {
			noun = m[1]
		}
		named := slices.IndexFunc(t.names, func(name string) bool { return slices.Contains(partNames, name) })
		for _, row := range t.rows {
			switch {
			case strings.Contains(row.text, notPresent):
			case row.cells == nil || noun != "" && named < 0:
				r.Problem("line %d: not a part: %.80q", row.line, row.text)
			default:
				subject := ""
				if noun != "" {
					subject = numbered(noun+" "+row.cells[t.names[named]], used)
				}
				for _, column := range columnsOrder {
					r.Add(row.line, partColumns[column], subject, row.cells[column])
				}
			}
		}
	}
	return endInventory(&r)
}

// notPresent is what stands in an empty slot.
//
//	2    Not Present
const notPresent = "Not Present"

func endInventory(r *collectors.Reading) ([]facts.Fact, error) {
	if !r.Has(facts.Model, "") {
		r.Problem("no model of the system in the reply")
	}
	return r.Done()
}

// inventoryLists are the parts of the JSON form, and what the text form calls them.
var inventoryLists = []struct{ key, noun string }{
	{"powerSupplySlots", "power supply"}, {"fanTraySlots", "fan"}, {"cardSlots", "card"}, {"xcvrSlots", "transceiver"}, {"storageDevices", "storage"},
}

// partKeys are the keys of a part, and the fact that each states.
var partKeys = []struct {
	key  string
	kind facts.Kind
}{
	{"mfgName", facts.Component}, {"mfg", facts.Component}, {"description", facts.Component}, {"name", facts.Model}, {"modelName", facts.Model}, {"model", facts.Model},
	{"hardwareRev", facts.HardwareVersion}, {"rev", facts.HardwareVersion}, {"serialNum", facts.SerialNumber}, {"serialNumber", facts.SerialNumber},
}

// readInventoryJSON reads "show inventory | json".
//
//	"systemInformation": {"name": "DCS-7150S-52-CL", "description": "52-port SFP+", "hardwareRev": "02.00", "serialNum": "JPE13120702"}
//	"powerSupplySlots": {"1": {"name": "PWR-460AC-F", "serialNum": "K192KU00241CZ"}}
func readInventoryJSON(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := parseJSON(reply)
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	add := func(subject string, part *node) {
		for _, k := range partKeys {
			if v := part.field(k.key); !strings.EqualFold(v.text, notPresent) {
				r.Add(v.line, k.kind, subject, v.text)
			}
		}
	}
	add("", root.field("systemInformation"))
	for _, list := range inventoryLists {
		slots := root.field(list.key)
		for _, slot := range slots.keys {
			add(list.noun+" "+slot, slots.fields[slot])
		}
	}
	return endInventory(&r)
}

var moduleYields = []facts.Kind{
	facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.ComponentVersion, facts.ComponentState, facts.ComponentRole, facts.Uptime,
}

// moduleColumns are the columns of the three tables of "show module".
var moduleColumns = []struct {
	name string
	kind facts.Kind
}{
	{"Card Type", facts.Component}, {"Model", facts.Model}, {"Serial No.", facts.SerialNumber}, {"Hw", facts.HardwareVersion}, {"Sw", facts.ComponentVersion},
}

// readModules reads "show module": what each slot holds, the versions, and the state.
func readModules(reply collectors.Reply) ([]facts.Fact, error) {
	if isJSON(reply) {
		return readModulesJSON(reply)
	}
	var r collectors.Reading
	tables, outside := readTables(reply)
	for _, l := range outside {
		r.Problem("line %d: not a row of a table of modules: %.80q", l.line, l.text)
	}
	for _, t := range tables {
		for _, row := range t.rows {
			if row.cells["Module"] == "" {
				r.Problem("line %d: not a module: %.80q", row.line, row.text)
				continue
			}
			subject := "slot " + row.cells["Module"]
			for _, c := range moduleColumns {
				r.Add(row.line, c.kind, subject, row.cells[c.name])
			}
			addModuleState(&r, row.line, subject, row.cells["Status"])
			if uptime := row.cells["Uptime"]; uptime != "" && uptime != "Offline" {
				if seconds, ok := clockToSeconds(uptime); ok {
					r.Add(row.line, facts.Uptime, subject, seconds)
				} else {
					r.Problem("line %d: not a duration: %.80q", row.line, uptime)
				}
			}
		}
	}
	if r.Empty() {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

// addModuleState adds a state; that of a supervisor is its role too.
func addModuleState(r *collectors.Reading, line int, subject, state string) {
	r.Add(line, facts.ComponentState, subject, state)
	if strings.EqualFold(state, "active") || strings.EqualFold(state, "standby") {
		r.Add(line, facts.ComponentRole, subject, state)
	}
}

// readModulesJSON reads "show module | json".
//
//	"modules": {"1": {"modelName": "DCS-7500-SUP2", "typeDescription": "DCS-7500-SUP2 Supervisor", "serialNum": "XX16380393",
//	  "hardwareRev": "14.20", "softwareRev": "4.19.5M", "status": "active"}}
func readModulesJSON(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := parseJSON(reply)
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	modules := root.field("modules")
	for _, slot := range modules.keys {
		m, subject := modules.fields[slot], "slot "+slot
		for _, k := range []struct {
			key  string
			kind facts.Kind
		}{{"typeDescription", facts.Component}, {"modelName", facts.Model}, {"serialNum", facts.SerialNumber}, {"hardwareRev", facts.HardwareVersion}, {"softwareRev", facts.ComponentVersion}} {
			r.Add(m.field(k.key).line, k.kind, subject, m.field(k.key).text)
		}
		addModuleState(&r, m.field("status").line, subject, m.field("status").text)
	}
	if r.Empty() {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

var (
	//   my state = ACTIVE
	// Redundancy Protocol (Operational) = Route Processor Redundancy
	// Last switchover reason = Supervisor has control of the active supervisor lock
	redundancyLine = collectors.MustCompile(`^\s*([A-Za-z][A-Za-z ()]*?)\s*= (\S.*)$`)

	// redundancyNames are what is kept of them; the rest changes by itself.
	redundancyNames = map[string]string{
		"my state": "my state", "peer state": "peer state", "Redundancy Protocol (Operational)": "operating mode", "Redundancy Protocol (Configured)": "configured mode",
		"Last switchover reason": "last switchover reason",
	}
)

// readRedundancy reads "show redundancy status".
func readRedundancy(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		m := redundancyLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if name, ok := redundancyNames[m[1]]; ok {
			r.Add(n, facts.Redundancy, name, m[2])
		}
	}
	if !r.Has(facts.Redundancy, "my state") {
		r.Problem("no state in the reply")
	}
	return r.Done()
}
