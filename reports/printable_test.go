package reports

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"", 10, ""},
		{"core1", 5, "core1"},
		{"Zürich 東京", 20, "Zürich 東京"},
		{"core12", 5, "core1...(1 byte more)"},
		{"\x1b[2J", 20, `\x1b[2J`},
		{"a\r\nb\tc", 20, `a\r\nb\tc`},
		{"\x9b", 20, `\x9b`},
		{"\u009b", 20, `\u009b`},
		{"\u202eabc", 20, `\u202eabc`},
		{"a\u00a0b", 20, `a\u00a0b`},
		{"e\u0301", 20, `e\u0301`},
		{"\U000e0041", 20, `\U000e0041`},
		{"\xff\xfe", 20, `\xff\xfe`},
		{"\ufffd", 20, "\ufffd"},
		{"abc\x1b", 5, "abc...(1 byte more)"}, // an escape is whole or not there
		{"x", 0, "...(1 byte more)"},
		{strings.Repeat("é", 2000), 2, "éé...(3,996 bytes more)"},
	}
	for _, tt := range tests {
		if got := Printable(tt.in, tt.limit); got != tt.want {
			t.Errorf("Printable(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("core1", 5)
	f.Add("\x1b]0;x\a\u202e\u2066\u200f\u009b\x9b\xff", 20)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = min(max(limit, 0), 1000)
		got := Printable(s, limit)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.M, r) {
				t.Fatalf("holds %U: %q", r, got)
			}
		}
		const note = len("...(000,000,000 bytes more)")
		if n := utf8.RuneCountInString(got); n > limit+note {
			t.Fatalf("%d characters with a limit of %d", n, limit)
		}
		if again := Printable(got, 10*len(s)+note); again != got {
			t.Fatalf("%q becomes %q the second time", got, again)
		}

		plain := strings.ToValidUTF8(s, "?")
		text, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		escaped := printableJSON(text)
		for _, r := range string(escaped) {
			if !prints(r) {
				t.Fatalf("JSON holds %U", r)
			}
		}
		var back string
		if err := json.Unmarshal(escaped, &back); err != nil || back != plain {
			t.Fatalf("%q comes back as %q, %v", plain, back, err)
		}
	})
}
