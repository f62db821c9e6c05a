package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var managementAccess = Rule{
	Control:  "NDI-AP-04",
	Name:     "management-access",
	Title:    "Management exposure, accounts, keys",
	Pillar:   "C",
	Severity: High,
	ATTACK:   []string{"T1098.004", "T1136.001", "T1078"},
	Guidance: []string{aa23270A, visibility2024, hardening2013},
	Checks:   "No Telnet, no account without a password; every line that lets people log in over the network has an access list and starts no session of its own. Accounts, keys that log in and the lines on access are the approved ones.",
	Evidence: "The sections of the configuration on accounts, keys and lines. Passwords and their hashes never leave the reader: a digest stands for each.",
	Attacker: "Adds an account or a key to come back by, opens a line to the world, or logs in from the device to the next one.",
	Next:     "Remove the account or key; find every log-in with it. Change the secrets of the device when one was changed by a stranger.",
	check:    checkManagementAccess,
}

func checkManagementAccess(j *judgement) []Finding {
	found := append(j.forbidden(facts.TraitTelnet, High, "passwords cross the network in the clear"), j.forbidden(facts.TraitNoPassword, Critical, "an account without a password")...)
	for _, f := range j.traits(facts.TraitUnrestricted) {
		if !f.HasTrait(facts.TraitPlainSNMP) && !j.borne(f.Subject) {
			found = append(found, ruled("certain addresses", graded(Medium, failed(f.Subject, fmt.Sprintf("%s: log-ins are accepted from anywhere", quote(f.Subject)), f))))
		}
	}
	for _, line := range j.traits(facts.TraitLoginLine) {
		below := func(trait string) bool {
			return slices.ContainsFunc(j.traits(trait), func(f facts.Fact) bool { return strings.HasPrefix(f.Subject, line.Subject+facts.SectionSeparator) })
		}
		if j.borne(line.Subject) {
			continue
		}
		if !below(facts.TraitAccessList) {
			found = append(found, ruled("an access list", graded(Medium, failed(line.Subject, fmt.Sprintf("%s: no access list says from where people may log in", quote(line.Subject)), line))))
		}
		if line.HasTrait(facts.TraitDialsOut) && !below(facts.TraitNoOutput) {
			found = append(found, ruled("transport output none", graded(Low, failed(line.Subject, fmt.Sprintf("%s: sessions to other devices may be started from it", quote(line.Subject)), line))))
		}
	}
	return j.sections("accounts and access", found, facts.TopicAccounts, facts.TopicAccess)
}
