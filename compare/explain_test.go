package compare

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestRulesAreComplete holds that each rule can be explained: every part is there, in sentences, and every technique that it
// cites has a name.
func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		for _, name := range []string{r.Control, r.Name} {
			if seen[name] {
				t.Errorf("%s stands for two rules", name)
			}
			seen[name] = true
		}
		if !strings.HasPrefix(r.Control, "NDI-") || strings.ContainsFunc(r.Name, func(c rune) bool { return !unicode.IsLower(c) && c != '-' }) {
			t.Errorf("%s is called %q", r.Control, r.Name)
		}
		for heading, text := range map[string]string{"Checks": r.Checks, "Evidence": r.Evidence, "Attacker": r.Attacker, "Next": r.Next} {
			if !strings.HasSuffix(text, ".") || len(text) < 20 {
				t.Errorf("%s: %s is %q", r.Control, heading, text)
			}
		}
		if r.Title == "" || len(r.ATTACK) == 0 || len(r.Guidance) == 0 || r.Severity.Rank() > Low.Rank() || r.check == nil && !slices.ContainsFunc(fleetRules, func(f Rule) bool { return f.Control == r.Control }) {
			t.Errorf("incomplete: %+v", r)
		}
		for _, id := range r.ATTACK {
			if _, ok := TechniqueName(id); !ok {
				t.Errorf("%s cites %s, which has no name", r.Control, id)
			}
		}
		if slices.Contains(pillars(r.Pillar), "") {
			t.Errorf("%s: pillar %q", r.Control, r.Pillar)
		}
	}
	if _, ok := TechniqueName("T9999"); ok {
		t.Error("a technique that there is not has a name")
	}
	for id := range techniques {
		if !slices.ContainsFunc(Rules(), func(r Rule) bool { return slices.Contains(r.ATTACK, id) }) {
			t.Errorf("no rule cites %s", id)
		}
	}
}

func TestExplain(t *testing.T) {
	for _, name := range []string{"NDI-BC-03", "bc-03", "Configuration-Register"} {
		if r, ok := Explain(name); !ok || r.Control != "NDI-BC-03" {
			t.Errorf("%s is explained as %q", name, r.Control)
		}
	}
	for _, name := range []string{"", "NDI-", "BC", "NDI-XX-99"} {
		if r, ok := Explain(name); ok {
			t.Errorf("%q is explained as %s", name, r.Control)
		}
	}
}

// TestText holds that an explanation says everything and fits on a terminal.
func TestText(t *testing.T) {
	for _, r := range Rules() {
		text := r.Text()
		for _, part := range slices.Concat([]string{r.Control, r.Title, r.Name, string(r.Severity)}, r.ATTACK, r.Guidance, strings.Fields(r.Checks), strings.Fields(r.Attacker), strings.Fields(r.Next)) {
			if !strings.Contains(text, part) {
				t.Errorf("%s is explained without %q", r.Control, part)
			}
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\n"); len(line) > lineWidth && !strings.Contains(line, ", published by") && !isSource(r, line) {
				t.Errorf("%s: %d characters: %s", r.Control, len(line), line)
			}
			if strings.TrimRight(line, " ") != line || strings.Contains(line, "\t") {
				t.Errorf("%s: %q", r.Control, line)
			}
		}
	}
	profiles := map[string]string{"NDI-BC-03": "core, ndi, strict", "NDI-RN-05": "ndi, strict"}
	for control, want := range profiles {
		if r, _ := Explain(control); !strings.HasSuffix(r.Text(), "\nRequired by the profiles\n  "+want+"\n") {
			t.Errorf("%s: %s", control, r.Text())
		}
	}
}

// isSource reports whether the line is a title or names a document: those are not wrapped.
func isSource(r Rule, line string) bool {
	return slices.Contains(r.Guidance, strings.TrimSpace(line)) || strings.HasPrefix(line, r.Control)
}

// TestRulesDigest holds that the digest changes with every word and with the version.
func TestRulesDigest(t *testing.T) {
	digests := map[string]string{RulesDigest(): "as it is", rulesDigest(RulesVersion+1, Rules()): "another version", rulesDigest(RulesVersion, Rules()[1:]): "a rule less"}
	for field, change := range map[string]func(*Rule){
		"Checks": func(r *Rule) { r.Checks += "x" }, "Severity": func(r *Rule) { r.Severity = Low }, "ATTACK": func(r *Rule) { r.ATTACK = nil }, "Next": func(r *Rule) { r.Next = "" },
	} {
		changed := Rules()
		change(&changed[0])
		digests[rulesDigest(RulesVersion, changed)] = field
	}
	if len(digests) != 7 {
		t.Errorf("only %d digests: %v", len(digests), digests)
	}
	if first, again := RulesDigest(), RulesDigest(); first != again || len(first) != 16 {
		t.Errorf("digests %q and %q", first, again)
	}
}
