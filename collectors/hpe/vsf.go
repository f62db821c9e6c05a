package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var vsfYields = []facts.Kind{
	facts.Hostname, facts.RunningVersion, facts.Redundancy, facts.BaseMAC, facts.Uptime, facts.Component, facts.Model, facts.ComponentRole,
	facts.ComponentPriority, facts.BootLoaderVersion, facts.SerialNumber,
}

var (
	//         Software Version             : FL.10.10.1030
	//  Uptime           : 134d 1h 55m
	vsfField = collectors.MustCompile(`^([A-Z][\w /-]*?) *:(?: *(\S.*))?$`)

	// Member ID        : 2
	vsfMember = collectors.MustCompile(`^Member ID *: *(\d+)$`)
)

// vsfKinds are the fields of a member's block.
var vsfKinds = map[string]facts.Kind{
	"MAC Address": facts.BaseMAC, "Mac Address": facts.BaseMAC, "Type": facts.Component, "Model": facts.Model, "Priority": facts.ComponentPriority,
	"Status": facts.ComponentRole, "ROM Version": facts.BootLoaderVersion, "Serial Number": facts.SerialNumber,
}

// readVSF reads "show vsf detail" of AOS-CX and ArubaOS-Switch and "show stacking detail" of the latter: the stack, and then each of
// its members.
func readVSF(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		member string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := vsfMember.FindStringSubmatch(text); m != nil {
			member = "member " + m[1]
			continue
		}
		m := vsfField.FindStringSubmatch(text)
		if m == nil || m[2] == "" {
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(m[1], "VSF "), "Stack ")
		switch {
		case name == "Uptime":
			addUptime(&r, n, member, m[2])
		case member != "":
			if kind, ok := vsfKinds[m[1]]; ok {
				r.Add(n, kind, member, m[2])
			}
		case name == "Software Version":
			r.Add(n, facts.RunningVersion, "", m[2])
		case name == "Name":
			r.Add(n, facts.Hostname, "", m[2])
		case name == "MAC Address" || name == "Mac Address":
			r.Add(n, facts.BaseMAC, "", m[2])
		case name == "Topology" || name == "Status" || name == "MAD" || name == "Split Detection Method":
			r.Add(n, facts.Redundancy, "stack "+strings.ToLower(name), m[2])
		}
	}
	if member == "" {
		r.Problem("no member of a stack in the reply")
	}
	return r.Done()
}
