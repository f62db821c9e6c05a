package emulator

import (
	"strings"
	"time"
)

// Paces and sizes of the modes that spoil a reply.
const (
	longLine      = 10_000_000
	dribblePause  = time.Millisecond
	dotPause      = 50 * time.Millisecond
	linesPerEvent = 3
)

// spoil prints a reply as the device's mode has it, and returns false when the session
// is over.
func (t *terminal) spoil(r reply) bool {
	text := r.text
	switch t.device.Mode {
	case EndlessReply:
		block := strings.Repeat("GigabitEthernet1/0/1   up   up   connected to nowhere\r\n", 200)
		for t.flush() {
			t.print(block)
		}
		return false
	case LongLine:
		block := strings.Repeat("0123456789", 1000)
		for range longLine / len(block) {
			t.print(block)
			if !t.flush() {
				return false
			}
		}
		t.print("\r\n")
	case ControlBytes:
		t.print(afterFirstLine(text, "\x00\x07\x1b[2J\x1b[H\x1b]0;owned\x07\x1b[31mred\x1b[0m\x9b5n\x00\r\n"))
	case CutReply:
		t.print(text[:len(text)/2])
		t.cut()
		return false
	case PromptInReply:
		t.print(afterFirstLine(text, t.prompt()+"\r\n"+
			"   12  -rw-        1024   Mar 1 2021 00:10:01 +00:00  "+t.prompt()+"\r\n"+
			"   13  -rw-        1024   Mar 1 2021 00:10:01 +00:00  reload\r\n"+t.prompt()+"\r\n"))
	case LogMessages:
		rows := 0
		for line := range strings.Lines(text) {
			if rows++; rows%linesPerEvent == 0 {
				t.print("*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.1.1.9)\r\n")
			}
			t.print(line)
		}
	case Dribble:
		for i := range len(text) {
			t.print(text[i : i+1])
			if !t.wait(dribblePause) {
				return false
			}
		}
	case GarbageAfterPrompt:
		t.print(text + t.prompt())
		if !t.pressed() { // the client has taken it for the prompt
			return false
		}
		t.print("\r\n*** more of the reply, after the prompt ***\r\n")
	case EchoesAhead:
		half := strings.Index(text, "\r\n") + len("\r\n")
		t.print(text[:half] + t.prompt())
		ahead, ok := t.line(true)
		if !ok {
			return false
		}
		t.print(text[half:])
		t.showPrompt()
		t.print(ahead + "\r\n")
		t.device = t.device.sound()
		return t.run(ahead)
	case PromptChanges:
		t.renamed = true
		t.print(text)
	case SlowDots:
		for t.wait(dotPause) {
			t.print(".")
		}
		return false
	default: // the mode does not touch replies
		return t.page(r)
	}
	return true
}

func afterFirstLine(text, insertion string) string {
	end := strings.IndexByte(text, '\n') + 1
	return text[:end] + insertion + text[end:]
}
