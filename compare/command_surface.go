package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var commandSurface = Rule{
	Control:  "NDI-EV-01",
	Name:     "command-surface",
	Title:    "Command surface intact",
	Pillar:   "L",
	Severity: High,
	ATTACK:   []string{"T1601.001", "T1562"},
	Guidance: []string{iosForensics, iosXEForensics, iosXRForensics, nxosForensics, asaForensics, arcaneDoor},
	Checks: `Every command that was answered at the last visit is answered at this one, in a form that can be read and not at
		less than a tenth of the length, while the version is the same; and the session does not end at the same command
		twice. The first visit has nothing to compare with. How long an answer takes is not looked at.`,
	Evidence: "The replies of this visit and of the one before it.",
	Attacker: `Disables or filters the commands that would show him: an event script that swallows the output, an implant
		that ends the session at "verify". Output that is forged in full length is not seen here.`,
	Next:  "Run the command by hand, from the console if you can, and look for aliases, event manager policies and a changed command authorization.",
	check: checkCommandSurface,
}

// collapsed is the part of a reply's former length below which it counts as collapsed; shortReply is a length
// below which only an empty reply does.
const (
	collapsed  = 0.1
	shortReply = 400
)

func checkCommandSurface(j *judgement) []Finding {
	if j.Previous == nil || len(j.Previous.Answers) == 0 {
		if _, ok := j.observed.gap(facts.RunningVersion, "", ""); ok && len(j.observed.all(facts.RunningVersion)) == 0 {
			return []Finding{j.unstated("", facts.Fact{Kind: facts.RunningVersion})}
		}
		return []Finding{notAssessed("", facts.NoBaseline, "there is no earlier visit whose replies these could be compared with")}
	}
	now, stated := j.observed.first(facts.RunningVersion, "")
	before, known := j.previous.first(facts.RunningVersion, "")
	if stated && known && !j.sameVersion(now.Value, before.Value) {
		return []Finding{notAssessed("", facts.NotComparable, fmt.Sprintf("the version was %s and is %s: its commands may differ", quote(before.Value), quote(now.Value)))}
	}
	var found []Finding
	usable := 0
	for _, a := range j.Previous.Answers {
		if f, again := j.lostAgain(a); again {
			found = append(found, f)
		}
		if a.Reason != "" {
			continue
		}
		if f, wrong := j.judgeAnswer(a); wrong {
			found = append(found, f)
		} else {
			usable++
		}
	}
	if !stated {
		found = append(found, j.unstated("", firstOr(j.previous.all(facts.RunningVersion), facts.Fact{Kind: facts.RunningVersion})))
	}
	switch {
	case len(found) > 0:
		return found
	case usable == 0:
		return []Finding{notAssessed("", facts.NoBaseline, "no command was answered at the earlier visit")}
	}
	message := fmt.Sprintf("%s answered as at the visit of %s", count(usable, "command"), minute(j.Previous.Time))
	f := passed("", message, now)
	f.Expected = &Expectation{Value: before.Value, Since: j.Previous.Time}
	return []Finding{f}
}

// judgeAnswer compares what a command got with what it got at the last visit. It returns false where that is
// the same.
func (j *judgement) judgeAnswer(before facts.Answer) (Finding, bool) {
	question := before.Question()
	answer, asked := j.observed.asked(question)
	command := quote(question)
	if !asked && j.leantOn(question) {
		return Finding{}, false
	}
	if !asked {
		i := slices.IndexFunc(j.Observed.Gaps, func(g facts.Gap) bool { return g.Command == question || len(g.Kinds) == 0 })
		if i < 0 {
			return notAssessed(question, facts.NotCollected, fmt.Sprintf("%s was answered at the last visit and was not asked at this one", command)), true
		}
		g := j.Observed.Gaps[i]
		return notAssessed(question, g.Reason, fmt.Sprintf("%s was answered at the last visit; now: %s", command, explain(g))), true
	}
	gap := j.gapOf(answer)
	switch {
	case answer.Reason == facts.UnsupportedCommand, answer.Reason == facts.NoPrivilege, answer.Reason == facts.PlatformHasNone:
		message := fmt.Sprintf("%s was answered at the last visit and is refused now, with the same version: %s", command, explain(gap))
		return j.regression(before, answer, message, High), true
	case answer.Reason == facts.ParseIncomplete:
		message := fmt.Sprintf("the reply to %s was read at the last visit and can't be read now, with the same version: %s", command, explain(gap))
		return j.regression(before, answer, message, Medium), true
	case answer.Reason != "":
		return notAssessed(question, answer.Reason, fmt.Sprintf("%s was answered at the last visit; now: %s", command, explain(gap))), true
	case answer.Bytes == 0 && before.Bytes > 0, before.Bytes >= shortReply && float64(answer.Bytes) < collapsed*float64(before.Bytes):
		message := fmt.Sprintf("the reply to %s had %s at the last visit and has %d now", command, count(before.Bytes, "byte"), answer.Bytes)
		return j.regression(before, answer, message, Medium), true
	}
	return Finding{}, false
}

// leantOn reports whether the answer of an earlier visit to a question stands for one of this visit.
func (j *judgement) leantOn(question string) bool {
	return slices.ContainsFunc(j.Observed.Facts, func(f facts.Fact) bool {
		return f.Origin != "" && (f.Command == question || strings.HasPrefix(f.Command, strings.TrimSuffix(question, "{nonce}")))
	})
}

// lostAgain reports a session that ended at the same command as at the last visit: some implants end it there.
func (j *judgement) lostAgain(before facts.Answer) (Finding, bool) {
	answer, asked := j.observed.asked(before.Question())
	if !asked || before.Reason != facts.SessionLost || answer.Reason != facts.SessionLost {
		return Finding{}, false
	}
	message := fmt.Sprintf("the session ended at %s, as at the last visit: %s", quote(before.Question()), explain(j.gapOf(answer)))
	return j.regression(before, answer, message, Medium), true
}

// gapOf returns the gap that a command left.
func (j *judgement) gapOf(a facts.Answer) facts.Gap {
	for _, g := range j.Observed.Gaps {
		if g.Command == a.Question() {
			return g
		}
	}
	return facts.Gap{Command: a.Question(), Reason: a.Reason}
}

func (j *judgement) regression(before, now facts.Answer, message string, severity Severity) Finding {
	f := graded(severity, failed(before.Question(), message))
	f.Tier = facts.E0
	f.Observed = &Observation{Value: fmt.Sprintf("%d bytes", now.Bytes), Command: now.Command}
	f.Expected = &Expectation{Value: fmt.Sprintf("%d bytes", before.Bytes), Since: before.Time}
	return f
}
