package compare

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

var imageDowngrade = Rule{
	Control:  "NDI-VR-02",
	Name:     "image-downgrade",
	Title:    "No downgrade",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.002", "T1600"},
	Guidance: []string{aa23270A, attackDowngrade},
	Checks: `No version, of the system, a component, a boot loader or a partition, is older than the approved one or than the one
		at the last visit, in the platform's own order. It is critical when version, boot list and a reload moved
		together. Where the device says what ran before its last reload, that shows a downgrade too, and one that was
		undone since. A newer version is NDI-VR-01's, a missing patch NDI-PK-01's; two versions without an order are not
		comparable. The last visit counts where it came after the approval, and not during a
		roll-out, while both versions are approved.`,
	Evidence: "What the platform says about the versions of the system and its components, such as show version, show platform, show module, show images.",
	Attacker: `Brings back a genuine old release with a known hole or weaker cryptography. Signatures hold, since the image is
		genuine. A modified image can state a newer version than it is; NDI-VR-03 looks for what it forgot.`,
	Next:     "Treat it as an intrusion until a change record explains it: keep the running image, note who reloaded the device, then go back to the approved version.",
	software: true,
	check:    checkImageDowngrade,
}

// versionKinds are the kinds of fact whose values are versions with an order.
var versionKinds = []facts.Kind{facts.RunningVersion, facts.ComponentVersion, facts.BootLoaderVersion, facts.Partition}

// A reference is a visit whose versions must not be undercut.
type reference struct {
	*visit
	words    string    // "approved on 2026-11-20"
	at       time.Time // when that visit took place
	approval bool
}

func checkImageDowngrade(j *judgement) []Finding {
	references := j.references()
	if len(references) == 0 {
		return append(j.beforeReload(nil), j.noBaseline(versionKinds...))
	}
	var found []Finding
	var evidence []facts.Fact
	told := map[string]bool{}
	for _, r := range references {
		for _, kind := range versionKinds {
			for _, before := range r.all(kind) {
				f, now, wrong := j.judgeStep(r, before)
				key := f.Message
				if f.Verdict == Fail { // once against the approval is enough
					key = string(kind) + " " + before.Subject
				}
				switch {
				case !wrong:
					evidence = append(evidence, now...)
				case !told[key]:
					told[key] = true
					found = append(found, f)
				}
			}
		}
	}
	found = append(found, j.beforeReload(references)...)
	var words []string
	for _, r := range references {
		words = append(words, r.words)
	}
	switch {
	case len(found) > 0:
		return found
	case len(evidence) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.RunningVersion})}
	case j.Approved == nil:
		return []Finding{notAssessed("", facts.NoBaseline, fmt.Sprintf("no version is older than that %s; nothing is approved for this device", strings.Join(words, " or that ")))}
	}
	message := fmt.Sprintf("runs %s; of %s none is older than that %s", quote(evidence[0].Value), count(len(evidence), "comparison"), strings.Join(words, " or that "))
	return []Finding{j.against(evidence[0].Value, passed("", message, evidence...))}
}

// references returns the approval and the last visit. A visit from before the approval has nothing more to
// say: whoever approved an older version since then meant it.
func (j *judgement) references() []reference {
	var all []reference
	if j.Approved != nil {
		all = append(all, reference{j.approved, j.approvedOn(), j.Approved.SeenAt, true})
	}
	if j.Previous != nil && !j.rollingOut() && (j.Approved == nil || j.Previous.Time.After(j.Approved.At)) {
		all = append(all, reference{j.previous, "seen on " + minute(j.Previous.Time), j.Previous.Time, false})
	}
	return all
}

// judgeStep holds the present statements of a version against an earlier one. It returns true and a finding where
// something is wrong, and otherwise the statements.
func (j *judgement) judgeStep(r reference, before facts.Fact) (Finding, []facts.Fact, bool) {
	var evidence []facts.Fact
	stated := false
	for _, now := range j.observed.find(before.Kind, before.Subject) {
		stated = stated || now.Command == before.Command
		switch order, why := j.order(now.Value, before.Value); {
		case order == facts.Older:
			return j.downgraded(r, before, now), nil, true
		case order == facts.Incomparable && now.Value != before.Value:
			message := fmt.Sprintf("%s is %s, which has no order to the %s %s: %s", describe(now), quote(now.Value), quote(before.Value), r.words, quote(why))
			return notAssessed(now.Subject, facts.NotComparable, message), nil, true
		}
		evidence = append(evidence, now)
	}
	if !stated {
		return j.unstated(before.Subject, before), nil, true
	}
	return Finding{}, evidence, false
}

func (j *judgement) downgraded(r reference, before, now facts.Fact) Finding {
	message := fmt.Sprintf("%s is %s, older than the %s %s", describe(now), quote(now.Value), quote(before.Value), r.words)
	f := failed(now.Subject, message, now)
	f.Expected = &Expectation{Value: before.Value, Since: r.at}
	if r.approval {
		f = j.against(before.Value, f)
	}
	runs := before.Kind == facts.RunningVersion || before.Kind == facts.ComponentVersion
	if runs && j.bootListMoved(r) && j.rebootedAfter(r.at) {
		f.Severity = Critical
		f.Message += "; the boot list changed and the device was reloaded since"
	}
	return f
}

// beforeReload judges what ran before the last reload. An older version runs now: a downgrade, unless what runs is approved.
// Or it was older than a reference, which did not know it: the device was downgraded and went forward again.
func (j *judgement) beforeReload(references []reference) []Finding {
	var found []Finding
	for _, before := range j.observed.all(facts.PreviousVersion) {
		now, ok := j.observed.first(facts.RunningVersion, before.Subject)
		if !ok {
			continue
		}
		approved := j.Approved != nil && j.approvedVersionRuns()
		if order, _ := j.order(now.Value, before.Value); order == facts.Older && !approved {
			message := fmt.Sprintf("%s is %s, older than the %s that ran before the last reload", describe(now), quote(now.Value), quote(before.Value))
			found = append(found, ruled(before.Value, failed(string(before.Kind), message, now, before)))
			continue
		}
		for _, r := range references {
			then, stated := r.first(facts.RunningVersion, before.Subject)
			known := slices.ContainsFunc(r.find(before.Kind, before.Subject), func(f facts.Fact) bool { return f.Value == before.Value })
			if order, _ := j.order(before.Value, then.Value); stated && !known && order == facts.Older {
				message := fmt.Sprintf("before its last reload the device ran %s, older than the %s %s", quote(before.Value), quote(then.Value), r.words)
				found = append(found, ruled(then.Value, failed(string(before.Kind), message, before)))
				break
			}
		}
	}
	return found
}

// bootListMoved reports whether a processor boots other files than at the reference.
func (j *judgement) bootListMoved(r reference) bool {
	now, _ := j.observed.bootLists()
	then, _ := r.bootLists()
	for _, l := range now {
		for _, before := range then {
			if l.kind == before.kind && l.component == before.component && !j.paths.sameList(l.values(), before.values()) {
				return true
			}
		}
	}
	return false
}

// rebootedAfter reports whether the device started after that moment.
func (j *judgement) rebootedAfter(at time.Time) bool {
	uptime, ok := j.observed.first(facts.Uptime, "")
	if !ok || at.IsZero() {
		return false
	}
	booted, ok := j.observed.bootTime(uptime)
	return ok && booted.After(at)
}

// rollingOut reports whether what ran at the last visit and what runs now are both approved by approvals of images, or one of them by the
// device's own: while old and new are both valid, going back is no downgrade.
func (j *judgement) rollingOut() bool {
	valid := j.Decisions.ImagesFor(j.Member, j.Now)
	if len(valid) == 0 {
		return false
	}
	approved := func(version string) bool {
		if j.given != nil && j.sameVersion(version, j.given.Set().Value(facts.RunningVersion)) {
			return true
		}
		return slices.ContainsFunc(valid, func(a baseline.ImageApproval) bool {
			return slices.ContainsFunc(a.Images, func(i baseline.ApprovedImage) bool { return j.sameVersion(version, i.Version) })
		})
	}
	return approved(j.Observed.Value(facts.RunningVersion)) && approved(j.Previous.Value(facts.RunningVersion))
}
