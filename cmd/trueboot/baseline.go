package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

func (p *program) baselineCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "baseline",
		Short: "approve, show, compare, retire, sign and exchange what is right for a device",
		Long: `The baseline is what somebody approved as the right state of each device: who, when, why and under which ticket. Nothing
in it is overwritten; a new approval takes the place of the one before it.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.approveCommand(), p.baselineListCommand(), p.baselineShowCommand(), p.baselineDiffCommand(), p.retireCommand(),
		p.allowCommand(), p.policyCommand(), p.decisionsCommand(), p.confirmCommand(), p.endCommand(), p.baselineSignCommand(), p.baselineVerifyCommand(), p.baselineExportCommand(), p.baselineImportCommand())
	return c
}

// A decision is who decides, why, and under which ticket.
type decision struct{ by, reason, ticket string }

func (d *decision) register(c *cobra.Command) {
	c.Flags().StringVar(&d.reason, "reason", "", "`why`: required")
	c.Flags().StringVar(&d.ticket, "ticket", "", "`change` or incident that it belongs to")
	c.Flags().StringVar(&d.by, "by", collector(), "`who` decides")
}

func (d *decision) check() error {
	switch {
	case strings.TrimSpace(d.reason) == "":
		return usage("--reason is required: who reads this in a year wants to know why")
	case strings.TrimSpace(d.by) == "":
		return usage("--by is empty: somebody has to stand for it")
	}
	return nil
}

func (p *program) approveCommand() *cobra.Command {
	var (
		d          decision
		run, limit string
		all        bool
	)
	c := &cobra.Command{
		Use:   "approve DEVICE… | --all | --limit PATTERNS",
		Short: "accept what a device stated at its last visit as right",
		Long: `Accept the facts of a device's last assessed visit, or of its visit in --from-run, as the right state. Look at them first:
"trueboot history DEVICE" shows what changed, "trueboot baseline diff DEVICE" what would be accepted.

--all takes the devices that were assessed in the last run, or in --from-run, and --limit those of them that it chooses, as in trueboot
sweep. Either all that is named is approved or nothing. Where a policy asks for two approvers, this is a proposal until somebody else
confirms it.

What is approved this way has the provenance "first-seen": it is what the device said of itself, so a later PASS reads
"unchanged since", never "genuine".`,
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, devices []string) error {
			if err := d.check(); err != nil {
				return err
			}
			if limit != "" {
				if all || len(devices) > 0 {
					return usage("name the devices to approve, or --all, or --limit")
				}
				var err error
				if devices, err = p.limited(limit); err != nil {
					return err
				}
			} else if all == (len(devices) > 0) {
				return usage("name the devices to approve, or --all, or --limit")
			}
			seen, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer seen.Close()
			slices.Sort(devices)
			visits, err := chosenVisits(seen, run, slices.Compact(devices))
			if err != nil {
				return err
			}
			approvals, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer approvals.Close()
			decisions, err := approvals.Decisions()
			if err != nil {
				return err
			}
			two, err := p.needTwo(decisions, visits)
			if err != nil {
				return err
			}
			var approved []baseline.Approval
			var proposed []baseline.Proposal
			for _, v := range visits {
				if two[v.Device] {
					proposed = append(proposed, baseline.Proposal{Device: v.Device, Run: v.Run, By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket})
				} else {
					approved = append(approved, approvalOf(v, d))
				}
			}
			if approved, err = approvals.ApproveAll(approved); err != nil {
				return err
			}
			if proposed, err = approvals.Propose(proposed); err != nil {
				return err
			}
			for _, r := range proposed {
				p.writeProposal(r)
			}
			if all {
				if err := p.tellLeftOut(seen, visits[0].Run, len(visits)); err != nil {
					return err
				}
			}
			for _, a := range approved {
				fmt.Fprintf(p.stdout, "%s: approved %d facts as seen on %s\n", reports.Printable(a.Device, 100), len(a.Facts), a.SeenAt.Format(time.DateTime))
			}
			return approvals.Close()
		},
	}
	d.register(c)
	c.Flags().StringVar(&run, "from-run", "", "take the facts of this `run`, not of the last one")
	c.Flags().StringVar(&limit, "limit", "", "devices of the inventory, by name: `patterns` such as 'core*,!lab'")
	c.Flags().BoolVar(&all, "all", false, "every device that was assessed in the run")
	p.settings.registerInventory(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

// limited are the names of the devices of the inventory that a limit chooses.
func (p *program) limited(limit string) ([]string, error) {
	_, devices, err := p.chosenDevices(sweepFlags{limit: limit})
	var names []string
	for _, d := range devices {
		names = append(names, d.Name)
	}
	return names, err
}

// tellLeftOut says how many devices of a run were not assessed, so that nobody takes "all" for all.
func (p *program) tellLeftOut(kept *history.Store, run string, approved int) error {
	r, err := kept.Run(run)
	if err != nil || r == nil {
		return err
	}
	if left := r.Devices - approved; left > 0 {
		p.say("run %s (%s) did not assess %d of its %d devices: they are not approved", run, r.Status, left, r.Devices)
	}
	return nil
}

// chosenVisits returns the visits to approve: of a run, by default the last one, all its assessed ones or
// those of the devices.
func chosenVisits(kept *history.Store, run string, devices []string) ([]history.Visit, error) {
	switch {
	case run != "":
		r, err := kept.Run(run)
		if err != nil {
			return nil, err
		}
		if r == nil {
			return nil, usage("--from-run %q: there is no such run; trueboot history lists them", run)
		}
	case len(devices) == 0:
		last, err := kept.Last()
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
		for v, err := range kept.Visits(run) {
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
		v, err := chosenVisit(kept, run, device)
		if err != nil {
			return nil, err
		}
		visits = append(visits, *v)
	}
	return visits, nil
}

// chosenVisit returns the visit of a device to approve. One that was cut short would approve half a device.
func chosenVisit(kept *history.Store, run, device string) (*history.Visit, error) {
	if run == "" {
		v, err := kept.LastAssessed(device)
		if err == nil && v == nil {
			err = fmt.Errorf("%s was never assessed: visit it with trueboot sweep --limit %s", device, device)
		}
		return v, err
	}
	v, err := kept.Visit(run, device)
	switch {
	case err != nil:
		return nil, err
	case v == nil:
		return nil, fmt.Errorf("%s was not visited in run %s", device, run)
	case v.Outcome != facts.AskedAll:
		return nil, fmt.Errorf("%s was not assessed in run %s (%s): visit it with trueboot sweep --limit %s", device, run, v.Outcome, device)
	}
	return v, nil
}

// openBaseline opens the store for reading, and says what to do where there is none.
func (p *program) openBaseline() (*store.Store, error) {
	approvals, err := store.OpenReadOnly(p.settings.baselinePath())
	return approvals, withHint(err, "nothing is approved yet: trueboot baseline approve")
}

// An approvalMessage is the JSON form of an approval without its facts.
type approvalMessage struct {
	Device         string               `json:"device"`
	Number         uint64               `json:"number"`
	Platform       string               `json:"platform"`
	RunningVersion string               `json:"running_version,omitempty"`
	Facts          int                  `json:"facts"` // how many
	Provenance     baseline.Provenance  `json:"provenance"`
	By             string               `json:"by"`
	At             time.Time            `json:"at"`
	Reason         string               `json:"reason"`
	Ticket         string               `json:"ticket,omitempty"`
	SecondBy       string               `json:"second_by,omitempty"`
	Run            string               `json:"run,omitempty"`
	SeenAt         time.Time            `json:"seen_at"`
	Retired        *baseline.Retirement `json:"retired,omitempty"`
}

func (p *program) writeApproval(a baseline.Approval) error {
	return reports.WriteMessage(p.stdout, "approval", approvalMessage{
		Device: a.Device, Number: a.Number, Platform: a.Platform, RunningVersion: a.Set().Value(facts.RunningVersion), Facts: len(a.Facts),
		Provenance: a.Provenance, By: a.By, At: a.At, Reason: a.Reason, Ticket: a.Ticket, SecondBy: a.SecondBy, Run: a.Run, SeenAt: a.SeenAt, Retired: a.Retired,
	})
}

func (p *program) baselineListCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:         "list",
		Short:       "list what is approved for which device",
		Annotations: exits(workedHelp),
		Args:        takes("argument", 0, 0),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
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
				if format == "json" {
					if err := p.writeApproval(*a); err != nil {
						return err
					}
					continue
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
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

// approvedBy puts who and why into a few words.
func approvedBy(a baseline.Approval) string {
	text := a.By
	if a.SecondBy != "" {
		text += " and " + a.SecondBy
	}
	text += ": " + a.Reason
	if a.Ticket != "" {
		text += " (" + a.Ticket + ")"
	}
	return text
}

func (p *program) baselineShowCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:         "show DEVICE",
		Short:       "show every approval of a device, and the facts of the one that holds",
		Annotations: exits(workedHelp),
		Args:        takes("DEVICE", 1, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			approvals, err := p.openBaseline()
			if err != nil {
				return err
			}
			defer approvals.Close()
			all, err := approvals.Approvals(arguments[0])
			if err != nil {
				return err
			}
			if len(all) == 0 {
				return fmt.Errorf("nothing was ever approved for %q; trueboot baseline list shows what is", arguments[0])
			}
			last := all[len(all)-1]
			if format == "json" {
				for _, a := range all {
					if err := p.writeApproval(a); err != nil {
						return err
					}
				}
				if last.Retired != nil {
					return nil
				}
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
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

// writeFactTable prints facts for people: one a line, the kind once, and once what several commands state.
func writeFactTable(w io.Writer, all []facts.Fact) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, facts.Compare)
	all = slices.CompactFunc(all, func(a, b facts.Fact) bool { return a.Kind == b.Kind && a.Subject == b.Subject && a.Value == b.Value })
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
	var format string
	c := &cobra.Command{
		Use:   "diff DEVICE",
		Short: "compare what is approved with what the device stated last",
		Long: `Print what moved between the approval and the last assessed visit, by kind and subject: + is new, - is gone, ~ has
another value, and of ? nothing is known. Uptime, free space and the like are left out.`,
		Annotations: exits(`  0  nothing moved
  1  the program could not do its work, or nothing is approved
  2  wrong usage
  4  something moved`),
		Args: takes("DEVICE", 1, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			approved, visit, err := p.approvedAndSeen(arguments[0])
			if err != nil {
				return err
			}
			differences := movedOf(visit.Platform, approved, baseline.Diff(approved.Set(), visit.Set))
			if format == "json" {
				err = writeMovedMessages(p.stdout, differences)
			} else {
				writeMoved(p.stdout, differences)
			}
			if err != nil {
				return err
			}
			if len(differences) > 0 {
				return &status{code: statusFail}
			}
			p.say("nothing moved since %s", approved.SeenAt.Format(time.DateTime))
			return nil
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

// approvedAndSeen returns what is approved for a device and its last assessed visit.
func (p *program) approvedAndSeen(device string) (*baseline.Approval, *history.Visit, error) {
	approvals, err := p.openBaseline()
	if err != nil {
		return nil, nil, err
	}
	defer approvals.Close()
	approved, err := approvals.Current(device)
	if err != nil {
		return nil, nil, err
	}
	if approved == nil {
		return nil, nil, fmt.Errorf("nothing is approved for %q; trueboot baseline list shows what is", device)
	}
	seen, err := history.OpenReadOnly(p.settings.historyPath())
	if err != nil {
		return nil, nil, withHint(err, "nothing has been visited yet: begin with trueboot sweep")
	}
	defer seen.Close()
	visit, err := seen.LastAssessed(device)
	if err == nil && visit == nil {
		err = fmt.Errorf("%q was not visited yet", device)
	}
	return approved, visit, err
}

func (p *program) retireCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:         "retire DEVICE",
		Short:       "end a device's approval without another in its place",
		Annotations: exits(workedHelp),
		Args:        takes("DEVICE", 1, 1),
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
	p.settings.registerStore(c.Flags())
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
