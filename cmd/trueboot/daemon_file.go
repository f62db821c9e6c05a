package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"trueboot/schedule"
)

// A scheduled is a command line that is run when it is due.
type scheduled struct {
	Name string   `yaml:"name"`
	At   string   `yaml:"at"`   // the fields of cron
	Zone string   `yaml:"zone"` // of the IANA; empty for the local one
	Run  []string `yaml:"run"`  // without "trueboot"

	due schedule.Spec
}

// runnable are the commands that a daemon may run: those that end by themselves and ask nobody.
var runnable = []string{"sweep", "check", "report", "change import", "detect", "outputs flush", "baseline verify", "evidence verify", "inventory check", "inventory test"}

// readSchedules reads the file of a daemon.
func readSchedules(path string) ([]scheduled, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var document struct {
		Schedules []scheduled `yaml:"schedules"`
	}
	d := yaml.NewDecoder(io.LimitReader(file, 1<<20))
	d.KnownFields(true)
	if err := d.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(document.Schedules) == 0 {
		return nil, fmt.Errorf("%s: no schedules; want a list of them, each with name, at and run", path)
	}
	var problems []error
	names := map[string]bool{}
	for i := range document.Schedules {
		s := &document.Schedules[i]
		if s.Name == "" || names[s.Name] || strings.ContainsFunc(s.Name, func(c rune) bool { return c <= ' ' || c > '~' }) {
			problems = append(problems, fmt.Errorf("%s: schedule %d: a name of its own, without blanks, is missing", path, i+1))
		}
		names[s.Name] = true
		if s.due, err = schedule.Parse(s.At, s.Zone); err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: at: %w", path, s.Name, err))
		}
		if err := checkRun(s.Run); err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: run: %w", path, s.Name, err))
		}
	}
	return document.Schedules, errors.Join(problems...)
}

// checkRun finds wrong usage while somebody looks, and not at night.
func checkRun(words []string) error {
	if !slices.ContainsFunc(runnable, func(command string) bool {
		want := strings.Fields(command)
		return len(words) >= len(want) && slices.Equal(words[:len(want)], want)
	}) {
		return fmt.Errorf("want a list of words that begins with one of %s, such as [sweep, --tag, nightly]", strings.Join(runnable, ", "))
	}
	root := (&program{stdin: strings.NewReader(""), stdout: &results{to: io.Discard}, stderr: io.Discard}).rootCommand()
	c, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if c.Args != nil {
		return c.Args(c, c.Flags().Args())
	}
	return nil
}

// withSettings adds the daemon's own settings to a command line, where the command has them and the line does not say them.
func (p *program) withSettings(words []string) []string {
	root := (&program{stdin: strings.NewReader(""), stdout: &results{to: io.Discard}, stderr: io.Discard}).rootCommand()
	c, rest, err := root.Find(words)
	if err != nil || c.ParseFlags(rest) != nil {
		return words
	}
	all := slices.Clone(words)
	for flag, value := range map[string]string{"store": p.settings.store, "inventory": p.settings.inventory, "config": p.settings.config} {
		if f := c.Flags().Lookup(flag); f != nil && !f.Changed && !(flag == "config" && !exists(value)) {
			all = append(all, "--"+flag+"="+value)
		}
	}
	return all
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// registerSchedules adds the flag that names the file.
func registerSchedules(flags *pflag.FlagSet, path *string) {
	flags.StringVar(path, "schedules", "schedules.yaml", "what runs when: a YAML `file`")
}

// A lastRun is what a daemon knows of a schedule after it ran, kept over restarts.
type lastRun struct {
	Due     time.Time `json:"due"` // what was due by then was run, or was missed before the daemon knew the schedule
	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Status  int       `json:"status"` // exit status of the command
}
