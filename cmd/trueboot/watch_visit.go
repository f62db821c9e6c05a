package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/alerts/chain"
	"trueboot/baseline/boltfile"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
)

// A visitAnswer is what a visit that an alert asked for came to.
type visitAnswer struct {
	request chain.Request
	answer  chain.Answer
	busy    bool // a sweep has the history: there was no visit
}

// visitNext begins the next visit, when none is under way and one is due. A device is asked everything: what a sweep would ask.
func (w *watcher) visitNext(ctx context.Context, now time.Time) {
	if w.visiting || w.f.noVisits {
		return
	}
	due := w.visits.Due(now, 1)
	if len(due) == 0 {
		return
	}
	w.visiting = true
	request := due[0]
	go func() {
		answer, busy := w.p.visitFor(ctx, request, w.f)
		w.answers <- visitAnswer{request, answer, busy}
	}()
}

// answered attaches an answer to its alerts.
func (w *watcher) answered(a visitAnswer) {
	w.visiting = false
	if a.busy {
		w.visits.PutOff(a.request, time.Now().Add(whileBusy))
		w.say("busy", "%s: the history is in use by a sweep, and the visit is put off", a.request.Device)
		return
	}
	w.visits.Done(a.request)
	for _, id := range a.request.Alerts {
		if alert, ok := w.alerts[id]; ok {
			w.given[id] = chain.Attach(w.given[id], a.answer, &alert)
			w.remember(alert, false)
		}
	}
}

// whileBusy is how long a visit is put off while a sweep has the history.
const whileBusy = time.Minute

// visitFor visits one device as a sweep would, keeps the evidence as a run, and puts what it found into one word. Busy means that it could not, since
// another trueboot has the history.
func (p *program) visitFor(ctx context.Context, request chain.Request, f watchFlags) (answer chain.Answer, busy bool) {
	var seen oneDevice
	before, run, err := p.visitOne(ctx, request.Device, f, &seen)
	if errors.Is(err, boltfile.ErrLocked) {
		return answer, true
	}
	if err != nil {
		return chain.Answer{Device: request.Device, Outcome: alerts.NotAssessedVisit, Detail: err.Error()}, false
	}
	answer = chain.Answer{Device: request.Device, Run: run}
	old := before.Value(facts.RunningVersion)
	changed := old != "" && seen.version != "" && seen.version != old
	switch status := seen.device.Status(); status {
	case reports.StatusOK, reports.StatusExplained, reports.StatusWaived:
		answer.Outcome = alerts.Unchanged
		if changed {
			answer.Outcome = alerts.ChangedKnown
		}
	case reports.StatusFail:
		answer.Outcome = alerts.ChangedUnknown
		for _, finding := range seen.device.Findings {
			if finding.Verdict == compare.Fail && finding.Open() {
				answer.Detail = finding.Control + ": " + finding.Message
				break
			}
		}
	default:
		answer.Outcome, answer.Detail = alerts.NotAssessedVisit, fmt.Sprint(status)
		if seen.device.Detail != "" {
			answer.Detail += ": " + seen.device.Detail
		}
	}
	return answer, false
}

// visitOne runs a sweep of one device, and returns what it stated at the visit before.
func (p *program) visitOne(ctx context.Context, name string, f watchFlags, seen *oneDevice) (before facts.Set, run string, err error) {
	profile, _ := compare.BuiltInProfile("core")
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if err != nil {
		return before, "", err
	}
	devices, err := inv.Select(name, nil, nil)
	if err != nil {
		return before, "", err
	}
	approved, err := p.readApprovals()
	if err != nil {
		return before, "", err
	}
	known, closeKnown, err := p.readKnown()
	if err != nil {
		return before, "", err
	}
	defer closeKnown()
	if err := os.MkdirAll(p.settings.store, 0o700); err != nil {
		return before, "", err
	}
	kept, err := history.Open(p.settings.historyPath())
	if err != nil {
		return before, "", err
	}
	defer kept.Close()
	if last, err := kept.LastSet(name); err == nil && last != nil {
		before = *last
	}
	open, err := p.opener(f.live, inv)
	if err != nil {
		return before, "", err
	}
	defer open.Close()
	flags := sweepFlags{sessions: 1, logins: 1, refusals: 1, quiet: true, limit: name}
	flags.live = f.live
	_, err = p.visitAll(ctx, visitAll{devices: devices, profile: profile, approved: approved, known: known, store: kept, open: open, flags: flags, report: func(io.Writer) reports.Handler { return seen }})
	if set, setErr := kept.LastSet(name); setErr == nil && set != nil {
		seen.version = set.Value(facts.RunningVersion)
	}
	return before, seen.run, err
}

// oneDevice is a report that only remembers the one device.
type oneDevice struct {
	run     string
	device  reports.Device
	version string
}

func (o *oneDevice) Begin(r reports.Run) error     { o.run = r.ID; return nil }
func (o *oneDevice) Device(d reports.Device) error { o.device = d; return nil }
func (o *oneDevice) End(*reports.Recap) error      { return nil }

func lowerASCII(s string) string { return strings.ToLower(s) }
