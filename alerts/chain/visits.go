package chain

import (
	"cmp"
	"slices"
	"time"

	"trueboot/alerts"
)

// A Request asks for a visit of a device because of alerts.
type Request struct {
	Device string
	Alerts []string // the ids of those that wait for its answer
	Scope  string   // "full", "boot", "file", "version"
	At     time.Time
}

// Pace says how often devices are visited because of alerts.
type Pace struct {
	PerDevice time.Duration // at most one visit of a device in so long; 0 stands for 30 minutes
	AfterBoot time.Duration // so long after a boot: a device that has just come up is left alone; 0 stands for 2 minutes
	PerHour   int           // of all devices; 0 stands for 60
}

// Visits keeps what is to be visited. It knows no clock of its own, and is for one goroutine.
type Visits struct {
	pace     Pace
	waiting  map[string]Request   // by device
	underway map[string]Request   // taken by Due and not Done
	last     map[string]time.Time // when a device was visited
	recent   []time.Time          // of all
}

// NewVisits makes an empty list.
func NewVisits(p Pace) *Visits {
	p.PerDevice = cmp.Or(p.PerDevice, 30*time.Minute)
	p.AfterBoot = cmp.Or(p.AfterBoot, 2*time.Minute)
	p.PerHour = cmp.Or(p.PerHour, 60)
	return &Visits{pace: p, waiting: map[string]Request{}, underway: map[string]Request{}, last: map[string]time.Time{}}
}

// mostWaiting bounds the list: a flood of alerts must not become one of logins.
const mostWaiting = 10_000

// mostAnswered bounds the alerts of a device that one visit answers.
const mostAnswered = 64

// sample is how many devices of a fleet's alert are visited first. The others follow when those have been given time to answer.
const sample = 3

// Ask notes that an alert wants visits, and reports whether there will be one. Alerts of medium severity and above do, and all that are
// about a boot, a version or a signature. Devices that are not known are not visited. Of a fleet, a few devices are visited first and then all.
func (v *Visits) Ask(a alerts.Alert, known func(device string) bool, now time.Time) bool {
	if a.Visit == "" || !wants(&a) {
		return false
	}
	at := now
	for _, l := range a.Lines {
		if (l.Stage == alerts.StageBootUp || l.Stage == alerts.StageVersion || l.Stage == alerts.StageReload) && l.Time.Add(v.pace.AfterBoot).After(at) && !l.Time.After(now.Add(time.Hour)) {
			at = l.Time.Add(v.pace.AfterBoot)
		}
	}
	if len(a.Devices) == 0 {
		return known(a.Device) && v.ask(a.Device, &a, at)
	}
	asked := 0
	for _, device := range a.Devices {
		if _, answered := a.Answers[device]; answered || !known(device) {
			continue
		}
		when := at
		if asked >= sample {
			when = at.Add(v.pace.PerDevice)
		}
		if v.ask(device, &a, when) {
			asked++
		}
	}
	return asked > 0
}

// ask puts one device on the list, or an alert to those that wait for its answer.
func (v *Visits) ask(device string, a *alerts.Alert, at time.Time) bool {
	if last, ok := v.last[device]; ok && last.Add(v.pace.PerDevice).After(at) {
		at = last.Add(v.pace.PerDevice)
	}
	r := Request{Device: device, Alerts: []string{a.ID}, Scope: a.Visit, At: at}
	if other, ok := v.waiting[device]; ok {
		if other.Scope == "full" {
			r.Scope = "full"
		}
		// A boot that is younger than the one before puts the visit off; a fleet's turn does not.
		if other.At.After(r.At) == (len(a.Devices) == 0) {
			r.At = other.At
		}
		if r.Alerts = other.Alerts; !slices.Contains(r.Alerts, a.ID) && len(r.Alerts) < mostAnswered {
			r.Alerts = append(r.Alerts, a.ID)
		}
	} else if len(v.waiting) >= mostWaiting {
		return false
	}
	v.waiting[device] = r
	return true
}

func wants(a *alerts.Alert) bool {
	switch a.Severity {
	case alerts.SeverityMedium, alerts.SeverityHigh, alerts.SeverityCritical:
		return true
	}
	return slices.ContainsFunc(a.Lines, func(l alerts.LineRef) bool {
		return l.Stage == alerts.StageBootUp || l.Stage == alerts.StageVersion || l.Stage == alerts.StageSignatureFail
	})
}

// Due takes the visits off the list whose time has come, the earliest first: as many as the pace allows, and no more than most. Those that
// are left on it are not counted as visited.
func (v *Visits) Due(now time.Time, most int) []Request {
	v.recent = slices.DeleteFunc(v.recent, func(t time.Time) bool { return now.Sub(t) >= time.Hour })
	var due []Request
	for _, r := range v.waiting {
		if !r.At.After(now) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b Request) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Device, b.Device)) })
	due = due[:min(len(due), most, max(0, v.pace.PerHour-len(v.recent)))]
	for _, r := range due {
		delete(v.waiting, r.Device)
		v.underway[r.Device] = r
		v.last[r.Device] = now
		v.recent = append(v.recent, now)
	}
	return due
}

// Waiting is how many visits are to come.
func (v *Visits) Waiting() int { return len(v.waiting) }

// Done notes that a visit which Due handed out has its answer.
func (v *Visits) Done(r Request) { delete(v.underway, r.Device) }

// PutOff puts a visit back that Due handed out and that did not take place, for later.
func (v *Visits) PutOff(r Request, at time.Time) {
	delete(v.underway, r.Device)
	delete(v.last, r.Device)
	v.recent = v.recent[:max(0, len(v.recent)-1)]
	if other, ok := v.waiting[r.Device]; ok {
		for _, id := range other.Alerts {
			if !slices.Contains(r.Alerts, id) && len(r.Alerts) < mostAnswered {
				r.Alerts = append(r.Alerts, id)
			}
		}
	}
	r.At = at
	v.waiting[r.Device] = r
}

// A VisitsState is a list as plain data, so that a restart neither loses a visit nor hurries one.
type VisitsState struct {
	Waiting []Request            `json:"waiting,omitempty"`
	Last    map[string]time.Time `json:"last,omitempty"`
	Recent  []time.Time          `json:"recent,omitempty"`
}

// State returns the list. A visit that is under way is one to come: its answer may be lost.
func (v *Visits) State(now time.Time) VisitsState {
	s := VisitsState{Last: map[string]time.Time{}, Recent: slices.Clone(v.recent)}
	for _, r := range v.underway {
		s.Waiting = append(s.Waiting, r)
	}
	for device, r := range v.waiting {
		if other, ok := v.underway[device]; ok {
			i := slices.IndexFunc(s.Waiting, func(have Request) bool { return have.Device == other.Device })
			for _, id := range other.Alerts {
				if !slices.Contains(r.Alerts, id) {
					r.Alerts = append(slices.Clip(r.Alerts), id)
				}
			}
			s.Waiting[i] = r
			continue
		}
		s.Waiting = append(s.Waiting, r)
	}
	slices.SortFunc(s.Waiting, func(a, b Request) int { return cmp.Compare(a.Device, b.Device) })
	for device, at := range v.last {
		if now.Sub(at) < v.pace.PerDevice {
			s.Last[device] = at
		}
	}
	return s
}

// Restore takes a list over.
func (v *Visits) Restore(s VisitsState) {
	for _, r := range s.Waiting {
		if len(v.waiting) < mostWaiting {
			v.waiting[r.Device] = r
		}
	}
	for device, at := range s.Last {
		v.last[device] = at
	}
	v.recent = append(v.recent, s.Recent...)
}
