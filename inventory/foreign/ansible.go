package foreign

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"trueboot/inventory"
)

// An ansible holds groups and hosts before what they say is put together.
//
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
type ansible struct {
	list   *List
	groups map[string]*ansibleGroup
	hosts  map[string]*ansibleHost
	order  []string // of hosts
}

type ansibleGroup struct {
	hosts    []string
	children []string
	vars     map[string]string
}

type ansibleHost struct {
	line int
	vars map[string]string
}

func newAnsible(l *List) *ansible {
	return &ansible{list: l, groups: map[string]*ansibleGroup{}, hosts: map[string]*ansibleHost{}}
}

func (a *ansible) group(name string) *ansibleGroup {
	g := a.groups[name]
	if g == nil {
		g = &ansibleGroup{vars: map[string]string{}}
		a.groups[name] = g
	}
	return g
}

func (a *ansible) host(name string, line int) *ansibleHost {
	h := a.hosts[name]
	if h == nil {
		h = &ansibleHost{line: line, vars: map[string]string{}}
		a.hosts[name] = h
		a.order = append(a.order, name)
	}
	return h
}

// wanted are the variables that say something about how a device is reached, by what they say.
var wanted = map[string]string{
	"ansible_host": "host", "ansible_ssh_host": "host",
	"ansible_port": "port", "ansible_ssh_port": "port",
	"ansible_user": "user", "ansible_ssh_user": "user",
	"ansible_network_os":           "os",
	"ansible_connection":           "connection",
	"ansible_ssh_private_key_file": "key", "ansible_private_key_file": "key",
	"site": "site", "location": "site",
	"role": "role", "device_role": "role",
}

// keep stores a variable that is wanted, and counts credentials.
func (a *ansible) keep(vars map[string]string, name, value string) {
	if what, ok := wanted[name]; ok {
		vars[what] = value
		return
	}
	if strings.HasPrefix(name, "ansible_") && (strings.HasSuffix(name, "_pass") || strings.HasSuffix(name, "_password") || strings.HasSuffix(name, "_passphrase")) {
		a.list.Secrets++
	}
}

// finish puts together what groups and hosts say, as Ansible does: what all says counts least, a child group more than its parents, groups of the same
// depth in the order of their names, and the host most.
func (a *ansible) finish() error {
	if len(a.order) > mostDevices {
		return errTooMany
	}
	a.unreadFolders()
	above := map[string][]string{} // parents of a group
	for name, g := range a.groups {
		for _, child := range g.children {
			above[child] = append(above[child], name)
		}
	}
	depths := map[string]int{}
	var depth func(name string, path []string) (int, error)
	depth = func(name string, path []string) (int, error) {
		if slices.Contains(path, name) {
			return 0, fmt.Errorf("the group %q is below itself", name)
		}
		if d, known := depths[name]; known {
			return d, nil
		}
		deepest := 1
		if name == "all" {
			deepest = 0
		}
		for _, parent := range above[name] {
			d, err := depth(parent, append(path, name))
			if err != nil {
				return 0, err
			}
			deepest = max(deepest, d+1)
		}
		depths[name] = deepest
		return deepest, nil
	}
	member := map[string][]string{} // groups of a host
	for name, g := range a.groups {
		if _, err := depth(name, nil); err != nil {
			return err
		}
		for _, host := range g.hosts {
			member[host] = append(member[host], name)
		}
	}
	lineages := map[string][]string{}
	for _, name := range a.order {
		groups := map[string]bool{}
		for _, g := range member[name] {
			if lineages[g] == nil {
				lineages[g] = lineage(g, above)
			}
			for _, up := range lineages[g] {
				groups[up] = true
			}
		}
		ordered := slices.SortedFunc(maps.Keys(groups), func(x, y string) int { return cmp.Or(cmp.Compare(depths[x], depths[y]), cmp.Compare(x, y)) })
		vars := map[string]string{}
		if all := a.groups["all"]; all != nil {
			maps.Copy(vars, all.vars)
		}
		var tags []string
		for _, g := range ordered {
			maps.Copy(vars, a.groups[g].vars)
			if g != "all" && g != "ungrouped" {
				tags = append(tags, g)
			}
		}
		maps.Copy(vars, a.hosts[name].vars)
		a.device(name, a.hosts[name].line, vars, tags)
	}
	return nil
}

// lineage returns a group and all above it.
func lineage(group string, above map[string][]string) []string {
	all := []string{group}
	for i := 0; i < len(all); i++ {
		for _, parent := range above[all[i]] {
			if !slices.Contains(all, parent) {
				all = append(all, parent)
			}
		}
	}
	return all
}

// device makes a device of a host's variables.
func (a *ansible) device(name string, line int, vars map[string]string, tags []string) {
	l := a.list
	for _, what := range slices.Sorted(maps.Keys(vars)) {
		if strings.Contains(vars[what], "{{") || strings.Contains(vars[what], "{%") {
			if what == "host" || what == "os" {
				l.lose(line, name, "its %s is a template, which is not filled in here: import what ansible-inventory --list prints", what)
				return
			}
			l.leave(line, name, "its %s is a template, which is not filled in here", what)
			delete(vars, what)
		}
	}
	d := Device{Name: name, Line: line, Address: vars["host"], Platform: vars["os"], Username: vars["user"], KeyFile: vars["key"], Site: vars["site"], Role: vars["role"], Tags: tags}
	connection := vars["connection"]
	if i := strings.LastIndexByte(connection, '.'); i >= 0 {
		connection = connection[i+1:] // ansible.netcommon.network_cli
	}
	port := 0
	if text := vars["port"]; text != "" {
		var err error
		if port, err = strconv.Atoi(text); err != nil || port < 1 {
			port = -1
		}
	}
	switch connection {
	case "netconf":
		d.Transport, d.NETCONFPort = inventory.NETCONF, port
		if port == 830 {
			d.NETCONFPort = 0
		}
	case "httpapi", "local": // its port is another service's
	default:
		d.Port = port
	}
	l.Devices = append(l.Devices, d)
}

// unreadFolders tells of variables beside the file: what is in them may be templates, encrypted or a program's.
func (a *ansible) unreadFolders() {
	for _, name := range []string{"group_vars", "host_vars"} {
		if info, err := os.Stat(filepath.Join(filepath.Dir(a.list.Source), name)); err == nil && info.IsDir() && a.list.Format != AnsibleList {
			a.list.leave(0, "", "the folder %s beside it is not read: import what ansible-inventory --list prints", name)
		}
	}
}
