package compare

import (
	"fmt"

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
	Checks: `Every image file that the approval names (what ran, what was to boot, and each file of which a digest was
		taken) is on the device under its name and with its size.`,
	Evidence: "dir /recursive of every file system.",
	Attacker: `Gives a modified image the approved name. An equal size is weak evidence: SYNful Knock kept the size of the
		image that it replaced. NDI-ST-02 compares the bytes.`,
	Next:  "List the directory by hand (dir); a changed size under the same name is a replaced file: keep a copy and do not reload.",
	check: checkApprovedImagePresent,
}

func checkApprovedImagePresent(j *judgement) []Finding {
	if j.Approved == nil {
		return []Finding{j.noBaseline(facts.File)}
	}
	images := j.approvedImages()
	if len(images) == 0 {
		return []Finding{notAssessed("", facts.NoBaseline, "the approval names no image file on the device")}
	}
	var found []Finding
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
		return failed(path, fmt.Sprintf("the approved image %s is not on the device", quote(path)))
	case known != present:
		return notAssessed(path, facts.NoBaseline, fmt.Sprintf("the approval holds no size of %s", quote(path)))
	case where == absent:
		message := fmt.Sprintf("the approved image %s is not on the device; it was, with %s bytes, %s", quote(path), want.Value, j.approvedOn())
		if twin, ok := j.sameSize(want); ok {
			message += fmt.Sprintf("; %s has that size and was not there: perhaps it was renamed", quote(twin.Subject))
		}
		f := failed(path, message)
		f.Tier = want.Tier
		return j.against(want.Value, f)
	case where == unknown:
		return j.unstated(path, want)
	case got.Value != want.Value:
		message := fmt.Sprintf("%s has %s bytes; %s: %s bytes", quote(path), quote(got.Value), j.approvedOn(), quote(want.Value))
		return j.against(want.Value, graded(Critical, failed(path, message, got)))
	}
	f := passed(path, fmt.Sprintf("%s is there with %s bytes, %s; an equal size is weak evidence", quote(path), got.Value, j.unchanged()), got)
	return j.against(want.Value, f)
}

// sameSize finds a file on the same file system that has the size of the approved one and was not there when that
// was approved.
func (j *judgement) sameSize(want facts.Fact) (facts.Fact, bool) {
	for _, f := range j.observed.all(facts.File) {
		if f.Value != want.Value || j.paths.systemOf(j.paths.canonical(f.Subject)) != j.paths.systemOf(j.paths.canonical(want.Subject)) {
			continue
		}
		if _, before := j.approved.locate(f.Subject); before != present {
			return f, true
		}
	}
	return facts.Fact{}, false
}
