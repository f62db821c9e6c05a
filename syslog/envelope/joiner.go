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
	// Formats names the formats whose records it wants. Others pass through untouched.
	Formats() []string
	// Add takes a record and passes on what is ready now: that record, those that waited for it, or nothing.
	Add(r alerts.Record, emit func(alerts.Record))
	// Flush passes on what has waited long enough at that time, counted from its arrival. The zero time stands for the end: everything.
	Flush(now time.Time, emit func(alerts.Record))
}
