package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var stackYields = []facts.Kind{facts.ComponentRole, facts.BaseMAC, facts.ComponentPriority, facts.Model, facts.Redundancy, facts.ComponentState}

var (
	//     0     Master      0018-82d2-2e85   200        S5720-36C-EI-AC
	// +1       Master   0004-9f31-d540   120        CE6850-48S6Q-HI
	stackRow = collectors.MustCompile(`^[+*]? *(\d+) +(Master|Standby|Slave) +([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}) +(\d+)(?: +(\S+))?(?: .*)?$`)

	// A line that has to be such a row.
	stackRowStart = collectors.MustCompile(`^[+*]? *\d+ +\S`)

	// Stack mode: Service-port
	// Stack topology type: Ring
	// Stack system MAC: 0018-82d2-2e85
	stackField = collectors.MustCompile(`^(Stack mode|Stack topology type|Stack system MAC|Stack reserved VLAN|CSS Enable switch|CSS [Mm]ode) *:? +(\S.*)$`)

	// 1            On           Master          CSS card    100         Off
	cssRow = collectors.MustCompile(`^(\d+) +(?:On|Off) +(Master|Standby|Slave|Single) +(\S.*?) +(\d+) +(?:On|Off)$`)
)

// readStack reads "display stack" of fixed switches and "display css status" of two chassis that act as one.
func readStack(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := stackField.FindStringSubmatch(text); m != nil {
			if strings.HasSuffix(m[1], "MAC") {
				r.Add(n, facts.BaseMAC, "", m[2])
			} else {
				r.Add(n, facts.Redundancy, strings.ToLower(m[1]), m[2])
			}
		} else if m := stackRow.FindStringSubmatch(text); m != nil {
			member := "slot " + m[1]
			r.Add(n, facts.ComponentRole, member, m[2])
			r.Add(n, facts.BaseMAC, member, m[3])
			r.Add(n, facts.ComponentPriority, member, m[4])
			r.Add(n, facts.Model, member, m[5])
		} else if m := cssRow.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ComponentRole, "chassis "+m[1], m[2])
			r.Add(n, facts.ComponentPriority, "chassis "+m[1], m[4])
		} else if stackRowStart.MatchString(text) {
			r.Problem("line %d: not a member of a stack: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no stack in the reply")
	}
	return r.Done()
}
