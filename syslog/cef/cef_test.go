package cef

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readAny reads a line as the first of our formats that has a mark in it and knows it.
func readAny(line string) (alerts.Record, *envelope.Format) {
	r := alerts.Record{Raw: line}
	for i := range Formats {
		f := &Formats[i]
		if slices.ContainsFunc(f.Marks, func(m string) bool { return strings.Contains(line, m) }) && f.Read(line, &r) {
			return r, f
		}
	}
	return r, nil
}

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		name, line, format string
		hosts              []string
		want               map[string]string
	}{
		{"ASA through a connector",
			`CEF:0|CISCO|ASA||111010|User 'admin', running 'CLI' from IP 10.0.0.9, executed 'boot system disk0:/asa.bin'|Low| eventId=5 deviceSeverity=5 suser=admin src=10.0.0.9 dvchost=fw1 dvc=10.1.1.1`,
			"cef-text", []string{"fw1", "10.1.1.1"},
			map[string]string{"message": `%ASA-5-111010: User 'admin', running 'CLI' from IP 10.0.0.9, executed 'boot system disk0:/asa.bin'`,
				"event_id": "111010", "facility": "ASA", "user": "admin", "address": "10.0.0.9", "vendor": "CISCO"}},
		{"ASA without a level: no line is made up",
			`CEF:0|CISCO|ASA||111008|User 'u' executed the 'reload' command.|Low| dvc=10.1.1.1`, "cef", []string{"10.1.1.1"},
			map[string]string{"message": "User 'u' executed the 'reload' command.", "event_id": "111008", "name": "111008", "facility": "ASA"}},
		{"the whole message in rawEvent", `CEF:0|Cisco|IOS|15.2|x|y|3|rawEvent=<189>29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured from console by a dvc=10.0.0.1`,
			"cef-text", []string{"10.0.0.1"}, map[string]string{"message": "<189>29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured from console by a"}},
		{"Junos by its tag", `CEF:0|Juniper|Junos|21.4|UI_CMDLINE_READ_LINE|UI_CMDLINE_READ_LINE|3|msg=User 'root', command 'request system reboot ' dvchost=mx1`,
			"cef-text", []string{"mx1"}, map[string]string{"message": "UI_CMDLINE_READ_LINE: User 'root', command 'request system reboot '"}},
		{"BIG-IP's audit", `CEF:0|F5|BIG-IP|15.1|01420002|AUDIT|5|msg=AUDIT - pid\=1 user\=root cmd_data\=reboot volume HD1.2 dvchost=big1`,
			"cef-text", []string{"big1"}, map[string]string{"message": "01420002:5: AUDIT - pid=1 user=root cmd_data=reboot volume HD1.2"}},
		{"VRP through a connector", `CEF:0|Huawei|VRP|8|CMDRECORD|x|5|msg=%%01SHELL/5/CMDRECORD(s)[97]:Recorded command information. (User\=admin, Command\="reboot") dvc=10.0.0.1`,
			"cef-text", []string{"10.0.0.1"}, map[string]string{"message": `%%01SHELL/5/CMDRECORD(s)[97]:Recorded command information. (User=admin, Command="reboot")`}},
		{"FortiOS", `CEF:0|Fortinet|Fortigate|v6.0.3|32138|event:system|7|deviceExternalId=FGT5HD FTNTFGTlogid=0100032138 cat=event:system FTNTFGTsubtype=system FTNTFGTlogdesc=Device rebooted duser=admin sproc=GUI(10.0.0.9) act=reboot outcome=success reason=none msg=User admin rebooted the device from GUI(10.0.0.9). FTNTFGTdevname=FG1`,
			"cef", []string{"FG1", "FGT5HD"}, map[string]string{"event_id": "0100032138", "type": "event", "subtype": "system", "user": "admin",
				"message": "User admin rebooted the device from GUI(10.0.0.9).", "logdesc": "Device rebooted", "terminal": "GUI", "address": "10.0.0.9", "device_version": "v6.0.3", "result": "success"}},
		{"a relay lost CEF:", `<14>Mar 1 2021 relay 0|Fortinet|Fortigate|v6.4.7|28704|utm:app-ctrl signature pass|2|deviceExternalId=FGVM cat=utm:app-ctrl msg=Remote.Access: RDP,`,
			"cef", []string{"FGVM"}, map[string]string{"type": "utm"}},
		{"a table behind a tag", `Mar 1 2021 relay app[7]: user 0|a|b|c|d|e|f|g=h`, "", nil, nil},
		{"a relay lost CEF: and the header is gone", `0|Fortinet|Fortigate|v6.4.7|28704|utm:app-ctrl signature pass|2|deviceExternalId=FGVM FortinetFortiGatelogid=1059028704 cat=utm:app-ctrl msg=Remote.Access: RDP,`,
			"cef", []string{"FGVM"}, map[string]string{"event_id": "1059028704", "type": "utm", "subtype": "app-ctrl", "message": "Remote.Access: RDP,"}},
		{"PAN-OS, its own template", `CEF:0|Palo Alto Networks|PAN-OS|9.1.0|general|SYSTEM|3|rt=Mar 01 2021 20:35:54 GMT deviceExternalId=0123 dvchost=pa1 cat=upgrade-panos-success msg=Installed panos software version 9.1.2`,
			"cef", []string{"pa1", "0123"}, map[string]string{"type": "SYSTEM", "subtype": "general", "event_id": "upgrade-panos-success", "message": "Installed panos software version 9.1.2"}},
		{"PAN-OS configuration", `CEF:0|Palo Alto Networks|PAN-OS|9.1.0|Succeeded|CONFIG|1|shost=10.0.0.9 act=set duser=admin destinationServiceName=CLI msg= deviceconfig system`,
			"cef", nil, map[string]string{"type": "CONFIG", "user": "admin", "address": "10.0.0.9", "terminal": "CLI", "result": "Succeeded", "message": "set deviceconfig system"}},
		{"Cortex", `CEF:0|Palo Alto Networks|LF|2.0|SYSTEM|wildfire-appliance|1|msg=value`, "cef", nil, map[string]string{"type": "SYSTEM", "subtype": "wildfire-appliance"}},
		{"WatchGuard", `CEF:0|WatchGuard|XTM|11.10|55010006|x|5|msg=System upgrade to 11.9 successful, system needs to reboot`, "cef", nil, map[string]string{"event_id": "5501-0006"}},
		{"custom labels", `CEF:0|Acme|Box|1|7|n|3|cs1Label=Command cs1=reload in 5 cs2=x y cs2Label=Free Text`, "cef", nil,
			map[string]string{"command": "reload in 5", "cef.Command": "reload in 5", "cef.cs1": "reload in 5", "cef.Free Text": "x y"}},
		{"escapes and blanks", `CEF:0|Acme \| Sons|B\\x|1|7|a\|b|3|request=http://h/?a=b&c\=d filePath=C:\\boot\\new.bin msg=one\ntwo  act=not blocked empty= x=y`, "cef", nil,
			map[string]string{"vendor": "Acme | Sons", "product": `B\x`, "activity": "a|b", "cef.request": "http://h/?a=b&c=d", "file": `C:\boot\new.bin`, "message": "one\ntwo", "cef.act": "not blocked", "cef.x": "y"}},
		{"digest", `CEF:0|Acme|Box|1|7|n|3|fileHash=44D88612FEA8A8F36DE82E1278ABB02F fname=a.bin fsize=20`, "cef", nil,
			map[string]string{"digest": "md5:44d88612fea8a8f36de82e1278abb02f", "file": "a.bin", "size": "20"}},
		{"within a header of BSD syslog", `<163>Apr  1 05:14:15 192.0.2.1 CEF:0|Elastic|Vaporware|1.0.0-alpha|18|Web request|low|msg=rfc3164`, "cef", nil,
			map[string]string{"message": "rfc3164", "event_id": "18"}},
		{"ClearPass in CEF", `CEF:0|Aruba Networks|ClearPass|6.5.0.69058|0-1-0|TACACS Accounting|0|TACACS.Username=bob TACACS.Command=copy tftp: flash: <cr> Common.NAS-IP-Address=10.0.0.1 TACACS.Privilege-Level=15`,
			"cef", []string{"10.0.0.1"}, map[string]string{"user": "bob", "command": "copy tftp: flash:", "privilege": "15"}},
		{"ClearPass in LEEF", "LEEF:1.0|Aruba Networks|ClearPass|6.5.0.69058|0-1-0|TACACS.Username=bob\tTACACS.Command=reload <cr>\tCommon.NAS-IP-Address=10.0.0.1\tsrc=10.0.0.9",
			"leef", []string{"10.0.0.1"}, map[string]string{"user": "bob", "command": "reload", "address": "10.0.0.9"}},
		{"LEEF 2 with its own delimiter", "LEEF:2.0|V|P|1|9|x5E|usrName=a b^src=10.0.0.9^msg=c=d", "leef", nil, map[string]string{"user": "a b", "message": "c=d"}},
		{"LEEF whose tabs are lost", "LEEF:1.0|V|P|1|9|usrName=a b src=10.0.0.9", "leef", nil, map[string]string{"user": "a b", "address": "10.0.0.9"}},
		{"a user name that reads like CEF", `Oct 24 17:05:46 host sshd[7]: Invalid user CEF:0|Cisco|ASA||111010|x|5|deviceSeverity=5 dvc=10.0.0.1 from 10.6.6.6`, "", nil, nil},
		{"behind a tag", `Oct 24 17:05:46 host clearpass[7]: CEF:0|a|b|c|d|e|3|dvc=10.0.0.1`, "cef", []string{"10.0.0.1"}, nil},
		{"no CEF", `xCEF:0|a|b|c|d|e|f|g=h`, "", nil, nil},
		{"cut in its header", `CEF:0|a|b|c|d`, "", nil, nil},
		{"cut behind its name", `CEF:0|a|b|c|d|name|3`, "cef", nil, map[string]string{"activity": "name"}},
		{"a table row with bars", `10|a|b|c|d|e|f|`, "", nil, nil},
		{"a key without a value at the end", `CEF:0|a|b|c|d|e|3|=x src==y`, "cef", nil, map[string]string{"address": "=y"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, f := readAny(test.line)
			if got := r.Format; got != test.format || (f == nil) != (test.format == "") {
				t.Fatalf("format %q, want %q", got, test.format)
			}
			if diff := cmp.Diff(test.hosts, r.Hosts); diff != "" {
				t.Error(diff)
			}
			for name, want := range test.want {
				if got := r.Fields.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if f == nil && len(r.Fields) > 0 {
				t.Errorf("a line of no format left %v", r.Fields)
			}
		})
	}
}

func TestTime(t *testing.T) {
	for s, want := range map[string]time.Time{
		"1410524535833":                    time.UnixMilli(1410524535833),
		"1647873918304240923":              time.Unix(0, 1647873918304240923),
		"1514472008":                       time.Unix(1514472008, 0),
		"Jan 17 2020 08:52:10":             time.Date(2020, 1, 17, 8, 52, 10, 0, time.UTC),
		"Mar 01 2021 20:35:54 GMT":         time.Date(2021, 3, 1, 20, 35, 54, 0, time.UTC),
		"2021-04-01T05:14:15.000003-05:00": time.Date(2021, 4, 1, 10, 14, 15, 3000, time.UTC),
		"3/31/2022, 10:52:35.857 AM":       time.Date(2022, 3, 31, 10, 52, 35, 857e6, time.UTC),
		"12":                               {},
		"yesterday":                        {},
		"":                                 {},
	} {
		if got, _, ok := Time(s); ok != !want.IsZero() || ok && !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", s, got, ok, want)
		}
	}
}

// TestScoreboard says how many lines of the collection each format knew. All of them are CEF.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/cef/*.log")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/cef here")
	}
	known, lines := map[string]int{}, 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for s := bufio.NewScanner(file); s.Scan(); lines++ {
			r, f := readAny(s.Text())
			if f == nil {
				t.Errorf("no format knew %.200q", s.Text())
				continue
			}
			known[r.Format]++
			if r.Fields.Get(alerts.Vendor) == "" || r.Fields.Get(alerts.EventID) == "" {
				t.Errorf("%.100q has no vendor or class", s.Text())
			}
		}
	}
	t.Logf("%d lines: %v", lines, known)
}

func FuzzRead(f *testing.F) {
	f.Add(`CEF:0|CISCO|ASA||111010|User 'a' \| executed|Low| deviceSeverity=5 cs1=x cs1Label=Command rt=1410524535833 msg=a\=b\n`)
	f.Add(`0|Fortinet|Fortigate|v6.4.7|1|x|2|deviceExternalId=FGVM FTNTFGTlogid=1`)
	f.Add("LEEF:2.0|Aruba Networks|ClearPass|1|9|^|a.Command=b^c=d")
	f.Fuzz(func(t *testing.T, line string) {
		before := alerts.Record{Raw: line, Hosts: []string{"relay"}}
		for _, format := range Formats {
			r := before
			if format.Read(line, &r) {
				if r.Format != format.Name || r.Kind == "" {
					t.Fatalf("%s read %q as %q of kind %q", format.Name, line, r.Format, r.Kind)
				}
				if len(r.Fields) > 3*maxPairs+32 {
					t.Fatalf("%d fields", len(r.Fields))
				}
			} else if len(r.Fields) > 0 || r.Format != "" || !slices.Equal(r.Hosts, before.Hosts) {
				t.Fatalf("%s did not know %q and left %+v", format.Name, line, r)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const line = `CEF:0|Fortinet|Fortigate|v6.0.3|32138|event:system|7|deviceExternalId=FGT5HD FTNTFGTlogid=0100032138 cat=event:system FTNTFGTsubtype=system FTNTFGTlogdesc=Device rebooted duser=admin src=10.0.0.9 act=reboot outcome=success msg=User admin rebooted the device from GUI(10.0.0.9).`
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !read(line, &r) {
			b.Fatal("not read")
		}
	}
}
