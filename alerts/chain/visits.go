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
	pace    Pace
	waiting map[string]Request   // by device
	last    map[string]time.Time // when a device was visited
	recent  []time.Time          // of all
}

// NewVisits makes an empty list.
func NewVisits(p Pace) *Visits {
	p.PerDevice = cmp.Or(p.PerDevice, 30*time.Minute)
	p.AfterBoot = cmp.Or(p.AfterBoot, 2*time.Minute)
	p.PerHour = cmp.Or(p.PerHour, 60)
	return &Visits{pace: p, waiting: map[string]Request{}, last: map[string]time.Time{}}
}

// mostWaiting bounds the list: a flood of alerts must not become one of logins.
const mostWaiting = 10_000

// mostAnswered bounds the alerts of a device that one visit answers.
const mostAnswered = 64

// Ask notes that an alert wants a visit of its device, and reports whether there will be one. Alerts of medium severity and above do, and all that are
// about a boot, a version or a signature. Devices that are not known are not visited.
func (v *Visits) Ask(a alerts.Alert, known bool, now time.Time) bool {
	if !known || a.Visit == "" || a.Chain == "P14" || !wants(&a) {
		return false
	}
	at := now
	for _, l := range a.Lines {
		if (l.Stage == alerts.StageBootUp || l.Stage == alerts.StageVersion || l.Stage == alerts.StageReload) && l.Time.Add(v.pace.AfterBoot).After(at) && !l.Time.After(now.Add(time.Hour)) {
			at = l.Time.Add(v.pace.AfterBoot)
		}
	}
	if last, ok := v.last[a.Device]; ok && last.Add(v.pace.PerDevice).After(at) {
		at = last.Add(v.pace.PerDevice)
	}
	r := Request{Device: a.Device, Alerts: []string{a.ID}, Scope: a.Visit, At: at}
	if other, ok := v.waiting[a.Device]; ok {
		if other.Scope == "full" {
			r.Scope = "full"
		}
		if other.At.After(r.At) {
			r.At = other.At
		}
		if r.Alerts = other.Alerts; !slices.Contains(r.Alerts, a.ID) && len(r.Alerts) < mostAnswered {
			r.Alerts = append(r.Alerts, a.ID)
		}
	} else if len(v.waiting) >= mostWaiting {
		return false
	}
	v.waiting[a.Device] = r
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
		v.last[r.Device] = now
		v.recent = append(v.recent, now)
	}
	return due
}

// Waiting is how many visits are to come.
func (v *Visits) Waiting() int { return len(v.waiting) }

// An Answer is what a visit said of a device.
type Answer struct {
	Outcome alerts.Confirmation
	Run     string // of the history, where the evidence is
	Detail  string
}

// Confirm attaches an answer to an alert: a match with what is approved lowers it to explained, a mismatch makes it critical, and a device that could not be
// asked leaves it as it was.
func Confirm(a alerts.Alert, answer Answer) alerts.Alert {
	a.Confirmed, a.Evidence = answer.Outcome, answer.Run
	switch answer.Outcome {
	case alerts.Unchanged, alerts.ChangedKnown:
		if a.Severity != alerts.SeverityInfo {
			a.ExplainedBy = append(slices.Clone(a.ExplainedBy), "a visit found the device as approved: "+string(answer.Outcome))
			a.Severity = alerts.SeverityLow
			for _, why := range a.Lines {
				if why.Stage == alerts.StageSignatureFail { // the visit saw the files, and not what was in memory
					a.Severity = alerts.SeverityHigh
				}
			}
		}
	case alerts.ChangedUnknown:
		a.Severity = alerts.SeverityCritical
		a.Why = append(slices.Clone(a.Why), alerts.Why{Reason: "a visit found what is not approved: " + answer.Detail})
	case alerts.NotAssessedVisit:
		a.Why = append(slices.Clone(a.Why), alerts.Why{Reason: "the device could not be asked: " + answer.Detail})
	}
	return a
}

// A Change is what a sweep proved of a device, between two visits.
type Change struct {
	Device, Platform, What string // "running version", "boot variable", …
	From, To               time.Time
	Old, New               string
}

// Unannounced returns the alert of a change that no message announced (LG-03); ok is false where one did, or where the device never logs. A log that is
// silent about a change is one that somebody silenced.
func (c *Correlator) Unannounced(ch Change) (a alerts.Alert, ok bool) {
	d := c.devices[ch.Device]
	if d == nil {
		return a, false // nothing was ever heard of it: that it is silent says nothing
	}
	for _, e := range d.events {
		if !e.Time.Before(ch.From.Add(-bootGap)) && !e.Time.After(ch.To.Add(bootGap)) && (points[e.Stage] > 0 && counts(e) || booting(e)) {
			return a, false
		}
	}
	return alerts.Alert{
		ID: "LG-03-" + ch.Device + "-" + ch.What, Time: ch.To, Device: ch.Device, Chain: "LG-03", Title: "A visit found a change that no message announced", Severity: alerts.SeverityHigh, Score: 5,
		Attack: []string{"T1562", "T1601"}, OldVersion: ch.Old, NewVersion: ch.New, Visit: "full",
		Why: []alerts.Why{{Points: 5, Reason: ch.What + " changed between two visits, and the log is silent about it"}},
	}, true
}
