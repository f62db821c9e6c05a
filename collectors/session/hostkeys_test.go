package session

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
	"pgregory.net/rapid"

	"trueboot/collectors/emulator"
	"trueboot/facts"
)

// hostSigners makes a key of each type that a device may have.
func hostSigners(t testing.TB) (ed, ec, rs ssh.Signer) {
	t.Helper()
	signer := func(key any, err error) ssh.Signer {
		if err != nil {
			t.Fatal(err)
		}
		s, err := ssh.NewSignerFromKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	ed, err := emulator.NewHostKey()
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ec = signer(ecKey, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	return ed, ec, signer(rsaKey, err)
}

// keyLine is a line of known_hosts.
func keyLine(names string, key ssh.PublicKey) string {
	return fmt.Sprintf("%s %s %s\n", names, key.Type(), base64.StdEncoding.EncodeToString(key.Marshal()))
}

// certify makes a host certificate.
func certify(t testing.TB, authority, key ssh.Signer, change func(*ssh.Certificate)) ssh.Signer {
	t.Helper()
	c := &ssh.Certificate{
		Key: key.PublicKey(), CertType: ssh.HostCert, ValidPrincipals: []string{"127.0.0.1"},
		ValidAfter: uint64(time.Now().Add(-time.Hour).Unix()), ValidBefore: uint64(time.Now().Add(time.Hour).Unix()),
	}
	if change != nil {
		change(c)
	}
	if err := c.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewCertSigner(c, key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// TestHostKeys shows keys to a dialer that knows some. Where it does not like what it is shown, no credential is sent.
func TestHostKeys(t *testing.T) {
	ed, ec, rs := hostSigners(t)
	other, authority, _ := hostSigners(t)
	public := func(s ssh.Signer) ssh.PublicKey { return s.PublicKey() }
	for name, test := range map[string]struct {
		shows  []ssh.Signer
		lines  func(name string) string // of known_hosts, for a device called so
		pinned bool                     // new keys are
		reason facts.Reason
		says   string
		key    ssh.Signer // the one that was used; nil for the first that is shown
	}{
		"known":        {lines: func(n string) string { return keyLine(n, public(ed)) }},
		"among others": {lines: func(n string) string { return keyLine("a,"+n+",b", public(ed)) }},
		"in capitals, comments": {lines: func(n string) string {
			return "# known\n\n" + strings.TrimSpace(keyLine(n, public(ed))) + " core1 of site A\n"
		}},
		"hashed":                 {lines: func(n string) string { return keyLine(knownhosts.HashHostname(n), public(ed)) }},
		"hashed and plain":       {lines: func(n string) string { return keyLine(n, public(ec)) + keyLine(knownhosts.HashHostname(n), public(ed)) }},
		"pattern":                {lines: func(n string) string { return keyLine("*.0.0.1,!10.*", public(ed)) }},
		"pattern with a port":    {lines: func(n string) string { return keyLine("[127.0.0.?]:*", public(ed)) }},
		"excluded by a pattern":  {lines: func(n string) string { return keyLine("127.*,!127.0.0.1", public(ed)) }, reason: facts.HostKeyUnknown, says: "not known"},
		"of another port":        {lines: func(n string) string { return keyLine("[127.0.0.1]:1", public(ed)) }, reason: facts.HostKeyUnknown, says: "not known"},
		"several types, one key": {shows: []ssh.Signer{ed, ec, rs}, lines: func(n string) string { return keyLine(n, public(rs)) }, key: rs},
		"several types, all":     {shows: []ssh.Signer{ec, rs}, lines: func(n string) string { return keyLine(n, public(ed)) + keyLine(n, public(ec)) + keyLine(n, public(rs)) }},
		"another key":            {lines: func(n string) string { return keyLine(n, public(other)) }, reason: facts.HostKeyChanged, says: "known_hosts:1"},
		"another type":           {shows: []ssh.Signer{rs}, lines: func(n string) string { return keyLine(n, public(ed)) }, reason: facts.HostKeyChanged, says: "the host key changed: known is ssh-ed25519"},
		"another hashed":         {lines: func(n string) string { return keyLine(knownhosts.HashHostname(n), public(other)) }, reason: facts.HostKeyChanged, says: "the host key changed"},
		"another though pinning": {lines: func(n string) string { return keyLine(n, public(other)) }, pinned: true, reason: facts.HostKeyChanged, says: "the host key changed"},
		"revoked":                {lines: func(n string) string { return keyLine(n, public(ed)) + keyLine("@revoked *", public(ed)) }, reason: facts.HostKeyChanged, says: "known_hosts:2"},
		"revoked, new":           {lines: func(n string) string { return keyLine("@revoked *", public(ed)) }, pinned: true, reason: facts.HostKeyChanged, says: "is revoked"},
		"unknown":                {reason: facts.HostKeyUnknown, says: ssh.FingerprintSHA256(public(ed))},
		"new, pinned":            {pinned: true},
		"certificate": {
			shows: []ssh.Signer{certify(t, authority, ed, nil)}, lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) },
		},
		"certificate and key, authority": {
			shows: []ssh.Signer{rs, certify(t, authority, ed, nil)}, lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) }, key: ed,
		},
		"certificate and key, no authority": {
			shows: []ssh.Signer{rs, certify(t, authority, ed, nil)}, lines: func(n string) string { return keyLine(n, public(rs)) }, key: rs,
		},
		"certificate of another authority": {
			shows: []ssh.Signer{certify(t, other, ed, nil)}, lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) },
			reason: facts.HostKeyChanged, says: "certificate is not accepted",
		},
		"certificate for another host": {
			shows: []ssh.Signer{certify(t, authority, ed, func(c *ssh.Certificate) { c.ValidPrincipals = []string{"core2"} })},
			lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) }, reason: facts.HostKeyChanged, says: "certificate is not accepted",
		},
		"certificate that has expired": {
			shows: []ssh.Signer{certify(t, authority, ed, func(c *ssh.Certificate) { c.ValidBefore = uint64(time.Now().Add(-time.Minute).Unix()) })},
			lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) }, reason: facts.HostKeyChanged, says: "expired",
		},
		"certificate of a revoked authority": {
			shows: []ssh.Signer{certify(t, authority, ed, nil)},
			lines: func(n string) string {
				return keyLine("@cert-authority *", public(authority)) + keyLine("@revoked *", public(authority))
			},
			reason: facts.HostKeyChanged, says: "revoked",
		},
		"certificate of a user": {
			shows: []ssh.Signer{certify(t, authority, ed, func(c *ssh.Certificate) { c.CertType = ssh.UserCert })},
			lines: func(n string) string { return keyLine("@cert-authority *", public(authority)) }, reason: facts.HostKeyChanged, says: "certificate is not accepted",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.shows == nil {
				test.shows = []ssh.Signer{ed}
			}
			server := startDevice(t, emulator.Device{StartPrivileged: true, HostKey: test.shows[0], Config: func(c *ssh.ServerConfig) {
				for _, s := range test.shows[1:] {
					c.AddHostKey(s)
				}
			}})
			device := deviceAt(t, server.Addr())
			file := filepath.Join(t.TempDir(), "known_hosts")
			var lines string
			if test.lines != nil {
				lines = test.lines(hostName(device.Address, fmt.Sprint(device.Port)))
			}
			if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
				t.Fatal(err)
			}
			options := Options{KnownHosts: []string{file}, Limits: hurried}
			if test.pinned {
				options.Pins = filepath.Join(t.TempDir(), "pins")
			}
			d, err := NewDialer(options)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			s, err := d.Open(t.Context(), device, testTerminal)
			if test.reason != "" {
				if f := asFailure(err); err == nil || f.Reason != test.reason || !strings.Contains(f.Error(), test.says) || !strings.Contains(f.Error(), "nobody logged in") {
					t.Errorf("%v", err)
				}
				if n := server.LoginAttempts(); n != 0 {
					t.Errorf("%d credentials were sent", n)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			key := test.shows[0].PublicKey()
			if test.key != nil {
				key = test.key.PublicKey()
			}
			if c, ok := key.(*ssh.Certificate); ok {
				key = c.Key
			}
			if got := s.Facts()[0]; got.Kind != facts.HostKey || got.Subject != key.Type() || got.Value != ssh.FingerprintSHA256(key) || got.Tier != facts.E1 {
				t.Errorf("%+v, want %s %s", got, key.Type(), ssh.FingerprintSHA256(key))
			}
		})
	}
}

// TestWeakHostKey meets an RSA key that proves nothing.
func TestWeakHostKey(t *testing.T) {
	f := explainKeyExchange(peer{}, true, fmt.Errorf("ssh: handshake failed: crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"))
	if f.Reason != facts.Unreachable || !strings.Contains(f.Error(), "too weak") {
		t.Error(f)
	}
}

// TestKnownHostsLines reads lines one by one.
func TestKnownHostsLines(t *testing.T) {
	ed, _, _ := hostSigners(t)
	line := strings.TrimSpace(keyLine("core1", ed.PublicKey()))
	_, encoded, _ := strings.Cut(line, "ssh-ed25519 ")
	for name, test := range map[string]struct {
		text string
		says string // empty where it is well-formed
		keys int    // of core1, port 22
	}{
		"empty":             {"", "", 0},
		"a key":             {line, "", 1},
		"with CR LF":        {line + "\r\n" + line + "\r\n", "", 2},
		"with tabs":         {"core1\tssh-ed25519\t" + encoded, "", 1},
		"port 22 by name":   {strings.Replace(line, "core1", "[core1]:22", 1), "", 1},
		"in capitals":       {strings.Replace(line, "core1", "CORE1", 1), "", 1},
		"a type of its own": {"core1 sk-future@example AAAAEXNrLWZ1dHVyZUBleGFtcGxl", "", 1},
		"protocol 1":        {"core1 1024 35 1234567890", "", 0},
		"no key":            {"core1 ssh-ed25519", "expected a name, a key type and a key", 0},
		"key of other type": {"core1 ssh-rsa " + encoded, `not of the type "ssh-rsa"`, 0},
		"no base64":         {"core1 ssh-ed25519 AAAA!", "not base64", 0},
		"short":             {"core1 ssh-ed25519 AAAA", "not of the type", 0},
		"lying length":      {"core1 ssh-ed25519 //////8=", "not of the type", 0},
		"unknown marker":    {"@trusted " + line, "unknown marker", 0},
		"marker alone":      {"@revoked", "expected a name", 0},
		"hash of version 2": {"|2|AAAA|AAAA ssh-ed25519 " + encoded, "unknown form", 0},
		"hash, no base64":   {"|1|!|AAAA ssh-ed25519 " + encoded, "not base64", 0},
		"hash, short":       {"|1|AAAA|AAAA ssh-ed25519 " + encoded, "SHA-1", 0},
		"overlong":          {"core1 ssh-ed25519 " + strings.Repeat("A", maxKnownHostsLine), "too long", 0},
		"second line wrong": {line + "\ncore2", ":2: ", 0},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "known_hosts")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			k, err := readKnownHosts(file)
			if (err == nil) != (test.says == "") || err != nil && (!strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), file+":")) {
				t.Fatalf("error %v, want %q", err, test.says)
			}
			if err == nil && len(k.keys("core1", "22")) != test.keys {
				t.Errorf("%d keys, want %d", len(k.keys("core1", "22")), test.keys)
			}
		})
	}
	if _, err := readKnownHosts(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there was read")
	}
}

// TestKnownHostsAgree holds that we know what golang.org/x/crypto knows, whatever the lines.
func TestKnownHostsAgree(t *testing.T) {
	ed, ec, rs := hostSigners(t)
	keys := []ssh.PublicKey{ed.PublicKey(), ec.PublicKey(), rs.PublicKey()}
	names := []string{"core1", "core2", "[core1]:22", "[core1]:2222", "core*", "!core1,core*", "core?", "core1,core2", "*"}
	file := filepath.Join(t.TempDir(), "known_hosts")
	rapid.Check(t, func(t *rapid.T) {
		var lines strings.Builder
		for range rapid.IntRange(0, 5).Draw(t, "lines") {
			name := rapid.SampledFrom(names).Draw(t, "name")
			if rapid.Bool().Draw(t, "hashed") && !strings.ContainsAny(name, "*?,!") {
				name = knownhosts.HashHostname(knownhosts.Normalize(name))
			}
			lines.WriteString(keyLine(name, rapid.SampledFrom(keys).Draw(t, "key")))
		}
		if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		reference, err := knownhosts.New(file)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := readKnownHosts(file)
		if err != nil {
			t.Fatal(err)
		}
		host := rapid.SampledFrom([]string{"core1", "core2", "edge"}).Draw(t, "host")
		port := rapid.SampledFrom([]string{"22", "2222"}).Draw(t, "port")
		key := rapid.SampledFrom(keys).Draw(t, "shown")
		accepted := reference(net.JoinHostPort(host, port), &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}, key) == nil
		k := hostKeys{files: ours}
		// The reference gives a key of another type no chance where the host has one of this type; we take any of the host's keys.
		if f := k.check(newHost(host, port), key); accepted && f != nil {
			t.Errorf("%v, for\n%s", f, lines.String())
		} else if !accepted && f == nil && !strings.ContainsAny(lines.String(), "*?") { // a pattern without a port holds for every port here
			t.Errorf("accepted, for\n%s", lines.String())
		}
	})
}

func newHost(name, port string) host { return host{name: name, port: port} }

// TestPins adds to a file of pins as several programs do, and finds it broken.
func TestPins(t *testing.T) {
	ed, ec, _ := hostSigners(t)
	other, _, _ := hostSigners(t)
	path := filepath.Join(t.TempDir(), "pins")
	open := func() *pins {
		t.Helper()
		p, err := openPins(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		return p
	}
	first, second := open(), open()
	if keys, err := first.pin("core1", ed.PublicKey()); err != nil || len(keys) != 1 || keys[0].line != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	// The second program saw another key of the same type: the first one in the file counts, for both.
	if keys, err := second.pin("core1", other.PublicKey()); err != nil || len(keys) != 1 || keys[0].wire != string(ed.PublicKey().Marshal()) {
		t.Errorf("%v, %v", keys, err)
	}
	if keys, err := second.pin("core1", ec.PublicKey()); err != nil || len(keys) != 2 {
		t.Errorf("%v, %v", keys, err)
	}
	if n := len(open().known("core1")); n != 2 {
		t.Errorf("%d keys after reading it again", n)
	}

	// A crash cut a line off; the next program goes on behind it.
	torn, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(torn, "core2 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJd")
	torn.Close()
	third := open()
	if keys, err := third.pin("core2", ed.PublicKey()); err != nil || len(keys) != 1 {
		t.Errorf("behind a torn line: %v, %v", keys, err)
	}
	if n := len(open().known("core2")); n != 1 {
		t.Errorf("%d keys behind a torn line", n)
	}

	// A whole line that makes no sense is no such thing.
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Replace(content, []byte("ssh-ed25519 AAAAC3"), []byte("ssh-ed25519 BAAAC3"), 1)
	if err := os.WriteFile(path, spoilt, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openPins(path); err == nil || !strings.Contains(err.Error(), path+":1: ") {
		t.Errorf("a spoilt line: %v", err)
	}
}

// TestPinsByHost holds that a pin belongs to an address, a port and a way to get there.
func TestPinsByHost(t *testing.T) {
	names := map[string]bool{}
	for _, h := range []host{
		{name: "10.0.0.1", port: "22"}, {name: "10.0.0.1", port: "830"}, {name: "10.0.0.1", port: "22", through: "bastion1"},
		{name: "10.0.0.1", port: "22", through: "bastion2"}, {name: "10.0.0.2", port: "22"},
	} {
		if names[h.pinName()] {
			t.Errorf("%q is pinned twice", h.pinName())
		}
		names[h.pinName()] = true
	}
}

// TestPinsCantBeKept holds that nobody logs in to a new device whose key can't be kept.
func TestPinsCantBeKept(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	_, _, f := visit(t, newDialer(t, Options{Pins: filepath.Join(t.TempDir(), "no such folder", "pins"), Limits: hurried}), deviceAt(t, server.Addr()))
	if f == nil || f.Reason != facts.HostKeyUnknown || server.LoginAttempts() != 0 {
		t.Errorf("%v, %d attempts", f, server.LoginAttempts())
	}
}

// FuzzKnownHosts holds that no line brings the reader down, and that a line which it takes can be asked for.
func FuzzKnownHosts(f *testing.F) {
	ed, _, _ := hostSigners(f)
	for _, names := range []string{"core1", "[core1]:2222", "a,*b?,!c", "@revoked *", "@cert-authority *.example", knownhosts.HashHostname("core1"), "|1|x|y", "1024 35 7"} {
		f.Add(keyLine(names, ed.PublicKey()), "core1", "22")
	}
	f.Fuzz(func(t *testing.T, text, name, port string) {
		k := &knownHosts{plain: make(map[string][]knownKey), revoked: make(map[string]knownKey)}
		if err := k.read(strings.NewReader(text), "fuzzed"); err != nil {
			return
		}
		for _, key := range k.keys(name, port) {
			if key.keyType() == "" || key.line == 0 || key.fingerprint() == "" {
				t.Errorf("%+v", key)
			}
		}
		keys := hostKeys{files: k}
		keys.algorithms(host{name: name, port: port})
	})
}

// FuzzPins holds that whatever stands in the file, a key that was pinned is known after it is read again, unless the
// file is refused.
func FuzzPins(f *testing.F) {
	ed, _, _ := hostSigners(f)
	line := strings.TrimSpace(keyLine("core1", ed.PublicKey())) + " " + pinMark + "\n"
	for _, text := range []string{"", line, line[:50], line[:50] + "\n" + line, "# comment\n", "core1 x y " + pinMark + "\n", "\n\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "pins")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := openPins(path)
		if err != nil {
			return
		}
		defer p.Close()
		pinned, err := p.pin("core9", ed.PublicKey())
		if err != nil {
			return
		}
		p.Close()
		again, err := openPins(path)
		if err != nil {
			t.Fatal(err)
		}
		if known := again.known("core9"); len(known) != len(pinned) || len(known) == 0 {
			t.Errorf("%d keys, %d when it was pinned", len(known), len(pinned))
		}
	})
}
