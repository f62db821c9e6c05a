package paloalto

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// slotHeading tells the columns of the chassis tables.
//
//	Slot  Component             Card Status   Config Status  Disabled
//	Slot  Component             Part Number   Serial Number  Hardware Revision
var slotHeading = collectors.MustCompile(`^\s*Slot\s{2,}\S`)

var chassisYields = []facts.Kind{facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.ComponentState}

// chassisKinds are the columns that state a fact.
var chassisKinds = map[string]facts.Kind{
	"component": facts.Component, "card": facts.Component, "description": facts.Component, "model": facts.Model,
	"serial number": facts.SerialNumber, "serial": facts.SerialNumber, "serial no.": facts.SerialNumber,
	"part number": facts.HardwareVersion, "card status": facts.ComponentState, "status": facts.ComponentState,
}

// readChassis reads "show chassis inventory" and "show chassis status": a row for each slot, its cells below the headings.
//
//	1     PA-7000-20G-NPC       Up            Success
//	2     empty
func readChassis(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		columns []column
		rows    int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case slotHeading.MatchString(line):
			columns = columnsOf(line)
			continue
		case columns == nil || text == "" || ruler.MatchString(text) || promptLine.MatchString(text):
			continue
		}
		cells := cellsOf(columns, line)
		if cells == nil || cells[0] == "" || strings.ContainsAny(cells[0], " :") {
			r.Problem("line %d: not a slot: %.80q", n, text)
			continue
		}
		rows++
		subject := "slot " + cells[0]
		for i, c := range columns[1:] {
			value := cells[i+1]
			if kind, ok := chassisKinds[c.name]; ok && kind == facts.Component && strings.EqualFold(value, "empty") {
				r.Add(n, facts.ComponentState, subject, value)
			} else if ok {
				r.Add(n, kind, subject, value)
			}
		}
	}
	if rows == 0 {
		r.Problem("no slot in the reply")
	}
	return r.Done()
}

// A column is a heading of a table, in lower case, and where it begins.
type column struct {
	name  string
	start int
}

// mostColumns bounds how often a row is cut.
const mostColumns = 16

// columnsOf takes a heading apart: two blanks part one name from the next.
func columnsOf(heading string) []column {
	var all []column
	for at := 0; at < len(heading) && len(all) < mostColumns; {
		rest := heading[at:]
		start := at + len(rest) - len(strings.TrimLeft(rest, " "))
		name, _, _ := strings.Cut(heading[start:], "  ")
		if name != "" {
			all = append(all, column{strings.ToLower(strings.TrimSpace(name)), start})
		}
		at = start + len(name) + 2
	}
	return all
}

// cellsOf cuts a row where the columns begin. It returns nil where a word of the row lies across such a place.
func cellsOf(columns []column, row string) []string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		end := len(row)
		if i+1 < len(columns) && columns[i+1].start < end {
			end = columns[i+1].start
			if row[end-1] != ' ' && row[end] != ' ' {
				return nil
			}
		}
		if c.start < end {
			cells[i] = strings.TrimSpace(row[c.start:end])
		}
	}
	return cells
}
