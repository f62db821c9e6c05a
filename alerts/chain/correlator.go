package chain

import (
	"cmp"
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/facts"
)

// Bounds of what is kept.
const (
	keepFor    = 30 * 24 * time.Hour // events
	perDevice  = 256                 // events of one device
	perUnknown = 64                  // of one that the inventory does not have
	maxUnknown = 10_000              // devices that the inventory does not have; the one that was silent longest goes first
	maxKnown   = 100_000
	learnFor   = 14 * 24 * time.Hour // a device is new for so long: what it usually prints is not known
	perLog     = 20_000              // events of one device in a log that is read as a whole, and of all of them:
	inLogs     = 1_000_000
)

// A Correlator joins events into alerts. It is for one goroutine.
type Correlator struct {
	config  Config
	now     time.Time // the latest time that was seen
	devices map[string]*device
	unknown list.List         // names of devices that the inventory does not have, the latest in front
	told    map[string]string // by id, what was last told of an alert
	hosts   map[string]string // addresses of hosts that were made ready, to their names
	commons map[string]map[string]time.Time
	fleet   map[string]bool // ids of sessions that are told of as one fleet
	whole   int             // events of logs that are read as a whole; nothing of them is forgotten
	Dropped int             // events that there was no room for
}

// A device is what is kept of one.
type device struct {
	name     string
	events   []*alerts.Event // in order of time
	keys     map[*alerts.Event]string
	byKey    map[string]*alerts.Event
	sessions []*session
	ids      map[string]string // by the key of an event, the id of the alert that it is in
	since    time.Time         // of its first event
	place    *list.Element     // among the unknown
}

// New makes a correlator.
func New(c Config) *Correlator {
	if c.Fleet == 0 {
		c.Fleet = 5
	}
	return &Correlator{config: c, devices: map[string]*device{}, told: map[string]string{}, hosts: map[string]string{}, commons: map[string]map[string]time.Time{}, fleet: map[string]bool{}}
}

// Add takes an event, and returns the alerts that it brings about or changes, each whole.
func (c *Correlator) Add(e alerts.Event) []alerts.Alert {
	d, taken := c.take(e, false)
	if !taken {
		return nil
	}
	d.sessions = sessions(d.name, d.events)
	return c.changed(d, c.spreads(&e))
}

// Put takes an event of a log that is read to its end before anybody asks for [Correlator.Alerts]. It tells of nothing, and forgets nothing:
// the files of a log may be read in any order, and a log may be of years.
func (c *Correlator) Put(e alerts.Event) {
	if c.whole >= inLogs {
		c.Dropped++
	} else if _, taken := c.take(e, true); taken {
		c.whole++
	}
}

func (c *Correlator) take(e alerts.Event, whole bool) (d *device, taken bool) {
	if !relevant(&e) {
		return nil, false
	}
	if e.Time.After(c.now) {
		c.now = e.Time
	}
	if e.Received.After(c.now) && e.Clock != alerts.ClockGood {
		c.now = e.Received
	}
	if d = c.device(&e); d == nil {
		c.Dropped++
		return nil, false
	}
	if e.Stage == alerts.StageHostPrep && e.Address != "" && len(c.hosts) < maxUnknown {
		c.hosts[e.Address] = e.Device
	}
	return d, d.add(&e, c, whole)
}

// Advance tells how late it is, and returns the alerts that only the passing of time brings about.
func (c *Correlator) Advance(now time.Time) []alerts.Alert {
	if now.After(c.now) {
		c.now = now
	}
	var all []alerts.Alert
	for _, name := range c.names() {
		d := c.devices[name]
		d.forget(c.now)
		if len(d.events) == 0 {
			c.drop(d)
			continue
		}
		d.sessions = sessions(d.name, d.events)
		all = append(all, c.changed(d, false)...)
	}
	if len(c.fleet) > 0 {
		all = append(all, c.fresh(c.fleets())...)
	}
	return append(all, c.fresh(c.reminders())...)
}

// Alerts returns every alert as it stands, in order of time.
func (c *Correlator) Alerts() []alerts.Alert {
	var all []alerts.Alert
	for _, d := range c.devices {
		d.sessions = sessions(d.name, d.events)
	}
	all = append(all, c.fleets()...)
	for _, name := range c.names() {
		for _, s := range c.devices[name].sessions {
			if a, ok := c.judge(s); ok && !c.fleet[a.ID] {
				all = append(all, a)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b alerts.Alert) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Device, b.Device)) })
	return all
}

func (c *Correlator) names() []string {
	names := make([]string, 0, len(c.devices))
	for name := range c.devices {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// relevant are the stages that chains look at. What was typed besides, and who logged in, is not kept.
func relevant(e *alerts.Event) bool {
	return e.Device != "" && takesPart(e)
}

// device finds or makes the device of an event.
func (c *Correlator) device(e *alerts.Event) *device {
	if d := c.devices[e.Device]; d != nil {
		if d.place != nil {
			c.unknown.MoveToFront(d.place)
		}
		return d
	}
	d := &device{name: e.Device, ids: map[string]string{}, since: e.Time, keys: map[*alerts.Event]string{}, byKey: map[string]*alerts.Event{}}
	if !e.Known {
		if c.unknown.Len() >= maxUnknown {
			c.drop(c.devices[c.unknown.Back().Value.(string)])
		}
		d.place = c.unknown.PushFront(e.Device)
	} else if len(c.devices)-c.unknown.Len() >= maxKnown {
		return nil
	}
	c.devices[e.Device] = d
	return d
}

func (c *Correlator) drop(d *device) {
	if d.place != nil {
		c.unknown.Remove(d.place)
	}
	for _, id := range d.ids {
		delete(c.told, id)
		delete(c.fleet, id)
	}
	delete(c.devices, d.name)
}

// key is the same for an event that comes twice. Where there is no number and no good clock, two equal lines within a minute are one.
func key(e *alerts.Event) string {
	at := e.Time.Truncate(time.Second).Unix()
	if e.Clock != alerts.ClockGood && e.Clock != alerts.ClockLost {
		at = e.Received.Truncate(time.Minute).Unix()
	}
	h := sha256.Sum256([]byte(fmt.Sprint(e.Device, "\x00", e.Rule, "\x00", e.Stage, "\x00", e.Text, "\x00", e.Command, "\x00", e.File, "\x00", at, "\x00", e.Sequence)))
	return hex.EncodeToString(h[:8])
}

// add puts an event in its place, and reports whether it is new.
func (d *device) add(e *alerts.Event, c *Correlator, whole bool) bool {
	k := key(e)
	if other := d.byKey[k]; other != nil {
		if d.less(e, other) { // of two that are one, the same stays whichever came first
			*other = *e
		}
		return false
	}
	most := perDevice
	if whole {
		most = perLog
		if len(d.events) >= most {
			c.Dropped++
			return false
		}
	}
	d.keys[e], d.byKey[k] = k, e
	at, _ := slices.BinarySearchFunc(d.events, e, func(a, b *alerts.Event) int {
		if d.less(a, b) {
			return -1
		}
		return 1
	})
	d.events = slices.Insert(d.events, at, e)
	if e.Time.Before(d.since) {
		d.since = e.Time
	}
	if !whole {
		d.forget(c.now)
		d.collapse()
	}
	return true
}

// less orders events by time, and those of one time in a way that does not depend on which came first.
func (d *device) less(a, b *alerts.Event) bool {
	if order := cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line)); order != 0 {
		return order < 0
	}
	return d.keys[a] < d.keys[b]
}

func (d *device) forget(now time.Time) {
	d.drop(func(e *alerts.Event) bool { return now.Sub(e.Time) > keepFor })
}

// drop takes events out.
func (d *device) drop(gone func(*alerts.Event) bool) {
	d.events = slices.DeleteFunc(d.events, func(e *alerts.Event) bool {
		if !gone(e) {
			return false
		}
		k := d.keys[e]
		delete(d.keys, e)
		delete(d.byKey, k)
		delete(d.ids, k)
		return true
	})
}

// collapse holds the number of events down: of a flood of one kind, such as FPD progress, the first and the last stay.
func (d *device) collapse() {
	most := perDevice
	if d.place != nil {
		most = perUnknown
	}
	if len(d.events) <= most {
		return
	}
	type kind struct {
		rule string
		day  int64
	}
	last := map[kind]*alerts.Event{}
	count := map[kind]int{}
	for _, e := range d.events {
		k := kind{e.Rule, e.Time.Unix() / 86400}
		last[k] = e
		count[k]++
	}
	seen := map[kind]bool{}
	d.drop(func(e *alerts.Event) bool {
		k := kind{e.Rule, e.Time.Unix() / 86400}
		first := !seen[k]
		seen[k] = true
		return count[k] > 4 && !first && last[k] != e
	})
	if over := len(d.events) - most; over > 0 {
		oldest := d.events[over-1]
		past := false
		d.drop(func(e *alerts.Event) bool {
			gone := !past
			past = past || e == oldest
			return gone
		})
	}
}

// changed judges the sessions of a device and returns what is new of them.
func (c *Correlator) changed(d *device, spreads bool) []alerts.Alert {
	var all []alerts.Alert
	if spreads {
		all = c.fleets()
	}
	for _, s := range d.sessions {
		if a, ok := c.judge(s); ok && !c.fleet[a.ID] {
			all = append(all, a)
		}
	}
	return c.fresh(all)
}

// fresh leaves out what was told as it is.
func (c *Correlator) fresh(all []alerts.Alert) []alerts.Alert {
	return slices.DeleteFunc(all, func(a alerts.Alert) bool {
		now := fingerprint(&a)
		same := c.told[a.ID] == now
		c.told[a.ID] = now
		return same
	})
}

// fingerprint is the same for two alerts that say the same.
func fingerprint(a *alerts.Alert) string {
	h := sha256.New()
	fmt.Fprint(h, a.Chain, a.Severity, a.Score, a.Title, a.ExplainedBy, a.OldVersion, a.NewVersion, a.Open, len(a.Lines), a.Devices)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// id is the one that the events of a session were told under, or a new one.
func (c *Correlator) id(s *session) string {
	d := c.devices[s.device]
	best := ""
	for _, e := range s.events {
		if id := d.ids[d.keys[e]]; id != "" && best == "" {
			best = id
		}
	}
	if best == "" {
		sum := sha256.Sum256([]byte(s.device + "\x00" + d.keys[s.events[0]]))
		best = hex.EncodeToString(sum[:6])
	}
	for _, e := range s.events {
		d.ids[d.keys[e]] = best
	}
	return best
}

// judge makes the alert of a session; ok is false where it is nothing to tell of.
func (c *Correlator) judge(s *session) (a alerts.Alert, ok bool) {
	at := slices.IndexFunc(Chains, func(chain Chain) bool { return chain.match(c, s) })
	if at < 0 {
		return a, false
	}
	chain := Chains[at]
	if (chain.ID == "P5" || chain.ID == "P8") && c.learning(s) {
		return a, false
	}
	var sc score
	sc.stages(slices.DeleteFunc(slices.Clone(s.events), s.ofBoot))
	c.versions(&sc, s)
	if slices.ContainsFunc(s.events, func(e *alerts.Event) bool { return e.Sub == alerts.SubProgram }) && c.programmatic(s) {
		sc.add(2, "by a program that is not listed: NETCONF, a web page or provisioning")
	}
	if s.tampered() {
		sc.add(3, "logging was tampered with, or messages are missing, within half an hour")
	}
	prepared := c.prepared(s)
	if len(prepared) > 0 {
		sc.add(3, "host %s was made ready before", prepared[0].Device)
		if sc.sum >= 5 && chain.Severity != alerts.SeverityCritical {
			chain.ID, chain.Title, chain.Severity = "P13", "From a host that was made ready to a device", alerts.SeverityHigh
		}
	}
	floor := chain.Severity.Least()
	if lower, _ := c.lower(s); chain.ID == "P7" && lower {
		floor = alerts.SeverityCritical.Least() // proven, and not only hinted at
	}
	if chain.ID == "P9" {
		sc.atLeast(8, "an image that does not have its signature")
	} else if sc.sum < floor {
		sc.add(floor-sc.sum, "%s", strings.ToLower(chain.Title[:1])+chain.Title[1:])
	}
	if chain.ID == "P7" {
		sc.floor = max(sc.floor, 3)
	}
	if chain.ID == "P10" && sc.sum > 2 {
		sc.explain(sc.sum-2, "not committed: the old version comes back by itself")
	}
	if s.cancelled && s.has(alerts.StageReloadScheduled) && !s.has(alerts.StageReload) && len(s.boots) == 0 {
		sc.explain(1, "the scheduled reload was cancelled")
	}
	c.context(&sc, s)

	a = alerts.Alert{
		ID: c.id(s), Time: s.first(), Device: s.device, Chain: chain.ID, Title: chain.Title, Score: sc.sum, SeedScore: sc.seed, Severity: alerts.SeverityOf(sc.sum),
		Attack: slices.Clone(chain.Attack), ExplainedBy: sc.explained, OldVersion: c.before(s), NewVersion: s.after, Why: sc.why, Visit: chain.Visit,
		Open: c.open(s),
	}
	for _, e := range slices.Concat(prepared, s.events) {
		a.Lines = append(a.Lines, alerts.LineRef{Source: e.Source, Line: e.Line, Time: e.Time, Stage: e.Stage, Text: e.Text})
		if counts(e) && points[e.Stage] > 0 {
			a.User, a.File = first(a.User, e.User), first(a.File, e.File)
		}
		for _, id := range e.Attack {
			if !slices.Contains(a.Attack, id) && points[e.Stage] > 0 && counts(e) {
				a.Attack = append(a.Attack, id)
			}
		}
	}
	if v := first(s.after, s.fileVersion); v != "" && a.NewVersion == "" {
		a.NewVersion = v
	}
	return a, true
}

// versions adds what the versions say.
func (c *Correlator) versions(sc *score, s *session) {
	if lower, why := c.lower(s); lower && !c.fellBack(s) {
		sc.add(4, "downgraded: %s", why)
		sc.floor = 3
	} else if c.newerWriter(s) {
		sc.add(4, "downgraded: the configuration was written by the newer version %s", s.newer)
		sc.floor = 3
	} else if s.after != "" && c.before(s) != "" && s.after != c.before(s) && c.order(s.platform(), s.after, c.before(s)) == facts.Incomparable {
		sc.why = append(sc.why, alerts.Why{Reason: fmt.Sprintf("versions %s and %s are not comparable: whether it is a downgrade is not known", c.before(s), s.after)})
	}
	if s.hasSub(alerts.StageInstall, alerts.SubRollback) {
		sc.add(2, "a rollback of software")
	}
	if c.unannounced(s) {
		sc.add(4, "version %s, where %s ran", s.after, c.before(s))
		sc.floor = 3
	}
}

// learning reports whether a device is too new to say what it usually prints.
func (c *Correlator) learning(s *session) bool {
	d := c.devices[s.device]
	known := c.config.Running != nil && c.config.Running(s.device) != ""
	return !known && s.first().Sub(d.since) < learnFor
}

// open reports whether more may come: the device has not booted, and it is not long ago.
func (c *Correlator) open(s *session) bool {
	if len(s.boots) > 0 && !s.last().Before(s.boots[len(s.boots)-1].from) {
		return c.now.Sub(s.last()) < bootGap
	}
	return c.now.Sub(s.last()) < stagingGap
}
