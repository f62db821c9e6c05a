package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var runningSignature = Rule{
	Control:  "NDI-RN-02",
	Name:     "running-signature",
	Title:    "Running signature and running package checksums",
	Pillar:   "F/M",
	Severity: High,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{iosForensics, iosXEForensics, iosXEIntegrity, asaForensics, nxosForensics},
	Checks: `What runs was signed as it was when it was approved: by whom, as which type of image, with which certificate. The certificate of what runs is that
		of the file that booted. The checksum of each running package is the approved one, and that of the known package of its name.`,
	Evidence: "show software authenticity running and file; show version running on IOS XE.",
	Attacker: `Boots an image that he signed with another key, or one of a special type. What runs was checked at its start: a patch in memory after that
		leaves all of this as it was.`,
	Next:  "Compare the signer and the certificate's serial number with those of the stored image; a special or development image in production is an intrusion until it is explained.",
	check: checkRunningSignature,

	software: true,
}

// signedKinds are the facts about a signature that stay as they are from one boot to the next.
var signedKinds = []facts.Kind{facts.Signature, facts.SignedImageType, facts.Signer, facts.CertificateSerial, facts.SignatureDetail, facts.RunningPackageDigest}

// whoSigned are those that stay as they are from one version to the next.
var whoSigned = []facts.Kind{facts.Signature, facts.SignedImageType}

// ofRunning tells what is stated of the running system from what is stated of a file.
func ofRunning(f facts.Fact) bool {
	return f.Kind == facts.RunningPackageDigest || f.Subject == "running" || strings.HasPrefix(f.Subject, "running ")
}

func checkRunningSignature(j *judgement) []Finding {
	found := append(j.runningContradicts(), j.runningPackages()...)
	var equal []facts.Fact
	stated := false
	// Each build has a certificate of its own: that another one runs is told by NDI-VR-01.
	another := j.Approved != nil && !j.runsVersion(j.Approved.Set().Value(facts.RunningVersion))
	for _, kind := range signedKinds {
		if another && !slices.Contains(whoSigned, kind) {
			continue
		}
		d := j.deviations(kind, func(a, o string) bool { return a == o }, ofRunning)
		stated = stated || len(d.equal)+len(d.changed)+len(d.added)+len(d.unknown) > 0
		equal = append(equal, d.equal...)
		if j.Approved == nil {
			continue
		}
		for _, c := range d.changed {
			message := fmt.Sprintf("the %s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
		}
		for _, a := range d.missing {
			found = append(found, j.unstated(a.Subject, a))
		}
		for _, o := range d.added {
			message := fmt.Sprintf("the %s is %s; there was none when it was %s", describe(o), quote(o.Value), j.approvedOn())
			found = append(found, graded(Medium, failed(o.Subject, message, o)))
		}
		for _, o := range d.unknown {
			found = append(found, notAssessed(o.Subject, facts.NoBaseline, fmt.Sprintf("the %s is %s; the approval holds none", describe(o), quote(o.Value))))
		}
	}
	switch {
	case !stated && len(found) == 0:
		return []Finding{j.unstated("running", facts.Fact{Kind: facts.SignedImageType, Subject: "running"})}
	case j.Approved == nil:
		return append(found, j.noBaseline(signedKinds...))
	case len(found) > 0:
		return found
	case another:
		return []Finding{notAssessed("running", facts.NotComparable, "another version runs than was approved, which has another certificate and other packages")}
	}
	message := fmt.Sprintf("what runs is signed as when it was approved: %s, %s", count(len(equal), "statement"), j.unchanged())
	f := passed("", message, equal...)
	f.ResidualRisk = "What runs was checked when it started; what was done to it in memory since does not show here."
	return []Finding{j.against(equal[0].Value, f)}
}

// runningContradicts finds what needs no baseline: a signature that does not hold, or another certificate than that of the file that booted.
func (j *judgement) runningContradicts() []Finding {
	var found []Finding
	for _, f := range j.observed.find(facts.Signature, "running") {
		if f.Value == "failed" {
			found = append(found, ruled("verified", contradicting(graded(Critical, failed("running", "the signature of what runs does not hold", f)))))
		}
	}
	for _, kind := range []facts.Kind{facts.CertificateSerial, facts.Signer} {
		running := j.observed.find(kind, "running")
		for _, image := range j.observed.find(facts.RunningImage, "") {
			stored := j.observed.aboutFile(kind, image.Value)
			if len(running) > 0 && len(stored) > 0 && !slices.ContainsFunc(stored, func(s facts.Fact) bool { return s.Value == running[0].Value }) {
				message := fmt.Sprintf("the %s of what runs is %s, and that of %s, which booted, is %s", kind, quote(running[0].Value), quote(image.Value), quote(stored[0].Value))
				found = append(found, ruled(stored[0].Value, contradicting(failed("running", message, running[0], stored[0]))))
			}
		}
	}
	return found
}

// runningPackages holds the checksums of running packages against the known packages of their names.
func (j *judgement) runningPackages() []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.RunningPackageDigest) {
		if _, ok := j.versionInName(f.Subject); !ok {
			continue
		}
		for _, image := range j.Known.Named(fileName(f.Subject)) {
			i := slices.IndexFunc(image.Digests, func(d string) bool { return algorithmOf(d) == algorithmOf(f.Value) })
			if i >= 0 && image.Digests[i] != f.Value {
				message := fmt.Sprintf("the running package %s has %s, and is not %s", quote(f.Subject), short(f.Value), knownAs(image))
				found = append(found, expected(image, algorithmOf(f.Value), graded(Critical, failed(f.Subject, message, f))))
				break
			}
		}
	}
	return found
}
