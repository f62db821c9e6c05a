package main

import (
	"github.com/spf13/cobra"
)

func (p *program) inventoryCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "inventory",
		Short: "make an inventory from another tool's list, and try it before the first sweep",
		Long: `Make an inventory from what Ansible, NetBox, Nautobot, RANCID, Oxidized, Nornir, a spreadsheet or an SSH client knows (import), see whether everything in it can be found
(check), and whether the devices let us in (test).`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.inventoryImportCommand(), p.inventoryCheckCommand(), p.inventoryTestCommand())
	return c
}
