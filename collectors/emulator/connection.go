package emulator

import (
	"io"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"
)

// A connection is one client's, from the TCP handshake to its end.
type connection struct {
	server *Server
	device *device
	user   string
	tcp    net.Conn
	gone   chan struct{} // closed when no more can be read from the client

	mu    sync.Mutex
	turns map[string]int // how often a command with several replies was answered
}

func (c *connection) serve() {
	c.gone = make(chan struct{})
	defer func() {
		c.tcp.Close()
		c.server.mu.Lock()
		delete(c.server.open, c)
		c.server.mu.Unlock()
	}()
	switch c.device.Mode {
	case CloseAtOnce:
		return
	case SilentInHandshake:
		io.WriteString(c.tcp, c.device.version+"\r\n")
		io.Copy(io.Discard, c.tcp)
		return
	case SilentFromStart:
		io.Copy(io.Discard, c.tcp)
		return
	}
	conn, channels, requests, err := ssh.NewServerConn(&watchedConn{Conn: c.tcp, gone: c.gone}, c.config())
	if err != nil {
		return
	}
	c.user = conn.User()
	c.server.count(&c.server.logins, 1)
	c.server.count(&c.server.sessions, 1)
	defer c.server.count(&c.server.sessions, -1)
	defer conn.Close()
	c.server.running.Go(func() { ssh.DiscardRequests(requests) })
	for channel := range channels {
		switch {
		case channel.ChannelType() == "session" && c.device.Mode == SilentAfterLogin:
			// It opens nothing and refuses nothing.
		case channel.ChannelType() == "session":
			c.session(channel)
		case channel.ChannelType() == "direct-tcpip" && c.device.AllowForwarding:
			c.server.running.Go(func() { c.forward(channel) })
		case channel.ChannelType() == "direct-tcpip":
			channel.Reject(ssh.Prohibited, "administratively prohibited")
		default:
			channel.Reject(ssh.UnknownChannelType, "unknown channel type")
		}
	}
}

// watchedConn tells when its peer has gone. The SSH library reads all the time, but
// tells nobody while a login is undecided.
type watchedConn struct {
	net.Conn
	gone chan struct{}
	once sync.Once
}

func (w *watchedConn) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		w.once.Do(func() { close(w.gone) })
	}
	return n, err
}

// Payloads of channel requests: RFC 4254, sections 6.2, 6.5 and 6.7.
type (
	ptyRequest struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}
	windowChange struct{ Columns, Rows, Width, Height uint32 }
	execRequest  struct{ Command string }

	subsystemRequest struct{ Name string }
)

// session answers the requests on a session channel until it is closed.
func (c *connection) session(offered ssh.NewChannel) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	t := &terminal{connection: c, channel: channel, gone: make(chan struct{}), privileged: c.device.StartPrivileged}
	t.columns.Store(int32(c.device.columns))
	t.rows.Store(int32(c.device.rows))
	if !c.device.Scoped {
		t.inScope = true
	}
	c.server.running.Go(func() {
		defer close(t.gone)
		started := false
		for r := range requests {
			ok := false
			var begin func() // what the request starts, once it is granted: a command that ended sooner would close the channel before
			switch r.Type {
			case "pty-req":
				var p ptyRequest
				if ok = ssh.Unmarshal(r.Payload, &p) == nil; ok {
					t.resize(p.Columns, p.Rows)
				}
			case "window-change":
				var w windowChange
				if ok = ssh.Unmarshal(r.Payload, &w) == nil; ok {
					t.resize(w.Columns, w.Rows)
				}
			case "shell":
				if ok = !started; ok {
					started = true
					begin = t.shell
				}
			case "subsystem":
				var sub subsystemRequest
				if ok = !started && ssh.Unmarshal(r.Payload, &sub) == nil && sub.Name == "netconf" && c.device.speaksNETCONF(); ok {
					started = true
					begin = func() { c.netconf(channel) }
				}
			case "exec":
				var e execRequest
				if ok = !started && ssh.Unmarshal(r.Payload, &e) == nil; ok {
					started = true
					begin = func() { t.exec(e.Command) }
					if _, _, scp := c.device.servedFile(e.Command); scp {
						begin = func() { c.sendFile(channel, e.Command) }
					}
				}
			}
			if r.WantReply {
				r.Reply(ok, nil)
			}
			if begin != nil {
				c.server.running.Go(begin)
			}
		}
	})
}

// next returns the reply whose turn it is: a command that was recorded several times
// is answered in that order, and then the last way.
func (c *connection) next(name string) reply {
	replies := c.device.book.replies[name]
	if len(replies) == 1 {
		return replies[0]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turns == nil {
		c.turns = make(map[string]int)
	}
	turn := min(c.turns[name], len(replies)-1)
	c.turns[name] = turn + 1
	return replies[turn]
}
