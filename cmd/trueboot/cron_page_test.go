package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// examplesOf has the examples of a page, by the heading above each.
func examplesOf(t *testing.T, page string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs", page))
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)## ([^\n]+)\n.*?```\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		examples[m[1]] = m[2]
	}
	return examples
}

// TestCronPage holds the examples of docs/cron.md to what the tools that run them take, and their command lines to the flags that there are.
func TestCronPage(t *testing.T) {
	examples := examplesOf(t, "cron.md")
	if len(examples) != 3 {
		t.Fatalf("%d examples", len(examples))
	}
	var out strings.Builder
	sweep, _, err := newProgram(&out).rootCommand().Find([]string{"sweep"})
	if err != nil {
		t.Fatal(err)
	}
	for heading, example := range examples {
		for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(example, -1) {
			if sweep.Flags().Lookup(flag[1]) == nil && sweep.InheritedFlags().Lookup(flag[1]) == nil {
				t.Errorf("%s: there is no flag --%s", heading, flag[1])
			}
		}
	}
	for line := range strings.Lines(examples["crontab"]) {
		if !regexp.MustCompile(`^(?:[A-Z]+=\S+|(?:[\d*,/-]+ +){5}[a-z]+ +trueboot sweep .*)\n$`).MatchString(line) {
			t.Errorf("no line of a crontab: %q", line)
		}
	}
	var job struct {
		Kind string
		Spec struct {
			Schedule, ConcurrencyPolicy string
			JobTemplate                 struct {
				Spec struct {
					Template struct {
						Spec struct {
							Containers []struct{ Args []string }
						}
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal([]byte(examples["Kubernetes"]), &job); err != nil || job.Kind != "CronJob" || len(job.Spec.JobTemplate.Spec.Template.Spec.Containers) != 1 ||
		job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Args[0] != "sweep" {
		t.Errorf("Kubernetes: %+v, %v", job, err)
	}
	verifyUnits(t, examples["systemd"], "trueboot-sweep.service", "trueboot-sweep.timer")
}

// TestDaemonPage holds the unit of docs/daemon.md to what systemd takes.
func TestDaemonPage(t *testing.T) {
	verifyUnits(t, examplesOf(t, "daemon.md")["systemd"], "trueboot.service")
}

// verifyUnits has systemd's own tool look at the units of a page.
func verifyUnits(t *testing.T, example string, names ...string) {
	t.Helper()
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is missing: the units are not verified")
		return
	}
	folder := t.TempDir()
	units := strings.Split(example, "# /etc/systemd/system/")
	for _, unit := range units[1:] {
		name, text, _ := strings.Cut(unit, "\n")
		// What runs has to be there for the tool, whatever the machine has.
		text = strings.ReplaceAll(text, "/usr/local/bin/trueboot", "/bin/true")
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		c := exec.CommandContext(t.Context(), verify, "verify", "--man=no", filepath.Join(folder, name))
		if out, err := c.CombinedOutput(); err != nil || strings.Contains(string(out), name+":") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
