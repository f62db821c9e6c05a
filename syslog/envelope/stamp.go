package envelope

import (
	"strings"
	"time"

	"trueboot/alerts"
)

// A stamp is the time of a header, in one of the shapes in which devices print it.
type stamp struct {
	at    time.Time
	clock alerts.Clock
	year  bool // the year was printed, and not inferred
}

// readStamp reads a stamp at the beginning of a text, with the colon behind it. Reference is the time near which a stamp without a year
// lies. Time stamps of all these shapes are read:
//
//	*Apr 29 13:58:40.411:            .Apr 29 13:58:46.411 CDT:         Jul 16 2024 15:37:27
//	2017 Dec 17 23:08:17             2023 Apr 26 09:08:48 UTC:         *Mar  7 2026 23:37:16.001:
//	Apr 26 09:08:48:123 2023         Wed Jun 27 03:47:17 2001          2020-02-21T19:13:34.123+02:00
//	(2024-05-10T09:49:05)            00:36:59:    2y10w:    1d02h:     2024/05/10 09:49:05
func readStamp(text string, reference time.Time) (s stamp, rest string, ok bool) {
	p := text
	parenthesis := false
	if p != "" {
		switch p[0] {
		case '*':
			s.clock, p = alerts.ClockUnset, p[1:]
		case '.':
			s.clock, p = alerts.ClockLost, p[1:]
		case '(':
			parenthesis, p = true, p[1:]
		case '%': // Comware puts one before the month
			if len(p) > 1 && p[1] >= 'A' && p[1] <= 'Z' && monthOf(p[1:]) > 0 {
				p = p[1:]
			}
		}
	}
	if p == "" {
		return s, text, false
	}
	switch {
	case p[0] >= '0' && p[0] <= '9':
		rest, ok = s.digits(p, reference)
	case p[0] >= 'A' && p[0] <= 'Z':
		rest, ok = s.words(p, reference)
	}
	if !ok {
		return s, text, false
	}
	if parenthesis {
		if !strings.HasPrefix(rest, ")") {
			return s, text, false
		}
		rest = rest[1:]
	}
	if s.clock == "" && s.at.IsZero() {
		s.clock = alerts.ClockMissing
	}
	return s, rest, true
}

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// monthOf is the month whose short name a text begins with, in either case, 0 if none; a letter must not follow.
func monthOf(text string) time.Month {
	if len(text) < 4 || text[3] != ' ' && text[3] != '-' {
		return 0
	}
	for i, m := range months {
		if strings.EqualFold(text[:3], m) {
			return time.Month(i + 1)
		}
	}
	return 0
}

// number reads up to most digits.
func number(text string, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(text) && i < most && text[i] >= '0' && text[i] <= '9' {
		n = 10*n + int(text[i]-'0')
		i++
	}
	return n, text[i:], i > 0 && (i == len(text) || text[i] < '0' || text[i] > '9')
}

// clockTime reads 13:58:40, 13:58:40.411 and 13:58:40:411.
func clockTime(text string) (h, m, sec, nanos int, rest string, ok bool) {
	var good [3]bool
	h, rest, good[0] = number(text, 2)
	if !strings.HasPrefix(rest, ":") {
		return 0, 0, 0, 0, text, false
	}
	m, rest, good[1] = number(rest[1:], 2)
	if !strings.HasPrefix(rest, ":") {
		return 0, 0, 0, 0, text, false
	}
	sec, rest, good[2] = number(rest[1:], 2)
	if good != [3]bool{true, true, true} || h > 23 || m > 59 || sec > 60 {
		return 0, 0, 0, 0, text, false
	}
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ':' || rest[0] == ',') && rest[1] >= '0' && rest[1] <= '9' {
		i, scale := 1, int(time.Second)
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			if scale > 1 {
				scale /= 10
				nanos += scale * int(rest[i]-'0')
			}
			i++
		}
		rest = rest[i:]
		if len(rest) > 1 && rest[0] == '.' && rest[1] >= '0' && rest[1] <= '9' { // VRP counts messages behind the milliseconds
			_, rest, _ = number(rest[1:], 6)
		}
	}
	return h, m, sec, nanos, rest, true
}

// words reads a stamp that begins with a month or a day of the week.
func (s *stamp) words(text string, reference time.Time) (string, bool) {
	p := text
	if len(p) > 4 && p[3] == ' ' && weekday(p[:3]) {
		p = strings.TrimLeft(p[4:], " ")
	}
	month := monthOf(p)
	if month == 0 {
		return text, false
	}
	day, p, ok := number(strings.TrimLeft(p[4:], " "), 2)
	if !ok || day < 1 || day > 31 || !strings.HasPrefix(p, " ") {
		return text, false
	}
	p = strings.TrimLeft(p, " ")
	year := 0
	if y, rest, ok := number(p, 4); ok && y >= 1970 && strings.HasPrefix(rest, " ") {
		year, p = y, strings.TrimLeft(rest, " ")
	}
	h, m, sec, nanos, p, ok := clockTime(p)
	if !ok {
		return text, false
	}
	zone, p := zoneOf(p, reference)
	if year == 0 && strings.HasPrefix(p, " ") {
		if y, rest, ok := number(p[1:], 4); ok && y >= 1970 && y < 2200 && (rest == "" || rest[0] == ' ' || rest[0] == ':' || rest[0] == '\t') {
			year, p = y, rest
		}
	}
	s.set(year, month, day, h, m, sec, nanos, zone, reference)
	return colon(p), true
}

func weekday(text string) bool {
	for _, d := range [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		if text == d {
			return true
		}
	}
	return false
}

// colon takes the colon behind a stamp off. One that stands apart, as ASA prints it, is taken off by the caller.
func colon(text string) string {
	if rest, ok := strings.CutPrefix(text, ":"); ok {
		return rest
	}
	return text
}

// zones are the names that devices print most. A name alone is ambiguous in general; these are what network devices mean.
var zones = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 3600, "CET": 3600, "MET": 3600, "CEST": 7200, "MEST": 7200, "EET": 7200, "EEST": 10800, "MSK": 10800,
	"EST": -18000, "EDT": -14400, "CST": -21600, "CDT": -18000, "MST": -25200, "MDT": -21600, "PST": -28800, "PDT": -25200, "AKST": -32400, "HST": -36000,
	"IST": 19800, "JST": 32400, "KST": 32400, "SGT": 28800, "HKT": 28800, "AEST": 36000, "AEDT": 39600, "ACST": 34200, "AWST": 28800, "NZST": 43200, "NZDT": 46800, "SAST": 7200,
}

// zoneOf reads " UTC", " CDT", "+02:00", "Z", " +0200" behind the seconds. A name that is not known is taken off, and the reference's zone
// is used.
func zoneOf(text string, reference time.Time) (*time.Location, string) {
	local := reference.Location()
	if text == "" {
		return local, text
	}
	p := text
	if p[0] == ' ' {
		p = p[1:]
	}
	if p == "" {
		return local, text
	}
	switch c := p[0]; {
	case c == '+' || c == '-':
		h, rest, _ := number2(p[1:])
		rest = strings.TrimPrefix(rest, ":")
		m, rest, ok := number2(rest)
		if !ok || h > 14 || m > 59 {
			return local, text
		}
		offset := 3600*h + 60*m
		if c == '-' {
			offset = -offset
		}
		return time.FixedZone("", offset), strings.TrimPrefix(rest, "Z")
	case c >= 'A' && c <= 'Z':
		if offset, ok := strings.CutPrefix(p, "UTC"); ok && offset != "" && (offset[0] == '+' || offset[0] == '-') {
			return zoneOf(offset, reference)
		}
		i := 0
		for i < len(p) && i < 6 && p[i] >= 'A' && p[i] <= 'Z' {
			i++
		}
		if name := p[:i]; i < len(p) && (p[i] == ':' || p[i] == ' ' && p[0] != text[0] || p[i] == ' ' && zones[name] != 0) || i == len(p) || name == "Z" || name == "UTC" || name == "GMT" {
			if offset, ok := zones[name]; ok {
				return zoneOffset(name, offset), p[i:]
			}
			if i < len(p) && p[i] == ':' && i >= 2 {
				return local, p[i:]
			}
		}
	}
	return local, text
}

func zoneOffset(name string, offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone(name, offset)
}

// number2 reads exactly two digits.
func number2(text string) (int, string, bool) {
	if len(text) < 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' {
		return 0, text, false
	}
	return 10*int(text[0]-'0') + int(text[1]-'0'), text[2:], true
}

// digits reads a stamp that begins with a year, or one that counts from the boot.
func (s *stamp) digits(text string, reference time.Time) (string, bool) {
	if h, m, sec, _, rest, ok := clockTime(text); ok && strings.HasPrefix(rest, ": ") && h <= 23 && m <= 59 && sec <= 59 {
		s.clock = alerts.ClockUptime
		return rest[1:], true
	}
	year, p, ok := number(text, 4)
	if !ok {
		return s.uptime(text)
	}
	if year < 1970 || year > 2200 || p == "" {
		return s.uptime(text)
	}
	var month time.Month
	var day int
	switch separator := p[0]; separator {
	case ' ':
		if month = monthOf(p[1:]); month == 0 {
			return text, false
		}
		day, p, ok = number(strings.TrimLeft(p[5:], " "), 2)
	case '-', '/':
		n, rest, good := number(p[1:], 2)
		if !good || n < 1 || n > 12 || rest == "" || rest[0] != separator {
			return text, false
		}
		month = time.Month(n)
		day, p, ok = number(rest[1:], 2)
	default:
		return text, false
	}
	if !ok || day < 1 || day > 31 || p == "" || p[0] != ' ' && p[0] != 'T' && p[0] != '-' {
		return text, false
	}
	h, m, sec, nanos, p, ok := clockTime(strings.TrimLeft(p[1:], " "))
	if !ok {
		return text, false
	}
	zone, p := zoneOf(p, reference)
	s.set(year, month, day, h, m, sec, nanos, zone, reference)
	return colon(p), true
}

// uptime reads "2y10w: ", "3w4d: ", "1d02h: ": how long the device has been up.
func (s *stamp) uptime(text string) (string, bool) {
	p, units := text, 0
	for {
		_, rest, _ := number(p, 4)
		if len(rest) == len(p) || rest == "" || strings.IndexByte("ywdhms", rest[0]) < 0 {
			break
		}
		p = rest[1:]
		units++
	}
	if units < 1 || units > 3 || !strings.HasPrefix(p, ": ") {
		return text, false
	}
	s.clock = alerts.ClockUptime
	return p[1:], true
}

// set dates the stamp. One without a year lies in the year that brings it closest to the reference, but no more than a day ahead of it:
// a message that comes from tomorrow comes from last year.
func (s *stamp) set(year int, month time.Month, day, h, m, sec, nanos int, zone *time.Location, reference time.Time) {
	s.year = year > 0
	if !s.year {
		year = reference.Year()
		if at := time.Date(year, month, day, h, m, sec, nanos, zone); at.After(reference.AddDate(0, 0, 1)) {
			year--
		} else if at.AddDate(1, 0, 0).Before(reference.AddDate(0, 0, 1)) {
			year++
		}
	}
	s.at = time.Date(year, month, day, h, m, sec, nanos, zone)
	if s.at.Day() != day { // 31 April, or 29 February of a year without
		s.at, s.clock = time.Time{}, alerts.ClockMissing
	}
}
