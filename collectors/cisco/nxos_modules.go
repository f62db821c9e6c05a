package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Mod  Ports  Module-Type                         Model              Status
	// Xbar Ports  Module-Type                         Model              Status
	nxosCardHeading = collectors.MustCompile(`^(Mod|Xbar|Lem) +Ports +Module-Type +Model +Status`)

	// Mod  Sw               Hw      World-Wide-Name(s) (WWN)
	// Mod  Sw                       Hw    Slot
	nxosSoftwareHeading = collectors.MustCompile(`^(Mod|Xbar|Lem) +Sw +Hw`)

	// Mod  MAC-Address(es)                         Serial-Num
	nxosAddressHeading = collectors.MustCompile(`^(Mod|Xbar|Lem) +MAC-Address\(es\) +Serial-Num`)

	// Mod  Online Diag Status
	// Mod  Power-Status  Reason
	nxosOtherHeading = collectors.MustCompile(`^(?:Mod|Xbar|Lem) +\S`)

	// * this terminal session
	nxosModuleNote = collectors.MustCompile(`^\* *this terminal session`)

	// 02-00-0c-00-02-00 to 02-00-0c-00-02-7f
	nxosFirstAddress = collectors.MustCompile(`^((?:[0-9a-fA-F]{2}-){5}[0-9a-fA-F]{2}) to `)

	// active *
	// ha-standby
	nxosSupervisorState = collectors.MustCompile(`^(active|standby|ha-standby)(?: \*)?$`)
)

var nxosModuleYields = []facts.Kind{
	facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.ComponentVersion, facts.ComponentState, facts.ComponentRole, facts.BaseMAC,
}

// nxosSlots are the words for a row's number in each sort of table: modules are in slots, fabric modules are crossbars.
var nxosSlots = map[string]string{"Mod": "slot ", "Xbar": "xbar ", "Lem": "lem "}

// readNXOSModules reads "show module".
func readNXOSModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table string
		slots string // "slot ", "xbar "
		at    columns
		rows  int
	)
	head := func(name, sort string) { table, slots, at = name, nxosSlots[sort], nil }
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
			table = ""
		case nxosCardHeading.MatchString(text):
			head("card", nxosCardHeading.FindStringSubmatch(text)[1])
		case nxosSoftwareHeading.MatchString(text):
			head("software", nxosSoftwareHeading.FindStringSubmatch(text)[1])
		case nxosAddressHeading.MatchString(text):
			head("address", nxosAddressHeading.FindStringSubmatch(text)[1])
		case nxosOtherHeading.MatchString(text), nxosModuleNote.MatchString(text):
			table = ""
		case table == "":
		case ruler.MatchString(line):
			at = columnsOf(line)
		default:
			cells, ok := at.cells(line)
			if !ok || len(cells) < 3 || cells[0] == "" {
				r.Problem("line %d: module: %.80q", n, text)
				continue
			}
			rows++
			addNXOSModule(&r, n, table, slots+cells[0], cells)
		}
	}
	if rows == 0 {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

// addNXOSModule states a row of one of the tables. A module that is powered down has columns without a value.
func addNXOSModule(r *collectors.Reading, n int, table, subject string, cells []string) {
	switch table {
	case "card":
		if len(cells) < 5 {
			r.Problem("line %d: module of %d columns", n, len(cells))
			return
		}
		r.Add(n, facts.Component, subject, cells[2])
		r.Add(n, facts.Model, subject, cells[3])
		r.Add(n, facts.ComponentState, subject, cells[4])
		if m := nxosSupervisorState.FindStringSubmatch(cells[4]); m != nil {
			r.Add(n, facts.ComponentRole, subject, m[1])
		}
	case "software":
		if cells[1] != "NA" && cells[1] != "--" {
			r.Add(n, facts.ComponentVersion, subject, cells[1])
		}
		r.Add(n, facts.HardwareVersion, subject, cells[2])
	case "address":
		if m := nxosFirstAddress.FindStringSubmatch(cells[1]); m != nil {
			r.Add(n, facts.BaseMAC, subject, m[1])
		}
		r.Add(n, facts.SerialNumber, subject, cells[2])
	}
}

var (
	// This supervisor (sup-1)
	// Other supervisor (sup-2)
	nxosRedundantSupervisor = collectors.MustCompile(`^(?:This|Other) supervisor \((sup-\d+)\)$`)

	//       administrative:   HA
	//     Redundancy state:   Standby
	nxosRedundancyField = collectors.MustCompile(`^(administrative|operational|Redundancy state|Supervisor state|Internal state): +(\S.*)$`)
)

var nxosRedundancyYields = []facts.Kind{facts.Redundancy, facts.ComponentRole, facts.ComponentState}

// readNXOSRedundancy reads "show redundancy status" and "show system redundancy status".
func readNXOSRedundancy(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := nxosRedundantSupervisor.FindStringSubmatch(text); m != nil {
			subject = m[1]
			continue
		}
		m := nxosRedundancyField.FindStringSubmatch(text)
		switch {
		case m == nil:
		case m[1] == "administrative":
			r.Add(n, facts.Redundancy, "administrative mode", m[2])
		case m[1] == "operational":
			r.Add(n, facts.Redundancy, "operating mode", m[2])
		case subject == "":
			r.Problem("line %d: the state of a supervisor without its name: %.80q", n, text)
		case m[2] == "N/A": // of a supervisor that is not there
		case m[1] == "Redundancy state" && m[2] == "Not present":
			r.Add(n, facts.ComponentState, subject, m[2])
		case m[1] == "Redundancy state":
			r.Add(n, facts.ComponentRole, subject, m[2])
		case m[1] == "Internal state":
			r.Add(n, facts.ComponentState, subject, m[2])
		}
	}
	if subject == "" {
		r.Problem("no supervisor in the reply")
	}
	return r.Done()
}
