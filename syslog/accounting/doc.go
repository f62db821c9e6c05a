// Package accounting reads who typed what from the logs of TACACS+ and RADIUS servers.
//
// On most platforms this is the only place where a command that somebody types can be seen. The device is the one that asked the server:
// its address and its name come first among the hosts of a record, ahead of the server that wrote the line. The type is "accounting" or
// "authorization", the activity start, stop or update, and a command is put together again from its words, without the <cr> at its end.
//
// [Joiner] puts together what is spread over several lines, and sees to it that a command that was authorized and then accounted for is
// one command.
package accounting

import "trueboot/syslog/envelope"

// Types of a record.
const (
	typeAccounting    = "accounting"
	typeAuthorization = "authorization"
)

// Service is the field that holds what was asked for: shell, exec, ppp.
const Service = "service"

// Segment is the field that says which part of a message in parts a record is: its index, how many there are, the message's number, its
// category and the server.
const Segment = "segment"

// RepeatedCommand is the field to which [Joiner] moves a command that another record has told of.
const RepeatedCommand = "repeated_command"

// Formats are the formats of this package, in the order in which they are to be tried. Each line may hold what a person abbreviated.
var Formats = []envelope.Format{
	{Name: "tac_plus", Marks: []string{"\tstart", "\tstop", "\tupdate", "#011start", "#011stop", "#011update", " start task_id=", " stop task_id=", " update task_id="}, Carries: true, Read: readTacPlus},
	{Name: "ise", Marks: []string{"CISE_", "CSCOacs_"}, Carries: true, Read: readISE},
	{Name: "clearpass", Marks: []string{"CPPM_", "All Events ", "All Session Log Fields ", "Common.", "TACACS.", "Tacacs."}, Carries: true, Read: readClearPass},
	{Name: "device-accounting", Marks: []string{`md="`, "rec=ACCT_", " Cmd="}, Carries: true, Read: readQuoted},
	{Name: "freeradius-detail", Marks: []string{"\tUser-Name = ", "\tNAS-", "\tAcct-Status-Type = ", "\tCisco-AVPair = ", "\tCalling-Station-Id = ", "\tService-Type = ", "\tTimestamp = "}, Carries: true, Read: readDetail},
	{Name: "freeradius-detail", Marks: []string{" = "}, Read: readDetail},
	{Name: "freeradius", Marks: []string{"Login OK: [", "Login incorrect", "onnect: ["}, Read: readLinelog},
	{Name: "radius", Marks: []string{"Acct-Status-Type"}, Read: readPairs},
}
