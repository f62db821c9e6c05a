package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/facts"
)

var signerIdentity = Rule{
	Control:  "NDI-ST-05",
	Name:     "signer-identity",
	Title:    "Signer identity and signing time plausible",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.001", "T1601.002"},
	Guidance: []string{iosForensics, iosXEForensics, asaForensics, nxosForensics},
	Checks: `Each stored image is signed by whom it was signed when it was approved, with the same algorithm and key version. Where the certificate's serial number reads as a time, that time
		lies behind the one at which the image was compiled, and at most some weeks; and it is not older than that of the image approved in its place. The reading as a time follows from samples and from no
		document of the vendor, so that a FAIL which rests on it alone is low.`,
	Evidence: "show software authenticity file on IOS XE, NX-OS and ASA; show version (compile time).",
	Attacker: "Signs a modified image again with another key; or brings back an old image with every version string edited, whose signing time he can't edit.",
	Next:     "Compare signer and serial number with those of an image from the vendor; hash the file off the device.",
	check:    checkSignerIdentity,
}

const (
	// signedWithin is how long behind its compilation an image may be signed.
	signedWithin = 60 * 24 * time.Hour
	// signingSkew is how far the clocks of a build farm may differ; a compile time may be in any zone.
	signingSkew = 36 * time.Hour
)

// signedAt reads a certificate's serial number as a time (inferred, ndi.md ST-05): eight hexadecimal digits, seconds since 1970.
//
//	68CD837A
func signedAt(serial string) (time.Time, bool) {
	if len(serial) != 8 {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseUint(serial, 16, 32)
	at := time.Unix(int64(seconds), 0).UTC()
	return at, err == nil && at.Year() >= 2005
}

// compileTimes are the forms in which a compile time is printed, without what says the zone.
var compileTimes = []string{
	"Mon 2-Jan-06 15:04",      // Wed 26-Jun-13 02:49
	"Mon 2-Jan-2006 15:04",    // Fri 13-May-2016 10:07
	"01/02/2006 15:04:05",     // 2/22/2023 12:00:00 [01/11/2023 20:08:26]: the second is when it was built
	"1/2/2006 15:04:05",       // 2/22/2022 10:00:00
	"Mon 2 Jan 2006 15:04",    // Thu 28 Aug 2025 10:11
	"Mon 2-Jan-06 15:04 MST",  // Thu 28-Aug-25 10:11 GMT
	"Mon Jan 2 15:04:05 2006", // Fri May 13 10:07:40 2016
}

func compiledAt(text string) (time.Time, bool) {
	if _, built, ok := strings.Cut(text, " ["); ok {
		text = strings.TrimSuffix(built, "]")
	}
	text, _, _ = strings.Cut(text, " by ")
	text = strings.Join(strings.Fields(text), " ")
	for _, form := range compileTimes {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func checkSignerIdentity(j *judgement) []Finding {
	found := j.signingTimes()
	if j.Approved == nil {
		return append(found, j.noBaseline(facts.Signer))
	}
	stored := func(f facts.Fact) bool { return !ofRunning(f) }
	var equal []facts.Fact
	for _, kind := range []facts.Kind{facts.Signer, facts.SignatureDetail} {
		d := j.deviations(kind, equalText, stored)
		equal = append(equal, d.equal...)
		for _, c := range d.changed {
			message := fmt.Sprintf("%s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
		}
		if kind != facts.Signer {
			continue
		}
		for _, a := range d.missing {
			if _, there := j.observed.locate(a.Subject); there != absent {
				found = append(found, j.unstated(a.Subject, a))
			}
		}
		for _, o := range slices.Concat(d.added, d.unknown) {
			found = append(found, j.newSigner(o)...)
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(equal) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.Signer})}
	}
	return []Finding{j.unchangedPass("signers of the stored images", equal)}
}

// newSigner judges the signer of an image that was not approved: those of the images beside it tell who signs for this platform.
func (j *judgement) newSigner(o facts.Fact) []Finding {
	var known []string
	for _, a := range j.approved.all(facts.Signer) {
		if a.Value == o.Value {
			return nil
		}
		if !ofRunning(a) {
			known = append(known, a.Value)
		}
	}
	if len(known) == 0 {
		return []Finding{notAssessed(o.Subject, facts.NoBaseline, fmt.Sprintf("%s is %s; the approval holds no signer", describe(o), quote(o.Value)))}
	}
	message := fmt.Sprintf("%s is %s; those of the images %s: %s", describe(o), quote(o.Value), j.approvedOn(), quoteList(known))
	return []Finding{j.against(known[0], graded(Medium, failed(o.Subject, message, o)))}
}

// signingTimes judges the signing times that are inferred from serial numbers.
func (j *judgement) signingTimes() []Finding {
	const inferred = "; inferred from the certificate's serial number, a heuristic"
	var found []Finding
	compiled, known := compiledAt(j.Observed.Value(facts.CompileTime))
	for _, f := range j.observed.all(facts.CertificateSerial) {
		at, ok := signedAt(f.Value)
		if !ok || ofRunning(f) && f.Subject != "running" || j.borneSerial(f) {
			continue
		}
		runs := f.Subject == "running" || slices.ContainsFunc(j.observed.all(facts.RunningImage), func(r facts.Fact) bool { return j.paths.same(r.Value, f.Subject) })
		message := ""
		switch {
		case !known || !runs:
		case at.Before(compiled.Add(-signingSkew)):
			message = fmt.Sprintf("%s was signed on %s, before it was compiled (%s)", quote(f.Subject), date(at), date(compiled))
		case at.After(compiled.Add(signedWithin)):
			message = fmt.Sprintf("%s was signed on %s, long after it was compiled (%s)", quote(f.Subject), date(at), date(compiled))
		}
		if message != "" {
			found = append(found, graded(Low, failed(f.Subject, message+inferred, f)))
		}
		for _, a := range j.approved.aboutFile(facts.CertificateSerial, f.Subject) {
			if before, ok := signedAt(a.Value); ok && at.Before(before) {
				message := fmt.Sprintf("%s was signed on %s, before the one %s in its place (%s)%s", quote(f.Subject), date(at), j.approvedOn(), date(before), inferred)
				found = append(found, j.against(a.Value, graded(Low, failed(f.Subject, message, f))))
			}
		}
	}
	return found
}

// borneSerial reports whether this very certificate was approved: a heuristic says nothing against what somebody looked at.
func (j *judgement) borneSerial(f facts.Fact) bool {
	return slices.ContainsFunc(j.approved.aboutFile(facts.CertificateSerial, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
}
