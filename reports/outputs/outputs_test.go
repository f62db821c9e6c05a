package outputs

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/leodido/go-syslog/v4/rfc5424"

	"trueboot/compare"
	"trueboot/facts"
	"trueboot/reports"
)

var started = time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)

func noSecrets(context.Context, string, string) (string, error) { return "key", nil }

// prepared is an output that is ready.
func prepared(t *testing.T, o Output) *Output {
	t.Helper()
	if o.Name == "" {
		o.Name = "out"
	}
	if err := o.Prepare(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return &o
}

// finding is one with a text of a device's in every place.
func finding(device, text string) compare.Finding {
	rule, _ := compare.Explain("NDI-ST-06")
	return compare.Finding{
		Device: device, Control: rule.Control, Rule: rule.Name, Title: rule.Title, Subject: text, Verdict: compare.Fail, Severity: compare.High, Tier: facts.E0, Message: text, ATTACK: rule.ATTACK,
		Observed: &compare.Observation{Value: text, Command: text, Line: 3, CollectedAt: started}, Expected: &compare.Expectation{Value: text}, Next: text,
	}
}

// runThrough sends a run of devices with one finding each through a sink.
func runThrough(t *testing.T, folder, id, text string, devices int, outputs ...*Output) {
	t.Helper()
	run := reports.Run{ID: id, Started: started, Program: "trueboot 1.0", Collector: "jo@noc", Profile: "core", Devices: devices}
	s, recap := &Sink{Outputs: outputs, Folder: folder}, run.Recap()
	if err := s.Begin(run); err != nil {
		t.Fatal(err)
	}
	for n := range devices {
		name := fmt.Sprintf("edge%d", n)
		d := reports.Device{Name: name, Address: "192.0.2.1", Platform: "cisco_ios", Outcome: facts.AskedAll, RunningVersion: text, Started: started, Findings: []compare.Finding{finding(name, text)}}
		recap.Add(d)
		if err := s.Device(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.End(recap); err != nil {
		t.Fatal(err)
	}
}

var hostile = []string{
	`plain`, "line\r\nfeed", `a|b\c=d]e"f`, "\x1b[31mred", "\u202egnp.exe", "\x00\xff", "<script>", strings.Repeat("long ", 100_000), "CEF:0|x|", "{}", `\`, "é漢字",
}

// TestHostileForms holds that what a device says stays text in every form, and that each message is one line, bounded and well formed.
func TestHostileForms(t *testing.T) {
	extension := regexp.MustCompile(`(?:^| )([a-zA-Z0-9]+)=`)
	for _, text := range hostile {
		for format := range formats {
			o := prepared(t, Output{To: "file:/x", Format: format, Events: []string{EventFinding, EventDevice, EventRun}})
			folder := t.TempDir()
			runThrough(t, folder, "1", text, 1, o)
			q := queue{filepath.Join(folder, o.Name)}
			names, err := q.batches()
			if err != nil || len(names) != 1 {
				t.Fatal(names, err)
			}
			messages, _, err := q.read(names[0])
			if err != nil || len(messages) != 3 {
				t.Fatalf("%d messages, %v", len(messages), err)
			}
			for _, m := range messages {
				if strings.ContainsAny(m.Text, "\r\n\x00\x1b\u202e") || !utf8.ValidString(m.Text) || len(m.Text) > 16<<10 {
					t.Errorf("%s of %.20q: %.200q", format, text, m.Text)
				}
				switch format {
				case "rfc5424":
					parsed, err := rfc5424.NewParser().Parse([]byte(m.Text))
					if err != nil {
						t.Errorf("%.20q: %v: %.300q", text, err, m.Text)
					} else if s, ok := parsed.(*rfc5424.SyslogMessage); !ok || s.StructuredData == nil || (*s.StructuredData)["trueboot@32473"]["id"] != m.ID {
						t.Errorf("%.20q: %+v", text, parsed)
					}
				case "cef":
					unescaped := regexp.MustCompile(`\\.`).ReplaceAllString(m.Text, "..")
					parts := strings.SplitN(unescaped, "|", 8)
					if len(parts) != 8 || !strings.HasPrefix(parts[0], "CEF:0") {
						t.Fatalf("%.20q: %.300q", text, m.Text)
					}
					for _, key := range extension.FindAllStringSubmatch(parts[7], -1) {
						if !regexp.MustCompile(`^(?:rt|externalId|dhost|dst|outcome|reason|msg|c[sn]\d(?:Label)?)$`).MatchString(key[1]) {
							t.Errorf("%.20q: a key of the device's: %q in %.300q", text, key[1], m.Text)
						}
					}
				default:
					if !json.Valid([]byte(m.Text)) {
						t.Errorf("%s of %.20q: %.300q", format, text, m.Text)
					}
				}
			}
		}
	}
}

// TestOCSF holds the fields that class 2003 requires.
func TestOCSF(t *testing.T) {
	e := &Event{ID: "x", Event: EventFinding, Time: started, Run: RunInfo{ID: "1", Program: "trueboot 1.0"}, Device: &Device{Name: "edge1"}, Finding: shortened(finding("edge1", "x"))}
	text, err := formats["ocsf"](e)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		ClassUID   int   `json:"class_uid"`
		TypeUID    int   `json:"type_uid"`
		Time       int64 `json:"time"`
		SeverityID int   `json:"severity_id"`
		Metadata   struct {
			Product struct{ Name string }
			Version string
		}
		FindingInfo struct{ UID, Title string } `json:"finding_info"`
		Compliance  struct {
			StatusID int `json:"status_id"`
			Control  string
		}
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil || d.ClassUID != 2003 || d.TypeUID != 200301 || d.Time != started.UnixMilli() || d.SeverityID != 4 || d.Metadata.Version == "" ||
		d.Metadata.Product.Name == "" || d.FindingInfo.UID != "x" || d.Compliance.StatusID != 3 || d.Compliance.Control != "NDI-ST-06" {
		t.Errorf("%s: %+v, %v", text, d, err)
	}
}

// A certificate of our own for servers of ours.
func selfSigned(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}

// collect takes octet-counted messages (RFC 6587) from each connection.
func collect(t *testing.T, l net.Listener, got chan<- string) {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for {
					length, err := r.ReadString(' ')
					if err != nil {
						return
					}
					n, err := strconv.Atoi(strings.TrimSpace(length))
					if err != nil {
						got <- "a frame without a length: " + length
						return
					}
					text := make([]byte, n)
					if _, err := io.ReadFull(r, text); err != nil {
						return
					}
					got <- string(text)
				}
			}()
		}
	}()
}

func TestSyslog(t *testing.T) {
	certificate, ca := selfSigned(t)
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	datagrams, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 100)
	collect(t, plain, got)
	collect(t, secure, got)
	go func() {
		b := make([]byte, 65536)
		for {
			n, _, err := datagrams.ReadFrom(b)
			if err != nil {
				return
			}
			got <- string(b[:n])
		}
	}()
	t.Cleanup(func() { datagrams.Close() })
	for _, o := range []Output{
		{To: "tcp://" + plain.Addr().String()}, {To: "tls://" + secure.Addr().String(), CA: ca, Format: "cef"}, {To: "udp://" + datagrams.LocalAddr().String()},
	} {
		folder := t.TempDir()
		output := prepared(t, o)
		runThrough(t, folder, "1", "x", 3, output)
		if d := Deliver(t.Context(), output, folder, noSecrets); d.Err != nil || d.Sent != 3 || d.Waiting != 0 {
			t.Fatalf("%s: %+v", o.To, d)
		}
		for range 3 {
			text := <-got
			if _, err := rfc5424.NewParser().Parse([]byte(text)); err != nil || o.Format == "cef" && !strings.Contains(text, "CEF:0|trueboot|") {
				t.Errorf("%s: %v: %q", o.To, err, text)
			}
		}
	}
	// A server whose certificate leads to no root gets nothing.
	folder := t.TempDir()
	stranger := prepared(t, Output{To: "tls://" + secure.Addr().String()})
	runThrough(t, folder, "1", "x", 1, stranger)
	if d := Deliver(t.Context(), stranger, folder, noSecrets); d.Err == nil || d.Waiting != 1 {
		t.Errorf("an unknown certificate: %+v", d)
	}
}

// A webhook answers as it is told, and takes down what it got.
type webhook struct {
	mu      sync.Mutex
	answers []int // used up in their order, then 200
	got     []string
	wrong   []string
}

func (w *webhook) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	mac := hmac.New(sha256.New, []byte("key"))
	io.WriteString(mac, r.Header.Get("X-Trueboot-Timestamp")+"."+string(body))
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); r.Header.Get("X-Trueboot-Signature") != want {
		w.wrong = append(w.wrong, r.Header.Get("X-Trueboot-Signature"))
	}
	code := http.StatusOK
	if len(w.answers) > 0 {
		code, w.answers = w.answers[0], w.answers[1:]
	}
	if code < 300 {
		w.got = append(w.got, r.Header.Get("X-Trueboot-Id"))
	}
	out.WriteHeader(code)
}

// TestDownForAnHour holds that nothing is lost while the other side is down, refuses or answers with errors, and that nothing is sent twice.
func TestDownForAnHour(t *testing.T) {
	hook := &webhook{}
	server := httptest.NewServer(hook)
	defer server.Close()
	folder := t.TempDir()
	o := prepared(t, Output{To: server.URL + "/x", Secret: "env:KEY", Rate: 100_000})
	down := *o
	nowhere, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere.Close()
	down.To = "http://" + nowhere.Addr().String()
	if err := down.Prepare("."); err != nil {
		t.Fatal(err)
	}
	const devices = 1300 // three batches
	for run := range 2 {
		runThrough(t, folder, fmt.Sprint(run), "x", devices, o)
		if d := Deliver(t.Context(), &down, folder, noSecrets); d.Err == nil || d.Sent != 0 || d.Waiting != devices*(run+1) {
			t.Fatalf("down: %+v", d)
		}
	}
	hook.answers = append(make([]int, 0, 100), 200, 200, 500, 503) // two are taken, then it fails twice in a row
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err == nil || d.Sent != 2 || d.Waiting != 2*devices-2 {
		t.Fatalf("failing: %+v", d)
	}
	hook.answers = []int{500} // once is tried again
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err != nil || d.Waiting != 0 || d.Sent != 2*devices-2 {
		t.Fatalf("back: %+v", d)
	}
	seen := map[string]int{}
	for _, id := range hook.got {
		seen[id]++
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if len(seen) != 2*devices || len(hook.wrong) > 0 {
		t.Errorf("%d messages arrived, %d with a wrong signature", len(seen), len(hook.wrong))
	}
}

// TestRefusedMessage holds that a message which will never be taken does not keep back the others.
func TestRefusedMessage(t *testing.T) {
	hook := &webhook{answers: []int{200, 400}}
	server := httptest.NewServer(hook)
	defer server.Close()
	folder := t.TempDir()
	o := prepared(t, Output{To: server.URL, Secret: "env:KEY"})
	runThrough(t, folder, "1", "x", 3, o)
	if d := Deliver(t.Context(), o, folder, noSecrets); !errors.Is(d.Err, errRefused) || d.Sent != 2 || d.Waiting != 0 {
		t.Errorf("%+v", d)
	}
}

func TestRepeat(t *testing.T) {
	folder := t.TempDir()
	o := prepared(t, Output{To: "file:" + filepath.Join(t.TempDir(), "lines"), Repeat: time.Hour})
	for run, want := range []int{2, 0, 2} {
		text := "x"
		if run == 2 {
			text = "another value"
		}
		runThrough(t, folder, fmt.Sprint(run), text, 2, o)
		if d := Deliver(t.Context(), o, folder, noSecrets); d.Err != nil || d.Sent != want {
			t.Errorf("run %d: %+v, want %d", run, d, want)
		}
	}
}

func TestHookAndFile(t *testing.T) {
	at := t.TempDir()
	script := filepath.Join(at, "hook.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n[ \"$1\" = fail ] && { echo no luck >&2; exit 3; }\ncat >>\"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	folder, taken := t.TempDir(), filepath.Join(at, "taken")
	o := prepared(t, Output{Name: "hook", To: "exec:" + script + " " + taken, Events: []string{EventDevice, EventRun}})
	runThrough(t, folder, "1", "$(touch "+taken+".evil); `id`", 2, o)
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err != nil || d.Sent != 3 {
		t.Fatalf("%+v", d)
	}
	text, err := os.ReadFile(taken)
	if err != nil || strings.Count(string(text), "\n") != 3 || !strings.Contains(string(text), `"event":"run"`) {
		t.Errorf("%s, %v", text, err)
	}
	if _, err := os.Stat(taken + ".evil"); err == nil {
		t.Error("a device's words were run")
	}
	failing := prepared(t, Output{Name: "failing", To: "exec:" + script + " fail"})
	runThrough(t, folder, "1", "x", 1, failing)
	if d := Deliver(t.Context(), failing, folder, noSecrets); d.Err == nil || !strings.Contains(d.Err.Error(), "no luck") || d.Waiting != 1 {
		t.Errorf("%+v", d)
	}
}

func TestMail(t *testing.T) {
	certificate, ca := selfSigned(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		var all strings.Builder
		fmt.Fprint(c, "220 test\r\n")
		for data := false; ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			all.WriteString(line)
			switch {
			case data && line == ".\r\n":
				data = false
				fmt.Fprint(c, "250 taken\r\n")
			case data:
			case strings.HasPrefix(line, "DATA"):
				data = true
				fmt.Fprint(c, "354 go on\r\n")
			case strings.HasPrefix(line, "QUIT"):
				fmt.Fprint(c, "221 bye\r\n")
				got <- all.String()
				return
			default:
				fmt.Fprint(c, "250 ok\r\n")
			}
		}
	}()
	folder := t.TempDir()
	o := prepared(t, Output{To: "smtps://" + l.Addr().String(), CA: ca, From: "trueboot@example.org", Mail: []string{"noc@example.org", "jo@example.org"}})
	runThrough(t, folder, "7", "x\r\nBcc: evil@example.org", 2, o)
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err != nil || d.Sent != 1 {
		t.Fatalf("%+v", d)
	}
	mail := <-got
	for _, want := range []string{"RCPT TO:<noc@example.org>", "RCPT TO:<jo@example.org>", "Subject: trueboot run 7: 2 FAILs\r\n", "high NDI-ST-06 on edge1: "} {
		if !strings.Contains(mail, want) {
			t.Errorf("no %q in\n%s", want, mail)
		}
	}
	if strings.Contains(mail, "\r\nBcc:") {
		t.Errorf("a header of the device's:\n%s", mail)
	}
}

func TestPrometheus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trueboot.prom")
	o := prepared(t, Output{To: "prometheus:" + path})
	runThrough(t, t.TempDir(), "1", `x"`, 2, o)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`^(?:# (?:HELP|TYPE) trueboot_\w+ .+|trueboot_\w+(?:\{\w+="(?:[^"\\]|\\.)*"(?:,\w+="(?:[^"\\]|\\.)*")*\})? [0-9.e+-]+)$`)
	for one := range strings.Lines(string(text)) {
		if !line.MatchString(strings.TrimSuffix(one, "\n")) {
			t.Errorf("no line of the text format: %q", one)
		}
	}
	for _, want := range []string{"trueboot_failures 2\n", `trueboot_device_ok{device="edge0",platform="cisco_ios"} 0`, `trueboot_control_devices{control="NDI-ST-06",verdict="FAIL"} 2`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestPrepareRefuses(t *testing.T) {
	for want, o := range map[string]Output{
		"letters, digits":          {Name: "../x", To: "file:/x"},
		"none of udp":              {To: "ftp://x"},
		"HOST:PORT":                {To: "tls://x"},
		"no credentials":           {To: "https://a:b@x"},
		"PATH is wanted":           {To: "file:"},
		"one of json":              {To: "file:/x", Format: "xml"},
		"none of finding":          {To: "file:/x", Events: []string{"x"}},
		"one of critical":          {To: "file:/x", Least: "grave"},
		"none of PASS":             {To: "file:/x", Verdicts: []string{"ok"}},
		"from and mail":            {To: "smtp://x:25"},
		"is no address":            {To: "smtp://x:25", From: "a@b", Mail: []string{"a\r\nb"}},
		"told of runs only":        {To: "smtp://x:25", From: "a@b", Mail: []string{"a@b"}, Events: []string{"finding"}},
		"template: only of http":   {To: "file:/x", Template: "x"},
		"template: open":           {To: "http://x", Template: "nosuch"},
		"rate, repeat and timeout": {To: "file:/x", Rate: -1},
		"user without secret":      {To: "smtp://x:25", From: "a@b", Mail: []string{"a@b"}, User: "x"},
	} {
		if o.Name == "" {
			o.Name = "x"
		}
		if err := o.Prepare("."); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}

// TestCrash holds that a batch which was sent in part goes on where it was marked, and that a lock is held.
func TestCrash(t *testing.T) {
	folder := t.TempDir()
	lines := filepath.Join(t.TempDir(), "lines")
	o := prepared(t, Output{To: "file:" + lines})
	runThrough(t, folder, "1", "x", 10, o)
	q := queue{filepath.Join(folder, o.Name)}
	names, err := q.batches()
	if err != nil {
		t.Fatal(err)
	}
	if err := q.mark(names[0], 4); err != nil {
		t.Fatal(err)
	}
	unlock, err := q.lock()
	if err != nil {
		t.Fatal(err)
	}
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err == nil || d.Sent != 0 || d.Waiting != 6 {
		t.Errorf("locked: %+v", d)
	}
	unlock()
	if d := Deliver(t.Context(), o, folder, noSecrets); d.Err != nil || d.Sent != 6 {
		t.Errorf("%+v", d)
	}
	if left, err := os.ReadDir(q.folder); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
