package reports

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/compare"
	"trueboot/facts"
)

// noProof ends every report (ndi.md, section 9).
const noProof = "Absence of findings is not proof of integrity: a compromised device can forge what it displays about itself (tier E0)."

// Text writes a run for people: a line for each device as it finishes, then the FAILs by
// risk, then what was not assessed, by reason, then a recap and what to do next.
//
// It keeps no more of a run than it will print: the gravest FAILs, and for what was
// not assessed one entry for each set of controls.
type Text struct {
	Out    io.Writer
	Width  int // of the terminal, in characters; 0 for a file, in which no line is cut short
	Colour bool
	Quiet  bool // write nothing when the exit status is 0, and no line for each device otherwise
	Most   int  // how many FAILs are written in full; 0 for a hundred
	All    bool // also what each device is, every PASS and every gap: for one device

	run      Run
	width    int // at which paragraphs break
	failures failures
	missing  missing
	failed   error // of the first write that did not succeed
}

// Begin writes what the run is.
func (t *Text) Begin(r Run) error {
	t.run = r
	t.failures.most = cmp.Or(t.Most, maxFailures)
	t.width = min(max(t.Width, leastWidth), mostWidth)
	if t.Width == 0 {
		t.width = fileWidth
	}
	if !t.Quiet {
		t.heading()
	}
	return t.failed
}

func (t *Text) heading() {
	r := t.run
	parts := []string{Printable(r.Program, maxWord)}
	if r.ID != "" {
		parts = append(parts, "run "+Printable(r.ID, maxWord))
	}
	parts = append(parts, r.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	if r.Collector != "" {
		parts = append(parts, Printable(r.Collector, maxWord))
	}
	t.paragraph("", strings.Join(parts, ", "))
	if r.Profile != "" {
		t.paragraph("", fmt.Sprintf("%s, profile %s, exit status 4 from severity %s up; %s",
			counted(r.Devices, "device", "devices"), Printable(r.Profile, maxWord), r.failOn(), r.Baseline))
	}
	t.line("")
}

// String puts the summary into words.
func (b Baseline) String() string {
	if b.Approved == 0 {
		return "no baseline"
	}
	var kinds []string
	for _, p := range slices.Sorted(maps.Keys(b.Provenances)) {
		kinds = append(kinds, fmt.Sprintf("%s %s", grouped(b.Provenances[p]), Printable(string(p), maxWord)))
	}
	text := "baseline of " + counted(b.Approved, "device", "devices")
	if len(kinds) > 0 {
		text += " (" + strings.Join(kinds, ", ") + ")"
	}
	if !b.Oldest.IsZero() {
		text += ", oldest of " + day(b.Oldest)
	}
	return text
}

// Device writes the device's line and keeps what the end needs.
func (t *Text) Device(d Device) error {
	for _, f := range d.Findings {
		if f.Verdict == compare.Fail {
			t.failures.add(safe(f))
		}
	}
	t.missing.add(d)
	if t.Quiet {
		return nil
	}
	summary := compare.Summarize(d.Findings)
	status := d.status(summary)
	name := pad(Printable(d.Name, maxWord), nameWidth)
	sketch := sketch(d, summary)
	if t.Width > 0 {
		sketch = cut(sketch, t.Width-statusWidth-elapsedWidth-2-utf8.RuneCountInString(name)-2)
	}
	t.line("%s%*s  %s  %s", status.colour().in(pad(string(status), statusWidth), t.Colour), elapsedWidth, duration(d.Elapsed), name, sketch)
	for _, w := range d.Warnings {
		t.paragraph(strings.Repeat(" ", statusWidth+elapsedWidth+2)+"warning: ", Printable(w, maxText))
	}
	if t.All {
		t.details(d)
	}
	return t.failed
}

// Widths of a device's line. A longer name moves the rest to the right.
const (
	statusWidth  = 13
	elapsedWidth = 6
	nameWidth    = 16
)

// sketch is the end of a device's line: its controls by their worst verdict, or why there are none.
func sketch(d Device, s compare.Summary) string {
	if !d.Outcome.Visited() {
		if d.Outcome != facts.NoSession {
			return Printable(d.Detail, maxText)
		}
		return situation(d.Reason, d.Detail)
	}
	parts := controls(s)
	if d.Outcome == facts.AskedPart {
		parts = append([]string{"cut short"}, parts...)
	}
	if len(parts) == 0 {
		return "nothing was judged"
	}
	return strings.Join(parts, ", ")
}

// controls counts controls by their worst verdict: "2 FAIL, 1 NOT-ASSESSED, 14 PASS (E0)". No PASS is
// shown without the tiers of its evidence.
func controls(s compare.Summary) []string {
	var parts []string
	for _, v := range []compare.Verdict{compare.Fail, compare.NotAssessed, compare.Pass} {
		n := s.Controls[v]
		if n == 0 {
			continue
		}
		text := grouped(n) + " " + string(v)
		if v == compare.Pass {
			var tiers []string
			for _, tier := range slices.Sorted(maps.Keys(s.Tiers)) {
				tiers = append(tiers, Printable(string(tier), maxWord))
			}
			text += " (" + strings.Join(tiers, " ") + ")"
		}
		parts = append(parts, text)
	}
	return parts
}

// situation says why a device was not assessed.
func situation(reason facts.Reason, detail string) string {
	text := Printable(string(reason), maxWord)
	if detail == "" {
		detail = meanings[string(reason)]
	}
	if detail != "" {
		text += ": " + Printable(detail, maxText)
	}
	return text
}

// End writes the findings, the recap and the next step.
func (t *Text) End(r *Recap) error {
	if t.Quiet {
		if r.ExitStatus() == 0 {
			return t.failed
		}
		t.heading()
	} else if r.Devices() > 0 {
		t.line("")
	}
	for _, f := range r.Consensus.Odd() {
		t.failures.add(safe(f))
	}
	t.writeFailures()
	if !t.All {
		t.writeMissing()
	}
	t.recap(r)
	return t.failed
}

func (t *Text) recap(r *Recap) {
	t.section("Recap")
	total := counted(r.Devices(), "device", "devices")
	if r.Devices() < t.run.Devices {
		total = fmt.Sprintf("%s of %s", grouped(r.Devices()), counted(t.run.Devices, "device", "devices"))
	}
	if r.Interrupted {
		total += ", interrupted,"
	}
	var parts []string
	for _, s := range statuses {
		if n := r.Statuses[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", grouped(n), s))
		}
	}
	t.field("devices", fmt.Sprintf("%s in %s: %s", total, duration(r.Elapsed), cmp.Or(strings.Join(parts, ", "), "none")))
	t.field("controls", cmp.Or(strings.Join(controls(r.Summary), ", "), "none judged"))

	parts = nil
	for _, s := range []compare.Severity{compare.Critical, compare.High, compare.Medium, compare.Low} {
		if n := r.Summary.Failures[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", grouped(n), s))
		}
	}
	if n := r.Summary.Explained; n > 0 {
		parts = append(parts, grouped(n)+" explained")
	}
	if len(parts) > 0 {
		t.field("FAILs", strings.Join(parts, ", "))
	}
	if n := r.Summary.Waived; n > 0 {
		t.field("waived", counted(n, "finding", "findings")+"; trueboot waive list shows by whom and until when")
	}
	parts = nil
	for _, tier := range slices.Sorted(maps.Keys(r.Summary.Tiers)) {
		parts = append(parts, fmt.Sprintf("%s at %s", counted(r.Summary.Tiers[tier], "check", "checks"), Printable(string(tier), maxWord)))
	}
	if len(parts) > 0 {
		t.field("PASS", strings.Join(parts, ", "))
	}

	if c := r.Consensus; c.Groups+c.Alone > 0 {
		odd := map[string]bool{}
		for _, f := range c.Odd() {
			odd[f.Device] = true
		}
		text := "fewer than three devices are alike: nothing to compare them with"
		if c.Groups > 0 {
			text = fmt.Sprintf("%s in %s of alike ones, %d of them odd", counted(c.Devices, "device", "devices"), counted(c.Groups, "group", "groups"), len(odd))
			if c.Alone > 0 {
				text += fmt.Sprintf("; %d with fewer than two others like them", c.Alone)
			}
		}
		t.field("consensus", text)
	}
	for _, kept := range r.Kept {
		t.field(Printable(kept.What, labelWidth), Printable(kept.Path, maxText))
	}
	t.field("exit status", fmt.Sprintf("%d: %s", r.ExitStatus(), r.statusInWords()))
	for i, step := range r.Next() {
		label := ""
		if i == 0 {
			label = "next"
		}
		t.paragraph("  "+pad(label, labelWidth)+"  - ", step)
	}
	t.line("")
	t.paragraph("", noProof)
}

// labelWidth is the room for the name of a field.
const labelWidth = 11

// field writes a named value and breaks it over lines where it is long.
func (t *Text) field(label, value string) {
	t.paragraph("  "+pad(label, labelWidth)+"  ", value)
}

// paragraph writes a text after a label, broken into lines below each other.
func (t *Text) paragraph(label, text string) {
	t.line("%s%s", label, Wrap(text, len(label), t.width))
}

func (t *Text) section(title string) {
	t.line("%s", bold.in(title, t.Colour))
}

func (t *Text) line(format string, args ...any) {
	if t.failed != nil {
		return
	}
	_, t.failed = fmt.Fprintf(t.Out, format+"\n", args...)
}

func (s Status) colour() colour {
	switch s {
	case StatusFail:
		return red
	case StatusOK, StatusExplained, StatusWaived:
		return green
	default:
		return yellow
	}
}

// cut shortens a text to one line's rest.
func cut(text string, width int) string {
	runes := []rune(text)
	if width = max(width, 20); len(runes) <= width {
		return text
	}
	return string(runes[:width-3]) + "..."
}

// duration writes a time span as precisely as it matters to a person.
func duration(d time.Duration) string {
	tenths, seconds, minutes := d.Round(time.Second/10), d.Round(time.Second), d.Round(time.Minute)
	switch {
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case tenths < 10*time.Second:
		return fmt.Sprintf("%.1fs", tenths.Seconds())
	case seconds < time.Minute:
		return fmt.Sprintf("%.0fs", seconds.Seconds())
	case seconds < time.Hour:
		return fmt.Sprintf("%dm%02ds", seconds/time.Minute, seconds%time.Minute/time.Second)
	default:
		return fmt.Sprintf("%dh%02dm", minutes/time.Hour, minutes%time.Hour/time.Minute)
	}
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }
