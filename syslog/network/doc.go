// Package network reads the messages of network devices: the mnemonic, the number or the tag that tells what happened, the process and
// the unit that says so, and the fields that a format states by position or by key. What a message says in its own words is for the rules
// to take out.
//
// Where a device tells what somebody typed, the command becomes a field, whatever the vendor's way of saying so.
package network

import "trueboot/syslog/envelope"

// Formats are the formats of this package, in the order in which they are to be tried.
var Formats = []envelope.Format{
	{Name: "huawei", Marks: []string{"%%01", "%%02"}, Carries: true, Read: readVRP},
	{Name: "comware", Marks: []string{"%%10", "SHELL/"}, Carries: true, Read: readComware},
	// The messages in which a device tells what was typed: a person may have abbreviated it.
	{Name: "cisco", Marks: []string{"CFGLOG_LOGGEDCMD", "ACCTLOCAL", "ACCOUNTING", "CMD_EXEC", "COMMAND=", "-111008", "-111009", "-111010"}, Carries: true, Read: readCisco},
	{Name: "cisco", Marks: []string{"%"}, Read: readCisco},
	{Name: "junos", Marks: []string{"UI_CMDLINE_READ_LINE", "UI_JUNOSCRIPT_CMD", "UI_NETCONF_CMD"}, Carries: true, Read: readJunos},
	{Name: "aoscx", Marks: []string{"Event|"}, Read: readAOSCX},
	{Name: "panos", Marks: []string{",CONFIG,", ",SYSTEM,", ",TRAFFIC,", ",THREAT,", ",GLOBALPROTECT,", ",USERID,", ",HIPMATCH,", ",AUTHENTICATION,", ",DECRYPTION,", ",CORRELATION,"}, Read: readPANOS},
	{Name: "f5", Marks: []string{"cmd_data=", "AUDIT - "}, Carries: true, Read: readF5},
	{Name: "f5", Marks: []string{"mcpd", "tmm", "tmsh", "httpd", "sod", "boot_marker", "bigd", "overdog", "chmand", "lind", "sys-eicheck", "alertd", "logger"}, Read: readF5},
	{Name: "fortinet", Marks: []string{"logid=", "log_id="}, Read: readFortinet},
	{Name: "watchguard", Marks: []string{"msg_id="}, Read: readWatchGuard},
	{Name: "junos", Marks: []string{": ", "_"}, Read: readJunos},
	{Name: "aoss", Marks: []string{"0"}, Read: readAOSS},
	{Name: "pairs", Marks: []string{"="}, Read: readPairs},
	{Name: "bsd", Marks: []string{""}, Read: readPlain},
}
