package sigma

import (
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"trueboot/alerts"
)

// A Correlation counts the events of rules: so many in a timespan, or so many different values of a field (Sigma's specification of
// correlations, types event_count and value_count).
//
//	title: The same account on many devices
//	id: account-on-many-devices
//	correlation:
//	  type: value_count
//	  rules: [image-transfer-in]
//	  group-by: [user]
//	  timespan: 1h
//	  condition: {gte: 5, field: device}
type Correlation struct {
	ID, Title, Level, Place string
	Tags                    []string
	Distinct                bool // value_count
	Rules                   []string
	GroupBy                 []string
	Field                   string // whose values are counted
	Timespan                time.Duration
	Least                   int
}

func (d *reader) correlation(root *yaml.Node) *Correlation {
	c := &Correlation{Place: fmt.Sprintf("%s:%d", d.file, root.Line), Level: "medium"}
	d.each(root, "a correlation", func(key, value *yaml.Node) {
		switch key.Value {
		case "title":
			c.Title = d.text(value, "title")
		case "id", "name":
			if c.ID = d.text(value, key.Value); !named.MatchString(c.ID) {
				d.problem(value, "id %q: letters, digits and hyphens", c.ID)
			}
		case "level":
			if c.Level = d.text(value, "level"); !slices.Contains(levels, c.Level) {
				d.problem(value, "level %q: one of %s", c.Level, strings.Join(levels, ", "))
			}
		case "tags":
			c.Tags = d.texts(value, "tags")
		case "status", "description", "author", "date", "modified", "references", "falsepositives":
		case "correlation":
			d.counted(c, value)
		default:
			d.problem(key, "%q is not supported in a correlation", key.Value)
		}
	})
	if c.Title == "" || c.ID == "" || len(c.Rules) == 0 || c.Timespan == 0 || c.Least == 0 || c.Distinct && c.Field == "" {
		d.problem(root, "a correlation needs title, id, rules, timespan, a condition, and for value_count the field whose values count")
	}
	return c
}

func (d *reader) counted(c *Correlation, n *yaml.Node) {
	d.each(n, "correlation", func(key, value *yaml.Node) {
		switch key.Value {
		case "type":
			switch t := d.text(value, "type"); t {
			case "event_count":
			case "value_count":
				c.Distinct = true
			default:
				d.problem(value, "the type %q is not supported: event_count, value_count", t)
			}
		case "rules":
			c.Rules = d.texts(value, "rules")
		case "group-by":
			for _, name := range d.texts(value, "group-by") {
				d.counts(value, name)
				c.GroupBy = append(c.GroupBy, name)
			}
		case "timespan":
			var ok bool
			if c.Timespan, ok = duration(d.text(value, "timespan")); !ok || c.Timespan > 30*24*time.Hour {
				d.problem(value, "timespan %q: such as 15s, 10m, 24h, 7d, and no more than 30d", value.Value)
			}
		case "condition":
			d.each(value, "condition", func(key, value *yaml.Node) {
				switch key.Value {
				case "gte":
					c.Least = d.number(value, "gte", 1_000_000)
				case "gt":
					c.Least = d.number(value, "gt", 1_000_000) + 1
				case "field":
					c.Field = d.text(value, "field")
					d.counts(value, c.Field)
				default:
					d.problem(key, "condition: %q is not supported: gte, gt, field", key.Value)
				}
			})
		default:
			d.problem(key, "correlation: %q is not supported: type, rules, group-by, timespan, condition", key.Value)
		}
	})
}

// counts refuses a field that no event has.
func (d *reader) counts(at *yaml.Node, name string) {
	if _, ok := new(alerts.Event).Field(name); !ok {
		d.problem(at, "an event has no field %q to count by", name)
	}
}

// severity is that of an alert.
func (c *Correlation) severity() alerts.Severity {
	if c.Level == "informational" {
		return alerts.SeverityInfo
	}
	return alerts.Severity(c.Level)
}

// Counters count for all correlations of rules. They are for one goroutine.
type Counters struct{ of []*counter }

// NewCounters makes those of rules.
func NewCounters(r *Rules) *Counters {
	all := &Counters{}
	for _, c := range r.Correlations {
		all.of = append(all.of, &counter{c: c, groups: map[string]*list.Element{}})
	}
	return all
}

// Add counts an event, and returns an alert of each correlation whose count is reached now.
func (all *Counters) Add(e *alerts.Event) (reached []alerts.Alert) {
	for _, c := range all.of {
		if group := c.add(e); group != nil {
			reached = append(reached, c.alert(e, group))
		}
	}
	return reached
}

// A counter counts for one correlation. It keeps no more than so many groups, and of each no more than it has to count.
type counter struct {
	c      *Correlation
	groups map[string]*list.Element
	order  list.List // of *counted, the one that was last added to in front
}

// Bounds of a counter: groups, of which the one that nothing was added to for longest is dropped, and lines of an alert.
const (
	maxGroups = 10_000
	maxLines  = 200
)

type counted struct {
	key    string
	events []countedEvent
}

type countedEvent struct {
	at    time.Time
	value string
	line  alerts.LineRef
}

// add counts an event, and returns what was counted when that is enough; the group then begins anew. An event that lacks a field is not counted.
func (c *counter) add(e *alerts.Event) []countedEvent {
	if !slices.Contains(c.c.Rules, e.Rule) {
		return nil
	}
	parts := make([]string, len(c.c.GroupBy))
	for i, name := range c.c.GroupBy {
		if parts[i], _ = e.Field(name); parts[i] == "" {
			return nil
		}
	}
	event := countedEvent{at: e.Time, line: alerts.LineRef{Source: e.Source, Line: e.Line, Time: e.Time, Stage: e.Stage, Text: e.Text}}
	if c.c.Distinct {
		if event.value, _ = e.Field(c.c.Field); event.value == "" {
			return nil
		}
	}
	key := strings.Join(parts, "\x00")
	place, ok := c.groups[key]
	if !ok {
		if len(c.groups) >= maxGroups {
			last := c.order.Back()
			delete(c.groups, last.Value.(*counted).key)
			c.order.Remove(last)
		}
		place = c.order.PushFront(&counted{key: key})
		c.groups[key] = place
	}
	c.order.MoveToFront(place)
	g := place.Value.(*counted)
	kept := g.events[:0]
	for _, other := range g.events {
		if e.Time.Sub(other.at).Abs() <= c.c.Timespan && !(c.c.Distinct && other.value == event.value) {
			kept = append(kept, other)
		}
	}
	g.events = append(kept, event)
	if len(g.events) < c.c.Least {
		return nil
	}
	delete(c.groups, key)
	c.order.Remove(place)
	return g.events
}

// alert makes the alert of a count.
func (c *counter) alert(e *alerts.Event, group []countedEvent) alerts.Alert {
	what := fmt.Sprintf("%d events of %s within %s", len(group), strings.Join(c.c.Rules, ", "), c.c.Timespan)
	if c.c.Distinct {
		what = fmt.Sprintf("%d values of %s in events of %s within %s", len(group), c.c.Field, strings.Join(c.c.Rules, ", "), c.c.Timespan)
	}
	severity := c.c.severity()
	a := alerts.Alert{
		Time: group[0].at, Device: e.Device, Chain: c.c.ID, Title: c.c.Title, Severity: severity, Score: severity.Least(), Attack: []string{},
		Why: []alerts.Why{{Points: severity.Least(), Reason: what}},
	}
	for _, tag := range c.c.Tags {
		if id, ok := strings.CutPrefix(tag, "attack.t"); ok {
			a.Attack = append(a.Attack, "T"+id)
		}
	}
	if !slices.Contains(c.c.GroupBy, "device") {
		a.Device = "several devices"
	}
	if slices.Contains(c.c.GroupBy, "user") {
		a.User = e.User
	}
	slices.SortStableFunc(group, func(a, b countedEvent) int { return a.at.Compare(b.at) })
	h := sha256.New()
	fmt.Fprint(h, c.c.ID)
	for i, one := range group {
		if i < maxLines {
			a.Lines = append(a.Lines, one.line)
		}
		fmt.Fprint(h, "\x00", one.line.Source, "\x00", one.line.Line)
	}
	a.Time, a.ID = group[0].at, hex.EncodeToString(h.Sum(nil)[:6])
	return a
}
