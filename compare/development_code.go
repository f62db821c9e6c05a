package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var developmentCode = Rule{
	Control:  "NDI-BC-07",
	Name:     "development-code",
	Title:    "Development / unsigned code not permitted",
	Pillar:   "H",
	Severity: High,
	ATTACK:   []string{"T1601.001", "T1542"},
	Guidance: []string{nxosForensics, iosXEForensics},
	Checks: `What runs and what will boot is signed for production: its type is no special or development one, no name says so (.SSA. in the place of .SPA.), the boot settings allow no
		development key, and the level at which the platform enforces signatures did not drop. What was approved as such is borne.`,
	Evidence: "show software authenticity, show boot (Allow Dev Key), the names of images and packages, the BIOS security level of FortiOS.",
	Attacker: "Signs an implant with a leaked or development key, or lowers the level so that unsigned code boots.",
	Next:     "Compare the image with the vendor's; a special build has a case number. Set the level back before the next reload.",
	check:    checkDevelopmentCode,
}

var (
	// asr1000rp2-adventerprisek9.03.09.01.S.153-2.S1.SSA.bin
	developmentName = regexp.MustCompile(`(?i)\.SSA(?:\.|$)`)

	// Special
	// Development
	developmentSigned = regexp.MustCompile(`(?i)special|develop|engineer|test|debug`)

	// Production
	// Release
	productionSigned = regexp.MustCompile(`(?i)^(?:production|release)\b`)
)

func checkDevelopmentCode(j *judgement) []Finding {
	var found []Finding
	var good []facts.Fact
	borne := func(f facts.Fact) bool {
		return slices.ContainsFunc(j.approved.all(f.Kind), func(a facts.Fact) bool { return a.Subject == f.Subject && a.Value == f.Value })
	}
	for _, f := range j.observed.all(facts.SignedImageType) {
		switch {
		case developmentSigned.MatchString(f.Value) && !borne(f):
			found = append(found, ruled("Production", failed(f.Subject, fmt.Sprintf("%s is %s", describe(f), quote(f.Value)), f)))
		case productionSigned.MatchString(f.Value) || borne(f):
			good = append(good, f)
		default:
			found = append(found, notAssessed(f.Subject, facts.ParseIncomplete, fmt.Sprintf("%s is %s, which is no type that is known", describe(f), quote(f.Value))))
		}
	}
	for _, kind := range []facts.Kind{facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.PackageFile} {
		for _, f := range j.observed.all(kind) {
			if developmentName.MatchString(baseName(f.Value)) && !borne(f) {
				found = append(found, failed(f.Value, fmt.Sprintf("%s is %s, an image that is not signed for production", describe(f), quote(f.Value)), f))
			}
		}
	}
	for _, f := range j.observed.all(facts.BootSetting) {
		if strings.Contains(strings.ToLower(f.Subject), "dev key") && strings.EqualFold(f.Value, "yes") && !borne(f) {
			found = append(found, ruled("no", failed(f.Subject, fmt.Sprintf("%s is %s: the device boots what is signed with a development key", describe(f), quote(f.Value)), f)))
		}
	}
	for _, a := range j.approved.all(facts.IntegritySetting) {
		for _, f := range j.observed.find(facts.IntegritySetting, a.Subject) {
			before, now := enforcement(a.Value), enforcement(f.Value)
			switch {
			case !anchors(a) || now < 0 || before < 0:
			case now < before:
				message := fmt.Sprintf("%s dropped to %s; %s: %s", describe(f), quote(f.Value), j.approvedOn(), quote(a.Value))
				found = append(found, j.against(a.Value, failed(f.Subject, message, f)))
			default:
				good = append(good, f)
			}
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(good) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.SignedImageType})}
	}
	return []Finding{ruled("Production", passed("", fmt.Sprintf("%s about what is signed, all for production, the first about %s", count(len(good), "statement"), quote(good[0].Subject)), good...))}
}

// enforcement ranks a level of enforcement, -1 for one that is not known.
//
//	Security Level: 2
//	Current Security Level: High
func enforcement(level string) int {
	switch strings.ToLower(level) {
	case "0", "none", "disabled", "off":
		return 0
	case "1", "low":
		return 1
	case "2", "high", "enabled", "enforcing", "on":
		return 2
	}
	return -1
}
