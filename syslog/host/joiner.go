package host

import (
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Bounds of a Joiner.
const (
	maxCalls   = 512
	maxRecords = 64
	maxSize    = 2 * envelope.MaxLine
	callHold   = 2 * time.Second
)

// Joiner puts the records of one system call together: the first gets what all of them state, the others keep their message alone. It
// implements [envelope.Joiner].
type Joiner struct {
	calls envelope.Waiting[*call]
}

// A call is what has come of a system call.
type call struct {
	records []alerts.Record
	size    int
}

// NewJoiner is a Joiner that holds nothing yet.
func NewJoiner() *Joiner {
	return &Joiner{envelope.Waiting[*call]{Bound: maxCalls, Hold: callHold}}
}

// Formats is auditd alone.
func (*Joiner) Formats() []string { return []string{"auditd"} }

// Add takes a record of auditd.
func (j *Joiner) Add(r alerts.Record, emit func(alerts.Record)) {
	kind := r.Fields.Get(alerts.Type)
	key := r.Origin.Source + "\x00" + r.Peer.String() + "\x00" + strings.Join(r.Hosts[:min(1, len(r.Hosts))], "") + "\x00" + r.Fields.Get(AuditID)
	switch kind {
	case "SYSCALL", "EXECVE", "CWD", "PATH", "SOCKADDR", "PROCTITLE":
	case "EOE":
		if c, ok := j.calls.Take(key); ok {
			release(c, emit)
		}
		emit(r)
		return
	default:
		emit(r)
		return
	}
	c, ok := j.calls.Get(key)
	if !ok {
		c = &call{}
		j.calls.Put(key, &r, c, func(held *call) { release(held, emit) })
	}
	c.records = append(c.records, r)
	c.size += len(r.Raw)
	// The title is the last of them, but for an end that not every version writes.
	if kind == "PROCTITLE" || len(c.records) == maxRecords || c.size > maxSize {
		j.calls.Take(key)
		release(c, emit)
	}
}

func release(c *call, emit func(alerts.Record)) {
	if len(c.records) == 1 {
		emit(c.records[0])
		return
	}
	var a audit
	for i := range c.records {
		r := &c.records[i]
		_, body, _ := strings.Cut(r.Fields.Get(alerts.Message), ")")
		a.read(r.Fields.Get(alerts.Type), body)
	}
	for i := range c.records {
		r := &c.records[i]
		r.Fields = slices.DeleteFunc(slices.Clone(r.Fields), func(f alerts.Field) bool {
			switch f.Name {
			case alerts.Message, alerts.Type, AuditID, alerts.SyslogFacility, alerts.SyslogSeverity:
				return false
			}
			return true
		})
		if i == 0 {
			a.add(r)
		}
		emit(*r)
	}
}

// Advance releases system calls of which nothing more can come.
func (j *Joiner) Advance(stamp time.Time, emit func(alerts.Record)) {
	if j.calls.Len() == 0 {
		return
	}
	j.calls.Advance(stamp, func(c *call) { release(c, emit) })
}

// Flush releases the system calls that have waited for their time.
func (j *Joiner) Flush(now time.Time, emit func(alerts.Record)) {
	j.calls.Flush(now, func(c *call) { release(c, emit) })
}
