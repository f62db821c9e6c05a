package chain

import (
	"cmp"
	"fmt"
	"time"

	"trueboot/alerts"
)

// Gaps watches the log of each device for what is missing: numbers that are left out or begin anew, and silence that is longer than the device ever
// was silent.
type Gaps struct {
	devices map[string]*heard
}

type heard struct {
	sequence uint64
	last     time.Time
	longest  time.Duration // of silence, while it was learnt
	since    time.Time
	silent   bool // told
}

// NewGaps makes one that has heard nothing.
func NewGaps() *Gaps { return &Gaps{devices: map[string]*heard{}} }

const (
	maxHeard   = 100_000
	fewMissing = 5  // lost datagrams
	fewLate    = 50 // datagrams that overtook one
	// anotherCount is how far back a number is that is no late one: the first messages of a new count were lost.
	anotherCount = 1000
	learnBeat    = 24 * time.Hour // of a device's silence
	leastBeat    = 10 * time.Minute
)

// Heard notes a message of a device, and returns the event of a gap, if there is one.
func (g *Gaps) Heard(device, platform string, known bool, sequence uint64, at time.Time, origin alerts.Origin) (e alerts.Event, gap bool) {
	h := g.devices[device]
	if h == nil {
		if len(g.devices) >= maxHeard || !known {
			return e, false
		}
		g.devices[device] = &heard{sequence: sequence, last: at, since: at}
		return e, false
	}
	if silence := at.Sub(h.last); silence > h.longest && at.Sub(h.since) < 7*learnBeat {
		h.longest = silence
	}
	if at.After(h.last) {
		h.last, h.silent = at, false
	}
	before := h.sequence
	missing, reset := "", false
	switch {
	case sequence == 0 || before == 0:
	case sequence > before+fewMissing:
		missing = fmt.Sprintf("%d messages are missing between number %d and %d", sequence-before-1, before, sequence)
	case sequence < before && sequence < 100 && before-sequence > fewLate:
		reset = true
		missing = fmt.Sprintf("message numbers begin anew: %d came after %d", sequence, before)
	}
	if sequence > before || reset || before-sequence > anotherCount { // one that came late says nothing of those to come
		h.sequence = cmp.Or(sequence, before)
	}
	if missing == "" {
		return e, false
	}
	e = gapEvent(device, platform, at, origin, missing)
	if reset {
		e.Sub = alerts.SubReset
	}
	return e, true
}

// Silent returns the events of devices that are silent for three times as long as they ever were.
func (g *Gaps) Silent(now time.Time, platform func(device string) string) []alerts.Event {
	var all []alerts.Event
	for device, h := range g.devices {
		limit := max(3*h.longest, leastBeat)
		if h.silent || now.Sub(h.last) < limit || h.last.Sub(h.since) < learnBeat {
			continue
		}
		h.silent = true
		all = append(all, gapEvent(device, platform(device), now, alerts.Origin{Source: "silence"}, fmt.Sprintf("nothing for %s; the longest silence before was %s", now.Sub(h.last).Round(time.Second), h.longest.Round(time.Second))))
	}
	return all
}

func gapEvent(device, platform string, at time.Time, origin alerts.Origin, text string) alerts.Event {
	return alerts.Event{
		Source: origin.Source, Line: origin.Line, Time: at, Received: at, Device: device, Known: true, Kind: alerts.Syslog, Rule: "log-gap", Stage: alerts.StageLogGap, Weight: alerts.WeightLow,
		Confidence: "medium", Attack: []string{"T1562"}, Platform: platform, Text: text,
	}
}
