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
//	000042: 1w2d: %SYS-5-RESTART: System restarted --
//	00:01:10: %SYS-5-CONFIG_I: Configured from console by console
//
// Huawei's and Comware's look otherwise:
//
//	Nov 24 2026 02:15:00+01:00 core1 %%01SHELL/5/CMDRECORD(s)[97]:Recorded command information.
//	%Nov 24 02:15:00:123 2026 core1 SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.1.1.9
var logLine = regexp.MustCompile(`^(?:\d+: )?(?:[*.]?[A-Z][a-z]{2} +\d+ [\d:. ]+(?:[A-Z]+)?: |(?:\d+:\d\d:\d\d|\d+[ywd]\d+[wdh]): )?%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+:` +
	`|^[A-Z][a-z]{2} +\d+ \d{4} \d\d:\d\d:\d\d\S* \S+ %%\d\d[A-Z0-9_]+/[0-7]/\w+` +
	`|^%[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d:\d{1,3} \d{4} \S+ [A-Z][A-Z0-9_]*/[0-7]/[A-Z0-9_]+:`)

// pagerRemains are a pager's prompt and the strokes that wipe it out again, up to where the next line begins.
//
//	" --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\bnext line"
//	"--More-- \r         \rnext line"
//	"  ---- More ----\x1b[16D                \x1b[16Dnext line"
//	"---(more 45%)---\r                                        \rnext line"
//	"-- MORE --, next page: Space, next line: Enter, quit: Control-C\r\x1b[Knext line"
//	"\x1b[7m--More--\x1b[m\r\x1b[Knext line"
//	"lines 1-22 \r\x1b[Knext line"
var pagerRemains = regexp.MustCompile(`(?i)^\r?(?:\x1b\[[\d;]*m)?(?: *<?-+ ?\(?more(?: \d+%)?\)? ?(?:\d+%)? ?-+>?(?:, next page: [^\x08\r\x1b]*)? ?|lines \d+-\d+(?:/\d+)?(?: \(END\))? *)` +
	`(?:\x1b\[[\d;]*m)?(?:(?:\x08|\r|\x1b\[\d*[DK])+(?: *(?:\x08|\r|\x1b\[\d*[DK])+)?)?`)

// escapeSequence is an ECMA-48 control sequence.
var escapeSequence = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_E])`)

// Lines yields the lines of the reply with their numbers, from 1. Line ends, trailing
// blanks, pager remains and escape sequences are gone; messages of the terminal
// monitor are left out, and the numbers still count them.
func (r Reply) Lines() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		line, rest := "", r.Text
		for n := 1; rest != ""; n++ {
			line, rest, _ = CutLine(rest)
			line = strings.TrimRight(line, "\r")
			// A saved session may have lost the strokes that wipe out the pager's prompt.
			if strings.ContainsAny(line, "\x1b\x08\x00\r") || strings.HasPrefix(strings.TrimLeft(line, " "), "--More--") {
				line = pagerRemains.ReplaceAllString(line, "")
				line = escapeSequence.ReplaceAllString(line, "")
				line = strings.NewReplacer("\x00", "", "\r", "").Replace(line)
			}
			line = strings.TrimRight(line, " \t\f\v")
			if strings.Contains(line, "%") && logLine.MatchString(line) {
				continue
			}
			if !yield(n, line) {
				return
			}
		}
	}
}

// CutLine parts a text behind its first line end. That is a line feed, with the carriage return before or after it, or what
// a device that paints a screen (VT100) goes to the next line with: ESC E, and "insert line", with which it scrolls.
//
//	"show version\x1b[24;0H\x1bE\x1b[24;13HHP J9772A"
func CutLine(text string) (line, rest string, found bool) {
	end, next := strings.IndexByte(text, '\n'), 0
	if found = end >= 0; found {
		next = end + 1
	} else {
		end, next = len(text), len(text)
	}
	if escape := strings.IndexByte(text[:end], '\x1b'); escape >= 0 {
		if at := screenLineEnd.FindStringIndex(text[escape:end]); at != nil {
			end, next, found = escape+at[0], escape+at[1], true
		}
	}
	return text[:end], text[next:], found
}

var screenLineEnd = regexp.MustCompile(`\x1b(?:E|\[\d*L)`)
