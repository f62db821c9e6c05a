package compare

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

// TestWaiver holds which findings a waiver bears, and that it changes nothing else of them.
func TestWaiver(t *testing.T) {
	register := row{observed: []edit{set(facts.ConfigRegister, "", "0x2142"), set(facts.NextConfigRegister, "", "0x2142")}}
	silent := row{observed: []edit{drop(facts.ConfigRegister, ""), drop(facts.NextConfigRegister, "")}}
	lie := row{observed: []edit{add("show bootvar", facts.ConfigRegister, "", "0x2142")}}
	waiver := baseline.Waiver{Number: 7, Control: "NDI-BC-03", Verdict: "FAIL", Scope: baseline.Scope{Device: "core1"}, Owner: "netops",
		Reason: "recovery", Ticket: "T-1", By: "jo", At: now.AddDate(0, 0, -9), Expires: now.AddDate(0, 0, 9)}
	with := func(change func(*baseline.Waiver)) baseline.Waiver {
		w := waiver
		change(&w)
		return w
	}
	for _, test := range []struct {
		name   string
		visit  row
		waiver baseline.Waiver
		waived bool
		says   string // what Next then begins with
	}{
		{"the device by its name", register, waiver, true, ""},
		{"its site", register, with(func(w *baseline.Waiver) { w.Scope = baseline.Scope{Site: "ams"} }), true, ""},
		{"a model that it stated", register, with(func(w *baseline.Waiver) { w.Scope = baseline.Scope{Model: "C9300-*"} }), true, ""},
		{"another site", register, with(func(w *baseline.Waiver) { w.Scope = baseline.Scope{Site: "lon"} }), false, ""},
		{"another control", register, with(func(w *baseline.Waiver) { w.Control = "NDI-BC-04" }), false, ""},
		{"the value", register, with(func(w *baseline.Waiver) { w.Observed = "0x2142" }), true, ""},
		{"another value", register, with(func(w *baseline.Waiver) { w.Observed = "0x2120" }), false, ""},
		{"ended", register, with(func(w *baseline.Waiver) { w.Ended = &baseline.Ending{} }), false, ""},
		{"expired", register, with(func(w *baseline.Waiver) { w.Expires = now }), false, `Waiver 7 expired on 2026-11-24: ask "netops" ("T-1"). `},
		{"what is not assessed, by a waiver of FAIL", silent, waiver, false, ""},
		{"what is not assessed", silent, with(func(w *baseline.Waiver) { w.Verdict = "NOT-ASSESSED" }), true, ""},
		{"FAIL, by a waiver of what is not assessed", register, with(func(w *baseline.Waiver) { w.Verdict = "NOT-ASSESSED" }), false, ""},
		{"a contradiction, by the device", lie, waiver, false, ""},
		{"a contradiction, by pattern", lie, with(func(w *baseline.Waiver) { w.Subject = "*" }), false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.visit.build(t, stack)
			c.Member = baseline.Member{Device: "core1", Platform: "cisco_ios", Models: []string{"C9300-48U"}, Site: "ams"}
			profile, _ := BuiltInProfile("core")
			plain := Judge(c, profile)
			c.Decisions.Waivers = []baseline.Waiver{test.waiver}
			found := Judge(c, profile)
			at := slices.IndexFunc(found, func(f Finding) bool {
				return f.Control == "NDI-BC-03" && f.Verdict != Pass && (f.Contradiction || !strings.HasPrefix(test.name, "a contradiction"))
			})
			if at < 0 {
				t.Fatal("there is no finding")
			}
			f := found[at]
			if (f.Waived != nil) != test.waived || f.Open() == test.waived || !strings.HasPrefix(f.Next, test.says) {
				t.Errorf("%s %s: waived %+v, next %q", f.Verdict, f.Message, f.Waived, f.Next)
			}
			if f.Verdict != plain[at].Verdict || f.Message != plain[at].Message || f.Severity != plain[at].Severity || len(found) != len(plain) {
				t.Error("the waiver changed the finding")
			}
			sum, was := Summarize(found), Summarize(plain)
			if test.waived && (sum.Waived == 0 || sum.Failures[High]+sum.RequiredNotAssessed >= was.Failures[High]+was.RequiredNotAssessed) {
				t.Errorf("the sum is %+v, and was %+v", sum, was)
			}
		})
	}
	if w := waiver; w.Holds(w.Expires) || !w.Holds(w.Expires.Add(-time.Nanosecond)) {
		t.Error("it does not end when it says")
	}
}
