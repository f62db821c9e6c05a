package seed

import (
	"fmt"
	"strings"
)

// A Row is a row of the union of the tables that the queries look at, under the names of their columns. A column that a table lacks is empty.
type Row map[string]string

// The tables.
const (
	Syslog            = "Syslog"
	CommonSecurityLog = "CommonSecurityLog"
	NetworkEvents     = "DeviceNetworkEvents"
	ProcessEvents     = "DeviceProcessEvents"
	tableColumn       = "$table"
)

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// alphanumeric is what a term is a run of. Everything else sets terms apart, an underscore and a hyphen among it.
func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// Has is KQL's has: the needle occurs, whatever its case, as whole terms. At an end of the needle that is a letter or a digit, its neighbour in the text must not
// be one; at an end that is a blank or another sign, nothing is checked. (The documentation defines it for single terms; the queries use it with phrases.)
func Has(text, needle string) bool {
	if needle == "" {
		return false
	}
	for at := 0; at+len(needle) <= len(text); at++ {
		if !equalAt(text, needle, at) {
			continue
		}
		end := at + len(needle)
		if alphanumeric(needle[0]) && at > 0 && alphanumeric(text[at-1]) || alphanumeric(needle[len(needle)-1]) && end < len(text) && alphanumeric(text[end]) {
			continue
		}
		return true
	}
	return false
}

func equalAt(text, needle string, at int) bool {
	for i := range len(needle) {
		if fold(text[at+i]) != fold(needle[i]) {
			return false
		}
	}
	return true
}

// Contains is KQL's contains: the needle occurs anywhere, whatever its case.
func Contains(text, needle string) bool {
	for at := 0; at+len(needle) <= len(text); at++ {
		if equalAt(text, needle, at) {
			return true
		}
	}
	return false
}

// A condition is a part of a where.
type condition interface {
	holds(Row) bool
	fmt.Stringer
	needles() []string
}

type (
	hasAny struct {
		column string
		words  []string
	}
	hasOne      struct{ column, word string }
	containsOne struct{ column, word string }
	equals      struct{ column, text string } // case counts
	inFolded    struct {
		column string
		words  []string
	}
	both   []condition
	either []condition
)

func (h hasAny) holds(r Row) bool {
	for _, w := range h.words {
		if Has(r[h.column], w) {
			return true
		}
	}
	return false
}
func (h hasOne) holds(r Row) bool      { return Has(r[h.column], h.word) }
func (c containsOne) holds(r Row) bool { return Contains(r[c.column], c.word) }
func (e equals) holds(r Row) bool      { return r[e.column] == e.text }
func (i inFolded) holds(r Row) bool {
	for _, w := range i.words {
		if strings.EqualFold(r[i.column], w) {
			return true
		}
	}
	return false
}

func (b both) holds(r Row) bool {
	for _, c := range b {
		if !c.holds(r) {
			return false
		}
	}
	return true
}

func (e either) holds(r Row) bool {
	for _, c := range e {
		if c.holds(r) {
			return true
		}
	}
	return false
}

func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

func (h hasAny) String() string      { return h.column + " has_any " + list(h.words) }
func (h hasOne) String() string      { return fmt.Sprintf("%s has %q", h.column, h.word) }
func (c containsOne) String() string { return fmt.Sprintf("%s contains %q", c.column, c.word) }
func (e equals) String() string      { return fmt.Sprintf("%s == %q", e.column, e.text) }
func (i inFolded) String() string    { return i.column + " in~ " + list(i.words) }
func (b both) String() string        { return join(b, " and ") }
func (e either) String() string      { return join(e, " or ") }

func join(all []condition, word string) string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = c.String()
		switch c.(type) {
		case both, either:
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, word)
}

func (h hasAny) needles() []string      { return h.words }
func (h hasOne) needles() []string      { return []string{h.word} }
func (c containsOne) needles() []string { return []string{c.word} }
func (e equals) needles() []string      { return []string{e.text} }
func (i inFolded) needles() []string    { return i.words }
func (b both) needles() []string        { return needlesOf(b) }
func (e either) needles() []string      { return needlesOf(e) }

func needlesOf(all []condition) (words []string) {
	for _, c := range all {
		words = append(words, c.needles()...)
	}
	return words
}
