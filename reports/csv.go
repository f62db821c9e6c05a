package reports

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"trueboot/compare"
)

// CSV writes a run for spreadsheets: a line of headings, and one line for each finding. A device that was not visited has one line with its outcome.
type CSV struct {
	Out io.Writer

	run   string
	lines *csv.Writer
}

var csvHeadings = []string{
	"run", "device", "address", "platform", "site", "role", "status", "control_id", "rule", "title", "subject", "verdict", "reason", "tier", "severity", "required",
	"contradiction", "message", "observed", "command", "line", "sha256", "collected_at", "expected", "provenance", "since", "explained_by", "waiver", "waiver_owner",
	"waiver_expires", "attack_ids", "next",
}

// Begin writes the headings.
func (c *CSV) Begin(r Run) error {
	c.run, c.lines = r.ID, csv.NewWriter(c.Out)
	return c.lines.Write(csvHeadings)
}

// Device writes a line for each finding.
func (c *CSV) Device(d Device) error {
	head := []string{c.run, d.Name, d.Address, d.Platform, d.Site, d.Role, string(d.Status())}
	if len(d.Findings) == 0 {
		return c.line(append(head, "", "", "", "", "", string(d.Reason), "", "", "", "", d.Detail))
	}
	for _, f := range d.Findings {
		if err := c.finding(head, f); err != nil {
			return err
		}
	}
	return nil
}

func (c *CSV) finding(head []string, f compare.Finding) error {
	fields := append(head[:len(head):len(head)], f.Control, f.Rule, f.Title, f.Subject, string(f.Verdict), string(f.Reason), string(f.Tier), string(f.Severity),
		strconv.FormatBool(f.Required), strconv.FormatBool(f.Contradiction), f.Message)
	if o := f.Observed; o != nil {
		fields = append(fields, o.Value, o.Command, strconv.Itoa(o.Line), o.SHA256, stamp(o.CollectedAt))
	} else {
		fields = append(fields, "", "", "", "", "")
	}
	if e := f.Expected; e != nil {
		fields = append(fields, e.Value, string(e.Provenance), stamp(e.Since))
	} else {
		fields = append(fields, "", "", "")
	}
	fields = append(fields, f.ExplainedBy)
	if w := f.Waived; w != nil {
		fields = append(fields, strconv.FormatUint(w.Number, 10), w.Owner, stamp(w.Expires))
	} else {
		fields = append(fields, "", "", "")
	}
	return c.line(append(fields, strings.Join(f.ATTACK, " "), f.Next))
}

// End writes what the comparison of the devices with each other found.
func (c *CSV) End(r *Recap) error {
	for _, f := range r.Consensus.Findings {
		if err := c.finding([]string{c.run, f.Device, "", "", "", "", ""}, f); err != nil {
			return err
		}
	}
	c.lines.Flush()
	return c.lines.Error()
}

// line writes fields as they are safe in a spreadsheet, as many as there are headings.
func (c *CSV) line(fields []string) error {
	for len(fields) < len(csvHeadings) {
		fields = append(fields, "")
	}
	for i, f := range fields {
		fields[i] = cell(f)
	}
	return c.lines.Write(fields)
}

// cell keeps a text from being taken for a formula: what begins like one gets an apostrophe, which spreadsheets don't show.
func cell(text string) string {
	text = Printable(text, maxText)
	if text != "" && strings.ContainsRune("=+-@|%", rune(text[0])) {
		return "'" + text
	}
	return text
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
