package compare

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trueboot/facts"
)

// healthy are the texts of healthy devices of every build.
var healthy = map[string]string{"stack": stack, "banks": banks, "parts": parts, "roots": roots, "sealed": sealed}

// lacks is what the collector of a healthy device says that its platform has none of.
func lacks(text string) edit {
	if e, ok := hasNone[text]; ok {
		return e
	}
	return func(*facts.Set) {}
}

// verdicts returns the worst verdict of each control.
func verdicts(findings []Finding) map[string]Verdict {
	all := map[string]Verdict{}
	for _, f := range findings {
		all[f.Control] = Worse(all[f.Control], f.Verdict)
	}
	return all
}

// drawEdit draws something that goes wrong on a device, or that somebody does to it.
func drawEdit(t *rapid.T, text string) edit {
	visit := visited(t, text, now)
	f := rapid.SampledFrom(visit.Facts).Draw(t, "fact")
	if f.Kind == facts.Uptime || f.Kind == facts.HostKey {
		f = visit.Facts[1] // an uptime is no text, and a key comes from no command
	}
	other := rapid.SampledFrom([]string{"", "17.6.3", "17.12.1", "tftp://10.1.1.1/x", "flash:x.bin", "yes", "0x2142", "sha512:99", "activated and uncommitted"}).Draw(t, "value")
	switch rapid.IntRange(0, 4).Draw(t, "edit") {
	case 0:
		return set(f.Kind, f.Subject, other)
	case 1:
		return drop(f.Kind, f.Subject)
	case 2:
		return add(f.Command, f.Kind, f.Subject+" new", other)
	case 3:
		return add("show else", f.Kind, f.Subject, other)
	}
	return drawGap(t, visit)
}

// drawGap draws a question that got no usable answer.
func drawGap(t *rapid.T, set facts.Set) edit {
	f := rapid.SampledFrom(set.Facts).Draw(t, "gap's fact")
	g := facts.Gap{
		Command: rapid.SampledFrom([]string{f.Command, "show else", ""}).Draw(t, "command"),
		Subject: rapid.SampledFrom([]string{"", f.Subject, "flash:", "standby"}).Draw(t, "subject"),
		Reason:  rapid.SampledFrom([]facts.Reason{facts.NoPrivilege, facts.ParseIncomplete, facts.PlatformHasNone, facts.NothingToAskFor, facts.Timeout, facts.HostKeyChanged}).Draw(t, "reason"),
	}
	if rapid.Bool().Draw(t, "of a kind") {
		g.Kinds = []facts.Kind{f.Kind}
	}
	return gapped(g)
}

// TestEveryControlIsJudged holds that each rule says something of every case, that what it says is complete, and that the same case gives
// the same findings again.
func TestEveryControlIsJudged(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := healthy[rapid.SampledFrom([]string{"banks", "parts", "roots", "sealed", "stack"}).Draw(rt, "device")]
		r := row{
			observed:   []edit{lacks(text)},
			unapproved: rapid.Bool().Draw(rt, "unapproved"),
			visits:     rapid.Bool().Draw(rt, "visits"),
		}
		for range rapid.IntRange(0, 3).Draw(rt, "observed edits") {
			r.observed = append(r.observed, harmless(drawEdit(rt, text)))
		}
		for range rapid.IntRange(0, 2).Draw(rt, "approved edits") {
			r.approved = append(r.approved, harmless(drawEdit(rt, text)))
		}
		if r.visits && rapid.Bool().Draw(rt, "another visit before") {
			r.previous = append(r.previous, harmless(drawEdit(rt, text)))
		}
		findings := r.judge(rt, text)
		judged := verdicts(findings)
		for _, rule := range rules {
			if judged[rule.Control] == "" {
				rt.Fatalf("%s says nothing", rule.Control)
			}
		}
		for _, f := range findings {
			checkComplete(rt, f)
			if f.Verdict == Pass && r.unapproved && !slices.Contains(withoutBaseline, f.Control) {
				rt.Fatalf("%s passes without a baseline: %s", f.Control, f.Message)
			}
		}
		if diff := gocmp.Diff(findings, r.judge(rt, text)); diff != "" {
			rt.Fatalf("the same case gives other findings: %s", diff)
		}
	})
}

// withoutBaseline are the controls that fix what they expect themselves, or compare with the last visit.
var withoutBaseline = []string{"NDI-HW-03", "NDI-BC-07", "NDI-ST-08", "NDI-PK-05", "NDI-CC-01", "NDI-CC-02", "NDI-BC-05", "NDI-RN-05", "NDI-RN-06", "NDI-PK-02", "NDI-VR-03", "NDI-EV-01", "NDI-XC-02", "NDI-XC-03", "NDI-XC-04", "NDI-XC-05"}

// harmless makes an edit that finds nothing to change do nothing.
func harmless(e edit) edit {
	return func(s *facts.Set) {
		before := *s
		before.Facts, before.Gaps, before.Answers = slices.Clone(s.Facts), slices.Clone(s.Gaps), slices.Clone(s.Answers)
		defer func() {
			if recover() != nil {
				*s = before
			}
		}()
		e(s)
	}
}

// TestOrderIsNothing holds that facts that come in another order, and what moves by itself, change no verdict.
func TestOrderIsNothing(t *testing.T) {
	for name, text := range healthy {
		want := verdicts((row{observed: []edit{lacks(text)}, visits: true}).judge(t, text))
		for control, verdict := range want {
			if verdict == Fail {
				t.Errorf("%s: a healthy device fails %s", name, control)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			shuffle := func(s *facts.Set) {
				s.Facts = rapid.Permutation(s.Facts).Draw(rt, "facts")
				s.Gaps = rapid.Permutation(s.Gaps).Draw(rt, "gaps")
				s.Answers = rapid.Permutation(s.Answers).Draw(rt, "answers")
				s.Facts = append(s.Facts, facts.Fact{Kind: facts.FreeSpace, Subject: "flash:", Value: "1", Command: "show file systems", Tier: facts.E0},
					facts.Fact{Kind: facts.BootTime, Value: "then", Command: "show version", Tier: facts.E0})
			}
			got := verdicts((row{observed: []edit{lacks(text), shuffle}, approved: []edit{shuffle}, previous: []edit{shuffle}}).judge(rt, text))
			if diff := gocmp.Diff(want, got); diff != "" {
				rt.Fatalf("%s: %s", name, diff)
			}
		})
	}
}

// TestSilenceIsNoAgreement holds that nothing that a device leaves out of what it approvedly states, and no question that goes
// unanswered, turns a FAIL or a NOT-ASSESSED into a PASS.
func TestSilenceIsNoAgreement(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := healthy[rapid.SampledFrom([]string{"banks", "parts", "roots", "sealed", "stack"}).Draw(rt, "device")]
		wrong := harmless(drawEdit(rt, text))
		r := row{observed: []edit{lacks(text), wrong}, visits: true, unapproved: rapid.Bool().Draw(rt, "unapproved")}
		before := verdicts(r.judge(rt, text))
		// Only what the healthy device states is left out: to take away the very fault is to mend it.
		stated := visited(rt, text, now).Facts
		faulty := r.build(rt, text).Observed
		for range rapid.IntRange(1, 3).Draw(rt, "silences") {
			if rapid.Bool().Draw(rt, "a gap") {
				r.observed = append(r.observed, drawGap(rt, faulty))
				continue
			}
			f := rapid.SampledFrom(stated).Draw(rt, "left out")
			r.observed = append(r.observed, func(s *facts.Set) {
				s.Facts = slices.DeleteFunc(s.Facts, func(g facts.Fact) bool {
					return g.Kind == f.Kind && g.Subject == f.Subject && g.Value == f.Value && g.Command == f.Command
				})
			})
		}
		after := verdicts(r.judge(rt, text))
		for control, verdict := range after {
			if verdict == Pass && before[control] != Pass {
				rt.Fatalf("%s was %s and is PASS after something was left out", control, before[control])
			}
		}
	})
}

// unmissed are the facts of the healthy stack on which no verdict rests: they are told for people, or are another
// control's that is not judged yet.
var unmissed = []string{
	"operating system", "file system alias flash-1:", "boot setting enable break", "reload reason", "component image switch 1", "component image switch 2",
	"file permissions flash:/scripts",
	"component role sup-1", "component role sup-2", "content version threat",
	// In places where a device writes by itself.
	"file flash:/tracelogs/timestamp", "file nvram:/startup-config", "file bootflash:20190922_052903_poap_7826_init.log", "file /config/juniper.conf.gz",
}

// TestEveryFactIsMissed holds that leaving out any one fact of a healthy device takes a PASS away, or is known not to.
func TestEveryFactIsMissed(t *testing.T) {
	for name, text := range healthy {
		before := passes((row{observed: []edit{lacks(text)}, visits: true}).judge(t, text))
		for i, f := range visited(t, text, now).Facts {
			out := func(s *facts.Set) { s.Facts = slices.Delete(s.Facts, i, i+1) }
			after := passes((row{observed: []edit{out, lacks(text)}, visits: true}).judge(t, text))
			missed := slices.ContainsFunc(before, func(p string) bool { return !slices.Contains(after, p) })
			words := strings.TrimSpace(string(f.Kind) + " " + f.Subject)
			if known := slices.Contains(unmissed, words); missed == known {
				t.Errorf("%s: %q missed: %t", name, words, missed)
			}
		}
	}
}

// TestEveryCommandIsMissed holds that no command of a healthy device can go unanswered without taking a PASS away.
func TestEveryCommandIsMissed(t *testing.T) {
	for name, text := range healthy {
		set := visited(t, text, now)
		before := passes((row{observed: []edit{lacks(text)}}).judge(t, text))
		for _, a := range set.Answers {
			var kinds []facts.Kind
			judged := false
			for _, f := range set.Facts {
				if f.Command == a.Command {
					kinds = append(kinds, f.Kind)
					// A power supply's serial number is NDI-HW-02's.
					judged = judged || f.Kind != facts.Uptime && f.Subject != "Power Supply A"
				}
			}
			for _, reason := range []facts.Reason{facts.NoPrivilege, facts.ParseIncomplete, facts.PlatformHasNone, facts.Timeout} {
				after := passes((row{observed: []edit{unanswered(a.Command, reason, "", "", kinds...), lacks(text)}}).judge(t, text))
				lost := slices.ContainsFunc(before, func(p string) bool { return !slices.Contains(after, p) })
				if judged && !lost {
					t.Errorf("%s: %q is %s and everything passes as before", name, a.Command, reason)
				}
			}
		}
	}
}

// passes returns what passes: control and subject.
func passes(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		if f.Verdict == Pass {
			all = append(all, f.Control+" "+f.Subject)
		}
	}
	return all
}

// TestByRisk holds the order in which a reader with little time sees findings.
func TestByRisk(t *testing.T) {
	want := []Finding{
		{Control: "1", Verdict: Fail, Severity: Low, Contradiction: true},
		{Control: "2", Verdict: Fail, Severity: Critical},
		{Control: "3", Verdict: Fail, Severity: High},
		{Control: "4", Verdict: Fail, Severity: High},
		{Control: "0", Verdict: Fail, Severity: Critical, ExplainedBy: "CHG-1"},
		{Control: "0", Verdict: NotAssessed, Required: true},
		{Control: "0", Verdict: NotAssessed, Required: true, ExplainedBy: "CHG-1"},
		{Control: "1", Verdict: NotAssessed},
		{Control: "0", Verdict: Pass, Device: "a"},
		{Control: "0", Verdict: Pass, Device: "b", Subject: "a"},
		{Control: "0", Verdict: Pass, Device: "b", Subject: "b", Message: "a"},
		{Control: "0", Verdict: Pass, Device: "b", Subject: "b", Message: "b"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		got := rapid.Permutation(slices.Clone(want)).Draw(rt, "findings")
		slices.SortFunc(got, ByRisk)
		if diff := gocmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
	})
	for i, a := range want {
		for k, b := range want {
			if got := ByRisk(a, b); cmp.Compare(got, 0) != cmp.Compare(i, k) {
				t.Errorf("%d and %d: %d", i, k, got)
			}
		}
	}
}

// TestSummary holds what a summary counts, and that summaries add up.
func TestSummary(t *testing.T) {
	a := []Finding{
		{Device: "a", Control: "1", Verdict: Pass, Tier: facts.E0},
		{Device: "a", Control: "1", Verdict: Fail, Severity: High},
		{Device: "a", Control: "2", Verdict: NotAssessed, Reason: facts.Timeout, Required: true},
		{Device: "a", Control: "2", Verdict: Pass, Tier: facts.E1},
		{Device: "a", Control: "3", Verdict: Fail, Severity: Critical, ExplainedBy: "CHG-1"},
	}
	b := []Finding{
		{Device: "b", Control: "1", Verdict: NotAssessed, Reason: facts.Timeout},
		{Device: "b", Control: "2", Verdict: NotAssessed, Reason: facts.Timeout, Required: true, ExplainedBy: "CHG-1"},
		{Device: "b", Control: "3", Verdict: Fail, Severity: Low},
	}
	want := Summary{
		Controls:            map[Verdict]int{Fail: 3, NotAssessed: 3},
		Failures:            map[Severity]int{High: 1, Low: 1},
		Explained:           1,
		Unassessed:          map[facts.Reason]int{facts.Timeout: 3},
		RequiredNotAssessed: 1,
		Tiers:               map[facts.Tier]int{facts.E0: 1, facts.E1: 1},
	}
	if diff := gocmp.Diff(want, Summarize(slices.Concat(a, b))); diff != "" {
		t.Errorf("at once: %s", diff)
	}
	if diff := gocmp.Diff(want, Summarize(a).Add(Summarize(b)).Add(Summary{})); diff != "" {
		t.Errorf("added up: %s", diff)
	}
	for severity, n := range map[Severity]int{Critical: 0, High: 1, Medium: 1, Low: 2} {
		if got := want.Unexplained(severity); got != n {
			t.Errorf("%d failures at or above %s, not %d", got, severity, n)
		}
	}
}

// TestRequired holds what a profile asks for, and that what a platform does not have is asked for by strict alone.
func TestRequired(t *testing.T) {
	c := (row{observed: []edit{lacks(sealed)}}).build(t, sealed)
	for _, p := range Profiles() {
		for _, f := range Judge(c, p) {
			want := slices.Contains(p.Required, f.Control) && (p.Strict || f.Reason != facts.PlatformHasNone)
			if f.Required != want {
				t.Errorf("%s: %s (%s) required: %t", p.Name, f.Control, f.Reason, f.Required)
			}
		}
	}
}

// TestUnreachable holds that a device that said nothing gets one reason for each control, and a FAIL where that is one.
func TestUnreachable(t *testing.T) {
	for _, reason := range []facts.Reason{facts.Unreachable, facts.LoginRefused, facts.HostKeyChanged} {
		findings := (row{visits: true, observed: []edit{unreachable(reason)}}).judge(t, stack)
		each := map[string]int{}
		for _, f := range findings {
			each[f.Control]++
			if f.Verdict == Pass || f.Verdict == NotAssessed && f.Reason != reason {
				t.Errorf("%s: %s %s", f.Control, f.Verdict, f.Reason)
			}
		}
		for _, r := range rules {
			want := 1
			if r.Control == deviceIdentity.Control && reason == facts.HostKeyChanged {
				want = 2
			}
			if each[r.Control] != want {
				t.Errorf("%s: %s has %d findings, not %d", reason, r.Control, each[r.Control], want)
			}
		}
	}
}

// TestObserved holds that a finding names the reply that it rests on, with its digest and its time.
func TestObserved(t *testing.T) {
	for _, f := range (row{visits: true}).judge(t, stack) {
		if f.Observed == nil {
			continue
		}
		if o := f.Observed; o.Command != "" && (o.SHA256 == "" || o.Line == 0) || o.CollectedAt.IsZero() {
			t.Errorf("%s: %+v", f.Control, o)
		}
	}
}

// TestPasswords holds that the credential of a server that the device boots from reaches no finding.
func TestPasswords(t *testing.T) {
	const password = "s3cret"
	command := "boot system ftp://admin:" + password + "@10.1.1.1/x.bin"
	image := "ftp://admin:" + password + "@10.1.1.1/x.bin"
	bad := []edit{set(facts.RunningBootCommand, "1", command), set(facts.StartupBootCommand, "1", command), set(facts.RunningImage, "", image), set(facts.BootVariable, "1", image)}
	for _, r := range []row{{observed: bad}, {approved: bad}, {observed: bad, approved: bad}} {
		for _, f := range r.judge(t, stack) {
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), password) {
				t.Errorf("%s: %s", f.Control, text)
			}
		}
	}
}

// TestQuote holds that a device's words are safe to show.
func TestQuote(t *testing.T) {
	for words, want := range map[string]string{
		"":                                      `""`,
		"a\x1b[2J\r\n":                          `"a\x1b[2J\r\n"`,
		"ftp://a:b@c/d":                         `"ftp://a:***@c/d"`,
		"Сisco":                                 `"\u0421isco"`, // the first letter is Cyrillic
		strings.Repeat("x", quoteLimit):         fmt.Sprintf("%q", strings.Repeat("x", quoteLimit)),
		strings.Repeat("x", quoteLimit-1) + "é": fmt.Sprintf("%q…", strings.Repeat("x", quoteLimit-1)),
	} {
		if got := quote(words); got != want {
			t.Errorf("%.20q… is quoted as %s, not %s", words, got, want)
		}
	}
	if got := quoteList(slices.Repeat([]string{"a"}, 8)); got != `"a", "a", "a", "a", "a", "a", "and 2 more"` && got != `"a", "a", "a", "a", "a", "a", and 2 more` {
		t.Error(got)
	}
}
