package compare

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

// An approval of images is made for many devices: a model, a role, a site. Where it is what a device runs, or what a device without
// an approval of its own should run, its software takes the place of the approval's own, and rules about software (Rule.software) name it
// as what they compare with. All other facts stay those of the device's own approval.

// lend finds what the device is compared with: its own approval, or that with the software of an approval of images, and the latter's
// header for the rules about software. Both are nil where nothing is approved.
func (j *judgement) lend() {
	own := j.given
	valid := j.Decisions.ImagesFor(j.Member, j.Now)
	if len(valid) == 0 {
		return
	}
	if own != nil && j.runsVersion(own.Set().Value(facts.RunningVersion)) {
		staged := *own
		staged.Facts = append(slices.Clip(own.Facts), j.stored(valid)...)
		j.own, j.software = &staged, &staged
		return
	}
	from, image, ok := j.runs(valid)
	switch {
	case !ok && own != nil:
		return
	case !ok:
		from = valid[len(valid)-1]
		image = from.Images[len(from.Images)-1]
	}
	header := baseline.Approval{
		Device: j.Observed.Device, Number: from.Number, Platform: j.Observed.Platform, Provenance: from.Provenance, By: from.By, At: from.At,
		Reason: from.Reason, Ticket: from.Ticket, SeenAt: from.At,
	}
	var all []facts.Fact
	if own != nil {
		all = j.withoutImage(*own, image.Version)
	}
	all = slices.Concat(all, j.lentFacts(image, own, valid), j.stored(valid))
	header.Facts = all
	j.software = &header
	if own != nil {
		merged := *own
		merged.Facts = all
		j.own = &merged
	}
}

// stored are the files on the device that are approved images, by name and size, or by digest where the size is not known: during a roll-out the new one lies there before it runs,
// and the old one after.
func (j *judgement) stored(valid []baseline.ImageApproval) []facts.Fact {
	var all []facts.Fact
	for _, f := range j.observed.all(facts.File) {
		for _, a := range valid {
			if slices.ContainsFunc(a.Images, func(i baseline.ApprovedImage) bool {
				return sameName(i.Name, f.Subject) && (f.Value == strconv.FormatInt(i.Size, 10) || i.Size == 0 && j.hasDigest(f.Subject, i.Digests))
			}) {
				all = append(all, facts.Fact{Kind: facts.File, Subject: f.Subject, Value: f.Value})
				break
			}
		}
	}
	return all
}

// hasDigest reports whether the device computes one of the digests of a file, and none that differs from them.
func (j *judgement) hasDigest(file string, digests []string) bool {
	same := false
	for _, o := range j.observed.digests(facts.ImageDigest, file) {
		for _, d := range digests {
			if algorithmOf(d) == o.algorithm {
				if d != o.fact.Value {
					return false
				}
				same = true
			}
		}
	}
	return same
}

// withoutImage are an approval's facts without those of the software that ran when it was made. The file of the old image may stay or go, and
// components that ran the system's version are to run the new one.
func (j *judgement) withoutImage(own baseline.Approval, version string) []facts.Fact {
	before := own.Set().Value(facts.RunningVersion)
	old := map[string]bool{}
	for _, f := range own.Facts {
		switch f.Kind {
		case facts.RunningImage:
			old[j.paths.canonical(f.Value)] = true
		case facts.ImageDigest:
			old[j.paths.canonical(f.Subject)] = true
		}
	}
	var all []facts.Fact
	for _, f := range own.Facts {
		if baseline.Software(f.Kind) {
			continue
		}
		if f.Kind == facts.File && old[j.paths.canonical(f.Subject)] && len(j.observed.aboutFile(facts.File, f.Subject)) == 0 {
			continue
		}
		if f.Kind == facts.ComponentVersion && j.sameVersion(f.Value, before) {
			f.Value = version
		}
		all = append(all, f)
	}
	return all
}

// runs finds the image that the device runs among those that are approved for it: the last approval first, and one whose name or digest
// fits before one of the same version alone.
func (j *judgement) runs(valid []baseline.ImageApproval) (from baseline.ImageApproval, image baseline.ApprovedImage, ok bool) {
	for _, exact := range []bool{true, false} {
		for _, a := range slices.Backward(valid) {
			for _, i := range a.Images {
				if j.runsVersion(i.Version) && (!exact || j.runsFile(i)) {
					return a, i, true
				}
			}
		}
	}
	return from, image, false
}

// runsVersion reports whether every running version that the device states is that one.
func (j *judgement) runsVersion(version string) bool {
	running := j.observed.find(facts.RunningVersion, "")
	return version != "" && len(running) > 0 && !slices.ContainsFunc(running, func(f facts.Fact) bool { return !j.sameVersion(f.Value, version) })
}

// runsFile reports whether the running image has the name of an approved one, or one of its digests.
func (j *judgement) runsFile(i baseline.ApprovedImage) bool {
	if len(i.Facts) > 0 {
		return true
	}
	return slices.ContainsFunc(j.observed.all(facts.RunningImage), func(f facts.Fact) bool {
		return sameName(i.Name, f.Value) || slices.ContainsFunc(j.observed.digests(facts.ImageDigest, f.Value), func(d digest) bool {
			return slices.Contains(i.Digests, d.fact.Value)
		})
	})
}

// lentFacts are what the device would state if it ran the image, by the commands by which it states such things.
func (j *judgement) lentFacts(image baseline.ApprovedImage, own *baseline.Approval, valid []baseline.ImageApproval) []facts.Fact {
	if len(image.Facts) > 0 {
		return image.Facts
	}
	var all []facts.Fact
	for _, f := range j.observed.find(facts.RunningVersion, "") {
		f.Value = image.Version
		all = append(all, f)
	}
	paths := map[string]bool{}
	for _, f := range j.observed.all(facts.RunningImage) {
		if isPath(f.Value) && f.Subject == "" {
			f.Value = besides(f.Value, image.Name)
			paths[f.Value] = true
			all = append(all, f)
		}
	}
	for _, f := range j.observed.all(facts.File) {
		if sameName(image.Name, f.Subject) {
			paths[f.Subject] = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if image.Size > 0 {
			all = append(all, facts.Fact{Kind: facts.File, Subject: path, Value: strconv.FormatInt(image.Size, 10)})
		}
		for _, d := range j.comparable(image.Digests, path) {
			all = append(all, facts.Fact{Kind: facts.ImageDigest, Subject: path, Value: d})
		}
	}
	if own == nil {
		return append(all, j.bootsApproved(valid)...)
	}
	// The boot list of the approval, with the new image in the old one's place.
	before := own.Set().Value(facts.RunningImage)
	for _, f := range own.Facts {
		switch f.Kind {
		case facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand, facts.StartupBootCommand:
			if name := fileName(before); isPath(before) && name != "" {
				f.Value = strings.ReplaceAll(f.Value, name, image.Name)
			}
			all = append(all, f)
		}
	}
	return all
}

// comparable are the digests of the algorithms that the device computes of a file. Which these are the device never stated to whoever approved
// the image; where it computes none of them, all are left for the rule to say so.
func (j *judgement) comparable(digests []string, path string) []string {
	stated := j.observed.digests(facts.ImageDigest, path)
	var common []string
	for _, d := range digests {
		if hasAlgorithm(stated, algorithmOf(d)) {
			common = append(common, d)
		}
	}
	if len(common) == 0 {
		return digests
	}
	return common
}

// bootsApproved are the boot list and the boot commands of a device without an approval of its own, each kind as far as it names nothing
// but approved images. Of a kind that names something else, nothing is known.
func (j *judgement) bootsApproved(valid []baseline.ImageApproval) []facts.Fact {
	approved := func(f facts.Fact) bool {
		return slices.ContainsFunc(strings.Fields(f.Value), func(word string) bool {
			return slices.ContainsFunc(valid, func(a baseline.ImageApproval) bool {
				return slices.ContainsFunc(a.Images, func(i baseline.ApprovedImage) bool { return i.Name != "" && sameName(i.Name, word) })
			})
		})
	}
	var all []facts.Fact
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand, facts.StartupBootCommand} {
		if stated := j.observed.all(kind); !slices.ContainsFunc(stated, func(f facts.Fact) bool { return !approved(f) }) {
			all = append(all, stated...)
		}
	}
	return all
}

// besides is the path of a file in the same folder as another one.
func besides(path, name string) string { return strings.TrimSuffix(path, fileName(path)) + name }
