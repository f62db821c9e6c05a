package compare

import (
	"fmt"
	"slices"

	"trueboot/facts"
)

var fallbackTargets = Rule{
	Control:  "NDI-VR-04",
	Name:     "fallback-targets",
	Title:    "Fallback targets and peers",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.002"},
	Guidance: []string{asaIntegrity, arcaneDoor},
	Checks:   "What the device falls back on, its other partition, volume or bank and the further entries of its boot list, holds an approved version. The other unit of a pair runs the version that this one runs.",
	Evidence: "What the platform says about partitions and pairs, such as show system software, diagnose sys flash list, debug swm status, show images, show failover; the boot list.",
	Attacker: "Leaves an old image in the other slot and makes the device fall back; or takes over the standby unit alone, which nobody looks at, and then forces a failover.",
	Next:     "Install the approved version in the other slot as well, and check the other unit by itself.",
	check:    checkFallbackTargets,
}

func checkFallbackTargets(j *judgement) []Finding {
	var found []Finding
	var good []facts.Fact
	runs := j.observed.find(facts.RunningVersion, "")
	for _, f := range j.observed.all(facts.ComponentVersion) {
		if !j.isPeer(f.Subject) || len(runs) == 0 {
			continue
		}
		if j.sameVersion(f.Value, runs[0].Value) {
			good = append(good, f)
			continue
		}
		message := fmt.Sprintf("%s runs %s, and this unit %s", named(f.Subject), quote(f.Value), quote(runs[0].Value))
		found = append(found, ruled(runs[0].Value, failed(f.Subject, message, f, runs[0])))
	}
	targets := slices.Clone(j.observed.all(facts.Partition))
	lists, _ := j.observed.bootLists()
	for _, l := range lists {
		for i, entry := range l.values() {
			if version, ok := j.versionInName(entry); ok && i > 0 && !remote(entry) {
				f := l.entries[i]
				f.Subject, f.Value = entry, version
				targets = append(targets, f)
			}
		}
	}
	told := map[string]bool{}
	for _, f := range targets {
		if again := told[f.Subject+"\n"+f.Value]; again {
			continue
		}
		told[f.Subject+"\n"+f.Value] = true
		approved := j.versionApproved(f.Value) || slices.ContainsFunc(j.approved.aboutFile(f.Kind, f.Subject), func(a facts.Fact) bool { return j.sameVersion(a.Value, f.Value) })
		order, _ := j.orderToAny(f.Value, j.runningVersions())
		switch {
		case approved:
			good = append(good, f)
		case order == facts.Older && j.Approved != nil:
			message := fmt.Sprintf("the device can fall back on %s, which holds %s, older than the running %s, and was not %s", quote(f.Subject), quote(f.Value), quote(runs[0].Value), j.approvedOn())
			found = append(found, failed(f.Subject, message, append([]facts.Fact{f}, runs...)...))
		case j.Approved == nil:
			found = append(found, notAssessed(f.Subject, facts.NoBaseline, fmt.Sprintf("the device can fall back on %s, which holds %s; nothing is approved to compare it with", quote(f.Subject), quote(f.Value))))
		default:
			found = append(found, failed(f.Subject, fmt.Sprintf("the device can fall back on %s, which holds %s, and that was not %s", quote(f.Subject), quote(f.Value), j.approvedOn()), f))
		}
	}
	if len(found) == 0 {
		found = j.unread(facts.Partition)
	}
	switch {
	case len(found) > 0:
		return found
	case len(good) == 0 && len(lists) > 0 && len(runs) > 0:
		return []Finding{notAssessed("", facts.PlatformHasNone, "the device has one image to boot and no other unit: it states nothing to fall back on")}
	case len(good) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.Partition})}
	}
	return []Finding{ruled("approved or running", passed("", fmt.Sprintf("%s to fall back on, all approved or equal to what runs, the first %s", count(len(good), "image or unit"), quote(good[0].Subject)), good...))}
}
