package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var bootVariableList = Rule{
	Control:  "NDI-BC-04",
	Name:     "boot-variable-list",
	Title:    "Boot variable list",
	Pillar:   "H/C",
	Severity: High,
	ATTACK:   []string{"T1601", "T1601.002"},
	Guidance: []string{iosForensics, aa20245A, attackDowngrade},
	Checks: `The ordered boot list (or the partition or volume that boots) is the approved one, now and at the next reload, on
		the active processor and on every other one; its first entry is what runs; each listed file or partition is on the
		device; and where the platform has boot commands, those of the running and the startup configuration are equal and
		approved. A next reload that would boot something else than now is a FAIL even if it was approved. An empty list is a
		FAIL (medium) unless it was approved: the device then boots the first image that it finds.`,
	Evidence: "What the platform says about its boot, such as show bootvar, show boot, show boot system, show boot-config, display startup; and the boot lines of both configurations.",
	Attacker: `Puts an old image in front of the good one, changes the startup configuration alone, or sets what
		the next reload boots and waits for the maintenance window.`,
	Next:     "Find out who changed it (AAA accounting: boot system); put the approved list back before anybody reloads the device.",
	software: true,
	check:    checkBootVariableList,
}

func checkBootVariableList(j *judgement) []Finding {
	lists, whole := j.observed.bootLists()
	if !whole {
		return []Finding{notAssessed("", facts.ParseIncomplete, "a boot list has a hole or an entry without a place: what would boot first is not known")}
	}
	var found []Finding
	wanted, _ := j.approved.bootLists()
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		if !slices.ContainsFunc(slices.Concat(lists, wanted), func(l bootList) bool { return l.kind == kind }) {
			found = append(found, j.unstated("", facts.Fact{Kind: kind}))
		}
	}
	found = append(found, j.judgeLists(lists)...)
	if j.Approved != nil {
		found = append(found, j.listsUnstated(lists)...)
		found = append(found, j.entriesUnstated(lists)...)
	}
	found = append(found, j.judgeBootCommands()...)
	if len(found) == 0 {
		found = j.unread(facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand, facts.StartupBootCommand)
	}
	switch {
	case j.Approved == nil:
		return append(found, j.noBaseline(facts.BootVariable, facts.NextBootVariable))
	case len(found) > 0:
		return found
	}
	var evidence []facts.Fact
	for _, l := range lists {
		evidence = append(evidence, l.entries...)
	}
	message := fmt.Sprintf("the boot list is %s now and at the next reload, %s", lists[0].words(), j.unchanged())
	return []Finding{j.against(strings.Join(lists[0].values(), ";"), passed("", message, evidence...))}
}

// A faultyList is a boot list and all that is wrong with it: one change of a boot variable breaks
// several of the rule's conditions, and is one finding.
type faultyList struct {
	list          bootList
	faults        []string
	others        []facts.Fact // evidence beside the list's own
	contradiction bool
	severity      Severity
	expected      *Expectation
}

// judgeLists holds each boot list against the approval, the device and the other lists.
func (j *judgement) judgeLists(lists []bootList) []Finding {
	var faulty []*faultyList
	byContent := map[string]*faultyList{}
	// Now and next reload with the same list have the same faults: they are judged together.
	at := func(l bootList) *faultyList {
		content := l.component + "\n" + strings.Join(l.values(), "\n")
		if byContent[content] == nil {
			byContent[content] = &faultyList{list: l}
			faulty = append(faulty, byContent[content])
		}
		return byContent[content]
	}
	active := j.observed.activeProcessor(lists)
	for _, l := range lists {
		j.listAgainstApproval(at(l), l)
		if l.processor == active {
			j.listAgainstDevice(at(l))
		}
	}
	for i, l := range lists {
		first := slices.IndexFunc(lists, func(f bootList) bool { return f.component == l.component })
		if own := lists[first]; first != i && !j.paths.sameList(own.values(), l.values()) {
			// What somebody approved is not the one at fault.
			wrong, right := at(l), own
			if wrong.expected == nil && at(own).expected != nil {
				wrong, right = at(own), l
			}
			wrong.fault(fmt.Sprintf("%s it is %s (%s)", right.when(), right.words(), quote(right.command)), right.entries...)
			wrong.contradiction = wrong.contradiction || l.kind == own.kind
		}
		reference := slices.IndexFunc(lists, func(f bootList) bool { return f.processor == active && f.part == l.part })
		if l.processor != active && i == first && reference >= 0 && !j.paths.sameList(lists[reference].values(), l.values()) {
			at(l).fault("the active processor's is "+lists[reference].words(), lists[reference].entries...)
		}
	}
	var found []Finding
	for _, f := range faulty {
		if len(f.faults) == 0 {
			continue
		}
		message := fmt.Sprintf("the boot list%s is %s %s; %s", of(f.list.component), f.list.words(), f.list.when(), strings.Join(f.faults, "; "))
		finding := failed(listSubject(f.list), message, append(slices.Clone(f.list.entries), f.others...)...)
		finding.Contradiction, finding.Severity, finding.Expected = f.contradiction, f.severity, f.expected
		found = append(found, finding)
	}
	return found
}

func (f *faultyList) fault(words string, evidence ...facts.Fact) {
	if !slices.Contains(f.faults, words) {
		f.faults = append(f.faults, words)
		f.others = append(f.others, evidence...)
	}
}

// listAgainstApproval compares a list with the approved one of the same processor and time. An empty
// one that nobody approved is a lesser fault: the device boots the first image that it finds.
func (j *judgement) listAgainstApproval(f *faultyList, l bootList) {
	wanted, whole := j.approved.bootLists()
	i := slices.IndexFunc(wanted, func(w bootList) bool { return w.kind == l.kind && w.component == l.component })
	switch {
	case whole && i >= 0 && !j.paths.sameList(wanted[i].values(), l.values()):
		words := fmt.Sprintf("%s: %s", j.approvedOn(), wanted[i].words())
		if added := slices.DeleteFunc(l.values(), func(p string) bool {
			return slices.ContainsFunc(wanted[i].values(), func(w string) bool { return j.paths.same(p, w) })
		}); len(added) > 0 {
			words += j.agesOf(added[0])
		}
		f.fault(words)
		f.expected = &Expectation{Value: strings.Join(wanted[i].values(), ";"), Provenance: j.Approved.Provenance, Since: j.since()}
	case l.empty && i < 0:
		f.fault("nobody approved that")
	default:
		return
	}
	if l.empty {
		f.severity = Medium
	}
}

// listAgainstDevice compares the active processor's list with what runs and what lies on the device.
func (j *judgement) listAgainstDevice(f *faultyList) {
	if f.list.empty {
		return
	}
	first := f.list.entries[0]
	if running, ok := j.observed.first(facts.RunningImage, f.list.part); ok && !j.boots(first.Value, running.Value) {
		f.fault(fmt.Sprintf("%s runs and is not its first entry", quote(running.Value)), running)
	}
	for _, entry := range f.list.entries {
		if remote(entry.Value) || j.wholeSystem(entry.Value) {
			continue
		}
		if _, where := j.observed.locate(entry.Value); where == absent {
			f.fault(quote(entry.Value) + " is not on the device")
		}
	}
}

// agesOf remarks that the version in an image's name is older than the running one.
func (j *judgement) agesOf(path string) string {
	version, ok := j.versionInName(path)
	running, known := j.observed.first(facts.RunningVersion, "")
	if !ok || !known {
		return ""
	}
	if order, _ := j.order(version, running.Value); order == facts.Older {
		return fmt.Sprintf("; the name of %s says %s, older than the running %s", quote(path), quote(version), quote(running.Value))
	}
	return ""
}

// listsUnstated reports the approved lists that no reply states any more, and those that nothing was approved for.
func (j *judgement) listsUnstated(lists []bootList) []Finding {
	wanted, whole := j.approved.bootLists()
	switch {
	case len(wanted) == 0 && len(lists) == 0:
		return nil // that there is none is told
	case !whole || len(wanted) == 0:
		return []Finding{notAssessed("", facts.NoBaseline, "the approval holds no whole boot list")}
	}
	var found []Finding
	for _, want := range wanted {
		if !slices.ContainsFunc(lists, func(l bootList) bool {
			return l.kind == want.kind && l.component == want.component && l.command == want.command
		}) {
			found = append(found, j.unstated(listSubject(want), want.entries[0]))
		}
	}
	for _, l := range lists {
		if !l.empty && !slices.ContainsFunc(wanted, func(w bootList) bool { return w.kind == l.kind && w.component == l.component }) {
			found = append(found, notAssessed(listSubject(l), facts.NoBaseline,
				fmt.Sprintf("the boot list%s is %s %s; none was %s", of(l.component), l.words(), l.when(), j.approvedOn())))
		}
	}
	return found
}

// entriesUnstated reports the listed files and partitions that were on the device when the list was approved, and of which no
// reply says any more whether they are there.
func (j *judgement) entriesUnstated(lists []bootList) []Finding {
	var found []Finding
	told := map[string]bool{}
	active := j.observed.activeProcessor(lists)
	for _, l := range lists {
		for _, entry := range l.values() {
			if l.processor != active || told[entry] {
				continue
			}
			want, before := j.approved.locate(entry)
			if _, where := j.observed.locate(entry); before == present && where == unknown {
				told[entry] = true
				found = append(found, j.unstated(entry, want))
			}
		}
	}
	return found
}

func listSubject(l bootList) string {
	return strings.TrimSpace(l.component + " " + string(l.kind))
}

// judgeBootCommands compares the boot lines of the running and the startup configuration with each
// other and with the approved ones. Most devices have some; some boot well without.
func (j *judgement) judgeBootCommands() []Finding {
	running, startup := j.bootCommands(j.observed, facts.RunningBootCommand), j.bootCommands(j.observed, facts.StartupBootCommand)
	var found []Finding
	unstated := false
	for _, kind := range []facts.Kind{facts.RunningBootCommand, facts.StartupBootCommand} {
		got, want := j.bootCommands(j.observed, kind), j.bootCommands(j.approved, kind)
		switch {
		case len(got) == 0 && !j.asked(kind):
			if _, gap := j.observed.gap(kind, "", ""); gap || len(want) > 0 || len(running)+len(startup) > 0 {
				unstated = true
				found = append(found, j.unstated(string(kind), firstOr(j.approved.all(kind), facts.Fact{Kind: kind})))
			}
		case j.given == nil && len(want) == 0 && len(got) > 0 && j.Approved != nil: // images are approved, and no boot commands
			found = append(found, notAssessed(string(kind), facts.NoBaseline, fmt.Sprintf("the %ss are %s; they name something else than approved images", kind, listOrNone(got))))
		case j.Approved != nil && !slices.Equal(got, want):
			message := fmt.Sprintf("the %ss are %s; %s: %s", kind, listOrNone(got), j.approvedOn(), listOrNone(want))
			f := failed(string(kind), message, j.observed.all(kind)...)
			found = append(found, j.against(strings.Join(want, "; "), f))
		}
	}
	if !unstated && !slices.Equal(running, startup) {
		message := fmt.Sprintf("the running configuration boots with %s, the startup configuration with %s", listOrNone(running), listOrNone(startup))
		evidence := slices.Concat(j.observed.all(facts.StartupBootCommand), j.observed.all(facts.RunningBootCommand))
		found = append(found, failed("boot commands", message, evidence...))
	}
	return found
}

// asked reports whether the device was asked for facts of this kind and gave a usable answer: it
// stated some, or the command that stated them when they were approved or last seen was answered.
func (j *judgement) asked(kind facts.Kind) bool {
	if len(j.observed.all(kind)) > 0 {
		return true
	}
	for _, v := range []*visit{j.approved, j.previous} {
		for _, f := range v.all(kind) {
			if j.observed.answered(f.Command) {
				return true
			}
		}
	}
	return false
}

// bootCommands returns the boot lines of one configuration in their order, blanks aside.
func (j *judgement) bootCommands(v *visit, kind facts.Kind) []string {
	lines := slices.Clone(v.all(kind))
	slices.SortStableFunc(lines, func(a, b facts.Fact) int { return place(a) - place(b) })
	var commands []string
	for _, f := range lines {
		commands = append(commands, strings.Join(strings.Fields(f.Value), " "))
	}
	return commands
}

func listOrNone(texts []string) string {
	if len(texts) == 0 {
		return "no line"
	}
	return quoteList(texts)
}

func firstOr(all []facts.Fact, otherwise facts.Fact) facts.Fact {
	if len(all) > 0 {
		return all[0]
	}
	return otherwise
}
