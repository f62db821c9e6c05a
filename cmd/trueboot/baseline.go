package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

func (p *program) baselineCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline",
		Short: "approve, show, compare and retire what is right for a device",
		Long: `The baseline is what somebody approved as the right state of each device: who, when, why and under
which ticket. Nothing in it is overwritten; a new approval takes the place of the one before it.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.approveCommand(), p.baselineListCommand(), p.baselineShowCommand(), p.baselineDiffCommand(), p.retireCommand())
	return c
}

// A decision is who decides, why, and under which ticket.
type decision struct{ by, reason, ticket string }

func (d *decision) register(c *cobra.Command) {
	c.Flags().StringVar(&d.reason, "reason", "", "why: required")
	c.Flags().StringVar(&d.ticket, "ticket", "", "change or incident that it belongs to")
	c.Flags().StringVar(&d.by, "by", collector(), "who decides")
}

func (d *decision) check() error {
	if d.reason == "" {
		return usage("--reason is required: who reads this in a year wants to know why")
	}
	return nil
}

func (p *program) approveCommand() *cobra.Command {
	var (
		d   decision
		run string
		all bool
	)
	c := &cobra.Command{
		Use:   "approve DEVICE… | --all",
		Short: "accept what a device stated at its last visit as right",
		Long: `Accept the facts of a device's last assessed visit, or of its visit in --run, as the right state. Look at
them first: "trueboot history DEVICE" shows what changed, "trueboot baseline diff DEVICE" what would be accepted.

What is approved this way has the provenance "first-seen": it is what the device said of itself, so a
later PASS reads "unchanged since", never "genuine".`,
		RunE: func(_ *cobra.Command, devices []string) error {
			if err := d.check(); err != nil {
				return err
			}
			if all == (len(devices) > 0) {
				return usage("name the devices to approve, or --all")
			}
			seen, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer seen.Close()
			visits, err := chosenVisits(seen, run, devices)
			if err != nil {
				return err
			}
			approvals, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer approvals.Close()
			var approved []baseline.Approval
			for _, v := range visits {
				approved = append(approved, baseline.Approval{
					Device: v.Device, Platform: v.Platform, Facts: v.Set.Facts, Provenance: baseline.FirstSeen,
					By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket, Run: v.Run, SeenAt: v.Set.Time,
				})
			}
			if approved, err = approvals.ApproveAll(approved); err != nil {
				return err
			}
			for _, a := range approved {
				fmt.Fprintf(p.stdout, "%s: approved %d facts as seen on %s\n", reports.Printable(a.Device, 100), len(a.Facts), a.SeenAt.Format(time.DateTime))
			}
			return approvals.Close()
		},
	}
	d.register(c)
	c.Flags().StringVar(&run, "run", "", "take the facts of this `run`, not of the last one")
	c.Flags().BoolVar(&all, "all", false, "every device that was assessed in the run")
	return c
}

// chosenVisits returns the visits to approve: of a run, by default the last one, all its assessed ones or
// those of the devices.
func chosenVisits(store *history.Store, run string, devices []string) ([]history.Visit, error) {
	if run == "" && len(devices) == 0 {
		last, err := store.Last()
		if err != nil {
			return nil, err
		}
		if last == nil {
			return nil, errors.New("nothing has been visited yet: begin with trueboot sweep")
		}
		run = last.ID
	}
	var visits []history.Visit
	if len(devices) == 0 {
		for v, err := range store.Visits(run) {
			if err != nil {
				return nil, err
			}
			if v.Outcome == facts.AskedAll {
				visits = append(visits, v)
			}
		}
		if len(visits) == 0 {
			return nil, fmt.Errorf("run %s: no device was assessed", run)
		}
		return visits, nil
	}
	for _, device := range devices {
		var (
			v   *history.Visit
			err error
		)
		if run == "" {
			v, err = store.LastAssessed(device)
		} else {
			v, err = store.Visit(run, device)
		}
		if err != nil {
			return nil, err
		}
		if v == nil {
			return nil, fmt.Errorf("%s was never assessed: visit it with trueboot sweep --limit %s", device, device)
		}
		visits = append(visits, *v)
	}
	return visits, nil
}

// openBaseline opens the store for reading, and says what to do where there is none.
func (p *program) openBaseline() (*store.Store, error) {
	approvals, err := store.OpenReadOnly(p.settings.baselinePath())
	return approvals, withHint(err, "nothing is approved yet: trueboot baseline approve")
}

func (p *program) baselineListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list what is approved for which device",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := p.readApprovals()
			if err != nil {
				return err
			}
			devices := all.Devices()
			for _, device := range devices {
				a, err := all.Current(device)
				if err != nil {
					return err
				}
				fmt.Fprintf(p.stdout, "%-24s no. %-3d %s  %-16s %-12s %s\n", reports.Printable(device, 60), a.Number, a.At.Format(time.DateOnly),
					reports.Printable(a.Set().Value(facts.RunningVersion), 40), a.Provenance, reports.Printable(approvedBy(*a), 120))
			}
			if len(devices) == 0 {
				p.say("nothing is approved; trueboot baseline approve accepts what a sweep found")
			}
			return nil
		},
	}
}

// approvedBy puts who and why into a few words.
func approvedBy(a baseline.Approval) string {
	text := a.By + ": " + a.Reason
	if a.Ticket != "" {
		text += " (" + a.Ticket + ")"
	}
	return text
}

func (p *program) baselineShowCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "show DEVICE",
		Short: "show every approval of a device, and the facts of the one that holds",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if format != "text" && format != "json" {
				return usage("--format %q: text or json", format)
			}
			store, err := p.openBaseline()
			if err != nil {
				return err
			}
			defer store.Close()
			all, err := store.Approvals(arguments[0])
			if err != nil {
				return err
			}
			if len(all) == 0 {
				return fmt.Errorf("nothing was ever approved for %q; trueboot baseline list shows what is", arguments[0])
			}
			last := all[len(all)-1]
			if format == "json" {
				return reports.WriteFacts(p.stdout, last.Set())
			}
			for _, a := range all {
				fmt.Fprintf(p.stdout, "no. %d  %s  %s  %s\n", a.Number, a.At.Format(time.DateTime), a.Provenance, reports.Printable(approvedBy(a), 300))
				if r := a.Retired; r != nil {
					fmt.Fprintf(p.stdout, "       retired %s  %s\n", r.At.Format(time.DateTime), reports.Printable(r.By+": "+r.Reason, 300))
				}
			}
			if last.Retired == nil {
				fmt.Fprintln(p.stdout)
				writeFactTable(p.stdout, last.Facts)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json; json prints the facts as \"trueboot facts\" does")
	return c
}

// writeFactTable prints facts for people: one a line, the kind once.
func writeFactTable(w io.Writer, all []facts.Fact) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, facts.Compare)
	var kind facts.Kind
	for _, f := range all {
		if f.Kind != kind {
			fmt.Fprintln(w, f.Kind)
			kind = f.Kind
		}
		subject := reports.Printable(f.Subject, 80)
		if subject != "" {
			subject += "  "
		}
		fmt.Fprintf(w, "  %s%s\n", subject, reports.Printable(f.Value, 160))
	}
}

func (p *program) baselineDiffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff DEVICE",
		Short: "compare what is approved with what the device stated last",
		Long: `Print what moved between the approval and the last assessed visit, by kind and subject. Uptime, free
space and the like are left out. Exit status 4 when something moved, 0 when nothing did.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			store, err := p.openBaseline()
			if err != nil {
				return err
			}
			defer store.Close()
			approved, err := store.Current(arguments[0])
			if err != nil {
				return err
			}
			if approved == nil {
				return fmt.Errorf("nothing is approved for %q", arguments[0])
			}
			seen, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return err
			}
			defer seen.Close()
			visit, err := seen.LastAssessed(arguments[0])
			if err != nil {
				return err
			}
			if visit == nil {
				return fmt.Errorf("%q was not visited yet", arguments[0])
			}
			differences := baseline.Diff(approved.Set(), visit.Set)
			writeDifferences(p.stdout, differences)
			if len(differences) > 0 {
				return &status{code: statusFail}
			}
			p.say("nothing moved since %s", approved.SeenAt.Format(time.DateTime))
			return nil
		},
	}
}

func (p *program) retireCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:   "retire DEVICE",
		Short: "end a device's approval without another in its place",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			approvals, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer approvals.Close()
			err = approvals.Retire(arguments[0], baseline.Retirement{By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%s: retired\n", reports.Printable(arguments[0], 100))
			return approvals.Close()
		},
	}
	d.register(c)
	return c
}

// withHint adds what to do to an error; nil stays nil.
func withHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; %s", err, hint)
	}
	return err
}
