package network

import (
	"strings"

	"trueboot/alerts"
)

// readJunos reads the messages of Junos, whose tag stands before the text, or which are structured data.
//
//	mgd[7729]: UI_CMDLINE_READ_LINE: User 'root', command 'request system software add … '
//	1 2020-… router mgd 7729 UI_CMDLINE_READ_LINE [junos@2636.1.1.1.2.18 username="root" command="show version"] User 'root', …
//	/kernel: JUNOS 20.4R3.8 #0: …
func readJunos(text string, r *alerts.Record) bool {
	name := r.Fields.Get(alerts.Name)
	structured := false
	for _, f := range r.Fields {
		if strings.HasPrefix(f.Name, "sd.junos@") {
			structured = true
			break
		}
	}
	message := text
	if !structured {
		tag, rest, ok := strings.Cut(text, ": ")
		tag, _, _ = strings.Cut(tag, " message repeated [")
		if !ok || !isTag(tag) {
			if process := r.Fields.Get(alerts.Process); process != "/kernel" && process != "kernel" || !strings.HasPrefix(text, "JUNOS ") {
				return false
			}
			r.Format, r.Platform = "junos", "juniper_junos"
			r.Fields.Add(alerts.Message, text)
			return true
		}
		name, message = tag, rest
		r.Fields.Add(alerts.Name, name)
	}
	r.Format, r.Platform = "junos", "juniper_junos"
	if message == "" {
		message = r.Raw
	}
	r.Fields.Add(alerts.Message, message)
	if structured {
		for _, f := range r.Fields {
			if !strings.HasPrefix(f.Name, "sd.junos@") {
				continue
			}
			switch f.Name[strings.LastIndexByte(f.Name, '.')+1:] {
			case "username":
				r.Fields.Add(alerts.User, f.Value)
			case "command":
				r.Fields.Add(alerts.Command, strings.TrimSpace(f.Value))
			case "ssh-connection", "source-address":
				address, _, _ := strings.Cut(f.Value, " ")
				r.Fields.Add(alerts.Address, address)
			}
		}
	}
	if !r.Fields.Has(alerts.User) {
		if user := quoted(message); user != "" && strings.Contains(message, "ser '") {
			r.Fields.Add(alerts.User, user)
		}
	}
	switch name {
	case "UI_CMDLINE_READ_LINE", "UI_JUNOSCRIPT_CMD", "UI_NETCONF_CMD":
		if r.Fields.Has(alerts.Command) {
			break
		}
		if _, rest, ok := strings.Cut(message, "command '"); ok {
			end := strings.LastIndexByte(rest, '\'')
			if end < 0 {
				end = len(rest)
			}
			r.Fields.Add(alerts.Command, strings.TrimSpace(rest[:end]))
		}
	}
	return true
}

// isTag matches UI_COMMIT and RPD_BGP_NEIGHBOR_STATE_CHANGED: capitals with an underscore.
func isTag(tag string) bool {
	if len(tag) < 5 || len(tag) > 64 || tag[0] < 'A' || tag[0] > 'Z' || !strings.Contains(tag, "_") {
		return false
	}
	for i := range len(tag) {
		if c := tag[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
