package session

import "bytes"

// visible returns what a person sees of one line after the device's strokes: carriage returns and
// backspaces move the cursor, later characters cover earlier ones, and of the escape sequences
// (ECMA-48) only "erase to the end of the line" has an effect. Trailing blanks are gone.
func visible(line []byte) string {
	if bytes.IndexFunc(line, isControl) < 0 {
		return string(bytes.TrimRight(line, " "))
	}
	shown := make([]byte, 0, len(line))
	cursor := 0
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case b == '\r':
			cursor = 0
		case b == '\b':
			cursor = max(cursor-1, 0)
		case b == '\x1b':
			end := escapeEnd(line, i)
			if line[min(end, len(line)-1)] == 'K' {
				shown = shown[:cursor]
			}
			i = end
		case isControl(rune(b)):
		case cursor < len(shown):
			shown[cursor] = b
			cursor++
		default:
			shown = append(shown, b)
			cursor++
		}
	}
	return string(bytes.TrimRight(shown, " "))
}

// escapeEnd returns the place of the last byte of the escape sequence that begins at start, which
// may lie beyond the line.
func escapeEnd(line []byte, start int) int {
	end := start + 1
	if end < len(line) && line[end] == '[' {
		for end++; end < len(line) && (line[end] < '@' || line[end] > '~'); end++ {
		}
	}
	return end
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
