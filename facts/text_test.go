package facts

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestTextForm(t *testing.T) {
	at := time.Date(2026, 3, 1, 2, 0, 0, 123456789, time.UTC)
	s := Set{
		Device: "core1", Platform: "cisco_ios", Time: at,
		Facts:   []Fact{{Kind: File, Subject: `flash:/a\b`, Value: "1", Command: "dir\tflash:", Line: 3, Tier: E0}, {Kind: RunningVersion, Value: "x\ny\xff"}},
		Gaps:    []Gap{{Command: "show x", Reason: Timeout, Detail: "no reply", Kinds: []Kind{Model, SerialNumber}}, {Reason: Unreachable}},
		Answers: []Answer{{Command: "show x", Time: at, Elapsed: 5, Bytes: 6, Lines: 7, SHA256: "ab", Reason: Timeout, Asked: "show {nonce}"}},
	}
	want := "set\tcore1\tcisco_ios\t2026-03-01T02:00:00.123456789Z\n" +
		"fact\tfile\tflash:/a\\\\b\t1\tdir\\tflash:\t3\tE0\n" +
		"fact\trunning version\t\tx\\ny\xff\t\t0\t\n" +
		"gap\tshow x\ttimeout\tno reply\t\tmodel\tserial number\n" +
		"gap\t\tunreachable\t\t\n" +
		"answer\tshow x\t2026-03-01T02:00:00.123456789Z\t5\t6\t7\tab\ttimeout\tshow {nonce}\n"
	if diff := cmp.Diff(want, string(s.AppendText(nil))); diff != "" {
		t.Error(diff)
	}
	got, err := ParseSet(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got); diff != "" {
		t.Error(diff)
	}
}

func TestTextFormRefused(t *testing.T) {
	for name, text := range map[string]string{
		"cut short":         "set\ta\tb\t2026-03-01T02:00:00Z",
		"unknown line":      "fakt\ta\n",
		"empty line":        "\n",
		"few fields":        "fact\tfile\t\t\t\t1\n",
		"no number":         "fact\tfile\t\t\t\tx\tE0\n",
		"no time":           "set\ta\tb\tyesterday\n",
		"lone backslash":    "fact\ta\\\t\t\t\t1\tE0\n",
		"backslash and x":   "fact\ta\\x\t\t\t\t1\tE0\n",
		"few fields in gap": "gap\ta\n",
		"few in answer":     "answer\ta\n",
	} {
		if s, err := ParseSet(text); err == nil {
			t.Errorf("%s: read as %+v", name, s)
		}
	}
	if s, err := ParseSet("set\ta\tb\t2026-03-01T02:00:00Z\tone more\n"); err != nil || s.Platform != "b" {
		t.Errorf("a field more: %+v, %v", s, err)
	}
}

func TestTextFormKeepsEverything(t *testing.T) {
	text := rapid.String()
	fact := rapid.Custom(func(t *rapid.T) Fact {
		return Fact{Kind: Kind(text.Draw(t, "kind")), Subject: text.Draw(t, "subject"), Value: string(rapid.SliceOf(rapid.Byte()).Draw(t, "value")), Command: text.Draw(t, "command"), Line: rapid.Int().Draw(t, "line"), Tier: Tier(text.Draw(t, "tier")), Origin: text.Draw(t, "origin")}
	})
	gap := rapid.Custom(func(t *rapid.T) Gap {
		return Gap{Command: text.Draw(t, "command"), Reason: Reason(text.Draw(t, "reason")), Detail: text.Draw(t, "detail"), Subject: text.Draw(t, "subject"),
			Kinds: rapid.SliceOf(rapid.Map(text, func(s string) Kind { return Kind(s) })).Draw(t, "kinds")}
	})
	answer := rapid.Custom(func(t *rapid.T) Answer {
		return Answer{Command: text.Draw(t, "command"), Time: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC(), Elapsed: time.Duration(rapid.Int64().Draw(t, "elapsed")),
			Bytes: rapid.Int().Draw(t, "bytes"), Lines: rapid.Int().Draw(t, "lines"), SHA256: text.Draw(t, "sha256"), Reason: Reason(text.Draw(t, "reason")), Asked: text.Draw(t, "asked")}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := Set{Device: text.Draw(t, "device"), Platform: text.Draw(t, "platform"), Time: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "time"), 0).UTC(),
			Facts: rapid.SliceOf(fact).Draw(t, "facts"), Gaps: rapid.SliceOf(gap).Draw(t, "gaps"), Answers: rapid.SliceOf(answer).Draw(t, "answers")}
		got, err := ParseSet(string(s.AppendText(nil)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzParseSet(f *testing.F) {
	f.Add("set\ta\tb\t2026-03-01T02:00:00Z\nfact\tfile\tx\\\\\t1\tdir\t1\tE0\ngap\t\ttimeout\t\t\tmodel\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSet(text)
		if err != nil {
			return
		}
		again, err := ParseSet(string(s.AppendText(nil)))
		if err != nil || !cmp.Equal(s, again, cmpopts.EquateEmpty()) {
			t.Errorf("%q reads as %+v and then as %+v, %v", text, s, again, err)
		}
	})
}

func BenchmarkParseSet(b *testing.B) {
	var s Set
	for range 200 {
		s.Facts = append(s.Facts, Fact{Kind: File, Subject: strings.Repeat("x", 40), Value: "12345678", Command: "dir /recursive bootflash:", Line: 17, Tier: E0})
	}
	text := string(s.AppendText(nil))
	for b.Loop() {
		if _, err := ParseSet(text); err != nil {
			b.Fatal(err)
		}
	}
}
