package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

// Rules about the configuration look at its sections alone that bear on the image: who may do what to the device, what it tells of that, and
// what it runs by itself. A section that was read and holds nothing says so; one that was not read says nothing.

// section reports whether the section on the topic was read, and what became of it.
func (j *judgement) section(topic string) (facts.Fact, bool) {
	return j.observed.first(facts.ConfigurationSection, topic)
}

// unreadSection says that a section was not read, and why.
func (j *judgement) unreadSection(topic string) Finding {
	reason, why := j.absence(facts.Fact{Kind: facts.ConfigurationSection, Subject: topic})
	return notAssessed(topic, reason, fmt.Sprintf("the section of the configuration on %s was not read: %s", topic, why))
}

// traits returns the lines with the trait.
func (j *judgement) traits(trait string) []facts.Fact {
	var found []facts.Fact
	for _, f := range j.observed.all(facts.ConfigurationTrait) {
		if f.HasTrait(trait) {
			found = append(found, f)
		}
	}
	return found
}

// borne reports whether a line is in the approved configuration, letter by letter: somebody looked at it.
func (j *judgement) borne(line string) bool {
	_, approved := j.approved.first(facts.RunningConfigLine, line)
	return approved
}

// forbidden makes a FAIL of each line with the trait that nobody approved.
func (j *judgement) forbidden(trait string, severity Severity, why string) []Finding {
	var found []Finding
	for _, f := range j.traits(trait) {
		if !j.borne(f.Subject) {
			found = append(found, ruled("no such line", graded(severity, failed(f.Subject, fmt.Sprintf("%s: %s", quote(f.Subject), why), f))))
		}
	}
	return found
}

// lacks reports whether the section on a topic was read and no line in it has the trait, and whether that was so when the state was approved: then somebody bears it.
func (j *judgement) lacks(topic, trait string) (section facts.Fact, lacking bool) {
	section, read := j.section(topic)
	if !read || len(j.traits(trait)) > 0 {
		return section, false
	}
	has := func(f facts.Fact) bool { return f.HasTrait(trait) }
	_, approved := j.approved.first(facts.ConfigurationSection, topic)
	return section, !approved || slices.ContainsFunc(j.approved.all(facts.ConfigurationTrait), has)
}

// hiddenSecret is what stands for a secret, with the name of the key under which its digest was made.
//
//	<secret:5f0c:91d3a86f7be0>
var hiddenSecret = regexp.MustCompile(`<secret(?::([0-9a-f]{4}):[0-9a-f]{12}(?::well-known)?)?>`)

// keysOf lists the keys of the secrets in the lines; "" and 0000 are those of a secret without a digest.
func keysOf(lines []facts.Fact) []string {
	var keys []string
	for _, f := range lines {
		if !strings.Contains(f.Subject, "<secret") {
			continue
		}
		for _, m := range hiddenSecret.FindAllStringSubmatch(f.Subject, -1) {
			if !slices.Contains(keys, m[1]) {
				keys = append(keys, m[1])
			}
		}
	}
	return keys
}

// A drift is how the lines of two configurations differ.
type drift struct {
	same, added, gone []facts.Fact
	blind             bool // there are secrets that can't be compared
}

// driftOf compares the lines on the topics as sets: the order within a configuration is the device's own.
func driftOf(before, after []facts.Fact, topics []string) drift {
	pick := func(lines []facts.Fact) []facts.Fact {
		about := aboutTopic(topics...)
		return slices.DeleteFunc(slices.Clone(lines), func(f facts.Fact) bool { return !about(f) })
	}
	before, after = pick(before), pick(after)
	var d drift
	if keys := keysOf(slices.Concat(before, after)); len(keys) > 1 || len(keys) == 1 && (keys[0] == "" || keys[0] == "0000") {
		d.blind = true
		for _, lines := range [][]facts.Fact{before, after} {
			for i := range lines {
				lines[i].Subject = hiddenSecret.ReplaceAllString(lines[i].Subject, "<secret>")
			}
		}
	}
	had, has := map[string]bool{}, map[string]bool{}
	for _, f := range before {
		had[f.Subject] = true
	}
	for _, f := range after {
		switch {
		case has[f.Subject]:
		case had[f.Subject]:
			d.same = append(d.same, f)
		default:
			d.added = append(d.added, f)
		}
		has[f.Subject] = true
	}
	for _, f := range before {
		if !has[f.Subject] {
			d.gone = append(d.gone, f)
			has[f.Subject] = true
		}
	}
	return d
}

// sections holds the lines on the topics against the approved ones. What needs no approval was found before and comes first.
func (j *judgement) sections(what string, found []Finding, topics ...string) []Finding {
	forbidden := found
	var read []facts.Fact
	var known, unknown []string
	for _, topic := range topics {
		section, ok := j.section(topic)
		_, approved := j.approved.first(facts.ConfigurationSection, topic)
		switch {
		case !ok:
			found = append(found, j.unreadSection(topic))
		case approved:
			read, known = append(read, section), append(known, topic)
		default:
			read, unknown = append(read, section), append(unknown, topic)
		}
	}
	switch {
	case len(read) == 0:
		return found
	case j.Approved == nil:
		return append(found, notAssessed("", facts.NoBaseline, "nothing is approved for this device to compare its "+what+" with"))
	case len(unknown) > 0:
		found = append(found, notAssessed("", facts.NoBaseline, "the approval holds nothing on "+strings.Join(unknown, ", ")))
	}
	if len(known) == 0 {
		return found
	}
	d := driftOf(j.approved.all(facts.RunningConfigLine), j.observed.all(facts.RunningConfigLine), known)
	for _, f := range d.added {
		if !slices.ContainsFunc(forbidden, func(told Finding) bool { return told.Subject == f.Subject }) {
			found = append(found, failed(f.Subject, fmt.Sprintf("%s is in the configuration; it was not when the device was %s", quote(f.Subject), j.approvedOn()), f))
		}
	}
	for _, f := range d.gone {
		gone := failed(f.Subject, fmt.Sprintf("%s is gone from the configuration; it was there when the device was %s", quote(f.Subject), j.approvedOn()))
		gone.Tier = f.Tier
		found = append(found, j.against(f.Subject, gone))
	}
	if d.blind {
		found = append(found, notAssessed("", facts.NotComparable, "secrets are hidden under another key than those of the approved visit, or under none, so that a changed one does not show"))
	}
	if len(found) == 0 {
		found = j.unread(facts.RunningConfigLine)
	}
	if len(found) > 0 {
		return found
	}
	evidence := d.same
	if len(evidence) == 0 {
		evidence = read
	}
	return []Finding{j.against(evidence[0].Subject, passed("", fmt.Sprintf("%s: %s, %s", what, count(len(d.same), "line"), j.unchanged()), evidence...))}
}
