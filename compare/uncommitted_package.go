package compare

import (
	"fmt"
	"regexp"
	"strings"

	"trueboot/facts"
)

var uncommittedPackage = Rule{
	Control:  "NDI-PK-02",
	Name:     "uncommitted-package",
	Title:    "No half-finished state",
	Pillar:   "F/P",
	Severity: Medium,
	ATTACK:   []string{"T1601"},
	Guidance: []string{iosXEForensics, installModel},
	Checks: `No package is activated or deactivated without being committed, no partition is being changed, and no rollback timer runs. This needs no
		baseline: a healthy device is not in the middle of an installation. A state that is not known is not assessed.`,
	Evidence: "The state of each package, such as show install summary states it (U and D, auto abort timer), or active against committed; the states of partitions (PENDING-CHANGE).",
	Attacker: "Activates a package without committing it, so that a reload wipes the traces, or stages one for the next reload.",
	Next:     "Find the installation in the device's install log; finish it (commit) or abort it under a ticket.",
	check:    checkUncommittedPackage,
}

var (
	// RUNNING-ACTIVE
	// complete
	// rollback boot version
	settledPartition = regexp.MustCompile(`^(?i:(?:running-)?active|inactive|ready|revertable|complete|installed|valid|empty|none|yes|no|default|standby|primary|backup|current|previous|(?:running|rollback boot) version)$`)

	// PENDING-CHANGE
	// installing 34.000 pct
	// next boot version
	unsettledPartition = regexp.MustCompile(`(?i)pending|progress|installing|\bpct\b|staged|fail|incomplete|testing|uncommitted|^next boot`)
)

func checkUncommittedPackage(j *judgement) []Finding {
	var found []Finding
	var evidence []facts.Fact
	for _, f := range j.observed.all(facts.PackageState) {
		switch {
		case strings.Contains(f.Value, "uncommitted"):
			found = append(found, ruled("committed or inactive", failed(f.Subject, fmt.Sprintf("package %s is %s", quote(f.Subject), quote(f.Value)), f)))
		case f.Value == "activated and committed" || f.Value == "inactive" || f.Value == noPackage:
			evidence = append(evidence, f)
		default:
			found = append(found, notAssessed(f.Subject, facts.NotComparable, fmt.Sprintf("package %s is %s, a state that is not known", quote(f.Subject), quote(f.Value))))
		}
	}
	for _, f := range j.observed.all(facts.RollbackTimer) {
		if f.Value != "inactive" {
			subject := strings.TrimSpace("rollback timer " + f.Subject)
			found = append(found, ruled("inactive", failed(subject, fmt.Sprintf("a rollback timer runs: %s", quote(f.Value)), f)))
			continue
		}
		evidence = append(evidence, f)
	}
	for _, f := range j.observed.all(facts.PartitionState) {
		switch {
		case unsettledPartition.MatchString(f.Value):
			found = append(found, ruled("a settled partition", failed(f.Subject, fmt.Sprintf("partition %s is %s", quote(f.Subject), quote(f.Value)), f)))
		case settledPartition.MatchString(f.Value):
			evidence = append(evidence, f)
		default:
			found = append(found, notAssessed(f.Subject, facts.NotComparable, fmt.Sprintf("partition %s is %s, a state that is not known", quote(f.Subject), quote(f.Value))))
		}
	}
	for _, kind := range []facts.Kind{facts.PackageState, facts.RollbackTimer, facts.PartitionState} {
		for _, a := range j.deviations(kind, equalText, nil).missing {
			// A package that is gone is NDI-PK-01's; the reply that lists the others shows that.
			if kind != facts.PackageState || !j.observed.answered(a.Command) || len(evidence) == 0 {
				found = append(found, j.unstated(a.Subject, a))
			}
		}
	}
	differ, agree := j.activeAgainstCommitted()
	found, evidence = append(found, differ...), append(evidence, agree...)
	if len(found) == 0 {
		found = j.unread(facts.Package, facts.PackageState, facts.CommittedPackage, facts.RollbackTimer, facts.PartitionState)
	}
	switch {
	case len(found) > 0:
		return found
	case !hasKind(evidence, facts.PackageState) && !hasKind(evidence, facts.PartitionState) && !hasKind(evidence, facts.CommittedPackage):
		kind, ok := j.unanswered("", facts.PackageState, facts.CommittedPackage, facts.Package)
		if !ok {
			kind = facts.PackageState
		}
		return []Finding{j.unstated("", facts.Fact{Kind: kind})}
	}
	return []Finding{ruled("committed or inactive", passed("", count(len(evidence), "state")+" of packages, partitions and timers, none half-finished", evidence...))}
}

// activeAgainstCommitted holds the packages whose state is not stated against the list of what the next reload activates. Where the
// platform has no such list, a package without a state is one that was not read.
func (j *judgement) activeAgainstCommitted() (found []Finding, evidence []facts.Fact) {
	committed := j.observed.all(facts.CommittedPackage)
	missing := facts.PackageState
	if _, ok := j.observed.gap(facts.CommittedPackage, "", ""); ok {
		missing = facts.CommittedPackage
	}
	for _, f := range j.observed.all(facts.Package) {
		if _, ok := j.observed.first(facts.PackageState, f.Subject); ok {
			continue
		}
		c, ok := j.observed.first(facts.CommittedPackage, f.Subject)
		switch {
		case len(committed) == 0 && j.hasNoPackageStates():
		case len(committed) == 0:
			found = append(found, j.unstated(f.Subject, facts.Fact{Kind: missing, Subject: f.Subject}))
		case !ok:
			message := fmt.Sprintf("package %s is active and not committed: a reload takes it away", quote(f.Subject))
			found = append(found, ruled("active and committed", failed(f.Subject, message, f)))
		case c.Value != f.Value:
			message := fmt.Sprintf("package %s is active in version %s and committed in version %s: a reload changes it", quote(f.Subject), quote(f.Value), quote(c.Value))
			found = append(found, ruled("active and committed", failed(f.Subject, message, f, c)))
		default:
			evidence = append(evidence, c)
		}
	}
	_, unlisted := j.observed.gap(facts.Package, "", "")
	unlisted = unlisted && len(j.observed.all(facts.Package)) == 0
	for _, c := range committed {
		_, ok := j.observed.first(facts.Package, c.Subject)
		state, _ := j.observed.first(facts.PackageState, c.Subject)
		switch {
		case ok && state.Value != "inactive" || c.Value == noPackage:
		case unlisted: // what is active was not told
			found = append(found, j.unstated(c.Subject, facts.Fact{Kind: facts.Package, Subject: c.Subject}))
		default:
			message := fmt.Sprintf("package %s is committed and not active: the next reload brings it", quote(c.Subject))
			found = append(found, ruled("active and committed", failed(c.Subject, message, c)))
		}
	}
	return found, evidence
}

// hasNoPackageStates reports whether the packages of this platform are there or not, and nothing between: its
// partitions alone can be half-finished then.
func (j *judgement) hasNoPackageStates() bool {
	g, ok := j.observed.gap(facts.PackageState, "", "")
	return ok && g.Reason == facts.PlatformHasNone && len(j.observed.all(facts.PackageState)) == 0 && len(j.approved.all(facts.PackageState)) == 0
}
