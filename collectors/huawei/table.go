package huawei

import (
	"strings"

	"trueboot/collectors"
)

// A row is one line of a table, its cells by the lower-case names of their columns.
type row struct {
	line  int
	cells map[string]string
	owned bool // the first cell is the row above's: a fan or a power supply of that slot
}

// readTable reads the tables of VRP whose first column is the slot. A row may leave the slot out, for a part of the one above, and
// may have blanks in the cell that names a type. What is no row is a problem; a table ends at a line of dashes or an empty one
// behind its rows.
//
//	Slot  Card   Type                Online   Power Register     Alarm     Primary
//	--------------------------------------------------------------------------------------
//	1     -      CE6850-48S4Q-EI     Present  On    Registered   Normal    Master
//	      FAN1   FAN-40SA-B          Present  On    Registered   Normal    NA
func readTable(r *collectors.Reading, reply collectors.Reply) []row {
	var (
		rows   []row
		names  []string
		second int // where the second column begins
		slot   string
		begun  bool // there was a row since the heading
		closed bool // and a line of dashes behind it
	)
	for n, line := range reply.Lines() {
		words := strings.Fields(line)
		switch {
		case isTableHeading(words):
			names, second = columns(line)
			slot, begun, closed = "", false, false
		case len(words) == 0:
			if begun {
				names = nil
			}
		case strings.Trim(line, " -=") == "":
			closed = begun
		case closed && !strings.ContainsAny(words[0], "0123456789"): // a remark
		case names != nil:
			cells, owned, ok := rowCells(line, names, second)
			if !ok || owned && slot == "" {
				r.Problem("line %d: not a row of the table: %.80q", n, strings.TrimSpace(line))
				continue
			}
			if begun = true; owned {
				cells[names[0]] = slot
			}
			slot = cells[names[0]]
			rows = append(rows, row{n, cells, owned})
		}
	}
	return rows
}

func isTableHeading(words []string) bool {
	return len(words) > 2 && (words[0] == "Slot" || words[0] == "Slot/Card")
}

// columns returns the lower-case names of the columns and where the second one begins. "Slot #" is one name.
func columns(heading string) (names []string, second int) {
	names = strings.Fields(strings.ToLower(strings.Replace(heading, "#", " ", 1)))
	behind := len(heading) - len(strings.TrimLeft(heading, " ")) + len(names[0])
	rest := strings.Replace(heading[behind:], "#", " ", 1)
	return names, behind + len(rest) - len(strings.TrimLeft(rest, " "))
}

// rowCells puts the words of a row under the names of the columns.
func rowCells(line string, names []string, second int) (cells map[string]string, owned, ok bool) {
	words := strings.Fields(line)
	if at := len(line) - len(strings.TrimLeft(line, " ")); at >= second {
		owned, names = true, names[1:]
	}
	wide := 0 // the column that may have blanks in it
	for i, name := range names {
		if name == "type" || name == "card-type" {
			wide = i
		}
	}
	extra := len(words) - len(names)
	if extra < 0 || extra > 0 && wide == 0 {
		return nil, owned, false
	}
	cells = make(map[string]string, len(names)+1)
	for i, name := range names {
		switch {
		case i < wide || extra == 0:
			cells[name] = words[i]
		case i == wide:
			cells[name] = between(line, words, i, i+extra)
		default:
			cells[name] = words[i+extra]
		}
	}
	return cells, owned, true
}

// between returns what stands from one of the line's words to another, as it is printed.
func between(line string, words []string, from, to int) string {
	begin, end := 0, 0
	for i, w := range words[:to+1] {
		at := end + strings.Index(line[end:], w) // only blanks stand before it
		if i == from {
			begin = at
		}
		end = at + len(w)
	}
	return line[begin:end]
}

// place names what a row is about: "slot 1", "slot 1 card 2", "slot 1 fan 1", "pwr 1".
func (w row) place() string {
	slot := w.cells["slot"]
	if both, ok := w.cells["slot/card"]; ok {
		slot = both
	}
	if slot != "" && strings.Trim(slot, "0123456789/") == "" {
		slot = "slot " + slot
	} else {
		slot = splitNumber(slot)
	}
	for _, name := range []string{"sub", "card"} {
		switch sub := w.cells[name]; {
		case sub == "" || sub == "-" || sub == "--":
		case strings.Trim(sub, "0123456789") == "":
			return slot + " card " + sub
		default:
			return slot + " " + splitNumber(sub)
		}
	}
	return slot
}
