package compare

import (
	"fmt"

	"trueboot/facts"
)

var memoryDigest = Rule{
	Control:  "NDI-RN-03",
	Name:     "memory-digest",
	Title:    "In-memory text segment hash",
	Pillar:   "M",
	Severity: Critical,
	ATTACK:   []string{"T1601.001", "T1556.004"},
	Guidance: []string{ndiMethodology, iosForensics, iosXEForensics, asaForensics},
	Checks: `The digest of the running code equals the approved one while the approved version runs, and that of the last visit as long as the device did not reload. No vendor publishes it; the approved
		value should be a trusted twin's.`,
	Evidence: "verify /md5 system:memory/text on IOS and IOS XE.",
	Attacker: `Patches the code in memory, which no file shows. The patched code computes this digest, and the implants of ASA are known to forge the answer: a PASS excludes a careless
		change only.`,
	Next: "Isolate the device before anybody logs in again; do not reload it, since that destroys what is in memory. Compare with a twin of the same model and image.",
	Manual: `On ASA the answer to "verify /sha-512 system:/text" is forged by known implants, and a copy of the segment makes them restart the device: take a core dump with the vendor's
		support instead. A copy of system:memory/text of an IOS device, hashed elsewhere, is stronger than its own answer.`,
	software: true,
	check:    checkMemoryDigest,
}

func checkMemoryDigest(j *judgement) []Finding {
	const weak = "The code that computes this digest is the code in question: self-reported, not conclusive."
	var found []Finding
	var equal []facts.Fact
	now := j.observed.all(facts.MemoryDigest)
	if len(now) == 0 {
		f := j.unstated("", facts.Fact{Kind: facts.MemoryDigest})
		f.ResidualRisk = "Nothing says what runs in memory: an implant that lives there alone shows in no file."
		return []Finding{f}
	}
	steady := j.neverReloaded()
	for _, f := range now {
		for _, before := range j.previous.find(facts.MemoryDigest, f.Subject) {
			if steady && algorithmOf(before.Value) == algorithmOf(f.Value) && before.Value != f.Value {
				message := fmt.Sprintf("the code in memory (%s) has %s; at the visit of %s it had %s, and the device did not reload since", quote(f.Subject), short(f.Value), minute(j.Previous.Time), short(before.Value))
				finding := contradicting(failed(f.Subject, message, f))
				finding.Expected = &Expectation{Value: before.Value, Since: j.Previous.Time}
				found = append(found, finding)
			}
		}
	}
	if j.Approved == nil {
		return append(found, j.noBaseline(facts.MemoryDigest))
	}
	if !j.runsVersion(j.Approved.Set().Value(facts.RunningVersion)) {
		return append(found, notAssessed("", facts.NotComparable, "another version runs than was approved, whose code has another digest"))
	}
	deviations, equal := j.asApproved("code in memory", nil, facts.MemoryDigest)
	if found = append(found, deviations...); len(found) > 0 {
		return found
	}
	f := j.unchangedPass("the code in memory", equal)
	f.ResidualRisk = weak
	return []Finding{f}
}

// neverReloaded reports whether both visits state a boot time and it is the same.
func (j *judgement) neverReloaded() bool {
	for _, before := range j.previous.find(facts.Uptime, "") {
		for _, now := range j.observed.find(facts.Uptime, "") {
			if now.Command == before.Command {
				_, moved := j.judgeUptime(before, now)
				return !moved
			}
		}
	}
	return false
}
