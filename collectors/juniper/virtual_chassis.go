package juniper

import (
	"trueboot/collectors"
	"trueboot/facts"
)

var virtualChassisYields = []facts.Kind{facts.ComponentRole, facts.ComponentState, facts.ComponentPriority, facts.SerialNumber, facts.Model}

var (
	// Member ID  Status   Serial No    Model          prio  Role      Mode  Mode ID  Interface
	virtualChassisHeading = collectors.MustCompile(`^Member ID +Status +Serial No`)

	// 0 (FPC 0)  Prsnt    BP0208192234 ex4200-48p     128   Master*   N  VC   1  vcp-0
	// 1 (FPC 1)  Prsnt    BP0208192235 ex4200-48p     128   Backup    N  VC   0  vcp-0
	// 2 (FPC 2)  NotPrsnt BP0208192236 ex4200-24t
	// 0          Prsnt    JN1111111AFB mx480          129   Master*      N/A  1  vcp-3/3/0.32768
	virtualChassisRow = collectors.MustCompile(`^\s*(\d{1,2})(?: \(FPC (\d{1,2})\))?\s+([A-Z]\w+)\s+(\S+)\s+(\S+)(?:\s+(\d{1,3}|NA)\s+(Master|Backup|Linecard)\*?(?:\s.*)?)?$`)

	// The next neighbour of the member above; the end.
	//                                                                         1  vcp-1
	// Member ID for next new member: 2 (FPC 2)
	virtualChassisMore = collectors.MustCompile(`^\s*\d{1,2}\s+vcp-|^\s{20,}|^Member ID for next new member`)
)

// readVirtualChassis reads "show virtual-chassis". EX and QFX call a member fpc0 elsewhere, MX member0.
func readVirtualChassis(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	table := false
	for l := range memberLines(&r, reply) {
		if virtualChassisHeading.MatchString(l.text) {
			table = true
			continue
		}
		m := virtualChassisRow.FindStringSubmatch(l.text)
		switch {
		case !table:
		case virtualChassisMore.MatchString(l.text):
		case m == nil:
			r.Problem("line %d: not a member of the virtual chassis: %.80q", l.number, l.text)
		default:
			name := "member" + m[1]
			if m[2] != "" {
				name = "fpc" + m[2]
			}
			r.Add(l.number, facts.ComponentState, name, m[3])
			r.Add(l.number, facts.SerialNumber, name, m[4])
			r.Add(l.number, facts.Model, name, m[5])
			r.Add(l.number, facts.ComponentPriority, name, m[6])
			r.Add(l.number, facts.ComponentRole, name, m[7])
		}
	}
	if !table {
		r.Problem("no table of members in the reply")
	}
	return r.Done()
}

var clusterYields = []facts.Kind{facts.ComponentRole, facts.ComponentPriority}

var (
	// Redundancy group: 0 , Failover count: 1
	redundancyGroup = collectors.MustCompile(`^Redundancy group: (\d+)`)

	//     node0  200      primary        no      no       None
	//     node0                   200         primary   no       no
	clusterNode = collectors.MustCompile(`^\s*(node\d+)\s+(\d+)\s+(\S+)`)
)

// readCluster reads "show chassis cluster status": the roles of the nodes in redundancy group 0, that of the routing engines.
func readCluster(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	group := ""
	for l := range memberLines(&r, reply) {
		if m := redundancyGroup.FindStringSubmatch(l.text); m != nil {
			group = m[1]
		} else if m := clusterNode.FindStringSubmatch(l.text); m != nil && group == "0" {
			r.Add(l.number, facts.ComponentPriority, m[1], m[2])
			r.Add(l.number, facts.ComponentRole, m[1], m[3])
		}
	}
	if r.Empty() {
		r.Problem("no node of redundancy group 0 in the reply")
	}
	return r.Done()
}
