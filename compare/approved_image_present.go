package compare

import (
	"fmt"
	"slices"
	"strconv"

	"trueboot/facts"
)

var approvedImagePresent = Rule{
	Control:  "NDI-ST-01",
	Name:     "approved-image-present",
	Title:    "Approved image present with exact name and size",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosForensics, iosXEIntegrity},
	Checks: `Every image that the approval names (what ran, what was to boot, each file of which a digest was
		taken, and each partition or volume, an inactive one too) is on the device: a file under its name and with its size, a
		partition with its version. And no file that bears the name of a known image, with a version in it, has another size.`,
	Evidence: "The listings of files (dir of every file system) or of partitions and volumes.",
	Attacker: `Gives a modified image the approved name. An equal size is weak evidence: SYNful Knock kept the size of the
		image that it replaced. NDI-ST-02 compares the bytes.`,
	Next:     "List the directory by hand (dir); a changed size under the same name is a replaced file: keep a copy and do not reload.",
	software: true,
	check:    checkApprovedImagePresent,
}

func checkApprovedImagePresent(j *judgement) []Finding {
	found := j.wrongSizes()
	if j.Approved == nil {
		return append(found, j.noBaseline(facts.File, facts.Partition))
	}
	images := j.approvedImages()
	for _, f := range j.approved.all(facts.Partition) {
		if !slices.Contains(images, f.Subject) {
			images = append(images, f.Subject)
		}
	}
	if len(images) == 0 {
		return append(found, j.unapproved("", "the approval names no image on the device", facts.File, facts.Partition))
	}
	for _, path := range images {
		found = append(found, j.judgeImagePresent(path))
	}
	return found
}

func (j *judgement) judgeImagePresent(path string) Finding {
	want, known := j.approved.locate(path)
	got, where := j.observed.locate(path)
	switch {
	case known != present && where == absent:
		f := failed(path, fmt.Sprintf("the approved image %s is not on the device", quote(path)))
		f.Tier = j.listingTier()
		return f
	case known != present && where == unknown:
		return j.unstated(path, storedAs(path))
	case known != present:
		return notAssessed(path, facts.NoBaseline, fmt.Sprintf("the approval holds no size of %s", quote(path)))
	case where == absent:
		message := fmt.Sprintf("the approved image %s is not on the device; it was, with %s, %s", quote(path), extent(want), j.approvedOn())
		if twin, ok := j.sameSize(want); ok {
			message += fmt.Sprintf("; %s has that size and was not there: perhaps it was renamed", quote(twin.Subject))
		}
		f := failed(path, message)
		f.Tier = want.Tier
		return j.against(want.Value, f)
	case where == unknown:
		return j.unstated(path, want)
	}
	if other, differs := j.otherStatement(got.Kind, path); differs {
		message := fmt.Sprintf("%s has %s; %s: %s", quote(path), extent(other), j.approvedOn(), extent(want))
		return j.against(want.Value, graded(Critical, failed(path, message, other)))
	}
	message := fmt.Sprintf("%s is there with %s, %s", quote(path), extent(got), j.unchanged())
	if got.Kind == facts.File {
		message += "; an equal size is weak evidence"
	}
	return j.against(want.Value, passed(path, message, got))
}

// otherStatement finds what a reply says of a file or partition that no approved reply said.
func (j *judgement) otherStatement(kind facts.Kind, path string) (facts.Fact, bool) {
	approved := j.approved.aboutFile(kind, path)
	for _, f := range j.observed.aboutFile(kind, path) {
		if !slices.ContainsFunc(approved, func(a facts.Fact) bool { return a.Value == f.Value }) {
			return f, true
		}
	}
	return facts.Fact{}, false
}

// extent says how much of an image a listing shows: the size of a file, the version in a partition.
func extent(f facts.Fact) string {
	if f.Kind == facts.Partition {
		return "version " + quote(f.Value)
	}
	if _, err := strconv.ParseUint(f.Value, 10, 64); err != nil {
		return quote(f.Value) + " bytes"
	}
	return f.Value + " bytes"
}

// listingTier is the tier of the listings that don't show a file.
func (j *judgement) listingTier() facts.Tier { return weakest(j.observed.all(facts.File)) }

// sameSize finds a file on the same file system that has the size of the approved one and was not there when that
// was approved.
func (j *judgement) sameSize(want facts.Fact) (facts.Fact, bool) {
	system := j.paths.systemOf(j.paths.canonical(want.Subject))
	for _, f := range j.observed.all(want.Kind) {
		if f.Value != want.Value || j.paths.systemOf(j.paths.canonical(f.Subject)) != system {
			continue
		}
		if _, before := j.approved.locate(f.Subject); before != present && want.Kind == facts.File {
			return f, true
		}
	}
	return facts.Fact{}, false
}
