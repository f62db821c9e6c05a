package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var unknownFiles = Rule{
	Control:  "NDI-ST-06",
	Name:     "unknown-files",
	Title:    "No unknown files; storage adds up",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601"},
	Guidance: []string{iosForensics, aa20245A},
	Checks: `Every file on every file system was there when the state was approved, with the same size, and none is
		gone. A new image, package, script or program is a FAIL (high), any other new or removed file a
		FAIL (low). Where a healthy device writes by itself (traces, crash information, configurations, the installer's
		state) only what could run is looked at; the table stands in file_sorts.go.`,
	Evidence: "show file systems, dir /recursive of each.",
	Attacker: `Leaves an image, a script or a dump on flash, on a second file system or on an inserted drive. A modified
		system can leave its own files out of the listing; a file on the standby processor is seen only if that is listed.`,
	Next:  "Find out who put it there; copy it off the device and hash it before it is deleted; approve it if it belongs there.",
	check: checkUnknownFiles,
}

// fileFindings is how many files of one sort are reported one by one for a file system; the rest is one
// finding with their number.
const fileFindings = 25

func checkUnknownFiles(j *judgement) []Finding {
	if j.Approved == nil {
		return []Finding{j.noBaseline(facts.File)}
	}
	if len(j.approved.all(facts.File)) == 0 {
		return []Finding{notAssessed("", facts.NoBaseline, "the approval holds no listing of files")}
	}
	a := newAccount(j)
	found := a.systems()
	for _, f := range j.observed.all(facts.File) {
		a.observe(f)
	}
	for _, f := range j.approved.all(facts.File) {
		a.expect(f)
	}
	found = append(found, a.findings()...)
	switch {
	case len(found) > 0:
		return found
	case len(a.evidence) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.File})}
	}
	message := fmt.Sprintf("%s on %s accounted for, %d of them where the device writes by itself; %s",
		count(len(a.evidence), "file"), count(len(a.listed), "file system"), a.changing, j.unchanged())
	return []Finding{j.against(a.evidence[0].Value, passed("", message, a.evidence...))}
}

// An account holds observed files against approved ones, one file system at a time.
type account struct {
	*judgement
	images   map[string]bool // judged by NDI-ST-01
	archives map[string]bool // copies of the configuration that the device keeps by itself
	folders  map[string]bool // approved as directories, whose size says nothing
	current  map[string]bool // directories now
	listed   map[string]bool // file systems of which a file was seen
	judged   map[string]bool // file systems that the approval knows
	evidence []facts.Fact
	changing int

	deviations map[accountEntry][]Finding
}

// An accountEntry is a file system and a sort of deviation.
type accountEntry struct{ system, sort string }

func newAccount(j *judgement) *account {
	a := &account{
		judgement: j, images: map[string]bool{}, archives: map[string]bool{}, folders: directories(j.approved), current: directories(j.observed),
		listed: map[string]bool{}, judged: map[string]bool{}, deviations: map[accountEntry][]Finding{},
	}
	for _, path := range j.approvedImages() {
		a.images[j.paths.canonical(path)] = true
	}
	for _, v := range []*visit{j.approved, j.observed} {
		for _, f := range v.all(facts.ConfigurationArchive) {
			a.archives[j.paths.canonical(f.Value)] = true
		}
	}
	for _, f := range j.approved.all(facts.File) {
		a.judged[j.paths.systemOf(j.paths.canonical(f.Subject))] = true
	}
	for _, f := range j.approved.all(facts.FileSystem) {
		a.judged[j.paths.canonical(f.Subject)] = true
	}
	return a
}

// directories returns the paths that a visit's listings mark as directories.
func directories(v *visit) map[string]bool {
	marked := map[string]bool{}
	for _, f := range v.all(facts.FilePermissions) {
		if strings.HasPrefix(f.Value, "d") {
			marked[v.paths.canonical(f.Subject)] = true
		}
	}
	return marked
}

// systems reports file systems that are new and those that could not be listed.
func (a *account) systems() []Finding {
	var found []Finding
	if len(a.approved.all(facts.FileSystem)) > 0 {
		for _, f := range a.observed.all(facts.FileSystem) {
			system := a.paths.canonical(f.Subject)
			if !a.judged[system] {
				a.judged[system] = true
				message := fmt.Sprintf("file system %s (%s) is there; it was not when the device was %s", quote(f.Subject), quote(f.Value), a.approvedOn())
				found = append(found, graded(Medium, failed(f.Subject, message, f)))
			}
		}
		for _, w := range a.approved.all(facts.FileSystem) {
			if _, ok := a.observed.first(facts.FileSystem, w.Subject); !ok {
				found = append(found, a.unstated(w.Subject, w))
			}
		}
	}
	told := map[string]bool{}
	for _, g := range a.observed.Gaps {
		// That a slot is empty is no gap in the account, unless files were approved there.
		if g.Reason != facts.PlatformHasNone && slices.Contains(g.Kinds, facts.File) && !told[g.Subject] {
			told[g.Subject] = true
			found = append(found, notAssessed(g.Subject, g.Reason, fmt.Sprintf("the files%s were not listed: %s", of(g.Subject), explain(g))))
		}
	}
	return found
}

// observe accounts for a file that is on the device.
func (a *account) observe(f facts.Fact) {
	path := a.paths.canonical(f.Subject)
	system := a.paths.systemOf(path)
	a.listed[system] = true
	want, before := a.approved.locate(path)
	switch {
	case a.excused(path):
		a.changing++
	case !a.judged[system]:
		a.note(system, "unjudged", notAssessed(f.Subject, facts.NoBaseline,
			fmt.Sprintf("%s is there; the approval knows nothing of its file system", quote(f.Subject))))
		return
	case before != present && a.current[path]:
		a.note(system, "new", graded(Low, failed(f.Subject, fmt.Sprintf("directory %s was not there when the device was %s", quote(f.Subject), a.approvedOn()), f)))
		return
	case before != present:
		message := fmt.Sprintf("%s %s (%s bytes) was not there when the device was %s", sortOf(path), quote(f.Subject), quote(f.Value), a.approvedOn())
		if !sortOf(path).executable() {
			a.note(system, "new", graded(Low, failed(f.Subject, message, f)))
			return
		}
		if twin, ok := a.sameDigest(f.Subject); ok {
			message += fmt.Sprintf("; its bytes are those approved as %s", quote(twin.Subject))
		}
		a.note(system, "program", graded(High, failed(f.Subject, message, f)))
		return
	case want.Value != f.Value && !a.folders[path] && !a.images[path]:
		message := fmt.Sprintf("%s %s has %s bytes; %s: %s bytes", sortOf(path), quote(f.Subject), quote(f.Value), a.approvedOn(), quote(want.Value))
		severity := Medium
		if sortOf(path).executable() {
			severity = High
		}
		a.note(system, "size", a.against(want.Value, graded(severity, failed(f.Subject, message, f))))
		return
	}
	a.evidence = append(a.evidence, f)
}

// expect accounts for a file that was approved.
func (a *account) expect(want facts.Fact) {
	path := a.paths.canonical(want.Subject)
	if a.images[path] || a.excused(path) {
		return
	}
	switch _, where := a.observed.locate(path); where {
	case absent:
		f := failed(want.Subject, fmt.Sprintf("%s %s is gone; it was there, with %s bytes, when the device was %s",
			sortOf(path), quote(want.Subject), quote(want.Value), a.approvedOn()))
		f.Tier = want.Tier
		a.note(a.paths.systemOf(path), "gone", a.against(want.Value, graded(Low, f)))
	case unknown:
		a.note(a.paths.systemOf(path), "unlisted", a.unstated(want.Subject, want))
	}
}

// excused reports whether the device may write here by itself.
func (a *account) excused(path string) bool {
	return changes(path) || a.archives[path] && !sortOf(path).executable()
}

func (a *account) note(system, sort string, f Finding) {
	e := accountEntry{system, sort}
	a.deviations[e] = append(a.deviations[e], f)
}

// findings returns the deviations, gravest first, no more than fileFindings of a sort and file system. Why
// a whole file system was not listed or not approved is said once.
func (a *account) findings() []Finding {
	var found []Finding
	for entry, same := range a.deviations {
		slices.SortFunc(same, func(x, y Finding) int {
			return cmp.Or(cmp.Compare(x.Severity.Rank(), y.Severity.Rank()), strings.Compare(x.Subject, y.Subject))
		})
		limit := fileFindings
		if same[0].Verdict == NotAssessed {
			limit = 1
		}
		if left := len(same) - limit; left > 0 {
			rest := same[limit]
			rest.Message = fmt.Sprintf("%s like this: %s", count(left, "more finding"), rest.Message)
			rest.Subject = entry.system
			same = append(same[:limit:limit], rest)
		}
		found = append(found, same...)
	}
	slices.SortFunc(found, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Severity.Rank(), y.Severity.Rank()), strings.Compare(x.Subject, y.Subject), strings.Compare(x.Message, y.Message))
	})
	return found
}
