package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var configurationDrift = Rule{
	Control:  "NDI-CC-01",
	Name:     "configuration-drift",
	Title:    "Configuration drift",
	Pillar:   "C",
	Severity: Medium,
	ATTACK:   []string{"T1601", "T1562"},
	Guidance: []string{asaIntegrity, visibility2024},
	Checks: `The running and the startup configuration say the same in the sections on logging, AAA, accounts, access, SNMP, scripts and file transfer, and a checksum that the device keeps of its configuration is the approved one. What
		changed against the approved sections is told by the control of each section.`,
	Evidence: "The same sections of both configurations; show checksum of ASA.",
	Attacker: "Changes the running configuration and saves nothing, so that a reload removes the trace; or changes the startup configuration alone and waits for a reload.",
	Next:     "Find out who changed it (the device names the account and time of the last change), then save it or set it back. Keep the configuration elsewhere as well: the device is not the record of itself.",
	check:    checkConfigurationDrift,
}

func checkConfigurationDrift(j *judgement) []Finding {
	var found []Finding
	var same []facts.Fact
	var both []string
	for _, topic := range facts.Topics() {
		_, running := j.section(topic)
		_, startup := j.section("startup " + topic)
		if running && startup {
			both = append(both, topic)
		}
	}
	author := ""
	for _, f := range j.observed.find(facts.ConfigurationAuthor, "") {
		author = ", last by " + quote(f.Value)
	}
	if len(both) > 0 {
		d := driftOf(j.observed.all(facts.StartupConfigLine), j.observed.all(facts.RunningConfigLine), both)
		for _, f := range d.added {
			message := fmt.Sprintf("%s runs and is not saved: a reload removes it (changed%s)", quote(f.Subject), strings.TrimPrefix(author, ","))
			if author == "" {
				message = fmt.Sprintf("%s runs and is not saved: a reload removes it", quote(f.Subject))
			}
			found = append(found, failed(f.Subject, message, f))
		}
		for _, f := range d.gone {
			found = append(found, failed(f.Subject, fmt.Sprintf("%s is saved and does not run: a reload brings it", quote(f.Subject)), f))
		}
		same = append(same, d.same...)
		if d.blind && len(found) == 0 {
			found = append(found, notAssessed("", facts.NotComparable, "secrets are hidden without a digest, so that one which differs does not show"))
		}
	}
	if len(j.approved.all(facts.ConfigurationHash)) > 0 {
		d := j.deviations(facts.ConfigurationHash, equalText, nil)
		for _, c := range d.changed {
			message := fmt.Sprintf("the %s is %s%s; %s: %s", describe(c.observed), quote(c.observed.Value), author, j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
		}
		same = append(same, d.equal...)
	}
	switch {
	case len(found) > 0:
		return found
	case len(both) > 0 && len(same) == 0:
		for _, topic := range both {
			f, _ := j.section(topic)
			same = append(same, f)
		}
	case len(same) == 0:
		if _, ok := j.section("startup " + facts.TopicLogging); !ok && slices.ContainsFunc(facts.Topics(), func(t string) bool { _, read := j.section(t); return read }) {
			return []Finding{j.unstated("startup configuration", facts.Fact{Kind: facts.StartupConfigLine})}
		}
		return []Finding{j.unstated("", facts.Fact{Kind: facts.ConfigurationSection})}
	}
	message := fmt.Sprintf("running and startup configuration agree in %s on %s", count(len(same), "line"), strings.Join(both, ", "))
	if len(both) == 0 {
		return []Finding{j.unchangedPass("checksum of the configuration", same)}
	}
	return []Finding{ruled("equal", passed("", message, same...))}
}
