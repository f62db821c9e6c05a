package inventory

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A reader takes one document apart.
type reader struct {
	problems
	folder    string // relative paths start here
	platforms Platforms
	inventory *Inventory
	defaults  settings
	groups    map[string]settings
	places    map[place]Device // those that were read, by where they are
}

// A place is where a device answers.
type place struct {
	address string // lower case
	port    int
	jump    string
}

// Parse reads an inventory whose text is at hand; path stands in the problems, and relative paths start in its folder.
func Parse(path string, data []byte, known Platforms) (*Inventory, error) {
	r := reader{
		problems:  problems{path: path},
		folder:    filepath.Dir(path),
		platforms: known,
		inventory: &Inventory{Path: path},
		groups:    map[string]settings{},
		places:    map[place]Device{},
	}
	if root := r.root(data); root != nil {
		r.read(root)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return r.inventory, nil
}

// read takes the sections in the order in which they refer to each other, whatever theirs in the file.
func (r *reader) read(root *yaml.Node) {
	sections := map[string]*yaml.Node{}
	keep := func(key string, node *yaml.Node) { sections[key] = node }
	r.mapping("inventory", root, fields{"jump_hosts": keep, "defaults": keep, "groups": keep, "devices": keep})

	if node, ok := sections["jump_hosts"]; ok {
		r.named("jump host", node, r.jumpHost)
	}
	if node, ok := sections["defaults"]; ok {
		known := r.fields(&r.defaults)
		known["legacy_ssh"] = func(key string, node *yaml.Node) {
			r.add(node.Line, "defaults: %s weakens every login; set it for the devices that need it, or for a group of them", key)
		}
		r.mapping("defaults", node, known)
	}
	if node, ok := sections["groups"]; ok {
		r.entries("groups", node, func(name string, at, value *yaml.Node) {
			if err := CheckName(name); err != nil {
				r.add(at.Line, "group: name: %v", err)
			}
			var group settings
			r.mapping("group "+quote(name), value, r.fields(&group))
			r.groups[name] = group
		})
	}
	node, ok := sections["devices"]
	if !ok {
		r.add(root.Line, "no devices; want a list with at least one device")
		return
	}
	if isNull(node) || (node.Kind != yaml.ScalarNode && len(node.Content) == 0) {
		r.add(node.Line, "devices: the list is empty; want at least one device")
		return
	}
	r.named("device", node, r.device)
}

// named reads a section of things with names: a mapping by name, or a list whose elements have a field
// name. Names that differ in case alone are the same: not every file system can tell their
// captures apart.
func (r *reader) named(what string, section *yaml.Node, read func(name string, line int, value *yaml.Node)) {
	first := map[string]int{}
	one := func(name string, line int, value *yaml.Node) {
		if err := CheckName(name); err != nil {
			r.add(line, "%s: name: %v", what, err)
		} else if before, twice := first[strings.ToLower(name)]; twice {
			r.add(line, "%s: the name %s stands here again; it is already on line %d", what, quote(name), before)
		} else {
			first[strings.ToLower(name)] = line
		}
		read(name, line, value)
	}
	if section.Kind != yaml.SequenceNode {
		r.entries(what+"s", section, func(name string, at, value *yaml.Node) { one(name, at.Line, value) })
		return
	}
	for _, item := range section.Content {
		if item.Kind != yaml.MappingNode {
			r.add(item.Line, "%s: want fields (name: value), found %s", what, kindOf(item))
			continue
		}
		name := ""
		for i := 0; i+1 < len(item.Content); i += 2 {
			if item.Content[i].Value == "name" {
				name, _ = r.scalar("name", item.Content[i+1])
				item.Content = slices.Delete(item.Content, i, i+2)
				break
			}
		}
		one(name, item.Line, item)
	}
}

func (r *reader) device(name string, line int, node *yaml.Node) {
	var own settings
	var address *string
	var groups []string
	known := r.fields(&own)
	known["address"] = r.text(&address, CheckAddress)
	known["groups"] = func(key string, node *yaml.Node) {
		r.names(&groups)(key, node)
		for _, group := range groups {
			if _, ok := r.groups[group]; !ok {
				var names []string
				for n := range r.groups {
					names = append(names, n)
				}
				slices.Sort(names)
				r.add(node.Line, "%s: there is no group %s; %s", key, quote(group), Suggest(group, names))
			}
		}
	}
	r.mapping("device "+quote(name), node, known)

	for _, group := range groups {
		own = own.over(r.groups[group])
	}
	own = own.over(r.defaults)
	if own.platform == nil || *own.platform == "" {
		r.add(line, "device %s has no platform; set it here, in a group or in defaults", quote(name))
	}
	d := Device{
		Name: name, Line: line,
		Address: r.addressOr(name, line, address),
		Port:    value(own.port), Platform: value(own.platform), Transport: value(own.transport), NETCONFPort: value(own.netconfPort),
		Tags: own.tags, Site: value(own.site), Role: value(own.role),
		Username: value(own.username), Password: value(own.password), Enable: value(own.enable),
		KeyFile: value(own.keyFile), KeyPassphrase: value(own.keyPassphrase), Agent: value(own.agent),
		Jump: value(own.jump), LegacySSH: value(own.legacySSH),
	}
	// One session a device: under two names it would get two. Behind another jump host the same address is another device.
	at := place{strings.ToLower(d.Address), cmp.Or(d.Port, 22), d.Jump}
	if other, taken := r.places[at]; taken && !strings.EqualFold(other.Name, name) {
		r.add(line, "device %s: %s port %d is that of %s, on line %d; a device stands here once", quote(name), quote(d.Address), at.port, quote(other.Name), other.Line)
	} else {
		r.places[at] = d
	}
	r.inventory.Devices = append(r.inventory.Devices, d)
}

func (r *reader) jumpHost(name string, line int, node *yaml.Node) {
	var own settings
	var address *string
	all := r.fields(&own)
	known := fields{"address": r.text(&address, CheckAddress)}
	for _, key := range []string{"port", "username", "password", "key_file", "key_passphrase", "agent", "legacy_ssh"} {
		known[key] = all[key]
	}
	r.mapping("jump host "+quote(name), node, known)
	r.inventory.JumpHosts = append(r.inventory.JumpHosts, JumpHost{
		Name: name, Address: r.addressOr(name, line, address), Port: value(own.port),
		Username: value(own.username), Password: value(own.password),
		KeyFile: value(own.keyFile), KeyPassphrase: value(own.keyPassphrase), Agent: value(own.agent),
		LegacySSH: value(own.legacySSH),
	})
}

// addressOr returns the address of a device or of a jump host, which is its name where the file
// states none.
func (r *reader) addressOr(name string, line int, address *string) string {
	if address != nil && *address != "" {
		return *address
	}
	if CheckName(name) == nil && CheckAddress(name) != nil {
		r.add(line, "%s has no address, and its name is not one", quote(name))
	}
	return name
}

// value returns what a pointer points to, and the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
