package network

import (
	"strings"

	"trueboot/alerts"
)

// readVRP reads Huawei's messages.
//
//	%%01SHELL/5/CMDRECORD(s)[97]:Recorded command information. (Task=HTPR, Ip=10.0.0.9, VpnName=, User=admin, AuthenticationMethod="Null", Command="action deny")
func readVRP(text string, r *alerts.Record) bool {
	rest, ok := strings.CutPrefix(text, "%%01")
	if !ok {
		if rest, ok = strings.CutPrefix(text, "%%02"); !ok {
			return false
		}
	}
	message, ok := slashed(rest, r)
	if !ok {
		return false
	}
	r.Format, r.Platform = "huawei", "huawei_vrp"
	r.Fields.Add(alerts.Message, message)
	for _, f := range []struct{ key, name string }{{"User", alerts.User}, {"Ip", alerts.Address}, {"IpAddress", alerts.Address}, {"Command", alerts.Command}} {
		r.Fields.Add(f.name, argument(message, f.key))
	}
	return true
}

// slashed reads "MODULE/5/NAME(s)[97]:text" and "SHELL/6/SHELL_CMD: text".
func slashed(text string, r *alerts.Record) (message string, ok bool) {
	module, rest, ok := strings.Cut(text, "/")
	if !ok || module == "" || len(module) > 40 || len(rest) < 3 || rest[0] < '0' || rest[0] > '7' || rest[1] != '/' {
		return "", false
	}
	severity := rest[0]
	rest = rest[2:]
	end := 0
	for end < len(rest) && mnemonicByte(rest[end]) {
		end++
	}
	if end == 0 || end > 80 {
		return "", false
	}
	name := rest[:end]
	rest = rest[end:]
	if strings.HasPrefix(rest, "(") { // the kind: s, l, t
		if at := strings.IndexByte(rest, ')'); at > 0 && at < 6 {
			rest = rest[at+1:]
		}
	}
	if strings.HasPrefix(rest, "[") { // the number
		if at := strings.IndexByte(rest, ']'); at > 0 && at < 16 {
			rest = rest[at+1:]
		}
	}
	rest, ok = strings.CutPrefix(rest, ":")
	if !ok {
		return "", false
	}
	r.Fields.Add(alerts.Mnemonic, module+"/"+string(severity)+"/"+name)
	r.Fields.Add(alerts.Facility, module)
	r.Fields.Add(alerts.Name, name)
	return strings.TrimLeft(rest, " "), true
}

// argument is the value of "Key=value, " or "Key="value"" in parentheses.
func argument(text, key string) string {
	for at := 0; ; {
		i := strings.Index(text[at:], key+"=")
		if i < 0 {
			return ""
		}
		at += i
		if at > 0 && text[at-1] != ' ' && text[at-1] != '(' && text[at-1] != ',' {
			at += len(key)
			continue
		}
		value := text[at+len(key)+1:]
		if rest, ok := strings.CutPrefix(value, `"`); ok {
			// The last quotation mark before a closing parenthesis: a command may hold some of its own.
			if end := strings.LastIndexByte(rest, '"'); end >= 0 {
				if next := strings.Index(rest, `", `); next >= 0 && next < end {
					end = next
				}
				return rest[:end]
			}
			return rest
		}
		end := strings.IndexAny(value, ",)")
		if end < 0 {
			end = len(value)
		}
		return strings.TrimSpace(value[:end])
	}
}

// readComware reads the messages of HPE's and H3C's Comware.
//
//	%%10SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.0.0.9-User=admin; Command is display version
func readComware(text string, r *alerts.Record) bool {
	rest, ok := strings.CutPrefix(text, "%%10")
	if !ok && !strings.HasPrefix(text, "SHELL/") {
		return false
	}
	if !ok {
		rest = text
	}
	message, ok := slashed(rest, r)
	if !ok {
		return false
	}
	r.Format, r.Platform = "comware", "hpe_comware"
	r.Fields.Add(alerts.Message, message)
	if who, command, ok := strings.Cut(message, "; Command is "); ok {
		r.Fields.Add(alerts.Command, strings.TrimSpace(command))
		for _, f := range []struct{ key, name string }{{"-Line=", alerts.Terminal}, {"-IPAddr=", alerts.Address}, {"-User=", alerts.User}} {
			if _, value, ok := strings.Cut(who, f.key); ok {
				end := len(value)
				for _, next := range []string{"-IPAddr=", "-User=", "-Line="} {
					if at := strings.Index(value, next); at >= 0 && at < end {
						end = at
					}
				}
				if value = value[:end]; value != "**" {
					r.Fields.Add(f.name, value)
				}
			}
		}
	}
	return true
}

// readAOSCX reads the events of ArubaOS-CX.
//
//	Event|4401|LOG_INFO|AMM|-|User admin: primary image updated via TFTP from 192.168.1.1. Firmware version, Before Update: 1.0.0 After Update: 1.1.0
func readAOSCX(text string, r *alerts.Record) bool {
	rest, ok := strings.CutPrefix(text, "Event|")
	if !ok {
		return false
	}
	parts := strings.SplitN(rest, "|", 5)
	if len(parts) < 5 {
		return false
	}
	r.Format, r.Platform = "aoscx", "aruba_aoscx"
	r.Fields.Add(alerts.EventID, parts[0])
	r.Fields.Add(alerts.Unit, strings.Trim(parts[3], "-"))
	message := parts[4]
	r.Fields.Add(alerts.Message, message)
	if user, ok := strings.CutPrefix(message, "User "); ok {
		if name, _, ok := strings.Cut(user, ":"); ok && !strings.Contains(name, " ") {
			r.Fields.Add(alerts.User, name)
		}
	}
	return true
}

// readAOSS reads the messages of ArubaOS-Switch and ProCurve: a number of five digits, a subsystem, the text.
//
//	00076 ports: port 1 is now on-line          02712 console: Serial Console: Enabled
func readAOSS(text string, r *alerts.Record) bool {
	if len(text) < 8 || text[5] != ' ' || strings.Trim(text[:5], "0123456789") != "" || text[0] != '0' {
		return false
	}
	subsystem, message, ok := strings.Cut(text[6:], ": ")
	if !ok || len(subsystem) > 16 || strings.Contains(subsystem, " ") {
		return false
	}
	r.Format, r.Platform = "aoss", "aruba_aoss"
	r.Fields.Add(alerts.EventID, text[:5])
	r.Fields.Add(alerts.Facility, subsystem)
	r.Fields.Add(alerts.Message, strings.TrimLeft(message, " "))
	return true
}
