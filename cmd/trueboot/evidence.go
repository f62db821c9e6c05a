package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"trueboot/history"
	"trueboot/reports"
)

func (p *program) evidenceCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:         "evidence",
		Short:       "check that the kept evidence is what was collected",
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.evidenceVerifyCommand())
	return c
}

func (p *program) evidenceVerifyCommand() *cobra.Command {
	var head, format string
	c := &cobra.Command{
		Use:   "verify",
		Short: "recompute every digest of the evidence chain, down to the raw replies",
		Long: `Walk the chain of the history from its first entry to its last and recompute every digest: of the raw replies, the facts,
the findings, and of each entry over the one before it; and account for all that is in the file beside these. One changed byte is
noticed, wherever it is.

It prints the chain's head. Keep it somewhere else: who can write the file can compute a whole new chain, and only a head
noted elsewhere tells. --head compares with one that you noted, and is found anywhere in the chain.`,
		Annotations: exits(`  0  everything holds
  1  the history can't be read
  2  wrong usage
  4  something does not hold`),
		Args: takes("argument", 0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			if digest, err := hex.DecodeString(head); err != nil || head != "" && len(digest) != sha256.Size {
				return usage("--head %q: want the %d hexadecimal digits that an earlier verification printed", head, 2*sha256.Size)
			}
			store, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer store.Close()
			report, err := store.Verify(c.Context(), head)
			if err != nil {
				return err
			}
			write := writeEvidence
			if format == "json" {
				write = writeEvidenceMessages
			}
			if err := write(p.stdout, report); err != nil {
				return err
			}
			if !report.Closed && runtime.GOOS != "windows" {
				p.say("the last sweep was ended by force: what stands in the file where it is free was not looked at; the next sweep clears it")
			}
			if len(report.Damages) > 0 {
				return &status{statusFail, errors.New("the evidence is not what was collected")}
			}
			return nil
		},
	}
	c.Flags().StringVar(&head, "head", "", "a `digest` that was noted earlier: it must be in the chain")
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func writeEvidence(w io.Writer, r *history.Report) error {
	for _, d := range r.Damages {
		fmt.Fprintln(w, reports.Printable(d.String(), 1000))
	}
	_, err := fmt.Fprintf(w, "%d entries, %d visits, %d replies; head %s\n", r.Entries, r.Visits, r.Replies, r.Head)
	return err
}

// writeEvidenceMessages prints each damage and then the whole for programs.
func writeEvidenceMessages(w io.Writer, r *history.Report) error {
	for _, d := range r.Damages {
		if err := reports.WriteMessage(w, "damage", map[string]string{"where": d.Where, "what": d.What}); err != nil {
			return err
		}
	}
	return reports.WriteMessage(w, "evidence", map[string]any{
		"entries": r.Entries, "visits": r.Visits, "replies": r.Replies, "head": r.Head, "damages": len(r.Damages), "closed": r.Closed,
	})
}
