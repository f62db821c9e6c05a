package accounting

import (
	"strings"

	"trueboot/alerts"
)

// readClearPass reads what ClearPass exports as syslog. The operator names the template and chooses the columns, so that a line is told by
// the three numbers that follow the name, and a column by the last part of its name.
//
//	CPPM_System_Events 1 1 0 event_source=SnmpService,level=ERROR,category=Trap,description=…,timestamp=2014-06-03 13:05:30.023+05:30
//	All Events 710 1 0 Timestamp=Mar 28, 2014 19:59:39 IST,Source=Endpoint Context Server,Level=ERROR,…
//	Tacacs Commands 4 1 0 Common.Username=bob,Common.NAS-IP-Address=10.0.0.1,TACACS.Command=reload <cr>,TACACS.Privilege-Level=15
func readClearPass(text string, r *alerts.Record) bool {
	eq := strings.IndexByte(text, '=')
	if eq < 0 {
		return false
	}
	head := strings.TrimRight(text[:eq], "=")
	key := head[strings.LastIndexByte(head, ' ')+1:]
	words := strings.Fields(head[:len(head)-len(key)])
	n := len(words)
	if n < 4 || !number(words[n-1]) || !number(words[n-2]) || !number(words[n-3]) || key == "" {
		return false
	}
	s := statement{subkind: words[n-4], own: text[eq-len(key):]}
	for name, value := range columns(text[eq-len(key):]) {
		if number(value) && plain(name) == "errorcode" && value != "0" {
			first(&s.result, "failure")
		}
		s.take(name, value)
	}
	s.kind = typeAccounting
	if low := strings.ToLower(head); strings.Contains(low, "authz") || strings.Contains(low, "authoriz") {
		s.kind = typeAuthorization
	}
	if !strings.EqualFold(s.activity, "start") && !strings.EqualFold(s.activity, "stop") && !strings.EqualFold(s.activity, "update") {
		// "Action=Failed" of an event of the server itself.
		s.activity = ""
	}
	s.add(r, "clearpass")
	return true
}

// columns goes through "name=value,name=value". A value may hold commas: what follows one is a column only if it reads like a name.
func columns(text string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for range 512 {
			name, rest, found := strings.Cut(text, "=")
			if !found {
				return
			}
			end := len(rest)
			for from := 0; ; {
				comma := strings.IndexByte(rest[from:], ',')
				if comma < 0 {
					break
				}
				comma += from
				if isColumn(rest[comma+1:]) {
					end = comma
					break
				}
				from = comma + 1
			}
			value := rest[:end]
			if !yield(strings.TrimSpace(name), strings.TrimSpace(value)) || end == len(rest) {
				return
			}
			text = rest[end+1:]
		}
	}
}

func isColumn(s string) bool {
	for i := 0; i < len(s) && i < 96; i++ {
		switch c := s[i]; {
		case c == '=':
			return i > 0
		case c|' ' >= 'a' && c|' ' <= 'z', c >= '0' && c <= '9', c == '.', c == '-', c == '_', c == ' ', c == ':':
		default:
			return false
		}
	}
	return false
}
