package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/collectors/platforms"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

// stageFlags are those of "change pre" and "change post".
type stageFlags struct {
	sweep      sweepFlags
	format, by string
	keep       bool
}

var stages = map[string]struct{ short, long string }{
	"pre": {"visit the devices of a plan, and say whether it can be carried out", `Visit the devices of a plan before the work: the version and boot list that it begins with, the target image and its digest, room for it, equal
members, no half-finished installation, and no finding that nothing explains. Nothing is changed.`},
	"post": {"visit the devices of a plan, and accept exactly what it planned", `Visit the devices of a plan after the work: version, image and boot list as planned, every member, committed, the reload explained, and nothing else
moved. Where all of that holds for a device, its new state is approved under the ticket (where a policy asks for two approvers, proposed), and the plan is closed
when every device has come through. --keep-baseline approves nothing.`},
}

func (p *program) changeStageCommand(stage string) *cobra.Command {
	var f stageFlags
	c := &cobra.Command{
		Use: stage + " NUMBER|TICKET", Short: stages[stage].short, Long: stages[stage].long, Args: takes("NUMBER or TICKET", 1, 1),
		Annotations: exits(`  0  every row is PASS, on every device
  1  the program could not do its work
  2  wrong usage
  3  no FAIL, but something was not assessed
  4  a FAIL`),
		RunE: func(c *cobra.Command, arguments []string) error {
			if f.format != "text" && f.format != "json" && f.format != "md" {
				return usage("--format %q: text, json or md", f.format)
			}
			return p.changeStage(c.Context(), stage, arguments[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "text", "`form` of the results: text, md for the ticket, or json with one message a device")
	flags.StringVar(&f.by, "by", collector(), "`who` checks")
	if stage == "post" {
		flags.BoolVar(&f.keep, "keep-baseline", false, "approve nothing")
	}
	flags.IntVar(&f.sweep.sessions, "sessions", 20, "`number` of devices that are visited at once")
	flags.Float64Var(&f.sweep.logins, "logins", 10, "`number` of logins that are begun in a second; 0 for no limit")
	flags.IntVar(&f.sweep.refusals, "refusals", 3, "`number` of refused logins in a row after which it stops; 0 for never")
	flags.DurationVar(&f.sweep.wait, "wait", 10*time.Minute, "how long to wait for the history while another trueboot has it")
	f.sweep.live.register(flags)
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	p.settings.registerJudgement(flags)
	return c
}

// A staged is what a stage says of a device.
type staged struct {
	Device  string                `json:"device"`
	Stage   string                `json:"stage"`
	Change  uint64                `json:"change"`
	Ticket  string                `json:"ticket"`
	Run     string                `json:"run"`
	Verdict compare.Verdict       `json:"verdict"`
	Rows    []compare.ChangeCheck `json:"rows"`
	visit   history.Visit
}

func (p *program) changeStage(ctx context.Context, stage, name string, f stageFlags) error {
	f.sweep.format = "text"
	if err := f.sweep.check(); err != nil {
		return err
	}
	plan, err := p.heldPlan(name)
	if err != nil {
		return err
	}
	if err := p.knownDevices(plan); err != nil {
		return err
	}
	if missing := needsPre(plan); stage == "post" && len(missing) > 0 {
		p.say("without a good \"trueboot change pre\" before: %s; what was so before the change rests on the approval alone", strings.Join(missing, ", "))
	}
	run, err := p.visitPlanned(ctx, plan, f.sweep)
	if err != nil {
		return err
	}
	results, err := p.judgeStage(stage, plan, run)
	if err != nil {
		return err
	}
	if err := p.keepStage(stage, plan, results, f); err != nil {
		return err
	}
	worst := compare.Pass
	for _, r := range results {
		worst = compare.Worse(worst, r.Verdict)
		if err := p.writeStaged(r, f.format); err != nil {
			return err
		}
	}
	switch worst {
	case compare.Fail:
		return &status{code: statusFail}
	case compare.NotAssessed:
		return &status{code: statusNotAssessed}
	case compare.Pass:
	}
	return nil
}

// judgeStage holds the visits of a run against the plan.
func (p *program) judgeStage(stage string, plan baseline.Plan, run string) ([]staged, error) {
	kept, err := history.OpenReadOnly(p.settings.historyPath())
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	approved, err := p.readApprovals()
	if err != nil {
		return nil, err
	}
	known, closeKnown, err := p.readKnown()
	if err != nil {
		return nil, err
	}
	defer closeKnown()
	var results []staged
	for _, device := range plan.Devices {
		r := staged{Device: device, Stage: stage, Change: plan.Number, Ticket: plan.Ticket, Run: run, Verdict: compare.NotAssessed}
		v, err := kept.Visit(run, device)
		switch {
		case err != nil:
			return nil, err
		case v == nil || v.Outcome != facts.AskedAll:
			why := "it was not visited"
			reason := facts.Unreachable
			if v != nil {
				why = string(v.Outcome)
				if len(v.Set.Gaps) > 0 {
					reason, why = v.Set.Gaps[0].Reason, v.Set.Gaps[0].Detail
				}
			}
			r.Rows = []compare.ChangeCheck{{What: "the device", Verdict: compare.NotAssessed, Reason: reason, Why: why}}
			results = append(results, r)
			continue
		}
		platform, _ := platforms.ByName(v.Platform)
		c := compare.Case{Observed: v.Set, Now: time.Now().UTC(), Order: platform.Order, VersionInName: platform.VersionInName, Member: baseline.Member{Device: device, Platform: v.Platform}, Decisions: approved.Decisions()}
		if c.Approved, err = approved.Current(device); err != nil {
			return nil, err
		}
		if known != nil {
			if c.Known, err = known(v.Set); err != nil {
				return nil, err
			}
		}
		r.visit = *v
		if stage == "pre" {
			r.Rows = compare.PlanBefore(c, plan, v.Findings)
		} else {
			r.Rows = compare.PlanAfter(c, plan, v.Findings)
		}
		r.Verdict = compare.PlanVerdict(r.Rows)
		results = append(results, r)
	}
	return results, nil
}

// keepStage keeps what was checked, approves what came through, and closes the plan when all did.
func (p *program) keepStage(stage string, plan baseline.Plan, results []staged, f stageFlags) error {
	decisions, err := store.Open(p.settings.baselinePath())
	if err != nil {
		return err
	}
	defer decisions.Close()
	now := time.Now().UTC()
	for _, r := range results {
		if err := decisions.Checked(baseline.Step{Change: plan.Number, Stage: stage, Device: r.Device, Run: r.Run, Verdict: string(r.Verdict), By: f.by, At: now}); err != nil {
			return err
		}
	}
	if stage == "pre" || f.keep {
		return decisions.Close()
	}
	var through []history.Visit
	for _, r := range results {
		if r.Verdict == compare.Pass {
			through = append(through, r.visit)
		}
	}
	all, err := decisions.Decisions()
	if err != nil {
		return err
	}
	two, err := p.needTwo(all, through)
	if err != nil {
		return err
	}
	d := decision{by: f.by, reason: fmt.Sprintf("change %d carried out as planned: %s", plan.Number, plan.Reason), ticket: plan.Ticket}
	for _, v := range through {
		if two[v.Device] {
			proposed, err := decisions.Propose([]baseline.Proposal{{Device: v.Device, Run: v.Run, By: d.by, At: now, Reason: d.reason, Ticket: d.ticket}})
			if err != nil {
				return err
			}
			p.say("%s: the new state waits for a second approver: trueboot baseline confirm %s (no. %d)", v.Device, v.Device, proposed[0].Number)
			continue
		}
		if _, err := decisions.Approve(approvalOf(v, d)); err != nil {
			return err
		}
		p.say("%s: the new state is approved under %s", v.Device, plan.Ticket)
	}
	if all, err = decisions.Decisions(); err != nil {
		return err
	}
	plan, _ = all.Plan(plan.Number)
	done := func(device string) bool {
		return slices.ContainsFunc(plan.Steps, func(s baseline.Step) bool {
			return s.Stage == "post" && s.Device == device && s.Verdict == string(compare.Pass)
		})
	}
	if !slices.ContainsFunc(plan.Devices, func(device string) bool { return !done(device) }) {
		if err := decisions.End(baseline.Ending{Number: plan.Number, By: f.by, At: time.Now().UTC(), Reason: "carried out on every device", Ticket: plan.Ticket}); err != nil {
			return err
		}
		p.say("change %d (%s) was carried out on every device and is closed", plan.Number, plan.Ticket)
	}
	return decisions.Close()
}

// writeStaged prints what a stage says of a device.
func (p *program) writeStaged(r staged, format string) error {
	cell := func(text string) string { return reports.Printable(text, 120) }
	then, now := "before", "after"
	if r.Stage == "pre" {
		then, now = "approved", "now"
	}
	switch format {
	case "json":
		return reports.WriteMessage(p.stdout, "change_"+r.Stage, r)
	case "md":
		fmt.Fprintf(p.stdout, "### %s %s: %s (change %d, %s, run %s)\n\n| | planned | %s | %s | verdict | why |\n|---|---|---|---|---|---|\n", strings.ToUpper(r.Stage), reports.Markup(r.Device), r.Verdict, r.Change, reports.Markup(r.Ticket), r.Run, then, now)
		for _, row := range r.Rows {
			fmt.Fprintf(p.stdout, "| %s | %s | %s | %s | %s | %s |\n", reports.Markup(row.What), reports.Markup(row.Planned), reports.Markup(row.Before), reports.Markup(row.After), verdictCell(row), reports.Markup(row.Why))
		}
		fmt.Fprintln(p.stdout)
		return nil
	}
	fmt.Fprintf(p.stdout, "%s  %s  %s (change %d, %s, run %s)\n\n", r.Verdict, strings.ToUpper(r.Stage), cell(r.Device), r.Change, cell(r.Ticket), r.Run)
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  \tplanned\t%s\t%s\tverdict\n", then, now)
	for _, row := range r.Rows {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", cell(row.What), cell(row.Planned), cell(row.Before), cell(row.After), verdictCell(row))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if row.Verdict != compare.Pass {
			fmt.Fprintf(p.stdout, "  %s: %s\n", cell(row.What), reports.Printable(row.Why, 400))
		}
	}
	fmt.Fprintln(p.stdout)
	return nil
}

func verdictCell(row compare.ChangeCheck) string {
	if row.Reason != "" {
		return fmt.Sprintf("%s (%s)", row.Verdict, row.Reason)
	}
	return string(row.Verdict)
}
