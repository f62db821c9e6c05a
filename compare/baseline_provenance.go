package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

var baselineProvenance = Rule{
	Control:  "NDI-CC-03",
	Name:     "baseline-provenance",
	Title:    "Baseline provenance",
	Pillar:   "P",
	Severity: High,
	ATTACK:   []string{"T1195.002"},
	Guidance: []string{iosXEIntegrity, asaIntegrity, hardening2013},
	Checks: `The digests of the approved images come from somebody else than the device: a vendor's signed list, its page, an own copy of the image or a device like it. What was taken over from the device itself (first-seen) proves that
		nothing changed since, and no more. A baseline whose signature does not hold is refused before anything is judged.`,
	Evidence: "The approval, and the lists of known images that were imported.",
	Attacker: "Changes the image before it is first seen, or the baseline afterwards.",
	Next:     "Import the vendor's list (trueboot known import), or approve with --provenance after you compared the digests.",
	check:    checkBaselineProvenance,
}

// provenances are in order, the strongest first (ndi.md, NDI-CC-03).
var provenances = []baseline.Provenance{baseline.VendorSigned, baseline.VendorPage, baseline.OwnImage, baseline.Twin, baseline.FirstSeen}

func checkBaselineProvenance(j *judgement) []Finding {
	if f, silent := j.silent(); silent {
		return f
	}
	if j.Approved == nil {
		return []Finding{notAssessed("", facts.NoBaseline, "nothing is approved for this device")}
	}
	own := cmp.Or(j.Approved.Provenance, baseline.FirstSeen)
	counts := map[baseline.Provenance]int{}
	weakest, example := 0, ""
	for _, path := range j.approvedImages() {
		for _, d := range j.approved.aboutFile(facts.ImageDigest, path)[:min(1, len(j.approved.aboutFile(facts.ImageDigest, path)))] {
			best := own
			for _, known := range j.Known.Digest(d.Value) {
				if slices.Index(provenances, known.Provenance) < slices.Index(provenances, best) {
					best = known.Provenance
				}
			}
			counts[best]++
			if rank := slices.Index(provenances, best); rank >= weakest {
				weakest, example = rank, path
			}
		}
	}
	by := fmt.Sprintf("approved by %s on %s", quote(j.Approved.By), date(j.Approved.At))
	if j.Approved.Ticket != "" {
		by += ", ticket " + quote(j.Approved.Ticket)
	}
	if len(counts) == 0 {
		f := notAssessed("", facts.NoBaseline, "the approval holds no digest of an image, "+by)
		return []Finding{f}
	}
	var words []string
	for _, p := range provenances {
		if counts[p] > 0 {
			words = append(words, fmt.Sprintf("%d %s", counts[p], p))
		}
	}
	if provenances[weakest] == baseline.FirstSeen {
		f := notAssessed("", facts.NoBaseline, fmt.Sprintf("digests of approved images: %s, %s; nobody but the device vouches for that of %s", strings.Join(words, ", "), by, quote(example)))
		f.Next = "Import the vendor's list with \"trueboot known import\", or compare the digest with the vendor's page and approve with that provenance."
		return []Finding{f}
	}
	f := passed("", fmt.Sprintf("digests of approved images: %s, %s", strings.Join(words, ", "), by))
	f.Tier = facts.EX
	f.Observed = &Observation{Value: fmt.Sprintf("approval %d", j.Approved.Number), CollectedAt: j.Approved.At}
	f.Expected = &Expectation{Value: string(provenances[weakest]), Provenance: provenances[weakest], Since: j.since()}
	return []Finding{f}
}
