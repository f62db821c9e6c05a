package main

import "testing"

func TestParagraphOf(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"one two\nthree", 40, "one two three\n"},
		{"- a b c d e f g\n  kept as  it is", 10, "- a b c d\n  e f g\n  kept as  it is\n"},
		{"- one\n- two\nmore", 40, "- one\n- two more\n"},
		{"says:\n  a: 1\n    b: 2\nand on", 40, "says:\n  a: 1\n    b: 2\nand on\n"},
	} {
		if got := paragraphOf(test.text, test.width); got != test.want {
			t.Errorf("%q: %q, not %q", test.text, got, test.want)
		}
	}
}
