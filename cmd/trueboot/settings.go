package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"trueboot/compare"
	"trueboot/inventory"
)

// settings are the flags that several commands share. Each flag, of any command, has a TRUEBOOT_… variable and a key in
// trueboot.yaml of the same name; a flag wins over the variable, the variable over the file.
type settings struct {
	config    string
	inventory string
	store     string
	profile   string
	failOn    string
	signers   string
	anchors   string
	outputs   string
}

const defaultConfig = "trueboot.yaml"

// sharedFlags stand last in a command's help.
var sharedFlags = map[string]bool{"config": true, "inventory": true, "store": true, "profile": true, "fail-on": true, "signers": true, "trust-anchors": true, "help": true, "version": true}

func (s *settings) registerInventory(flags *pflag.FlagSet) {
	flags.StringVar(&s.inventory, "inventory", "inventory.yaml", "which devices there are: a YAML `file`")
}

func (s *settings) registerStore(flags *pflag.FlagSet) {
	flags.StringVar(&s.store, "store", ".", "`folder` of baseline.db, history.db and the pinned host keys")
}

func (s *settings) registerJudgement(flags *pflag.FlagSet) {
	flags.StringVar(&s.profile, "profile", "core", "which controls are required: core, ndi, strict, or a `file` that lists them")
	flags.StringVar(&s.failOn, "fail-on", string(compare.Low), "least `severity` of a FAIL that makes exit status 4: critical, high, medium, low")
	flags.StringVar(&s.anchors, "trust-anchors", "", "check signed boot measurements (NDI-BC-08) up to the root certificates in this PEM `file`")
	s.registerSigners(flags)
}

// registerSigners adds the flag that asks for a signed baseline.
func (s *settings) registerSigners(flags *pflag.FlagSet) {
	flags.StringVar(&s.signers, "signers", "", "refuse a baseline that is not signed by one of these: a `file` of allowed signers (ssh-keygen)")
}

// registerFormat adds the flag that chooses the form of the results.
func registerFormat(flags *pflag.FlagSet, format *string) {
	flags.StringVar(format, "format", "text", "`form` of the results: text, or json with one message a line")
}

func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return usage("--format %q: text or json", format)
	}
	return nil
}

// complete fills in from the environment and from the settings file what no flag set.
func (s *settings) complete(c *cobra.Command) error {
	var problems []error
	set := func(source func(flag string) string, value func(flag string) (string, bool)) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			text, ok := value(f.Name)
			if !ok || f.Changed || f.Name == "help" {
				return
			}
			if err := c.Flags().Set(f.Name, text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", source(f.Name), err))
			}
		})
	}
	// A variable that is empty says nothing, as one that is not there.
	set(variable, func(flag string) (string, bool) { text := os.Getenv(variable(flag)); return text, text != "" })
	values, err := readSettings(s.config, c)
	if err != nil {
		return &status{statusUsage, err}
	}
	set(func(flag string) string { return fmt.Sprintf("%s:%d", s.config, values[flag].line) },
		func(flag string) (string, bool) { v, ok := values[flag]; return v.text, ok })
	if c.Flags().Lookup("fail-on") != nil && s.severity().Rank() > compare.Low.Rank() {
		problems = append(problems, fmt.Errorf("--fail-on %q: one of critical, high, medium, low", s.failOn))
	}
	if len(problems) > 0 {
		return &status{statusUsage, errors.Join(problems...)}
	}
	return nil
}

// variable is the name of a flag's environment variable: TRUEBOOT_FAIL_ON for --fail-on.
func variable(flag string) string {
	return "TRUEBOOT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// A setting is a value of the settings file.
type setting struct {
	text string
	line int
}

// readSettings reads the settings file: a mapping from names of flags, of any command, to values. A file
// that is not there is none, unless it was asked for by name.
func readSettings(path string, c *cobra.Command) (map[string]setting, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !c.Flags().Changed("config") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var all func(*cobra.Command)
	all = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "config" && f.Name != "help" && f.Name != "version" {
				known[f.Name] = true
			}
		})
		for _, sub := range c.Commands() {
			all(sub)
		}
	}
	all(c.Root())
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	mapping := document.Content[0]
	if mapping.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: expected a mapping from names of flags to values", path, mapping.Line)
	}
	values := map[string]setting{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		switch {
		case !known[key.Value]:
			return nil, fmt.Errorf("%s:%d: %q is the name of no flag; %s", path, key.Line, key.Value, inventory.Suggest(key.Value, slices.Sorted(maps.Keys(known))))
		case value.Kind != yaml.ScalarNode:
			return nil, fmt.Errorf("%s:%d: %s: expected one value", path, value.Line, key.Value)
		case values[key.Value].line > 0:
			return nil, fmt.Errorf("%s:%d: %s stands here again; it is already on line %d", path, key.Line, key.Value, values[key.Value].line)
		}
		if value.ShortTag() == "!!null" {
			continue // "limit:" with nothing behind it says nothing
		}
		values[key.Value] = setting{fromFile(path, key.Value, value.Value), key.Line}
	}
	return values, nil
}

// fromFile takes paths of the settings file from the file's own folder.
func fromFile(path, key, text string) string {
	folder := filepath.Dir(path)
	switch key {
	case "inventory", "store", "folder", "record", "key", "signature", "certificate", "rules", "context", "signers", "trust-anchors", "outputs":
		return inventory.FromFolder(folder, text)
	case "profile":
		if _, ok := compare.BuiltInProfile(text); ok {
			return text
		}
		return inventory.FromFolder(folder, text)
	case "known-hosts":
		files := strings.Split(text, ",")
		for i, f := range files {
			files[i] = inventory.FromFolder(folder, strings.TrimSpace(f))
		}
		return strings.Join(files, ",")
	}
	return text
}

func (s *settings) baselinePath() string   { return filepath.Join(s.store, "baseline.db") }
func (s *settings) queuePath() string      { return filepath.Join(s.store, "outputs") }
func (s *settings) advisoriesPath() string { return filepath.Join(s.store, "advisories") }
func (s *settings) secretKeyPath() string  { return filepath.Join(s.store, "secrets.key") }
func (s *settings) historyPath() string    { return filepath.Join(s.store, "history.db") }
func (s *settings) pinsPath() string       { return filepath.Join(s.store, "known_hosts") }
func (s *settings) knownPath() string      { return filepath.Join(s.store, "known.db") }
func (s *settings) alertsPath() string     { return filepath.Join(s.store, "alerts.db") }

func (s *settings) severity() compare.Severity {
	return compare.Severity(s.failOn)
}
