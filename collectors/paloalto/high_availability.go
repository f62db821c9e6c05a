package paloalto

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	//   Local Information:
	//     State: active (last 45 days)
	//   State Synchronization: Complete; type: ethernet
	haLine = collectors.MustCompile(`^( *)([A-Za-z][^:;]{0,59}?) ?:(?: +(.*))?$`)

	// active (last 45 days)
	// suspended (last 3 minutes) User requested
	// active-primary
	haState = collectors.MustCompile(`^([a-z][a-z-]*)(?: \(.*)?$`)

	// HA not enabled
	haDisabled = collectors.MustCompile(`(?i)^(?:HA|high-availability) (?:is )?not (?:enabled|configured)`)
)

var haYields = []facts.Kind{facts.Redundancy, facts.ComponentRole, facts.ComponentState, facts.ComponentVersion, facts.Model, facts.SerialNumber}

// haKinds are the lines that state a fact, by the headings that they stand under, the group's left out. What stands under
// "local" is the device itself.
var haKinds = map[string]struct {
	kind    facts.Kind
	subject string
}{
	"Mode": {facts.Redundancy, "operating mode"},
	"Local Information/Device Information/Model":               {facts.Model, "local"},
	"Local Information/Device Information/Serial Number":       {facts.SerialNumber, "local"},
	"Local Information/Version Information/Build Release":      {facts.ComponentVersion, "local"},
	"Local Information/Version Compatibility/Software Version": {facts.Redundancy, "software version compatibility"},
	"Peer Information/Connection status":                       {facts.ComponentState, "peer"},
	"Peer Information/Device Information/Model":                {facts.Model, "peer"},
	"Peer Information/Device Information/Serial Number":        {facts.SerialNumber, "peer"},
	"Peer Information/Version Information/Build Release":       {facts.ComponentVersion, "peer"},
	"Configuration Synchronization/Running Configuration":      {facts.Redundancy, "running configuration"},
	"Local Information/State":                                  {facts.ComponentRole, "local"},
	"Peer Information/State":                                   {facts.ComponentRole, "peer"},
}

// deepestHeading bounds how far headings are followed into each other.
const deepestHeading = 8

// readHA reads "show high-availability all": names and values under headings, each a step further to the right.
func readHA(reply collectors.Reply) ([]facts.Fact, error) {
	type heading struct {
		indent int
		name   string
	}
	var (
		r        collectors.Reading
		under    []heading
		disabled bool
	)
	for n, line := range reply.Lines() {
		if haDisabled.MatchString(strings.TrimSpace(line)) {
			disabled = true
			r.Add(n, facts.Redundancy, "operating mode", strings.TrimSpace(line))
			continue
		}
		m := haLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		indent, name, value := len(m[1]), m[2], m[3]
		for len(under) > 0 && under[len(under)-1].indent >= indent {
			under = under[:len(under)-1]
		}
		if value == "" {
			if len(under) < deepestHeading && !strings.HasPrefix(name, "Group ") {
				under = append(under, heading{indent, name})
			}
			continue
		}
		path := name
		for i := len(under) - 1; i >= 0; i-- {
			path = under[i].name + "/" + path
		}
		known, ok := haKinds[path]
		switch {
		case !ok:
			continue
		case known.kind == facts.ComponentRole:
			state := haState.FindStringSubmatch(value)
			if state == nil {
				r.Problem("line %d: not a state of high availability: %.80q", n, value)
				continue
			}
			value = state[1]
		}
		r.Add(n, known.kind, known.subject, value)
	}
	if !disabled && !r.Has(facts.ComponentRole, "local") {
		r.Problem("no state of high availability in the reply")
	}
	return r.Done()
}
