package chain

import (
	"fmt"
	"slices"

	"trueboot/alerts"
	"trueboot/facts"
)

// points of a stage in the score of a chain (passive.md, section 13.2).
var points = map[alerts.Stage]int{
	alerts.StageTransfer: 3, alerts.StageBootChange: 3, alerts.StageInstall: 2, alerts.StageFirmware: 2, alerts.StageReloadScheduled: 1, alerts.StageReload: 1,
	alerts.StageShell: 2, alerts.StageConfigErase: 3, alerts.StageDelete: 1, alerts.StageHostPrep: 2, alerts.StageLogTamper: 2,
}

// A score is an alert's arithmetic while it is done.
type score struct {
	sum, seed int
	why       []alerts.Why
	explained []string
	floor     int // signature failures and version mismatches can't be explained away
}

func (s *score) add(points int, format string, arguments ...any) {
	if points == 0 {
		return
	}
	s.sum += points
	s.why = append(s.why, alerts.Why{Points: points, Reason: fmt.Sprintf(format, arguments...)})
}

// explain takes points off, never below one.
func (s *score) explain(points int, format string, arguments ...any) {
	points = min(points, max(0, s.sum-max(1, s.floor)))
	reason := fmt.Sprintf(format, arguments...)
	s.explained = append(s.explained, fmt.Sprintf("%s (%+d)", reason, -points))
	s.sum -= points
	s.why = append(s.why, alerts.Why{Points: -points, Reason: reason})
}

// atLeast raises the score to a floor, and says so.
func (s *score) atLeast(floor int, why string) {
	s.floor = max(s.floor, floor)
	if s.sum < floor {
		s.add(floor-s.sum, "%s", why)
	}
}

// stages adds the points of the distinct stages. One that did not come off counts half, rounded up; a card's reload is no reload of the device.
func (s *score) stages(events []*alerts.Event) {
	seen, failed := map[alerts.Stage]bool{}, map[alerts.Stage]bool{}
	for _, e := range events {
		if !counts(e) {
			continue
		}
		if e.Failed {
			failed[e.Stage] = true
		} else {
			seen[e.Stage] = true
		}
	}
	if seen[alerts.StageReload] {
		delete(seen, alerts.StageReloadScheduled)
	}
	for _, stage := range alerts.Stages {
		switch {
		case seen[stage]:
			s.add(points[stage], "%s", stage)
		case failed[stage]:
			s.add((points[stage]+1)/2, "%s, which failed", stage)
		}
	}
	seeds := map[alerts.Stage]int{}
	for _, e := range events {
		seeds[e.Stage] = max(seeds[e.Stage], e.SeedPoints)
	}
	for _, p := range seeds {
		s.seed += p
	}
}

// counts reports whether an event gives points: not the configuration that was saved to a server, nor a card, nor what was committed.
func counts(e *alerts.Event) bool {
	switch e.Stage {
	case alerts.StageTransfer:
		return e.Direction != "out" && e.Sub != alerts.SubConfig && e.Sub != "other"
	case alerts.StageReload:
		return e.Sub != alerts.SubCard && e.Sub != alerts.SubStandby
	case alerts.StageInstall:
		return e.Sub != alerts.SubUncommitted
	case alerts.StageFirmware:
		return e.Weight != alerts.WeightInfo && e.Weight != alerts.WeightLow
	case alerts.StageHostPrep:
		return e.Weight != alerts.WeightLow && e.Weight != alerts.WeightInfo
	case alerts.StageShell:
		return e.Weight != alerts.WeightLow && e.Weight != alerts.WeightInfo
	case alerts.StageLogTamper:
		return e.Weight != alerts.WeightInfo
	}
	return true
}

// context adds what the lists say of a session, and then what explains it. Lists that are empty say nothing.
func (c *Correlator) context(s *score, run *session) {
	x := &c.config.Context
	window := c.window(run)
	if len(x.Windows) > 0 && window == nil {
		s.add(2, "outside of every window and ticket for %s", run.device)
	}
	automation, automated := x.automated(run)
	// Of several accounts and addresses, the one that is not listed decides: a colleague's step explains nobody else's.
	var stranger, elsewhere string
	for _, e := range run.events {
		if !counts(e) || points[e.Stage] == 0 {
			continue
		}
		if e.User != "" && !slices.Contains(x.People, e.User) && !(automated && e.User == automation.Account) {
			stranger = first(stranger, e.User)
		}
		for _, a := range []struct{ what, address string }{{"source", e.Address}, {"server", e.Server}} {
			if elsewhere == "" && a.address != "" && !slices.Contains(x.Hosts, a.address) {
				elsewhere = a.what + " address " + a.address
			}
		}
	}
	listed := len(x.People) == 0 || stranger == ""
	if !listed {
		s.add(2, "account %s is not one that changes devices", stranger)
	}
	if len(x.Hosts) > 0 && elsewhere != "" {
		s.add(3, "%s is not on the list of management hosts", elsewhere)
	}
	approvedFile := true
	for _, e := range run.events {
		if e.File == "" || !counts(e) || e.Stage != alerts.StageTransfer && e.Stage != alerts.StageBootChange && e.Stage != alerts.StageInstall || c.config.Approved == nil {
			continue
		}
		ok, known := c.config.Approved(run.device, e.File, e.Digest)
		if known && !ok {
			approvedFile = false
			if e.Digest != "" {
				s.add(5, "the digest of %s is not approved", base(e.File))
			} else {
				s.add(2, "file %s is not approved", base(e.File))
			}
			break
		}
	}
	if floor := c.floor(run); floor != "" {
		if v := first(run.after, run.fileVersion); v != "" && c.order(run.platform(), v, floor) == facts.Older {
			s.add(2, "version %s is below the floor %s", v, floor)
		}
	}
	if window != nil {
		name := "window " + window.name()
		if window.Start.IsZero() {
			name = "ticket " + window.name()
		}
		if window.Reason != "" && window.Ticket != "" {
			name += ", " + window.Reason
		}
		points := 2
		if listed && approvedFile {
			points = 4
		}
		s.explain(points, "%s", name)
	} else if w := c.staged(run); w != nil {
		s.explain(4, "staged for %s", w.name())
	}
	if automated {
		tool := automation.Tool
		if tool == "" {
			tool = "a program"
		}
		s.explain(2, "account %s of %s from its own host", automation.Account, tool)
	}
	if matchesAny(x.Lab, run.device) {
		s.explain(3, "a lab device")
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// windows are those of the context that concern a device, and those of the changes that are planned for it.
func (c *Correlator) windows(device string) []*Window {
	var all []*Window
	for i := range c.config.Context.Windows {
		if w := &c.config.Context.Windows[i]; c.concerns(w, device) {
			all = append(all, w)
		}
	}
	if c.config.Planned != nil {
		for _, w := range c.config.Planned(device) {
			all = append(all, &w)
		}
	}
	return all
}

// window is the one that covers every event of a session and allows it; nil if there is none.
func (c *Correlator) window(run *session) *Window {
	for _, w := range c.windows(run.device) {
		fits := true
		for _, e := range run.events {
			if points[e.Stage] == 0 && e.Stage != alerts.StageVersion {
				continue
			}
			late := grace
			if points[e.Stage] > 1 {
				late = 0
			}
			fits = fits && w.covers(e.Time, late) && c.allows(w, run, e)
		}
		if fits {
			return w
		}
	}
	return nil
}

// staged is a window to come that names the file that was brought to the device.
func (c *Correlator) staged(run *session) *Window {
	if run.has(alerts.StageReload) || run.has(alerts.StageReloadScheduled) || len(run.boots) > 0 {
		return nil
	}
	for _, w := range c.windows(run.device) {
		if w.future(run.last()) && len(w.Files) > 0 {
			for _, e := range run.events {
				if e.File != "" && w.names(e.File) {
					return w
				}
			}
		}
	}
	return nil
}

func (c *Correlator) order(platform, a, b string) facts.Order {
	if c.config.Order == nil || a == "" || b == "" {
		return facts.Incomparable
	}
	order := c.config.Order(platform)
	if order == nil {
		return facts.Incomparable
	}
	o, _ := order(a, b)
	return o
}
