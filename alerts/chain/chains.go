package chain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/facts"
)

// A Chain is a pattern of a session.
type Chain struct {
	ID, Title string
	Severity  alerts.Severity // of one that nothing explains
	Visit     string          // what a visit should look at: full, boot, file, version
	Attack    []string
	match     func(*Correlator, *session) bool
}

// The stages of which chains are made: what changes what a device boots, and what makes it boot.
var (
	change  = []alerts.Stage{alerts.StageBootChange, alerts.StageInstall}
	restart = []alerts.Stage{alerts.StageReload, alerts.StageReloadScheduled, alerts.StageBootUp, alerts.StageVersion}
)

// Chains are all patterns of one device's events, the gravest first; a session is the first that it matches (passive.md, section 13.3). P13 and
// P14, which are about several hosts or devices, are in fleet.go and hosts.go.
var Chains = []Chain{
	{"P9", "The signature of an image did not hold", alerts.SeverityCritical, "full", []string{"T1601.001"}, func(_ *Correlator, s *session) bool { return s.unsigned() }},
	{"P7", "An older version is installed", alerts.SeverityHigh, "full", []string{"T1601.002"}, (*Correlator).downgraded},
	{"P11", "Logging was tampered with beside a change", alerts.SeverityHigh, "full", []string{"T1562", "T1601"}, func(_ *Correlator, s *session) bool { return s.tampered() }},
	{"P15", "The configuration was erased", alerts.SeverityHigh, "full", []string{"T1561", "T1070"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageConfigErase) }},
	{"P12", "A change that nobody typed", alerts.SeverityHigh, "full", []string{"T1601", "T1059"}, (*Correlator).programmatic},
	{"P1", "An image was brought, set to boot and booted", alerts.SeverityHigh, "full", []string{"T1601.001", "T1601.002"}, func(_ *Correlator, s *session) bool {
		return s.follows([]alerts.Stage{alerts.StageTransfer}, change, stagingGap) && s.follows(change, restart, stagingGap)
	}},
	{"P4", "A reload after a change of what boots", alerts.SeverityHigh, "full", []string{"T1601.001", "T1601.002"}, func(_ *Correlator, s *session) bool {
		return s.follows(change, restart, 24*time.Hour)
	}},
	{"P2", "What the device boots was changed", alerts.SeverityHigh, "boot", []string{"T1601", "T1542.005"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageBootChange) }},
	{"P6", "The version changed, and nothing announced it", alerts.SeverityCritical, "full", []string{"T1601"}, (*Correlator).unannounced},
	{"P8", "The image was not checked as it always was", alerts.SeverityHigh, "full", []string{"T1601.001"}, (*Correlator).unchecked},
	{"shell", "A shell below the command line was opened", alerts.SeverityMedium, "full", []string{"T1059"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageShell) }},
	{"signature", "A check of signatures complains", alerts.SeverityMedium, "full", []string{"T1601.001"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageSignatureFail) }},
	{"P10", "An installation is not committed, and falls back by itself", alerts.SeverityLow, "version", []string{"T1601"}, func(_ *Correlator, s *session) bool {
		return s.hasSub(alerts.StageInstall, alerts.SubUncommitted) && !s.hasSub(alerts.StageInstall, alerts.SubCommitted, alerts.SubCompleted)
	}},
	{"install", "Software is installed", alerts.SeverityMedium, "full", []string{"T1601"}, func(_ *Correlator, s *session) bool { return s.any(alerts.StageInstall) }},
	{"P3", "An image was brought to the device", alerts.SeverityMedium, "file", []string{"T1601", "T1105"}, func(_ *Correlator, s *session) bool { return s.any(alerts.StageTransfer) }},
	{"firmware", "The boot loader or other firmware was upgraded", alerts.SeverityMedium, "full", []string{"T1542"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageFirmware) }},
	{"P5", "A boot that nothing explains", alerts.SeverityMedium, "version", []string{"T1601", "T1529"}, func(_ *Correlator, s *session) bool {
		return slices.ContainsFunc(s.boots, func(b boot) bool { return b.sure && !s.explained(b) })
	}},
	{"reload", "A reload", alerts.SeverityLow, "version", []string{"T1529"}, func(_ *Correlator, s *session) bool {
		// One that was cancelled does not bring about a boot: that is P5.
		return s.any(alerts.StageReload) || s.any(alerts.StageReloadScheduled) && !(s.cancelled && len(s.boots) > 0)
	}},
	{"tamper", "Logging was turned off or cleared", alerts.SeverityLow, "full", []string{"T1562"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageLogTamper) || s.has(alerts.StageLogGap) }},
	{"host", "A host was made ready to push or to change images", alerts.SeverityMedium, "", []string{"T1608"}, func(_ *Correlator, s *session) bool {
		return slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
			return e.Stage == alerts.StageHostPrep && e.Weight != alerts.WeightLow
		})
	}},
	{"delete", "An image was removed from the device", alerts.SeverityInfo, "boot", []string{"T1070.004"}, func(_ *Correlator, s *session) bool { return s.has(alerts.StageDelete) }},
}

// unsigned reports a signature that did not hold, as far as the message is sure of it.
func (s *session) unsigned() bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
		return e.Stage == alerts.StageSignatureFail && (e.Weight == alerts.WeightCritical || e.Weight == alerts.WeightHigh)
	})
}

// any reports whether there is an event of the stage, failed ones among them.
func (s *session) any(stage alerts.Stage) bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool { return e.Stage == stage && counts(e) })
}

// downgraded reports whether the log proves that a lower version runs or will: it says so, or two versions of one order do. A fall back from
// what was not committed is not one.
func (c *Correlator) downgraded(s *session) bool {
	if c.newerWriter(s) || s.hasSub(alerts.StageInstall, alerts.SubDowngrade, alerts.SubRollback) {
		return true
	}
	lower, _ := c.lower(s)
	return lower && !c.fellBack(s)
}

// newerWriter reports whether a newer version than the one that booted wrote the configuration.
func (c *Correlator) newerWriter(s *session) bool {
	return s.newer != "" && c.order(s.platform(), s.after, s.newer) != facts.Newer
}

// lower compares what runs, or will, with what ran.
func (c *Correlator) lower(s *session) (bool, string) {
	running := c.before(s)
	for _, v := range []struct{ version, what string }{{s.after, "version"}, {s.fileVersion, "the file's version"}} {
		if v.version == "" || v.version == running {
			continue
		}
		if c.order(s.platform(), v.version, running) == facts.Older {
			return true, fmt.Sprintf("%s %s is older than %s", v.what, v.version, running)
		}
		if v.what == "version" {
			return false, "" // what booted says more than the name of a file
		}
	}
	return false, ""
}

// fellBackWithin is how long after an installation that was not committed its fall-back is looked for: the abort timer's two hours, and slow boots.
const fellBackWithin = 24 * time.Hour

// fellBack reports whether the version that a session ends with is the one from before an installation that was never committed: it came back by
// itself. The fall-back is often a session of its own, as it comes two hours later. An older version than that one is a downgrade, committed or not.
func (c *Correlator) fellBack(s *session) bool {
	d := c.devices[s.device]
	if d == nil || s.after == "" {
		return false
	}
	original, ran, pending := "", "", false
	if c.config.Running != nil {
		ran = c.config.Running(s.device)
	}
	var since time.Time
	for _, e := range d.events {
		switch {
		case e.Time.After(s.last()):
		case e.Stage == alerts.StageVersion && e.NewVersion != "" && e.Sub != alerts.SubNewerWriter:
			ran = e.NewVersion
		case e.Stage == alerts.StageInstall && e.Sub == alerts.SubUncommitted:
			if !pending {
				original = ran
			}
			pending, since = true, e.Time
		case e.Stage == alerts.StageInstall && e.Sub == alerts.SubCommitted:
			pending = false
		}
	}
	if !pending || original == "" || s.last().Sub(since) > fellBackWithin {
		return false
	}
	return strings.EqualFold(s.after, original) || c.order(s.platform(), s.after, original) == facts.Same
}

// before is the version before a session: what an earlier boot of the device stated, or what a visit saw.
func (c *Correlator) before(s *session) string {
	if s.running != "" {
		return s.running
	}
	if d := c.devices[s.device]; d != nil {
		version := ""
		for _, e := range d.events {
			if e.Time.Before(s.first()) && e.Stage == alerts.StageVersion && e.NewVersion != "" {
				version = e.NewVersion
			}
		}
		if version != "" {
			return version
		}
	}
	if c.config.Running == nil {
		return ""
	}
	return c.config.Running(s.device)
}

// unannounced reports a version that is not the one before, without anything that would bring it about.
func (c *Correlator) unannounced(s *session) bool {
	running := c.before(s)
	if s.after == "" || running == "" || s.any(alerts.StageInstall) || s.any(alerts.StageBootChange) || s.any(alerts.StageTransfer) || s.any(alerts.StageFirmware) ||
		s.hasSub(alerts.StageInstall, alerts.SubUncommitted) || c.fellBack(s) {
		return false
	}
	switch c.order(s.platform(), s.after, running) {
	case facts.Same:
		return false
	case facts.Older, facts.Newer:
		return true
	}
	return !strings.EqualFold(s.after, running) && c.config.Order != nil
}

// tampered reports whether logging was tampered with within half an hour of a stage of a change.
func (s *session) tampered() bool {
	const beside = 30 * time.Minute
	for _, t := range s.events {
		if t.Stage != alerts.StageLogTamper && t.Stage != alerts.StageLogGap || !counts(t) || s.ofBoot(t) {
			continue
		}
		for _, e := range s.events {
			switch e.Stage {
			case alerts.StageTransfer, alerts.StageBootChange, alerts.StageInstall, alerts.StageReload, alerts.StageReloadScheduled, alerts.StageConfigErase, alerts.StageFirmware:
				if counts(e) && e.Time.Sub(t.Time).Abs() <= beside {
					return true
				}
			}
		}
	}
	return false
}

// ofBoot reports what a boot does to a log by itself: message numbers begin anew, and logging is set up as the configuration says, which no person
// is named for.
func (s *session) ofBoot(t *alerts.Event) bool {
	if t.Sub != alerts.SubReset && (t.Stage != alerts.StageLogTamper || t.User != "" || t.Command != "") {
		return false
	}
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
		switch e.Stage {
		case alerts.StageBootUp, alerts.StageVersion, alerts.StageBootByproduct:
			return t.Time.Sub(e.Time).Abs() <= oneBoot
		case alerts.StageReload:
			return t.Sub == alerts.SubReset && counts(e) && !t.Time.Before(e.Time) && t.Time.Sub(e.Time) <= bootGap
		}
		return false
	})
}

// programmatic reports a change over NETCONF, a web page or provisioning that no listed program made.
func (c *Correlator) programmatic(s *session) bool {
	return slices.ContainsFunc(s.events, func(e *alerts.Event) bool {
		_, listed := c.config.Context.automation(e)
		return e.Sub == alerts.SubProgram && !listed
	})
}

// unchecked reports a boot without a signature check, of a device that logged one after each of its boots before.
func (c *Correlator) unchecked(s *session) bool {
	d := c.devices[s.device]
	if d == nil || len(s.boots) == 0 || s.any(alerts.StageSignatureOK) || c.now.Sub(s.boots[len(s.boots)-1].to) < oneBoot {
		return false
	}
	checked := 0
	for _, other := range d.sessions {
		if !other.first().Before(s.first()) || len(other.boots) == 0 {
			continue
		}
		if !other.any(alerts.StageSignatureOK) {
			return false
		}
		checked++
	}
	return checked > 0
}
