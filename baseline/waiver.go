package baseline

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// MostWaived is how long a waiver may hold at most: whoever wants it longer looks at the matter once a year.
const MostWaived = 366 * 24 * time.Hour

// A Waiver says that somebody knows of a finding and bears it for a while. It takes a finding out of the count of what is wrong, never out of
// a report. It holds for one control and one verdict: what may stay unassessed may not fail.
type Waiver struct {
	Number   uint64    `json:"number"`  // among the decisions of a baseline
	Control  string    `json:"control"` // "NDI-ST-06"
	Verdict  string    `json:"verdict"` // "FAIL" or "NOT-ASSESSED"
	Scope    Scope     `json:"scope"`
	Subject  string    `json:"subject,omitempty"`  // pattern of the finding's subject; empty for every subject
	Observed string    `json:"observed,omitempty"` // the value that was waived; another one is a finding again. Empty for every value
	Owner    string    `json:"owner"`              // who bears it
	Reason   string    `json:"reason"`
	Ticket   string    `json:"ticket"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`      // UTC
	Expires  time.Time `json:"expires"` // UTC; from then on it is a finding again
	Ended    *Ending   `json:"ended,omitempty"`
}

// An Ending ends a decision before its time.
type Ending struct {
	Number uint64    `json:"number"` // of the decision that it ends
	By     string    `json:"by"`
	At     time.Time `json:"at"` // UTC
	Reason string    `json:"reason"`
	Ticket string    `json:"ticket,omitempty"`
}

// Valid reports what keeps w from being stored.
func (w Waiver) Valid() error {
	err := errors.Join(w.Scope.Valid(), validSignature(w.By, w.Reason, w.Ticket, w.At.IsZero()))
	switch {
	case w.Control == "":
		err = errors.Join(err, errors.New("no control is named"))
	case w.Verdict != "FAIL" && w.Verdict != "NOT-ASSESSED":
		err = errors.Join(err, fmt.Errorf("verdict %q can't be waived: FAIL or NOT-ASSESSED", w.Verdict))
	case w.Scope == Scope{} && w.Subject == "" && w.Observed == "":
		err = errors.Join(err, errors.New("every finding of a control on every device can't be waived: name devices, a subject or a value (a profile says which controls are asked for)"))
	case strings.TrimSpace(w.Owner) == "":
		err = errors.Join(err, errors.New("no owner is named: somebody has to bear it"))
	case strings.TrimSpace(w.Ticket) == "":
		err = errors.Join(err, errors.New("no ticket is named: a waiver belongs to one"))
	case !w.Expires.After(w.At):
		err = errors.Join(err, errors.New("it would have expired already"))
	case w.Expires.Sub(w.At) > MostWaived:
		err = errors.Join(err, errors.New("it would hold longer than a year: look at it again before"))
	}
	for _, text := range []string{w.Control, w.Subject, w.Observed, w.Owner} {
		if text != "" {
			err = errors.Join(err, validText(text))
		}
	}
	if err != nil {
		return fmt.Errorf("waiver: %w", err)
	}
	return nil
}

// Valid reports what keeps e from being stored.
func (e Ending) Valid() error { return validSignature(e.By, e.Reason, e.Ticket, e.At.IsZero()) }

// Fits reports whether the waiver is about a finding. One that contradicts itself, which is the mark of a lie, is waived for one device and one
// subject alone.
func (w Waiver) Fits(m Member, control, verdict, subject, observed string, contradiction bool) bool {
	return w.Control == control && w.Verdict == verdict && w.Ended == nil && w.Scope.Covers(m) &&
		(w.Subject == "" || Like(w.Subject, subject)) && (w.Observed == "" || w.Observed == observed) &&
		(!contradiction || w.Scope.one() && w.Subject != "" && !strings.ContainsAny(w.Subject, "*?"))
}

// Holds reports whether the waiver has not expired.
func (w Waiver) Holds(now time.Time) bool { return w.Ended == nil && now.Before(w.Expires) }
