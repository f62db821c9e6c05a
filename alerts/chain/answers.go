package chain

import (
	"fmt"
	"slices"

	"trueboot/alerts"
)

// An Answer is what a visit said of a device, and of which state of an alert it was asked.
type Answer struct {
	Device   string              `json:"device"`
	Outcome  alerts.Confirmation `json:"outcome"`
	Run      string              `json:"run,omitempty"` // of the history, where the evidence is
	Detail   string              `json:"detail,omitempty"`
	Severity alerts.Severity     `json:"severity"` // of the alert when the answer came
	Lines    int                 `json:"lines"`    // how many it had
}

// holds reports whether an answer is about the alert as it is now. What is not approved stays found, whatever comes later; every other answer says
// nothing about what happened after it.
func (answer *Answer) holds(a *alerts.Alert) bool {
	return answer.Outcome == alerts.ChangedUnknown || len(a.Devices) > 0 || len(a.Lines) <= answer.Lines && rank(a.Severity) <= rank(answer.Severity)
}

func rank(s alerts.Severity) int {
	return slices.Index([]alerts.Severity{alerts.SeverityInfo, alerts.SeverityLow, alerts.SeverityMedium, alerts.SeverityHigh, alerts.SeverityCritical}, s)
}

// Confirm attaches the answers to an alert as the correlator made it, in the order in which they came. A match with what is approved lowers it to
// explained, a mismatch makes it critical, and a device that could not be asked leaves it as it was. Of the answers of one device the latest counts,
// unless an earlier one found what is not approved: that somebody put the right image back explains nothing. A fleet is confirmed when all of its
// devices are.
func Confirm(a alerts.Alert, answers []Answer) alerts.Alert {
	latest := map[string]Answer{}
	var devices []string
	for _, answer := range answers {
		if !answer.holds(&a) {
			continue
		}
		before, ok := latest[answer.Device]
		if !ok {
			devices = append(devices, answer.Device)
		}
		if before.Outcome != alerts.ChangedUnknown {
			latest[answer.Device] = answer
		}
	}
	if len(latest) == 0 {
		return a
	}
	a.Why, a.ExplainedBy = slices.Clone(a.Why), slices.Clone(a.ExplainedBy)
	where := func(device string) string {
		if len(a.Devices) > 0 {
			return " of " + device
		}
		return ""
	}
	var gravest Answer
	known := 0
	order := []alerts.Confirmation{alerts.Unchanged, alerts.ChangedKnown, alerts.NotAssessedVisit, alerts.ChangedUnknown}
	for _, device := range devices {
		answer := latest[device]
		if slices.Index(order, answer.Outcome) > slices.Index(order, gravest.Outcome) {
			gravest = answer
		}
		switch answer.Outcome {
		case alerts.Unchanged, alerts.ChangedKnown:
			known++
		case alerts.ChangedUnknown:
			a.Why = append(a.Why, alerts.Why{Reason: fmt.Sprintf("a visit%s found what is not approved: %s", where(device), answer.Detail)})
		case alerts.NotAssessedVisit:
			a.Why = append(a.Why, alerts.Why{Reason: fmt.Sprintf("the device%s could not be asked: %s", where(device), answer.Detail)})
		}
	}
	a.Confirmed, a.Evidence = gravest.Outcome, gravest.Run
	if len(a.Devices) > 0 {
		a.Answers = map[string]alerts.Confirmation{}
		for device, answer := range latest {
			a.Answers[device] = answer.Outcome
		}
		if gravest.Outcome != alerts.ChangedUnknown && len(latest) < len(a.Devices) {
			a.Confirmed = alerts.Asked
			return a
		}
	}
	switch a.Confirmed {
	case alerts.ChangedUnknown:
		a.Severity = alerts.SeverityCritical
	case alerts.Unchanged, alerts.ChangedKnown:
		if a.Severity == alerts.SeverityInfo {
			break
		}
		found := "a visit found the device as approved: " + string(a.Confirmed)
		if len(a.Devices) > 0 {
			found = fmt.Sprintf("visits found all %d devices as approved: %s", known, a.Confirmed)
		}
		a.ExplainedBy = append(a.ExplainedBy, found)
		a.Severity = alerts.SeverityLow
		if slices.ContainsFunc(a.Lines, func(l alerts.LineRef) bool { return l.Stage == alerts.StageSignatureFail }) {
			a.Severity = alerts.SeverityHigh // the visit saw the files, and not what was in memory
		}
	}
	return a
}

// mostAnswers bounds the answers that are kept of an alert of one device; those of a fleet are bounded by its devices.
const mostAnswers = 16

// Attach adds an answer to those of an alert, as it stands. Of an answer that is no longer the latest one of its device, nothing is kept, unless it
// found what is not approved.
func Attach(answers []Answer, answer Answer, a *alerts.Alert) []Answer {
	answer.Severity, answer.Lines = a.Severity, len(a.Lines)
	answers = slices.DeleteFunc(answers, func(have Answer) bool { return have.Device == answer.Device && have.Outcome != alerts.ChangedUnknown })
	if len(answers) >= max(mostAnswers, len(a.Devices)) {
		return answers
	}
	return append(answers, answer)
}
