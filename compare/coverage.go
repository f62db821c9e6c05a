package compare

import (
	"slices"
	"strings"
)

// A Covered is something that asks for controls: an item of a guidance document, or a technique of ATT&CK.
type Covered struct {
	Name     string
	Controls []string // ids, in the order of the catalogue; empty for what is beyond this program
	Note     string   // why it is beyond
}

// guidanceItems are what the guidance asks for (ndi.md, section 5). "ST" stands for all controls of that group.
var guidanceItems = []struct{ name, controls, note string }{
	{"NDI: file verification", "ST RN-01 RN-02 PK-03", ""},
	{"NDI: memory verification", "RN-03 RN-04", ""},
	{"NDI: boot and hardware", "HW BC", ""},
	{"TA16-250A: validate the integrity of hardware and software", "HW BC ST CC-03", ""},
	{"TA16-250A: harden devices, secure access", "AP LG", ""},
	{"TA16-250A: segregate, manage out of band, limit lateral movement", "", "a matter of the network's design, which no device states"},
	{"AA23-270A: no outgoing sessions from lines", "AP-04", ""},
	{"AA23-270A: watch connections of the devices and unusual log-ins", "LG-04 AP-04", ""},
	{"AA23-270A: limit administration services, log log-ins", "AP-04 LG-02", ""},
	{"AA23-270A: hardware with secure boot, none beyond its support", "HW-03 VR-01", ""},
	{"AA23-270A: change passwords and keys when in doubt", "", "advice for people; a change of them shows in AP-04"},
	{"AA23-270A: compare reboots, versions and configuration changes with plans", "RN-05 VR-02 CC-01 CC-02 LG-03", ""},
	{"AA23-270A: verify files and memory again and again", "ST RN", ""},
	{"AA23-270A: compare boot records and firmware with known good ones", "BC-01 BC-02 BC-08", ""},
	{"AA20-245A: baseline image, no unneeded files, clean boot variable, latest system, VPN objects", "CC-03 ST-06 ST-07 BC-04 VR-01 ST-08", ""},
	{"Enhanced visibility (2024): alert on changes, central configuration, accounts, logs, firmware inventory, no plain protocols", "CC-01 CC-02 AP LG-01 HW-01 VR-01", ""},
	{"NSA 2013: genuine sources, hash before install, verify again, no withdrawn firmware", "CC-03 ST-02 ST-03 VR-01", ""},
	{"NSA infrastructure guide: software and configuration integrity, boot management, supported hardware and software", "ST BC-04 VR-01 CC-01", ""},
	{"ED 25-03 and ArcaneDoor: hunt", "BC-01 RN-03 RN-04 RN-05 LG-03 ST-06 HW-03", ""},
}

// GuidanceCoverage returns the items of the guidance and the controls that answer them.
func GuidanceCoverage() []Covered {
	var all []Covered
	for _, item := range guidanceItems {
		c := Covered{Name: item.name, Note: item.note}
		wanted := strings.Fields(item.controls)
		for _, r := range rules {
			id := strings.TrimPrefix(r.Control, "NDI-")
			group, _, _ := strings.Cut(id, "-")
			if slices.Contains(wanted, id) || slices.Contains(wanted, group) {
				c.Controls = append(c.Controls, r.Control)
			}
		}
		all = append(all, c)
	}
	return all
}

// AttackCoverage returns the techniques of ATT&CK and the controls that answer them.
func AttackCoverage() []Covered {
	var all []Covered
	for _, id := range sortedKeys(techniques) {
		c := Covered{Name: id + " " + techniques[id]}
		for _, r := range Rules() {
			if slices.Contains(r.ATTACK, id) {
				c.Controls = append(c.Controls, r.Control)
			}
		}
		all = append(all, c)
	}
	return all
}
