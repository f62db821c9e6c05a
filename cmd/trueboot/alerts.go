package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/alerts"
	"trueboot/alerts/incidents"
	"trueboot/reports"
)

func (p *program) alertsCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:         "alerts",
		Short:       "list, show and acknowledge what watch found",
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.alertsListCommand(), p.alertsShowCommand(), p.alertsAckCommand())
	return c
}

func (p *program) openAlerts() (*incidents.Store, error) {
	store, err := incidents.OpenReadOnly(p.settings.alertsPath())
	return store, withHint(err, "no alert was ever kept: trueboot watch does")
}

func (p *program) alertsListCommand() *cobra.Command {
	var format, least string
	var all bool
	c := &cobra.Command{
		Use:         "list",
		Short:       "list alerts that nobody has acknowledged",
		Args:        takes("", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if severityRank(alerts.Severity(least)) < 0 {
				return usage("--severity %q: critical, high, medium, low or info", least)
			}
			store, err := p.openAlerts()
			if err != nil {
				return err
			}
			defer store.Close()
			kept, err := store.All()
			if err != nil {
				return err
			}
			kept = slices.DeleteFunc(kept, func(k incidents.Kept) bool {
				return !all && k.Acknowledged != nil || severityRank(k.Severity) > severityRank(alerts.Severity(least))
			})
			for _, k := range kept {
				if format == "json" {
					if err := reports.WriteMessage(p.stdout, "alert", k); err != nil {
						return err
					}
					continue
				}
				notes := ""
				if k.Confirmed != "" {
					notes = ", a visit: " + string(k.Confirmed)
				}
				if k.Acknowledged != nil {
					notes += ", acknowledged by " + k.Acknowledged.By
				}
				fmt.Fprintf(p.stdout, "%-12s  %-8s  %s  %-20s  %s: %s%s\n", reports.Printable(k.ID, 40), strings.ToUpper(string(k.Severity)), k.Time.Format(time.DateTime), reports.Printable(k.Device, 40), k.Chain, reports.Printable(k.Title, 120), reports.Printable(notes, 100))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&all, "all", false, "those that were acknowledged too")
	c.Flags().StringVar(&least, "severity", "low", "least `severity`: critical, high, medium, low, info")
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) alertsShowCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:         "show ID",
		Short:       "show an alert: every line, the arithmetic of its score, what explains it, what a visit said",
		Args:        takes("ID", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			store, err := p.openAlerts()
			if err != nil {
				return err
			}
			defer store.Close()
			k, err := store.Get(arguments[0])
			if err != nil {
				return err
			}
			if format == "json" {
				return reports.WriteMessage(p.stdout, "alert", k)
			}
			out := bufio.NewWriter(p.stdout)
			if err := writeAlert(out, k.Alert, format); err != nil {
				return err
			}
			if a := k.Acknowledged; a != nil {
				fmt.Fprintf(out, "acknowledged on %s by %s: %s %s\n", a.At.Format(time.DateTime), reports.Printable(a.By, 100), reports.Printable(a.Reason, 500), reports.Printable(a.Ticket, 100))
			}
			if k.Evidence != "" {
				fmt.Fprintf(out, "the visit is run %s: trueboot history %s\n", reports.Printable(k.Evidence, 40), reports.Printable(k.Device, 100))
			}
			return out.Flush()
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) alertsAckCommand() *cobra.Command {
	var d decision
	c := &cobra.Command{
		Use:         "ack ID",
		Short:       "acknowledge an alert: who has dealt with it, and how",
		Long:        `Acknowledge an alert. It is kept, and listed with --all. When it becomes graver than it was, it is listed again.`,
		Args:        takes("ID", 1, 1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := d.check(); err != nil {
				return err
			}
			store, err := incidents.Open(p.settings.alertsPath())
			if err != nil {
				return err
			}
			defer store.Close()
			k, err := store.Get(arguments[0])
			if err != nil {
				return err
			}
			if err := store.Acknowledge(k.ID, incidents.Acknowledgement{By: d.by, At: time.Now().UTC(), Reason: d.reason, Ticket: d.ticket}); err != nil {
				return err
			}
			return store.Close()
		},
	}
	d.register(c)
	p.settings.registerStore(c.Flags())
	return c
}
