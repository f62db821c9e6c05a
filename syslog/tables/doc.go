// Package tables reads rows of Sentinel's tables, as they are exported in JSON lines: Syslog and CommonSecurityLog. Those of Defender are
// read by package host.
//
// A row of Syslog holds a line of somebody's syslog, which is parsed again as if it had come by itself; a row of CommonSecurityLog is a
// CEF line in columns, and becomes what package cef makes of one. All columns are kept as they were, under "col." and their own names, for
// the queries that ask for them.
//
// The column Computer is very often the collector. So it comes last among the hosts of a record, behind everything that the line and
// the other columns say.
package tables

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/cef"
	"trueboot/syslog/envelope"
)

// Column is what stands before the name of a column in the name of a field: "col.SyslogMessage".
const Column = "col."

// Formats are the formats of this package, in the order in which they are to be tried.
var Formats = []envelope.Format{
	{Name: "sentinel-syslog", Marks: []string{`"SyslogMessage"`}, Nested: true, Carries: true, Read: readSyslog},
	{Name: "sentinel-cef-text", Marks: []string{`"DeviceVendor"`}, Nested: true, Carries: true, Read: readCEFText},
	{Name: "sentinel-cef", Marks: []string{`"DeviceVendor"`, `"CommonSecurityLog"`}, Carries: true, Read: readCEF},
}

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
	message := columns.Get("SyslogMessage")
	if tag := columns.Get("ProcessName"); tag != "" && !strings.Contains(message, tag) {
		if pid := columns.Get("ProcessID"); pid != "" && pid != "0" && !strings.HasPrefix(tag, "%") {
			tag += "[" + pid + "]"
		}
		message = strings.TrimSuffix(tag, ":") + ": " + strings.TrimLeft(message, " ")
	}
	r.Fields.Add(alerts.Message, message)
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

// keys says which key of CEF each column of CommonSecurityLog was made from.
var keys = map[string]string{
	"Message": "msg", "SourceIP": "src", "SourcePort": "spt", "SourceUserName": "suser", "SourceUserID": "suid", "SourceHostName": "shost", "SourceUserPrivileges": "spriv",
	"SourceProcessName": "sproc", "SourceProcessId": "spid", "SourceMACAddress": "smac", "SourceNTDomain": "sntdom", "SourceTranslatedAddress": "sourceTranslatedAddress",
	"SourceServiceName": "sourceServiceName",
	"DestinationIP":     "dst", "DestinationPort": "dpt", "DestinationUserName": "duser", "DestinationUserID": "duid", "DestinationHostName": "dhost",
	"DestinationUserPrivileges": "dpriv", "DestinationProcessName": "dproc", "DestinationProcessId": "dpid", "DestinationServiceName": "destinationServiceName",
	"DestinationTranslatedAddress": "destinationTranslatedAddress", "DestinationMACAddress": "dmac", "DestinationNTDomain": "dntdom",
	"DeviceAction": "act", "DeviceAddress": "dvc", "DeviceName": "dvchost", "DeviceExternalID": "deviceExternalId", "DeviceFacility": "deviceFacility",
	"DeviceEventCategory": "cat", "DeviceTimeZone": "dtz", "DeviceMacAddress": "dvcmac", "DeviceInboundInterface": "deviceInboundInterface",
	"DeviceOutboundInterface": "deviceOutboundInterface", "ProcessName": "deviceProcessName", "ProcessID": "dvcpid",
	"ApplicationProtocol": "app", "Protocol": "proto", "EventCount": "cnt", "EventOutcome": "outcome", "EventType": "type", "ExternalID": "externalId", "ExtID": "externalId",
	"FileName": "fname", "FilePath": "filePath", "FileSize": "fsize", "FileHash": "fileHash", "FileID": "fileId", "FileType": "fileType",
	"OldFileName": "oldFileName", "OldFilePath": "oldFilePath", "OldFileHash": "oldFileHash", "OldFileSize": "oldFileSize",
	"ReceivedBytes": "in", "SentBytes": "out", "Reason": "reason", "ReceiptTime": "rt", "StartTime": "start", "EndTime": "end",
	"RequestURL": "request", "RequestMethod": "requestMethod", "RequestContext": "requestContext", "RequestClientApplication": "requestClientApplication",
	"CommunicationDirection": "deviceDirection",
}

// custom are the columns of custom values: what stands before the number in the table, and in CEF.
var custom = []struct{ column, key string }{
	{"DeviceCustomString", "cs"}, {"DeviceCustomNumber", "cn"}, {"DeviceCustomFloatingPoint", "cfp"}, {"DeviceCustomIPv6Address", "c6a"},
	{"DeviceCustomDate", "deviceCustomDate"}, {"FlexString", "flexString"}, {"FlexNumber", "flexNumber"}, {"FlexDate", "flexDate"},
}

// line makes a CEF line of a row.
func line(columns alerts.Fields) (cef.Line, bool) {
	l := cef.Line{
		Vendor: columns.Get("DeviceVendor"), Product: columns.Get("DeviceProduct"), Version: columns.Get("DeviceVersion"),
		Class: columns.Get("DeviceEventClassID"), Name: columns.Get("Activity"), Severity: columns.Get("LogSeverity"),
	}
	if l.Vendor == "" || l.Class == "" && l.Name == "" && !columns.Has("Message") {
		return l, false
	}
	for _, c := range columns {
		if key, known := keys[c.Name]; known {
			l.Pairs.Add(key, c.Value)
			continue
		}
		for _, one := range custom {
			if rest, is := strings.CutPrefix(c.Name, one.column); is && rest != "" {
				l.Pairs.Add(one.key+rest, c.Value)
			}
		}
	}
	// cat=event:system;FortinetFortiGatelogid=0100032001
	for _, pair := range strings.Split(columns.Get("AdditionalExtensions"), ";") {
		if key, value, found := strings.Cut(pair, "="); found && len(l.Pairs) < 512 {
			l.Pairs.Add(strings.TrimSpace(key), value)
		}
	}
	return l, true
}

func readCEF(text string, r *alerts.Record) bool {
	columns, ok := row(text)
	if !ok {
		return false
	}
	l, ok := line(columns)
	if !ok {
		return false
	}
	fill(columns, &l, r, "sentinel-cef")
	return true
}

// readCEFText reads a row in which the vendor's own message is, and leaves that as the message.
func readCEFText(text string, r *alerts.Record) bool {
	columns, ok := row(text)
	if !ok {
		return false
	}
	l, ok := line(columns)
	if !ok {
		return false
	}
	native := l.Native()
	if native == "" {
		return false
	}
	fill(columns, &l, r, "sentinel-cef-text")
	for i := range r.Fields {
		if r.Fields[i].Name == alerts.Message {
			r.Fields[i].Value = native
		}
	}
	return true
}

func fill(columns alerts.Fields, l *cef.Line, r *alerts.Record, format string) {
	r.Format, r.Hosts = format, nil
	l.Fill(r)
	keep(columns, r, "TimeGenerated")
	r.Hosts = hosts(columns, r.Hosts, "Computer")
}
