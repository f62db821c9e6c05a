package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// xrRPCs ask IOS XR for its name, its uptime and its parts.
var xrRPCs = []collectors.Query{{
	Commands: []string{`<get><filter type="subtree"><system-time xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-shellutil-oper"/>` +
		`<inventory xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-invmgr-oper"/></filter></get>`},
	Yields: []facts.Kind{facts.Hostname, facts.Uptime, facts.RunningVersion, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.Component},
	Read:   readXRInventory,
}}

// readXRInventory reads Cisco-IOS-XR-shellutil-oper and Cisco-IOS-XR-invmgr-oper, and the same of the older XML agent, whose names
// are spelled in another way.
//
//	<uptime><host-name>NCS5516-632</host-name><uptime>296217</uptime></uptime>
//	<entity><name>Rack 0</name><attributes><inv-basic-bag><software-revision>6.3.2</software-revision>
//	  <serial-number>FGE20380TVK</serial-number><model-name>NCS-5516</model-name></inv-basic-bag></attributes></entity>
//	<Rack><Naming><Name>0</Name></Naming><Attributes><BasicInfo><Name>chassis ASR-9904-AC</Name><SerialNumber>FOX1717PLM4</SerialNumber>…
func readXRInventory(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	readXRParts(&r, root, "")
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no software revision of the rack in the reply")
	}
	return r.Done()
}

// xrLeaf spells a leaf's name as the YANG models do.
//
//	SoftwareRevision
func xrLeaf(name string) string {
	var spelled strings.Builder
	for i, c := range name {
		if i > 0 && c >= 'A' && c <= 'Z' {
			spelled.WriteByte('-')
		}
		spelled.WriteRune(c)
	}
	switch leaf := strings.ToLower(spelled.String()); leaf {
	case "hostname":
		return "host-name"
	default:
		return leaf
	}
}

// readXRParts goes down the tree. Part is the name of the entity that it is in.
func readXRParts(r *collectors.Reading, e *collectors.Element, part string) {
	switch xrLeaf(e.Name) {
	case "entity":
		part, _ = e.Value("name")
	case "rack":
		if name, _ := e.Value("Naming", "Name"); name != "" {
			part = "Rack " + name
		}
	}
	for _, c := range e.Children {
		if len(c.Children) > 0 {
			readXRParts(r, c, part)
			continue
		}
		switch inUptime, leaf := xrLeaf(e.Name) == "uptime", xrLeaf(c.Name); {
		case inUptime && leaf == "host-name":
			r.Add(c.Line, facts.Hostname, "", c.Text)
		case inUptime && leaf == "uptime":
			r.Add(c.Line, facts.Uptime, "", c.Text)
		case part == "":
		case leaf == "software-revision" && strings.HasPrefix(part, "Rack "):
			r.Add(c.Line, facts.RunningVersion, "", c.Text)
		case leaf == "software-revision":
			r.Add(c.Line, facts.ComponentVersion, part, c.Text)
		case leaf == "serial-number":
			r.Add(c.Line, facts.SerialNumber, part, c.Text)
		case leaf == "model-name":
			r.Add(c.Line, facts.Model, part, c.Text)
		case leaf == "hardware-revision":
			r.Add(c.Line, facts.HardwareVersion, part, c.Text)
		case leaf == "description":
			r.Add(c.Line, facts.Component, part, c.Text)
		}
	}
}
