package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/advisories"
	"trueboot/collectors/platforms"
	"trueboot/reports"
)

func (p *program) advisoriesCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "advisories",
		Short: "import what vendors and CISA publish about vulnerabilities and the end of support",
		Long: `Advisories say which versions a vulnerability is in, which vulnerabilities are known to be exploited, and what is supported no more. They come from files; nothing is
fetched. NDI-VR-01 then FAILs for a device that runs such a version. What was imported stands in the folder advisories beside the baseline, one file a
document.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.advisoriesImportCommand(), p.advisoriesListCommand(), p.advisoriesLookupCommand(), p.advisoriesRemoveCommand())
	return c
}

func (p *program) advisoriesImportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import FILE…",
		Short: "import advisories (CSAF 2.0), CISA's known exploited vulnerabilities, or a table of end-of-life dates",
		Long: `What a file is shows in its content:

- an advisory of a vendor, as CSAF 2.0 (JSON)
- CISA's catalogue of known exploited vulnerabilities (known_exploited_vulnerabilities.json): a vulnerability in it makes the FAIL critical
- a table with commas whose first line is platform,model,version,date,what: the day from which a model or version is supported no more. Models and versions are
  patterns with * and ?

A newer revision takes the place of an older one; an older one is refused.`,
		Example: `  trueboot advisories import cisco-sa-*.json known_exploited_vulnerabilities.json
  trueboot advisories import end-of-life.csv`,
		Args:        takes("FILE", 1, -1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, files []string) error {
			var failed error
			for _, file := range files {
				if err := p.importAdvisory(file); err != nil {
					failed = errors.Join(failed, err)
				}
			}
			return failed
		},
	}
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) importAdvisory(file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	document, err := advisories.Read(file, in, platforms.Names())
	if err != nil {
		return err
	}
	document.At, document.By = time.Now().UTC(), collector()
	if err := advisories.Keep(p.settings.advisoriesPath(), document); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Fprintln(p.stdout, importLine(document))
	for _, left := range document.Left {
		p.say("%s: not understood: %s", file, reports.Printable(left, 200))
	}
	if document.Kind == advisories.CSAF && document.Entries == 0 {
		p.say("%s: no version of a system that trueboot visits is named in it", file)
	}
	return nil
}

// importLine is a document in a line.
func importLine(i baseline.AdvisoryImport) string {
	line := fmt.Sprintf("%-12s %s", i.Kind, reports.Printable(i.Name, 80))
	if !i.Released.IsZero() {
		line += " of " + i.Released.Format(time.DateOnly)
	}
	noun := map[string]string{advisories.CSAF: "versions and ranges", advisories.KEV: "vulnerabilities", advisories.EndOfLife: "dates"}[i.Kind]
	line += fmt.Sprintf(": %d %s", i.Entries, noun)
	if i.Advisory != nil {
		line += ", " + reports.Printable(i.Advisory.Title, 120)
	}
	return line
}

func (p *program) advisoriesListCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:         "list",
		Short:       "list what was imported, and how fresh it is",
		Args:        takes("", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			published, err := advisories.Load(p.settings.advisoriesPath())
			if err != nil {
				return err
			}
			if published == nil {
				p.say("nothing was imported yet: begin with trueboot advisories import FILE")
				return nil
			}
			for _, i := range published.Imports {
				if format == "json" {
					i.Advisory, i.Exploited, i.Ends = nil, nil, nil
					if err := reports.WriteMessage(p.stdout, "import", i); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintln(p.stdout, importLine(i))
			}
			for _, kind := range []string{advisories.CSAF, advisories.KEV} {
				if newest := published.AsOf(kind); !newest.IsZero() {
					p.say("the newest %s is of %s, %d days ago", kind, newest.Format(time.DateOnly), int(time.Since(newest).Hours()/24))
				}
			}
			return nil
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) advisoriesLookupCommand() *cobra.Command {
	var platform, system string
	c := &cobra.Command{
		Use:   "lookup VERSION",
		Short: "say which advisories a version is named in",
		Example: `  trueboot advisories lookup '15.2(2)E3' --platform cisco_ios --system IOS
  trueboot advisories lookup 10.2.4-h3 --platform paloalto_panos`,
		Args: takes("VERSION", 1, 1),
		Annotations: exits(`  0  no advisory names it
  1  the program could not do its work
  2  wrong usage
  4  an advisory names it`),
		RunE: func(_ *cobra.Command, arguments []string) error {
			of, ok := platforms.ByName(platform)
			if !ok {
				return usage("--platform %q: one of %s", platform, strings.Join(platforms.Names(), ", "))
			}
			published, err := advisories.Load(p.settings.advisoriesPath())
			if err != nil {
				return err
			}
			if published == nil {
				return withHint(errors.New("nothing was imported yet"), "begin with trueboot advisories import FILE")
			}
			hits, unknown := published.Hits(of.Name, system, arguments[0], of.Order)
			slices.SortFunc(hits, func(a, b baseline.Hit) int { return strings.Compare(a.ID, b.ID) })
			for _, h := range hits {
				exploited := ""
				if h.Exploited != nil {
					exploited = ", known to be exploited since " + h.Exploited.Added.Format(time.DateOnly)
				}
				fmt.Fprintf(p.stdout, "%s  %s  %s (named as %s%s)\n", reports.Printable(h.ID, 80), reports.Printable(strings.Join(h.CVEs, " "), 200), reports.Printable(h.Title, 120), reports.Printable(h.By, 80), exploited)
			}
			if unknown > 0 {
				p.say("%d advisories have ranges that %s can't be compared with", unknown, arguments[0])
			}
			if len(hits) > 0 {
				return &status{code: statusFail}
			}
			p.say("no advisory names %s", arguments[0])
			return nil
		},
	}
	c.Flags().StringVar(&platform, "platform", "", "which `platform` the version is of: cisco_ios, juniper_junos …")
	c.Flags().StringVar(&system, "system", "", "which operating `system`, where the platform has several: IOS or IOS XE")
	p.settings.registerStore(c.Flags())
	return c
}

func (p *program) advisoriesRemoveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:         "remove NAME…",
		Short:       "take documents out again, by the names that list shows",
		Args:        takes("NAME", 1, -1),
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, names []string) error {
			published, err := advisories.Load(p.settings.advisoriesPath())
			if err != nil {
				return err
			}
			for _, name := range names {
				i := -1
				if published != nil {
					i = slices.IndexFunc(published.Imports, func(i baseline.AdvisoryImport) bool { return i.Name == name })
				}
				if i < 0 {
					return fmt.Errorf("%q was not imported; trueboot advisories list shows what was", name)
				}
				if err := advisories.Remove(p.settings.advisoriesPath(), published.Imports[i].Kind, name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	p.settings.registerStore(c.Flags())
	return c
}
