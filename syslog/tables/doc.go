// Package tables reads rows of Sentinel's tables, as they are exported in JSON lines: Syslog and CommonSecurityLog. Those of Defender are
// read by package host. And it reads what other collectors make of a line: JSON objects with the line in them.
//
// A row of Syslog holds a line of somebody's syslog, which is parsed again as if it had come by itself; a row of CommonSecurityLog is a
// CEF line in columns, and becomes what package cef makes of one. All columns are kept as they were, under "col." and their own names, for
// the queries that ask for them.
//
// The column Computer is very often the collector. So it comes last among the hosts of a record, behind everything that the line and
// the other columns say.
package tables

import "trueboot/syslog/envelope"

// Column is what stands before the name of a column in the name of a field: "col.SyslogMessage".
const Column = "col."

// Formats are the formats of this package, in the order in which they are to be tried.
var Formats = []envelope.Format{
	{Name: "sentinel-syslog", Marks: []string{`"SyslogMessage"`}, Nested: true, Carries: true, Read: readSyslog},
	{Name: "sentinel-cef-text", Marks: []string{`"DeviceVendor"`}, Nested: true, Carries: true, Read: readCEFText},
	{Name: "sentinel-cef", Marks: []string{`"DeviceVendor"`, `"CommonSecurityLog"`}, Carries: true, Read: readCEF},
}

// Carriers are the formats of objects that hold a line and say nothing themselves. They are to be tried after everything that knows its own objects.
var Carriers = []envelope.Format{
	{Name: "json-carrier", Marks: []string{`"message"`, `"MESSAGE"`, `"_raw"`, `"original"`, `"event.original"`, `"full_message"`, `"short_message"`, `"rawmsg"`, `"msg"`, `"event"`, `"log"`}, Nested: true, Carries: true, Read: readCarrier},
}
