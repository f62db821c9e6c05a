package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var irfYields = []facts.Kind{facts.ComponentRole, facts.ComponentPriority, facts.BaseMAC, facts.Redundancy}

var (
	// MemberID    Role    Priority  CPU-Mac         Description
	// MemberID  Slot  Role    Priority  CPU-Mac         Description
	// Switch    Role   Priority   CPU-Mac         Description
	irfHeading = collectors.MustCompile(`^(?:Member ?ID|Switch) +(?:Slot +)?Role +Priority`)

	//  *+1        Master  32        00e0-fc0a-15e0  DeviceA
	//    2   1    Standby 1         00e0-fc0f-8c02  DeviceB
	irfRow = collectors.MustCompile(`^[*+ ]*(\d+) +(?:(\d+) +)?(Master|Standby|Slave|Loading) +(\d+) +([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4})(?: .*)?$`)

	// A line that has to be such a row.
	irfRowStart = collectors.MustCompile(`^[*+ ]*\d+ +\S`)

	//  The bridge MAC of the IRF is: 000f-e26a-58ed
	//  Domain ID                   : 0
	irfField = collectors.MustCompile(`^(?i:the (bridge MAC) of the IRF is|(domain ID|auto upgrade|mac persistent|IRF mode|topology)) *: *(\S.*)$`)
)

// readIRF reads "display irf": the switches that act as one. In a fabric of chassis each row is a slot.
func readIRF(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if irfHeading.MatchString(text) {
			table = true
		} else if m := irfRow.FindStringSubmatch(text); m != nil {
			member := "slot " + m[1]
			if m[2] != "" {
				member = "chassis " + m[1] + " slot " + m[2]
			}
			r.Add(n, facts.ComponentRole, member, m[3])
			r.Add(n, facts.ComponentPriority, member, m[4])
			r.Add(n, facts.BaseMAC, member, m[5])
		} else if m := irfField.FindStringSubmatch(text); m != nil {
			if m[1] != "" {
				r.Add(n, facts.BaseMAC, "", m[3])
			} else {
				r.Add(n, facts.Redundancy, "irf "+strings.ToLower(m[2]), m[3])
			}
		} else if table && irfRowStart.MatchString(text) {
			r.Problem("line %d: not a member: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no member in the reply")
	}
	return r.Done()
}

var comwareDeviceYields = []facts.Kind{facts.Model, facts.ComponentRole, facts.ComponentState, facts.ComponentVersion}

var (
	// Slot Type             State    Subslot  Soft Ver             Patch Ver
	// Slot No. Brd Type         Brd Status   Subslot Num    Sft Ver                Patch Ver
	// Slot No.   Board Type               Status    Max Ports
	deviceHeading = collectors.MustCompile(`^Slot(?: No\.?)? +(?:(?:Brd|Board) )?[Tt]ype +`)

	// 1    JC772A           Master   0        5900_5920-2422P01    None
	// 1/0  LSXM1SUPB1       Master   0        S12508-7375          None
	// 0    MSR36-40 RPU Board       Normal    6
	deviceRow = collectors.MustCompile(`^(\d+(?:/\d+)?) +(\S+(?: \S+)*?) +(Master|Standby|Slave|Normal|Absent|Fault|Offline|Illegal|Loading|Initializing|Off) +(\d+|-)(?: +(\S+) +(\S+))?$`)

	// SubSNo PortNum PCBVer FPGAVer CPLDVer BootRomVer AddrLM Type State
	subslotHeading = collectors.MustCompile(`^SubSNo +PortNum +PCBVer`)

	// 0      28      REV.C  NULL    002     609        IVL    MAIN Normal
	subslotRow = collectors.MustCompile(`^(\d+) +\S+ +\S+ +\S+ +\S+ +\S+ +\S+ +\S+ +(\S+)$`)
)

// readComwareDevice reads "display device".
func readComwareDevice(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		table    bool
		subslots bool
		slot     string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if deviceHeading.MatchString(text) {
			table, subslots = true, false
		} else if subslotHeading.MatchString(text) {
			table, subslots = false, true
		} else if m := bootSlot.FindStringSubmatch(text); m != nil {
			slot, subslots = strings.ToLower(m[1]), false
		} else if m := deviceRow.FindStringSubmatch(text); m != nil && table {
			place := "slot " + m[1]
			if chassis, number, both := strings.Cut(m[1], "/"); both {
				place = "chassis " + chassis + " slot " + number
			}
			if m[2] != "NONE" {
				r.Add(n, facts.Model, place, m[2])
			}
			switch m[3] {
			case "Master", "Standby", "Slave":
				r.Add(n, facts.ComponentRole, place, m[3])
			default:
				r.Add(n, facts.ComponentState, place, m[3])
			}
			for i, component := range []string{place, place + " patch"} {
				version, _ := filled(m[5+i])
				r.Add(n, facts.ComponentVersion, component, version)
			}
		} else if m := subslotRow.FindStringSubmatch(text); m != nil && subslots {
			r.Add(n, facts.ComponentState, strings.TrimSpace(slot+" subslot "+m[1]), m[2])
		} else if text != "" && strings.Trim(text, "-") != "" && (table || subslots) {
			r.Problem("line %d: not a board: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no board in the reply")
	}
	return r.Done()
}
