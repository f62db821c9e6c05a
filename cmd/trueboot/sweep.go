package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline/advisories"
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
	wait     time.Duration
	older    bool
	hashDays int
	full     bool
	jitter   time.Duration
	hash     []string // names of files that are hashed besides those that can boot
	deadline time.Duration
	live     liveFlags
}

func (p *program) sweepCommand() *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep",
		Short: "visit the devices of the inventory and judge each",
		Long: `Visit every device of the inventory, or those that --limit and --tag choose, judge what each states against its
approval and its last visit, keep the evidence, and report.

--limit takes names and patterns with commas between them: 'core*,!core9' is all cores but one, @retry is the devices that
the last run did not assess. A sweep that is interrupted ends its visits, keeps what it has, and @retry goes on with the
rest.

With --hash-days, a file is hashed only when its size, its date, the time of the boot, the boot list or the version moved, and otherwise at
random, at least once in so many days; a verdict that leans on an earlier run names it. A patch that keeps all of these is then seen within the
days, and not the same night. --off-box fetches the images too and hashes them here.`,
		Annotations: exits(judgedHelp),
		Args:        takes("argument", 0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.sweep(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.limit, "limit", "", "which devices, by name: `patterns` such as 'core*,!lab,@retry'")
	flags.StringSliceVar(&f.tags, "tag", nil, "only devices with this `tag`; repeated, with all of them")
	flags.BoolVar(&f.dryRun, "dry-run", false, "log in nowhere: list every command that would be typed on each device")
	registerFormat(flags, &f.format)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "for cron: print nothing when every required control is PASS")
	flags.IntVar(&f.sessions, "sessions", 20, "`number` of devices that are visited at once")
	flags.Float64Var(&f.logins, "logins", 10, "`number` of logins that are begun in a second; 0 for no limit")
	flags.DurationVar(&f.wait, "wait", 10*time.Minute, "how long to wait for the history while another trueboot has it")
	flags.IntVar(&f.refusals, "refusals", 3, "`number` of refused logins in a row after which the sweep stops; 0 for never")
	flags.BoolVar(&f.older, "accept-rollback", false, "judge by a baseline that is older than the one of the last run")
	flags.IntVar(&f.hashDays, "hash-days", 0, "spare devices hashes: have a file hashed only when something moved, and at random at least once in this `number` of days; 0 has every file hashed at every visit")
	flags.BoolVar(&f.full, "full", false, "have every file hashed this time, whatever --hash-days says")
	flags.DurationVar(&f.jitter, "jitter", 0, "for cron: wait a random `span` of at most this long before the first visit, so that not every collector begins on the minute")
	flags.DurationVar(&f.deadline, "deadline", 0, "begin no visit after this `span`; the rest are not visited, and the next sweep with --deadline begins with them")
	f.live.register(flags)
	p.registerOutputs(flags)
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	p.settings.registerJudgement(flags)
	return c
}

// check refuses values that no sweep can have.
func (f sweepFlags) check() error {
	switch {
	case f.sessions < 1:
		return usage("--sessions %d: at least 1", f.sessions)
	case !(f.logins >= 0 && f.logins <= math.MaxInt32):
		return usage("--logins %v: a number of logins in a second, or 0 for no limit", f.logins)
	case f.wait < 0:
		return usage("--wait %v: a span of time such as 10m, or 0", f.wait)
	case f.jitter < 0 || f.jitter > 24*time.Hour:
		return usage("--jitter %v: a span of time up to 24h", f.jitter)
	case f.deadline < 0:
		return usage("--deadline %v: a span of time such as 2h, or 0 for none", f.deadline)
	case f.hashDays < 0 || f.hashDays > 366:
		return usage("--hash-days %d: from 1 to 366, or 0 to have every file hashed at every visit", f.hashDays)
	case f.refusals < 0:
		return usage("--refusals %d: at least 1, or 0 for never", f.refusals)
	case f.limit != "" && strings.Trim(f.limit, ", ") == "":
		return usage("--limit %q names no device", f.limit)
	}
	return errors.Join(checkFormat(f.format), f.live.check())
}

func (p *program) sweep(ctx context.Context, f sweepFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.dryRun {
		_, devices, err := p.chosenDevices(f)
		if err != nil {
			return err
		}
		return p.dryRun(devices, f)
	}
	if err := p.idle(ctx, f.jitter); err != nil {
		return err
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

// idle waits a random time of at most the span.
func (p *program) idle(ctx context.Context, most time.Duration) error {
	if most == 0 {
		return nil
	}
	span := rand.N(most)
	if span >= time.Second {
		p.say("waiting %v (--jitter)", span.Round(time.Second))
	}
	select {
	case <-time.After(span):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// longestLeft puts first the devices whose last whole visit is the oldest, and those that never had one: with too little time for all, each gets its turn.
func longestLeft(devices []inventory.Device, kept *history.Store) error {
	seen := make(map[string]time.Time, len(devices))
	for _, d := range devices {
		v, err := kept.LastAssessed(d.Name)
		if err != nil {
			return err
		}
		if v != nil {
			seen[d.Name] = v.Started
		}
	}
	slices.SortStableFunc(devices, func(a, b inventory.Device) int { return seen[a.Name].Compare(seen[b.Name]) })
	return nil
}

// budget is what spares devices hashes; nil where nothing does.
func (f sweepFlags) budget(kept *history.Store) *sweep.Budget {
	if f.hashDays == 0 || f.full {
		return nil
	}
	return &sweep.Budget{Within: time.Duration(f.hashDays) * 24 * time.Hour, Last: kept.LastAssessed}
}

// chosenDevices reads the inventory and picks the devices of the sweep.
func (p *program) chosenDevices(f sweepFlags) (*inventory.Inventory, []inventory.Device, error) {
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if err != nil {
		return nil, nil, err
	}
	devices, err := inv.Select(f.limit, f.tags, p.namedLists(inv))
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
	known, closeKnown, err := p.readKnown()
	if err != nil {
		return nil, err
	}
	defer closeKnown()
	if err := os.MkdirAll(p.settings.store, 0o700); err != nil {
		return nil, err
	}
	kept, err := p.openHistory(ctx, f.wait)
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	if f.deadline > 0 {
		if err := longestLeft(devices, kept); err != nil {
			return nil, err
		}
	}
	open, err := p.opener(f.live, inv)
	if err != nil {
		return nil, err
	}
	defer open.Close()
	outliveReader()
	recap, err := p.visitAll(ctx, visitAll{
		devices: devices, profile: profile, approved: approved, known: known, store: kept, open: open, flags: f, report: report,
	})
	return recap, errors.Join(err, kept.Close())
}

// visitAll is what one run needs.
type visitAll struct {
	devices  []inventory.Device
	profile  compare.Profile
	approved *store.Snapshot
	known    knownTo
	store    *history.Store
	open     opener
	flags    sweepFlags
	report   reporter
}

// A reporter makes the handler of a run, which writes to out.
type reporter func(out io.Writer) reports.Handler

// errUnread wraps the error of a report that could not be written.
var errUnread = errors.New("the report could not be written")

// visitAll visits the devices, keeps the evidence and reports. A run that was ended early, by a signal or because logins
// were refused, is no error: its recap says so.
func (p *program) visitAll(ctx context.Context, v visitAll) (*reports.Recap, error) {
	started := time.Now().UTC()
	expected, err := summary(v.approved, v.devices)
	if err != nil {
		return nil, err
	}
	if err := p.rolledBack(v.store, v.approved, v.flags.older); err != nil {
		return nil, err
	}
	secrets, err := p.secrets(true)
	if err != nil {
		return nil, err
	}
	identify, err := p.identify()
	if err != nil {
		return nil, err
	}
	published, err := advisories.Load(p.settings.advisoriesPath())
	if err != nil {
		return nil, err
	}
	writer, err := v.store.Begin(history.Run{
		BaselineSerial: v.approved.Serial(), BaselineDigest: p.signed,
		Started: started, Program: "trueboot " + version(), Rules: compare.RulesDigest(), Profile: v.profile.Name,
		Limit: v.flags.limit, Tags: v.flags.tags, By: collector(), Devices: len(v.devices),
	})
	if err != nil {
		return nil, err
	}
	run := reports.Run{
		ID: writer.Run().ID, Started: started, Program: "trueboot " + version(), Collector: collector(), Profile: v.profile.Name,
		Devices: len(v.devices), FailOn: p.settings.severity(), Baseline: expected,
	}
	recap := run.Recap()
	progress := p.newProgress(v.flags, len(v.devices))
	defer progress.Close()
	p.progress = progress
	handler, deliver, err := p.withOutputs(v.report(progress.Writer(p.stdout)))
	if err != nil {
		return nil, err
	}
	defer deliver(ctx)
	var fleet compare.Fleet
	work := sweep.Sweep{
		Platform: platforms.ByName, Open: v.open.Open, OpenNETCONF: v.open.OpenNETCONF, Approved: v.approved.Current, Previous: v.store.LastSet, Known: v.known, Decisions: v.approved.Decisions(), Pull: v.flags.live.pull(v.open), Budget: v.flags.budget(v.store), Hash: v.flags.hash, Secrets: secrets, Identify: identify, Advisories: published,
		Profile: v.profile, Sessions: v.flags.sessions, Logins: v.flags.logins, Refusals: v.flags.refusals,
		Begin: progress.Begin,
		Done: func(r sweep.Result) error {
			if err := writer.Add(r.Visit); err != nil {
				return err
			}
			if r.Outcome == facts.AskedAll {
				fleet.Add(r.Member(), r.Set)
			}
			device := deviceOf(r)
			recap.Add(device)
			progress.Done(device.Name, device.Status())
			return unread(handler.Device(device))
		},
	}
	if v.flags.deadline > 0 {
		work.Until = started.Add(v.flags.deadline)
	}
	ended := unread(handler.Begin(run))
	if ended == nil {
		ended = work.Run(ctx, v.devices)
	}
	progress.Close()
	recap.Elapsed, recap.Interrupted = time.Since(started), ended != nil
	var failed error
	if ended != nil {
		recap.Why = ended.Error()
		if !errors.Is(ended, sweep.ErrLockout) && !errors.Is(ended, context.Cause(ctx)) {
			failed = ended
		}
	}
	if counted := recap.Devices(); failed == nil && counted != len(v.devices) { // the ledger of the run: every device has its line, or something is wrong here
		failed = fmt.Errorf("internal error, please report it: %d of %d devices have a result", counted, len(v.devices))
	}
	if len(v.devices) > 1 {
		recap.Compare(fleet.Judge(v.approved.Decisions(), time.Now().UTC()))
	}
	ends := map[string]int{}
	for status, n := range recap.Statuses {
		ends[string(status)] = n
	}
	if err := writer.End(recap.Interrupted, ends, recap.Consensus.Odd()...); err != nil && !errors.Is(failed, err) {
		failed = errors.Join(failed, err)
	}
	if errors.Is(failed, errUnread) { // what was found is kept all the same
		return nil, fmt.Errorf("%w; the run ended early, and what it found is kept as run %s", failed, run.ID)
	}
	if failed != nil {
		recap.Failed, recap.Why = true, failed.Error()
	}
	recap.Kept = append(recap.Kept, reports.Kept{What: "history", Path: p.settings.historyPath()})
	if expected.Approved > 0 {
		recap.Kept = append(recap.Kept, reports.Kept{What: "baseline", Path: p.settings.baselinePath()})
	}
	if err := unread(handler.End(recap)); err != nil {
		return nil, errors.Join(failed, fmt.Errorf("%w; what was found is kept as run %s", err, run.ID))
	}
	if failed == nil && ended != nil {
		p.say("run %s ended early: %v", run.ID, ended)
	}
	return recap, failed
}

func unread(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errUnread, err)
}

// newProgress starts the line on a terminal's standard error. There is none where the results go into a pipe: what reads them
// may write to the same terminal, and the line would tear its output apart.
func (p *program) newProgress(f sweepFlags, total int) *reports.Progress {
	file, ok := p.stderr.(*os.File)
	if !ok || f.quiet {
		return nil
	}
	if out := p.screen(); out != nil {
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
	if file := p.screen(); file != nil {
		t.Width, t.Colour = reports.Width(file), reports.Colour(file)
	}
	return t
}

// namedLists answers the names of lists: @retry stands for the devices that the last run did not assess.
func (p *program) namedLists(inv *inventory.Inventory) func(string) ([]string, error) {
	return func(name string) ([]string, error) {
		if name != "retry" {
			return nil, errors.New("there is no such list; @retry is one")
		}
		kept, err := history.OpenReadOnly(p.settings.historyPath())
		if err != nil {
			return nil, withHint(err, "there is no run to retry")
		}
		defer kept.Close()
		runs, err := kept.Runs()
		if err != nil {
			return nil, err
		}
		names, err := retry(inv, kept, runs)
		if err == nil && len(names) == 0 {
			err = fmt.Errorf("run %s assessed all its devices: there is nothing to visit again", runs[len(runs)-1].ID)
		}
		return names, err
	}
}

// retry returns the devices that the last of the runs did not assess. A run that was ended by force has no visit of the devices
// whose turn had not come: they are chosen again as it chose them.
func retry(inv *inventory.Inventory, kept *history.Store, runs []history.Run) ([]string, error) {
	if len(runs) == 0 {
		return nil, errors.New("there is no run to retry")
	}
	last := runs[len(runs)-1]
	var names []string
	assessed := map[string]bool{}
	for v, err := range kept.Visits(last.ID) {
		if err != nil {
			return nil, err
		}
		if v.Outcome == facts.AskedAll {
			assessed[v.Device] = true
		} else {
			names = append(names, v.Device)
		}
	}
	if last.Status != history.Unfinished {
		return names, nil
	}
	chosen, err := inv.Select(last.Limit, last.Tags, func(string) ([]string, error) { return retry(inv, kept, runs[:len(runs)-1]) })
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", last.ID, err)
	}
	for _, d := range chosen {
		if !assessed[d.Name] && !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
	}
	return names, nil
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
