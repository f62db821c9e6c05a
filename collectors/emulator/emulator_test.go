package emulator_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const versionText = "Cisco IOS Software, Version 15.2(4)M6\r\n\r\nSystem image file is \"flash:x.bin\"\r\n"

const password = "correct horse battery"

func transcript() *capture.Transcript {
	return &capture.Transcript{
		Device: "core1",
		Exchanges: []capture.Exchange{
			{Command: "show version", Text: "Cisco IOS Software, Version 15.2(4)M6\n\nSystem image file is \"flash:x.bin\"\n"},
			{Command: "dir flash:", Text: "Directory of flash:/\r\n\r\n    1  -rw-        1024   x.bin\r\n"},
		},
	}
}

// start runs a device until the test ends.
func start(t *testing.T, d emulator.Device) *emulator.Server {
	t.Helper()
	if d.Transcript == nil {
		d.Transcript = transcript()
	}
	if d.Password == "" {
		d.Password = password
	}
	s, err := emulator.Start(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func clientConfig(s *emulator.Server) *ssh.ClientConfig {
	return &ssh.ClientConfig{
		User: "admin", Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.FixedHostKey(s.HostKey()),
	}
}

// patience is how long a test waits for the device before it fails.
const patience = 20 * time.Second

// dial logs in with a limit on all that follows, so that a device which hangs fails the test.
func dial(s *emulator.Server, config *ssh.ClientConfig) (*ssh.Client, error) {
	tcp, err := net.Dial("tcp", s.Addr())
	if err != nil {
		return nil, err
	}
	tcp.SetDeadline(time.Now().Add(patience))
	conn, channels, requests, err := ssh.NewClientConn(tcp, s.Addr(), config)
	if err != nil {
		tcp.Close()
		return nil, err
	}
	return ssh.NewClient(conn, channels, requests), nil
}

func login(t *testing.T, s *emulator.Server) *ssh.Client {
	t.Helper()
	client, err := dial(s, clientConfig(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// A console is a shell on the device, driven as a person would.
type console struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
	*ssh.Session
}

func open(t *testing.T, client *ssh.Client, rows, columns int) *console {
	t.Helper()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	in, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := session.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("vt100", rows, columns, nil); err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	return &console{t: t, in: in, out: bufio.NewReader(out), Session: session}
}

func (c *console) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, text); err != nil {
		c.t.Fatal(err)
	}
}

// until reads up to and including the text.
func (c *console) until(text string) string {
	c.t.Helper()
	var got []byte
	for !bytes.HasSuffix(got, []byte(text)) {
		b, err := c.out.ReadByte()
		if err != nil {
			c.t.Fatalf("waiting for %q: %v; the last of %d bytes: %q", text, err, len(got), got[max(0, len(got)-200):])
		}
		got = append(got, b)
	}
	return string(got)
}

// rest reads what comes until the connection ends.
func (c *console) rest() string {
	text, _ := io.ReadAll(c.out)
	return string(text)
}
