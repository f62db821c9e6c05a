package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"trueboot/compare"
)

// Markdown writes a run for a change ticket: what it was, a table of the devices, the FAILs gravest first, and what a profile requires and could not be
// assessed. Nothing that a device said is taken for markup.
type Markdown struct {
	Out io.Writer

	run      Run
	devices  []string // their lines
	failures failures
	missing  []string
	more     int // lines of missing that are not kept
}

// mostMissing is how many lines of what was not assessed are written.
const mostMissing = 200

// Begin takes note of the run.
func (m *Markdown) Begin(r Run) error {
	m.run, m.failures.most = r, maxFailures
	return nil
}

// Device takes note of a device.
func (m *Markdown) Device(d Device) error {
	summary := compare.Summarize(d.Findings)
	m.devices = append(m.devices, fmt.Sprintf("| %s | %s | %s | %s | %s |\n", d.status(summary), markdown(d.Name), markdown(d.Platform),
		markdown(d.RunningVersion), markdown(sketch(d, summary))))
	for _, f := range d.Findings {
		switch {
		case f.Verdict == compare.Fail:
			m.failures.add(safe(f))
		case f.Verdict == compare.NotAssessed && f.Required && len(m.missing) < mostMissing:
			text := f.Message
			if f.Waived != nil {
				text += "; waived " + waived(f)
			}
			m.missing = append(m.missing, fmt.Sprintf("| %s | %s | %s | %s |\n", markdown(f.Device), markdown(f.Control), markdown(string(f.Reason)), markdown(text)))
		case f.Verdict == compare.NotAssessed && f.Required:
			m.more++
		}
	}
	return nil
}

// End writes it all.
func (m *Markdown) End(r *Recap) error {
	var b strings.Builder
	title := "Trueboot check"
	if m.run.ID != "" {
		title = "Trueboot run " + m.run.ID
	}
	fmt.Fprintf(&b, "# %s\n\n", markdown(title))
	fmt.Fprintf(&b, "%s by %s, %s; profile %s, %s.\n\n", m.run.Started.UTC().Format("2006-01-02 15:04:05 UTC"), markdown(m.run.Collector), markdown(m.run.Program),
		markdown(m.run.Profile), markdown(m.run.Baseline.String()))
	fmt.Fprintf(&b, "**Exit status %d: %s.** Controls: %s.\n\n", r.ExitStatus(), markdown(r.statusInWords()), markdown(strings.Join(controls(r.Summary), ", ")))
	b.WriteString("| status | device | platform | version | controls |\n|---|---|---|---|---|\n")
	for _, line := range m.devices {
		b.WriteString(line)
	}
	for _, f := range r.Consensus.Odd() {
		m.failures.add(safe(f))
	}
	if m.failures.total > 0 {
		m.failures.shorten()
		slices.SortFunc(m.failures.kept, compare.ByRisk)
		fmt.Fprintf(&b, "\n## FAIL: %s, gravest first\n\n| severity | control | device | about | finding | observed | expected |\n|---|---|---|---|---|---|---|\n", counted(m.failures.total, "finding", "findings"))
		for _, f := range m.failures.kept {
			observed, expected, text := "", "", f.Message
			if f.Observed != nil {
				observed = f.Observed.Value + " (" + f.Observed.Command + ")"
			}
			if f.Expected != nil {
				expected = f.Expected.Value
				if f.Expected.Provenance != "" {
					expected += " (" + string(f.Expected.Provenance) + ")"
				}
			}
			switch {
			case f.Waived != nil:
				text += "; waived " + waived(f)
			case f.ExplainedBy != "":
				text += "; explained by " + f.ExplainedBy
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", f.Severity, markdown(f.Control), markdown(f.Device), markdown(f.Subject), markdown(text), markdown(observed), markdown(expected))
		}
		if rest := m.failures.total - len(m.failures.kept); rest > 0 {
			fmt.Fprintf(&b, "\nand %s more, which --format json has in full.\n", grouped(rest))
		}
	}
	if len(m.missing) > 0 {
		b.WriteString("\n## NOT-ASSESSED, required by the profile\n\n| device | control | reason | why |\n|---|---|---|---|\n" + strings.Join(m.missing, ""))
		if m.more > 0 {
			fmt.Fprintf(&b, "\nand %s more, which --format json has in full.\n", grouped(m.more))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", noProof)
	_, err := io.WriteString(m.Out, b.String())
	return err
}

// markup is what Markdown, or the HTML in it, would take for more than text.
var markup = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "~", `\~`, "#", `\#`, "!", `\!`)

// Markup is a device's words as text in Markdown.
func Markup(text string) string { return markdown(text) }

func markdown(text string) string { return markup.Replace(Printable(text, maxText)) }
