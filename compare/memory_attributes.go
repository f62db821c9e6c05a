package compare

import (
	"fmt"
	"strings"

	"trueboot/facts"
)

var memoryAttributes = Rule{
	Control:  "NDI-RN-04",
	Name:     "memory-attributes",
	Title:    "Memory attributes, processes, call stacks",
	Pillar:   "M",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{iosXEForensics, iosXEIntegrity, iosXRForensics, arcaneDoor},
	Checks: `No process runs that an implant is known by: lina_cs (FIRESTARTER, on Firepower), Service Policy Lock (Jaguar Tooth, on IOS). That none was seen is never a PASS: what else is in memory
		takes a person.`,
	Evidence: "show kernel process on ASA and show processes on IOS, each for that one name.",
	Attacker: "Runs code from memory that no file holds. An implant can hide its process as well.",
	Next:     "Isolate the device, take no reload, and call the vendor's incident response with a core dump.",
	Manual: `On IOS XE: "show platform software process memory rp active name iosd smaps", where no executable mapping may have Private_Dirty above 0, and "show stack" of processes, whose
		addresses lie within "show region". On ASA: "show memory region", where lina has one executable region, and five times "show checkheaps", a minute apart, whose count grows.`,
	check: checkMemoryAttributes,
}

// implantProcesses are the names that are asked for, and what bears them.
var implantProcesses = map[string]string{
	"lina_cs":             "FIRESTARTER",
	"service policy lock": "Jaguar Tooth",
}

func checkMemoryAttributes(j *judgement) []Finding {
	var found []Finding
	asked := false
	for _, f := range j.observed.all(facts.Process) {
		if f.Subject == "" {
			asked = true
			continue
		}
		if implant, known := implantProcesses[strings.ToLower(f.Subject)]; known {
			found = append(found, ruled("no such process", failed(f.Subject, fmt.Sprintf("the process %s runs, which the implant %s is known by: %s", quote(f.Subject), implant, quote(f.Value)), f)))
		}
	}
	switch {
	case len(found) > 0:
		return found
	case asked:
		return []Finding{notAssessed("", facts.IntrusiveWithheld, "none of the processes runs that known implants bear; the rest of the memory takes a dump or a shell, which are never asked for")}
	}
	f := j.unstated("", facts.Fact{Kind: facts.Process})
	return []Finding{f}
}
