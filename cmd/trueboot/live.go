package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trueboot/collectors"
	"trueboot/collectors/session"
	"trueboot/inventory"
	"trueboot/sweep"
)

// liveFlags say how devices are reached.
type liveFlags struct {
	knownHosts []string
	strict     bool
	timeout    time.Duration
}

func (f *liveFlags) register(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.knownHosts, "known-hosts", nil, "known host keys, in OpenSSH's format: `files` with commas between them")
	flags.BoolVar(&f.strict, "strict-host-keys", false, "refuse a device whose host key is not known, instead of pinning the first one")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long a device may take to let us in, at each step")
}

func (f *liveFlags) check() error {
	if f.timeout <= 0 {
		return usage("--timeout %v: a span of time such as 30s", f.timeout)
	}
	return nil
}

// An opener logs in to devices.
type opener struct{ dialer *session.Dialer }

func (p *program) opener(f liveFlags, inv *inventory.Inventory) (opener, error) {
	credentials := session.NewCredentials()
	credentials.Ask = func(ctx context.Context, question string) (answer string, err error) {
		p.progress.Aside(func() { answer, err = session.AskOnTerminal(ctx, question) })
		return answer, err
	}
	options := session.Options{
		KnownHosts: f.knownHosts, JumpHosts: inv.JumpHosts, Credentials: credentials,
		Limits: session.Limits{Connect: min(f.timeout, 10*time.Second), Handshake: f.timeout, Login: f.timeout},
	}
	if !f.strict {
		options.Pins = p.settings.pinsPath()
	}
	dialer, err := session.NewDialer(options)
	return opener{dialer}, err
}

// Open logs in to a device.
func (o opener) Open(ctx context.Context, d inventory.Device, platform collectors.Platform) (sweep.Session, error) {
	s, err := o.dialer.Open(ctx, d, platform.Terminal)
	if err != nil {
		return nil, err
	}
	return liveSession{s}, nil
}

// OpenNETCONF logs in to the NETCONF server of a device.
func (o opener) OpenNETCONF(ctx context.Context, d inventory.Device, nonce string) (sweep.Session, error) {
	s, err := o.dialer.OpenNETCONF(ctx, d, nonce)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// A liveSession warns of weak algorithms too: they are on for this device because the inventory says so.
type liveSession struct{ *session.Session }

// Warnings says what the connection lacks.
func (s liveSession) Warnings() []string {
	warnings := s.Session.Warnings()
	if weak := s.Algorithms().Weak(); len(weak) > 0 {
		warnings = append(warnings, "the connection is protected by "+strings.Join(weak, ", ")+" alone, which is weak (legacy_ssh)")
	}
	return warnings
}

// Close ends what the sessions shared.
func (o opener) Close() error { return o.dialer.Close() }
