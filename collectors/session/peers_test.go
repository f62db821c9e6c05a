//go:build unix

package session_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/platforms"
	"trueboot/collectors/session"
	"trueboot/facts"
	"trueboot/inventory"
)

// The tests in this file log in to servers that none of us wrote: OpenSSH's sshd, and yuma123's netconfd behind it. They are
// Debian's packages openssh-server, netconfd and netconfd-module-ietf-system; .ci/run installs them.

// playVariable makes this test binary a device on standard input and output: it plays the capture in that folder.
const playVariable = "TRUEBOOT_TEST_PLAY"

func init() {
	if folder := os.Getenv(playVariable); folder != "" {
		if err := play(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// play answers commands with the replies of a capture. The terminal between it and its user echoes.
func play(folder string) error {
	t, err := capture.Load(folder)
	if err != nil {
		return err
	}
	replies := map[string]string{}
	for _, e := range t.Exchanges {
		replies[e.Command] = strings.ReplaceAll(e.Text, "\r\n", "\n") // the terminal makes CR LF of LF
	}
	lines := bufio.NewScanner(os.Stdin)
	for fmt.Printf("%s#", t.Device); lines.Scan(); fmt.Printf("%s#", t.Device) {
		command := strings.TrimSpace(lines.Text())
		text, known := replies[command]
		switch {
		case command == "exit":
			return nil
		case known:
			fmt.Print(text)
		case command != "" && !strings.HasPrefix(command, "terminal "):
			fmt.Print("                ^\n% Invalid input detected at '^' marker.\n\n")
		}
	}
	return lines.Err()
}

// played is the capture that the servers play.
const played = "../../testdata/cisco_ios/branch-router"

// An sshd is a running OpenSSH server.
type sshd struct {
	folder  string // for its files
	address string
	hostKey ssh.PublicKey
}

// startSSHD starts OpenSSH's server on loopback, with a command line that plays a device. Further lines of its
// configuration come from the caller.
func startSSHD(t testing.TB, lines ...string) *sshd {
	t.Helper()
	return startSSHDAt(t, freeAddress(t), lines...)
}

func startSSHDAt(t testing.TB, address string, lines ...string) *sshd {
	t.Helper()
	program, err := exec.LookPath("sshd")
	if err != nil {
		if program = "/usr/sbin/sshd"; !exists(program) {
			t.Skip("OpenSSH's server is not installed (Debian's package openssh-server)")
		}
	}
	if os.Geteuid() == 0 { // the folder that Debian's service makes at its start
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := &sshd{folder: openFolder(t), address: address}
	key := newKey(t, filepath.Join(s.folder, "hostkey"))
	s.hostKey = key.PublicKey()
	// Whoever logs in has to be able to read what is played, and what plays it.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.folder, "play"), string(binary), 0o755)
	if err := os.CopyFS(filepath.Join(s.folder, "capture"), os.DirFS(played)); err != nil {
		t.Fatal(err)
	}
	device := filepath.Join(s.folder, "device")
	write(t, device, fmt.Sprintf("#!/bin/sh\n%s='%s/capture' exec '%[2]s/play'\n", playVariable, s.folder), 0o755)
	host, port, _ := net.SplitHostPort(s.address)
	config := append(slices.Clone(lines), // the first value counts
		"ListenAddress "+host, "Port "+port, "HostKey "+filepath.Join(s.folder, "hostkey"), "PidFile "+filepath.Join(s.folder, "pid"),
		"StrictModes no", "UsePAM no", "PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "LogLevel VERBOSE",
	)
	if !contains(lines, "Subsystem netconf") && !contains(lines, "AllowTcpForwarding yes") {
		config = append(config, "ForceCommand "+device)
	}
	write(t, filepath.Join(s.folder, "sshd_config"), strings.Join(config, "\n")+"\n", 0o644)
	log := filepath.Join(s.folder, "log")
	server := exec.Command(program, "-D", "-f", filepath.Join(s.folder, "sshd_config"), "-E", log)
	start(t, server)
	t.Cleanup(func() {
		if text, err := os.ReadFile(log); t.Failed() && err == nil {
			t.Logf("sshd:\n%s", text)
		}
	})
	waitFor(t, "sshd at "+s.address, func() bool {
		conn, err := net.Dial("tcp", s.address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return s
}

// openFolder is a folder that every user of the machine may read, unlike t.TempDir's.
func openFolder(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "sshd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

func contains(lines []string, prefix string) bool {
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			return true
		}
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// start runs a program until the test ends.
func start(t testing.TB, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
}

// waitFor returns when the condition holds.
func waitFor(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come", what)
		}
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func write(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// newKey makes a key, and writes it in OpenSSH's format, private and public.
func newKey(t testing.TB, path string) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(pem.EncodeToMemory(block)), 0o600)
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path+".pub", string(ssh.MarshalAuthorizedKey(signer.PublicKey())), 0o644)
	return signer
}

func self(t testing.TB) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

// device is the server as the inventory has it, for the user who runs the test.
func (s *sshd) device(t testing.TB) inventory.Device {
	t.Helper()
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return inventory.Device{Name: "router", Address: host, Port: number, NETCONFPort: number, Platform: "cisco_ios", Username: self(t)}
}

func newDialer(t testing.TB, o session.Options) *session.Dialer {
	t.Helper()
	if o.Pins == "" {
		o.Pins = filepath.Join(t.TempDir(), "pins")
	}
	d, err := session.NewDialer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// visit logs in and asks what there is to ask.
func visit(t *testing.T, d *session.Dialer, device inventory.Device) (facts.Set, error) {
	t.Helper()
	platform, _ := platforms.ByName(device.Platform)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := d.Open(ctx, device, platform.Terminal)
	if err != nil {
		return facts.Set{}, err
	}
	defer s.Close()
	return collectors.Collect(ctx, platform, s), nil
}

// checkVisit visits a device that plays the capture, and holds its facts against those of the capture itself.
func checkVisit(t *testing.T, d *session.Dialer, device inventory.Device) {
	t.Helper()
	got, err := visit(t, d, device)
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := capture.Load(played)
	if err != nil {
		t.Fatal(err)
	}
	platform, _ := platforms.ByName("cisco_ios")
	want := collectors.Collect(t.Context(), platform, transcript.Session())
	if diff := cmp.Diff(compared(want), compared(got)); diff != "" {
		t.Errorf("facts of the capture and of the server that plays it:\n%s", diff)
	}
}

// compared are the facts but those of the connection and of its nonce.
func compared(s facts.Set) []facts.Fact {
	var all []facts.Fact
	for _, f := range s.Facts {
		if f.Kind != facts.HostKey && f.Kind != facts.DigestChallenge && !strings.HasPrefix(f.Command, "verify /md5") {
			all = append(all, f)
		}
	}
	return all
}

func TestSSHDKey(t *testing.T) {
	keys := t.TempDir()
	newKey(t, filepath.Join(keys, "user"))
	server := startSSHD(t, "AuthorizedKeysFile "+filepath.Join(keys, "user.pub"))
	device := server.device(t)
	device.KeyFile = filepath.Join(keys, "user")
	checkVisit(t, newDialer(t, session.Options{}), device)

	newKey(t, filepath.Join(keys, "stranger"))
	device.KeyFile = filepath.Join(keys, "stranger")
	if _, err := visit(t, newDialer(t, session.Options{}), device); reason(err) != facts.LoginRefused {
		t.Errorf("a key that is not authorized: %v", err)
	}
}

func reason(err error) facts.Reason {
	var f *collectors.Failure
	if errors.As(err, &f) {
		return f.Reason
	}
	return ""
}

// TestSSHDCertificate logs in with a certificate of a user authority, to a host that shows one of a host authority.
func TestSSHDCertificate(t *testing.T) {
	keys := t.TempDir()
	authority := newKey(t, filepath.Join(keys, "authority"))
	hostAuthority := newKey(t, filepath.Join(keys, "host-authority"))
	signer := newKey(t, filepath.Join(keys, "user"))
	host := newKey(t, filepath.Join(keys, "host"))
	certify := func(key ssh.PublicKey, by ssh.Signer, sort uint32, principal, path string) {
		c := &ssh.Certificate{Key: key, CertType: sort, KeyId: "test", ValidPrincipals: []string{principal}, ValidBefore: ssh.CertTimeInfinity,
			Permissions: ssh.Permissions{Extensions: map[string]string{"permit-pty": ""}}}
		if sort == ssh.HostCert {
			c.Permissions = ssh.Permissions{}
		}
		if err := c.SignCert(rand.Reader, by); err != nil {
			t.Fatal(err)
		}
		write(t, path, string(ssh.MarshalAuthorizedKey(c)), 0o644)
	}
	certify(signer.PublicKey(), authority, ssh.UserCert, self(t), filepath.Join(keys, "user-cert.pub"))
	certify(host.PublicKey(), hostAuthority, ssh.HostCert, "127.0.0.1", filepath.Join(keys, "host-cert.pub"))
	server := startSSHD(t, "TrustedUserCAKeys "+filepath.Join(keys, "authority.pub"), "AuthorizedKeysFile none",
		"HostKey "+filepath.Join(keys, "host"), "HostCertificate "+filepath.Join(keys, "host-cert.pub"))
	device := server.device(t)
	device.KeyFile = filepath.Join(keys, "user")
	checkVisit(t, newDialer(t, session.Options{}), device)

	_, port, _ := net.SplitHostPort(server.address)
	known := filepath.Join(keys, "known_hosts")
	write(t, known, "@cert-authority [127.0.0.1]:"+port+" "+string(ssh.MarshalAuthorizedKey(hostAuthority.PublicKey())), 0o644)
	checkVisit(t, newDialer(t, session.Options{KnownHosts: []string{known}}), device)

	write(t, known, "@cert-authority [127.0.0.1]:"+port+" "+string(ssh.MarshalAuthorizedKey(authority.PublicKey())), 0o644)
	if _, err := visit(t, newDialer(t, session.Options{KnownHosts: []string{known}}), device); reason(err) != facts.HostKeyChanged {
		t.Errorf("a host certificate of another authority: %v", err)
	}
}

// TestSSHDAgent logs in with a key that an agent holds.
func TestSSHDAgent(t *testing.T) {
	keys := t.TempDir()
	newKey(t, filepath.Join(keys, "user"))
	text, err := os.ReadFile(filepath.Join(keys, "user"))
	if err != nil {
		t.Fatal(err)
	}
	private, err := ssh.ParseRawPrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: private}); err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "agent") // a socket's path has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket, err := net.Listen("unix", filepath.Join(folder, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(ring, conn)
		}
	}()
	t.Setenv("SSH_AUTH_SOCK", filepath.Join(folder, "socket"))
	server := startSSHD(t, "AuthorizedKeysFile "+filepath.Join(keys, "user.pub"))
	device := server.device(t)
	device.Agent = true
	checkVisit(t, newDialer(t, session.Options{}), device)
}

// TestSSHDJump reaches the device through a second server.
func TestSSHDJump(t *testing.T) {
	keys := t.TempDir()
	newKey(t, filepath.Join(keys, "user"))
	authorized := "AuthorizedKeysFile " + filepath.Join(keys, "user.pub")
	server, bastion := startSSHD(t, authorized), startSSHD(t, authorized, "AllowTcpForwarding yes")
	device, jump := server.device(t), bastion.device(t)
	device.KeyFile, device.Jump = filepath.Join(keys, "user"), "bastion"
	checkVisit(t, newDialer(t, session.Options{JumpHosts: []inventory.JumpHost{{
		Name: "bastion", Address: jump.Address, Port: jump.Port, Username: jump.Username, KeyFile: filepath.Join(keys, "user"),
	}}}), device)
}

// TestSSHDHostKeyChanged pins a host key, and meets another one at the same place.
func TestSSHDHostKeyChanged(t *testing.T) {
	keys := t.TempDir()
	newKey(t, filepath.Join(keys, "user"))
	server := startSSHD(t, "AuthorizedKeysFile "+filepath.Join(keys, "user.pub"))
	device := server.device(t)
	device.KeyFile = filepath.Join(keys, "user")
	d := newDialer(t, session.Options{})
	for range 2 {
		set, err := visit(t, d, device)
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := set.Find(facts.HostKey, "ssh-ed25519"); !ok || f.Value != ssh.FingerprintSHA256(server.hostKey) {
			t.Errorf("host key %+v, want %s", f, ssh.FingerprintSHA256(server.hostKey))
		}
	}
	known := filepath.Join(keys, "known_hosts")
	_, port, _ := net.SplitHostPort(server.address)
	write(t, known, "[127.0.0.1]:"+port+" "+string(ssh.MarshalAuthorizedKey(newKey(t, filepath.Join(keys, "other")).PublicKey())), 0o644)
	if _, err := visit(t, newDialer(t, session.Options{KnownHosts: []string{known}}), device); reason(err) != facts.HostKeyChanged {
		t.Errorf("another host key than the known one: %v", err)
	}
	log, err := os.ReadFile(filepath.Join(server.folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(log), "Accepted publickey"); n != 2 {
		t.Errorf("%d logins, want 2: nobody logs in to a host with another key", n)
	}
}

// sshdAccount is an account of the machine with a password, which only the gate makes: TRUEBOOT_TEST_SSHD_USER and
// TRUEBOOT_TEST_SSHD_PASSWORD.
func sshdAccount(t *testing.T, d inventory.Device) inventory.Device {
	t.Helper()
	d.Username, d.Password = os.Getenv("TRUEBOOT_TEST_SSHD_USER"), "env:TRUEBOOT_TEST_SSHD_PASSWORD"
	if d.Username == "" || os.Geteuid() != 0 {
		t.Skip("no account with a password to log in to: the gate makes one and names it in TRUEBOOT_TEST_SSHD_USER and TRUEBOOT_TEST_SSHD_PASSWORD")
	}
	return d
}

func TestSSHDPassword(t *testing.T) {
	server := startSSHD(t, "UsePAM yes", "PasswordAuthentication yes")
	device := sshdAccount(t, server.device(t))
	checkVisit(t, newDialer(t, session.Options{}), device)

	t.Setenv("TRUEBOOT_TEST_WRONG", "wrong")
	device.Password = "env:TRUEBOOT_TEST_WRONG"
	if _, err := visit(t, newDialer(t, session.Options{}), device); reason(err) != facts.LoginRefused || strings.Contains(err.Error(), "wrong\"") {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestSSHDKeyboardInteractive(t *testing.T) {
	server := startSSHD(t, "UsePAM yes", "KbdInteractiveAuthentication yes")
	checkVisit(t, newDialer(t, session.Options{}), sshdAccount(t, server.device(t)))
}

// netconfdPlatform asks what netconfd knows: the system state of RFC 7317, to which it adds what uname says.
var netconfdPlatform = collectors.Platform{
	Name: "test",
	Queries: map[collectors.Transport][]collectors.Query{collectors.NETCONF: {
		{
			Commands: []string{`<get><filter type="subtree"><system-state xmlns="urn:ietf:params:xml:ns:yang:ietf-system"/></filter></get>`},
			Yields:   []facts.Kind{facts.OperatingSystem},
			Read: func(r collectors.Reply) ([]facts.Fact, error) {
				var reading collectors.Reading
				root, err := r.XML()
				if err != nil {
					return nil, err
				}
				for e := range root.All("uname") {
					name, line := e.Value("sysname")
					reading.Add(line, facts.OperatingSystem, "", name)
				}
				return reading.Done()
			},
		},
		{Commands: []string{"<get-software-information/>"}, Yields: []facts.Kind{facts.RunningVersion}, Read: func(collectors.Reply) ([]facts.Fact, error) {
			return nil, errors.New("netconfd answered an operation of Juniper's")
		}},
	}},
}

// askNETCONFD asks over a session of its own. yuma123 2.13 swallows its reply when it reads the hello and the first request at once, as on a
// busy machine it may; no client can tell that from a device that hangs, so that another session is tried.
func askNETCONFD(t *testing.T, device inventory.Device) facts.Set {
	t.Helper()
	const attempts = 5
	for attempt := 1; ; attempt++ {
		n, err := newDialer(t, session.Options{Limits: session.Limits{Idle: 5 * time.Second}}).OpenNETCONF(t.Context(), device, "")
		if err != nil {
			t.Fatal(err)
		}
		set := collectors.Collect(t.Context(), netconfdPlatform, n)
		n.Close()
		if g, _ := set.Gap(facts.OperatingSystem, ""); g.Reason != facts.Timeout || attempt == attempts {
			return set
		}
	}
}

// TestNETCONFD talks to a NETCONF server that we did not write, under both framings' rules: the hello, a get with a filter, an
// error for an operation that it does not know, and the end.
func TestNETCONFD(t *testing.T) {
	program, err := exec.LookPath("netconfd")
	if err != nil {
		t.Skip("netconfd is not installed (Debian's packages netconfd and netconfd-module-ietf-system)")
	}
	keys := t.TempDir()
	newKey(t, filepath.Join(keys, "user"))
	folder, err := os.MkdirTemp("", "netconfd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "ncx.sock")
	// The port stands in three places and has to be the same.
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	daemon := exec.Command(program, "--superuser="+self(t), "--no-startup", "--port="+port, "--ncxserver-sockname="+socket,
		"--module=ietf-system", "--target=running", "--log="+filepath.Join(folder, "log"))
	daemon.Env = append(os.Environ(), "HOME="+folder) // where it counts its transactions: two at once would read half a count
	start(t, daemon)
	t.Cleanup(func() {
		if t.Failed() {
			text, _ := os.ReadFile(filepath.Join(folder, "log"))
			t.Logf("netconfd:\n%s", text)
		}
	})
	waitFor(t, "netconfd's socket", func() bool { return exists(socket) })
	server := startSSHDAt(t, address, "AuthorizedKeysFile "+filepath.Join(keys, "user.pub"),
		fmt.Sprintf("Subsystem netconf \"/usr/sbin/netconf-subsystem --ncxserver-sockname=%s@%s\"", port, socket))
	device := server.device(t)
	device.KeyFile = filepath.Join(keys, "user")
	set := askNETCONFD(t, device)
	if got := set.Value(facts.OperatingSystem); got != "Linux" {
		t.Errorf("operating system %q; gaps %+v", got, set.Gaps)
	}
	if g, _ := set.Gap(facts.RunningVersion, ""); g.Reason != facts.UnsupportedCommand {
		t.Errorf("an operation that netconfd does not know: %+v", g)
	}
	if f, ok := set.Find(facts.Channel, "netconf"); !ok || f.Value != "base:1.1" {
		t.Errorf("channel %+v", f)
	}
}
