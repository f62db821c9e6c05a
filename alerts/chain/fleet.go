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

// campaign is within which time the same file or account on many devices is one thing.
const campaign = time.Hour

// mostFleetLines bounds the lines of a fleet's alert: the first of each device.
const mostFleetLines = 200

// fleets joins the sessions of many devices that have a file or an account in common: P14. An upgrade of the whole fleet is one alert.
func (c *Correlator) fleets() []alerts.Alert {
	type member struct {
		alert alerts.Alert
		s     *session
	}
	groups := map[string][]member{}
	var order []string
	for _, name := range c.names() {
		for _, s := range c.devices[name].sessions {
			if s.changes() == 0 {
				continue
			}
			a, ok := c.judge(s)
			if !ok {
				continue
			}
			for _, k := range s.commons() {
				if groups[k] == nil {
					order = append(order, k)
				}
				groups[k] = append(groups[k], member{a, s})
			}
		}
	}
	slices.Sort(order)
	taken := map[string]bool{}
	for id := range c.fleet {
		delete(c.fleet, id)
	}
	var all []alerts.Alert
	for _, k := range order {
		members := slices.DeleteFunc(groups[k], func(m member) bool { return taken[m.alert.ID] })
		slices.SortStableFunc(members, func(a, b member) int { return a.alert.Time.Compare(b.alert.Time) })
		// The longest run of devices of which each follows the one before within the hour.
		for len(members) > 0 {
			end := 1
			for end < len(members) && members[end].alert.Time.Sub(members[end-1].alert.Time) <= campaign {
				end++
			}
			run := members[:end]
			members = members[end:]
			devices := map[string]bool{}
			for _, m := range run {
				devices[m.alert.Device] = true
			}
			if len(devices) < c.config.Fleet {
				continue
			}
			what := strings.Replace(k, "\x00", " ", 1)
			sum := sha256.Sum256([]byte("P14\x00" + k + "\x00" + run[0].alert.ID))
			f := alerts.Alert{
				ID: hex.EncodeToString(sum[:6]), Time: run[0].alert.Time, Device: fmt.Sprintf("%d devices", len(devices)), Chain: "P14", Title: "The same " + what + " on many devices",
				Visit: "full", OldVersion: run[0].alert.OldVersion, NewVersion: run[0].alert.NewVersion, User: run[0].alert.User, File: run[0].alert.File,
			}
			// The gravest member speaks for all.
			for _, m := range run {
				taken[m.alert.ID], c.fleet[m.alert.ID] = true, true
				if m.alert.Score > f.Score || f.Why == nil {
					f.Score, f.SeedScore, f.Why, f.ExplainedBy, f.Attack, f.Severity = m.alert.Score, m.alert.SeedScore, m.alert.Why, m.alert.ExplainedBy, m.alert.Attack, m.alert.Severity
				}
				f.Open = f.Open || m.alert.Open
				if !slices.Contains(f.Devices, m.alert.Device) {
					f.Devices = append(f.Devices, m.alert.Device)
				}
				if len(f.Lines) < mostFleetLines && len(m.alert.Lines) > 0 {
					f.Lines = append(f.Lines, m.alert.Lines[0])
				}
			}
			slices.Sort(f.Devices)
			all = append(all, f)
		}
	}
	return all
}

// changes counts the events that change what a device runs.
func (s *session) changes() (n int) {
	for _, e := range s.events {
		switch e.Stage {
		case alerts.StageTransfer, alerts.StageBootChange, alerts.StageInstall:
			if counts(e) {
				n++
			}
		}
	}
	return n
}

// commons are what sessions of several devices may have in common.
func (s *session) commons() []string {
	var all []string
	for _, e := range s.events {
		switch e.Stage {
		case alerts.StageTransfer, alerts.StageBootChange, alerts.StageInstall:
			for _, k := range []struct{ what, value string }{{"file", strings.ToLower(base(e.File))}, {"account", e.User}} {
				if text := k.what + "\x00" + k.value; k.value != "" && k.value != "packages.conf" && !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
	}
	return all
}

// prepared returns what was prepared on a host from which somebody then reached the device: P13. The host shows as the address of the session,
// or as the server that the image came from.
func (c *Correlator) prepared(s *session) []*alerts.Event {
	const ahead = 24*time.Hour + 30*time.Minute
	var addresses []string
	for _, e := range s.events {
		if e.Stage == alerts.StageHostPrep {
			return nil // the session is a host's own
		}
		for _, a := range []string{e.Address, e.Server} {
			if a != "" && !slices.Contains(addresses, a) {
				addresses = append(addresses, a)
			}
		}
	}
	var found []*alerts.Event
	for _, a := range addresses {
		d := c.devices[a]
		if d == nil {
			d = c.devices[c.hosts[a]]
		}
		if d == nil || d.name == s.device {
			continue
		}
		for _, e := range d.events {
			if e.Stage == alerts.StageHostPrep && !e.Time.After(s.last()) && s.first().Sub(e.Time) <= ahead {
				found = append(found, e)
			}
		}
	}
	return found
}

// mostCommons bounds the files and accounts that are watched for a fleet.
const mostCommons = 10_000

// spreads notes which devices a change has something in common with, and reports whether they are enough for a fleet.
func (c *Correlator) spreads(e *alerts.Event) bool {
	switch e.Stage {
	case alerts.StageTransfer, alerts.StageBootChange, alerts.StageInstall:
	default:
		return len(c.fleet) > 0
	}
	enough := len(c.fleet) > 0
	for _, k := range (&session{events: []*alerts.Event{e}}).commons() {
		on := c.commons[k]
		if on == nil {
			if len(c.commons) >= mostCommons {
				clear(c.commons) // what goes on now is noted again at once
			}
			on = map[string]time.Time{}
			c.commons[k] = on
		}
		on[e.Device] = e.Time
		enough = enough || len(on) >= c.config.Fleet
	}
	return enough
}
