package session

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
)

// execs runs each command in an SSH channel of its own (RFC 4254, section 6.5). There is no prompt that a
// reply could imitate: the channel's end is the reply's, and the exit status says that the command came to its own end.
type execs struct {
	client  *ssh.Client
	limits  Limits
	secrets secrets

	mu      sync.Mutex
	heard   int // bytes in all
	running *terminal
	failure *collectors.Failure
}

func newExecs(client *ssh.Client, limits Limits, hidden secrets) *execs {
	return &execs{client: client, limits: limits, secrets: hidden}
}

// mostErrors bounds what is kept of standard error.
const mostErrors = 64 << 10

func (e *execs) run(ctx context.Context, c collectors.Command) (string, error) {
	channel, status, f := e.open(ctx, c.String())
	if f != nil {
		return "", f
	}
	defer channel.Close()

	// A terminal that nothing is typed on bounds what is printed in bytes and time.
	limits := e.limits
	e.mu.Lock()
	limits.SessionBytes -= e.heard
	output := newTerminal(nil, func() {}, limits, e.secrets, collectors.Terminal{})
	e.running = output
	f = e.failure
	e.mu.Unlock()
	if f != nil {
		return "", f
	}
	complaints := make(chan string, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(channel.Stderr(), mostErrors+1))
		if err == nil && len(text) > mostErrors {
			output.end(failed(facts.ReplyTooLarge, "the device printed more than %d bytes of errors", mostErrors))
		}
		complaints <- string(text[:min(len(text), mostErrors)])
	}()
	go output.listen(channel)
	idle, total := shorter(c.Idle(), e.limits.Idle), shorter(c.Total(), e.limits.Total)
	err := output.tooSlow(output.wait(ctx, idle, total, func() time.Duration { return never }), idle, total)
	output.mu.Lock()
	text := string(output.received)
	output.mu.Unlock()
	e.mu.Lock()
	e.heard += len(text)
	e.running = nil
	e.mu.Unlock()
	if !errors.Is(err, errHungUp) {
		return text, e.end(asFailure(err))
	}
	return e.outcome(ctx, text, complaints, status)
}

// outcome waits for what belongs to a reply whose standard output has ended.
func (e *execs) outcome(ctx context.Context, text string, complaints <-chan string, status <-chan exit) (string, error) {
	timer := time.NewTimer(e.limits.Echo)
	defer timer.Stop()
	ended := exit{}
	for range 2 {
		select {
		case c := <-complaints:
			text += c
			complaints = nil
		case ended = <-status:
			status = nil
		case <-timer.C:
			return text, e.end(failed(facts.Timeout, "the command ended and its channel did not within %v", e.limits.Echo))
		case <-ctx.Done():
			return text, e.end(givenUp(ctx))
		}
	}
	switch {
	case !ended.stated:
		return text, e.end(failed(facts.SessionLost, "the channel ended without the command's exit status, so the reply may be cut short"))
	case ended.Status != 0:
		return text, failed(facts.UnsupportedCommand, "the command failed with exit status %d", ended.Status)
	}
	return text, nil
}

// An exit is how a command ended (RFC 4254, section 6.10).
type exit struct {
	Status uint32
	stated bool
}

// open starts a command.
func (e *execs) open(ctx context.Context, command string) (ssh.Channel, <-chan exit, *collectors.Failure) {
	limited, cancel := context.WithTimeoutCause(ctx, e.limits.Login, errTooSlow)
	defer cancel()
	defer context.AfterFunc(limited, func() { e.client.Close() })()
	explain := func(what string) *collectors.Failure {
		switch {
		case errors.Is(context.Cause(limited), errTooSlow):
			return e.end(failed(facts.Timeout, "the device did not start a command within %v", e.limits.Login))
		case ctx.Err() != nil:
			return e.end(givenUp(ctx))
		}
		return e.end(failed(facts.SessionLost, "the device %s; the account may not be allowed to run commands", what))
	}
	channel, requests, err := e.client.OpenChannel("session", nil)
	if err != nil {
		return nil, nil, explain("opened no session")
	}
	status := make(chan exit, 1)
	go func() {
		var last exit
		for r := range requests {
			if r.Type == "exit-status" {
				var s struct{ Status uint32 }
				if ssh.Unmarshal(r.Payload, &s) == nil {
					last = exit{s.Status, true}
				}
			}
			if r.WantReply {
				r.Reply(false, nil)
			}
		}
		status <- last
	}()
	if ok, err := channel.SendRequest("exec", true, ssh.Marshal(struct{ Command string }{command})); err != nil || !ok {
		return nil, nil, explain("ran no command")
	}
	return channel, status, nil
}

// settle returns nil: the channel's end was the end of the last reply.
func (e *execs) settle(context.Context) error { return nil }

func (e *execs) over(ctx context.Context) *collectors.Failure {
	e.mu.Lock()
	f := e.failure
	e.mu.Unlock()
	if f == nil && ctx.Err() != nil {
		return e.end(givenUp(ctx))
	}
	return f
}

func (e *execs) end(f *collectors.Failure) *collectors.Failure {
	e.mu.Lock()
	first := e.failure == nil
	if first {
		e.failure = f
	}
	f = e.failure
	running := e.running
	e.mu.Unlock()
	if first {
		if running != nil {
			running.end(f)
		}
		e.client.Close()
	}
	return f
}

func (e *execs) close() { e.end(failed(facts.SessionLost, "%w", errClosed)) }
