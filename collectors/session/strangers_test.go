package session

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"trueboot/facts"
)

// startStranger runs something that is no SSH server until the test ends.
func startStranger(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
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
				talk(conn)
				conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

// TestStrangers dials what is no SSH server, or does not stay one.
func TestStrangers(t *testing.T) {
	const version = "SSH-2.0-Cisco-1.25\r\n"
	says := func(text string) func(net.Conn) {
		return func(c net.Conn) {
			io.WriteString(c, text)
			io.Copy(io.Discard, c)
		}
	}
	for name, test := range map[string]struct {
		talk   func(net.Conn)
		reason facts.Reason
		says   string
	}{
		"a web server":       {says("HTTP/1.1 400 Bad Request\r\n\r\n"), facts.Unreachable, `says "HTTP/1.1 400`},
		"another protocol":   {says("220 mail ESMTP\x1b[2J\r\n"), facts.Unreachable, "is this the right port?"},
		"telnet":             {says("\xff\xfd\x18\xff\xfd\x20login: "), facts.Unreachable, "is this the right port?"},
		"a line without end": {says(strings.Repeat("x", 1<<20)), facts.Unreachable, "no SSH connection"},
		"lines without end": {func(c net.Conn) {
			for {
				if _, err := io.WriteString(c, strings.Repeat("welcome\r\n", 1000)); err != nil {
					return
				}
			}
		}, facts.Unreachable, "no SSH connection"},
		"SSH version 1":            {says("SSH-1.5-Cisco-1.25\r\n"), facts.Unreachable, "SSH version 1 only"},
		"both versions":            {says("SSH-1.99-Cisco-1.25\r\n"), facts.Timeout, "key exchange"},
		"version and then nothing": {says(version), facts.Timeout, "key exchange"},
		"version and the end":      {func(c net.Conn) { io.WriteString(c, version) }, facts.Unreachable, "closed the connection"},
		"a packet of 4 GB":         {says(version + "\xff\xff\xff\xff\x00garbage"), facts.Unreachable, "no SSH connection"},
		"an empty packet":          {says(version + "\x00\x00\x00\x00\x00"), facts.Unreachable, "no SSH connection"},
		"garbage":                  {says(version + strings.Repeat("\x00\x00\x00\x0c\x04\x14\x1b[2J", 100)), facts.Unreachable, ""},
		"half a version":           {func(c net.Conn) { io.WriteString(c, version[:9]) }, facts.Unreachable, "closed the connection"},
		"a version byte by byte, and silence": {func(c net.Conn) {
			for i := range version {
				io.WriteString(c, version[i:i+1])
			}
			io.Copy(io.Discard, c)
		}, facts.Timeout, "key exchange"},
	} {
		t.Run(name, func(t *testing.T) {
			address := startStranger(t, test.talk)
			limits := hurried
			limits.Handshake = 300 * time.Millisecond
			began := time.Now()
			_, _, f := visit(t, newDialer(t, Options{Limits: limits}), deviceAt(t, address))
			if f == nil || f.Reason != test.reason || !strings.Contains(f.Error(), test.says) {
				t.Fatalf("%v, want %q and %q", f, test.reason, test.says)
			}
			if strings.ContainsFunc(f.Error(), isControl) {
				t.Errorf("%q is not escaped", f.Error())
			}
			if took := time.Since(began); took > 20*limits.Handshake {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestNobody dials a port at which nobody listens.
func TestNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, _, f := visit(t, newDialer(t, Options{Limits: hurried}), deviceAt(t, address))
	if f == nil || f.Reason != facts.Unreachable || !strings.Contains(f.Error(), "connection refused; is SSH enabled there") {
		t.Error(f)
	}
}
