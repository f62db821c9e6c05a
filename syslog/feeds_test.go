package syslog

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"trueboot/alerts"
)

// TestFeeds goes through the lines of servers, sensors, hosts and tables as they come: with their headers, from one source, joined.
func TestFeeds(t *testing.T) {
	type row struct {
		line, format, host string
		fields             []string // name=value
	}
	rows := []row{
		{"2026-01-02 03:04:05 +0100\t10.0.0.1\tbob\ttty1\t10.0.0.9\tstop\tshell\treload <cr>", "tac_plus-ng", "10.0.0.1", []string{"user=bob", "command=reload"}},
		{"Wed Jun 27 03:47:17 2001\t172.16.25.15\tbob\ttty3\t10.0.0.9\tstop\ttask_id=6\tcmd=reload <cr>", "tac_plus", "172.16.25.15", []string{"command=reload"}},
		{"<13>Jun 27 03:47:17 srv tac_plus[77]: 172.16.25.15#011bob#011tty3#01110.0.0.9#011stop#011task_id=6#011cmd=reload <cr>", "tac_plus", "172.16.25.15", []string{"user=bob", "command=reload"}},
		{"<182>Feb 21 19:13:08 ise1 CISE_TACACS_Accounting 0000000001 2 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, Device IP Address=10.0.0.1, CmdSet=[ CmdAV=copy CmdArgAV=tftp: ", "ise", "10.0.0.1", []string{"command=copy tftp: flash:", "user=bob"}},
		{"<182>Feb 21 19:13:08 ise1 CISE_TACACS_Accounting 0000000001 2 1  CmdArgAV=flash: CmdArgAV=<cr> ], User=bob,", "ise", "ise1", nil},
		{"<134>Nov 22 01:04:57 cppm Tacacs Commands 4 1 0 Common.Username=bob,Common.NAS-IP-Address=10.0.0.1,TACACS.Command=copy a,b flash: <cr>", "clearpass", "10.0.0.1", []string{"command=copy a,b flash:"}},
		{"<13>Nov 22 01:04:57 cp1 LEEF:1.0|Aruba Networks|ClearPass|6.5.0.69058|0-1-0|TACACS.Username=bob\tTACACS.Command=reload <cr>\tCommon.NAS-IP-Address=10.0.0.1", "leef", "10.0.0.1", []string{"command=reload"}},
		{"\tUser-Name = \"bob\"", "freeradius-detail", "10.0.0.1", []string{"command=reload"}},
		{"\tNAS-IP-Address = 10.0.0.1", "freeradius-detail", "10.0.0.1", nil},
		{"\tCisco-AVPair = \"cmd=reload <cr>\"", "freeradius-detail", "", nil},
		{"\tTimestamp = 1393930800", "freeradius-detail", "", nil},
		{"<29>Nov 22 01:04:57 srv in.tftpd[2]: RRQ from 10.0.0.1 filename missing.bin", "tftpd-hpa", "srv", []string{"file=missing.bin", "result=refused"}},
		{"<30>Nov 22 01:04:57 srv in.tftpd[2]: sending NAK (1, File not found) to 10.0.0.1", "tftpd-hpa", "srv", nil},
		{"<30>Nov 22 01:04:57 srv sftp-server[7]: session opened for local user admin from [10.0.0.1]", "sftp-server", "srv", nil},
		{`<30>Nov 22 01:04:57 srv sftp-server[7]: open "/x.bin" flags READ mode 0666`, "sftp-server", "srv", []string{"direction="}},
		{`<30>Nov 22 01:04:57 srv sftp-server[7]: close "/x.bin" bytes read 200000 written 0`, "sftp-server", "srv", []string{"client=10.0.0.1", "user=admin", "size=200000", "direction=in", "result=success"}},
		{`Sun Nov 22 00:51:31 2026 [pid 6568] [bob] OK DOWNLOAD: Client "10.0.0.1", "/x.bin", 200000 bytes, 23619.85Kbyte/sec`, "vsftpd", "", []string{"user=bob", "size=200000"}},
		{"Sun Nov 22 00:51:31 2026 1 10.0.0.1 200000 /x.bin b _ o r bob ftp 0 * c", "xferlog", "", []string{"user=bob", "direction=in"}},
		{`10.0.0.1 - - [22/Nov/2026:00:51:31 +0000] "GET /x.bin HTTP/1.1" 200 5`, "http-access", "", []string{"client=10.0.0.1", "file=/x.bin"}},
		{"2026-11-22 01:04:57 core1 [UDP: [10.0.0.1]:52344->[10.0.0.2]:162]:", "snmptrap", "10.0.0.1", nil},
		{"DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29\tSNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-MIB::coldStart", "snmptrap", "10.0.0.1", []string{"name=coldStart", "uptime=29"}},
		{"#path\ttftp", "zeek-tsv", "", nil},
		{"#fields\tts\tuid\tid.orig_h\tid.resp_h\twrq\tfname", "zeek-tsv", "", nil},
		{"1617062390.667048\tCGUiHy4kLIF2ml95eg\t10.0.0.1\t10.0.0.9\tF\tx.bin", "zeek-tsv", "", []string{"file=x.bin", "direction=in"}},
		{"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt", "nfdump", "", nil},
		{"2026-11-22 01:04:57,2026-11-22 01:05:57,60.000,10.0.0.9,10.0.0.1,50001,22,TCP,........,0,0,20000,26000000", "nfdump", "", []string{"bytes_to_server=26000000"}},
		{"", "flow-volume", "", []string{"client=10.0.0.1", "server=10.0.0.9", "size=26000000", "line=feed:26"}},
		{`<13>Nov 22 01:04:57 relay audispd: node=mgmt1 type=SYSCALL msg=audit(1581371984.206:7): arch=c000003e syscall=59 success=yes auid=1000 exe="/usr/bin/scp"`, "auditd", "mgmt1", []string{"executable=/usr/bin/scp", "command=scp x y.bin core1:", "user=1000"}},
		{`<13>Nov 22 01:04:57 relay audispd: node=mgmt1 type=EXECVE msg=audit(1581371984.206:7): argc=3 a0="scp" a1=7820792E62696E a2="core1:"`, "auditd", "mgmt1", []string{"command="}},
		{`<13>Nov 22 01:04:57 relay audispd: node=mgmt1 type=PROCTITLE msg=audit(1581371984.206:7): proctitle="scp"`, "auditd", "mgmt1", nil},
		{"<13>1 2026-11-22T01:04:57Z fw1 CEF - - - CEF:0|CISCO|ASA||111010|User 'admin', running 'CLI' from IP 10.0.0.9, executed 'reload'|Low| deviceSeverity=5", "cisco", "fw1", []string{"event_id=111010", "command=reload"}},
		{"<13>Nov 22 01:04:57 relay 0|Fortinet|Fortigate|v6.4.7|32138|event:system|2|deviceExternalId=FGVM FortinetFortiGatelogid=0100032138 cat=event:system msg=reboot", "cef", "FGVM", []string{"event_id=0100032138"}},
		{`{"SyslogMessage":"RRQ from 10.0.0.1 filename x.bin","ProcessName":"in.tftpd","ProcessID":9,"Computer":"srv","TimeGenerated":"2026-11-22T01:04:57Z"}`, "tftpd-hpa", "srv", []string{"file=x.bin", "col.Computer=srv"}},
	}
	j := NewJoiner(func(a netip.Addr) bool { return a == netip.MustParseAddr("10.0.0.1") })
	came := map[int]alerts.Record{}
	var volume alerts.Record
	emit := func(r alerts.Record) {
		if _, twice := came[r.Origin.Line]; r.Format == "flow-volume" {
			volume = r
		} else if twice {
			t.Errorf("line %d came twice", r.Origin.Line)
		} else {
			came[r.Origin.Line] = r
		}
	}
	for i, test := range rows {
		if test.line == "" {
			continue // what the joiner adds
		}
		r := parsed(test.line)
		r.Origin = alerts.Origin{Source: "feed", Line: i + 1}
		j.Add(r, emit)
	}
	j.Flush(time.Time{}, emit)
	for i, test := range rows {
		r, ok := came[i+1]
		if test.line == "" {
			r, ok = volume, true
		}
		host := ""
		if len(r.Hosts) > 0 {
			host = r.Hosts[0]
		}
		if !ok || r.Format != test.format || host != test.host {
			t.Errorf("%.90q\nis of format %q, hosts %q", test.line, r.Format, r.Hosts)
		}
		for _, want := range test.fields {
			name, value, _ := strings.Cut(want, "=")
			if got := r.Fields.Get(name); got != value {
				t.Errorf("%.90q\n%s is %q, not %q", test.line, name, got, value)
			}
		}
	}
}
