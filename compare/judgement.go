package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/baseline"
	"trueboot/facts"
)

// A judgement is a case at work: its sets are indexed, and it has the words that every rule
// needs. The sets of an approval or an earlier visit that there is not are empty.
type judgement struct {
	Case
	observed, approved, previous *visit
	paths                        fileSystems
	images                       []string           // made by approvedImages when first asked for
	given                        *baseline.Approval // the device's own, as it was made
	own, software                *baseline.Approval // what rules about the device, and about its software, compare with
}

func newJudgement(c Case) *judgement {
	j := &judgement{Case: c, observed: newVisit(c.Observed)}
	var approved, previous facts.Set
	if c.Approved != nil {
		approved = c.Approved.Set()
	}
	if c.Previous != nil {
		previous = *c.Previous
	}
	j.given, j.own, j.software = c.Approved, c.Approved, c.Approved
	j.approved, j.previous = newVisit(approved), newVisit(previous)
	j.paths = newFileSystems(j.approved, j.observed, j.previous)
	j.observed.paths, j.previous.paths = j.paths, j.paths
	if j.lend(); j.software != nil {
		j.approved = newVisit(j.software.Set())
	}
	j.approved.paths = j.paths
	return j
}

// order tells how one version stands to another; without the platform's order only equal texts are
// the same.
func (j *judgement) order(a, b string) (facts.Order, string) {
	switch {
	case j.Order != nil:
		return j.Order(a, b)
	case a == b && a != "":
		return facts.Same, ""
	}
	return facts.Incomparable, "no order of versions is known for platform " + quote(j.Observed.Platform)
}

// versionInName reads the version out of a file's name.
func (j *judgement) versionInName(path string) (string, bool) {
	if j.VersionInName == nil {
		return "", false
	}
	return j.VersionInName(path)
}

// failed makes a FAIL that rests on the observed facts; the first is shown.
func failed(subject, message string, observed ...facts.Fact) Finding {
	return Finding{Subject: subject, Verdict: Fail, Message: message, Observed: observation(observed), Tier: weakest(observed)}
}

// passed makes a PASS that rests on the observed facts; the first is shown.
func passed(subject, message string, observed ...facts.Fact) Finding {
	return Finding{Subject: subject, Verdict: Pass, Message: message, Observed: observation(observed), Tier: weakest(observed)}
}

func notAssessed(subject string, reason facts.Reason, message string) Finding {
	return Finding{Subject: subject, Verdict: NotAssessed, Reason: reason, Message: message}
}

// contradicting marks a finding whose two statements exclude each other.
func contradicting(f Finding) Finding {
	f.Contradiction = true
	return f
}

func graded(s Severity, f Finding) Finding {
	f.Severity = s
	return f
}

// against notes the approved value that the observation was compared with.
func (j *judgement) against(value string, f Finding) Finding {
	f.Expected = &Expectation{Value: value, Provenance: j.Approved.Provenance, Since: j.since()}
	return f
}

// ruled notes a value that the control itself fixes.
func ruled(value string, f Finding) Finding {
	f.Expected = &Expectation{Value: value}
	return f
}

func observation(observed []facts.Fact) *Observation {
	if len(observed) == 0 {
		return nil
	}
	o := &Observation{Value: observed[0].Value, Command: observed[0].Command, Line: observed[0].Line}
	for _, f := range observed { // one that is not from this visit is the weak one
		if at, ok := f.OriginTime(); ok && (o.Origin == "" || at.Before(o.CollectedAt)) {
			o.Origin, o.CollectedAt = f.Origin, at
		}
	}
	return o
}

// tiers in the order of how hard they are to forge. EX, an independent record, stands beside the
// order; where it comes with others, they decide.
var tiers = []facts.Tier{facts.E0, facts.E1, facts.E2, facts.E3, facts.E4, facts.EX}

func weakest(evidence []facts.Fact) facts.Tier {
	at := len(tiers)
	for _, f := range evidence {
		for i, t := range tiers[:at] {
			if f.Tier == t {
				at = i
				break
			}
		}
	}
	if at == len(tiers) {
		return ""
	}
	return tiers[at]
}

// since is when the approved values were seen or approved.
func (j *judgement) since() time.Time {
	if j.Approved.Provenance == baseline.FirstSeen && !j.Approved.SeenAt.IsZero() {
		return j.Approved.SeenAt
	}
	return j.Approved.At
}

// unchanged says how far an equal value can be trusted: what the device itself said when it was
// approved proves that it still says so and nothing more.
func (j *judgement) unchanged() string {
	if p := j.Approved.Provenance; p != baseline.FirstSeen && p != "" {
		return fmt.Sprintf("equal to what was approved on %s (%s)", date(j.Approved.At), p)
	}
	return "unchanged since " + date(j.since())
}

// approvedOn introduces the approved value of a FAIL.
func (j *judgement) approvedOn() string { return "approved on " + date(j.Approved.At) }

// noBaseline says that nothing is approved to compare the kinds with.
func (j *judgement) noBaseline(kinds ...facts.Kind) Finding {
	return j.unapproved("", "nothing is approved for this device to compare with", kinds...)
}

// unapproved says what the approval lacks. Where the device stated nothing of the kinds either, the reason for
// that comes first: to approve again would not help.
func (j *judgement) unapproved(subject, message string, kinds ...facts.Kind) Finding {
	stated := func(kind facts.Kind) bool {
		return slices.ContainsFunc(j.observed.all(kind), func(f facts.Fact) bool { return subject == "" || j.paths.same(f.Subject, subject) })
	}
	if slices.ContainsFunc(kinds, stated) {
		return notAssessed(subject, facts.NoBaseline, message)
	}
	if kind, ok := j.unanswered(subject, kinds...); ok {
		return j.unstated(subject, facts.Fact{Kind: kind, Subject: subject})
	}
	return notAssessed(subject, facts.NoBaseline, message)
}

// unanswered returns the first of the kinds that a question about the subject was not answered for: one that went wrong
// before one that the platform has no answer to.
func (j *judgement) unanswered(subject string, kinds ...facts.Kind) (facts.Kind, bool) {
	none := facts.Kind("")
	for _, kind := range kinds {
		switch g, ok := j.observed.gap(kind, subject, ""); {
		case !ok:
		case g.Reason != facts.PlatformHasNone:
			return kind, true
		case none == "":
			none = kind
		}
	}
	return none, none != ""
}

// unstated says that the device did not state a fact, and why. The fact is the approved one, or one with
// kind and subject alone.
func (j *judgement) unstated(subject string, want facts.Fact) Finding {
	reason, why := j.absence(want)
	return notAssessed(subject, reason, fmt.Sprintf("the device said nothing about its %s: %s", describe(want), why))
}

// everyDevice are the kinds that every device states in some form. That one did not when it was approved does not
// mean that it can't; what a platform really can't state, the platform says with a gap.
var everyDevice = []facts.Kind{
	facts.RunningVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.SerialNumber, facts.Uptime, facts.File,
}

// absence says why the device did not state a fact.
func (j *judgement) absence(want facts.Fact) (facts.Reason, string) {
	g, ok := j.observed.gap(want.Kind, want.Subject, want.Command)
	switch {
	case ok && g.Reason == facts.PlatformHasNone && j.approved.statesAbout(want):
		return facts.ParseIncomplete, "it did when it was approved, and now " + explain(g)
	case ok:
		return g.Reason, explain(g)
	case j.Approved != nil && len(j.approved.all(want.Kind)) == 0 && want.Value == "" && !slices.Contains(everyDevice, want.Kind):
		return facts.PlatformHasNone, "nor did it when it was approved"
	case j.approved.states(want.Command, want.Kind):
		return facts.ParseIncomplete, "the reply to " + quote(want.Command) + " held it when it was approved"
	case j.previous.states(want.Command, want.Kind):
		return facts.ParseIncomplete, "the reply to " + quote(want.Command) + " held it at the last visit"
	}
	return facts.ParseIncomplete, "no reply held it, and none was refused"
}

// unlisted reports what keeps the listings of these kinds from being complete, once for each reason. That a slot is
// empty is none.
func (j *judgement) unlisted(what string, kinds ...facts.Kind) []Finding {
	byReason := map[facts.Reason][]facts.Gap{}
	var order []facts.Reason
	for _, g := range j.observed.Gaps {
		lists := len(g.Kinds) == 0 || slices.ContainsFunc(kinds, func(k facts.Kind) bool { return slices.Contains(g.Kinds, k) })
		if !lists || g.Reason == facts.PlatformHasNone {
			continue
		}
		if byReason[g.Reason] == nil {
			order = append(order, g.Reason)
		}
		byReason[g.Reason] = append(byReason[g.Reason], g)
	}
	var found []Finding
	for _, reason := range order {
		var subjects []string
		for _, g := range byReason[reason] {
			if g.Subject != "" && !slices.Contains(subjects, g.Subject) {
				subjects = append(subjects, g.Subject)
			}
		}
		subject, where := "", ""
		if len(subjects) > 0 {
			where = " of " + quoteList(subjects)
		}
		if len(subjects) == 1 {
			subject = subjects[0]
		}
		found = append(found, notAssessed(subject, reason, fmt.Sprintf("the %s%s were not listed: %s", what, where, explain(byReason[reason][0]))))
	}
	return found
}

// unread reports replies that were understood in part: what was not may state more of these kinds. It is asked
// before a PASS that says of several things that they are all there is.
func (j *judgement) unread(kinds ...facts.Kind) []Finding {
	var found []Finding
	for _, g := range j.observed.Gaps {
		if g.Reason == facts.ParseIncomplete && slices.ContainsFunc(kinds, func(k facts.Kind) bool { return slices.Contains(g.Kinds, k) }) {
			found = append(found, notAssessed(g.Subject, g.Reason, "a reply was not understood in full and may say more: "+explain(g)))
		}
	}
	return found
}

// explain puts a gap into words.
func explain(g facts.Gap) string {
	words := string(g.Reason)
	if g.Detail != "" {
		words += ", " + quote(g.Detail)
	}
	if g.Command == "" {
		return words
	}
	return quote(g.Command) + ": " + words
}

// describe names a fact: "running version", `serial number of "switch 2"`, `file "flash:/x"`.
func describe(f facts.Fact) string {
	switch {
	case f.Subject == "":
		return string(f.Kind)
	case f.Kind == facts.File || f.Kind == facts.FileSystem || f.Kind == facts.Package:
		return string(f.Kind) + " " + quote(f.Subject)
	}
	return string(f.Kind) + " of " + quote(f.Subject)
}

// of names a component after what it has: "", ` of "standby"`.
func of(component string) string {
	if component == "" {
		return ""
	}
	return " of " + quote(component)
}

// named names a component at the beginning of a sentence.
func named(name string) string {
	if name == "" {
		return "the device"
	}
	return quote(name)
}

// quoteLimit is how much of a device's words a message repeats.
const quoteLimit = 160

// quote makes a device's words safe to show: without passwords, quoted, in ASCII, so that no letter can pass for
// another, and cut short.
func quote(words string) string {
	words = facts.WithoutPasswords(words)
	if len(words) <= quoteLimit {
		return strconv.QuoteToASCII(words)
	}
	cut := quoteLimit
	for cut > quoteLimit-utf8.UTFMax && !utf8.RuneStart(words[cut]) {
		cut--
	}
	return strconv.QuoteToASCII(words[:cut]) + "…"
}

// quoteList quotes several texts and says how many are left out.
func quoteList(texts []string) string {
	const shown = 6
	var quoted []string
	for i, t := range texts {
		if i == shown {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(texts)-shown))
			break
		}
		quoted = append(quoted, quote(t))
	}
	return strings.Join(quoted, ", ")
}

func date(t time.Time) string {
	if t.IsZero() {
		return "an unknown day"
	}
	return t.UTC().Format(time.DateOnly)
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// count says how many: "1 file", "3 files".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
