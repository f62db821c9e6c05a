package session

import (
	"context"
	"errors"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// A bastion is a jump host with the one connection to it that all sessions share.
type bastion struct {
	name     string
	peer     peer
	channels chan struct{} // holds a token for each connection that goes through it
	turn     chan struct{} // holds a token while somebody looks after the fields below

	link      *link // nil before the first use
	gone      chan struct{}
	keepalive *keepalive
	closed    bool
}

func newBastion(j inventory.JumpHost, channels int) *bastion {
	return &bastion{name: j.Name, peer: jumpPeer(j), channels: make(chan struct{}, channels), turn: make(chan struct{}, 1)}
}

// dialThrough opens a channel to the peer on its jump host.
func (d *Dialer) dialThrough(ctx context.Context, p peer) (net.Conn, *collectors.Failure) {
	b := d.bastions[p.through]
	if b == nil {
		return nil, failed(facts.Unreachable, "its jump host %q is not in the inventory", p.through)
	}
	select {
	case b.channels <- struct{}{}:
	case <-ctx.Done():
		return nil, failed(facts.Unreachable, "jump host %s: all %d channels are taken", b.name, cap(b.channels))
	}
	free := sync.OnceFunc(func() { <-b.channels })
	l, f := b.connection(ctx, d)
	if f != nil {
		free()
		return nil, within(f, "jump host "+b.name)
	}
	conn, err := l.client.DialContext(ctx, "tcp", p.address())
	if err == nil {
		return &channelConn{conn, free}, nil
	}
	free()
	var refused *ssh.OpenChannelError
	if errors.As(err, &refused) {
		return nil, failed(facts.Unreachable, "jump host %s can't reach it: %v, %s", b.name, refused.Reason, l.hidden.quote(refused.Message))
	}
	return nil, within(d.explainDial(ctx, err), "jump host "+b.name)
}

// connection returns the shared connection, which is made when there is none or when it has ended.
func (b *bastion) connection(ctx context.Context, d *Dialer) (*link, *collectors.Failure) {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return nil, d.explainDial(ctx, ctx.Err())
	}
	if b.closed {
		return nil, failed(facts.SessionLost, "%w", errClosed)
	}
	if b.link != nil {
		select {
		case <-b.gone:
			b.keepalive.stop()
			b.link = nil
		default:
			return b.link, nil
		}
	}
	// Whoever comes first connects for all who wait, so it has the time of a login and not that of a dial.
	l, f := d.connect(context.WithoutCancel(ctx), b.peer)
	if f != nil {
		return nil, f
	}
	gone := make(chan struct{})
	go func() {
		l.client.Wait()
		close(gone)
	}()
	b.link, b.gone = l, gone
	b.keepalive = keepAlive(l.client, d.limits.Keepalive, func() { l.client.Close() })
	return l, nil
}

func (b *bastion) close() {
	b.turn <- struct{}{}
	defer func() { <-b.turn }()
	b.closed = true
	if b.link != nil {
		b.keepalive.stop()
		b.link.client.Close()
		<-b.gone
	}
}

// A channelConn is a connection through a jump host. To close it takes a message to the jump host, which may not be
// taken any more; nobody waits for that.
type channelConn struct {
	net.Conn
	free func()
}

func (c *channelConn) Close() error {
	c.free()
	go c.Conn.Close()
	return nil
}
