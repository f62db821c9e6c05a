package envelope

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/leodido/go-syslog/v4/rfc5424"

	"trueboot/alerts"
)

// facilities are the names of RFC 5424, table 1, as syslog daemons spell them.
var facilities = [...]string{
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
	"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
}

var severities = [...]string{"0", "1", "2", "3", "4", "5", "6", "7"}

// wrongClock is how far a stamp may be from its arrival before its clock is not believed.
const wrongClock = 30 * 24 * time.Hour

// Read takes what is around a message off, and returns the message. The record has Origin, Received and Peer; stamps without a year are
// dated near Received. Read sets Raw, Time, Clock, Hosts, Sequence, the fields of the PRI, the unit, the process and its number. It
// rejects nothing: what it does not know it leaves in the message.
func Read(line string, r *alerts.Record) (message string) {
	line = strings.TrimRight(line, "\r\n\x00 ")
	if len(line) > MaxLine {
		cut := MaxLine
		for cut > MaxLine-utf8.UTFMax && !utf8.RuneStart(line[cut]) {
			cut--
		}
		line, r.Cut = line[:cut], true
	}
	r.Raw = line
	r.Clock = alerts.ClockMissing
	h := header{record: r, rest: strings.TrimLeft(line, " ")}
	h.priority()
	if h.rfc5424() {
		return h.rest
	}
	for range mostParts {
		if !h.part() {
			break
		}
	}
	h.settle()
	return h.rest
}

// mostParts is how many parts a header may have: two of them, one put before the other by a relay, and some to spare.
const mostParts = 14

// A header is what is left of a line while its header is read.
type header struct {
	record  *alerts.Record
	rest    string
	began   bool // a PRI or a stamp was there
	stamps  int
	relayed time.Time // the stamp of a relay, before the device's own
	host    bool
	process bool
}

// priority reads "<189>". One that can't be is left in place.
func (h *header) priority() {
	p, ok := strings.CutPrefix(h.rest, "<")
	if !ok {
		return
	}
	n, rest, ok := number(p, 3)
	if !ok || n > 191 || !strings.HasPrefix(rest, ">") {
		return
	}
	h.record.Fields = append(make(alerts.Fields, 0, 12), alerts.Field{Name: alerts.SyslogFacility, Value: facilities[n/8]}, alerts.Field{Name: alerts.SyslogSeverity, Value: severities[n%8]})
	h.rest, h.began = strings.TrimLeft(rest[1:], " "), true
}

// rfc5424 reads a header of that standard: "1 2020-02-21T19:13:34.123Z host app 123 ID [id name="value"] message".
func (h *header) rfc5424() bool {
	if !strings.HasPrefix(h.rest, "1 ") || len(h.rest) < 4 || h.rest[2] != '-' && (h.rest[2] < '0' || h.rest[2] > '9') {
		return false
	}
	text := h.rest
	machine := rfc5424.NewMachine(rfc5424.WithBestEffort())
	parsed, err := machine.Parse([]byte("<0>" + text))
	m, ok := parsed.(*rfc5424.SyslogMessage)
	if !ok || m == nil || m.Timestamp == nil && m.Hostname == nil && err != nil {
		return false
	}
	r := h.record
	h.began = true
	if m.Timestamp != nil {
		r.Time, r.Clock = *m.Timestamp, alerts.ClockGood
		h.doubt()
	}
	if host := value(m.Base.Hostname); host != "" {
		r.Hosts = append(r.Hosts, host)
	}
	r.Fields.Add(alerts.Process, value(m.Base.Appname))
	r.Fields.Add(alerts.PID, value(m.Base.ProcID))
	r.Fields.Add(alerts.Name, value(m.Base.MsgID))
	if m.StructuredData != nil {
		for _, id := range slices.Sorted(maps.Keys(*m.StructuredData)) {
			parameters := (*m.StructuredData)[id]
			for _, name := range slices.Sorted(maps.Keys(parameters)) {
				r.Fields.Add("sd."+id+"."+name, parameters[name])
			}
		}
	}
	h.rest = strings.TrimPrefix(value(m.Base.Message), "\xef\xbb\xbf")
	if m.Base.Message == nil && err != nil {
		h.rest = text // what the standard's reader gave up on is still the message
	}
	return true
}

func value(s *string) string {
	if s == nil || *s == "-" {
		return ""
	}
	return strings.TrimSpace(*s)
}

// part takes the next part of a header of another shape off, and reports whether there was one.
func (h *header) part() bool {
	h.rest = strings.TrimLeft(h.rest, " ")
	p := h.rest
	if p == "" || p[0] == '{' || p[0] == '[' {
		return false
	}
	if s, rest, ok := readStamp(p, h.record.Received); ok {
		h.stamp(s)
		h.rest = rest
		return true
	}
	if p[0] == '%' {
		return false
	}
	if rest, ok := strings.CutPrefix(p, ":"); ok && (strings.HasPrefix(rest, " ") || headed(rest)) {
		h.rest = rest
		return true
	}
	if n, rest, ok := sequence(p); ok {
		h.record.Sequence, h.rest = n, rest
		return true
	}
	if unit, rest, ok := node(p); ok {
		h.record.Fields.Add(alerts.Unit, unit)
		h.rest, h.began = rest, true
		return true
	}
	return h.word(p)
}

// stamp takes a stamp over. The last is the device's own; one before it is a relay's.
func (h *header) stamp(s stamp) {
	r := h.record
	if h.stamps > 0 && r.Clock == alerts.ClockGood {
		h.relayed = r.Time
	}
	h.stamps++
	h.began = true
	r.Time, r.Clock = s.at, s.clock
	if s.clock == alerts.ClockGood {
		h.doubt()
	}
}

// doubt marks a clock that is further from the arrival than a delay explains. A line of a file may be of any age: there is no peer.
func (h *header) doubt() {
	r := h.record
	if r.Peer.IsValid() && !r.Received.IsZero() && r.Time.Sub(r.Received).Abs() > wrongClock {
		r.Clock = alerts.ClockWrong
	}
}

// settle lets the stamp of a relay stand in for the arrival where the device's own clock was not set.
func (h *header) settle() {
	r := h.record
	if r.Clock != alerts.ClockGood && !h.relayed.IsZero() && !r.Peer.IsValid() {
		r.Received = h.relayed
	}
}

// sequence reads "022546: ", a message number.
func sequence(text string) (n uint64, rest string, ok bool) {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		if i == 12 {
			return 0, text, false
		}
		n = 10*n + uint64(text[i]-'0')
		i++
	}
	if i == 0 || !strings.HasPrefix(text[i:], ": ") {
		return 0, text, false
	}
	return n, text[i+2:], true
}

// node reads the place that IOS XR puts first: "RP/0/RP0/CPU0:", "0/RP0/ADMIN0:", "LC/0/1/CPU0:".
func node(text string) (unit, rest string, ok bool) {
	end := strings.IndexByte(text, ':')
	if end < 5 || end > 24 || strings.Count(text[:end], "/") < 2 {
		return "", text, false
	}
	for i := range end {
		if c := text[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '/' {
			return "", text, false
		}
	}
	return text[:end], text[end+1:], true
}

// wordByte is what names of hosts, programs and units are made of.
func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == '/' || c == '@'
}

// longestWord is longer than any name of a host (RFC 1035: 255) that is worth it.
const longestWord = 255

// token is a word at the beginning of a text: what it is depends on what stands behind it.
func token(text string) (word, pid, rest string, tagged bool) {
	i := 0
	for i < len(text) && i < longestWord && wordByte(text[i]) {
		i++
	}
	// An IPv6 address has colons in it.
	if i < len(text) && text[i] == ':' && i > 0 {
		j := i
		for j < len(text) && j < 46 && (text[j] == ':' || text[j] == '.' || text[j] >= '0' && text[j] <= '9' || text[j]|0x20 >= 'a' && text[j]|0x20 <= 'f') {
			j++
		}
		if j < len(text) && text[j] == ' ' && strings.Count(text[:j], ":") >= 2 && text[j-1] != ':' {
			i = j
		}
	}
	if i == 0 {
		return "", "", text, false
	}
	word, rest = text[:i], text[i:]
	if strings.HasPrefix(rest, "[") {
		if end := strings.IndexByte(rest, ']'); end > 0 && end <= 24 && !strings.ContainsAny(rest[1:end], " \"'=") {
			pid, rest = rest[1:end], rest[end+1:]
		}
	}
	if after, ok := strings.CutPrefix(rest, ":"); ok && (after == "" || after[0] == ' ' || after[0] == '\t' || after[0] == '%' || monthOf(after) > 0) {
		return word, pid, strings.TrimPrefix(after, " "), true
	}
	return word, pid, rest, false
}

// levels are words that some daemons put between the host and the program.
func level(word string) bool {
	switch word {
	case "emerg", "alert", "crit", "err", "error", "warning", "warn", "notice", "info", "debug":
		return true
	}
	return false
}

// word takes a host, a level, a unit or a program off.
func (h *header) word(p string) bool {
	word, pid, rest, tagged := token(p)
	if word == "" || word == "CEF" || strings.HasPrefix(word, "LEEF") || word == "Event" && strings.HasPrefix(rest, "|") {
		return false
	}
	switch {
	case tagged && pid == "" && headed(rest):
		// "foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I": logging origin-id. "R1/0: %PMAN-5-EXITACTION" is a part of the device.
		// "ConfigAgent: %SYS-5-CONFIG_I" behind a host is a program.
		switch {
		case strings.Contains(word, "/"):
			h.record.Fields.Add(alerts.Unit, word)
		case h.host || (h.stamps > 0 || !h.began) && strings.HasPrefix(rest, "%"):
			h.program(word, pid)
		default:
			h.named(word)
		}
		h.rest = rest
		return true
	case tagged:
		if !h.began && pid == "" {
			return false // prose: "Warning: …"
		}
		if strings.Contains(word, "/") && pid == "" && unitLike(word) {
			h.record.Fields.Add(alerts.Unit, word)
			h.rest = rest
			return true
		}
		h.program(word, pid)
		h.rest = rest
		return false
	case h.host && pid == "" && strings.HasPrefix(rest, " : ") && !headed(rest):
		h.program(word, "") // "notice boot_marker : ---===[ HD1.1 - BIG-IP 15.1.2 Build … ]===---"
		h.rest = rest[len(" : "):]
		return false
	case h.host && strings.HasPrefix(rest, " ") && headed(rest):
		// A relay's name, and then the device's: "x.x.x.x ACE_NAME %ACE-4-442002: …".
		h.named(word)
		h.rest = rest
		return true
	case !h.began && headed(rest) && strings.HasPrefix(rest, " "):
		h.named(word) // a name before everything else: "172.16.5.10 6705: Feb 17 …"
		h.rest = rest
		return true
	case !h.began || h.host && !level(word) || !strings.HasPrefix(rest, " "):
		return h.serial(word, rest)
	}
	after := strings.TrimLeft(rest, " ")
	if level(word) {
		if leadsToProgram(after) {
			h.rest = after
			return true
		}
		return false
	}
	if h.host || !follows(after) {
		return false
	}
	h.named(word)
	h.rest = after
	return true
}

// serial takes a word off that stands between the host and a stamp in parentheses: WatchGuard's serial number.
//
//	WatchGuard-Firebox FVE6035FD3AE3 (2024-05-10T09:49:05) firewall[10]: msg_id="5501-0006" …
func (h *header) serial(word, rest string) bool {
	if !h.host || !strings.HasPrefix(rest, " (") {
		return false
	}
	if _, _, ok := readStamp(rest[1:], h.record.Received); !ok {
		return false
	}
	h.record.Hosts = append(h.record.Hosts, word)
	h.rest = rest[1:]
	return true
}

// unitLike tells "R0/0" and "Switch1/R0" from the path of a program.
func unitLike(word string) bool { return word[0] >= 'A' && word[0] <= 'Z' }

func (h *header) named(host string) {
	h.record.Hosts = append([]string{host}, h.record.Hosts...) // the name next to the message is the device's own
	h.host = true
}

func (h *header) program(name, pid string) {
	if h.process {
		return
	}
	h.process = true
	h.record.Fields.Add(alerts.Process, name)
	h.record.Fields.Add(alerts.PID, pid)
}

// headed reports whether a text begins as the message of a device, or another part of a header, does.
func headed(text string) bool {
	text = strings.TrimLeft(text, " ")
	text = strings.TrimPrefix(text, ":")
	text = strings.TrimLeft(text, " ")
	if text == "" {
		return false
	}
	if text[0] == '%' {
		return len(text) > 1 && (text[1] >= 'A' && text[1] <= 'Z' || text[1] == '%' || text[1] == '$')
	}
	if _, _, ok := sequence(text); ok {
		return true
	}
	if _, _, ok := node(text); ok {
		return true
	}
	_, _, ok := readStamp(text, time.Time{})
	return ok
}

// leadsToProgram reports whether a text begins with the name of a program, and its colon, which may stand apart.
func leadsToProgram(text string) bool {
	word, _, rest, tagged := token(text)
	return tagged || word != "" && strings.HasPrefix(rest, " : ")
}

// follows reports whether what stands behind a word makes that word the name of a host.
func follows(text string) bool {
	if headed(text) || strings.HasPrefix(text, ": ") || strings.HasPrefix(text, "CEF:") || strings.HasPrefix(text, "LEEF:") || strings.HasPrefix(text, "Event|") {
		return true
	}
	word, _, rest, tagged := token(text)
	switch {
	case word == "":
		return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<")
	case tagged, strings.HasPrefix(rest, " : "):
		return true
	case level(word):
		return leadsToProgram(strings.TrimLeft(rest, " "))
	case word == "1" && strings.HasPrefix(rest, ","): // PAN-OS
		return true
	case strings.HasPrefix(rest, "="): // key=value
		return true
	case strings.HasPrefix(rest, " ("):
		_, _, ok := readStamp(rest[1:], time.Time{})
		return ok
	}
	// AOS-S: "00076 ports: port 1 is now on-line"; ISE: "CISE_TACACS_Accounting 0000000001 4 0".
	if strings.HasPrefix(word, "CISE_") || strings.HasPrefix(word, "CSCOacs_") {
		return true
	}
	if n, after, ok := number(word, 5); ok && after == "" && n > 0 {
		_, _, _, tagged := token(strings.TrimLeft(rest, " "))
		return tagged
	}
	return false
}
