// Trueboot verifies that network devices run, hold and will boot what somebody
// approved. It logs in, read-only, over SSH, asks, compares the answers with a baseline, and says PASS, FAIL
// or NOT-ASSESSED for each control, with the evidence and how far it can be trusted.
//
// Results go to standard output, everything else to standard error. See "trueboot help", the README and
// "trueboot explain CONTROL".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trueboot/baseline/boltfile"
	"trueboot/reports"
)

func main() {
	ctx, stop := untilSignal()
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit statuses (design: one meaning each, the same for every command).
const (
	statusPass        = 0 // every required control is PASS, explained or waived
	statusError       = 1 // the program could not do its work
	statusUsage       = 2
	statusNotAssessed = 3 // no FAIL, but a required control is NOT-ASSESSED
	statusFail        = 4 // an unexplained FAIL at or above --fail-on
)

// A status is an error that carries an exit status; its text may be empty, when all has been said.
type status struct {
	code int
	err  error
}

func (s *status) Error() string {
	if s.err == nil {
		return ""
	}
	return s.err.Error()
}

func (s *status) Unwrap() error { return s.err }

// usage makes an error of wrong usage.
func usage(format string, arguments ...any) error {
	return &status{statusUsage, fmt.Errorf(format, arguments...)}
}

// A program is one call of trueboot: where it reads and writes.
type program struct {
	stdin    io.Reader
	stdout   *results
	stderr   io.Writer
	settings settings
	typed    map[string]bool   // flags that stand on the command line
	signed   string            // SHA-256 of the manifest of the baseline whose signature was checked; empty for none
	progress *reports.Progress // of the sweep that goes on; nil for none
}

// results are what goes to standard output. A result that can't be written is an error of the program, whether or not
// the command that wrote it looked.
type results struct {
	to     io.Writer
	failed error
}

func (r *results) Write(text []byte) (int, error) {
	n, err := r.to.Write(text)
	if err != nil && r.failed == nil {
		r.failed = err
	}
	return n, err
}

func run(ctx context.Context, arguments []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: &results{to: stdout}, stderr: stderr}
	err := p.command(ctx, arguments...)
	if errors.Is(err, boltfile.ErrLocked) {
		if answer, asked := p.askInstead(ctx, arguments); asked {
			err = answer
		}
	}
	if err == nil && p.stdout.failed != nil {
		err = p.stdout.failed
	}
	if err == nil {
		return statusPass
	}
	var s *status
	if !errors.As(err, &s) {
		s = &status{statusError, err}
	}
	if text := err.Error(); text != "" {
		last := ""
		for line := range strings.SplitSeq(text, "\n") {
			if line != last { // two stores may fail for one reason
				p.say("%s", line)
			}
			last = line
		}
	}
	return s.code
}

// command runs a command line.
func (p *program) command(ctx context.Context, arguments ...string) error {
	root := p.rootCommand()
	root.SetArgs(arguments)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return root.ExecuteContext(ctx)
}

func (p *program) rootCommand() *cobra.Command {
	root := group(&cobra.Command{
		Use:   "trueboot",
		Short: "verify that network devices run, hold and will boot what was approved",
		Long: `Trueboot logs in to network devices, read-only, asks what they run, hold and will boot next, compares the answers
with an approved baseline, and says PASS, FAIL or NOT-ASSESSED for each control.

"trueboot demo" shows it on an emulated fleet, without any set-up.`,
		Annotations:   exits(judgedHelp),
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if c.Annotations[exitStatus] == "" { // help and completion have no use for settings
				return nil
			}
			p.typed = map[string]bool{}
			c.Flags().Visit(func(f *pflag.Flag) { p.typed[f.Name] = true })
			return p.settings.complete(c)
		},
	})
	root.PersistentFlags().StringVar(&p.settings.config, "config", defaultConfig, "settings `file`: each key is the name of a flag")
	root.SetHelpFunc(p.help)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see %q", err, c.CommandPath()+" --help")
	})
	root.SetHelpCommand(helpCommand())
	root.AddCommand(
		p.demoCommand(), p.initCommand(), p.inventoryCommand(), p.checkCommand(), p.sweepCommand(), p.daemonCommand(), p.baselineCommand(), p.waiveCommand(), p.changeCommand(), p.historyCommand(), p.reportCommand(), p.diffCommand(),
		p.knownCommand(), p.advisoriesCommand(), p.outputsCommand(), p.detectCommand(), p.rulesCommand(), p.watchCommand(), p.alertsCommand(), p.factsCommand(), p.platformsCommand(), p.explainCommand(), p.evidenceCommand(),
	)
	return root
}

// version is the module's version where the binary was built from one, and the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			v += " " + s.Value[:12]
		}
	}
	return v
}

// say writes a line to standard error, in the program's name.
func (p *program) say(format string, arguments ...any) {
	fmt.Fprintf(p.stderr, "trueboot: %s\n", reports.Printable(fmt.Sprintf(format, arguments...), 2000))
}
