package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var bootLoaderVersion = Rule{
	Control:  "NDI-BC-01",
	Name:     "boot-loader-version",
	Title:    "Boot loader / ROMMON / BIOS version approved, not swapped",
	Pillar:   "H",
	Severity: High,
	ATTACK:   []string{"T1542.004", "T1542.001", "T1495", "T1601"},
	Guidance: []string{iosForensics, asaForensics, aa23270A, arcaneDoor, attackROMMONkit},
	Checks: `The version of every boot loader, ROMMON, BIOS and the like that the device states, those of supervisors and line
		cards too, equals the approved one. None calls itself a development build, and no log tells that a boot loader
		was tampered with: the fixed release of Cisco ASA leaves firmware_update.log where it found and removed a boot kit.`,
	Evidence: "What the platform says about its boot loaders, such as show version (ROM:, BOOTLDR:), show platform, show module; the listings of files.",
	Attacker: `Replaces or downgrades the boot loader, which then loads any image and outlives a change of the operating
		system. The running system reports this version, and a modified one can report the approved
		number: a PASS at tier E0 excludes a careless change, not a ROMMON kit. Only a signed measurement (NDI-BC-08) does.`,
	Next:  "Look for a ROMMON upgrade in change records; on the console, read the version that the boot loader itself prints at power-on.",
	check: checkBootLoaderVersion,
}

func checkBootLoaderVersion(j *judgement) []Finding {
	found := j.bootLoaderTampered()
	if j.Approved == nil {
		return append(found, j.noBaseline(facts.BootLoaderVersion))
	}
	d := j.deviations(facts.BootLoaderVersion, equalText, nil)
	for _, c := range d.changed {
		stands := ""
		switch order, _ := j.order(c.observed.Value, c.approved.Value); order {
		case facts.Same:
			d.equal = append(d.equal, c.observed) // one version in two spellings
			continue
		case facts.Older:
			stands = "older than "
		case facts.Newer:
			stands = "newer than "
		case facts.Incomparable:
			stands = "not "
		}
		message := fmt.Sprintf("%s is %s, %sthe one %s: %s",
			describe(c.observed), quote(c.observed.Value), stands, j.approvedOn(), quote(c.approved.Value))
		found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
	}
	for _, a := range d.missing {
		found = append(found, j.unstated(a.Subject, a))
	}
	for _, o := range d.added {
		message := fmt.Sprintf("%s is %s; no boot loader of that part was %s", describe(o), quote(o.Value), j.approvedOn())
		found = append(found, graded(Medium, failed(o.Subject, message, o)))
	}
	if len(found) == 0 {
		found = j.unread(facts.BootLoaderVersion)
	}
	switch {
	case len(found) > 0:
		return found
	case len(d.equal) == 0 && len(d.unknown) > 0:
		return []Finding{notAssessed("", facts.NoBaseline, "the approval holds no version of a boot loader")}
	case len(d.equal) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.BootLoaderVersion})}
	}
	message := fmt.Sprintf("%s %s, the first %s", count(len(distinctSubjects(d.equal)), "boot loader version"), j.unchanged(), quote(d.equal[0].Value))
	f := j.against(d.equal[0].Value, passed("", message, d.equal...))
	f.ResidualRisk = "The running system reports this version; a boot loader kit can forge it, and only a signed measurement of the boot would show that."
	return []Finding{f}
}

// tamperLogs are files that a device writes when it finds that its boot loader was tampered with.
//
//	disk0:/firmware_update.log
var tamperLogs = []string{"firmware_update.log"}

// bootLoaderTampered finds what needs no baseline.
func (j *judgement) bootLoaderTampered() []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.BootLoaderVersion) {
		if developmentBuild.MatchString(f.Value) {
			message := fmt.Sprintf("%s is %s, which is no release for production", describe(f), quote(f.Value))
			found = append(found, ruled("a production release", failed(f.Subject, message, f)))
		}
	}
	for _, f := range j.observed.all(facts.File) {
		if slices.Contains(tamperLogs, strings.ToLower(baseName(f.Subject))) {
			message := fmt.Sprintf("%s is on the device: it is written where a tampered boot loader was found and replaced", quote(f.Subject))
			found = append(found, ruled("no such file", graded(Critical, failed(f.Subject, message, f))))
		}
	}
	return found
}
