package compare

import (
	"fmt"
	"regexp"

	"trueboot/facts"
)

var installHistory = Rule{
	Control:  "NDI-PK-04",
	Name:     "install-history",
	Title:    "Install history explained",
	Pillar:   "L/P",
	Severity: Medium,
	ATTACK:   []string{"T1601"},
	Guidance: []string{nxosForensics, installModel},
	Checks:   "The log of installations holds no operation that was not there when the device was approved, and none is gone that should still be in it.",
	Evidence: "show install log on IOS XE.",
	Attacker: "Adds, activates or removes a package, or clears the log of it. A log on the device is the attacker's to edit.",
	Next:     "Compare the operation with the change plan and with the AAA accounting; approve the device again when it is explained.",
	Manual:   `On IOS XR: "show install log"; on NX-OS: "show accounting log" and "show install all status"; on Junos: "show system commit" and the log of the package manager.`,
	check:    checkInstallHistory,
}

func checkInstallHistory(j *judgement) []Finding {
	now := j.observed.operations()
	if len(j.observed.all(facts.InstallOperation)) == 0 {
		return []Finding{j.unstated("", facts.Fact{Kind: facts.InstallOperation})}
	}
	if j.Approved == nil {
		return []Finding{j.noBaseline(facts.InstallOperation)}
	}
	before := j.approved.operations()
	if len(j.approved.all(facts.InstallOperation)) == 0 {
		return []Finding{notAssessed("", facts.NoBaseline, "the approval holds no log of installations")}
	}
	had, has := map[string]bool{}, map[string]bool{}
	for _, o := range before {
		had[o.key] = true
	}
	var found []Finding
	var same []facts.Fact
	for _, o := range now {
		has[o.key] = true
		if had[o.key] {
			same = append(same, o.fact)
			continue
		}
		message := fmt.Sprintf("%s at %s is in the log of installations; it was not when the device was %s", quote(o.fact.Value), quote(o.at), j.approvedOn())
		found = append(found, failed(o.key, message, o.fact))
	}
	// Old operations fall out at one end as new ones come; one in the middle, or all of them, do not.
	gone, kept := 0, false
	for _, o := range before {
		switch {
		case has[o.key]:
			kept = true
		case kept:
			gone++
		}
	}
	if gone > 0 || !kept && len(before) > 0 {
		f := failed("", fmt.Sprintf("operations that the log held when the device was %s are gone from it, though not all that are older", j.approvedOn()), j.observed.all(facts.InstallOperation)[0])
		if !kept {
			f.Message = fmt.Sprintf("nothing is left of the log of installations that was %s", j.approvedOn())
		}
		found = append(found, f)
	}
	if len(found) > 0 {
		return found
	}
	if len(same) == 0 { // it holds starts of the system only, which are NDI-RN-05's
		same = j.observed.all(facts.InstallOperation)[:1]
	}
	return []Finding{j.unchangedPass("log of installations", same)}
}

// An installation is an entry in the log of installations.
type installation struct {
	fact    facts.Fact
	at, key string
}

// bootOperation is what the log says of each start of the system.
//
//	[0|install_op_boot]: START Fri Jun 12 21:21:09 Universal 2020
var bootOperation = regexp.MustCompile(`(?i)(?:^|_)boot$`)

// operations are the entries of the log, without the starts of the system.
func (v *visit) operations() []installation {
	var all []installation
	for _, f := range v.all(facts.InstallOperation) {
		if bootOperation.MatchString(f.Value) {
			continue
		}
		at, _ := v.first(facts.InstallTime, f.Subject)
		all = append(all, installation{f, at.Value, f.Value + " at " + at.Value})
	}
	return all
}
