package accounting

import (
	"strconv"
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// A segment is one message of Cisco's ISE or ACS. What is longer than a message is spread over several with one id:
//
//	CISE_TACACS_Accounting 0000000001 4 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with
//	Command, ConfigVersionId=1829, Device IP Address=10.0.0.1, …, CmdSet=[ CmdAV=show CmdArgAV=version CmdArgAV=<cr> ], …
//	CISE_TACACS_Accounting 0000000001 4 1  AcsSessionID=ise/1/2, …
type segment struct {
	category, id string
	total, index int
	text         string // behind the index
}

// segmentOf finds the segment in a text. The category may be the tag that the envelope took off.
func segmentOf(text string, r *alerts.Record) (s segment, ok bool) {
	category := func(s string) bool { return strings.HasPrefix(s, "CISE_") || strings.HasPrefix(s, "CSCOacs_") }
	if process := r.Fields.Get(alerts.Process); category(process) && !category(text) {
		s.category = process
	} else {
		at := strings.Index(text, "CISE_")
		if at < 0 {
			at = strings.Index(text, "CSCOacs_")
		}
		if at < 0 || at > 0 && (text[at-1] != ' ' && text[at-1] != '>' || !envelope.Header(text[:at], r)) {
			return s, false
		}
		s.category, text, _ = strings.Cut(text[at:], " ")
		s.category = strings.TrimSuffix(s.category, ":")
	}
	text = strings.TrimLeft(text, " ")
	var total, index string
	s.id, text, _ = strings.Cut(text, " ")
	total, text, _ = strings.Cut(text, " ")
	index, s.text, _ = strings.Cut(text, " ")
	if !number(s.id) || !number(total) || !number(index) || len(total) > 3 || len(index) > 3 {
		// Alarms have no number: "CISE_Alarm WARN: RADIUS Authentication Request dropped : Server=…".
		return segment{category: s.category}, strings.HasSuffix(s.category, "_Alarm")
	}
	s.total, _ = strconv.Atoi(total)
	s.index, _ = strconv.Atoi(index)
	return s, true
}

func readISE(text string, r *alerts.Record) bool {
	s, ok := segmentOf(text, r)
	if !ok {
		return false
	}
	if s.id == "" {
		// An alarm is the server's own business.
		alarm := statement{kind: "alarm", own: text[strings.Index(text, s.category)+len(s.category):]}
		alarm.own = strings.TrimLeft(alarm.own, " ")
		alarm.add(r, "ise")
		return true
	}
	said := s.read(r)
	server := ""
	if len(r.Hosts) > 0 {
		server = r.Hosts[0]
	}
	r.Fields.Add(Segment, strings.Join([]string{strconv.Itoa(s.index), strconv.Itoa(s.total), s.id, s.category, server}, " "))
	said.add(r, "ise")
	return true
}

// read takes the text of a segment apart.
func (s *segment) read(r *alerts.Record) statement {
	said := statement{subkind: s.category, own: strings.TrimSpace(s.text)}
	// 2020-02-21 19:13:08.328 +00:00 0018415636 3301 NOTICE Tacacs-Accounting: TACACS+ Accounting START, …
	if words := strings.SplitN(strings.TrimLeft(s.text, " "), " ", 7); s.index == 0 && len(words) == 7 && number(words[4]) {
		if at, ok := stamp(words[0] + " " + words[1] + " " + words[2]); ok {
			envelope.SetTime(r, at)
		}
		said.eventID = words[4]
		said.own = words[6]
		what, _, _ := strings.Cut(words[6], ",")
		switch code := words[4]; {
		case code == "5202" || code == "5402":
			said.kind = typeAuthorization
		case strings.HasPrefix(code, "33"), strings.HasPrefix(code, "300"):
			said.kind = typeAccounting
		}
		if low := strings.ToLower(what); strings.Contains(low, "fail") || strings.Contains(low, "dropped") || strings.Contains(low, "denied") {
			said.result = "failure"
		}
	}
	if said.kind == "" && strings.HasSuffix(s.category, "_Accounting") {
		said.kind = typeAccounting
	}
	said.attributes(said.own)
	return said
}

// attributes takes what a text of attributes states, of one segment or of several.
func (s *statement) attributes(text string) {
	var ip, name string
	for key, value := range attributesOf(text) {
		switch key {
		case "CmdSet":
			first(&s.command, rebuild(value))
		case "Device IP Address", "NAS-IP-Address", "NAS-IPv6-Address":
			first(&ip, value)
		case "NetworkDeviceName":
			first(&name, value)
		case "Port", "NAS-Port-Id":
			first(&s.terminal, value)
		case "Remote-Address", "Calling-Station-ID", "AdminIPAddress":
			first(&s.address, value)
		case "User", "User-Name", "UserName", "AdminName":
			first(&s.user, value)
		case "Privilege-Level":
			first(&s.privilege, value)
		case "AcctRequest-Flags", "Acct-Status-Type":
			first(&s.activity, value)
		case "Service-Argument":
			first(&s.service, value)
		case "FailureReason":
			first(&s.reason, value)
			s.result = "failure"
		case "cisco-av-pair", "AVPair":
			// Newer releases give a short command here.
			if cmd, is := strings.CutPrefix(value, "cmd="); is {
				first(&s.command, cmd)
			}
		case "Response":
			for _, status := range strings.Split(strings.Trim(value, "{} "), ";") {
				if name, v, found := strings.Cut(strings.TrimSpace(status), "="); found && strings.HasSuffix(name, "-Status") {
					first(&s.result, v)
				}
			}
		}
	}
	s.devices = []string{ip, name}
}

// attributesOf goes through "name=value, name=value,". A comma within a value has a backslash before it, except in brackets and braces.
func attributesOf(text string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for range 1024 {
			name, rest, found := strings.Cut(text, "=")
			if !found {
				return
			}
			// Text without a "=" comes before the first attribute.
			if at := unescapedComma(name); at >= 0 {
				for ; at >= 0; at = unescapedComma(name) {
					name = name[at+1:]
				}
			}
			var value string
			switch {
			case strings.HasPrefix(rest, "["):
				value, text = bracketed(rest, ']')
			case strings.HasPrefix(rest, "{"):
				value, text = bracketed(rest, '}')
			default:
				end := unescapedComma(rest)
				if end < 0 {
					end = len(rest)
				}
				value, text = rest[:end], rest[end:]
			}
			// A line break between attributes may have become two characters.
			if !yield(strings.TrimPrefix(strings.TrimSpace(name), `\n`), strings.ReplaceAll(strings.TrimSpace(value), `\,`, ",")) {
				return
			}
			text = strings.TrimPrefix(text, ",")
		}
	}
}

// bracketed is a value in brackets and what follows it: the bracket closes before a comma or at the end.
func bracketed(s string, closing byte) (value, rest string) {
	for i := 1; i < len(s); i++ {
		if s[i] != closing {
			continue
		}
		if after := strings.TrimLeft(s[i+1:], " "); after == "" || after[0] == ',' {
			return s[:i+1], after
		}
	}
	return s, ""
}

func unescapedComma(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			return i
		}
	}
	return -1
}

// rebuild makes the command of a command set, whose words may be one value or several.
//
//	[ CmdAV=copy CmdArgAV=tftp://10.0.0.9/x.bin CmdArgAV=flash: CmdArgAV=<cr> ]
//	[ CmdAV=show mac-address-table <cr> ]
func rebuild(set string) string {
	set = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(set, "["), "]"))
	var words []string
	for _, piece := range strings.Split(set, "CmdA") {
		for _, prefix := range []string{"V=", "rgAV="} {
			if word, is := strings.CutPrefix(piece, prefix); is {
				if word = strings.TrimSpace(word); word != "" && word != "<cr>" {
					words = append(words, word)
				}
			}
		}
	}
	return withoutCR(strings.Join(words, " "))
}
