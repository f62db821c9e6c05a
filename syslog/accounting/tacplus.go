package accounting

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readTacPlus reads the accounting file of tac_plus and its kin, and what tac_plus-ng writes when it is not told otherwise. Five values
// have fixed places; pairs follow in any order, or in tac_plus-ng the service and the command. rsyslog writes a tab as #011.
//
//	Wed Jun 27 03:47:17 2001⇥172.16.25.15⇥username1⇥tty3⇥REMOTE⇥stop⇥task_id=6⇥service=shell⇥priv-lvl=15⇥cmd=configure terminal <cr>
//	2026-01-02 03:04:05 +0100⇥10.0.0.1⇥bob⇥tty1⇥10.0.0.9⇥stop⇥shell⇥show version <cr>
func readTacPlus(text string, r *alerts.Record) bool {
	if strings.IndexByte(text, '\t') < 0 {
		if text = strings.ReplaceAll(text, "#011", "\t"); strings.IndexByte(text, '\t') < 0 {
			text = tabbed(text)
		}
	}
	parts := strings.Split(text, "\t")
	status := -1
	for i := 3; i < len(parts) && i < 8; i++ {
		if parts[i] == "start" || parts[i] == "stop" || parts[i] == "update" {
			status = i
			break
		}
	}
	// The device, the user and the line come before the status at least, and the address of the user in most cases.
	if status < 3 || len(parts) < status+2 {
		return false
	}
	var at time.Time
	begin := 0
	if stamped, ok := stamp(parts[0]); ok && status > 3 {
		at, begin = stamped, 1
	} else if status > 4 {
		// Whatever else came before: a tag, or a stamp of another form.
		begin = status - 4
	}
	places := parts[begin:status]
	if len(places) < 3 || len(places) > 4 {
		return false
	}
	s := statement{kind: typeAccounting, activity: parts[status], user: places[1], terminal: places[2], own: strings.Join(parts[begin:], " ")}
	// A tag may stand before the device's address.
	s.devices = []string{places[0][strings.LastIndexByte(places[0], ' ')+1:]}
	if len(places) == 4 {
		s.address = places[3]
	}
	format, rest := "tac_plus", parts[status+1:]
	if !strings.Contains(rest[0], "=") {
		format = "tac_plus-ng"
		s.service = rest[0]
		s.command = strings.Join(rest[1:], " ")
	} else {
		pairsOf(&s, rest)
	}
	if !at.IsZero() && r.Time.IsZero() {
		envelope.SetTime(r, at)
	}
	s.add(r, format)
	return true
}

// attributeNames are the names of pairs at which a line is parted when somebody has made blanks of its tabs.
var attributeNames = []string{"task_id=", "service=", "priv-lvl=", "cmd=", "timezone=", "start_time=", "stop_time=", "elapsed_time=", "disc-cause=", "port=", "protocol=", "foreign_ip=", "local_ip="}

// tabbed puts the tabs back. A device's own accounting looks alike, but has a mnemonic or a tag before it.
func tabbed(text string) string {
	status := -1
	for _, s := range []string{" start task_id=", " stop task_id=", " update task_id="} {
		status = max(status, strings.Index(text, s))
	}
	if status < 0 || strings.Contains(text[:status], ": ") || strings.Contains(text[:status], "%") {
		return text
	}
	places := strings.Fields(text[:status])
	if len(places) < 4 {
		return text
	}
	places = places[len(places)-4:]
	var b strings.Builder
	b.WriteString(strings.Join(places, "\t"))
	for i, word := range strings.Split(text[status+1:], " ") {
		separator := " "
		for _, name := range attributeNames {
			if strings.HasPrefix(word, name) {
				separator = "\t"
			}
		}
		if i == 0 {
			separator = "\t" // the status
		}
		b.WriteString(separator + word)
	}
	return b.String()
}

// pairsOf reads the pairs of TACACS+: "=" parts those that must be obeyed, "*" those that need not. A command may come as cmd and several
// cmd-arg.
func pairsOf(s *statement, pairs []string) {
	var words []string
	for _, pair := range pairs {
		at := strings.IndexAny(pair, "=*")
		if at < 0 {
			continue
		}
		name, value := pair[:at], pair[at+1:]
		switch name {
		case "cmd", "cmd-arg", "cmdarg", "cmd_arg":
			words = append(words, value)
		case "port":
			first(&s.terminal, value)
		case "reason":
			first(&s.reason, value)
		default:
			s.take(name, value)
		}
	}
	first(&s.command, strings.Join(words, " "))
}

// layouts are the stamps of these servers.
var layouts = []string{
	"Mon Jan _2 15:04:05 2006", "Mon Jan 02 15:04:05 2006", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05.999 -07:00", "2006-01-02 15:04:05 -07:00",
	time.RFC3339Nano, "2006-01-02 15:04:05",
}

// stamp reads a stamp. One that names no zone is taken for UTC.
func stamp(s string) (time.Time, bool) {
	if len(s) < 15 || len(s) > 40 {
		return time.Time{}, false
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
