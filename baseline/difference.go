package baseline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"trueboot/facts"
)

// A Change says how an observed state differs from the approved one in one point.
type Change string

// The changes.
const (
	Added   Change = "added"    // observed and not approved
	Removed Change = "removed"  // approved; the device was asked and no longer states it
	Changed Change = "changed"  // another value
	NotSeen Change = "not seen" // approved; the device gave no usable answer, see Gap
)

// A Difference is one point in which an observed state differs from the approved one.
type Difference struct {
	Kind     facts.Kind  `json:"kind"`
	Subject  string      `json:"subject"`
	Change   Change      `json:"change"`
	Approved *facts.Fact `json:"approved,omitempty"` // nil when added
	Observed *facts.Fact `json:"observed,omitempty"` // nil when removed or not seen
	Gap      *facts.Gap  `json:"gap,omitempty"`      // why it was not seen
}

// Diff tells what moved between two sets, ordered by kind and subject. It compares values, not
// the commands or lines that they were read from; two sets that state the same in another order are
// equal. Kinds that are [Volatile] are left out.
func Diff(approved, observed facts.Set) []Difference {
	before, after := points(approved), points(observed)
	var differences []Difference
	for p, old := range before {
		old, young := leftover(old, after[p])
		if len(old) == 1 && len(young) == 1 {
			differences = append(differences, Difference{Kind: p.kind, Subject: p.subject, Change: Changed, Approved: &old[0], Observed: &young[0]})
			continue
		}
		for _, f := range old {
			d := Difference{Kind: p.kind, Subject: p.subject, Change: Removed, Approved: &f}
			if gap, ok := observed.Gap(p.kind, p.subject); ok {
				d.Change, d.Gap = NotSeen, &gap
			}
			differences = append(differences, d)
		}
		differences = append(differences, added(p, young)...)
	}
	for p, young := range after {
		if _, ok := before[p]; !ok {
			_, young = leftover(nil, young)
			differences = append(differences, added(p, young)...)
		}
	}
	slices.SortFunc(differences, func(a, b Difference) int {
		return cmp.Or(
			strings.Compare(string(a.Kind), string(b.Kind)),
			strings.Compare(a.Subject, b.Subject),
			strings.Compare(a.values(), b.values()),
		)
	})
	return differences
}

// values gives the differences about one subject an order.
func (d Difference) values() string {
	var text string
	for _, f := range []*facts.Fact{d.Approved, d.Observed} {
		if f != nil {
			text += f.Value
		}
		text += "\x00"
	}
	return text
}

func added(p point, young []facts.Fact) []Difference {
	var differences []Difference
	for _, f := range young {
		differences = append(differences, Difference{Kind: p.kind, Subject: p.subject, Change: Added, Observed: &f})
	}
	return differences
}

// A point is what a device states one value about, as a rule. A digest is a point of its own
// for each algorithm: a device that has learnt SHA-512 has not changed its MD5.
type point struct {
	kind      facts.Kind
	subject   string
	algorithm string
}

// digests are the kinds whose values begin with an algorithm: "sha512:<hex>".
var digests = map[facts.Kind]bool{
	facts.ImageDigest: true, facts.EmbeddedDigest: true, facts.ComputedDigest: true,
	facts.PublishedDigest: true, facts.ContentDigest: true, facts.PulledDigest: true, facts.MemoryDigest: true,
}

func points(set facts.Set) map[point][]facts.Fact {
	all := make(map[point][]facts.Fact)
	for _, f := range set.Facts {
		if Volatile(f.Kind) {
			continue
		}
		p := point{kind: f.Kind, subject: f.Subject}
		if digests[f.Kind] {
			p.algorithm, _, _ = strings.Cut(f.Value, ":")
		}
		all[p] = append(all[p], f)
	}
	return all
}

// leftover returns the facts of each side whose value the other side does not state, one a value.
func leftover(old, young []facts.Fact) (onlyOld, onlyYoung []facts.Fact) {
	return without(old, young), without(young, old)
}

func without(all, others []facts.Fact) []facts.Fact {
	rest := make(map[string]facts.Fact)
	for _, f := range slices.Backward(all) { // the first of equal values is the one to show
		rest[f.Value] = f
	}
	for _, f := range others {
		delete(rest, f.Value)
	}
	return slices.SortedFunc(maps.Values(rest), facts.Compare)
}
