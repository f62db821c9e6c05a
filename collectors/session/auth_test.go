package session

import (
	"cmp"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"trueboot/collectors"
	"trueboot/collectors/emulator"
	"trueboot/facts"
	"trueboot/inventory"
)

const testPassphrase = "hunter2-passphrase"

// A testKey is a private key as a file, with and without a passphrase.
type testKey struct {
	private      ed25519.PrivateKey
	public       ssh.PublicKey
	file, locked string
}

func newKey(t testing.TB) testKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := testKey{private: private}
	if k.public, err = ssh.NewPublicKey(public); err != nil {
		t.Fatal(err)
	}
	write := func(name string, block *pem.Block, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	k.file = write("plain", block, err)
	block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(testPassphrase))
	k.locked = write("locked", block, err)
	return k
}

// startAgent runs an SSH agent with keys until the test ends.
func startAgent(t *testing.T, keys ...testKey) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the agent of Windows is a named pipe")
	}
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k.private}); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := os.MkdirTemp("", "agent") // the name of a socket may have about 100 bytes, which t.TempDir may pass
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				agent.ServeAgent(ring, conn) // ends with an error when the client goes
				conn.Close()
			}()
		}
	}()
	t.Setenv("SSH_AUTH_SOCK", socket)
}

// secretless fails where one of the texts holds a secret.
func secretless(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range []string{testPassword, testEnable, testPassphrase} {
			if strings.Contains(text, secret) {
				t.Errorf("%q tells a secret", text)
			}
		}
	}
}

// refusing makes a server ask a question of its own over keyboard-interactive.
func refusing(ask func(client ssh.KeyboardInteractiveChallenge) error) func(*ssh.ServerConfig) {
	return func(c *ssh.ServerConfig) {
		c.PasswordCallback = nil
		c.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, client ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return nil, ask(client)
		}
	}
}

// TestLogin logs in in every way, and is refused in every way.
func TestLogin(t *testing.T) {
	known, other := newKey(t), newKey(t)
	t.Setenv("TRUEBOOT_TEST_PASSPHRASE", testPassphrase)
	t.Setenv("TRUEBOOT_TEST_WRONG", "hunter2-wrong")
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte(testPassword), 0o644); err != nil {
		t.Fatal(err)
	}
	keys := []ssh.PublicKey{known.public}
	nothing := func(d *inventory.Device) { d.Password = "" }
	for name, test := range map[string]struct {
		server   emulator.Device
		device   func(*inventory.Device)
		agent    []testKey
		attempts int
		reason   facts.Reason // empty for facts.LoginRefused
		says     string       // why nobody logged in; empty where somebody did
	}{
		"password":             {attempts: 1},
		"wrong password":       {device: func(d *inventory.Device) { d.Password = "env:TRUEBOOT_TEST_WRONG" }, attempts: 1, says: "refused the password"},
		"wrong user":           {server: emulator.Device{Username: "somebody"}, attempts: 1, says: "refused the password"},
		"keyboard-interactive": {server: emulator.Device{KeyboardInteractive: true, NoPasswordMethod: true}, attempts: 1},
		"both ways, wrong":     {server: emulator.Device{KeyboardInteractive: true}, device: func(d *inventory.Device) { d.Password = "env:TRUEBOOT_TEST_WRONG" }, attempts: 1, says: "refused the password"},
		"no username":          {device: func(d *inventory.Device) { d.Username = "" }, reason: facts.NoCredentials, says: "no username"},
		"no credential":        {device: nothing, reason: facts.NoCredentials, says: "neither password nor key_file nor agent"},
		"key":                  {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.KeyFile = known.file }, attempts: 1},
		"key with a passphrase": {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) {
			nothing(d)
			d.KeyFile, d.KeyPassphrase = known.locked, "env:TRUEBOOT_TEST_PASSPHRASE"
		}, attempts: 1},
		"key, wrong passphrase": {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) {
			nothing(d)
			d.KeyFile, d.KeyPassphrase = known.locked, "env:TRUEBOOT_TEST_WRONG"
		}, reason: facts.NoCredentials, says: "private key"},
		"key, no passphrase":      {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.KeyFile = known.locked }, reason: facts.NoCredentials, says: "locked with a passphrase"},
		"key that is not there":   {device: func(d *inventory.Device) { d.KeyFile = filepath.Join(t.TempDir(), "none") }, reason: facts.NoCredentials, says: "private key"},
		"key that others read":    {device: func(d *inventory.Device) { d.KeyFile = open }, reason: facts.NoCredentials, says: "other users can read it"},
		"unknown key":             {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.KeyFile = other.file }, attempts: 1, says: "refused the key"},
		"unknown key, password":   {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { d.KeyFile = other.file }, attempts: 2},
		"key, only passwords":     {device: func(d *inventory.Device) { nothing(d); d.KeyFile = known.file }, says: `accepts only "password"`},
		"agent":                   {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.Agent = true }, agent: []testKey{other, known}, attempts: 2},
		"agent without the key":   {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.Agent = true }, agent: []testKey{other}, attempts: 1, says: "refused the key"},
		"agent with too many":     {server: emulator.Device{AuthorizedKeys: keys}, device: func(d *inventory.Device) { nothing(d); d.Agent = true }, agent: []testKey{other, newKey(t), newKey(t), newKey(t), newKey(t)}, attempts: mostAgentKeys, says: "refused the key"},
		"empty agent":             {device: func(d *inventory.Device) { nothing(d); d.Agent = true }, agent: []testKey{}, reason: facts.NoCredentials, says: "holds no key"},
		"password not in the env": {device: func(d *inventory.Device) { d.Password = "env:TRUEBOOT_TEST_NONE" }, reason: facts.NoCredentials, says: "not set"},
		"password others read":    {device: func(d *inventory.Device) { d.Password = inventory.Secret("file:" + open) }, reason: facts.NoCredentials, says: "other users can read it"},
		"a question that quotes the password": {
			server: emulator.Device{Config: refusing(func(client ssh.KeyboardInteractiveChallenge) error {
				answers, err := client("", "", []string{"Password: "}, []bool{false})
				if err != nil {
					return err
				}
				_, err = client("", "", []string{"You said " + answers[0] + ", is that right? "}, []bool{true})
				return err
			})}, says: "something else than the password",
		},
		"a question for a new password": {
			server: emulator.Device{Config: refusing(func(client ssh.KeyboardInteractiveChallenge) error {
				_, err := client("", "", []string{"New password: "}, []bool{false})
				return err
			})}, says: "something else than the password",
		},
		"a password that would be shown": {
			server: emulator.Device{Config: refusing(func(client ssh.KeyboardInteractiveChallenge) error {
				_, err := client("", "", []string{"Password: "}, []bool{true})
				return err
			})}, says: "something else than the password",
		},
		"empty rounds without end": {
			server: emulator.Device{Config: refusing(func(client ssh.KeyboardInteractiveChallenge) error {
				for {
					if _, err := client("", "", nil, nil); err != nil {
						return err
					}
				}
			})}, says: "one question after the other",
		},
		"legacy only": {server: emulator.Device{Config: legacyOnly}, reason: facts.Unreachable, says: "legacy_ssh: true for this device would allow diffie-hellman-group1-sha1"},
		"legacy":      {server: emulator.Device{Config: legacyOnly}, device: func(d *inventory.Device) { d.LegacySSH = true }, attempts: 1},
		"legacy cipher only": {
			server: emulator.Device{Config: func(c *ssh.ServerConfig) { c.Ciphers = []string{ssh.InsecureCipherAES128CBC} }}, reason: facts.Unreachable, says: "legacy_ssh: true for this device would allow aes128-cbc",
		},
		"no common algorithm": {
			server: emulator.Device{Config: func(c *ssh.ServerConfig) { c.Ciphers = []string{ssh.InsecureCipherRC4} }}, reason: facts.Unreachable, says: "this program has none of them",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(name, "others read") {
				t.Skip("Windows has no such permissions")
			}
			if test.agent != nil {
				startAgent(t, test.agent...)
			}
			test.server.StartPrivileged = true
			server := startDevice(t, test.server)
			device := deviceAt(t, server.Addr())
			if test.device != nil {
				test.device(&device)
			}
			_, warnings, f := visit(t, newDialer(t, Options{Limits: hurried}), device)
			switch {
			case f == nil && test.says != "":
				t.Error("somebody logged in")
			case f != nil && (test.says == "" || !strings.Contains(f.Error(), test.says)):
				t.Errorf("%v; want %q", f, test.says)
			case f != nil && f.Reason != cmp.Or(test.reason, facts.LoginRefused):
				t.Errorf("reason %q", f.Reason)
			}
			if n := server.LoginAttempts(); n != test.attempts {
				t.Errorf("%d attempts, want %d", n, test.attempts)
			}
			if f != nil {
				secretless(t, f.Error())
			}
			secretless(t, warnings...)
			secretless(t, server.Commands()...)
		})
	}
}

// legacyOnly makes a device that knows nothing newer than 2005.
func legacyOnly(c *ssh.ServerConfig) {
	c.KeyExchanges = []string{ssh.InsecureKeyExchangeDH1SHA1}
	c.Ciphers = []string{ssh.InsecureCipherTripleDESCBC}
	c.MACs = []string{ssh.HMACSHA1}
}

// TestWeak holds that a session says which of its algorithms are weak.
func TestWeak(t *testing.T) {
	for _, legacy := range []bool{false, true} {
		e := emulator.Device{StartPrivileged: true}
		if legacy {
			e.Config = legacyOnly
		}
		server := startDevice(t, e)
		device := deviceAt(t, server.Addr())
		device.LegacySSH = true // an option that is not needed changes nothing
		s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), device, testTerminal)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var want []string
		if legacy {
			want = []string{ssh.InsecureKeyExchangeDH1SHA1, ssh.InsecureCipherTripleDESCBC}
		}
		if got := s.Algorithms().Weak(); !slices.Equal(got, want) {
			t.Errorf("weak are %q, want %q", got, want)
		}
	}
}

// TestEnableSecret goes through what can happen at enable.
func TestEnableSecret(t *testing.T) {
	t.Setenv("TRUEBOOT_TEST_WRONG", "hunter2-wrong")
	for name, test := range map[string]struct {
		server   emulator.Device
		device   func(*inventory.Device)
		terminal func(*collectors.Terminal)
		warning  string
	}{
		"right":               {server: emulator.Device{EnableSecret: testEnable}},
		"wrong":               {server: emulator.Device{EnableSecret: testEnable}, device: func(d *inventory.Device) { d.Enable = "env:TRUEBOOT_TEST_WRONG" }, warning: "refused the enable secret"},
		"shown":               {server: emulator.Device{EnableSecret: testEnable, Mode: emulator.EchoSecret}, warning: "showed the enable secret"},
		"denied":              {server: emulator.Device{EnableSecret: testEnable, Mode: emulator.RefuseEnable}, warning: "did not grant privileges"},
		"none set there":      {warning: "did not grant privileges"},
		"none configured":     {server: emulator.Device{EnableSecret: testEnable}, device: func(d *inventory.Device) { d.Enable = "" }, warning: "no enable secret is configured"},
		"already privileged":  {server: emulator.Device{StartPrivileged: true}},
		"no privileged level": {terminal: func(p *collectors.Terminal) { p.Privileged, p.Enable = nil, "" }},
	} {
		t.Run(name, func(t *testing.T) {
			server := startDevice(t, test.server)
			device, terminal := deviceAt(t, server.Addr()), testTerminal
			if test.device != nil {
				test.device(&device)
			}
			if test.terminal != nil {
				test.terminal(&terminal)
			}
			s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), device, terminal)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			warnings := strings.Join(s.Warnings(), "\n")
			if (warnings == "") != (test.warning == "") || !strings.Contains(warnings, test.warning) {
				t.Errorf("warnings %q, want %q", warnings, test.warning)
			}
			secretless(t, warnings)
			secretless(t, server.Commands()...)
			if r, err := s.Run(t.Context(), command(t, "show version")); err != nil || r.Text != testTranscript.Exchanges[0].Text {
				t.Errorf("%q, %v", r.Text, err)
			}
		})
	}
}
