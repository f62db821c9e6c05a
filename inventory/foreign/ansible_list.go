package foreign

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// readAnsibleList reads what ansible-inventory --list prints, and what a dynamic inventory's script does: groups, and under _meta the variables of hosts.
//
//	{"_meta": {"hostvars": {"core1": {"ansible_host": "192.0.2.1"}}}, "core": {"hosts": ["core1"]}}
func readAnsibleList(l *List, data []byte) error {
	var document map[string]json.RawMessage
	if err := json.Unmarshal(data, &document); err != nil {
		return err
	}
	var meta struct {
		HostVars map[string]map[string]json.RawMessage `json:"hostvars"`
	}
	if raw, ok := document["_meta"]; ok {
		if err := json.Unmarshal(raw, &meta); err != nil {
			return fmt.Errorf("_meta: %w", err)
		}
		delete(document, "_meta")
	}
	a := newAnsible(l)
	for _, name := range slices.Sorted(maps.Keys(document)) {
		group := a.group(name)
		var full struct {
			Hosts    []string                   `json:"hosts"`
			Children []string                   `json:"children"`
			Vars     map[string]json.RawMessage `json:"vars"`
		}
		if json.Unmarshal(document[name], &group.hosts) != nil { // scripts may write the hosts alone
			group.hosts = nil
			if err := json.Unmarshal(document[name], &full); err != nil {
				return fmt.Errorf("the group %q: %w", name, err)
			}
			group.hosts, group.children = full.Hosts, full.Children
			a.jsonVars(group.vars, full.Vars)
		}
		for _, child := range group.children {
			a.group(child)
		}
	}
	hosts := map[string]bool{}
	for _, group := range a.groups {
		for _, host := range group.hosts {
			hosts[host] = true
		}
	}
	for host := range meta.HostVars {
		hosts[host] = true
	}
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		a.jsonVars(a.host(host, 0).vars, meta.HostVars[host])
	}
	return a.finish()
}

func (a *ansible) jsonVars(vars map[string]string, raw map[string]json.RawMessage) {
	for name, value := range raw {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value) // a number
		}
		if text != "null" {
			a.keep(vars, name, text)
		}
	}
}
