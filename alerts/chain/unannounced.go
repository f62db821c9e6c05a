package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/facts"
)

// A Change is what a sweep proved of a device, between two visits.
type Change struct {
	Device, Platform, What string // "running version", "boot variable", …
	From, To               time.Time
	Old, New               string
}

// Unannounced returns the alert of a change that no message announced (LG-03); ok is false where one did. It is asked only of devices whose log is
// heard: a log that is silent about a change is one that somebody silenced. Listening is since when it was heard without a break: what changed
// before may have been announced.
func (c *Correlator) Unannounced(ch Change, listening time.Time) (a alerts.Alert, ok bool) {
	if d := c.devices[ch.Device]; d != nil {
		for _, e := range d.events {
			if !e.Time.Before(ch.From.Add(-bootGap)) && !e.Time.After(ch.To.Add(bootGap)) && (points[e.Stage] > 0 && counts(e) || booting(e)) {
				return a, false
			}
		}
	}
	sum := sha256.Sum256([]byte("LG-03\x00" + ch.Device + "\x00" + ch.What + "\x00" + ch.Old + "\x00" + ch.New + "\x00" + ch.To.UTC().Format(time.RFC3339)))
	a = alerts.Alert{
		ID: hex.EncodeToString(sum[:6]), Time: ch.To, Device: ch.Device, Chain: "LG-03", Title: "A visit found a change that no message announced", Severity: alerts.SeverityHigh, Score: 5,
		Attack: []string{"T1562", "T1601"}, Visit: "full",
		Why: []alerts.Why{{Points: 5, Reason: fmt.Sprintf("%s was %q and is %q, and the log is silent about it", ch.What, ch.Old, ch.New)}},
	}
	if strings.HasPrefix(ch.What, string(facts.RunningVersion)) {
		a.OldVersion, a.NewVersion = ch.Old, ch.New
	}
	if ch.From.Before(listening) {
		a.Severity, a.Score = alerts.SeverityMedium, 3
		reason := "nobody listened before " + listening.UTC().Format(time.DateTime)
		a.Why = append(a.Why, alerts.Why{Points: -2, Reason: reason})
		a.ExplainedBy = []string{reason + " (-2)"}
	}
	return a, true
}
