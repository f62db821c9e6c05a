package session

import (
	"bytes"
	"strconv"

	"trueboot/collectors"
)

// visible returns what a person sees of one line after the device's strokes: carriage returns, backspaces and cursor
// addresses (ECMA-48) move the cursor within the line, later characters cover earlier ones, and "erase in line" erases. Other
// escape sequences and control characters have no effect. Trailing blanks are gone.
func visible(line []byte) string {
	if bytes.IndexFunc(line, isControl) < 0 {
		return string(bytes.TrimRight(line, " "))
	}
	s := screenLine{shown: make([]byte, 0, len(line))}
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case b == '\r':
			s.cursor = 0
		case b == '\b':
			s.cursor = max(s.cursor-1, 0)
		case b == '\x1b':
			end := escapeEnd(line, i)
			s.escape(line[i:min(end+1, len(line))])
			i = end
		case isControl(rune(b)):
		default:
			s.put(b)
		}
	}
	return string(bytes.TrimRight(s.shown, " "))
}

// A screenLine is a line under the strokes of a device.
type screenLine struct {
	shown  []byte
	cursor int // may be beyond what is shown
}

// mostColumns bounds where an address may put the cursor.
const mostColumns = 1024

func (s *screenLine) put(b byte) {
	for len(s.shown) <= s.cursor {
		s.shown = append(s.shown, ' ')
	}
	s.shown[s.cursor] = b
	s.cursor++
}

// escape does what a sequence asks for.
//
//	ESC [ 24 ; 12 H    cursor to row 24, column 12; a line is looked at alone, so the row does not matter
//	ESC [ 3 D          three columns back
//	ESC [ K            erase to the end of the line, with 1 to its beginning, with 2 all of it
func (s *screenLine) escape(sequence []byte) {
	if len(sequence) < 3 || sequence[1] != '[' {
		return
	}
	parameters := bytes.Split(sequence[2:len(sequence)-1], []byte(";"))
	parameter := func(i, standard int) int {
		if i >= len(parameters) {
			return standard
		}
		if n, err := strconv.Atoi(string(parameters[i])); err == nil && n >= 0 {
			return min(n, mostColumns)
		}
		return standard
	}
	switch sequence[len(sequence)-1] {
	case 'C':
		s.cursor = min(s.cursor+max(parameter(0, 1), 1), mostColumns)
	case 'D':
		s.cursor = max(s.cursor-max(parameter(0, 1), 1), 0)
	case 'G':
		s.cursor = max(parameter(0, 1), 1) - 1
	case 'H', 'f':
		s.cursor = max(parameter(1, 1), 1) - 1
	case 'K':
		switch parameter(0, 0) {
		case 0:
			s.shown = s.shown[:min(s.cursor, len(s.shown))]
		case 1:
			for i := range min(s.cursor+1, len(s.shown)) {
				s.shown[i] = ' '
			}
		case 2:
			s.shown = s.shown[:0]
		}
	}
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

// longestLineEnd is how long a line end is at most: ESC [ 1000 L.
const longestLineEnd = 8

// lineEnds looks for line ends. It returns how many there are, where the last one ends (0 where there is none), and how long the
// line before the first one is.
func lineEnds(text []byte) (count, last, first int) {
	if bytes.IndexByte(text, '\x1b') < 0 { // as nearly always
		if last = bytes.LastIndexByte(text, '\n') + 1; last == 0 {
			return 0, 0, 0
		}
		return bytes.Count(text, []byte("\n")), last, bytes.IndexByte(text, '\n')
	}
	for rest := string(text); ; count++ {
		line, after, found := collectors.CutLine(rest)
		if !found {
			return count, last, first
		}
		last += len(rest) - len(after)
		if count == 0 {
			first = len(line)
		}
		rest = after
	}
}
