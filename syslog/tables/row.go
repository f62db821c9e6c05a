package tables

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/cef"
	"trueboot/syslog/envelope"
)

// row reads the row of a line.
func row(text string) (alerts.Fields, bool) {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || strings.TrimSpace(text[:begin]) != "" {
		return nil, false
	}
	columns, err := envelope.Object(text[begin:])
	if err != nil {
		return nil, false
	}
	for i := range columns {
		// The portal's export names the zone of a column with a time.
		columns[i].Name = strings.TrimSuffix(columns[i].Name, " [UTC]")
	}
	return columns, true
}

// keep adds the columns and the time of a row to a record.
func keep(columns alerts.Fields, r *alerts.Record, times ...string) {
	for _, c := range columns {
		r.Fields.Add(Column+c.Name, c.Value)
	}
	for _, name := range times {
		// Sentinel's own times are in UTC.
		if at, _, ok := cef.Time(columns.Get(name)); ok {
			envelope.SetTime(r, at)
			return
		}
	}
}

// hosts are the values of the columns that name a sender, each once, ahead of what the record has.
func hosts(columns alerts.Fields, before []string, names ...string) []string {
	all := before[:len(before):len(before)]
	for _, name := range names {
		value := columns.Get(name)
		if value == "" || value == "-" {
			continue
		}
		known := false
		for _, have := range all {
			known = known || have == value
		}
		if !known {
			all = append(all, value)
		}
	}
	return all
}
