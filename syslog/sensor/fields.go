package sensor

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// object reads the JSON object of a line: all of it, or what stands behind a header of syslog. Splunk's export has the sensor's own object
// as text within.
func object(text string, r *alerts.Record) (alerts.Fields, bool) {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || !header(text[:begin], r) {
		return nil, false
	}
	o, err := envelope.Object(text[begin:])
	if err != nil {
		return nil, false
	}
	if raw := o.Get("result._raw"); raw != "" {
		if o, err = envelope.Object(raw); err != nil {
			return nil, false
		}
	}
	return o, true
}

// header tells whether what stands before an object is a header. CEE's cookie may be its end.
func header(before string, r *alerts.Record) bool {
	return envelope.Header(strings.TrimSuffix(strings.TrimSpace(before), "@cee:"), r)
}

// set adds a field unless the record has it already.
func set(r *alerts.Record, name, value string) {
	if value != "" && !r.Fields.Has(name) {
		r.Fields = append(r.Fields, alerts.Field{Name: name, Value: value})
	}
}

// begin makes a record one of this package's.
func begin(r *alerts.Record, format, kind string) {
	r.Kind, r.Format = alerts.Sensor, format
	if r.Fields == nil {
		r.Fields = make(alerts.Fields, 0, 16)
	}
	r.Fields.Add(alerts.Type, kind)
}

func stamped(r *alerts.Record, at time.Time, ok bool) {
	if ok {
		envelope.SetTime(r, at)
	}
}

// firstHost puts a name that the text gives its sender ahead of those of the header.
func firstHost(r *alerts.Record, host string) {
	if host == "" || len(r.Hosts) > 0 && r.Hosts[0] == host {
		return
	}
	r.Hosts = append([]string{host}, r.Hosts...)
}

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) < 19
}

// digest is the strongest digest among values by the names of their algorithms.
func digest(sha256, sha1, md5 string) string {
	switch {
	case len(sha256) == 64:
		return "sha256:" + strings.ToLower(sha256)
	case len(sha1) == 40:
		return "sha1:" + strings.ToLower(sha1)
	case len(md5) == 32:
		return "md5:" + strings.ToLower(md5)
	}
	return ""
}
