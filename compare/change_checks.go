package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

// A ChangeCheck is a row of what "change pre" and "change post" say of a device.
type ChangeCheck struct {
	What    string       `json:"what"`
	Planned string       `json:"planned,omitempty"`
	Before  string       `json:"before,omitempty"` // what was approved
	After   string       `json:"after,omitempty"`  // what the device states
	Verdict Verdict      `json:"verdict"`
	Reason  facts.Reason `json:"reason,omitempty"` // of a NOT-ASSESSED
	Why     string       `json:"why,omitempty"`
}

// packages.conf
// csr1000v-packages-universalk9.03.14.01.S.155-1.S1-std.conf
var provisioningConf = regexp.MustCompile(`(?i)packages[\w.-]*\.conf$`)

// A planCheck is a case at work for a plan.
type planCheck struct {
	*judgement
	plan     baseline.Plan
	findings []Finding
	rows     []ChangeCheck
}

func newPlanCheck(c Case, plan baseline.Plan, findings []Finding) *planCheck {
	return &planCheck{judgement: newJudgement(c), plan: plan, findings: findings}
}

func (p *planCheck) row(what, planned, before, after string, verdict Verdict, why string, a ...any) {
	p.rows = append(p.rows, ChangeCheck{What: what, Planned: planned, Before: before, After: after, Verdict: verdict, Why: fmt.Sprintf(why, a...)})
}

func (p *planCheck) unassessed(what, planned, before string, reason facts.Reason, why string) {
	p.rows = append(p.rows, ChangeCheck{What: what, Planned: planned, Before: before, Verdict: NotAssessed, Reason: reason, Why: why})
}

// verdictOf is PASS where it holds.
func verdictOf(holds bool) Verdict {
	if holds {
		return Pass
	}
	return Fail
}

// PlanBefore says whether a plan can be carried out on a device, and proves what the device is before it. The findings are those of the visit.
func PlanBefore(c Case, plan baseline.Plan, findings []Finding) []ChangeCheck {
	p := newPlanCheck(c, plan, findings)
	if len(c.Observed.Facts) == 0 {
		p.unassessed("the device", "", "", facts.NotCollected, "it said nothing")
		return p.rows
	}
	version := c.Observed.Value(facts.RunningVersion)
	if plan.From.Version != "" {
		p.row("running version", plan.From.Version, p.approvedValue(facts.RunningVersion), version, verdictOf(p.sameVersion(version, plan.From.Version)), "the plan begins with %s", plan.From.Version)
	}
	if plan.To.Version != "" {
		order, why := p.order(plan.To.Version, version)
		words := map[facts.Order]string{facts.Older: "a downgrade, which stays a FAIL that the plan explains", facts.Newer: "an upgrade", facts.Same: "it runs already"}[order]
		if order == facts.Incomparable {
			p.unassessed("target version", plan.To.Version, version, facts.NotComparable, "no order is known: "+why)
		} else {
			p.row("target version", plan.To.Version, "", version, verdictOf(order != facts.Same), "%s", words)
		}
	}
	switch name := plan.To.ImageName(); {
	case name != "":
		p.targetImage(name)
	case plan.To.Version != "":
		p.unassessed("target image", "", "", facts.NoBaseline, "the plan names none: whether it is on the device, known and whole can't be seen")
	}
	if len(plan.From.Boot) > 0 {
		p.bootList("boot list", plan.From.Boot)
	}
	p.packages(plan.From.Packages, plan.To.Packages)
	p.members(version)
	p.controls("no half-finished installation", uncommittedPackage.Control)
	p.unexplained()
	return p.rows
}

func (p *planCheck) approvedValue(kind facts.Kind) string {
	if f, ok := p.approved.first(kind, ""); ok {
		return f.Value
	}
	return ""
}

// targetImage looks for the image that will boot: whether it is there, whole and known, or whether there is room for it.
func (p *planCheck) targetImage(name string) {
	i := slices.IndexFunc(p.observed.all(facts.File), func(f facts.Fact) bool { return strings.EqualFold(baseline.FileName(f.Subject), name) })
	known := p.Known.Named(name)
	if i < 0 {
		if len(p.observed.all(facts.File)) == 0 {
			p.unassessed("target image", name, "", facts.ParseIncomplete, "no file was listed")
			return
		}
		p.row("target image", name, "", "not on the device", Fail, "copy it before the window, and check it again")
		if len(known) > 0 && known[0].Size > 0 {
			p.space(known[0].Size)
		} else {
			p.unassessed("space for the image", name, "", facts.NoBaseline, "its size is not known: import the vendor's list")
		}
		return
	}
	file := p.observed.all(facts.File)[i]
	p.row("target image", name, "", fmt.Sprintf("%s, %s bytes", file.Subject, file.Value), Pass, "it is on the device")
	digests := p.observed.digests(facts.ImageDigest, file.Subject)
	switch {
	case len(digests) == 0:
		p.unassessed("digest of the image", "known good", "", facts.ParseIncomplete, "the device computed none: see NDI-ST-02")
	default:
		for _, d := range digests {
			if hits := p.Known.Digest(d.fact.Value); len(hits) > 0 {
				p.row("digest of the image", "known good", "", short(d.fact.Value), Pass, "%s", knownAs(hits[0]))
				return
			}
		}
		if finding, ok := p.identified(file.Subject); ok && finding.Verdict == Fail {
			p.row("digest of the image", "known good", "", short(digests[0].fact.Value), Fail, "%s", finding.Message)
			return
		}
		for _, a := range p.approved.aboutFile(facts.ImageDigest, file.Subject) {
			if slices.ContainsFunc(digests, func(d digest) bool { return d.fact.Value == a.Value }) {
				p.row("digest of the image", "known good", short(a.Value), short(a.Value), Pass, "approved on %s (%s)", date(p.Approved.At), p.Approved.Provenance)
				return
			}
		}
		p.rows = append(p.rows, ChangeCheck{What: "digest of the image", Planned: "known good", After: short(digests[0].fact.Value), Verdict: NotAssessed, Reason: facts.NoBaseline, Why: "no list and no approval knows it: import the vendor's list (trueboot known import)"})
	}
}

// space compares the free space of the file systems with what the image takes.
func (p *planCheck) space(size int64) {
	best, at := int64(-1), ""
	for _, f := range p.observed.all(facts.FreeSpace) {
		if free, err := strconv.ParseInt(f.Value, 10, 64); err == nil && free > best {
			best, at = free, f.Subject
		}
	}
	if best < 0 {
		p.unassessed("space for the image", fmt.Sprintf("%d bytes", size), "", facts.ParseIncomplete, "no file system states its free space")
		return
	}
	p.row("space for the image", fmt.Sprintf("%d bytes", size), "", fmt.Sprintf("%d bytes on %s", best, at), verdictOf(best >= size), "the largest free space of a file system")
}

// bootList holds what boots next against a list.
func (p *planCheck) bootList(what string, planned []string) {
	lists, whole := p.observed.bootLists()
	active := p.observed.activeProcessor(lists)
	kind := facts.BootVariable
	if slices.ContainsFunc(lists, func(l bootList) bool { return l.kind == facts.NextBootVariable && l.processor == active }) {
		kind = facts.NextBootVariable
	}
	for _, l := range lists {
		if l.kind != kind || l.processor != active {
			continue
		}
		same := whole && slices.EqualFunc(l.values(), planned, func(got, want string) bool {
			return p.paths.same(got, want) || strings.EqualFold(baseline.FileName(got), want)
		})
		p.row(what, strings.Join(planned, ", "), "", strings.Join(l.values(), ", "), verdictOf(same), "in this order, and nothing else")
		return
	}
	p.unassessed(what, strings.Join(planned, ", "), "", facts.ParseIncomplete, "the device states no boot list")
}

// packages holds the packages of the device against those that have to be there, and those of the other side of the change, which must not.
func (p *planCheck) packages(there, gone []string) {
	all := p.observed.all(facts.Package)
	// A list that the device does not know, or has not, hides nothing.
	unread := slices.IndexFunc(p.observed.Gaps, func(g facts.Gap) bool {
		hides := g.Reason != facts.UnsupportedCommand && g.Reason != facts.PlatformHasNone && g.Reason != facts.NothingToAskFor
		return hides && slices.Contains(g.Kinds, facts.Package)
	})
	row := func(name string, wanted bool) {
		i := slices.IndexFunc(all, func(f facts.Fact) bool { return (baseline.PlanState{Packages: []string{name}}).HasPackage(f.Subject) })
		planned := map[bool]string{true: "there", false: "not there"}
		switch {
		case len(all) == 0:
			p.unassessed("package "+name, planned[wanted], "", facts.ParseIncomplete, "the device states no packages")
		case i < 0 && unread >= 0:
			g := p.observed.Gaps[unread]
			p.unassessed("package "+name, planned[wanted], "", g.Reason, "it is on none of the lists that were read, and one was not: "+explain(g))
		case i < 0:
			p.row("package "+name, planned[wanted], "", "not there", verdictOf(!wanted), "as the lists of packages show")
		default:
			p.row("package "+name, planned[wanted], "", strings.TrimSpace(all[i].Subject+" "+all[i].Value), verdictOf(wanted), "as the lists of packages show")
		}
	}
	for _, name := range there {
		row(name, true)
	}
	for _, name := range gone {
		if !slices.Contains(there, name) {
			row(name, false)
		}
	}
}

// members holds every part that runs the system against a version.
func (p *planCheck) members(version string) {
	var wrong []string
	n := 0
	for _, f := range p.observed.all(facts.ComponentVersion) {
		if !p.runsImage(f.Subject) || p.isPeer(f.Subject) || p.isSystem(f.Subject) {
			continue
		}
		if n++; !p.sameVersion(f.Value, version) {
			wrong = append(wrong, f.Subject+": "+f.Value)
		}
	}
	if n > 0 {
		p.row("every member", version, "", strings.Join(wrong, ", "), verdictOf(len(wrong) == 0), "%s", count(n, "member"))
	}
}

// controls takes over the verdict of a control.
func (p *planCheck) controls(what, control string) {
	worst := Verdict("")
	var told Finding
	for _, f := range p.findings {
		if f.Control == control && Worse(worst, f.Verdict) != worst {
			worst, told = f.Verdict, f
		}
	}
	switch worst {
	case "":
		return
	case NotAssessed:
		p.rows = append(p.rows, ChangeCheck{What: what, Verdict: NotAssessed, Reason: told.Reason, Why: told.Message})
		if told.Reason == facts.PlatformHasNone {
			p.rows = p.rows[:len(p.rows)-1] // nothing that could be half finished
		}
	case Pass, Fail:
		p.row(what, "", "", "", worst, "%s: %s", control, told.Message)
	}
}

// unexplained makes a row of each FAIL that nothing explains.
func (p *planCheck) unexplained() {
	n := 0
	for _, f := range slices.SortedFunc(slices.Values(p.findings), ByRisk) {
		if f.Verdict != Fail || !f.Open() {
			continue
		}
		n++
		after := ""
		if f.Observed != nil {
			after = f.Observed.Value
		}
		before := ""
		if f.Expected != nil {
			before = f.Expected.Value
		}
		p.row(strings.TrimSpace(f.Control+" "+f.Subject), "nothing of the kind", before, after, Fail, "%s", f.Message)
	}
	if n == 0 {
		p.row("no unexplained finding", "none", "", "none", Pass, "%s", count(len(p.findings), "judgement"))
	}
}

// PlanAfter says whether exactly the plan was carried out: what it plans is there, and nothing else moved. The findings are those of the visit, judged with
// the plan.
func PlanAfter(c Case, plan baseline.Plan, findings []Finding) []ChangeCheck {
	p := newPlanCheck(c, plan, findings)
	if len(c.Observed.Facts) == 0 {
		p.unassessed("the device", "", "", facts.NotCollected, "it said nothing")
		return p.rows
	}
	if !plan.During(c.Now) {
		p.row("within the window", minute(plan.Start)+" to "+minute(plan.End), "", minute(c.Now), Fail, "what is done outside the window is not explained by the plan")
	}
	version := c.Observed.Value(facts.RunningVersion)
	wanted := version
	if plan.To.Version != "" {
		wanted = plan.To.Version
		p.row("running version", wanted, p.approvedValue(facts.RunningVersion), version, verdictOf(p.sameVersion(version, wanted)), "as planned")
	}
	if name := plan.To.ImageName(); name != "" {
		image := c.Observed.Value(facts.RunningImage)
		switch {
		case image == "":
			p.unassessed("running image", name, p.approvedValue(facts.RunningImage), facts.PlatformHasNone, "the device states no running image")
		default:
			// In install mode packages.conf runs, whatever image it came from.
			holds := strings.EqualFold(baseline.FileName(image), name) || provisioningConf.MatchString(baseline.FileName(image))
			p.row("running image", name, p.approvedValue(facts.RunningImage), image, verdictOf(holds), "as planned")
		}
		p.targetImage(name)
	}
	if len(plan.To.Boot) > 0 {
		p.bootList("boot list", plan.To.Boot)
	}
	p.packages(plan.To.Packages, plan.From.Packages)
	for _, one := range []struct {
		what, planned string
		kind          facts.Kind
		same          func(a, b string) bool
	}{{"configuration register", plan.To.Register, facts.ConfigRegister, sameRegister}, {"boot loader", plan.To.BootLoader, facts.BootLoaderVersion, p.sameVersion}} {
		if one.planned == "" {
			continue
		}
		all := p.observed.all(one.kind)
		if len(all) == 0 {
			p.unassessed(one.what, one.planned, "", facts.ParseIncomplete, "the device does not state it")
			continue
		}
		p.row(one.what, one.planned, p.approvedValue(one.kind), all[0].Value, verdictOf(slices.ContainsFunc(all, func(f facts.Fact) bool { return one.same(f.Value, one.planned) })), "as planned")
	}
	p.members(wanted)
	if plan.Old != "" && plan.From.ImageName() != "" {
		_, there := p.observed.locate(p.approvedValue(facts.RunningImage))
		if there == unknown {
			p.unassessed("old image", plan.Old, plan.From.Image, facts.ParseIncomplete, "its directory was not listed")
		} else {
			state := map[presence]string{present: "kept", absent: "removed"}[there]
			p.row("old image", plan.Old, plan.From.Image, state, verdictOf(state == plan.Old), "as planned")
		}
	}
	p.controls("installation committed", uncommittedPackage.Control)
	explained := 0
	for _, f := range findings {
		if f.Verdict == Fail && f.ExplainedBy != "" {
			explained++
		}
	}
	p.unexplained()
	if explained > 0 {
		p.rows[len(p.rows)-1].Why += fmt.Sprintf("; %s explained by the plan", count(explained, "FAIL"))
	}
	return p.rows
}

// PlanVerdict sums up: the worst of the rows.
func PlanVerdict(rows []ChangeCheck) Verdict {
	worst := Pass
	for _, r := range rows {
		worst = Worse(worst, r.Verdict)
	}
	return worst
}
