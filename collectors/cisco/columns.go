package cisco

import (
	"strings"

	"trueboot/collectors"
)

// ruler is the line of dashes below the headings of a table; it says where each column begins.
//
//	---  -----  ----------------------------------- ------------------ ----------
var ruler = collectors.MustCompile(`^ *-{2,}(?: +-{2,})* *$`)

// columns are the places at which a table's columns begin.
type columns []int

// mostColumns is more than any table has.
const mostColumns = 16

func columnsOf(ruler string) columns {
	var starts columns
	for i := range ruler {
		if len(starts) < mostColumns && ruler[i] == '-' && (i == 0 || ruler[i-1] != '-') {
			starts = append(starts, i)
		}
	}
	if len(starts) > 0 {
		starts[0] = 0 // numbers stand to the right of their column
	}
	return starts
}

// cells cuts a row into its columns; those that the row does not reach are empty. It returns false where a value runs
// over into the next column: then nobody knows whose the words are.
func (c columns) cells(row string) ([]string, bool) {
	cells := make([]string, len(c))
	for i, start := range c {
		if start >= len(row) {
			break
		}
		end := len(row)
		if i+1 < len(c) && c[i+1] < end {
			end = c[i+1]
		}
		if start > 0 && row[start-1] != ' ' {
			return nil, false
		}
		cells[i] = strings.TrimSpace(row[start:end])
	}
	return cells, true
}
