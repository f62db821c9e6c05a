package compare

import (
	"fmt"
	"strings"
	"time"

	"trueboot/facts"
)

// judgeAdvisories holds what runs against what vendors and CISA publish. It needs no baseline: a version that was approved is as vulnerable as any other.
func (j *judgement) judgeAdvisories() []Finding {
	if j.Advisories == nil {
		return nil
	}
	var found []Finding
	var models []string
	for _, f := range j.observed.all(facts.Model) {
		models = append(models, f.Value)
	}
	system := j.Observed.Value(facts.OperatingSystem)
	told := map[string]bool{}
	for _, f := range j.runningVersions() {
		hits, _ := j.Advisories.Hits(j.Observed.Platform, system, f.Value, j.order)
		for _, h := range hits {
			if told[h.ID] {
				continue
			}
			told[h.ID] = true
			message := fmt.Sprintf("runs %s, in which %s is (advisory %s of %s, %s)", quote(f.Value), quote(strings.Join(h.CVEs, ", ")), quote(h.ID), date(h.Released), quote(h.Title))
			if len(h.CVEs) == 0 {
				message = fmt.Sprintf("runs %s, which advisory %s of %s is about, %s", quote(f.Value), quote(h.ID), date(h.Released), quote(h.Title))
			}
			if len(h.Fixed) > 0 {
				message += "; fixed in " + quoteList(h.Fixed)
			}
			finding := failed(f.Subject, message, f)
			if e := h.Exploited; e != nil {
				finding.Message += fmt.Sprintf("; CISA lists it as exploited since %s", date(e.Added))
				finding.Severity = Critical
			}
			finding.Next = "Upgrade to a fixed version, or do what the advisory says against it; a waiver says who bears it until then."
			found = append(found, ruled("not "+h.By, finding))
		}
		for _, e := range j.Advisories.Ended(j.Observed.Platform, models, f.Value, j.Now) {
			what := strings.TrimSpace(e.Model + " " + e.Version)
			if told["end "+what+e.What] {
				continue
			}
			told["end "+what+e.What] = true
			message := fmt.Sprintf("%s is beyond its support since %s", quote(what), date(e.Date))
			if e.What != "" {
				message += fmt.Sprintf(" (%s)", quote(e.What))
			}
			finding := ruled("a supported model and version", graded(Medium, failed(f.Subject, message, f)))
			finding.Next = "Plan its replacement: no fix comes any more."
			found = append(found, finding)
		}
	}
	return found
}

// advisoriesAsOf says how fresh the advisories are that a PASS rests on, and how many of them could not be compared.
func (j *judgement) advisoriesAsOf() string {
	if j.Advisories == nil {
		return ""
	}
	var newest time.Time
	for _, i := range j.Advisories.Imports {
		if i.Released.After(newest) {
			newest = i.Released
		}
	}
	unknown := 0
	for _, f := range j.runningVersions() {
		_, n := j.Advisories.Hits(j.Observed.Platform, j.Observed.Value(facts.OperatingSystem), f.Value, j.order)
		unknown = max(unknown, n)
	}
	words := fmt.Sprintf("; none of %s names it, the newest of %s", count(len(j.Advisories.Imports), "document"), date(newest))
	if unknown > 0 {
		words += fmt.Sprintf(", and %d have ranges that it can't be compared with", unknown)
	}
	return words
}
