package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"trueboot/baseline"
	"trueboot/compare"
	"trueboot/facts"
)

// How much of a word, a line and a value from a device is shown.
const (
	maxWord  = 128
	maxText  = 600
	maxValue = 300
)

// maxFailures is how many FAILs are written in full: more than anybody reads. The others are counted;
// JSON has them all.
const maxFailures = 100

// failures are the gravest FAILs of a run.
type failures struct {
	most   int // how many to keep
	kept   []compare.Finding
	total  int
	beyond map[string]int // those that were not kept, by severity and control
}

func (f *failures) add(finding compare.Finding) {
	f.total++
	f.kept = append(f.kept, finding)
	if len(f.kept) > 2*f.most {
		f.shorten()
	}
}

// shorten sorts what is kept and lets the least grave go.
func (f *failures) shorten() {
	slices.SortFunc(f.kept, compare.ByRisk)
	if len(f.kept) <= f.most {
		return
	}
	if f.beyond == nil {
		f.beyond = map[string]int{}
	}
	for _, finding := range f.kept[f.most:] {
		f.beyond[fmt.Sprintf("%d %s %s", finding.Severity.Rank(), finding.Severity, finding.Control)]++
	}
	clear(f.kept[f.most:])
	f.kept = f.kept[:f.most]
}

// safe copies a finding so that its texts can be written to a terminal and kept in memory.
func safe(f compare.Finding) compare.Finding {
	f.Verdict = compare.Verdict(Printable(string(f.Verdict), maxWord))
	f.Reason = facts.Reason(Printable(string(f.Reason), maxWord))
	f.Tier = facts.Tier(Printable(string(f.Tier), maxWord))
	f.Severity = compare.Severity(Printable(string(f.Severity), maxWord))
	f.Device = Printable(f.Device, maxWord)
	f.Control = Printable(f.Control, maxWord)
	f.Rule = Printable(f.Rule, maxWord)
	f.Title = Printable(f.Title, maxWord)
	f.Subject = Printable(f.Subject, maxWord)
	f.Message = Printable(f.Message, maxText)
	f.Next = Printable(f.Next, maxText)
	f.ExplainedBy = Printable(f.ExplainedBy, maxWord)
	f.ResidualRisk = Printable(f.ResidualRisk, maxText)
	if f.Waived != nil {
		w := *f.Waived
		w.Owner, w.Reason, w.Ticket = Printable(w.Owner, maxWord), Printable(w.Reason, maxText), Printable(w.Ticket, maxWord)
		f.Waived = &w
	}
	if f.Observed != nil {
		o := *f.Observed
		o.Value, o.Command = Printable(o.Value, maxValue), Printable(o.Command, maxWord)
		f.Observed = &o
	}
	if f.Expected != nil {
		e := *f.Expected
		e.Value = Printable(e.Value, maxValue)
		e.Provenance = baseline.Provenance(Printable(string(e.Provenance), maxWord))
		f.Expected = &e
	}
	return f
}

func (t *Text) writeFailures() {
	if t.failures.total == 0 {
		return
	}
	t.failures.shorten()
	t.section("FAIL: " + counted(t.failures.total, "finding", "findings") + ", gravest first")
	t.line("")
	for _, f := range t.failures.kept {
		t.failure(f)
	}
	if len(t.failures.beyond) > 0 {
		t.line("and %s more, which --format json has in full:", grouped(t.failures.total-len(t.failures.kept)))
		var keys []string
		for key := range t.failures.beyond {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			_, name, _ := strings.Cut(key, " ")
			t.line("  %6s  %s", grouped(t.failures.beyond[key]), name)
		}
		t.line("")
	}
}

// failure writes one FAIL: what, where, what was seen, what was expected, what to do.
func (t *Text) failure(f compare.Finding) {
	shade := red
	if !f.Open() {
		shade = yellow
	}
	verdict := verdict(f)
	rest := fmt.Sprintf("  %-8s  %s  %s", f.Severity, f.Control, f.Device)
	room := t.width - utf8.RuneCountInString(verdict+rest)
	inHead := f.Subject != "" && 2+utf8.RuneCountInString(f.Subject) <= room
	if inHead {
		rest += "  " + f.Subject
	}
	t.line("%s%s", shade.in(verdict, t.Colour), rest)
	if f.Subject != "" && !inHead {
		t.field("about", f.Subject)
	}
	if f.Title != "" {
		t.field("control", f.Title)
	}
	t.field("finding", f.Message)
	t.comparison(f)
	if f.ExplainedBy != "" {
		t.field("explained", "by "+f.ExplainedBy)
	}
	if f.Waived != nil {
		t.field("waived", waived(f))
	}
	if f.Next != "" {
		t.field("next", f.Next)
	}
	t.line("")
}

// waived says who bears a finding: "until 2027-01-31 by netops (CHG-7), waiver 3: replaced in spring".
func waived(f compare.Finding) string {
	w := f.Waived
	return fmt.Sprintf("until %s by %s (%s), waiver %d: %s", day(w.Expires), w.Owner, w.Ticket, w.Number, w.Reason)
}

// verdict writes a verdict with the tier of its evidence: "PASS (E0)".
func verdict(f compare.Finding) string {
	if f.Tier == "" || f.Verdict == compare.NotAssessed {
		return string(f.Verdict)
	}
	return fmt.Sprintf("%s (%s)", f.Verdict, f.Tier)
}

// comparison writes what was observed and expected, and the command with which a reader can
// repeat it by hand.
func (t *Text) comparison(f compare.Finding) {
	if o := f.Observed; o != nil {
		t.field("observed", cmp.Or(o.Value, "nothing"))
		if o.Command != "" {
			place := ""
			if o.Line > 0 {
				place = fmt.Sprintf(" (line %d)", o.Line)
			}
			t.field("command", o.Command+place)
		}
	}
	if e := f.Expected; e != nil {
		var parts []string
		if e.Provenance != "" {
			parts = append(parts, string(e.Provenance))
		}
		if !e.Since.IsZero() {
			parts = append(parts, "since "+day(e.Since))
		}
		source := ""
		if len(parts) > 0 {
			source = " (" + strings.Join(parts, " ") + ")"
		}
		t.field("expected", cmp.Or(e.Value, "nothing")+source)
	}
}
