package facts

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The stores keep a set as text, one fact, gap or answer a line, its fields separated by tabs. It reads back twenty times
// as fast as JSON does, and a sweep reads two sets for each device.
//
//	set     device  platform  time
//	fact    kind  subject  value  command  line  tier  [origin]
//	gap     command  reason  detail  subject  kind…
//	answer  command  time  elapsed (ns)  bytes  lines  sha256  reason  asked
//
// A tab, a line feed and a backslash in a field are \t, \n and \\. Times are RFC 3339 in UTC. Fields may be added at the
// end of a line other than a gap; who reads takes those that it knows.

// AppendText appends the set in its text form.
func (s Set) AppendText(b []byte) []byte {
	b = append(b, "set"...)
	b = appendFields(b, s.Device, s.Platform)
	b = append(appendTime(append(b, '\t'), s.Time), '\n')
	for _, f := range s.Facts {
		b = append(b, "fact"...)
		b = appendFields(b, string(f.Kind), f.Subject, f.Value, f.Command)
		b = strconv.AppendInt(append(b, '\t'), int64(f.Line), 10)
		b = appendFields(b, string(f.Tier))
		if f.Origin != "" {
			b = appendFields(b, f.Origin)
		}
		b = append(b, '\n')
	}
	for _, g := range s.Gaps {
		b = append(b, "gap"...)
		b = appendFields(b, g.Command, string(g.Reason), g.Detail, g.Subject)
		for _, k := range g.Kinds {
			b = appendFields(b, string(k))
		}
		b = append(b, '\n')
	}
	for _, a := range s.Answers {
		b = append(b, "answer"...)
		b = appendFields(b, a.Command)
		b = appendTime(append(b, '\t'), a.Time)
		for _, n := range []int64{int64(a.Elapsed), int64(a.Bytes), int64(a.Lines)} {
			b = strconv.AppendInt(append(b, '\t'), n, 10)
		}
		b = append(appendFields(b, a.SHA256, string(a.Reason), a.Asked), '\n')
	}
	return b
}

func appendTime(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, time.RFC3339Nano) }

var escape = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)

func appendFields(b []byte, fields ...string) []byte {
	for _, f := range fields {
		b = append(b, '\t')
		if strings.ContainsAny(f, "\\\t\n") {
			f = escape.Replace(f)
		}
		b = append(b, f...)
	}
	return b
}

// ParseSet reads the text form. Its strings are parts of the text.
func ParseSet(text string) (s Set, err error) {
	s.Facts = make([]Fact, 0, strings.Count(text, "\nfact\t"))
	s.Answers = slices.Grow(s.Answers, strings.Count(text, "\nanswer\t")) // nil where there are none, as in a set that was never stored
	var fields []string
	for number := 1; text != ""; number++ {
		line, rest, whole := strings.Cut(text, "\n")
		if !whole {
			return s, fmt.Errorf("line %d is cut short", number)
		}
		text = rest
		if fields, err = splitFields(fields[:0], line); err == nil {
			err = s.add(fields)
		}
		if err != nil {
			return s, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return s, nil
}

var errFields = errors.New("too few fields")

// add takes one line into the set.
func (s *Set) add(f []string) (err error) {
	number := func(text string) int {
		n, e := strconv.Atoi(text)
		err = errors.Join(err, e)
		return n
	}
	instant := func(text string) time.Time {
		t, e := time.Parse(time.RFC3339Nano, text)
		err = errors.Join(err, e)
		return t
	}
	switch f[0] {
	case "set":
		if len(f) < 4 {
			return errFields
		}
		s.Device, s.Platform, s.Time = f[1], f[2], instant(f[3])
	case "fact":
		if len(f) < 7 {
			return errFields
		}
		origin := ""
		if len(f) > 7 {
			origin = f[7]
		}
		s.Facts = append(s.Facts, Fact{Kind: Kind(f[1]), Subject: f[2], Value: f[3], Command: f[4], Line: number(f[5]), Tier: Tier(f[6]), Origin: origin})
	case "gap":
		if len(f) < 5 {
			return errFields
		}
		g := Gap{Command: f[1], Reason: Reason(f[2]), Detail: f[3], Subject: f[4], Kinds: slices.Grow([]Kind(nil), len(f)-5)}
		for _, k := range f[5:] {
			g.Kinds = append(g.Kinds, Kind(k))
		}
		s.Gaps = append(s.Gaps, g)
	case "answer":
		if len(f) < 9 {
			return errFields
		}
		s.Answers = append(s.Answers, Answer{
			Command: f[1], Time: instant(f[2]), Elapsed: time.Duration(number(f[3])), Bytes: number(f[4]), Lines: number(f[5]),
			SHA256: f[6], Reason: Reason(f[7]), Asked: f[8],
		})
	default:
		return fmt.Errorf("%.20q is no sort of line", f[0])
	}
	return err
}

func splitFields(fields []string, line string) ([]string, error) {
	for {
		field, rest, more := strings.Cut(line, "\t")
		if strings.Contains(field, `\`) {
			var err error
			if field, err = unescape(field); err != nil {
				return nil, err
			}
		}
		fields = append(fields, field)
		if !more {
			return fields, nil
		}
		line = rest
	}
}

func unescape(field string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] != '\\' {
			b.WriteByte(field[i])
			continue
		}
		i++
		switch {
		case i < len(field) && field[i] == '\\':
			b.WriteByte('\\')
		case i < len(field) && field[i] == 't':
			b.WriteByte('\t')
		case i < len(field) && field[i] == 'n':
			b.WriteByte('\n')
		default:
			return "", fmt.Errorf("a backslash that escapes nothing in %.40q", field)
		}
	}
	return b.String(), nil
}
