package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"trueboot/collectors"
	"trueboot/collectors/platforms"
	"trueboot/collectors/session"
	"trueboot/facts"
	"trueboot/inventory"
	"trueboot/reports"
)

// tryFlags say which devices are tried, and how many at a time.
type tryFlags struct {
	limit    string
	tags     []string
	sessions int
	live     liveFlags
}

func (p *program) inventoryCheckCommand() *cobra.Command {
	var f tryFlags
	c := &cobra.Command{
		Use:   "check",
		Short: "see whether names, addresses and credentials of the inventory can be found, without logging in",
		Long: `Read the inventory, look up the host names in it, and fetch the credentials of each device and of its jump host from where the inventory says they are: variables, files that
only their owner reads, private keys and their passphrases, helpers, the SSH agent. No device is spoken to. Names of devices behind a jump host are looked up there, and so not
here.`,
		Args: takes("", 0, 0),
		Annotations: exits(`  0  a sweep has all it needs to begin
  1  the program could not do its work, or the inventory has mistakes
  2  wrong usage
  3  something can't be found`),
		RunE: func(c *cobra.Command, _ []string) error {
			f.sessions, f.live.timeout = 20, time.Minute
			return p.tryDevices(c.Context(), f, "can be found", p.findDevice)
		},
	}
	c.Flags().StringVar(&f.limit, "limit", "", "which devices, by name: `patterns` such as 'core*,!lab,@retry'")
	c.Flags().StringSliceVar(&f.tags, "tag", nil, "only devices that have all of these `tags`")
	p.settings.registerInventory(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) inventoryTestCommand() *cobra.Command {
	var f tryFlags
	c := &cobra.Command{
		Use:   "test",
		Short: "log in to the devices and out again: connection, host key, login, privileges",
		Long: `Log in to each device, get the privileges that the inventory has a secret for, and log out. No command is typed but the platform's own for privileges (enable) and for
leaving. As in a sweep, the first host key of a device is pinned, unless --strict-host-keys refuses it, and the test ends after several refused logins in a row, before an
account is locked.`,
		Example: `  trueboot inventory test --limit 'core*'`,
		Args:    takes("", 0, 0),
		Annotations: exits(`  0  every device let us in, with privileges where its platform has them
  1  the program could not do its work, or the inventory has mistakes
  2  wrong usage
  3  a device can't be reached, refuses the login or the privileges, or has
     another host key`),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.live.check(); err != nil {
				return err
			}
			if f.sessions < 1 || f.sessions > 1000 {
				return usage("--sessions %d: a number from 1 to 1000", f.sessions)
			}
			return p.tryDevices(c.Context(), f, "let us in", p.logInAndOut)
		},
	}
	c.Flags().StringVar(&f.limit, "limit", "", "which devices, by name: `patterns` such as 'core*,!lab,@retry'")
	c.Flags().StringSliceVar(&f.tags, "tag", nil, "only devices that have all of these `tags`")
	c.Flags().IntVar(&f.sessions, "sessions", 10, "`number` of devices that are tried at once")
	f.live.registerLogin(c.Flags())
	p.settings.registerInventory(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

// A trial is what trying a device found: words about it, and what is wrong.
type trial struct {
	place  int // among the devices that are tried
	device inventory.Device
	said   string
	err    error
}

// mostRefusals is after how many refused logins in a row no further one is tried.
const mostRefusals = 3

// tryDevices tries each chosen device, several at once, and prints a line for each, in the order of the inventory.
func (p *program) tryDevices(ctx context.Context, f tryFlags, fine string, try func(context.Context, opener, inventory.Device) (string, error)) error {
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if err != nil {
		return err
	}
	devices, err := inv.Select(f.limit, f.tags, p.namedLists(inv))
	if err != nil {
		return &status{statusUsage, err}
	}
	open, err := p.opener(f.live, inv)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting := make(chan int)
	done := make(chan trial)
	var workers sync.WaitGroup
	logins := rate.NewLimiter(10, 1)
	for range min(f.sessions, len(devices)) {
		workers.Go(func() {
			for i := range waiting {
				said, err := "", logins.Wait(ctx)
				if err == nil {
					said, err = try(ctx, open, devices[i])
				} else {
					err = fmt.Errorf("not tried: %w", context.Cause(ctx))
				}
				done <- trial{i, devices[i], said, err}
			}
		})
	}
	go func() {
		for i := range devices {
			waiting <- i
		}
		close(waiting)
		workers.Wait()
		close(done)
	}()
	wrong, refused := 0, 0
	early := map[int]trial{} // those that wait for their turn to be printed
	printed := 0
	for t := range done {
		if t.err != nil {
			wrong++
		}
		var failure *collectors.Failure
		switch {
		case errors.As(t.err, &failure) && failure.Reason == facts.LoginRefused:
			if refused++; refused == mostRefusals {
				cancel(errors.New("too many logins were refused in a row"))
			}
		case t.err == nil:
			refused = 0
		}
		early[t.place] = t
		for next, ok := early[printed]; ok; next, ok = early[printed] {
			p.tried(next)
			delete(early, printed)
			printed++
		}
	}
	ended := context.Cause(ctx)
	if err := open.Close(); err != nil {
		return err
	}
	if ended != nil {
		p.say("%v: the rest was not tried", ended)
	}
	p.say("%d of %d devices %s", len(devices)-wrong, len(devices), fine)
	if wrong > 0 {
		return &status{code: statusNotAssessed}
	}
	return nil
}

// findDevice looks a device's name up, and fetches its credentials.
func (p *program) findDevice(ctx context.Context, open opener, d inventory.Device) (string, error) {
	platform, err := findPlatform(d.Platform)
	if err != nil {
		return "", err
	}
	if err := open.dialer.Resolve(ctx, d, platform.Terminal); err != nil {
		return "", err
	}
	if _, err := netip.ParseAddr(d.Address); err == nil || d.Jump != "" {
		return d.Address, nil
	}
	limited, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	addresses, err := net.DefaultResolver.LookupHost(limited, d.Address)
	if err != nil {
		return "", fmt.Errorf("the name of its address is not found: %w", err)
	}
	return d.Address + " is " + addresses[0], nil
}

// logInAndOut logs in to a device over the transports that the inventory names.
func (p *program) logInAndOut(ctx context.Context, open opener, d inventory.Device) (string, error) {
	platform, ok := platforms.ByName(d.Platform)
	if !ok {
		return "", fmt.Errorf("platform %q is not known", d.Platform)
	}
	said := ""
	if d.Transport != inventory.NETCONF {
		terminal := platform.Terminal
		terminal.Prepare, terminal.Scopes = nil, nil // nothing but the login
		s, err := open.dialer.Open(ctx, d, terminal)
		if err != nil {
			return "", err
		}
		said = hello(s)
		weak, warnings := s.Algorithms().Weak(), s.Warnings()
		if len(weak) > 0 {
			said += ", weak: " + strings.Join(weak, ", ")
		}
		if err := s.Close(); err != nil {
			return said, fmt.Errorf("leaving it: %w", err)
		}
		for _, warning := range warnings {
			return said, errors.New(warning)
		}
	}
	if d.Transport == inventory.NETCONF || d.Transport == inventory.Both {
		s, err := open.dialer.OpenNETCONF(ctx, d, "")
		if err != nil {
			return said, err
		}
		if said != "" {
			said += ", "
		}
		said += "NETCONF"
		if err := s.Close(); err != nil {
			return said, fmt.Errorf("leaving it: %w", err)
		}
	}
	return said, nil
}

// hello is how a device introduced itself.
func hello(s *session.Session) string {
	said := s.Server()
	for _, key := range s.Facts() {
		said += ", host key " + key.Subject + " " + key.Value
	}
	return said
}

// tried prints the line of a device.
func (p *program) tried(t trial) {
	word, text := "ok", t.said
	if t.err != nil {
		word, text = "wrong", t.err.Error()
	}
	fmt.Fprintf(p.stdout, "%-5s  %s  %s\n", word, t.device.Name, reports.Printable(text, 300))
}
