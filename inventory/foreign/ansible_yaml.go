package foreign

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	deepest   = 50        // a group in a group in a group…
	mostNodes = 2_000_000 // visited in one document, whatever its aliases multiply
)

// A document is a YAML file that is walked, node by node: nodes keep their lines.
type document struct{ visited int }

var errTooLarge = errors.New("the document is too large, or its aliases make it so")

// root returns the top node.
func (doc *document) root(data []byte) (*yaml.Node, error) {
	var top yaml.Node
	if err := yaml.Unmarshal(data, &top); err != nil {
		return nil, err
	}
	if len(top.Content) == 0 {
		return nil, errors.New("the file is empty")
	}
	return top.Content[0], nil
}

// entries calls do for each entry of a mapping. Nothing stands for an empty one.
func (doc *document) entries(node *yaml.Node, do func(key string, line int, value *yaml.Node) error) error {
	node = followed(node)
	if node.Kind == yaml.ScalarNode && (node.Value == "" || node.Tag == "!!null") {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want names with a colon behind them", node.Line)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if doc.visited++; doc.visited > mostNodes {
			return errTooLarge
		}
		key, value := node.Content[i], followed(node.Content[i+1])
		if key.Tag == "!!merge" {
			if err := doc.entries(value, do); err != nil {
				return err
			}
			continue
		}
		if err := do(key.Value, key.Line, value); err != nil {
			return err
		}
	}
	return nil
}

// texts returns the elements of a list, or the one that stands there alone.
func (doc *document) texts(node *yaml.Node) []string {
	node = followed(node)
	if node.Kind == yaml.ScalarNode && node.Value != "" {
		return []string{node.Value}
	}
	var all []string
	if node.Kind == yaml.SequenceNode {
		for _, item := range node.Content {
			if item = followed(item); item.Kind == yaml.ScalarNode && doc.visited < mostNodes {
				doc.visited++
				all = append(all, item.Value)
			}
		}
	}
	return all
}

// followed returns what an alias stands for.
func followed(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// guessYAML tells Nornir's hosts from an inventory of Ansible, whose groups have the keys hosts, children and vars alone.
func guessYAML(data []byte) string {
	var doc document
	root, err := doc.root(data)
	if err != nil {
		return AnsibleYAML // its reader tells what is wrong
	}
	groups, all := 0, 0
	err = doc.entries(root, func(_ string, _ int, value *yaml.Node) error {
		all++
		grouped := value.Kind == yaml.ScalarNode
		_ = doc.entries(value, func(key string, _ int, _ *yaml.Node) error {
			grouped = grouped || key == "hosts" || key == "children" || key == "vars"
			return nil
		})
		if grouped {
			groups++
		}
		return nil
	})
	switch {
	case err != nil || all == 0:
		return ""
	case groups == all:
		return AnsibleYAML
	}
	return Nornir
}

// readAnsibleYAML reads a static inventory in Ansible's YAML format.
//
//	all:
//	  children:
//	    core:
//	      hosts:
//	        core1: {ansible_host: 192.0.2.1, ansible_network_os: cisco.ios.ios}
func readAnsibleYAML(l *List, data []byte) error {
	var doc document
	root, err := doc.root(data)
	if err != nil {
		return err
	}
	a := newAnsible(l)
	err = doc.entries(root, func(name string, _ int, value *yaml.Node) error { return a.yamlGroup(&doc, name, value, 0) })
	if err != nil {
		return err
	}
	return a.finish()
}

func (a *ansible) yamlGroup(doc *document, name string, node *yaml.Node, depth int) error {
	if depth > deepest {
		return fmt.Errorf("line %d: groups in groups, %d deep", node.Line, depth)
	}
	group := a.group(name)
	return doc.entries(node, func(key string, line int, value *yaml.Node) error {
		switch key {
		case "hosts":
			return doc.entries(value, func(pattern string, line int, vars *yaml.Node) error {
				hosts, err := expand(pattern)
				if err != nil {
					return fmt.Errorf("line %d: %w", line, err)
				}
				if len(a.order)+len(hosts) > mostDevices {
					return errTooMany
				}
				for _, host := range hosts {
					group.hosts = append(group.hosts, host)
					if err := a.yamlVars(doc, a.host(host, line).vars, host, vars); err != nil {
						return err
					}
				}
				return nil
			})
		case "children":
			return doc.entries(value, func(child string, _ int, inner *yaml.Node) error {
				group.children = append(group.children, child)
				return a.yamlGroup(doc, child, inner, depth+1)
			})
		case "vars":
			return a.yamlVars(doc, group.vars, "", value)
		}
		a.list.leave(line, "", "the group %s: %q is none of hosts, children and vars", name, key)
		return nil
	})
}

func (a *ansible) yamlVars(doc *document, vars map[string]string, host string, node *yaml.Node) error {
	return doc.entries(node, func(name string, line int, value *yaml.Node) error {
		if _, ok := wanted[name]; ok && strings.HasPrefix(value.Tag, "!") && !strings.HasPrefix(value.Tag, "!!") {
			a.list.leave(line, host, "%s is encrypted or made by a program (%s): import what ansible-inventory --list prints", name, value.Tag)
			return nil
		}
		text := ""
		if value.Kind == yaml.ScalarNode {
			text = strings.TrimSpace(value.Value)
		}
		a.keep(vars, name, text)
		return nil
	})
}
