package compare

import "trueboot/facts"

// A Summary counts findings: what a report prints at its end and what the exit status is
// decided by. Summaries of several devices add up with [Summary.Add].
type Summary struct {
	// Controls counts controls, once for each device, by their worst verdict: FAIL before
	// NOT-ASSESSED before PASS.
	Controls map[Verdict]int `json:"controls"`
	// Failures counts the FAIL findings that nothing explains and nobody bears, by severity.
	Failures map[Severity]int `json:"failures"`
	// Explained counts the FAIL findings that a change explains.
	Explained int `json:"explained"`
	// Waived counts the FAIL findings, and the NOT-ASSESSED ones of required controls, that somebody bears.
	Waived int `json:"waived"`
	// Unassessed counts the NOT-ASSESSED findings by reason.
	Unassessed map[facts.Reason]int `json:"unassessed"`
	// RequiredNotAssessed counts the NOT-ASSESSED findings of required controls that nothing explains and nobody bears.
	RequiredNotAssessed int `json:"required_not_assessed"`
	// Tiers counts the PASS findings by the tier of their evidence.
	Tiers map[facts.Tier]int `json:"tiers"`
}

// Summarize counts the findings of one device or of many.
func Summarize(findings []Finding) Summary {
	s := newSummary()
	type control struct{ device, id string }
	worst := make(map[control]Verdict, len(rules))
	for _, f := range findings {
		c := control{f.Device, f.Control}
		worst[c] = Worse(worst[c], f.Verdict)
		switch {
		case f.Verdict == Pass:
			s.Tiers[f.Tier]++
		case f.Verdict == Fail && f.ExplainedBy != "":
			s.Explained++
		case f.Verdict == Fail && f.Waived != nil:
			s.Waived++
		case f.Verdict == Fail:
			s.Failures[f.Severity]++
		case f.Verdict == NotAssessed:
			s.Unassessed[f.Reason]++
			switch {
			case !f.Required || f.ExplainedBy != "":
			case f.Waived != nil:
				s.Waived++
			default:
				s.RequiredNotAssessed++
			}
		}
	}
	for _, v := range worst {
		s.Controls[v]++
	}
	return s
}

func newSummary() Summary {
	return Summary{
		Controls: map[Verdict]int{}, Failures: map[Severity]int{}, Unassessed: map[facts.Reason]int{}, Tiers: map[facts.Tier]int{},
	}
}

// Add returns the sum of two summaries and changes neither. The zero Summary adds nothing.
func (s Summary) Add(other Summary) Summary {
	sum := newSummary()
	for _, part := range []Summary{s, other} {
		sum.Explained += part.Explained
		sum.Waived += part.Waived
		sum.RequiredNotAssessed += part.RequiredNotAssessed
		addCounts(sum.Controls, part.Controls)
		addCounts(sum.Failures, part.Failures)
		addCounts(sum.Unassessed, part.Unassessed)
		addCounts(sum.Tiers, part.Tiers)
	}
	return sum
}

func addCounts[K comparable](sum, part map[K]int) {
	for k, n := range part {
		sum[k] += n
	}
}

// Unexplained returns how many unexplained FAIL findings are at least as grave as failOn.
func (s Summary) Unexplained(failOn Severity) int {
	n := 0
	for severity, count := range s.Failures {
		if severity.Rank() <= failOn.Rank() {
			n += count
		}
	}
	return n
}

// Worse returns the worse of two verdicts: FAIL, then NOT-ASSESSED, then PASS. Anything else, such as
// the empty verdict of nothing judged so far, is better than all three.
func Worse(a, b Verdict) Verdict {
	for _, v := range []Verdict{Fail, NotAssessed, Pass} {
		if a == v || b == v {
			return v
		}
	}
	return a
}
