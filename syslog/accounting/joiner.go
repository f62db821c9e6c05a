package accounting

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Bounds of a Joiner.
const (
	maxGroups   = 256
	maxSize     = 2 * envelope.MaxLine // bytes of one group
	maxSegments = 64
	maxCommands = 4096
	maxKey      = 1024 // bytes of who typed what: longer ones are not compared
	segmentHold = 5 * time.Second
	commandHold = time.Minute
)

// Joiner puts the segments of ISE and ACS together, and the lines of FreeRADIUS' detail file, and tells that a command which was
// authorized and then accounted for is one command. It implements [envelope.Joiner].
//
// The record of the first segment gets what all of them state; the others keep their message alone.
type Joiner struct {
	groups   envelope.Waiting[*group]
	commands envelope.Waiting[string] // the type of the record that told of a command
}

// A group is what has come of one message in parts.
type group struct {
	total int // 0 when nothing says how many there are
	parts []alerts.Record
	size  int // of their lines
}

func (g *group) has(segment string) bool {
	return slices.ContainsFunc(g.parts, func(p alerts.Record) bool { return p.Fields.Get(Segment) == segment })
}

// NewJoiner is a Joiner that holds nothing yet.
func NewJoiner() *Joiner {
	return &Joiner{
		groups:   envelope.Waiting[*group]{Bound: maxGroups, Hold: segmentHold},
		commands: envelope.Waiting[string]{Bound: maxCommands, Hold: commandHold},
	}
}

// Formats are those of this package that come in parts, or tell of a command twice.
func (*Joiner) Formats() []string {
	return []string{"ise", "freeradius-detail", "tac_plus-ng", "clearpass"}
}

// Add takes a record.
func (j *Joiner) Add(r alerts.Record, emit func(alerts.Record)) {
	switch r.Format {
	case "ise":
		if index, total, id := segmentPlace(&r); total > 1 && total <= maxSegments && index < total {
			j.segment(r, sender(&r)+"\x00"+id, total, emit)
			return
		}
	case "freeradius-detail":
		if strings.Contains(r.Fields.Get(alerts.Message), ", ") {
			break
		}
		key := r.Origin.Source + "\x00" + r.Peer.String()
		g, ok := j.groups.Get(key)
		if !ok {
			g = &group{}
			j.groups.Put(key, &r, g, func(held *group) { j.release(held, emit) })
		}
		g.parts = append(g.parts, r)
		// The server ends each record with the time.
		if g.size += len(r.Raw); strings.HasPrefix(r.Fields.Get(alerts.Message), "Timestamp = ") || len(g.parts) == 4*maxSegments || g.size > maxSize {
			j.groups.Take(key)
			j.release(g, emit)
		}
		return
	}
	j.count(r, emit)
}

func (j *Joiner) segment(r alerts.Record, key string, total int, emit func(alerts.Record)) {
	g, ok := j.groups.Get(key)
	if !ok || g.total != total || g.has(r.Fields.Get(Segment)) {
		// Another message with the number of the last one, or the first of all.
		g = &group{total: total}
		j.groups.Put(key, &r, g, func(held *group) { j.release(held, emit) })
	}
	g.parts = append(g.parts, r)
	if g.size += len(r.Raw); len(g.parts) == total || g.size > maxSize {
		j.groups.Take(key)
		j.release(g, emit)
	}
}

// release passes on a group, complete or not.
func (j *Joiner) release(g *group, emit func(alerts.Record)) {
	if len(g.parts) == 1 {
		j.count(g.parts[0], emit)
		return
	}
	if g.parts[0].Format == "ise" {
		slices.SortStableFunc(g.parts, func(a, b alerts.Record) int {
			x, _, _ := segmentPlace(&a)
			y, _, _ := segmentPlace(&b)
			return x - y
		})
	}
	head := g.parts[0]
	var whole strings.Builder
	for i := range g.parts {
		p := &g.parts[i]
		text := "\n" + p.Fields.Get(alerts.Message)
		if p.Format == "ise" {
			text = " " + p.Fields.Get(alerts.Message)
		}
		if whole.Len()+len(text) > envelope.MaxLine {
			head.Cut = true
			break
		}
		whole.WriteString(text)
	}
	said := statement{kind: typeAccounting}
	if head.Format == "ise" {
		get := head.Fields.Get
		said = statement{kind: get(alerts.Type), subkind: get(alerts.Subtype), eventID: get(alerts.EventID), own: whole.String()[1:]}
		if get(alerts.Result) == "failure" {
			said.result = "failure"
		}
		said.attributes(said.own)
	} else {
		attributes(&said, whole.String(), &head)
	}
	kept := bare(&head)
	kept.Fields = slices.DeleteFunc(kept.Fields, func(f alerts.Field) bool { return f.Name == alerts.Message })
	said.add(&kept, head.Format)
	j.count(kept, emit)
	for i := range g.parts[1:] {
		emit(bare(&g.parts[i+1]))
	}
}

// bare is a record without what a statement put into it, but for the message.
func bare(r *alerts.Record) alerts.Record {
	kept := *r
	kept.Fields = nil
	for _, f := range r.Fields {
		switch f.Name {
		case alerts.Message, alerts.Process, alerts.PID, alerts.SyslogFacility, alerts.SyslogSeverity, Segment:
			kept.Fields = append(kept.Fields, f)
		}
	}
	return kept
}

// count passes a record on. A command that a record of the other type told of within a minute is not told again.
func (j *Joiner) count(r alerts.Record, emit func(alerts.Record)) {
	kind, command := r.Fields.Get(alerts.Type), r.Fields.Get(alerts.Command)
	if command == "" || kind != typeAccounting && kind != typeAuthorization || r.Fields.Get(alerts.Result) == "failure" || len(r.Hosts) == 0 {
		emit(r)
		return
	}
	key := strings.Join([]string{r.Hosts[0], r.Fields.Get(alerts.User), r.Fields.Get(alerts.Terminal), strings.ToLower(command)}, "\x00")
	if len(key) > maxKey {
		emit(r)
		return
	}
	if told, ok := j.commands.Get(key); ok && told != kind {
		j.commands.Take(key)
		r.Fields = slices.Clone(r.Fields)
		for i := range r.Fields {
			if r.Fields[i].Name == alerts.Command {
				r.Fields[i].Name = RepeatedCommand
			}
		}
	} else {
		j.commands.Put(key, &r, kind, func(string) {})
	}
	emit(r)
}

// Advance releases groups of which nothing more can come.
func (j *Joiner) Advance(stamp time.Time, emit func(alerts.Record)) {
	j.groups.Advance(stamp, func(held *group) { j.release(held, emit) })
	j.commands.Advance(stamp, func(string) {})
}

// Flush releases the groups that have waited for their time.
func (j *Joiner) Flush(now time.Time, emit func(alerts.Record)) {
	j.groups.Flush(now, func(held *group) { j.release(held, emit) })
	j.commands.Flush(now, func(string) {})
}

// segmentPlace reads the field [Segment].
func segmentPlace(r *alerts.Record) (index, total int, id string) {
	words := strings.SplitN(r.Fields.Get(Segment), " ", 3)
	if len(words) < 3 {
		return 0, 0, ""
	}
	index, _ = strconv.Atoi(words[0])
	total, _ = strconv.Atoi(words[1])
	return index, total, words[2]
}

// sender tells the servers apart that write to one feed. The hosts of a record begin with the device, so that they cannot.
func sender(r *alerts.Record) string {
	if r.Peer.IsValid() {
		return r.Peer.String()
	}
	return r.Origin.Source
}
