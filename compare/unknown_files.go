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
	Guidance: []string{iosForensics, nxosForensics, iosXRForensics, aa20245A, arcaneDoor},
	Checks: `Every file on every file system was there when the state was approved, with the same size, and none is
		gone. A new image, package, script or program is a FAIL (high), any other new or removed file a
		FAIL (low), a drive that was not there a FAIL (medium). Where a healthy device writes by itself (traces, crash
		information, logs, configurations, the installer's state) only what could run is looked at; the table stands in
		file_sorts.go. What a file is good for is told by its name. Where much more space came into use since the last visit than
		the listings hold, that is a FAIL (low). A file in a directory that was not listed when the state was approved is not assessed.`,
	Evidence: "The list of file systems (show file systems) and the listing of each (dir /recursive, file list).",
	Attacker: `Leaves an image, a script or a dump on flash, on a second file system or on an inserted drive; gives a program
		the name of a log. A modified system can leave its own files out of the listing; a file on the standby processor
		is seen only if that is listed.`,
	Next:  "Find out who put it there; copy it off the device and hash it before it is deleted; approve it if it belongs there.",
	check: checkUnknownFiles,
}

func checkUnknownFiles(j *judgement) []Finding {
	if j.Approved == nil {
		return []Finding{j.noBaseline(facts.File)}
	}
	if len(j.approved.all(facts.File)) == 0 {
		return []Finding{j.unapproved("", "the approval holds no listing of files", facts.File)}
	}
	a := newAccount(j)
	found := append(j.hiddenStorage(), a.systems()...)
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
	images         map[string]bool // judged by NDI-ST-01
	configurations map[string]bool // that the device keeps by itself, copies too
	folders        map[string]bool // approved as directories, whose size says nothing
	current        map[string]bool // directories now
	listed         map[string]bool // file systems of which a file was seen
	inserted       map[string]bool // file systems that were not there, or without a medium, when the state was approved
	replies        map[string]bool // commands of which the approval holds facts
	evidence       []facts.Fact
	changing       int

	deviations map[accountEntry][]Finding
}

// An accountEntry is a file system and a sort of deviation.
type accountEntry struct{ system, sort string }

func newAccount(j *judgement) *account {
	a := &account{
		judgement: j, images: map[string]bool{}, configurations: map[string]bool{}, folders: directories(j.approved), current: directories(j.observed),
		listed: map[string]bool{}, inserted: map[string]bool{}, replies: map[string]bool{}, deviations: map[accountEntry][]Finding{},
	}
	for _, path := range j.approvedImages() {
		a.images[j.paths.canonical(path)] = true
	}
	for _, v := range []*visit{j.approved, j.observed} {
		for _, f := range v.all(facts.ConfigurationArchive) {
			a.configurations[j.paths.canonical(f.Value)] = true
		}
	}
	for _, kind := range []facts.Kind{facts.StartupSource, facts.NextStartupSource} {
		for _, f := range j.approved.all(kind) {
			a.configurations[j.paths.canonical(f.Value)] = true
		}
	}
	for _, f := range j.approved.Facts {
		a.replies[f.Command] = true
	}
	return a
}

// directories returns the paths that a visit's listings mark as directories: by their permissions, or by a slash at the end.
func directories(v *visit) map[string]bool {
	marked := map[string]bool{}
	for _, f := range v.all(facts.File) {
		if strings.HasSuffix(f.Subject, "/") {
			marked[v.paths.canonical(f.Subject)] = true
		}
	}
	for _, f := range v.all(facts.FilePermissions) {
		if strings.HasPrefix(f.Value, "d") {
			marked[v.paths.canonical(f.Subject)] = true
		}
	}
	return marked
}

// noMedium ends the type of a file system in whose slot nothing is.
const noMedium = ", no medium"

// systems reports file systems that are new and those that could not be listed.
func (a *account) systems() []Finding {
	var found []Finding
	if len(a.approved.all(facts.FileSystem)) > 0 {
		for _, f := range a.observed.all(facts.FileSystem) {
			want := a.approved.aboutFile(facts.FileSystem, f.Subject)
			same := slices.ContainsFunc(want, func(w facts.Fact) bool { return w.Value == f.Value })
			filled := len(want) == 0 || strings.HasSuffix(want[0].Value, noMedium) && !strings.HasSuffix(f.Value, noMedium)
			system := a.paths.canonical(f.Subject)
			switch {
			case same || a.inserted[system]:
			case len(want) == 0 && strings.HasSuffix(f.Value, noMedium):
				message := fmt.Sprintf("file system %s (%s) is there; it was not when the device was %s", quote(f.Subject), quote(f.Value), a.approvedOn())
				found = append(found, graded(Low, failed(f.Subject, message, f)))
			case filled:
				a.inserted[system] = true
				message := fmt.Sprintf("file system %s (%s) is there; it was not when the device was %s", quote(f.Subject), quote(f.Value), a.approvedOn())
				found = append(found, graded(Medium, failed(f.Subject, message, f)))
			default:
				message := fmt.Sprintf("%s is %s; %s: %s", describe(f), quote(f.Value), a.approvedOn(), quote(want[0].Value))
				found = append(found, a.against(want[0].Value, graded(Low, failed(f.Subject, message, f))))
			}
		}
		for _, w := range a.approved.all(facts.FileSystem) {
			if len(a.observed.aboutFile(facts.FileSystem, w.Subject)) == 0 {
				found = append(found, a.unstated(w.Subject, w))
			}
		}
	}
	return append(found, a.unlisted("files", facts.File)...)
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
	case before == unknown && !a.inserted[system] && !a.replies[f.Command]:
		a.note(system, "unjudged", notAssessed(f.Subject, facts.NoBaseline,
			fmt.Sprintf("%s is there; the approval holds no listing of its directory", quote(f.Subject))))
		return
	case before != present && a.current[path]:
		a.note(system, "new", graded(Low, failed(f.Subject, fmt.Sprintf("directory %s was not there when the device was %s", quote(f.Subject), a.approvedOn()), f)))
		return
	case before != present:
		message := fmt.Sprintf("%s %s (%s) was not there when the device was %s", sortOf(path), quote(f.Subject), extent(f), a.approvedOn())
		if !sortOf(path).executable() {
			a.note(system, "new", graded(Low, failed(f.Subject, message, f)))
			return
		}
		if twin, ok := a.sameDigest(f.Subject); ok {
			message += fmt.Sprintf("; its bytes are those approved as %s", quote(twin.Subject))
		}
		a.note(system, "program", graded(High, failed(f.Subject, message, f)))
		return
	case !a.folders[path] && !a.images[path] && !a.sizeApproved(f):
		message := fmt.Sprintf("%s %s has %s; %s: %s", sortOf(path), quote(f.Subject), extent(f), a.approvedOn(), extent(want))
		severity := Medium
		if sortOf(path).executable() {
			severity = High
		}
		a.note(system, "size", a.against(want.Value, graded(severity, failed(f.Subject, message, f))))
		return
	}
	a.evidence = append(a.evidence, f)
}

// sizeApproved reports whether an approved reply gave the file this size.
func (a *account) sizeApproved(f facts.Fact) bool {
	return slices.ContainsFunc(a.approved.aboutFile(facts.File, f.Subject), func(w facts.Fact) bool { return w.Value == f.Value })
}

// expect accounts for a file that was approved.
func (a *account) expect(want facts.Fact) {
	path := a.paths.canonical(want.Subject)
	if a.images[path] {
		return
	}
	switch _, where := a.observed.locate(path); where {
	case absent:
		if a.excused(path) {
			return
		}
		f := failed(want.Subject, fmt.Sprintf("%s %s is gone; it was there, with %s, when the device was %s",
			sortOf(path), quote(want.Subject), extent(want), a.approvedOn()))
		f.Tier = want.Tier
		a.note(a.paths.systemOf(path), "gone", a.against(want.Value, graded(Low, f)))
	case unknown:
		if a.excused(path) && a.observed.answered(want.Command) {
			return // all that its directory held may be gone
		}
		if g, ok := a.observed.listingGap(path); ok && g.Reason != facts.PlatformHasNone {
			return // told with the file system
		}
		a.note(a.paths.systemOf(path), "unlisted", a.unstated(want.Subject, want))
	}
}

// excused reports whether the device may write here by itself.
func (a *account) excused(path string) bool {
	return changes(path) || a.configurations[path] && !sortOf(path).executable()
}

func (a *account) note(system, sort string, f Finding) {
	e := accountEntry{system, sort}
	a.deviations[e] = append(a.deviations[e], f)
}

// findings returns the deviations, gravest first, no more than findingLimit of a sort and file system. Why
// a whole file system was not listed or not approved is said once.
func (a *account) findings() []Finding {
	var found []Finding
	for entry, same := range a.deviations {
		slices.SortFunc(same, func(x, y Finding) int {
			return cmp.Or(cmp.Compare(x.Severity.Rank(), y.Severity.Rank()), strings.Compare(x.Subject, y.Subject))
		})
		limit := findingLimit
		if same[0].Verdict == NotAssessed {
			limit = 1
		}
		found = append(found, abridged(same, limit, entry.system)...)
	}
	slices.SortFunc(found, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Severity.Rank(), y.Severity.Rank()), strings.Compare(x.Subject, y.Subject), strings.Compare(x.Message, y.Message))
	})
	return found
}
