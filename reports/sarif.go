package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"trueboot/compare"
)

// SARIF writes a run in the Static Analysis Results Interchange Format (OASIS, SARIF 2.1.0), which code-scanning dashboards read. The rules stand before the
// results, and each result is written as its device comes, so that a run of any size needs no memory. What was not assessed is "open": the rule could not
// decide (section 3.27.9). Waivers are suppressions.
type SARIF struct {
	Out io.Writer

	place map[string]int // of a rule among the rules, by control
	any   bool           // a result was written
}

type (
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID               string          `json:"id"`
		Name             string          `json:"name"`
		ShortDescription sarifText       `json:"shortDescription"`
		FullDescription  sarifText       `json:"fullDescription"`
		Help             sarifText       `json:"help"`
		Configuration    sarifConfigured `json:"defaultConfiguration"`
		Properties       sarifTags       `json:"properties"`
	}
	sarifConfigured struct {
		Level string `json:"level"`
	}
	sarifTags struct {
		Tags []string `json:"tags"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    *int               `json:"ruleIndex,omitempty"`
		Kind         string             `json:"kind"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]string  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Logical []sarifLogical `json:"logicalLocations"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName,omitempty"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)

// sarifLevels are the levels of failures.
var sarifLevels = map[compare.Severity]string{compare.Critical: "error", compare.High: "error", compare.Medium: "warning", compare.Low: "note"}

// Begin writes the tool and its rules.
func (s *SARIF) Begin(r Run) error {
	s.place = map[string]int{}
	var rules []sarifRule
	for i, rule := range compare.Rules() {
		s.place[rule.Control] = i
		rules = append(rules, sarifRule{
			ID: rule.Control, Name: rule.Name, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{words(rule.Checks)},
			Help: sarifText{words(rule.Next)}, Configuration: sarifConfigured{sarifLevels[rule.Severity]}, Properties: sarifTags{rule.ATTACK},
		})
	}
	driver := map[string]any{"name": "trueboot", "version": Printable(strings.TrimPrefix(r.Program, "trueboot "), maxWord), "rules": rules}
	head, err := encoded(map[string]any{"driver": driver})
	if err != nil {
		return err
	}
	automation := "trueboot/check"
	if r.ID != "" {
		automation = "trueboot/run/" + Printable(r.ID, maxWord)
	}
	id, err := encoded(map[string]string{"id": automation})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":%s,"automationDetails":%s,"columnKind":"utf16CodeUnits","results":[`, head, id)
	return err
}

// words is a text without the breaks of its source.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// encoded is JSON without a line end.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Device writes a result for each finding. A device that was not visited has one result for that.
func (s *SARIF) Device(d Device) error {
	if len(d.Findings) == 0 {
		return s.result(compare.Finding{Device: d.Name, Control: "trueboot/visit", Verdict: compare.NotAssessed, Reason: d.Reason, Message: situation(d.Reason, d.Detail)})
	}
	for _, f := range d.Findings {
		if err := s.result(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *SARIF) result(f compare.Finding) error {
	f = safe(f)
	full := f.Device
	if f.Subject != "" {
		full += "/" + f.Subject
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Device, f.Control, f.Subject, string(f.Verdict)}, "\x00")))
	r := sarifResult{
		RuleID: f.Control, Kind: "pass", Level: "none", Message: sarifText{f.Message}, Fingerprints: map[string]string{"deviceControlSubject/v1": hex.EncodeToString(sum[:16])},
		Locations:  []sarifLocation{{[]sarifLogical{{Name: f.Device, Full: full, Kind: "resource"}}}},
		Properties: map[string]string{},
	}
	if i, ok := s.place[f.Control]; ok {
		r.RuleIndex = &i
	}
	switch f.Verdict {
	case compare.Fail:
		r.Kind, r.Level = "fail", sarifLevels[f.Severity]
		if r.Level == "" {
			r.Level = "warning"
		}
	case compare.NotAssessed:
		r.Kind = "open"
	case compare.Pass:
	}
	if f.Waived != nil {
		r.Suppressions = append(r.Suppressions, sarifSuppression{"external", "accepted", "waived " + waived(f)})
	}
	if f.ExplainedBy != "" {
		r.Suppressions = append(r.Suppressions, sarifSuppression{"external", "accepted", "explained by " + f.ExplainedBy})
	}
	for name, text := range map[string]string{"reason": string(f.Reason), "tier": string(f.Tier), "severity": string(f.Severity)} {
		if text != "" {
			r.Properties[name] = text
		}
	}
	if o := f.Observed; o != nil {
		r.Properties["observed"], r.Properties["command"] = o.Value, o.Command
	}
	if e := f.Expected; e != nil {
		r.Properties["expected"], r.Properties["provenance"] = e.Value, string(e.Provenance)
	}
	text, err := encoded(r)
	if err != nil {
		return err
	}
	before := "\n"
	if s.any {
		before = ",\n"
	}
	s.any = true
	_, err = fmt.Fprintf(s.Out, "%s%s", before, text)
	return err
}

// End writes the comparison of the devices with each other, and closes the document.
func (s *SARIF) End(r *Recap) error {
	for _, f := range r.Consensus.Findings {
		if err := s.result(f); err != nil {
			return err
		}
	}
	why, err := encoded(r.statusInWords())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "\n],\"invocations\":[{\"executionSuccessful\":%t,\"exitCode\":%d,\"exitCodeDescription\":%s}]}]}\n", !r.Failed && !r.Interrupted, r.ExitStatus(), why)
	return err
}
