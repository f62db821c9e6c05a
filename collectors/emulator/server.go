package emulator

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"
)

// A Server is a device that runs.
type Server struct {
	listener net.Listener
	device   atomic.Pointer[device]
	running  sync.WaitGroup

	mu          sync.Mutex
	open        map[*connection]bool
	closed      bool
	commands    []string
	connections int
	attempts    int
	logins      int
	sessions    int
}

// device is a Device made ready to serve.
type device struct {
	Device
	*dialect
	config *ssh.ServerConfig
	book   book
}

// sound returns the device without its mode.
func (d *device) sound() *device {
	better := *d
	better.Mode = ""
	return &better
}

// Start runs the device on a free port of 127.0.0.1.
func Start(d Device) (*Server, error) {
	s := &Server{open: make(map[*connection]bool)}
	ready, err := s.prepare(d)
	if err != nil {
		return nil, err
	}
	s.device.Store(ready)
	s.listener, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	s.running.Go(s.accept)
	return s, nil
}

// Replace puts another device behind the same address. Connections that are open keep
// the old one. Without a host key of its own, the new device has the old one's.
func (s *Server) Replace(d Device) error {
	if d.HostKey == nil {
		d.HostKey = s.device.Load().HostKey
	}
	ready, err := s.prepare(d)
	if err != nil {
		return err
	}
	s.device.Store(ready)
	return nil
}

func (s *Server) prepare(d Device) (*device, error) {
	if d.Transcript == nil {
		return nil, errors.New("emulator: a device without a transcript")
	}
	if d.Password == "" && len(d.AuthorizedKeys) == 0 {
		return nil, errors.New("emulator: a device without a password and without keys")
	}
	if d.Hostname == "" {
		d.Hostname = d.Transcript.Device
	}
	if d.Hostname == "" {
		return nil, errors.New("emulator: a device without a host name, and its transcript names none")
	}
	dialect, ok := dialects[d.Transcript.Platform]
	if !ok {
		return nil, fmt.Errorf("emulator: the command line of platform %q can't be emulated", d.Transcript.Platform)
	}
	if d.HostKey == nil {
		var err error
		if d.HostKey, err = NewHostKey(); err != nil {
			return nil, err
		}
	}
	ready := &device{Device: d, dialect: dialect, book: newBook(d.Transcript)}
	ready.config = s.serverConfig(ready)
	return ready, nil
}

// NewHostKey generates an Ed25519 key.
func NewHostKey() (ssh.Signer, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("emulator: host key: %w", err)
	}
	return ssh.NewSignerFromSigner(key)
}

// Addr is where the device listens, "127.0.0.1:40022".
func (s *Server) Addr() string { return s.listener.Addr().String() }

// HostKey is the public key that the device shows to new connections.
func (s *Server) HostKey() ssh.PublicKey { return s.device.Load().HostKey.PublicKey() }

// Commands returns every line that was typed at a prompt or sent for execution, in
// order, over all sessions. What was typed at a password prompt is not in it.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// LoginAttempts counts the passwords, answers and public keys that were tried, right or wrong.
func (s *Server) LoginAttempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

// Connections counts those that were taken.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// Logins counts connections that logged in.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Sessions counts connections that are logged in now.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// Close stops the device, ends every connection and returns when nothing of it runs
// any more.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		c.tcp.Close()
	}
	s.mu.Unlock()
	err := s.listener.Close()
	s.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// acceptPause is how long to wait when the system is out of file descriptors.
const acceptPause = 50 * time.Millisecond

func (s *Server) accept() {
	for {
		tcp, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(acceptPause)
			continue
		}
		s.count(&s.connections, 1)
		c := &connection{server: s, device: s.device.Load(), tcp: tcp}
		s.mu.Lock()
		if s.closed {
			tcp.Close()
		} else {
			s.open[c] = true
			s.running.Go(c.serve)
		}
		s.mu.Unlock()
	}
}

func (s *Server) note(command string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, command)
}

func (s *Server) count(n *int, by int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*n += by
}
