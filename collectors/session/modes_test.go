package session

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
	"trueboot/inventory"
)

// hurried are limits that a test can wait for, and that a machine with other work to do keeps.
var hurried = Limits{
	Connect: 3 * time.Second, Handshake: 3 * time.Second, Login: 3 * time.Second, Echo: 1500 * time.Millisecond, Prompt: 1500 * time.Millisecond,
	Idle: 2 * time.Second, Total: 6 * time.Second, ReplyBytes: 1 << 20, ReplyLines: 10_000, LineBytes: 64 << 10, SessionBytes: 4 << 20,
}

// visit opens a session, asks two questions and settles. It returns the replies, and the failure that ended it.
func visit(t *testing.T, d *Dialer, device inventory.Device) (replies []string, warnings []string, f *collectors.Failure) {
	t.Helper()
	s, err := d.Open(t.Context(), device, testTerminal)
	if err == nil {
		defer s.Close()
		warnings = s.Warnings()
		for _, c := range []string{"show version", "dir flash:"} {
			var r collectors.Reply
			if r, err = s.Run(t.Context(), command(t, c)); err != nil {
				break
			}
			replies = append(replies, r.Text)
		}
		if err == nil {
			err = s.Settle(t.Context())
		}
	}
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("error %v has no reason", err)
	}
	return replies, warnings, f
}

// TestModes meets every way in which a device can misbehave. Each ends with a reason within its time, says no secret, and
// leaves another device's session alone.
func TestModes(t *testing.T) {
	type expected struct {
		replies int          // how many of two came whole; -1 where that depends on how the device's packets are cut
		reason  facts.Reason // empty where none was lost
		says    string       // in the error, or in a warning
	}
	want := map[emulator.Mode]expected{
		emulator.CloseAtOnce:        {0, facts.Unreachable, "closed the connection"},
		emulator.SilentFromStart:    {0, facts.Timeout, "greeting"},
		emulator.SilentInHandshake:  {0, facts.Timeout, "key exchange"},
		emulator.EndlessBanner:      {0, facts.Unreachable, "banner"},
		emulator.SilentInLogin:      {0, facts.Timeout, "login"},
		emulator.RefuseLogin:        {0, facts.LoginRefused, "refused the password"},
		emulator.UnexpectedQuestion: {0, facts.LoginRefused, "something else than the password"},
		emulator.EndlessQuestions:   {0, facts.LoginRefused, "refused the password"},
		emulator.RefuseEnable:       {2, "", "did not grant privileges"},
		emulator.EchoSecret:         {2, "", "showed the enable secret"},
		emulator.SilentAfterLogin:   {0, facts.Timeout, "did not open a shell"},
		emulator.EndlessGreeting:    {0, facts.ReplyTooLarge, "without coming to an end"},
		emulator.SlowEcho:           {2, "", ""},
		emulator.LogBeforeEcho:      {2, "", ""},
		emulator.PagerStays:         {2, "", ""},
		emulator.PromptCounts:       {0, facts.ParseIncomplete, "another one each time"},
		emulator.PromptChanges:      {0, facts.Timeout, `"another#"`},
		emulator.PromptStateChanges: {2, "", ""}, // Cisco's prompt shows none
		emulator.EchoesAhead:        {-1, facts.ParseIncomplete, ""},
		emulator.NoPrompt:           {0, facts.Timeout, "no prompt"},
		emulator.NoEcho:             {2, "", "does not echo"},
		emulator.EndlessReply:       {0, facts.ReplyTooLarge, "without coming to an end"},
		emulator.LongLine:           {0, facts.ReplyTooLarge, "bytes"},
		emulator.ControlBytes:       {2, "", ""},
		emulator.CutReply:           {0, facts.SessionLost, "closed the connection"},
		emulator.PromptInReply:      {2, "", ""},
		emulator.LogMessages:        {2, "", ""},
		emulator.Dribble:            {2, "", ""},
		emulator.GarbageAfterPrompt: {1, facts.ParseIncomplete, "ambiguous"},
		emulator.NoExitStatus:       {2, "", ""}, // a shell's does not matter
		emulator.SlowDots:           {0, facts.Timeout, "did not end within"},
	}
	sound := startDevice(t, emulator.Device{StartPrivileged: true})
	for _, mode := range emulator.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			w, ok := want[mode]
			if !ok {
				t.Fatal("this test does not say what to expect of it")
			}
			e := emulator.Device{Mode: mode, ModeCommand: "show version", StartPrivileged: true, EnableSecret: testEnable}
			switch mode {
			case emulator.UnexpectedQuestion, emulator.EndlessQuestions:
				e.KeyboardInteractive, e.NoPasswordMethod = true, true
			case emulator.PagerStays:
				e.Transcript = longTranscript
			case emulator.RefuseEnable, emulator.EchoSecret:
				e.StartPrivileged = false
			}
			server := startDevice(t, e)
			limits := hurried
			if mode == emulator.Dribble {
				limits.Total = 20 * time.Second
			}
			d := newDialer(t, Options{Limits: limits})
			other, err := d.Open(t.Context(), deviceAt(t, sound.Addr()), testTerminal)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()

			began := time.Now()
			replies, warnings, f := visit(t, d, deviceAt(t, server.Addr()))
			if took := time.Since(began); took > 45*time.Second {
				t.Errorf("it took %v", took)
			}
			all := strings.Join(warnings, "\n")
			var reason facts.Reason
			if f != nil {
				reason, all = f.Reason, all+f.Error()
			}
			if reason != w.reason || len(replies) != w.replies && w.replies >= 0 {
				t.Errorf("%d replies, reason %q, %q; want %d, %q", len(replies), reason, all, w.replies, w.reason)
			}
			if mode == emulator.PromptInReply && !strings.HasSuffix(replies[0], "reload\r\ncore1#\r\n"+"core1 uptime is 3 weeks\r\n") {
				t.Errorf("a prompt in the reply ended it: %q", replies[0])
			}
			if strings.ContainsFunc(all, isControl) {
				t.Errorf("%q is not escaped", all)
			}
			if !strings.Contains(all, w.says) {
				t.Errorf("%q does not say %q", all, w.says)
			}
			for _, secret := range []string{testPassword, testEnable} {
				if strings.Contains(all, secret) {
					t.Errorf("%q tells a secret", all)
				}
				if slices.ContainsFunc(server.Commands(), func(c string) bool { return strings.Contains(c, secret) }) {
					t.Errorf("a secret was typed as a command: %q", server.Commands())
				}
			}
			if r, err := other.Run(t.Context(), command(t, "show version")); err != nil || r.Text != testTranscript.Exchanges[0].Text {
				t.Errorf("the other device's session: %q, %v", r.Text, err)
			}
		})
	}
}

// longTranscript has more lines than a screen.
var longTranscript = &capture.Transcript{
	Platform: "cisco_ios", Device: "core1",
	Exchanges: []capture.Exchange{
		{Command: "show version", Text: "Version 1\r\n" + strings.Repeat("  indented\r\n", 100)},
		{Command: "dir flash:", Text: "Directory of flash:/\r\n"},
	},
}

// TestReplyAsReceived holds that bytes that a terminal would act on are kept as they came.
func TestReplyAsReceived(t *testing.T) {
	text := "\x00\x07\x1b[2Jimage\x1b]0;title\x07 \rcore1> \x1b[31mred\x1b[0m  \r\n\xff\xfe\r\n"
	server := startDevice(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{
		Device: "core1", Exchanges: []capture.Exchange{{Command: "show version", Text: text}, {Command: "dir flash:", Text: ""}},
	}})
	d := newDialer(t, Options{Limits: hurried})
	replies, _, f := visit(t, d, deviceAt(t, server.Addr()))
	if f != nil || replies[0] != text || replies[1] != "" {
		t.Errorf("%q, %v", replies, f)
	}
}

// TestPromptLikeNames lists files whose names look like the prompt and like a command.
func TestPromptLikeNames(t *testing.T) {
	text := "Directory of flash:/\r\n\r\n  1  -rw-  12  Mar 1 2021 00:10:01 +00:00  core1#\r\n  2  -rw-  12  Mar 1 2021 00:10:01 +00:00  reload\r\ncore1#x\r\n core1#\r\n--More-- \r\nPassword: \r\n"
	server := startDevice(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{
		Device: "core1", Exchanges: []capture.Exchange{{Command: "dir flash:", Text: text}, {Command: "show version", Text: "v\r\n"}},
	}})
	d := newDialer(t, Options{Limits: hurried})
	replies, _, f := visit(t, d, deviceAt(t, server.Addr()))
	if f != nil || len(replies) != 2 || replies[1] != text {
		t.Errorf("%q, %v", replies, f)
	}
	if slices.ContainsFunc(server.Commands(), func(c string) bool { return strings.Contains(c, "reload") || strings.Contains(c, testPassword) }) {
		t.Errorf("typed: %q", server.Commands())
	}
}

// TestDotsKeepAlive runs a verify that prints dots for longer than a device may be silent.
func TestDotsKeepAlive(t *testing.T) {
	limits := hurried
	limits.Idle, limits.Total = time.Second, time.Minute
	server := startDevice(t, emulator.Device{StartPrivileged: true, VerifyDelay: 5 * time.Second, Transcript: &capture.Transcript{
		Device: "core1", Exchanges: []capture.Exchange{{Command: "verify /md5 flash:x.bin", Text: strings.Repeat(".", 100) + "Done!\r\nverify /md5 (flash:x.bin) = 0cc175b9c0f1b6a831c399e269772661\r\n"}},
	}})
	d := newDialer(t, Options{Limits: limits})
	s, err := d.Open(t.Context(), deviceAt(t, server.Addr()), testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run(t.Context(), command(t, "verify /md5 flash:x.bin"))
	if err != nil || !strings.Contains(r.Text, "0cc175b9") {
		t.Fatalf("%q, %v", r.Text, err)
	}
	if r.Elapsed < 4*limits.Idle {
		t.Errorf("it took %v, which tells nothing", r.Elapsed)
	}
}

// TestVerifyDrops loses the connection in the middle of the dots of a verify.
func TestVerifyDrops(t *testing.T) {
	server := startDevice(t, emulator.Device{
		StartPrivileged: true, VerifyDelay: 20 * time.Millisecond, Mode: emulator.CutReply, ModeCommand: "verify /md5 flash:x.bin",
		Transcript: &capture.Transcript{Device: "core1", Exchanges: []capture.Exchange{
			{Command: "verify /md5 flash:x.bin", Text: strings.Repeat(".", 100) + "Done!\r\nverify /md5 (flash:x.bin) = 0cc175b9c0f1b6a831c399e269772661\r\n"},
		}},
	})
	s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run(t.Context(), command(t, "verify /md5 flash:x.bin"))
	if asFailure(err).Reason != facts.SessionLost || !strings.HasPrefix(r.Text, "...") || strings.Contains(r.Text, "9772661") {
		t.Errorf("%q, %v", r.Text, err)
	}
}

// TestMemoryIsBounded takes output without end from many devices at once, in every phase.
func TestMemoryIsBounded(t *testing.T) {
	for _, mode := range []emulator.Mode{emulator.EndlessBanner, emulator.EndlessGreeting, emulator.EndlessReply, emulator.LongLine} {
		for _, exec := range []bool{false, true} {
			t.Run(fmt.Sprint(mode, exec), func(t *testing.T) {
				server := startDevice(t, emulator.Device{StartPrivileged: true, Mode: mode, ModeCommand: "show version"})
				d := newDialer(t, Options{Limits: hurried})
				device, terminal := deviceAt(t, server.Addr()), testTerminal
				terminal.Exec = exec
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				const sessions = 10
				for range sessions {
					s, err := d.Open(t.Context(), device, terminal)
					if err == nil {
						defer s.Close()
						var r collectors.Reply
						r, err = s.Run(t.Context(), command(t, "show version"))
						if len(r.Text) > hurried.ReplyBytes+(64<<10) {
							t.Errorf("a reply of %d bytes", len(r.Text))
						}
					}
					if err == nil && mode == emulator.EndlessGreeting && exec {
						continue // there is no greeting
					}
					if f := asFailure(err); err == nil || f.Reason != facts.ReplyTooLarge && mode != emulator.EndlessBanner {
						t.Fatal(err)
					}
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > sessions*4*int64(hurried.ReplyBytes) {
					t.Errorf("%d sessions hold %d bytes", sessions, grown)
				}
			})
		}
	}
}

// TestCancelled ends sessions by their context in each phase.
func TestCancelled(t *testing.T) {
	for _, mode := range []emulator.Mode{emulator.SilentFromStart, emulator.SilentInHandshake, emulator.SilentInLogin, emulator.NoPrompt, emulator.SlowDots} {
		t.Run(string(mode), func(t *testing.T) {
			server := startDevice(t, emulator.Device{StartPrivileged: true, Mode: mode, ModeCommand: "show version"})
			d := newDialer(t, Options{})
			stop := errors.New("somebody pressed ^C")
			ctx, cancel := context.WithCancelCause(t.Context())
			ended := make(chan error, 1)
			reached := make(chan struct{})
			go func() {
				s, err := d.Open(ctx, deviceAt(t, server.Addr()), testTerminal)
				if err == nil {
					defer s.Close()
					close(reached)
					_, err = s.Run(ctx, command(t, "show version"))
				}
				ended <- err
			}()
			// Cancelled once the device is known to have us where it wants us.
			if mode == emulator.SlowDots {
				<-reached
			}
			waitFor(t, func() bool { return server.Connections() > 0 })
			cancel(stop)
			select {
			case err := <-ended:
				var f *collectors.Failure
				if !errors.As(err, &f) || !errors.Is(err, stop) {
					t.Errorf("error %v", err)
				}
			case <-time.After(5 * time.Second):
				t.Fatal("it goes on")
			}
		})
	}
}

// waitFor waits until a condition holds.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not come to that")
		}
	}
}

// TestRefusedLoginIsTriedOnce holds that an account whose login was refused is not tried again for another device, so that
// a wrong password does not lock it out.
func TestRefusedLoginIsTriedOnce(t *testing.T) {
	first := startDevice(t, emulator.Device{Password: "another"})
	d := newDialer(t, Options{Limits: hurried})
	for i := range 3 {
		_, _, f := visit(t, d, deviceAt(t, first.Addr()))
		if f == nil || f.Reason != facts.LoginRefused {
			t.Errorf("visit %d: %v", i, f)
		}
	}
	if n := first.LoginAttempts(); n != 1 {
		t.Errorf("%d attempts with a password that was refused", n)
	}
}

// TestPinsOutliveTheDialer visits a device twice, with its key changed in between.
func TestPinsOutliveTheDialer(t *testing.T) {
	pins := filepath.Join(t.TempDir(), "pins")
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	device := deviceAt(t, server.Addr())
	for i := range 2 {
		if _, _, f := visit(t, newDialer(t, Options{Pins: pins, Limits: hurried}), device); f != nil {
			t.Fatalf("visit %d: %v", i, f)
		}
	}
	key, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Replace(emulator.Device{Transcript: testTranscript, Password: testPassword, StartPrivileged: true, HostKey: key}); err != nil {
		t.Fatal(err)
	}
	logins := server.LoginAttempts()
	_, _, f := visit(t, newDialer(t, Options{Pins: pins, Limits: hurried}), device)
	if f == nil || f.Reason != facts.HostKeyChanged || !strings.Contains(f.Error(), fmt.Sprint(pins, ":1")) {
		t.Errorf("failure %v", f)
	}
	if server.LoginAttempts() != logins {
		t.Error("a password was sent to a device with another key")
	}
}
