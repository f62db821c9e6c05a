package emulator_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
)

const silence = 30 * time.Millisecond

// quiet reports that nothing comes for a while.
func quiet(t *testing.T, tcp net.Conn) {
	t.Helper()
	tcp.SetReadDeadline(time.Now().Add(silence))
	if n, err := tcp.Read(make([]byte, 1)); n != 0 || err == io.EOF {
		t.Errorf("%d bytes and %v instead of silence", n, err)
	}
}

// TestModes reaches each mode as a client does that walks into it, and then goes away:
// the device must come to its end as well, or the test for leaks fails.
func TestModes(t *testing.T) {
	reached := map[emulator.Mode]func(*testing.T, *emulator.Server){
		emulator.CloseAtOnce: func(t *testing.T, s *emulator.Server) {
			if text, err := io.ReadAll(connect(t, s)); len(text) != 0 || err != nil {
				t.Errorf("%q, %v", text, err)
			}
		},
		emulator.SilentFromStart: func(t *testing.T, s *emulator.Server) {
			tcp := connect(t, s)
			io.WriteString(tcp, "SSH-2.0-Go\r\n")
			quiet(t, tcp)
		},
		emulator.SilentInHandshake: func(t *testing.T, s *emulator.Server) {
			tcp := connect(t, s)
			io.WriteString(tcp, "SSH-2.0-Go\r\n")
			version := make([]byte, len("SSH-2.0-Cisco-1.25\r\n"))
			if _, err := io.ReadFull(tcp, version); err != nil || string(version) != "SSH-2.0-Cisco-1.25\r\n" {
				t.Errorf("%q, %v", version, err)
			}
			quiet(t, tcp)
		},
		emulator.EndlessBanner: func(t *testing.T, s *emulator.Server) {
			config, enough := clientConfig(s), 0
			tcp := connect(t, s)
			config.BannerCallback = func(string) error {
				if enough++; enough == 50 {
					tcp.Close()
				}
				return nil
			}
			if _, _, _, err := ssh.NewClientConn(tcp, s.Addr(), config); err == nil {
				t.Error("logged in")
			}
			if enough < 50 {
				t.Errorf("%d banners", enough)
			}
		},
		emulator.SilentInLogin: func(t *testing.T, s *emulator.Server) {
			tcp := connect(t, s)
			tcp.SetDeadline(time.Now().Add(10 * silence))
			if _, _, _, err := ssh.NewClientConn(tcp, s.Addr(), clientConfig(s)); err == nil || !strings.Contains(err.Error(), "timeout") {
				t.Errorf("login: %v", err)
			}
			if s.LoginAttempts() != 1 {
				t.Errorf("%d attempts, want 1", s.LoginAttempts())
			}
		},
		emulator.RefuseLogin: func(t *testing.T, s *emulator.Server) {
			if _, err := dial(s, clientConfig(s)); err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
				t.Errorf("login: %v", err)
			}
		},
		emulator.UnexpectedQuestion: func(t *testing.T, s *emulator.Server) {
			var asked []string
			if _, err := dial(s, answering(s, &asked, 1)); err == nil || len(asked) == 0 || strings.Contains(asked[0], "assword") {
				t.Errorf("asked %q, %v", asked, err)
			}
		},
		emulator.EndlessQuestions: func(t *testing.T, s *emulator.Server) {
			var asked []string
			if _, err := dial(s, answering(s, &asked, 50)); err == nil || len(asked) != 50 {
				t.Errorf("asked %d questions, %v", len(asked), err)
			}
		},
		emulator.RefuseEnable: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 24, 80)
			c.until("core1#")
			c.send("disable\renable\rwhatever\r")
			c.until("Password: \r\n% Access denied\r\n\r\ncore1>")
		},
		emulator.EchoSecret: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 24, 80)
			c.until("core1#")
			c.send("disable\renable\rwhatever\r")
			c.until("Password: whatever\r\n")
		},
		emulator.SilentAfterLogin: func(t *testing.T, s *emulator.Server) {
			client := login(t, s)
			time.AfterFunc(silence, func() { client.Close() })
			if _, err := client.NewSession(); err == nil {
				t.Error("it opened a session")
			}
		},
		emulator.EndlessGreeting: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 24, 80)
			if n, err := io.CopyN(io.Discard, c.out, 20<<20); err != nil {
				t.Errorf("ends after %d bytes: %v", n, err)
			}
		},
		emulator.SlowEcho: func(t *testing.T, s *emulator.Server) {
			if got := reply(t, s); got != "show version\r\n"+versionText+"core1#" {
				t.Errorf("%q", got)
			}
		},
		emulator.LogBeforeEcho: func(t *testing.T, s *emulator.Server) {
			const message = "\r\n*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.1.1.9)\r\n"
			c := asked(t, s)
			if got := c.until(versionText + "core1#"); got != message+"show version\r\n"+versionText+"core1#" {
				t.Errorf("%q", got)
			}
			c.send("show version\r")
			if got := c.until(versionText + "core1#"); got != message+"core1#show version\r\n"+versionText+"core1#" {
				t.Errorf("%q", got)
			}
		},
		emulator.PagerStays: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 1000, 80)
			c.send("terminal length 0\r")
			c.until("core1#terminal length 0\r\ncore1#")
			s.Replace(emulator.Device{Mode: emulator.PagerStays, StartPrivileged: true, Password: password, Transcript: &capture.Transcript{
				Device: "core1", Exchanges: []capture.Exchange{{Command: "show version", Text: strings.Repeat("x\r\n", 24)}},
			}})
			c = open(t, login(t, s), 1000, 80)
			c.send("terminal length 0\rshow version\r")
			c.until("x\r\n --More-- ")
		},
		emulator.PromptCounts: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 24, 80)
			c.send("\r\r")
			c.until("\r\ncore1-1#\r\ncore1-2#\r\ncore1-3#")
		},
		emulator.PromptChanges: func(t *testing.T, s *emulator.Server) {
			c := asked(t, s)
			c.until(versionText + "another#")
		},
		emulator.PromptStateChanges: func(t *testing.T, s *emulator.Server) {
			s.Replace(emulator.Device{Mode: emulator.PromptStateChanges, Password: password, Transcript: &capture.Transcript{Device: "fw1", Platform: "paloalto_panos"}})
			c := open(t, login(t, s), 24, 80)
			c.send("\r")
			c.until("\r\nadmin@fw1(passive)> \r\nadmin@fw1(active)> ")
		},
		emulator.EchoesAhead: func(t *testing.T, s *emulator.Server) {
			first, rest, _ := strings.Cut(versionText, "\r\n")
			c := asked(t, s)
			c.until(first + "\r\ncore1#")
			c.send("dir flash:\r")
			if got, want := c.until("x.bin\r\ncore1#"), "dir flash:\r\n"+rest+"core1#dir flash:\r\nDirectory of flash:/\r\n\r\n    1  -rw-        1024   x.bin\r\ncore1#"; got != want {
				t.Errorf("got %q\nwant %q", got, want)
			}
		},
		emulator.NoPrompt: func(t *testing.T, s *emulator.Server) {
			c := open(t, login(t, s), 24, 80)
			c.send("show version\r\r\x03")
			time.AfterFunc(silence, func() { c.Close() })
			if got := c.rest(); got != "\r\n" {
				t.Errorf("%q instead of silence", got)
			}
		},
		emulator.NoEcho: func(t *testing.T, s *emulator.Server) {
			if got := reply(t, s); got != "\r\n"+versionText+"core1#" {
				t.Errorf("%q", got)
			}
		},
		emulator.EndlessReply: func(t *testing.T, s *emulator.Server) {
			c := asked(t, s)
			if n, err := io.CopyN(io.Discard, c.out, 20<<20); err != nil {
				t.Errorf("ends after %d bytes: %v", n, err)
			}
		},
		emulator.LongLine: func(t *testing.T, s *emulator.Server) {
			got := reply(t, s)
			if _, body, _ := strings.Cut(got, "show version\r\n"); strings.IndexByte(body, '\n') != 10_000_001 {
				t.Errorf("a line of %d bytes", strings.IndexByte(body, '\n'))
			}
		},
		emulator.ControlBytes: func(t *testing.T, s *emulator.Server) {
			if got := reply(t, s); !strings.ContainsAny(got, "\x00\x07\x1b") {
				t.Errorf("%q", got)
			}
		},
		emulator.CutReply: func(t *testing.T, s *emulator.Server) {
			got := asked(t, s).rest()
			if want := "show version\r\n" + versionText[:len(versionText)/2]; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		},
		emulator.PromptInReply: func(t *testing.T, s *emulator.Server) {
			c := asked(t, s)
			c.until("flash:x.bin\"\r\ncore1#")
		},
		emulator.LogMessages: func(t *testing.T, s *emulator.Server) {
			if got := reply(t, s); !strings.Contains(got, "\r\n*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: ") {
				t.Errorf("%q", got)
			}
		},
		emulator.Dribble: func(t *testing.T, s *emulator.Server) {
			if got := reply(t, s); got != "show version\r\n"+versionText+"core1#" {
				t.Errorf("%q", got)
			}
		},
		emulator.GarbageAfterPrompt: func(t *testing.T, s *emulator.Server) {
			c := asked(t, s)
			c.until(versionText + "core1#")
			c.send("\r")
			if got := c.until("core1#"); !strings.Contains(got, "after the prompt") {
				t.Errorf("%q", got)
			}
		},
		emulator.NoExitStatus: func(t *testing.T, s *emulator.Server) {
			session, err := login(t, s).NewSession()
			if err != nil {
				t.Fatal(err)
			}
			var missing *ssh.ExitMissingError
			if text, err := session.Output("show version"); string(text) != versionText || !errors.As(err, &missing) {
				t.Errorf("%q, %v", text, err)
			}
		},
		emulator.SlowDots: func(t *testing.T, s *emulator.Server) {
			c := asked(t, s)
			c.until("show version\r\n...")
		},
	}
	for _, mode := range emulator.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			s := start(t, emulator.Device{Mode: mode, StartPrivileged: true})
			if reached[mode] == nil {
				t.Fatal("nobody has walked into it")
			}
			reached[mode](t, s)
		})
	}
}

// TestModeCommand holds that a mode can spoil one reply and leave the others.
func TestModeCommand(t *testing.T) {
	s := start(t, emulator.Device{Mode: emulator.CutReply, ModeCommand: "dir flash:", StartPrivileged: true})
	c := asked(t, s)
	c.until(versionText + "core1#")
	c.send("dir flash:\r")
	if got := c.rest(); strings.Contains(got, "x.bin") {
		t.Errorf("a whole reply: %q", got)
	}
}

// TestClientGoesAway holds that a device notices in the middle of everything.
func TestClientGoesAway(t *testing.T) {
	for _, mode := range []emulator.Mode{emulator.EndlessReply, emulator.SlowDots, emulator.NoPrompt, emulator.LongLine, ""} {
		s := start(t, emulator.Device{Mode: mode, StartPrivileged: true, Delay: map[bool]time.Duration{true: time.Hour}[mode == ""]})
		client := login(t, s)
		c := open(t, client, 24, 80)
		c.send("show version\r")
		c.until("\r\n")
		client.Close()
		for began := time.Now(); s.Sessions() != 0; time.Sleep(time.Millisecond) {
			if time.Since(began) > patience {
				t.Fatalf("%q: the session goes on without its client", mode)
			}
		}
	}
}

func connect(t *testing.T, s *emulator.Server) net.Conn {
	t.Helper()
	tcp, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tcp.Close() })
	tcp.SetDeadline(time.Now().Add(patience))
	return tcp
}

// answering notes what is asked and gives up after so many questions.
func answering(s *emulator.Server, asked *[]string, limit int) *ssh.ClientConfig {
	config := clientConfig(s)
	config.Auth = []ssh.AuthMethod{ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		*asked = append(*asked, questions...)
		if len(*asked) >= limit {
			return nil, io.ErrUnexpectedEOF
		}
		return make([]string, len(questions)), nil
	})}
	return config
}

// asked is a console where "show version" was typed at the first prompt.
func asked(t *testing.T, s *emulator.Server) *console {
	t.Helper()
	c := open(t, login(t, s), 24, 80)
	c.until("core1#")
	c.send("show version\r")
	return c
}

// reply is what comes back from the echo to the prompt.
func reply(t *testing.T, s *emulator.Server) string {
	t.Helper()
	return asked(t, s).until("\r\ncore1#")
}
