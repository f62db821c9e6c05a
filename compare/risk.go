package compare

import (
	"cmp"
	"strings"
)

// ByRisk orders findings for a reader with little time: FAIL first, those that nothing explains
// before those that are explained or waived, contradictions before deviations, then by severity; then what a
// required control could not assess, the rest that was not assessed, and PASS. Equal ones go by
// control, device, subject and message. It is meant for slices.SortFunc.
func ByRisk(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(urgency(a), urgency(b)),
		trueFirst(a.Contradiction, b.Contradiction),
		cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
		strings.Compare(a.Control, b.Control),
		strings.Compare(a.Device, b.Device),
		strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.Message, b.Message),
	)
}

func urgency(f Finding) int {
	switch {
	case f.Verdict == Fail && f.Open():
		return 0
	case f.Verdict == Fail:
		return 1
	case f.Verdict == NotAssessed && f.Required && f.Open():
		return 2
	case f.Verdict == NotAssessed:
		return 3
	}
	return 4
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
