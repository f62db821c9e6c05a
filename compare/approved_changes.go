package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

var approvedChanges = Rule{
	Control:  "NDI-CC-02",
	Name:     "approved-changes",
	Title:    "Every integrity-relevant change maps to an approved change",
	Pillar:   "P",
	Severity: Medium,
	ATTACK:   []string{"T1601"},
	Guidance: []string{aa23270A, iosXEIntegrity},
	Checks:   "Whatever moved since the last visit, in versions, images, boot settings, packages, parts and the sections of the configuration, is what somebody approved since: the approval names who, why and which ticket.",
	Evidence: "The facts of the last visit, those of this one, and the approval.",
	Attacker: "Changes the device when no change is planned; or within a window, beside what was planned.",
	Next:     "Find the ticket. When there is one, approve the new state with it (trueboot baseline approve --ticket); when there is none, nobody planned this.",
	check:    checkApprovedChanges,
}

// movingKinds are the facts that move when the device is changed, and by nothing else.
var movingKinds = []facts.Kind{
	facts.RunningVersion, facts.ComponentVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ConfigRegister, facts.NextConfigRegister,
	facts.BootLoaderVersion, facts.BootLoaderVariable, facts.StartupSource, facts.NextStartupSource, facts.RunningBootCommand, facts.StartupBootCommand,
	facts.Package, facts.PackageState, facts.PackageFile, facts.Partition, facts.ImageDigest, facts.MemoryDigest, facts.SerialNumber, facts.HostKey, facts.GuestApplication,
}

func checkApprovedChanges(j *judgement) []Finding {
	if found := j.overdue(); len(found) > 0 {
		return found
	}
	if j.Previous == nil {
		return []Finding{notAssessed("", facts.NoBaseline, "there is no earlier visit to tell a change by")}
	}
	var moved []string
	var evidence, steady, explained []facts.Fact
	for _, kind := range movingKinds {
		for _, now := range j.observed.all(kind) {
			before := j.previous.find(kind, now.Subject)
			switch {
			case slices.ContainsFunc(before, func(b facts.Fact) bool { return b.Value == now.Value }):
				steady = append(steady, now)
			case len(before) == 0 && !j.previous.states(now.Command, kind):
				// The command was not answered then, so that nothing is known to have moved.
			case slices.ContainsFunc(j.approved.find(kind, now.Subject), func(a facts.Fact) bool { return a.Value == now.Value }), j.waivedValue(now.Value):
				explained = append(explained, now)
			default:
				was := "was not there"
				if len(before) > 0 {
					was = "was " + quote(before[0].Value)
				}
				moved = append(moved, fmt.Sprintf("%s is %s and %s", describe(now), quote(now.Value), was))
				evidence = append(evidence, now)
			}
		}
	}
	d := driftOf(j.previous.all(facts.RunningConfigLine), j.observed.all(facts.RunningConfigLine), j.bothRead())
	for _, f := range d.added {
		if j.borne(f.Subject) {
			explained = append(explained, f)
			continue
		}
		moved = append(moved, fmt.Sprintf("%s came into the configuration", quote(f.Subject)))
		evidence = append(evidence, f)
	}
	for _, f := range d.gone {
		if j.Approved == nil || j.borne(f.Subject) {
			moved = append(moved, fmt.Sprintf("%s went out of the configuration", quote(f.Subject)))
			evidence = append(evidence, f)
		}
	}
	since := minute(j.Previous.Time)
	switch {
	case len(moved) > 0 && j.Approved == nil:
		return []Finding{notAssessed("", facts.NoBaseline, fmt.Sprintf("%s since the visit of %s, and nothing is approved for this device", count(len(moved), "change"), since))}
	case len(moved) > 0:
		const shown = 4
		what := strings.Join(moved[:min(shown, len(moved))], "; ")
		if len(moved) > shown {
			what += fmt.Sprintf("; and %d more", len(moved)-shown)
		}
		f := failed("", fmt.Sprintf("%s since the visit of %s and no approval covers it: %s", count(len(moved), "change"), since, what), evidence...)
		f.Expected = &Expectation{Value: "no change, or an approved one", Since: j.Previous.Time}
		return []Finding{f}
	case len(explained) > 0 && j.Approved != nil:
		ticket := "without a ticket"
		if j.Approved.Ticket != "" {
			ticket = "ticket " + quote(j.Approved.Ticket)
		}
		message := fmt.Sprintf("%s moved since the visit of %s, as %s approved on %s (%s)", count(len(explained), "fact"), since, quote(j.Approved.By), date(j.Approved.At), ticket)
		return []Finding{j.against(explained[0].Value, passed("", message, explained...))}
	case len(steady) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.RunningVersion})}
	}
	f := passed("", fmt.Sprintf("nothing moved since the visit of %s: %s", since, count(len(steady), "fact")), steady...)
	f.Expected = &Expectation{Value: steady[0].Value, Since: j.Previous.Time}
	return []Finding{f}
}

// waivedValue reports whether somebody bears this very value on this device.
func (j *judgement) waivedValue(value string) bool {
	return slices.ContainsFunc(j.Decisions.Waivers, func(w baseline.Waiver) bool {
		return w.Observed != "" && w.Observed == value && w.Holds(j.Now) && w.Scope.Covers(j.Member)
	})
}

// bothRead are the topics whose sections were read at the last visit and at this one.
func (j *judgement) bothRead() []string {
	return slices.DeleteFunc(facts.Topics(), func(topic string) bool {
		_, now := j.section(topic)
		_, before := j.previous.first(facts.ConfigurationSection, topic)
		return !now || !before
	})
}
