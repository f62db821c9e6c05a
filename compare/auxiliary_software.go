package compare

import (
	"fmt"
	"regexp"
	"slices"

	"trueboot/facts"
)

var auxiliarySoftware = Rule{
	Control:  "NDI-ST-08",
	Name:     "auxiliary-software",
	Title:    "Auxiliary software verified",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601"},
	Guidance: []string{asaForensics, asaIntegrity, aa20245A},
	Checks: `Software beside the system (device managers, VPN clients and their packages, hot fixes, extensions, firmware of line cards and FPGAs) has the digests that were approved or
		that are known of it, and the platform's own check of its signatures and engines found nothing.`,
	Evidence: "The digests that the device computes of such files; diagnose autoupdate signature check-all on FortiOS.",
	Attacker: "Replaces a package that the device hands out to every user's machine, or one whose scripts the device runs, and leaves the image alone.",
	Next:     "Hash the package off the device and compare it with the vendor's; have users who received it looked at.",
	Manual:   `On ASA: "show import webvpn plug-in detail" prints a digest of each plug-in; to hash a customization object it has to be exported, which writes a file.`,
	check:    checkAuxiliarySoftware,
}

// asdm-7181-152.bin
// anyconnect-win-4.10.07061-webdeploy-k9.pkg
// cisco-secure-client-win-5.1.2.42-webdeploy-k9.pkg
// csd_3.6.6259.0-k9.pkg
// hostscan_4.10.07061-k9.pkg
// n9000-epld.9.3.10.img
// ipsla-1.2.swix
// Hotfix-BIGIP-16.1.3.3-0.0.3-ENG.iso
// isr4200_4300_rommon_1612_1r_SPA.pkg
var auxiliaryName = regexp.MustCompile(`(?i)^(?:asdm|dm)-.*\.bin$|anyconnect|secure-?client|^(?:csd|hostscan|sslclient)[_-].*\.pkg$|\bepld\b|\bfpd\b|\.swix$|^hotfix-|rommon.*\.pkg$|^cpld|webdeploy`)

func checkAuxiliarySoftware(j *judgement) []Finding {
	var found []Finding
	var good []facts.Fact
	for _, f := range j.observed.all(facts.IntegrityCheck) {
		switch {
		case provesHardware(f) || f.Subject == systemIntegrity: // NDI-HW-03, NDI-RN-07
		case failedCheck.MatchString(f.Value):
			found = append(found, ruled("passed", failed(f.Subject, fmt.Sprintf("%s: %s", describe(f), quote(f.Value)), f)))
		default:
			good = append(good, f)
		}
	}
	auxiliary := 0
	for _, file := range j.observed.all(facts.File) {
		if !auxiliaryName.MatchString(baseName(file.Subject)) {
			continue
		}
		auxiliary++
		digests := j.observed.aboutFile(facts.ImageDigest, file.Subject)
		if len(digests) == 0 {
			found = append(found, j.unstated(file.Subject, facts.Fact{Kind: facts.ImageDigest, Subject: file.Subject}))
			continue
		}
		if finding, known := j.identified(file.Subject); known {
			if finding.Verdict == Pass {
				good = append(good, digests[0])
			} else {
				found = append(found, finding)
			}
			continue
		}
		approved := j.approved.aboutFile(facts.ImageDigest, file.Subject)
		same := func(d facts.Fact) bool {
			return slices.ContainsFunc(approved, func(a facts.Fact) bool { return a.Value == d.Value })
		}
		comparable := func(d facts.Fact) bool {
			return slices.ContainsFunc(approved, func(a facts.Fact) bool { return algorithmOf(a.Value) == algorithmOf(d.Value) })
		}
		switch i := slices.IndexFunc(digests, func(d facts.Fact) bool { return comparable(d) && !same(d) }); {
		case i >= 0:
			message := fmt.Sprintf("%s has %s; %s: %s", quote(file.Subject), short(digests[i].Value), j.approvedOn(), short(approved[0].Value))
			found = append(found, j.against(approved[0].Value, failed(file.Subject, message, digests[i])))
		case slices.ContainsFunc(digests, same):
			good = append(good, digests[0])
		default:
			found = append(found, notAssessed(file.Subject, facts.NoBaseline, fmt.Sprintf("%s has %s; neither an approval nor a list knows it", quote(file.Subject), short(digests[0].Value))))
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(good) > 0:
		return []Finding{ruled("known or approved", passed("", fmt.Sprintf("%s of auxiliary software, all known, approved or found in order by the device, the first about %s", count(len(good), "statement"), quote(good[0].Subject)), good...))}
	case len(j.observed.all(facts.File)) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.File})}
	}
	return append(j.unlisted("files", facts.File), notAssessed("", facts.NothingToAskFor, "no file in the listings has the name of auxiliary software"))
}
