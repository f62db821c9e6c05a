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
	Checks: `One chain: the image that runs is the first entry of the boot list, is a file or partition on the device, has the running
		version in its name or its partition, and is the approved one. A name without a version (packages.conf) leaves that
		link out. The bytes of the file are NDI-ST-02's.`,
	Evidence: "What the platform says that it booted (System image file, active partition), its boot list, and its listing of files or partitions.",
	Attacker: `Boots a rogue image and then renames or deletes files, so that flash looks right. A patch in the memory of
		the genuine image breaks no link of this chain.`,
	Next:     "Do not reload. Compare \"show version\" with \"dir\" by hand; an image that runs and is not on the device was deleted or renamed after the boot.",
	software: true,
	check:    checkRunningImage,
}

func checkRunningImage(j *judgement) []Finding {
	images := j.observed.all(facts.RunningImage)
	if len(images) == 0 {
		return []Finding{j.unstated("", firstOr(j.approved.all(facts.RunningImage), facts.Fact{Kind: facts.RunningImage}))}
	}
	var found []Finding
	var evidence []facts.Fact
	var links []string
	for _, image := range images {
		listed, link := j.linkToBootList(image)
		stored, where := j.linkToStorage(image)
		named, version := j.linkToVersion(image)
		found = append(found, slices.Concat(listed, stored, named)...)
		evidence = append(evidence, slices.Concat([]facts.Fact{image}, link, where, version)...)
		links = append(links, quote(image.Value)+" runs")
		if len(link) > 0 {
			links = append(links, "is first in the boot list")
		}
		if len(where) > 0 {
			links = append(links, "is on the device")
		}
		if len(version) > 0 {
			links = append(links, "has the running version")
		}
	}
	if j.Approved == nil {
		if len(found) > 0 {
			return found
		}
		return []Finding{notAssessed("", facts.NoBaseline, strings.Join(links, ", ")+"; nothing is approved to compare the file with")}
	}
	d := j.deviations(facts.RunningImage, j.paths.same, nil)
	for _, c := range d.changed {
		message := fmt.Sprintf("%s runs; %s: %s", quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
		found = append(found, j.against(c.approved.Value, failed("running image", message, c.observed)))
	}
	for _, a := range d.missing {
		found = append(found, j.unstated("running image", a))
	}
	for _, o := range slices.Concat(d.added, d.unknown) {
		found = append(found, notAssessed("running image", facts.NoBaseline, fmt.Sprintf("%s runs%s; none was %s", quote(o.Value), of(o.Subject), j.approvedOn())))
	}
	if len(found) > 0 {
		return found
	}
	return []Finding{j.against(images[0].Value, passed("", strings.Join(links, ", ")+", "+j.unchanged(), evidence...))}
}

// linkToBootList holds the running image against the first entry of the current boot list. An empty list is
// no link: the device boots the first image that it finds, which NDI-BC-04 judges.
func (j *judgement) linkToBootList(image facts.Fact) (found []Finding, evidence []facts.Fact) {
	lists, whole := j.observed.bootLists()
	active := j.observed.activeProcessor(lists)
	known := false
	for _, l := range lists {
		if l.processor != active || l.part != image.Subject || l.kind != facts.BootVariable || !whole {
			continue
		}
		known = true
		if l.empty {
			continue
		}
		first := l.entries[0]
		if !j.boots(first.Value, image.Value) {
			message := fmt.Sprintf("%s runs, and the boot list%s begins with %s (%s)", quote(image.Value), of(l.component), quote(first.Value), quote(l.command))
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

// linkToStorage looks for the running image among the stored files or partitions.
func (j *judgement) linkToStorage(image facts.Fact) ([]Finding, []facts.Fact) {
	if remote(image.Value) {
		message := fmt.Sprintf("%s runs, which is no file on the device: nothing stored can be compared with it", quote(image.Value))
		return []Finding{failed("file", message, image)}, nil
	}
	stored, where := j.observed.locate(image.Value)
	switch where {
	case present:
		return nil, []facts.Fact{stored}
	case absent:
		message := fmt.Sprintf("%s runs and is not on the device: it was deleted or renamed after the boot", quote(image.Value))
		return []Finding{graded(Critical, contradicting(failed("file", message, image)))}, nil
	}
	return []Finding{j.unstated("file", storedAs(image.Value))}, nil
}

// storedAs is the fact that would say that an image is on the device.
func storedAs(image string) facts.Fact {
	if isPath(image) {
		return facts.Fact{Kind: facts.File, Subject: image}
	}
	return facts.Fact{Kind: facts.Partition, Subject: image}
}

// linkToVersion holds the version in the image's name, or in its partition, against the running one.
func (j *judgement) linkToVersion(image facts.Fact) ([]Finding, []facts.Fact) {
	version, ok := j.versionInName(image.Value)
	where := "the name of " + quote(image.Value)
	if f, stored := j.observed.first(facts.Partition, image.Value); stored {
		version, ok, where = f.Value, true, "partition "+quote(image.Value)
	}
	if !ok {
		return nil, nil
	}
	running := j.runningVersions()
	if len(running) == 0 {
		return []Finding{j.unstated("version", firstOr(j.approved.all(facts.RunningVersion), facts.Fact{Kind: facts.RunningVersion}))}, nil
	}
	switch order, why := j.orderToAny(version, running); order {
	case facts.Same:
		return nil, running
	case facts.Incomparable:
		message := fmt.Sprintf("%s says version %s, which has no order to the running %s: %s", where, quote(version), quote(running[0].Value), quote(why))
		return []Finding{notAssessed("version", facts.NotComparable, message)}, nil
	}
	message := fmt.Sprintf("%s says version %s, and what runs calls itself version %s", where, quote(version), quote(running[0].Value))
	return []Finding{ruled(version, graded(Critical, contradicting(failed("version", message, running[0], image))))}, nil
}
