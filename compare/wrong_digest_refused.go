package compare

import (
	"fmt"

	"trueboot/facts"
)

var wrongDigestRefused = Rule{
	Control:  "NDI-XC-02",
	Name:     "wrong-digest-refused",
	Title:    "A digest that is wrong on purpose is refused (trueboot's own cross-check)",
	Pillar:   "L",
	Severity: Critical,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{ndiMethodology, iosForensics},
	Checks: `The device is asked to verify its running image against a random digest, and says that it does not match. One that answers "Verified"
		confirms whatever it is asked, so that none of its answers about files counts.`,
	Evidence: "verify /md5 of the running image with the random digest of the session. No expected digest is ever sent.",
	Attacker: `Makes "verify" succeed always, which is the simplest way to hide a patched image. One that knows the genuine digest and states it
		refuses the random one too: a PASS rules out the simple lie and no other.`,
	Next:  "Treat every digest that the device states as forged: copy the image off the device and hash it elsewhere (NDI-ST-03).",
	check: checkWrongDigestRefused,
}

func checkWrongDigestRefused(j *judgement) []Finding {
	var refused []facts.Fact
	var found []Finding
	for _, f := range j.observed.all(facts.DigestChallenge) {
		if f.Value == "refused" {
			refused = append(refused, f)
			continue
		}
		message := fmt.Sprintf("the device answered %s to a random digest of %s: it confirms what is wrong", quote(f.Value), quote(f.Subject))
		found = append(found, ruled("refused", contradicting(failed(f.Subject, message, f))))
	}
	switch {
	case len(found) > 0:
		return found
	case len(refused) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.DigestChallenge, Subject: j.Observed.Value(facts.RunningImage)})}
	}
	f := passed("", fmt.Sprintf("refused a random digest of %s: it does not confirm everything", quoteList(subjects(refused))), refused...)
	f.ResidualRisk = "A device that knows the genuine digest refuses a wrong one too."
	return []Finding{ruled("refused", f)}
}

func subjects(all []facts.Fact) []string {
	var names []string
	for _, f := range all {
		names = append(names, f.Subject)
	}
	return names
}
