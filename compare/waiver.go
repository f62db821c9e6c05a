package compare

import (
	"time"

	"trueboot/facts"
)

// A Waived is what a finding tells of the waiver that bears it.
type Waived struct {
	Number  uint64    `json:"number"`
	Owner   string    `json:"owner"`
	Reason  string    `json:"reason"`
	Ticket  string    `json:"ticket"`
	Expires time.Time `json:"expires"`
}

// Open reports whether the finding stands: nothing explains it, and nobody bears it.
func (f Finding) Open() bool { return f.ExplainedBy == "" && f.Waived == nil }

// waive notes on a rule's findings who bears them. A waiver that has expired bears nothing, and the finding says so.
func (j *judgement) waive(control string, found []Finding) []Finding {
	if len(j.Decisions.Waivers) == 0 {
		return found
	}
	for i := range found {
		f := &found[i]
		if f.Verdict == Pass {
			continue
		}
		observed := ""
		if f.Observed != nil {
			observed = facts.WithoutPasswords(f.Observed.Value)
		}
		for _, w := range j.Decisions.Waivers {
			if !w.Fits(j.Member, control, string(f.Verdict), f.Subject, observed, f.Contradiction) {
				continue
			}
			waived := &Waived{w.Number, w.Owner, w.Reason, w.Ticket, w.Expires}
			if w.Holds(j.Now) {
				f.Waived, f.Lapsed = waived, nil
				break
			}
			f.Lapsed = waived
		}
	}
	return found
}
