package capture

import (
	"context"
	"errors"
	"fmt"

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
