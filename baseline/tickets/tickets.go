// Package tickets reads the changes that other tools plan: a table, a calendar (iCalendar), or what a program that asks ServiceNow or Jira prints (JSON).
//
// An [Entry] is one change in one window, in the words of the plan's fields ("ticket", "limit", "to", …). What an entry doesn't say, nobody makes up: a
// window that does not say what is planned explains nothing.
package tickets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"trueboot/delimited"
)

// An Entry is a change that a tool plans.
type Entry struct {
	Place     string            // where it stands: "line 3", "event 7a1c@example.net"
	Fields    map[string]string // by names of Fields
	Start     time.Time         // zero where the fields start and end say it as text
	End       time.Time
	Cancelled bool // it will not take place
}

// Fields are what an entry may say. Lists have commas between their elements.
var Fields = []string{"ticket", "owner", "reason", "limit", "to", "from", "boot", "boot_before", "packages", "packages_before", "register", "boot_loader", "files", "old_image", "start", "end", "state"}

// also are other names for fields.
var also = map[string]string{
	"number": "ticket", "key": "ticket", "change": "ticket", "id": "ticket", "devices": "limit", "device": "limit", "configuration_item": "limit", "cmdb_ci": "limit", "target": "to", "version": "to", "image": "to",
	"start_date": "start", "end_date": "end", "planned_start": "start", "planned_end": "end", "summary": "reason", "short_description": "reason", "title": "reason", "assigned_to": "owner", "assignee": "owner", "status": "state",
}

// cancelled are states in which a change does not take place.
var cancelled = []string{"cancelled", "canceled", "rejected", "withdrawn", "closed cancelled"}

// Bounds of what is read.
const (
	maxFile     = 64 << 20
	mostEntries = 10_000
	mostField   = 4096
)

// A Left is something that is no entry, and why.
type Left struct {
	Place, Reason string
	Lost          bool // it is a change, as far as can be seen
}

// A List is what a file says.
type List struct {
	Format  string
	Entries []Entry
	Left    []Left
}

// The formats.
const (
	Table    = "csv"
	Calendar = "ical"
	JSON     = "json"
)

// Read reads entries. An empty format is told from the content. Of events that come again, those that begin before until and end after now are entries. Times of day without a zone are in local.
func Read(in io.Reader, format string, now, until time.Time, local *time.Location) (List, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return List{}, err
	}
	if len(data) > maxFile {
		return List{}, fmt.Errorf("larger than %d MiB", maxFile>>20)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if format == "" {
		switch {
		case len(data) == 0:
			return List{}, errors.New("it is empty")
		case bytes.HasPrefix(bytes.ToUpper(data), []byte("BEGIN:VCALENDAR")):
			format = Calendar
		case data[0] == '[' || data[0] == '{':
			format = JSON
		default:
			format = Table
		}
	}
	l := List{Format: format}
	switch format {
	case Table:
		err = l.readTable(data)
	case JSON:
		err = l.readJSON(data)
	case Calendar:
		err = l.readCalendar(data, now, until, local)
	default:
		err = fmt.Errorf("the format %q is not known: %s, %s or %s", format, Table, Calendar, JSON)
	}
	return l, err
}

func (l *List) leave(place, format string, arguments ...any) {
	l.Left = append(l.Left, Left{Place: place, Reason: fmt.Sprintf(format, arguments...)})
}

func (l *List) lose(place, format string, arguments ...any) {
	l.leave(place, format, arguments...)
	l.Left[len(l.Left)-1].Lost = true
}

// set stores a field under its own name; it reports whether there is one of that name.
func (e *Entry) set(name, text string) bool {
	name = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	if own, ok := also[name]; ok {
		name = own
	}
	if !slices.Contains(Fields, name) {
		return false
	}
	if text = strings.TrimSpace(text); text == "" || e.Fields[name] != "" {
		return true
	}
	if name == "state" {
		e.Cancelled = slices.Contains(cancelled, strings.ToLower(text))
	}
	e.Fields[name] = text
	return true
}

// add takes an entry over that says enough, and leaves another with the reason.
func (l *List) add(e Entry) error {
	var missing []string
	for _, name := range []string{"ticket", "limit", "to"} {
		planned := e.Fields[name] != "" || name == "to" && (e.Fields["boot"] != "" || e.Fields["packages"] != "" || e.Fields["packages_before"] != "" || e.Fields["register"] != "" || e.Fields["boot_loader"] != "")
		if !planned && (!e.Cancelled || name == "ticket") {
			missing = append(missing, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		if len(e.Fields[name]) > mostField {
			l.lose(e.Place, "its %s is longer than %d bytes", name, mostField)
			return nil
		}
	}
	if e.Start.IsZero() && !e.Cancelled {
		for _, name := range []string{"start", "end"} {
			if e.Fields[name] == "" {
				missing = append(missing, name)
			}
		}
	}
	switch {
	case len(missing) > 0:
		l.lose(e.Place, "it doesn't say %s: a window that doesn't say what is planned explains nothing", strings.Join(missing, ", "))
	case len(l.Entries) == mostEntries:
		return fmt.Errorf("more than %d changes", mostEntries)
	default:
		l.Entries = append(l.Entries, e)
	}
	return nil
}

// readTable reads a table whose first line names the fields, with commas, semicolons or tabs between them.
//
//	ticket;devices;to;start;end
//	CHG-1042;edge*;17.9.4a;2026-12-01 22:00;2026-12-02 02:00
func (l *List) readTable(data []byte) error {
	table, err := delimited.Open(data)
	if err != nil {
		return err
	}
	known := false
	for _, title := range table.Titles {
		probe := Entry{Fields: map[string]string{}}
		if probe.set(title, "x") {
			known = true
		} else {
			l.leave("line 1", "the column %q is not taken over", title)
		}
	}
	if !known {
		return errors.New("its first line names no field of a plan, such as ticket, devices, to, start, end")
	}
	return table.Each(func(line int, row []string) error {
		e := Entry{Place: fmt.Sprintf("line %d", line), Fields: map[string]string{}}
		if len(row) > len(table.Titles) {
			l.lose(e.Place, "%d fields, and %d columns have a name", len(row), len(table.Titles))
			return nil
		}
		for i, text := range row {
			e.set(table.Titles[i], text)
		}
		return l.add(e)
	})
}

// readJSON reads a list of objects, an object with such a list in it (result of ServiceNow, issues of Jira), or objects one after the other.
//
//	[{"ticket": "CHG-1042", "devices": ["edge1", "edge2"], "to": "17.9.4a", "start": "2026-12-01T22:00:00Z", "end": "2026-12-02T02:00:00Z"}]
func (l *List) readJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var objects []map[string]any
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		var list []map[string]any
		if json.Unmarshal(raw, &list) == nil {
			objects = append(objects, list...)
			continue
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return errors.New("it is neither an object nor a list of objects")
		}
		inner := false
		for _, name := range []string{"result", "results", "issues", "changes"} {
			if json.Unmarshal(object[name], &list) == nil && object[name] != nil {
				objects, inner = append(objects, list...), true
				break
			}
		}
		if inner {
			continue
		}
		var one map[string]any
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		objects = append(objects, one)
	}
	for i, object := range objects {
		e := Entry{Place: fmt.Sprintf("entry %d", i+1), Fields: map[string]string{}}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			e.set(name, flat(object[name]))
		}
		if err := l.add(e); err != nil {
			return err
		}
	}
	return nil
}

// flat is a value as the text of a field.
func flat(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return fmt.Sprint(v)
	case []any:
		var parts []string
		for _, item := range v {
			if text := flat(item); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, ",")
	case map[string]any: // a reference: {"display_value": "Jane", "link": …}
		for _, name := range []string{"display_value", "displayName", "name", "value"} {
			if text, ok := v[name].(string); ok {
				return text
			}
		}
	}
	return ""
}
