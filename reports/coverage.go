package reports

import (
	"fmt"
	"io"
	"strings"

	"trueboot/compare"
)

// Coverage writes, as Markdown, which item of the guidance and which technique of ATT&CK the controls of a run answer, and what they found.
type Coverage struct {
	Out io.Writer

	run    Run
	counts map[string]*tally
}

// A tally counts the verdicts of controls, one for each device and control: the worst.
type tally struct{ passed, failed, unknown int }

func (t *tally) add(s compare.Verdict) {
	switch s {
	case compare.Pass:
		t.passed++
	case compare.Fail:
		t.failed++
	default:
		t.unknown++
	}
}

func (t tally) plus(o tally) tally {
	return tally{t.passed + o.passed, t.failed + o.failed, t.unknown + o.unknown}
}

// tallies counts by control.
type tallies map[string]*tally

// device counts a device's verdicts: the worst of each control.
func (t tallies) device(findings []compare.Finding) {
	worst := map[string]compare.Verdict{}
	for _, f := range findings {
		switch before := worst[f.Control]; {
		case f.Verdict == compare.Fail, before == "", before == compare.Pass:
			worst[f.Control] = f.Verdict
		}
	}
	for control, verdict := range worst {
		if t[control] == nil {
			t[control] = &tally{}
		}
		t[control].add(verdict)
	}
}

// of sums up the controls.
func (t tallies) of(controls []string) tally {
	var sum tally
	for _, control := range controls {
		if c := t[control]; c != nil {
			sum = sum.plus(*c)
		}
	}
	return sum
}

// Begin begins to count.
func (c *Coverage) Begin(r Run) error {
	c.run, c.counts = r, tallies{}
	return nil
}

// Device counts the device's verdicts.
func (c *Coverage) Device(d Device) error {
	tallies(c.counts).device(d.Findings)
	return nil
}

// End writes the page.
func (c *Coverage) End(r *Recap) error {
	tallies(c.counts).device(r.Consensus.Findings)
	var b strings.Builder
	fmt.Fprintf(&b, "# Coverage of run %s\n\n%d devices, %s, begun %s. Counted is the worst verdict of each control on each device. %s\n", markdown(c.run.ID), r.Devices(),
		markdown(c.run.Program), c.run.Started.UTC().Format("2006-01-02 15:04 UTC"), noProof)
	for _, part := range []struct {
		title string
		items []compare.Covered
	}{{"Guidance", compare.GuidanceCoverage()}, {"MITRE ATT&CK", compare.AttackCoverage()}} {
		fmt.Fprintf(&b, "\n## %s\n\n| item | controls | PASS | FAIL | not assessed |\n|---|---|---:|---:|---:|\n", markdown(part.title))
		for _, item := range part.items {
			if len(item.Controls) == 0 {
				fmt.Fprintf(&b, "| %s | none: %s | | | |\n", markdown(item.Name), markdown(item.Note))
				continue
			}
			sum := tallies(c.counts).of(item.Controls)
			short := make([]string, len(item.Controls))
			for i, control := range item.Controls {
				short[i] = strings.TrimPrefix(control, "NDI-")
			}
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d |\n", markdown(item.Name), strings.Join(short, " "), sum.passed, sum.failed, sum.unknown)
		}
	}
	fmt.Fprintf(&b, "\n## Controls\n\n| control | title | SP 800-53 | PASS | FAIL | not assessed |\n|---|---|---|---:|---:|---:|\n")
	for _, rule := range compare.Rules() {
		sum := tallies(c.counts).of([]string{rule.Control})
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %d |\n", rule.Control, markdown(rule.Title), strings.ToUpper(strings.Join(compare.NIST(rule.Control), " ")), sum.passed, sum.failed, sum.unknown)
	}
	_, err := io.WriteString(c.Out, b.String())
	return err
}
