package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Switch  Ports    Model                Serial No.   MAC address     Hw Ver.       Sw Ver.
	//  1       65     C9300-48P             J111111111a  f000.f000.f000  V03           16.12.4
	switchRow = collectors.MustCompile(`^\*?\s*(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+([0-9A-Za-z]{4}\.[0-9A-Za-z]{4}\.[0-9A-Za-z]{4})\s+(\S+)\s+(\S+)$`)

	// Switch#   Role        Priority      State
	// *1       Active          3          Ready
	switchRoleRow = collectors.MustCompile(`^\*?(\d+)\s+(Active|Standby|Member|Master|Slave)\s+(\d+)\s+([A-Za-z].*)$`)

	// Switch 1:
	platformSwitch = collectors.MustCompile(`^[Ss]witch(?: [Nn]umber)? *:? *(\d+) *:?$`)

	// Slot      Type                State                 Insert time (ago)
	slotHeading = collectors.MustCompile(`^(Switch +)?Slot +Type +State`)
	// 0         ASR1000-SIP40       ok                    18w0d
	// R0        ASR1000-RP2         ok, active            18w0d
	// P1        Unknown             ps, fail              never
	// GE-POE    Unknown             NA                    never
	slotRow = collectors.MustCompile(`^([0-9A-Z][0-9A-Z-]*(?:/\d+)*)\s+(\S+)\s+([a-z]\S*.*?|N/?A)\s+(\S+)$`)

	// Slot      CPLD Version        Firmware Version
	firmwareHeading = collectors.MustCompile(`^(Switch +)?Slot +CPLD Version +Firmware Version`)
	// R0        10021901            16.2(1r)
	// 1         16082701            16.8.1r [FC4]
	// R0                            16.2(1r)
	firmwareRow = collectors.MustCompile(`^([0-9A-Z][0-9A-Z-]*(?:/\d+)*)\s+(?:(\S+)\s+)?([^\s\[]\S*(?: \[[^\]]*\])?)$`)

	// A line that has to be a row of the table that it stands in.
	platformRow = collectors.MustCompile(`^[0-9A-Z][0-9A-Z-]*(?:/\d+)*\s+\S`)

	// 1          R0        C9606-SUP-1 …
	rowSwitch = collectors.MustCompile(`^(\d+)\s+(\S.*)$`)
)

var platformYields = []facts.Kind{
	facts.Model, facts.SerialNumber, facts.BaseMAC, facts.HardwareVersion, facts.ComponentVersion, facts.ComponentState, facts.ComponentRole,
	facts.ComponentPriority, facts.BootLoaderVersion,
}

// readPlatform reads "show platform": the members of a stack, or the slots of a router or a modular switch.
func readPlatform(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		table    string
		prefix   string
		switched bool // the table's first column is the switch
		firmware int  // the column of the firmware's version
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case chassisType.MatchString(text):
			r.Add(n, facts.Model, strings.TrimSpace(prefix), chassisType.FindStringSubmatch(text)[1])
		case slotHeading.MatchString(text):
			table, switched = "slot", slotHeading.FindStringSubmatch(text)[1] != ""
		case firmwareHeading.MatchString(text):
			table, switched = "firmware", firmwareHeading.FindStringSubmatch(text)[1] != ""
			firmware = strings.Index(line, "Firmware")
		case switchRow.MatchString(text):
			addSwitch(&r, n, text)
		case switchRoleRow.MatchString(text):
			m := switchRoleRow.FindStringSubmatch(text)
			r.Add(n, facts.ComponentRole, "switch "+m[1], m[2])
			r.Add(n, facts.ComponentPriority, "switch "+m[1], m[3])
			r.Add(n, facts.ComponentState, "switch "+m[1], m[4])
		case platformSwitch.MatchString(text):
			prefix, table = "switch "+platformSwitch.FindStringSubmatch(text)[1]+" ", ""
		case table == "" || !platformRow.MatchString(text):
		default:
			of := prefix
			if switched {
				m := rowSwitch.FindStringSubmatch(text)
				if m == nil {
					r.Problem("line %d: a row without its switch: %.80q", n, text)
					continue
				}
				of, text = "switch "+m[1]+" ", m[2]
			}
			if table == "firmware" && len(line) <= firmware {
				text += " N/A" // nothing in the last column
			}
			addSlot(&r, n, table, of, text)
		}
	}
	if r.Empty() {
		r.Problem("no slot and no member in the reply")
	}
	return r.Done()
}

// addSwitch takes a match of switchRow.
func addSwitch(r *collectors.Reading, n int, row string) {
	m := switchRow.FindStringSubmatch(row)
	subject := "switch " + m[1]
	r.Add(n, facts.Model, subject, m[2])
	r.Add(n, facts.SerialNumber, subject, m[3])
	r.Add(n, facts.BaseMAC, subject, m[4])
	r.Add(n, facts.HardwareVersion, subject, m[5])
	r.Add(n, facts.ComponentVersion, subject, m[6])
}

func addSlot(r *collectors.Reading, n int, table, prefix, row string) {
	pattern := slotRow
	if table == "firmware" {
		pattern = firmwareRow
	}
	m := pattern.FindStringSubmatch(row)
	switch {
	case m == nil:
		r.Problem("line %d: not a row of the table of slots: %.80q", n, row)
	case table == "firmware":
		addProgrammable(r, n, prefix+"slot "+m[1], m[2])
		addFirmware(r, n, prefix+"slot "+m[1], m[3])
	default:
		r.Add(n, facts.Model, prefix+"slot "+m[1], m[2])
		r.Add(n, facts.ComponentState, prefix+"slot "+m[1], m[3])
	}
}

// addProgrammable and addFirmware leave out the version of what a slot does not have, or does not state.

func addProgrammable(r *collectors.Reading, n int, subject, version string) {
	if version != "" && version != "N/A" {
		r.Add(n, facts.HardwareVersion, subject, "CPLD "+version)
	}
}

func addFirmware(r *collectors.Reading, n int, subject, version string) {
	if version != "N/A" {
		r.Add(n, facts.BootLoaderVersion, subject, version)
	}
}

var (
	// Slot: R0, ASR1000-RP1
	// Sub-slot: R0/0,
	// Switch: 1, Slot: R0, C9606-SUP-1
	diagSlot = collectors.MustCompile(`^(?:Switch:? *(\d+), *)?(?:Sub-slot|Slot): *([^\s,]+)(?:, *(\S*))?`)

	//   Firmware version            : 12.2(33r)XNB
	diagField = collectors.MustCompile(`^([A-Z][A-Za-z ]*?) *: +(\S.*)$`)
)

// readPlatformDiag reads "show platform diag".
func readPlatformDiag(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string
		prefix  string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := chassisType.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Model, strings.TrimSpace(prefix), m[1])
		} else if m := platformSwitch.FindStringSubmatch(text); m != nil {
			prefix = "switch " + m[1] + " "
		} else if m := diagSlot.FindStringSubmatch(text); m != nil {
			of := prefix
			if m[1] != "" {
				of = "switch " + m[1] + " "
			}
			subject = of + "slot " + m[2]
			r.Add(n, facts.Model, subject, m[3])
		} else if m := diagField.FindStringSubmatch(text); m != nil && subject != "" {
			switch m[1] {
			case "Running state", "State", "Operational status":
				r.Add(n, facts.ComponentState, subject, m[2])
			case "CPLD version":
				addProgrammable(&r, n, subject, m[2])
			case "Firmware version":
				addFirmware(&r, n, subject, m[2])
			}
		}
	}
	if subject == "" {
		r.Problem("no slot in the reply")
	}
	return r.Done()
}
