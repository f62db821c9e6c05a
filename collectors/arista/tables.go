package arista

import (
	"slices"
	"strings"

	"trueboot/collectors"
)

// A table stands below a heading and a line of dashes. Its columns begin where the dashes do. Saved output may have lost all
// blanks but one between two words; then the words have to do.
//
//	System has 2 power supply slots
//	    Slot Model            Serial Number
//	    ---- ---------------- ----------------
//	    1    PWR-460AC-F      K192KU00241CZ
type table struct {
	section  string // the line that announces it
	line     int    // of its heading
	names    []string
	starts   []int
	squeezed bool // the heading does not stand above the dashes
	rows     []tableRow
}

// A tableRow is a row of a table, or a line that stands in none.
type tableRow struct {
	line  int
	text  string
	cells map[string]string // by the column's name; nil where the row could not be taken apart
}

// ruler is the line of dashes.
var ruler = collectors.MustCompile(`^\s*-{2,}(?: +-+)*$`)

// columnNames are the headings of more than one word, the longest first.
var columnNames = []string{
	"Storage Size (GB)", "Status extension", "Status Extension", "Number of Fans", "Serial Number", "MAC addresses", "Serial No.", "HW Version", "Card Type", "Mfg Date",
}

// wideColumns are those whose values have blanks in them.
var wideColumns = []string{"Description", "Manufacturer", "Card Type"}

// readTables returns the tables of a reply, and the lines that stand in none.
func readTables(reply collectors.Reply) (tables []*table, outside []tableRow) {
	var lines []tableRow
	for n, text := range reply.Lines() {
		lines = append(lines, tableRow{line: n, text: text})
	}
	section := ""
	var current *table
	for i, l := range lines {
		text := strings.TrimSpace(l.text)
		switch {
		case text == "":
			current = nil
		case ruler.MatchString(l.text):
			if current = nil; i > 0 && strings.TrimSpace(lines[i-1].text) != "" {
				current = newTable(lines[i-1], l.text)
				current.section = section
				tables = append(tables, current)
			}
		case i+1 < len(lines) && ruler.MatchString(lines[i+1].text):
			current = nil // a heading
		case current != nil && (l.text[0] == ' ' || current.starts[0] == 0):
			current.rows = append(current.rows, l)
		default:
			section, current = text, nil
			outside = append(outside, l)
		}
	}
	squeezed := slices.ContainsFunc(tables, func(t *table) bool { return t.squeezed })
	for _, t := range tables {
		for i := range t.rows {
			t.rows[i].cells = t.cells(t.rows[i].text, squeezed)
		}
	}
	return tables, outside
}

// newTable reads a heading and the dashes below it.
func newTable(heading tableRow, dashes string) *table {
	t := &table{line: heading.line}
	for i := range dashes {
		if dashes[i] == '-' && (i == 0 || dashes[i-1] == ' ') {
			t.starts = append(t.starts, i)
		}
	}
	for i, start := range t.starts {
		if start >= len(heading.text) || heading.text[start] == ' ' || start > 0 && heading.text[start-1] != ' ' {
			t.squeezed = true
			t.names = columnWords(heading.text)
			return t
		}
		end := len(heading.text)
		if i+1 < len(t.starts) {
			end = min(t.starts[i+1], end)
		}
		t.names = append(t.names, strings.TrimSpace(heading.text[start:end]))
	}
	return t
}

// columnWords takes a heading apart that does not stand above its dashes.
func columnWords(heading string) []string {
	var names []string
	for text := strings.TrimSpace(heading); text != ""; text = strings.TrimSpace(text) {
		name, rest, _ := strings.Cut(text, " ")
		for _, long := range columnNames {
			if after, ok := strings.CutPrefix(text, long); ok && (after == "" || after[0] == ' ') {
				name, rest = long, after
				break
			}
		}
		names = append(names, name)
		text = rest
	}
	return names
}

// cells takes a row apart, nil where that can't be done for certain.
func (t *table) cells(row string, squeezed bool) map[string]string {
	if len(t.names) != len(t.starts) {
		return nil
	}
	cells := map[string]string{}
	if squeezed {
		words := strings.Fields(row)
		surplus := len(words) - len(t.names)
		wide := slices.IndexFunc(t.names, func(name string) bool { return slices.Contains(wideColumns, name) })
		if surplus < 0 || surplus > 0 && wide < 0 {
			return nil
		}
		for i, name := range t.names {
			n := 1
			if i == wide {
				n += surplus
			}
			cells[name] = strings.Join(words[:n], " ")
			words = words[n:]
		}
		return cells
	}
	for i, start := range t.starts {
		end := len(row)
		if i+1 < len(t.starts) {
			end = min(t.starts[i+1], end)
		}
		if start >= len(row) {
			break
		}
		if start > 0 && row[start-1] != ' ' {
			return nil // a value is wider than its column
		}
		cells[t.names[i]] = strings.TrimSpace(row[start:end])
	}
	return cells
}
