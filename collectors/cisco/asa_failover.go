package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Failover On
	// Failover Off (pseudo-Standby)
	asaFailoverLine = collectors.MustCompile(`^Failover (On|Off)\b`)

	// Failover unit Primary
	asaUnitLine = collectors.MustCompile(`^Failover unit (Primary|Secondary)$`)

	// Version: Ours 9.6(4)34, Mate 9.6(4)34
	// Serial Number: Ours JAD163903TY, Mate JAD163900D6
	asaPairLine = collectors.MustCompile(`^(Version|Serial Number): Ours (\S+?), Mate (\S+)$`)

	// Last Failover at: 19:38:08 UTC Nov 4 2019
	// Group 1 last failover at: 13:40:18 UTC Dec 9 2004
	asaLastFailover = collectors.MustCompile(`^(?:(Group \d+) last failover|Last Failover) at: *(\S.*)$`)

	// This host: Secondary - Active
	// Other host: Primary
	asaHostLine = collectors.MustCompile(`^(This|Other) host: *(Primary|Secondary)(?: - (\S.*))?$`)

	// Group 1 State: Active
	// Group 2       State:          Standby Ready
	asaGroupLine = collectors.MustCompile(`^(Group \d+) +State: +(\S.*)$`)

	// slot 0: ASA5585-SSP-20 hw/sw rev (2.0/9.6(4)34) status (Up Sys)
	// slot 1: IPS5512 hw/sw rev (N/A/7.2(1)E4) status (Up/Up)
	// slot 1: IPS5512 hw/sw rev (N/A/) status (Unresponsive/Up)
	asaSlotLine = collectors.MustCompile(`^(slot \d+): (\S+) hw/sw rev \((N/A|[^/]*)/(.*)\) status \(([^()]*)\)$`)

	// slot 1: empty
	asaAnySlot = collectors.MustCompile(`^slot \d+: (\S.*)$`)
)

var asaFailoverYields = []facts.Kind{
	facts.Redundancy, facts.ComponentRole, facts.ComponentState, facts.ComponentVersion, facts.SerialNumber, facts.Model, facts.HardwareVersion,
}

// readASAFailover reads "show failover". The two units are named by what they were configured as, primary and secondary: which of them
// answers changes with every failover.
func readASAFailover(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		unit   string // whose block it is
		ours   string
		theirs string
		told   bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case asaFailoverLine.MatchString(text):
			told = true
			r.Add(n, facts.Redundancy, "failover", asaFailoverLine.FindStringSubmatch(text)[1])
		case asaUnitLine.MatchString(text):
			ours, theirs = "primary unit", "secondary unit"
			if role := asaUnitLine.FindStringSubmatch(text)[1]; role == "Secondary" {
				ours, theirs = theirs, ours
			}
			r.Add(n, facts.Redundancy, "failover unit", asaUnitLine.FindStringSubmatch(text)[1])
		case asaPairLine.MatchString(text):
			m := asaPairLine.FindStringSubmatch(text)
			kind := facts.ComponentVersion
			if m[1] == "Serial Number" {
				kind = facts.SerialNumber
			}
			if ours == "" {
				r.Problem("line %d: whose %s this is was not told: %.80q", n, kind, text)
				continue
			}
			r.Add(n, kind, ours, m[2])
			if m[3] != "Unknown" {
				r.Add(n, kind, theirs, m[3])
			}
		case asaLastFailover.MatchString(text):
			m := asaLastFailover.FindStringSubmatch(text)
			r.Add(n, facts.Redundancy, strings.TrimSpace(strings.ToLower(m[1])+" last failover"), m[2])
		case asaHostLine.MatchString(text):
			m := asaHostLine.FindStringSubmatch(text)
			unit = strings.ToLower(m[2]) + " unit"
			r.Add(n, facts.ComponentRole, unit, m[2])
			r.Add(n, facts.ComponentState, unit, m[3])
		case asaGroupLine.MatchString(text) && unit != "":
			m := asaGroupLine.FindStringSubmatch(text)
			r.Add(n, facts.ComponentState, unit+" "+strings.ToLower(m[1]), m[2])
		case asaSlotLine.MatchString(text) && unit != "":
			m := asaSlotLine.FindStringSubmatch(text)
			subject := unit + " " + m[1]
			r.Add(n, facts.Model, subject, m[2])
			r.Add(n, facts.HardwareVersion, subject, m[3])
			r.Add(n, facts.ComponentVersion, subject, m[4])
			r.Add(n, facts.ComponentState, subject, m[5])
		case asaAnySlot.MatchString(text):
			if what := asaAnySlot.FindStringSubmatch(text)[1]; what != "empty" {
				r.Problem("line %d: not a slot: %.80q", n, text)
			}
		}
	}
	if !told {
		r.Problem("no state of the failover in the reply")
	}
	return r.Done()
}
