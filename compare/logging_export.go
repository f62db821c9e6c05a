package compare

import (
	"trueboot/facts"
)

var loggingExport = Rule{
	Control:  "NDI-LG-01",
	Name:     "logging-export",
	Title:    "Syslog export and time sources unchanged",
	Pillar:   "L",
	Severity: High,
	ATTACK:   []string{"T1562", "T1070"},
	Guidance: []string{aa23270A, iosXEIntegrity, visibility2024},
	Checks:   "The device sends its messages to another machine and takes its time from servers; nothing switches logging off or drops messages; and the lines about both are the approved ones. What was approved without a server is borne.",
	Evidence: "The sections of the configuration on logging and time, such as show running-config | section logging.",
	Attacker: "Switches logging off, lowers its level, drops the message that would tell of him, or moves the clock so that records do not fit together.",
	Next:     "Set the line back; ask the log server for the last message of the device before the change.",
	Manual:   `Compare the device's clock with a server's: "show clock detail" and "show ntp status" say whether it follows one.`,
	check:    checkLoggingExport,
}

func checkLoggingExport(j *judgement) []Finding {
	found := append(j.forbidden(facts.TraitLogOff, High, "logging is switched off"),
		j.forbidden(facts.TraitLogFilter, Medium, "messages are dropped before anybody sees them")...)
	if section, lacking := j.lacks(facts.TopicLogging, facts.TraitLogServer); lacking {
		found = append(found, ruled("a log server", failed("", "the device sends its messages to no other machine: who changes it can remove what it says about that", section)))
	}
	if section, lacking := j.lacks(facts.TopicTime, facts.TraitTimeServer); lacking {
		found = append(found, ruled("a time server", graded(Medium, failed("", "the device takes its time from no server: its records do not fit to those of others", section))))
	}
	return j.sections("logging and time", found, facts.TopicLogging, facts.TopicTime)
}
