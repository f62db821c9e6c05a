package classify_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/alerts"
	"trueboot/alerts/classify"
	"trueboot/alerts/rules"
	"trueboot/alerts/sigma"
	"trueboot/syslog"
)

func builtIn(t testing.TB) *sigma.Rules {
	t.Helper()
	r, err := sigma.Load(rules.Files)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newEngine(t testing.TB, r *sigma.Rules) *classify.Engine {
	t.Helper()
	return classify.New(classify.Options{Rules: r, Marks: syslog.CarrierMarks()})
}

var arrived = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// eventsOf takes lines the whole way, as one source, and calls with each event.
func eventsOf(t testing.TB, e *classify.Engine, lines []string, with func(alerts.Event)) {
	t.Helper()
	joiner := syslog.NewJoiner(func(netip.Addr) bool { return true })
	emit := func(r alerts.Record) {
		for _, v := range e.Classify(&r) {
			with(v)
		}
	}
	for n, line := range lines {
		for _, part := range syslog.Split(line) {
			if !e.Wanted(part) {
				e.Counts.Lines++
				e.Counts.Skipped++
				continue
			}
			joiner.Add(syslog.Parse(part, alerts.Record{Received: arrived, Origin: alerts.Origin{Source: "test", Line: n + 1}}), emit)
		}
	}
	joiner.Flush(time.Time{}, emit)
}

// TestRules runs the lines that each built-in rule brings along: its positive ones are classed by it, its negative ones are not.
func TestRules(t *testing.T) {
	all := builtIn(t)
	for _, rule := range all.All {
		if len(rule.Positive) == 0 || len(rule.Negative) == 0 {
			t.Errorf("%s: %s brings no positive or no negative line", rule.Place, rule.ID)
		}
		if len(rule.Attack()) == 0 || len(rule.FalsePositives) == 0 {
			t.Errorf("%s: %s names no technique, or no false positive", rule.Place, rule.ID)
		}
		for _, line := range rule.Positive {
			var got []string
			eventsOf(t, newEngine(t, all), []string{line}, func(v alerts.Event) { got = append(got, v.Rule) })
			if !slices.Equal(got, []string{rule.ID}) {
				r := syslog.Parse(line, alerts.Record{Received: arrived})
				t.Errorf("%s: %s: %q is classed by %q (%s %v)", rule.Place, rule.ID, line, got, r.Format, r.Fields)
			}
		}
		for _, line := range rule.Negative {
			eventsOf(t, newEngine(t, all), []string{line}, func(v alerts.Event) {
				if v.Rule == rule.ID {
					t.Errorf("%s: %s: %q is classed by it", rule.Place, rule.ID, line)
				}
			})
		}
	}
}

type label struct {
	File           string
	Line           int
	Label, Stage   string
	Vendor, Reason string
}

// meant tells whether a stage is the one of a label, whose words are coarser.
func meant(labelled string, got alerts.Stage) bool {
	switch labelled {
	case "signature":
		return got == alerts.StageSignatureOK || got == alerts.StageSignatureFail
	case "reload":
		return got == alerts.StageReload || got == alerts.StageReloadScheduled || got == alerts.StageReloadCancelled
	}
	return string(got) == labelled
}

// TestScoreboard classes every line of the logs that others recorded, and holds the gates: at least 95 of 100 lines that are labelled relevant
// get their stage; no line that is labelled benign, or not labelled, is an event of weight medium or above; no line is lost.
func TestScoreboard(t *testing.T) {
	root := "../../../shared/logs"
	f, err := os.Open(filepath.Join(root, "labels.jsonl"))
	if err != nil {
		t.Skip("the real logs are not here: ", err)
	}
	defer f.Close()
	labels := map[string]map[int]label{}
	for s := bufio.NewScanner(f); s.Scan(); {
		var l label
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if labels[l.File] == nil {
			labels[l.File] = map[int]label{}
		}
		labels[l.File][l.Line] = l
	}
	type score struct{ lines, events, relevant, right, loud int }
	total := score{}
	board := map[string]*score{}
	all := builtIn(t)
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".log" && !strings.HasSuffix(path, "_sample.jsonl") {
			return err
		}
		name, _ := filepath.Rel(root, path)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
		here := &score{lines: len(lines)}
		board[name] = here
		stages := map[int][]alerts.Stage{}
		e := newEngine(t, all)
		eventsOf(t, e, lines, func(v alerts.Event) {
			here.events++
			stages[v.Line] = append(stages[v.Line], v.Stage)
			l, labelled := labels[name][v.Line]
			loud := v.Weight == alerts.WeightMedium || v.Weight == alerts.WeightHigh || v.Weight == alerts.WeightCritical
			if loud && (!labelled || l.Label == "benign") {
				here.loud++
				t.Errorf("%s:%d is %s of weight %s by %s, and is labelled %q: %s", name, v.Line, v.Stage, v.Weight, v.Rule, l.Stage, lines[v.Line-1])
			}
		})
		if e.Counts.Lines < len(lines) {
			t.Errorf("%s: of %d lines, %d were counted", name, len(lines), e.Counts.Lines)
		}
		for n, l := range labels[name] {
			if l.Label != "relevant" {
				continue
			}
			here.relevant++
			if slices.ContainsFunc(stages[n], func(s alerts.Stage) bool { return meant(l.Stage, s) }) {
				here.right++
			} else {
				t.Logf("%s:%d is %v and not %s: %.200s", name, n, stages[n], l.Stage, lines[n-1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(t.Output(), "%8s %8s %8s %8s %8s\n", "lines", "events", "relevant", "right", "loud")
	for _, name := range slices.Sorted(maps.Keys(board)) {
		s := board[name]
		fmt.Fprintf(t.Output(), "%8d %8d %8d %8d %8d %s\n", s.lines, s.events, s.relevant, s.right, s.loud, name)
		total.lines, total.events, total.relevant, total.right, total.loud = total.lines+s.lines, total.events+s.events, total.relevant+s.relevant, total.right+s.right, total.loud+s.loud
	}
	fmt.Fprintf(t.Output(), "%8d %8d %8d %8d %8d all\n", total.lines, total.events, total.relevant, total.right, total.loud)
	if total.relevant == 0 || float64(total.right) < 0.95*float64(total.relevant) {
		t.Errorf("%d of %d relevant lines have their stage", total.right, total.relevant)
	}
}
