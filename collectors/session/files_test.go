//go:build unix

package session_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha512"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"trueboot/baseline/hasher"
	"trueboot/collectors/session"
	"trueboot/facts"
	"trueboot/inventory"
)

// fileServer starts sshd, which serves files in the way that the lines of its configuration say.
func fileServer(t testing.TB, lines ...string) (inventory.Device, *session.Dialer) {
	t.Helper()
	keys := openFolder(t)
	newKey(t, filepath.Join(keys, "user"))
	server := startSSHD(t, append([]string{"AuthorizedKeysFile " + filepath.Join(keys, "user.pub"), "AllowTcpForwarding yes"}, lines...)...)
	device := server.device(t)
	device.KeyFile = filepath.Join(keys, "user")
	return device, newDialer(t, session.Options{})
}

// image is a file of random bytes.
func image(t testing.TB, size int) (string, []byte) {
	t.Helper()
	content := make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(openFolder(t), "c2900.bin")
	write(t, path, string(content), 0o644)
	return path, content
}

func TestFiles(t *testing.T) {
	scp := func(t *testing.T) {
		if _, err := exec.LookPath("scp"); err != nil {
			t.Skip("scp is not installed (Debian's package openssh-client)")
		}
	}
	for _, test := range []struct {
		protocol string
		lines    []string
		needs    func(*testing.T)
	}{
		{"sftp", []string{"Subsystem sftp internal-sftp"}, func(*testing.T) {}},
		{"scp", nil, scp},
	} {
		t.Run(test.protocol, func(t *testing.T) {
			test.needs(t)
			device, dialer := fileServer(t, test.lines...)
			path, content := image(t, 5<<20+77)
			files, err := dialer.OpenFiles(t.Context(), device)
			if err != nil {
				t.Fatal(err)
			}
			defer files.Close()
			if files.Protocol() != test.protocol {
				t.Errorf("asked over %s", files.Protocol())
			}
			for range 2 { // one connection serves several files
				var got bytes.Buffer
				if size, err := files.Pull(t.Context(), path, &got); err != nil || size != int64(len(content)) || !bytes.Equal(got.Bytes(), content) {
					t.Errorf("%d bytes, of %d the same: %v", size, len(content), err)
				}
			}
			if _, err := files.Pull(t.Context(), path+".none", io.Discard); reason(err) != facts.NothingToAskFor {
				t.Errorf("a file that is not there: %v", err)
			}
			for _, hostile := range []string{path + "; reboot", "$(reboot)", "-r /", "a b", ""} {
				if _, err := files.Pull(t.Context(), hostile, io.Discard); reason(err) != facts.UnsafeArgument {
					t.Errorf("%q: %v", hostile, err)
				}
			}
			full := errors.New("the disk is full")
			if _, err := files.Pull(t.Context(), path, failing{full}); !errors.Is(err, full) {
				t.Errorf("a writer that fails: %v", err)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestNoFileServer holds that a device that serves no files is left as it is, and that this has its reason.
func TestNoFileServer(t *testing.T) {
	device, dialer := fileServer(t, "ForceCommand echo '% Invalid input detected'")
	files, err := dialer.OpenFiles(t.Context(), device)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := files.Pull(t.Context(), "flash:c2900.bin", io.Discard); reason(err) != facts.WouldModify {
		t.Errorf("%v", err)
	}
}

// TestPullGivenUp holds that a pull ends with its context.
func TestPullGivenUp(t *testing.T) {
	device, dialer := fileServer(t, "Subsystem sftp internal-sftp")
	path, _ := image(t, 1<<20)
	files, err := dialer.OpenFiles(t.Context(), device)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := files.Pull(ctx, path, cancelling{cancel}); reason(err) != facts.SessionLost {
		t.Errorf("%v", err)
	}
}

// cancelling gives up at the first byte.
type cancelling struct{ cancel context.CancelFunc }

func (c cancelling) Write(p []byte) (int, error) {
	c.cancel()
	return 0, errors.New("given up")
}

// far forwards to an address with a delay on the way, as over a distance.
func far(b *testing.B, address string, delay time.Duration) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			other, err := net.Dial("tcp", address)
			if err != nil {
				near.Close()
				return
			}
			go late(near, other, delay)
			go late(other, near, delay)
		}
	}()
	return l.Addr().String()
}

// late copies what comes, each part after the delay.
func late(from, to net.Conn, delay time.Duration) {
	type part struct {
		due  time.Time
		text []byte
	}
	parts := make(chan part, 1<<16)
	go func() {
		defer close(parts)
		for {
			text := make([]byte, 64<<10)
			n, err := from.Read(text)
			if n > 0 {
				parts <- part{time.Now().Add(delay), text[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range parts {
		time.Sleep(time.Until(p.due)) // the delay is what is measured
		if _, err := to.Write(p.text); err != nil {
			break
		}
	}
	to.Close()
}

// BenchmarkPull fetches a file over SFTP and hashes it with every algorithm while it passes, beside pkg/sftp's WriteTo into SHA-512 alone, near and
// at 50 ms of round trip.
func BenchmarkPull(b *testing.B) {
	device, dialer := fileServer(b, "Subsystem sftp internal-sftp")
	distant := device
	host, port, err := net.SplitHostPort(far(b, net.JoinHostPort(device.Address, strconv.Itoa(device.Port)), 25*time.Millisecond))
	if err != nil {
		b.Fatal(err)
	}
	distant.Address = host
	if distant.Port, err = strconv.Atoi(port); err != nil {
		b.Fatal(err)
	}
	path, content := image(b, 256<<20)
	intoOne := func(files *session.Files) error {
		_, err := files.Pull(b.Context(), path, sha512.New())
		return err
	}
	pulled := func(files *session.Files) error {
		all := hasher.New(nil)
		_, err := files.Pull(b.Context(), path, all)
		_, size := all.Sum()
		if err == nil && size != int64(len(content)) {
			err = errors.New("cut short")
		}
		return err
	}
	plain := func(client *ssh.Client) error {
		server, err := sftp.NewClient(client)
		if err != nil {
			return err
		}
		defer server.Close()
		file, err := server.Open(path)
		if err != nil {
			return err
		}
		_, err = file.WriteTo(sha512.New())
		return err
	}
	for _, way := range []struct {
		name   string
		device inventory.Device
	}{{"near", device}, {"50ms", distant}} {
		for name, pull := range map[string]func(*session.Files) error{"every digest": pulled, "SHA-512": intoOne} {
			b.Run(way.name+"/"+name, func(b *testing.B) {
				files, err := dialer.OpenFiles(b.Context(), way.device)
				if err != nil {
					b.Fatal(err)
				}
				defer files.Close()
				b.SetBytes(int64(len(content)))
				for b.Loop() {
					if err := pull(files); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(way.name+"/plain", func(b *testing.B) {
			key, err := os.ReadFile(way.device.KeyFile)
			if err != nil {
				b.Fatal(err)
			}
			signer, err := ssh.ParsePrivateKey(key)
			if err != nil {
				b.Fatal(err)
			}
			client, err := ssh.Dial("tcp", net.JoinHostPort(way.device.Address, strconv.Itoa(way.device.Port)), &ssh.ClientConfig{
				User: way.device.Username, Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
			})
			if err != nil {
				b.Fatal(err)
			}
			defer client.Close()
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				if err := plain(client); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
