package foreign

import (
	"bytes"
	"net/netip"
	"strings"
)

// readRouterDB reads the list of RANCID (router.db(5): name, type and state, with semicolons between them, colons in old ones) and of Oxidized, whose
// csv source is a name and a model with colons between them unless its map says otherwise. An address among the first fields is one.
//
//	core1.example.net;cisco;up
//	core1:192.0.2.1:ios:backbone
func readRouterDB(l *List, data []byte) error {
	separator := ":"
	if first := firstLine(data); strings.Contains(first, ";") {
		separator = ";"
	}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, separator)
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		d := Device{Name: fields[0], Line: n}
		rest := fields[1:]
		if len(rest) > 0 && isAddress(rest[0]) {
			d.Address, rest = rest[0], rest[1:]
		}
		if len(rest) == 0 || rest[0] == "" {
			l.lose(n, d.Name, "want a name and a type with %q between them", separator)
			continue
		}
		d.Platform, rest = rest[0], rest[1:]
		if len(rest) > 0 {
			switch state := strings.ToLower(rest[0]); {
			case state == "up", state == "":
			case state == "down", separator == ";":
				l.leave(n, d.Name, "its state is %q", rest[0])
				continue
			case isAddress(rest[0]):
				d.Address = rest[0]
			default:
				d.Tags = []string{rest[0]} // Oxidized's group
				if len(rest) > 1 {
					l.leave(n, d.Name, "%d more fields are not taken over: what they are is known to Oxidized's own map alone", len(rest)-1)
				}
			}
		}
		l.Devices = append(l.Devices, d)
		if len(l.Devices) > mostDevices {
			return errTooMany
		}
	}
	return nil
}

// firstLine returns the first line that is no comment.
func firstLine(data []byte) string {
	for line := range bytes.Lines(data) {
		if text := strings.TrimSpace(string(line)); text != "" && !strings.HasPrefix(text, "#") {
			return text
		}
	}
	return ""
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
