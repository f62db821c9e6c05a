package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	//  Name: Rack 0                Descr: Cisco IOS-XRv 9000 Centralized Virtual Router
	xrPartName = collectors.MustCompile(`^Name: (\S.*?) +Descr: *(.*)$`)

	//  PID: R-IOSXRV9000-CC        VID: V01                   SN: FOC1234PA56
	xrPartIDs = collectors.MustCompile(`^PID: *(\S*) +VID: *(\S*) +SN: *(\S*)$`)
)

// readXRPartsList reads "show inventory" and "admin show inventory", in the quoted form that other Cisco systems have too and in that of
// the System Admin plane.
func readXRPartsList(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r    collectors.Reading
		name string
		used = map[string]int{}
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := xrPartName.FindStringSubmatch(text); m != nil {
			name = numbered(m[1], used)
			r.Add(n, facts.Component, name, strings.TrimSpace(m[2]))
		} else if m := xrPartIDs.FindStringSubmatch(text); m != nil && name != "" {
			r.Add(n, facts.Model, name, m[1])
			r.Add(n, facts.HardwareVersion, name, m[2])
			r.Add(n, facts.SerialNumber, name, m[3])
			name = ""
		}
	}
	if r.Empty() {
		return readInventory(reply)
	}
	return r.Done()
}

var xrPlatformYields = []facts.Kind{facts.Model, facts.ComponentState, facts.ComponentRole}

var (
	// Node              Type                       State             Config state
	// Node            Type            PLIM            State           Config State
	// Location  Card Type               HW State      SW State      Config State
	xrPlatformHeading = collectors.MustCompile(`^(?:Node(?:name)?|Location) +(?:Card )?Type +`)

	// 0/RP0/CPU0
	// 0/FT0/SP
	// 0/PS0/M1/SP
	xrNodeName = collectors.MustCompile(`^\d+/[A-Z]*\d+(?:/(?:[A-Z]*\d+|SP)){0,3}$`)

	// R-IOSXRV9000-RP-C(Active)
	xrTypeRole = collectors.MustCompile(`^(\S+)\((Active|Standby)\)$`)
)

// readXRPlatform reads "show platform" and "admin show platform". The columns are told by their places in the heading: the state has
// blanks in it ("IOS XR RUN").
func readXRPlatform(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		columns []int // where each heading begins
		names   []string
	)
	for n, line := range reply.Lines() {
		if xrPlatformHeading.MatchString(line) {
			columns, names = headings(line)
			continue
		}
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if columns == nil || !xrNodeName.MatchString(first) {
			continue
		}
		cells := cellsAt(line, columns)
		if cells[0] != first || len(cells) < 3 {
			r.Problem("line %d: not a row of the table: %.80q", n, line)
			continue
		}
		model := cells[1]
		if m := xrTypeRole.FindStringSubmatch(model); m != nil {
			r.Add(n, facts.ComponentRole, first, m[2])
		}
		r.Add(n, facts.Model, first, model)
		for i, name := range names {
			switch name {
			case "state", "hw state":
				r.Add(n, facts.ComponentState, first, cells[i])
			case "sw state":
				r.Add(n, facts.ComponentState, first+" software", cells[i])
			}
		}
	}
	if r.Empty() {
		r.Problem("no node in the reply")
	}
	return r.Done()
}

// headings returns where the columns of a table begin and what they are called, lower case. Two blanks part two headings.
func headings(line string) (columns []int, names []string) {
	for at := 0; at < len(line); {
		end := strings.Index(line[at:], "  ")
		if end < 0 {
			end = len(line) - at
		}
		columns = append(columns, at)
		names = append(names, strings.ToLower(strings.TrimSpace(line[at:at+end])))
		at += end
		at += len(line[at:]) - len(strings.TrimLeft(line[at:], " "))
	}
	return columns, names
}

// cellsAt cuts a row at the columns; where a cell is wider than its column, up to the next blank.
func cellsAt(line string, columns []int) []string {
	cells := make([]string, len(columns))
	from := 0
	for i := range columns {
		to := len(line)
		if i+1 < len(columns) {
			to = min(columns[i+1], len(line))
			for to > from && to < len(line) && line[to-1] != ' ' {
				to++
			}
		}
		from = min(from, to)
		cells[i] = strings.TrimSpace(line[from:to])
		from = to
	}
	return cells
}

// xrPairLine is one pair of processors.
//
//	0/RSP0/CPU0(A)   0/RSP1/CPU0(S) (Node Ready, NSR: Ready)
//	0/RP0/CPU0(A)    N/A
var xrPairLine = collectors.MustCompile(`^(\S+)\(([APSB])\) +(?:(\S+)\(([APSB])\)|N/A)(?: +\(([^,()]+)(?:, NSR: *([^()]*))?\))?$`)

// xrRoles spell the letters out.
var xrRoles = map[string]string{"A": "Active", "S": "Standby", "P": "Primary", "B": "Backup"}

// readXRRedundancy reads "show redundancy summary". Nodes have a role as a node and one for their group of processes.
func readXRRedundancy(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		m := xrPairLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		what := ""
		if m[2] == "P" {
			what = " process group"
		}
		r.Add(n, facts.ComponentRole, m[1]+what, xrRoles[m[2]])
		if m[3] != "" {
			r.Add(n, facts.ComponentRole, m[3]+what, xrRoles[m[4]])
			r.Add(n, facts.ComponentState, m[3]+what, m[5])
			r.Add(n, facts.ComponentState, m[3]+what+" nsr", m[6])
		}
	}
	if r.Empty() {
		r.Problem("no pair of processors in the reply")
	}
	return r.Done()
}

var (
	// 0/RP0/CPU0 NCS1K4-CNTLR      1.14   CSB_IMG              S CURRENT    0.200    0.200
	// 0/RP0      N540-ACC-SYS      0.5    IOFPGA                 CURRENT    0.45    0.45
	// 0/0        NC55-36X100G      1.0    MIFPGA                 NEED UPGD  0.08    0.08
	xrFirmwareRow = collectors.MustCompile(`^(\d+/\S+) +(\S+) +(\S+) +(\S.*?) +(?:[A-Z]{1,4} +)?(CURRENT|NEED UPGD|RLOAD REQ|UPGD FAIL|NOT READY|UPGD SKIP|UPGD DONE|UPGD PREP|CORRUPTED|N/A) +(\S+)(?: +(\S+))?(?: +\S+)?$`)

	// FPD Versions
	// Location   Card type  HWver FPD device  ATR Status   Running Programd
	xrFirmwareHeading = collectors.MustCompile(`^Location +Card [Tt]ype +HW`)

	// Bootloader
	// BIOS
	xrLoaderDevice = collectors.MustCompile(`(?i)^(?:boot ?loader|bios|rommon|uefi)`)
)

// readXRFirmware reads "show hw-module fpd" of 64-bit systems: what runs and what is programmed.
func readXRFirmware(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	table := false
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if xrFirmwareHeading.MatchString(text) {
			table = true
			continue
		}
		m := xrFirmwareRow.FindStringSubmatch(text)
		if m == nil {
			if first, _, _ := strings.Cut(text, " "); table && xrNodeName.MatchString(first) {
				r.Problem("line %d: not a row of the table: %.80q", n, text)
			}
			continue
		}
		kind, subject := facts.ComponentVersion, m[1]+" "+m[4]
		if xrLoaderDevice.MatchString(m[4]) {
			kind = facts.BootLoaderVersion
		}
		r.Add(n, kind, subject, m[6])
		r.Add(n, kind, strings.TrimSpace(subject+" programmed"), m[7])
	}
	if r.Empty() {
		r.Problem("no firmware in the reply")
	}
	return r.Done()
}
