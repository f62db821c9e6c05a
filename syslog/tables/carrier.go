package tables

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/cef"
	"trueboot/syslog/envelope"
)

// A carrier is what collectors make of a line: a JSON object with the line in it, who sent it and when. The names are those of Elastic and
// Logstash, Splunk, journald, Graylog, rsyslog's, syslog-ng's, Fluentd's and Vector's own templates, Docker and CloudWatch.
var carrier = struct{ text, tag, pid, hosts, times, facility, severity []string }{
	// The line as it came before what is left when a collector has parsed it.
	text: []string{"event.original", "_raw", "log.original", "rawmsg", "full_message", "MESSAGE", "message", "msg", "short_message", "event", "log"},
	tag:  []string{"SYSLOG_IDENTIFIER", "syslogtag", "syslog-tag", "PROGRAM", "programname", "appname", "app-name", "ident", "process.name"},
	pid:  []string{"SYSLOG_PID", "PID", "procid", "process.pid", "pid"},
	// The sender before the collector.
	hosts: []string{
		"log.syslog.hostname", "observer.hostname", "observer.name", "observer.ip", "syslog_hostname", "sysloghost", "HOST", "hostname", "log.source.address", "source_ip", "SOURCEIP",
		"fromhost-ip", "fromhost", "gl2_remote_ip", "host", "source", "host.hostname", "host.name", "host.ip", "_HOSTNAME",
	},
	times:    []string{"_time", "timereported", "timestamp", "@timestamp", "time", "ISODATE", "DATE", "timegenerated", "__REALTIME_TIMESTAMP"},
	facility: []string{"log.syslog.facility.name", "facility", "FACILITY", "syslogfacility-text"},
	severity: []string{"log.syslog.severity.name", "severity", "SEVERITY", "PRIORITY", "LEVEL", "syslogseverity-text", "level"},
}

// around are the objects in which some exports put the record itself.
var around = []string{"_source.", "result.", "fields."}

// readCarrier reads the object of a collector.
//
//	{"@timestamp":"2026-11-25T02:00:00Z","host":{"name":"core1"},"message":"<189>29: core1: Nov 25 02:00:00.411: %SYS-5-RELOAD: …"}
//	{"__REALTIME_TIMESTAMP":"1764036000000000","_HOSTNAME":"relay1","SYSLOG_IDENTIFIER":"core1","MESSAGE":"%SYS-5-RELOAD: …"}
func readCarrier(text string, r *alerts.Record) bool {
	columns, ok := row(text)
	if !ok {
		return false
	}
	for i := range columns {
		for _, object := range around {
			columns[i].Name = strings.TrimPrefix(columns[i].Name, object)
		}
	}
	message := carried(columns)
	if message == "" {
		return false
	}
	r.Kind, r.Format = alerts.Table, "json-carrier"
	tag := firstOf(columns, carrier.tag)
	sender := ""
	if strings.HasPrefix(message, "%") && !strings.HasPrefix(tag, "%") { // "core1: %SYS-5-RELOAD: …": what the collector took for a tag is the device
		sender, tag = strings.TrimSuffix(tag, ":"), ""
	}
	r.Fields.Add(alerts.Message, whole(tag, firstOf(columns, carrier.pid), message))
	r.Fields.Add(alerts.SyslogFacility, firstOf(columns, carrier.facility))
	level := firstOf(columns, carrier.severity)
	if n, err := strconv.Atoi(level); err != nil || n < 0 || n > 7 {
		level = severity(level)
	}
	r.Fields.Add(alerts.SyslogSeverity, level)
	for _, name := range carrier.times {
		if at, ok := carrierTime(columns.Get(name)); ok {
			envelope.SetTime(r, at)
			break
		}
	}
	r.Hosts = nil
	if sender != "" {
		r.Hosts = []string{sender}
	}
	r.Hosts = hosts(columns, r.Hosts, carrier.hosts...)
	for i, host := range r.Hosts {
		r.Hosts[i] = withoutPort(host)
	}
	return true
}

// withoutPort is the host of 10.0.0.1:514, [2001:db8::1]:514 and core1:514.
func withoutPort(host string) string {
	if address, err := netip.ParseAddrPort(host); err == nil {
		return address.Addr().String()
	}
	name, port, _ := strings.Cut(host, ":")
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return host
	}
	return name
}

// carried is the line within an object. Journald writes a message that is not UTF-8 as a list of its bytes.
func carried(columns alerts.Fields) string {
	text := firstOf(columns, carrier.text)
	if _, err := strconv.ParseUint(text, 10, 8); err != nil || columns.Get("MESSAGE") != text {
		return text
	}
	var raw []byte
	for _, c := range columns {
		if n, err := strconv.ParseUint(c.Value, 10, 8); c.Name == "MESSAGE" && err == nil {
			raw = append(raw, byte(n))
		}
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

func firstOf(columns alerts.Fields, names []string) string {
	for _, name := range names {
		if value := columns.Get(name); value != "" {
			return value
		}
	}
	return ""
}

// whole puts a tag back that a collector took off a line: what it took for one may be a Cisco mnemonic.
func whole(tag, pid, message string) string {
	if tag == "" || strings.Contains(message, strings.TrimSuffix(tag, ":")) || strings.HasPrefix(message, "<") {
		return message
	}
	if pid != "" && pid != "0" && !strings.HasPrefix(tag, "%") && !strings.Contains(tag, "[") {
		tag += "[" + pid + "]"
	}
	return strings.TrimSuffix(tag, ":") + ": " + strings.TrimLeft(message, " ")
}

// carrierTime reads the time of a collector: with a zone, in UTC without one, or counted from 1970 in seconds with a fraction (Splunk's HEC, GELF) or
// in microseconds (journald).
func carrierTime(text string) (time.Time, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 1e14 && n < 1e17 {
		return time.UnixMicro(n).UTC(), true
	}
	if seconds, fraction, ok := strings.Cut(text, "."); ok {
		if n, err := strconv.ParseInt(seconds, 10, 64); err == nil && n > 1e8 && n < 1e10 {
			nanoseconds, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
			return time.Unix(n, nanoseconds).UTC(), true
		}
	}
	at, _, ok := cef.Time(text)
	return at, ok
}
