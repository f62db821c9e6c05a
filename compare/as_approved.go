package compare

import (
	"fmt"
	"slices"

	"trueboot/facts"
)

// asApproved holds all facts of some kinds against the approved ones: what changed, what came and what went are findings, and what stayed is
// returned beside them. about chooses the facts, and may be nil. It is for settings and lists that are right when they are as somebody
// approved them; where there is no approval there is nothing to hold them against, and the finding says so.
func (j *judgement) asApproved(what string, about func(facts.Fact) bool, kinds ...facts.Kind) (found []Finding, equal []facts.Fact) {
	if j.Approved == nil {
		return []Finding{j.noBaseline(kinds...)}, nil
	}
	for _, kind := range kinds {
		d := j.deviations(kind, equalText, about)
		equal = append(equal, d.equal...)
		for _, c := range d.changed {
			message := fmt.Sprintf("%s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
		}
		for _, o := range d.added {
			message := fmt.Sprintf("%s is %s; it was not there when the device was %s", describe(o), quote(o.Value), j.approvedOn())
			found = append(found, failed(o.Subject, message, o))
		}
		for _, o := range d.unknown {
			message := fmt.Sprintf("%s is %s; the approval holds nothing of the kind", describe(o), quote(o.Value))
			found = append(found, notAssessed(o.Subject, facts.NoBaseline, message))
		}
		for _, a := range d.missing {
			if !j.observed.answered(a.Command) {
				found = append(found, j.unstated(a.Subject, a))
				continue
			}
			f := failed(a.Subject, fmt.Sprintf("%s, %s %s, is not stated any more", describe(a), quote(a.Value), j.approvedOn()))
			f.Tier = a.Tier
			found = append(found, j.against(a.Value, f))
		}
	}
	switch {
	case len(found) > 0:
		return found, equal
	case len(equal) == 0:
		f := j.unstated("", facts.Fact{Kind: kinds[0]})
		f.Message = fmt.Sprintf("nothing is known about the %s: %s", what, f.Message)
		return []Finding{f}, nil
	}
	return j.unread(kinds...), equal
}

// silent is the finding about a device that said nothing, for rules whose evidence is elsewhere.
func (j *judgement) silent() ([]Finding, bool) {
	if len(j.Observed.Facts) > 0 {
		return nil, false
	}
	return []Finding{j.unstated("", facts.Fact{Kind: facts.Hostname})}, true
}

// unchangedPass says that everything is as approved.
func (j *judgement) unchangedPass(what string, equal []facts.Fact) Finding {
	return j.against(equal[0].Value, passed("", fmt.Sprintf("%s: %s, all %s", what, count(len(equal), "statement"), j.unchanged()), equal...))
}

// aboutTopic chooses the lines of a configuration that are about one of the topics.
func aboutTopic(topics ...string) func(facts.Fact) bool {
	return func(f facts.Fact) bool { return slices.Contains(topics, f.Value) }
}
