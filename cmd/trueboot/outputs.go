package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"trueboot/collectors/session"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/inventory"
	"trueboot/reports"
	"trueboot/reports/outputs"
)

// deliverWithin is how long a sweep waits for the outputs. What is not sent by then waits in the queue.
const deliverWithin = time.Minute

func (p *program) registerOutputs(flags *pflag.FlagSet) {
	flags.StringVar(&p.settings.outputs, "outputs", "", "tell other systems what was found: a YAML `file` (trueboot outputs --help)")
}

func (p *program) outputsCommand() *cobra.Command {
	c := group(&cobra.Command{
		Use:   "outputs",
		Short: "tell SIEMs, webhooks, mail, programs and Prometheus what a sweep found",
		Long: `With --outputs FILE a sweep tells other systems what it found. FILE is a list:

  outputs:
    - name: siem
      to: tls://siem.example:6514     # udp://, tcp:// too
      format: cef                     # or rfc5424 (the default), json, ecs, ocsf
      ca: siem-ca.pem
      repeat: 168h                    # a finding that still stands is told once a week
    - name: hook
      to: https://chat.example/hooks/1
      secret: env:HOOK_KEY            # signs: X-Trueboot-Signature
      template: chat.json.tmpl        # {"text": {{json .Finding.Message}}}
      least: high
    - name: elastic
      to: https://elastic.example:9200/trueboot/_doc
      format: ecs
      headers: ["Authorization: file:elastic.token"]
      verdicts: [FAIL, NOT-ASSESSED]
    - name: mail
      to: smtp://mail.example:587     # STARTTLS; smtps:// too
      from: trueboot@example.org
      mail: [noc@example.org]
    - name: on-device-done
      to: exec:/usr/local/bin/on-device # gets the event as JSON on standard input
      events: [device]                # finding, device, run
    - name: metrics
      to: prometheus:/var/lib/node_exporter/trueboot.prom
    - name: lines
      to: file:/var/log/trueboot.jsonl

Every message is put into a queue on disk, in the folder outputs beside the history, before anything is sent; what can't be delivered waits there, and
the next sweep or "trueboot outputs flush" sends it. Each has an id, which a message that is sent twice after a crash has both times.`,
		Annotations: exits(workedHelp),
	})
	c.AddCommand(p.outputsListCommand(), p.outputsFlushCommand(), p.outputsTestCommand())
	return c
}

// readOutputs reads the file of --outputs.
func readOutputs(path string) ([]*outputs.Output, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usage("--outputs: %w", err)
	}
	defer file.Close()
	var document struct {
		Outputs []*outputs.Output `yaml:"outputs"`
	}
	decoder := yaml.NewDecoder(io.LimitReader(file, 1<<20))
	decoder.KnownFields(true)
	if err := decoder.Decode(&document); err != nil {
		return nil, usage("--outputs %s: %w", path, err)
	}
	if len(document.Outputs) == 0 {
		return nil, usage("--outputs %s: names no output; trueboot outputs --help shows the form", path)
	}
	names := map[string]bool{}
	var failed error
	for _, o := range document.Outputs {
		if o == nil {
			return nil, usage("--outputs %s: an empty output", path)
		}
		failed = errors.Join(failed, o.Prepare(filepath.Dir(path)))
		if names[o.Name] {
			failed = errors.Join(failed, fmt.Errorf("output %q is there twice", o.Name))
		}
		names[o.Name] = true
		if o.Secret != "" {
			_, err := inventory.ParseSecret(filepath.Dir(path), o.Secret)
			failed = errors.Join(failed, err)
		}
	}
	if failed != nil {
		return nil, usage("--outputs %s: %w", path, failed)
	}
	return document.Outputs, nil
}

// secretsBeside reveals references of a file, whose relative paths are beside it.
func secretsBeside(path string) outputs.Secrets {
	credentials := session.NewCredentials()
	return func(ctx context.Context, reference, purpose string) (string, error) {
		secret, err := inventory.ParseSecret(filepath.Dir(path), reference)
		if err != nil {
			return "", err
		}
		return credentials.Reveal(ctx, secret, purpose)
	}
}

// withOutputs has a run's events queued as well, where --outputs asks for that; deliver sends them, and says what waits.
func (p *program) withOutputs(handler reports.Handler) (_ reports.Handler, deliver func(context.Context), err error) {
	if p.settings.outputs == "" {
		return handler, func(context.Context) {}, nil
	}
	all, err := readOutputs(p.settings.outputs)
	if err != nil {
		return nil, nil, err
	}
	sink := &outputs.Sink{Outputs: all, Folder: p.settings.queuePath()}
	return tee{handler, sink}, func(ctx context.Context) { p.deliver(context.WithoutCancel(ctx), all) }, nil
}

// deliver sends what is queued, all outputs at once, and says what could not be sent. It reports whether anything waits.
func (p *program) deliver(ctx context.Context, all []*outputs.Output) (waits bool) {
	ctx, cancel := context.WithTimeoutCause(ctx, deliverWithin, fmt.Errorf("%v passed", deliverWithin))
	defer cancel()
	done := make(chan outputs.Delivery)
	secrets := secretsBeside(p.settings.outputs)
	for _, o := range all {
		go func() { done <- outputs.Deliver(ctx, o, p.settings.queuePath(), secrets) }()
	}
	var results []outputs.Delivery
	for range all {
		results = append(results, <-done)
	}
	slices.SortFunc(results, func(a, b outputs.Delivery) int {
		return slices.IndexFunc(all, func(o *outputs.Output) bool { return o.Name == a.Output }) - slices.IndexFunc(all, func(o *outputs.Output) bool { return o.Name == b.Output })
	})
	for _, d := range results {
		switch {
		case d.Waiting > 0:
			waits = true
			p.say("output %s: %d messages sent, %d wait: %v; trueboot outputs flush sends them", d.Output, d.Sent, d.Waiting, d.Err)
		case d.Err != nil:
			p.say("output %s: %d messages sent: %v", d.Output, d.Sent, d.Err)
		}
	}
	return waits
}

func (p *program) outputsFlags(c *cobra.Command) *cobra.Command {
	p.registerOutputs(c.Flags())
	p.settings.registerStore(c.Flags())
	return c
}

// namedOutputs are those of the file, which has to be named.
func (p *program) namedOutputs() ([]*outputs.Output, error) {
	if p.settings.outputs == "" {
		return nil, usage("--outputs is required: the file that names them")
	}
	return readOutputs(p.settings.outputs)
}

func (p *program) outputsListCommand() *cobra.Command {
	return p.outputsFlags(&cobra.Command{
		Use: "list", Short: "list the outputs and how many messages wait for each", Args: takes("", 0, 0), Annotations: exits(workedHelp),
		RunE: func(*cobra.Command, []string) error {
			all, err := p.namedOutputs()
			if err != nil {
				return err
			}
			for _, o := range all {
				waiting, err := outputs.Waiting(o, p.settings.queuePath())
				if err != nil {
					return err
				}
				fmt.Fprintf(p.stdout, "%-16s %-8s %d waiting  %s\n", o.Name, o.Format, waiting, reports.Printable(o.To, 200))
			}
			return nil
		},
	})
}

func (p *program) outputsFlushCommand() *cobra.Command {
	return p.outputsFlags(&cobra.Command{
		Use: "flush", Short: "send what waits in the queues", Args: takes("", 0, 0),
		Annotations: exits(`  0  nothing waits any more
  1  the program could not do its work
  2  wrong usage
  3  messages still wait`),
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := p.namedOutputs()
			if err != nil {
				return err
			}
			if p.deliver(c.Context(), all) {
				return &status{code: statusNotAssessed}
			}
			return nil
		},
	})
}

func (p *program) outputsTestCommand() *cobra.Command {
	return p.outputsFlags(&cobra.Command{
		Use: "test", Short: "send each output what it would get of a made-up run: a FAIL on a device called trueboot-test", Args: takes("", 0, 0),
		Annotations: exits(`  0  everything was delivered
  1  the program could not do its work
  2  wrong usage
  3  messages wait in the queue`),
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := p.namedOutputs()
			if err != nil {
				return err
			}
			now := time.Now().UTC()
			run := reports.Run{ID: "test", Started: now, Program: "trueboot " + version(), Collector: collector(), Profile: "test", Devices: 1}
			rule, _ := compare.Explain("NDI-BC-03")
			device := reports.Device{Name: "trueboot-test", Platform: "cisco_ios", Outcome: facts.AskedAll, Started: now, Findings: []compare.Finding{{
				Device: "trueboot-test", Control: rule.Control, Rule: rule.Name, Title: rule.Title, Pillar: rule.Pillar, Verdict: compare.Fail, Severity: compare.Critical, Tier: facts.E0,
				Message: "this is a test of the output; no device was visited", ATTACK: rule.ATTACK, Guidance: rule.Guidance, Next: "Nothing to do.",
			}}}
			sink := &outputs.Sink{Outputs: all, Folder: p.settings.queuePath()}
			recap := run.Recap()
			recap.Add(device)
			if err := errors.Join(sink.Begin(run), sink.Device(device), sink.End(recap)); err != nil {
				return err
			}
			if p.deliver(c.Context(), all) {
				return &status{code: statusNotAssessed}
			}
			for _, o := range all {
				fmt.Fprintf(p.stdout, "%s: delivered\n", o.Name)
			}
			return nil
		},
	})
}
