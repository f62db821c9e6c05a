package compare

import (
	"slices"
	"strings"

	"trueboot/facts"
)

// A visit is a set of facts with what is looked up in it over and over.
type visit struct {
	facts.Set
	byKind  map[facts.Kind][]facts.Fact
	answers map[string]facts.Answer
	paths   fileSystems
	listed  *listing                               // made when first asked for
	byFile  map[facts.Kind]map[string][]facts.Fact // by canonical path, made for each kind when first asked for
}

func newVisit(set facts.Set) *visit {
	v := &visit{
		Set:     set,
		byKind:  make(map[facts.Kind][]facts.Fact, 64),
		answers: make(map[string]facts.Answer, len(set.Answers)),
		byFile:  map[facts.Kind]map[string][]facts.Fact{},
	}
	for _, f := range set.Facts {
		v.byKind[f.Kind] = append(v.byKind[f.Kind], f)
	}
	for _, a := range set.Answers {
		if _, ok := v.answers[a.Command]; !ok {
			v.answers[a.Command] = a
		}
	}
	return v
}

// states tells whether a command stated anything of the kind.
func (v *visit) states(command string, kind facts.Kind) bool {
	return slices.ContainsFunc(v.byKind[kind], func(f facts.Fact) bool { return f.Command == command })
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
		files = map[string][]facts.Fact{}
		for _, f := range v.all(kind) {
			c := v.paths.canonical(f.Subject)
			files[c] = append(files[c], f)
		}
		v.byFile[kind] = files
	}
	return files[v.paths.canonical(path)]
}

// answered reports whether the command got a usable answer.
func (v *visit) answered(command string) bool {
	a, ok := v.answers[command]
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
		switch {
		case len(g.Kinds) > 0 && !slices.Contains(g.Kinds, kind):
		case command != "" && g.Command == command:
			r = 8
		case len(g.Kinds) == 0:
			r = 7
		case g.Subject != "" && v.paths.same(g.Subject, subject):
			r = 6
		case g.Subject == "":
			r = 5
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

// Whether a file is on the device.
type presence int

const (
	unknown presence = iota // its directory was not listed, or not completely
	absent
	present
)

// A listing is what a visit taught about files.
type listing struct {
	files    map[string]facts.Fact // by canonical path
	children map[string]bool       // directories of which an entry was listed
	deep     map[string]bool       // file systems whose subdirectories were listed
}

func (v *visit) listing() *listing {
	if v.listed != nil {
		return v.listed
	}
	files := v.all(facts.File)
	l := &listing{files: make(map[string]facts.Fact, len(files)), children: map[string]bool{}, deep: map[string]bool{}}
	for _, f := range files {
		path := v.paths.canonical(f.Subject)
		l.files[path] = f
		directory := directoryOf(path)
		l.children[directory] = true
		if !strings.HasSuffix(directory, ":") {
			l.deep[fileSystemOf(path)] = true
		}
	}
	v.listed = l
	return l
}

// locate says whether the file with this path is on the device. It is absent only where the
// listing of its directory, or of the one that would hold that directory, was read completely
// and does not show it.
func (v *visit) locate(path string) (facts.Fact, presence) {
	l := v.listing()
	path = v.paths.canonical(path)
	if f, ok := l.files[path]; ok {
		return f, present
	}
	system := fileSystemOf(path)
	if _, incomplete := v.listingGap(system); incomplete || system == "" {
		return facts.Fact{}, unknown
	}
	directory := system
	for rest := path[len(system):]; ; {
		if !l.children[directory] {
			if l.deep[system] && directory != system {
				return facts.Fact{}, absent // an empty directory of a file system listed to the bottom
			}
			return facts.Fact{}, unknown
		}
		name, below, nested := strings.Cut(rest, "/")
		if !nested {
			return facts.Fact{}, absent
		}
		next := directory + "/" + name
		if directory == system {
			next = directory + name
		}
		if _, ok := l.files[next]; !ok && !l.children[next] {
			return facts.Fact{}, absent
		}
		directory, rest = next, below
	}
}

// listingGap returns the gap that keeps a file system's listing from being complete.
func (v *visit) listingGap(system string) (facts.Gap, bool) {
	for _, g := range v.Gaps {
		about := g.Subject == "" || v.paths.same(g.Subject, system)
		if len(g.Kinds) == 0 || slices.Contains(g.Kinds, facts.File) && about {
			return g, true
		}
	}
	return facts.Gap{}, false
}
