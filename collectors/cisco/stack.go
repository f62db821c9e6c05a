package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// *1       Active   04bd.9715.5140     5      V02     Ready
	//  2       Member   0000.0000.0000     0              Unprovisioned
	// *1       Slave     0016.4748.dc80     5         Ready
	stackRow = collectors.MustCompile(`^\*?\s*(\d+)\s+(\S+)\s+([0-9A-Za-z]{4}\.[0-9A-Za-z]{4}\.[0-9A-Za-z]{4})\s+(\d+)\s+(?:(V?\d\S*)\s+)?([A-Za-z].*)$`)

	// A line that has to be such a row.
	stackRowStart = collectors.MustCompile(`^\*?\s*\d+\s+(?:Active|Standby|Member|Master|Slave)\b`)
)

var stackYields = []facts.Kind{facts.ComponentRole, facts.BaseMAC, facts.ComponentPriority, facts.HardwareVersion, facts.ComponentState}

// readStack reads "show switch detail" and "show switch".
func readStack(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := stackRow.FindStringSubmatch(text); m != nil {
			subject := "switch " + m[1]
			r.Add(n, facts.ComponentRole, subject, m[2])
			r.Add(n, facts.BaseMAC, subject, m[3])
			r.Add(n, facts.ComponentPriority, subject, m[4])
			r.Add(n, facts.HardwareVersion, subject, m[5])
			r.Add(n, facts.ComponentState, subject, m[6])
		} else if stackRowStart.MatchString(text) {
			r.Problem("line %d: stack member: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no stack member in the reply")
	}
	return r.Done()
}

var (
	// Local switch number          : 1
	// Peer switch number           : 2
	virtualNumber = collectors.MustCompile(`^(?:Local|Peer) switch number *: *(\d+)`)
	// Local switch operational role: Virtual Switch Active
	// Peer switch operational role : Virtual Switch Standby
	virtualRole = collectors.MustCompile(`^(?:Local|Peer) switch operational role *: *(\S.*)$`)
	// Switch mode                  : Virtual Switch
	// Switch Mode                  : Standalone
	switchMode = collectors.MustCompile(`^Switch [Mm]ode *: *(\S.*)$`)
	// Virtual switch domain number : 100
	switchDomain = collectors.MustCompile(`^Virtual switch domain number *: *(\d+)`)
)

// readVirtualSwitch reads "show switch virtual" of two chassis that act as one. Each tells about itself and its peer.
func readVirtualSwitch(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := switchMode.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Redundancy, "switch mode", m[1])
		} else if m := switchDomain.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Redundancy, "virtual switch domain", m[1])
		} else if m := virtualNumber.FindStringSubmatch(text); m != nil {
			subject = "switch " + m[1]
		} else if m := virtualRole.FindStringSubmatch(text); m != nil && subject != "" {
			r.Add(n, facts.ComponentRole, subject, strings.TrimPrefix(m[1], "Virtual Switch "))
		}
	}
	if r.Empty() {
		r.Problem("no switch mode in the reply")
	}
	return r.Done()
}
