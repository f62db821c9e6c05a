package sigma

import (
	"container/list"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
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
			c.Level = d.text(value, "level")
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
			c.GroupBy = d.texts(value, "group-by")
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
				default:
					d.problem(key, "condition: %q is not supported: gte, gt, field", key.Value)
				}
			})
		default:
			d.problem(key, "correlation: %q is not supported: type, rules, group-by, timespan, condition", key.Value)
		}
	})
}

// A Counter counts for one correlation. It keeps no more than so many groups, and of each no more than it has to count.
type Counter struct {
	c      *Correlation
	groups map[string]*list.Element
	order  list.List // of *counted, the one that was last added to in front
}

// maxGroups bounds what a Counter keeps: the group that nothing was added to for longest is dropped.
const maxGroups = 10_000

type counted struct {
	key    string
	events []countedEvent
}

type countedEvent struct {
	at    time.Time
	value string
}

// NewCounter makes the counter of a correlation.
func NewCounter(c *Correlation) *Counter { return &Counter{c: c, groups: map[string]*list.Element{}} }

// Add counts an event of a rule. Get returns its fields. It reports whether the count is reached now; the group then begins anew.
func (c *Counter) Add(rule string, at time.Time, get func(field string) string) bool {
	wanted := false
	for _, id := range c.c.Rules {
		wanted = wanted || id == rule
	}
	if !wanted {
		return false
	}
	parts := make([]string, len(c.c.GroupBy))
	for i, field := range c.c.GroupBy {
		parts[i] = get(field)
	}
	key := strings.Join(parts, "\x00")
	e, ok := c.groups[key]
	if !ok {
		if len(c.groups) >= maxGroups {
			last := c.order.Back()
			delete(c.groups, last.Value.(*counted).key)
			c.order.Remove(last)
		}
		e = c.order.PushFront(&counted{key: key})
		c.groups[key] = e
	}
	c.order.MoveToFront(e)
	g := e.Value.(*counted)
	event := countedEvent{at: at}
	if c.c.Distinct {
		event.value = get(c.c.Field)
	}
	kept := g.events[:0]
	for _, other := range g.events {
		if at.Sub(other.at) <= c.c.Timespan && other.at.Sub(at) <= c.c.Timespan && !(c.c.Distinct && other.value == event.value) {
			kept = append(kept, other)
		}
	}
	g.events = append(kept, event)
	if len(g.events) < c.c.Least {
		return false
	}
	delete(c.groups, key)
	c.order.Remove(e)
	return true
}
