package emulator_test

import (
	"net"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
)

func TestLogin(t *testing.T) {
	key, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	answer := func(text string) ssh.AuthMethod {
		return ssh.KeyboardInteractive(func(_, _ string, questions []string, echos []bool) ([]string, error) {
			if len(questions) == 0 {
				return nil, nil
			}
			if !slices.Equal(questions, []string{"Password: "}) || !slices.Equal(echos, []bool{false}) {
				t.Errorf("asked %q, echo %v", questions, echos)
			}
			return []string{text}, nil
		})
	}
	byPassword := emulator.Device{Username: "admin"}
	byBoth := emulator.Device{KeyboardInteractive: true}
	byQuestion := emulator.Device{KeyboardInteractive: true, NoPasswordMethod: true}
	byKey := emulator.Device{AuthorizedKeys: []ssh.PublicKey{key.PublicKey()}, NoPasswordMethod: true}
	refusing := emulator.Device{KeyboardInteractive: true, Mode: emulator.RefuseLogin, AuthorizedKeys: byKey.AuthorizedKeys}
	for _, test := range []struct {
		name     string
		device   emulator.Device
		user     string
		with     ssh.AuthMethod
		ok       bool
		attempts int
	}{
		{"password", byPassword, "admin", ssh.Password(password), true, 1},
		{"wrong password", byPassword, "admin", ssh.Password("guess"), false, 1},
		{"wrong user", byPassword, "root", ssh.Password(password), false, 1},
		{"answer where none is asked for", byPassword, "admin", answer(password), false, 0},
		{"password, both offered", byBoth, "anybody", ssh.Password(password), true, 1},
		{"answer, both offered", byBoth, "anybody", answer(password), true, 1},
		{"answer", byQuestion, "admin", answer(password), true, 1},
		{"wrong answer", byQuestion, "admin", answer("guess"), false, 1},
		{"password where only a question is", byQuestion, "admin", ssh.Password(password), false, 0},
		{"key", byKey, "admin", ssh.PublicKeys(key), true, 1},
		{"other key", byKey, "admin", ssh.PublicKeys(other), false, 1},
		{"refusing, password", refusing, "admin", ssh.Password(password), false, 1},
		{"refusing, answer", refusing, "admin", answer(password), false, 1},
		{"refusing, key", refusing, "admin", ssh.PublicKeys(key), false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, test.device)
			config := clientConfig(s)
			config.User, config.Auth = test.user, []ssh.AuthMethod{test.with}
			client, err := dial(s, config)
			if (err == nil) != test.ok {
				t.Fatalf("login: %v", err)
			}
			if client != nil {
				defer client.Close()
				// The client knows first that it is in; a channel opens when the server has counted it.
				if session, err := client.NewSession(); err != nil {
					t.Fatal(err)
				} else {
					defer session.Close()
				}
			}
			logins := map[bool]int{true: 1}[test.ok]
			if s.LoginAttempts() != test.attempts || s.Logins() != logins || s.Sessions() != logins {
				t.Errorf("%d attempts, %d logins, %d sessions; want %d, %d, %d",
					s.LoginAttempts(), s.Logins(), s.Sessions(), test.attempts, logins, logins)
			}
		})
	}
}

func TestBanner(t *testing.T) {
	s := start(t, emulator.Device{Banner: "core1# is not a prompt\n"})
	config := clientConfig(s)
	var banner string
	config.BannerCallback = func(text string) error { banner = text; return nil }
	client, err := dial(s, config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if want := "core1# is not a prompt\r\n"; banner != want {
		t.Errorf("banner %q, want %q", banner, want)
	}
	if got := string(client.ServerVersion()); got != "SSH-2.0-Cisco-1.25" {
		t.Errorf("version %q", got)
	}
}

func TestConfig(t *testing.T) {
	s := start(t, emulator.Device{Config: func(c *ssh.ServerConfig) {
		c.KeyExchanges = []string{ssh.InsecureKeyExchangeDH1SHA1}
	}})
	if _, err := dial(s, clientConfig(s)); err == nil || !strings.Contains(err.Error(), "no common algorithm") {
		t.Errorf("a client of today agreed with a device of the past: %v", err)
	}
	config := clientConfig(s)
	config.KeyExchanges = []string{ssh.InsecureKeyExchangeDH1SHA1}
	client, err := dial(s, config)
	if err != nil {
		t.Fatal(err)
	}
	client.Close()
}

func TestReplace(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true})
	before, address := s.HostKey(), s.Addr()
	old := open(t, login(t, s), 24, 80)
	old.until("core1#")

	tampered := transcript()
	tampered.Exchanges[0].Text = "Cisco IOS Software, Version 15.2(4)M1\r\n"
	d := emulator.Device{Hostname: "core2", Transcript: tampered, Password: password, StartPrivileged: true}
	if err := s.Replace(d); err != nil {
		t.Fatal(err)
	}
	if string(s.HostKey().Marshal()) != string(before.Marshal()) || s.Addr() != address {
		t.Error("the address or the host key changed")
	}
	c := open(t, login(t, s), 24, 80)
	c.until("core2#")
	c.send("show version\r")
	if got := c.until("core2#"); !strings.Contains(got, "15.2(4)M1") {
		t.Errorf("the new device says %q", got)
	}
	old.send("show version\r")
	if got := old.until("core1#"); !strings.Contains(got, "15.2(4)M6") {
		t.Errorf("the old device says %q", got)
	}

	var err error
	if d.HostKey, err = emulator.NewHostKey(); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(d); err != nil {
		t.Fatal(err)
	}
	config := clientConfig(s)
	config.HostKeyCallback = ssh.FixedHostKey(before)
	if _, err := dial(s, config); err == nil || !strings.Contains(err.Error(), "host key mismatch") {
		t.Errorf("login with the old host key: %v", err)
	}
	login(t, s)
}

func TestStartRefuses(t *testing.T) {
	for _, test := range []struct {
		device emulator.Device
		want   string
	}{
		{emulator.Device{Password: "x"}, "without a transcript"},
		{emulator.Device{Transcript: transcript()}, "without a password and without keys"},
		{emulator.Device{Transcript: &capture.Transcript{}, Password: "x"}, "without a host name"},
		{emulator.Device{Transcript: &capture.Transcript{Device: "fw1", Platform: "acme_os"}, Password: "x"}, `"acme_os" can't be emulated`},
	} {
		s, err := emulator.Start(test.device)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want one with %q", err, test.want)
		}
	}
}

// TestClose holds that a device that is switched off leaves nothing behind, whatever its
// clients were doing.
func TestClose(t *testing.T) {
	s := start(t, emulator.Device{StartPrivileged: true})
	idle, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	c := open(t, login(t, s), 24, 80)
	c.until("core1#")
	if s.Sessions() != 1 {
		t.Errorf("%d sessions, want 1", s.Sessions())
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if s.Sessions() != 0 {
		t.Errorf("%d sessions after Close", s.Sessions())
	}
	if got := c.rest(); got != "" {
		t.Errorf("after Close: %q", got)
	}
	if tcp, err := net.Dial("tcp", s.Addr()); err == nil {
		tcp.Close()
		t.Error("the port still answers")
	}
}
