package envelope

import (
	"time"

	"trueboot/alerts"
)

// A Joiner puts together what a sender spread over several messages: the segments of one accounting record, a request and its refusal,
// the records of one system call. Each record that goes in comes out once, so that no line is lost; what the others taught is on one of
// them. What it holds is bounded: when there is no room, what has waited longest comes out as it is.
//
// A Joiner is for one goroutine.
type Joiner interface {
	// Formats names the formats whose records it wants.
	Formats() []string
	// Add takes a record of one of its formats and passes on what is ready now: that record, those that waited for it, or nothing.
	Add(r alerts.Record, emit func(alerts.Record))
	// Advance tells it that a record with this stamp has come, and passes on what is much older: in a file that is read long after it
	// was written, nothing but the stamps says that time passes. A record without a good stamp says nothing.
	Advance(stamp time.Time, emit func(alerts.Record))
	// Flush passes on what has waited long enough at that time, counted from its arrival. The zero time stands for the end: everything.
	Flush(now time.Time, emit func(alerts.Record))
}

// Join makes one Joiner of several. It takes records of every format, and passes those that no joiner wants on at once.
func Join(joiners ...Joiner) Joiner {
	j := &joined{all: joiners, by: map[string]Joiner{}}
	for _, one := range joiners {
		for _, format := range one.Formats() {
			j.by[format] = one
		}
	}
	return j
}

type joined struct {
	all []Joiner
	by  map[string]Joiner
}

func (j *joined) Formats() []string {
	var all []string
	for _, one := range j.all {
		all = append(all, one.Formats()...)
	}
	return all
}

func (j *joined) Add(r alerts.Record, emit func(alerts.Record)) {
	if r.Clock == alerts.ClockGood && !r.Time.IsZero() {
		j.Advance(r.Time, emit)
	}
	if one, wanted := j.by[r.Format]; wanted {
		one.Add(r, emit)
		return
	}
	emit(r)
}

func (j *joined) Advance(stamp time.Time, emit func(alerts.Record)) {
	for _, one := range j.all {
		one.Advance(stamp, emit)
	}
}

func (j *joined) Flush(now time.Time, emit func(alerts.Record)) {
	for _, one := range j.all {
		one.Flush(now, emit)
	}
}
