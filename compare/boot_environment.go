package compare

import (
	"fmt"
	"regexp"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

var bootEnvironment = Rule{
	Control:  "NDI-BC-02",
	Name:     "boot-environment",
	Title:    "ROMMON / boot environment variables",
	Pillar:   "H/C",
	Severity: High,
	ATTACK:   []string{"T1542.004", "T1542.005", "T1601"},
	Guidance: []string{iosXEIntegrity, asaForensics, attackROMMONkit},
	Checks: `The boot loader's lasting variables, the boot list aside (NDI-BC-04), are the approved ones. Whatever was first seen, none switches off the protection of the kernel,
		replaces the list of packages or the first program, or leaves the startup configuration out.`,
	Evidence: "show romvar on IOS XE; show variables boot on IOS XR. IOS and ASA show them in ROMMON alone, which takes a reload.",
	Attacker: `Sets one variable, LINUX_CMDLINE or BOOT_PARAM, with which the same intact files boot without SELinux or from another list of packages; or the address of
		a TFTP server for the next boot.`,
	Next:   "Find out who set the variable; unset it at the console, and compare the running packages with the stored ones before.",
	Manual: `On IOS and ASA: in a maintenance window, stop the boot in ROMMON and type "set"; ADDRESS, NETMASK, GATEWAY, SERVER, IMAGE and CONFIG of an ASA are empty.`,
	check:  checkBootEnvironment,
}

var (
	// ROMMON_PACKAGES_OVERRIDE /flash/packages.conf wdt=0 enforcing=0
	// root=/dev/xr_lv68 init=/misc/x prod=0
	forbiddenBootWords = regexp.MustCompile(`(?i)(?:^|[\s"])(enforcing=0|selinux=0|ROMMON_PACKAGES_OVERRIDE|r?d?init=\S+|rd\.break|prod=0|systemd\.unit=\S+)(?:$|[\s"])`)

	// SWITCH_IGNORE_STARTUP_CFG=1
	ignoresStartup = regexp.MustCompile(`(?:^| )SWITCH_IGNORE_STARTUP_CFG$`)

	// The boot list and its backup are NDI-BC-04's.
	bootListVariable = regexp.MustCompile(`(?:^| )(?:BP_)?BOOT$`)

	// What these name decides what boots, with which rights, and from where.
	gravestVariables = regexp.MustCompile(`LINUX_CMDLINE|BOOT_PARAM|DEBUG_CONF|TFTP_|IP_ADDRESS|DEFAULT_GATEWAY|IGNORE_STARTUP|(?:^| )LD_|MANUAL_BOOT|^init$|RECOVERY_RELOAD`)
)

func checkBootEnvironment(j *judgement) []Finding {
	var found []Finding
	told := map[string]bool{}
	for _, f := range j.observed.all(facts.BootLoaderVariable) {
		// Linux keeps a word of the kernel's command line as a variable, IOS XE the whole line as one.
		words := forbiddenBootWords.FindStringSubmatch(f.Value)
		if words == nil {
			words = forbiddenBootWords.FindStringSubmatch(f.Subject + "=" + f.Value)
		}
		switch {
		case words != nil && !j.checkedVariable(f):
			message := fmt.Sprintf("the variable %s, %s, holds %s, which weakens or replaces what boots", quote(f.Subject), quote(f.Value), quote(words[1]))
			found = append(found, ruled("no "+words[1], graded(Critical, failed(f.Subject, message, f))))
		case ignoresStartup.MatchString(f.Subject) && f.Value != "0" && f.Value != "" && !strings.EqualFold(f.Value, "no"):
			message := fmt.Sprintf("%s is %s: the next boot leaves the startup configuration out", quote(f.Subject), quote(f.Value))
			found = append(found, ruled("0", failed(f.Subject, message, f)))
		default:
			continue
		}
		told[f.Subject] = true
	}
	about := func(f facts.Fact) bool { return !bootListVariable.MatchString(f.Subject) && !told[f.Subject] }
	deviations, equal := j.asApproved("variables of the boot loader", about, facts.BootLoaderVariable)
	for _, f := range deviations {
		if f.Verdict == Fail && !gravestVariables.MatchString(f.Subject) {
			f.Severity = Medium
		}
		found = append(found, f)
	}
	if len(found) > 0 {
		return found
	}
	f := j.unchangedPass("variables of the boot loader", equal)
	f.ResidualRisk = "The running system reports these variables; the boot loader itself can be asked at its console alone."
	return []Finding{f}
}

// checkedVariable reports whether somebody knew what he approved, and did not just take over what the device said.
func (j *judgement) checkedVariable(f facts.Fact) bool {
	for _, a := range j.approved.find(f.Kind, f.Subject) {
		if a.Value == f.Value && j.Approved.Provenance != baseline.FirstSeen && j.Approved.Provenance != "" {
			return true
		}
	}
	return false
}
