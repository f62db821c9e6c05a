package compare

import (
	"fmt"
	"regexp"
	"slices"

	"trueboot/baseline"
	"trueboot/facts"
)

var approvedVersion = Rule{
	Control:  "NDI-VR-01",
	Name:     "approved-version",
	Title:    "Version approved and supported",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.002"},
	Guidance: []string{aa23270A, visibility2024, hardening2013},
	Checks: `The running version, and that of every component, is the approved one, compared as versions and not as text:
		17.09.04a is 17.9.4a. An approval of images for many devices counts where the device runs one of
		them. No version is older than a policy's least one or forbidden by it, whatever was approved. An interim, engineering or special build
		is a FAIL unless it was approved as such. Where advisories were imported (trueboot advisories), no version is one that a vulnerability is
		in, which is critical where CISA lists it as exploited, and no model or version is beyond its support.`,
	Evidence: "What the platform says about the versions of the system and its components, such as show version, show platform, show module.",
	Attacker: `Installs another release, usually an older one (then NDI-VR-02 fails too); or a newer one that hides a patched
		image.`,
	Next:     "Look for the upgrade in change records; approve the new version, or go back to the approved one.",
	software: true,
	check:    checkApprovedVersion,
}

var (
	// RELEASE SOFTWARE
	// EARLY DEPLOYMENT RELEASE SOFTWARE
	// GA.M
	// Feature
	// Final
	// Hotfix HF6
	// MR3 Patch 15
	productionBuild = regexp.MustCompile(`(?i)\brelease\b|^GA\b|^(?:production|feature|final|maintenance)$|^hotfix(?: HF)?\d*$|^MR\d+(?: patch \d+)?$`)

	// EARLY DEPLOYMENT MAINTENANCE INTERIM SOFTWARE
	// TEST ENGINEERING ESTG_WEEKLY BUILD
	// CUST-SPECIAL
	developmentBuild = regexp.MustCompile(`(?i)experimental|engineering|development|interim|special|weekly|\btest\b|\balpha\b|\bbeta\b|\bdemo\b|candidate|non-ga`)
)

func checkApprovedVersion(j *judgement) []Finding {
	found := slices.Concat(j.judgeReleaseType(), j.judgePolicies(), j.judgeAdvisories())
	kinds := []facts.Kind{facts.RunningVersion, facts.ComponentVersion}
	if j.Approved == nil {
		return append(found, j.noBaseline(kinds...))
	}
	var equal []facts.Fact
	for _, kind := range kinds {
		d := j.deviations(kind, j.sameVersion, nil)
		for _, c := range d.changed {
			found = append(found, j.versionChanged(c))
		}
		for _, a := range d.missing {
			found = append(found, j.unstated(a.Subject, a))
		}
		for i, o := range slices.Concat(d.added, d.unknown) {
			message := fmt.Sprintf("%s is %s; none was %s", describe(o), quote(o.Value), j.approvedOn())
			switch {
			case j.versionApproved(o.Value): // a component that is new is NDI-HW-01's
				equal = append(equal, o)
			case i < len(d.added):
				found = append(found, failed(o.Subject, message, o))
			default:
				found = append(found, notAssessed(o.Subject, facts.NoBaseline, message))
			}
		}
		equal = append(equal, d.equal...)
	}
	if len(found) == 0 {
		found = j.unread(kinds...)
	}
	switch {
	case len(found) > 0:
		return found
	case !hasKind(equal, facts.RunningVersion):
		if len(j.observed.all(facts.RunningVersion)) > 0 {
			return []Finding{notAssessed("", facts.NoBaseline, "the approval holds no running version")}
		}
		return []Finding{j.unstated("", facts.Fact{Kind: facts.RunningVersion})}
	}
	message := fmt.Sprintf("runs %s, %s, on every component that states a version%s", quote(equal[0].Value), j.unchanged(), j.advisoriesAsOf())
	return []Finding{j.against(equal[0].Value, passed("", message, equal...))}
}

// sameVersion reports whether two texts are one version.
func (j *judgement) sameVersion(a, b string) bool {
	order, _ := j.order(a, b)
	return a == b || order == facts.Same
}

// versionApproved reports whether the version is the one that was approved to run.
func (j *judgement) versionApproved(version string) bool {
	return slices.ContainsFunc(j.approved.find(facts.RunningVersion, ""), func(a facts.Fact) bool { return j.sameVersion(version, a.Value) })
}

func (j *judgement) versionChanged(c change) Finding {
	subject := describe(c.observed)
	order, why := j.order(c.observed.Value, c.approved.Value)
	stands := "another version than the one"
	switch order {
	case facts.Older:
		stands = "older than the one"
	case facts.Newer:
		stands = "newer than the one"
	case facts.Incomparable, facts.Same:
	}
	message := fmt.Sprintf("%s is %s, %s %s: %s", subject, quote(c.observed.Value), stands, j.approvedOn(), quote(c.approved.Value))
	if order == facts.Incomparable && why != "" {
		message += " (" + quote(why) + ")"
	}
	return j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed))
}

// judgeReleaseType reports a build that is no release, and a type of build that is not known. The type that was
// approved is fine.
func (j *judgement) judgeReleaseType() []Finding {
	var found []Finding
	for _, f := range j.observed.all(facts.ReleaseType) {
		approved := slices.ContainsFunc(j.approved.find(facts.ReleaseType, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
		switch {
		case approved:
		case developmentBuild.MatchString(f.Value) || !productionBuild.MatchString(f.Value):
			message := fmt.Sprintf("runs a build of type %s, which is no release for production", quote(f.Value))
			found = append(found, ruled("a production release", failed(factSubject(f), message, f)))
		}
	}
	for _, a := range j.approved.all(facts.ReleaseType) {
		if !slices.ContainsFunc(j.observed.find(facts.ReleaseType, a.Subject), func(o facts.Fact) bool { return o.Command == a.Command }) {
			found = append(found, j.unstated(factSubject(a), a))
		}
	}
	return found
}

// judgePolicies holds the running versions against what policies say about this device. It needs no baseline.
func (j *judgement) judgePolicies() []Finding {
	var found []Finding
	for _, p := range j.Decisions.PoliciesFor(j.Member) {
		about := fmt.Sprintf("policy %d for %s, %s", p.Number, quote(p.Scope.String()), quote(p.Reason))
		running := j.observed.all(facts.RunningVersion)
		if len(running) == 0 && (p.Minimum != "" || len(p.Forbidden) > 0) {
			return append(found, j.unstated("", facts.Fact{Kind: facts.RunningVersion}))
		}
		for _, f := range running {
			forbidden := slices.IndexFunc(p.Forbidden, func(v string) bool { return baseline.Like(v, f.Value) || j.sameVersion(f.Value, v) })
			if forbidden >= 0 {
				message := fmt.Sprintf("runs %s, which is forbidden (%s)", quote(f.Value), about)
				found = append(found, ruled("not "+p.Forbidden[forbidden], failed(f.Subject, message, f)))
			}
			if p.Minimum == "" {
				continue
			}
			switch order, why := j.order(f.Value, p.Minimum); order {
			case facts.Older:
				message := fmt.Sprintf("runs %s, older than the least version %s (%s)", quote(f.Value), quote(p.Minimum), about)
				found = append(found, ruled("at least "+p.Minimum, failed(f.Subject, message, f)))
			case facts.Incomparable:
				message := fmt.Sprintf("runs %s, which has no order to the least version %s (%s): %s", quote(f.Value), quote(p.Minimum), about, quote(why))
				found = append(found, notAssessed(f.Subject, facts.NotComparable, message))
			case facts.Same, facts.Newer:
			}
		}
	}
	return found
}
