package session

import (
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
	"trueboot/inventory"
)

const testPassword, testEnable = "hunter2-login", "hunter2-enable"

// testTerminal behaves as Cisco IOS does.
var testTerminal = collectors.Terminal{
	Prompt:     regexp.MustCompile(`^[\w.\-@/:]{1,63}[>#] ?$`),
	Privileged: regexp.MustCompile(`# ?$`),
	Enable:     "enable",
	Password:   regexp.MustCompile(`^Password: ?$`),
	Prepare:    []string{"terminal length 0", "terminal width 511", "terminal no monitor"},
	Pager:      regexp.MustCompile(`^ ?--More-- ?$`),
	Continue:   " ",
	Leave:      "exit",
	Refusals:   []collectors.Refusal{{Pattern: collectors.MustCompile(`^% ?Invalid input`), Reason: facts.UnsupportedCommand}},
}

var testTranscript = &capture.Transcript{
	Platform: "cisco_ios", Device: "core1", Time: time.Now(),
	Exchanges: []capture.Exchange{
		{Command: "show version", Text: "Cisco IOS Software, Version 15.2(4)M6\r\ncore1 uptime is 3 weeks\r\n"},
		{Command: "dir flash:", Text: "Directory of flash:/\r\n\r\n    1  -rw-   1234  Mar 1 2021 00:10:01 +00:00  image.bin\r\n"},
	},
}

func startDevice(t testing.TB, d emulator.Device) *emulator.Server {
	t.Helper()
	if d.Transcript == nil {
		d.Transcript = testTranscript
	}
	if d.Password == "" {
		d.Password = testPassword
	}
	server, err := emulator.Start(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

func deviceAt(t testing.TB, address string) inventory.Device {
	t.Helper()
	t.Setenv("TRUEBOOT_TEST_PASSWORD", testPassword)
	t.Setenv("TRUEBOOT_TEST_ENABLE", testEnable)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return inventory.Device{
		Name: "core1", Address: host, Port: number, Platform: "cisco_ios",
		Username: "auditor", Password: "env:TRUEBOOT_TEST_PASSWORD", Enable: "env:TRUEBOOT_TEST_ENABLE",
	}
}

func newDialer(t testing.TB, o Options) *Dialer {
	t.Helper()
	if o.Pins == "" {
		o.Pins = filepath.Join(t.TempDir(), "pins")
	}
	d, err := NewDialer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// command makes a command of a text as the guard does.
func command(t testing.TB, text string) collectors.Command {
	t.Helper()
	c, err := collectors.Terminal{Prepare: []string{text}}.PrepareCommands()
	if err != nil {
		t.Fatal(err)
	}
	return c[0]
}

func TestRun(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	d := newDialer(t, Options{})
	s, err := d.Open(t.Context(), deviceAt(t, server.Addr()), testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 3 {
		r, err := s.Run(t.Context(), command(t, "show version"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Text != testTranscript.Exchanges[0].Text {
			t.Errorf("%q", r.Text)
		}
		t.Log(r.Elapsed, s.Facts(), s.Warnings(), s.Algorithms())
	}
}
