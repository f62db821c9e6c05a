package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/compare"
	"trueboot/reports"
)

func (p *program) waiveCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "waive",
		Short: "bear a finding for a while: who, why, under which ticket, until when",
		Long: `A waiver says that somebody knows of a finding and bears it until a day. The finding stays in every report, with the name of
who bears it; it no longer counts for the exit status. From the day on it is a finding again.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.waiveAddCommand(), p.waiveListCommand(), p.waiveExpireCommand())
	return c
}

func (p *program) waiveAddCommand() *cobra.Command {
	var (
		d              decision
		w              baseline.Waiver
		scope, expires string
	)
	c := &cobra.Command{
		Use:   "add CONTROL",
		Short: "bear a control's findings",
		Long: `Bear the findings of a control on the devices of --for, which are about --subject and show --observed where these are given.

A waiver is for FAIL, or with --verdict for NOT-ASSESSED, and never for both: what may stay unassessed may not fail. A finding that
contradicts itself, which is the mark of a lie, is waived only for one device and one subject that are named in full.`,
		Example: `  trueboot waive add NDI-ST-06 --for site=lab --subject 'flash:*.tcl' --expires 90d \
    --owner lab-team --ticket LAB-12 --reason 'test scripts'
  trueboot waive add NDI-BC-03 --for edge1 --observed 0x2142 --expires 2027-01-31 \
    --owner netops --ticket CHG-7 --reason 'password recovery under way'`,
		Args:        takes("CONTROL", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			rule, ok := compare.Explain(arguments[0])
			if !ok {
				return usage("control %q is not known; \"trueboot explain\" lists them", arguments[0])
			}
			var err error
			if w.Scope, err = baseline.ParseScope(scope); err != nil {
				return usage("--for: %w", err)
			}
			w.Control, w.By, w.Reason, w.Ticket, w.At = rule.Control, d.by, d.reason, d.ticket, time.Now().UTC()
			if w.Expires, err = parseLastDay(expires, w.At); err != nil {
				return usage("--expires: %w", err)
			}
			if err := w.Valid(); err != nil {
				return &status{statusUsage, err}
			}
			decisions, err := store.Open(p.settings.baselinePath())
			if err != nil {
				return err
			}
			defer decisions.Close()
			if w, err = decisions.Waive(w); err != nil {
				return err
			}
			p.writeWaiver(w)
			return decisions.Close()
		},
	}
	d.register(c)
	flags := c.Flags()
	flags.StringVar(&scope, "for", "", "which `devices`: a name or pattern, site=ams,role=edge, platform=cisco_ios, model=, tag=, or all: required")
	flags.StringVar(&w.Subject, "subject", "", "only findings about this file, component or setting: a `pattern` with * and ?")
	flags.StringVar(&w.Observed, "observed", "", "only while the device shows this `value`")
	flags.StringVar(&w.Verdict, "verdict", string(compare.Fail), "`verdict` that is waived: FAIL or NOT-ASSESSED")
	flags.StringVar(&w.Owner, "owner", "", "`who` bears it: required")
	flags.StringVar(&expires, "expires", "", "last `day`, 2027-01-31, or a span, 90d; a year at most: required")
	p.settings.registerStore(flags)
	return c
}

// parseLastDay reads the last day on which something holds, or for how many days it does, and returns the moment from which on it no longer does.
func parseLastDay(text string, now time.Time) (time.Time, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 36500 {
			return time.Time{}, fmt.Errorf("%q: a number of days such as 90d", text)
		}
		return now.AddDate(0, 0, n), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q: a day such as 2027-01-31, or a number of days such as 90d", text)
	}
	return day.AddDate(0, 0, 1), nil
}

// writeWaiver prints a waiver for people.
func (p *program) writeWaiver(w baseline.Waiver) {
	about := w.Control + " " + w.Verdict + " on " + w.Scope.String()
	if w.Subject != "" {
		about += ", about " + w.Subject
	}
	if w.Observed != "" {
		about += ", while it is " + w.Observed
	}
	state := "until " + w.Expires.Format("2006-01-02 15:04 UTC")
	switch now := time.Now(); {
	case w.Ended != nil:
		state = fmt.Sprintf("ENDED on %s by %s: %s", w.Ended.At.Format(time.DateOnly), w.Ended.By, w.Ended.Reason)
	case !w.Holds(now):
		state = "EXPIRED on " + w.Expires.Format(time.DateOnly)
	}
	fmt.Fprintf(p.stdout, "waiver %d  %s\n    %s\n    owner %s, %s: %s (by %s on %s)\n", w.Number, reports.Printable(about, 300), reports.Printable(state, 300),
		reports.Printable(w.Owner, 100), reports.Printable(w.Ticket, 100), reports.Printable(w.Reason, 300), reports.Printable(w.By, 100), w.At.Format(time.DateOnly))
}

func (p *program) waiveListCommand() *cobra.Command {
	var (
		format string
		all    bool
	)
	c := &cobra.Command{
		Use:         "list",
		Short:       "list the waivers that hold and those that expired",
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
			shown := 0
			for _, w := range kept.Decisions().Waivers {
				if w.Ended != nil && !all {
					continue
				}
				shown++
				if format == "text" {
					p.writeWaiver(w)
				} else if err := reports.WriteMessage(p.stdout, "waiver", w); err != nil {
					return err
				}
			}
			if shown == 0 {
				p.say("no waiver: every finding counts")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also those that were ended")
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) waiveExpireCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:         "expire NUMBER",
		Short:       "end a waiver before its day",
		Args:        takes("NUMBER", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			return p.endDecision("waiver", arguments[0], "trueboot waive list", d, func(all baseline.Decisions, number uint64) bool {
				_, ok := all.Waiver(number)
				return ok
			})
		},
	}
	d.register(c)
	p.settings.registerStore(c.Flags())
	return c
}
