package emulator

import (
	"strings"
	"time"
)

// answer prints a reply in the way that the device's mode has, and returns false when the
// session is over.
func (t *terminal) answer(command string, r reply) bool {
	if t.device.VerifyDelay > 0 && strings.HasPrefix(command, "verify ") {
		var ok bool
		if r.text, ok = t.work(r.text); !ok {
			return false
		}
	}
	show := t.page
	if t.device.ModeCommand == "" || t.device.ModeCommand == command {
		show = t.spoil
	}
	if !show(r) {
		return false
	}
	switch r.end {
	case fails:
		if t.alone {
			t.status = 1
		}
	case silence:
		t.flush()
		<-t.gone
		return false
	case hangUp:
		t.cut()
		return false
	}
	return true
}

// cut ends the connection without a word, when all that was printed is on its way.
func (t *terminal) cut() {
	t.flush()
	t.tcp.Close()
}

// work lets the time of a verify pass, while the dots of the reply appear. It returns
// what is left of the reply.
func (t *terminal) work(text string) (rest string, ok bool) {
	before, dots, rest := cutDots(text)
	t.print(before)
	for _, part := range dots {
		t.print(part)
		if !t.wait(t.device.VerifyDelay / time.Duration(len(dots))) {
			return "", false
		}
	}
	return rest, true
}

// Of a run of dots this many or longer, the reply shows a part after the other.
const (
	fewDots  = 4
	dotParts = 10
)

// cutDots parts a reply at its first run of dots: what comes before it, the run in
// parts, and the rest. A reply without dots has one part, which is empty.
func cutDots(text string) (before string, parts []string, after string) {
	start := strings.Index(text, strings.Repeat(".", fewDots))
	if start < 0 {
		return "", []string{""}, text
	}
	end := start + len(text[start:]) - len(strings.TrimLeft(text[start:], "."))
	n := min(dotParts, end-start)
	for i := range n {
		parts = append(parts, text[start+i*(end-start)/n:start+(i+1)*(end-start)/n])
	}
	return text[:start], parts, text[end:]
}

// page prints a reply, folded to the terminal's columns and stopping when the screen is
// full. It returns false when the client has gone.
func (t *terminal) page(r reply) bool {
	columns, rows := int(t.columns.Load()), int(t.rows.Load())
	if (rows == 0 || r.rows < rows) && (columns == 0 || r.widest <= columns) {
		t.print(r.text)
		return true
	}
	left := rows - 1
	for line := range strings.Lines(r.text) {
		body, end := strings.CutSuffix(line, "\r\n")
		for first := true; first || body != ""; first = false {
			if rows > 0 && left <= 0 {
				var ok bool
				if left, ok = t.more(); !ok || left == 0 {
					return ok
				}
			}
			row := body
			if columns > 0 {
				row = body[:min(columns, len(body))]
			}
			body = body[len(row):]
			t.print(row)
			if body != "" || end {
				t.print("\r\n")
			}
			left--
		}
	}
	return true
}

// more shows the pager's prompt and returns how many rows may follow: a screen after a
// space, one after return, none after any other key.
func (t *terminal) more() (rows int, ok bool) {
	t.print(t.device.pager)
	key, ok := t.key()
	t.print(t.device.wipe)
	switch key {
	case ' ':
		return max(int(t.rows.Load())-1, 1), ok
	case '\r', '\n':
		return 1, ok
	}
	return 0, ok
}
