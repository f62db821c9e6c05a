package inventory

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// settings are what devices, groups and defaults have in common. Nil stands for "not said here"; a
// field that is there and empty undoes what a weaker layer says.
type settings struct {
	platform, transport, site, role *string
	username, keyFile, jump         *string
	password, enable, keyPassphrase *Secret
	port, netconfPort               *int
	agent, legacySSH                *bool
	tags                            []string
}

// over returns the settings with those of a weaker layer where they say nothing. Tags add up.
func (s settings) over(weaker settings) settings {
	return settings{
		platform:      cmp.Or(s.platform, weaker.platform),
		transport:     cmp.Or(s.transport, weaker.transport),
		netconfPort:   cmp.Or(s.netconfPort, weaker.netconfPort),
		site:          cmp.Or(s.site, weaker.site),
		role:          cmp.Or(s.role, weaker.role),
		username:      cmp.Or(s.username, weaker.username),
		keyFile:       cmp.Or(s.keyFile, weaker.keyFile),
		jump:          cmp.Or(s.jump, weaker.jump),
		password:      cmp.Or(s.password, weaker.password),
		enable:        cmp.Or(s.enable, weaker.enable),
		keyPassphrase: cmp.Or(s.keyPassphrase, weaker.keyPassphrase),
		port:          cmp.Or(s.port, weaker.port),
		agent:         cmp.Or(s.agent, weaker.agent),
		legacySSH:     cmp.Or(s.legacySSH, weaker.legacySSH),
		tags:          union(s.tags, weaker.tags),
	}
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// fields returns the readers of the settings, by the names that they have in the file.
func (r *reader) fields(s *settings) fields {
	return fields{
		"platform":       r.platform(&s.platform),
		"transport":      r.text(&s.transport, checkTransport),
		"port":           r.port(&s.port),
		"netconf_port":   r.port(&s.netconfPort),
		"username":       r.text(&s.username, CheckText),
		"password":       r.secret(&s.password),
		"enable":         r.secret(&s.enable),
		"key_file":       r.file(&s.keyFile),
		"key_passphrase": r.secret(&s.keyPassphrase),
		"agent":          r.flag(&s.agent),
		"jump":           r.jump(&s.jump),
		"legacy_ssh":     r.flag(&s.legacySSH),
		"tags":           r.names(&s.tags),
		"site":           r.text(&s.site, CheckText),
		"role":           r.text(&s.role, CheckText),
	}
}

func (r *reader) text(target **string, check func(string) error) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		text, ok := r.scalar(key, node)
		if ok && text != "" {
			if err := check(text); err != nil {
				r.add(node.Line, "%s: %v", key, err)
			}
		}
		*target = &text
	}
}

func (r *reader) platform(target **string) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		text, ok := r.scalar(key, node)
		if ok && text != "" {
			if token, known := r.platforms[strings.ToLower(text)]; known {
				text = token
			} else {
				r.add(node.Line, "%s: %s is not known; %s (trueboot platforms lists them)", key, quote(text), r.platforms.Suggest(text))
			}
		}
		*target = &text
	}
}

func (r *reader) jump(target **string) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		text, ok := r.scalar(key, node)
		if _, known := r.inventory.JumpHost(text); ok && text != "" && !known {
			var names []string
			for _, host := range r.inventory.JumpHosts {
				names = append(names, host.Name)
			}
			r.add(node.Line, "%s: no jump host has the name %s; %s", key, quote(text), Suggest(text, names))
		}
		*target = &text
	}
}

func (r *reader) file(target **string) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		text, ok := r.scalar(key, node)
		if ok && text != "" {
			if !printable(text) {
				r.add(node.Line, "%s: %v", key, errNotPrintable)
			}
			text = FromFolder(r.folder, text)
		}
		*target = &text
	}
}

func (r *reader) secret(target **Secret) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		var secret Secret
		text, ok := r.scalar(key, node)
		if ok && text != "" {
			var err error
			if secret, err = ParseSecret(r.folder, text); err != nil {
				r.add(node.Line, "%s: %v", key, err)
			}
		}
		*target = &secret
	}
}

func (r *reader) port(target **int) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		var port int
		text, ok := r.scalar(key, node)
		if ok && text != "" {
			var err error
			port, err = strconv.Atoi(text)
			if err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != text {
				r.add(node.Line, "%s: %s: want a number from 1 to 65535", key, quote(text))
			}
		}
		*target = &port
	}
}

func (r *reader) flag(target **bool) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		text, ok := r.scalar(key, node)
		flag := text == "true"
		if ok && text != "" && !flag && text != "false" {
			r.add(node.Line, "%s: %s: want true or false", key, quote(text))
		}
		*target = &flag
	}
}

func (r *reader) names(target *[]string) func(string, *yaml.Node) {
	return func(key string, node *yaml.Node) {
		r.items(key, node, func(item *yaml.Node) {
			text, ok := r.scalar(key, item)
			if !ok {
				return
			}
			if err := CheckName(text); err != nil {
				r.add(item.Line, "%s: %v", key, err)
				return
			}
			*target = union(*target, []string{text})
		})
	}
}
