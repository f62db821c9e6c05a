package session

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
)

// A link is an SSH connection that has logged in.
type link struct {
	client     *ssh.Client
	hostKey    ssh.PublicKey
	algorithms Algorithms
	hidden     secrets // what it logged in with
}

var dialer = net.Dialer{KeepAlive: 30 * time.Second}

// connect dials a peer and logs in.
func (d *Dialer) connect(ctx context.Context, p peer) (*link, *collectors.Failure) {
	auth, agent, f := d.authenticator(ctx, p)
	if f != nil {
		return nil, within(f, p.address())
	}
	if agent != nil {
		defer agent.Close()
		// A key that has to be confirmed by its owner holds the agent up; the login must end all the same.
		defer context.AfterFunc(ctx, func() { agent.Close() })()
	}
	conn, f := d.dial(ctx, p)
	if f != nil {
		return nil, within(f, p.address())
	}
	l, f := d.handshake(ctx, conn, p, auth, agent)
	if f != nil {
		if f.Reason == facts.LoginRefused {
			d.noteRefusal(p, f)
		}
		return nil, within(f, p.address())
	}
	return l, nil
}

func (d *Dialer) dial(ctx context.Context, p peer) (net.Conn, *collectors.Failure) {
	ctx, cancel := context.WithTimeoutCause(ctx, d.limits.Connect, errTooSlow)
	defer cancel()
	if p.through != "" {
		return d.dialThrough(ctx, p)
	}
	conn, err := dialer.DialContext(ctx, "tcp", p.address())
	if err != nil {
		return nil, d.explainDial(ctx, err)
	}
	return conn, nil
}

func (d *Dialer) explainDial(ctx context.Context, err error) *collectors.Failure {
	var unresolved *net.DNSError
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTooSlow):
		return failed(facts.Unreachable, "no answer within %v; is it up, and does a firewall let this machine through?", d.limits.Connect)
	case errors.Is(cause, context.DeadlineExceeded):
		return failed(facts.Timeout, "out of time while connecting")
	case cause != nil:
		return failed(facts.SessionLost, "given up while connecting: %w", cause)
	case errors.As(err, &unresolved):
		return failed(facts.Unreachable, "the name can't be resolved: %w", err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return failed(facts.Unreachable, "connection refused; is SSH enabled there, and is this the right port?")
	}
	return failed(facts.Unreachable, "%w", err)
}

// clientVersion tells a device's log who came (RFC 4253, section 4.2).
const clientVersion = "SSH-2.0-trueboot"

// mostBanner bounds what a device may say before the login.
const mostBanner = 64 << 10

// handshake exchanges keys and logs in. The connection is closed where it fails.
func (d *Dialer) handshake(ctx context.Context, conn net.Conn, p peer, auth *authenticator, agent io.Closer) (*link, *collectors.Failure) {
	ctx, cancel := context.WithTimeoutCause(ctx, d.limits.Handshake, errTooSlow)
	defer cancel()
	// The library knows no context, and a channel through a jump host no deadline: closing works for both.
	stop := context.AfterFunc(ctx, func() {
		conn.Close()
		if agent != nil {
			agent.Close()
		}
	})
	defer stop()

	turn := &turn{slots: d.handshakes}
	defer turn.end()
	greeted := &greetedConn{Conn: conn, ctx: ctx, turn: turn}
	var hostKey ssh.PublicKey
	var refused *collectors.Failure
	banner := 0
	config := &ssh.ClientConfig{
		Config:            offer(p.legacy),
		User:              p.user,
		AuthCallback:      auth.next,
		HostKeyAlgorithms: d.hostKeys.algorithms(p.host),
		ClientVersion:     clientVersion,
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			turn.end() // what follows waits for the device and its AAA server and costs nothing here
			if hostKey != nil {
				// The keys are exchanged anew in a session that runs.
				if string(key.Marshal()) != string(hostKey.Marshal()) {
					return errors.New("another host key in the middle of a session")
				}
				return nil
			}
			if refused = d.hostKeys.check(p.host, key); refused != nil {
				return refused
			}
			hostKey = key
			return nil
		},
		BannerCallback: func(text string) error {
			// An error here would leave the library's reader with more banners than anybody takes, for ever.
			if banner += len(text); banner > mostBanner {
				conn.Close()
			}
			return nil
		},
	}
	c, channels, requests, err := ssh.NewClientConn(greeted, p.address(), config)
	if err == nil && !stop() {
		c.Close()
		err = context.Cause(ctx)
	}
	switch {
	case err == nil:
		l := newLink(c, channels, requests, hostKey)
		l.hidden = auth.hidden
		return l, nil
	case refused != nil:
		return nil, refused
	case banner > mostBanner:
		return nil, failed(facts.Unreachable, "more than %d bytes of banner before the login", mostBanner)
	case errors.Is(err, errOldSSH):
		return nil, failed(facts.Unreachable, "%w", errOldSSH)
	case hostKey == nil && ctx.Err() != nil && greeted.strange() != "":
		return nil, failed(facts.Unreachable, "no SSH server answers there but something that says %.80q; is this the right port?", greeted.strange())
	case errors.Is(context.Cause(ctx), errTooSlow):
		return nil, failed(facts.Timeout, "no end within %v of %s", d.limits.Handshake, stage(greeted.heard.Load(), hostKey != nil))
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return nil, failed(facts.Timeout, "out of time in %s", stage(greeted.heard.Load(), hostKey != nil))
	case ctx.Err() != nil:
		return nil, failed(facts.SessionLost, "given up: %w", context.Cause(ctx))
	case hostKey != nil:
		return nil, explainLogin(p, auth, err)
	}
	return nil, explainKeyExchange(p, greeted.heard.Load(), err)
}

func newLink(c ssh.Conn, channels <-chan ssh.NewChannel, requests <-chan *ssh.Request, hostKey ssh.PublicKey) *link {
	l := &link{client: ssh.NewClient(c, channels, requests), hostKey: hostKey}
	if m, ok := c.(ssh.AlgorithmsConnMetadata); ok {
		a := m.Algorithms()
		l.algorithms = Algorithms{KeyExchange: a.KeyExchange, HostKey: a.HostKey, Cipher: a.Write.Cipher, MAC: a.Write.MAC}
	}
	return l
}

func stage(greeted, keyed bool) string {
	switch {
	case !greeted:
		return "waiting for the SSH greeting; the device may be overloaded, or another service is on this port"
	case !keyed:
		return "the key exchange"
	}
	return "the login; is its AAA server up?"
}

// explainKeyExchange says why no encrypted connection came about.
func explainKeyExchange(p peer, greeted bool, err error) *collectors.Failure {
	if text := explainAlgorithms(err, p.legacy); text != "" {
		return failed(facts.Unreachable, "%s", text)
	}
	switch text := err.Error(); {
	case strings.Contains(text, "bit keys are insecure"): // crypto/rsa has no error value for it
		return failed(facts.Unreachable, "the host key is too weak to prove anything (RSA below 1024 bits); generate a new one on the device, such as with: crypto key generate rsa modulus 2048")
	case !greeted && ended(err):
		return failed(facts.Unreachable, "the device closed the connection at once; all its lines may be taken, an access list may refuse this machine, or it blocks logins for a while")
	case ended(err):
		return failed(facts.Unreachable, "the device closed the connection during the key exchange")
	default:
		return failed(facts.Unreachable, "no SSH connection: %.200q", text)
	}
}

// explainLogin says why a device whose key is right did not let us in. The library's errors may quote the
// device.
func explainLogin(p peer, auth *authenticator, err error) *collectors.Failure {
	tried := auth.keysOffered || auth.passwordOffered
	switch {
	case auth.err != nil:
		return failed(facts.LoginRefused, "login as %q: %w", p.user, auth.err)
	case tried && ended(err), tried && strings.Contains(err.Error(), "ssh: disconnect"):
		return failed(facts.LoginRefused, "login as %q: the device closed the connection after the credentials were sent", p.user)
	case ended(err):
		return failed(facts.Unreachable, "the device closed the connection before the login")
	default:
		return failed(facts.LoginRefused, "login as %q: %s", p.user, auth.hidden.quote(err.Error()))
	}
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

// A turn is one of the few key exchanges that run at once.
type turn struct {
	slots chan struct{}

	mu    sync.Mutex
	taken bool
}

// begin waits until it is our turn.
func (t *turn) begin(ctx context.Context) error {
	select {
	case t.slots <- struct{}{}:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.taken = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end lets the next one go. It may be called again.
func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken {
		<-t.slots
		t.taken = false
	}
}

// A greetedConn takes its turn for the key exchange when the device has said its first words: one that
// says nothing holds nobody up. It reads them in one piece, where the library takes byte by byte.
type greetedConn struct {
	net.Conn
	ctx  context.Context // of the handshake; a Conn has no other way to learn of it
	turn *turn

	heard atomic.Bool
	first atomic.Pointer[string] // the first words
	words []byte                 // what is left of them to be read
}

// errOldSSH is what a device is told by that has not been updated for 20 years.
var errOldSSH = errors.New("the device speaks SSH version 1 only, which protects nothing; enable version 2 on it, such as with: ip ssh version 2")

// strange returns the first words of what does not greet as SSH does, "" where it does.
func (c *greetedConn) strange() string {
	if first := c.first.Load(); first != nil && !strings.Contains(*first, "SSH-") && !strings.HasPrefix("SSH-", *first) {
		return *first
	}
	return ""
}

func (c *greetedConn) Read(p []byte) (int, error) {
	if len(c.words) > 0 {
		n := copy(p, c.words)
		c.words = c.words[n:]
		return n, nil
	}
	c.words = nil
	if c.heard.Load() {
		return c.Conn.Read(p)
	}
	first := make([]byte, 256)
	n, err := c.Conn.Read(first)
	if n == 0 {
		return 0, err
	}
	text := string(first[:n])
	c.first.Store(&text)
	if strings.HasPrefix(text, "SSH-1.") && !strings.HasPrefix("SSH-1.99-", text[:min(n, len("SSH-1.99-"))]) {
		return 0, errOldSSH
	}
	if err := c.turn.begin(c.ctx); err != nil {
		return 0, err
	}
	c.heard.Store(true)
	c.words = first[copy(p, first[:n]):n]
	return min(n, len(p)), nil
}
