package session

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueboot/collectors"
	"trueboot/facts"
)

// A tape is a device that prints the next thing it has each time a key is pressed.
type tape struct {
	t       *terminal
	says    [][]byte
	hangsUp bool // with the last thing that it says
	typed   []string
}

func (d *tape) Write(keys []byte) (int, error) {
	d.typed = append(d.typed, string(keys))
	d.next()
	return len(keys), nil
}

func (d *tape) next() {
	if len(d.says) == 0 {
		d.t.end(failed(facts.SessionLost, "%w", errHungUp))
		return
	}
	if f := d.t.take(d.says[0]); f != nil {
		d.t.end(f)
	}
	if d.says = d.says[1:]; d.hangsUp && len(d.says) == 0 {
		d.next()
	}
}

// FuzzTerminal logs in to a device that prints anything, and asks it something. What is typed is what the terminal says: the secret
// only where the last line asks for it. Each failure has a reason, and prints.
func FuzzTerminal(f *testing.F) {
	for _, says := range []string{
		"\r\ncore1>|\r\ncore1>|enable|Password: |\r\ncore1#|\r\ncore1#|\r\ncore1#|terminal length 0\r\ncore1#|" +
			"terminal width 511\r\ncore1#|terminal no monitor\r\ncore1#|show version\r\nVersion 1\r\ncore1#|\r\ncore1#|",
		"Press any key to continue|\x1b[24;1Hcore1# |\x1b[24;0H\x1bE\x1b[24;1Hcore1# |terminal length 0\x1bEcore1# |show version\x1bE --More-- |\b\bx\x1bEcore1# |\r\n",
		"\x00core1#\a|core1#|%Mar 1: %SYS-5-CONFIG_I: x\r\ncore1#|Password: |Password: |Password: ",
		"core1#|core1#|core1#|show version\r\ncore1#show version\r\ncore1#|core1#",
		"core1(a)#|core1(b)#|\x1b[999999999;999999999Hx\x1b[9999999C|\x1b[1L\x1b[1L\x1b",
	} {
		f.Add([]byte(says))
	}
	p := testTerminal
	p.Prompt = re(`^[\w.\-@/:]{1,63}(?P<state>\(\w+\))?[>#] ?$`)
	p.Greeting = []collectors.Question{{Pattern: re(`^Press any key`), Answer: " "}}
	p.Above, p.Unasked = re(`^\{master:\d\}$`), re(`^Info: `)
	limits := Limits{
		Login: 4 * time.Millisecond, Echo: time.Millisecond, Prompt: time.Millisecond, Quiet: 100 * time.Microsecond, Idle: time.Millisecond,
		Total: 5 * time.Millisecond, ReplyBytes: 4 << 10, ReplyLines: 100, LineBytes: 1 << 10, SessionBytes: 16 << 10,
	}.withDefaults()
	allowed := slices.Concat(p.Prepare, []string{p.Enable, p.Leave, "show version", "\n", " "})
	f.Fuzz(func(t *testing.T, says []byte) {
		d := &tape{says: bytes.Split(says, []byte("|"))}
		d.t = newTerminal(d, func() {}, limits, secrets{{testEnable}}, p)
		d.next()
		_, err := d.t.logIn(t.Context(), secret{testEnable})
		if err == nil {
			var reply string
			if reply, err = d.t.command(t.Context(), "show version", limits.Idle, limits.Total); err == nil {
				if !bytes.Contains(bytes.ReplaceAll(says, []byte("|"), nil), []byte(reply)) {
					t.Errorf("a reply that was not printed: %q", reply)
				}
				err = d.t.settle(t.Context())
			}
		}
		d.t.leave()
		var failure *collectors.Failure
		if err != nil && (!errors.As(err, &failure) || failure.Reason == "" || strings.ContainsFunc(err.Error(), isControl) || strings.Contains(err.Error(), testEnable)) {
			t.Errorf("error %q", err)
		}
		if len(d.t.received) > 8<<10 || d.t.lineStart > len(d.t.received) {
			t.Errorf("%d bytes are kept, the last line begins at %d", len(d.t.received), d.t.lineStart)
		}
		for _, keys := range d.typed {
			text := strings.TrimSuffix(keys, "\n")
			if keys != testEnable+"\n" && !slices.Contains(allowed, text) && !slices.Contains(allowed, keys) {
				t.Errorf("typed %q", keys)
			}
		}
	})
}

// A slowDevice prints what it has to print in pieces and takes what is typed when it has come to its prompt.
type slowDevice struct {
	t       *terminal
	typed   chan string
	replies map[string]string
	cut     func() int // how long the next piece is
}

func (d *slowDevice) Write(keys []byte) (int, error) {
	d.typed <- string(keys)
	return len(keys), nil
}

func (d *slowDevice) run() {
	for typed := range d.typed {
		line, entered := strings.CutSuffix(typed, "\n")
		text := line
		if entered { // what answers a pager that was none stands behind the prompt
			text += "\r\n" + d.replies[line] + "core1#"
		}
		for text != "" {
			n := min(d.cut(), len(text))
			if f := d.t.take([]byte(text[:n])); f != nil {
				d.t.end(f)
			}
			text = text[n:]
			runtime.Gosched()
		}
	}
}

// TestWholeOrAmbiguous holds that whatever a reply holds and however it is cut into pieces, it comes back as it is, or the
// session says that it can't tell.
func TestWholeOrAmbiguous(t *testing.T) {
	lines := []string{"core1# ", " core1#", "core1#reload", "Password: ", "--More--", "dir", "", "\x00\x1b[2J\a", "a\rcore1", "x\x1b[1Ly", strings.Repeat("x", 300), "#", ">"}
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		body := rapid.SliceOfN(rapid.SampledFrom(lines), 0, 12).Draw(t, "lines")
		if rapid.Bool().Draw(t, "spoofed") { // once: of two, the second may pass for the answer to the question at the end
			body = slices.Insert(body, rapid.IntRange(0, len(body)).Draw(t, "place"), "core1#")
		}
		spoofs := 0
		for _, line := range body {
			text.WriteString(line + "\r\n")
			if strings.HasPrefix(line, "core1#") { // a piece may end behind it
				spoofs++
			}
		}
		pieces := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 20).Draw(t, "pieces")
		place := 0
		d := &slowDevice{typed: make(chan string, 8), replies: map[string]string{"show version": text.String(), "dir": "files\r\n"}}
		d.cut = func() int { place++; return pieces[place%len(pieces)] }
		limits := hurried.withDefaults()
		limits.Quiet = 2 * time.Millisecond
		d.t = newTerminal(d, func() {}, limits, nil, testTerminal)
		d.t.prompt, d.t.echoes = "core1#", true
		var running sync.WaitGroup
		running.Go(d.run)
		defer running.Wait()
		defer close(d.typed)

		first, err := d.t.command(t.Context(), "show version", time.Second, 2*time.Second)
		second := "files\r\n"
		if err == nil && rapid.Bool().Draw(t, "another") {
			second, err = d.t.command(t.Context(), "dir", time.Second, 2*time.Second)
		}
		if err == nil {
			err = d.t.settle(t.Context())
		}
		switch {
		case err == nil && spoofs <= 1:
			// Lines that are the prompt and nothing else may be lost: a device shows its prompt again now and then.
			lost, ok := strings.CutPrefix(text.String(), first)
			if !ok || d.t.foreign(lost) != nil || second != "files\r\n" {
				t.Errorf("%q and %q, want %q", first, second, text.String())
			}
		case err != nil && (spoofs == 0 || asFailure(err).Reason != facts.ParseIncomplete):
			t.Errorf("%d lines like the prompt, %v", spoofs, err)
		}
	})
}

// TestVisible shows lines as a person sees them.
func TestVisible(t *testing.T) {
	for line, want := range map[string]string{
		"core1#":           "core1#",
		"core1# \r":        "core1#",
		"\x00core1>\a":     "core1>",
		"abc\rx":           "xbc",
		"abc\b\bx":         "axc",
		"\b\b\bx":          "x",
		"abc\x1b[2D\x1b[K": "a",
		"abc\x1b[1K":       "",
		"abc\x1b[2Kx":      "   x",
		"abc\x1b[2K\rx":    "x",
		"\x1b[24;1Hcore1# \x1b[24;1H\x1b[24;8H\x1b[?25h": "core1#",
		"\x1b[24;5Hx":              "    x",
		"ab\x1b[5Cc":               "ab     c",
		"ab\x1b[1Gc":               "cb",
		"ab\x1b[1;999999999Hc":     "ab" + strings.Repeat(" ", mostColumns-3) + "c",
		"ab\x1b[99999999999999Dc":  "cb",
		"\x1b[31mred\x1b[0m":       "red",
		"\x1bEx\x1b":               "x",
		"x\x1b[":                   "x",
		"x\x1b[;;;H":               "x",
		"--More-- \r         \rab": "ab",
	} {
		if got := visible([]byte(line)); got != want {
			t.Errorf("%q is seen as %q, want %q", line, got, want)
		}
	}
}

// TestLineEnds holds that the terminal finds the line ends that collectors.CutLine finds, however the text is cut.
func TestLineEnds(t *testing.T) {
	parts := []string{"a", "bc", "\n", "\r\n", "\x1bE", "\x1b[1L", "\x1b[L", "\x1b[24;1H", "\x1b", "E", "[", "1L"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 30).Draw(t, "parts"), "")
		terminal := newTerminal(io.Discard, func() {}, Limits{}.withDefaults(), nil, testTerminal)
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			terminal.take([]byte(rest[:n]))
			rest = rest[n:]
		}
		lines, rest := 0, text
		for {
			_, after, found := collectors.CutLine(rest)
			if !found {
				break
			}
			lines++
			rest = after
		}
		if terminal.lines != lines || string(terminal.received[terminal.lineStart:]) != rest {
			t.Errorf("%q: %d lines and %q, want %d and %q", text, terminal.lines, terminal.received[terminal.lineStart:], lines, rest)
		}
	})
}
