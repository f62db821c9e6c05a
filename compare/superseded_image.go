package compare

import (
	"fmt"
	"maps"
	"slices"

	"trueboot/facts"
)

var supersededImage = Rule{
	Control:  "NDI-ST-07",
	Name:     "superseded-image",
	Title:    "No superseded or vulnerable image left on the device",
	Pillar:   "F",
	Severity: Medium,
	ATTACK:   []string{"T1601.002"},
	Guidance: []string{aa23270A, hardening2013, aa20245A},
	Checks: `No image or package file whose name holds a version older than the running one is on the device, unless that
		file was approved (a sanctioned fallback). An older image in the boot list is graver (high).`,
	Evidence: "dir /recursive; the version in the file's name, ordered by the platform's grammar.",
	Attacker: `First installs a genuine old image, because it can be patched in memory or has a known hole; one
		that is left on flash saves the transfer. A file under another name is not seen here; NDI-ST-06 sees that it is new.`,
	Next:  "Delete the old image, or approve it as the fallback; take it out of the boot list.",
	check: checkSupersededImage,
}

func checkSupersededImage(j *judgement) []Finding {
	running := j.runningVersions()
	if len(running) == 0 {
		return []Finding{j.unstated("", firstOr(j.approved.all(facts.RunningVersion), facts.Fact{Kind: facts.RunningVersion}))}
	}
	var found []Finding
	listed := false
	for _, g := range j.observed.Gaps {
		if g.Reason != facts.PlatformHasNone && slices.Contains(g.Kinds, facts.File) {
			found = append(found, notAssessed(g.Subject, g.Reason, fmt.Sprintf("the files%s were not listed: %s", of(g.Subject), explain(g))))
		}
	}
	older := map[string][]facts.Fact{} // by version
	var current []facts.Fact
	for _, f := range j.observed.all(facts.File) {
		listed = true
		version, ok := j.versionInName(f.Subject)
		if !ok || sortOf(f.Subject) != imageFile {
			continue
		}
		switch order, why := j.orderToAny(version, running); {
		case j.filesApproved(f):
			current = append(current, f)
		case order == facts.Older:
			older[version] = append(older[version], f)
		case order == facts.Incomparable:
			found = append(found, notAssessed(f.Subject, facts.NotComparable,
				fmt.Sprintf("%s holds version %s, which has no order to the running %s: %s", quote(f.Subject), quote(version), quote(running[0].Value), quote(why))))
		default:
			current = append(current, f)
		}
	}
	for _, version := range slices.Sorted(maps.Keys(older)) {
		found = append(found, j.superseded(version, older[version], running[0]))
	}
	for _, a := range j.approved.all(facts.File) {
		if _, ok := j.versionInName(a.Subject); !ok || sortOf(a.Subject) != imageFile {
			continue
		}
		if _, where := j.observed.locate(a.Subject); where == unknown {
			found = append(found, j.unstated(a.Subject, a))
		}
	}
	switch {
	case len(found) > 0:
		return found
	case !listed:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.File})}
	}
	message := fmt.Sprintf("%s on the device, none that is older than the running %s and not approved", count(len(current), "image file"), quote(running[0].Value))
	return []Finding{passed("", message, append(running[:1:1], current...)...)}
}

func (j *judgement) superseded(version string, files []facts.Fact, running facts.Fact) Finding {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.Subject
	}
	message := fmt.Sprintf("%s of version %s, older than the running %s: %s", count(len(files), "image file"), quote(version), quote(running.Value), quoteList(paths))
	f := failed(paths[0], message, append(files, running)...)
	lists, _ := j.observed.bootLists()
	for _, l := range lists {
		for _, entry := range l.values() {
			if slices.ContainsFunc(paths, func(p string) bool { return j.paths.same(p, entry) }) {
				f.Severity = High
			}
		}
	}
	return f
}

// filesApproved reports whether the file was approved as it is.
func (j *judgement) filesApproved(f facts.Fact) bool {
	want, where := j.approved.locate(f.Subject)
	return where == present && want.Value == f.Value
}

// runningVersions returns what the device says that it runs, in both numberings where it has two: IOS XE 3.x
// states "03.16.04b.S" and, for its IOS process, "15.5(3)S4b".
func (j *judgement) runningVersions() []facts.Fact {
	return slices.Concat(j.observed.find(facts.RunningVersion, ""), j.observed.find(facts.ComponentVersion, "IOS XE"))
}

// orderToAny orders a version against the first of the running ones that it can be compared with.
func (j *judgement) orderToAny(version string, running []facts.Fact) (facts.Order, string) {
	why := ""
	for _, f := range running {
		order, remark := j.order(version, f.Value)
		if order != facts.Incomparable {
			return order, ""
		}
		why = remark
	}
	return facts.Incomparable, why
}
