package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"trueboot/compare"
)

func (p *program) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CONTROL]",
		Short: "what a control checks, how, what an attacker would do, and where it comes from",
		Long: `Explain one control by its id (NDI-BC-03, or BC-03) or by its rule's name (configuration-register). Without an argument, list
the controls.`,
		Annotations: exits(workedHelp),
		Args:        takes("CONTROL", 0, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				for _, r := range compare.Rules() {
					fmt.Fprintf(p.stdout, "%-10s  %-26s  %s\n", r.Control, r.Name, r.Title)
				}
				return nil
			}
			rule, ok := compare.Explain(arguments[0])
			if !ok {
				return usage("control %q is not known; \"trueboot explain\" lists them", arguments[0])
			}
			_, err := fmt.Fprint(p.stdout, rule.Text())
			return err
		},
	}
}
