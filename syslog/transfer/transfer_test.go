package transfer

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

func readAny(line string) alerts.Record {
	r := alerts.Record{Raw: line}
	readInto(line, &r)
	return r
}

func readInto(line string, r *alerts.Record) bool {
	for i := range Formats {
		f := &Formats[i]
		if slices.ContainsFunc(f.Marks, func(m string) bool { return strings.Contains(line, m) }) && f.Read(line, r) {
			return true
		}
	}
	return false
}

// short is a record as "format activity client file direction result size user reason", with "-" for what is missing.
func short(r *alerts.Record) string {
	s := []string{r.Format}
	for _, name := range []string{alerts.Activity, alerts.Client, alerts.File, alerts.Direction, alerts.Result, alerts.Size, alerts.User, alerts.Reason} {
		if v := r.Fields.Get(name); v != "" {
			s = append(s, v)
		} else {
			s = append(s, "-")
		}
	}
	return strings.Join(s, " ")
}

func TestFormats(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"in.tftpd[2776]: RRQ from 10.0.1.100 filename x.bin", "tftpd-hpa RRQ 10.0.1.100 x.bin in - - - -"},
		{"<29>Nov 22 01:04:57 in.tftpd[31913]: RRQ from 127.0.0.1 filename a b.bin remapped to /srv/a b.bin", "tftpd-hpa RRQ 127.0.0.1 a b.bin in - - - -"},
		{"<29>Nov 22 01:04:58 srv1 in.tftpd[31916]: WRQ from ::ffff:10.0.0.1 filename up.cfg", "tftpd-hpa WRQ 10.0.0.1 up.cfg out - - - -"},
		{"/usr/sbin/in.tftpd[31916]: WRQ from 2001:db8::1 filename up.cfg", "tftpd-hpa WRQ 2001:db8::1 up.cfg out - - - -"},
		{"in.tftpd[31914]: sending NAK (1, File not found) to 127.0.0.1", "tftpd-hpa NAK 127.0.0.1 - - refused - - File not found"},
		{"in.tftpd[4391]: Client ::ffff:10.0.0.1 finished pxelinux.0", "tftpd-hpa finished 10.0.0.1 pxelinux.0 in success - - -"},
		{"in.tftpd[4391]: Client 10.0.0.1 File not found a/b.bin", "tftpd-hpa NAK 10.0.0.1 a/b.bin in refused - - File not found"},
		{"in.tftpd[4391]: Client 10.0.0.1 timed out", "tftpd-hpa timeout 10.0.0.1 - - incomplete - - timed out"},
		{"in.tftpd[4391]: tftp: client does not accept options", "tftpd-hpa - - - - - - - -"},
		{"sshd[1]: Invalid user in.tftpd[2]: RRQ from 10.0.0.1 filename x.bin from 10.6.6.6", ""},
		{`sshd[1]: Invalid user {"logtype":10001,"node_id":"c1","src_host":"10.0.0.1"} from 10.6.6.6`, ""},
		{`Nov 22 00:51:31 srv1 vsftpd[9]: [bob] OK DOWNLOAD: Client "10.0.0.1", "/x.bin", 20 bytes, 2.85Kbyte/sec`, "vsftpd DOWNLOAD 10.0.0.1 /x.bin in success 20 bob -"},
		{`<13>Nov 22 00:51:31 web nginx: 10.0.0.1 - - [22/Nov/2026:00:51:31 +0000] "GET /x.bin HTTP/1.1" 200 9`, "http-access GET 10.0.0.1 /x.bin in success 9 - -"},
		{`www.example.com:80 10.0.0.1 - bob [22/Nov/2026:00:51:31 +0000] "GET /x.bin HTTP/1.1" 200 9`, "http-access GET 10.0.0.1 /x.bin in success 9 bob -"},
		{"atftpd[5930]: Serving x.bin to 10.0.0.1:41015", "atftpd RRQ 10.0.0.1 x.bin in - - - -"},
		{"atftpd[5930]: Serving x.bin to 2001:db8::5", "atftpd RRQ 2001:db8::5 x.bin in - - - -"},
		{"atftpd[5930]: Fetching from 10.0.0.1 to up to.cfg", "atftpd WRQ 10.0.0.1 up to.cfg out - - - -"},
		{"atftpd[5930]: File /srv/tftp/x not found", "atftpd NAK - - - refused - - File not found"},
		{"atftpd[5930]: End of transfer", "atftpd finished - - - success - - -"},
		{"dnsmasq-tftp[1]: sent /srv/tftp/x to y.bin to 10.0.0.1", "dnsmasq-tftp RRQ 10.0.0.1 /srv/tftp/x to y.bin in success - - -"},
		{"dnsmasq-tftp[1]: file /srv/tftp/x not found for 10.0.0.1", "dnsmasq-tftp RRQ 10.0.0.1 /srv/tftp/x in refused - - File not found"},
		{"dnsmasq-tftp[1]: failed sending /srv/tftp/x to 10.0.0.1", "dnsmasq-tftp RRQ 10.0.0.1 /srv/tftp/x in incomplete - - -"},
		{"dnsmasq-tftp[1]: unsupported request from 10.0.0.1", "dnsmasq-tftp WRQ 10.0.0.1 - - refused - - unsupported request"},
		{"dnsmasq-tftp[1]: error 0 TFTP Aborted received from 10.0.0.1", "dnsmasq-tftp error 10.0.0.1 - - incomplete - - error 0 TFTP Aborted"},
		{"tftpd[123]: 10.0.0.1: read request for //x.bin: success", "bsd-tftpd RRQ 10.0.0.1 //x.bin in - - - -"},
		{"tftpd[123]: 10.0.0.1: write request for x.cfg: File not found", "bsd-tftpd WRQ 10.0.0.1 x.cfg out refused - - File not found"},
		{"Read request for file <x.bin>. Mode octet [25/11 06:00:00.123]", "tftpd32 RRQ - x.bin in - - - -"},
		{"<x.bin>: sent 200 blks, 102400 bytes in 1 s. 0 blk resent [25/11 06:00:01.456]", "tftpd32 finished - x.bin in success 102400 - -"},
		{"<x.cfg>: rcvd 2 blks, 900 bytes in 0 s. 0 blk resent", "tftpd32 finished - x.cfg out success 900 - -"},
		{`Sun Nov 22 00:51:31 2026 [pid 6568] [daemon] OK DOWNLOAD: Client "127.0.0.1", "/x.bin", 200000 bytes, 23619.85Kbyte/sec`, "vsftpd DOWNLOAD 127.0.0.1 /x.bin in success 200000 daemon -"},
		{`[pid 6568] [net ops] FAIL UPLOAD: Client "::ffff:10.0.0.1", "/missing.bin", 0.00Kbyte/sec`, "vsftpd UPLOAD 10.0.0.1 /missing.bin out failure - net ops -"},
		{`Sun Nov 22 00:51:30 2026 [pid 6566] [daemon] OK LOGIN: Client "127.0.0.1", anon password "secret"`, "vsftpd LOGIN 127.0.0.1 - - success - daemon -"},
		{`Sun Nov 22 00:51:30 2026 [pid 6567] CONNECT: Client "127.0.0.1"`, "vsftpd CONNECT 127.0.0.1 - - - - - -"},
		{"Sun Nov 22 00:51:31 2026 1 10.0.0.1 200000 /x y.bin b _ o r user ftp 0 * c", "xferlog DOWNLOAD 10.0.0.1 /x y.bin in success 200000 user -"},
		{"Sun Nov 22 00:51:31 2026 1 10.0.0.1 100 /up.cfg b _ i r user sftp 1 id i", "xferlog UPLOAD 10.0.0.1 /up.cfg out incomplete 100 user -"},
		{"Sun Nov 22 00:51:31 2026 0 10.0.0.1 0 /x.bin b _ d r user ftp 0 * c", "xferlog DELETE 10.0.0.1 /x.bin - success 0 user -"},
		{"Sun Nov 22 00:51:31 2026 1 10.0.0.1 5 /x.bin b _ o a secret ftp 0 * c", "xferlog DOWNLOAD 10.0.0.1 /x.bin in success 5 anonymous -"},
		{"the sftp 1 of us", ""},
		{`10.0.0.1 UNKNOWN admin [22/Nov/2026:00:51:31 +0000] "RETR x.bin" 226 200000`, "proftpd RETR 10.0.0.1 x.bin in success 200000 admin -"},
		{`10.0.0.1 UNKNOWN admin [22/Nov/2026:00:51:31 +0000] "RETR x.bin" 550 -`, "proftpd RETR 10.0.0.1 x.bin in refused - admin -"},
		{`10.0.0.1 - - [22/Nov/2026:00:51:31 +0000] "GET /images/x.bin?v=1 HTTP/1.1" 200 26432168 "-" "cisco-IOS"`, "http-access GET 10.0.0.1 /images/x.bin in success 26432168 - -"},
		{`10.0.0.1 - - [22/Nov/2026 00:51:31] "GET /x.bin HTTP/1.1" 404 -`, "http-access GET 10.0.0.1 /x.bin in refused - - -"},
		{`10.0.0.1 - bob [22/Nov/2026:00:51:31 +0000] "PUT /up/run.cfg HTTP/1.1" 201 12`, "http-access PUT 10.0.0.1 /up/run.cfg out success 12 bob -"},
		{`sftp-server[7]: session opened for local user admin from [10.0.0.1]`, "sftp-server session 10.0.0.1 - - - - admin -"},
		{`sftp-server[7]: open "/x.bin" flags READ mode 0666`, "sftp-server open - /x.bin in - - - -"},
		{`internal-sftp[7]: open "/x.bin" flags WRITE,CREATE,TRUNCATE mode 0666`, "sftp-server open - /x.bin out - - - -"},
		{`sftp-server[7]: close "/x.bin" bytes read 200000 written 0`, "sftp-server close - /x.bin in success 200000 - -"},
		{`sftp-server[7]: forced close "/x.bin" bytes read 0 written 77`, "sftp-server close - /x.bin out incomplete 77 - -"},
		{`sftp-server[7]: close "/x.bin" bytes read 0 written 0`, "sftp-server close - /x.bin - - - - -"},
		{`sftp-server[7]: sent status No such file`, "sftp-server status - - - refused - - No such file"},
		{"xinetd[99]: START: tftp pid=2776 from=::ffff:10.0.0.1", "xinetd START 10.0.0.1 - - - - - -"},
		{`{"dst_host":"10.0.0.5","dst_port":69,"local_time":"2026-11-22 01:04:57.1","logdata":{"FILENAME":"x.bin","MODE":"octet","OPCODE":"READ"},"logtype":10001,"node_id":"c1","src_host":"10.0.0.1","src_port":1234}`,
			"opencanary READ 10.0.0.1 x.bin in refused - - -"},
		{`{"logtype":10001`, ""},
	} {
		r := readAny(test.line)
		got := ""
		if r.Format != "" {
			got = short(&r)
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		if strings.Contains(r.Fields.Get(alerts.Message)+r.Raw, "secret") {
			t.Errorf("%s: a password is kept", test.line)
		}
	}
}

// TestTagTaken reads a line whose tag the envelope has read already.
func TestTagTaken(t *testing.T) {
	for _, text := range []string{"RRQ from 10.0.0.1 filename x.bin", "in.tftpd[5]: RRQ from 10.0.0.1 filename x.bin"} {
		r := alerts.Record{Fields: alerts.Fields{{Name: alerts.Process, Value: "in.tftpd"}, {Name: alerts.PID, Value: "5"}}}
		if !readHPA(text, &r) || short(&r) != "tftpd-hpa RRQ 10.0.0.1 x.bin in - - - -" {
			t.Errorf("%q: %s", text, short(&r))
		}
	}
	r := alerts.Record{Fields: alerts.Fields{{Name: alerts.Process, Value: "sshd"}}}
	if readHPA("in.tftpd[5]: RRQ from 10.0.0.1 filename x.bin", &r) {
		t.Error("a message of sshd was read as one of in.tftpd")
	}
}

// join parses lines and takes them through Pairs.
func join(lines ...string) (out []string) {
	p := NewPairs()
	emit := func(r alerts.Record) { out = append(out, short(&r)) }
	for i, line := range lines {
		r := readAny(line)
		r.Hosts, r.Origin.Line, r.Received = []string{"srv1"}, i+1, time.Unix(1e9, 0)
		p.Add(r, emit)
	}
	p.Flush(time.Time{}, emit)
	return out
}

func TestPairs(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"a refusal is told by its process", []string{
			"in.tftpd[1]: RRQ from 10.0.0.1 filename a.bin", "in.tftpd[2]: RRQ from 10.0.0.1 filename b.bin", "in.tftpd[2]: sending NAK (1, File not found) to 10.0.0.1",
		}, []string{"tftpd-hpa RRQ 10.0.0.1 b.bin in refused - - File not found", "tftpd-hpa NAK 10.0.0.1 - - refused - - File not found", "tftpd-hpa RRQ 10.0.0.1 a.bin in - - - -"}},
		{"a refusal to somebody else refuses nothing", []string{
			"in.tftpd[1]: RRQ from 10.0.0.1 filename a.bin", "in.tftpd[1]: sending NAK (1, File not found) to 10.0.0.2",
		}, []string{"tftpd-hpa NAK 10.0.0.2 - - refused - - File not found", "tftpd-hpa RRQ 10.0.0.1 a.bin in - - - -"}},
		{"atftpd names the file", []string{
			"atftpd[9]: Serving a.bin to 10.0.0.1:5", "atftpd[9]: Serving b.bin to 10.0.0.2:5", "atftpd[9]: File /srv/tftp/a.bin not found",
		}, []string{"atftpd RRQ 10.0.0.1 a.bin in refused - - File not found", "atftpd NAK - - - refused - - File not found", "atftpd RRQ 10.0.0.2 b.bin in - - - -"}},
		{"atftpd forbids a path", []string{
			"atftpd[9]: Fetching from 10.0.0.1 to ../etc/x.bin", "atftpd[9]: File name with /../ are forbidden",
		}, []string{"atftpd WRQ 10.0.0.1 ../etc/x.bin out refused - - forbidden", "atftpd NAK - - - refused - - forbidden"}},
		{"open and close are one transfer", []string{
			"sftp-server[7]: session opened for local user admin from [10.0.0.1]", `sftp-server[7]: open "/a.bin" flags READ mode 0666`, `sftp-server[7]: close "/a.bin" bytes read 9 written 0`,
		}, []string{"sftp-server session 10.0.0.1 - - - - admin -", "sftp-server open 10.0.0.1 /a.bin - - - admin -", "sftp-server close 10.0.0.1 /a.bin in success 9 admin -"}},
		{"an open that is refused", []string{
			`sftp-server[7]: open "/a.bin" flags READ mode 0666`, "sftp-server[7]: sent status No such file",
		}, []string{"sftp-server open - /a.bin in refused - - No such file", "sftp-server status - - - refused - - No such file"}},
		{"the connection before the request", []string{
			"Connection received from 10.0.0.1 on port 49152", "Read request for file <x.bin>. Mode octet", "<x.bin>: sent 2 blks, 900 bytes in 0 s. 0 blk resent",
		}, []string{"tftpd32 connection 10.0.0.1 - - - - - -", "tftpd32 RRQ 10.0.0.1 x.bin in - - - -", "tftpd32 finished 10.0.0.1 x.bin in success 900 - -"}},
	} {
		if got := join(test.lines...); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %s\nwant %s", test.name, strings.Join(got, "\n     "), strings.Join(test.want, "\n     "))
		}
	}
}

// TestPairsLoseNothing holds that each line comes out once, whatever comes in, and that what waits is bounded.
func TestPairsLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := NewPairs()
		p.requests.Bound = 3
		came := map[int]int{}
		emit := func(r alerts.Record) { came[r.Origin.Line]++ }
		now := time.Unix(1e9, 0)
		n := rapid.IntRange(0, 60).Draw(t, "lines")
		for i := range n {
			pid, file := rapid.IntRange(1, 3).Draw(t, "pid"), rapid.SampledFrom([]string{"a.bin", "b.bin"}).Draw(t, "file")
			line := fmt.Sprintf(rapid.SampledFrom([]string{
				"in.tftpd[%d]: RRQ from 10.0.0.1 filename %s", "in.tftpd[%d]: sending NAK (1, %s) to 10.0.0.1", "atftpd[%d]: Serving %s to 10.0.0.1:7", "atftpd[%d]: File /x/%s not found",
				"sftp-server[%d]: open \"%s\" flags READ mode 0", "sftp-server[%d]: close \"%s\" bytes read 1 written 0", "sftp-server[%d]: sent status %s",
			}).Draw(t, "line"), pid, file)
			r := readAny(line)
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			r.Origin.Line, r.Received = i, now
			p.Advance(now, emit)
			p.Add(r, emit)
			if p.requests.Len() > 3 {
				t.Fatalf("%d requests wait", p.requests.Len())
			}
		}
		p.Flush(time.Time{}, emit)
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

// TestScoreboard says how many lines of the servers that were run for the collection each format knew. All of them are known, but for the
// continuation lines of atftpd's options, which are its own as well.
func TestScoreboard(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/logs/lab/*.log")
	if len(files) == 0 {
		t.Skip("no ../shared/logs/lab here")
	}
	known, lines, transfers := map[string]int{}, 0, 0
	p := NewPairs()
	emit := func(r alerts.Record) {
		known[r.Format]++
		if r.Fields.Has(alerts.Direction) && r.Fields.Get(alerts.Result) != Refused && r.Fields.Get(alerts.Result) != Failure && strings.HasSuffix(r.Fields.Get(alerts.File), ".bin") {
			transfers++
		}
		if r.Format == "" {
			t.Errorf("no format knew %q", r.Raw)
		}
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for s := bufio.NewScanner(file); s.Scan(); lines++ {
			r := readAny(s.Text())
			r.Origin.Source = name
			p.Add(r, emit)
		}
		p.Flush(time.Time{}, emit)
	}
	total := 0
	for _, n := range known {
		total += n
	}
	if total != lines {
		t.Errorf("%d lines, %d records", lines, total)
	}
	t.Logf("%d lines: %v; %d images of which no refusal is known", lines, known, transfers)
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{
		"in.tftpd[2776]: RRQ from 10.0.1.100 filename x.bin", "atftpd[5930]: Serving x to 10.0.0.1:41015", "dnsmasq-tftp[1]: sent x to 10.0.0.1",
		`Sun Nov 22 00:51:31 2026 [pid 6568] [daemon] OK DOWNLOAD: Client "127.0.0.1", "/x.bin", 200000 bytes, 23619.85Kbyte/sec`,
		"Sun Nov 22 00:51:31 2026 1 10.0.0.1 200000 /x y.bin b _ o r user ftp 0 * c", `10.0.0.1 - - [22/Nov/2026 00:51:31] "GET /x.bin HTTP/1.1" 404 -`,
		`sftp-server[7]: close "/x.bin" bytes read 200000 written 0`, "xinetd[99]: START: tftp pid=2776 from=10.0.0.1", "<x.bin>: sent 200 blks, 102400 bytes in 1 s.",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, format := range Formats {
			r := alerts.Record{Raw: line}
			if !format.Read(line, &r) {
				if len(r.Fields) > 0 || r.Format != "" || r.Kind != "" {
					t.Fatalf("%s did not know %q and left %+v", format.Name, line, r)
				}
				continue
			}
			if r.Kind != alerts.Transfer || r.Format == "" {
				t.Fatalf("%s read %q as %q, %q", format.Name, line, r.Kind, r.Format)
			}
			for _, name := range []string{alerts.Size, alerts.PID} {
				if v := r.Fields.Get(name); name == alerts.Size && v != "" && !number(v) {
					t.Fatalf("%s is %q", name, v)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const line = "<29>Nov 22 01:04:57 srv1 in.tftpd[31913]: RRQ from 127.0.0.1 filename c2900-universalk9-mz.SPA.152-4.M11.bin"
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		var r alerts.Record
		if !readInto(line, &r) {
			b.Fatal("not read")
		}
	}
}

var _ envelope.Joiner = (*Pairs)(nil)
