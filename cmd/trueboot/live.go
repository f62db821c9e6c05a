package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

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
	offBox     bool
	keep       string
}

func (f *liveFlags) register(flags *pflag.FlagSet) {
	f.registerLogin(flags)
	flags.BoolVar(&f.offBox, "off-box", false, "also fetch the image files over SFTP or SCP and hash them here (NDI-ST-03); takes a second login")
	flags.StringVar(&f.keep, "off-box-keep", "", "with --off-box: keep a copy of each image file in this `folder`")
}

// registerLogin adds what every login needs.
func (f *liveFlags) registerLogin(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.knownHosts, "known-hosts", nil, "known host keys, in OpenSSH's format: `files` with commas between them")
	flags.BoolVar(&f.strict, "strict-host-keys", false, "refuse a device whose host key is not known, instead of pinning the first one")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long a device may take to let us in, at each step")
}

func (f *liveFlags) check() error {
	if f.timeout <= 0 {
		return usage("--timeout %v: a span of time such as 30s", f.timeout)
	}
	if f.keep != "" && !f.offBox {
		return usage("--off-box-keep %s: there is nothing to keep without --off-box", f.keep)
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

// OpenFiles logs in to a device to fetch files.
func (o opener) OpenFiles(ctx context.Context, d inventory.Device) (sweep.Files, error) {
	s, err := o.dialer.OpenFiles(ctx, d)
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

// pull is how images are fetched; nil where they are not.
func (f liveFlags) pull(open opener) *sweep.Pull {
	if !f.offBox {
		return nil
	}
	p := &sweep.Pull{Open: open.OpenFiles}
	if f.keep != "" {
		p.Keep = func(device, file string) (sweep.Kept, error) { return keepCopy(f.keep, device, file) }
	}
	return p
}

// A keptCopy is a file that is being fetched. It gets its name when it is whole.
type keptCopy struct {
	*os.File
	path string
}

// keepCopy begins a copy. What a device calls its file becomes part of a name: no more of it is used than is harmless.
func keepCopy(folder, device, file string) (sweep.Kept, error) {
	name := harmless(device) + "_" + harmless(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	temporary, err := os.CreateTemp(folder, ".fetching-*")
	if err != nil {
		return nil, err
	}
	return &keptCopy{temporary, filepath.Join(folder, name)}, nil
}

// Done gives a whole file its name and removes a part of one.
func (k *keptCopy) Done(whole bool) error {
	err := k.File.Close()
	if !whole || err != nil {
		return errors.Join(err, os.Remove(k.File.Name()))
	}
	return os.Rename(k.File.Name(), k.path)
}

// harmless leaves letters, digits, dots and dashes of a name.
func harmless(name string) string {
	text := strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '-') {
			return r
		}
		return '_'
	}, name)
	return strings.TrimLeft(text[:min(len(text), 100)], "._")
}
