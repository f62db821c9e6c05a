package accounting

import (
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readDetail reads FreeRADIUS' detail file: a record is a line with a date, lines with one attribute each, and an empty line. The lines
// come one by one, or as one message.
//
//	⇥User-Name = "bob"
//	⇥Cisco-AVPair = "shell:priv-lvl=15"
//	⇥Timestamp = 1393930800
func readDetail(text string, r *alerts.Record) bool {
	if !strings.HasPrefix(text, "\t") && !strings.HasPrefix(text, "    ") {
		// The whole record: a date before the first attribute.
		head, rest, found := strings.Cut(strings.ReplaceAll(text, `\n`, "\n"), "\n")
		at, stamped := stamp(head)
		if !found || !stamped || !strings.Contains(rest, " = ") {
			return false
		}
		if r.Time.IsZero() {
			envelope.SetTime(r, at)
		}
		text = rest
	}
	s := statement{kind: typeAccounting}
	if !attributes(&s, text, r) {
		return false
	}
	s.add(r, "freeradius-detail")
	return true
}

// attributes reads lines of "Name = value" and leaves out what is a secret.
func attributes(s *statement, text string, r *alerts.Record) (any bool) {
	var own strings.Builder
	for line := range strings.Lines(text) {
		name, value, found := strings.Cut(strings.TrimSpace(line), " = ")
		if !found || name == "" || strings.ContainsAny(name, " \"=,:") {
			continue
		}
		any = true
		value = strings.Trim(value, `"`)
		if strings.Contains(name, "Password") || strings.Contains(name, "Secret") {
			r.Raw = hide(r.Raw, strings.TrimSpace(line), name+" = ***")
			value = "***"
		}
		if own.Len() > 0 {
			own.WriteString(", ")
		}
		own.WriteString(name + " = " + value)
		radiusAttribute(s, name, value)
		if seconds, err := strconv.ParseInt(value, 10, 64); err == nil && name == "Timestamp" && r.Time.IsZero() {
			envelope.SetTime(r, time.Unix(seconds, 0))
		}
	}
	s.own = own.String()
	return any
}

// hide replaces what holds a secret.
func hide(raw, secret, by string) string { return strings.Replace(raw, secret, by, 1) }

// radiusAttribute gives an attribute to what it stands for. Vendors' pairs are pairs of their own.
func radiusAttribute(s *statement, name, value string) {
	if low := strings.ToLower(name); strings.HasSuffix(low, "avpair") || strings.HasSuffix(low, "av-pair") {
		key, v, found := strings.Cut(strings.TrimPrefix(value, "shell:"), "=")
		if found {
			s.take(key, v)
		}
		return
	}
	if name == "Service-Type" && s.service != "" || name == "NAS-Port-Type" {
		return
	}
	s.take(name, value)
}

// readPairs reads RADIUS accounting that a server writes as one line of pairs.
//
//	Acct-Status-Type=Start,User-Name=bob,NAS-IP-Address=10.0.0.1,cisco-avpair=priv-lvl=15
//	Acct-Status-Type = Stop, User-Name = "bob", NAS-IP-Address = 10.0.0.1
func readPairs(text string, r *alerts.Record) bool {
	s := statement{kind: typeAccounting, own: text}
	tight := strings.NewReplacer(" = ", "=").Replace(text)
	status, raw := false, r.Raw
	for name, value := range words(tight) {
		if strings.Contains(name, "Password") || strings.Contains(name, "Secret") {
			s.own = hide(s.own, value, "***")
			raw = hide(raw, value, "***")
			continue
		}
		status = status || name == "Acct-Status-Type"
		radiusAttribute(&s, name, value)
	}
	if !status || s.user == "" && len(s.devices) == 0 {
		return false
	}
	r.Raw = raw
	s.add(r, "radius")
	return true
}

// readLinelog reads what FreeRADIUS says of a login or a session when its operator has changed nothing.
//
//	Login OK: [bob] (from client core1 port 2 cli 10.0.0.9)
//	Login incorrect (mschap: …): [bob/secret] (from client core1 port 2 cli 10.0.0.9)
//	Connect: [bob] (did 00-11 cli 10.0.0.9 port 2 ip 10.9.9.9)
//	Disconnect: [bob] (did 00-11 cli 10.0.0.9 port 2 ip 10.9.9.9) 42 seconds
func readLinelog(text string, r *alerts.Record) bool {
	s := statement{own: text}
	begin := -1
	for _, verb := range []string{"Login OK: [", "Login incorrect", "Disconnect: [", "Connect: ["} {
		if begin = strings.Index(text, verb); begin < 0 {
			continue
		}
		switch verb[0] {
		case 'L':
			s.kind, s.activity, s.result = "authentication", "login", "success"
			if verb == "Login incorrect" {
				s.result = "failure"
			}
		case 'C':
			s.kind, s.activity = typeAccounting, "start"
		case 'D':
			s.kind, s.activity = typeAccounting, "stop"
		}
		break
	}
	if begin < 0 {
		return false
	}
	_, rest, found := strings.Cut(text[begin:], "[")
	who, rest, closed := strings.Cut(rest, "] (")
	where, _, ended := strings.Cut(rest, ")")
	if !found || !closed || !ended {
		return false
	}
	name, secret, has := strings.Cut(who, "/")
	if has && !strings.HasPrefix(secret, "<") {
		s.own = hide(s.own, who, name+"/***")
		r.Raw = hide(r.Raw, who, name+"/***")
	}
	s.user = name
	fields := strings.Fields(where)
	for i := 0; i+1 < len(fields); i++ {
		switch fields[i] {
		case "client":
			device(&s, fields[i+1])
		case "port":
			terminal(&s, fields[i+1])
		case "cli":
			address(&s, fields[i+1])
		default:
			continue
		}
		i++
	}
	s.add(r, "freeradius")
	return true
}
