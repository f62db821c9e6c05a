package compare

import (
	"fmt"
	"strconv"
	"time"

	"trueboot/facts"
)

var reloadExplained = Rule{
	Control:  "NDI-RN-05",
	Name:     "reload-explained",
	Title:    "Every reload explained",
	Pillar:   "L/P",
	Severity: Medium,
	ATTACK:   []string{"T1601", "T1529"},
	Guidance: []string{aa23270A, iosXEIntegrity, arcaneDoor},
	Checks: `No processor booted since the last visit, unless a recorded change explains it. The boot time is the time of
		the visit less the uptime; it must not move either: an uptime that jumps without a reload was forged. The time is the
		collector's; five minutes, the unit in which the device states its uptime and some drift are allowed for. The first
		visit has nothing to compare with.`,
	Evidence: "The uptime of every processor or stack member, and the reason of the last reload, such as show version states them.",
	Attacker: `Reloads to load another image, or to destroy what is in memory, and keeps the log message back. A modified
		system can go on counting the old uptime; the collector's syslog is the independent record.`,
	Next:  "Look for the maintenance window or the power cut; without one, compare image, boot variable and configuration register with the last visit before anything else.",
	check: checkReloadExplained,
}

// The device states its uptime in minutes or coarser, and clocks drift: reloadTolerance covers minutes and
// driftTolerance, a fraction of the time between two visits, the drift.
const (
	reloadTolerance = 5 * time.Minute
	driftTolerance  = 1e-4
)

// coarseness returns the unit in which an uptime seems to be stated: some systems print the largest units alone.
//
//	asa1 up 45 days 23 hours
//	asa1 up 1 year 34 days
func coarseness(uptime facts.Fact) time.Duration {
	seconds, err := strconv.ParseInt(uptime.Value, 10, 64)
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour} {
		whole := int64(unit / time.Second)
		if err == nil && seconds >= 2*whole && seconds%whole == 0 {
			return unit
		}
	}
	return 0
}

// uptimeLimit is an uptime that no device reaches, in seconds: 100 years.
const uptimeLimit = 100 * 365 * 24 * 60 * 60

func checkReloadExplained(j *judgement) []Finding {
	switch {
	case len(j.observed.all(facts.Uptime)) == 0:
		return []Finding{j.unstated("", firstOr(j.previous.all(facts.Uptime), facts.Fact{Kind: facts.Uptime}))}
	case j.Previous == nil:
		return []Finding{notAssessed("", facts.NoBaseline, "there is no earlier visit to tell a reload by")}
	case len(j.previous.all(facts.Uptime)) == 0:
		return []Finding{notAssessed("", facts.NoBaseline, "the earlier visit holds no uptime to tell a reload by")}
	}
	var found []Finding
	var steady []facts.Fact
	for _, before := range j.previous.all(facts.Uptime) {
		stated := false
		for _, now := range j.observed.find(facts.Uptime, before.Subject) {
			if now.Command != before.Command {
				continue
			}
			stated = true
			if f, reloaded := j.judgeUptime(before, now); reloaded {
				found = append(found, f)
			} else {
				steady = append(steady, now)
			}
		}
		if !stated {
			found = append(found, j.unstated(before.Subject, before))
		}
	}
	for _, now := range j.observed.all(facts.Uptime) {
		if _, known := j.previous.first(facts.Uptime, now.Subject); known {
			continue
		}
		if booted, ok := j.observed.bootTime(now); ok && booted.After(j.Previous.Time.Add(reloadTolerance)) {
			message := fmt.Sprintf("%s booted at %s and was not there at the visit of %s; no ticket known", named(now.Subject), minute(booted), minute(j.Previous.Time))
			found = append(found, failed(now.Subject, message, now))
		}
	}
	if len(found) > 0 {
		return found
	}
	booted, _ := j.observed.bootTime(steady[0])
	message := fmt.Sprintf("no reload since the visit of %s: %s up since %s", minute(j.Previous.Time), count(len(distinctSubjects(steady)), "processor"), minute(booted))
	return []Finding{passed("", message, steady...)}
}

// judgeUptime compares the boot time of one processor with that of the last visit. It returns false where it
// stayed as it was.
func (j *judgement) judgeUptime(before, now facts.Fact) (Finding, bool) {
	booted, ok := j.observed.bootTime(now)
	if !ok {
		return notAssessed(now.Subject, facts.ParseIncomplete, fmt.Sprintf("the %s is %s seconds at a visit of %s: no boot time follows from that",
			describe(now), quote(now.Value), minute(j.Observed.Time))), true
	}
	last, ok := j.previous.bootTime(before)
	if !ok {
		return notAssessed(now.Subject, facts.NoBaseline, "no boot time follows from the uptime of the earlier visit"), true
	}
	between := j.observed.stated(now).Sub(j.previous.stated(before))
	tolerance := reloadTolerance + max(coarseness(before), coarseness(now)) + time.Duration(driftTolerance*float64(between.Abs()))
	moved := booted.Sub(last)
	expected := &Expectation{Value: "up since " + minute(last), Since: j.Previous.Time}
	seen := j.previous.stated(before)
	switch {
	case moved.Abs() <= tolerance && !booted.After(seen.Add(tolerance)):
		return Finding{}, false
	case booted.After(seen.Add(-tolerance)):
		message := named(now.Subject) + " reloaded at " + minute(booted)
		if reason, ok := j.reloadReason(now.Subject); ok {
			message += fmt.Sprintf(", reason %s", quote(reason.Value))
		} else {
			message += ", no reason stated"
		}
		f := failed(now.Subject, message+"; no ticket known", now)
		f.Expected = expected
		return f, true
	}
	message := fmt.Sprintf("the uptime%s says up since %s, at the visit of %s it said up since %s, and no reload lies between: one of them is false, or the clock here was set",
		of(now.Subject), minute(booted), minute(j.Previous.Time), minute(last))
	f := contradicting(failed(now.Subject, message, now))
	f.Expected = expected
	return f, true
}

func (j *judgement) reloadReason(component string) (facts.Fact, bool) {
	if f, ok := j.observed.first(facts.ReloadReason, component); ok {
		return f, true
	}
	return j.observed.first(facts.ReloadReason, "")
}

// stated is when the device made a statement.
func (v *visit) stated(f facts.Fact) time.Time {
	if a, ok := v.answer(f.Command); ok && !a.Time.IsZero() {
		return a.Time
	}
	return v.Time
}

// bootTime returns when a processor started, from its uptime.
func (v *visit) bootTime(uptime facts.Fact) (time.Time, bool) {
	seconds, err := strconv.ParseInt(uptime.Value, 10, 64)
	at := v.stated(uptime)
	if err != nil || seconds < 0 || seconds > uptimeLimit || at.IsZero() {
		return time.Time{}, false
	}
	return at.Add(-time.Duration(seconds) * time.Second), true
}
