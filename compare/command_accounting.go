package compare

import (
	"trueboot/facts"
)

var commandAccounting = Rule{
	Control:  "NDI-LG-02",
	Name:     "command-accounting",
	Title:    "AAA command accounting",
	Pillar:   "L",
	Severity: Medium,
	ATTACK:   []string{"T1562", "T1059.008", "T1556.004"},
	Guidance: []string{iosXEIntegrity, asaIntegrity, visibility2024},
	Checks:   "Every command is accounted for on another machine, and the lines on authentication, authorization, accounting and their servers are the approved ones. What was approved without accounting is borne.",
	Evidence: "The sections of the configuration on AAA, TACACS+ and RADIUS.",
	Attacker: "Points the device at a server of his own, or switches accounting off, so that his commands stand in no record but the device's.",
	Next:     "Set the line back; look in the accounting for verify, dir, copy, boot, reload, request, tclsh, test, gdb and service internal since the last good visit.",
	Manual:   `Whether the accounting arrives can be seen on the server alone: "trueboot watch" reads it there.`,
	check:    checkCommandAccounting,
}

func checkCommandAccounting(j *judgement) []Finding {
	var found []Finding
	if section, lacking := j.lacks(facts.TopicAAA, facts.TraitCommands); lacking {
		found = append(found, ruled("accounting of commands", failed("", "no line has commands accounted for: what was typed is known to the device alone", section)))
	}
	return j.sections("AAA", found, facts.TopicAAA)
}
