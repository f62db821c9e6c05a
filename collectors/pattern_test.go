package collectors

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	for expression, want := range map[string][]string{ // "~" before a word of which the case does not matter
		`^% ?Invalid input`:                      {"Invalid input"},
		`^(?:% ?)?(?:Command a|A)uthorized`:      {"uthorized"},
		`^(?:System|Boot) image: (\S+)$`:         {" image: "},
		`^(?:uptime|Uptime of x) `:               {"uptime", "Uptime of x"},
		`(?i)denied`:                             {"~denied"},
		`(?i:Denied)|refused`:                    {"~denied", "refused"},
		`(?i)no such file`:                       {"~uch file"}, // an s may be a long one
		`(?i)Skk`:                                nil,
		`(?i)ÄİÖx`:                               {"~x"},
		`^(\d+)\s+(\S+)$`:                        nil,
		`^(?:abc)?$`:                             nil,
		`^(?:abc)+$`:                             {"abc"},
		`^(?:abc){2,3}$`:                         {"abc"},
		`aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm`: nil,
		`^Slot (\d+), (?:active|standby) on`:     {"active", "standby"},
	} {
		var got []string
		for _, w := range MustCompile(expression).words {
			if w.folds {
				w.text = "~" + w.text
			}
			got = append(got, w.text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", expression, diff)
		}
	}
}

func TestBegins(t *testing.T) {
	for expression, want := range map[string]string{
		`^% ?Invalid`:           "%",
		`^(?:% ?)?(?i:command)`: "%Cc",
		`^(?i:sk)`:              "Ss\x80", // and the long s
		`^([0-9A-C]\d*|x)\s`:    "0123456789ABCx",
		`^(?:a*|b)c`:            "abc",
		`^[^ -~]`:               "\t\x7f\x80",
		`^ä`:                    "\x80",
		`^a|b`:                  "", // not at the beginning only
		`(?m)^a`:                "",
		`^a*`:                   "", // an empty line matches
		`^$`:                    "",
		`abc`:                   "",
	} {
		got := ""
		for _, b := range []byte("\t %0123456789ABCDSXabcdsx~\x7f\x80") {
			if p := MustCompile(expression); p.begins != nil && p.begins[b] {
				got += string([]byte{b})
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}

// TestPatternEqualsExpression holds that a first look never changes an answer.
func TestPatternEqualsExpression(t *testing.T) {
	expressions := []string{
		`^% ?(?:Invalid|Ambiguous) input`, `^(\S+) uptime is (.+)$`, `^(?:abc)+x?(?i:denied)|b{2,3}c$`, `^%Error .*(?i:no such)`, `a(b|c(d|e)f)*g`, `(?m)^x$`, `[ab]c(?:d|)e`,
		`(?i)^(?:skip|tick) `, `(?i)k`, `(?i)ſä|[^a]b`, `^[^a-z]+$`, `^.x`, `(?s)^.*x`, `^\W`, `^\B`, `^(?:a|)$`, `^(?i:é)+`, `(?i)x{3}y{0,2}`, `^(x|^y|\Az)`,
	}
	rapid.Check(t, func(t *rapid.T) {
		expression := rapid.SampledFrom(expressions).Draw(t, "expression")
		line := rapid.OneOf(
			rapid.StringMatching(expression), rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("abcdexyzkKſsSéÉ%T \n"))),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }),
		).Draw(t, "line")
		plain, p := regexp.MustCompile(expression), MustCompile(expression)
		if p.MatchString(line) != plain.MatchString(line) {
			t.Fatalf("%q, %q: match %v", expression, line, p.MatchString(line))
		}
		if diff := cmp.Diff(plain.FindStringSubmatch(line), p.FindStringSubmatch(line)); diff != "" {
			t.Fatalf("%q, %q: %s", expression, line, diff)
		}
	})
}
