package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/collectors/capture"
	"trueboot/collectors/platforms"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
	"trueboot/sweep"
)

// checkFlags are the flags of one check.
type checkFlags struct {
	platform, record, format string
	password, enable         string
	key, passphrase          string
	agent, legacy            bool
	live                     liveFlags
}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check TARGET",
		Short: "one device or one saved capture: verdicts now, baseline or not",
		Long: `Judge one device now and print every verdict. Nothing is kept, unless --record names a folder.

TARGET is user@host or user@host:port, the name of a device in the inventory, or the folder of a capture.

Credentials are given as references, never as text: env:NAME, file:PATH, command:PROGRAM ARGUMENTS, or prompt.
Without one, the SSH agent is asked, and then the terminal.` + exitStatusHelp,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, arguments []string) error { return p.check(c.Context(), arguments[0], f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.platform, "platform", "cisco_ios", "platform of user@host, or of a capture that does not say")
	flags.StringVar(&f.record, "record", "", "keep the replies as a capture in this `folder`")
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringVar(&f.password, "password", "", "where the password is: a `reference`")
	flags.StringVar(&f.enable, "enable", "", "where the enable password is: a `reference`")
	flags.StringVar(&f.key, "key", "", "private key `file`")
	flags.StringVar(&f.passphrase, "passphrase", "", "where the key's passphrase is: a `reference`")
	flags.BoolVar(&f.agent, "agent", false, "offer the keys of the SSH agent")
	flags.BoolVar(&f.legacy, "legacy-ssh", false, "accept algorithms that are off because they are weak")
	f.live.register(flags)
	return c
}

func (p *program) check(ctx context.Context, target string, f checkFlags) error {
	if f.format != "text" && f.format != "json" {
		return usage("--format %q: text or json", f.format)
	}
	profile, err := p.chosenProfile()
	if err != nil {
		return err
	}
	approved, err := p.readApprovals()
	if err != nil {
		return err
	}
	var result sweep.Result
	if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
		transcript, err := capture.Load(target)
		if err != nil {
			return err
		}
		name := transcript.Platform
		if name == "" {
			name = f.platform
		}
		platform, err := findPlatform(name)
		if err != nil {
			return err
		}
		if transcript.Device == "" {
			transcript.Device = target
		}
		approval, err := approved.Current(transcript.Device)
		if err != nil {
			return err
		}
		result = sweep.Replay(ctx, platform, transcript, approval, profile)
	} else {
		inv, device, err := p.target(target, f)
		if err != nil {
			return err
		}
		open, err := p.opener(f.live, inv, 1)
		if err != nil {
			return err
		}
		defer open.Close()
		last, err := p.lastVisit()
		if err != nil {
			return err
		}
		work := sweep.Sweep{
			Platform: platforms.ByName, Open: open.Open, OpenNETCONF: open.OpenNETCONF, Approved: approved.Current, Previous: last, Profile: profile, Sessions: 1,
			Done: func(r sweep.Result) error { result = r; return nil },
		}
		if err := work.Run(ctx, []inventory.Device{device}); err != nil {
			return err
		}
	}
	if f.record != "" {
		if result.Transcript == nil {
			p.say("nothing was recorded: there was no session")
		} else if err := result.Transcript.Save(f.record); err != nil {
			return err
		}
	}
	return p.reportOne(result, profile.Name, f)
}

// reportOne prints the verdicts of a single device.
func (p *program) reportOne(result sweep.Result, profile string, f checkFlags) error {
	run := reports.Run{
		Started: result.Started, Program: "trueboot " + version(), Collector: collector(), Profile: profile, Devices: 1,
		FailOn: p.settings.severity(),
	}
	device := deviceOf(result)
	recap := run.Recap()
	recap.Add(device)
	recap.Elapsed = time.Since(result.Started)
	if f.record != "" && result.Transcript != nil {
		recap.Kept = append(recap.Kept, reports.Kept{What: "capture", Path: f.record})
	}
	var handler reports.Handler = &reports.JSON{Out: p.stdout}
	if f.format == "text" {
		text := p.text(p.stdout)
		text.All = true
		handler = text
	}
	if err := errors.Join(handler.Begin(run), handler.Device(device), handler.End(recap)); err != nil {
		return err
	}
	if code := recap.ExitStatus(); code != statusPass {
		return &status{code: code}
	}
	return nil
}

// target finds the device that a word names: user@host[:port], or a name in the inventory.
func (p *program) target(word string, f checkFlags) (*inventory.Inventory, inventory.Device, error) {
	inv, err := inventory.Load(p.settings.inventory, canonical)
	if errors.Is(err, fs.ErrNotExist) {
		inv, err = &inventory.Inventory{}, nil
	}
	if err != nil {
		return nil, inventory.Device{}, err
	}
	user, address, ok := strings.Cut(word, "@")
	if !ok {
		devices, err := inv.Select(word, nil, nil)
		if err != nil {
			return nil, inventory.Device{}, usage("%q is no folder, no device of %s and has no user@: %w", word, p.settings.inventory, err)
		}
		if len(devices) != 1 {
			return nil, inventory.Device{}, usage("%q names %d devices; check takes one, sweep many", word, len(devices))
		}
		return inv, devices[0], nil
	}
	platform, err := findPlatform(f.platform)
	if err != nil {
		return nil, inventory.Device{}, err
	}
	device := inventory.Device{
		Name: address, Address: address, Platform: platform.Name, Username: user, KeyFile: f.key,
		Agent: f.agent || f.password == "" && f.key == "", LegacySSH: f.legacy,
	}
	if strings.Contains(address, ":") && (strings.HasPrefix(address, "[") || strings.Count(address, ":") == 1) {
		if device.Address, device.Port, err = splitAddress(address); err != nil {
			return nil, inventory.Device{}, usage("%q: %w", word, err)
		}
	}
	if f.password == "" && f.key == "" {
		f.password = "prompt"
	}
	for _, ref := range []struct {
		flag, text string
		to         *inventory.Secret
	}{{"--password", f.password, &device.Password}, {"--enable", f.enable, &device.Enable}, {"--passphrase", f.passphrase, &device.KeyPassphrase}} {
		if ref.text == "" {
			continue
		}
		if *ref.to, err = inventory.ParseSecret(".", ref.text); err != nil {
			return nil, inventory.Device{}, usage("%s: %w", ref.flag, err)
		}
	}
	return inv, device, nil
}

// splitAddress takes host:port apart.
func splitAddress(address string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	if port, err = strconv.Atoi(digits); err != nil || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("port %q: a number from 1 to 65535", digits)
	}
	return host, port, nil
}

// lastVisit answers what a device stated last, from the history where there is one.
func (p *program) lastVisit() (func(string) (*facts.Set, error), error) {
	store, err := history.OpenReadOnly(p.settings.historyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return func(string) (*facts.Set, error) { return nil, nil }, nil
	}
	if err != nil {
		return nil, err
	}
	return func(device string) (*facts.Set, error) {
		defer store.Close() // it is asked once
		return store.LastSet(device)
	}, nil
}
