package baseline

import (
	"testing"
	"time"
)

func TestScope(t *testing.T) {
	edge := Member{Device: "edge1", Platform: "cisco_ios", Models: []string{"C9300-48U", "C9300-24T"}, Role: "edge", Site: "ams", Tags: []string{"pci", "floor 2"}}
	for _, test := range []struct {
		text  string
		fits  bool
		prose string
	}{
		{"all", true, "all"},
		{"edge1", true, "device=edge1"},
		{"EDGE?", true, "device=EDGE?"},
		{"edge", false, "device=edge"},
		{"site=ams,role=edge", true, "role=edge,site=ams"},
		{"site=ams,role=core", false, "role=core,site=ams"},
		{"model=c9300-*", true, "model=c9300-*"},
		{"model=C9300-24T,platform=cisco_ios", true, "platform=cisco_ios,model=C9300-24T"},
		{"platform=cisco_nxos", false, "platform=cisco_nxos"},
		{"tag=pci", true, "tag=pci"},
		{"tag=floor?2", true, "tag=floor?2"},
		{"tag=lab", false, "tag=lab"},
	} {
		s, err := ParseScope(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if s.Covers(edge) != test.fits || s.String() != test.prose {
			t.Errorf("%q: covers %v, is %q", test.text, s.Covers(edge), s)
		}
		if again, err := ParseScope(s.String()); err != nil || again != s {
			t.Errorf("%q: comes back as %+v, %v", test.text, again, err)
		}
	}
	for _, text := range []string{"", "site=", "site=a,site=b", "where=x", "site=a b", "platform=cisco_*", "site=a,", "site=a\x00"} {
		if s, err := ParseScope(text); err == nil {
			t.Errorf("%q is read as %+v", text, s)
		}
	}
}

func TestLike(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"flash:*.tcl", "flash:/scripts/a.TCL", true},
		{"flash:*.tcl", "flash:/scripts/a.tcl.bak", false},
		{"*a*a*b", "aaaaaaaaab", true},
		{"*a*a*b", "aaaaaaaaa", false},
		{"", "", true},
		{"", "x", false},
		{"**", "", true},
		{"?", "é", true},
		{"[a]", "a", false},
	} {
		if Like(test.pattern, test.text) != test.want {
			t.Errorf("Like(%q, %q) is not %v", test.pattern, test.text, test.want)
		}
	}
}

func TestWaiverValid(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	good := Waiver{Control: "NDI-ST-06", Verdict: "FAIL", Scope: Scope{Site: "lab"}, Owner: "lab", Reason: "tests", Ticket: "L-1", By: "jo", At: at, Expires: at.AddDate(0, 3, 0)}
	if err := good.Valid(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Waiver){
		"no control":     func(w *Waiver) { w.Control = "" },
		"PASS":           func(w *Waiver) { w.Verdict = "PASS" },
		"all of all":     func(w *Waiver) { w.Scope = Scope{} },
		"no owner":       func(w *Waiver) { w.Owner = " " },
		"no ticket":      func(w *Waiver) { w.Ticket = "" },
		"no reason":      func(w *Waiver) { w.Reason = "" },
		"nobody":         func(w *Waiver) { w.By = "" },
		"expired":        func(w *Waiver) { w.Expires = at },
		"two years":      func(w *Waiver) { w.Expires = at.AddDate(2, 0, 0) },
		"not UTF-8":      func(w *Waiver) { w.Subject = "\xff" },
		"a broken scope": func(w *Waiver) { w.Scope.Site = "a,b" },
	} {
		w := good
		spoil(&w)
		if w.Valid() == nil {
			t.Errorf("%s: is stored", name)
		}
	}
}
