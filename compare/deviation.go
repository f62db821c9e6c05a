package compare

import (
	"slices"

	"trueboot/facts"
)

// A deviation is what became of one kind's approved facts.
type deviation struct {
	equal   []facts.Fact // observed, as approved
	changed []change
	missing []facts.Fact // approved, and its command does not state it any more
	added   []facts.Fact // observed about a subject that was not approved, by a command that the approval knows
	unknown []facts.Fact // observed by a command that has no approved fact of the kind
}

type change struct{ approved, observed facts.Fact }

// deviations holds the observed facts of a kind against the approved ones. Each command's
// statement counts by itself: a right value in one reply does not make up for another reply's wrong
// or missing one. same decides whether two values say the same; about chooses the facts, and may be nil.
func (j *judgement) deviations(kind facts.Kind, same func(approved, observed string) bool, about func(facts.Fact) bool) deviation {
	if len(j.approved.all(kind)) == 0 && len(j.observed.all(kind)) == 0 {
		return deviation{}
	}
	d := deviation{equal: make([]facts.Fact, 0, len(j.observed.all(kind)))}
	want, order := bySubject(j.approved.all(kind), about)
	got, gotOrder := bySubject(j.observed.all(kind), about)
	for _, subject := range order {
		var wrong []string
		for _, o := range got[subject] {
			if slices.ContainsFunc(want[subject], func(a facts.Fact) bool { return same(a.Value, o.Value) }) {
				d.equal = append(d.equal, o)
			} else if !slices.Contains(wrong, o.Value) {
				wrong = append(wrong, o.Value)
				d.changed = append(d.changed, change{want[subject][0], o})
			}
		}
		for _, a := range want[subject] {
			stated := slices.ContainsFunc(got[subject], func(o facts.Fact) bool { return o.Command == a.Command })
			if !stated {
				d.missing = append(d.missing, a)
			}
		}
	}
	for _, subject := range gotOrder {
		if len(want[subject]) > 0 {
			continue
		}
		if o := got[subject][0]; j.approved.states(o.Command, kind) {
			d.added = append(d.added, o)
		} else {
			d.unknown = append(d.unknown, o)
		}
	}
	return d
}

// bySubject groups facts by subject and returns the subjects in order of appearance.
func bySubject(all []facts.Fact, about func(facts.Fact) bool) (map[string][]facts.Fact, []string) {
	grouped := map[string][]facts.Fact{}
	var order []string
	for i, f := range all {
		if about != nil && !about(f) {
			continue
		}
		if len(grouped[f.Subject]) == 0 {
			order = append(order, f.Subject)
			grouped[f.Subject] = all[i : i+1 : i+1] // nearly always the only one
		} else {
			grouped[f.Subject] = append(grouped[f.Subject], f)
		}
	}
	return grouped, order
}

func equalText(a, b string) bool { return a == b }
