package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

// historyFlags are the flags of a look into the history.
type historyFlags struct {
	last   int
	facts  bool
	format string
}

func (p *program) historyCommand() *cobra.Command {
	var f historyFlags
	c := &cobra.Command{
		Use:   "history [DEVICE]",
		Short: "what changed on a device, when, seen by which run; without a device, the runs",
		Long: `List the visits of a device, newest first, and what each found changed since the one before it: facts, never text. + is new,
- is gone, ~ has another value, and of ? nothing is known. Without a device, list the runs.`,
		Annotations: exits(workedHelp),
		Args:        takes("DEVICE", 0, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			switch {
			case f.last < 1:
				return usage("--last %d: at least 1", f.last)
			case f.facts && len(arguments) == 0:
				return usage("--facts: of which device?")
			}
			if err := checkFormat(f.format); err != nil {
				return err
			}
			kept, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer kept.Close()
			switch {
			case len(arguments) == 0:
				return p.listRuns(kept, f)
			case f.facts:
				return p.showFacts(kept, arguments[0], f.format)
			}
			return p.listVisits(kept, arguments[0], f)
		},
	}
	c.Flags().IntVar(&f.last, "last", 20, "`number` of visits or runs")
	c.Flags().BoolVar(&f.facts, "facts", false, "print the facts of the last assessed visit instead")
	registerFormat(c.Flags(), &f.format)
	p.settings.registerStore(c.Flags())
	return c
}

// A runMessage is the JSON form of a run.
type runMessage struct {
	history.Run
	Status history.Status    `json:"status"`
	Ended  time.Time         `json:"ended,omitzero"`
	Odd    []compare.Finding `json:"odd,omitempty"` // NDI-XC-01
}

func (p *program) listRuns(kept *history.Store, f historyFlags) error {
	runs, err := kept.Runs()
	if err != nil {
		return err
	}
	slices.Reverse(runs)
	for _, r := range runs[:min(f.last, len(runs))] {
		if f.format == "json" {
			if err := reports.WriteMessage(p.stdout, "run", runMessage{r, r.Status, r.Ended, r.Odd}); err != nil {
				return err
			}
			continue
		}
		selection := ""
		if r.Limit != "" {
			selection += "  --limit " + r.Limit
		}
		for _, tag := range r.Tags {
			selection += "  --tag " + tag
		}
		devices := "devices"
		if r.Devices == 1 {
			devices = "device"
		}
		fmt.Fprintf(p.stdout, "%3s  %s  %-11s  %4d %-7s  %s%s\n", r.ID, r.Started.Format(time.DateTime), r.Status, r.Devices, devices,
			reports.Printable(r.By, 60), reports.Printable(selection, 200))
		for _, odd := range r.Odd {
			fmt.Fprintf(p.stdout, "     odd one out: %s: %s\n", reports.Printable(odd.Device, 60), reports.Printable(odd.Message, 300))
		}
	}
	return nil
}

func (p *program) showFacts(kept *history.Store, device, format string) error {
	visit, err := kept.LastAssessed(device)
	if err != nil {
		return err
	}
	if visit == nil {
		return fmt.Errorf("%q was never assessed", device)
	}
	if format == "json" {
		return reports.WriteFacts(p.stdout, visit.Set)
	}
	fmt.Fprintf(p.stdout, "%s as seen on %s by run %s\n\n", reports.Printable(device, 100), visit.Started.Format(time.DateTime), visit.Run)
	writeFactTable(p.stdout, visit.Set.Facts)
	return nil
}

// A visitMessage is the JSON form of a visit.
type visitMessage struct {
	Device      string        `json:"device"`
	Run         string        `json:"run"`
	Started     time.Time     `json:"started"`
	Elapsed     int64         `json:"elapsed_ms"`
	Outcome     facts.Outcome `json:"outcome"`
	Reason      facts.Reason  `json:"reason,omitempty"` // why it was not assessed
	Detail      string        `json:"detail,omitempty"`
	Since       string        `json:"since,omitempty"` // the run of the assessed visit before; missing for the first
	Differences []moved       `json:"differences,omitempty"`
}

// listVisits prints each visit with what changed since the assessed visit before it.
func (p *program) listVisits(kept *history.Store, device string, f historyFlags) error {
	approvals, err := p.readApprovals()
	if err != nil {
		return err
	}
	approved, err := approvals.Current(device)
	if err != nil {
		return err
	}
	var waiting []history.Visit // those whose older neighbour is not known yet: an assessed one, and none after it that was
	printed := 0
	flush := func(older *history.Visit) error {
		for _, v := range waiting {
			if err := p.writeVisit(v, older, approved, f.format); err != nil {
				return err
			}
		}
		printed += len(waiting)
		waiting = nil
		return nil
	}
	for v, err := range kept.DeviceVisits(device) {
		if err != nil {
			return err
		}
		if v.Outcome == facts.AskedAll {
			if err := flush(&v); err != nil {
				return err
			}
		}
		if printed+len(waiting) == f.last {
			if v.Outcome == facts.AskedAll || len(waiting) == 0 {
				return nil
			}
			continue
		}
		waiting = append(waiting, v)
	}
	if printed+len(waiting) == 0 {
		return fmt.Errorf("%q was never visited", device)
	}
	return flush(nil)
}

// writeVisit prints a visit and what changed since an older one; nil where there is none.
func (p *program) writeVisit(v history.Visit, older *history.Visit, approved *baseline.Approval, format string) error {
	m := visitMessage{Device: v.Device, Run: v.Run, Started: v.Started, Elapsed: v.Elapsed.Milliseconds(), Outcome: v.Outcome}
	assessed := v.Outcome == facts.AskedAll
	switch {
	case assessed && older != nil:
		m.Since, m.Differences = older.Run, movedOf(v.Platform, approved, baseline.Diff(older.Set, v.Set))
	case !assessed && len(v.Set.Gaps) > 0: // one gap explains it
		m.Reason, m.Detail = v.Set.Gaps[0].Reason, v.Set.Gaps[0].Detail
	}
	if format == "json" {
		return reports.WriteMessage(p.stdout, "visit", m)
	}
	fmt.Fprintf(p.stdout, "%s  run %s  %s\n", v.Started.Format(time.DateTime), v.Run, v.Outcome)
	switch {
	case !assessed && m.Reason != "":
		fmt.Fprintf(p.stdout, "    %s: %s\n", m.Reason, reports.Printable(m.Detail, 200))
	case !assessed:
	case older == nil:
		fmt.Fprintf(p.stdout, "    first seen: %s, %s\n", reports.Printable(v.Set.Value(facts.RunningVersion), 60), reports.Printable(v.Set.Value(facts.RunningImage), 200))
	case len(m.Differences) == 0:
		fmt.Fprintf(p.stdout, "    nothing changed since run %s\n", older.Run)
	default:
		writeMoved(p.stdout, m.Differences)
	}
	return nil
}
