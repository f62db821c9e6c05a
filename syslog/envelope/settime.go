package envelope

import (
	"time"

	"trueboot/alerts"
)

// SetTime gives a record the time that a reader found in its message. A clock that is further from the arrival than a delay explains is
// marked as it is for the stamp of a header; a line of a file may be of any age.
func SetTime(r *alerts.Record, at time.Time) {
	r.Time, r.Clock = at.UTC(), alerts.ClockGood
	if r.Peer.IsValid() && !r.Received.IsZero() && at.Sub(r.Received).Abs() > wrongClock {
		r.Clock = alerts.ClockWrong
	}
}
