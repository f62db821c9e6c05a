package reports

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable makes text from outside safe for one line of a terminal or a log. Whatever does not print by itself
// becomes a visible escape, \x1b or \u202e: control characters of both sets, line ends, the marks that
// change the direction of writing, have no width or combine with what is before them, blanks other than
// the common one, and bytes that are not UTF-8. At most limit characters are kept; a note says how many
// bytes are not shown.
func Printable(s string, limit int) string {
	if plain(s) && len(s) <= limit {
		return s
	}
	var out strings.Builder
	count := 0
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		shown := s[at : at+size]
		switch {
		case r == utf8.RuneError && size == 1:
			shown = fmt.Sprintf(`\x%02x`, s[at])
		case !prints(r):
			shown = escape(r)
		}
		width := utf8.RuneCountInString(shown)
		if count+width > limit {
			fmt.Fprintf(&out, "...(%s more)", counted(len(s)-at, "byte", "bytes"))
			break
		}
		out.WriteString(shown)
		count += width
		at += size
	}
	return out.String()
}

// plain tells whether a text is printable ASCII, as nearly all text is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// prints tells whether a character shows as itself and touches no other. What unicode counts as printable
// leaves out controls, format characters (bidirectional marks among them) and private ones; a stack of
// combining marks would draw over the lines above.
func prints(r rune) bool {
	return unicode.IsPrint(r) && !unicode.IsMark(r)
}

func escape(r rune) string {
	quoted := strconv.QuoteRuneToASCII(r)
	return quoted[1 : len(quoted)-1]
}

// printableJSON escapes in a JSON text what Printable escapes in a line. encoding/json lets most of it
// through, and people read JSON on terminals too. All of it stands within strings, where an escape has
// the same meaning.
func printableJSON(text []byte) []byte {
	var out []byte
	from := 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if !prints(r) {
			out = append(out, text[from:at]...)
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			from = at + size
		}
		at += size
	}
	if from == 0 {
		return text
	}
	return append(out, text[from:]...)
}
