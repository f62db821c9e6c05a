package accounting

import (
	"fmt"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// A Template reads the lines of a server whose form its operator chose, such as tac_plus-ng or FreeRADIUS' linelog. It is written as the
// server's own configuration has it:
//
//	%Y-%m-%d %H:%M:%S %z\t${nas}\t${user}\t${port}\t${nac}\t${accttype}\t${service}\t${cmd}
//	%{NAS-IP-Address} %{User-Name} ran [%{Cisco-AVPair}]
//
// ${name} and %{name} stand for a value, which runs to the next piece of fixed text and, at the end, to the end of the line. %Y and its
// like are strftime's, \t, \n and \\ are C's. A name is told by its letters and digits alone, so that ${priv-lvl} and %{Privilege-Level}
// are both the privilege; what has no place in a record is kept under the name that it has here. Two values must have fixed text between
// them.
//
// A stamp at the beginning may be missing, since what reads a line's header takes it off.
type Template struct {
	parts []part
	mark  string // the longest fixed text
}

// A part is fixed text, a value, or a piece of a stamp.
type part struct {
	text, name, layout string
}

// strftime says how Go spells the pieces of a stamp.
var strftime = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'b': "Jan", 'h': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'H': "15", 'I': "03", 'p': "PM", 'M': "04", 'S': "05", 'z': "-0700", 'Z': "MST", 'T': "15:04:05", 'F': "2006-01-02", 'D': "01/02/06", 'R': "15:04",
}

// ParseTemplate reads a template.
func ParseTemplate(s string) (*Template, error) {
	t := &Template{}
	var fixed strings.Builder
	flush := func() {
		if fixed.Len() > 0 {
			t.parts = append(t.parts, part{text: fixed.String()})
			fixed.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			switch s[i] {
			case 't':
				fixed.WriteByte('\t')
			case 'n':
				fixed.WriteByte('\n')
			default:
				fixed.WriteByte(s[i])
			}
		case (c == '$' || c == '%') && i+1 < len(s) && s[i+1] == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return nil, fmt.Errorf("template: %q has no end", s[i:])
			}
			name := s[i+2 : i+end]
			if plain(name) == "" {
				return nil, fmt.Errorf("template: %q names nothing", s[i:i+end+1])
			}
			flush()
			if n := len(t.parts); n > 0 && t.parts[n-1].name != "" {
				return nil, fmt.Errorf("template: no fixed text between %s and %s", t.parts[n-1].name, name)
			}
			t.parts = append(t.parts, part{name: name})
			i += end
		case c == '%' && i+1 < len(s):
			i++
			layout, ok := strftime[s[i]]
			if s[i] == '%' {
				fixed.WriteByte('%')
				continue
			}
			if !ok {
				return nil, fmt.Errorf("template: %%%c is not supported", s[i])
			}
			flush()
			t.parts = append(t.parts, part{layout: layout})
		default:
			fixed.WriteByte(c)
		}
	}
	flush()
	t.merge()
	values := 0
	for _, p := range t.parts {
		if len(p.text) > len(t.mark) {
			t.mark = p.text
		}
		if p.name != "" {
			values++
		}
	}
	switch {
	case values == 0:
		return nil, fmt.Errorf("template: %q holds no value", s)
	case t.mark == "":
		return nil, fmt.Errorf("template: %q has no fixed text", s)
	}
	return t, nil
}

// merge makes one stamp of its pieces and what is between them.
func (t *Template) merge() {
	var merged []part
	for i := 0; i < len(t.parts); i++ {
		p := t.parts[i]
		for p.layout != "" && i+1 < len(t.parts) {
			if next := t.parts[i+1]; next.layout != "" {
				p.layout += next.layout
				i++
			} else if next.text != "" && i+2 < len(t.parts) && t.parts[i+2].layout != "" {
				p.layout += next.text + t.parts[i+2].layout
				i += 2
			} else {
				break
			}
		}
		merged = append(merged, p)
	}
	t.parts = merged
}

// Format is the template as a format of that name.
func (t *Template) Format(name string) envelope.Format {
	return envelope.Format{Name: name, Marks: []string{t.mark}, Carries: true, Read: func(text string, r *alerts.Record) bool { return t.read(name, text, r) }}
}

func (t *Template) read(name, text string, r *alerts.Record) bool {
	values, at, ok := match(t.parts, text)
	if !ok && t.parts[0].layout != "" {
		parts := t.parts[1:]
		if len(parts) > 1 && parts[0].text != "" {
			parts = parts[1:]
		}
		values, at, ok = match(parts, text)
	}
	if !ok {
		return false
	}
	s := statement{kind: typeAccounting, own: text}
	var words []string
	for _, v := range values {
		if v.Name == "cmd-arg" {
			words = append(words, v.Value)
		} else if avpair, is := strings.CutPrefix(v.Value, "cmd="); is {
			s.take("cmd", avpair)
		} else if !s.take(v.Name, v.Value) && v.Value != "" {
			r.Fields.Add(v.Name, v.Value)
		}
	}
	s.command = strings.TrimSpace(s.command + " " + strings.Join(words, " "))
	if !at.IsZero() && r.Time.IsZero() {
		envelope.SetTime(r, at)
	}
	s.add(r, name)
	return true
}

// match reads a text by its parts.
func match(parts []part, text string) (values alerts.Fields, at time.Time, ok bool) {
	for i, p := range parts {
		if p.text != "" {
			if text, ok = strings.CutPrefix(text, p.text); !ok {
				return nil, at, false
			}
			continue
		}
		end := len(text)
		if i+1 < len(parts) {
			if end = strings.Index(text, parts[i+1].text); end < 0 || parts[i+1].text == "" {
				return nil, at, false
			}
		}
		value := text[:end]
		text = text[end:]
		if p.layout != "" {
			stamped, err := time.Parse(p.layout, value)
			if err != nil {
				return nil, at, false
			}
			at = stamped.UTC()
			continue
		}
		values = append(values, alerts.Field{Name: p.name, Value: value})
	}
	return values, at, text == ""
}
