package accounting

import (
	"strings"

	"trueboot/alerts"
)

// readQuoted reads the accounting that some switches send by themselves: pairs, of which the command is in quotation marks.
//
//	user=admin addr=10.0.0.9 priv-lvl=15 cmd="boot system primary" result=success
//	NAS_IP=10.17.37.150 Port=0 rem_addr=Console User=admin Flags=Stop task_id=1 service=shell Cmd=copy a b Stop_time=Mon Apr  9 09:43:56 2012 Status=Succeeded
//	User="admin" Cmd="reload" Stop_time=Thu Jan  1 00:00:00 2026 Status=Succeeded
//	type=USYS_CONFIG msg=audit(…) : pid=1 uid=admin msg='rec=ACCT_CMD op=stop session=CONSOLE user=admin priv-lvl=15 data="interface 1/1/1" addr=10.0.0.9 res=success'
func readQuoted(text string, r *alerts.Record) bool {
	s := statement{kind: typeAccounting, own: text}
	finished := false
	if _, cmd, found := strings.Cut(text, " Cmd="); found && !strings.HasPrefix(cmd, `"`) {
		// Without quotation marks it runs to the next pair.
		if cmd, _, found = strings.Cut(cmd, " Stop_time="); found {
			s.command = cmd
		}
	}
	for name, value := range words(text) {
		switch name {
		case "type", "uid", "auid", "msg":
			continue
		case "Status", "status":
			first(&s.result, value)
			finished = true
			continue
		case "result", "res", "Stop_time", "stop_time", "rec":
			finished = true
		}
		s.take(name, value)
	}
	// The pairs of a host's audit look alike; they have no result behind a command in quotation marks that is not their own "cmd".
	if s.command == "" || !finished {
		return false
	}
	if s.terminal == "" && strings.Contains(text, "rec=ACCT_CMD") {
		s.terminal = "console"
	}
	s.add(r, "device-accounting")
	return true
}

// words goes through name=value and name="value with blanks", parted by blanks or commas.
func words(text string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for range 512 {
			eq := strings.IndexByte(text, '=')
			if eq < 0 {
				return
			}
			name := text[strings.LastIndexAny(text[:eq], " ,;'\t\n")+1 : eq]
			text = text[eq+1:]
			var value string
			if strings.HasPrefix(text, `"`) {
				end := 1
				for end < len(text) && text[end] != '"' {
					if text[end] == '\\' {
						end++
					}
					end++
				}
				end = min(end, len(text))
				value, text = text[1:end], text[end:]
			} else {
				end := strings.IndexAny(text, " ,;'\t\n")
				if end < 0 {
					end = len(text)
				}
				value, text = text[:end], text[end:]
			}
			if name != "" && !yield(name, value) {
				return
			}
		}
	}
}
