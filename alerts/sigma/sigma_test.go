package sigma

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trueboot/alerts"
)

const head = "title: t\nid: rule-%d\nlogsource: {product: cisco}\n"

// load loads one rule of a detection.
func load(t testing.TB, detection string, more ...string) (*Rules, error) {
	t.Helper()
	text := fmt.Sprintf(head, 1) + "detection:\n" + indent(detection) + strings.Join(more, "\n")
	return Load(fstest.MapFS{"a.yml": {Data: []byte(text)}})
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String() + "\n"
}

func record(fields ...string) *alerts.Record {
	r := &alerts.Record{}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		r.Fields = append(r.Fields, alerts.Field{Name: name, Value: value})
		r.Raw += value + " "
	}
	return r
}

func TestDetections(t *testing.T) {
	for _, test := range []struct {
		detection string
		matches   [][]string
		not       [][]string
	}{
		{"s: {facility: SYS, name: [RELOAD, RESTART]}\ncondition: s", [][]string{{"facility=sys", "name=Reload"}, {"facility=SYS", "name=RESTART"}}, [][]string{{"facility=SYS"}, {"facility=SYSMGR", "name=RELOAD"}, {"facility=SYS", "name=RELOADED"}}},
		{"s: {message|contains: 'code signing'}\ncondition: s", [][]string{{"message=passed CODE signing verification"}}, [][]string{{"message=codesigning"}, {"other=code signing"}}},
		{"s: {message|startswith: [Started, Completed]}\ncondition: s", [][]string{{"message=started install"}}, [][]string{{"message=not Started"}}},
		{"s: {file|endswith: .bin}\ncondition: s", [][]string{{"file=flash:a.BIN"}}, [][]string{{"file=a.bin2"}, {"file=n"}}},
		{"s: {message|contains|all: [install, add]}\ncondition: s", [][]string{{"message=add by INSTALL"}}, [][]string{{"message=install"}}},
		{"s: {message|re: 'took [0-9]+ seconds'}\ncondition: s", [][]string{{"message=it took 12 seconds"}}, [][]string{{"message=it took long"}}},
		{"s: {address|cidr: 10.0.0.0/8, name: XYZ}\ncondition: s", [][]string{{"address=10.1.2.3", "name=XYZ"}, {"address=::ffff:10.1.2.3", "name=XYZ"}}, [][]string{{"address=11.1.2.3", "name=XYZ"}, {"address=x", "name=XYZ"}}},
		{"s: {name: LONG, user|exists: false}\ncondition: s", [][]string{{"name=LONG"}}, [][]string{{"name=LONG", "user=a"}}},
		{"s: {name: LONG, user: null}\ncondition: s", [][]string{{"name=LONG"}, {"name=LONG", "user="}}, [][]string{{"name=LONG", "user=a"}}},
		{"s: {name|cased: Long}\ncondition: s", [][]string{{"name=Long"}}, [][]string{{"name=LONG"}}},
		{"s: {message: 'Install operation * finished*'}\ncondition: s", [][]string{{"message=install operation 6 finished successfully"}}, [][]string{{"message=the install operation 6 finished"}, {"message=Install operation finished"}}},
		{"s: {message: 'a\\*b?c and more'}\ncondition: s", [][]string{{"message=a*bXc and more"}}, [][]string{{"message=aXbXc and more"}}},
		{"s: [reload, 'boot system']\ncondition: s", [][]string{{"message=please RELOAD"}, {"message=no boot system"}}, [][]string{{"message=load"}}},
		{"s: [{name: AAAA}, {name: BBBB, user: x}]\ncondition: s", [][]string{{"name=AAAA"}, {"name=BBBB", "user=x"}}, [][]string{{"name=BBBB"}}},
		{"s1: {name: AAAA}\ns2: {user: bobby}\nf: {message|contains: not this}\ncondition: 1 of s* and not f", [][]string{{"name=AAAA"}, {"user=bobby"}}, [][]string{{"name=AAAA", "message=not this"}, {"name=C"}}},
		{"s1: {name: AAAA}\ns2: {user: bobby}\ncondition: all of them", [][]string{{"name=AAAA", "user=bobby"}}, [][]string{{"name=AAAA"}}},
		{"a: {name: AAAA}\nb: {user: bobby}\nc: {user: carol}\ncondition: a and (b or c)", [][]string{{"name=AAAA", "user=carol"}}, [][]string{{"user=carol"}, {"name=AAAA"}}},
		{"a: {name: AAAA}\nb: {user: bobby}\nc: {user: carol}\ncondition: a and b or c", [][]string{{"user=carol"}, {"name=AAAA", "user=bobby"}}, [][]string{{"name=AAAA"}}},
	} {
		rules, err := load(t, test.detection)
		if err != nil {
			t.Errorf("%s\n%v", test.detection, err)
			continue
		}
		for _, fields := range test.matches {
			if len(rules.Match(record(fields...))) != 1 {
				t.Errorf("%s\ndoes not match %q", test.detection, fields)
			}
		}
		for _, fields := range test.not {
			if len(rules.Match(record(fields...))) != 0 {
				t.Errorf("%s\nmatches %q", test.detection, fields)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for detection, want := range map[string]string{
		"s: {name|base64: x}\ncondition: s":                             `a.yml:5: the modifier "base64" is not supported`,
		"s: {name: x}":                                                  "needs a condition",
		"s: {name: x}\ncondition: t":                                    `no selection "t"; there are s`,
		"s: {name: x}\ncondition: 1 of t*":                              `no selection is named "t*"`,
		"s: {name: x}\ncondition: s | count() > 5":                      "is not supported: write a correlation",
		"s: {name: x}\ncondition: (s":                                   "not closed",
		"s: {name: x}\ncondition: s s":                                  `"s" is not expected here`,
		"s: {name: x}\ncondition: s and":                                "ends too early",
		"s: {name: x}\ntimeframe: 5m\ncondition: s":                     "a.yml:6: timeframe is not supported",
		"s: {}\ncondition: s":                                           "a selection of nothing",
		"s: {name|re: '('}\ncondition: s":                               "missing closing )",
		"s: {name|cidr: x}\ncondition: s":                               "a.yml:5: ",
		"s: {name|contains|endswith: x}\ncondition: s":                  "do not go together",
		"s: {name: {a: b}}\ncondition: s":                               "expected a value",
		"s: {name: &a x}\nu: {name: *a}\ncondition: s":                  "aliases are not read",
		"s: {name: x}\ncondition: " + strings.Repeat("not ", 100) + "s": "deeper than",
	} {
		if _, err := load(t, detection); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, not %q", detection, err, want)
		}
	}
	good := "detection: {s: {name: AAAA}, condition: s}\n"
	for text, want := range map[string]string{
		fmt.Sprintf(head, 1) + good + "colour: red\n":                       `a.yml:5: "colour" is not supported`,
		fmt.Sprintf(head, 1) + good + "---\n" + fmt.Sprintf(head, 1) + good: `"rule-1" is in a.yml:1 already`,
		"title: t\n" + good: "a rule needs id",
		fmt.Sprintf(head, 1) + good + "trueboot: {weight: high}\n":                                   "stage is missing",
		fmt.Sprintf(head, 1) + good + "trueboot: {stage: flying}\n":                                  `stage "flying" is not known`,
		fmt.Sprintf(head, 1) + good + "trueboot: {stage: reload, extract: [{field: x, value: y}]}\n": `an event has no field "x"`,
		fmt.Sprintf(head, 1) + good + "trueboot: {stage: reload, extract: [{field: user}]}\n":        "either where it comes from or a value",
		fmt.Sprintf(head, 1) + good + "level: grave\n":                                               `level "grave"`,
		"title: [\n": "a.yml: yaml: line",
		"":           "there is no rule",
		fmt.Sprintf(head, 1) + good + "---\ntitle: c\nid: count\ncorrelation: {type: temporal, rules: [rule-1], timespan: 1h, condition: {gte: 2}}\n":    "is not supported: event_count, value_count",
		fmt.Sprintf(head, 1) + good + "---\ntitle: c\nid: count\ncorrelation: {type: event_count, rules: [rule-9], timespan: 1h, condition: {gte: 2}}\n": `there is no rule "rule-9"`,
	} {
		if _, err := Load(fstest.MapFS{"a.yml": {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, not %q", text, err, want)
		}
	}
	var many strings.Builder
	for i := range 51 {
		fmt.Fprintf(&many, head+"detection: {s: {syslog_severity: 3}, condition: s}\n---\n", i)
	}
	if _, err := Load(fstest.MapFS{"a.yml": {Data: []byte(many.String())}}); err == nil || !strings.Contains(err.Error(), "51 rules, a.yml:1 among them") {
		t.Errorf("rules that are asked of every line: %v", err)
	}
}

func TestExtract(t *testing.T) {
	rules, err := load(t, "s: {name: RELOAD}\ncondition: s", "trueboot:", "  stage: reload", "  extract:", "    - {field: user, re: 'by (?:(\\S+) on|(\\S+)\\.)'}", "    - {field: direction, value: in}", "    - {field: result, from: name, map: {reload: again}}", "    - {field: file, from: file, re: '[^/]+$'}")
	if err != nil {
		t.Fatal(err)
	}
	r := record("name=RELOAD", "message=requested by console.", "file=flash:/a/b.bin")
	matched := rules.Match(r)
	if len(matched) != 1 {
		t.Fatal("no match")
	}
	var got []string
	for i := range matched[0].Extract {
		got = append(got, matched[0].Extract[i].Find(r))
	}
	if !slices.Equal(got, []string{"console", "in", "again", "b.bin"}) {
		t.Errorf("extracted %q", got)
	}
}

func TestOrder(t *testing.T) {
	text := fmt.Sprintf(head, 1) + "detection: {s: {name: RELOAD}, condition: s}\n---\n" + fmt.Sprintf(head, 2) + "detection: {s: {name: RELOAD, user: jo}, condition: s}\n---\n" +
		fmt.Sprintf(head, 3) + "detection: {s: {name: RELOAD}, condition: s}\ntrueboot: {stage: reload, priority: 9}\n---\n" + fmt.Sprintf(head, 4) + "detection: {s: {name: RELOAD}, condition: s}\ntrueboot: {stage: reload, priority: 99, platforms: [cisco_asa]}\n"
	rules, err := Load(fstest.MapFS{"a.yml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	r := record("name=RELOAD", "user=jo")
	r.Platform = "cisco_ios"
	var got []string
	for _, rule := range rules.Match(r) {
		got = append(got, rule.ID)
	}
	if !slices.Equal(got, []string{"rule-3", "rule-2", "rule-1"}) {
		t.Errorf("in the order %q", got)
	}
}

// TestPrefilter holds that a line that a rule matches has one of the words that the rule is indexed by, or is carried, or is asked always:
// the prefilter hides no match.
func TestPrefilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"abc", "ABCD", "b*cde", "x?yz", "reload", "ab", "boot system", "a=b", `q"r`})
		field := rapid.SampledFrom([]string{"name", "message", "message|contains", "message|startswith", "message|endswith", "command_line|contains", "direction", "message|contains|all"})
		selection := func(label string) string {
			n := rapid.IntRange(1, 2).Draw(t, label+" values")
			var values []string
			for i := range n {
				values = append(values, fmt.Sprintf("%q", words.Draw(t, fmt.Sprint(label, i))))
			}
			return fmt.Sprintf("{%q: [%s]}", field.Draw(t, label), strings.Join(values, ", "))
		}
		condition := rapid.SampledFrom([]string{"a", "a and b", "a or b", "a and not b", "1 of them", "not a or b", "(a or b) and a"}).Draw(t, "condition")
		text := fmt.Sprintf(head, 1) + fmt.Sprintf("detection: {a: %s, b: %s, condition: %q}\n", selection("a"), selection("b"), condition)
		rules, err := Load(fstest.MapFS{"a.yml": {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		var r alerts.Record
		for _, name := range []string{"name", "message", "command_line", "direction"} {
			value := rapid.SampledFrom([]string{"", "abc", "xABCDx", "b-cde", "bcdex1yz", "x1yz", "Reload", "no boot system flash", "a=b", `q"r`, "ab"}).Draw(t, name)
			r.Fields.Add(name, value)
			if verbatim[name] {
				r.Raw += value + "|"
			}
		}
		rule := rules.All[0]
		if !rule.condition.match(&r) {
			return
		}
		if rule.need.known && !rule.need.carried && !rules.index.set.Any(r.Raw) {
			t.Fatalf("%s\nmatches %q, and none of %q is in it", text, r.Raw, rules.Literals())
		}
		if rule.need.carried && !r.Fields.Has(alerts.CommandLine) && !rules.index.set.Any(r.Raw) {
			t.Fatalf("%s\nmatches %v without a command", text, r.Fields)
		}
	})
}

func TestCounter(t *testing.T) {
	at := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	counters := NewCounters(&Rules{Correlations: []*Correlation{{ID: "spread", Title: "One account on many devices", Level: "high", Tags: []string{"attack.t1601.001"}, Distinct: true, Rules: []string{"r"}, GroupBy: []string{"user"}, Field: "device", Timespan: time.Hour, Least: 3}}})
	add := func(rule, user, device string, minutes int) []alerts.Alert {
		return counters.Add(&alerts.Event{Source: "log", Line: minutes + 1, Rule: rule, User: user, Device: device, Time: at.Add(time.Duration(minutes) * time.Minute)})
	}
	for i, step := range []struct {
		rule, user, device string
		minutes            int
		want               bool
	}{
		{"r", "jo", "a", 0, false}, {"r", "jo", "a", 1, false}, {"other", "jo", "b", 2, false}, {"r", "jo", "b", 3, false}, {"r", "mo", "c", 4, false}, {"r", "", "c", 5, false},
		{"r", "jo", "c", 70, false}, {"r", "jo", "d", 71, false}, {"r", "jo", "e", 72, true}, {"r", "jo", "f", 73, false},
	} {
		got := add(step.rule, step.user, step.device, step.minutes)
		if (len(got) > 0) != step.want {
			t.Errorf("step %d: %v", i, got)
		}
		if !step.want || len(got) == 0 {
			continue
		}
		want := alerts.Alert{
			ID: got[0].ID, Time: at.Add(70 * time.Minute), Device: "several devices", Chain: "spread", Title: "One account on many devices", User: "jo", Severity: alerts.SeverityHigh, Score: 5, Attack: []string{"T1601.001"},
			Why: []alerts.Why{{Points: 5, Reason: "3 values of device in events of r within 1h0m0s"}},
		}
		for _, minutes := range []int{70, 71, 72} {
			want.Lines = append(want.Lines, alerts.LineRef{Source: "log", Line: minutes + 1, Time: at.Add(time.Duration(minutes) * time.Minute)})
		}
		if diff := cmp.Diff(want, got[0]); diff != "" || want.ID == "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	for i := range 2 * maxGroups {
		add("r", fmt.Sprint(i), "a", 0)
	}
	if c := counters.of[0]; len(c.groups) > maxGroups || c.order.Len() != len(c.groups) {
		t.Errorf("%d groups are kept", len(c.groups))
	}
}

// FuzzLoad holds that no file makes the reader fail otherwise than with errors that name the file.
func FuzzLoad(f *testing.F) {
	f.Add(fmt.Sprintf(head, 1) + "detection: {s: {name|re: a+}, condition: not s}\n")
	f.Add("correlation: {type: event_count}\n")
	f.Add("a: &a [*a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := Load(fstest.MapFS{"a.yml": {Data: []byte(text)}})
		if err == nil {
			rules.Match(record("name=a", "message=b"))
			return
		}
		for line := range strings.Lines(err.Error()) {
			if !strings.Contains(err.Error(), "a.yml") && line != "there is no rule" {
				t.Errorf("%q does not say where", line)
			}
		}
	})
}

// TestExport holds that a query finds what the rule does: its patterns are ones that KQL's engine reads (RE2), what can't be written is named,
// and an exception that would be too wide is left out.
func TestExport(t *testing.T) {
	rules, err := load(t, "s: {facility: SYS, name: [RELOAD, 'RE*D'], message|contains: 'a\"b'}\nf: {direction: in}\ng: {message|contains: ordinary}\ncondition: s and not f and not g")
	if err != nil {
		t.Fatal(err)
	}
	query, notes := rules.All[0].Export(KQL)
	for _, want := range []string{`matches regex "(?i)%sys(-[A-Z0-9_]+)*-[0-7]-"`, `SyslogMessage contains "a\"b"`, `not(SyslogMessage contains "ordinary")`, "// not carried over: the field direction"} {
		if !strings.Contains(query, want) {
			t.Errorf("no %s in\n%s", want, query)
		}
	}
	if strings.Contains(query, "not()") || !slices.Contains(notes, "an exception of the rule") {
		t.Errorf("notes %q in\n%s", notes, query)
	}
	for _, m := range regexp.MustCompile(`matches regex "((?:[^"\\\\]|\\\\.)*)"`).FindAllStringSubmatch(query, -1) {
		if _, err := regexp.Compile(strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(m[1])); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
	if query, _ := rules.All[0].Export(SPL); !strings.Contains(query, `"*a\"b*"`) || !strings.Contains(query, "NOT (\"*ordinary*\")") {
		t.Errorf("in SPL:\n%s", query)
	}
}
