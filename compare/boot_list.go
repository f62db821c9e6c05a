package compare

import (
	"cmp"
	"slices"
	"strings"

	"trueboot/facts"
)

// A bootList is one boot variable as one reply states it: whose it is, when it counts, and what it
// names in which order.
type bootList struct {
	kind      facts.Kind // facts.BootVariable or facts.NextBootVariable
	component string     // "" for the device or its active processor
	command   string
	entries   []facts.Fact
	empty     bool // the reply says that the variable does not exist
}

// bootLists returns the boot lists of a visit in a stable order. A list whose places do not run from 1
// without a hole is returned with whole set to false: what would boot first is not known.
func (v *visit) bootLists() (lists []bootList, whole bool) {
	type key struct {
		kind               facts.Kind
		component, command string
	}
	byKey := map[key]*bootList{}
	list := func(k key) *bootList {
		if byKey[k] == nil {
			byKey[k] = &bootList{kind: k.kind, component: k.component, command: k.command}
		}
		return byKey[k]
	}
	whole = true
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for _, f := range v.all(kind) {
			component, position := facts.Position(f.Subject)
			if position == 0 {
				whole = false
				continue
			}
			l := list(key{kind, component, f.Command})
			l.entries = append(l.entries, f)
		}
		for _, f := range v.all(facts.BootSetting) {
			component, ok := strings.CutSuffix(f.Subject, string(kind))
			// "next boot variable" ends in "boot variable" too.
			if !ok || component != "" && !strings.HasSuffix(component, " ") || strings.HasSuffix(component, "next ") {
				continue
			}
			l := list(key{kind, strings.TrimSuffix(component, " "), f.Command})
			l.entries, l.empty = []facts.Fact{f}, true
		}
	}
	for _, l := range byKey {
		slices.SortStableFunc(l.entries, func(a, b facts.Fact) int { return place(a) - place(b) })
		for i, f := range l.entries {
			whole = whole && (l.empty || place(f) == i+1)
		}
		lists = append(lists, *l)
	}
	slices.SortFunc(lists, func(a, b bootList) int {
		return cmp.Or(strings.Compare(a.component, b.component), strings.Compare(string(a.kind), string(b.kind)), strings.Compare(a.command, b.command))
	})
	return lists, whole
}

func place(f facts.Fact) int {
	_, position := facts.Position(f.Subject)
	return position
}

// when says when the list counts.
func (l bootList) when() string {
	if l.kind == facts.NextBootVariable {
		return "at the next reload"
	}
	return "now"
}

func (l bootList) values() []string {
	if l.empty {
		return nil
	}
	values := make([]string, len(l.entries))
	for i, f := range l.entries {
		values[i] = f.Value
	}
	return values
}

// words quotes the list.
func (l bootList) words() string {
	if l.empty {
		return "empty"
	}
	return quoteList(l.values())
}

// sameList reports whether two lists name the same files in the same order.
func (a fileSystems) sameList(x, y []string) bool {
	return slices.EqualFunc(x, y, a.same)
}

// activeComponent returns the component whose boot lists are the device's own: "" where the device has
// such, otherwise the active one or the first.
func (v *visit) activeComponent(lists []bootList) string {
	if len(lists) == 0 || slices.ContainsFunc(lists, func(l bootList) bool { return l.component == "" }) {
		return ""
	}
	for _, f := range v.all(facts.ComponentRole) {
		has := slices.ContainsFunc(lists, func(l bootList) bool { return l.component == f.Subject })
		if has && strings.EqualFold(f.Value, "active") {
			return f.Subject
		}
	}
	return lists[0].component
}
