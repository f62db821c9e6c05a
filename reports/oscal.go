package reports

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"trueboot/compare"
)

// OSCAL writes a run as assessment results of NIST's Open Security Controls Assessment Language (1.1.3), which governance tools read. Each device is an
// inventory item and each finding of ours an observation about it; a finding of OSCAL says of one control of NIST SP 800-53 whether the fleet satisfies it, as far
// as the observations go. Observations are written as their device comes, so that a run of any size needs no memory but its devices' names.
//
// Identifiers follow from the run and what they name: the same run makes the same document.
type OSCAL struct {
	Out io.Writer

	run     Run
	names   []string
	any     bool
	objects map[string]*oscalObjective // by control of SP 800-53
}

// An oscalObjective is what the observations say of one control of SP 800-53.
type oscalObjective struct {
	controls                []string // ours
	passed, failed, unknown int
	failures                []string // observations
}

// maxRelated is how many observations a finding names; that there are more is said in words.
const maxRelated = 500

type (
	oscalProperty struct {
		Name  string `json:"name"`
		NS    string `json:"ns,omitempty"`
		Value string `json:"value"`
	}
	oscalSubject struct {
		UUID string `json:"subject-uuid"`
		Type string `json:"type"`
	}
	oscalEvidence struct {
		Description string `json:"description"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Props       []oscalProperty `json:"props"`
		Methods     []string        `json:"methods"`
		Types       []string        `json:"types"`
		Subjects    []oscalSubject  `json:"subjects"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   time.Time       `json:"collected"`
	}
	oscalItem struct {
		UUID        string          `json:"uuid"`
		Description string          `json:"description"`
		Props       []oscalProperty `json:"props,omitempty"`
	}
	oscalStatus struct {
		State   string `json:"state"`
		Reason  string `json:"reason"`
		Remarks string `json:"remarks"`
	}
	oscalTarget struct {
		Type     string      `json:"type"`
		TargetID string      `json:"target-id"`
		Status   oscalStatus `json:"status"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
	oscalFinding struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Props       []oscalProperty `json:"props"`
		Target      oscalTarget     `json:"target"`
		Related     []oscalRelated  `json:"related-observations,omitempty"`
	}
)

// oscalNamespace is that of the properties that are ours.
const oscalNamespace = "https://trueboot.example/ns/oscal"

// uuid is a name-based identifier (RFC 9562, version 5) within the run.
func (o *OSCAL) uuid(words ...string) string {
	space := []byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8} // of DNS names, RFC 9562 section 6.6
	name := strings.Join(append([]string{"trueboot", o.run.ID, o.run.Started.UTC().Format(time.RFC3339Nano)}, words...), "\x00")
	sum := sha1.Sum(append(space, name...))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// oscalWord is a text that OSCAL takes for a string: not empty, without blanks at its ends.
func oscalWord(text string) string {
	return cmp.Or(strings.TrimSpace(Printable(text, maxWord)), "-")
}

// oscalText is one for people, of whatever length a report keeps.
func oscalText(text string) string {
	return cmp.Or(strings.TrimSpace(Printable(text, maxText)), "-")
}

func own(name, value string) oscalProperty {
	return oscalProperty{name, oscalNamespace, oscalWord(value)}
}

// Begin writes what is known before the first device.
func (o *OSCAL) Begin(r Run) error {
	o.run, o.objects = r, map[string]*oscalObjective{}
	var controls []map[string]string
	for _, rule := range compare.Rules() {
		for _, id := range compare.NIST(rule.Control) {
			if o.objects[id] == nil {
				o.objects[id] = &oscalObjective{}
			}
			o.objects[id].controls = append(o.objects[id].controls, rule.Control)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.objects)) {
		controls = append(controls, map[string]string{"control-id": id})
	}
	plan := o.uuid("plan")
	head := map[string]any{
		"title": "Network device integrity assessment", "last-modified": r.Started.UTC(), "version": oscalWord(cmp.Or(r.ID, "check")), "oscal-version": "1.1.3",
		"props": []oscalProperty{own("program", r.Program), own("profile", cmp.Or(r.Profile, "-")), own("collector", cmp.Or(r.Collector, "-"))},
	}
	metadata, err := encoded(head)
	if err != nil {
		return err
	}
	reviewed, err := encoded(map[string]any{"control-selections": []map[string]any{{
		"description":      "Controls of NIST SP 800-53 Rev. 5 for which the integrity of network devices gives evidence.",
		"include-controls": controls,
	}}})
	if err != nil {
		return err
	}
	matter, err := encoded(map[string]any{"resources": []map[string]any{{
		"uuid": plan, "title": "Assessment plan",
		"description": "No plan of its own: every device of the run is held against what was approved for it, by the controls of the network device integrity guidance that CISA publishes.",
	}}})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.Out, `{"assessment-results":{"uuid":%q,"metadata":%s,"import-ap":{"href":"#%s"},"back-matter":%s,"results":[{"uuid":%q,"title":"Run %s","description":"What the devices stated, compared with what was approved. %s","start":%q,"reviewed-controls":%s,"observations":[`,
		o.uuid("document"), metadata, plan, matter, o.uuid("result"), jsonWord(cmp.Or(r.ID, "check")), noProof, r.Started.UTC().Format(time.RFC3339), reviewed)
	return err
}

// jsonWord is a word within quotes that stand there already.
func jsonWord(word string) string {
	text, _ := encoded(oscalWord(word))
	return string(text[1 : len(text)-1])
}

// Device writes an observation for each finding.
func (o *OSCAL) Device(d Device) error {
	o.names = append(o.names, d.Name)
	if len(d.Findings) == 0 {
		for _, objective := range o.objects {
			objective.unknown++
		}
		return o.observe(d.Name, d.Started, compare.Finding{Device: d.Name, Control: "visit", Title: "Visit", Verdict: compare.NotAssessed, Reason: d.Reason, Message: situation(d.Reason, d.Detail)}, 0)
	}
	for i, f := range d.Findings {
		if err := o.observe(d.Name, d.Started, f, i); err != nil {
			return err
		}
	}
	return nil
}

func (o *OSCAL) observe(device string, at time.Time, f compare.Finding, place int) error {
	id := o.uuid("observation", device, f.Control, f.Subject, fmt.Sprint(place))
	for _, control := range compare.NIST(f.Control) {
		objective := o.objects[control]
		switch {
		case f.Verdict == compare.Pass:
			objective.passed++
		case f.Verdict == compare.Fail && f.Open():
			objective.failed++
			if len(objective.failures) < maxRelated {
				objective.failures = append(objective.failures, id)
			}
		default:
			objective.unknown++
		}
	}
	observation := oscalObservation{
		UUID: id, Title: oscalWord(f.Control + " " + f.Title), Description: oscalText(f.Message), Methods: []string{"EXAMINE"}, Types: []string{"control-objective"},
		Subjects: []oscalSubject{{o.uuid("device", device), "inventory-item"}}, Collected: at.UTC(),
		Props: []oscalProperty{own("control", f.Control), own("verdict", string(f.Verdict))},
	}
	for _, p := range []struct{ name, value string }{
		{"reason", string(f.Reason)}, {"tier", string(f.Tier)}, {"severity", string(f.Severity)}, {"subject", f.Subject}, {"explained-by", f.ExplainedBy},
	} {
		if p.value != "" {
			observation.Props = append(observation.Props, own(p.name, p.value))
		}
	}
	for _, id := range f.ATTACK {
		observation.Props = append(observation.Props, own("attack", id))
	}
	if w := f.Waived; w != nil {
		observation.Props = append(observation.Props, own("waiver", fmt.Sprintf("%d until %s, %s: %s", w.Number, w.Expires.UTC().Format(time.DateOnly), w.Owner, w.Reason)))
	}
	if s := f.Observed; s != nil {
		if !s.CollectedAt.IsZero() {
			observation.Collected = s.CollectedAt.UTC()
		}
		words := fmt.Sprintf("observed %q", s.Value)
		if s.Command != "" {
			words += fmt.Sprintf(" in line %d of the reply to %q", s.Line, s.Command)
		}
		if s.SHA256 != "" {
			words += ", whose SHA-256 is " + s.SHA256
		}
		observation.Evidence = append(observation.Evidence, oscalEvidence{oscalText(words)})
	}
	if observation.Collected.IsZero() {
		observation.Collected = o.run.Started.UTC()
	}
	text, err := encoded(observation)
	if err != nil {
		return err
	}
	if o.any {
		text = append([]byte{','}, text...)
	}
	o.any = true
	_, err = o.Out.Write(text)
	return err
}

// End writes the devices and what follows for each control.
func (o *OSCAL) End(r *Recap) error {
	for i, f := range r.Consensus.Findings {
		if err := o.observe(f.Device, o.run.Started, f, i); err != nil {
			return err
		}
		if !slices.Contains(o.names, f.Device) {
			o.names = append(o.names, f.Device)
		}
	}
	if !o.any { // OSCAL takes no empty list
		if err := o.observe("-", o.run.Started, compare.Finding{Control: "visit", Title: "Visit", Verdict: compare.NotAssessed, Message: "no device was visited"}, 0); err != nil {
			return err
		}
		o.names = append(o.names, "-")
	}
	var items []oscalItem
	for _, name := range o.names {
		items = append(items, oscalItem{UUID: o.uuid("device", name), Description: "Network device", Props: []oscalProperty{{Name: "asset-id", Value: oscalWord(name)}}})
	}
	local, err := encoded(map[string]any{"inventory-items": items})
	if err != nil {
		return err
	}
	var findings []oscalFinding
	for _, id := range slices.Sorted(maps.Keys(o.objects)) {
		findings = append(findings, o.finding(id, o.objects[id]))
	}
	text, err := encoded(findings)
	if err != nil {
		return err
	}
	end := o.run.Started.Add(r.Elapsed).UTC().Format(time.RFC3339)
	_, err = fmt.Fprintf(o.Out, `],"end":%q,"local-definitions":%s,"findings":%s}]}}`+"\n", end, local, text)
	return err
}

func (o *OSCAL) finding(id string, objective *oscalObjective) oscalFinding {
	state, reason := "satisfied", "pass"
	switch {
	case objective.failed > 0:
		state, reason = "not-satisfied", "fail"
	case objective.unknown > 0 || objective.passed == 0:
		state, reason = "not-satisfied", "other"
	}
	remarks := fmt.Sprintf("%d PASS, %d FAIL that nothing explains, %d not assessed, explained or waived", objective.passed, objective.failed, objective.unknown)
	if objective.failed > len(objective.failures) {
		remarks += fmt.Sprintf("; the first %d FAILs are named here", len(objective.failures))
	}
	f := oscalFinding{
		UUID: o.uuid("finding", id), Title: strings.ToUpper(id) + " as far as the integrity of network devices goes",
		Description: "What the observations of " + strings.Join(objective.controls, ", ") + " say together.",
		Target:      oscalTarget{"objective-id", id + "_obj", oscalStatus{state, reason, remarks}},
	}
	for _, control := range objective.controls {
		f.Props = append(f.Props, own("control", control))
	}
	for _, failure := range objective.failures {
		f.Related = append(f.Related, oscalRelated{failure})
	}
	return f
}
