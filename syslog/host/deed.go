package host

import (
	"strings"

	"trueboot/alerts"
)

// A deed is what a program did.
type deed struct {
	action, user, executable, command, process, pid, parent string
	file, size, digest, client, server, port, result        string
}

func (d *deed) add(r *alerts.Record) {
	f := &r.Fields
	for _, v := range []struct{ name, value string }{
		{alerts.Action, d.action}, {alerts.User, d.user}, {alerts.Executable, d.executable}, {alerts.Command, d.command}, {alerts.Process, d.process},
		{alerts.PID, d.pid}, {alerts.Parent, d.parent}, {alerts.File, d.file}, {alerts.Size, d.size}, {alerts.Digest, d.digest}, {alerts.Client, d.client},
		{alerts.Server, d.server}, {alerts.Port, d.port}, {alerts.Result, d.result},
	} {
		if v.value == "" || v.value == "-" {
			continue
		}
		// The header's process is the one that logs.
		put(f, v.name, v.value)
	}
}

// put sets a field, in place of what it was.
func put(f *alerts.Fields, name, value string) {
	for i := range *f {
		if (*f)[i].Name == name {
			(*f)[i].Value = value
			return
		}
	}
	f.Add(name, value)
}

// firstHost puts the host that the text names ahead of those of the header.
func firstHost(r *alerts.Record, host string) {
	if host == "" || host == "-" || len(r.Hosts) > 0 && r.Hosts[0] == host {
		return
	}
	r.Hosts = append([]string{host}, r.Hosts...)
}

func first(to *string, value string) {
	if *to == "" && value != "-" {
		*to = value
	}
}

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// digest is algorithm:hex of a digest whose algorithm its length tells.
func digest(s string) string {
	s = strings.ToLower(s)
	if strings.Trim(s, "0123456789abcdef") != "" || strings.Trim(s, "0") == "" {
		return ""
	}
	switch len(s) {
	case 32:
		return "md5:" + s
	case 40:
		return "sha1:" + s
	case 64:
		return "sha256:" + s
	}
	return ""
}
