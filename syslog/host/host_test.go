package host

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

var _ envelope.Joiner = (*Joiner)(nil)

func readAny(line string) alerts.Record {
	r := alerts.Record{Raw: line}
	for i := range Formats {
		f := &Formats[i]
		if slices.ContainsFunc(f.Marks, func(m string) bool { return strings.Contains(line, m) }) && f.Read(line, &r) {
			break
		}
	}
	return r
}

// short is a record as "format host|action|user|executable|command|parent|file|client server port|result".
func short(r *alerts.Record) string {
	host := ""
	if len(r.Hosts) > 0 {
		host = r.Hosts[0]
	}
	get := r.Fields.Get
	return strings.Join([]string{r.Format + " " + host, get(alerts.Action), get(alerts.User), get(alerts.Executable), get(alerts.Command), get(alerts.Parent), get(alerts.File),
		get(alerts.Client) + " " + get(alerts.Server) + " " + get(alerts.Port), get(alerts.Result)}, "|")
}

const sysmonHead = `Oct 24 17:05:46 mgmt1 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{f}"/><EventID>`

func sysmon(id string, data ...string) string {
	s := sysmonHead + id + `</EventID><TimeCreated SystemTime="2021-10-24T17:05:46.710002000Z"/><Computer>mgmt1</Computer><Security UserId="0"/></System><EventData>`
	for i := 0; i+1 < len(data); i += 2 {
		s += `<Data Name="` + data[i] + `">` + data[i+1] + `</Data>`
	}
	return s + `</EventData></Event>`
}

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		line, want string
		also       map[string]string
	}{
		{`node=mgmt1 type=EXECVE msg=audit(1581371984.206:579393): argc=3 a0="scp" a1=782062696E a2="core1:flash:"`, "auditd mgmt1|exec|||scp x bin core1:flash:|||  |", map[string]string{"audit_id": "1581371984.206:579393"}},
		{`type=EXECVE msg=audit(1.2:3): argc=2 a0=top a1=10`, "auditd |exec|||top 10|||  |", nil},
		{`type=EXECVE msg=audit(1.2:3): argc=2 a0="x" a1_len=6 a1[0]="abc" a1[1]="def"`, "auditd |exec|||x abcdef|||  |", nil},
		{`audit: type=1309 audit(1.2:3): argc=1 a0="top"`, "auditd |exec|||top|||  |", map[string]string{"type": "EXECVE"}},
		{"type=SYSCALL msg=audit(1581371984.206:579393): arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=1 pid=7 auid=1000 uid=0 comm=\"scp\" exe=\"/usr/bin/scp\" key=(null)\x1dARCH=x86_64 SYSCALL=execve AUID=\"bob\" UID=\"root\"",
			"auditd |exec|bob|/usr/bin/scp||||  |success", map[string]string{"process": "scp", "pid": "7"}},
		{"type=SYSCALL msg=audit(1.2:3): arch=c00000b7 syscall=221 success=no pid=7 auid=4294967295 uid=33 exe=2F62696E2F7720#035SYSCALL=execve AUID=\"unset\"", "auditd |exec|33|/bin/w ||||  |failure", nil},
		{`type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=221 success=yes pid=7 exe="/bin/x"`, "auditd |||/bin/x||||  |success", nil},
		{"type=PROCTITLE msg=audit(1.2:3): proctitle=" + hex.EncodeToString([]byte("in.tftpd\x00--listen\x00/srv/tftp")), "auditd ||||696e2e7466747064002d2d6c697374656e002f7372762f74667470|||  |", nil},
		{"type=PROCTITLE msg=audit(1.2:3): proctitle=" + strings.ToUpper(hex.EncodeToString([]byte("in.tftpd\x00--listen\x00/srv/tftp"))), "auditd ||||in.tftpd --listen /srv/tftp|||  |", nil},
		{`type=SOCKADDR msg=audit(1.2:3): saddr=02000050A9FEA9FE0000000000000000`, "auditd |||||||" + " 169.254.169.254 80|", nil},
		{`type=PATH msg=audit(1.2:3): item=1 name="/srv/tftp/x.bin" inode=1 nametype=CREATE`, "auditd |create|||||/srv/tftp/x.bin|  |", nil},
		{`type=USER_CMD msg=audit(1489519256.192:19600329): user pid=4151 uid=497 auid=700 ses=1 msg='cwd="/" cmd=636F707920782E62696E202F7372762F74667470 terminal=? res=success'`,
			"auditd |exec|700||copy x.bin /srv/tftp|||  |success", nil},
		{`type=UNKNOWN[1329] msg=g`, "", nil},
		{`sshd[7]: Invalid user type=EXECVE msg=audit(1.2:3): a0="reload" from 10.6.6.6`, "", nil},
		{`Nov 22 01:04:57 mgmt2 audispd: node=mgmt1 type=EXECVE msg=audit(1.2:3): argc=1 a0="top"`, "auditd mgmt1|exec|||top|||  |", nil},
		{`type=TTY msg=audit(1.2:3): tty pid=1 comm="bash" data=68756E746572320D`, "auditd ||||||" + "|  |", nil},
		{sysmon("1", "ProcessId", "7", "Image", "/usr/bin/scp", "CommandLine", "scp &quot;x.bin&quot; core1:flash:", "User", "bob", "Hashes", "MD5=44D88612FEA8A8F36DE82E1278ABB02F", "ParentImage", "/bin/bash", "ParentCommandLine", "-"),
			`sysmon mgmt1|exec|bob|/usr/bin/scp|scp "x.bin" core1:flash:|/bin/bash||  |`, map[string]string{"digest": "md5:44d88612fea8a8f36de82e1278abb02f", "event_id": "1"}},
		{sysmon("3", "Image", "/usr/bin/scp", "Protocol", "udp", "Initiated", "true", "SourceIp", "10.0.0.8", "DestinationIp", "10.0.0.1", "DestinationPort", "69"), "sysmon mgmt1|connect||/usr/bin/scp||||10.0.0.8 10.0.0.1 69|", nil},
		{sysmon("3", "Image", "/usr/sbin/in.tftpd", "Initiated", "false", "SourceIp", "10.0.0.1", "DestinationIp", "10.0.0.8", "DestinationPort", "69"), "sysmon mgmt1|listen||/usr/sbin/in.tftpd||||10.0.0.1  69|", nil},
		{sysmon("11", "Image", "/bin/cp", "TargetFilename", "/srv/tftp/x.bin"), "sysmon mgmt1|create||/bin/cp|||/srv/tftp/x.bin|  |", nil},
		{sysmon("5", "Image", "&lt;unknown process&gt;"), "sysmon mgmt1||||||" + "|  |", nil},
		{"Oct 24 17:05:31 mgmt1 sysmon[3041]: Configuration file validated.", "sysmon ||||||" + "|  |", map[string]string{"message": "Configuration file validated."}},
		{`sshd[1]: user sysmon[2]: x`, "", nil},
		{`{"action":"added","columns":{"cmdline":"scp x.bin core1:flash:","path":"/usr/bin/scp","pid":"1","parent":"2","auid":"1000"},"hostIdentifier":"mgmt1","name":"pack_process_events","unixTime":"1515431189"}`,
			"osquery mgmt1|exec|1000|/usr/bin/scp|scp x.bin core1:flash:|||  |", nil},
		{`{"action":"added","columns":{"action":"bind","family":"2","local_address":"0.0.0.0","local_port":"69","remote_address":"","remote_port":"0","path":"/usr/sbin/in.tftpd"},"hostIdentifier":"mgmt1","name":"socket_events"}`,
			"osquery mgmt1|listen||/usr/sbin/in.tftpd||||  69|", nil},
		{`{"action":"added","columns":{"action":"connect","local_port":"0","remote_address":"10.0.0.1","remote_port":"22","path":"/usr/bin/ssh"},"hostIdentifier":"mgmt1","name":"socket_events"}`,
			"osquery mgmt1|connect||/usr/bin/ssh|||| 10.0.0.1 22|", nil},
		{`{"action":"snapshot","snapshot":[{"address":"0.0.0.0","port":"22","protocol":"6"},{"address":"::","port":"69","protocol":"17"}],"hostIdentifier":"mgmt1","name":"listening_ports"}`, "osquery mgmt1|listen||||||  22|", nil},
		{`{"action":"added","columns":{"action":"CREATED","target_path":"/srv/tftp/x.bin","size":"9","sha1":"1895628784b47ad8da112c699a1b21f5b49c2b80"},"hostIdentifier":"mgmt1","name":"file_events"}`,
			"osquery mgmt1|create|||||/srv/tftp/x.bin|  |", map[string]string{"size": "9", "digest": "sha1:1895628784b47ad8da112c699a1b21f5b49c2b80"}},
		{`{"action":"removed","columns":{"cmdline":"x","path":"/x"},"hostIdentifier":"mgmt1","name":"processes"}`, "osquery mgmt1||||||" + "|  |", nil},
		{`{"TimeGenerated":"2026-11-22T01:04:57.1Z","Type":"DeviceProcessEvents","DeviceName":"mgmt1","ActionType":"ProcessCreated","FolderPath":"/usr/bin/scp","FileName":"scp","ProcessCommandLine":"scp x.bin core1:flash:","AccountName":"bob","InitiatingProcessCommandLine":"-bash"}`,
			"defender mgmt1|exec|bob|/usr/bin/scp|scp x.bin core1:flash:|-bash||  |", map[string]string{"col.ProcessCommandLine": "scp x.bin core1:flash:", "type": "DeviceProcessEvents", "col.Type": "DeviceProcessEvents"}},
		{`{"time":"x","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"Timestamp":"2026-11-22T01:04:57Z","DeviceName":"mgmt1","ActionType":"ConnectionSuccess","RemoteIP":"10.0.0.1","RemotePort":69,"InitiatingProcessFileName":"tftp.exe","InitiatingProcessFolderPath":"c:\\windows","InitiatingProcessCommandLine":"tftp put x.bin"}}`,
			`defender mgmt1|connect||c:\windows\tftp.exe|tftp put x.bin||| 10.0.0.1 69|`, map[string]string{"col.RemotePort": "69"}},
		{`{"Timestamp":"2026-11-22T01:04:57Z","DeviceName":"mgmt1","ActionType":"ListeningConnectionCreated","LocalPort":69,"InitiatingProcessFileName":"tftpd64.exe"}`, `defender mgmt1|listen||tftpd64.exe||||  69|`, nil},
		{`{"Timestamp":"2026-11-22T01:04:57Z","DeviceName":"mgmt1","ActionType":"FileCreated","FolderPath":"C:\\TFTP-Root\\x.bin","FileName":"x.bin","FileSize":9,"SHA256":"275A021BBFB6489E54D471899F7DB9D1663FC695EC2FE2A2C4538AABF651FD0F"}`,
			`defender mgmt1|create|||||C:\TFTP-Root\x.bin|  |`, map[string]string{"digest": "sha256:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"}},
		{`{"DeviceName":"PA-VM","ActionType":"commit"}`, "", nil},
	} {
		r := readAny(test.line)
		got := ""
		if r.Format != "" {
			got = short(&r)
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		for name, want := range test.also {
			if got := r.Fields.Get(name); got != want {
				t.Errorf("%s\n%s is %q, want %q", test.line, name, got, want)
			}
		}
		if strings.Contains(fmt.Sprint(r), "68756E74657232") {
			t.Errorf("%s\nkeys that somebody pressed are kept: %v", test.line, r)
		}
	}
}

func TestSystemCall(t *testing.T) {
	lines := []string{
		`type=SYSCALL msg=audit(1581371984.206:7): arch=c000003e syscall=59 success=yes pid=7 auid=1000 uid=0 comm="cp" exe="/usr/bin/cp"`,
		`type=SYSCALL msg=audit(1581371984.207:8): arch=c000003e syscall=257 success=yes pid=7 auid=1000 comm="cp" exe="/usr/bin/cp"`,
		`type=EXECVE msg=audit(1581371984.206:7): argc=3 a0="cp" a1=7820792E62696E a2="."`,
		`type=CWD msg=audit(1581371984.207:8):  cwd="/srv/tftp"`,
		`type=CWD msg=audit(1581371984.206:7):  cwd="/srv/tftp"`,
		`type=PATH msg=audit(1581371984.207:8): item=0 name="/srv/tftp" nametype=PARENT`,
		`type=PATH msg=audit(1581371984.207:8): item=1 name="y.bin" nametype=CREATE`,
		`type=PROCTITLE msg=audit(1581371984.206:7): proctitle="cp"`,
		`type=EOE msg=audit(1581371984.207:8): `,
	}
	j := NewJoiner()
	var got []string
	emit := func(r alerts.Record) {
		if r.Fields.Has(alerts.Action) {
			got = append(got, fmt.Sprintf("%d %s", r.Origin.Line, short(&r)))
		}
	}
	for i, line := range lines {
		r := readAny(line)
		r.Origin.Line = i + 1
		j.Add(r, emit)
	}
	want := []string{"1 auditd |exec|1000|/usr/bin/cp|cp x y.bin .|||  |success", "2 auditd |create|1000|/usr/bin/cp|||/srv/tftp/y.bin|  |success"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestJoinerLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := NewJoiner()
		j.calls.Bound = 3
		came := map[int]int{}
		emit := func(r alerts.Record) { came[r.Origin.Line]++ }
		n := rapid.IntRange(0, 60).Draw(t, "lines")
		now := time.Unix(1e9, 0)
		for i := range n {
			kind := rapid.SampledFrom([]string{"SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE", "EOE", "USER_CMD"}).Draw(t, "type")
			r := readAny(fmt.Sprintf(`type=%s msg=audit(1.2:%d): a0="x"`, kind, rapid.IntRange(1, 6).Draw(t, "serial")))
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			r.Origin.Line, r.Received = i, now
			j.Advance(now, emit)
			j.Add(r, emit)
			if j.calls.Len() > 3 {
				t.Fatalf("%d calls wait", j.calls.Len())
			}
		}
		j.Flush(time.Time{}, emit)
		if len(came) != n {
			t.Fatalf("%d lines went in, %d came out", n, len(came))
		}
		for line, times := range came {
			if times != 1 {
				t.Fatalf("line %d came out %d times", line, times)
			}
		}
	})
}

// TestDecode holds that what the kernel encodes is what it was.
func TestDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[ -~äß]{0,40}`).Draw(t, "argument")
		quoted := `"` + s + `"`
		if strings.ContainsAny(s, " \"") || !isASCII(s) {
			quoted = strings.ToUpper(hex.EncodeToString([]byte(s)))
		}
		if got := decode(quoted); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c > 127 })
}

// TestScoreboard says how many lines of the collection each format knew.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/host/*.log")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/host here")
	}
	known, lines := map[string]int{}, 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		s := bufio.NewScanner(file)
		for s.Buffer(nil, 1<<20); s.Scan(); lines++ {
			r := readAny(s.Text())
			known[strings.TrimSpace(r.Format+" "+r.Fields.Get(alerts.Action))]++
			if r.Format == "" {
				t.Logf("no format knew %.120q", s.Text())
			}
		}
	}
	t.Logf("%d lines: %v", lines, known)
	if known[""] > 1 {
		t.Errorf("%d lines are not known", known[""])
	}
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{
		"node=m type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=59 exe=2F62696E2F7720#035SYSCALL=execve", `type=EXECVE msg=audit(1.2:3): a0="x" a1[0]="abc" a99999=1`,
		"type=SOCKADDR msg=audit(1.2:3): saddr=0A00DE99000000000000000000000000000000000000000000000000", sysmon("3", "Image", "&lt;x"),
		`{"action":"snapshot","snapshot":[{"port":"22","address":"","protocol":""}],"hostIdentifier":"m","name":"n"}`, `{"DeviceName":"m","ActionType":"ProcessCreated","FolderPath":"a","FileName":"b"}`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		j := NewJoiner()
		left := 0
		for _, format := range Formats {
			r := alerts.Record{Raw: line, Hosts: []string{"relay"}}
			if !format.Read(line, &r) {
				if len(r.Fields) > 0 || r.Format != "" || r.Raw != line || len(r.Hosts) != 1 {
					t.Fatalf("%s did not know %q and left %+v", format.Name, line, r)
				}
				continue
			}
			if r.Kind != alerts.Host || r.Format != format.Name {
				t.Fatalf("%s read %q as %q, %q", format.Name, line, r.Kind, r.Format)
			}
			left++
			if r.Format == "auditd" {
				j.Add(r, func(alerts.Record) { left-- })
			} else {
				left--
			}
		}
		if j.Flush(time.Time{}, func(alerts.Record) { left-- }); left != 0 {
			t.Fatalf("%q did not come out", line)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const line = `node=mgmt1 type=EXECVE msg=audit(1581371984.206:579393): argc=3 a0="scp" a1=782062696E a2="core1:flash:"`
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !readAudit(line, &r) {
			b.Fatal("not read")
		}
	}
}
