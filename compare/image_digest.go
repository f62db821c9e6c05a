package compare

import (
	"fmt"
	"slices"

	"trueboot/facts"
)

var imageDigest = Rule{
	Control:  "NDI-ST-02",
	Name:     "image-digest",
	Title:    "Stored image hash = known good, computed on the device",
	Pillar:   "F",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosForensics, iosXEForensics, iosXEIntegrity, asaForensics, hardening2013},
	Checks: `The digest that the device computes of each approved image file is the approved one, in every algorithm that
		both sides have, and none that was approved is withheld. Where known images were imported, its digest says which image a file
		really is: one that bears the name of a known image and has another digest fails, whatever was approved. The digest written into an image is the approved one and equals the
		computed one. And a digest that is wrong on
		purpose is refused: a device that says "Verified" to it lies.`,
	Evidence: `What the platform offers to hash a file with, such as verify /sha512, verify /md5, show file … sha512sum, file checksum;
		the digests that it displays without computing them anew (AOS-CX, BIG-IP) count the same; and verify /md5 with a random
		digest. No expected digest is ever sent.`,
	Attacker: `Patches the image. A modified system can also forge verify's answer or hash a clean copy; the random digest
		catches a device that approves of anything, not one that knows the right value. Hashing off the box does (NDI-ST-03).`,
	Next:     "Copy the file off the device, hash it elsewhere and compare with the vendor's published digest; until then treat the device as compromised and do not reload it.",
	software: true,
	check:    checkImageDigest,
}

func checkImageDigest(j *judgement) []Finding {
	found := j.digestsContradict()
	images := j.approvedImages()
	known := j.knownBeside(images)
	found = append(found, known...)
	if j.Approved == nil {
		if len(known) == 0 {
			found = append(found, j.noBaseline(facts.ImageDigest))
		}
		return append(found, j.unknownRunning(known)...)
	}
	for _, path := range images {
		found = append(found, j.judgeDigest(path)...)
	}
	for _, f := range j.observed.all(facts.RunningImage) {
		if remote(f.Value) || slices.ContainsFunc(images, func(p string) bool { return j.paths.same(p, f.Value) }) || j.told(known, f.Value) {
			continue
		}
		message := fmt.Sprintf("no digest of the running image %s is approved", quote(f.Value))
		if twin, ok := j.sameDigest(f.Value); ok {
			message += fmt.Sprintf("; its bytes are those approved as %s", quote(twin.Subject))
		}
		found = append(found, notAssessed(f.Value, facts.NoBaseline, message))
	}
	if len(found) == 0 {
		return []Finding{j.unapproved("", "the approval names no image on the device", facts.ImageDigest)}
	}
	return found
}

// knownBeside judges the files that the approval does not name and whose digest says which image they are.
func (j *judgement) knownBeside(approved []string) []Finding {
	if j.Known == nil {
		return nil
	}
	var found []Finding
	for _, f := range j.observed.all(facts.ImageDigest) {
		if slices.ContainsFunc(approved, func(p string) bool { return j.paths.same(p, f.Subject) }) || j.told(found, f.Subject) {
			continue
		}
		if finding, ok := j.identified(f.Subject); ok {
			found = append(found, finding)
		}
	}
	return found
}

// unknownRunning says of the running image, where nothing is approved but other files are known, that it is not.
func (j *judgement) unknownRunning(known []Finding) []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.RunningImage) {
		if len(known) > 0 && !remote(f.Value) && !j.told(known, f.Value) && !j.told(found, f.Value) {
			found = append(found, j.unapproved(f.Value, fmt.Sprintf("the running image %s is neither approved nor known", quote(f.Value)), facts.ImageDigest))
		}
	}
	return found
}

// told reports whether one of the findings is about that file.
func (j *judgement) told(found []Finding, file string) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return j.paths.same(f.Subject, file) })
}

// digestsContradict finds what needs no baseline: a digest that was wrong on purpose and was accepted, an image whose
// embedded digest is not the computed one, two digests of one file in one algorithm. (What verify calls the
// published digest, the CCO hash, is that of the whole file too.)
func (j *judgement) digestsContradict() []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.DigestChallenge) {
		if f.Value != "refused" {
			message := fmt.Sprintf("the device answered %s to a random digest of %s: it confirms digests that are wrong, so none of its digests counts", quote(f.Value), quote(f.Subject))
			found = append(found, ruled("refused", contradicting(failed(f.Subject, message, f))))
		}
	}
	told := map[string]bool{}
	for _, f := range slices.Concat(j.observed.all(facts.EmbeddedDigest), j.observed.all(facts.ImageDigest)) {
		path := j.paths.canonical(f.Subject)
		if told[path] {
			continue
		}
		told[path] = true
		embedded, computed := j.observed.digests(facts.EmbeddedDigest, f.Subject), j.observed.digests(facts.ComputedDigest, f.Subject)
		if a, b, ok := mismatch(embedded, computed); ok {
			message := fmt.Sprintf("%s carries digest %s and the device computes %s", quote(f.Subject), short(a.fact.Value), short(b.fact.Value))
			found = append(found, ruled(a.fact.Value, contradicting(failed(f.Subject, message, b.fact, a.fact))))
		}
		stated := j.observed.digests(facts.ImageDigest, f.Subject)
		if a, b, ok := mismatch(j.observed.digests(facts.PublishedDigest, f.Subject), stated); ok {
			message := fmt.Sprintf("%s names %s as the published digest of %s and %s computes %s",
				quote(a.fact.Command), short(a.fact.Value), quote(f.Subject), quote(b.fact.Command), short(b.fact.Value))
			found = append(found, contradicting(failed(f.Subject, message, b.fact, a.fact)))
		}
		if a, b, ok := mismatch(stated, stated); ok {
			message := fmt.Sprintf("the device computes two digests of %s: %s (%s) and %s (%s)",
				quote(f.Subject), short(a.fact.Value), quote(a.fact.Command), short(b.fact.Value), quote(b.fact.Command))
			found = append(found, contradicting(failed(f.Subject, message, b.fact, a.fact)))
		}
	}
	return found
}

// signatureKinds are the digests that stand beside those of the whole file, in what verify prints.
var signatureKinds = []facts.Kind{facts.EmbeddedDigest, facts.ComputedDigest, facts.PublishedDigest}

// mismatch returns two digests of the same algorithm that differ.
func mismatch(left, right []digest) (digest, digest, bool) {
	for _, a := range left {
		for _, b := range right {
			if a.algorithm == b.algorithm && a.value != b.value {
				return a, b, true
			}
		}
	}
	return digest{}, digest{}, false
}

// judgeDigest holds one approved image file against what the device computes of it now.
func (j *judgement) judgeDigest(path string) []Finding {
	byKnown, known := j.identified(path)
	if known && byKnown.Verdict == Fail {
		return []Finding{byKnown}
	}
	found := j.judgeApprovedDigest(path)
	if known && len(found) == 1 && (found[0].Verdict == Pass || found[0].Reason == facts.NoBaseline || found[0].Reason == facts.NotComparable) {
		return []Finding{byKnown} // it is what was approved, and more than that: it is genuine
	}
	return found
}

// judgeApprovedDigest holds it against what was approved.
func (j *judgement) judgeApprovedDigest(path string) []Finding {
	want, got := j.approved.digests(facts.ImageDigest, path), j.observed.digests(facts.ImageDigest, path)
	for _, kind := range signatureKinds {
		if a, b, ok := mismatch(j.approved.digests(kind, path), j.observed.digests(kind, path)); ok {
			message := fmt.Sprintf("the %s of %s is %s; %s: %s", kind, quote(path), short(b.fact.Value), j.approvedOn(), short(a.fact.Value))
			return []Finding{j.against(a.fact.Value, failed(path, message, b.fact))}
		}
	}
	if len(want) == 0 && len(got) == 0 && !isPath(path) && j.listedPartition(path) {
		message := fmt.Sprintf("the device states no digest of partition %s, nor did it when it was approved", quote(path))
		return []Finding{notAssessed(path, facts.PlatformHasNone, message)}
	}
	if len(want) == 0 && len(got) == 0 && directories(j.observed)[j.paths.canonical(path)] {
		message := fmt.Sprintf("%s is a directory, of which the device computes no digest, nor did it when it was approved", quote(path))
		return []Finding{notAssessed(path, facts.PlatformHasNone, message)}
	}
	if len(want) == 0 {
		return []Finding{j.unapproved(path, fmt.Sprintf("no digest of %s is approved", quote(path)), facts.ImageDigest)}
	}
	if a, b, ok := mismatch(want, got); ok {
		message := fmt.Sprintf("the device computes %s of %s; %s: %s", short(b.fact.Value), quote(path), j.approvedOn(), short(a.fact.Value))
		return []Finding{j.against(a.fact.Value, failed(path, message, b.fact))}
	}
	if _, where := j.observed.locate(path); len(got) == 0 && where == absent {
		return []Finding{notAssessed(path, facts.NothingToAskFor, fmt.Sprintf("%s is not on the device, so nothing could be hashed", quote(path)))}
	}
	if len(got) > 0 && !slices.ContainsFunc(want, func(d digest) bool { return hasAlgorithm(got, d.algorithm) }) {
		message := fmt.Sprintf("the approved digest of %s is %s and the device computes %s: no algorithm in common", quote(path), quote(want[0].algorithm), quote(got[0].algorithm))
		return []Finding{notAssessed(path, facts.NotComparable, message)}
	}
	var found []Finding
	for _, a := range j.digestsMissing(path, want, got) {
		found = append(found, j.unstated(path, a))
	}
	if len(found) > 0 {
		return found
	}
	strongest := want[0].fact
	message := fmt.Sprintf("the device computes %s of %s, %s", short(strongest.Value), quote(path), j.unchanged())
	f := passed(path, message, got[slices.IndexFunc(got, func(d digest) bool { return d.algorithm == want[0].algorithm })].fact)
	if want[0].algorithm == "md5" {
		f.ResidualRisk = "MD5 only: it does not withstand an attacker who could also choose the approved file."
	}
	return []Finding{j.against(strongest.Value, f)}
}

// listedPartition reports whether the device states a partition and no question about its digest went wrong.
func (j *judgement) listedPartition(name string) bool {
	_, listed := j.observed.first(facts.Partition, name)
	g, gap := j.observed.gap(facts.ImageDigest, name, "")
	return listed && (!gap || g.Reason == facts.PlatformHasNone)
}

// digestsMissing returns the approved statements about a file that this visit lacks. Each algorithm counts: a
// digest that is withheld may be the one that would differ.
func (j *judgement) digestsMissing(path string, want, got []digest) []facts.Fact {
	var missing []facts.Fact
	for _, a := range want {
		if !hasAlgorithm(got, a.algorithm) {
			missing = append(missing, a.fact)
		}
	}
	for _, kind := range signatureKinds {
		for _, a := range j.approved.digests(kind, path) {
			if !hasAlgorithm(j.observed.digests(kind, path), a.algorithm) {
				missing = append(missing, a.fact)
			}
		}
	}
	if stated := j.approved.aboutFile(facts.DigestChallenge, path); len(stated) > 0 && len(j.observed.aboutFile(facts.DigestChallenge, path)) == 0 {
		missing = append(missing, stated[0])
	}
	return missing
}

// sameDigest finds the approved file whose bytes the file now has.
func (j *judgement) sameDigest(path string) (facts.Fact, bool) {
	got := j.observed.digests(facts.ImageDigest, path)
	for _, f := range j.approved.all(facts.ImageDigest) {
		if slices.ContainsFunc(got, func(d digest) bool { return d.fact.Value == f.Value }) {
			return f, true
		}
	}
	return facts.Fact{}, false
}
