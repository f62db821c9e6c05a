package compare

import (
	"fmt"

	"trueboot/facts"
)

var startupSource = Rule{
	Control:  "NDI-BC-06",
	Name:     "startup-source",
	Title:    "Startup-configuration source",
	Pillar:   "C",
	Severity: High,
	ATTACK:   []string{"T1601", "T1562"},
	Guidance: []string{asaIntegrity, iosXEIntegrity},
	Checks: `The configuration that the device started with and the one that it will start with next are the approved ones and the same. A register or variable that leaves the
		startup configuration out is NDI-BC-03's and NDI-BC-02's.`,
	Evidence: "show bootvar (CONFIG_FILE), show version of ASA, show redundancy, display startup, show boot-config.",
	Attacker: "Has the next boot load another configuration, while the startup configuration that everybody looks at stays as it was.",
	Next:     "Read the named file before anybody reloads the device, and set the source back.",
	check:    checkStartupSource,
}

// startedEmpty is what VRP says of a device that started without a configuration.
const startedEmpty = "NULL"

func checkStartupSource(j *judgement) []Finding {
	var found []Finding
	for _, now := range j.observed.all(facts.StartupSource) {
		for _, next := range j.observed.find(facts.NextStartupSource, now.Subject) {
			if now.Value == startedEmpty { // it was saved since
				continue
			}
			if !j.paths.same(now.Value, next.Value) {
				message := fmt.Sprintf("the device started with the configuration %s%s and will start with %s next", quote(now.Value), of(now.Subject), quote(next.Value))
				found = append(found, ruled(now.Value, failed(now.Subject, message, next, now)))
			}
		}
	}
	deviations, equal := j.asApproved("source of the startup configuration", nil, facts.StartupSource, facts.NextStartupSource)
	if found = append(found, deviations...); len(found) > 0 {
		return found
	}
	return []Finding{j.unchangedPass("source of the startup configuration", equal)}
}
