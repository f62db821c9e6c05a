package sensor

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Bounds of a Joiner.
const (
	maxTables  = 256
	maxColumns = 256
	tableHold  = 7 * 24 * time.Hour
	trapHold   = 5 * time.Second
)

// Joiner names the columns of a table's rows, gives a trap the sender that stands in the line before it, and adds up flows towards devices.
// It implements [envelope.Joiner]. Only the head of a trap waits; everything else passes at once.
type Joiner struct {
	tables  envelope.Waiting[*table] // by the file that the rows come from
	heads   envelope.Waiting[alerts.Record]
	volumes volumes
}

// A table is what is known of the rows to come.
type table struct {
	path    string // conn, tftp; "" when no line said so
	columns []string
	unset   string
}

// NewJoiner makes a Joiner that adds up the flows of those addresses that are a device's. With nil, it adds up nothing.
func NewJoiner(device func(netip.Addr) bool) *Joiner {
	return &Joiner{
		tables:  envelope.Waiting[*table]{Bound: maxTables, Hold: tableHold},
		heads:   envelope.Waiting[alerts.Record]{Bound: maxTables, Hold: trapHold},
		volumes: volumes{device: device, sums: envelope.Waiting[*sum]{Bound: maxSums, Hold: 2 * volumeWindow}},
	}
}

// Formats are those with tables, traps and flows.
func (*Joiner) Formats() []string {
	return []string{"zeek-tsv", "nfdump", "snmptrap", "eve", "zeek", "goflow2"}
}

// Add takes a record.
func (j *Joiner) Add(r alerts.Record, emit func(alerts.Record)) {
	switch r.Format {
	case "zeek-tsv":
		j.zeekRow(&r)
	case "nfdump":
		j.nfdumpRow(&r)
	case "snmptrap":
		source := source(&r)
		if r.Fields.Get(alerts.Type) == "trap-head" {
			j.heads.Put(source, &r, r, emit)
			return
		}
		if head, ok := j.heads.Take(source); ok {
			if len(r.Hosts) == 0 || r.Hosts[0] != head.Hosts[0] {
				r.Hosts = append(slices.Clone(head.Hosts), r.Hosts...)
			}
			if r.Time.IsZero() {
				r.Time, r.Clock = head.Time, head.Clock
			}
			emit(head)
		}
	}
	emit(r)
	if r.Fields.Get(alerts.Type) == "flow" || r.Fields.Get(alerts.Type) == "conn" {
		j.volumes.add(&r, emit)
	}
}

// zeekRow reads a row by the columns that its file has named.
func (j *Joiner) zeekRow(r *alerts.Record) {
	key := "zeek\x00" + source(r)
	kind := r.Fields.Get(alerts.Type)
	if strings.HasPrefix(kind, "#") {
		t, ok := j.tables.Get(key)
		if !ok || kind == "#separator" {
			t = &table{unset: "-"}
			j.tables.Put(key, r, t, func(*table) {})
		}
		_, value, _ := strings.Cut(r.Raw[strings.IndexByte(r.Raw, '#'):], "\t")
		switch kind {
		case "#path":
			t.path = value
		case "#unset_field":
			t.unset = value
		case "#fields":
			if t.columns = strings.Split(value, "\t"); len(t.columns) > maxColumns {
				t.columns = nil
			}
		}
		return
	}
	row := r.Fields.Get(tableRow)
	r.Fields = slices.DeleteFunc(slices.Clone(r.Fields), func(f alerts.Field) bool { return f.Name == tableRow })
	t, ok := j.tables.Get(key)
	if !ok || t.columns == nil {
		return
	}
	values := strings.Split(row, "\t")
	if len(values) != len(t.columns) {
		return
	}
	o := make(alerts.Fields, 0, len(values))
	for i, v := range values {
		if v != t.unset && v != "(empty)" {
			o = append(o, alerts.Field{Name: t.columns[i], Value: v})
		}
	}
	path := t.path
	if path == "" {
		path = zeekPath(o)
	}
	r.Fields.Add(alerts.Type, path)
	zeek(path, o, r)
}

// nfdumpRow does the same for nfdump.
func (j *Joiner) nfdumpRow(r *alerts.Record) {
	row := r.Fields.Get(tableRow)
	if row == "" {
		return
	}
	key := "nfdump\x00" + source(r)
	r.Fields = slices.DeleteFunc(slices.Clone(r.Fields), func(f alerts.Field) bool { return f.Name == tableRow })
	columns := strings.Split(row, ",")
	if r.Fields.Get(alerts.Type) == "#fields" {
		if len(columns) <= maxColumns {
			j.tables.Put(key, r, &table{columns: columns}, func(*table) {})
		}
		return
	}
	t, ok := j.tables.Get(key)
	if !ok || len(columns) < len(t.columns) {
		return
	}
	nfdump(func(name string) string {
		if i := slices.Index(t.columns, name); i >= 0 {
			return columns[i]
		}
		return ""
	}, r)
}

// Advance lets time pass for the heads of traps.
func (j *Joiner) Advance(stamp time.Time, emit func(alerts.Record)) { j.heads.Advance(stamp, emit) }

// Flush releases the heads of traps that have waited for their time. Columns stay known for a week.
func (j *Joiner) Flush(now time.Time, emit func(alerts.Record)) {
	j.heads.Flush(now, emit)
	j.tables.Flush(now, func(*table) {})
	j.volumes.sums.Flush(now, func(*sum) {})
}

// source tells apart the files and the senders that a feed has.
func source(r *alerts.Record) string { return r.Origin.Source + "\x00" + r.Peer.String() }
