package foreign

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A nornirEntry is a host, a group or the defaults of Nornir's SimpleInventory.
type nornirEntry struct {
	name                         string
	line                         int
	hostname, platform, username string
	port                         string
	site, role                   string
	groups                       []string
}

// readNornir reads hosts.yaml, and groups.yaml and defaults.yaml in its folder. What a host does not say, its groups do, in their order, and then the defaults.
//
//	core1:
//	  hostname: 192.0.2.1
//	  platform: ios
//	  groups: [core]
func readNornir(l *List, data []byte) error {
	var doc document
	hosts, err := l.nornirEntries(&doc, data)
	if err != nil {
		return err
	}
	groups := map[string]nornirEntry{}
	var defaults nornirEntry
	if text, err := beside(l.Source, "groups"); err != nil {
		return err
	} else if text != nil {
		all, err := l.nornirEntries(&doc, text)
		if err != nil {
			return fmt.Errorf("groups.yaml: %w", err)
		}
		for _, g := range all {
			groups[g.name] = g
		}
	}
	if text, err := beside(l.Source, "defaults"); err != nil {
		return err
	} else if text != nil {
		root, err := doc.root(text)
		if err == nil {
			defaults, err = l.nornirEntry(&doc, "", root)
		}
		if err != nil {
			return fmt.Errorf("defaults.yaml: %w", err)
		}
	}
	for _, h := range hosts {
		var tags []string
		layers := []nornirEntry{h}
		var climb func(names []string, depth int)
		climb = func(names []string, depth int) {
			for _, name := range names {
				if slices.Contains(tags, name) || depth > deepest {
					continue
				}
				tags = append(tags, name)
				g, ok := groups[name]
				if !ok {
					l.leave(h.line, h.name, "there is no group %q in groups.yaml", name)
					continue
				}
				layers = append(layers, g)
				climb(g.groups, depth+1)
			}
		}
		climb(h.groups, 0)
		layers = append(layers, defaults)
		first := func(of func(nornirEntry) string) string {
			for _, layer := range layers {
				if text := of(layer); text != "" {
					return text
				}
			}
			return ""
		}
		d := Device{
			Name: h.name, Line: h.line, Tags: tags,
			Address:  first(func(e nornirEntry) string { return e.hostname }),
			Platform: first(func(e nornirEntry) string { return e.platform }),
			Username: first(func(e nornirEntry) string { return e.username }),
			Site:     first(func(e nornirEntry) string { return e.site }),
			Role:     first(func(e nornirEntry) string { return e.role }),
		}
		if port := first(func(e nornirEntry) string { return e.port }); port != "" {
			if d.Port, err = strconv.Atoi(port); err != nil || d.Port < 1 {
				d.Port = -1
			}
		}
		l.Devices = append(l.Devices, d)
		if len(l.Devices) > mostDevices {
			return errTooMany
		}
	}
	return nil
}

// beside reads a file in the folder of another one; nil where there is none.
func beside(path, name string) ([]byte, error) {
	for _, ending := range []string{".yaml", ".yml"} {
		file, err := os.Open(filepath.Join(filepath.Dir(path), name+ending))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer file.Close()
		data, err := io.ReadAll(io.LimitReader(file, maxFile))
		return data, err
	}
	return nil, nil
}

func (l *List) nornirEntries(doc *document, data []byte) ([]nornirEntry, error) {
	root, err := doc.root(data)
	if err != nil {
		return nil, err
	}
	var all []nornirEntry
	err = doc.entries(root, func(name string, line int, value *yaml.Node) error {
		e, err := l.nornirEntry(doc, name, value)
		e.line = line
		all = append(all, e)
		return err
	})
	return all, err
}

func (l *List) nornirEntry(doc *document, name string, node *yaml.Node) (nornirEntry, error) {
	e := nornirEntry{name: name}
	err := doc.entries(node, func(key string, _ int, value *yaml.Node) error {
		switch key {
		case "hostname":
			e.hostname = value.Value
		case "platform":
			e.platform = value.Value
		case "username":
			e.username = value.Value
		case "port":
			e.port = value.Value
		case "groups":
			e.groups = doc.texts(value)
		case "password":
			if value.Value != "" {
				l.Secrets++
			}
		case "data":
			return doc.entries(value, func(key string, _ int, value *yaml.Node) error {
				switch key {
				case "site":
					e.site = value.Value
				case "role":
					e.role = value.Value
				}
				return nil
			})
		}
		return nil
	})
	return e, err
}
