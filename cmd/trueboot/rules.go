package main

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/alerts"
	"trueboot/alerts/sigma"
	"trueboot/reports"
	"trueboot/syslog"
)

func (p *program) rulesCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "rules",
		Short: "list, test and export the rules that class the lines of logs",
		Long: `The rules that "detect" and "watch" class lines by are Sigma's YAML, with a section that says which stage of an image change a line is, and
with lines that each rule has to match and must not. --rules takes those of a folder in the place of the built-in ones.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.rulesListCommand(), p.rulesTestCommand(), p.rulesExportCommand())
	return c
}

func rulesFlag(c *cobra.Command, folder *string) {
	c.Flags().StringVar(folder, "rules", "", "`folder` of rules in Sigma's YAML, in the place of the built-in ones")
}

// ruleMessage is a rule for programs.
type ruleMessage struct {
	ID             string        `json:"id"`
	Title          string        `json:"title"`
	Place          string        `json:"place"`
	Status         string        `json:"status"`
	Product        string        `json:"product,omitempty"`
	Service        string        `json:"service,omitempty"`
	Stage          alerts.Stage  `json:"stage"`
	Sub            string        `json:"sub,omitempty"`
	Weight         alerts.Weight `json:"weight"`
	SeedPoints     int           `json:"seed_points,omitempty"`
	Attack         []string      `json:"attack"`
	FalsePositives []string      `json:"false_positives"`
}

func (p *program) rulesListCommand() *cobra.Command {
	var folder, format string
	c := &cobra.Command{
		Use:         "list",
		Short:       "list the rules: stage, weight, techniques, false positives",
		Args:        takes("", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			all, err := loadRules(folder)
			if err != nil {
				return err
			}
			for _, r := range all.All {
				if format == "json" {
					if err := reports.WriteMessage(p.stdout, "rule", ruleMessage{r.ID, r.Title, r.Place, r.Status, r.LogSource.Product, r.LogSource.Service, r.Stage, r.Sub, r.Weight, r.SeedPoints, r.Attack(), r.FalsePositives}); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintf(p.stdout, "%-36s  %-16s  %-8s  %s\n", reports.Printable(r.ID, 80), r.Stage, r.Weight, reports.Printable(r.Title, 200))
				fmt.Fprintf(p.stdout, "%36s  ATT&CK %s; not an attack: %s\n", "", strings.Join(r.Attack(), " "), reports.Printable(strings.Join(r.FalsePositives, "; "), 300))
			}
			return nil
		},
	}
	rulesFlag(c, &folder)
	registerFormat(c.Flags(), &format)
	return c
}

const rulesTestHelp = `  0  each rule matches its own lines, and none that it must not
  1  the program could not do its work
  2  wrong usage
  4  a rule fails one of its lines, or brings none`

func (p *program) rulesTestCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:         "test",
		Short:       "run the lines that each rule brings along",
		Long:        `Run the lines that each rule brings along through everything that a line of a log goes through. A rule without a line that it has to match, or without one that it must not, fails.`,
		Args:        takes("", 0, 0),
		Annotations: exits(rulesTestHelp),
		RunE: func(*cobra.Command, []string) error {
			all, err := loadRules(folder)
			if err != nil {
				return err
			}
			failures, lines := 0, 0
			for _, r := range all.All {
				for _, complaint := range testRule(all, r) {
					failures++
					fmt.Fprintf(p.stdout, "FAIL  %s: %s: %s\n", r.Place, reports.Printable(r.ID, 80), reports.Printable(complaint, 500))
				}
				lines += len(r.Positive) + len(r.Negative)
			}
			fmt.Fprintf(p.stdout, "%d rules, %d lines, %d failures\n", len(all.All), lines, failures)
			if failures > 0 {
				return &status{code: statusFail}
			}
			return nil
		},
	}
	rulesFlag(c, &folder)
	return c
}

// testRule returns what is wrong with a rule.
func testRule(all *sigma.Rules, r *sigma.Rule) (complaints []string) {
	if len(r.Positive) == 0 || len(r.Negative) == 0 {
		complaints = append(complaints, "it brings no line that it has to match, or none that it must not (trueboot.tests)")
	}
	for _, line := range r.Positive {
		if got := classedBy(all, line); r.Benign != (len(got) == 0) || !r.Benign && !slices.Equal(got, []string{r.ID}) {
			complaints = append(complaints, fmt.Sprintf("%q is classed by %q", line, got))
		}
	}
	for _, line := range r.Negative {
		if got := classedBy(all, line); slices.Contains(got, r.ID) {
			complaints = append(complaints, fmt.Sprintf("%q is classed by it", line))
		}
	}
	return complaints
}

// classedBy takes a line the whole way, and returns the rules that class it.
func classedBy(all *sigma.Rules, line string) (ids []string) {
	names := &directory{}
	engine := names.newEngine(all)
	emit := func(r alerts.Record) {
		for _, e := range engine.Classify(&r) {
			ids = append(ids, e.Rule)
		}
	}
	joiner := syslog.NewJoiner(func(netip.Addr) bool { return true })
	if engine.Wanted(line) {
		joiner.Add(syslog.Parse(line, alerts.Record{Received: time.Now()}), emit)
	}
	joiner.Flush(time.Time{}, emit)
	return ids
}

func (p *program) rulesExportCommand() *cobra.Command {
	var folder, to string
	c := &cobra.Command{
		Use:   "export [ID…]",
		Short: "write rules as queries for Sentinel or Splunk",
		Long: `Write rules as queries: --to kql for Microsoft Sentinel, --to spl for Splunk. What the other system has no field for, such as the direction of a
copy or a command that was abbreviated, is left out and named in a comment above the query, which then finds more than the rule.`,
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, ids []string) error {
			if to != string(sigma.KQL) && to != string(sigma.SPL) {
				return usage("--to %q: kql or spl", to)
			}
			all, err := loadRules(folder)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if all.ByID(id) == nil {
					return usage("there is no rule %q; see trueboot rules list", id)
				}
			}
			written, loose := 0, 0
			for _, r := range all.All {
				if len(ids) > 0 && !slices.Contains(ids, r.ID) {
					continue
				}
				query, notes := r.Export(sigma.Dialect(to))
				if _, err := fmt.Fprintln(p.stdout, query); err != nil {
					return err
				}
				written++
				if len(notes) > 0 {
					loose++
				}
			}
			p.say("%d rules written; %d of them find more than the rule, and say what is not carried over", written, loose)
			return nil
		},
	}
	rulesFlag(c, &folder)
	c.Flags().StringVar(&to, "to", "kql", "`language` of the queries: kql or spl")
	return c
}
