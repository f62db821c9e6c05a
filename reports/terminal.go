package reports

import (
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Widths of lines, in characters.
const (
	fileWidth  = 100
	leastWidth = 60  // narrower terminals break the lines themselves
	mostWidth  = 140 // longer lines of text are hard to read
)

// Width returns the width of the terminal that the file is, and 0 for any other file.
func Width(file *os.File) int {
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Colour tells whether to colour what is written to the file: on a terminal that can, unless NO_COLOR is
// set (no-color.org).
func Colour(file *os.File) bool {
	kind := os.Getenv("TERM")
	// Windows consoles know the escapes where one of these says so.
	able := kind != "" && kind != "dumb" || os.Getenv("WT_SESSION") != ""
	return able && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}

// A colour is the parameter of an SGR escape sequence.
type colour string

const (
	red    colour = "1;31"
	yellow colour = "33"
	green  colour = "32"
	bold   colour = "1"
)

// in colours a text that is already padded.
func (c colour) in(text string, enabled bool) string {
	if !enabled || c == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// Wrap breaks a text at blanks so that it fits between the indent and the width. Later lines begin with
// the indent, the first does not: a label stands there. A word that is too long, such as a
// digest, is left whole, so that it can be copied.
func Wrap(text string, indent, width int) string {
	var out strings.Builder
	column := indent
	for word := range strings.FieldsSeq(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == indent:
		case column+1+length > width:
			out.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += length
	}
	return out.String()
}

// pad fills a text up with blanks.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}
