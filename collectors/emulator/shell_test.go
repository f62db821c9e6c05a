package emulator_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
)

func TestShell(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true, MOTD: "Welcome to core9#\n"})
	c := open(t, login(t, s), 24, 80)
	if got, want := c.until("core1#"), "\r\nWelcome to core9#\r\n\r\ncore1#"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, step := range []struct{ typed, want string }{
		{"show version\r", "show version\r\nCisco IOS Software, Version 15.2(4)M6\r\n\r\nSystem image file is \"flash:x.bin\"\r\ncore1#"},
		{"dir flash:\n", "dir flash:\r\nDirectory of flash:/\r\n\r\n    1  -rw-        1024   x.bin\r\ncore1#"},
		{"\r\n", "\r\ncore1#"},
		{"show bootvar\r", "show bootvar\r\n           ^\r\n% Invalid input detected at '^' marker.\r\n\r\ncore1#"},
		{"terminal length 0\r", "terminal length 0\r\ncore1#"},
		{"terminal width 511\r", "terminal width 511\r\ncore1#"},
		{"terminal no monitor\r", "terminal no monitor\r\ncore1#"},
		{"terminal width 513\r", "terminal width 513\r\n                     ^\r\n% Invalid input detected at '^' marker.\r\n\r\ncore1#"},
		{"shx\x7fow\x08w x\x15dir\x03", "shx\b \bow\b \bw x" + strings.Repeat("\b \b", len("show x")) + "dir\r\ncore1#"},
	} {
		c.send(step.typed)
		if got := c.until("core1#"); got != step.want {
			t.Errorf("typed %q\n got %q\nwant %q", step.typed, got, step.want)
		}
	}
	c.send("exit\r")
	if got, want := c.rest(), "exit\r\n"; got != want {
		t.Errorf("after exit: %q, want %q", got, want)
	}
	want := []string{"show version", "dir flash:", "show bootvar", "terminal length 0", "terminal width 511", "terminal no monitor", "terminal width 513", "exit"}
	if got := s.Commands(); !slices.Equal(got, want) {
		t.Errorf("typed: %q, want %q", got, want)
	}
}

func TestTypeAhead(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true})
	c := open(t, login(t, s), 24, 80)
	c.send("terminal length 0\r\nshow version\r\nexit\r\n")
	got := c.rest()
	want := "\r\ncore1#terminal length 0\r\ncore1#show version\r\n" + versionText + "core1#exit\r\n"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestOverlongLine(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true})
	c := open(t, login(t, s), 24, 80)
	c.until("core1#")
	c.send(strings.Repeat("x", 600) + "\r")
	if got, want := c.until("\r\n"), strings.Repeat("x", 512)+strings.Repeat("\a", 88)+"\r\n"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestEnable(t *testing.T) {
	for _, test := range []struct {
		name   string
		device emulator.Device
		typed  string
		want   string
	}{
		{"right secret", emulator.Device{EnableSecret: "open sesame"}, "enable\ropen sesame\r", "enable\r\nPassword: \r\ncore1#"},
		{"second try", emulator.Device{EnableSecret: "open sesame"}, "enable\rno\ropen sesame\r", "enable\r\nPassword: \r\nPassword: \r\ncore1#"},
		{"wrong secret", emulator.Device{EnableSecret: "open sesame"}, "enable\ra\rb\rc\r", "enable\r\nPassword: \r\nPassword: \r\nPassword: \r\n% Bad secrets\r\n\r\ncore1>"},
		{"no secret", emulator.Device{}, "enable\r", "enable\r\n% No password set\r\ncore1>"},
		{"denied", emulator.Device{EnableSecret: "open sesame", Mode: emulator.RefuseEnable}, "enable\ropen sesame\r", "enable\r\nPassword: \r\n% Access denied\r\n\r\ncore1>"},
		{"already there", emulator.Device{EnableSecret: "open sesame", StartPrivileged: true}, "enable\r", "enable\r\ncore1#"},
		{"and back", emulator.Device{EnableSecret: "open sesame", StartPrivileged: true}, "disable\r", "disable\r\ncore1>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, test.device)
			c := open(t, login(t, s), 24, 80)
			c.until("core1")
			c.until(map[bool]string{true: "#", false: ">"}[test.device.StartPrivileged])
			c.send(test.typed)
			if got := c.until(test.want[len(test.want)-len("core1#"):]); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if typed := strings.Join(s.Commands(), "\n"); strings.Contains(typed, "sesame") {
				t.Errorf("a secret is among the commands: %q", typed)
			}
		})
	}
}

func TestUnprivilegedPromptKnowsLess(t *testing.T) {
	s := start(t, emulator.Device{EnableSecret: "x"})
	c := open(t, login(t, s), 24, 80)
	c.until("core1>")
	c.send("dir flash:\r")
	if got := c.until("core1>"); !strings.Contains(got, "% Invalid input") {
		t.Errorf("dir without privilege: %q", got)
	}
	c.send("show version\r")
	if got := c.until("core1>"); !strings.Contains(got, "15.2(4)M6") {
		t.Errorf("show version without privilege: %q", got)
	}
}

func TestPager(t *testing.T) {
	var long strings.Builder
	for n := range 10 {
		fmt.Fprintf(&long, "line %d\r\n", n)
	}
	const wipe = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"
	lines := func(from, to int) string {
		start, end := strings.Index(long.String(), fmt.Sprint("line ", from)), long.Len()
		if to < 10 {
			end = strings.Index(long.String(), fmt.Sprint("line ", to))
		}
		return long.String()[start:end]
	}
	const more = " --More-- "
	for _, test := range []struct {
		name          string
		rows, columns int
		keys, want    string
	}{
		{"it all fits", 11, 80, "", lines(0, 10)},
		{"screen by screen", 5, 80, "  ", lines(0, 4) + more + wipe + lines(4, 8) + more + wipe + lines(8, 10)},
		{"line by line", 9, 80, "\r\r", lines(0, 8) + more + wipe + lines(8, 9) + more + wipe + lines(9, 10)},
		{"given up", 5, 80, "q", lines(0, 4) + more + wipe},
		{"narrow", 100, 5, "", strings.ReplaceAll(long.String(), "line ", "line \r\n")},
		{"narrow and low", 3, 5, "q", "line \r\n0\r\n" + more + wipe},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{
				Device: "core1", Exchanges: []capture.Exchange{{Command: "show log", Text: long.String()}},
			}})
			c := open(t, login(t, s), test.rows, test.columns)
			c.until("core1#")
			c.send("show log\r" + test.keys)
			if got, want := c.until("core1#"), "show log\r\n"+test.want+"core1#"; got != want {
				t.Errorf("got %q\nwant %q", got, want)
			}
			c.send("terminal length 0\rterminal width 0\r")
			c.until("terminal width 0\r\ncore1#")
			c.send("show log\r")
			if got, want := c.until("core1#"), "show log\r\n"+long.String()+"core1#"; got != want {
				t.Errorf("with the pager off\n got %q\nwant %q", got, want)
			}
			if err := c.WindowChange(5, 80); err != nil {
				t.Fatal(err)
			}
			c.SendRequest("env", true, nil) // answered when the change has been
			c.send("show log\rq")
			if got := c.until(wipe); !strings.Contains(got, more) {
				t.Errorf("after the window became low: %q", got)
			}
		})
	}
}

func TestExec(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true})
	client := login(t, s)
	for command, want := range map[string]string{
		"show version": versionText,
		"show bootvar": "           ^\r\n% Invalid input detected at '^' marker.\r\n\r\n",
	} {
		session, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		got, err := session.Output(command)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", command, got, err, want)
		}
	}
}

func TestUnknownRequests(t *testing.T) {
	s := start(t, emulator.Device{})
	client := login(t, s)
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestSubsystem("sftp"); err == nil {
		t.Error("there is an SFTP server")
	}
	if _, _, err := client.OpenChannel("x11", nil); err == nil {
		t.Error("an X11 channel was opened")
	}
}

// TestNonce holds that the device finds the recorded answer to a digest that is another one
// in each visit, and names the one that it was sent.
func TestNonce(t *testing.T) {
	sent := strings.Repeat("0123abcd", 4)
	text := func(nonce string) string {
		return "...Done!\r\n%Error verifying flash:x.bin\r\nSubmitted signature = " + strings.ToUpper(nonce) + " " + nonce + "\r\n"
	}
	for name, recorded := range map[string]string{"recorded": strings.Repeat("5c0f", 8), "by hand": ""} {
		t.Run(name, func(t *testing.T) {
			nonce := recorded
			if nonce == "" {
				nonce = strings.Repeat("0", 32)
			}
			command := "verify /md5 flash:x.bin "
			transcript := &capture.Transcript{Device: "core1", Nonce: recorded, Exchanges: []capture.Exchange{{Command: command + nonce, Text: text(nonce)}}}
			want := text(sent)
			if recorded == "" {
				transcript.Exchanges[0].Command = capture.FileName(command + nonce)
				want = strings.ReplaceAll(text(nonce), nonce, sent) // digits 0 have no capitals
			}
			s := start(t, emulator.Device{StartPrivileged: true, Transcript: transcript})
			session, err := login(t, s).NewSession()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := session.Output(command + sent); err != nil || string(got) != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
}

// TestRecordedOutcomes holds that a reply which was not whole when it was recorded is
// not whole now.
func TestRecordedOutcomes(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{Device: "core1", Exchanges: []capture.Exchange{
		{Command: "dir flash:", Text: "%Error opening flash:/ (Device or resource busy)\r\n"},
		{Command: "dir flash:", Text: "Directory of flash:/\r\n"},
		{Command: "show boot", Reason: facts.NotCollected},
		{Command: "show archive", Text: "The maxi", Reason: facts.SessionLost, Error: "the connection ended"},
		{Command: "show version", Text: "Cisco IOS", Reason: facts.Timeout, Error: "no byte for 30s"},
	}}})
	c := open(t, login(t, s), 24, 80)
	c.until("core1#")
	for _, want := range []string{"resource busy", "Directory of", "Directory of"} {
		c.send("dir flash:\r")
		if got := c.until("core1#"); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	c.send("show boot\r")
	if got := c.until("core1#"); !strings.Contains(got, "% Invalid input") {
		t.Errorf("a command that was not collected: %q", got)
	}
	c.send("show version\r")
	c.until("Cisco IOS")
	silent := make(chan string)
	go func() { silent <- c.rest() }()
	select {
	case got := <-silent:
		t.Errorf("after the reply that timed out: %q", got)
	case <-time.After(50 * time.Millisecond):
	}
	c.Close()
	<-silent

	c = open(t, login(t, s), 24, 80)
	c.until("core1#")
	c.send("show archive\r")
	if got, want := c.rest(), "show archive\r\nThe maxi"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDelays(t *testing.T) {
	const delay, verifyDelay = 20 * time.Millisecond, 100 * time.Millisecond
	withDots := "Verifying flash:x.bin\r\n" + strings.Repeat(".", 64) + "Done!\r\nverify /md5 (flash:x.bin) = 0f\r\n"
	s := start(t, emulator.Device{StartPrivileged: true, Delay: delay, VerifyDelay: verifyDelay, Transcript: &capture.Transcript{
		Device: "core1", Exchanges: []capture.Exchange{
			{Command: "show version", Text: versionText},
			{Command: "verify /md5 flash:x.bin", Text: withDots},
			{Command: "verify flash:x.bin", Text: "Verified\r\n"},
		},
	}})
	client := login(t, s)
	for _, test := range []struct {
		command, want string
		least         time.Duration
	}{
		{"show version", versionText, delay},
		{"verify /md5 flash:x.bin", withDots, delay + verifyDelay},
		{"verify flash:x.bin", "Verified\r\n", delay + verifyDelay},
	} {
		session, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		got, err := session.Output(test.command)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %q, %v; want %q", test.command, got, err, test.want)
		}
		if took := time.Since(began); took < test.least {
			t.Errorf("%s took %s, want %s at least", test.command, took, test.least)
		}
	}
}

func TestForwarding(t *testing.T) {
	behind := start(t, emulator.Device{StartPrivileged: true})
	jump := start(t, emulator.Device{AllowForwarding: true, Transcript: &capture.Transcript{Device: "jump"}})
	client := login(t, jump)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		_, port, _ := strings.Cut(behind.Addr(), ":")
		tcp, err := client.Dial("tcp", host+":"+port)
		if err != nil {
			t.Fatal(err)
		}
		conn, channels, requests, err := ssh.NewClientConn(tcp, behind.Addr(), clientConfig(behind))
		if err != nil {
			t.Fatal(err)
		}
		inner := ssh.NewClient(conn, channels, requests)
		session, err := inner.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := session.Output("show version"); err != nil || string(got) != versionText {
			t.Errorf("%q, %v", got, err)
		}
		inner.Close()
	}
	if _, err := client.Dial("tcp", "192.0.2.1:22"); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("an address elsewhere: %v", err)
	}
	if _, err := client.Dial("tcp", "127.0.0.1:1"); err == nil {
		t.Error("a port where nobody listens was reached")
	}
	if _, err := login(t, behind).Dial("tcp", behind.Addr()); err == nil || !strings.Contains(err.Error(), "prohibited") {
		t.Errorf("a device that is no jump host: %v", err)
	}
}

// TestRealReplies sends what real devices printed through the whole terminal and wants it
// back unchanged but for line ends.
func TestRealReplies(t *testing.T) {
	files, err := filepath.Glob("../../../shared/captures/cisco_ios/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no captures of real devices in ../shared/captures")
	}
	transcript := &capture.Transcript{Device: "core1"}
	for n, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		transcript.Exchanges = append(transcript.Exchanges, capture.Exchange{Command: fmt.Sprint("show ", n), Text: string(text)})
	}
	s := start(t, emulator.Device{StartPrivileged: true, Transcript: transcript})
	c := open(t, login(t, s), 24, 80)
	c.until("core1#")
	c.send("terminal length 0\rterminal width 0\r")
	c.until("terminal width 0\r\ncore1#")
	for n, e := range transcript.Exchanges {
		c.send(e.Command + "\r")
		c.until(e.Command + "\r\n")
		want := strings.ReplaceAll(strings.ReplaceAll(e.Text, "\r\n", "\n"), "\n", "\r\n")
		if !strings.HasSuffix(want, "\n") {
			want += "\r\n"
		}
		got := make([]byte, len(want)+len("core1#"))
		if _, err := io.ReadFull(c.out, got); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if string(got) != want+"core1#" {
			t.Errorf("%s came back otherwise", files[n])
		}
	}
}
