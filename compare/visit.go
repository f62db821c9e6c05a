package compare

import (
	"cmp"
	"slices"

	"trueboot/facts"
)

// A visit is a set of facts with what is looked up in it over and over.
type visit struct {
	facts.Set
	byKind  map[facts.Kind][]facts.Fact
	answers map[string]int // the first answer to a command, by its place in Answers
	paths   fileSystems
	listed  *listing                               // made when first asked for
	boots   *bootLists                             // likewise
	byFile  map[facts.Kind]map[string][]facts.Fact // by canonical path, made for each kind when first asked for

	// second holds what the second channel stated of kinds that the first one stated too. Spellings differ between the two, so
	// NDI-RN-06 alone looks at it.
	second []facts.Fact
}

// usualKinds is room for the kinds of which a device states something.
const usualKinds = 56

func newVisit(set facts.Set) *visit {
	v := &visit{
		Set:     set,
		answers: make(map[string]int, len(set.Answers)),
		byFile:  map[facts.Kind]map[string][]facts.Fact{},
	}
	first, second := make(map[facts.Kind]int, min(usualKinds, len(set.Facts))), map[facts.Kind]int{} // how many facts of a kind each channel states
	for _, f := range set.Facts {
		if f.OfSecondChannel() {
			second[f.Kind]++
		} else {
			first[f.Kind]++
		}
	}
	v.byKind = make(map[facts.Kind][]facts.Fact, len(first)+len(second))
	room := make([]facts.Fact, len(set.Facts)) // for all kinds: each gets its part of it
	for _, f := range set.Facts {
		if f.OfSecondChannel() && first[f.Kind] > 0 {
			v.second = append(v.second, f)
			continue
		}
		all, begun := v.byKind[f.Kind]
		if !begun {
			n := cmp.Or(first[f.Kind], second[f.Kind])
			all, room = room[:0:n], room[n:]
		}
		v.byKind[f.Kind] = append(all, f)
	}
	// What the second channel did not answer leaves nothing open that the first one stated.
	v.Gaps = make([]facts.Gap, 0, len(set.Gaps))
	for _, g := range set.Gaps {
		if g.OfSecondChannel() && len(g.Kinds) > 0 {
			if g.Kinds = slices.DeleteFunc(slices.Clone(g.Kinds), func(k facts.Kind) bool { return first[k] > 0 }); len(g.Kinds) == 0 {
				continue
			}
		}
		v.Gaps = append(v.Gaps, g)
	}
	for i, a := range set.Answers {
		if _, ok := v.answers[a.Command]; !ok {
			v.answers[a.Command] = i
		}
	}
	return v
}

// answer returns the answer to a command.
func (v *visit) answer(command string) (facts.Answer, bool) {
	i, ok := v.answers[command]
	if !ok {
		return facts.Answer{}, false
	}
	return v.Answers[i], true
}

// states tells whether a command stated anything of the kind.
func (v *visit) states(command string, kind facts.Kind) bool {
	return slices.ContainsFunc(v.byKind[kind], func(f facts.Fact) bool { return f.Command == command })
}

// statesAbout tells whether the visit stated anything of the fact's kind about its subject, or at all where it has none.
func (v *visit) statesAbout(want facts.Fact) bool {
	return want.Subject == "" && len(v.all(want.Kind)) > 0 || len(v.aboutFile(want.Kind, want.Subject)) > 0
}

// asked returns what became of a question.
func (v *visit) asked(question string) (facts.Answer, bool) {
	for _, a := range v.Answers {
		if a.Question() == question {
			return a, true
		}
	}
	return facts.Answer{}, false
}

// all returns the facts of a kind in the order in which they were read.
func (v *visit) all(kind facts.Kind) []facts.Fact { return v.byKind[kind] }

// find returns every statement of a kind about a subject, one for each command that makes it.
func (v *visit) find(kind facts.Kind, subject string) []facts.Fact {
	var found []facts.Fact
	for _, f := range v.all(kind) {
		if f.Subject == subject {
			found = append(found, f)
		}
	}
	return found
}

// first returns the first statement of a kind about a subject.
func (v *visit) first(kind facts.Kind, subject string) (facts.Fact, bool) {
	for _, f := range v.all(kind) {
		if f.Subject == subject {
			return f, true
		}
	}
	return facts.Fact{}, false
}

// aboutFile returns the facts of a kind whose subject is this file, however they spell its path.
func (v *visit) aboutFile(kind facts.Kind, path string) []facts.Fact {
	files := v.byFile[kind]
	if files == nil {
		files = make(map[string][]facts.Fact, len(v.all(kind)))
		for i, f := range v.all(kind) {
			c := v.paths.canonical(f.Subject)
			if len(files[c]) == 0 {
				files[c] = v.all(kind)[i : i+1 : i+1] // nearly always the only one
			} else {
				files[c] = append(files[c], f)
			}
		}
		v.byFile[kind] = files
	}
	return files[v.paths.canonical(path)]
}

// answered reports whether the command got a usable answer.
func (v *visit) answered(command string) bool {
	a, ok := v.answer(command)
	return ok && a.Reason == ""
}

// gap returns the gap that best explains why a kind's fact about a subject is missing: that of the
// command that used to state it, then one about the whole visit or the very subject, then one
// about the device. A gap that names no kinds is about the whole visit. That there is nothing of the
// kind or nothing to ask for explains less than any failure.
func (v *visit) gap(kind facts.Kind, subject, command string) (facts.Gap, bool) {
	best, rank := facts.Gap{}, 0
	for _, g := range v.Gaps {
		r := 0
		switch named := len(g.Kinds) == 0 || slices.Contains(g.Kinds, kind); {
		case command != "" && g.Command == command && named:
			r = 9
		case command != "" && g.Command == command:
			r = 5 // the reply that used to hold it went wrong elsewhere
		case !named:
		case len(g.Kinds) == 0:
			r = 8
		case g.Subject != "" && v.covers(g.Subject, kind, subject):
			r = 7
		case g.Subject == "":
			r = 6
		}
		if r > 0 && (g.Reason == facts.PlatformHasNone || g.Reason == facts.NothingToAskFor) {
			r -= 4
		}
		if r > rank {
			best, rank = g, r
		}
	}
	return best, rank > 0
}

// covers reports whether a question about one subject asks about the other too: who lists a directory asks for
// every file in it.
func (v *visit) covers(asked string, kind facts.Kind, subject string) bool {
	if kind == facts.File && isPath(asked) {
		return within(v.paths.canonical(subject), v.paths.canonical(asked))
	}
	return v.paths.same(asked, subject)
}

// Whether a file is on the device.
type presence int

const (
	unknown presence = iota // its directory was not listed, or not completely
	absent
	present
)

// A listing is what a visit taught about files. It knows as listed each directory of which it saw an entry:
// facts about files come from complete listings alone, and what is missing in one is a gap.
type listing struct {
	files    map[string]*facts.Fact // by canonical path
	children map[string]bool        // directories of which an entry was listed
	deep     map[string]bool        // directories whose subdirectories were listed with them, to the bottom
}

func (v *visit) listing() *listing {
	if v.listed != nil {
		return v.listed
	}
	files := v.all(facts.File)
	l := &listing{files: make(map[string]*facts.Fact, len(files)), children: map[string]bool{}, deep: map[string]bool{}}
	replies := map[string]map[string]bool{} // the directories that each reply lists
	for i, f := range files {
		path := v.paths.canonical(f.Subject)
		l.files[path] = &files[i]
		directory := directoryOf(path)
		l.children[directory] = true
		if replies[f.Command] == nil {
			replies[f.Command] = map[string]bool{}
		}
		replies[f.Command][directory] = true
	}
	for _, listed := range replies {
		for directory := range listed {
			for above := directoryOf(directory); above != ""; above = directoryOf(above) {
				if listed[above] {
					l.deep[above] = true
				}
			}
		}
	}
	v.listed = l
	return l
}

// listedWith reports whether the directory's subdirectories were listed with it or with one above it.
func (l *listing) listedWith(directory string) bool {
	for ; directory != ""; directory = directoryOf(directory) {
		if l.deep[directory] {
			return true
		}
	}
	return false
}

// locate says whether the file with this path, or the partition of this name, is on the device. A file is absent
// only where the listing of its directory, or of the one that would hold that directory, was read completely
// and does not show it.
func (v *visit) locate(path string) (facts.Fact, presence) {
	l := v.listing()
	path = v.paths.canonical(path)
	if f, ok := l.files[path]; ok {
		return *f, present
	}
	if !isPath(path) {
		return v.locatePartition(path)
	}
	if _, incomplete := v.listingGap(path); incomplete {
		return facts.Fact{}, unknown
	}
	for below, directory := path, directoryOf(path); directory != ""; below, directory = directory, directoryOf(directory) {
		if !l.children[directory] {
			continue
		}
		// What the nearest listed directory shows decides: a directory that is there and of which no entry was
		// listed is empty only if the listing went that deep.
		if _, listed := l.files[below]; below == path || !listed || l.listedWith(directory) {
			return facts.Fact{}, absent
		}
		break
	}
	return facts.Fact{}, unknown
}

// locatePartition says whether the device has a partition of that name.
func (v *visit) locatePartition(name string) (facts.Fact, presence) {
	if f, ok := v.first(facts.Partition, name); ok {
		return f, present
	}
	if _, incomplete := v.gap(facts.Partition, name, ""); incomplete || len(v.all(facts.Partition)) == 0 {
		return facts.Fact{}, unknown
	}
	return facts.Fact{}, absent
}

// listingGap returns a gap that keeps the listing from being complete where the file would be.
func (v *visit) listingGap(path string) (facts.Gap, bool) {
	for _, g := range v.Gaps {
		switch {
		case len(g.Kinds) == 0:
			return g, true
		case slices.Contains(g.Kinds, facts.File) && (g.Subject == "" || v.covers(g.Subject, facts.File, path)):
			return g, true
		}
	}
	return facts.Gap{}, false
}
