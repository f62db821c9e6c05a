package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

// explain notes on the FAILs which plan of a change they follow from. A plan explains what it says and no more, within its window, and no contradiction: two
// statements that exclude each other follow from no plan.
func (j *judgement) explain(findings []Finding) {
	var plans []baseline.Plan
	for _, c := range j.Decisions.PlansFor(j.Member) {
		if c.During(j.Now) {
			plans = append(plans, c)
		}
	}
	if len(plans) == 0 {
		return
	}
	others := 0 // FAILs that nothing explains
	explainedBy := ""
	for i := range findings {
		f := &findings[i]
		if f.Verdict != Fail || f.Control == approvedChanges.Control {
			continue
		}
		for _, c := range plans {
			if !f.Contradiction && j.planned(*f, c) {
				f.ExplainedBy = fmt.Sprintf("change %d (%s)", c.Number, c.Ticket)
				explainedBy = f.ExplainedBy
				break
			}
		}
		if f.Open() {
			others++
		}
	}
	for i := range findings {
		// That something moved at all is explained where everything that moved is.
		if f := &findings[i]; f.Control == approvedChanges.Control && f.Verdict == Fail && others == 0 && explainedBy != "" {
			f.ExplainedBy = explainedBy
		}
	}
}

// planned reports whether a FAIL is a difference that the plan says.
func (j *judgement) planned(f Finding, c baseline.Plan) bool {
	observed := ""
	if f.Observed != nil {
		observed = f.Observed.Value
	}
	version := func(v string) bool { return c.To.Version != "" && j.sameVersion(v, c.To.Version) }
	image := func(file string) bool {
		name := baseline.FileName(file)
		return name != "" && (strings.EqualFold(name, c.To.ImageName()) || slices.ContainsFunc(c.To.Boot, func(b string) bool { return strings.EqualFold(baseline.FileName(b), name) }))
	}
	ofNew := func(file string) bool {
		v, ok := j.versionInName(file)
		return image(file) || ok && version(v)
	}
	ofOld := func(file string) bool {
		v, ok := j.versionInName(file)
		return strings.EqualFold(baseline.FileName(file), c.From.ImageName()) && file != "" || ok && c.From.Version != "" && j.sameVersion(v, c.From.Version)
	}
	switch f.Control {
	case approvedVersion.Control, imageDowngrade.Control:
		return version(observed) || c.To.BootLoader != "" && j.sameVersion(observed, c.To.BootLoader) || ofNew(observed)
	case bootLoaderVersion.Control:
		return c.To.BootLoader != "" && j.sameVersion(observed, c.To.BootLoader)
	case configurationRegister.Control:
		return c.To.Register != "" && sameRegister(observed, c.To.Register)
	case bootVariableList.Control:
		return j.bootsAsPlanned(c, func(file string) bool { return ofNew(file) || c.Old != "removed" && ofOld(file) })
	case runningImage.Control, versionCoherence.Control:
		return ofNew(observed)
	case approvedImagePresent.Control, imageDigest.Control:
		return ofNew(f.Subject) && f.Severity != Critical || c.Old != "kept" && ofOld(f.Subject) && f.Observed == nil
	case unknownFiles.Control:
		name := baseline.FileName(f.Subject)
		if name == "" || !isPath(f.Subject) || directoryOf(j.paths.canonical(f.Subject)) == "" {
			return f.Severity == Low // an installer keeps what no listing shows: the space of a file system
		}
		return ofNew(f.Subject) || c.Old != "kept" && ofOld(f.Subject) || slices.ContainsFunc(c.Files, func(pattern string) bool { return baseline.Like(pattern, name) })
	case supersededImage.Control:
		return c.Old != "removed" && ofOld(f.Subject)
	case packageSet.Control, uncommittedPackage.Control:
		if c.To.HasPackage(f.Subject) && f.Observed != nil || c.From.HasPackage(f.Subject) && !c.To.HasPackage(f.Subject) && f.Observed == nil {
			return true
		}
		return version(observed) || ofNew(f.Subject) || ofOld(f.Subject) || j.namesVersion(f.Subject, c.To.Version) || j.namesVersion(f.Subject, c.From.Version)
	case installHistory.Control:
		return c.To.Version != "" || c.To.Image != "" || len(c.To.Packages)+len(c.From.Packages) > 0
	case reloadExplained.Control:
		return j.bootedDuring(f.Subject, c)
	case signerIdentity.Control:
		return f.Severity == Low && (f.Subject == "running" || ofNew(f.Subject))
	case fallbackTargets.Control:
		return version(observed) || c.From.Version != "" && j.sameVersion(observed, c.From.Version)
	}
	return false
}

// bootsAsPlanned reports whether nothing boots but what the plan says: a finding about a boot list shows one entry of it, and another may be the attacker's.
func (j *judgement) bootsAsPlanned(c baseline.Plan, planned func(file string) bool) bool {
	lists, whole := j.observed.bootLists()
	for _, l := range lists {
		values := l.values()
		for _, entry := range values {
			if !planned(entry) {
				return false
			}
		}
		if len(c.To.Boot) > 0 && (!whole || !slices.EqualFunc(values, c.To.Boot, func(got, want string) bool { return strings.EqualFold(baseline.FileName(got), baseline.FileName(want)) })) {
			return false
		}
	}
	for _, kind := range []facts.Kind{facts.RunningBootCommand, facts.StartupBootCommand} {
		for _, f := range j.observed.all(kind) {
			// boot system bootflash:isr4300-universalk9.17.09.04a.SPA.bin
			words := strings.Fields(f.Value)
			if !planned(words[len(words)-1]) && !j.borneCommand(f) {
				return false
			}
		}
	}
	return true
}

// borneCommand reports whether a boot command was approved word by word.
func (j *judgement) borneCommand(f facts.Fact) bool {
	return slices.ContainsFunc(j.approved.all(f.Kind), func(a facts.Fact) bool { return a.Value == f.Value })
}

// namesVersion reports whether a word of a package's name is the version, or that with more numbers behind it.
//
//	IMG 17.06.03.0.4872
func (j *judgement) namesVersion(name, version string) bool {
	if version == "" {
		return false
	}
	for word := range strings.FieldsSeq(name) {
		for word != "" {
			if j.sameVersion(word, version) {
				return true
			}
			i := strings.LastIndexByte(word, '.')
			word = word[:max(i, 0)]
		}
	}
	return false
}

// bootedDuring reports whether a processor started within the window.
func (j *judgement) bootedDuring(processor string, c baseline.Plan) bool {
	for _, f := range j.observed.find(facts.Uptime, processor) {
		if booted, ok := j.observed.bootTime(f); ok && c.During(booted) {
			return true
		}
	}
	return false
}

// overdue reports plans whose window has passed and that were not carried out on this device.
func (j *judgement) overdue() []Finding {
	var found []Finding
	for _, c := range j.Decisions.PlansFor(j.Member) {
		if !c.Over(j.Now) || c.To.Version == "" {
			continue
		}
		for _, f := range j.observed.find(facts.RunningVersion, "") {
			if !j.sameVersion(f.Value, c.To.Version) {
				message := fmt.Sprintf("change %d (%s) was to bring the device to %s by %s, and it runs %s", c.Number, quote(c.Ticket), quote(c.To.Version), minute(c.End), quote(f.Value))
				finding := ruled(c.To.Version, failed("change "+fmt.Sprint(c.Number), message, f))
				finding.Next = "Carry the change out in a new window, or close the plan: trueboot change close."
				found = append(found, finding)
				break
			}
		}
	}
	return found
}
