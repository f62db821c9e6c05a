package reports

import (
	"fmt"
	"slices"

	"trueboot/compare"
)

// details writes, for one device, what it is, every verdict and every gap.
func (t *Text) details(d Device) {
	for _, field := range []struct{ label, value string }{
		{"address", d.Address},
		{"platform", d.Platform},
		{"model", d.Model},
		{"serial no.", d.SerialNumber},
		{"system", d.OperatingSystem},
		{"version", d.RunningVersion},
		{"image", d.RunningImage},
	} {
		if field.value != "" {
			t.field(field.label, Printable(field.value, maxText))
		}
	}
	if a := d.Approval; a != nil {
		text := fmt.Sprintf("approval %d by %s on %s (%s)", a.Number, Printable(a.By, maxWord), day(a.At), Printable(string(a.Provenance), maxWord))
		if a.Ticket != "" {
			text += ", " + Printable(a.Ticket, maxWord)
		}
		t.field("baseline", text)
	} else {
		t.field("baseline", "none")
	}
	t.line("")
	// Without a session, all that there is to say about each control is the same.
	if d.Outcome.Visited() {
		for _, f := range slices.SortedFunc(slices.Values(d.Findings), compare.ByRisk) {
			t.verdict(safe(f))
		}
	}
	for _, g := range d.Gaps {
		text := situation(g.Reason, g.Detail)
		if g.Command != "" {
			text = Printable(g.Command, maxWord) + ": " + text
		}
		t.paragraph("  no answer     ", text)
	}
}

// verdict writes one finding in short.
func (t *Text) verdict(f compare.Finding) {
	shade := yellow
	switch f.Verdict {
	case compare.Pass:
		shade = green
	case compare.Fail:
		shade = red
	}
	text := f.Message
	if f.Verdict == compare.NotAssessed {
		text = string(f.Reason) + ": " + text
		if !f.Required {
			text += " (not required)"
		}
	}
	if f.Waived != nil {
		text += "; waived " + waived(f)
	}
	const verdictWidth, controlWidth = 12, 9
	indent := 2 + verdictWidth + 2 + controlWidth + 2
	t.line("  %s  %s  %s", shade.in(pad(verdict(f), verdictWidth), t.Colour), pad(f.Control, controlWidth), Wrap(text, indent, t.width))
}
