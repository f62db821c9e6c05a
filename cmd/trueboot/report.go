package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/signature"
	"trueboot/baseline/store"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/reports"
)

// reportForms are the forms in which a stored run is written.
var reportForms = map[string]func(p *program, out io.Writer) reports.Handler{
	"text":     func(p *program, out io.Writer) reports.Handler { return p.text(out) },
	"json":     func(_ *program, out io.Writer) reports.Handler { return &reports.JSON{Out: out} },
	"csv":      func(_ *program, out io.Writer) reports.Handler { return &reports.CSV{Out: out} },
	"md":       func(_ *program, out io.Writer) reports.Handler { return &reports.Markdown{Out: out} },
	"html":     func(_ *program, out io.Writer) reports.Handler { return &reports.HTML{Out: out} },
	"sarif":    func(_ *program, out io.Writer) reports.Handler { return &reports.SARIF{Out: out} },
	"oscal":    func(_ *program, out io.Writer) reports.Handler { return &reports.OSCAL{Out: out} },
	"coverage": func(_ *program, out io.Writer) reports.Handler { return &reports.Coverage{Out: out} },
	"junit":    func(_ *program, out io.Writer) reports.Handler { return &reports.JUnit{Out: out} },
}

// reportFlags are those of one report.
type reportFlags struct {
	format, output, key, passphrase string
	sign                            bool
}

func (f reportFlags) check() error {
	_, ok := reportForms[f.format]
	switch {
	case !ok:
		return usage("--format %q: one of %s", f.format, strings.Join(slices.Sorted(maps.Keys(reportForms)), ", "))
	case f.sign && f.output == "":
		return usage("--sign: name the file to sign with --output")
	case f.sign && f.key == "":
		return usage("--sign: --key is required: the SSH key to sign with")
	case !f.sign && f.key != "":
		return usage("--key %s: there is nothing to sign without --sign", f.key)
	}
	return nil
}

// reportNamespace keeps the signature of a report from counting for anything else.
const reportNamespace = "trueboot-report"

func (p *program) reportCommand() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report [RUN]",
		Short: "write a run that is kept: for people, programs, spreadsheets, tickets and pipelines",
		Long: `Write the verdicts of a run as they were found then, of the last one without RUN. Nobody is asked anything, and nothing is judged
again.

html is one page that needs nothing else, for people, or with --output several, FILE.2.html and so on, where there are many devices; text and json are what the sweep wrote; csv has a line for each finding, md is for a change ticket, junit for a pipeline, and sarif
(SARIF 2.1.0) for dashboards that read it. oscal is NIST's form for auditors (assessment results 1.1.3), with the controls of SP 800-53; coverage says, in Markdown, which item of the guidance
and which technique of ATT&CK is answered by which controls, and what those found.

With --sign, whoever gets the file can check that it is as it was written: "trueboot report verify FILE --signers FILE", or "ssh-keygen -Y
verify -f allowed_signers -I WHO -n trueboot-report -s FILE.sig < FILE".`,
		Args:        takes("RUN", 0, 1),
		Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, arguments []string) error {
			if err := f.check(); err != nil {
				return err
			}
			kept, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer kept.Close()
			run, err := keptRun(kept, arguments)
			if err != nil {
				return err
			}
			if f.output == "" {
				return p.writeRun(kept, *run, reportForms[f.format](p, p.stdout))
			}
			return p.writeReport(c.Context(), kept, *run, f)
		},
	}
	c.AddCommand(p.reportVerifyCommand())
	c.Flags().StringVarP(&f.output, "output", "o", "", "write into this `file`, whole or not at all, and not to standard output")
	c.Flags().BoolVar(&f.sign, "sign", false, "sign the file with an SSH key: the signature stands beside it, as FILE.sig")
	c.Flags().StringVar(&f.key, "key", "", "with --sign: private key `file`, or a public one for a key of the SSH agent")
	c.Flags().StringVar(&f.passphrase, "passphrase-from", "", "with --sign: `where` the key's passphrase is: env:NAME, file:PATH, command:PROGRAM ARGUMENTS, or prompt (the default)")
	c.Flags().StringVar(&f.format, "format", "text", "`form` of the report: text, html, json, csv, md, junit, sarif, oscal or coverage")
	c.Flags().StringVar(&p.settings.failOn, "fail-on", string(compare.Low), "least `severity` of a FAIL that the report's exit status counts: critical, high, medium, low")
	p.settings.registerStore(c.Flags())
	return c
}

// writeReport writes a report into a file, and signs it.
func (p *program) writeReport(ctx context.Context, kept *history.Store, run history.Run, f reportFlags) error {
	temporary, err := os.CreateTemp(filepath.Dir(f.output), ".report-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	hash := sha512.New()
	buffered := bufio.NewWriter(io.MultiWriter(temporary, hash))
	handler := reportForms[f.format](p, buffered)
	if page, ok := handler.(*reports.HTML); ok {
		page.Page = furtherPages(f.output)
	}
	err = p.writeRun(kept, run, handler)
	if err = errors.Join(err, buffered.Flush(), temporary.Close()); err != nil {
		return fmt.Errorf("%s: %w", f.output, err)
	}
	if f.sign {
		signer, done, err := p.signingKey(ctx, f.key, f.passphrase)
		if err != nil {
			return err
		}
		defer done()
		text, err := signature.SignHash(signer, reportNamespace, hash.Sum(nil))
		if err != nil {
			return err
		}
		if err := os.WriteFile(f.output+".sig", text, 0o600); err != nil {
			return err
		}
	}
	return os.Rename(temporary.Name(), f.output)
}

// furtherPages puts the pages of a large run beside the first: report.html, report.2.html, report.3.html.
func furtherPages(output string) func(number int) (io.WriteCloser, string, error) {
	ending := filepath.Ext(output)
	stem := strings.TrimSuffix(output, ending)
	return func(number int) (io.WriteCloser, string, error) {
		name := fmt.Sprintf("%s.%d%s", stem, number, ending)
		file, err := os.Create(name)
		return bufferedFile{bufio.NewWriter(file), file}, filepath.Base(name), err
	}
}

// A bufferedFile is a file that is written in large pieces.
type bufferedFile struct {
	*bufio.Writer
	file *os.File
}

func (f bufferedFile) Close() error { return errors.Join(f.Flush(), f.file.Close()) }

func (p *program) reportVerifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "check the signature of a report",
		Args:  takes("FILE", 1, 1),
		Annotations: exits(`  0  the signature holds
  1  the program could not do its work
  2  wrong usage
  4  the signature does not hold`),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if p.settings.signers == "" {
				return usage("--signers is required: a file of allowed signers says whose signature counts")
			}
			signers, err := p.allowedSigners()
			if err != nil {
				return err
			}
			report, err := os.ReadFile(arguments[0])
			if err != nil {
				return err
			}
			armoured, err := os.ReadFile(arguments[0] + ".sig")
			if err != nil {
				return withHint(err, "trueboot report --sign writes it")
			}
			by, key, err := signers.Verify(armoured, reportNamespace, report, time.Now())
			if errors.Is(err, signature.ErrNotSigned) {
				return &status{statusFail, fmt.Errorf("%s: %w", arguments[0], err)}
			}
			if err != nil {
				return fmt.Errorf("%s.sig: %w", arguments[0], err)
			}
			fmt.Fprintf(p.stdout, "good signature by %s (%s)\n", reports.Printable(by, 100), signature.Fingerprint(key))
			return nil
		},
	}
	p.settings.registerSigners(c.Flags())
	return c
}

// keptRun is the run that an argument names, the last one without.
func keptRun(kept *history.Store, arguments []string) (*history.Run, error) {
	if len(arguments) == 0 {
		run, err := kept.Last()
		if err == nil && run == nil {
			err = errors.New("nothing has been visited yet: begin with trueboot sweep")
		}
		return run, err
	}
	run, err := kept.Run(arguments[0])
	if err == nil && run == nil {
		err = fmt.Errorf("there is no run %s; trueboot history lists them", arguments[0])
	}
	return run, err
}

// writeRun hands a run to a report, device by device.
func (p *program) writeRun(kept *history.Store, run history.Run, handler reports.Handler) error {
	approvals, err := store.OpenReadOnly(p.settings.baselinePath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		approvals = nil
	case err != nil:
		return err
	default:
		defer approvals.Close()
	}
	approvalOf := func(v history.Visit) (*baseline.Approval, error) {
		if v.Approved == 0 || approvals == nil {
			return nil, nil
		}
		all, err := approvals.Approvals(v.Device)
		if err != nil || uint64(len(all)) < v.Approved {
			return nil, err
		}
		return &all[v.Approved-1], nil
	}
	// What the devices were compared with stands at the head of the report, before any of them.
	expected := reports.Baseline{}
	for v, err := range kept.Visits(run.ID) {
		if err != nil {
			return err
		}
		a, err := approvalOf(v)
		if err != nil {
			return err
		}
		expected.Add(a)
	}
	of := reports.Run{
		ID: run.ID, Started: run.Started, Program: run.Program, Collector: run.By, Profile: run.Profile, Devices: run.Devices, FailOn: p.settings.severity(), Baseline: expected,
	}
	if of.Earlier, err = p.earlier(kept, run.ID); err != nil {
		return err
	}
	if err := handler.Begin(of); err != nil {
		return err
	}
	recap := of.Recap()
	for v, err := range kept.Visits(run.ID) {
		if err != nil {
			return err
		}
		d := reports.Device{
			Name: v.Device, Address: v.Address, Platform: v.Platform, Site: v.Site, Role: v.Role, Outcome: v.Outcome, Started: v.Started, Elapsed: v.Elapsed,
			Warnings: v.Warnings, Findings: v.Findings,
		}
		if d.Approval, err = approvalOf(v); err != nil {
			return err
		}
		d.Identify(v.Set)
		if !d.Outcome.Visited() && len(v.Set.Gaps) > 0 {
			d.Reason, d.Detail = v.Set.Gaps[0].Reason, v.Set.Gaps[0].Detail
		}
		recap.Add(d)
		if err := handler.Device(d); err != nil {
			return err
		}
	}
	recap.Compare(compare.Consensus{Findings: run.Odd})
	if run.Status != history.Complete {
		recap.Interrupted, recap.Why = true, string(run.Status)
	}
	if !run.Ended.IsZero() {
		recap.Elapsed = run.Ended.Sub(run.Started)
	}
	recap.Kept = append(recap.Kept, reports.Kept{What: "history", Path: p.settings.historyPath()})
	return handler.End(recap)
}

// trendRuns is how many earlier runs a report shows.
const trendRuns = 12

// earlier returns how the runs before this one ended.
func (p *program) earlier(kept *history.Store, id string) ([]reports.PastRun, error) {
	runs, err := kept.Runs()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(runs, func(r history.Run) bool { return r.ID == id }); i >= 0 {
		runs = runs[:i]
	}
	var past []reports.PastRun
	for _, r := range runs {
		if r.Statuses == nil || r.Limit != "" || len(r.Tags) > 0 { // a part of the fleet says nothing about how it goes
			continue
		}
		statuses := map[reports.Status]int{}
		for status, n := range r.Statuses {
			statuses[reports.Status(status)] = n
		}
		past = append(past, reports.PastRun{ID: r.ID, Started: r.Started, Statuses: statuses})
	}
	return past[max(0, len(past)-trendRuns):], nil
}

func (p *program) diffCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "diff RUN RUN",
		Short: "what moved on the devices from one run to another: facts, never text",
		Long: `Print, for each device, the facts that moved from the first run to the second: + is new, - is gone, ~ has another value, and
of ? nothing is known. Of a version it says whether the new one is older, and of software whether what is there now is approved. Uptime, free space and the like are left
out. A device that one of the runs did not assess is named.`,
		Args: takes("RUN", 2, 2),
		Annotations: exits(`  0  nothing moved
  1  the program could not do its work
  2  wrong usage
  4  something moved, or a device was assessed in one of the runs only`),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			kept, err := history.OpenReadOnly(p.settings.historyPath())
			if err != nil {
				return withHint(err, "nothing has been visited yet: begin with trueboot sweep")
			}
			defer kept.Close()
			for _, run := range arguments {
				if _, err := keptRun(kept, []string{run}); err != nil {
					return err
				}
			}
			moved, err := p.diffRuns(kept, arguments[0], arguments[1], format)
			if err != nil {
				return err
			}
			if moved == 0 {
				p.say("nothing moved from run %s to run %s", arguments[0], arguments[1])
				return nil
			}
			return &status{code: statusFail}
		},
	}
	registerFormat(c.Flags(), &format)
	p.settings.registerStore(c.Flags())
	return c
}

// A runDifference is the JSON form of what moved on a device between two runs.
type runDifference struct {
	Device      string        `json:"device"`
	From        facts.Outcome `json:"from,omitempty"` // how its visits ended; missing where there was none
	To          facts.Outcome `json:"to,omitempty"`
	Differences []moved       `json:"differences,omitempty"`
}

// diffRuns prints what moved, and returns on how many devices.
func (p *program) diffRuns(kept *history.Store, from, to, format string) (moving int, err error) {
	approvals, err := p.readApprovals()
	if err != nil {
		return 0, err
	}
	devices := map[string]bool{}
	for _, run := range []string{from, to} {
		for v, err := range kept.Visits(run) {
			if err != nil {
				return 0, err
			}
			devices[v.Device] = true
		}
	}
	for _, device := range slices.Sorted(maps.Keys(devices)) {
		before, err := kept.Visit(from, device)
		if err != nil {
			return moving, err
		}
		after, err := kept.Visit(to, device)
		if err != nil {
			return moving, err
		}
		d := runDifference{Device: device}
		if before != nil {
			d.From = before.Outcome
		}
		if after != nil {
			d.To = after.Outcome
		}
		if d.From == facts.AskedAll && d.To == facts.AskedAll {
			approved, err := approvals.Current(device)
			if err != nil {
				return moving, err
			}
			d.Differences = movedOf(after.Platform, approved, baseline.Diff(before.Set, after.Set))
		} else if d.From == d.To {
			continue
		}
		if len(d.Differences) == 0 && d.From == d.To {
			continue
		}
		moving++
		if format == "json" {
			if err := reports.WriteMessage(p.stdout, "difference", d); err != nil {
				return moving, err
			}
			continue
		}
		fmt.Fprintln(p.stdout, reports.Printable(device, 100))
		if d.From != d.To {
			fmt.Fprintf(p.stdout, "    run %s: %s; run %s: %s\n", from, cmp.Or(string(d.From), "not among its devices"), to, cmp.Or(string(d.To), "not among its devices"))
			continue
		}
		writeMoved(p.stdout, d.Differences)
	}
	return moving, nil
}
