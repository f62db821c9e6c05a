package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Mod  Card Type                                    Model              Serial No.
	asaCardHeading = collectors.MustCompile(`^Mod +Card Type +Model +Serial No`)

	// Mod  MAC Address Range                 Hw Version   Fw Version   Sw Version
	asaAddressHeading = collectors.MustCompile(`^Mod +MAC Address Range +Hw Version +Fw Version +Sw Version`)

	// Mod  SSM Application Name           Status           SSM Application Version
	asaApplicationHeading = collectors.MustCompile(`^Mod +SSM Application Name +Status`)

	// Mod  Status             Data Plane Status     Compatibility
	asaStatusHeading = collectors.MustCompile(`^Mod +Status +Data Plane Status`)

	// Mod  License Name   License Status  Time Remaining
	asaOtherHeading = collectors.MustCompile(`^Mod +\S`)

	// e4d3.f1d0.aaaa to e4d3.f1d0.bbbb
	asaFirstAddress = collectors.MustCompile(`^([0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}) to `)
)

var asaModuleYields = []facts.Kind{
	facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.BootLoaderVersion, facts.ComponentVersion, facts.ComponentState, facts.BaseMAC,
}

// readASAModules reads "show module": the chassis and the service modules in it, as tables one after another.
func readASAModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table string
		at    columns
		rows  int
	)
	head := func(name string) { table, at = name, nil }
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
			table = ""
		case asaCardHeading.MatchString(text):
			head("card")
		case asaAddressHeading.MatchString(text):
			head("address")
		case asaApplicationHeading.MatchString(text):
			head("application")
		case asaStatusHeading.MatchString(text):
			head("status")
		case asaOtherHeading.MatchString(text):
			table = ""
		case table == "":
		case ruler.MatchString(line):
			at = columnsOf(line)
		default:
			cells, ok := at.cells(line)
			if !ok || len(cells) < 4 || cells[0] == "" || strings.Contains(cells[0], " ") {
				r.Problem("line %d: module: %.80q", n, text)
				continue
			}
			rows++
			addASAModule(&r, n, table, "slot "+cells[0], cells)
		}
	}
	if rows == 0 {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

func addASAModule(r *collectors.Reading, n int, table, subject string, cells []string) {
	switch table {
	case "card":
		if cells[2] == "" || cells[3] == "" {
			r.Problem("line %d: model or serial number of %s", n, subject)
		}
		r.Add(n, facts.Component, subject, cells[1])
		r.Add(n, facts.Model, subject, cells[2])
		r.Add(n, facts.SerialNumber, subject, cells[3])
	case "address":
		if m := asaFirstAddress.FindStringSubmatch(cells[1]); m != nil {
			r.Add(n, facts.BaseMAC, subject, m[1])
		}
		r.Add(n, facts.HardwareVersion, subject, cells[2])
		r.Add(n, facts.BootLoaderVersion, subject, cells[3])
		if len(cells) > 4 {
			r.Add(n, facts.ComponentVersion, subject, cells[4])
		}
	case "application":
		if cells[1] != "Unknown" {
			r.Add(n, facts.Component, subject+" application", cells[1])
			r.Add(n, facts.ComponentState, subject+" application", cells[2])
			r.Add(n, facts.ComponentVersion, subject+" application", cells[3])
		}
	case "status":
		r.Add(n, facts.ComponentState, subject, cells[1])
	}
}
