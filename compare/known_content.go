package compare

import (
	"fmt"

	"trueboot/facts"
)

var knownContent = Rule{
	Control:  "NDI-XC-04",
	Name:     "known-content",
	Title:    "A file that was displayed has the digest that the device computes (trueboot's own cross-check)",
	Pillar:   "L",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosXEForensics},
	Checks: `The text of a file that the device displays in full is hashed here, and the device computes the digest of the same file: they are equal. Where
		the text has another length than the listing says, the terminal changed it, and nothing is concluded.`,
	Evidence: `more packages.conf and verify of the same file, on IOS XE in install mode. The startup configuration would serve as well, and is never
		read whole, since it holds passwords.`,
	Attacker: `Forges what "verify" answers, or what "more" displays, and has to do both alike. A digest is computed rightly of a file that nobody
		changed: a PASS says that the two commands agree on this file.`,
	Next:  "Copy the file off the device and hash it elsewhere; one of the two commands does not tell what is there.",
	check: checkKnownContent,
}

func checkKnownContent(j *judgement) []Finding {
	var found []Finding
	var equal []facts.Fact
	told := map[string]bool{}
	for _, f := range j.observed.all(facts.ContentDigest) {
		file := j.paths.canonical(f.Subject)
		if told[file] {
			continue
		}
		told[file] = true
		computed := j.observed.digests(facts.ImageDigest, f.Subject)
		size, sized := j.observed.first(facts.ContentSize, f.Subject)
		stored := j.observed.aboutFile(facts.File, f.Subject)
		switch {
		case len(computed) == 0:
			found = append(found, j.unstated(f.Subject, facts.Fact{Kind: facts.ImageDigest, Subject: f.Subject}))
		case !sized || len(stored) == 0:
			found = append(found, j.unstated(f.Subject, facts.Fact{Kind: facts.File, Subject: f.Subject}))
		case size.Value != stored[0].Value:
			message := fmt.Sprintf("%s was displayed with %s bytes and has %s: the text is not the file, byte for byte", quote(f.Subject), size.Value, quote(stored[0].Value))
			found = append(found, notAssessed(f.Subject, facts.NotComparable, message))
		default:
			here := j.observed.digests(facts.ContentDigest, f.Subject)
			if a, b, ok := mismatch(here, computed); ok {
				message := fmt.Sprintf("the text of %s that the device displays has %s, and the device computes %s of the file", quote(f.Subject), short(a.fact.Value), short(b.fact.Value))
				found = append(found, ruled(a.fact.Value, contradicting(failed(f.Subject, message, b.fact, a.fact))))
				continue
			}
			for _, d := range computed {
				if hasAlgorithm(here, d.algorithm) {
					equal = append(equal, d.fact)
				}
			}
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(told) == 0:
		if _, ok := j.unanswered("", facts.ContentDigest); ok {
			return []Finding{j.unstated("", facts.Fact{Kind: facts.ContentDigest})}
		}
		return []Finding{notAssessed("", facts.PlatformHasNone, "the device was asked to display no file in full")}
	case len(equal) == 0:
		return []Finding{notAssessed("", facts.NotComparable, "the device computes no digest in an algorithm that was computed here")}
	}
	return []Finding{passed("", fmt.Sprintf("%s of %s as computed here of the text that it displays", count(len(equal), "digest"), quoteList(subjects(equal[:1]))), equal...)}
}
