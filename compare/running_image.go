package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var runningImage = Rule{
	Control:  "NDI-RN-01",
	Name:     "running-image",
	Title:    "Running = booted file = boot variable = stored file",
	Pillar:   "F/M",
	Severity: High,
	ATTACK:   []string{"T1601", "T1601.001"},
	Guidance: []string{iosForensics, iosXEForensics, iosXEIntegrity},
	Checks: `One chain: the image that runs is the first entry of the boot list, is a file on the device, has the running
		version in its name, and is the approved one. A name without a version (packages.conf) leaves that link out.`,
	Evidence: "show version (System image file), show bootvar, dir.",
	Attacker: `Boots a rogue image and then renames or deletes files, so that flash looks right. A patch in the memory of
		the genuine image breaks no link of this chain.`,
	Next:  "Do not reload. Compare \"show version\" with \"dir\" by hand; an image that runs and is not on the device was deleted or renamed after the boot.",
	check: checkRunningImage,
}

func checkRunningImage(j *judgement) []Finding {
	images := j.observed.find(facts.RunningImage, "")
	if len(images) == 0 {
		return []Finding{j.unstated("", firstOr(j.approved.all(facts.RunningImage), facts.Fact{Kind: facts.RunningImage}))}
	}
	evidence := slices.Clone(images)
	links := []string{fmt.Sprintf("%s runs", quote(images[0].Value))}
	var found []Finding
	for _, image := range images {
		listed, link := j.linkToBootList(image)
		stored, where := j.linkToFile(image)
		named, version := j.linkToVersion(image)
		found = append(found, slices.Concat(listed, stored, named)...)
		evidence = append(evidence, slices.Concat(link, where, version)...)
		if len(link) > 0 {
			links = append(links, "is first in the boot list")
		}
		if len(where) > 0 {
			links = append(links, "is on the device")
		}
		if len(version) > 0 {
			links = append(links, "has the running version in its name")
		}
	}
	if j.Approved == nil {
		if len(found) > 0 {
			return found
		}
		return []Finding{passed("", strings.Join(links, ", ")+"; nothing is approved to compare the file with", evidence...)}
	}
	d := j.deviations(facts.RunningImage, j.paths.same, nil)
	for _, c := range d.changed {
		message := fmt.Sprintf("%s runs; %s: %s", quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
		found = append(found, j.against(c.approved.Value, failed("running image", message, c.observed)))
	}
	for _, a := range d.missing {
		found = append(found, j.unstated("running image", a))
	}
	switch {
	case len(found) > 0:
		return found
	case len(d.equal) == 0:
		return []Finding{notAssessed("", facts.NoBaseline, fmt.Sprintf("%s runs; the approval names no running image", quote(images[0].Value)))}
	}
	return []Finding{j.against(images[0].Value, passed("", strings.Join(links, ", ")+", "+j.unchanged(), evidence...))}
}

// linkToBootList holds the running image against the first entry of the current boot list. An empty list is
// no link: the device boots the first image that it finds, which NDI-BC-04 judges.
func (j *judgement) linkToBootList(image facts.Fact) (found []Finding, evidence []facts.Fact) {
	lists, whole := j.observed.bootLists()
	active := j.observed.activeComponent(lists)
	known := false
	for _, l := range lists {
		if l.component != active || l.kind != facts.BootVariable || !whole {
			continue
		}
		known = true
		if l.empty {
			continue
		}
		first := l.entries[0]
		if !j.paths.same(first.Value, image.Value) {
			message := fmt.Sprintf("%s runs, and the boot list begins with %s (%s)", quote(image.Value), quote(first.Value), quote(l.command))
			found = append(found, ruled(first.Value, failed("boot variable", message, image, first)))
			continue
		}
		evidence = append(evidence, first)
	}
	if !known {
		found = append(found, j.unstated("boot variable", firstOr(j.approved.all(facts.BootVariable), facts.Fact{Kind: facts.BootVariable})))
	}
	if len(found) > 0 {
		return found, nil
	}
	return nil, evidence
}

// linkToFile looks for the running image among the stored files.
func (j *judgement) linkToFile(image facts.Fact) ([]Finding, []facts.Fact) {
	if remote(image.Value) {
		message := fmt.Sprintf("%s runs, which is no file on the device: nothing stored can be compared with it", quote(image.Value))
		return []Finding{failed("file", message, image)}, nil
	}
	file, where := j.observed.locate(image.Value)
	switch where {
	case present:
		return nil, []facts.Fact{file}
	case absent:
		message := fmt.Sprintf("%s runs and is not on the device: it was deleted or renamed after the boot", quote(image.Value))
		return []Finding{graded(Critical, contradicting(failed("file", message, image)))}, nil
	}
	return []Finding{j.unstated("file", facts.Fact{Kind: facts.File, Subject: image.Value})}, nil
}

// linkToVersion holds the version in the image's name against the running one.
func (j *judgement) linkToVersion(image facts.Fact) ([]Finding, []facts.Fact) {
	version, ok := j.versionInName(image.Value)
	if !ok {
		return nil, nil
	}
	running := j.runningVersions()
	if len(running) == 0 {
		return []Finding{j.unstated("version", facts.Fact{Kind: facts.RunningVersion})}, nil
	}
	switch order, why := j.orderToAny(version, running); order {
	case facts.Same:
		return nil, running
	case facts.Incomparable:
		message := fmt.Sprintf("the name of %s says version %s, which has no order to the running %s: %s", quote(image.Value), quote(version), quote(running[0].Value), quote(why))
		return []Finding{notAssessed("version", facts.NotComparable, message)}, nil
	}
	message := fmt.Sprintf("%s runs and calls itself version %s", quote(image.Value), quote(running[0].Value))
	return []Finding{ruled(version, graded(Critical, contradicting(failed("version", message, running[0], image))))}, nil
}
