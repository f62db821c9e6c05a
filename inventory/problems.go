package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// maxProblems is how many problems of a file are named; the rest is counted.
const maxProblems = 20

// problems collects what is wrong with one file, so that a person mends it in one go.
type problems struct {
	path  string
	found []problem
}

type problem struct {
	line int
	text string
}

func (p *problems) add(line int, format string, args ...any) {
	p.found = append(p.found, problem{max(line, 1), fmt.Sprintf(format, args...)})
}

// err returns the problems in the order of their lines, and nil when there are none.
func (p *problems) err() error {
	slices.SortStableFunc(p.found, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	var errs []error
	for i, found := range p.found {
		if i == maxProblems {
			errs = append(errs, fmt.Errorf("%s: and %d more", p.path, len(p.found)-i))
			break
		}
		errs = append(errs, fmt.Errorf("%s:%d: %s", p.path, found.line, found.text))
	}
	return errors.Join(errs...)
}

// quote makes a text of the file safe and short enough for a message.
func quote(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return strconv.QuoteToASCII(string(runes[:most])) + "…"
	}
	return strconv.QuoteToASCII(s)
}
