package compare

import (
	"fmt"
	"regexp"
	"slices"

	"trueboot/facts"
)

// Judge puts the case to every rule and returns their findings in the order of [Rules], each
// rule's own in the order in which it found them. The profile says which controls have to be
// assessed; the others are judged all the same.
//
// Judge is a pure function: the same case gives the same findings. Callers must not change the
// findings' ATTACK and Guidance, which belong to the rules.
func Judge(c Case, profile Profile) []Finding {
	j := newJudgement(c)
	findings := make([]Finding, 0, 2*len(rules))
	for i := range rules {
		r := &rules[i]
		if j.Approved = j.own; r.software {
			j.Approved = j.software
		}
		found := r.check(j)
		if len(found) == 0 {
			found = []Finding{notAssessed("", facts.ParseIncomplete, "there was nothing to judge by")}
		}
		found = j.waive(r.Control, found)
		if len(c.Observed.Facts) == 0 {
			found = onceUnassessed(found)
		}
		if len(found) > findingLimit {
			found = abridge(found)
		}
		required := slices.Contains(profile.Required, r.Control)
		for _, f := range found {
			findings = append(findings, j.complete(f, r, required, profile.Strict))
		}
	}
	j.explain(findings)
	return findings
}

// onceUnassessed keeps one NOT-ASSESSED: of a device that said nothing, one reason for each control
// says all there is.
func onceUnassessed(found []Finding) []Finding {
	told := false
	return slices.DeleteFunc(found, func(f Finding) bool {
		again := told && f.Verdict == NotAssessed
		told = told || f.Verdict == NotAssessed
		return again
	})
}

// findingLimit is how many findings that differ in nothing but names a control reports one by one; what is left is one
// finding with their number. An upgrade changes every package, and a hostile device can have any number of files.
const findingLimit = 10

// quoted is what a message quotes: names and values, which tell one finding from another of its sort.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\d+`)

// abridge keeps no more than findingLimit findings of a sort, and their order.
func abridge(found []Finding) []Finding {
	type sort struct {
		verdict       Verdict
		severity      Severity
		reason        facts.Reason
		contradiction bool
		message       string
		waiver        uint64
	}
	bySort := map[sort][]Finding{}
	var order []sort
	for _, f := range found {
		s := sort{f.Verdict, f.Severity, f.Reason, f.Contradiction, quoted.ReplaceAllString(f.Message, ""), 0}
		if f.Waived != nil {
			s.waiver = f.Waived.Number
		}
		if bySort[s] == nil {
			order = append(order, s)
		}
		bySort[s] = append(bySort[s], f)
	}
	var kept []Finding
	for _, s := range order {
		kept = append(kept, abridged(bySort[s], findingLimit, "")...)
	}
	return kept
}

// abridged keeps the first findings of one sort and makes one of the rest, with that subject.
func abridged(same []Finding, limit int, subject string) []Finding {
	left := len(same) - limit
	if left <= 0 {
		return same
	}
	subjects := make([]string, left)
	for i, f := range same[limit:] {
		subjects[i] = f.Subject
	}
	rest := same[limit]
	rest.Message = fmt.Sprintf("%d more of this sort (%s); the first: %s", left, quoteList(subjects), rest.Message)
	rest.Subject = subject
	return append(same[:limit:limit], rest)
}

// complete fills in what a finding has from its rule and from the visit.
func (j *judgement) complete(f Finding, r *Rule, required, strict bool) Finding {
	f.Device = j.Observed.Device
	f.Control, f.Rule, f.Title, f.Pillar = r.Control, r.Name, r.Title, r.Pillar
	f.ATTACK, f.Guidance = r.ATTACK, r.Guidance
	f.Required = required && (strict || f.Reason != facts.PlatformHasNone)
	switch f.Verdict {
	case Fail:
		if f.Severity == "" {
			f.Severity = r.Severity
		}
		if f.Next == "" {
			f.Next = r.Next
		}
	case NotAssessed:
		f.Severity = ""
		if f.Next == "" {
			f.Next = remedies[f.Reason]
		}
	case Pass:
		f.Severity = ""
	}
	if w := f.Lapsed; w != nil {
		f.Next = fmt.Sprintf("Waiver %d expired on %s: ask %s (%s). %s", w.Number, date(w.Expires), quote(w.Owner), quote(w.Ticket), f.Next)
	}
	if f.Expected != nil {
		f.Expected.Value = facts.WithoutPasswords(f.Expected.Value)
	}
	if f.Observed != nil {
		f.Observed.Value = facts.WithoutPasswords(f.Observed.Value)
		if f.Observed.Origin != "" {
			f.Message += fmt.Sprintf("; not hashed at this visit: this leans on %s, since when nothing moved", f.Observed.Origin)
		}
		if a, ok := j.observed.answer(f.Observed.Command); ok {
			f.Observed.SHA256, f.Observed.CollectedAt = a.SHA256, a.Time
		}
		if f.Observed.CollectedAt.IsZero() {
			f.Observed.CollectedAt = j.Observed.Time
		}
	}
	return f
}

// remedies say what to do about what could not be assessed.
var remedies = map[facts.Reason]string{
	facts.UnsupportedCommand: "Run the command by hand; if the release really lacks it, the control can't be assessed on this device.",
	facts.NoPrivilege:        "Give the account the right to run this command (it only reads), then sweep again.",
	facts.NoBaseline:         "Check the facts of this visit against your records, then approve them with \"trueboot baseline approve\".",
	facts.ParseIncomplete:    "Run the command by hand and compare; if the device prints what was not understood, keep the capture and report the form.",
	facts.Timeout:            "Sweep the device again at a quieter time; if the same command hangs again, look at the device.",
	facts.IntrusiveWithheld:  "Plan a maintenance window: this needs a reload, a change or a dump, which is never done by itself.",
	facts.WouldModify:        "Decide by hand: the check would change the device.",
	facts.NotComparable:      "Compare the two values by hand with the vendor's release notes, then approve the right one.",
	facts.PlatformHasNone:    "Nothing to do: the platform offers no evidence of this kind; treat it as residual risk.",
	facts.Stale:              "Sweep the device again.",
	facts.Unreachable:        "Find out whether the device is down or the path to it is; it was not verified.",
	facts.NoCredentials:      "Mend the reference in the inventory, or what it refers to; nobody logged in.",
	facts.LoginRefused:       "Check the credential and the device's AAA log; nobody logged in.",
	facts.HostKeyUnknown:     "Compare the key with the device's console, then add it to a known_hosts file.",
	facts.HostKeyChanged:     "Confirm the key over the console before anything else; nobody logged in.",
	facts.SessionLost:        "Sweep the device again; a session that ends at the same command each time is itself a finding.",
	facts.ReplyTooLarge:      "Run the command by hand and find out why its reply is this large.",
	facts.UnsafeArgument:     "List the directory by hand: a file has a name that must not be typed back to the device.",
	facts.NotCollected:       "Take the capture again with all commands, or sweep the device.",
	facts.NothingToAskFor:    "See why an earlier reply named no file or component; this control depends on it.",
}
