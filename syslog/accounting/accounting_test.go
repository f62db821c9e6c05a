package accounting

import (
	"bufio"
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

// short is a record as "format type activity|host user terminal address privilege|command|result".
func short(r *alerts.Record) string {
	get := func(name string) string {
		if v := r.Fields.Get(name); v != "" {
			return v
		}
		return "-"
	}
	host := "-"
	if len(r.Hosts) > 0 {
		host = r.Hosts[0]
	}
	return strings.Join([]string{r.Format, get(alerts.Type), get(alerts.Activity)}, " ") + "|" +
		strings.Join([]string{host, get(alerts.User), get(alerts.Terminal), get(alerts.Address), get(alerts.Privilege)}, " ") + "|" + get(alerts.Command) + "|" + get(alerts.Result)
}

func TestFormats(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"Wed Jun 27 03:47:17 2001\t172.16.25.15\tusername1\ttty3\t5622329430/4327528\tstop\ttask_id=6\tservice=shell\tpriv-lvl=15\tcmd=configure terminal <cr>",
			"tac_plus accounting stop|172.16.25.15 username1 tty3 5622329430/4327528 15|configure terminal|-"},
		{"172.16.25.15\tbob\ttty3\t10.0.0.9\tstop\tcmd=reload <cr>\tpriv-lvl=15\tservice=shell\ttask_id=6", "tac_plus accounting stop|172.16.25.15 bob tty3 10.0.0.9 15|reload|-"},
		{"tac_plus[77]: 172.16.25.15#011bob#011tty3#01110.0.0.9#011stop#011task_id=6#011cmd=copy tftp://10.0.0.9/x.bin flash: <cr>", "tac_plus accounting stop|172.16.25.15 bob tty3 10.0.0.9 -|copy tftp://10.0.0.9/x.bin flash:|-"},
		{"Thu Jul 13 14:09:02 1995\tcherub.cisco.com\tbillw\ttty18\t171.69.1.152\tstart\ttask_id=17150\tservice=exec\tport=18", "tac_plus accounting start|cherub.cisco.com billw tty18 171.69.1.152 -|-|-"},
		{"Thu Jul 13 14:09:02 1995\tsw1\tbob\ttty1\t10.0.0.9\tstop\ttask_id=1\tservice=shell\tcmd=copy\tcmd-arg=tftp:\tcmd-arg=flash:\tcmd-arg=<cr>", "tac_plus accounting stop|sw1 bob tty1 10.0.0.9 -|copy tftp: flash:|-"},
		{"2026-01-02 03:04:05 +0100\t10.0.0.1\tbob\ttty1\t10.0.0.9\tstop\tshell\tcopy tftp://h/x?a=b flash: <cr>", "tac_plus-ng accounting stop|10.0.0.1 bob tty1 10.0.0.9 -|copy tftp://h/x?a=b flash:|-"},
		{"Wed Jun 27 03:47:17 2001 172.16.25.15 bob tty3 10.0.0.9 stop task_id=6 service=shell cmd=reload in 5 <cr> priv-lvl=15", "tac_plus accounting stop|172.16.25.15 bob tty3 10.0.0.9 15|reload in 5|-"},
		{"Aaa: %ACCOUNTING-6-CMD: admin vty6 192.168.2.1 stop task_id=17 start_time=1521923632.5 cmd=show", ""},
		{"sshd[7]: Invalid user CISE_X 1 1 0 User=bob, CmdSet=[ CmdAV=reload ] from 10.6.6.6", ""},
		{"a\tstop", ""},
		{"CISE_TACACS_Accounting 0000000001 1 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, ConfigVersionId=1829, Device IP Address=10.0.0.1, CmdSet=[ CmdAV=copy CmdArgAV=tftp://10.0.0.9/x.bin CmdArgAV=flash: CmdArgAV=<cr> ], NetworkDeviceName=SW1, Privilege-Level=15, User=bob, Port=tty2, Remote-Address=10.0.0.9, AcctRequest-Flags=Stop, Response={AcctReply-Status=Success; }",
			"ise accounting stop|10.0.0.1 bob tty2 10.0.0.9 15|copy tftp://10.0.0.9/x.bin flash:|Success"},
		{"<182>Feb 21 19:13:08 ise CISE_Passed_Authentications 0000000001 1 0 2020-02-21 19:13:08.328 +00:00 0018415636 5202 NOTICE Device-Administration: Command Authorization succeeded, Device IP Address=10.0.0.1, CmdSet=[ CmdAV=show mac-address-table <cr> ], User=bob, Port=tty10",
			"ise authorization -|10.0.0.1 bob tty10 - -|show mac-address-table|-"},
		{"CISE_Failed_Attempts 0000000001 1 0 2020-02-21 19:13:08.328 +00:00 0018415636 5402 NOTICE Device-Administration: Command Authorization failed, Device IP Address=10.0.0.1, CmdSet=[ CmdAV=reload CmdArgAV=<cr> ], User=bob, FailureReason=13025 Command failed to match a Permit rule",
			"ise authorization -|10.0.0.1 bob - - -|reload|failure"},
		{"CSCOacs_TACACS_Accounting: 0000000002 3 1 CmdSet=[ CmdAV=show CmdArgAV=run\\, all CmdArgAV=<cr> ], User=eve\\, too", "ise accounting -|- eve, too - - -|show run, all|-"},
		{"CISE_Alarm WARN: RADIUS Authentication Request dropped : Server=10.0.0.5; NAS IP Address=10.29.29.27", "ise alarm -|- - - - -|-|-"},
		{"xCISE_TACACS_Accounting 1 1 0 User=a", ""},
		{"CPPM_System_Events 1 1 0 event_source=SnmpService,level=ERROR,category=Trap,description=Switch IP=10.17.8.67. Ignore,action_key=Failed", "clearpass accounting -|- - - - -|-|-"},
		{"Tacacs Commands 4 1 0 Common.Username=bob,Common.NAS-IP-Address=10.0.0.1,TACACS.Command=copy a,b flash: <cr>,TACACS.Privilege-Level=15", "clearpass accounting -|10.0.0.1 bob - - 15|copy a,b flash:|-"},
		{`user=admin addr=10.0.0.9 priv-lvl=15 cmd="boot system primary" result=success`, "device-accounting accounting -|- admin - 10.0.0.9 15|boot system primary|success"},
		{`User="admin" Cmd="reload" Stop_time=Thu Jan  1 00:00:00 2026 Status=Succeeded`, "device-accounting accounting -|- admin - - -|reload|Succeeded"},
		{`type=USYS_CONFIG msg=audit(Jun 21 2017 20:23:36.466:14) : pid=4217 uid=default msg='rec=ACCT_CMD op=stop session=CONSOLE user=admin priv-lvl=15 data="interface 1/1/1" hostname=8400X addr=0.0.0.0 res=success'`,
			"device-accounting accounting stop|- admin CONSOLE 0.0.0.0 15|interface 1/1/1|success"},
		{`<102> 2012-04-09 15:21:43 4/9/2012 3:21:43 PM NAS_IP=10.17.37.150 Port=0 rem_addr=Console User=admin Flags=Stop task_id=1 timezone=Etc/GMT+0 service=shell priv-lvl=0 Cmd=copy a b Stop_time=Mon Apr  9 09:43:56 2012 Status=Succeeded`,
			"device-accounting accounting stop|10.17.37.150 admin 0 Console 0|copy a b|Succeeded"},
		{`somebody set cmd="x" in a script`, ""},
		{"\tCisco-AVPair = \"shell:priv-lvl=15\"", "freeradius-detail accounting -|- - - - 15|-|-"},
		{"Tue Mar  4 12:00:00 2014\\n\\tUser-Name = \"bob\"\\n\\tNAS-IP-Address = 10.0.0.1\\n\\tAcct-Status-Type = Start\\n", "freeradius-detail accounting start|10.0.0.1 bob - - -|-|-"},
		{"let x = y", ""},
		{"Acct-Status-Type=Start,User-Name=bob,NAS-IP-Address=10.0.0.1,cisco-avpair=priv-lvl=15", "radius accounting start|10.0.0.1 bob - - 15|-|-"},
		{`Acct-Status-Type = Stop, User-Name = "bob", NAS-IP-Address = 10.0.0.1`, "radius accounting stop|10.0.0.1 bob - - -|-|-"},
		{"Auth: (5) Login OK: [bob/<via Auth-Type = PAP>] (from client core1 port 2 cli 10.0.0.9)", "freeradius authentication login|core1 bob 2 10.0.0.9 -|-|success"},
		{"Login incorrect (pap: no): [bob/secret] (from client core1 port 2 cli 10.0.0.9)", "freeradius authentication login|core1 bob 2 10.0.0.9 -|-|failure"},
		{"Disconnect: [bob] (did 00-11 cli 10.0.0.9 port 2 ip 10.9.9.9) 42 seconds", "freeradius accounting stop|- bob 2 10.0.0.9 -|-|-"},
	} {
		line := test.line
		if strings.HasPrefix(line, "Tue Mar") {
			line = strings.NewReplacer(`\t`, "\t").Replace(line)
		}
		r := readAny(line)
		got := ""
		if r.Format != "" {
			got = short(&r)
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", line, got, test.want)
		}
		if strings.Contains(r.Raw, "secret") || strings.Contains(r.Fields.Get(alerts.Message), "secret") {
			t.Errorf("%s: a password is kept", line)
		}
	}
}

func TestPasswordsAreHidden(t *testing.T) {
	for _, line := range []string{
		"\tUser-Password = \"hunter2\"", "Acct-Status-Type=Start,User-Name=bob,User-Password=hunter2", "Login OK: [bob/hunter2] (from client c port 1 cli 10.0.0.9)",
	} {
		r := readAny(line)
		if r.Format == "" || strings.Contains(fmt.Sprintf("%+v", r), "hunter2") {
			t.Errorf("%q: %+v", line, r)
		}
	}
}

func TestTemplate(t *testing.T) {
	for _, test := range []struct{ template, line, want string }{
		{`%Y-%m-%d %H:%M:%S %z\t${nas}\t${user}\t${port}\t${nac}\t${accttype}\t${service}\t${cmd}`, "2026-01-02 03:04:05 +0100\t10.0.0.1\tbob\ttty1\t10.0.0.9\tstop\tshell\treload <cr>",
			"t accounting stop|10.0.0.1 bob tty1 10.0.0.9 -|reload|-"},
		{`%Y-%m-%d %H:%M:%S %z\t${nas}\t${user} ${cmd}`, "10.0.0.1\tbob reload in 5", "t accounting -|10.0.0.1 bob - - -|reload in 5|-"},
		{`%{NAS-IP-Address} %{User-Name} ran [%{Cisco-AVPair}]`, "10.0.0.1 bob ran [cmd=copy tftp: flash:]", "t accounting -|10.0.0.1 bob - - -|copy tftp: flash:|-"},
		{`${user}@${nas}: ${cmd} (${priv-lvl})`, "bob@sw1: show (all) (15)", ""},
		{`${user}@${nas}: ${cmd} ;${priv-lvl}`, "bob@sw1: show ;15", "t accounting -|sw1 bob - - 15|show|-"},
		{`${user}: ${cmd}`, "no colon", ""},
	} {
		tmpl, err := ParseTemplate(test.template)
		if err != nil {
			t.Errorf("%s: %v", test.template, err)
			continue
		}
		r := alerts.Record{Raw: test.line}
		got := ""
		if tmpl.Format("t").Read(test.line, &r) {
			got = short(&r)
		}
		if got != test.want {
			t.Errorf("%s\n%s\n got %s\nwant %s", test.template, test.line, got, test.want)
		}
	}
	for _, bad := range []string{"", "text", "${a}${b}", "${a", "%Q ${a} x", "${} x", "${user}"} {
		if _, err := ParseTemplate(bad); err == nil {
			t.Errorf("%q is a template", bad)
		}
	}
}

func TestSegments(t *testing.T) {
	const head = "CISE_TACACS_Accounting 0000000007 3 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, Device IP Address=10.0.0.1, User=bob,"
	lines := []string{
		"CISE_TACACS_Accounting 0000000007 3 2  CmdArgAV=flash: CmdArgAV=<cr> ], Port=tty1,",
		"CISE_TACACS_Accounting 0000000008 2 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: x, Device IP Address=10.0.0.2, CmdSet=[ CmdAV=exit ],",
		head,
		"CISE_TACACS_Accounting 0000000007 3 1  Privilege-Level=15, CmdSet=[ CmdAV=copy CmdArgAV=tftp://10.0.0.9/x.bin",
	}
	j := NewJoiner()
	var got []string
	emit := func(r alerts.Record) { got = append(got, short(&r)) }
	for _, line := range lines {
		j.Add(readAny(line), emit)
	}
	want := []string{"ise accounting -|10.0.0.1 bob tty1 - 15|copy tftp://10.0.0.9/x.bin flash:|-", "ise - -|- - - - -|-|-", "ise - -|- - - - -|-|-"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	got = nil
	j.Flush(time.Time{}, emit)
	if want := []string{"ise accounting -|10.0.0.2 - - - -|exit|-"}; !slices.Equal(got, want) {
		t.Errorf("an incomplete message came out as %q", got)
	}
}

func TestDetailLines(t *testing.T) {
	j := NewJoiner()
	var got []string
	emit := func(r alerts.Record) { got = append(got, short(&r)) }
	for _, line := range []string{"\tUser-Name = \"bob\"", "\tNAS-IP-Address = 10.0.0.1", "\tCisco-AVPair = \"cmd=reload <cr>\"", "\tAcct-Status-Type = Stop", "\tTimestamp = 1393930800"} {
		r := readAny(line)
		r.Origin.Source = "detail"
		j.Add(r, emit)
	}
	if len(got) != 5 || got[0] != "freeradius-detail accounting stop|10.0.0.1 bob - - -|reload|-" {
		t.Errorf("got %q", got)
	}
}

// TestCountedOnce holds that a command that is authorized and then accounted for is told once, and that a refused one is not lost.
func TestCountedOnce(t *testing.T) {
	line := func(code, what string) string {
		return "CISE_X 1 1 0 2020-02-21 19:13:08.328 +00:00 1 " + code + " NOTICE Device-Administration: " + what + ", Device IP Address=10.0.0.1, CmdSet=[ CmdAV=reload CmdArgAV=<cr> ], User=bob, Port=tty1"
	}
	j := NewJoiner()
	var told, repeated int
	emit := func(r alerts.Record) {
		if r.Fields.Has(alerts.Command) {
			told++
		}
		if r.Fields.Has(RepeatedCommand) {
			repeated++
		}
	}
	for _, l := range []string{line("5202", "Command Authorization succeeded"), line("3300", "with Command"), line("3300", "with Command"), line("5402", "Command Authorization failed")} {
		j.Add(readAny(l), emit)
	}
	if told != 3 || repeated != 1 {
		t.Errorf("told %d times, repeated %d", told, repeated)
	}
}

// TestJoinerLosesNothing holds that each line comes out once, whatever comes in.
func TestJoinerLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := NewJoiner()
		j.groups.Bound = 3
		came := map[int]int{}
		emit := func(r alerts.Record) { came[r.Origin.Line]++ }
		n := rapid.IntRange(0, 60).Draw(t, "lines")
		now := time.Unix(1e9, 0)
		for i := range n {
			line := fmt.Sprintf("CISE_X 000%d %d %d User=a, CmdSet=[ CmdAV=b ],", rapid.IntRange(0, 5).Draw(t, "id"), rapid.IntRange(0, 4).Draw(t, "total"), rapid.IntRange(0, 4).Draw(t, "index"))
			if rapid.Bool().Draw(t, "detail") {
				line = rapid.SampledFrom([]string{"\tUser-Name = \"a\"", "\tTimestamp = 1"}).Draw(t, "line")
			}
			r := readAny(line)
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			r.Origin.Line, r.Received = i, now
			j.Advance(now, emit)
			j.Add(r, emit)
			if j.groups.Len() > 3 {
				t.Fatalf("%d groups wait", j.groups.Len())
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

// TestScoreboard says how many lines of the collection each format knew.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/aaa/*.log")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/aaa here")
	}
	known, lines, devices := map[string]int{}, 0, 0
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for s := bufio.NewScanner(file); s.Scan(); lines++ {
			r := readAny(s.Text())
			known[r.Format]++
			if len(r.Hosts) > 0 {
				devices++
			}
			if r.Format == "" {
				t.Errorf("no format knew %.200q", s.Text())
			}
		}
	}
	t.Logf("%d lines: %v; %d name a device", lines, known, devices)
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{
		"Wed Jun 27 03:47:17 2001\t172.16.25.15\tu\ttty3\tr\tstop\ttask_id=6\tcmd=configure terminal <cr>",
		"CISE_X 1 1 0 2020-02-21 19:13:08.328 +00:00 1 3300 NOTICE T: x, CmdSet=[ CmdAV=a CmdArgAV=<cr> ], Response={A-Status=S; }", "A 4 1 0 b=c,d=e,f,g=h",
		`user=admin cmd="boot system primary" result=success`, "\tUser-Password = \"x\"", "Acct-Status-Type=Start,User-Name=bob", "Login OK: [bob/x] (from client core1 port 2 cli 10.0.0.9)",
	} {
		f.Add(line)
	}
	tmpl, err := ParseTemplate(`%F %T ${nas} ${user}: ${cmd}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		j := NewJoiner()
		n := 0
		for _, format := range append(slices.Clone(Formats), tmpl.Format("template")) {
			r := alerts.Record{Raw: line, Hosts: []string{"relay"}}
			if !format.Read(line, &r) {
				if len(r.Fields) > 0 || r.Format != "" || r.Raw != line || len(r.Hosts) != 1 {
					t.Fatalf("%s did not know %q and left %+v", format.Name, line, r)
				}
				continue
			}
			if r.Kind != alerts.Accounting || r.Format == "" {
				t.Fatalf("%s read %q as %q, %q", format.Name, line, r.Kind, r.Format)
			}
			j.Add(r, func(alerts.Record) { n-- })
			n++
		}
		if j.Flush(time.Time{}, func(alerts.Record) { n-- }); n > 0 {
			t.Fatalf("%q did not come out", line)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add(`%Y-%m-%d %H:%M:%S %z\t${nas}\t${user} ${cmd}`, "10.0.0.1\tbob reload")
	f.Fuzz(func(t *testing.T, template, line string) {
		tmpl, err := ParseTemplate(template)
		if err != nil {
			return
		}
		var r alerts.Record
		tmpl.Format("t").Read(line, &r)
	})
}

func BenchmarkRead(b *testing.B) {
	const line = "CISE_TACACS_Accounting 0000000001 1 0 2020-02-21 19:13:08.328 +00:00 0018415636 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, ConfigVersionId=1829, Device IP Address=10.0.0.1, CmdSet=[ CmdAV=copy CmdArgAV=tftp://10.0.0.9/x.bin CmdArgAV=flash: CmdArgAV=<cr> ], NetworkDeviceName=SW1, User=bob"
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !readISE(line, &r) {
			b.Fatal("not read")
		}
	}
}
