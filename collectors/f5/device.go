package f5

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var deviceYields = []facts.Kind{
	facts.Hostname, facts.Model, facts.SerialNumber, facts.BaseMAC, facts.HardwareVersion, facts.ComponentVersion, facts.ComponentRole,
}

// deviceKinds are the properties of a device that state a fact about it.
var deviceKinds = map[string]facts.Kind{
	"hostname": facts.Hostname, "marketing-name": facts.Model, "chassis-id": facts.SerialNumber, "base-mac": facts.BaseMAC,
	"platform-id": facts.HardwareVersion, "failover-state": facts.ComponentRole,
}

// readDevices reads "list cm device": the device itself and those that it shares its configuration and its traffic with. They are
// called by the names that they have there.
func readDevices(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	objects, err := readObjects(reply)
	if err != nil {
		r.Problem("%w", err)
	}
	own := false
	for _, o := range objects {
		if len(o.words) != 3 || o.words[1] != "device" {
			r.Problem("line %d: not a device: %.80q", o.line, strings.Join(o.words, " "))
			continue
		}
		version, _ := o.find("version")
		build, _ := o.find("build")
		r.Add(version.line, facts.ComponentVersion, o.name(), withBuild(version.value, build.value))
		self, ok := o.find("self-device")
		itself := ok && self.set()
		own = own || itself
		for _, p := range o.properties {
			if kind, ok := deviceKinds[p.path[0]]; ok && len(p.path) == 1 {
				r.Add(p.line, kind, o.name(), p.value)
				if itself && kind == facts.Hostname {
					r.Add(p.line, kind, "", p.value)
				}
			}
		}
	}
	if !own {
		r.Problem("no device in the reply is the one that was asked")
	}
	return r.Done()
}
