package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var channelsAgree = Rule{
	Control:  "NDI-RN-06",
	Name:     "channels-agree",
	Title:    "Channels agree",
	Pillar:   "L",
	Severity: Critical,
	ATTACK:   []string{"T1601.001", "T1601.002"},
	Guidance: []string{attackDowngrade},
	Checks: `What the device states on its command line and over NETCONF is the same: versions, images, boot variables, serial
		numbers, registers, digests. This needs no baseline. What changes by itself (uptime, free space) and what the two
		spell in different forms (times) is not compared.`,
	Evidence: "show commands and their like against NETCONF operations; transport: both in the inventory.",
	Attacker: `Filters what the command line prints, with an event-manager policy, an alias or a patched formatter. Both channels lie
		in the same way where the system below them was changed.`,
	Next:  "Treat the device as compromised: one of its two answers is false. Capture both (trueboot check --record) before anything else, and do not reload.",
	check: checkChannelsAgree,
}

// notCompared are kinds that differ between two honest channels: they change between two questions, or each channel has a
// form of its own for them.
var notCompared = []facts.Kind{
	facts.Uptime, facts.BootTime, facts.FreeSpace, facts.FileTime, facts.FilePermissions, facts.ReloadReason, facts.Component, facts.ComponentState,
	facts.ComponentRole, facts.HardwareVersion, facts.BaseMAC, facts.CompileTime, facts.Channel, facts.HostKey,
}

func checkChannelsAgree(j *judgement) []Finding {
	var found []Finding
	var agreed, evidence []facts.Fact
	incomparable := 0
	for _, f := range j.observed.second {
		if slices.Contains(notCompared, f.Kind) || f.Kind == facts.File && !sortOf(f.Subject).executable() {
			continue // logs and directories grow between two questions
		}
		stated := j.observed.find(f.Kind, f.Subject)
		if isPath(f.Subject) {
			stated = j.observed.aboutFile(f.Kind, f.Subject)
		}
		switch against, outcome := j.agrees(f, stated); outcome {
		case facts.Same:
			agreed, evidence = append(agreed, f), append(evidence, f, against)
		case facts.Incomparable:
			incomparable++
		default:
			message := fmt.Sprintf("the %s is %s on the command line (%s) and %s over NETCONF (%s)",
				describe(f), quote(against.Value), quote(against.Command), quote(f.Value), quote(operation(f.Command)))
			found = append(found, ruled(against.Value, contradicting(failed(strings.TrimSpace(string(f.Kind)+" "+f.Subject), message, f, against))))
		}
	}
	switch {
	case len(found) > 0:
		return found
	case len(agreed) > 0:
		message := fmt.Sprintf("the command line and NETCONF agree on %s", count(len(agreed), "fact"))
		if incomparable > 0 {
			message += fmt.Sprintf(" (%d more have no counterpart)", incomparable)
		}
		f := passed("", message, evidence...)
		f.Tier = facts.E1 // that two channels say so is what was judged
		return []Finding{f}
	}
	return []Finding{j.oneChannel()}
}

// operationName is what an operation asks for: the container of a get, else the operation itself.
//
//	<get><filter type="subtree"><install-oper-data xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-install-oper"/></filter></get>
//	<get-route-engine-information/>
var operationName = regexp.MustCompile(`^<(?:get><filter[^>]*><)?([A-Za-z0-9_.-]+)`)

// operation shortens an operation to its name, for a message; the finding's observation has all of it.
func operation(command string) string {
	if m := operationName.FindStringSubmatch(command); m != nil {
		return m[1]
	}
	return command
}

// agrees holds a fact of the second channel against what the first states about the same subject. Nothing comparable is
// Incomparable; what differs is Newer, and the fact that it differs from comes with it.
func (j *judgement) agrees(f facts.Fact, stated []facts.Fact) (facts.Fact, facts.Order) {
	var differs *facts.Fact
	for i, s := range stated {
		switch j.sameStatement(f, s) {
		case facts.Same:
			return s, facts.Same
		case facts.Incomparable:
		default:
			differs = &stated[i]
		}
	}
	if differs == nil {
		return facts.Fact{}, facts.Incomparable
	}
	return *differs, facts.Newer
}

// sameStatement compares two values of one kind in two channels' spellings.
func (j *judgement) sameStatement(a, b facts.Fact) facts.Order {
	switch {
	case strings.EqualFold(strings.TrimSpace(a.Value), strings.TrimSpace(b.Value)):
		return facts.Same
	case isDigestKind(a.Kind):
		if algorithmOf(a.Value) != algorithmOf(b.Value) {
			return facts.Incomparable
		}
		return facts.Newer
	case isPath(a.Value) && j.paths.same(a.Value, b.Value):
		return facts.Same
	case a.Kind == facts.ConfigRegister || a.Kind == facts.NextConfigRegister:
		if sameRegister(a.Value, b.Value) {
			return facts.Same
		}
		return facts.Newer
	}
	if order, _ := j.order(a.Value, b.Value); order == facts.Same {
		return facts.Same
	}
	return facts.Newer
}

func isDigestKind(kind facts.Kind) bool {
	return slices.Contains([]facts.Kind{facts.ImageDigest, facts.EmbeddedDigest, facts.ComputedDigest, facts.PublishedDigest, facts.MemoryDigest}, kind)
}

func algorithmOf(value string) string {
	algorithm, _, _ := strings.Cut(value, ":")
	return strings.ToLower(algorithm)
}

// oneChannel says why there is nothing to compare.
func (j *judgement) oneChannel() Finding {
	both := slices.ContainsFunc(j.observed.Facts, func(f facts.Fact) bool { return f.Command != "" && !f.OfSecondChannel() })
	if both && len(j.observed.all(facts.Channel)) > 0 {
		return notAssessed("", facts.NotComparable, "the command line and NETCONF state nothing in common")
	}
	if g, ok := j.observed.gap(facts.Channel, "", ""); ok {
		return notAssessed("", g.Reason, "there is no second channel: "+explain(g))
	}
	return notAssessed("", facts.NotCollected, "the device was asked over one channel alone; set transport: both in the inventory where it has a NETCONF server")
}
