package syslog

import (
	"slices"
	"strings"

	"trueboot/alerts"
	"trueboot/alerts/literals"
	"trueboot/syslog/accounting"
	"trueboot/syslog/cef"
	"trueboot/syslog/envelope"
	"trueboot/syslog/host"
	"trueboot/syslog/network"
	"trueboot/syslog/sensor"
	"trueboot/syslog/tables"
	"trueboot/syslog/transfer"
)

// formats are all that are known, in the order in which they are tried: those whose marks are rare first. A line that is whole in its own
// right, such as JSON, comes before what a device might say within it.
var formats = slices.Concat(tables.Formats, cef.Formats, host.Formats, sensor.Formats, accounting.Formats, transfer.Formats, tables.Carriers, network.Formats)

// marks are those of all formats, and of which format each is one.
var (
	marks  []string
	markOf []int
	marked = func() *literals.Set {
		for n, f := range formats {
			for _, mark := range f.Marks {
				marks, markOf = append(marks, mark), append(markOf, n)
			}
		}
		return literals.New(marks)
	}()
)

// Formats returns all formats, in the order in which they are tried.
func Formats() []envelope.Format { return slices.Clone(formats) }

// CarrierMarks are the marks of the formats whose lines have to be read though no rule's own words stand in them.
func CarrierMarks() []string {
	var all []string
	for _, f := range formats {
		if f.Carries {
			all = append(all, f.Marks...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Parse takes a line apart. The record that it is given has Origin, Received and Peer; stamps without a year are dated near Received. It
// never fails: a line that no format knows is a record with Format "" and the whole line as its message.
func Parse(line string, at alerts.Record) alerts.Record {
	r := at
	message := envelope.Read(line, &r)
	r.Kind = alerts.Syslog
	if parse(message, &r, false) {
		return r
	}
	r.Fields.Add(alerts.Message, message)
	return r
}

// candidates is a set of formats; there are fewer than 64.
type candidates uint64

func init() {
	if len(formats) > 64 {
		panic("more formats than candidates has bits")
	}
}

// parse finds the format of a message.
func parse(message string, r *alerts.Record, nested bool) bool {
	if repeated, n := repeats(message); n > 0 {
		r.Format, r.Repeated = "repeated", n
		r.Fields.Add(alerts.Message, repeated)
		return true
	}
	var likely candidates
	note := func(mark int) bool {
		likely |= 1 << markOf[mark]
		return true
	}
	marked.Each(message, note)
	marked.Each(r.Fields.Get(alerts.Name), note) // the message id of RFC 5424
	tag := r.Fields.Get(alerts.Process)
	for n := range formats {
		f := &formats[n]
		if likely&(1<<n) == 0 && !(tag != "" && begins(f.Marks, tag)) && f.Marks[len(f.Marks)-1] != "" {
			continue
		}
		before := len(r.Fields)
		if !f.Read(message, r) {
			r.Fields = r.Fields[:min(before, len(r.Fields))]
			continue
		}
		if f.Nested && !nested {
			if text := r.Fields.Get(alerts.Message); text != "" {
				inner := alerts.Record{Origin: r.Origin, Received: r.Received, Peer: r.Peer}
				rest := envelope.Read(text, &inner)
				inner.Kind = alerts.Syslog
				known := parse(rest, &inner, true)
				if !known {
					inner.Fields.Add(alerts.Message, rest)
				}
				// The header of a line that no format knows still names the device. Within other formats it may be no line at all.
				if known || r.Kind == alerts.Table {
					*r = envelope.Within(*r, inner)
				}
			}
		}
		return true
	}
	return false
}

// begins reports whether a program, whose tag the envelope took off, is one that a format is marked by.
func begins(marks []string, process string) bool {
	return slices.ContainsFunc(marks, func(mark string) bool {
		return mark != "" && strings.HasPrefix(mark, process) || strings.HasPrefix(process, mark) && len(mark) > 3
	})
}

// repeats reads what a syslog daemon puts in the place of messages that it left out.
//
//	last message repeated 3 times        message repeated 2 times: [ %SYS-5-RELOAD: …]
func repeats(message string) (text string, n int) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(message, "last "), "message repeated ")
	if !ok {
		return "", 0
	}
	for rest != "" && rest[0] >= '0' && rest[0] <= '9' && n < 1_000_000 {
		n = 10*n + int(rest[0]-'0')
		rest = rest[1:]
	}
	if !strings.HasPrefix(rest, " time") {
		return "", 0
	}
	_, text, _ = strings.Cut(rest, "[")
	return strings.Trim(text, " ]"), n
}
