package sigma

import (
	"cmp"
	"fmt"
	"slices"

	"trueboot/alerts"
	"trueboot/alerts/literals"
)

// An index finds the rules that a line may meet, by the words that have to stand in it.
type index struct {
	rules  []*Rule
	set    *literals.Set
	of     [][]int // by word, the rules that need it
	always []int   // rules that need no word: each is asked of every line
	carry  []int   // rules that are asked of each record with a command or a file
}

// maxAlways is how many rules may be asked of every line: each costs time on each.
const maxAlways = 50

func newIndex(rules []*Rule) (index, error) {
	x := index{rules: rules}
	places := map[string]int{}
	var words []string
	for n, r := range rules {
		if !r.need.known {
			x.always = append(x.always, n)
			continue
		}
		if r.need.carried {
			x.carry = append(x.carry, n)
		}
		for _, word := range r.need.words {
			at, ok := places[word]
			if !ok {
				at = len(words)
				places[word] = at
				words = append(words, word)
				x.of = append(x.of, nil)
			}
			if !slices.Contains(x.of[at], n) {
				x.of[at] = append(x.of[at], n)
			}
		}
	}
	if len(x.always) > maxAlways {
		first := rules[x.always[0]]
		return x, fmt.Errorf("%d rules, %s among them, need no fixed text of %d letters in a line, and no more than %d may: give their selections one that is not negated", len(x.always), first.Place, shortest, maxAlways)
	}
	if len(words) > maxLiterals {
		return x, fmt.Errorf("%d texts in the rules: no more than %d", len(words), maxLiterals)
	}
	x.set = literals.New(words)
	return x, nil
}

// Literals are the words of which one stands in every line that a rule meets, apart from lines of the formats that carry (envelope.Format)
// and from the rules that All tells to be asked always.
func (r *Rules) Literals() []string { return r.index.set.Words() }

// AskedAlways reports whether there are rules that any line may meet.
func (r *Rules) AskedAlways() bool { return len(r.index.always) > 0 }

// Match returns the rules that a record meets, the most specific first: that of the highest priority, then that with more to compare.
func (r *Rules) Match(rec *alerts.Record) []*Rule {
	x := &r.index
	var likely []int
	note := func(word int) bool {
		for _, n := range x.of[word] {
			if !slices.Contains(likely, n) {
				likely = append(likely, n)
			}
		}
		return true
	}
	x.set.Each(rec.Raw, note)
	for i := range rec.Fields {
		if verbatim[rec.Fields[i].Name] { // of a record that was put together the raw line holds a part
			x.set.Each(rec.Fields[i].Value, note)
		}
	}
	if rec.Kind != alerts.Syslog && rec.Kind != "" || rec.Fields.Has(alerts.Command) || rec.Fields.Has(alerts.Executable) || rec.Fields.Has(alerts.File) {
		for _, n := range x.carry {
			if !slices.Contains(likely, n) {
				likely = append(likely, n)
			}
		}
	}
	likely = append(likely, x.always...)
	var found []*Rule
	for _, n := range likely {
		rule := x.rules[n]
		if len(rule.Platforms) > 0 && rec.Platform != "" && !slices.Contains(rule.Platforms, rec.Platform) {
			continue
		}
		if rule.condition.match(rec) {
			found = append(found, rule)
		}
	}
	slices.SortStableFunc(found, func(a, b *Rule) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(size(b.condition), size(a.condition)), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// size is how much a condition compares: what compares more is more specific.
func size(n node) int {
	switch n := n.(type) {
	case and:
		sum := 0
		for _, one := range n {
			sum += size(one)
		}
		return sum
	case or:
		least := 1 << 10
		for _, one := range n {
			least = min(least, size(one))
		}
		return least
	case not:
		return 0
	}
	return 1
}
