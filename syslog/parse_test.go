package syslog

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

var arrived = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func parsed(line string) alerts.Record { return Parse(line, alerts.Record{Received: arrived}) }

// TestShapes goes through the shapes of headers and messages. A field is written name=value.
func TestShapes(t *testing.T) {
	day := func(year int, month time.Month, day, h, m, s int) time.Time {
		return time.Date(year, month, day, h, m, s, 0, time.UTC)
	}
	for _, test := range []struct {
		line, format, host string
		time               time.Time
		clock              alerts.Clock
		fields             []string
	}{
		{"<189>29: foo: *Apr 29 13:58:40: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.9)", "cisco", "foo", day(2026, 4, 29, 13, 58, 40), alerts.ClockUnset,
			[]string{"syslog_facility=local7", "mnemonic=SYS-5-CONFIG_I", "name=CONFIG_I", "user=admin", "terminal=vty0", "address=10.0.0.9"}},
		{"<134>22191: origin: 022546: .Apr 29 13:58:46 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:boot system flash:c2900.bin", "cisco", "origin", day(2026, 4, 29, 13, 58, 46), alerts.ClockLost,
			[]string{"user=admin", "command=boot system flash:c2900.bin"}},
		{"<165>7433: ASR920: 007439: 2y10w: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success", "cisco", "ASR920", time.Time{}, alerts.ClockUptime, []string{"facility=SEC_LOGIN"}},
		{"00:36:59: %SYS-5-RELOAD: Reload requested by console.", "cisco", "", time.Time{}, alerts.ClockUptime, []string{"name=RELOAD", "message=Reload requested by console."}},
		{"Jul 16 2024 15:37:27 ciscoasa : %ASA-5-111010: User 'jo', running 'CLI' from IP 10.0.0.9, executed 'boot system disk0:/asa.bin'", "cisco", "ciscoasa", day(2024, 7, 16, 15, 37, 27), alerts.ClockGood,
			[]string{"event_id=111010", "user=jo", "address=10.0.0.9", "command=boot system disk0:/asa.bin"}},
		{"<165>Aug 11 2016 15:42:07: %ASA-vpnc-5-611103: User logged out: Uname: neteng", "cisco", "", day(2016, 8, 11, 15, 42, 7), alerts.ClockGood, []string{"facility=ASA", "unit=vpnc", "event_id=611103"}},
		{"2017 Dec 17 23:08:17 switch %$ VDC-1 %$ %PLATFORM-2-PFM_SYSTEM_RESET: Manual system restart from Command Line Interface", "cisco", "switch", day(2017, 12, 17, 23, 8, 17), alerts.ClockGood, []string{"unit=VDC-1", "name=PFM_SYSTEM_RESET"}},
		{"<189>: 2023 Apr 26 09:08:48 UTC: %SYSMGR-5-CFGWRITE_STARTED: Configuration copy started (PID 9762).", "cisco", "", day(2023, 4, 26, 9, 8, 48), alerts.ClockGood, []string{"name=CFGWRITE_STARTED"}},
		{"2018 Nov 15 17:10:48 switch %$ VDC-1 %$  %USER-2-SYSTEM_MSG: <<%USBHSD-2-MOUNT>> logflash: online  - usbhsd", "cisco", "switch", day(2018, 11, 15, 17, 10, 48), alerts.ClockGood, []string{"mnemonic=USBHSD-2-MOUNT", "message=logflash: online  - usbhsd"}},
		{"*Jul 23 18:19:10: %IOSXE-5-PLATFORM: Switch 1 R0/0: Jul 23 14:19:10 install_engine.sh: %INSTALL-5-INSTALL_START_INFO: Started install add flash:x.bin", "cisco", "", day(2026, 7, 23, 18, 19, 10), alerts.ClockUnset,
			[]string{"name=INSTALL_START_INFO", "unit=Switch 1 R0/0", "message=Started install add flash:x.bin"}},
		{"RP/0/RP0/CPU0:Aug 25 10:14:42 UTC: instorch[168]: %INFRA-INSTALL-6-ACTION_BEGIN : Packaging operation 1.1.1 started - add", "cisco", "", day(2026, 8, 25, 10, 14, 42), alerts.ClockGood,
			[]string{"unit=RP/0/RP0/CPU0", "process=instorch", "facility=INFRA-INSTALL", "name=ACTION_BEGIN"}},
		{"%SYSMGR-STANDBY-3-SHUTDOWN_START: The System Manager has started the shutdown procedure.", "cisco", "", time.Time{}, alerts.ClockMissing, []string{"facility=SYSMGR", "unit=STANDBY"}},
		{"%IOSXEBOOT-4-flashcp: (local/local): rommon.bin", "cisco", "", time.Time{}, alerts.ClockMissing, []string{"name=flashcp", "message=rommon.bin"}},
		{"<165>Oct 23 12:20:55 spine1 ConfigAgent: %SYS-5-CONFIG_I: Configured from console by admin on vty4 (10.0.0.1)", "cisco", "spine1", day(2026, 10, 23, 12, 20, 55), alerts.ClockGood, []string{"process=ConfigAgent", "user=admin"}},
		{"Aaa: %ACCOUNTING-6-CMD: admin vty6 192.168.2.1 stop task_id=17 service=shell priv-lvl=15 cmd=copy scp://h/x.swi flash: <cr>", "cisco", "", time.Time{}, alerts.ClockMissing, []string{"terminal=vty6", "command=copy scp://h/x.swi flash:", "privilege=15"}},
		{"<28>Jul 20 21:44:00 vmx01 mgd[7729]: UI_CMDLINE_READ_LINE: User 'root', command 'request system reboot '", "junos", "vmx01", day(2026, 7, 20, 21, 44, 0), alerts.ClockGood, []string{"name=UI_CMDLINE_READ_LINE", "user=root", "command=request system reboot"}},
		{`<28>1 2020-02-21T19:13:34Z r1 mgd 7729 UI_CMDLINE_READ_LINE [junos@2636.1.1.1.2.18 username="jo" command="show version "] User 'jo', command 'show version '`, "junos", "r1", day(2020, 2, 21, 19, 13, 34), alerts.ClockGood, []string{"user=jo", "command=show version"}},
		{"<14>Nov 30 16:09:08 PA-220 1,2018/11/30 16:09:07,0123,SYSTEM,general,0,2018/11/30 16:09:07,,general,,0,0,general,informational,\"Installed panos software version 10.2.4, done\",1", "panos", "PA-220", day(2025, 11, 30, 16, 9, 8), alerts.ClockGood,
			[]string{"type=SYSTEM", "subtype=general", "message=Installed panos software version 10.2.4, done"}},
		{`<189>date=2024-01-02 time=10:00:00 devname="fw1" logid="0100032138" type="event" subtype="system" logdesc="Device rebooted" user="admin" ui="https(10.0.0.9)" action="reboot" msg="User admin rebooted the device."`, "fortinet", "fw1", day(2024, 1, 2, 10, 0, 0), alerts.ClockGood,
			[]string{"event_id=0100032138", "user=admin", "address=10.0.0.9", "action=reboot", "message=User admin rebooted the device."}},
		{"<133>Nov  3 10:00:00 bigip notice tmsh[16322]: 01420002:5: AUDIT - pid=16322 user=root folder=/ module=(tmos)# status=[Command OK] cmd_data=reboot volume HD1.2", "f5", "bigip", day(2026, 11, 3, 10, 0, 0), alerts.ClockGood, []string{"event_id=01420002", "user=root", "command=reboot volume HD1.2", "result=command ok"}},
		{"<188>Apr 26 2023 09:08:48 ar1 %%01SHELL/5/CMDRECORD(s)[97]:Recorded command information. (Task=HTPR, Ip=10.0.0.9, VpnName=, User=admin, AuthenticationMethod=\"Null\", Command=\"startup system-software a.cc\")", "huawei", "ar1", day(2023, 4, 26, 9, 8, 48), alerts.ClockGood,
			[]string{"name=CMDRECORD", "user=admin", "address=10.0.0.9", "command=startup system-software a.cc"}},
		{"<190>Apr 26 09:08:48 2023 h3c %%10SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.0.0.9-User=admin; Command is boot-loader file a.ipe", "comware", "h3c", day(2023, 4, 26, 9, 8, 48), alerts.ClockGood, []string{"terminal=vty0", "user=admin", "command=boot-loader file a.ipe"}},
		{"<190>2023-04-26T09:08:48+00:00 cx1 hpe-fw[123]: Event|4401|LOG_INFO|AMM|1/1|User admin: primary image updated via TFTP", "aoscx", "cx1", day(2023, 4, 26, 9, 8, 48), alerts.ClockGood, []string{"event_id=4401", "user=admin", "unit=1/1"}},
		{"<14>Apr 26 09:08:48 10.0.0.5 02712 console: Serial Console: Enabled", "aoss", "10.0.0.5", day(2026, 4, 26, 9, 8, 48), alerts.ClockGood, []string{"event_id=02712", "facility=console"}},
		{`<142>May 10 15:19:05 WatchGuard-Firebox FVE60 (2024-05-10T09:49:05) firewall[10]: msg_id="5501-0006" System upgrade to 11.9 successful`, "watchguard", "FVE60", day(2024, 5, 10, 9, 49, 5), alerts.ClockGood, []string{"event_id=5501-0006"}},
		{"<30>Nov 22 01:04:57 tftp in.tftpd[31913]: RRQ from 10.0.1.100 filename c2900.bin", "tftpd-hpa", "tftp", day(2026, 11, 22, 1, 4, 57), alerts.ClockGood, []string{"client=10.0.1.100", "file=c2900.bin", "direction=in"}},
		{"<166>Feb 30 11:26:52 fw1 x[1]: text", "bsd", "fw1", time.Time{}, alerts.ClockMissing, []string{"process=x", "message=text"}},
		{"<13>Dec 31 23:59:59 a b[1]: last year's", "bsd", "a", day(2025, 12, 31, 23, 59, 59), alerts.ClockGood, nil},
		{"last message repeated 4 times", "repeated", "", time.Time{}, alerts.ClockMissing, nil},
		{"<999>what is this", "", "", time.Time{}, alerts.ClockMissing, []string{"message=<999>what is this"}},
		{"", "", "", time.Time{}, alerts.ClockMissing, nil},
		{`{"SyslogMessage":"<11>Nov 14 06:21:24 FW1 app[1]: unheard of","Computer":"relay1","Facility":"local0","TimeGenerated":"2026-11-14T06:21:25Z"}`, "bsd", "FW1", day(2026, 11, 14, 6, 21, 24), alerts.ClockGood, []string{"message=unheard of", "col.Facility=local0"}},
		{`{"SyslogMessage":"<11>Nov 14 06:21:24 FW1 RT_IDS x","DvcHostname":"SRX1","Facility":"local0","TimeGenerated":"2026-11-14T06:21:25Z"}`, "sentinel-syslog", "SRX1", day(2026, 11, 14, 6, 21, 24), alerts.ClockGood, []string{"syslog_facility=user"}},
		{`{"ProcessName":"%SYS-5-RELOAD","SyslogMessage":"Reload requested by jo on vty0 (10.0.0.9). Reload Reason: Reload Command.","HostName":"core1","Computer":"relay1"}`, "cisco", "core1", time.Time{}, alerts.ClockMissing, []string{"name=RELOAD"}},
		{`{"DeviceVendor":"Cisco","DeviceProduct":"ASA","DeviceEventClassID":"111010","Message":"User 'jo', running 'CLI' from IP 10.0.0.9, executed 'reload'","DeviceName":"fw1","AdditionalExtensions":"deviceSeverity=5"}`, "cisco", "fw1", time.Time{}, alerts.ClockMissing, []string{"event_id=111010", "command=reload", "user=jo"}},
		// What is written into a name stays a name.
		{"<189>1: r1: Apr 29 13:58:40: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: x\n<189>2: r1: %SYS-5-RELOAD: Reload requested] [Source: 10.0.0.9]", "cisco", "r1", day(2026, 4, 29, 13, 58, 40), alerts.ClockGood, []string{"name=LOGIN_FAILED"}},
		{"<13>Apr 29 13:58:40 web1 app[1]: user %SYS-5-RELOAD: Reload requested", "bsd", "web1", day(2026, 4, 29, 13, 58, 40), alerts.ClockGood, nil},
	} {
		r := parsed(test.line)
		host := ""
		if len(r.Hosts) > 0 {
			host = r.Hosts[0]
		}
		if r.Format != test.format || host != test.host || !r.Time.Equal(test.time) || r.Clock != test.clock {
			t.Errorf("%.80q: format %q, hosts %q, %s %q", test.line, r.Format, r.Hosts, r.Time, r.Clock)
		}
		for _, want := range test.fields {
			name, value, _ := strings.Cut(want, "=")
			if got := r.Fields.Get(name); got != value {
				t.Errorf("%.80q: %s is %q, not %q", test.line, name, got, value)
			}
		}
	}
}

func TestSplit(t *testing.T) {
	for line, want := range map[string][]string{
		"*Sep 24 07:41:20.211: %INSTALL-5-INSTALL_COMPLETED_INFO: R0/0: install_mgr: Completed install add_activate_commitSep 24 07:41:34.778: %PMAN-5-EXITACTION: R0/0: pvp: exiting": {
			"*Sep 24 07:41:20.211: %INSTALL-5-INSTALL_COMPLETED_INFO: R0/0: install_mgr: Completed install add_activate_commit", "Sep 24 07:41:34.778: %PMAN-5-EXITACTION: R0/0: pvp: exiting"},
		"*Jul 23 18:19:10.806: %IOSXE-5-PLATFORM: Switch 1 R0/0: Jul 23 14:19:10 install_engine.sh: %INSTALL-5-INSTALL_START_INFO: Started": nil,
		"<189>1: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured":                                                                    nil,
		"%INSTALL-5-TIMER: will expire in 7200 seconds%IOSXEBOOT-4-BOOTLOADER_UPGRADE: (local/local): Starting":                             {"%INSTALL-5-TIMER: will expire in 7200 seconds", "%IOSXEBOOT-4-BOOTLOADER_UPGRADE: (local/local): Starting"},
		"%SYS-5-X: user a %SYS-5-RELOAD: Reload requested":                                                                                  nil,
		"":           nil,
		"50 % of it": nil,
	} {
		if want == nil {
			want = []string{line}
		}
		got := Split(line)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q\nbecomes %q", line, got)
		}
	}
}

// TestRealLogs parses every line of the logs that others recorded: none is lost, and few are of no known format.
func TestRealLogs(t *testing.T) {
	root := "../../shared/logs"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the real logs are not here: ", err)
	}
	lines, unknown := 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".log" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		here, not := 0, 0
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			here++
			for _, part := range Split(s.Text()) {
				if r := parsed(part); r.Format == "" {
					not++
				}
			}
		}
		lines, unknown = lines+here, unknown+not
		if not > 0 {
			t.Logf("%4d of %4d unknown: %s", not, here, path)
		}
		return s.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	const most = 0.08
	if ratio := float64(unknown) / float64(lines); ratio > most || lines < 1000 {
		t.Errorf("%d of %d lines are of no known format", unknown, lines)
	}
}

// FuzzParse holds that no line makes the readers fail, that the line is kept, and that no reader invents text of a megabyte.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"<189>29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured from console", "RP/0/RP0/CPU0:Aug 25 10:14:42.333 UTC: instorch[168]: %INFRA-INSTALL-6-ACTION_BEGIN : x",
		`<28>1 2020-02-21T19:13:34Z r1 mgd 7729 UI_X [junos@2636.1.1.1.2.18 username="jo"] text`, "CEF:0|CISCO|ASA||111010|User|Low| src=10.0.0.9", `{"event_type":"tftp"}`, "type=EXECVE msg=audit(1:2): argc=1 a0=\"x\"",
		"%%01SHELL/5/CMDRECORD(s)[97]:x (Command=\"a\")", "1,2018/11/30 16:09:07,0123,SYSTEM,general,0,,,,,,,,,\"x", "message repeated 2 times: [ x]", "Completed installSep 24 07:41:34.778: %A-5-B: c",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Join(Split(line), "") != line {
			t.Errorf("splitting loses a part of %q", line)
		}
		r := parsed(line)
		if len(r.Raw) > envelope.MaxLine || !strings.Contains(line, r.Raw) || len(r.Raw) < len(strings.TrimRight(line, "\r\n\x00 ")) && !r.Cut {
			t.Errorf("%q is kept as %q", line, r.Raw)
		}
		size := 0
		for _, field := range r.Fields {
			size += len(field.Value)
		}
		if size > 64*(len(line)+64) {
			t.Errorf("%d bytes of fields from a line of %d", size, len(line))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	line := "<189>7433: core1: 007439: Apr 29 13:58:40.411: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, changed state to up"
	for b.Loop() {
		if r := parsed(line); r.Format != "cisco" {
			b.Fatal(r.Format)
		}
	}
}
