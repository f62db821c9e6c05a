package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline/store"
	"trueboot/collectors/platforms"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
	"trueboot/sweep"
)

// sweepFlags are the flags of one sweep.
type sweepFlags struct {
	limit    string
	tags     []string
	dryRun   bool
	format   string
	quiet    bool
	sessions int
	logins   float64
	refusals int
	live     liveFlags
}

func (p *program) sweepCommand() *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep",
		Short: "visit the devices of the inventory and judge each",
		Long: `Visit every device of the inventory, or those that --limit and --tag choose, judge what each states
against its approval and its last visit, keep the evidence, and report.

--limit takes names and patterns separated by commas: 'core*,!core9' is all cores but one, @retry is
the devices that the last run did not assess.` + exitStatusHelp,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.sweep(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.limit, "limit", "", "which devices, by name: 'core*,!lab,@retry'")
	flags.StringSliceVar(&f.tags, "tag", nil, "only devices with this tag; repeated, with all of them")
	flags.BoolVar(&f.dryRun, "dry-run", false, "log in nowhere: list every command that would be typed on each device")
	flags.StringVar(&f.format, "format", "text", "text or json (one message a line)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "for cron: print nothing when every required control is PASS")
	flags.IntVar(&f.sessions, "sessions", 20, "how many devices are visited at once")
	flags.Float64Var(&f.logins, "logins", 10, "how many logins are begun in a second; 0 for no limit")
	flags.IntVar(&f.refusals, "refusals", 3, "stop after so many refused logins in a row; 0 for never")
	f.live.register(flags)
	return c
}

func (p *program) sweep(ctx context.Context, f sweepFlags) error {
	if f.format != "text" && f.format != "json" {
		return usage("--format %q: text or json", f.format)
	}
	if f.sessions < 1 {
		return usage("--sessions %d: at least 1", f.sessions)
	}
	if f.dryRun {
		_, devices, err := p.chosenDevices(f)
		if err != nil {
			return err
		}
		return p.dryRun(devices)
	}
	recap, err := p.sweepInventory(ctx, f, p.reporter(f))
	if err != nil {
		return err
	}
	if code := recap.ExitStatus(); code != statusPass {
		return &status{code: code}
	}
	return nil
}

// chosenDevices reads the inventory and picks the devices of the sweep.
func (p *program) chosenDevices(f sweepFlags) (*inventory.Inventory, []inventory.Device, error) {
	inv, err := inventory.Load(p.settings.inventory, canonical)
	if err != nil {
		return nil, nil, err
	}
	devices, err := inv.Select(f.limit, f.tags, p.namedList)
	if err != nil {
		return nil, nil, &status{statusUsage, err}
	}
	return inv, devices, nil
}

// sweepInventory opens what a sweep needs and runs it.
func (p *program) sweepInventory(ctx context.Context, f sweepFlags, report reporter) (*reports.Recap, error) {
	profile, err := p.chosenProfile()
	if err != nil {
		return nil, err
	}
	inv, devices, err := p.chosenDevices(f)
	if err != nil {
		return nil, err
	}
	approved, err := p.readApprovals()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.settings.store, 0o700); err != nil {
		return nil, err
	}
	kept, err := history.Open(p.settings.historyPath())
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	open, err := p.opener(f.live, inv, f.sessions)
	if err != nil {
		return nil, err
	}
	defer open.Close()
	recap, err := p.visitAll(ctx, visitAll{
		devices: devices, profile: profile, approved: approved, store: kept, open: open, flags: f, report: report,
	})
	return recap, errors.Join(err, kept.Close())
}

// visitAll is what one run needs.
type visitAll struct {
	devices  []inventory.Device
	profile  compare.Profile
	approved *store.Snapshot
	store    *history.Store
	open     opener
	flags    sweepFlags
	report   reporter
}

// A reporter makes the handler of a run, which writes to out.
type reporter func(out io.Writer) reports.Handler

// visitAll visits the devices, keeps the evidence and reports.
func (p *program) visitAll(ctx context.Context, v visitAll) (*reports.Recap, error) {
	started := time.Now().UTC()
	expected, err := summary(v.approved, v.devices)
	if err != nil {
		return nil, err
	}
	writer, err := v.store.Begin(history.Run{
		Started: started, Program: "trueboot " + version(), Rules: compare.RulesDigest(), Profile: v.profile.Name,
		Selection: strings.TrimSpace(v.flags.limit + " " + strings.Join(v.flags.tags, " ")), By: collector(), Devices: len(v.devices),
	})
	if err != nil {
		return nil, err
	}
	run := reports.Run{
		ID: writer.Run().ID, Started: started, Program: "trueboot " + version(), Collector: collector(), Profile: v.profile.Name,
		Devices: len(v.devices), FailOn: p.settings.severity(), Baseline: expected,
	}
	recap := run.Recap()
	progress := p.progress(v.flags, len(v.devices))
	defer progress.Close()
	handler := v.report(progress.Writer(p.stdout))
	if err := handler.Begin(run); err != nil {
		return nil, err
	}
	work := sweep.Sweep{
		Platform: platforms.ByName, Open: v.open.Open, OpenNETCONF: v.open.OpenNETCONF, Approved: v.approved.Current, Previous: v.store.LastSet,
		Profile: v.profile, Sessions: v.flags.sessions, Logins: v.flags.logins, Refusals: v.flags.refusals,
		Begin: progress.Begin,
		Done: func(r sweep.Result) error {
			if err := writer.Add(r.Visit); err != nil {
				return err
			}
			device := deviceOf(r)
			recap.Add(device)
			progress.Done(device.Name, device.Status())
			return handler.Device(device)
		},
	}
	sweepErr := work.Run(ctx, v.devices)
	progress.Close()
	recap.Elapsed = time.Since(started)
	recap.Interrupted = sweepErr != nil
	recap.Kept = append(recap.Kept, reports.Kept{What: "history", Path: p.settings.historyPath()}, reports.Kept{What: "baseline", Path: p.settings.baselinePath()})
	endErr := writer.End(recap.Interrupted)
	if err := handler.End(recap); err != nil {
		return nil, errors.Join(sweepErr, endErr, err)
	}
	return recap, errors.Join(sweepErr, endErr)
}

// progress is the line on a terminal's standard error. There is none where the results go into a pipe: what reads them
// may write to the same terminal, and the line would tear its output apart.
func (p *program) progress(f sweepFlags, total int) *reports.Progress {
	file, ok := p.stderr.(*os.File)
	if !ok || f.quiet {
		return nil
	}
	if out, ok := p.stdout.(*os.File); ok {
		if info, err := out.Stat(); err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0 {
			return nil
		}
	}
	return reports.NewProgress(file, total)
}

func (p *program) reporter(f sweepFlags) reporter {
	return func(out io.Writer) reports.Handler {
		if f.format == "json" {
			return &reports.JSON{Out: out}
		}
		text := p.text(out)
		text.Quiet = f.quiet
		return text
	}
}

// text is the handler for people, as wide as the terminal and in colours where standard output is one.
func (p *program) text(out io.Writer) *reports.Text {
	t := &reports.Text{Out: out}
	if file, ok := p.stdout.(*os.File); ok {
		t.Width, t.Colour = reports.Width(file), reports.Colour(file)
	}
	return t
}

// namedList answers @retry: the devices that the last run did not assess.
func (p *program) namedList(name string) ([]string, error) {
	if name != "retry" {
		return nil, fmt.Errorf("@%s is not a list; @retry is", name)
	}
	store, err := history.OpenReadOnly(p.settings.historyPath())
	if err != nil {
		return nil, withHint(err, "there is no run to retry")
	}
	defer store.Close()
	last, err := store.Last()
	if err != nil || last == nil {
		return nil, err
	}
	var devices []string
	for v, err := range store.Visits(last.ID) {
		if err != nil {
			return nil, err
		}
		if v.Outcome != facts.AskedAll {
			devices = append(devices, v.Device)
		}
	}
	return devices, nil
}

// dryRun lists what would be typed on each device: its arguments as the last visit named them, and in
// braces what no visit has named yet.
func (p *program) dryRun(devices []inventory.Device) error {
	last := func(string) (*facts.Set, error) { return nil, nil }
	store, err := history.OpenReadOnly(p.settings.historyPath())
	switch {
	case err == nil:
		defer store.Close()
		last = store.LastSet
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	for _, d := range devices {
		platform, ok := platforms.ByName(d.Platform)
		if !ok {
			return fmt.Errorf("%s: platform %q is not known", d.Name, d.Platform)
		}
		set, err := last(d.Name)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "# %s (%s, %s)\n", d.Name, d.Address, d.Platform)
		var commands []string
		for _, transport := range sweep.Transports(d) {
			commands = append(commands, platform.Plan(transport, set)...)
		}
		for _, command := range commands {
			fmt.Fprintln(p.stdout, reports.Printable(command, 400))
		}
	}
	return nil
}

// summary counts what the devices of a run are compared with.
func summary(approved *store.Snapshot, devices []inventory.Device) (b reports.Baseline, err error) {
	for _, d := range devices {
		a, err := approved.Current(d.Name)
		if err != nil {
			return b, err
		}
		b.Add(a)
	}
	return b, nil
}

// deviceOf puts a result into the form that the reports print.
func deviceOf(r sweep.Result) reports.Device {
	d := reports.Device{
		Name: r.Device, Address: r.Address, Platform: r.Platform, Site: r.Target.Site, Role: r.Target.Role,
		Outcome: r.Outcome, Started: r.Started, Elapsed: r.Elapsed, Warnings: r.Warnings, Approval: r.Approval, Findings: r.Findings,
	}
	d.Identify(r.Set)
	if !d.Outcome.Visited() && len(r.Set.Gaps) > 0 {
		d.Reason, d.Detail = r.Set.Gaps[0].Reason, r.Set.Gaps[0].Detail
	}
	return d
}
