package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"time"

	"trueboot/alerts/chain"
	"trueboot/baseline"
	"trueboot/facts"
	"trueboot/history"
)

// sweepsSeen is how far the runs of the history were looked through for changes that no message announced (LG-03): whoever made them, a sweep
// from cron or a visit of this watcher.
type sweepsSeen struct {
	last     uint64    // the run
	modified time.Time // of the history, when it was last looked at
	due      time.Time
	looking  bool
	found    chan sweepChanges
}

// sweepChanges is what a look found.
type sweepChanges struct {
	last    uint64
	changes []chain.Change
	whole   bool // there is nothing more to look at
	err     error
}

// The paces of looking at the history: a sweep that wants to write it waits no longer than a look takes.
const (
	everySweeps = 10 * time.Second
	longestLook = 300 * time.Millisecond
)

// announced are the kinds of fact whose change a device has a message for.
var announced = []facts.Kind{
	facts.RunningVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ConfigRegister, facts.NextConfigRegister,
	facts.BootLoaderVersion, facts.ImageDigest,
}

// lookAtSweeps looks for new runs in the history, beside the watcher's own work, whenever the file has changed.
func (w *watcher) lookAtSweeps(ctx context.Context, now time.Time) {
	if w.sweeps.looking || w.visiting || now.Before(w.sweeps.due) {
		return
	}
	about, err := os.Stat(w.p.settings.historyPath())
	if err != nil || about.ModTime().Equal(w.sweeps.modified) {
		return
	}
	w.sweeps.looking, w.sweeps.due, w.sweeps.modified = true, now.Add(everySweeps), about.ModTime()
	last, heard := w.sweeps.last, w.gaps.Devices()
	go func() { w.sweeps.found <- w.p.changesSince(ctx, last, heard) }()
}

// changesSince returns what changed on devices that were heard, in the runs that ended after one. The first time there is nothing to return: what was
// before this program listened says nothing about what it heard. Where the history is in use, the next look sees the same.
func (p *program) changesSince(ctx context.Context, last uint64, heard []string) (found sweepChanges) {
	found.last = last
	todo := heard // of the run after last
	for ctx.Err() == nil {
		kept, err := history.OpenReadOnly(p.settings.historyPath())
		if err != nil {
			return found // a sweep is at it
		}
		todo, err = p.lookOnce(kept, &found, todo, heard)
		if err = errors.Join(err, kept.Close()); err != nil || found.whole {
			found.err = err
			return found
		}
		select { // let others have the file
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return found
}

// lookOnce looks for as long as the file may be held, and returns the devices of the next run that are still to be looked at.
func (p *program) lookOnce(kept *history.Store, found *sweepChanges, todo, heard []string) ([]string, error) {
	until := time.Now().Add(longestLook)
	runs, err := kept.Runs()
	if err != nil {
		return nil, err
	}
	first := found.last == 0
	for _, run := range runs {
		number, err := strconv.ParseUint(run.ID, 10, 64)
		if err != nil || number <= found.last {
			continue
		}
		for ; len(todo) > 0 && !first; todo = todo[1:] {
			if time.Now().After(until) {
				return todo, nil
			}
			changes, err := changesIn(kept, run.ID, todo[0])
			if err != nil {
				return nil, err
			}
			found.changes = append(found.changes, changes...)
		}
		found.last, todo = number, heard
	}
	found.whole = true
	return nil, nil
}

// changesIn compares what a device stated in a run with what it stated the time before.
func changesIn(kept *history.Store, run, device string) (changes []chain.Change, err error) {
	v, err := kept.Visit(run, device)
	if err != nil || v == nil || v.Outcome != facts.AskedAll {
		return nil, err
	}
	var before *history.Visit
	for earlier, err := range kept.DeviceVisits(device) {
		if err != nil {
			return nil, err
		}
		if earlier.Started.Before(v.Started) && earlier.Outcome == facts.AskedAll {
			before = &earlier
			break
		}
	}
	if before == nil {
		return nil, nil
	}
	for _, d := range baseline.Diff(before.Set, v.Set) {
		if d.Change == baseline.NotSeen || !slices.Contains(announced, d.Kind) || d.Kind == facts.ImageDigest && d.Change != baseline.Changed {
			continue
		}
		change := chain.Change{Device: device, Platform: v.Platform, What: string(d.Kind), From: before.Started, To: v.Started}
		if d.Subject != "" {
			change.What += " " + d.Subject
		}
		if d.Approved != nil {
			change.Old = d.Approved.Value
		}
		if d.Observed != nil {
			change.New = d.Observed.Value
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// unannounced tells of the changes that a look found and no message announced.
func (w *watcher) unannounced(found sweepChanges) {
	if w.sweeps.last == 0 && found.whole {
		w.p.say("changes that the runs after %d find and no message announced will be told of", found.last)
	}
	w.sweeps.looking, w.sweeps.last = false, found.last
	if !found.whole {
		w.sweeps.modified = time.Time{} // look again
	}
	if found.err != nil {
		w.say("history", "the history could not be looked through for changes: %v", found.err)
	}
	for _, change := range found.changes {
		a, ok := w.correlator.Unannounced(change, w.since)
		if _, told := w.alerts[a.ID]; ok && !told {
			w.remember(a, false)
		}
	}
}
