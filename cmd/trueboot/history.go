package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

func (p *program) historyCommand() *cobra.Command {
	var limit int
	var show bool
	c := &cobra.Command{
		Use:   "history [DEVICE]",
		Short: "what changed on a device, when, seen by which run; without a device, the runs",
		Long: `List the visits of a device, newest first, and what each found changed since the one before it: facts, never
text. Without a device, list the runs. --facts prints what the device stated at its last assessed visit.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			store, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer store.Close()
			switch {
			case len(arguments) == 0:
				return p.listRuns(store, limit)
			case show:
				return p.showFacts(store, arguments[0])
			}
			return p.listVisits(store, arguments[0], limit)
		},
	}
	c.Flags().IntVar(&limit, "last", 20, "how many visits or runs")
	c.Flags().BoolVar(&show, "facts", false, "print the facts of the last assessed visit")
	return c
}

func (p *program) listRuns(store *history.Store, limit int) error {
	runs, err := store.Runs()
	if err != nil {
		return err
	}
	for i := len(runs) - 1; i >= 0 && len(runs)-i <= limit; i-- {
		r := runs[i]
		fmt.Fprintf(p.stdout, "%s  %s  %-11s  %d devices  %s\n", r.ID, r.Started.Format(time.DateTime), r.Status, r.Devices, reports.Printable(r.By, 60))
	}
	return nil
}

func (p *program) showFacts(store *history.Store, device string) error {
	visit, err := store.LastAssessed(device)
	if err != nil {
		return err
	}
	if visit == nil {
		return fmt.Errorf("%q was never assessed", device)
	}
	fmt.Fprintf(p.stdout, "%s as seen on %s by run %s\n\n", reports.Printable(device, 100), visit.Started.Format(time.DateTime), visit.Run)
	writeFactTable(p.stdout, visit.Set.Facts)
	return nil
}

// listVisits prints each visit with what changed since the assessed visit before it.
func (p *program) listVisits(store *history.Store, device string, limit int) error {
	var newer *history.Visit // the last assessed visit printed, whose changes are not known yet
	printed := 0
	changes := func(older *history.Visit) {
		if newer == nil {
			return
		}
		if older == nil {
			fmt.Fprintf(p.stdout, "    first seen: %s, %s\n", reports.Printable(newer.Set.Value(facts.RunningVersion), 60), reports.Printable(newer.Set.Value(facts.RunningImage), 200))
			return
		}
		differences := baseline.Diff(older.Set, newer.Set)
		if len(differences) == 0 {
			fmt.Fprintln(p.stdout, "    nothing changed")
		}
		writeDifferences(p.stdout, differences)
	}
	for v, err := range store.DeviceVisits(device) {
		if err != nil {
			return err
		}
		if v.Outcome == facts.AskedAll {
			changes(&v)
			newer = nil
		}
		if printed == limit {
			return nil
		}
		printed++
		fmt.Fprintf(p.stdout, "%s  %s  %s\n", v.Started.Format(time.DateTime), v.Run, v.Outcome)
		if v.Outcome == facts.AskedAll {
			newer = &v
		} else {
			for _, g := range v.Set.Gaps {
				fmt.Fprintf(p.stdout, "    %s: %s\n", g.Reason, reports.Printable(g.Detail, 200))
				break // one gap explains it
			}
		}
	}
	if printed == 0 {
		return fmt.Errorf("%q was never visited", device)
	}
	changes(nil)
	return nil
}

// writeDifferences prints what moved, one a line: + added, - removed, ~ changed, ? not seen.
func writeDifferences(w io.Writer, differences []baseline.Difference) {
	for _, d := range differences {
		subject := ""
		if d.Subject != "" {
			subject = " " + reports.Printable(d.Subject, 120)
		}
		switch d.Change {
		case baseline.Added:
			fmt.Fprintf(w, "    + %s%s: %s\n", d.Kind, subject, reports.Printable(d.Observed.Value, 160))
		case baseline.Removed:
			fmt.Fprintf(w, "    - %s%s: %s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160))
		case baseline.Changed:
			fmt.Fprintf(w, "    ~ %s%s: %s -> %s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160), reports.Printable(d.Observed.Value, 160))
		case baseline.NotSeen:
			fmt.Fprintf(w, "    ? %s%s: %s, not seen: %s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160), d.Gap.Reason)
		}
	}
}
