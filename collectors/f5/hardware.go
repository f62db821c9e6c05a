package f5

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var hardwareYields = []facts.Kind{
	facts.Model, facts.BootLoaderVersion, facts.BaseMAC, facts.SerialNumber, facts.HardwareVersion, facts.Component,
}

var (
	//   BIOS Revision  F5 Platform: C106 OBJ-0298-03 BIOS (build: 012) Date: 02/15/12
	//   Chassis Serial             f5-abcd-efgh
	//               cache size     8192 KB
	hardwarePair = collectors.MustCompile(`^\s+(\S+(?: \S+)*)(?:\s{2,}(\S.*))?$`)

	// Sys::Hardware
	// Sys::Hardware: Slot 2
	hardwareTop = collectors.MustCompile(`^Sys::Hardware\b.*?(?:[Ss]lot:? *(\d+))?$`)

	// Slot: 2
	// Slot ID  2
	slotLine = collectors.MustCompile(`^\s*Slot(?: ID)?:?\s+(\d+)$`)
)

// readHardware reads "show sys hardware": headings at the left edge, names and values below them. What the sensors say is left out.
//
//	Hardware Version Information
//	  Name        HD1
//	  Type        physical-disk
//	  Model       ST9500620NS
//	  Parameters  --              --
//	              Serial Number   9XF1ABCD
//
//	Platform
//	  Name           BIG-IP 3900
//	  BIOS Revision  F5 Platform: C106 OBJ-0298-03 BIOS (build: 012) Date: 02/15/12
//	  Base MAC       00:01:d7:ab:cd:00
//
//	System Information
//	  Type                       C106
//	  Chassis Serial             f5-abcd-efgh
//	  Host Board Part Revision
func readHardware(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r             collectors.Reading
		slot, section string
		part          string
		platforms     int
	)
	of := func(component string) string { return strings.TrimSpace(slot + " " + component) }
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || ruler.MatchString(text):
			continue
		case slotLine.MatchString(line):
			slot, section = "slot "+slotLine.FindStringSubmatch(line)[1], ""
			continue
		case line[0] != ' ' && line[0] != '\t':
			section, part = text, ""
			if m := hardwareTop.FindStringSubmatch(text); m != nil && m[1] != "" {
				slot = "slot " + m[1]
			}
			continue
		}
		m := hardwarePair.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		name, value := m[1], m[2]
		switch section {
		case "Platform":
			switch name {
			case "Name":
				platforms++
				r.Add(n, facts.Model, slot, value)
			case "BIOS Revision":
				r.Add(n, facts.BootLoaderVersion, of("BIOS"), value)
			case "Base MAC":
				r.Add(n, facts.BaseMAC, slot, value)
			}
		case "System Information":
			addSystemInformation(&r, n, slot, name, value)
		case "Hardware Version Information":
			switch {
			case name == "Name":
				part = of(value)
			case part == "" || value == "":
			case name == "Model":
				r.Add(n, facts.Component, part, value)
			case isSerial(name):
				r.Add(n, facts.SerialNumber, part, value)
			case strings.EqualFold(name, "firmware version"):
				r.Add(n, facts.HardwareVersion, part, value)
			}
		}
	}
	if platforms == 0 {
		r.Problem("no platform in the reply")
	}
	return r.Done()
}

// isSerial reports whether a parameter is a serial number, in the spellings of the releases.
func isSerial(name string) bool {
	return strings.EqualFold(name, "serial number") || strings.EqualFold(name, "serialnumber")
}

// addSystemInformation takes a line of that section. A board has a serial number and a revision; the chassis is the device.
func addSystemInformation(r *collectors.Reading, n int, slot, name, value string) {
	component := func(name string) string {
		if name == "Chassis" {
			return slot
		}
		return strings.TrimSpace(slot + " " + strings.ToLower(name))
	}
	if name == "Type" {
		r.Add(n, facts.HardwareVersion, slot, value)
	} else if board, ok := strings.CutSuffix(name, " Serial"); ok {
		r.Add(n, facts.SerialNumber, component(board), value)
	} else if board, ok := strings.CutSuffix(name, " Part Revision"); ok {
		r.Add(n, facts.HardwareVersion, component(board), value)
	} else if board, ok := strings.CutSuffix(name, " Part"); ok {
		r.Add(n, facts.HardwareVersion, component(board), value)
	}
}
