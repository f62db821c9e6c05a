package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
)

func (p *program) policyCommand() *cobra.Command {
	var (
		d     decision
		r     baseline.Policy
		scope string
	)
	c := &cobra.Command{
		Use:   "policy",
		Short: "ask for a least version, forbid versions, or ask for two approvers",
		Long: `Say what holds for the devices of --for whatever is approved for each: the least version that may run, versions that must not, and
that one person is not enough to approve. NDI-VR-01 judges the versions, in the platform's own order.

With --approvers 2, baseline approve of such a device is a proposal until somebody else confirms it with baseline confirm.`,
		Example: `  trueboot baseline policy --for platform=cisco_ios,role=edge --minimum 17.9.4a \
    --forbid '17.3.*,17.6.1' --reason 'CVE-2023-20198'
  trueboot baseline policy --for site=ams --approvers 2 --reason 'four eyes'`,
		Args:        takes("argument", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := d.check(); err != nil {
				return err
			}
			var err error
			if r.Scope, err = baseline.ParseScope(scope); err != nil {
				return usage("--for: %w", err)
			}
			r.By, r.At, r.Reason, r.Ticket = d.by, time.Now().UTC(), d.reason, d.ticket
			if err := r.Valid(); err != nil {
				return &status{statusUsage, err}
			}
			decisions, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer decisions.Close()
			if r, err = decisions.Require(r); err != nil {
				return err
			}
			p.writePolicy(r)
			return decisions.Close()
		},
	}
	d.register(c)
	flags := c.Flags()
	flags.StringVar(&scope, "for", "", "which `devices`: a name or pattern, site=ams,role=edge, platform=cisco_ios, model=, tag=, or all: required")
	flags.StringVar(&r.Minimum, "minimum", "", "least `version`")
	flags.StringSliceVar(&r.Forbidden, "forbid", nil, "`versions` that must not run, with commas between them; * and ? stand for any text and character")
	flags.IntVar(&r.Approvers, "approvers", 0, "2 where one approver is not enough")
	p.settings.registerStore(flags)
	return c
}

func (p *program) writePolicy(r baseline.Policy) {
	var rules []string
	if r.Minimum != "" {
		rules = append(rules, "at least "+r.Minimum)
	}
	if len(r.Forbidden) > 0 {
		rules = append(rules, "not "+strings.Join(r.Forbidden, ", "))
	}
	if r.Approvers == 2 {
		rules = append(rules, "two approvers")
	}
	fmt.Fprintf(p.stdout, "no. %d  policy for %s: %s\n", r.Number, reports.Printable(r.Scope.String(), 300), reports.Printable(strings.Join(rules, "; "), 500))
	if r.Ended != nil {
		fmt.Fprintf(p.stdout, "    %s\n", reports.Printable(ended(*r.Ended), 300))
	}
	p.writeDecider(r.By, r.At, r.Reason, r.Ticket)
}

func (p *program) decisionsCommand() *cobra.Command {
	var (
		format string
		all    bool
	)
	c := &cobra.Command{
		Use:         "decisions",
		Short:       "list approvals of images, policies, and what waits for a second approver",
		Args:        takes("argument", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			kept, err := p.readApprovals()
			if err != nil {
				return err
			}
			d, shown := kept.Decisions(), 0
			show := func(end *baseline.Ending, what string, message any, write func()) error {
				if end != nil && !all {
					return nil
				}
				if shown++; format == "json" {
					return reports.WriteMessage(p.stdout, what, message)
				}
				write()
				return nil
			}
			for _, a := range d.Images {
				err = errors.Join(err, show(a.Ended, "images", a, func() { p.writeImages(a) }))
			}
			for _, r := range d.Policies {
				err = errors.Join(err, show(r.Ended, "policy", r, func() { p.writePolicy(r) }))
			}
			for _, r := range d.Proposed {
				err = errors.Join(err, show(r.Ended, "proposal", r, func() { p.writeProposal(r) }))
			}
			if shown == 0 {
				p.say("no decision for more than one device; trueboot baseline allow and policy make one, trueboot waive list shows waivers")
			}
			return err
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also those that were ended")
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) writeProposal(r baseline.Proposal) {
	fmt.Fprintf(p.stdout, "no. %d  %s as seen in run %s WAITS for a second approver: trueboot baseline confirm %s\n", r.Number,
		reports.Printable(r.Device, 100), reports.Printable(r.Run, 40), reports.Printable(r.Device, 100))
	if r.Ended != nil {
		fmt.Fprintf(p.stdout, "    %s\n", reports.Printable(ended(*r.Ended), 300))
	}
	p.writeDecider(r.By, r.At, r.Reason, r.Ticket)
}

func (p *program) endCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:         "end NUMBER",
		Short:       "end an approval of images, a policy or a proposal",
		Args:        takes("NUMBER", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			return p.endDecision("decision", arguments[0], "trueboot baseline decisions", d, func(all baseline.Decisions, number uint64) bool {
				_, waiver := all.Waiver(number)
				return !waiver // those are ended by trueboot waive expire
			})
		},
	}
	d.register(c)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) confirmCommand() *cobra.Command {
	var (
		d      decision
		number int
		all    bool
	)
	c := &cobra.Command{
		Use:   "confirm DEVICE… | --all | --number N",
		Short: "approve, as the second of two, what somebody proposed",
		Long: `Approve, as somebody else than the first approver, the visits that were proposed for the devices, or with --number an approval
of images. What is approved is what the device stated in the run of the proposal, as the history holds it.`,
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, devices []string) error {
			if err := d.check(); err != nil {
				return err
			}
			ways := 0
			for _, way := range []bool{len(devices) > 0, all, number > 0} {
				if way {
					ways++
				}
			}
			if ways != 1 {
				return usage("name devices, or --all, or --number")
			}
			file, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer file.Close()
			if number > 0 {
				if err := file.Confirm(baseline.Confirmation{Number: uint64(number), By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket}); err != nil {
					return err
				}
				fmt.Fprintf(p.stdout, "no. %d: confirmed\n", number)
				return file.Close()
			}
			approved, err := p.confirm(file, devices, d)
			if err != nil {
				return err
			}
			for _, a := range approved {
				fmt.Fprintf(p.stdout, "%s: approved %d facts as seen on %s, proposed by %s\n", reports.Printable(a.Device, 100), len(a.Facts), a.SeenAt.Format(time.DateTime), reports.Printable(a.By, 100))
			}
			return file.Close()
		},
	}
	d.register(c)
	c.Flags().BoolVar(&all, "all", false, "every device that waits")
	c.Flags().IntVar(&number, "number", 0, "an approval of images, by its `number`")
	p.settings.registerStore(c.Flags())
	return c
}

// confirm makes approvals of the proposals for the devices, or of all.
func (p *program) confirm(file *store.Store, devices []string, d decision) ([]baseline.Approval, error) {
	decisions, err := file.Decisions()
	if err != nil {
		return nil, err
	}
	seen, err := history.OpenReadOnly(p.settings.historyPath())
	if err != nil {
		return nil, withHint(err, "the visits that were proposed stand in it")
	}
	defer seen.Close()
	latest := map[string]baseline.Proposal{}
	var ends []baseline.Ending
	for _, r := range decisions.Proposed {
		if r.Ended != nil || len(devices) > 0 && !slices.Contains(devices, r.Device) {
			continue
		}
		latest[r.Device] = r
		ends = append(ends, baseline.Ending{Number: r.Number, By: d.by, At: time.Now().UTC(), Reason: "confirmed: " + d.reason, Ticket: d.ticket})
	}
	for _, device := range devices {
		if _, ok := latest[device]; !ok {
			return nil, fmt.Errorf("%s: nothing waits for a second approver; trueboot baseline decisions shows what does", device)
		}
	}
	if len(latest) == 0 {
		return nil, errors.New("nothing waits for a second approver")
	}
	var all []baseline.Approval
	for _, device := range slices.Sorted(maps.Keys(latest)) {
		r := latest[device]
		if r.By == d.by {
			return nil, fmt.Errorf("%s, proposed by %s: %w", device, r.By, baseline.ErrSameApprover)
		}
		v, err := chosenVisit(seen, r.Run, device)
		if err != nil {
			return nil, err
		}
		a := approvalOf(*v, decision{r.By, r.Reason, r.Ticket})
		a.SecondBy = d.by
		all = append(all, a)
	}
	return file.ApproveAll(all, ends...)
}

// approvalOf is the approval of a visit.
func approvalOf(v history.Visit, d decision) baseline.Approval {
	approved := slices.Clone(v.Set.Facts)
	for i := range approved {
		approved[i].Origin = "" // when it was hashed is for the history to tell
	}
	return baseline.Approval{
		Device: v.Device, Platform: v.Platform, Facts: approved, Provenance: baseline.FirstSeen,
		By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket, Run: v.Run, SeenAt: v.Set.Time,
	}
}

// needTwo tells for which visits a policy asks for two approvers. Where the inventory does not know a device, a policy for a site, a
// role or a tag may be meant for it, and is taken so.
func (p *program) needTwo(decisions baseline.Decisions, visits []history.Visit) (map[string]bool, error) {
	two := map[string]bool{}
	if !slices.ContainsFunc(decisions.Policies, func(r baseline.Policy) bool { return r.Ended == nil && r.Approvers == 2 }) {
		return two, nil
	}
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if errors.Is(err, fs.ErrNotExist) {
		inv, err = &inventory.Inventory{}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, v := range visits {
		m := baseline.Member{Device: v.Device, Platform: v.Platform}
		for _, f := range v.Set.Facts {
			if f.Kind == facts.Model {
				m.Models = append(m.Models, f.Value)
			}
		}
		i := slices.IndexFunc(inv.Devices, func(d inventory.Device) bool { return d.Name == v.Device })
		if i >= 0 {
			m.Role, m.Site, m.Tags = inv.Devices[i].Role, inv.Devices[i].Site, inv.Devices[i].Tags
		}
		for _, r := range decisions.Policies {
			if r.Ended != nil || r.Approvers != 2 {
				continue
			}
			scope := r.Scope
			if i < 0 {
				scope.Role, scope.Site, scope.Tag = "", "", ""
			}
			two[v.Device] = two[v.Device] || scope.Covers(m)
		}
	}
	return two, nil
}

// endDecision ends the decision of a number, if it is of the sort that the command is about; list is the command that shows them.
func (p *program) endDecision(sort, text, list string, d decision, is func(baseline.Decisions, uint64) bool) error {
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return usage("%q is not the number of a %s; %s shows them", text, sort, list)
	}
	decisions, err := store.Open(p.settings.baselinePath())
	if err != nil {
		return err
	}
	defer decisions.Close()
	all, err := decisions.Decisions()
	if err != nil {
		return err
	}
	if !is(all, number) {
		return fmt.Errorf("there is no %s %d; %s shows them", sort, number, list)
	}
	if err := decisions.End(baseline.Ending{Number: number, By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket}); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s %d: ended\n", sort, number)
	return decisions.Close()
}
