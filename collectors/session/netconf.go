package session

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Juniper/go-netconf/netconf"
	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// A NETCONF is a NETCONF session on one device (RFC 6241 over SSH, RFC 6242): the second way to ask it, through other code
// than its command line. It is not safe for concurrent use, save for Close.
type NETCONF struct {
	hostKey ssh.PublicKey
	hidden  secrets // not quoted back from the device
	frames  *frames
	rpc     *netconf.Session
	limits  Limits
	version string // of the protocol, which chooses the framing
	nonce   string
	alive   *keepalive
	hangUp  func()

	mu      sync.Mutex
	busy    bool                // an operation is on its way
	failure *collectors.Failure // why the session has ended
}

// OpenNETCONF logs in to the NETCONF server of a device. The error is a *collectors.Failure. The context counts until
// the session is open. The nonce is that of the device's other session in the same visit; empty stands for a new one.
func (d *Dialer) OpenNETCONF(ctx context.Context, device inventory.Device, nonce string) (*NETCONF, error) {
	p := devicePeer(device)
	p.port = netconfPort(device)
	l, f := d.connect(ctx, p)
	if f != nil {
		return nil, f
	}
	channel, f := d.openNETCONF(ctx, l.client)
	if f != nil {
		l.client.Close()
		return nil, within(f, p.address())
	}
	n := newNETCONF(channel, func() { l.client.Close() }, d.limits, cmp.Or(nonce, newNonce()))
	n.hostKey, n.hidden = l.hostKey, l.hidden
	if f := n.greet(ctx); f != nil {
		return nil, within(f, p.address())
	}
	n.alive = keepAlive(l.client, d.limits.Keepalive, func() {
		n.end(failed(facts.SessionLost, "the device does not answer any more"))
	})
	return n, nil
}

// openNETCONF asks for the subsystem.
func (d *Dialer) openNETCONF(ctx context.Context, client *ssh.Client) (ssh.Channel, *collectors.Failure) {
	limited, cancel := context.WithTimeoutCause(ctx, d.limits.Login, errTooSlow)
	defer cancel()
	defer context.AfterFunc(limited, func() { client.Close() })()
	channel, requests, err := client.OpenChannel("session", nil)
	if err == nil {
		go ssh.DiscardRequests(requests)
		var ok bool
		if ok, err = channel.SendRequest("subsystem", true, ssh.Marshal(struct{ Name string }{"netconf"})); err == nil && ok {
			return channel, nil
		}
	}
	switch {
	case errors.Is(context.Cause(limited), errTooSlow):
		return nil, failed(facts.Timeout, "the device did not open the NETCONF subsystem within %v", d.limits.Login)
	case ctx.Err() != nil:
		return nil, failed(facts.SessionLost, "given up: %w", context.Cause(ctx))
	case err != nil:
		return nil, failed(facts.Unreachable, "the device closed the session instead of opening the NETCONF subsystem")
	}
	return nil, failed(facts.UnsupportedCommand, "the device has no NETCONF subsystem on this port; is NETCONF over SSH enabled?")
}

func newNETCONF(channel io.ReadWriter, hangUp func(), limits Limits, nonce string) *NETCONF {
	n := &NETCONF{limits: limits, nonce: nonce, hangUp: hangUp}
	n.frames = newFrames(channel, hangUp, limits.ReplyBytes, limits.SessionBytes)
	n.rpc = &netconf.Session{Transport: n.frames}
	return n
}

// greet exchanges hellos. Ours goes out at once: both sides may wait for the other's (RFC 6241, section 8.1).
func (n *NETCONF) greet(ctx context.Context) *collectors.Failure {
	release := n.watch(ctx, n.limits.Login, n.limits.Login)
	err := n.frames.SendHello(&netconf.HelloMessage{Capabilities: netconf.DefaultCapabilities})
	var theirs *netconf.HelloMessage
	if err == nil {
		theirs, err = n.frames.ReceiveHello()
	}
	if release(); err != nil {
		return n.end(asFailure(err))
	}
	n.rpc.SessionID, n.rpc.ServerCapabilities = theirs.SessionID, theirs.Capabilities
	n.version = "1.0"
	if slices.Contains(theirs.Capabilities, base11) {
		n.version = "1.1"
	}
	n.frames.SetVersion("v" + n.version)
	return nil
}

// watch ends the session when it is silent for longer than idle, takes longer than total or the context ends. The
// function that it returns stops that.
func (n *NETCONF) watch(ctx context.Context, idle, total time.Duration) (release func()) {
	silent := time.AfterFunc(idle, func() {
		n.end(failed(facts.Timeout, "the device was silent for %v and its answer did not end", idle))
	})
	n.frames.heard = func() { silent.Reset(idle) }
	late := time.AfterFunc(total, func() {
		n.end(failed(facts.Timeout, "the answer did not end within %v", total))
	})
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			n.end(failed(facts.Timeout, "out of time: %w", context.Cause(ctx)))
			return
		}
		n.end(failed(facts.SessionLost, "given up: %w", context.Cause(ctx)))
	})
	return func() {
		n.frames.heard = func() {}
		silent.Stop()
		late.Stop()
		stop()
	}
}

// end closes the connection for a reason; the first one counts. It returns that one.
func (n *NETCONF) end(f *collectors.Failure) *collectors.Failure {
	n.mu.Lock()
	first := n.failure == nil
	if first {
		n.failure = f
	}
	f = n.failure
	n.mu.Unlock()
	if first {
		n.hangUp()
	}
	return f
}

func (n *NETCONF) over() *collectors.Failure {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.failure
}

// begin marks that an operation is on its way, and returns why none can be.
func (n *NETCONF) begin() *collectors.Failure {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy = n.failure == nil
	return n.failure
}

func (n *NETCONF) done() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy = false
}

// Transport returns collectors.NETCONF.
func (n *NETCONF) Transport() collectors.Transport { return collectors.NETCONF }

// Nonce returns 32 hexadecimal digits that no other visit has.
func (n *NETCONF) Nonce() string { return n.nonce }

// Facts returns the host key that the NETCONF server showed, and that it answers at all.
func (n *NETCONF) Facts() []facts.Fact {
	key := n.hostKey
	if certificate, ok := key.(*ssh.Certificate); ok {
		key = certificate.Key
	}
	return []facts.Fact{
		{Kind: facts.HostKey, Subject: "netconf " + key.Type(), Value: ssh.FingerprintSHA256(key), Tier: facts.E1},
		{Kind: facts.Channel, Subject: "netconf", Value: "base:" + n.version, Tier: facts.E1},
	}
}

// Settle returns nil: a NETCONF message says where it ends.
func (n *NETCONF) Settle(context.Context) error { return nil }

// Warnings returns nothing: a NETCONF session is whole or there is none.
func (n *NETCONF) Warnings() []string { return nil }

// Run sends an operation and returns the whole <rpc-reply>. An error of the device (<rpc-error>) is a reply. With an error,
// which is a *collectors.Failure, the reply holds what came before it; the session can't be used any more then.
func (n *NETCONF) Run(ctx context.Context, c collectors.Command) (reply collectors.Reply, err error) {
	reply = collectors.Reply{Command: c.String()}
	if !strings.HasPrefix(reply.Command, "<") {
		return reply, failed(facts.WouldModify, "only an operation that the read-only guard made is sent")
	}
	if f := n.begin(); f != nil {
		return reply, f
	}
	defer n.done()
	began := time.Now()
	reply.Time = began.UTC()
	release := n.watch(ctx, shorter(c.Idle(), n.limits.Idle), shorter(c.Total(), n.limits.Total))
	err = n.exec(reply.Command)
	release()
	reply.Elapsed = time.Since(began)
	reply.Text = string(n.frames.last)
	var refused *netconf.RPCError
	switch {
	case n.over() != nil: // the cause, and not what it broke
		return reply, n.over()
	case errors.As(err, &refused), err == nil:
	default:
		return reply, n.end(n.notUnderstood(err))
	}
	// The library takes any answer for the one that it waits for.
	if asked := messageID(string(n.frames.sent)); asked == "" || messageID(reply.Text) != asked {
		return reply, n.end(failed(facts.ParseIncomplete, "the answer does not belong to the question: its message-id is another one (RFC 6241, section 4.1)"))
	}
	return reply, nil
}

// exec sends one operation through the library. It parses what the device says, and must not bring the program down.
func (n *NETCONF) exec(operation string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = failed(facts.SessionLost, "NETCONF library: %v", r)
		}
	}()
	_, err = n.rpc.Exec(netconf.RawMethod(operation))
	return err
}

// notUnderstood is the failure behind an error of the library's, which may quote the device.
func (n *NETCONF) notUnderstood(err error) *collectors.Failure {
	var f *collectors.Failure
	if errors.As(err, &f) {
		return f
	}
	return failed(facts.ParseIncomplete, "the answer is no NETCONF: %s", n.hidden.quote(err.Error()))
}

// messageID returns the message-id of an <rpc> or an <rpc-reply>, "" where there is none.
func messageID(text string) string {
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range root.Attr {
			if a.Name.Local == "message-id" {
				return a.Value
			}
		}
		return ""
	}
}

// Close leaves the device: it asks for the end of the session and does not wait for the answer. It may be called again, and
// while an operation runs.
func (n *NETCONF) Close() error {
	if n.alive != nil {
		n.alive.stop()
	}
	n.mu.Lock()
	idle := n.failure == nil && !n.busy
	n.mu.Unlock()
	if idle {
		late := time.AfterFunc(n.limits.Echo, n.hangUp) // its window may be full
		if text, err := xml.Marshal(netconf.NewRPCMessage([]netconf.RPCMethod{netconf.RawMethod(collectors.CloseSession)})); err == nil {
			n.frames.Send(text)
		}
		late.Stop()
	}
	n.end(failed(facts.SessionLost, "%w", errClosed))
	return nil
}
