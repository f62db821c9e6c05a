package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline/boltfile"
)

func (p *program) daemonCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "daemon",
		Short: "run sweeps and other commands when they are due, and visits when somebody asks",
		Long: `Run commands when they are due, one at a time, until a signal ends it. A file says which:

  schedules:
    - name: nightly
      at: 15 2 * * *              # the fields of cron
      zone: Europe/Berlin
      run: [sweep, --tag, nightly, --deadline, 4h, --quiet]
    - name: core
      at: "0 */4 * * *"
      run: [sweep, --limit, "core*", --quiet]

What was due while the daemon was down is made up for once, when it starts again. What is due while another one runs waits, and is run once. SIGTERM lets a sweep end its
visits and keep what it has.

"daemon visit" asks the daemon for a visit over a socket in the store, and shows what it finds; "daemon status" shows what ran and what comes. Between runs the stores are free, so that every
other command works as ever; while a sweep writes, history, report, diff and baseline show have the daemon read for them.`,
		Example: `  trueboot daemon --schedules /etc/trueboot/schedules.yaml --store /var/lib/trueboot
  trueboot daemon visit 'core*'`,
		Args:        takes("argument", 0, 0),
		Annotations: exits(workedHelp),
		RunE: func(c *cobra.Command, _ []string) error {
			schedules, err := readSchedules(path)
			if err != nil {
				return err
			}
			d := &daemon{p: p, schedules: schedules, asked: make(chan visitRequest, mostAsked), reads: make(chan struct{}, 4)}
			boltfile.Share()
			return d.run(c.Context())
		},
	}
	registerSchedules(c.Flags(), &path)
	p.settings.registerInventory(c.Flags())
	p.settings.registerStore(c.Flags())
	c.AddCommand(p.daemonVisitCommand(), p.daemonStatusCommand())
	return c
}

// mostAsked is how many visits may wait; further ones are refused.
const mostAsked = 32

// A daemon runs what is due, and what is asked for, one at a time.
type daemon struct {
	p         *program
	schedules []scheduled
	asked     chan visitRequest
	reads     chan struct{} // holds a token for each command that reads for a client

	mu      sync.Mutex
	last    map[string]lastRun // by name
	running string             // what runs now, empty for nothing
	since   time.Time
}

func (d *daemon) statePath() string { return filepath.Join(d.p.settings.store, "daemon.json") }

// lookAgain is how long the daemon sleeps at most: a clock that was set, or a machine that slept, is noticed then.
const lookAgain = 30 * time.Second

func (d *daemon) run(ctx context.Context) error {
	if err := os.MkdirAll(d.p.settings.store, 0o700); err != nil {
		return err
	}
	server, err := listen(d.p.socketPath())
	if err != nil {
		return err
	}
	defer server.Close()
	if err := d.load(time.Now()); err != nil {
		return err
	}
	var clients sync.WaitGroup
	defer clients.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	context.AfterFunc(ctx, func() { server.Close() })
	clients.Go(func() { d.serve(ctx, server, &clients) })
	for _, s := range d.schedules {
		d.p.say("%s: next on %s", s.Name, s.due.Next(d.last[s.Name].Due).Local().Format("2006-01-02 15:04 MST"))
	}
	for ctx.Err() == nil {
		now := time.Now()
		wait := lookAgain
		ran := false
		for _, s := range d.schedules {
			if ctx.Err() == nil && s.due.Missed(d.last[s.Name].Due, now) {
				d.runDue(ctx, s)
				ran = true
			}
			wait = min(wait, time.Until(s.due.Next(d.last[s.Name].Due)))
		}
		if ran {
			continue
		}
		select {
		case <-ctx.Done():
		case v := <-d.asked:
			d.visit(ctx, v)
		case <-time.After(max(wait, 10*time.Millisecond)):
		}
	}
	d.p.say("stopped")
	return nil
}

// runDue runs a schedule once, for all the times at which it was due until now.
func (d *daemon) runDue(ctx context.Context, s scheduled) {
	due, started := s.due.Next(d.last[s.Name].Due), time.Now()
	if late := started.Sub(due); late > time.Minute {
		d.p.say("%s: was due on %s; it runs now", s.Name, due.Local().Format("2006-01-02 15:04 MST"))
	}
	status := d.command(ctx, s.Name, s.Run, d.p.stdout, d.p.stderr)
	l := lastRun{Due: started, Started: started, Ended: time.Now(), Status: status}
	if ctx.Err() != nil {
		l.Due = due.Add(-time.Second) // it was cut short: it is due again when the daemon starts
	}
	d.mu.Lock()
	d.last[s.Name] = l
	d.mu.Unlock()
	if err := d.save(); err != nil {
		d.p.say("%s: when it ran could not be kept, and it may run once more after a restart: %v", s.Name, err)
	}
	d.p.say("%s: ended with status %d after %v; next on %s", s.Name, status, l.Ended.Sub(started).Round(time.Second), s.due.Next(started).Local().Format("2006-01-02 15:04 MST"))
}

// command runs a command line in a program of its own, and returns its exit status.
func (d *daemon) command(ctx context.Context, name string, words []string, stdout, stderr io.Writer) int {
	d.mu.Lock()
	d.running, d.since = name, time.Now()
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.running = ""
		d.mu.Unlock()
	}()
	return run(ctx, d.p.withSettings(words), strings.NewReader(""), stdout, stderr)
}

// load reads what ran before. What the daemon did not know yet begins now.
func (d *daemon) load(now time.Time) error {
	kept := map[string]lastRun{}
	text, err := os.ReadFile(d.statePath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(text, &kept); err != nil {
			return fmt.Errorf("%s: %w; remove it, and what was missed is not made up for", d.statePath(), err)
		}
	}
	d.last = map[string]lastRun{}
	for _, s := range d.schedules {
		l, known := kept[s.Name]
		if !known || l.Due.After(now) { // the clock was put back
			l.Due = now
		}
		d.last[s.Name] = l
	}
	return d.save()
}

func (d *daemon) save() error {
	d.mu.Lock()
	last := maps.Clone(d.last)
	d.mu.Unlock()
	text, err := json.Marshal(last)
	if err != nil {
		return err
	}
	return writeWhole(d.statePath(), text)
}
