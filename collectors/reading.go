package collectors

import (
	"errors"
	"fmt"
	"strings"

	"trueboot/facts"
)

// A Reading gathers the facts of one reply. The zero value is ready for use.
type Reading struct {
	found    []facts.Fact
	problems []error
}

// maxProblems is how much is said about a reply that makes no sense.
const maxProblems = 5

// Add notes a fact from a line of the reply. A value of blanks alone is no statement and is left out. One with a line end in it, as
// XML and JSON can hold, is not understood: nothing that a device states spreads over two lines.
func (r *Reading) Add(line int, kind facts.Kind, subject, value string) {
	switch {
	case strings.ContainsAny(subject, "\r\n") || strings.ContainsAny(value, "\r\n"):
		r.Problem("line %d: a %s of more than one line: %.80q", line, kind, subject+" "+value)
	case strings.TrimSpace(value) != "":
		if r.found == nil {
			r.found = make([]facts.Fact, 0, 16) // few replies hold less than four
		}
		r.found = append(r.found, facts.Fact{Kind: kind, Subject: subject, Value: value, Line: line})
	}
}

// Problem notes what could not be understood: the reply then yields its facts and a
// gap beside them.
func (r *Reading) Problem(format string, arguments ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, fmt.Errorf(format, arguments...))
	}
}

// Empty reports whether no fact was found so far.
func (r *Reading) Empty() bool { return len(r.found) == 0 }

// Has reports whether a fact of the kind about the subject was found so far.
func (r *Reading) Has(kind facts.Kind, subject string) bool {
	for _, f := range r.found {
		if f.Kind == kind && f.Subject == subject {
			return true
		}
	}
	return false
}

// Done returns what a Query's Read returns.
func (r *Reading) Done() ([]facts.Fact, error) { return r.found, errors.Join(r.problems...) }
