package compare

import (
	"cmp"
	"slices"
	"strings"

	"trueboot/facts"
)

// A bootList is one boot variable as one reply states it: whose it is, when it counts, and what it
// names in which order.
//
// A device whose system comes in parts, each an image with a boot variable of its own (kickstart and system of
// NX-OS), has one list for each part; the parts are what its running images are called.
type bootList struct {
	kind      facts.Kind // facts.BootVariable or facts.NextBootVariable
	component string     // processor and part as the facts name them: "", "standby", "kickstart", "sup-2 kickstart"
	processor string     // "" for the device or its active processor
	part      string     // "" where the system is one image
	command   string
	entries   []facts.Fact
	empty     bool // the reply says that the variable does not exist
}

// bootLists are the boot lists of a visit in a stable order. They are not whole where the places of one do not run
// from 1 without a hole: what would boot first is not known.
type bootLists struct {
	lists []bootList
	whole bool
}

// bootLists returns the boot lists, which are not to be changed, and whether they are whole.
func (v *visit) bootLists() ([]bootList, bool) {
	if v.boots == nil {
		v.boots = v.readBootLists()
	}
	return v.boots.lists, v.boots.whole
}

func (v *visit) readBootLists() *bootLists {
	type key struct {
		kind               facts.Kind
		component, command string
	}
	byKey := map[key]*bootList{}
	var parts []string
	for _, f := range v.all(facts.RunningImage) {
		parts = append(parts, f.Subject)
	}
	list := func(k key) *bootList {
		if byKey[k] == nil {
			processor, part := splitPart(k.component, parts)
			byKey[k] = &bootList{kind: k.kind, component: k.component, processor: processor, part: part, command: k.command}
		}
		return byKey[k]
	}
	var lists []bootList
	whole := true
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
	return &bootLists{slices.Clip(lists), whole}
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

// boots reports whether an entry of a boot list names the image: the file itself, or the file system on which the
// device looks for the first image ("flash:", and "flash" in old configurations).
func (j *judgement) boots(entry, image string) bool {
	return j.paths.same(entry, image) || j.wholeSystem(entry) && within(j.paths.canonical(image), j.paths.canonical(withColon(entry)))
}

// wholeSystem reports whether an entry of a boot list names a file system and no file on it.
func (j *judgement) wholeSystem(entry string) bool {
	path := j.paths.canonical(withColon(entry))
	return path == prefixOf(path) && slices.ContainsFunc(j.observed.all(facts.FileSystem), func(f facts.Fact) bool { return j.paths.same(f.Subject, path) })
}

func withColon(entry string) string {
	if isPath(entry) {
		return entry
	}
	return entry + ":"
}

// splitPart takes a component apart into the processor and the part of the system.
func splitPart(component string, parts []string) (processor, part string) {
	for _, p := range parts {
		switch before, ok := strings.CutSuffix(component, p); {
		case p == "" || !ok:
		case before == "":
			return "", p
		case strings.HasSuffix(before, " "):
			return strings.TrimSuffix(before, " "), p
		}
	}
	return component, ""
}

// activeRoles are the words by which vendors call the processor that runs the device, lower case: Cisco and Arista
// say active, Juniper, Huawei and HPE master, Aruba conductor or commander.
var activeRoles = []string{"active", "master", "primary", "conductor", "commander"}

// activeProcessor returns the processor whose boot lists are the device's own: "" where the device has
// such, otherwise the active one or the first.
func (v *visit) activeProcessor(lists []bootList) string {
	if len(lists) == 0 || slices.ContainsFunc(lists, func(l bootList) bool { return l.processor == "" }) {
		return ""
	}
	for _, f := range v.all(facts.ComponentRole) {
		has := slices.ContainsFunc(lists, func(l bootList) bool { return l.processor == f.Subject })
		if has && slices.Contains(activeRoles, strings.ToLower(f.Value)) {
			return f.Subject
		}
	}
	return lists[0].processor
}
