package sigma

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"trueboot/alerts"
)

// A Dialect is a query language that rules are written out in.
type Dialect string

// The dialects.
const (
	KQL Dialect = "kql" // Microsoft Sentinel: the table Syslog
	SPL Dialect = "spl" // Splunk
)

// Export writes a rule as a query. What the other system has no field for (the direction of a copy, an abbreviated command spelled out) is left out of the
// query and named in notes: the query then finds more than the rule.
func (r *Rule) Export(d Dialect) (query string, notes []string) {
	x := exporter{dialect: d}
	condition := x.node(r.condition)
	var b strings.Builder
	comment := func(format string, arguments ...any) {
		text := strings.ReplaceAll(fmt.Sprintf(format, arguments...), "\n", " ")
		if d == KQL {
			fmt.Fprintf(&b, "// %s\n", text)
		} else {
			fmt.Fprintf(&b, "``` %s ```\n", strings.ReplaceAll(text, "```", "'''"))
		}
	}
	comment("%s (%s)", r.Title, r.ID)
	comment("stage %s, weight %s, ATT&CK %s", r.Stage, r.Weight, strings.Join(r.Attack(), " "))
	for _, f := range r.FalsePositives {
		comment("false positive: %s", f)
	}
	sort.Strings(x.notes)
	for i, n := range x.notes {
		if i == 0 || x.notes[i-1] != n {
			notes = append(notes, n)
			comment("not carried over: %s", n)
		}
	}
	if condition == "" {
		condition = map[Dialect]string{KQL: "true", SPL: "*"}[d]
	}
	if d == KQL {
		fmt.Fprintf(&b, "Syslog\n| where %s\n| project TimeGenerated, Computer, Facility, SyslogMessage\n", condition)
	} else {
		fmt.Fprintf(&b, "search sourcetype=*syslog* %s\n| table _time host _raw\n", condition)
	}
	return b.String(), notes
}

type exporter struct {
	dialect Dialect
	notes   []string
	loose   int // comparisons that find more than the rule's
}

// node writes a part of a condition; "" where nothing of it can be written, which then asks for nothing.
func (x *exporter) node(n node) string {
	switch n := n.(type) {
	case and:
		return x.join([]node(n), x.word("and"), true)
	case or:
		return x.join([]node(n), x.word("or"), false)
	case not:
		// What is written loosely finds more, and its negation would find less than the rule.
		loose, notes := x.loose, len(x.notes)
		text := x.node(n.node)
		if text == "" || x.loose > loose || len(x.notes) > notes {
			x.notes = append(x.notes, "an exception of the rule")
			return ""
		}
		return x.word("not") + "(" + text + ")"
	case *test:
		return x.test(n)
	}
	return ""
}

func (x *exporter) word(w string) string {
	if x.dialect == SPL {
		return strings.ToUpper(w) + map[bool]string{true: " ", false: ""}[w == "not"]
	}
	return w
}

// join joins parts. Of an alternative of which one can't be written, none is: the query would find less than the rule.
func (x *exporter) join(parts []node, word string, all bool) string {
	var texts []string
	for _, p := range parts {
		text := x.node(p)
		if text == "" {
			if !all {
				return ""
			}
			continue
		}
		texts = append(texts, text)
	}
	switch len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	}
	return "(" + strings.Join(texts, " "+word+" ") + ")"
}

func (x *exporter) test(t *test) string {
	if t.exists {
		x.notes = append(x.notes, fmt.Sprintf("whether there is a %s", t.field))
		return ""
	}
	var texts []string
	for i := range t.values {
		text := x.value(t.field, &t.values[i])
		if text == "" {
			return ""
		}
		texts = append(texts, text)
	}
	if len(texts) == 1 {
		return texts[0]
	}
	word := x.word("or")
	if t.all {
		word = x.word("and")
	}
	return "(" + strings.Join(texts, " "+word+" ") + ")"
}

// value writes one comparison over the whole message: the other systems have not taken it apart.
func (x *exporter) value(field string, v *value) string {
	text := v.text
	if v.how == wild {
		text = longest(v.parts)
		x.loose++
	}
	switch {
	case v.null || v.how == within:
		x.notes = append(x.notes, fmt.Sprintf("the comparison of %s", field))
		return ""
	case v.how == matches:
		return x.regex(v.re.String())
	}
	switch field {
	case alerts.Facility:
		return x.regex("(?i)%" + quoteMeta(text) + "(-[A-Z0-9_]+)*-[0-7]-")
	case alerts.Name:
		switch v.how {
		case contains:
			return x.regex("(?i)(-[0-7]-|/[0-7]/|\\b)[A-Z0-9_]*" + quoteMeta(text))
		case startsWith:
			return x.regex("(?i)(-[0-7]-|/[0-7]/|\\b)" + quoteMeta(text))
		case endsWith:
			return x.regex("(?i)" + quoteMeta(text) + "\\b")
		}
		return x.regex("(?i)(-[0-7]-|/[0-7]/|\\b)" + quoteMeta(text) + "\\b")
	case alerts.Message, "", alerts.Mnemonic, alerts.Activity, alerts.Executable, alerts.File, alerts.Reason, alerts.EventID, alerts.Process, alerts.Type, alerts.Subtype, "action":
		return x.contains(text)
	case alerts.Command, alerts.CommandLine, alerts.CommandSource, alerts.CommandDestination:
		if text == "" {
			x.notes = append(x.notes, "whether there is a command")
			return ""
		}
		x.notes = append(x.notes, "abbreviated commands")
		return x.contains(strings.TrimRight(text, " "))
	}
	x.notes = append(x.notes, fmt.Sprintf("the field %s", field))
	return ""
}

func longest(parts []string) string {
	best := ""
	for _, p := range parts {
		for piece := range strings.SplitSeq(p, string([]byte{anyByte})) {
			if len(piece) > len(best) {
				best = piece
			}
		}
	}
	return best
}

func quoteMeta(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(`\.+*?()|[]{}^$`, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func (x *exporter) contains(text string) string {
	if x.dialect == KQL {
		return "SyslogMessage contains " + kqlString(text)
	}
	return `"*` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `*"`
}

func (x *exporter) regex(pattern string) string {
	if x.dialect == KQL {
		return "SyslogMessage matches regex " + kqlString(pattern)
	}
	x.loose++
	// The search command knows no patterns: the texts that the pattern needs are looked for, which finds somewhat more.
	best := longest(literalsOf(regexp.MustCompile(pattern)))
	if best == "" {
		x.notes = append(x.notes, "the pattern "+pattern)
		return ""
	}
	return x.contains(strings.ToLower(best))
}

// kqlString is a string literal of KQL.
func kqlString(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}
