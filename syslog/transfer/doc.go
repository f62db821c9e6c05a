// Package transfer reads the logs of TFTP, FTP, SFTP and HTTP servers: who asked for which file, and what came of it.
//
// Such a server seldom says of what kind the asker was. The asker's address is the field client, and whether that is a device is for the
// inventory to say. The direction is as a device that asks sees it: what the server hands out goes "in", what it is sent comes "out".
//
// A result is one of four words, and is missing where the line does not say: "success", "incomplete" (begun and broken off), "failure"
// and "refused" (no such file, no permission). A line that only asks is followed by another that refuses, or by none: [Pairs] brings
// the two together.
package transfer

import "trueboot/syslog/envelope"

// Results of a transfer.
const (
	Success    = "success"
	Incomplete = "incomplete"
	Failure    = "failure"
	Refused    = "refused"
)

// Directions, as the asker sees them.
const (
	in  = "in"
	out = "out"
)

// Formats are the formats of this package, in the order in which they are to be tried. Of those that need several lines for a transfer,
// each line is read.
var Formats = []envelope.Format{
	{Name: "tftpd-hpa", Marks: []string{"in.tftpd"}, Carries: true, Read: readHPA},
	{Name: "atftpd", Marks: []string{"atftpd"}, Carries: true, Read: readATFTP},
	{Name: "dnsmasq-tftp", Marks: []string{"dnsmasq-tftp"}, Carries: true, Read: readDnsmasq},
	{Name: "bsd-tftpd", Marks: []string{"read request for ", "write request for "}, Carries: true, Read: readBSD},
	{Name: "tftpd32", Marks: []string{"Read request for file <", "Write request for file <", " blks, ", "Connection received from "}, Carries: true, Read: readTFTPD32},
	{Name: "vsftpd", Marks: []string{`: Client "`}, Carries: true, Read: readVSFTPD},
	{Name: "xferlog", Marks: []string{"ftp 0 ", "ftp 1 ", "ftps 0 ", "ftps 1 ", "scp 0 ", "scp 1 "}, Carries: true, Read: readXferlog},
	{Name: "proftpd", Marks: []string{`"RETR `, `"STOR `, `"APPE `, `"STOU `, `"DELE `}, Carries: true, Read: readExtended},
	{Name: "http-access", Marks: []string{`"GET /`, `"PUT /`, `"POST /`}, Read: readExtended},
	{Name: "sftp-server", Marks: []string{"sftp-server", "internal-sftp"}, Carries: true, Read: readSFTP},
	{Name: "xinetd", Marks: []string{"xinetd"}, Read: readXinetd},
	{Name: "opencanary", Marks: []string{`"logtype"`}, Carries: true, Read: readOpenCanary},
}
