package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"trueboot/history"
	"trueboot/reports"
)

func (p *program) evidenceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "evidence",
		Short: "check that the kept evidence is what was collected",
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.evidenceVerifyCommand())
	return c
}

func (p *program) evidenceVerifyCommand() *cobra.Command {
	var head string
	c := &cobra.Command{
		Use:   "verify",
		Short: "recompute every digest of the evidence chain, down to the raw replies",
		Long: `Walk the chain of the history from its first entry to its last and recompute every digest: of
the raw replies, the facts, the findings, and of each entry over the one before it. One changed byte is noticed.

It prints the chain's head. Keep it somewhere else: who can write the file can compute a whole new chain,
and only a head noted elsewhere tells. --head compares with one that you noted, and is found anywhere in the chain.

EXIT STATUS
  0  everything holds
  1  the history can't be read
  4  something does not hold`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			store, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer store.Close()
			report, err := store.Verify(c.Context(), head)
			if err != nil {
				return err
			}
			for _, d := range report.Damages {
				fmt.Fprintln(p.stdout, reports.Printable(d.String(), 1000))
			}
			fmt.Fprintf(p.stdout, "%d entries, %d visits, %d replies; head %s\n", report.Entries, report.Visits, report.Replies, report.Head)
			if len(report.Damages) > 0 {
				return &status{statusFail, errors.New("the evidence was changed after it was collected")}
			}
			return nil
		},
	}
	c.Flags().StringVar(&head, "head", "", "a head that was noted earlier: it must be in the chain")
	return c
}
