package collectors

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for expression, want := range map[string][]string{
		`^% ?Invalid input`:                      {"Invalid input"},
		`^(?:% ?)?(?:Command a|A)uthorized`:      {"uthorized"},
		`^(?:System|Boot) image: (\S+)$`:         {" image: "},
		`^(?:uptime|Uptime of x) `:               {"uptime", "Uptime of x"},
		`(?i)denied`:                             nil,
		`(?i:denied)|refused`:                    nil,
		`^(\d+)\s+(\S+)$`:                        nil,
		`^(?:abc)?$`:                             nil,
		`^(?:abc)+$`:                             {"abc"},
		`^(?:abc){2,3}$`:                         {"abc"},
		`aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm`: nil,
		`^Slot (\d+), (?:active|standby) on`:     {"active", "standby"},
	} {
		got := MustCompile(expression).words
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", expression, diff)
		}
	}
}

// TestPatternEqualsExpression holds that looking for the words first never changes an answer.
func TestPatternEqualsExpression(t *testing.T) {
	expressions := []string{
		`^% ?(?:Invalid|Ambiguous) input`, `^(\S+) uptime is (.+)$`, `^(?:abc)+x?(?i:denied)|b{2,3}c$`, `^%Error .*(?i:no such)`, `a(b|c(d|e)f)*g`, `(?m)^x$`, `[ab]c(?:d|)e`,
	}
	rapid.Check(t, func(t *rapid.T) {
		expression := rapid.SampledFrom(expressions).Draw(t, "expression")
		var line string
		if rapid.Bool().Draw(t, "alike") {
			line = rapid.StringMatching(expression).Draw(t, "line")
		} else {
			line = rapid.String().Draw(t, "line")
		}
		plain, p := regexp.MustCompile(expression), MustCompile(expression)
		if p.MatchString(line) != plain.MatchString(line) {
			t.Fatalf("%q, %q: match %v", expression, line, p.MatchString(line))
		}
		if diff := cmp.Diff(plain.FindStringSubmatch(line), p.FindStringSubmatch(line)); diff != "" {
			t.Fatalf("%q, %q: %s", expression, line, diff)
		}
	})
}
