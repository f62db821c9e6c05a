// Package sensor reads what network sensors saw: Suricata, Zeek, flow records, and the SNMP traps that a collector prints.
//
// A sensor sees two addresses and does not know which is a device. The one that asked is the client, the one that answered the server, and
// the direction is as the client sees it: "in" when the client fetches a file or is sent one, "out" when it sends one. When the device is
// the server, the directions are the other way round; whoever has the inventory can tell. Records of sensors have no message unless
// the sensor's own words are one: an alert's, a notice's.
//
// [Joiner] knows the columns of tables, whose names come once, at their beginning, and adds up flows: [Volume].
package sensor

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Fields of sensors beside those that every reader has.
const (
	ClientPort    = "client_port"
	BytesToClient = "bytes_to_client"
	BytesToServer = "bytes_to_server"
	Protocol      = "protocol"      // tcp, udp, in lower case, or a number
	Sampling      = "sampling_rate" // one packet in so many was counted
	Uptime        = "uptime"        // of an SNMP agent, in hundredths of a second
)

// Directions, as the client sees them.
const (
	in  = "in"
	out = "out"
)

// Formats are the formats of this package, in the order in which they are to be tried. Every flow and every row is read: what it adds up
// to no single one says.
var Formats = []envelope.Format{
	{Name: "eve", Marks: []string{`"event_type":"flow"`, `"event_type": "flow"`}, Carries: true, Read: readEVE},
	{Name: "eve", Marks: []string{`"event_type"`}, Read: readEVE},
	{Name: "zeek-syslog", Marks: []string{`"facility":"`}, Nested: true, Read: readZeekSyslog},
	{Name: "zeek", Marks: []string{`"conn_state"`}, Carries: true, Read: readZeek},
	{Name: "zeek", Marks: []string{`{"ts":`, `"uid"`, `"fuid"`, `"note"`, `"software_type"`, `\"uid\"`, `\"fuid\"`, `\"note\"`}, Read: readZeek},
	{Name: "zeek-tsv", Marks: []string{"\tC", "\tF", "#fields\t", "#path\t", "#separator ", "#open\t", "#close\t", "#types\t", "_separator\t", "#unset_field\t", "#empty_field\t"}, Carries: true, Read: readTSV},
	{Name: "goflow2", Marks: []string{`"sampler_address"`, `"SamplerAddress"`}, Carries: true, Read: readGoflow},
	{Name: "nfdump", Marks: []string{`4_addr"`, `6_addr"`, ",UDP,", ",TCP,", ",17,", ",6,", "ts,te,td,sa,da", "firstSeen,"}, Carries: true, Read: readNfdump},
	{Name: "snmptrap", Marks: []string{"snmpTrapOID", ".3.6.1.6.3.1.1.4.1.0", " TRAP, SNMP v", " TRAP2, SNMP v", "[UDP: ["}, Carries: true, Read: readTrap},
}

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
