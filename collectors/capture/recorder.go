package capture

import (
	"context"
	"errors"
	"slices"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// A Recorder is a session that passes everything to another one and takes down what
// passes through. It sees commands and replies only, so the password of the login is never among them; and those that a device prints
// within a URL are hidden before anything is kept.
type Recorder struct {
	collectors.Session
	began     time.Time
	exchanges []Exchange
	end       End
}

// NewRecorder records s from now on.
func NewRecorder(s collectors.Session) *Recorder {
	return &Recorder{Session: s, began: time.Now().UTC()}
}

// Run passes the command on and notes the reply, whole or not.
func (r *Recorder) Run(ctx context.Context, c collectors.Command) (collectors.Reply, error) {
	sent := time.Now()
	reply, err := r.Session.Run(ctx, c)
	reply.Text = facts.WithoutPasswords(reply.Text)
	if c.String() == "" {
		return reply, err // refused by every session, so nothing was sent
	}
	e := Exchange{Command: c.String(), Text: reply.Text, Time: reply.Time.UTC(), Elapsed: reply.Elapsed}
	if reply.Time.IsZero() {
		e.Time, e.Elapsed = sent.UTC(), time.Since(sent)
	}
	if err != nil {
		e.Reason, e.Error = outcome(err)
	}
	r.exchanges = append(r.exchanges, e)
	return reply, err
}

// Settle passes the question on and notes the answer.
func (r *Recorder) Settle(ctx context.Context) error {
	err := r.Session.Settle(ctx)
	if err != nil {
		r.end.Reason, r.end.Error = outcome(err)
	}
	return err
}

// Transcript returns what was taken down so far. Platform and Device are the caller's to set.
func (r *Recorder) Transcript() *Transcript {
	return &Transcript{
		Transport: r.Transport(), Time: r.began, Nonce: r.Nonce(), Facts: slices.Clone(r.Facts()),
		Exchanges: slices.Clone(r.exchanges), End: r.end,
	}
}

// outcome classes and words an error as Collect does, so that the replay yields the same gap.
func outcome(err error) (facts.Reason, string) {
	var f *collectors.Failure
	switch {
	case errors.As(err, &f):
		return f.Reason, f.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return facts.Timeout, facts.WithoutPasswords(err.Error())
	}
	return facts.SessionLost, facts.WithoutPasswords(err.Error())
}
