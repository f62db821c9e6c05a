package receive

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"
)

// Limits of connections. A device has one; a relay has a few.
const (
	maxConnections = 4096
	maxPerPeer     = 64
	handshakeTime  = 10 * time.Second
	frameTime      = 30 * time.Second // from the first byte of a frame to its last
	idleTime       = 12 * time.Hour   // a quiet device keeps its connection
	udpBuffer      = 8 << 20          // of the kernel: a burst of a hundred thousand messages
)

// A Listener is a socket that receives.
type Listener struct {
	Address net.Addr
	close   func() error
	done    sync.WaitGroup
}

// Close ends it, and waits until nothing more goes into the queue.
func (l *Listener) Close() error {
	err := l.close()
	l.done.Wait()
	return err
}

// UDP receives datagrams: one is a message, whatever line feeds are in it.
func UDP(address string, q *Queue) (*Listener, error) {
	resolved, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", resolved)
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(udpBuffer) // as much as the system allows
	l := &Listener{Address: conn.LocalAddr(), close: conn.Close}
	source := "udp://" + conn.LocalAddr().String()
	l.done.Go(func() {
		buffer := make([]byte, MaxMessage+1)
		for number := 1; ; number++ {
			n, peer, err := conn.ReadFromUDPAddrPort(buffer)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				q.Counters.Errors.Add(1)
				continue
			}
			q.offer(message(source, number, peer.Addr(), buffer[:n]))
		}
	})
	return l, nil
}

func message(source string, number int, peer netip.Addr, text []byte) Message {
	m := Message{Source: source, Number: number, Peer: peer.Unmap(), At: time.Now(), Cut: len(text) > MaxMessage}
	m.Text = string(text[:min(len(text), MaxMessage)])
	return m
}

// TCP receives frames of RFC 6587: octet counting or line feeds, whichever a connection begins with. With a configuration, it is TLS.
func TCP(address string, config *tls.Config, q *Queue) (*Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	scheme := "tcp://"
	if config != nil {
		scheme = "tls://"
	}
	s := &server{queue: q, config: config, source: scheme + listener.Addr().String(), open: map[net.Conn]netip.Addr{}, peers: map[netip.Addr]int{}}
	l := &Listener{Address: listener.Addr()}
	ctx, stop := context.WithCancel(context.Background())
	l.close = func() error {
		stop()
		err := listener.Close()
		s.closeAll()
		return err
	}
	l.done.Go(func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil { // too many files are open: others will be closed
				q.Counters.Errors.Add(1)
				select {
				case <-ctx.Done():
					return
				case <-time.After(50 * time.Millisecond):
				}
				continue
			}
			if !s.admit(ctx, conn) {
				q.Counters.Refused.Add(1)
				conn.Close()
				continue
			}
			l.done.Go(func() { s.serve(conn) })
		}
	})
	return l, nil
}

type server struct {
	queue  *Queue
	config *tls.Config
	source string

	mu     sync.Mutex
	number int
	open   map[net.Conn]netip.Addr
	peers  map[netip.Addr]int
}

func peerOf(conn net.Conn) netip.Addr {
	peer, _ := netip.ParseAddrPort(conn.RemoteAddr().String())
	return peer.Addr().Unmap()
}

// admit notes a connection, unless there are too many, or the listener is closed.
func (s *server) admit(ctx context.Context, conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	peer := peerOf(conn)
	if ctx.Err() != nil || len(s.open) >= maxConnections || s.peers[peer] >= maxPerPeer {
		return false
	}
	s.open[conn] = peer
	s.peers[peer]++
	s.queue.Counters.Connections.Add(1)
	return true
}

func (s *server) leave(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	peer := s.open[conn]
	delete(s.open, conn)
	if s.peers[peer]--; s.peers[peer] <= 0 {
		delete(s.peers, peer)
	}
	s.queue.Counters.Connections.Add(-1)
}

func (s *server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.open {
		conn.Close()
	}
}

func (s *server) next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	return s.number
}

// serve reads one connection to its end.
func (s *server) serve(raw net.Conn) {
	defer s.leave(raw)
	conn := raw
	if s.config != nil {
		secured := tls.Server(raw, s.config)
		ctx, cancel := context.WithTimeout(context.Background(), handshakeTime)
		err := secured.HandshakeContext(ctx)
		cancel()
		if err != nil {
			s.queue.Counters.Handshakes.Add(1)
			return
		}
		conn = secured
	}
	peer := peerOf(raw)
	frames := newFrames(conn)
	for {
		text, cut, err := frames.next()
		if len(text) > 0 {
			m := message(s.source, s.next(), peer, text)
			m.Cut = m.Cut || cut
			s.queue.offer(m)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				s.queue.Counters.Framing.Add(1)
			}
			return
		}
	}
}

// frames parts a stream into messages.
type frames struct {
	conn   net.Conn // nil in tests
	r      *bufio.Reader
	octets bool // counted
	begun  bool
}

func newFrames(conn net.Conn) *frames {
	return &frames{conn: conn, r: bufio.NewReaderSize(conn, MaxMessage+16)}
}

var (
	errCount = errors.New("a count that is none, or is too large")
	errFrame = errors.New("the stream ends in the middle of a frame")
)

// largest is how long a frame may claim to be: a longer one is a lie, or of no syslog.
const largest = 16 << 20

func (f *frames) deadline(d time.Duration) {
	if f.conn != nil {
		_ = f.conn.SetReadDeadline(time.Now().Add(d))
	}
}

// next returns a message, which holds until the next call.
func (f *frames) next() (text []byte, cut bool, err error) {
	f.deadline(idleTime)
	first, err := f.r.Peek(1)
	if err != nil {
		return nil, false, err
	}
	f.deadline(frameTime)
	if !f.begun {
		f.begun = true
		f.octets = first[0] >= '1' && first[0] <= '9'
	}
	if f.octets {
		return f.counted()
	}
	return f.line()
}

// counted reads "123 <189>…". A count that lies makes what follows no count, which ends the connection.
func (f *frames) counted() ([]byte, bool, error) {
	size := 0
	for digits := 0; ; digits++ {
		c, err := f.r.ReadByte()
		if err != nil {
			return nil, false, errFrame
		}
		if c == ' ' && digits > 0 {
			break
		}
		if c == '\n' && digits == 0 { // some senders end a frame so, besides
			digits--
			continue
		}
		if c < '0' || c > '9' || digits > 8 || digits == 0 && c == '0' {
			return nil, false, errCount
		}
		if size = 10*size + int(c-'0'); size > largest {
			return nil, false, errCount
		}
	}
	text, err := f.r.Peek(min(size, MaxMessage))
	if err != nil { // what came of it is kept
		return text, true, errFrame
	}
	text = append([]byte(nil), text...)
	if _, err := f.r.Discard(size); err != nil {
		return text, true, errFrame
	}
	return text, size > MaxMessage, nil
}

// line reads up to a line feed.
func (f *frames) line() ([]byte, bool, error) {
	text, err := f.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		text = append([]byte(nil), text...)
		for read := len(text); errors.Is(err, bufio.ErrBufferFull); {
			var rest []byte
			rest, err = f.r.ReadSlice('\n')
			if read += len(rest); read > largest {
				return text, true, errCount
			}
		}
		if err != nil {
			return text, true, errFrame
		}
		return text, true, nil
	}
	if err != nil && len(text) > 0 {
		return text, false, errFrame
	}
	return []byte(strings.TrimRight(string(text), "\r\n\x00")), false, err
}

// Certificates are the files of a TLS listener.
type Certificates struct {
	Certificate, Key string
	Clients          string // certificates of authorities that a client's certificate must lead to; "" asks for none
}

// Config reads the files. A certificate that is renewed is read again when the next connection comes.
func (c Certificates) Config() (*tls.Config, error) {
	var mu sync.Mutex
	var pair *tls.Certificate
	var read time.Time
	load := func() (*tls.Certificate, error) {
		mu.Lock()
		defer mu.Unlock()
		info, err := os.Stat(c.Certificate)
		if err == nil && pair != nil && !info.ModTime().After(read) {
			return pair, nil
		}
		loaded, loadErr := tls.LoadX509KeyPair(c.Certificate, c.Key)
		if loadErr != nil {
			if pair != nil { // half of it is renewed: the old one serves until the other half is
				return pair, nil
			}
			return nil, loadErr
		}
		pair = &loaded
		if err == nil {
			read = info.ModTime()
		}
		return pair, nil
	}
	if _, err := load(); err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return load() }}
	if c.Clients != "" {
		data, err := os.ReadFile(c.Clients)
		if err != nil {
			return nil, err
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("%s: no certificate in it", c.Clients)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}
