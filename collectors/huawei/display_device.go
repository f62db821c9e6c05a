package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var deviceYields = []facts.Kind{facts.Model, facts.ComponentState, facts.ComponentRole}

// readDevice reads "display device": the boards, their sub-cards, fans and power supplies.
func readDevice(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for _, w := range readTable(&r, reply) {
		place := w.place()
		for _, name := range []string{"type", "card-type"} {
			// A star marks a board that is configured and not there.
			r.Add(w.line, facts.Model, place, stated(strings.TrimPrefix(w.cells[name], "*")))
		}
		r.Add(w.line, facts.ComponentState, place, stated(w.cells["register"]))
		role := w.cells["primary"]
		if role == "" {
			role = w.cells["role"]
		}
		r.Add(w.line, facts.ComponentRole, place, stated(role))
	}
	if r.Empty() {
		r.Problem("no board in the reply")
	}
	return r.Done()
}

// stated returns a cell's value, and "" where the cell says that there is none.
func stated(value string) string {
	if value == "NA" || strings.Trim(value, "-") == "" {
		return ""
	}
	return value
}
