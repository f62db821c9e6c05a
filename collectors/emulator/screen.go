package emulator

import "fmt"

// What a device prints that paints a VT100 screen of 24 rows: the last one is the command line, and every stroke on it has its
// address. Its rows scroll above.

const (
	row       = 24
	clearLine = "\x1b[1;24r\x1b[24;1H\x1b[24;1H\x1b[2K\x1b[24;1H\x1b[?25h\x1b[24;1H"
)

func at(column int) string { return fmt.Sprintf("\x1b[%d;%dH", row, column) }

// printPrompt prints the prompt and puts the cursor behind it.
func (t *terminal) printPrompt(prompt string) {
	if !t.device.painted {
		t.print(prompt)
		return
	}
	t.print(clearLine + at(1) + prompt + at(1) + at(len(prompt)+1) + at(1) + "\x1b[?25h" + at(len(prompt)+1))
}

// echo shows a key, the nth of the line.
func (t *terminal) echo(key byte, n int) bool {
	switch {
	case t.device.painted:
		column := len(t.prompt()) + n
		t.print(at(column) + string(rune(key)) + at(column) + "\x1b[?25h" + at(column+1))
	case t.device.Mode == SlowEcho:
		t.writer().WriteByte(key)
		return t.wait(dribblePause)
	default:
		t.writer().WriteByte(key)
	}
	return true
}

// goOn goes to the next line after one of n keys.
func (t *terminal) goOn(n int) {
	if !t.device.painted {
		t.print("\r\n")
		return
	}
	column := len(t.prompt()) + n + 1
	t.print(at(0) + "\x1bE" + at(column) + "\x1b[1;0H\x1b[1M" + at(1) + "\x1b[1L" + at(column) + clearLine)
}
