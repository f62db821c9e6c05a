package tables

import (
	"strings"

	"trueboot/alerts"
)

// readSyslog reads a row of the table Syslog. The agent takes the tag off a line and keeps it in a column, and what it takes for a tag may be
// a Cisco mnemonic; so the line is put together again.
//
//	{"TimeGenerated":"…","Computer":"relay1","HostName":"core1","HostIP":"10.0.0.1","Facility":"local7","SeverityLevel":"notice",
//	"ProcessName":"%SYS-5-RELOAD","SyslogMessage":"Reload requested by admin on vty0","Type":"Syslog"}
func readSyslog(text string, r *alerts.Record) bool {
	columns, ok := row(text)
	if !ok || !columns.Has("SyslogMessage") {
		return false
	}
	r.Kind, r.Format = alerts.Table, "sentinel-syslog"
	r.Fields = append(make(alerts.Fields, 0, len(columns)+6), r.Fields...)
	r.Fields.Add(alerts.Message, whole(columns.Get("ProcessName"), columns.Get("ProcessID"), columns.Get("SyslogMessage")))
	r.Fields.Add(alerts.SyslogFacility, columns.Get("Facility"))
	r.Fields.Add(alerts.SyslogSeverity, severity(columns.Get("SeverityLevel")))
	keep(columns, r, "EventTime", "TimeGenerated")
	r.Hosts = hosts(columns, nil, "DvcHostname", "DvcIpAddr", "HostName", "HostIP", "Computer")
	return true
}

// severity is the number of a severity's name.
func severity(name string) string {
	switch strings.ToLower(name) {
	case "emerg", "emergency", "panic":
		return "0"
	case "alert":
		return "1"
	case "crit", "critical":
		return "2"
	case "err", "error":
		return "3"
	case "warn", "warning":
		return "4"
	case "notice":
		return "5"
	case "info", "informational":
		return "6"
	case "debug":
		return "7"
	}
	return ""
}
