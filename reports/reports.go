// Package reports writes what a run found: for people as text, for programs as JSON.
//
// A run reaches a [Handler] as a stream: once [Run], then each [Device] as it finishes, then once
// [Recap]. [Text] and [JSON] implement it; further formats do the same. The handlers judge nothing: the
// verdicts, and what a profile requires, come with the findings from compare.
//
// What a device said is hostile wherever it is printed. Every word that may have come from one
// passes through [Printable] or, in JSON, through the same rule.
package reports

import (
	"time"

	"trueboot/baseline"
	"trueboot/compare"
	"trueboot/facts"
)

// A Handler receives one run. Its methods are called in order and by one goroutine at a
// time. An error means that the output can't be written.
type Handler interface {
	Begin(Run) error
	Device(Device) error
	End(*Recap) error
}

// A Run is what is known before the first device is visited.
type Run struct {
	ID        string // in the history; empty for a check, of which nothing is kept
	Started   time.Time
	Program   string // name and version: "trueboot 0.1.0"
	Collector string // who collects, and from where: "netops@mgmt1"
	Profile   string // name of the set of required controls: "core"
	Devices   int    // how many will be visited
	FailOn    compare.Severity
	Baseline  Baseline
	Earlier   []PastRun // runs before this one, oldest first, for those who show how it went; nil where that is not known
}

// A PastRun is how an earlier run ended.
type PastRun struct {
	ID       string
	Started  time.Time
	Statuses map[Status]int
}

// A Baseline summarises what is approved for the devices of a run.
type Baseline struct {
	Approved    int                         // devices with an approval
	Provenances map[baseline.Provenance]int // of their approvals
	Oldest      time.Time                   // when the oldest was made; zero without one
}

// Add counts a device's approval; nil is none.
func (b *Baseline) Add(a *baseline.Approval) {
	if a == nil {
		return
	}
	if b.Provenances == nil {
		b.Provenances = map[baseline.Provenance]int{}
	}
	b.Approved++
	b.Provenances[a.Provenance]++
	if b.Oldest.IsZero() || a.At.Before(b.Oldest) {
		b.Oldest = a.At
	}
}

// A Device is one device of a run, judged or not.
type Device struct {
	Name, Address, Platform string
	Site, Role              string
	Outcome                 facts.Outcome
	Reason                  facts.Reason // why there was no session
	Detail                  string       // the same in words, which may be the device's
	Started                 time.Time
	Elapsed                 time.Duration

	// As the device states them; empty where it does not. See [Device.Identify].
	Model, SerialNumber, OperatingSystem, RunningVersion, RunningImage string

	// Warnings say what the connection itself lacked: weak algorithms, a refused enable secret.
	Warnings []string
	Approval *baseline.Approval // nil when nothing is approved for the device
	Findings []compare.Finding
	Gaps     []facts.Gap
}

// Identify fills in what a visit taught about the device as a whole, and its gaps.
func (d *Device) Identify(set facts.Set) {
	d.Model = set.Value(facts.Model)
	d.SerialNumber = set.Value(facts.SerialNumber)
	d.OperatingSystem = set.Value(facts.OperatingSystem)
	d.RunningVersion = set.Value(facts.RunningVersion)
	d.RunningImage = set.Value(facts.RunningImage)
	d.Gaps = set.Gaps
}

// A Status is a device's outcome and verdicts in a word or two.
type Status string

// The statuses, gravest first.
const (
	StatusFail        Status = "FAIL"         // an unexplained FAIL
	StatusNoLogin     Status = "no login"     // no session: not reached, not let in, or not the device it was
	StatusNotVisited  Status = "not visited"  // the run ended before its turn
	StatusNotAssessed Status = "not assessed" // no FAIL, but a required control is NOT-ASSESSED, or nothing was judged
	StatusExplained   Status = "explained"    // FAILs, all of them explained by a change
	StatusWaived      Status = "waived"       // FAILs or gaps, each of them explained or borne by a waiver
	StatusOK          Status = "ok"           // every required control is PASS
)

var statuses = []Status{StatusFail, StatusNoLogin, StatusNotVisited, StatusNotAssessed, StatusExplained, StatusWaived, StatusOK}

// Status classes the device.
func (d Device) Status() Status { return d.status(compare.Summarize(d.Findings)) }

func (d Device) status(s compare.Summary) Status {
	switch {
	case len(s.Failures) > 0:
		return StatusFail
	case d.Outcome == facts.NoSession:
		return StatusNoLogin
	case !d.Outcome.Visited():
		return StatusNotVisited
	case s.RequiredNotAssessed > 0 || len(d.Findings) == 0:
		return StatusNotAssessed
	case s.Waived > 0:
		return StatusWaived
	case s.Explained > 0:
		return StatusExplained
	default:
		return StatusOK
	}
}
