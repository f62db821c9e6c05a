package juniper

import (
	"iter"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// Many commands answer for several members of one device in blocks: members of a virtual chassis (fpc0, member0), nodes of a
// cluster (node0), routing engines (re0). The first block counts as the device's own statement, so that each device has
// one; what it says stands under its member too.

var (
	// fpc0:
	// node1:
	// member0:
	// lcc0-re1:
	// localre:
	memberHeading = collectors.MustCompile(`^((?:fpc|node|re|member|lcc|sfc|bsys|gnf|rlcc)\d+(?:-re\d+)?|localre):$`)

	// node: re0
	nodeHeading = collectors.MustCompile(`^node: ([a-z]+\d+)$`)

	// {master:0}
	// {primary:node0}
	// {linecard:2}
	aboveLine = collectors.MustCompile(`^\{[a-z-]+(?::[\w-]+)?\}(?:\[edit\])?$`)

	// lab@mx480-1> show version
	// lab@mx480-1> show version | no-more
	promptLine = collectors.MustCompile(`^[\w.\\-]+@[\w.-]+(?::[\w.-]+)?>`)

	// error: abnormal communication termination with fpc1
	errorLine = collectors.MustCompile(`^error: `)

	// warning: chassis-control subsystem not running - not needed by configuration.
	warningLine = collectors.MustCompile(`^warning: `)
)

// ruler is the least length of the line of dashes below a heading.
const ruler = 20

// A memberLine is a line of a reply and whose block it stands in.
type memberLine struct {
	number int
	text   string // without blanks behind it; those in front count in tables
	member string // "" where the reply has no blocks
}

// memberLines yields the lines that say something. An error of one member is a problem of the reply; what belongs to
// the terminal (the prompt of saved output, {master:0}) is left out.
func memberLines(r *collectors.Reading, reply collectors.Reply) iter.Seq[memberLine] {
	return func(yield func(memberLine) bool) {
		var held *memberLine // a line that is a heading if dashes follow
		member := ""
		give := func() bool {
			if held == nil {
				return true
			}
			l := *held
			held = nil
			return yield(l)
		}
		for n, text := range reply.Lines() {
			if len(text) >= ruler && strings.Trim(text, "-") == "" {
				if held != nil {
					member = named(memberHeading.FindStringSubmatch(held.text)[1])
					held = nil
				}
				continue
			}
			if !give() {
				return
			}
			switch {
			case text == "" || aboveLine.MatchString(text) || promptLine.MatchString(text) || warningLine.MatchString(text):
			case errorLine.MatchString(text):
				r.Problem("line %d: %.120q", n, text)
			case nodeHeading.MatchString(text):
				member = nodeHeading.FindStringSubmatch(text)[1]
			case memberHeading.MatchString(text):
				held = &memberLine{n, text, member}
			default:
				if !yield(memberLine{n, text, member}) {
					return
				}
			}
		}
		give()
	}
}

// named returns the member of a heading. "localre" is the one that was asked.
func named(heading string) string {
	if heading == "localre" {
		return ""
	}
	return heading
}

// owners are the subjects under which a member's statement about itself stands: its own name, and the device's where it is the
// first. A device without members has its own alone.
func owners(member string, first bool) []string {
	switch {
	case member == "":
		return []string{""}
	case first:
		return []string{"", member}
	}
	return []string{member}
}

// of puts a member in front of a part.
func of(member, part string) string { return strings.TrimSpace(member + " " + part) }

// addFor adds a fact about a member.
func addFor(r *collectors.Reading, line int, kind facts.Kind, member string, first bool, value string) {
	for _, subject := range owners(member, first) {
		r.Add(line, kind, subject, value)
	}
}

// fields takes a row apart that was printed with fixed widths, "%-16s %-8s …": a value that is wider than its column
// pushes the others to the right. The columns are where the heading has them, in characters; the first begins at 0, the last
// takes the rest. What optics say about themselves need not be text: a byte that is none counts as a character.
func fields(text string, columns []int) []string {
	var row []int // where each character begins
	for at := range text {
		row = append(row, at)
	}
	row = append(row, len(text))
	width := len(row) - 1
	values := make([]string, len(columns))
	take := func(i, from, to int) { values[i] = strings.TrimSpace(text[row[from]:row[to]]) }
	shift := 0
	for i, at := range columns {
		at += shift
		if at >= width {
			break
		}
		if i == len(columns)-1 || columns[i+1]+shift >= width {
			take(i, at, width)
			break
		}
		end := columns[i+1] + shift // behind the blank that ends the column
		for end < width && text[row[end-1]] != ' ' {
			end++ // wider than its column
		}
		if text[row[end-1]] != ' ' {
			take(i, at, width)
			break
		}
		shift = end - columns[i+1]
		take(i, at, end)
	}
	return values
}

// numberedPart tells parts of one name apart: "pem 0", "pem 0 #2". It counts in used.
func numberedPart(name string, used map[string]int) string {
	used[name]++
	if used[name] > 1 {
		return name + " #" + itoa(used[name])
	}
	return name
}
