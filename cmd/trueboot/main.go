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
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"trueboot/reports"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
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

const exitStatusHelp = `

EXIT STATUS
  0  every required control is PASS, or its FAIL is explained by a change
  1  the program could not do its work
  2  wrong usage
  3  no FAIL, but a required control is NOT-ASSESSED: a device was unreachable,
     refused a command, was not understood, or has nothing approved
  4  at least one unexplained FAIL at or above --fail-on`

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
	stdin          io.Reader
	stdout, stderr io.Writer
	settings       settings
}

func run(ctx context.Context, arguments []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr}
	root := p.rootCommand()
	root.SetArgs(arguments)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return statusPass
	}
	var s *status
	if !errors.As(err, &s) {
		s = &status{statusError, err}
		if usageText.prefixes(err.Error()) {
			s.code = statusUsage
		}
	}
	if text := s.Error(); text != "" {
		for line := range strings.SplitSeq(text, "\n") {
			fmt.Fprintf(stderr, "trueboot: %s\n", reports.Printable(line, 2000))
		}
	}
	return s.code
}

// usageText are the beginnings of cobra's own complaints, which have no type.
var usageText = prefixes{"unknown command", "unknown flag", "unknown shorthand", "flag needs an argument", "accepts ", "requires ", "invalid argument", "required flag", "if any flags in the group"}

type prefixes []string

func (ps prefixes) prefixes(text string) bool {
	for _, p := range ps {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

func (p *program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "trueboot",
		Short: "verify that network devices run, hold and will boot what was approved",
		Long: `Trueboot logs in to network devices, read-only, asks what they run, hold and will boot next,
compares the answers with an approved baseline, and says PASS, FAIL or NOT-ASSESSED for each
control. "trueboot demo" shows it on an emulated fleet, without any set-up.` + exitStatusHelp,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			return p.settings.complete(c)
		},
	}
	p.settings.register(root.PersistentFlags())
	root.AddCommand(
		p.demoCommand(), p.initCommand(), p.checkCommand(), p.sweepCommand(), p.baselineCommand(), p.historyCommand(),
		p.factsCommand(), p.platformsCommand(), p.explainCommand(), p.evidenceCommand(),
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
