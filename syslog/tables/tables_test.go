package tables

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

func readAny(line string) (alerts.Record, *envelope.Format) {
	r := alerts.Record{Raw: line}
	for i := range len(Formats) + len(Carriers) {
		f := &slices.Concat(Formats, Carriers)[i]
		if slices.ContainsFunc(f.Marks, func(m string) bool { return strings.Contains(line, m) }) && f.Read(line, &r) {
			return r, f
		}
	}
	return r, nil
}

// TestCarrierTime holds the ways in which collectors state a time.
func TestCarrierTime(t *testing.T) {
	want := time.Date(2025, 11, 25, 2, 0, 0, 0, time.UTC)
	for _, text := range []string{"2025-11-25T02:00:00Z", "2025-11-25T03:00:00+01:00", "1764036000", "1764036000000", "1764036000000000", "1764036000.000", "2025-11-25T02:00:00.000Z"} {
		if got, ok := carrierTime(text); !ok || !got.Equal(want) {
			t.Errorf("%s is %v", text, got)
		}
	}
	for _, text := range []string{"", "yesterday", "-1", "1e9", "1.2.3"} {
		if got, ok := carrierTime(text); ok {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func TestRows(t *testing.T) {
	for _, test := range []struct {
		name, line, format string
		hosts              []string
		want               map[string]string
	}{
		{"Syslog, a header in the message", `{"SyslogMessage": "<11>Nov 14 06:21:24 FW1 RT_IDS IP spoofing!", "DvcHostname": "SRX1", "Computer": "srx-server01", "Type": "Syslog", "TimeGenerated [UTC]": "11/14/2020, 2:17:43.000 PM", "Facility": "local0"}`,
			"sentinel-syslog", []string{"SRX1", "srx-server01"}, map[string]string{"message": "<11>Nov 14 06:21:24 FW1 RT_IDS IP spoofing!", "syslog_facility": "local0", "col.Computer": "srx-server01", "col.TimeGenerated": "11/14/2020, 2:17:43.000 PM"}},
		{"Syslog, the mnemonic in the tag", `{"TimeGenerated":"2026-11-22T01:04:57Z","Computer":"relay1","HostName":"core1","HostIP":"10.0.0.1","Facility":"local7","SeverityLevel":"notice","ProcessName":"%SYS-5-RELOAD","SyslogMessage":"Reload requested by admin on vty0","Type":"Syslog"}`,
			"sentinel-syslog", []string{"core1", "10.0.0.1", "relay1"}, map[string]string{"message": "%SYS-5-RELOAD: Reload requested by admin on vty0", "syslog_severity": "5"}},
		{"Syslog, a daemon", `{"Computer":"srv1","ProcessName":"in.tftpd","ProcessID":2776,"SyslogMessage":" RRQ from 10.0.1.100 filename x.bin","Type":"Syslog"}`,
			"sentinel-syslog", []string{"srv1"}, map[string]string{"message": "in.tftpd[2776]: RRQ from 10.0.1.100 filename x.bin"}},
		{"Syslog, the tag in the message as well", `{"Computer":"srv1","ProcessName":"in.tftpd","SyslogMessage":"in.tftpd[5]: RRQ from 10.0.1.100 filename x.bin"}`,
			"sentinel-syslog", []string{"srv1"}, map[string]string{"message": "in.tftpd[5]: RRQ from 10.0.1.100 filename x.bin"}},
		{"FortiOS", `{"TimeGenerated":"3/31/2022, 10:52:35.857 AM","DeviceVendor":"Fortinet","DeviceProduct":"Fortigate","DeviceEventClassID":32138,"Computer":"relay1","Message":"User admin rebooted","DeviceVersion":"v6.4.7","Activity":"event:system","AdditionalExtensions":"FortinetFortiGatelogid=0100032138;cat=event:system;FortinetFortiGatesubtype=system","DeviceExternalID":"FGVM","ExternalID":1,"Type":"CommonSecurityLog"}`,
			"sentinel-cef", []string{"FGVM", "relay1"}, map[string]string{"event_id": "0100032138", "type": "event", "subtype": "system", "message": "User admin rebooted", "col.ExternalID": "1", "col.DeviceEventClassID": "32138", "activity": "event:system"}},
		{"ASA: the vendor's own line", `{"DeviceVendor":"Cisco","DeviceProduct":"ASA","DeviceEventClassID":"111010","Activity":"x","Message":"User 'admin' executed 'reload'","DeviceName":"fw1","DeviceAddress":"10.1.1.1","SourceUserName":"admin","AdditionalExtensions":"deviceSeverity=5"}`,
			"sentinel-cef-text", []string{"fw1", "10.1.1.1"}, map[string]string{"message": "%ASA-5-111010: User 'admin' executed 'reload'", "user": "admin", "event_id": "111010"}},
		{"custom columns", `{"DeviceVendor":"Acme","Activity":"a","DeviceCustomString1":"reload in 5","DeviceCustomString1Label":"Command","DestinationPort":69}`,
			"sentinel-cef", nil, map[string]string{"command": "reload in 5", "cef.dpt": "69"}},
		{"another table", `{"DeviceVendor":"","Type":"X"}`, "", nil, nil},
		{"journald", `{"__REALTIME_TIMESTAMP":"1764036000000000","_HOSTNAME":"relay1","SYSLOG_IDENTIFIER":"core1","PRIORITY":"5","MESSAGE":"%SYS-5-RELOAD: Reload requested"}`,
			"json-carrier", []string{"core1", "relay1"}, map[string]string{"message": "%SYS-5-RELOAD: Reload requested", "syslog_severity": "5"}},
		{"journald, a daemon", `{"_HOSTNAME":"srv1","SYSLOG_IDENTIFIER":"in.tftpd","SYSLOG_PID":"27","MESSAGE":"RRQ from 10.0.1.100 filename x.bin"}`,
			"json-carrier", []string{"srv1"}, map[string]string{"message": "in.tftpd[27]: RRQ from 10.0.1.100 filename x.bin"}},
		{"journald, bytes", `{"_HOSTNAME":"srv1","MESSAGE":[72,105,255]}`, "json-carrier", []string{"srv1"}, map[string]string{"message": "Hi\uFFFD"}},
		{"Elastic", `{"@timestamp":"2026-11-25T02:00:00Z","host":{"name":"collector"},"log":{"source":{"address":"10.0.0.1:514"},"syslog":{"severity":{"name":"notice"}}},"event":{"original":"<189>29: core1: x"},"message":"x"}`,
			"json-carrier", []string{"10.0.0.1", "collector"}, map[string]string{"message": "<189>29: core1: x", "syslog_severity": "5"}},
		{"Elastic, a hit", `{"_index":"syslog","_source":{"message":"%SYS-5-RELOAD: x","host":{"name":"core1"}}}`, "json-carrier", []string{"core1"}, map[string]string{"message": "%SYS-5-RELOAD: x"}},
		{"Splunk", `{"preview":false,"result":{"_time":"2026-11-25T02:00:00Z","host":"core1","_raw":"%SYS-5-RELOAD: x"}}`, "json-carrier", []string{"core1"}, map[string]string{"message": "%SYS-5-RELOAD: x"}},
		{"Splunk's collector", `{"time":1764036000.25,"host":"core1","event":"%SYS-5-RELOAD: x"}`, "json-carrier", []string{"core1"}, map[string]string{"message": "%SYS-5-RELOAD: x"}},
		{"GELF", `{"version":"1.1","host":"core1","short_message":"short","full_message":"%SYS-5-RELOAD: x","timestamp":1764036000.5,"level":5}`, "json-carrier", []string{"core1"}, map[string]string{"message": "%SYS-5-RELOAD: x", "syslog_severity": "5"}},
		{"rsyslog", `{"timereported":"2026-11-25T02:00:00+01:00","hostname":"core1","syslogtag":"%SYS-5-RELOAD:","msg":" Reload requested"}`, "json-carrier", []string{"core1"}, map[string]string{"message": "%SYS-5-RELOAD: Reload requested"}},
		{"an object without a line", `{"host":"core1","message":{"a":1}}`, "", nil, nil},
		{"no row", `somebody said {"SyslogMessage":"x"}`, "", nil, nil},
		{"a column twice", `{"SyslogMessage":"x","SyslogMessage":"y"}`, "", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, f := readAny(test.line)
			if r.Format != test.format {
				t.Fatalf("format %q, want %q", r.Format, test.format)
			}
			if diff := cmp.Diff(test.hosts, r.Hosts); diff != "" {
				t.Error(diff)
			}
			for name, want := range test.want {
				if got := r.Fields.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if f != nil && f.Nested == (r.Format == "sentinel-cef") { // what is not a line of its own
				t.Errorf("nested: %v", f.Nested)
			}
		})
	}
}

// TestScoreboard says how many rows of the collection each format knew, and when each was written. All of them are known.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/sentinel_tables/*.jsonl")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/sentinel_tables here")
	}
	known, rows := map[string]int{}, 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		s := bufio.NewScanner(file)
		for s.Buffer(nil, 1<<20); s.Scan(); rows++ {
			r, f := readAny(s.Text())
			known[r.Format]++
			if f == nil {
				t.Errorf("no format knew %.200q", s.Text())
			} else if r.Time.IsZero() || r.Time.After(time.Now()) {
				t.Errorf("%.200q was written at %v", s.Text(), r.Time)
			}
		}
	}
	t.Logf("%d rows: %v", rows, known)
}

func FuzzRead(f *testing.F) {
	f.Add(`{"SyslogMessage": "<11>Nov 14 06:21:24 FW1 RT_IDS", "ProcessName":"%SYS-5-X","Computer": "a", "TimeGenerated [UTC]": "11/14/2020, 2:17:43.000 PM"}`)
	f.Add(`{"DeviceVendor":"Cisco","DeviceProduct":"ASA","DeviceEventClassID":"111010","Message":"x","AdditionalExtensions":"deviceSeverity=5;a=b"}`)
	f.Fuzz(func(t *testing.T, line string) {
		for _, format := range Formats {
			r := alerts.Record{Raw: line, Hosts: []string{"relay"}}
			if !format.Read(line, &r) {
				if len(r.Fields) > 0 || r.Format != "" || len(r.Hosts) != 1 {
					t.Fatalf("%s did not know %q and left %+v", format.Name, line, r)
				}
			} else if r.Kind == "" || r.Format != format.Name {
				t.Fatalf("%s read %q as %q, %q", format.Name, line, r.Kind, r.Format)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const line = `{"TimeGenerated":"2026-11-22T01:04:57Z","Computer":"relay1","HostName":"core1","HostIP":"10.0.0.1","Facility":"local7","SeverityLevel":"notice","ProcessName":"%SYS-5-RELOAD","SyslogMessage":"Reload requested by admin on vty0","Type":"Syslog"}`
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !readSyslog(line, &r) {
			b.Fatal("not read")
		}
	}
}
