package compare

import (
	"trueboot/facts"
)

var componentInventory = Rule{
	Control:  "NDI-HW-02",
	Name:     "component-inventory",
	Title:    "Component inventory unchanged",
	Pillar:   "H",
	Severity: Medium,
	ATTACK:   []string{"T1195.003", "T1542"},
	Guidance: []string{iosXEIntegrity, ta16250A},
	Checks: `The parts that the device lists, their serial numbers and its file systems are the approved ones: none more, none fewer, none with another
		number. A new file system, such as usbflash0:, is a place to boot from.`,
	Evidence: "show inventory, show module, show platform, show file systems and what other platforms say of their parts.",
	Attacker: `Inserts storage to boot from or to carry data away, or swaps a supervisor. A part that lies about its number is not found out here; NDI-HW-03 asks the
		parts to prove what they are.`,
	Next:  "Ask who opened the device. A part that was replaced has a case number at the vendor; approve the new inventory when it is there.",
	check: checkComponentInventory,
}

func checkComponentInventory(j *judgement) []Finding {
	part := func(f facts.Fact) bool { return f.Subject != "" } // the chassis' own is NDI-HW-01's
	found, equal := j.asApproved("parts", part, facts.Component, facts.SerialNumber, facts.FileSystem)
	if len(found) > 0 {
		return found
	}
	return []Finding{j.unchangedPass("parts and file systems", equal)}
}
