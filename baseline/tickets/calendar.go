package tickets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

const (
	mostOccurrences = 200     // of an event, in the time that is looked at
	mostSteps       = 200_000 // of a rule, before that time
)

// CHG-1042: core switches
// CHG0031337 core switches
var ticketWord = regexp.MustCompile(`\b(?:[A-Z][A-Z0-9]{1,15}-\d+|[A-Z]{2,8}\d{3,})\b`)

// BEGIN:VCALENDAR
var calendarBegins = regexp.MustCompile(`(?mi)^BEGIN:VCALENDAR\s*$`)

// to: 17.9.4a
var fieldLine = regexp.MustCompile(`^\s*([A-Za-z][\w -]{1,30}?)\s*[:=]\s*(\S.*?)\s*$`)

// readCalendar reads the events of a calendar (RFC 5545). The summary names the ticket and is the reason; lines of the description say the rest, each a name, a colon and a value:
//
//	SUMMARY:CHG-1042 upgrade of the edge
//	DESCRIPTION:devices: edge*\nto: 17.9.4a
//	DTSTART;TZID=Europe/Berlin:20261201T220000
//	RRULE:FREQ=MONTHLY;BYDAY=1TU
func (l *List) readCalendar(data []byte, now, until time.Time, local *time.Location) (err error) {
	defer func() {
		if r := recover(); r != nil { // of the library, which was not made for hostile calendars
			err = fmt.Errorf("the calendar can't be read: %v", r)
		}
	}()
	d := ical.NewDecoder(bytes.NewReader(append(data, '\r', '\n')))
	for begun := len(calendarBegins.FindAllIndex(data, -1)); ; begun-- {
		calendar, err := d.Decode()
		if errors.Is(err, io.EOF) {
			if begun != 0 {
				return errors.New("the calendar ends in the middle")
			}
			return nil
		}
		if err != nil {
			return err
		}
		// An event that was moved has its own place in a series, and takes the place of the one in the rule.
		moved := map[string]bool{}
		for _, event := range calendar.Events() {
			if at, err := event.Props.DateTime(ical.PropRecurrenceID, local); err == nil && event.Props.Get(ical.PropRecurrenceID) != nil {
				moved[text(event, ical.PropUID)+at.UTC().String()] = true
			}
		}
		for _, event := range calendar.Events() {
			if err := l.event(event, moved, now, until, local); err != nil {
				return err
			}
		}
	}
}

func text(event ical.Event, name string) string {
	value, err := event.Props.Text(name)
	if err != nil {
		return ""
	}
	return value
}

// event takes an event over, as often as it takes place.
func (l *List) event(event ical.Event, moved map[string]bool, now, until time.Time, local *time.Location) error {
	uid := text(event, ical.PropUID)
	base := Entry{Place: "event " + uid, Fields: map[string]string{}, Cancelled: strings.EqualFold(text(event, ical.PropStatus), "CANCELLED")}
	for line := range strings.Lines(text(event, ical.PropDescription)) {
		if m := fieldLine.FindStringSubmatch(line); m != nil {
			base.set(m[1], m[2])
		}
	}
	delete(base.Fields, "start") // the event itself says when
	delete(base.Fields, "end")
	summary := text(event, ical.PropSummary)
	base.set("ticket", ticketWord.FindString(summary))
	base.set("reason", summary)
	if organizer := event.Props.Get(ical.PropOrganizer); organizer != nil {
		base.set("owner", strings.TrimPrefix(strings.TrimPrefix(organizer.Value, "mailto:"), "MAILTO:"))
	}
	if base.Fields["ticket"] == "" && base.Fields["limit"] == "" {
		l.leave(base.Place, "%q is no change: it names neither a ticket nor devices", summary)
		return nil
	}
	start, err := event.DateTimeStart(local)
	if err != nil {
		l.lose(base.Place, "when it starts can't be read: %v; is its time zone one of the IANA names, such as Europe/Berlin?", err)
		return nil
	}
	end, err := event.DateTimeEnd(local)
	if err != nil || !end.After(start) {
		l.lose(base.Place, "it does not end after it starts")
		return nil
	}
	span := end.Sub(start)
	at := func(start time.Time) error {
		e := base
		e.Start, e.End = start.UTC(), start.Add(span).UTC()
		return l.add(e)
	}
	set, err := recurrence(event, start, until, local)
	if err != nil {
		l.lose(base.Place, "when it comes again can't be read: %v", err)
		return nil
	}
	if set == nil || event.Props.Get(ical.PropRecurrenceID) != nil {
		if !end.After(now) || !start.Before(until) {
			return nil
		}
		return at(start)
	}
	next := set.Iterator()
	taken := 0
	for range mostSteps {
		begins, more := next()
		if !more || !begins.Before(until) {
			return nil
		}
		if !begins.Add(span).After(now) || moved[uid+begins.UTC().String()] {
			continue
		}
		if taken++; taken > mostOccurrences {
			l.lose(base.Place, "it comes more than %d times in the time that is looked at", mostOccurrences)
			return nil
		}
		if err := at(begins); err != nil {
			return err
		}
	}
	l.lose(base.Place, "it began too long ago, and comes too often")
	return nil
}

// recurrence returns the times at which an event takes place (RFC 5545, section 3.8.5), nil for one that takes place once. The library's own way to them takes
// RDATE for EXDATE, and refuses lists.
func recurrence(event ical.Event, start, until time.Time, local *time.Location) (*rrule.Set, error) {
	option, err := event.Props.RecurrenceRule()
	if err != nil {
		return nil, err
	}
	more, err := moments(event.Props.Values(ical.PropRecurrenceDates), local)
	if err != nil {
		return nil, err
	}
	if option == nil && len(more) == 0 {
		return nil, nil
	}
	set := &rrule.Set{}
	if option == nil {
		set.RDate(start)
	} else {
		if option.Freq > rrule.DAILY {
			return nil, errors.New("it comes more often than once a day, which no window does")
		}
		option.Dtstart = start
		if option.Until.IsZero() || option.Until.After(until) {
			option.Until = until // a rule that matches nothing would be looked through to the year 9999
		}
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			return nil, err
		}
		set.RRule(rule)
	}
	set.DTStart(start)
	for _, at := range more {
		set.RDate(at)
	}
	without, err := moments(event.Props.Values(ical.PropExceptionDates), local)
	if err != nil {
		return nil, err
	}
	for _, at := range without {
		set.ExDate(at)
	}
	return set, nil
}

// moments reads properties that hold several times each.
//
//	EXDATE;TZID=Europe/Berlin:20261201T220000,20270105T220000
func moments(properties []ical.Prop, local *time.Location) ([]time.Time, error) {
	var all []time.Time
	for _, property := range properties {
		for value := range strings.SplitSeq(property.Value, ",") {
			one := property
			one.Value = value
			at, err := one.DateTime(local)
			if err != nil {
				return nil, err
			}
			all = append(all, at)
		}
	}
	return all, nil
}
