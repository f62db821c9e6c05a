package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline/advisories"
	"trueboot/baseline/boltfile"
	"trueboot/baseline/store"
	"trueboot/collectors/capture"
	"trueboot/collectors/platforms"
	"trueboot/compare"
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
	transport                string
	netconfPort              int
	live                     liveFlags
}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check TARGET",
		Short: "one device or one saved capture: verdicts now, baseline or not",
		Long: `Judge one device now and print every verdict. Nothing is kept, unless --record names a folder.

TARGET is user@host or user@host:port, the name of a device in the inventory, or the folder of a capture. What the inventory
says of an address, its jump host among it, holds for user@host too.

A password is never given as text. What ends in -from says where one is: env:NAME, file:PATH, command:PROGRAM ARGUMENTS, or
prompt. Without one, the SSH agent is asked, and then the terminal.`,
		Annotations: exits(judgedHelp),
		Args:        takes("TARGET", 1, 1),
		RunE: func(c *cobra.Command, arguments []string) error {
			return p.check(c.Context(), arguments[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.platform, "platform", "cisco_ios", "`platform` of user@host, or of a capture that does not say")
	flags.StringVar(&f.transport, "transport", "", "ask over cli, netconf or `both` (default cli, or what the inventory says)")
	flags.IntVar(&f.netconfPort, "netconf-port", 0, "port of the device's NETCONF server (default 830, or what the inventory says)")
	flags.StringVar(&f.record, "record", "", "keep the replies as a capture in this `folder`")
	registerFormat(flags, &f.format)
	flags.StringVar(&f.password, "password-from", "", "`where` the password is")
	flags.StringVar(&f.enable, "enable-from", "", "`where` the enable password is")
	flags.StringVar(&f.key, "key", "", "private key `file`")
	flags.StringVar(&f.passphrase, "passphrase-from", "", "`where` the key's passphrase is")
	flags.BoolVar(&f.agent, "agent", false, "offer the keys of the SSH agent")
	flags.BoolVar(&f.legacy, "legacy-ssh", false, "accept algorithms that are off because they are weak")
	f.live.register(flags)
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	p.settings.registerJudgement(flags)
	return c
}

func (p *program) check(ctx context.Context, target string, f checkFlags) error {
	if err := errors.Join(checkFormat(f.format), f.live.check()); err != nil {
		return err
	}
	profile, err := p.chosenProfile()
	if err != nil {
		return err
	}
	approved, err := p.readApprovals()
	if err != nil {
		return err
	}
	known, closeKnown, err := p.readKnown()
	if err != nil {
		return err
	}
	defer closeKnown()
	started := time.Now().UTC()
	var result sweep.Result
	if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
		result, err = p.checkCapture(ctx, target, f, approved, known, profile)
	} else {
		result, err = p.checkDevice(ctx, target, f, approved, known, profile)
	}
	if err != nil {
		return err
	}
	if f.record != "" {
		if result.Transcript == nil {
			p.say("nothing was recorded: there was no session")
		} else if err := result.Transcript.Save(f.record); err != nil {
			return err
		}
	}
	return p.reportOne(result, started, profile.Name, f)
}

// checkCapture judges a saved visit.
func (p *program) checkCapture(ctx context.Context, folder string, f checkFlags, approved *store.Snapshot, known knownTo, profile compare.Profile) (r sweep.Result, err error) {
	transcript, err := capture.Load(folder)
	if err != nil {
		return r, err
	}
	platform, err := findPlatform(cmp.Or(transcript.Platform, f.platform))
	if err != nil {
		return r, err
	}
	transcript.Device = cmp.Or(transcript.Device, folder)
	approval, err := approved.Current(transcript.Device)
	if err != nil {
		return r, err
	}
	// Where the inventory knows the device, what is decided for its site or role holds.
	device := inventory.Device{}
	if inv, err := inventory.Load(p.settings.inventory, platformNames()); err == nil {
		if i := slices.IndexFunc(inv.Devices, func(d inventory.Device) bool { return d.Name == transcript.Device }); i >= 0 {
			device = inv.Devices[i]
		}
	} else if !errors.Is(err, fs.ErrNotExist) || p.typed["inventory"] {
		return r, err
	}
	identify, err := p.identify()
	if err != nil {
		return sweep.Result{}, err
	}
	published, err := advisories.Load(p.settings.advisoriesPath())
	if err != nil {
		return sweep.Result{}, err
	}
	return sweep.Replay(ctx, platform, transcript, device, sweep.Expected{Approved: approval, Known: known, Decisions: approved.Decisions(), Identify: identify, Advisories: published, Profile: profile})
}

// checkDevice visits a device.
func (p *program) checkDevice(ctx context.Context, target string, f checkFlags, approved *store.Snapshot, known knownTo, profile compare.Profile) (result sweep.Result, err error) {
	inv, device, err := p.target(target, f)
	if err != nil {
		return result, err
	}
	if f.record != "" { // before anybody logs in for nothing
		if entries, err := os.ReadDir(f.record); err == nil && len(entries) > 0 {
			return result, usage("--record %s: the folder is not empty; name another one", f.record)
		}
	}
	open, err := p.opener(f.live, inv)
	if err != nil {
		return result, err
	}
	defer open.Close()
	last, done, err := p.lastVisits()
	if err != nil {
		return result, err
	}
	defer done()
	secrets, err := p.secrets(false)
	if err != nil {
		return result, err
	}
	identify, err := p.identify()
	if err != nil {
		return result, err
	}
	published, err := advisories.Load(p.settings.advisoriesPath())
	if err != nil {
		return result, err
	}
	work := sweep.Sweep{
		Platform: platforms.ByName, Open: open.Open, OpenNETCONF: open.OpenNETCONF, Approved: approved.Current, Previous: last, Known: known, Decisions: approved.Decisions(), Pull: f.live.pull(open), Secrets: secrets, Identify: identify, Advisories: published, Profile: profile, Sessions: 1,
		Done: func(r sweep.Result) error { result = r; return nil },
	}
	if err := work.Run(ctx, []inventory.Device{device}); err != nil {
		if !errors.Is(err, context.Cause(ctx)) {
			return result, err
		}
		p.say("ended early: %v", err)
	}
	return result, nil
}

// reportOne prints the verdicts of a single device.
func (p *program) reportOne(result sweep.Result, started time.Time, profile string, f checkFlags) error {
	run := reports.Run{
		Started: started, Program: "trueboot " + version(), Collector: collector(), Profile: profile, Devices: 1,
		FailOn: p.settings.severity(),
	}
	run.Baseline.Add(result.Approval)
	device := deviceOf(result)
	recap := run.Recap()
	recap.Add(device)
	recap.Elapsed = time.Since(started)
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

// target finds the device that a word names: user@host[:port], or a name in the inventory. Flags say it better than
// the inventory.
func (p *program) target(word string, f checkFlags) (*inventory.Inventory, inventory.Device, error) {
	none := inventory.Device{}
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if errors.Is(err, fs.ErrNotExist) && !p.typed["inventory"] {
		inv, err = &inventory.Inventory{Path: p.settings.inventory}, nil
	}
	if err != nil {
		return nil, none, err
	}
	var device inventory.Device
	user, address, ok := strings.Cut(word, "@")
	switch {
	case ok && (user == "" || address == ""):
		return nil, none, usage("%q: a device is given as user@host or user@host:port", word)
	case ok:
		if device, err = addressed(inv, user, address); err != nil {
			return nil, none, usage("%q: %w", word, err)
		}
	default:
		i := slices.IndexFunc(inv.Devices, func(d inventory.Device) bool { return strings.EqualFold(d.Name, word) })
		if i < 0 {
			names := make([]string, len(inv.Devices))
			for n, d := range inv.Devices {
				names[n] = d.Name
			}
			return nil, none, usage("%q is neither a folder nor user@host nor a device of %s; %s", word, inv.Path, inventory.Suggest(word, names))
		}
		device = inv.Devices[i]
	}
	if device.Platform == "" || p.typed["platform"] {
		platform, err := findPlatform(f.platform)
		if err != nil {
			return nil, none, err
		}
		device.Platform = platform.Name
	}
	if f.transport != "" && !slices.Contains([]string{inventory.CLI, inventory.NETCONF, inventory.Both}, f.transport) {
		return nil, none, usage("--transport %q: want cli, netconf or both", f.transport)
	}
	if f.netconfPort < 0 || f.netconfPort > 65535 {
		return nil, none, usage("--netconf-port %d: want 1 to 65535", f.netconfPort)
	}
	device.Transport, device.NETCONFPort = cmp.Or(f.transport, device.Transport), cmp.Or(f.netconfPort, device.NETCONFPort)
	device.KeyFile = cmp.Or(f.key, device.KeyFile)
	device.Agent = device.Agent || f.agent
	device.LegacySSH = device.LegacySSH || f.legacy
	for _, ref := range []struct {
		flag, text string
		to         *inventory.Secret
	}{{"--password-from", f.password, &device.Password}, {"--enable-from", f.enable, &device.Enable}, {"--passphrase-from", f.passphrase, &device.KeyPassphrase}} {
		if ref.text == "" {
			continue
		}
		if *ref.to, err = inventory.ParseSecret(".", ref.text); err != nil {
			return nil, none, usage("%s: %w", ref.flag, err)
		}
	}
	if device.Password == "" && device.KeyFile == "" && !f.agent {
		device.Agent, device.Password = os.Getenv("SSH_AUTH_SOCK") != "", "prompt"
	}
	return inv, device, nil
}

// addressed is the device at an address. Where the inventory knows the address, the device has its name, by which its baseline is
// found, its platform and the way that leads to it; the credentials are for another account and stay behind.
func addressed(inv *inventory.Inventory, user, address string) (d inventory.Device, err error) {
	d = inventory.Device{Name: address, Address: address, Username: user}
	if strings.Contains(address, ":") && (strings.HasPrefix(address, "[") || strings.Count(address, ":") == 1) {
		if d.Address, d.Port, err = splitAddress(address); err != nil {
			return d, err
		}
	}
	for _, known := range inv.Devices {
		if strings.EqualFold(known.Address, d.Address) && cmp.Or(known.Port, 22) == cmp.Or(d.Port, 22) {
			d.Name, d.Platform, d.Jump, d.LegacySSH = known.Name, known.Platform, known.Jump, known.LegacySSH
			d.Transport, d.NETCONFPort = known.Transport, known.NETCONFPort
			d.Site, d.Role, d.Tags = known.Site, known.Role, known.Tags
			break
		}
	}
	return d, nil
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

// lastVisits answers what devices stated last, from the history where there is one. While a sweep writes to it, that is
// not known: what compares with the last visit is then not assessed.
func (p *program) lastVisits() (last func(string) (*facts.Set, error), done func(), err error) {
	kept, err := history.OpenReadOnly(p.settings.historyPath())
	switch {
	case err == nil:
		return kept.LastSet, func() { kept.Close() }, nil
	case errors.Is(err, boltfile.ErrLocked):
		p.say("%s is in use by another trueboot: what devices stated at their last visit is not known", p.settings.historyPath())
	case !errors.Is(err, fs.ErrNotExist):
		return nil, nil, err
	}
	return func(string) (*facts.Set, error) { return nil, nil }, func() {}, nil
}
