package hpe

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// A readerTest is a reply and what its reader makes of it.
type readerTest struct {
	name, command, reply string
	want                 string // the facts, one a line: "LINE KIND|SUBJECT|VALUE"
	problem              string // part of the error; empty for none
}

func testReaders(t *testing.T, p collectors.Platform, tests []readerTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			query, ok := p.Reader(collectors.CLI, test.command)
			if !ok {
				t.Fatalf("no reader for %q", test.command)
			}
			found, err := query.Read(collectors.Reply{Command: test.command, Text: strings.ReplaceAll(test.reply, "\n", "\r\n")})
			var got strings.Builder
			for _, f := range found {
				fmt.Fprintf(&got, "%d %s|%s|%s\n", f.Line, f.Kind, f.Subject, f.Value)
			}
			if diff := cmp.Diff(test.want, got.String()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("problem %v, want one that says %q", err, test.problem)
			}
		})
	}
}

// testRefusals holds that each form of an error is told from an answer, and from the others.
func testRefusals(t *testing.T, p collectors.Platform, command string, replies map[string]facts.Reason) {
	t.Helper()
	query, _ := p.Reader(collectors.CLI, command)
	for text, want := range replies {
		set := p.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: text})
		var got facts.Reason
		if len(set.Gaps) > 0 {
			got = set.Gaps[0].Reason
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// printed are kinds whose values stand in the reply as they are.
var printed = []facts.Kind{
	facts.SerialNumber, facts.Model, facts.Hostname, facts.RunningVersion, facts.ComponentVersion, facts.RunningImage, facts.ComponentImage, facts.BootVariable,
	facts.NextBootVariable, facts.BootLoaderVersion, facts.Partition, facts.StartupSource, facts.NextStartupSource, facts.Package, facts.ReloadReason,
}

// fuzzReaders tries every reader of a platform on a text: it must not panic, and what it reads must stand in the line that it
// names.
func fuzzReaders(t *testing.T, p collectors.Platform, text string) {
	lines := map[int]string{}
	for n, line := range (collectors.Reply{Text: text}).Lines() {
		lines[n] = line
	}
	for _, q := range p.Queries[collectors.CLI] {
		for _, command := range q.Commands {
			found, _ := q.Read(collectors.Reply{Command: command, Text: text})
			for _, fact := range found {
				if fact.Kind == facts.ConfigurationSection {
					continue // of the whole reply, which may be empty
				}
				if line, ok := lines[fact.Line]; !ok || slices.Contains(printed, fact.Kind) && !strings.Contains(line, fact.Value) {
					t.Errorf("%s: %s %q is %q in line %d: %q", command, fact.Kind, fact.Subject, fact.Value, fact.Line, line)
				}
			}
		}
	}
}
