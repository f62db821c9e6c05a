package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/baseline/tickets"
	"trueboot/inventory"
	"trueboot/reports"
)

const standardInput = "standard input"

func (p *program) changeImportCommand() *cobra.Command {
	var (
		from    string
		days    int
		preview bool
	)
	c := &cobra.Command{
		Use:   "import FILE|-",
		Short: "take over the changes that a ticket system, a calendar or a table plans",
		Long: `Take plans over from a table (CSV), a calendar (iCalendar), or JSON from a program that asks a ticket system; - reads standard input. An entry has to say what "change plan" wants:
ticket, devices (or limit), to, start and end. In a calendar the event says when, the summary names the ticket, and lines of the description say the rest: "devices: edge*",
"to: 17.9.4a". Events that come again become a plan for each time in the next --days.

A second import changes only what changed: plans of a ticket that say something else now, or are cancelled, are closed and made anew. A plan that was checked already (pre), or
that a person made, is left alone, and that is said. A ticket explains findings; it never hides one, and a window that doesn't say what is planned explains nothing.`,
		Example: `  trueboot change import changes.csv
  curl -s https://calendar.example.net/network.ics | trueboot change import -
  snow-changes | trueboot change import - --from json`,
		Args: takes("FILE", 1, 1),
		Annotations: exits(`  0  every change of the file is planned
  1  the program could not do its work
  2  wrong usage
  3  changes were left out, each with the reason`),
		RunE: func(_ *cobra.Command, files []string) error {
			if days < 1 || days > 366 {
				return usage("--days %d: a number from 1 to 366", days)
			}
			return p.importChanges(files[0], from, time.Now(), days, preview)
		},
	}
	c.Flags().StringVar(&from, "from", "", "`format` of the file: csv, ical or json (default: as it looks)")
	c.Flags().IntVar(&days, "days", 35, "`number` of days ahead for which events that come again are planned")
	c.Flags().BoolVar(&preview, "preview", false, "show what would be planned and closed, and change nothing")
	p.settings.registerInventory(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

// A ticketImport is what becomes of the changes of a file.
type ticketImport struct {
	wanted   []baseline.Plan
	tickets  map[string]bool // that the file names
	lost     int
	over     int
	existing int // that say the same already
}

func (p *program) importChanges(file, from string, now time.Time, days int, preview bool) error {
	in, source := p.stdin, standardInput
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		in, source = io.Reader(f), file
	}
	list, err := tickets.Read(in, from, now, now.AddDate(0, 0, days), time.Local)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if err != nil {
		return err
	}
	chosen := func(limit string) ([]inventory.Device, error) { return inv.Select(limit, nil, nil) }
	i := ticketImport{tickets: map[string]bool{}}
	for _, left := range list.Left {
		p.say("%s: %s: %s", source, left.Place, left.Reason)
		if left.Lost {
			i.lost++
		}
	}
	for _, e := range list.Entries {
		i.tickets[e.Fields["ticket"]] = true
		if e.Cancelled {
			continue
		}
		plan, err := planOf(e, source, now, chosen)
		switch {
		case err != nil && !e.End.IsZero() && !e.End.After(now), errors.Is(err, errPassed):
			i.over++
		case err != nil:
			p.say("%s: %s: %s: %v", source, e.Place, e.Fields["ticket"], err)
			i.lost++
		case slices.ContainsFunc(i.wanted, plan.SamePlan): // the file has it twice
		default:
			i.wanted = append(i.wanted, plan)
		}
	}
	if err := p.reconcile(&i, source, now, preview); err != nil {
		return err
	}
	p.say("%s (%s): %d changes, %d of them planned before, %d over; %d left out", source, list.Format, len(i.wanted)+i.existing, i.existing, i.over, i.lost)
	if i.lost > 0 {
		return &status{code: statusNotAssessed}
	}
	return nil
}

// planOf makes a plan of an entry.
func planOf(e tickets.Entry, source string, now time.Time, chosen func(string) ([]inventory.Device, error)) (baseline.Plan, error) {
	list := func(name string) []string {
		var all []string
		for part := range strings.SplitSeq(e.Fields[name], ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
		return all
	}
	f := planFlags{
		Ticket: e.Fields["ticket"], Owner: e.Fields["owner"], Reason: e.Fields["reason"], By: collector(), Limit: e.Fields["limit"], To: list("to"), From: list("from"), Boot: list("boot"),
		Before: list("boot_before"), Packages: list("packages"), Without: list("packages_before"), Register: e.Fields["register"], Loader: e.Fields["boot_loader"], Files: list("files"), Old: e.Fields["old_image"], Start: e.Fields["start"], End: e.Fields["end"],
	}
	if f.Reason == "" {
		f.Reason = "imported from " + source
	}
	if !e.Start.IsZero() {
		f.Start, f.End = e.Start.Format(time.RFC3339), e.End.Format(time.RFC3339)
	}
	plan, err := newPlan(f, now, chosen)
	plan.Source = source
	return plan, err
}

// reconcile closes the plans of this source that say something else than the file, and makes those that are new.
func (p *program) reconcile(i *ticketImport, source string, now time.Time, preview bool) error {
	decisions, err := store.Open(p.settings.baselinePath())
	if err != nil {
		return err
	}
	defer decisions.Close()
	all, err := decisions.Decisions()
	if err != nil {
		return err
	}
	for _, held := range all.Plans {
		if held.Ended != nil || held.Over(now) || !i.tickets[held.Ticket] {
			continue
		}
		if at := slices.IndexFunc(i.wanted, held.SamePlan); at >= 0 {
			i.wanted = slices.Delete(i.wanted, at, at+1)
			i.existing++
			continue
		}
		switch {
		case held.Source != source:
			continue // its windows are compared when a new one is made
		case len(held.Steps) > 0:
			p.say("change %d (%s) was checked already and %s says something else now: it stays as it is; close it (trueboot change close %d) and import again", held.Number, held.Ticket, source, held.Number)
			i.lost++
			continue
		}
		p.writeImported("closed", held)
		if preview {
			continue
		}
		if err := decisions.End(baseline.Ending{Number: held.Number, By: collector(), At: now, Reason: source + " says something else now", Ticket: held.Ticket}); err != nil {
			return err
		}
	}
	for n, plan := range i.wanted {
		if preview {
			p.writeImported("new", plan)
			continue
		}
		made, err := decisions.Plan(plan, alone(plan))
		if err != nil {
			p.say("%s: %s: %v", source, plan.Ticket, err)
			i.lost++
			i.wanted[n].Ticket = ""
			continue
		}
		p.writeImported("new", made)
	}
	i.wanted = slices.DeleteFunc(i.wanted, func(c baseline.Plan) bool { return c.Ticket == "" })
	return decisions.Close()
}

// writeImported prints a plan in a line.
func (p *program) writeImported(what string, c baseline.Plan) {
	number := "change"
	if c.Number > 0 {
		number = fmt.Sprintf("change %d", c.Number)
	}
	fmt.Fprintf(p.stdout, "%-6s  %s (%s)  %s to %s  %s\n", what, number, reports.Printable(c.Ticket, 60), c.Start.Local().Format("2006-01-02 15:04"), c.End.Local().Format("2006-01-02 15:04 MST"),
		reports.Printable(strings.Join(c.Devices, ", "), 200))
}
