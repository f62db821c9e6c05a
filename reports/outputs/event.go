package outputs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"trueboot/compare"
	"trueboot/facts"
	"trueboot/reports"
)

// An Event is what happened: a finding, a device that is done, a run that is over.
type Event struct {
	ID      string    `json:"id"`    // the same for the same thing, whoever asks
	Event   string    `json:"event"` // "finding", "device", "run"
	Time    time.Time `json:"time"`  // UTC
	Run     RunInfo   `json:"run"`
	Device  *Device   `json:"device,omitempty"`
	Finding *Finding  `json:"finding,omitempty"`
	Sum     *Sum      `json:"sum,omitempty"`
}

// RunInfo is what is known of a run.
type RunInfo struct {
	ID        string    `json:"id"`
	Started   time.Time `json:"started"`
	Program   string    `json:"program"`
	Collector string    `json:"collector,omitempty"`
	Profile   string    `json:"profile,omitempty"`
}

// Device is a device that was visited.
type Device struct {
	Name     string         `json:"name"`
	Address  string         `json:"address,omitempty"`
	Platform string         `json:"platform,omitempty"`
	Site     string         `json:"site,omitempty"`
	Role     string         `json:"role,omitempty"`
	Model    string         `json:"model,omitempty"`
	Serial   string         `json:"serial_number,omitempty"`
	Version  string         `json:"running_version,omitempty"`
	Status   reports.Status `json:"status,omitempty"`
	Reason   facts.Reason   `json:"reason,omitempty"` // why there was no session
	Detail   string         `json:"detail,omitempty"`
}

// Finding is a finding, shortened to what another system needs.
type Finding struct {
	Control  string           `json:"control_id"`
	Rule     string           `json:"rule"`
	Title    string           `json:"title"`
	Subject  string           `json:"subject,omitempty"`
	Verdict  compare.Verdict  `json:"verdict"`
	Severity compare.Severity `json:"severity,omitempty"`
	Reason   facts.Reason     `json:"reason,omitempty"`
	Tier     facts.Tier       `json:"tier,omitempty"`
	Message  string           `json:"message"`
	Observed string           `json:"observed,omitempty"`
	Expected string           `json:"expected,omitempty"`
	Command  string           `json:"command,omitempty"`
	Line     int              `json:"line,omitempty"`
	SHA256   string           `json:"sha256_of_raw,omitempty"`
	ATTACK   []string         `json:"attack_ids,omitempty"`
	NIST     []string         `json:"nist_800_53,omitempty"`
	Open     bool             `json:"open"` // nothing explains it, and nobody bears it
	Next     string           `json:"next,omitempty"`
}

// Sum is what a run came to.
type Sum struct {
	Devices    int                    `json:"devices"`
	Statuses   map[reports.Status]int `json:"statuses"`
	Failures   int                    `json:"failures"`
	ExitStatus int                    `json:"exit_status"`
	Elapsed    float64                `json:"elapsed_seconds"`
	Failed     []string               `json:"failed,omitempty"` // the gravest FAILs, a line each
	Controls   map[string]Verdicts    `json:"controls,omitempty"`
}

// Verdicts counts devices by the worst verdict of a control.
type Verdicts struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	NotAssessed int `json:"not_assessed"`
}

// Bounds of the words of a device in a message.
const (
	maxWord = 256
	maxText = 1024
)

// word makes a device's words safe to send anywhere: printable, on one line, cut short.
func word(s string) string { return strings.TrimSpace(reports.Printable(s, maxWord)) }

func sentence(s string) string { return strings.TrimSpace(reports.Printable(s, maxText)) }

// shortened is a finding as others get it.
func shortened(f compare.Finding) *Finding {
	short := &Finding{
		Control: word(f.Control), Rule: word(f.Rule), Title: word(f.Title), Subject: word(f.Subject), Verdict: f.Verdict, Severity: f.Severity, Reason: f.Reason, Tier: f.Tier,
		Message: sentence(f.Message), ATTACK: f.ATTACK, NIST: compare.NIST(f.Control), Open: f.Open(), Next: sentence(f.Next),
	}
	if o := f.Observed; o != nil {
		short.Observed, short.Command, short.Line, short.SHA256 = word(o.Value), word(o.Command), o.Line, word(o.SHA256)
	}
	if e := f.Expected; e != nil {
		short.Expected = word(e.Value)
	}
	return short
}

// identity is a digest of what makes an event this one.
func identity(words ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// same tells whether a finding is the one of an earlier run: its run and time do not count.
func (e *Event) same(output string) string {
	f := e.Finding
	return identity(output, e.Device.Name, f.Control, f.Subject, string(f.Verdict), string(f.Severity), f.Observed, f.Expected)
}

// asJSON is a value as JSON without a line end.
func asJSON(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
