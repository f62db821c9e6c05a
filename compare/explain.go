package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Explain returns the rule of a control, by its id ("NDI-BC-03", "BC-03") or by the
// rule's name ("configuration-register"); letters may be of either case.
func Explain(control string) (Rule, bool) {
	for _, r := range Rules() {
		for _, name := range []string{r.Control, strings.TrimPrefix(r.Control, "NDI-"), r.Name} {
			if strings.EqualFold(control, name) {
				return r, true
			}
		}
	}
	return Rule{}, false
}

// Text renders the rule for a reader at a terminal: what it checks, how, what an attacker
// would do, its sources, and what to do when it fails.
func (r Rule) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  (%s)\n\n", r.Control, r.Title, r.Name)
	for _, part := range []struct{ heading, text string }{
		{"What is checked", r.Checks},
		{"Evidence", r.Evidence},
		{"What an attacker would do", r.Attacker},
		{"When it fails", r.Next},
		{"By hand, where the evidence is out of reach", r.Manual},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "%s\n%s\n", part.heading, indented(part.text))
		}
	}
	fmt.Fprintf(&b, "Severity of a FAIL, where the check sets no other\n  %s\n\n", r.Severity)
	fmt.Fprintf(&b, "Pillar\n  %s\n\n", strings.Join(pillars(r.Pillar), ", "))
	b.WriteString("MITRE ATT&CK\n")
	for _, id := range r.ATTACK {
		fmt.Fprintf(&b, "  %-10s %s\n", id, techniques[id])
	}
	b.WriteString("\nSources\n")
	for _, source := range r.Guidance {
		fmt.Fprintf(&b, "  %s\n", source)
	}
	var in []string
	for _, p := range Profiles() {
		if slices.Contains(p.Required, r.Control) {
			in = append(in, p.Name)
		}
	}
	fmt.Fprintf(&b, "\nRequired by the profiles\n  %s\n", cmp.Or(strings.Join(in, ", "), "none of those that are built in"))
	return b.String()
}

// pillarNames spells out the labels of ndi.md, section 2.1.
var pillarNames = map[string]string{
	"F": "file verification", "M": "memory verification", "H": "hardware and boot chain",
	"C": "configuration", "L": "log and telemetry", "P": "process",
}

func pillars(labels string) []string {
	var names []string
	for label := range strings.SplitSeq(labels, "/") {
		names = append(names, pillarNames[label])
	}
	return names
}

const lineWidth = 78

// indented wraps a text to the width of a terminal.
func indented(text string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(text) {
		if width > 0 && width+1+len(word) > lineWidth {
			b.WriteByte('\n')
			width = 0
		}
		if width == 0 {
			b.WriteString("  ")
			width = 2
		} else {
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	b.WriteByte('\n')
	return b.String()
}
