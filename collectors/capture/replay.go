package capture

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// Session returns a session that answers from the transcript: a command that was sent
// several times gets its replies in order and then the last one again, and one that was never
// sent fails with facts.NotCollected.
func (t *Transcript) Session() collectors.Session {
	r := &replay{transcript: t, places: make(map[string][]int, len(t.Exchanges))}
	for i, e := range t.Exchanges {
		r.places[e.Command] = append(r.places[e.Command], i)
	}
	return r
}

// Sessions returns a session for each transport that the visit used, the command line first. A NETCONF operation is told by
// its first character, and the host key of a NETCONF server by its subject.
func (t *Transcript) Sessions() []collectors.Session {
	if t.Transport == collectors.NETCONF {
		return []collectors.Session{t.Session()}
	}
	cli, netconf := *t, *t
	cli.Exchanges, netconf.Exchanges = divide(t.Exchanges, func(e Exchange) bool { return strings.HasPrefix(e.Command, "<") })
	cli.Facts, netconf.Facts = divide(t.Facts, func(f facts.Fact) bool {
		return f.Kind == facts.Channel || strings.HasPrefix(f.Subject, string(collectors.NETCONF)+" ")
	})
	sessions := []collectors.Session{cli.Session()}
	netconf.End = End{} // only a command line can leave doubt about its last reply
	if netconf.Transport = collectors.NETCONF; len(netconf.Exchanges) > 0 {
		sessions = append(sessions, netconf.Session())
	}
	return sessions
}

func divide[T any](all []T, second func(T) bool) (rest, chosen []T) {
	for _, one := range all {
		if second(one) {
			chosen = append(chosen, one)
		} else {
			rest = append(rest, one)
		}
	}
	return rest, chosen
}

// Add puts the transcript of another session of the same visit behind this one.
func (t *Transcript) Add(other *Transcript) {
	t.Facts = append(t.Facts, other.Facts...)
	t.Exchanges = append(t.Exchanges, other.Exchanges...)
	t.End = cmp.Or(t.End, other.End)
}

type replay struct {
	transcript *Transcript
	places     map[string][]int // command to the exchanges that are still to come
}

func (r *replay) Transport() collectors.Transport {
	if r.transcript.Transport == "" {
		return collectors.CLI
	}
	return r.transcript.Transport
}

func (r *replay) Nonce() string {
	if r.transcript.Nonce == "" {
		return zeroNonce
	}
	return r.transcript.Nonce
}

func (r *replay) Facts() []facts.Fact { return r.transcript.Facts }

func (r *replay) Run(ctx context.Context, c collectors.Command) (collectors.Reply, error) {
	command := c.String()
	if err := ctx.Err(); err != nil {
		return collectors.Reply{Command: command}, err
	}
	key := command
	if _, ok := r.places[key]; !ok {
		key = FileName(command)
	}
	places := r.places[key]
	if command == "" || len(places) == 0 {
		return collectors.Reply{Command: command}, &collectors.Failure{
			Reason: facts.NotCollected, Err: fmt.Errorf("the capture holds no reply to %q", command),
		}
	}
	if len(places) > 1 {
		r.places[key] = places[1:]
	}
	e := r.transcript.Exchanges[places[0]]
	reply := collectors.Reply{Command: command, Text: e.Text, Time: e.Time, Elapsed: e.Elapsed}
	if e.Reason != "" {
		return reply, &collectors.Failure{Reason: e.Reason, Err: errors.New(e.Error)}
	}
	return reply, nil
}

func (r *replay) Settle(context.Context) error {
	if e := r.transcript.End; e.Reason != "" {
		return &collectors.Failure{Reason: e.Reason, Err: errors.New(e.Error)}
	}
	return nil
}
