package transfer

import (
	"slices"
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// A request is what a line says of one file.
type request struct {
	client, file, user, direction, result, reason, size, activity string
}

// add makes a record of the line of a program; text is its message.
func (q request) add(r *alerts.Record, format, kind, text string) {
	r.Kind, r.Format = alerts.Transfer, format
	r.Fields = slices.Grow(r.Fields, 12)
	if !r.Fields.Has(alerts.Message) {
		r.Fields.Add(alerts.Message, text)
	}
	r.Fields.Add(alerts.Type, kind)
	r.Fields.Add(alerts.Activity, q.activity)
	r.Fields.Add(alerts.Client, unmapped(q.client))
	r.Fields.Add(alerts.User, q.user)
	r.Fields.Add(alerts.File, q.file)
	r.Fields.Add(alerts.Size, q.size)
	r.Fields.Add(alerts.Direction, q.direction)
	r.Fields.Add(alerts.Result, q.result)
	r.Fields.Add(alerts.Reason, q.reason)
}

// program takes the tag of one of the programs off a text: "in.tftpd[31913]: RRQ …". Where the envelope has done so already, the record
// has the process. A header may still stand before the tag, but no other message: somebody's user name that reads like a tag is none.
func program(text string, r *alerts.Record, names ...string) (rest string, ok bool) {
	if process := r.Fields.Get(alerts.Process); process != "" {
		process = process[strings.LastIndexByte(process, '/')+1:]
		for _, name := range names {
			if process == name {
				return strings.TrimLeft(afterTag(text, name), " "), true
			}
		}
		return "", false
	}
	for _, name := range names {
		at := strings.Index(text, name)
		if at < 0 || at > 0 && strings.IndexByte(" />", text[at-1]) < 0 || !envelope.Header(text[:at], r) {
			continue
		}
		rest := text[at+len(name):]
		pid := ""
		if strings.HasPrefix(rest, "[") {
			end := strings.IndexByte(rest, ']')
			if end < 0 || end > 12 {
				continue
			}
			pid, rest = rest[1:end], rest[end+1:]
		}
		if rest, ok = strings.CutPrefix(rest, ":"); !ok {
			continue
		}
		r.Fields.Add(alerts.Process, name)
		r.Fields.Add(alerts.PID, pid)
		return strings.TrimLeft(rest, " "), true
	}
	return "", false
}

// afterTag is the text behind a tag that the envelope has read and left in place.
func afterTag(text, name string) string {
	rest, ok := strings.CutPrefix(text, name)
	if !ok {
		return text
	}
	if strings.HasPrefix(rest, "[") {
		if end := strings.IndexByte(rest, ']'); end > 0 {
			rest = rest[end+1:]
		}
	}
	if rest, ok = strings.CutPrefix(rest, ":"); !ok {
		return text
	}
	return rest
}

// unmapped is an address without the prefix that a socket for both versions puts before one of IPv4, and without brackets.
func unmapped(address string) string {
	address = strings.TrimSuffix(strings.TrimPrefix(address, "["), "]")
	return strings.TrimPrefix(address, "::ffff:")
}

// withoutPort is the address of 10.0.0.1:41015 and of [2001:db8::1]:41015. One of IPv6 without brackets is left whole.
func withoutPort(s string) string {
	if at := strings.LastIndexByte(s, ':'); at > 0 && number(s[at+1:]) && (strings.Count(s, ":") == 1 || s[at-1] == ']' || strings.HasPrefix(s, "::ffff:") && strings.Contains(s, ".")) {
		return s[:at]
	}
	return s
}

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// between is the text behind the first before and ahead of the first after that, both of which must be there.
func between(s, before, after string) (part, rest string, ok bool) {
	at := strings.Index(s, before)
	if at < 0 {
		return "", s, false
	}
	s = s[at+len(before):]
	end := strings.Index(s, after)
	if end < 0 {
		return "", s, false
	}
	return s[:end], s[end+len(after):], true
}
