package collectors

import (
	"iter"
	"regexp"
	"strings"
)

// logLine is a message that the terminal monitor printed into a reply.
//
//	*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.1.1.9)
//	%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to up
var logLine = regexp.MustCompile(`^(?:\d+: )?(?:[*.]?[A-Z][a-z]{2} +\d+ [\d:. ]+(?:[A-Z]+)?: )?%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+:`)

// pagerRemains are a pager's prompt and the strokes that wipe it out again.
//
//	" --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\bnext line"
var pagerRemains = regexp.MustCompile(`(?i) ?<?-+ ?\(?more\)? ?(?:\d+%)? ?-+>? ?[\x08\r ]*`)

// escapeSequence is an ECMA-48 control sequence.
var escapeSequence = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_E])`)

// Lines yields the lines of the reply with their numbers, from 1. Line ends, trailing
// blanks, pager remains and escape sequences are gone; messages of the terminal
// monitor are left out, and the numbers still count them.
func (r Reply) Lines() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(r.Text) {
			n++
			line = strings.TrimRight(line, "\r\n")
			if strings.ContainsAny(line, "\x1b\x08\x00\r") {
				line = escapeSequence.ReplaceAllString(line, "")
				line = pagerRemains.ReplaceAllString(line, "")
				line = strings.NewReplacer("\x00", "", "\r", "").Replace(line)
			}
			line = strings.TrimRight(line, " \t\f\v")
			if logLine.MatchString(line) {
				continue
			}
			if !yield(n, line) {
				return
			}
		}
	}
}
