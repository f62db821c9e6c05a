// Package session holds live conversations with devices: it dials, checks who answers, logs in, and runs commands on
// the device's command line over SSH.
//
// A [Dialer] is made once for a sweep and opens a [Session] for each device. A session implements collectors.Session, as a
// saved capture does; nothing behind it can tell the two apart.
//
// Everything that a device says is bounded in bytes, lines and time, and every way in which a visit can fail ends in a
// *collectors.Failure, whose reason a report can print. A secret leaves this package only towards the device whose host key was found to be right.
//
// What goes on, from the bottom up: connect.go reaches the device, hostkeys.go, knownhosts.go and pins.go
// decide whether it is the right one, auth.go logs in with what credentials.go and keys.go fetch, jump.go goes
// through a jump host. terminal.go types and takes in what comes, reply.go finds where a reply begins and ends, login.go finds
// the prompt, and cli.go puts the scrapligo library on top. exec.go does without a terminal.
package session

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/inventory"
)

// A Session is a login on one device. It is not safe for concurrent use, save for Close.
type Session struct {
	link      *link
	line      commandLine
	keepalive *keepalive
	nonce     string
	warnings  []string
}

// A commandLine is a way to have commands run: a shell (cli) or a channel for each (execs).
type commandLine interface {
	// run returns the reply, or what there is of it with the error, which is a *collectors.Failure.
	run(context.Context, collectors.Command) (string, error)
	settle(context.Context) error
	// over returns why no more commands can be run, nil where they can.
	over(context.Context) *collectors.Failure
	// end closes the connection for a reason; the first one counts.
	end(*collectors.Failure) *collectors.Failure
	// close leaves the device and ends what runs here.
	close()
}

// Open logs in to a device whose platform has the given terminal. The error is a *collectors.Failure. The
// context counts until the session is open; after that each Run has its own.
func (d *Dialer) Open(ctx context.Context, device inventory.Device, p collectors.Terminal) (*Session, error) {
	peer := devicePeer(device)
	hidden, f := d.hidden(ctx, device, p)
	if f != nil {
		return nil, within(f, peer.address())
	}
	l, f := d.connect(ctx, peer)
	if f != nil {
		return nil, f
	}
	s, f := d.start(ctx, l, p, hidden)
	if f != nil {
		l.client.Close()
		return nil, within(f, peer.address())
	}
	return s, nil
}

// start brings the connection to where queries can be asked.
func (d *Dialer) start(ctx context.Context, l *link, p collectors.Terminal, hidden secrets) (*Session, *collectors.Failure) {
	s := &Session{link: l, nonce: newNonce()}
	if p.Exec {
		s.line = newExecs(l.client, d.limits, hidden)
	} else {
		var f *collectors.Failure
		if s.line, s.warnings, f = d.shell(ctx, l, p, hidden); f != nil {
			return nil, f
		}
	}
	s.keepalive = keepAlive(l.client, d.limits.Keepalive, func() {
		s.line.end(failed(facts.SessionLost, "the device does not answer any more"))
	})
	return s, nil
}

// shell opens a shell and brings it to a prompt.
func (d *Dialer) shell(ctx context.Context, l *link, p collectors.Terminal, hidden secrets) (commandLine, []string, *collectors.Failure) {
	shell, f := d.openShell(ctx, l.client)
	if f != nil {
		return nil, nil, f
	}
	t := newTerminal(shell, func() { l.client.Close() }, d.limits, hidden, p)
	go t.listen(shell)
	warnings, err := t.logIn(ctx, hidden[enableSecret])
	if err != nil {
		return nil, nil, asFailure(err)
	}
	c, err := newCLI(t)
	if err != nil {
		return nil, nil, t.end(failed(facts.SessionLost, "%w", err))
	}
	return c, warnings, nil
}

// Places in what hidden returns.
const (
	enableSecret = iota
	loginPassword
)

// hidden returns the secrets of a device, so that none is quoted in a message.
func (d *Dialer) hidden(ctx context.Context, device inventory.Device, p collectors.Terminal) (secrets, *collectors.Failure) {
	all := make(secrets, 2)
	var err error
	if p.Enable != "" {
		if all[enableSecret], err = d.credentials.fetch(ctx, device.Enable, "enable secret of "+device.Username); err != nil {
			return nil, failed(facts.NoCredentials, "%w", err)
		}
	}
	if all[loginPassword], err = d.credentials.fetch(ctx, device.Password, "password of "+device.Username); err != nil {
		return nil, failed(facts.NoCredentials, "%w", err)
	}
	return all, nil
}

const (
	terminalType    = "vt100"
	terminalColumns = 511 // the widest that old systems take; few lines are longer, and those wrap
	terminalRows    = 1000
)

// ptyRequest is the payload of RFC 4254, section 6.2. The modes are an empty list, which ends with a zero.
type ptyRequest struct {
	Terminal                     string
	Columns, Rows, Width, Height uint32
	Modes                        string
}

// openShell asks for a terminal and a shell on it.
func (d *Dialer) openShell(ctx context.Context, client *ssh.Client) (ssh.Channel, *collectors.Failure) {
	limited, cancel := context.WithTimeoutCause(ctx, d.limits.Login, errTooSlow)
	defer cancel()
	defer context.AfterFunc(limited, func() { client.Close() })()
	explain := func(what string) *collectors.Failure {
		switch {
		case errors.Is(context.Cause(limited), errTooSlow):
			return failed(facts.Timeout, "the device did not open a shell within %v", d.limits.Login)
		case ctx.Err() != nil:
			return failed(facts.SessionLost, "given up: %w", context.Cause(ctx))
		}
		return failed(facts.Unreachable, "the device %s after the login; the account may not be allowed on the command line", what)
	}
	channel, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		return nil, explain("opened no session")
	}
	go ssh.DiscardRequests(requests)
	// A device that has no terminals to give may have a shell all the same.
	_, err = channel.SendRequest("pty-req", true, ssh.Marshal(ptyRequest{terminalType, terminalColumns, terminalRows, 0, 0, "\x00"}))
	if err != nil {
		return nil, explain("closed the session")
	}
	if ok, err := channel.SendRequest("shell", true, nil); err != nil || !ok {
		return nil, explain("opened no shell")
	}
	return channel, nil
}

// Close leaves the device. It may be called again, and while a command runs.
func (s *Session) Close() error {
	s.keepalive.stop()
	s.line.close()
	return nil
}

// Transport returns collectors.CLI.
func (s *Session) Transport() collectors.Transport { return collectors.CLI }

// Run sends a command and returns the reply as the device sent it, without the echo and the prompt. With an error,
// which is a *collectors.Failure, the reply holds what came before it; the session can't be used any more then.
func (s *Session) Run(ctx context.Context, c collectors.Command) (collectors.Reply, error) {
	reply := collectors.Reply{Command: c.String()}
	if reply.Command == "" {
		return reply, failed(facts.WouldModify, "only a command that the read-only guard made is sent")
	}
	if f := s.line.over(ctx); f != nil {
		return reply, f
	}
	began := time.Now()
	reply.Time = began.UTC()
	var err error
	reply.Text, err = s.line.run(ctx, c)
	reply.Elapsed = time.Since(began)
	return reply, err
}

// Settle asks for the prompt once more, and fails where more of the last reply comes.
func (s *Session) Settle(ctx context.Context) error {
	if f := s.line.over(ctx); f != nil {
		return f
	}
	return s.line.settle(ctx)
}

// Nonce returns 32 hexadecimal digits that no other session has.
func (s *Session) Nonce() string { return s.nonce }

// Facts returns the host key.
func (s *Session) Facts() []facts.Fact {
	key := s.link.hostKey
	if certificate, ok := key.(*ssh.Certificate); ok {
		key = certificate.Key
	}
	return []facts.Fact{{Kind: facts.HostKey, Subject: key.Type(), Value: ssh.FingerprintSHA256(key), Tier: facts.E1}}
}

// Server returns how the device's SSH server names itself (RFC 4253, section 4.2): "SSH-2.0-Cisco-1.25".
func (s *Session) Server() string { return string(s.link.client.ServerVersion()) }

// Algorithms returns what protects the connection.
func (s *Session) Algorithms() Algorithms { return s.link.algorithms }

// Warnings say what did not work at login and still left a session, such as a refused enable
// secret. They may quote the device.
func (s *Session) Warnings() []string { return slices.Clone(s.warnings) }

func newNonce() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
