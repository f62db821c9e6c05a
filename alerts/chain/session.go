package chain

import (
	"slices"
	"time"

	"trueboot/alerts"
)

// Gaps between the events of one session (passive.md, section 13.3).
const (
	stagingGap = 7 * 24 * time.Hour // from a transfer to what uses it, and from there to the reload
	bootGap    = 60 * time.Minute   // from the reload to the boot
	oneBoot    = 10 * time.Minute   // evidence of a boot within this time is of one boot
)

// A session is a run of events of one device that belong together.
type session struct {
	device string
	events []*alerts.Event // in order of time
	boots  []boot

	running     string // the version before, "" when that is not known
	after       string // the version that a boot or an installation stated
	fileVersion string // what the names of files say
	newer       string // version of the configuration's writer, where the running one is older
	cancelled   bool   // the scheduled reload was
}

// A boot is the evidence of one boot.
type boot struct {
	from, to time.Time
	version  string
	sure     bool // other evidence than by-products
}

func (s *session) has(stage alerts.Stage) bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool { return e.Stage == stage && counts(e) && !e.Failed })
}

func (s *session) hasSub(stage alerts.Stage, subs ...string) bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool { return e.Stage == stage && slices.Contains(subs, e.Sub) })
}

func (s *session) first() time.Time { return s.events[0].Time }
func (s *session) last() time.Time  { return s.events[len(s.events)-1].Time }

func (s *session) platform() string {
	for _, e := range s.events {
		if e.Platform != "" {
			return e.Platform
		}
	}
	return ""
}

// takesPart reports whether an event is of a session at all, and not only context.
func takesPart(e *alerts.Event) bool {
	switch e.Stage {
	case alerts.StageTransfer:
		return counts(e)
	case alerts.StageReload, alerts.StageBootUp:
		return e.Sub != alerts.SubCard && e.Sub != alerts.SubStandby && e.Weight != alerts.WeightInfo
	case alerts.StageFirmware, alerts.StageShell, alerts.StageLogTamper:
		return true
	case alerts.StageBootChange, alerts.StageInstall, alerts.StageConfigErase, alerts.StageDelete, alerts.StageReloadScheduled, alerts.StageReloadCancelled,
		alerts.StageVersion, alerts.StageSignatureFail, alerts.StageSignatureOK, alerts.StageLogGap, alerts.StageHostPrep, alerts.StageBootByproduct:
		return true
	}
	return false
}

// sessions parts the events of a device, which are in order of time, into sessions. What changes the image begins or goes on with one; a boot
// ends it, with what follows within the hour.
func sessions(device string, events []*alerts.Event) []*session {
	var all []*session
	var run *session
	var booted time.Time
	for _, e := range events {
		if !takesPart(e) {
			continue
		}
		gap := stagingGap
		if run != nil && alone(run) && !booting(e) {
			gap = bootGap // nothing of a change in it so far
		}
		ended := !booted.IsZero() && e.Time.Sub(booted) > bootGap
		if run == nil || e.Time.Sub(run.last()) > gap || ended {
			run = &session{device: device}
			all = append(all, run)
			booted = time.Time{}
		}
		run.events = append(run.events, e)
		if booting(e) {
			booted = e.Time
		}
	}
	kept := all[:0]
	for _, s := range all {
		s.read()
		if slices.ContainsFunc(s.events, func(e *alerts.Event) bool { return points[e.Stage] > 0 && counts(e) || speaks(e) }) || len(s.boots) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// alone reports whether a session has nothing that a boot days later would be about.
func alone(s *session) bool {
	return !slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
		switch e.Stage {
		case alerts.StageTransfer, alerts.StageBootChange, alerts.StageInstall, alerts.StageReloadScheduled, alerts.StageConfigErase:
			return counts(e)
		}
		return false
	})
}

// speaks reports whether an event is worth an alert by itself.
func speaks(e *alerts.Event) bool {
	switch e.Stage {
	case alerts.StageSignatureFail:
		return true
	case alerts.StageVersion:
		return e.Sub == alerts.SubNewerWriter || e.NewVersion != ""
	case alerts.StageLogGap:
		return true
	case alerts.StageInstall:
		return e.Sub == alerts.SubUncommitted
	}
	return false
}

func booting(e *alerts.Event) bool {
	return e.Stage == alerts.StageBootUp || e.Stage == alerts.StageVersion && e.NewVersion != ""
}

// read gathers what the events of a session say together.
func (s *session) read() {
	var byproducts []*alerts.Event
	for _, e := range s.events {
		switch e.Stage {
		case alerts.StageBootUp, alerts.StageVersion:
			if e.Stage == alerts.StageVersion && e.Sub == alerts.SubNewerWriter {
				s.newer = e.OldVersion
				continue
			}
			s.booted(e.Time, e.NewVersion, true)
		case alerts.StageBootByproduct:
			byproducts = append(byproducts, e)
		case alerts.StageLogGap:
			if e.Sub == alerts.SubReset { // message numbers begin anew at a boot
				byproducts = append(byproducts, e)
			}
		case alerts.StageReloadScheduled:
			s.cancelled = false
		case alerts.StageReloadCancelled:
			s.cancelled = true
		case alerts.StageInstall, alerts.StageTransfer, alerts.StageBootChange:
			if e.FileVersion != "" && !e.Failed && counts(e) {
				s.fileVersion = e.FileVersion
			}
			if e.Stage == alerts.StageInstall && e.NewVersion != "" && !e.Failed {
				s.after = e.NewVersion
				if s.running == "" {
					s.running = e.OldVersion
				}
			}
		}
	}
	// One by-product is printed at other times too; two different ones within a minute are a boot whose banner was lost.
	for i, e := range byproducts {
		for _, other := range byproducts[i+1:] {
			if other.Time.Sub(e.Time) <= time.Minute && (other.Mnemonic != e.Mnemonic || other.Stage != e.Stage) {
				s.booted(e.Time, "", false)
			}
		}
	}
	for _, b := range s.boots {
		if b.version != "" {
			s.after = b.version
		}
	}
}

// booted adds evidence of a boot: to one that is close, or as another.
func (s *session) booted(at time.Time, version string, sure bool) {
	for i := range s.boots {
		b := &s.boots[i]
		if at.Sub(b.from) <= oneBoot && b.to.Sub(at) <= oneBoot {
			if at.Before(b.from) {
				b.from = at
			}
			if at.After(b.to) {
				b.to = at
			}
			if version != "" {
				b.version = version
			}
			b.sure = b.sure || sure
			return
		}
	}
	s.boots = append(s.boots, boot{from: at, to: at, version: version, sure: sure})
}

// sameBoot is how long after a boot another one is still of what brought the first about: some platforms boot twice.
const sameBoot = 15 * time.Minute

// explained reports whether a boot came after something that brings one about: a reload, an installation, an upgrade of firmware. A reload explains
// one boot, and not the next one half an hour later.
func (s *session) explained(b boot) bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
		within := !e.Time.After(b.to) && b.from.Sub(e.Time) <= bootGap
		switch e.Stage {
		case alerts.StageInstall, alerts.StageFirmware:
			return within
		case alerts.StageReload:
			return within && !slices.ContainsFunc(s.boots, func(other boot) bool {
				return other.sure && !other.to.Before(e.Time) && b.from.Sub(other.to) > sameBoot
			})
		case alerts.StageReloadScheduled:
			return !s.cancelled && !e.Time.After(b.to)
		}
		return false
	})
}

// follows reports whether an event of some stages came after one of others, within a time. The clocks of two senders may differ by minutes.
func (s *session) follows(first, then []alerts.Stage, within time.Duration) bool {
	const apart = 10 * time.Minute
	for _, a := range s.events {
		if !slices.Contains(first, a.Stage) || !counts(a) || a.Failed {
			continue
		}
		if slices.ContainsFunc(s.events, func(b *alerts.Event) bool {
			return slices.Contains(then, b.Stage) && (counts(b) || booting(b)) && b.Time.Sub(a.Time) <= within && a.Time.Sub(b.Time) <= apart
		}) {
			return true
		}
	}
	return false
}
