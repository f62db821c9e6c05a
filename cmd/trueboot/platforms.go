package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"trueboot/collectors"
	"trueboot/collectors/platforms"
	"trueboot/inventory"
)

func (p *program) platformsCommand() *cobra.Command {
	var commands bool
	c := &cobra.Command{
		Use:   "platforms [PLATFORM…]",
		Short: "list the platforms, or everything that may ever be typed on them",
		Long: `List the platforms that trueboot can visit, with the names that other tools give them.

With --commands, print every command that may ever be typed on a device of the platform, in the order in which they are
typed, and every NETCONF operation that may be sent. Words in braces stand for what an earlier reply named: a file, a file
system. {nonce} is a random number of our own. At the end stand the answers to what a device may ask by itself: to go on, to
accept its banner, whether to log out. Nothing that is not printed here is ever sent.`,
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, names []string) error {
			chosen := platforms.All
			if len(names) > 0 {
				chosen = nil
			}
			for _, name := range names {
				platform, err := findPlatform(name)
				if err != nil {
					return err
				}
				chosen = append(chosen, platform)
			}
			for _, platform := range chosen {
				if !commands {
					fmt.Fprintf(p.stdout, "%-16s %s (also %s)\n", platform.Name, platform.Title, strings.Join(platform.Aliases, ", "))
					continue
				}
				if len(chosen) > 1 {
					fmt.Fprintf(p.stdout, "# %s\n", platform.Name)
				}
				for _, transport := range []collectors.Transport{collectors.CLI, collectors.NETCONF} {
					for _, command := range platform.EveryCommand(transport) {
						fmt.Fprintln(p.stdout, command)
					}
				}
				if platform.Files != nil {
					fmt.Fprintln(p.stdout, "scp -f {file}  (where there is no SFTP server; with --off-box)")
				}
				for _, q := range platform.Terminal.Questions() {
					fmt.Fprintf(p.stdout, "(answers %q to a question like %s)\n", q.Answer, q.Pattern)
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&commands, "commands", false, "print every command that may ever be typed")
	return c
}

// findPlatform finds a platform by the name that a flag gave.
func findPlatform(name string) (collectors.Platform, error) {
	platform, ok := platforms.ByName(name)
	if !ok {
		return collectors.Platform{}, usage("platform %q is not known; %s (trueboot platforms lists them)", name, platformNames().Suggest(name))
	}
	return platform, nil
}

// platformNames are the names that an inventory may use.
func platformNames() inventory.Platforms {
	names := inventory.Platforms{}
	for _, p := range platforms.All {
		names[p.Name] = p.Name
		for _, alias := range p.Aliases {
			names[alias] = p.Name
		}
	}
	return names
}
