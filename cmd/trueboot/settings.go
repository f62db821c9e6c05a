package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"trueboot/compare"
)

// settings are the flags that all commands share. Each has a TRUEBOOT_… variable and a key in
// trueboot.yaml of the same name; a flag wins over the variable, the variable over the file.
type settings struct {
	config    string
	inventory string
	store     string
	profile   string
	failOn    string
}

const defaultConfig = "trueboot.yaml"

func (s *settings) register(flags *pflag.FlagSet) {
	flags.StringVar(&s.config, "config", defaultConfig, "settings `file`: each key is the name of a flag")
	flags.StringVar(&s.inventory, "inventory", "inventory.yaml", "which devices there are: a YAML `file`")
	flags.StringVar(&s.store, "store", ".", "`folder` of baseline.db, history.db and the pinned host keys")
	flags.StringVar(&s.profile, "profile", "core", "which controls are required: core, ndi, strict, or a `file` that lists them")
	flags.StringVar(&s.failOn, "fail-on", string(compare.Low), "least `severity` of a FAIL that makes exit status 4: critical, high, medium, low")
}

// complete fills in from the environment and from the settings file what no flag set.
func (s *settings) complete(c *cobra.Command) error {
	var problems []error
	set := func(source string, value func(flag string) (string, bool)) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			text, ok := value(f.Name)
			if !ok || f.Changed {
				return
			}
			if err := c.Flags().Set(f.Name, text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %s: %w", source, f.Name, err))
			}
		})
	}
	set("environment", func(flag string) (string, bool) { return os.LookupEnv(variable(flag)) })
	values, err := readSettings(s.config, c)
	if err != nil {
		return &status{statusUsage, err}
	}
	set(s.config, func(flag string) (string, bool) { v, ok := values[flag]; return v, ok })
	if s.severity().Rank() > compare.Low.Rank() {
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

// readSettings reads the settings file: a mapping from names of flags, of any command, to values. A file
// that is not there is none, unless it was asked for by name.
func readSettings(path string, c *cobra.Command) (map[string]string, error) {
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
		c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		c.PersistentFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
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
	values := map[string]string{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		if !known[key.Value] || key.Value == "config" {
			return nil, fmt.Errorf("%s:%d: %q is the name of no flag", path, key.Line, key.Value)
		}
		if value.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%s:%d: %s: expected one value", path, value.Line, key.Value)
		}
		values[key.Value] = value.Value
	}
	// A path in the file is meant from the file's own folder.
	for _, key := range []string{"inventory", "store", "known-hosts"} {
		if v, ok := values[key]; ok && !filepath.IsAbs(v) {
			values[key] = filepath.Join(filepath.Dir(path), v)
		}
	}
	return values, nil
}

func (s *settings) baselinePath() string { return filepath.Join(s.store, "baseline.db") }
func (s *settings) historyPath() string  { return filepath.Join(s.store, "history.db") }
func (s *settings) pinsPath() string     { return filepath.Join(s.store, "known_hosts") }

func (s *settings) severity() compare.Severity {
	return compare.Severity(s.failOn)
}
