package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands returns all commands of ours.
func commands(p *program) (all []*cobra.Command) {
	var add func(*cobra.Command)
	add = func(c *cobra.Command) {
		if c.Annotations[exitStatus] != "" {
			all = append(all, c)
		}
		for _, sub := range c.Commands() {
			add(sub)
		}
	}
	add(p.rootCommand())
	return all
}

func newProgram(out *strings.Builder) *program {
	return &program{stdin: strings.NewReader(""), stdout: &results{to: out}, stderr: out}
}

// setting returns a flag's value where its variable and the settings file hold these; empty for nothing.
func settingOf(t *testing.T, command []string, flag, inVariable, inFile string) string {
	t.Helper()
	config := filepath.Join(t.TempDir(), "settings.yaml")
	text := ""
	if inFile != "" {
		text = flag + ": " + inFile + "\n"
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(variable(flag), inVariable)
	p := newProgram(new(strings.Builder))
	c, _, err := p.rootCommand().Find(command)
	if err == nil {
		err = c.ParseFlags([]string{"--config", config})
	}
	if err == nil {
		err = p.settings.complete(c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(c.Flags().Lookup(flag).Value.String(), filepath.Dir(config)+string(filepath.Separator))
}

// TestEverySetting holds that each flag of each command may come from its variable and from the settings file, and that
// the variable goes before the file.
func TestEverySetting(t *testing.T) {
	// By the type of a flag, two values that none has by default. Those of text are good for every flag with a check.
	samples := map[string][2]string{
		"string": {"high", "critical"}, "bool": {"true", "false"}, "int": {"7", "8"}, "float64": {"7", "8"}, "duration": {"7s", "8s"}, "stringSlice": {"a", "b"},
	}
	for _, c := range commands(newProgram(new(strings.Builder))) {
		command := strings.Fields(c.CommandPath())[1:]
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" || f.Name == "version" {
				return
			}
			t.Run(strings.Join(append(command, f.Name), " "), func(t *testing.T) {
				sample, known := samples[f.Value.Type()]
				if !known {
					t.Fatalf("a flag of type %s", f.Value.Type())
				}
				one, other := sample[0], sample[1]
				for _, test := range []struct{ inVariable, inFile string }{{one, ""}, {"", one}, {one, other}} {
					got := strings.Trim(settingOf(t, command, f.Name, test.inVariable, test.inFile), "[]")
					if got = strings.TrimPrefix(got, string(filepath.Separator)); filepath.Base(got) != one {
						t.Errorf("%+v: got %q", test, got)
					}
				}
			})
		})
	}
}

func TestSettingsFile(t *testing.T) {
	folder := t.TempDir()
	config := filepath.Join(folder, "settings.yaml")
	read := func(text string) (map[string]setting, error) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readSettings(config, newProgram(new(strings.Builder)).rootCommand())
	}
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"comments alone", "# sessions: 5\n", ""},
		{"a list", "- sessions\n", "1: expected a mapping from names of flags to values"},
		{"no YAML", "sessions: [\n", "yaml: line 1"},
		{"no flag", "inventory: a\nsesions: 5\n", `2: "sesions" is the name of no flag; did you mean sessions?`},
		{"the file itself", "config: other.yaml\n", `1: "config" is the name of no flag`},
		{"twice", "sessions: 5\nstore: .\nsessions: 6\n", "3: sessions stands here again; it is already on line 1"},
		{"many values", "tag: [a, b]\n", "1: tag: expected one value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := read(test.text)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}

	absolute := filepath.Join(folder, "elsewhere")
	t.Setenv("HOME", absolute)
	t.Setenv("USERPROFILE", absolute) // Windows
	got, err := read("limit:\ninventory: net/devices.yaml\nstore: " + absolute + "\nprofile: ndi\nknown-hosts: a, ~/b\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]setting{
		"inventory":   {filepath.Join(folder, "net", "devices.yaml"), 2},
		"store":       {absolute, 3},
		"profile":     {"ndi", 4},
		"known-hosts": {filepath.Join(folder, "a") + "," + filepath.Join(absolute, "b"), 5},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(setting{})); diff != "" {
		t.Error(diff)
	}
	if got, err := read("profile: own.txt\n"); err != nil || got["profile"].text != filepath.Join(folder, "own.txt") {
		t.Errorf("%v, %v", got, err)
	}
}

// TestHelp holds that each command tells what it does, how it is called, its flags and its exit statuses, in lines that a
// terminal of 80 columns has room for, or that wrap at words.
func TestHelp(t *testing.T) {
	for _, c := range commands(newProgram(new(strings.Builder))) {
		var out strings.Builder
		p := newProgram(&out)
		if err := p.command(t.Context(), append(strings.Fields(c.CommandPath())[1:], "--help")...); err != nil {
			t.Errorf("%s: %v", c.CommandPath(), err)
		}
		text := out.String()
		for _, part := range []string{"Usage:\n  " + c.CommandPath(), "\nFlags:\n", "  --config ", "\nEXIT STATUS\n  0  ", "\n  1  ", "\n  2  "} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the help has no %q", c.CommandPath(), part)
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > mostHelp+1 {
				t.Errorf("%s: %q is too long", c.CommandPath(), line)
			}
		}
		if strings.Contains(text, "`") {
			t.Errorf("%s: a backquote in the help", c.CommandPath())
		}
	}
}
