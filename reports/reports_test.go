package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/baseline"
	"trueboot/compare"
	"trueboot/facts"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

var start = time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)

// A report is a run with its devices, to be written by any handler.
type report struct {
	run     Run
	devices []Device
	finish  func(*Recap)
}

func (r report) write(t testing.TB, h Handler) *Recap {
	t.Helper()
	recap := r.run.Recap()
	if err := h.Begin(r.run); err != nil {
		t.Fatal(err)
	}
	for _, d := range r.devices {
		recap.Add(d)
		if err := h.Device(d); err != nil {
			t.Fatal(err)
		}
	}
	if r.finish != nil {
		r.finish(recap)
	}
	if err := h.End(recap); err != nil {
		t.Fatal(err)
	}
	return recap
}

func pass(device, control, message string) compare.Finding {
	return compare.Finding{Device: device, Control: control, Verdict: compare.Pass, Tier: facts.E0, Message: message}
}

func missed(device, control string, reason facts.Reason, message string) compare.Finding {
	return compare.Finding{Device: device, Control: control, Verdict: compare.NotAssessed, Reason: reason, Message: message, Required: reason != facts.PlatformHasNone}
}

var nightly = report{
	run: Run{
		ID: "20261124T021500Z-7f3a", Started: start, Program: "trueboot 0.1.0", Collector: "netops@mgmt1",
		Profile: "core", Devices: 6, FailOn: compare.Medium,
		Baseline: Baseline{Approved: 5, Provenances: map[baseline.Provenance]int{baseline.FirstSeen: 4, baseline.OwnImage: 1}, Oldest: start.AddDate(0, -5, 0)},
	},
	devices: []Device{
		{
			Name: "core1", Address: "192.0.2.11", Platform: "cisco_ios", Outcome: facts.AskedAll, Started: start, Elapsed: 1234 * time.Millisecond,
			Model: "C9300-48P", SerialNumber: "FCW2140L0AB", OperatingSystem: "IOS XE", RunningVersion: "17.9.4a", RunningImage: "flash:packages.conf",
			Approval: &baseline.Approval{Number: 3, By: "jane", At: start.AddDate(0, -1, 0), Ticket: "CHG-1042", Provenance: baseline.FirstSeen},
			Findings: []compare.Finding{
				pass("core1", "NDI-HW-01", "model and serial numbers are the approved ones"),
				pass("core1", "NDI-RN-01", "runs 17.9.4a as approved"),
				{Device: "core1", Control: "NDI-BC-02", Verdict: compare.Pass, Tier: facts.E3, Message: "the boot measurements carry a valid signature"},
				missed("core1", "NDI-BC-05", facts.PlatformHasNone, "no ROMMON environment on this platform"),
			},
		},
		{
			Name: "access1", Address: "192.0.2.21", Platform: "cisco_ios", Outcome: facts.AskedAll, Started: start, Elapsed: 12*time.Second + 345*time.Millisecond,
			Approval: &baseline.Approval{Number: 1, By: "jane", At: start.AddDate(0, -5, 0), Provenance: baseline.FirstSeen},
			Findings: []compare.Finding{
				pass("access1", "NDI-HW-01", "model and serial numbers are the approved ones"),
				{
					Device: "access1", Control: "NDI-BC-03", Rule: "configuration-register", Title: "Configuration register",
					Pillar: "H", Verdict: compare.Fail, Tier: facts.E0, Severity: compare.High,
					Message:  "the configuration register is 0x2142: the startup configuration is ignored at the next reload",
					Observed: &compare.Observation{Value: "0x2142", Command: "show version", Line: 38, CollectedAt: start},
					Expected: &compare.Expectation{Value: "0x2102", Provenance: baseline.FirstSeen, Since: start.AddDate(0, -5, 0)},
					ATTACK:   []string{"T1542"},
					Next:     "Find out who set it: accounting records of \"config-register\". Do not reload before that.",
				},
				{
					Device: "access1", Control: "NDI-VR-03", Rule: "digest-contradiction", Title: "Digest of the running image, asked for in two ways",
					Subject: "flash:c2960x-universalk9-mz.152-7.E7.bin", Verdict: compare.Fail, Tier: facts.E0, Severity: compare.Critical,
					Message:  "verify calls a digest that was wrong on purpose \"Verified\"",
					Observed: &compare.Observation{Value: "sha512:" + strings.Repeat("0123456789abcdef", 8), Command: "verify /sha512 flash:c2960x-universalk9-mz.152-7.E7.bin", Line: 3},
					Expected: &compare.Expectation{Value: "refused"},
					Next:     "Treat the device as compromised.",
				},
				{
					Device: "access1", Control: "NDI-ST-06", Title: "Files on all file systems", Subject: "flash:/x.tcl", Verdict: compare.Fail, Tier: facts.E0,
					Severity: compare.Low, Message: "a file that was not approved", ExplainedBy: "CHG-1077",
					Observed: &compare.Observation{Value: "1204", Command: "dir flash:", Line: 7},
				},
				missed("access1", "NDI-PK-01", facts.UnsupportedCommand, `"show install summary" is not known to the device`),
				missed("access1", "NDI-PK-02", facts.UnsupportedCommand, `"show install summary" is not known to the device`),
			},
			Gaps: []facts.Gap{{Command: "show install summary", Reason: facts.UnsupportedCommand, Detail: "% Invalid input detected at '^' marker."}},
		},
		{
			Name: "access2-paris-building-7", Platform: "cisco_ios", Outcome: facts.AskedAll, Started: start, Elapsed: 3 * time.Minute,
			Findings: []compare.Finding{
				missed("access2-paris-building-7", "NDI-HW-01", facts.NoBaseline, "nothing approved"),
				missed("access2-paris-building-7", "NDI-RN-01", facts.NoBaseline, "nothing approved"),
			},
		},
		{
			Name: "edge1", Platform: "cisco_ios", Outcome: facts.NoSession, Reason: facts.HostKeyChanged, Elapsed: 80 * time.Millisecond,
			Detail: "ssh-ed25519 SHA256:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE instead of SHA256:cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmE",
		},
		{
			Name: "edge2", Platform: "cisco_ios", Outcome: facts.NoSession, Reason: facts.Unreachable, Elapsed: 10 * time.Second,
			Detail: "dial tcp 192.0.2.32:22: i/o timeout",
		},
		{
			Name: "core2", Platform: "cisco_ios", Outcome: facts.AskedAll, Started: start, Elapsed: 2 * time.Second,
			Approval: &baseline.Approval{Number: 1, By: "jane", At: start, Provenance: baseline.OwnImage},
			Findings: []compare.Finding{pass("core2", "NDI-HW-01", "as approved")},
		},
	},
	finish: func(r *Recap) {
		r.Elapsed = 3*time.Minute + 4*time.Second
		r.Kept = []Kept{{"history", "/var/lib/trueboot/history.db"}, {"baseline", "/var/lib/trueboot/baseline.db"}}
	},
}

// first is the first sweep of a fleet: nothing is approved.
func first(devices int) report {
	r := report{
		run:    Run{ID: "20261124T021500Z-0001", Started: start, Program: "trueboot 0.1.0", Profile: "core", Devices: devices},
		finish: func(r *Recap) { r.Elapsed = 90 * time.Second },
	}
	for i := range devices {
		name := fmt.Sprintf("sw%04d", i)
		d := Device{Name: name, Outcome: facts.AskedAll, Elapsed: time.Second}
		for _, control := range []string{"HW-01", "BC-01", "BC-03", "BC-04", "BC-05", "ST-01", "ST-02", "ST-06", "ST-07", "RN-01", "RN-05", "VR-01", "VR-02"} {
			d.Findings = append(d.Findings, missed(name, "NDI-"+control, facts.NoBaseline, "nothing is approved"))
		}
		if i%3 == 0 {
			d.Findings = append(d.Findings, missed(name, "NDI-PK-01", facts.PlatformHasNone, "classic IOS has no packages"))
		}
		if i%100 == 0 {
			d.Findings = append(d.Findings, missed(name, "NDI-EV-01", facts.ParseIncomplete, `"dir all-filesystems" ends in the middle of a line`))
		}
		r.devices = append(r.devices, d)
	}
	return r
}

// clean is a run in which everything that is required passed.
var clean = report{
	run: Run{ID: "r", Started: start, Program: "trueboot 0.1.0", Profile: "core", Devices: 1,
		Baseline: Baseline{Approved: 1}},
	devices: []Device{nightly.devices[0]},
}

func TestGolden(t *testing.T) {
	one, unreached, cut := nightly, nightly, nightly
	one.run.Devices, one.devices = 1, nightly.devices[1:2]
	unreached.run.Devices, unreached.devices = 1, []Device{{
		Name: "edge2", Address: "192.0.2.32", Outcome: facts.NoSession, Reason: facts.LoginRefused, Detail: "192.0.2.32:22: password refused", Elapsed: time.Second,
		Findings: []compare.Finding{missed("edge2", "NDI-HW-01", facts.LoginRefused, "no session")},
		Gaps:     []facts.Gap{{Reason: facts.LoginRefused, Detail: "192.0.2.32:22: password refused", Kinds: []facts.Kind{facts.Model}}},
	}}
	cut.devices = []Device{nightly.devices[0], {
		Name: "core2", Outcome: facts.AskedPart, Elapsed: time.Second,
		Findings: []compare.Finding{missed("core2", "NDI-HW-01", facts.SessionLost, "\"show inventory\": connection reset"), pass("core2", "NDI-RN-01", "as approved")},
	}, {Name: "core3", Outcome: facts.NotVisited, Reason: facts.NotCollected, Detail: "not visited: interrupted"}}
	cut.finish = func(r *Recap) { r.Interrupted, r.Elapsed = true, 2*time.Second }
	tests := []struct {
		name   string
		report report
		write  func(*bytes.Buffer) Handler
	}{
		{"nightly-80", nightly, func(b *bytes.Buffer) Handler { return &Text{Out: b, Width: 80} }},
		{"nightly-120", nightly, func(b *bytes.Buffer) Handler { return &Text{Out: b, Width: 120, Colour: true} }},
		{"nightly-file", nightly, func(b *bytes.Buffer) Handler { return &Text{Out: b} }},
		{"nightly-quiet", nightly, func(b *bytes.Buffer) Handler { return &Text{Out: b, Quiet: true} }},
		{"nightly-json", nightly, func(b *bytes.Buffer) Handler { return &JSON{Out: b} }},
		{"one-device", one, func(b *bytes.Buffer) Handler { return &Text{Out: b, Width: 80, All: true} }},
		{"one-unreached", unreached, func(b *bytes.Buffer) Handler { return &Text{Out: b, All: true} }},
		{"interrupted", cut, func(b *bytes.Buffer) Handler { return &Text{Out: b} }},
		{"first-quiet", first(2000), func(b *bytes.Buffer) Handler { return &Text{Out: b, Quiet: true} }},
		{"clean", clean, func(b *bytes.Buffer) Handler { return &Text{Out: b} }},
		{"clean-quiet", clean, func(b *bytes.Buffer) Handler { return &Text{Out: b, Quiet: true} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got bytes.Buffer
			tt.report.write(t, tt.write(&got))
			path := filepath.Join("testdata", tt.name+".golden")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExitStatus(t *testing.T) {
	fail := func(s compare.Severity, explained string) Device {
		return Device{Outcome: facts.AskedAll, Findings: []compare.Finding{{Verdict: compare.Fail, Severity: s, ExplainedBy: explained}}}
	}
	passed := Device{Outcome: facts.AskedAll, Findings: []compare.Finding{pass("x", "NDI-HW-01", "")}}
	tests := []struct {
		name    string
		devices []Device
		planned int
		finish  func(*Recap)
		want    int
		status  Status
	}{
		{name: "all passed", devices: []Device{passed}, want: 0, status: StatusOK},
		{name: "a FAIL at the limit", devices: []Device{fail(compare.Medium, "")}, want: 4, status: StatusFail},
		{name: "a FAIL below the limit", devices: []Device{fail(compare.Low, "")}, want: 0, status: StatusFail},
		{name: "an explained FAIL", devices: []Device{fail(compare.Critical, "CHG-1")}, want: 0, status: StatusExplained},
		{name: "a required control not assessed", devices: []Device{{Outcome: facts.AskedAll, Findings: []compare.Finding{missed("x", "c", facts.Timeout, "")}}}, want: 3, status: StatusNotAssessed},
		{name: "another one not assessed", devices: []Device{{Outcome: facts.AskedAll, Findings: []compare.Finding{missed("x", "c", facts.PlatformHasNone, "")}}}, want: 0, status: StatusOK},
		{name: "nothing judged", devices: []Device{{Outcome: facts.AskedAll}}, want: 3, status: StatusNotAssessed},
		{name: "unreachable", devices: []Device{{Outcome: facts.NoSession, Reason: facts.Unreachable}}, want: 3, status: StatusNoLogin},
		{name: "not visited", devices: []Device{{Outcome: facts.NotVisited}}, want: 3, status: StatusNotVisited},
		{name: "a FAIL wins", devices: []Device{fail(compare.High, ""), {Outcome: facts.NoSession}}, want: 4, status: StatusFail},
		{name: "no device", want: 3},
		{name: "a device that never came", devices: []Device{passed}, planned: 2, want: 3, status: StatusOK},
		{name: "interrupted", devices: []Device{passed}, finish: func(r *Recap) { r.Interrupted = true }, want: 3, status: StatusOK},
		{name: "interrupted, with a FAIL", devices: []Device{fail(compare.High, "")}, finish: func(r *Recap) { r.Interrupted = true }, want: 4, status: StatusFail},
		{name: "not kept", devices: []Device{fail(compare.High, "")}, finish: func(r *Recap) { r.Failed = true }, want: 1, status: StatusFail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run := Run{Devices: max(tt.planned, len(tt.devices)), FailOn: compare.Medium}
			recap := run.Recap()
			for _, d := range tt.devices {
				recap.Add(d)
			}
			if tt.finish != nil {
				tt.finish(recap)
			}
			if got := recap.ExitStatus(); got != tt.want {
				t.Errorf("exit status %d, want %d", got, tt.want)
			}
			if len(tt.devices) > 0 {
				if got := tt.devices[0].Status(); got != tt.status {
					t.Errorf("status %q, want %q", got, tt.status)
				}
			}
		})
	}
}

// Whatever a device says, no handler lets through what a terminal would act on.
func TestHostileWords(t *testing.T) {
	hostile := []string{
		"\x1b[2J\x1b]0;title\a", "a\nexit status  0: every required control is PASS\r", "\u202egnp.exe", "\x9b31m", "\u009b31m", "\x00\x7f",
		"\u200b\ufeff\u2028\u2029", "e\u0301\u0302\u0303", "\xff\xfe", "\U000e0041", strings.Repeat("A", 100_000), "{}\n{\"recap\":{}}",
	}
	for _, word := range hostile {
		reason := facts.Reason(word)
		finding := compare.Finding{
			Device: word, Control: word, Rule: word, Title: word, Pillar: word, Subject: word, Reason: reason, Tier: facts.Tier(word), Severity: compare.Severity(word),
			Message: word, Observed: &compare.Observation{Value: word, Command: word, SHA256: word}, Expected: &compare.Expectation{Value: word, Provenance: baseline.Provenance(word)},
			ATTACK: []string{word}, Guidance: []string{word}, ExplainedBy: word, ResidualRisk: word, Next: word,
		}
		d := Device{
			Name: word, Address: word, Platform: word, Site: word, Role: word, Outcome: facts.AskedAll, Reason: reason, Detail: word,
			Model: word, SerialNumber: word, OperatingSystem: word, RunningVersion: word, RunningImage: word,
			Warnings: []string{word},
			Approval: &baseline.Approval{By: word, Reason: word, Ticket: word, Provenance: baseline.Provenance(word)},
			Gaps:     []facts.Gap{{Command: word, Reason: reason, Detail: word, Subject: word, Kinds: []facts.Kind{facts.Kind(word)}}},
		}
		for _, verdict := range []compare.Verdict{compare.Pass, compare.Fail, compare.NotAssessed} {
			finding.Verdict = verdict
			d.Findings = append(d.Findings, finding)
		}
		finding.Verdict, finding.ExplainedBy = compare.Fail, ""
		d.Findings = append(d.Findings, finding)
		gone := d
		gone.Outcome, gone.Findings = facts.NoSession, nil
		r := report{run: Run{ID: word, Program: word, Collector: word, Profile: word, Devices: 2}, devices: []Device{d, gone},
			finish: func(r *Recap) {
				r.Kept, r.Interrupted, r.Why, r.Failed = []Kept{{word, word}}, true, word, len(word)%2 == 0
			}}

		var text, jsonLines, factLines bytes.Buffer
		r.write(t, &Text{Out: &text, Width: 80, All: true})
		r.write(t, &JSON{Out: &jsonLines})
		set := facts.Set{Facts: []facts.Fact{{Kind: facts.File, Subject: word, Value: word, Command: word}}, Gaps: d.Gaps}
		if err := WriteFacts(&factLines, set); err != nil {
			t.Fatal(err)
		}
		for name, out := range map[string]string{"text": text.String(), "json": jsonLines.String(), "facts": factLines.String()} {
			for _, c := range out {
				if c != '\n' && !prints(c) {
					t.Errorf("%s lets %U of %.20q through", name, c, word)
					break
				}
			}
			if name == "text" {
				if len(out) > 40_000 {
					t.Errorf("text of %d bytes for %.20q", len(out), word)
				}
				if strings.Contains(out, "\nexit status  0") {
					t.Errorf("a device forges a line of the recap")
				}
				continue
			}
			for line := range strings.Lines(out) {
				var message map[string]any
				if err := json.Unmarshal([]byte(line), &message); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if n := strings.Count(jsonLines.String(), "\n"); n != 8 {
			t.Errorf("%.20q: %d lines of JSON, want 8", word, n)
		}
		// What was escaped is still the same word.
		if strings.ToValidUTF8(word, "") == word {
			var fact facts.Fact
			first, _, _ := strings.Cut(factLines.String(), "\n")
			if err := json.Unmarshal([]byte(first), &fact); err != nil || fact.Value != word {
				t.Errorf("%.20q comes back as %.20q, %v", word, fact.Value, err)
			}
		}
	}
}

// TestNext holds what a person is told to do next, by the words that matter.
func TestNext(t *testing.T) {
	visited := Device{Outcome: facts.AskedAll, Findings: []compare.Finding{missed("x", "NDI-HW-01", facts.NoBaseline, "")}}
	approved := visited
	approved.Approval = &baseline.Approval{}
	without := func(reason facts.Reason) Device { return Device{Outcome: facts.NoSession, Reason: reason} }
	part := approved
	part.Outcome = facts.AskedPart
	for _, tt := range []struct {
		name    string
		id      string
		devices []Device
		failed  bool
		want    []string // one for each step
	}{
		{name: "first sweep", id: "1", devices: []Device{visited, visited}, want: []string{"approve --all"}},
		{name: "a new device", id: "1", devices: []Device{visited, approved}, want: []string{"1 device has no baseline"}},
		{name: "cut short", id: "1", devices: []Device{part}, want: []string{"@retry"}},
		{name: "unreachable", id: "1", devices: []Device{without(facts.Unreachable)}, want: []string{"@retry"}},
		{name: "credentials", id: "1", devices: []Device{without(facts.NoCredentials)}, want: []string{"credentials of 1 device", "@retry"}},
		{name: "refused", id: "1", devices: []Device{without(facts.LoginRefused)}, want: []string{"1 device refused the login", "@retry"}},
		{name: "another key", id: "1", devices: []Device{without(facts.HostKeyChanged)}, want: []string{"another host key", "@retry"}},
		{name: "not kept", id: "1", devices: []Device{visited, without(facts.Unreachable)}, failed: true, want: []string{"Mend that"}},
		{name: "required", id: "1", devices: []Device{approved}, want: []string{"Mend what kept the controls"}},
		// A check keeps nothing, so there is nothing to retry or to approve.
		{name: "check", devices: []Device{visited}, want: []string{"trueboot sweep visits it"}},
		{name: "check of one that is away", devices: []Device{without(facts.Unreachable)}, want: nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			recap := Run{ID: tt.id, Devices: len(tt.devices)}.Recap()
			for _, d := range tt.devices {
				recap.Add(d)
			}
			recap.Failed = tt.failed
			got := recap.Next()
			for i, part := range tt.want {
				if i >= len(got) || !strings.Contains(got[i], part) {
					t.Errorf("%q has no step %d with %q", got, i+1, part)
				}
			}
			if len(got) > len(tt.want) {
				t.Errorf("%d steps more: %q", len(got)-len(tt.want), got)
			}
		})
	}
}

func TestWriteFacts(t *testing.T) {
	set := facts.Set{
		Facts: []facts.Fact{{Kind: facts.RunningVersion, Value: "17.9.4a", Command: "show version", Line: 3, Tier: facts.E0}},
		Gaps:  []facts.Gap{{Command: "show boot", Reason: facts.UnsupportedCommand}},
	}
	var got strings.Builder
	if err := WriteFacts(&got, set); err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"running version","subject":"","value":"17.9.4a","command":"show version","line":3,"tier":"E0"}
{"gap":{"command":"show boot","reason":"unsupported-command"}}
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

// However many FAILs there are, the gravest are written and memory does not follow their number.
func TestManyFailures(t *testing.T) {
	var out bytes.Buffer
	text := &Text{Out: &out, Quiet: true}
	r := report{run: Run{Devices: 1000}}
	for i := range 1000 {
		name := fmt.Sprintf("sw%04d", i)
		severity := compare.Low
		if i == 999 {
			severity = compare.Critical
		}
		r.devices = append(r.devices, Device{Name: name, Outcome: facts.AskedAll, Findings: []compare.Finding{
			{Device: name, Control: "NDI-ST-06", Verdict: compare.Fail, Severity: severity, Message: "m"},
			{Device: name, Control: "NDI-BC-03", Verdict: compare.Fail, Severity: compare.High, Message: "m"},
		}})
	}
	r.write(t, text)
	if len(text.failures.kept) > maxFailures {
		t.Errorf("%d are kept", len(text.failures.kept))
	}
	got := out.String()
	if i, j := strings.Index(got, "critical  NDI-ST-06  sw0999"), strings.Index(got, "high      NDI-BC-03  sw0000"); i < 0 || j < i {
		t.Errorf("the gravest is not first: %d, %d", i, j)
	}
	for _, want := range []string{"FAIL: 2,000 findings", "   901  high NDI-BC-03\n", "   999  low NDI-ST-06\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the report", want)
		}
	}
}

func TestWriteError(t *testing.T) {
	for name, h := range map[string]Handler{"text": &Text{Out: fullDisk{}}, "json": &JSON{Out: fullDisk{}}} {
		if err := h.Begin(nightly.run); !errors.Is(err, errFullDisk) {
			t.Errorf("%s: %v", name, err)
		}
		if err := h.Device(nightly.devices[0]); !errors.Is(err, errFullDisk) {
			t.Errorf("%s: %v", name, err)
		}
		if err := h.End(nightly.run.Recap()); !errors.Is(err, errFullDisk) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := WriteFacts(fullDisk{}, facts.Set{Facts: []facts.Fact{{}}}); !errors.Is(err, errFullDisk) {
		t.Errorf("facts: %v", err)
	}
}

var errFullDisk = errors.New("no space left on device")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFullDisk }

func BenchmarkText(b *testing.B) {
	r := first(2000)
	for b.Loop() {
		var out bytes.Buffer
		r.write(b, &Text{Out: &out})
	}
}

func TestBaselineAdd(t *testing.T) {
	var b Baseline
	if got, want := b.String(), "no baseline"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Add(nil)
	b.Add(&baseline.Approval{At: start, Provenance: baseline.FirstSeen})
	b.Add(&baseline.Approval{At: start.AddDate(0, 0, -1), Provenance: baseline.OwnImage})
	b.Add(&baseline.Approval{At: start, Provenance: baseline.FirstSeen})
	if got, want := b.String(), "baseline of 3 devices (2 first-seen, 1 own-image), oldest of 2026-11-23"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIdentify(t *testing.T) {
	set := facts.Set{
		Facts: []facts.Fact{
			{Kind: facts.Model, Value: "C9300-48P"}, {Kind: facts.Model, Subject: "switch 2", Value: "C9300-24P"},
			{Kind: facts.SerialNumber, Value: "FCW2140L0AB"}, {Kind: facts.OperatingSystem, Value: "IOS XE"},
			{Kind: facts.RunningVersion, Value: "17.9.4a"}, {Kind: facts.RunningImage, Value: "flash:packages.conf"},
		},
		Gaps: []facts.Gap{{Command: "show boot"}},
	}
	got := Device{Name: "core1"}
	got.Identify(set)
	want := Device{
		Name: "core1", Model: "C9300-48P", SerialNumber: "FCW2140L0AB", OperatingSystem: "IOS XE",
		RunningVersion: "17.9.4a", RunningImage: "flash:packages.conf", Gaps: set.Gaps,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrap(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"one two three four", "one two\n  three four"},
		{"exactly 12ch", "exactly\n  12ch"},
		{"a-word-that-is-too-long b", "a-word-that-is-too-long\n  b"},
		{"b a-word-that-is-too-long", "b\n  a-word-that-is-too-long"},
	}
	for _, tt := range tests {
		if got := Wrap(tt.text, 2, 12); got != tt.want {
			t.Errorf("Wrap(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "0ms"}, {999 * time.Millisecond, "999ms"}, {time.Second, "1.0s"}, {12400 * time.Millisecond, "12s"},
		{59900 * time.Millisecond, "1m00s"}, {125 * time.Second, "2m05s"}, {3 * time.Hour, "3h00m"}, {119*time.Minute + 59*time.Second, "2h00m"},
		{9990 * time.Millisecond, "10s"},
	}
	for _, tt := range tests {
		if got := duration(tt.d); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.d, got, tt.want)
		}
	}
}
