package compare

import (
	"fmt"
	"slices"

	"trueboot/baseline"
	"trueboot/facts"
)

var imageSignature = Rule{
	Control:  "NDI-ST-04",
	Name:     "image-signature",
	Title:    "Embedded hash and digital signature",
	Pillar:   "F",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{iosForensics, iosXEForensics, iosXEIntegrity, asaForensics},
	Checks: `The device checks the signature of each image file and package and finds it good; none that was signed when it was approved is unsigned now.
		Where an image carries its vendor's published digest, that is the one that the imported lists state for its name. That the embedded
		digest equals the computed one is NDI-ST-02's.`,
	Evidence: "What the platform offers to check a signature with, such as verify, verify signature flash, and what it states of images in its repository.",
	Attacker: `Strips the signature, or has the check succeed by a patch in memory. A genuine old image is signed as well as a new one: a good signature
		says nothing against a downgrade.`,
	Next:  "Treat an image whose signature fails as modified: copy it off the device, hash it elsewhere, and do not reload.",
	check: checkImageSignature,

	software: true,
}

func checkImageSignature(j *judgement) []Finding {
	var found []Finding
	var good []facts.Fact
	for _, f := range j.observed.all(facts.Signature) {
		if !signsFile(f.Subject) {
			continue
		}
		before := j.approved.aboutFile(facts.Signature, f.Subject)
		was := func(value string) bool {
			return slices.ContainsFunc(before, func(a facts.Fact) bool { return a.Value == value })
		}
		switch {
		case f.Value == "verified":
			good = append(good, f)
		case f.Value == "absent" && was("verified"):
			message := fmt.Sprintf("%s carries no signature; it was signed when it was %s", quote(f.Subject), j.approvedOn())
			found = append(found, j.against("verified", failed(f.Subject, message, f)))
		case f.Value == "absent" && was("absent"):
			found = append(found, notAssessed(f.Subject, facts.PlatformHasNone, fmt.Sprintf("%s carries no signature, nor did it when it was approved", quote(f.Subject))))
		case f.Value == "absent":
			found = append(found, notAssessed(f.Subject, facts.NoBaseline, fmt.Sprintf("%s carries no signature, as old images do; nothing says whether it should", quote(f.Subject))))
		default:
			message := fmt.Sprintf("the signature of %s: %s", quote(f.Subject), quote(f.Value))
			found = append(found, ruled("verified", contradicting(failed(f.Subject, message, f))))
		}
	}
	for _, a := range j.approved.all(facts.Signature) {
		_, there := j.observed.locate(a.Subject)
		if signsFile(a.Subject) && a.Value == "verified" && there != absent && len(j.observed.aboutFile(facts.Signature, a.Subject)) == 0 {
			found = append(found, j.unstated(a.Subject, a))
		}
	}
	found = append(found, j.publishedDigests()...)
	switch {
	case len(found) > 0:
		return found
	case len(good) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.Signature})}
	}
	f := passed("", fmt.Sprintf("the device finds the signature of %s good, the first %s", count(len(good), "file"), quote(good[0].Subject)), good...)
	f.ResidualRisk = "A genuine old image is signed too: this says nothing against a downgrade."
	return []Finding{ruled("verified", f)}
}

// signsFile tells the signature of a stored image from that of what runs, which is NDI-RN-02's.
func signsFile(subject string) bool { return subject != "running" }

// publishedDigests holds the digest that an image carries as its vendor's published one against the lists.
func (j *judgement) publishedDigests() []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.PublishedDigest) {
		if _, ok := j.versionInName(f.Subject); !ok {
			continue
		}
		named := j.Known.Named(fileName(f.Subject))
		carries := func(i baseline.KnownImage) bool { return slices.Contains(i.Digests, f.Value) }
		states := func(i baseline.KnownImage) bool {
			return slices.ContainsFunc(i.Digests, func(d string) bool { return algorithmOf(d) == algorithmOf(f.Value) })
		}
		if i := slices.IndexFunc(named, states); i >= 0 && !slices.ContainsFunc(named, carries) {
			message := fmt.Sprintf("%s carries %s as its vendor's published digest, and that of %s is another", quote(f.Subject), short(f.Value), knownAs(named[i]))
			found = append(found, expected(named[i], algorithmOf(f.Value), failed(f.Subject, message, f)))
		}
	}
	return found
}
