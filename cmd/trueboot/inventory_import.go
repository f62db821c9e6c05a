package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/collectors/session"
	"trueboot/inventory"
	"trueboot/inventory/foreign"
	"trueboot/reports"
)

// importFlags say what is imported and how.
type importFlags struct {
	from     string
	write    string
	platform string
	token    string
	words    []string
	format   string
}

func (p *program) inventoryImportCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import FILE|ADDRESS",
		Short: "make an inventory from the list of another tool",
		Long: `What the list is shows in its name and content; --from says so where it doesn't:

- ansible-list: what ansible-inventory --list prints, the surest way for Ansible, since it fills in templates and group_vars
- ansible-yaml, ansible-ini: a static inventory
- router.db: of RANCID or Oxidized
- nornir: hosts.yaml of SimpleInventory, with groups.yaml and defaults.yaml beside it
- netbox: the address of a NetBox or Nautobot server or of a query on it, with --token; or a reply of its API in a file
- csv: a table whose first line names the columns: name, address, platform, port, site, role, tags, username
- ssh-config: an SSH client's configuration; it knows no platforms, so --platform has to

Without --write, the devices are listed and nothing is written. What was not understood is said on standard error. Passwords are never taken over.`,
		Example: `  ansible-inventory --list >list.json && trueboot inventory import list.json
  trueboot inventory import /var/lib/rancid/core/router.db --write inventory.yaml
  trueboot inventory import 'https://netbox.example.net/api/dcim/devices/?role=router' \
    --token env:NETBOX_TOKEN
  trueboot inventory import devices.csv --map 'c9k=cisco_ios,mx=juniper_junos'`,
		Args: takes("FILE or ADDRESS", 1, 1),
		Annotations: exits(`  0  every device of the list is in the inventory, but for those that the list
     itself calls down or inactive
  1  the program could not do its work
  2  wrong usage
  3  devices were left out, each with the reason`),
		RunE: func(c *cobra.Command, sources []string) error {
			if err := checkFormat(f.format); err != nil {
				return err
			}
			return p.importInventory(c.Context(), sources[0], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.from, "from", "", "`format` of the list: one of "+strings.Join(foreign.Formats(), ", "))
	flags.StringVar(&f.write, "write", "", "write the inventory to this new `file`; - for standard output")
	flags.StringVar(&f.platform, "platform", "", "the `platform` of devices of which the list says none")
	flags.StringSliceVar(&f.words, "map", nil, "the list's words for platforms, `WORD=PLATFORM` with commas between them")
	flags.StringVar(&f.token, "token", "", "`where` the server's token is: env:NAME, file:PATH, command:PROGRAM ARGUMENTS or prompt")
	registerFormat(flags, &f.format)
	return c
}

func (p *program) importInventory(ctx context.Context, source string, f importFlags) error {
	options := foreign.Options{Platforms: platformNames(), Map: map[string]string{}, Platform: f.platform}
	if f.platform != "" {
		if _, err := findPlatform(f.platform); err != nil {
			return err
		}
	}
	for _, pair := range f.words {
		word, platform, ok := strings.Cut(pair, "=")
		if !ok || word == "" {
			return usage("--map %s: want WORD=PLATFORM", pair)
		}
		if _, err := findPlatform(platform); err != nil {
			return err
		}
		options.Map[strings.ToLower(word)] = platform
	}
	list, err := p.readList(ctx, source, f)
	if err != nil {
		return err
	}
	list.Settle(options)
	text, err := list.Inventory(time.Now())
	if err != nil {
		return err
	}
	if len(list.Devices) > 0 {
		if _, err := inventory.Parse("the new inventory", text, platformNames()); err != nil {
			return fmt.Errorf("what was made of %s is not an inventory: %w", source, err)
		}
	}
	switch {
	case f.write == "-":
		if _, err := p.stdout.Write(text); err != nil {
			return err
		}
	case f.write != "" && len(list.Devices) > 0:
		if err := writeNew(f.write, text); err != nil {
			return err
		}
	case f.format == "json":
		for _, d := range list.Devices {
			if err := reports.WriteMessage(p.stdout, "device", map[string]any{"name": d.Name, "address": d.Address, "platform": d.Platform, "site": d.Site, "role": d.Role, "tags": d.Tags}); err != nil {
				return err
			}
		}
	default:
		p.previewList(list)
	}
	p.sayLeft(list)
	switch lost := list.Lost(); {
	case f.write != "" && f.write != "-" && len(list.Devices) > 0:
		p.say("%s: %d devices from %s (%s), %d left out; add the login to it, then: trueboot inventory check", f.write, len(list.Devices), source, list.Format, lost)
	default:
		p.say("%d devices in %s (%s), %d left out", len(list.Devices), source, list.Format, lost)
	}
	if list.Secrets > 0 {
		p.say("credentials stand in %s (%d); none was taken over: an inventory says where they are, not what they are", source, list.Secrets)
	}
	if list.Lost() > 0 {
		p.say("a word for a platform is explained with --map WORD=PLATFORM (trueboot platforms lists them), and what has none with --platform")
		return &status{code: statusNotAssessed}
	}
	return nil
}

// readList reads a file, or asks a server.
func (p *program) readList(ctx context.Context, source string, f importFlags) (*foreign.List, error) {
	lower := strings.ToLower(source)
	if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") {
		if f.token != "" {
			return nil, usage("--token goes with the address of a server; %s is a file", source)
		}
		return foreign.ReadFile(source, f.from)
	}
	if f.from != "" && f.from != foreign.NetBox {
		return nil, usage("--from %s: only %s can be asked at an address; save it as a file", f.from, foreign.NetBox)
	}
	if f.token == "" {
		return foreign.Fetch(ctx, source, "")
	}
	reference, err := inventory.ParseSecret(".", f.token)
	if err != nil {
		return nil, usage("--token: %v", err)
	}
	token, err := session.NewCredentials().Reveal(ctx, reference, "token")
	if err != nil {
		return nil, err
	}
	return foreign.Fetch(ctx, source, token)
}

// previewList prints the devices, in columns.
func (p *program) previewList(list *foreign.List) {
	name, address := 0, 0
	for _, d := range list.Devices {
		name, address = max(name, len(d.Name)), max(address, len(d.Address))
	}
	for _, d := range list.Devices {
		fmt.Fprintln(p.stdout, strings.TrimRight(fmt.Sprintf("%-*s  %-*s  %-16s  %s", min(name, 40), d.Name, min(address, 40), d.Address, d.Platform,
			strings.Join(append(nonEmpty(d.Site, d.Role), d.Tags...), ", ")), " "))
	}
}

func nonEmpty(texts ...string) []string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}

// mostSaid is how many things that were left are named; the rest is counted.
const mostSaid = 200

func (p *program) sayLeft(list *foreign.List) {
	for i, left := range list.Left {
		if i == mostSaid {
			p.say("and %d more", len(list.Left)-i)
			return
		}
		place := list.Source
		if left.Line > 0 {
			place = fmt.Sprintf("%s:%d", place, left.Line)
		}
		if left.Device != "" {
			p.say("%s: %s: %s", place, left.Device, left.Reason)
		} else {
			p.say("%s: %s", place, left.Reason)
		}
	}
}
