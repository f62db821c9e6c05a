package tables

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/cef"
)

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
