package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"trueboot/alerts"
	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
)

// A watching is a watch that runs beside the test.
type watching struct {
	t      *testing.T
	alerts chan alerts.Alert
	said   chan string
	stop   func() int
}

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

func startWatch(t *testing.T, arguments ...string) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &watching{t: t, alerts: make(chan alerts.Alert, 1000), said: make(chan string, 1000)}
	outRead, outWrite := io.Pipe()
	errRead, errWrite := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"watch", "--format", "json"}, arguments...), nil, outWrite, errWrite)
		outWrite.Close()
		errWrite.Close()
		ended <- code
	}()
	go func() {
		for s := bufio.NewScanner(outRead); s.Scan(); {
			var m struct{ Alert alerts.Alert }
			if json.Unmarshal(s.Bytes(), &m) == nil {
				w.alerts <- m.Alert
			}
		}
	}()
	go func() {
		for s := bufio.NewScanner(errRead); s.Scan(); {
			w.said <- s.Text()
		}
	}()
	done := false
	w.stop = func() int {
		if done {
			return 0
		}
		done = true
		cancel()
		select {
		case code := <-ended:
			return code
		case <-time.After(patience):
			t.Error("watch does not end")
			return -1
		}
	}
	t.Cleanup(func() { w.stop() })
	return w
}

var receivingAt = regexp.MustCompile(`receiving at (\w+)://(\S+)`)

// address waits until watch says where it receives.
func (w *watching) address(kind string) string {
	w.t.Helper()
	for {
		select {
		case line := <-w.said:
			if m := receivingAt.FindStringSubmatch(line); m != nil && m[1] == kind {
				return m[2]
			}
		case <-time.After(patience):
			w.t.Fatal("watch does not receive")
		}
	}
}

// expect waits for an alert that is as it should be.
func (w *watching) expect(what string, ok func(alerts.Alert) bool) alerts.Alert {
	w.t.Helper()
	var seen []string
	for {
		select {
		case a := <-w.alerts:
			if ok(a) {
				return a
			}
			seen = append(seen, fmt.Sprintf("%s %s %s %s", a.Chain, a.Severity, a.Device, a.Confirmed))
		case <-time.After(patience):
			w.t.Fatalf("no alert is %s; there were %q", what, seen)
		}
	}
}

func send(t *testing.T, network, address, text string) {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// emulateEdge starts a router in an inventory of its own, sweeps and approves it.
func emulateEdge(t *testing.T) *emulator.Server {
	t.Helper()
	t.Chdir(t.TempDir())
	server, err := emulator.Start((&scriptDevice{Device: fleet.EdgeRouter("edge1", 31, "17.9.4a", time.Now())}).emulated())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	host, port, err := splitAddress(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"password":       "login-secret\n",
		"inventory.yaml": fmt.Sprintf("defaults: {username: auditor, password: \"file:password\", platform: cisco_ios}\ndevices:\n  edge1: {address: %s, port: %d}\n", host, port),
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command(t, statusNotAssessed, "sweep")
	command(t, statusPass, "baseline", "approve", "--all", "--reason", "survey")
	return server
}

// command runs one that has to end with a status.
func command(t *testing.T, want int, arguments ...string) {
	t.Helper()
	var out, said strings.Builder
	if code := run(t.Context(), arguments, nil, &out, &said); code != want {
		t.Fatalf("%q: exit status %d: %s%s", arguments, code, out.String(), said.String())
	}
}

// says waits until watch says something.
func (w *watching) says(what string) {
	w.t.Helper()
	for {
		select {
		case line := <-w.said:
			if strings.Contains(line, what) {
				return
			}
		case <-time.After(patience):
			w.t.Fatalf("watch does not say %q", what)
		}
	}
}

// TestWatchSeesWhatNothingAnnounced holds that a change which a sweep of somebody else proves, and of which the device that logs said nothing, is told
// of: LG-03.
func TestWatchSeesWhatNothingAnnounced(t *testing.T) {
	server := emulateEdge(t)
	w := startWatch(t, "--udp", "127.0.0.1:0", "--no-visits")
	address := w.address("udp")
	w.says("no message announced will be told of")
	send(t, "udp", address, "<189>30: edge1: Nov 25 02:05:00 UTC: %SYS-5-CONFIG_I: Configured from console by jo on vty0 (192.0.2.1)")
	older := fleet.EdgeRouter("edge1", 31, "16.12.10a", time.Now())
	if err := server.Replace((&scriptDevice{Device: older}).emulated()); err != nil {
		t.Fatal(err)
	}
	command(t, statusFail, "sweep")
	a := w.expect("of the version", func(a alerts.Alert) bool { return a.Chain == "LG-03" && a.OldVersion != "" })
	if a.Device != "edge1" || a.OldVersion != "17.9.4a" || a.NewVersion != "16.12.10a" || a.Severity != alerts.SeverityMedium { // nobody listened at the first sweep
		t.Errorf("the alert is %+v", a)
	}
}

// TestWatchAsksTheDevice holds that an alert makes a visit of its device, and that the answer is attached to it; and that what was told is kept.
func TestWatchAsksTheDevice(t *testing.T) {
	server := emulateEdge(t)

	w := startWatch(t, "--udp", "127.0.0.1:0")
	address := w.address("udp")
	now := time.Now().UTC().Format("Jan _2 15:04:05")
	send(t, "udp", address, "<189>30: edge1: "+now+" UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:boot system bootflash:isr4300-universalk9.16.12.05.SPA.bin")
	first := w.expect("of a downgrade", func(a alerts.Alert) bool {
		return a.Chain == "P7" && a.Device == "edge1" && a.Severity == alerts.SeverityCritical
	})
	if first.OldVersion != "17.9.4a" || first.Confirmed != alerts.Asked {
		t.Errorf("it ran %q, and its visit is %q", first.OldVersion, first.Confirmed)
	}
	answer := w.expect("answered", func(a alerts.Alert) bool { return a.ID == first.ID && a.Confirmed != alerts.Asked })
	if answer.Confirmed != alerts.Unchanged || answer.Severity != alerts.SeverityLow || answer.Evidence == "" {
		t.Errorf("the visit says %+v", answer)
	}
	if code := w.stop(); code != statusPass {
		t.Errorf("watch ends with %d", code)
	}
	command(t, statusPass, "alerts", "show", first.ID)
	command(t, statusPass, "alerts", "ack", first.ID, "--reason", "looked at it", "--by", "jo")
	var out, said strings.Builder
	if code := run(t.Context(), []string{"alerts", "list"}, nil, &out, &said); code != statusPass || strings.Contains(out.String(), first.ID) {
		t.Errorf("after it was acknowledged: %d, %s%s", code, out.String(), said.String())
	}

	// A device that is away is not assessed, and that is no answer.
	server.Close()
	if err := os.RemoveAll("watch"); err != nil { // or the restart remembers the visit, and makes none for half an hour
		t.Fatal(err)
	}
	w = startWatch(t, "--udp", "127.0.0.1:0", "--timeout", "2s")
	send(t, "udp", w.address("udp"), "<189>31: edge1: "+now+" UTC: %PLATFORM-3-SIGNATURE_FAILED: Image 'bootflash:x.bin' failed code signing verification")
	away := w.expect("not assessed", func(a alerts.Alert) bool { return a.Confirmed == alerts.NotAssessedVisit })
	if away.Severity != alerts.SeverityCritical {
		t.Errorf("an alert whose device is away becomes %s", away.Severity)
	}
}

// TestWatchGoesOn holds that a restart goes on where the other ended: what was told is not told again, and what belongs to it is added.
func TestWatchGoesOn(t *testing.T) {
	t.Chdir(t.TempDir())
	w := startWatch(t, "--tcp", "127.0.0.1:0", "--no-visits")
	send(t, "tcp", w.address("tcp"), "<189>30: core1: Nov 25 02:05:00 2026: %PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:boot system flash:c2900.bin\n")
	first := w.expect("of a boot change", func(a alerts.Alert) bool { return a.Chain == "P2" })
	if code := w.stop(); code != statusPass {
		t.Fatalf("watch ends with %d", code)
	}
	w = startWatch(t, "--tcp", "127.0.0.1:0", "--no-visits")
	send(t, "tcp", w.address("tcp"), "<189>31: core1: Nov 25 02:10:00 2026: %SYS-5-RELOAD: Reload requested by admin on vty0 (10.0.0.9). Reload Reason: Reload Command.\n")
	second := w.expect("of a reload after it", func(a alerts.Alert) bool { return a.Chain == "P4" })
	if second.ID != first.ID || len(second.Lines) != 2 {
		t.Errorf("the restart makes another alert: %+v", second)
	}
}

// TestRsyslog holds that what Debian's rsyslog sends arrives, over each transport: the scenario of an image that is brought, set and booted.
func TestRsyslog(t *testing.T) {
	program := "/usr/sbin/rsyslogd"
	if _, err := os.Stat(program); err != nil {
		t.Skip("rsyslog is not installed: ", err)
	}
	scenario, err := filepath.Abs("../../testdata/logs/nxos-install-all/log")
	if err != nil {
		t.Fatal(err)
	}
	for kind, options := range map[string]string{
		"udp": `protocol="udp"`,
		"tcp": `protocol="tcp" TCP_Framing="octet-counted"`,
		"tls": `protocol="tcp" TCP_Framing="octet-counted" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="anon"`,
	} {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			t.Chdir(folder)
			arguments := []string{"--" + kind, "127.0.0.1:0", "--no-visits"}
			global := ""
			if kind == "tls" {
				if matches, _ := filepath.Glob("/usr/lib/*/rsyslog/lmnsd_gtls.so"); len(matches) == 0 {
					t.Skip("rsyslog-gnutls is not installed")
				}
				certificate(t, "cert.pem", "key.pem")
				arguments = append(arguments, "--tls-certificate", "cert.pem", "--tls-key", "key.pem")
				global = fmt.Sprintf(" defaultNetstreamDriverCAFile=%q", filepath.Join(folder, "cert.pem"))
			}
			w := startWatch(t, arguments...)
			_, port, err := net.SplitHostPort(w.address(kind))
			if err != nil {
				t.Fatal(err)
			}
			configuration := fmt.Sprintf(`global(workDirectory=%q maxMessageSize="16k"%s)
module(load="imfile" mode="polling" pollingInterval="1")
template(name="whole" type="string" string="<189>%%msg%%")
ruleset(name="forward") { action(type="omfwd" target="127.0.0.1" port=%q template="whole" %s) }
input(type="imfile" file=%q tag="scenario:" ruleset="forward" freshStartTail="off")
`, folder, global, port, options, filepath.Join(folder, "log"))
			text, err := os.ReadFile(scenario)
			if err != nil {
				t.Fatal(err)
			}
			for name, content := range map[string][]byte{"rsyslog.conf": []byte(configuration), "log": text} {
				if err := os.WriteFile(name, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			sender := exec.CommandContext(t.Context(), program, "-n", "-f", filepath.Join(folder, "rsyslog.conf"), "-i", filepath.Join(folder, "pid"))
			var complaints strings.Builder
			sender.Stdout, sender.Stderr = &complaints, &complaints
			if err := sender.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = sender.Process.Signal(syscall.SIGTERM) // it ignores an interrupt
				_ = sender.Wait()
				if t.Failed() {
					t.Log(complaints.String())
				}
			}()
			a := w.expect("of the scenario", func(a alerts.Alert) bool { return a.Chain == "P1" && len(a.Lines) >= 4 })
			if a.Device != "nexus1" || !strings.HasPrefix(a.Lines[0].Source, kind+"://") {
				t.Errorf("the alert is %+v", a)
			}
		})
	}
}

// certificate makes a certificate for 127.0.0.1 and its key.
func certificate(t *testing.T, certificate, private string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "watch"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: raw}, private: {Type: "EC PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
