package compare

import (
	"trueboot/facts"
)

var scriptsAndFilters = Rule{
	Control:  "NDI-AP-03",
	Name:     "scripts-and-filters",
	Title:    "Shells, scripting and output filters",
	Pillar:   "C",
	Severity: High,
	ATTACK:   []string{"T1059.008", "T1562"},
	Guidance: []string{aa23270A, iosXEIntegrity},
	Checks:   "No event policy, alias or script answers to the commands that show what integrity rests on (show, verify, dir, more, copy), and whatever runs by itself is approved.",
	Evidence: "The sections of the configuration on event policies, schedules, aliases and scripts.",
	Attacker: "Has an event policy filter what such a command prints (BlackTech did), or an alias put another one in its place: then everything else that this program reads from the command line is what he wants it to be.",
	Next:     "Read the policy; compare what the device says over a second channel (NDI-RN-06), and remove it.",
	check:    checkScriptsAndFilters,
}

func checkScriptsAndFilters(j *judgement) []Finding {
	found := append(j.forbidden(facts.TraitHidesOutput, Critical, "it reacts to a command whose output is evidence here"), j.forbidden(facts.TraitInternal, Medium, "commands for the vendor alone are open")...)
	if j.Approved == nil {
		for _, trait := range []string{facts.TraitEventPolicy, facts.TraitSchedule} {
			found = append(found, j.forbidden(trait, Medium, "it runs by itself, and nobody approved it")...)
		}
	}
	return j.sections("scripts, schedules and aliases", found, facts.TopicScripts)
}
