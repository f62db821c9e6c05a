package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
)

// remindFor is how long after its end a ticket is looked at for a change that did not come.
const remindFor = 7 * 24 * time.Hour

// reminders are of tickets whose window is over, and of whose devices no change was seen: it was put off, or it was made and the log does not show it.
func (c *Correlator) reminders() []alerts.Alert {
	var all []alerts.Alert
	for i := range c.config.Context.Windows {
		w := &c.config.Context.Windows[i]
		if over := c.now.Sub(w.End.Add(grace)); w.Ticket == "" || w.Repeat != "" || w.End.IsZero() || over < 0 || over > remindFor || c.changedIn(w) {
			continue
		}
		devices := strings.Join(slices.Concat(w.Devices, w.Tags, w.Sites, w.Roles), ", ")
		if devices == "" {
			devices = "any device"
		}
		sum := sha256.Sum256([]byte("ticket\x00" + w.Ticket + "\x00" + devices + "\x00" + w.End.UTC().Format(time.RFC3339)))
		all = append(all, alerts.Alert{
			ID: hex.EncodeToString(sum[:6]), Time: w.End, Device: devices, Chain: "ticket", Title: "A change that was planned was not seen", Severity: alerts.SeverityInfo, Attack: []string{},
			Why: []alerts.Why{{Reason: fmt.Sprintf("the window of %s ended at %s, and no log tells of a change in it", w.Ticket, w.End.UTC().Format(time.DateTime))}},
		})
	}
	return all
}

// changedIn reports whether any device that a window is about was changed in it.
func (c *Correlator) changedIn(w *Window) bool {
	for _, d := range c.devices {
		if !c.concerns(w, d.name) {
			continue
		}
		if slices.ContainsFunc(d.events, func(e *alerts.Event) bool { return points[e.Stage] > 0 && counts(e) && w.covers(e.Time, grace) }) {
			return true
		}
	}
	return false
}
