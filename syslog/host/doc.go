// Package host reads the process events of management hosts: auditd, Sysmon for Linux, osquery and Defender.
//
// A record says what a program did: the action is exec, create, delete, listen or connect; the executable and the command are those of the
// program, the parent is who started it; file, server and port are what it did it to. The host is the sender.
//
// [Joiner] puts the records together that auditd writes of one system call.
package host

import "trueboot/syslog/envelope"

// Actions.
const (
	actExec    = "exec"
	actCreate  = "create"
	actDelete  = "delete"
	actListen  = "listen"
	actConnect = "connect"
)

// Column is what stands before the name of a table's column in the name of a field: "col.ProcessCommandLine".
const Column = "col."

// Formats are the formats of this package, in the order in which they are to be tried. auditd writes an argument with a blank in it in
// hexadecimal, so that no word can be looked for in its lines.
var Formats = []envelope.Format{
	{Name: "auditd", Marks: []string{"audit("}, Carries: true, Read: readAudit},
	{Name: "sysmon", Marks: []string{"<EventID", "sysmon"}, Carries: true, Read: readSysmon},
	{Name: "osquery", Marks: []string{`"hostIdentifier"`, `"host_identifier"`}, Carries: true, Read: readOsquery},
	{Name: "defender", Marks: []string{`"ActionType"`}, Carries: true, Read: readDefender},
}
