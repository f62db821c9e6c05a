package compare

import (
	"trueboot/facts"
)

var logContinuity = Rule{
	Control:  "NDI-LG-03",
	Name:     "log-continuity",
	Title:    "Log continuity",
	Pillar:   "L",
	Severity: High,
	ATTACK:   []string{"T1070", "T1562"},
	Guidance: []string{arcaneDoor, visibility2024},
	Checks:   "The log that another machine received has no gap, and holds a message for every change that a visit saw. A visit alone can't tell: it has no log of that machine.",
	Evidence: `The records of "trueboot watch", or of the log server.`,
	Attacker: "Drops single messages on their way out (LINE VIPER: 302013, 302014, 609002 and 710005 of ASA), so that the log looks as usual.",
	Next:     "Compare the numbers of messages by id with those of a device like it.",
	Manual:   `Run "trueboot watch" on the log server, or "trueboot detect" over its files: sequence numbers that jump and a change without its message are told there.`,
	check:    checkLogContinuity,
}

func checkLogContinuity(j *judgement) []Finding {
	if f, silent := j.silent(); silent {
		return f
	}
	return []Finding{notAssessed("", facts.NotCollected, "a visit holds no log of another machine to compare with; trueboot watch and trueboot detect read it")}
}
