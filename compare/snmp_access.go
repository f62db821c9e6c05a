package compare

import (
	"fmt"

	"trueboot/facts"
)

var snmpAccess = Rule{
	Control:  "NDI-AP-01",
	Name:     "snmp-access",
	Title:    "SNMP",
	Pillar:   "C",
	Severity: High,
	ATTACK:   []string{"T1602.001", "T1601"},
	Guidance: []string{ta16250A, visibility2024},
	Checks:   "SNMP may not set anything, no community is one that everybody tries, each is restricted to certain addresses, and versions without encryption are told. The lines are the approved ones.",
	Evidence: "The section of the configuration on SNMP. Communities never leave the reader: a digest stands for each.",
	Attacker: "Reads or writes the configuration with a community (Jaguar Tooth came over SNMP), or lets himself in again by a new one.",
	Next:     "Remove the community, or restrict it; go over to version 3 with authPriv.",
	check:    checkSNMPAccess,
}

func checkSNMPAccess(j *judgement) []Finding {
	found := append(j.forbidden(facts.TraitWrites, High, "SNMP may change the device"), j.forbidden(facts.TraitWellKnown, High, "the community is one that everybody tries")...)
	for _, f := range j.traits(facts.TraitUnrestricted) {
		if f.HasTrait(facts.TraitPlainSNMP) && !f.HasTrait(facts.TraitWrites) && !f.HasTrait(facts.TraitWellKnown) && !j.borne(f.Subject) {
			found = append(found, ruled("an access list", graded(Medium, failed(f.Subject, fmt.Sprintf("%s: the community is accepted from anywhere", quote(f.Subject)), f))))
		}
	}
	return j.sections("SNMP", found, facts.TopicSNMP)
}
