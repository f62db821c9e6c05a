package cef

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Bounds of what is read of a line.
const (
	maxPairs = 512
	maxKey   = 128
)

// A Line is a CEF or LEEF line taken apart, or a row of a table that was made from one. Names of pairs are CEF's own: "dvchost", "cs1".
type Line struct {
	Vendor, Product, Version string
	Class, Name, Severity    string
	Pairs                    alerts.Fields
}

// parse reads a CEF line. The header is found wherever it begins, since what a relay puts before it varies.
//
//	CEF:0|Palo Alto Networks|PAN-OS|8.0.0|general|SYSTEM|3|rt=Mar 01 2021 20:35:54 GMT deviceExternalId=0123 msg=…
//	0|Fortinet|Fortigate|v6.4.7|32002|event:system login failed|7|deviceExternalId=FGVM4VTM21000724 …
func parse(text string, r *alerts.Record) (Line, bool) {
	at := strings.Index(text, "CEF:")
	if at > 0 && (word(text[at-1]) || !envelope.Header(text[:at], r)) {
		return Line{}, false
	}
	lost := at < 0
	if lost {
		// The version, and the vendor behind it, begin a word.
		if at = strings.IndexByte(text, '|') - 1; at < 0 || at > 0 && text[at-1] != ' ' || !envelope.Header(text[:at], r) {
			return Line{}, false
		}
		text = text[at:]
	} else {
		text = strings.TrimLeft(text[at+len("CEF:"):], " ")
	}
	// The version of the format is 0, 1, or 0.1.
	head := 0
	for head < len(text) && head < 4 && (digit(text[head]) || text[head] == '.') {
		head++
	}
	if head == 0 || head == len(text) || text[head] != '|' {
		return Line{}, false
	}
	var l Line
	text = text[head+1:]
	for _, part := range []*string{&l.Vendor, &l.Product, &l.Version, &l.Class, &l.Name, &l.Severity} {
		var ok bool
		if *part, text, ok = headerPart(text); !ok {
			// A line that is cut in its header, or has nothing behind the severity, still says what it says.
			if lost || part != &l.Severity {
				return Line{}, false
			}
		}
	}
	l.Pairs = extension(text)
	if lost && (l.Vendor == "" || len(l.Pairs) == 0) {
		return Line{}, false
	}
	return l, true
}

// headerPart takes the text up to the next "|" that has no backslash before it.
func headerPart(text string) (part, rest string, ended bool) {
	escaped := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			escaped = true
			i++
		case '|':
			part = text[:i]
			if escaped {
				part = unescape(part)
			}
			return strings.TrimSpace(part), text[i+1:], true
		}
	}
	return strings.TrimSpace(unescape(text)), "", false
}

// extension reads the pairs. A key is a run of key characters before a "=" and behind a blank; whatever else stands before a "=" belongs
// to the value around it, as in request=http://host/?a=b, which senders are told to escape and do not.
func extension(text string) (pairs alerts.Fields) {
	key, from := "", 0 // of the pair that is being read; its value begins at from
	escaped := false
	add := func(end int) {
		if key == "" || len(pairs) == maxPairs {
			return
		}
		value := strings.Trim(text[from:end], " \t\r\n")
		if escaped {
			value = unescape(value)
		}
		pairs = append(pairs, alerts.Field{Name: key, Value: value})
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			escaped = true
			i++
		case '=':
			begin := i
			for begin > from && keyByte(text[begin-1]) {
				begin--
			}
			if begin == i || i-begin > maxKey || begin > 0 && text[begin-1] != ' ' && text[begin-1] != '\t' && text[begin-1] != '\n' && begin != 0 {
				continue
			}
			add(begin)
			key, from, escaped = text[begin:i], i+1, false
		}
	}
	add(len(text))
	return pairs
}

func keyByte(c byte) bool {
	return word(c) || c == '.' || c == '-' || c == '[' || c == ']'
}

func word(c byte) bool {
	return c == '_' || digit(c) || c|' ' >= 'a' && c|' ' <= 'z'
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// unescape resolves \\, \=, \|, \n and \r. A backslash before anything else stands for itself.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch s[i+1] {
			case '\\', '=', '|':
				i++
			case 'n':
				b.WriteByte('\n')
				i++
				continue
			case 'r':
				b.WriteByte('\r')
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// leef reads a LEEF line. Its pairs are parted by tabs, or in version 2 by what the header says, spelled "^", "x5E" or "0x5E".
//
//	LEEF:1.0|Aruba Networks|ClearPass|6.5.0.69058|0-1-0|Common.Username=admin⇥Common.NAS-IP-Address=10.0.0.1
func leef(text string, r *alerts.Record) (Line, bool) {
	at := strings.Index(text, "LEEF:")
	if at < 0 || at > 0 && (word(text[at-1]) || !envelope.Header(text[:at], r)) {
		return Line{}, false
	}
	text = text[at+len("LEEF:"):]
	version, text, ok := headerPart(text)
	if !ok || version != "1" && version != "1.0" && version != "2" && version != "2.0" {
		return Line{}, false
	}
	var l Line
	for _, part := range []*string{&l.Vendor, &l.Product, &l.Version, &l.Class} {
		if *part, text, ok = headerPart(text); !ok {
			return Line{}, false
		}
	}
	by := "\t"
	if version[0] == '2' {
		if bar := strings.IndexByte(text, '|'); bar >= 0 && bar <= 5 && !strings.Contains(text[:bar], "=") {
			by, text = delimiter(text[:bar]), text[bar+1:]
		}
	}
	if by == "\t" && !strings.Contains(text, "\t") {
		// A relay has made blanks of the tabs.
		l.Pairs = extension(text)
		return l, true
	}
	for text != "" && len(l.Pairs) < maxPairs {
		var pair string
		pair, text, _ = strings.Cut(text, by)
		if key, value, found := strings.Cut(pair, "="); found && key != "" && len(key) <= maxKey {
			l.Pairs = append(l.Pairs, alerts.Field{Name: strings.TrimSpace(key), Value: strings.TrimSpace(unescape(value))})
		}
	}
	return l, true
}

// delimiter resolves LEEF 2's delimiter; a tab is meant when it is empty.
func delimiter(s string) string {
	hex, is := strings.CutPrefix(strings.ToLower(s), "0x")
	if !is {
		hex, is = strings.CutPrefix(strings.ToLower(s), "x")
	}
	if is && hex != "" {
		value := 0
		for i := range len(hex) {
			d := strings.IndexByte("0123456789abcdef", hex[i])
			if d < 0 {
				return s
			}
			value = value<<4 | d
		}
		if value > 0 && value < 128 {
			return string(rune(value))
		}
		return "\t"
	}
	if s == "" || s == `\t` {
		return "\t"
	}
	return s
}
