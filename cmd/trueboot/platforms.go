package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"trueboot/collectors"
	"trueboot/collectors/platforms"
)

func (p *program) platformsCommand() *cobra.Command {
	var commands bool
	c := &cobra.Command{
		Use:   "platforms [PLATFORM…]",
		Short: "list the platforms, or everything that may ever be typed on them",
		Long: `List the platforms that trueboot can visit, with the names that other tools give them.

With --commands, print every command that may ever be typed on a device of the platform, in the
order in which they are typed, and every NETCONF operation that may be sent. Words in braces stand
for what an earlier reply named: a file, a file system. {nonce} is a random number of our own. At the
end stand the answers to what a device may ask by itself: to go on, to accept its banner, whether to
log out. Nothing that is not printed here is ever sent.`,
		RunE: func(_ *cobra.Command, names []string) error {
			chosen := platforms.All
			if len(names) > 0 {
				chosen = nil
			}
			for _, name := range names {
				platform, ok := platforms.ByName(name)
				if !ok {
					return usage("platform %q is not known; known are %s", name, strings.Join(platforms.Names(), ", "))
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
		return collectors.Platform{}, usage("platform %q is not known; known are %s", name, strings.Join(platforms.Names(), ", "))
	}
	return platform, nil
}

// canonical is the inventory's view of the platforms: a name to its token.
func canonical(name string) (string, bool) {
	platform, ok := platforms.ByName(name)
	return platform.Name, ok
}
