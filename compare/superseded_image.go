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
	Checks: `No image or package file whose name holds a version older than the running one is on the device, and no partition or
		volume holds one, unless that was approved (a sanctioned fallback). An older image in the boot list is graver
		(high), and so is a partition that was not there. A new image file that is not older is NDI-ST-06's. A
		version that has no order to the running one is not comparable. Where known images were imported, none of those that their vendor withdrew is on
		the device, approved or not.`,
	Evidence: "The listings of files, and of partitions and volumes where the platform has them; versions are ordered by the platform's grammar.",
	Attacker: `First installs a genuine old image, because it can be patched in memory or has a known hole; one
		that is left on flash saves the transfer. A file under another name is not seen here; NDI-ST-06 sees that it is new.`,
	Next:     "Delete the old image, or approve it as the fallback; take it out of the boot list.",
	software: true,
	check:    checkSupersededImage,
}

func checkSupersededImage(j *judgement) []Finding {
	running := j.runningVersions()
	if len(running) == 0 {
		return []Finding{j.unstated("", firstOr(j.approved.all(facts.RunningVersion), facts.Fact{Kind: facts.RunningVersion}))}
	}
	found := j.unlisted("images", facts.File, facts.Partition)
	told := len(found) > 0
	found = append(found, j.withdrawnImages()...)
	older := map[string][]facts.Fact{} // by version
	var current []facts.Fact
	sanctioned := 0
	seen := map[string]bool{}
	for _, image := range j.storedImages(j.observed) {
		path := j.paths.canonical(image.fact.Subject)
		if seen[path+" "+image.version] {
			continue // another reply lists it too
		}
		seen[path+" "+image.version] = true
		order, why := j.orderToAny(image.version, running)
		switch {
		case order == facts.Older && j.imageApproved(image.fact):
			sanctioned++
			current = append(current, image.fact)
		case order == facts.Older:
			older[image.version] = append(older[image.version], image.fact)
		case j.Approved != nil && image.fact.Kind == facts.Partition && len(j.approved.aboutFile(facts.Partition, path)) == 0:
			message := fmt.Sprintf("partition %s holds version %s; no such partition was %s", quote(image.fact.Subject), quote(image.version), j.approvedOn())
			if len(j.approved.all(facts.Partition)) == 0 {
				found = append(found, notAssessed(image.fact.Subject, facts.NoBaseline, message))
			} else {
				found = append(found, graded(High, failed(image.fact.Subject, message, image.fact)))
			}
		case order == facts.Incomparable && !j.imageApproved(image.fact):
			found = append(found, notAssessed(image.fact.Subject, facts.NotComparable,
				fmt.Sprintf("%s holds version %s, which has no order to the running %s: %s", quote(image.fact.Subject), quote(image.version), quote(running[0].Value), quote(why))))
		default:
			current = append(current, image.fact)
		}
	}
	for _, version := range slices.Sorted(maps.Keys(older)) {
		found = append(found, j.superseded(version, older[version], running[0]))
	}
	if !told {
		for _, a := range j.storedImages(j.approved) {
			if _, where := j.observed.locate(a.fact.Subject); where == unknown {
				found = append(found, j.unstated(a.fact.Subject, a.fact))
			}
		}
	}
	switch {
	case len(j.observed.all(facts.File)) == 0 && len(j.observed.all(facts.Partition)) == 0 && len(found) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.File})}
	case j.Approved == nil:
		return append(found, j.noBaseline(facts.File, facts.Partition))
	case len(found) > 0:
		return found
	}
	message := fmt.Sprintf("%s on the device, none that is older than the running %s and not approved", count(len(current), "image"), quote(running[0].Value))
	f := passed("", message, append(running[:1:1], current...)...)
	f.Expected = &Expectation{Value: running[0].Value, Provenance: j.Approved.Provenance, Since: j.since()}
	if sanctioned > 0 {
		f.Message += fmt.Sprintf("; %d older and approved", sanctioned)
		f.ResidualRisk = "An older image that was approved is on the device: whoever wants to go back to its holes need not bring it."
	}
	return []Finding{f}
}

// A storedImage is a file or partition that holds an image of a known version.
type storedImage struct {
	fact    facts.Fact
	version string
}

// storedImages returns the image files whose name holds a version, and the partitions.
func (j *judgement) storedImages(v *visit) []storedImage {
	var images []storedImage
	for _, f := range v.all(facts.File) {
		if version, ok := j.versionInName(f.Subject); ok && sortOf(f.Subject) == imageFile {
			images = append(images, storedImage{f, version})
		}
	}
	for _, f := range v.all(facts.Partition) {
		images = append(images, storedImage{f, f.Value})
	}
	return images
}

func (j *judgement) superseded(version string, images []facts.Fact, running facts.Fact) Finding {
	places := make([]string, len(images))
	for i, f := range images {
		places[i] = f.Subject
	}
	message := fmt.Sprintf("%s of version %s, older than the running %s: %s", count(len(images), "image"), quote(version), quote(running.Value), quoteList(places))
	f := failed(places[0], message, append(images, running)...)
	lists, _ := j.observed.bootLists()
	for _, l := range lists {
		for _, entry := range l.values() {
			if slices.ContainsFunc(places, func(p string) bool { return j.paths.same(p, entry) }) {
				f.Severity = High
			}
		}
	}
	return f
}

// imageApproved reports whether the file or partition was approved as it is.
func (j *judgement) imageApproved(f facts.Fact) bool {
	return slices.ContainsFunc(j.approved.aboutFile(f.Kind, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
}

// runningVersions returns what the device says that it runs, in both numberings where it has two: IOS XE 3.x
// states "03.16.04b.S" and, for its IOS process, "15.5(3)S4b". The second stands under the system's name.
func (j *judgement) runningVersions() []facts.Fact {
	versions := slices.Clone(j.observed.find(facts.RunningVersion, ""))
	for _, f := range j.observed.all(facts.ComponentVersion) {
		if j.isSystem(f.Subject) {
			versions = append(versions, f)
		}
	}
	return versions
}

// isSystem reports whether a component is the operating system itself.
func (j *judgement) isSystem(component string) bool {
	for _, v := range []*visit{j.observed, j.approved, j.previous} {
		for _, f := range v.all(facts.OperatingSystem) {
			if f.Value == component && component != "" {
				return true
			}
		}
	}
	return false
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
