package compare

import (
	"fmt"

	"trueboot/facts"
)

var digestsTogether = Rule{
	Control:  "NDI-XC-03",
	Name:     "digests-together",
	Title:    "Two digests of a file belong to one known image (trueboot's own cross-check)",
	Pillar:   "F",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosXEIntegrity},
	Checks: `Where the device computes digests of a file in two algorithms and both are known of some image (trueboot known import), they are those of
		one image. No file has the MD5 of one image and the SHA-512 of another: a device that states such a pair makes one of them up.`,
	Evidence: "What the platform offers to hash a file with, in each algorithm, and the imported lists.",
	Attacker: `Forges the MD5 that everybody publishes and forgets the SHA-512, or answers one of the two commands only. One that holds a clean copy of
		the image states both as they should be.`,
	Next:  "Copy the file off the device and hash it elsewhere (NDI-ST-03); until then none of the device's digests counts.",
	check: checkDigestsTogether,
}

func checkDigestsTogether(j *judgement) []Finding {
	var found []Finding
	var evidence []facts.Fact
	told := map[string]bool{}
	one, unknown := 0, 0 // files of which one algorithm was computed, and of which not both are known
	for _, f := range j.observed.all(facts.ImageDigest) {
		file := j.paths.canonical(f.Subject)
		if told[file] {
			continue
		}
		told[file] = true
		stated := j.observed.digests(facts.ImageDigest, f.Subject)
		if len(stated) < 2 || stated[0].algorithm == stated[len(stated)-1].algorithm {
			one++
			continue
		}
		switch id := j.identify(f.Subject); {
		case id.kind == chimera:
			message := fmt.Sprintf("%s of %s is that of %s, and %s is not: no file has both", short(id.fact.Value), quote(f.Subject), knownAs(id.image), short(id.other.Value))
			found = append(found, expected(id.image, algorithmOf(id.other.Value), contradicting(failed(f.Subject, message, id.other, id.fact))))
		case (id.kind == genuine || id.kind == renamed) && knowsAll(id.image.Digests, stated):
			for _, d := range stated {
				evidence = append(evidence, d.fact)
			}
		default:
			unknown++
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(evidence) > 0:
		return []Finding{passed("", fmt.Sprintf("%s belong together: each file's are those of one known image", count(len(evidence), "digest")), evidence...)}
	case unknown > 0:
		return []Finding{notAssessed("", facts.NoBaseline, fmt.Sprintf("of %s both digests are stated, and the imported lists do not know both", count(unknown, "file")))}
	case one > 0:
		return []Finding{notAssessed("", facts.PlatformHasNone, fmt.Sprintf("the device computes one digest of each file (%s): there is nothing to hold it against", count(one, "file")))}
	}
	return []Finding{j.unstated("", facts.Fact{Kind: facts.ImageDigest})}
}

// knowsAll reports whether a list states each algorithm that the device computes.
func knowsAll(known []string, stated []digest) bool {
	algorithms := map[string]bool{}
	for _, d := range known {
		algorithms[algorithmOf(d)] = true
	}
	for _, d := range stated {
		if !algorithms[d.algorithm] {
			return false
		}
	}
	return true
}
