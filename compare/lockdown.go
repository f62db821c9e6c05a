package compare

import (
	"fmt"

	"trueboot/facts"
)

var operatingSystemLockdown = Rule{
	Control:  "NDI-RN-07",
	Name:     "operating-system-lockdown",
	Title:    "Operating-system lockdown still on",
	Pillar:   "H/M",
	Severity: High,
	ATTACK:   []string{"T1601.001", "T1562"},
	Guidance: []string{iosXEForensics},
	Checks: `The protection of the kernel is in force as the vendor set it: SELinux enforces where the system's default says so, the platform's check of its own files found nothing, and no such setting is weaker than
		it was when it was approved.`,
	Evidence: "show platform software selinux on IOS XE; operational mode of PAN-OS; FIPS mode and security level of FortiOS; TPM attestation of F5.",
	Attacker: "Switches the protection off, often by a boot argument (NDI-BC-02), before adding programs of his own.",
	Next:     "Find the boot argument or command that switched it off; then treat every file that the protection would have kept out as suspect.",
	check:    checkOperatingSystemLockdown,
}

// systemIntegrity is the check of the system's own files.
const systemIntegrity = "system integrity"

func checkOperatingSystemLockdown(j *judgement) []Finding {
	var found []Finding
	told := map[string]bool{}
	current, _ := j.observed.first(facts.IntegritySetting, "selinux current mode")
	standard, stated := j.observed.first(facts.IntegritySetting, "selinux system default")
	if stated && current.Value != "" && current.Value != standard.Value {
		told[current.Subject] = true
		message := fmt.Sprintf("SELinux is %s, and the system's default is %s", quote(current.Value), quote(standard.Value))
		found = append(found, ruled(standard.Value, contradicting(failed(current.Subject, message, current, standard))))
	}
	for _, f := range j.observed.find(facts.IntegrityCheck, systemIntegrity) {
		if failedCheck.MatchString(f.Value) {
			told[f.Subject] = true
			found = append(found, ruled("valid", graded(Critical, failed(f.Subject, fmt.Sprintf("%s: %s", describe(f), quote(f.Value)), f))))
		}
	}
	about := func(f facts.Fact) bool {
		return !told[f.Subject] && (f.Kind == facts.IntegritySetting || f.Subject == systemIntegrity)
	}
	deviations, equal := j.asApproved("protection of the system", about, facts.IntegritySetting, facts.IntegrityCheck)
	if found = append(found, deviations...); len(found) > 0 {
		return found
	}
	return []Finding{j.unchangedPass("protection of the system", equal)}
}
