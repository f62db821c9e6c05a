package compare

import (
	"fmt"
	"slices"

	"trueboot/facts"
)

var offBoxDigest = Rule{
	Control:  "NDI-ST-03",
	Name:     "off-box-digest",
	Title:    "Stored image hash computed off the device",
	Pillar:   "F",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosXEIntegrity, hardening2013},
	Checks: `The image files are fetched over SFTP or SCP and hashed here, in every algorithm. Their digests are those that the device computes
		itself; they are those of a known image of that name, or the approved ones. Nothing is changed on the device to make it serve files.`,
	Evidence: "sftp, or scp -f, of each file whose digest the device was asked for; only with --off-box.",
	Attacker: `Patches the image and forges what "verify" answers: the bytes give him away. A rootkit that serves a clean copy of the file, as it
		computes a clean digest, does not show here.`,
	Next:  "Do not reload. Keep the copy (--off-box-keep), compare it with the vendor's image byte for byte, and treat the device as compromised.",
	check: checkOffBoxDigest,

	software: true,
}

func checkOffBoxDigest(j *judgement) []Finding {
	var found []Finding
	told := map[string]bool{}
	for _, f := range j.observed.all(facts.PulledDigest) {
		file := j.paths.canonical(f.Subject)
		if !told[file] {
			told[file] = true
			found = append(found, j.judgePulled(f.Subject))
		}
	}
	for _, g := range j.Observed.Gaps {
		if slices.Contains(g.Kinds, facts.PulledDigest) {
			found = append(found, notAssessed(g.Subject, g.Reason, "the image was not fetched: "+explain(g)))
		}
	}
	if len(found) == 0 {
		if len(j.Observed.Facts) == 0 {
			return []Finding{j.unstated("", facts.Fact{Kind: facts.RunningImage})}
		}
		return []Finding{notAssessed("", facts.NotCollected, "no image was fetched to be hashed here; trueboot sweep --off-box does that")}
	}
	return found
}

// judgePulled holds what was fetched against what the device computes, what is known and what is approved, in this order.
func (j *judgement) judgePulled(file string) Finding {
	pulled := j.observed.digests(facts.PulledDigest, file)
	if len(pulled) == 0 {
		return notAssessed(file, facts.ParseIncomplete, fmt.Sprintf("what is stated of %s as fetched is no digest", quote(file)))
	}
	computed := j.observed.digests(facts.ImageDigest, file)
	if a, b, ok := mismatch(pulled, computed); ok {
		message := fmt.Sprintf("%s has %s as it was fetched, and the device computes %s: it lies in one of the two", quote(file), short(a.fact.Value), short(b.fact.Value))
		if size, ok := j.observed.first(facts.PulledSize, file); ok {
			if stored := j.observed.aboutFile(facts.File, file); len(stored) > 0 && stored[0].Value != size.Value {
				message += fmt.Sprintf(" (%s bytes came, and the listing says %s)", size.Value, quote(stored[0].Value))
			}
		}
		return ruled(b.fact.Value, contradicting(failed(file, message, a.fact, b.fact)))
	}
	agrees := ", as the device computes it"
	if !slices.ContainsFunc(pulled, func(d digest) bool { return hasAlgorithm(computed, d.algorithm) }) {
		agrees = "; the device computes no digest to compare it with"
	}
	strongest := pulled[0]
	switch id := j.identifyBy(file, pulled); id.kind {
	case foreign:
		message := fmt.Sprintf("%s bears the name of %s, and has %s as it was fetched: it is not that image", quote(file), knownAs(id.image), short(id.fact.Value))
		return expected(id.image, algorithmOf(id.fact.Value), failed(file, message, id.fact))
	case chimera:
		message := fmt.Sprintf("%s of %s is that of %s, and %s is not: the list is wrong, since both were computed here", short(id.fact.Value), quote(file), knownAs(id.image), short(id.other.Value))
		return notAssessed(file, facts.NotComparable, message)
	case genuine, renamed:
		message := fmt.Sprintf("%s has %s as it was fetched, which is %s%s", quote(file), short(id.fact.Value), knownAs(id.image), agrees)
		if id.kind == renamed {
			message += ", under another name"
		}
		return withClean(expected(id.image, algorithmOf(id.fact.Value), passed(file, message, id.fact)))
	case unidentified:
	}
	for _, kind := range []facts.Kind{facts.PulledDigest, facts.ImageDigest} {
		want := j.approved.digests(kind, file)
		if a, b, ok := mismatch(want, pulled); ok {
			message := fmt.Sprintf("%s has %s as it was fetched; %s: %s", quote(file), short(b.fact.Value), j.approvedOn(), short(a.fact.Value))
			return j.against(a.fact.Value, failed(file, message, b.fact))
		}
		for _, w := range want {
			if i := slices.IndexFunc(pulled, func(d digest) bool { return d.algorithm == w.algorithm }); i >= 0 {
				message := fmt.Sprintf("%s has %s as it was fetched%s, %s", quote(file), short(pulled[i].fact.Value), agrees, j.unchanged())
				return withClean(j.against(w.fact.Value, passed(file, message, pulled[i].fact)))
			}
		}
	}
	message := fmt.Sprintf("%s has %s as it was fetched%s; no digest of it is approved or known", quote(file), short(strongest.fact.Value), agrees)
	return notAssessed(file, facts.NoBaseline, message)
}

// withClean says what a PASS leaves open.
func withClean(f Finding) Finding {
	f.ResidualRisk = "A device that is wholly in an attacker's hands can serve a clean copy of the file."
	return f
}
