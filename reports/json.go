package reports

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"trueboot/baseline"
	"trueboot/compare"
	"trueboot/facts"
)

// JSON writes a run for programs: one message a line, an object with a single member that says
// what it is.
//
//	{"run": …}      once, first
//	{"device": …}   one a device, as it finishes
//	{"finding": …}  each finding of the device before it, in the form of compare.Finding
//	{"finding": …}  each finding of the comparison of the devices with each other (NDI-XC-01)
//	{"recap": …}    once, last; a stream without it was cut off
//
// The names of the fields are a public interface: new ones may be added, none is renamed. Times are RFC 3339 in
// UTC, durations milliseconds.
type JSON struct {
	Out io.Writer
}

type runMessage struct {
	ID        string           `json:"id"`
	Started   time.Time        `json:"started"`
	Program   string           `json:"program"`
	Collector string           `json:"collector,omitempty"`
	Profile   string           `json:"profile,omitempty"`
	FailOn    compare.Severity `json:"fail_on"`
	Devices   int              `json:"devices"`
	Baseline  baselineMessage  `json:"baseline"`
}

type baselineMessage struct {
	Approved    int                         `json:"approved"`
	Provenances map[baseline.Provenance]int `json:"provenances,omitempty"`
	Oldest      time.Time                   `json:"oldest,omitzero"`
}

type deviceMessage struct {
	Name            string           `json:"name"`
	Address         string           `json:"address,omitempty"`
	Platform        string           `json:"platform,omitempty"`
	Site            string           `json:"site,omitempty"`
	Role            string           `json:"role,omitempty"`
	Status          Status           `json:"status"`
	Outcome         facts.Outcome    `json:"outcome"`
	Reason          facts.Reason     `json:"reason,omitempty"`
	Detail          string           `json:"detail,omitempty"`
	Started         time.Time        `json:"started,omitzero"`
	Elapsed         int64            `json:"elapsed_ms"`
	Model           string           `json:"model,omitempty"`
	SerialNumber    string           `json:"serial_number,omitempty"`
	OperatingSystem string           `json:"operating_system,omitempty"`
	RunningVersion  string           `json:"running_version,omitempty"`
	RunningImage    string           `json:"running_image,omitempty"`
	Approval        *approvalMessage `json:"approval,omitempty"`
	Warnings        []string         `json:"warnings,omitempty"`
	Summary         compare.Summary  `json:"summary"`
	Gaps            []facts.Gap      `json:"gaps,omitempty"`
}

type approvalMessage struct {
	Number     uint64              `json:"number"`
	By         string              `json:"by"`
	At         time.Time           `json:"at"`
	Reason     string              `json:"reason"`
	Ticket     string              `json:"ticket,omitempty"`
	Provenance baseline.Provenance `json:"provenance"`
}

type recapMessage struct {
	Elapsed     int64                 `json:"elapsed_ms"`
	Interrupted bool                  `json:"interrupted"`
	Failed      bool                  `json:"failed"`        // the program could not do its work
	Why         string                `json:"why,omitempty"` // it was interrupted, or failed
	Devices     int                   `json:"devices"`
	Outcomes    map[facts.Outcome]int `json:"outcomes"`
	Reasons     map[facts.Reason]int  `json:"reasons,omitempty"`
	Statuses    map[Status]int        `json:"statuses"`
	Summary     compare.Summary       `json:"summary"`
	Failures    int                   `json:"failures"` // unexplained FAILs at or above fail_on
	Consensus   *consensusMessage     `json:"consensus,omitempty"`
	Unapproved  int                   `json:"unapproved"`
	ExitStatus  int                   `json:"exit_status"`
	Kept        []Kept                `json:"kept,omitempty"`
	Next        []string              `json:"next,omitempty"`
	Note        string                `json:"note"`
}

// Begin writes the run.
func (j *JSON) Begin(r Run) error {
	return writeLine(j.Out, map[string]any{"run": runMessage{
		ID: r.ID, Started: r.Started.UTC(), Program: r.Program, Collector: r.Collector, Profile: r.Profile,
		FailOn: r.failOn(), Devices: r.Devices,
		Baseline: baselineMessage{r.Baseline.Approved, r.Baseline.Provenances, r.Baseline.Oldest.UTC()},
	}})
}

// Device writes a device and its findings.
func (j *JSON) Device(d Device) error {
	summary := compare.Summarize(d.Findings)
	message := deviceMessage{
		Name: d.Name, Address: d.Address, Platform: d.Platform, Site: d.Site, Role: d.Role,
		Status: d.status(summary), Outcome: d.Outcome, Reason: d.Reason, Detail: d.Detail,
		Started: d.Started.UTC(), Elapsed: d.Elapsed.Milliseconds(),
		Model: d.Model, SerialNumber: d.SerialNumber, OperatingSystem: d.OperatingSystem,
		RunningVersion: d.RunningVersion, RunningImage: d.RunningImage,
		Warnings: d.Warnings, Summary: summary, Gaps: d.Gaps,
	}
	if a := d.Approval; a != nil {
		message.Approval = &approvalMessage{a.Number, a.By, a.At.UTC(), a.Reason, a.Ticket, a.Provenance}
	}
	if err := writeLine(j.Out, map[string]any{"device": message}); err != nil {
		return err
	}
	for _, f := range d.Findings {
		if err := writeLine(j.Out, map[string]any{"finding": f}); err != nil {
			return err
		}
	}
	return nil
}

// End writes what the comparison of the devices with each other found, and the recap.
func (j *JSON) End(r *Recap) error {
	for _, f := range r.Consensus.Findings {
		if err := writeLine(j.Out, map[string]any{"finding": f}); err != nil {
			return err
		}
	}
	return writeLine(j.Out, map[string]any{"recap": recapMessage{
		Elapsed: r.Elapsed.Milliseconds(), Interrupted: r.Interrupted, Failed: r.Failed, Why: r.Why, Devices: r.Devices(),
		Outcomes: r.Outcomes, Reasons: r.Reasons, Statuses: r.Statuses, Summary: r.Summary,
		Failures: r.Failures(), Unapproved: r.Unapproved, ExitStatus: r.ExitStatus(),
		Kept: r.Kept, Next: r.Next(), Note: noProof, Consensus: consensusOf(r.Consensus),
	}})
}

// A consensusMessage counts the devices that were compared with each other.
type consensusMessage struct {
	Groups  int `json:"groups"`  // of three alike devices and more
	Devices int `json:"devices"` // in them
	Alone   int `json:"alone"`   // with fewer than two others like them
	Odd     int `json:"odd"`     // findings that are a FAIL
}

func consensusOf(c compare.Consensus) *consensusMessage {
	if c.Groups+c.Alone == 0 {
		return nil
	}
	return &consensusMessage{c.Groups, c.Devices, c.Alone, len(c.Odd())}
}

// WriteFacts writes what a visit taught as JSON lines: one fact a line with the fields kind, subject, value, command,
// line and tier, then each gap as {"gap": {…}}.
func WriteFacts(w io.Writer, set facts.Set) error {
	for _, f := range set.Facts {
		if err := writeLine(w, f); err != nil {
			return err
		}
	}
	for _, g := range set.Gaps {
		if err := writeLine(w, map[string]facts.Gap{"gap": g}); err != nil {
			return err
		}
	}
	return nil
}

// WriteMessage writes a message as the report does: {"what": …} on a line of its own.
func WriteMessage(w io.Writer, what string, message any) error {
	return writeLine(w, map[string]any{what: message})
}

// writeLine writes a message and a line end in one call, so that lines of several processes don't mix.
func writeLine(w io.Writer, message any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(message); err != nil {
		return err
	}
	_, err := w.Write(append(printableJSON(bytes.TrimRight(line.Bytes(), "\n")), '\n'))
	return err
}
