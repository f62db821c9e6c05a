package receive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what has to come.
const patience = 20 * time.Second

func next(t *testing.T, q *Queue) Message {
	t.Helper()
	select {
	case m := <-q.Messages():
		return m
	case <-time.After(patience):
		t.Fatal("no message came")
	}
	return Message{}
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); {
		if time.Now().After(end) {
			t.Fatal("it did not happen: ", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestUDP(t *testing.T) {
	q := NewQueue(4)
	l, err := UDP("127.0.0.1:0", q)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("udp", l.Address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	send := func(text string) {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	send("<189>one\ntwo\x00")
	m := next(t, q)
	if m.Text != "<189>one\ntwo\x00" || m.Number != 1 || m.Peer.String() != "127.0.0.1" || m.Source != "udp://"+l.Address.String() {
		t.Errorf("received %+v", m)
	}
	// A flood is counted and takes no memory.
	for range 50 {
		send("flood")
	}
	until(t, "the flood is counted", func() bool { return q.Counters.Received.Load() == 51 && q.Counters.Dropped.Load() == 46 })
}

func dial(t *testing.T, l *Listener) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.Address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestTCP(t *testing.T) {
	q := NewQueue(100)
	l, err := TCP("127.0.0.1:0", nil, q)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	lines, counted, liar, half := dial(t, l), dial(t, l), dial(t, l), dial(t, l)
	fmt.Fprint(lines, "<189>a\r\n<189>b\n")
	for _, want := range []string{"<189>a", "<189>b"} {
		if m := next(t, q); m.Text != want {
			t.Errorf("received %q, not %q", m.Text, want)
		}
	}
	fmt.Fprint(counted, "8 <189>a\nb7 <189>cd\n6 <189>e")
	for _, want := range []string{"<189>a\nb", "<189>cd", "<189>e"} {
		if m := next(t, q); m.Text != want {
			t.Errorf("received %q, not %q", m.Text, want)
		}
	}
	fmt.Fprint(liar, "6 <189>abc 6 <189>d")
	if m := next(t, q); m.Text != "<189>a" {
		t.Errorf("received %q", m.Text)
	}
	fmt.Fprint(half, "20 <189>half")
	half.Close()
	if m := next(t, q); m.Text != "<189>half" || !m.Cut {
		t.Errorf("received %+v", m)
	}
	until(t, "two connections are ended", func() bool { return q.Counters.Framing.Load() == 2 && q.Counters.Connections.Load() == 2 })
}

func TestConnectionsAreLimited(t *testing.T) {
	q := NewQueue(100)
	l, err := TCP("127.0.0.1:0", nil, q)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range maxPerPeer + 10 {
		dial(t, l)
	}
	until(t, "ten are refused", func() bool { return q.Counters.Refused.Load() == 10 && q.Counters.Connections.Load() == maxPerPeer })
}

func TestFrames(t *testing.T) {
	long := strings.Repeat("x", MaxMessage+100)
	for name, test := range map[string]struct {
		stream string
		want   []string
		cut    bool // the last
		fails  bool
	}{
		"lines":            {"a\nb\n", []string{"a", "b"}, false, false},
		"the last is open": {"a\nb", []string{"a", "b"}, false, true},
		"a long line":      {long + "\nb\n", []string{long[:MaxMessage+16], "b"}, false, false},
		"counted":          {"1 a2 bc", []string{"a", "bc"}, false, false},
		"a long frame":     {fmt.Sprint(len(long)) + " " + long + "1 b", []string{long[:MaxMessage], "b"}, false, false},
		"no count":         {"1 axyz", []string{"a"}, false, true},
		"a huge count":     {"999999999 a", nil, false, true},
		"nothing":          {"", nil, false, false},
	} {
		f := &frames{r: bufio.NewReaderSize(strings.NewReader(test.stream), MaxMessage+16)}
		var got []string
		var err error
		for {
			var text []byte
			text, _, err = f.next()
			if len(text) > 0 {
				got = append(got, string(text))
			}
			if err != nil {
				break
			}
		}
		if strings.Join(got, "|") != strings.Join(test.want, "|") || (err != io.EOF) != test.fails {
			t.Errorf("%s: %.80q, %v", name, got, err)
		}
	}
}

// FuzzFrames holds that no stream yields more than it has, or never ends.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("8 <189>a\nb7 <189>cd"))
	f.Add([]byte("<189>a\r\n<189>b"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		frames := &frames{r: bufio.NewReaderSize(bytes.NewReader(stream), MaxMessage+16)}
		size := 0
		for {
			text, _, err := frames.next()
			size += len(text)
			if err != nil {
				break
			}
		}
		if size > len(stream) {
			t.Errorf("%d bytes from %d", size, len(stream))
		}
	})
}

// authority makes a certificate for 127.0.0.1 and its key, and returns the paths.
func authority(t *testing.T, name string) Certificates {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	c := Certificates{Certificate: filepath.Join(t.TempDir(), "cert.pem"), Key: filepath.Join(t.TempDir(), "key.pem")}
	for path, block := range map[string]*pem.Block{c.Certificate: {Type: "CERTIFICATE", Bytes: raw}, c.Key: {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestTLS(t *testing.T) {
	server, client := authority(t, "server"), authority(t, "client")
	for name, with := range map[string]bool{"clients without a certificate": false, "clients with one": true} {
		t.Run(name, func(t *testing.T) {
			q := NewQueue(10)
			files := server
			if with {
				files.Clients = client.Certificate
			}
			config, err := files.Config()
			if err != nil {
				t.Fatal(err)
			}
			l, err := TCP("127.0.0.1:0", config, q)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			roots := x509.NewCertPool()
			data, err := os.ReadFile(server.Certificate)
			if err != nil || !roots.AppendCertsFromPEM(data) {
				t.Fatal(err)
			}
			pair, err := tls.LoadX509KeyPair(client.Certificate, client.Key)
			if err != nil {
				t.Fatal(err)
			}
			send := func(c *tls.Config) error {
				conn, err := tls.Dial("tcp", l.Address.String(), c)
				if err != nil {
					return err
				}
				defer conn.Close()
				if _, err := fmt.Fprint(conn, "6 <189>a"); err != nil {
					return err
				}
				_, err = conn.Read(make([]byte, 1)) // of TLS 1.3, a client learns here that it was refused
				return err
			}
			plain := dial(t, l) // no handshake at all
			fmt.Fprint(plain, "6 <189>a")
			until(t, "what is no TLS is refused", func() bool { return q.Counters.Handshakes.Load() == 1 })
			if with {
				_ = send(&tls.Config{RootCAs: roots})
				until(t, "a client without a certificate is refused", func() bool { return q.Counters.Handshakes.Load() == 2 })
			}
			go func() { _ = send(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}) }()
			if m := next(t, q); m.Text != "<189>a" || !strings.HasPrefix(m.Source, "tls://") {
				t.Errorf("received %+v", m)
			}
		})
	}
}

func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	q := NewQueue(10)
	ctx, stop := context.WithCancel(t.Context())
	var last Position
	ended := make(chan error, 1)
	follow := func(from Position) {
		go func() { ended <- Follow(ctx, path, from, q, func(p Position) { last = p }) }()
	}
	follow(Position{})
	write := func(flag int, text string) {
		t.Helper()
		f, err := os.OpenFile(path, flag|os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(number int, want string) {
		t.Helper()
		if m := next(t, q); m.Text != want || m.Number != number {
			t.Errorf("line %d is %q, not %d, %q", m.Number, m.Text, number, want)
		}
	}
	write(os.O_APPEND, "one\ntw")
	expect(1, "one")
	write(os.O_APPEND, "o\n")
	expect(2, "two")
	// Rotation: what is written to the old file at the last moment is not lost.
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	old, err := os.OpenFile(path+".1", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(old, "three\n"); err != nil {
		t.Fatal(err)
	}
	old.Close()
	write(os.O_APPEND, "four\n")
	expect(3, "three")
	expect(1, "four")
	// Copied and truncated.
	write(os.O_TRUNC, "5\n")
	expect(1, "5")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	// A restart goes on where it ended; a file that is another one is begun anew.
	write(os.O_APPEND, "six\n")
	ctx, stop = context.WithCancel(t.Context())
	follow(last)
	expect(2, "six")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	write(os.O_TRUNC, "another file that is longer\n")
	ctx, stop = context.WithCancel(t.Context())
	follow(last)
	expect(1, "another file that is longer")
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestSpool(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "spool")
	var replayed []string
	open := func(most int64) *Spool {
		t.Helper()
		replayed = nil
		s, err := OpenSpool(folder, most, func(m Message) error { replayed = append(replayed, m.Text); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open(1 << 20)
	for i := range 3 {
		if err := s.Append(Message{Source: "x", Number: i, Text: fmt.Sprint("message ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	// It is not closed, as after a crash, and its last record is torn.
	path := s.path(s.segment)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()-3); err != nil {
		t.Fatal(err)
	}
	s.abandon()
	s = open(300)
	if strings.Join(replayed, "|") != "message 0|message 1" {
		t.Errorf("replayed %q", replayed)
	}
	if err := s.Append(Message{Text: strings.Repeat("x", 400)}); err == nil || s.Lost != 1 {
		t.Errorf("a message for which there is no room: %v, %d lost", err, s.Lost)
	}
	if err := s.Append(Message{Text: "more"}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(1 << 20)
	if strings.Join(replayed, "|") != "message 0|message 1|more" {
		t.Errorf("replayed %q", replayed)
	}
	if err := s.Clear(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s = open(1 << 20); len(replayed) > 0 {
		t.Errorf("after it was cleared: %q", replayed)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkUDP sends datagrams as fast as the loopback takes them, and reports how many a second are received, and how many were lost.
func BenchmarkUDP(b *testing.B) {
	q := NewQueue(1 << 16)
	l, err := UDP("127.0.0.1:0", q)
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan int)
	go func() {
		n := 0
		for m := range q.Messages() {
			if m.Text == "end" {
				break
			}
			n++
		}
		done <- n
	}()
	conn, err := net.Dial("udp", l.Address.String())
	if err != nil {
		b.Fatal(err)
	}
	line := []byte("<189>7433: core1: 007439: Apr 29 13:58:40.411: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, changed state to up")
	began := time.Now()
	sent := 0
	for b.Loop() {
		// A hundred thousand a second, in bursts of a hundred.
		for time.Since(began) < time.Duration(sent)*10*time.Microsecond {
			time.Sleep(100 * time.Microsecond)
		}
		for range 100 {
			if _, err := conn.Write(line); err == nil {
				sent++
			}
		}
	}
	took := time.Since(began)
	for range 100 {
		if _, err := conn.Write([]byte("end")); err != nil {
			b.Fatal(err)
		}
	}
	received := <-done
	conn.Close()
	l.Close()
	b.ReportMetric(float64(received)/took.Seconds(), "messages/s")
	b.ReportMetric(100*float64(sent-received)/float64(sent), "lost-%")
}
