// Package schedule says when something is due: the five fields of cron in a time zone, with days on which the clocks change, and what was missed while nobody looked.
package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// A Spec is a time of the day, week or month that comes again.
type Spec struct {
	text   string
	zone   *time.Location
	fields cron.Schedule
	hourly bool // every hour is meant, and none by its number
}

// Parse reads the five fields of cron(5), minute, hour, day of the month, month and day of the week, or one of @hourly, @daily, @weekly, @monthly, @yearly. The zone is one of the IANA's names, "" for the local one.
//
//	15 2 * * mon-fri
func Parse(text, zone string) (s Spec, err error) {
	defer func() {
		if r := recover(); r != nil { // the library panics at some texts
			err = fmt.Errorf("%q is no time of cron", text)
		}
	}()
	s = Spec{text: strings.TrimSpace(text), zone: time.Local}
	if zone != "" {
		if s.zone, err = time.LoadLocation(zone); err != nil {
			return s, fmt.Errorf("zone %q is not one of the IANA's, such as Europe/Berlin", zone)
		}
	}
	if strings.Contains(text, "TZ=") {
		return s, fmt.Errorf("%q: the zone stands in a field of its own, zone", text)
	}
	if strings.HasPrefix(s.text, "@every") {
		return s, fmt.Errorf("%q: a span has no time of its own; write the fields of cron, such as */30 * * * *", text)
	}
	if s.fields, err = cron.ParseStandard(s.text); err != nil {
		return s, fmt.Errorf("%q is no time of cron, such as 15 2 * * *: %w", text, err)
	}
	words := strings.Fields(s.text)
	s.hourly = s.text == "@hourly" || len(words) == 5 && strings.HasPrefix(words[1], "*")
	if s.Next(time.Now()).IsZero() {
		return s, fmt.Errorf("%q never comes", text)
	}
	return s, nil
}

func (s Spec) String() string { return s.text }

// Next is the first time that is due after another; zero where none comes within five years.
//
// What has its hour by number is due once a day, also on the days on which the clocks change: an hour that is skipped counts as the one that follows it, and of an
// hour that comes twice the first counts. What is due in every hour is due in every hour that passes.
func (s Spec) Next(after time.Time) time.Time {
	after = after.In(s.zone)
	if s.hourly {
		return s.fields.Next(after)
	}
	clock := onTheWall(after, time.UTC)
	for range 2 * 60 { // where an hour comes twice, every minute of its first time may be over
		if clock = s.fields.Next(clock); clock.IsZero() {
			return clock
		}
		at := onTheWall(clock, s.zone)
		if first := at.Add(-time.Hour); onTheWall(first, time.UTC).Equal(clock) {
			at = first
		}
		if at.After(after) {
			return at
		}
	}
	return s.fields.Next(after)
}

// onTheWall is the time at which the clocks of a zone show what those of another zone show at t.
func onTheWall(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}

// Missed is whether something was due after the last time and until now.
func (s Spec) Missed(last, now time.Time) bool {
	next := s.Next(last)
	return !next.IsZero() && !next.After(now)
}
