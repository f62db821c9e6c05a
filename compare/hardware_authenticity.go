package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var hardwareAuthenticity = Rule{
	Control:  "NDI-HW-03",
	Name:     "hardware-authenticity",
	Title:    "Hardware authenticity and trust-anchor capability",
	Pillar:   "H",
	Severity: Critical,
	ATTACK:   []string{"T1542", "T1195.003"},
	Guidance: []string{aa23270A, iosXEForensics, arcaneDoor},
	Checks: `Every part that can prove to be genuine does, and what the platform says about its secure boot is as strict as it was when it was approved.
		Hardware that offers no proof is no FAIL; it is told as a residual risk, since the implants that outlive an upgrade were found on models without secure boot.`,
	Evidence: "show platform hardware authentication status on IOS XE; the BIOS security level of FortiOS; what else a platform says about its secure boot.",
	Attacker: "Sells a counterfeit part, switches off the registers that record what was booted, or keeps a model in service that has no secure boot.",
	Next:     "A part that fails to prove what it is: take the device out of service, and ask the vendor with its serial number.",
	Manual:   "On a platform without such a command, look the model up in the vendor's list of those with secure boot, and plan to replace the others.",
	check:    checkHardwareAuthenticity,
}

// provesHardware chooses the results of parts that prove what they are.
func provesHardware(f facts.Fact) bool { return strings.Contains(f.Subject, "authentication of ") }

// anchors chooses the settings of a secure boot.
func anchors(f facts.Fact) bool { return f.Subject == "security level" || f.Subject == "secure boot" }

// FAILED
// Signature verification failed
// un-certified
var failedCheck = regexp.MustCompile(`(?i)\bfail|invalid|mismatch|un-?certified|not genuine|corrupt|tamper`)

const noAnchor = "Nothing here is anchored in hardware: a boot kit would outlive an upgrade and show in nothing that the running system states."

func checkHardwareAuthenticity(j *judgement) []Finding {
	var found []Finding
	var proved []facts.Fact
	without := 0
	for _, f := range j.observed.all(facts.IntegrityCheck) {
		switch {
		case !provesHardware(f):
		case failedCheck.MatchString(f.Value):
			found = append(found, ruled("Passed", failed(f.Subject, fmt.Sprintf("%s: %s", describe(f), quote(f.Value)), f)))
		case strings.EqualFold(f.Value, "passed"):
			proved = append(proved, f)
		default:
			without++
		}
	}
	for _, about := range []struct {
		kind   facts.Kind
		choose func(facts.Fact) bool
	}{{facts.IntegrityCheck, provesHardware}, {facts.IntegritySetting, anchors}} {
		if j.Approved == nil {
			continue
		}
		d := j.deviations(about.kind, equalText, about.choose)
		for _, c := range d.changed {
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Subject == c.observed.Subject }) {
				message := fmt.Sprintf("%s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
				found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
			}
		}
		for _, a := range d.missing {
			found = append(found, j.unstated(a.Subject, a))
		}
		if about.kind == facts.IntegritySetting {
			proved = append(proved, d.equal...)
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(proved) == 0 && without > 0:
		f := notAssessed("", facts.PlatformHasNone, fmt.Sprintf("%s can't prove to be genuine", count(without, "part")))
		f.ResidualRisk = noAnchor
		return []Finding{f}
	case len(proved) == 0:
		f := j.unstated("", facts.Fact{Kind: facts.IntegrityCheck})
		f.ResidualRisk = noAnchor
		return []Finding{f}
	}
	f := passed("", fmt.Sprintf("%s about the hardware and its secure boot, none of them bad, the first about %s", count(len(proved), "statement"), quote(proved[0].Subject)), proved...)
	f.ResidualRisk = "The running system reports these results; it could report them without a check."
	return []Finding{ruled(proved[0].Value, f)}
}
