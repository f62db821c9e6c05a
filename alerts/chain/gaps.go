package chain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"trueboot/alerts"
)

// Gaps watches the log of each device for what is missing: numbers that are left out or begin anew, silence that is longer than the device ever
// was silent, and kinds of message that stop while the others go on (passive.md, section 16).
type Gaps struct {
	devices map[string]*heard
	ids     int // kinds of message that are counted, of all devices
}

// heard is what is known of one device's log. Its form is that of the state on the disk.
type heard struct {
	Sequence uint64             `json:"sequence,omitempty"`
	Last     time.Time          `json:"last"`
	Longest  time.Duration      `json:"longest"` // silence, while it was learnt
	Since    time.Time          `json:"since"`
	Silent   bool               `json:"silent,omitempty"` // told
	Hour     int64              `json:"hour,omitempty"`   // since 1970, of the counts
	Whole    bool               `json:"-"`                // the hour was heard from its beginning
	Resumed  bool               `json:"-"`                // no number was heard since the state was taken over
	Volumes  map[string]*volume `json:"volumes,omitempty"`
}

// A volume is how much a device prints of one kind of message.
type volume struct {
	Count  int `json:"count,omitempty"`  // in this hour
	Steady int `json:"steady,omitempty"` // hours in a row with many
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

	mostID       = 64 // bytes
	idsPerDevice = 64
	idsInAll     = 400_000
	manyInHour   = 10 // messages of one kind
	steadyHours  = 48 // with so many each, before their end tells anything
)

// A Heard is what Gaps has to know of a message.
type Heard struct {
	Device, Platform string
	Known            bool   // the inventory has it; no others are watched
	Sequence         uint64 // 0 for none
	ID               string // the kind of message: its mnemonic or number; "" for none
	At               time.Time
	Origin           alerts.Origin
}

// Heard notes a message of a device, and returns the event of a gap, if there is one.
func (g *Gaps) Heard(m Heard) (e alerts.Event, gap bool) {
	h := g.devices[m.Device]
	if h == nil {
		if len(g.devices) >= maxHeard || !m.Known {
			return e, false
		}
		h = &heard{Sequence: m.Sequence, Last: m.At, Since: m.At, Hour: hourOf(m.At)}
		g.devices[m.Device] = h
		g.count(h, m.ID)
		return e, false
	}
	g.count(h, m.ID)
	if silence := m.At.Sub(h.Last); silence > h.Longest && m.At.Sub(h.Since) < 7*learnBeat {
		h.Longest = silence
	}
	if m.At.After(h.Last) {
		h.Last, h.Silent = m.At, false
	}
	before := h.Sequence
	missing, reset := "", false
	switch {
	case m.Sequence == 0 || before == 0:
	case m.Sequence > before+fewMissing && !h.Resumed: // or this program was away
		missing = fmt.Sprintf("%d messages are missing between number %d and %d", m.Sequence-before-1, before, m.Sequence)
	case m.Sequence < before && m.Sequence < 100 && before-m.Sequence > fewLate:
		reset = true
		missing = fmt.Sprintf("message numbers begin anew: %d came after %d", m.Sequence, before)
	}
	if m.Sequence > before || reset || before-m.Sequence > anotherCount { // one that came late says nothing of those to come
		h.Sequence = cmp.Or(m.Sequence, before)
	}
	h.Resumed = h.Resumed && m.Sequence == 0
	if missing == "" {
		return e, false
	}
	e = gapEvent(m.Device, m.Platform, m.At, m.Origin, missing)
	if reset {
		e.Sub = alerts.SubReset
	}
	return e, true
}

func hourOf(at time.Time) int64 { return at.Unix() / 3600 }

// count adds a message to its kind.
func (g *Gaps) count(h *heard, id string) {
	if id == "" {
		return
	}
	id = id[:min(len(id), mostID)]
	v := h.Volumes[id]
	if v == nil {
		if len(h.Volumes) >= idsPerDevice || g.ids >= idsInAll {
			return
		}
		if h.Volumes == nil {
			h.Volumes = map[string]*volume{}
		}
		v = &volume{}
		h.Volumes[id] = v
		g.ids++
	}
	v.Count++
}

// Missing returns the events that only the passing of time brings about: devices that are silent for three times as long as they ever were, and
// kinds of message that ended while their device goes on with others, as when logging is filtered.
func (g *Gaps) Missing(now time.Time, platform func(device string) string) []alerts.Event {
	var all []alerts.Event
	for device, h := range g.devices {
		if text := h.silence(now); text != "" {
			all = append(all, gapEvent(device, platform(device), now, alerts.Origin{Source: "silence"}, text))
		}
		if hour := hourOf(now); hour != h.Hour {
			if ended := g.ended(h, hour); len(ended) > 0 {
				text := fmt.Sprintf("no %s for an hour, after %d hours and more of many in each, while other messages came", quotedList(ended), steadyHours)
				all = append(all, gapEvent(device, platform(device), now, alerts.Origin{Source: "volume"}, text))
			}
		}
	}
	slices.SortFunc(all, func(a, b alerts.Event) int { return cmp.Compare(a.Device, b.Device) })
	return all
}

func (h *heard) silence(now time.Time) string {
	limit := max(3*h.Longest, leastBeat)
	if h.Silent || now.Sub(h.Last) < limit || h.Last.Sub(h.Since) < learnBeat {
		return ""
	}
	h.Silent = true
	return fmt.Sprintf("nothing for %s; the longest silence before was %s", now.Sub(h.Last).Round(time.Second), h.Longest.Round(time.Second))
}

// ended closes the hour that is over, and returns the kinds of message that did not come in it and came in each of many hours before.
func (g *Gaps) ended(h *heard, hour int64) (ids []string) {
	heardAll := h.Whole && hour == h.Hour+1
	others := 0
	for _, v := range h.Volumes {
		others += v.Count
	}
	for id, v := range h.Volumes {
		switch {
		case v.Count >= manyInHour:
			v.Steady++
		case !heardAll: // the hour says nothing
		case v.Count == 0 && v.Steady >= steadyHours && others >= manyInHour:
			ids = append(ids, id)
			v.Steady = 0
		default:
			v.Steady = 0
		}
		if v.Count == 0 && v.Steady == 0 {
			delete(h.Volumes, id)
			g.ids--
		}
		v.Count = 0
	}
	h.Hour, h.Whole = hour, true
	slices.Sort(ids)
	return ids
}

func quotedList(words []string) string {
	text := ""
	for i, w := range words {
		if i == 3 {
			return text + fmt.Sprintf(" and %d more", len(words)-i)
		}
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%.60q", w)
	}
	return text
}

// Devices are those whose log was heard.
func (g *Gaps) Devices() []string { return slices.Sorted(maps.Keys(g.devices)) }

// GapsState is what was heard, as plain data.
type GapsState map[string]*heard

// State returns what was heard.
func (g *Gaps) State() GapsState { return g.devices }

// Restore takes over what an earlier program heard. What came between the two is no gap of the device.
func (g *Gaps) Restore(s GapsState, now time.Time) {
	for device, h := range s {
		if h == nil || len(g.devices) >= maxHeard {
			continue
		}
		h.Resumed, h.Last = true, now
		g.devices[device] = h
		g.ids += len(h.Volumes)
	}
}

func gapEvent(device, platform string, at time.Time, origin alerts.Origin, text string) alerts.Event {
	return alerts.Event{
		Source: origin.Source, Line: origin.Line, Time: at, Received: at, Device: device, Known: true, Kind: alerts.Syslog, Rule: "log-gap", Stage: alerts.StageLogGap, Weight: alerts.WeightLow,
		Confidence: "medium", Attack: []string{"T1562"}, Platform: platform, Text: text,
	}
}
