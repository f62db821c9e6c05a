package paloalto

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// fact is one expected fact, short enough for a table.
type fact struct {
	Kind           facts.Kind
	Subject, Value string
	Line           int
}

// read reads a reply as a visit would, contradictions and refusals included. The second result is the gap's reason and detail.
func read(t *testing.T, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := PANOS.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	set := PANOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
	var short []fact
	for _, f := range set.Facts {
		short = append(short, fact{f.Kind, f.Subject, f.Value, f.Line})
	}
	var problems []string
	for _, g := range set.Gaps {
		problems = append(problems, string(g.Reason)+": "+g.Detail)
	}
	return short, strings.Join(problems, "\n")
}

const (
	partitionTop = "\nPartition         State             Version\n--------------------------------------------------------------------------------\n"
	softwareTop  = "\nVersion               Size          Released on Downloaded  Installed\n-------------------------------------------------------------------------\n"
)

func TestReaders(t *testing.T) {
	for _, test := range []struct {
		name, command, reply string
		want                 []fact
		problem              string // part of the gap's reason and detail; empty for none
	}{
		{
			name: "an old release, with echo and prompt", command: "show system info",
			reply: "admin@fw(active)> show system info\n\nhostname: fw\nuptime: 135 days, 1:04:00\nfamily: 500\nmodel: PA-500\nserial: 009401000777\nsw-version: 5.0.20\n" +
				"vpnclient-package-version: Not Installed\napp-version: 497-2688\nav-release-date: unknown\nlogdb-version: 5.0.2\nplatform-family: 500\nmulti-vsys: off\noperational-mode: fips-cc\n\nadmin@fw(active)>\n",
			want: []fact{
				{facts.Hostname, "", "fw", 3}, {facts.Uptime, "", "11667840", 4}, {facts.SoftwareImage, "", "500", 5}, {facts.Model, "", "PA-500", 6},
				{facts.SerialNumber, "", "009401000777", 7}, {facts.RunningVersion, "", "5.0.20", 8}, {facts.OperatingSystem, "", "PAN-OS", 8},
				{facts.ContentVersion, "vpnclient-package", "Not Installed", 9}, {facts.ContentVersion, "app", "497-2688", 10}, {facts.ComponentVersion, "logdb", "5.0.2", 12},
				{facts.SoftwareImage, "platform", "500", 13}, {facts.IntegritySetting, "operational mode", "fips-cc", 15},
			},
		},
		{
			name: "up for less than a day", command: "show system info", reply: "uptime: 3:25:45\nmodel: PA-VM\nserial: unknown\nsw-version: 7.0.1\n",
			want: []fact{
				{facts.Uptime, "", "12345", 1}, {facts.Model, "", "PA-VM", 2}, {facts.SerialNumber, "", "unknown", 3}, {facts.RunningVersion, "", "7.0.1", 4}, {facts.OperatingSystem, "", "PAN-OS", 4},
			},
		},
		{
			name: "two versions", command: "show system info", reply: "model: PA-VM\nserial: 1\nsw-version: 7.0.1\nsw-version: 7.0.2\n",
			want: []fact{
				{facts.Model, "", "PA-VM", 1}, {facts.SerialNumber, "", "1", 2}, {facts.RunningVersion, "", "7.0.1", 3}, {facts.OperatingSystem, "", "PAN-OS", 3},
				{facts.RunningVersion, "", "7.0.2", 4}, {facts.OperatingSystem, "", "PAN-OS", 4},
			},
			problem: "two values for running version",
		},
		{name: "cut short", command: "show system info", reply: "hostname: fw\nserial: 1\nmod", want: []fact{{facts.Hostname, "", "fw", 1}, {facts.SerialNumber, "", "1", 2}}, problem: "no running version"},
		{name: "an uptime of another form", command: "show system info", reply: "uptime: for ever\n", problem: "not an uptime"},
		{name: "XML", command: "show system info", reply: "<response status=\"success\"><result><system>\n", problem: "not a name and its value"},
		{name: "empty", command: "show system info", reply: "", problem: "no model"},

		{
			name: "both active, one state with its reason", command: "show high-availability all",
			reply: "Group 3: \n  Mode: Active-Active\n  Local Information:\n    Version: 1\n    State: active-primary (last 3 hours)\n    Device Information:\n      Model: PA-5220\n    HA4 Link:\n      State: up\n" +
				"    Version Information:\n      Build Release: 9.1.2-h1\n  Peer Information:\n    Connection status: down; peer not reachable\n    State: non-functional (last 5 minutes)  Monitor failure\n" +
				"    Device Information:\n      Model: PA-5250\n      Serial Number: 013101000001\n    Version Information:\n      Build Release: \n",
			want: []fact{
				{facts.Redundancy, "operating mode", "Active-Active", 2}, {facts.ComponentRole, "local", "active-primary", 5}, {facts.Model, "local", "PA-5220", 7},
				{facts.ComponentVersion, "local", "9.1.2-h1", 11}, {facts.ComponentState, "peer", "down; peer not reachable", 13}, {facts.ComponentRole, "peer", "non-functional", 14},
				{facts.Model, "peer", "PA-5250", 16}, {facts.SerialNumber, "peer", "013101000001", 17},
			},
		},
		{name: "alone", command: "show high-availability all", reply: "\nHA not enabled\n", want: []fact{{facts.Redundancy, "operating mode", "HA not enabled", 2}}},
		{name: "a state that is none", command: "show high-availability all", reply: "  Local Information:\n    State: 42\n", problem: "not a state of high availability"},
		{name: "no state", command: "show high-availability all", reply: "Group 1:\n  Mode: Active-Passive\n", want: []fact{{facts.Redundancy, "operating mode", "Active-Passive", 2}}, problem: "no state"},

		{
			name: "another partition boots next", command: "debug swm status",
			reply: partitionTop + "sysroot0          RUNNING-ACTIVE    9.0.5.xfr\nsysroot1          PENDING-CHANGE    9.1.2\nmaint             READY             9.1.2\n",
			want: []fact{
				{facts.Partition, "sysroot0", "9.0.5.xfr", 4}, {facts.PartitionState, "sysroot0", "RUNNING-ACTIVE", 4}, {facts.Partition, "sysroot1", "9.1.2", 5}, {facts.PartitionState, "sysroot1", "PENDING-CHANGE", 5},
				{facts.Partition, "maint", "9.1.2", 6}, {facts.PartitionState, "maint", "READY", 6}, {facts.RunningVersion, "", "9.0.5.xfr", 4}, {facts.RunningImage, "", "sysroot0", 4},
				{facts.BootVariable, "1", "sysroot0", 4}, {facts.NextBootVariable, "1", "sysroot1", 5},
			},
		},
		{
			name: "an empty partition", command: "debug swm status", reply: partitionTop + "sysroot0 EMPTY None\nsysroot1 RUNNING-ACTIVE 10.1.0\n",
			want: []fact{
				{facts.PartitionState, "sysroot0", "EMPTY", 4}, {facts.Partition, "sysroot1", "10.1.0", 5}, {facts.PartitionState, "sysroot1", "RUNNING-ACTIVE", 5},
				{facts.RunningVersion, "", "10.1.0", 5}, {facts.RunningImage, "", "sysroot1", 5}, {facts.BootVariable, "1", "sysroot1", 5}, {facts.NextBootVariable, "1", "sysroot1", 5},
			},
		},
		{
			name: "a state that is not known", command: "debug swm status", reply: partitionTop + "sysroot0 STAGED 10.2.0\nsysroot1 RUNNING-ACTIVE 10.1.0\n",
			want: []fact{
				{facts.Partition, "sysroot0", "10.2.0", 4}, {facts.PartitionState, "sysroot0", "STAGED", 4}, {facts.Partition, "sysroot1", "10.1.0", 5}, {facts.PartitionState, "sysroot1", "RUNNING-ACTIVE", 5},
				{facts.RunningVersion, "", "10.1.0", 5}, {facts.RunningImage, "", "sysroot1", 5}, {facts.BootVariable, "1", "sysroot1", 5},
			},
			problem: "which partition boots next can't be told",
		},
		{
			name: "two that wait", command: "debug swm status", reply: partitionTop + "a PENDING-CHANGE 10.2.0\nb PENDING-CHANGE 10.2.0\nc RUNNING-ACTIVE 10.1.0\n",
			want: []fact{
				{facts.Partition, "a", "10.2.0", 4}, {facts.PartitionState, "a", "PENDING-CHANGE", 4}, {facts.Partition, "b", "10.2.0", 5}, {facts.PartitionState, "b", "PENDING-CHANGE", 5},
				{facts.Partition, "c", "10.1.0", 6}, {facts.PartitionState, "c", "RUNNING-ACTIVE", 6}, {facts.RunningVersion, "", "10.1.0", 6}, {facts.RunningImage, "", "c", 6}, {facts.BootVariable, "1", "c", 6},
			},
			problem: "which partition boots next can't be told",
		},
		{
			name: "none runs, and a broken row", command: "debug swm status", reply: partitionTop + "sysroot0 READY 10.2.0\nsysroot1 something is wrong here\n",
			want: []fact{{facts.Partition, "sysroot0", "10.2.0", 4}, {facts.PartitionState, "sysroot0", "READY", 4}}, problem: "0 partitions run, not one",
		},
		{name: "not known", command: "debug swm status", reply: "Unknown command: swm\n", problem: "unsupported-command"},
		{name: "not ready", command: "debug swm status", reply: "Server error : op command for client swm timed out as client is not available\n", problem: "timeout"},
		{name: "not for this account", command: "debug swm status", reply: "Server error : Command not authorized\n", problem: "no-privilege"},

		{
			name: "what lies on the device", command: "request system software info",
			reply: softwareTop + "10.2.9               402MB  2024/04/11 10:12:51         no         no\n10.2.4-h3            372MB  2023/06/14 09:35:15        yes    current\n" +
				"10.2.0              1198MB  2022/02/27 11:07:08        yes         no\n10.1.9                                                  no    current\n",
			want: []fact{
				{facts.Package, "10.2.4-h3", "10.2.4-h3", 5}, {facts.PackageState, "10.2.4-h3", "activated and committed", 5},
				{facts.Package, "10.2.0", "10.2.0", 6}, {facts.PackageState, "10.2.0", "inactive", 6},
				{facts.Package, "10.1.9", "10.1.9", 7}, {facts.PackageState, "10.1.9", "activated and committed", 7},
			},
		},
		{
			name: "a release that does not say what is installed", command: "request system software info",
			reply: "Version               Size          Released on Downloaded\n---------\n4.0.1                127MB  2011/02/07 00:00:00         no\n4.0.0                120MB  2011/01/10 00:00:00        yes\n",
			want:  []fact{{facts.Package, "4.0.0", "4.0.0", 4}, {facts.PackageState, "4.0.0", "inactive", 4}},
		},
		{
			name: "rows that are none", command: "request system software info", reply: softwareTop + "10.2.9 402MB 2024/04/11 10:12:51 maybe no\nlatest 402MB yes no\nyes\n",
			problem: "not a release",
		},
		{name: "no release at all", command: "request system software info", reply: softwareTop},
		{name: "no table", command: "request system software info", reply: "No update information available\n", problem: "no table of releases"},

		{
			name: "slots with numbers of their own", command: "show chassis inventory",
			reply: "Slot  Component             Part Number     Serial Number\n1     PA-7000-20G-NPC       730-000101      001901000123\n2     empty\n4     PA-7050-SMC                           001601000456\n",
			want: []fact{
				{facts.Component, "slot 1", "PA-7000-20G-NPC", 2}, {facts.HardwareVersion, "slot 1", "730-000101", 2}, {facts.SerialNumber, "slot 1", "001901000123", 2},
				{facts.ComponentState, "slot 2", "empty", 3}, {facts.Component, "slot 4", "PA-7050-SMC", 4}, {facts.SerialNumber, "slot 4", "001601000456", 4},
			},
		},
		{
			name: "a cell across two columns", command: "show chassis status", reply: "Slot  Component   Card Status\n1     PA-7000-20GQXM-NPC  Up\n", problem: "not a slot",
		},
		{name: "no slot", command: "show chassis status", reply: "Slot  Component   Card Status\n", problem: "no slot"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, problem := read(t, test.command, test.reply)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if test.problem == "" && problem != "" || !strings.Contains(problem, test.problem) {
				t.Errorf("problem %q, want %q", problem, test.problem)
			}
		})
	}
}

func TestTerminal(t *testing.T) {
	for line, state := range map[string]string{
		"admin@fw1>": "", "admin@fw1(active)>": "(active)", "jane@example.com@dc1-fw.1(active-primary)>": "(active-primary)", `corp\jane@fw1(non-functional)>`: "(non-functional)",
	} {
		m := terminal.Prompt.FindStringSubmatch(line)
		if m == nil || m[terminal.Prompt.SubexpIndex("state")] != state {
			t.Errorf("%q: %q, want state %q", line, m, state)
		}
	}
	for _, line := range []string{"", "admin@fw1#", "hostname: admin@fw1> x", "fw1>", "admin@fw1(Active: yes)>"} {
		if terminal.Prompt.MatchString(line) {
			t.Errorf("%q passes for a prompt", line)
		}
	}
	if err := terminal.Check(); err != nil {
		t.Error(err)
	}
	if q := terminal.Greeting[0]; !q.Pattern.MatchString("Do you accept and acknowledge the statement above ? (yes/no) :") || q.Pattern.MatchString("Do you want to continue ? (yes/no) :") {
		t.Errorf("the question about the banner: %s", q.Pattern)
	}
}

func TestNotChassis(t *testing.T) {
	for model, asked := range map[string]bool{"PA-7050": true, "PA-7080": true, "PA-5450": true, "PA-3220": false, "PA-VM": false, "PA-5220": false, "": true} {
		why := notChassis(facts.Set{Facts: []facts.Fact{{Kind: facts.Model, Value: model}}})
		if (why == "") != asked {
			t.Errorf("%q: %q", model, why)
		}
	}
}

func TestVersionInName(t *testing.T) {
	for name, want := range map[string]string{
		"PanOS_220-10.2.4-h3": "10.2.4-h3", "/tmp/PanOS_5200-9.1.2-h1.tgz": "9.1.2-h1", "PanOS_vm-10.1.0": "10.1.0", "PanOS_vm-9.0.5.xfr": "9.0.5.xfr",
		"sysroot0": "", "": "", "PanOS_vm-10.1": "", "panupv2-all-contents-8700-8000": "",
	} {
		if got, ok := versionInName(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", name, got, ok, want)
		}
	}
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	f.Add(partitionTop + "a RUNNING-ACTIVE 1\n")
	f.Add("Slot  Component  Serial\n1     a          b\n")
	f.Add(" a:\n  b:\n   c:\n    d:\n     e:\n      f:\n       g:\n        h:\n         i: j\n")
	for _, pattern := range []string{"../../testdata/paloalto_panos/*/*.txt", "../../../shared/captures/paloalto_panos/*/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, q := range queries {
			found, _ := q.Read(collectors.Reply{Command: q.Commands[0], Text: text})
			for _, fact := range found {
				if fact.Line < 1 || fact.Line > lines {
					t.Errorf("%s: %s %q has line %d of %d", q.Commands[0], fact.Kind, fact.Subject, fact.Line, lines)
				}
				if strings.TrimSpace(fact.Value) == "" || fact.Kind == "" {
					t.Errorf("%s: %s %q in line %d says nothing: %q", q.Commands[0], fact.Kind, fact.Subject, fact.Line, fact.Value)
				}
				if !slices.Contains(q.Yields, fact.Kind) {
					t.Errorf("%s: the query does not say that it yields a %s", q.Commands[0], fact.Kind)
				}
			}
			if most := len(text) + 8; len(found) > most {
				t.Errorf("%s: %d facts in %d bytes", q.Commands[0], len(found), len(text))
			}
		}
	})
}
