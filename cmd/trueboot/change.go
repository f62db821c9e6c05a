package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/collectors"
	"trueboot/collectors/platforms"
	"trueboot/inventory"
	"trueboot/reports"
)

func (p *program) changeCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "change",
		Short: "plan a change, prove before it that it can be done, and after it that exactly this was done",
		Long: `A plan says which devices are brought from what to what, under which ticket and within which window. Within it, the differences that it plans are FAILs that
it explains; all others stay findings. "change pre" visits the devices before the work and says whether the plan can be carried out; "change post"
visits them after it, accepts exactly the planned difference, and then approves the new state under the ticket. After the window, a device that does not run
what was planned is a finding.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.changePlanCommand(), p.changeImportCommand(), p.changeListCommand(), p.changeStageCommand("pre"), p.changeStageCommand("post"), p.changeCloseCommand())
	return c
}

// planFlags are what a plan says, by flags or by a file.
type planFlags struct {
	Ticket   string   `yaml:"ticket"`
	Owner    string   `yaml:"owner"`
	Reason   string   `yaml:"reason"`
	By       string   `yaml:"by"`
	Limit    string   `yaml:"limit"`
	To       []string `yaml:"to"`
	From     []string `yaml:"from"`
	Boot     []string `yaml:"boot"`
	Before   []string `yaml:"boot_before"`
	Packages []string `yaml:"packages"`
	Without  []string `yaml:"packages_before"`
	Register string   `yaml:"register"`
	Loader   string   `yaml:"boot_loader"`
	Files    []string `yaml:"files"`
	Old      string   `yaml:"old_image"`
	Start    string   `yaml:"start"`
	End      string   `yaml:"end"`
}

func (p *program) changePlanCommand() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan [FILE]",
		Short: "plan a change",
		Long: `Plan a change, by flags or by a YAML file that has their names (ticket, limit, to, from, boot, boot_before, packages, packages_before, register, boot_loader, files, old_image, start, end,
owner, reason).

--to and --from take a version, or the file name of an image, whose name then says the version too. A plan is never edited: close it and make another.`,
		Example: `  trueboot change plan --ticket CHG-1042 --limit 'edge*' --from 17.6.3 \
    --to isr4300-universalk9.17.09.04a.SPA.bin \
    --start '2026-12-01 22:00' --end '2026-12-02 02:00' --reason 'fixes CVE-2026-0001'
  trueboot change plan CHG-1042.yaml`,
		Args:        takes("FILE", 0, 1),
		Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, files []string) error {
			if len(files) == 1 {
				if err := readPlan(files[0], &f); err != nil {
					return err
				}
			}
			plan, err := newPlan(f, time.Now(), func(limit string) ([]inventory.Device, error) {
				_, devices, err := p.chosenDevices(sweepFlags{limit: limit})
				return devices, err
			})
			if err != nil {
				return err
			}
			decisions, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer decisions.Close()
			plan, err = decisions.Plan(plan, alone(plan))
			if err != nil {
				return err
			}
			p.writePlan(plan)
			return decisions.Close()
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.Ticket, "ticket", "", "`change` that it belongs to: required")
	flags.StringVar(&f.Owner, "owner", "", "`who` carries it out")
	flags.StringVar(&f.Reason, "reason", "", "`why`: required")
	flags.StringVar(&f.By, "by", collector(), "`who` plans")
	flags.StringVar(&f.Limit, "limit", "", "which devices of the inventory, by name: `patterns` such as 'edge*,!lab': required")
	flags.StringSliceVar(&f.To, "to", nil, "`version` or image file to run after it")
	flags.StringSliceVar(&f.From, "from", nil, "`version` or image file that runs before it")
	flags.StringSliceVar(&f.Boot, "boot", nil, "boot list after it, in its order: `files`")
	flags.StringSliceVar(&f.Before, "boot-before", nil, "boot list before it, in its order: `files`")
	flags.StringSliceVar(&f.Packages, "packages", nil, "packages, SMUs and patches that are there after it: `names` as the device shows them, with * and ?")
	flags.StringSliceVar(&f.Without, "packages-before", nil, "those that are there before it; what --packages doesn't name of them is gone after it: `names`")
	flags.StringVar(&f.Register, "register", "", "configuration `register` after it")
	flags.StringVar(&f.Loader, "boot-loader", "", "boot loader's `version` after it")
	flags.StringSliceVar(&f.Files, "files", nil, "`patterns` of names of files that may come or go besides the image")
	flags.StringVar(&f.Old, "old-image", "", "what becomes of the old image: `kept` or removed")
	flags.StringVar(&f.Start, "start", "", "`when` the window starts: '2026-12-01 22:00' in local time, or RFC 3339 (default now)")
	flags.StringVar(&f.End, "end", "", "`when` it ends: likewise, or a span such as 4h: required")
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	return c
}

// alone returns a check that no plan that holds is for a device of this one at the same time.
func alone(plan baseline.Plan) func(baseline.Decisions) error {
	return func(all baseline.Decisions) error {
		for _, other := range all.Plans {
			if device := plan.Meets(other); device != "" && other.Ended == nil {
				return fmt.Errorf("%s is in change %d (%s) at the same time, from %s to %s: close that one, or choose another window", device, other.Number, other.Ticket,
					other.Start.Format(time.RFC3339), other.End.Format(time.RFC3339))
			}
		}
		return nil
	}
}

func readPlan(file string, f *planFlags) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	d := yaml.NewDecoder(io.LimitReader(in, 1<<20))
	d.KnownFields(true)
	if err := d.Decode(f); err != nil {
		return usage("%s: %w", file, err)
	}
	return nil
}

// parseMoment reads a time: RFC 3339, or a day and an hour of the local zone. An hour that the summer time skips, or has twice, is refused: nobody knows which is meant.
func parseMoment(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC(), nil
	}
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02T15:04"} {
		at, err := time.ParseInLocation(form, text, time.Local)
		if err != nil {
			continue
		}
		if at.Format(form) != text || at.Add(time.Hour).Format(form) == text || at.Add(-time.Hour).Format(form) == text {
			return time.Time{}, fmt.Errorf("%q: the clocks change then, so that this hour comes twice or never; write it with its offset: 2026-10-25T02:30:00+01:00", text)
		}
		return at.UTC(), nil
	}
	return time.Time{}, fmt.Errorf("%q: want '2026-12-01 22:00' or 2026-12-01T22:00:00+01:00", text)
}

// newPlan makes a plan of what was said, for devices that chosen finds by the limit.
func newPlan(f planFlags, now time.Time, chosen func(limit string) ([]inventory.Device, error)) (plan baseline.Plan, err error) {
	if f.Limit == "" {
		return plan, usage("--limit is required: which devices of the inventory")
	}
	devices, err := chosen(f.Limit)
	if err != nil {
		return plan, err
	}
	platform := ""
	plan = baseline.Plan{Ticket: f.Ticket, Owner: f.Owner, Reason: f.Reason, By: f.By, At: now.UTC(), Files: f.Files, Old: f.Old, Start: now.UTC()}
	for _, d := range devices {
		if platform != "" && d.Platform != platform {
			return plan, usage("--limit %s: %s is of %s, and others are of %s: a plan is for one platform", f.Limit, d.Name, d.Platform, platform)
		}
		platform = d.Platform
		plan.Devices = append(plan.Devices, d.Name)
	}
	of, _ := platforms.ByName(platform)
	if plan.To, err = planState(of, f.To); err != nil {
		return plan, usage("--to: %w", err)
	}
	if plan.From, err = planState(of, f.From); err != nil {
		return plan, usage("--from: %w", err)
	}
	plan.To.Boot, plan.From.Boot, plan.To.Register, plan.To.BootLoader = f.Boot, f.Before, f.Register, f.Loader
	plan.To.Packages, plan.From.Packages = f.Packages, f.Without
	if f.Start != "" {
		if plan.Start, err = parseMoment(f.Start); err != nil {
			return plan, usage("--start: %w", err)
		}
	}
	switch span, bad := time.ParseDuration(f.End); {
	case f.End == "":
		return plan, usage("--end is required: when the window ends")
	case bad == nil:
		plan.End = plan.Start.Add(span)
	default:
		if plan.End, err = parseMoment(f.End); err != nil {
			return plan, usage("--end: %w", err)
		}
	}
	if err := plan.Valid(); err != nil {
		return plan, &status{statusUsage, err}
	}
	if !plan.End.After(now) {
		return plan, usage("--end %s: %w", f.End, errPassed)
	}
	return plan, nil
}

var errPassed = errors.New("the window has passed")

// planState tells images from versions.
func planState(of collectors.Platform, words []string) (s baseline.PlanState, err error) {
	for _, word := range words {
		version, isImage := "", false
		if of.VersionInName != nil {
			version, isImage = of.VersionInName(word)
		}
		switch {
		case isImage && s.Image == "":
			s.Image = word
			if s.Version == "" {
				s.Version = version
			}
		case strings.Count(word, ".") > 0 && strings.ContainsAny(word, "/:") && s.Image == "":
			s.Image = word
		case !isImage && (s.Version == "" || s.Image != ""):
			s.Version = word
		default:
			return s, fmt.Errorf("%q: one version and one image are what a plan takes", word)
		}
	}
	return s, nil
}

// writePlan prints a plan for people.
func (p *program) writePlan(c baseline.Plan) {
	fmt.Fprintf(p.stdout, "change %d (%s) for %s\n", c.Number, reports.Printable(c.Ticket, 100), reports.Printable(strings.Join(c.Devices, ", "), 300))
	state := func(name string, s baseline.PlanState) {
		var parts []string
		for _, part := range [][2]string{{"version", s.Version}, {"image", s.Image}, {"boot list", strings.Join(s.Boot, ", ")}, {"register", s.Register}, {"boot loader", s.BootLoader}, {"packages", strings.Join(s.Packages, ", ")}} {
			if part[1] != "" {
				parts = append(parts, part[0]+" "+reports.Printable(part[1], 200))
			}
		}
		if len(parts) > 0 {
			fmt.Fprintf(p.stdout, "    %-8s %s\n", name, strings.Join(parts, "; "))
		}
	}
	state("from", c.From)
	state("to", c.To)
	fmt.Fprintf(p.stdout, "    window   %s to %s\n", c.Start.Local().Format("2006-01-02 15:04 MST"), c.End.Local().Format("2006-01-02 15:04 MST"))
	if c.Old != "" {
		fmt.Fprintf(p.stdout, "    old      the old image is %s\n", c.Old)
	}
	for _, s := range c.Steps {
		fmt.Fprintf(p.stdout, "    %-8s %s: %s in run %s on %s, by %s\n", s.Stage, reports.Printable(s.Device, 100), s.Verdict, s.Run, s.At.Format(time.DateTime), reports.Printable(s.By, 100))
	}
	if c.Ended != nil {
		fmt.Fprintf(p.stdout, "    %s\n", reports.Printable(ended(*c.Ended), 300))
	}
	p.writeDecider(c.By, c.At, c.Reason, "")
}

func (p *program) changeListCommand() *cobra.Command {
	var (
		all    bool
		format string
	)
	c := &cobra.Command{
		Use: "list", Short: "list the plans that hold, and what was checked for each", Args: takes("argument", 0, 0), Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			kept, err := p.readApprovals()
			if err != nil {
				return err
			}
			shown := 0
			for _, c := range kept.Decisions().Plans {
				if c.Ended != nil && !all {
					continue
				}
				shown++
				if format == "json" {
					if err := reports.WriteMessage(p.stdout, "change", struct {
						baseline.Plan
						Steps []baseline.Step `json:"steps,omitempty"`
					}{c, c.Steps}); err != nil {
						return err
					}
					continue
				}
				p.writePlan(c)
			}
			if shown == 0 {
				p.say("no plan holds; trueboot change plan makes one")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also those that were closed")
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) changeCloseCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use: "close NUMBER|TICKET", Short: "close a plan: from then on it explains nothing", Args: takes("NUMBER or TICKET", 1, 1), Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			plan, err := p.heldPlan(arguments[0])
			if err != nil {
				return err
			}
			return p.endDecision("change", strconv.FormatUint(plan.Number, 10), "trueboot change list", d, func(all baseline.Decisions, number uint64) bool {
				_, ok := all.Plan(number)
				return ok
			})
		},
	}
	d.register(c)
	p.settings.registerStore(c.Flags())
	return c
}

// heldPlan is the plan that holds of a number or a ticket.
func (p *program) heldPlan(name string) (plan baseline.Plan, err error) {
	kept, err := p.readApprovals()
	if err != nil {
		return plan, err
	}
	var held []baseline.Plan
	for _, c := range kept.Decisions().Plans {
		if c.Ended == nil && (c.Ticket == name || strconv.FormatUint(c.Number, 10) == name) {
			held = append(held, c)
		}
	}
	switch len(held) {
	case 0:
		return plan, fmt.Errorf("no plan %q holds; trueboot change list shows those that do", name)
	case 1:
		return held[0], nil
	}
	return plan, usage("%q is the ticket of %d plans: name one by its number", name, len(held))
}

// needsPre reports devices without a good check before the change.
func needsPre(plan baseline.Plan) []string {
	return slices.DeleteFunc(slices.Clone(plan.Devices), func(device string) bool {
		return slices.ContainsFunc(plan.Steps, func(s baseline.Step) bool { return s.Stage == "pre" && s.Device == device && s.Verdict == "PASS" })
	})
}

// visitPlanned visits the devices of a plan and hands each visit on.
func (p *program) visitPlanned(ctx context.Context, plan baseline.Plan, f sweepFlags) (run string, err error) {
	f.limit = strings.Join(plan.Devices, ",")
	if image := plan.To.ImageName(); image != "" {
		f.hash = []string{image} // it lies there before anything points to it
	}
	var seen runSeen
	_, err = p.sweepInventory(ctx, f, func(io.Writer) reports.Handler { return &seen })
	return seen.id, err
}

// A runSeen takes note of a run's id and shows nothing.
type runSeen struct{ id string }

func (s *runSeen) Begin(r reports.Run) error { s.id = r.ID; return nil }
func (*runSeen) Device(reports.Device) error { return nil }
func (*runSeen) End(*reports.Recap) error    { return nil }

// knownDevices tells which of the plan's devices the inventory does not know any more.
func (p *program) knownDevices(plan baseline.Plan) error {
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if err != nil {
		return err
	}
	var gone []string
	for _, name := range plan.Devices {
		if !slices.ContainsFunc(inv.Devices, func(d inventory.Device) bool { return d.Name == name }) {
			gone = append(gone, name)
		}
	}
	if len(gone) > 0 {
		return errors.New("the inventory does not know " + strings.Join(gone, ", ") + " any more: close the plan and make another")
	}
	return nil
}
