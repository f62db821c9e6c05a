package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/alerts"
)

// ciscoStamp is the stamp of a Cisco message in the scenarios.
var ciscoStamp = regexp.MustCompile(`(<\d+>\d+: \w+: )(Nov )`)

// variants are what happens to a log on its way.
var variants = map[string]func([]string) []string{
	"as it is": func(lines []string) []string { return lines },
	"shuffled": func(lines []string) []string {
		lines = slices.Clone(lines)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		return lines
	},
	"doubled": func(lines []string) []string { return append(slices.Clone(lines), lines...) },
	"a clock that lost its server": func(lines []string) []string {
		lines = slices.Clone(lines)
		for i := range lines {
			lines[i] = ciscoStamp.ReplaceAllString(lines[i], "$1.$2")
		}
		return lines
	},
	"unset": func(lines []string) []string { // clocks that are not set: only the order of the lines is left
		lines = slices.Clone(lines)
		for i := range lines {
			lines[i] = ciscoStamp.ReplaceAllString(lines[i], "$1*$2")
		}
		return lines
	},
}

// TestScenarios reads every scenario of testdata/logs with detect, in each variant, and holds it against the alerts that it has to come to.
func TestScenarios(t *testing.T) {
	root, err := filepath.Abs("../../testdata/logs")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(root, "*", "log"))
	if err != nil || len(folders) < 20 {
		t.Fatalf("%d scenarios, %v", len(folders), err)
	}
	for _, path := range folders {
		name := filepath.Base(filepath.Dir(path))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for how, change := range variants {
			t.Run(name+", "+how, func(t *testing.T) {
				want := expectedAlerts(t, filepath.Dir(path), how)
				t.Chdir(t.TempDir())
				lines := change(strings.Split(strings.TrimRight(string(text), "\n"), "\n"))
				if err := os.WriteFile("log", []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				var out, said bytes.Buffer
				code := run(t.Context(), []string{"detect", "--format", "json", "--inventory", filepath.Join(root, "inventory.yaml"), "--context", contextOf(filepath.Dir(path)), "log"}, nil, &out, &said)
				if code != statusPass && code != statusFail {
					t.Fatalf("exit status %d: %s", code, said.String())
				}
				var got []string
				for line := range strings.Lines(out.String()) {
					var m struct{ Alert alerts.Alert }
					if err := json.Unmarshal([]byte(line), &m); err != nil {
						t.Fatal(err)
					}
					got = append(got, m.Alert.Chain+" "+string(m.Alert.Severity)+" "+m.Alert.Device)
				}
				slices.Sort(got)
				slices.Sort(want)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got)\n%s%s", diff, out.String())
				}
			})
		}
	}
}

// expectedAlerts reads what a scenario has to come to. Where nothing but the order of lines tells when they were, it may come to something else.
func expectedAlerts(t *testing.T, folder, how string) (want []string) {
	t.Helper()
	expected, err := os.ReadFile(filepath.Join(folder, "alerts-"+how))
	if err != nil {
		expected, err = os.ReadFile(filepath.Join(folder, "alerts"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(expected)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			want = append(want, line)
		}
	}
	return want
}

// contextOf is the file of what explains a scenario, "" for none.
func contextOf(folder string) string {
	path := filepath.Join(folder, "context.yaml")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}
