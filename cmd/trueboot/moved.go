package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"trueboot/baseline"
	"trueboot/collectors/platforms"
	"trueboot/facts"
	"trueboot/reports"
)

// A moved is a difference, and what is known about it.
type moved struct {
	baseline.Difference
	Order    facts.Order `json:"order,omitempty"`    // of the new value to the old one, where both say a version
	Approval string      `json:"approval,omitempty"` // whether the new value is approved for the device now
}

// Whether a value is approved.
const (
	isApproved      = "approved"
	notApproved     = "not approved"
	nothingApproved = "nothing approved"
)

// versioned are the kinds whose values are versions, or images whose names say one.
var versioned = []facts.Kind{facts.RunningVersion, facts.ComponentVersion, facts.BootLoaderVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable}

// software are the kinds of which somebody wants to know whether they were approved.
var software = []facts.Kind{facts.RunningVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ImageDigest, facts.Package}

// movedOf says of each difference what is known about it; approved is the device's approval, nil where there is none.
func movedOf(platform string, approved *baseline.Approval, differences []baseline.Difference) []moved {
	of, _ := platforms.ByName(platform)
	version := func(f *facts.Fact) string {
		if f.Kind != facts.RunningImage && f.Kind != facts.BootVariable && f.Kind != facts.NextBootVariable {
			return f.Value
		}
		if of.VersionInName == nil {
			return ""
		}
		v, _ := of.VersionInName(f.Value)
		return v
	}
	all := make([]moved, len(differences))
	for i, d := range differences {
		m := moved{Difference: d}
		if d.Change == baseline.Changed && of.Order != nil && slices.Contains(versioned, d.Kind) {
			if older, newer := version(d.Approved), version(d.Observed); older != "" && newer != "" {
				m.Order, _ = of.Order(newer, older)
			}
		}
		if d.Observed != nil && slices.Contains(software, d.Kind) {
			m.Approval = standing(approved, *d.Observed)
		}
		all[i] = m
	}
	return all
}

// standing says whether a fact is among those of an approval.
func standing(approved *baseline.Approval, f facts.Fact) string {
	switch {
	case approved == nil:
		return nothingApproved
	case slices.ContainsFunc(approved.Facts, func(a facts.Fact) bool { return a.Kind == f.Kind && a.Subject == f.Subject && a.Value == f.Value }):
		return isApproved
	}
	return notApproved
}

// remark is what is known about a difference, for the end of its line.
func (m moved) remark() string {
	var words []string
	if m.Order == facts.Older || m.Order == facts.Newer || m.Order == facts.Incomparable {
		words = append(words, string(m.Order))
	}
	if m.Approval == notApproved || m.Approval == nothingApproved {
		words = append(words, m.Approval)
	}
	if len(words) == 0 {
		return ""
	}
	return ", " + strings.Join(words, ", ")
}

// writeMoved prints what moved, one a line: + added, - removed, ~ changed, ? not seen.
func writeMoved(w io.Writer, all []moved) {
	for _, d := range all {
		subject := ""
		if d.Subject != "" {
			subject = " " + reports.Printable(d.Subject, 120)
		}
		switch d.Change {
		case baseline.Added:
			fmt.Fprintf(w, "    + %s%s: %s%s\n", d.Kind, subject, reports.Printable(d.Observed.Value, 160), d.remark())
		case baseline.Removed:
			fmt.Fprintf(w, "    - %s%s: %s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160))
		case baseline.Changed:
			fmt.Fprintf(w, "    ~ %s%s: %s -> %s%s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160), reports.Printable(d.Observed.Value, 160), d.remark())
		case baseline.NotSeen:
			fmt.Fprintf(w, "    ? %s%s: %s, not seen: %s\n", d.Kind, subject, reports.Printable(d.Approved.Value, 160), d.Gap.Reason)
		}
	}
}

// writeMovedMessages prints what moved for programs.
func writeMovedMessages(w io.Writer, all []moved) error {
	for _, d := range all {
		if err := reports.WriteMessage(w, "difference", d); err != nil {
			return err
		}
	}
	return nil
}
