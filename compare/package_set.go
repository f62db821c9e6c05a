package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var packageSet = Rule{
	Control:  "NDI-PK-01",
	Name:     "package-set",
	Title:    "Package/patch set equals baseline",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601", "T1601.002"},
	Guidance: []string{iosXEForensics, nxosForensics, iosXRForensics},
	Checks: `The installed packages, patches, maintenance updates (SMU), hotfixes and extensions, their versions and states, and the
		package files that a provisioning file (packages.conf) names are the approved ones: none more, none fewer. That a
		device says that it has none is a state too.`,
	Evidence: "What the platform says about its packages, such as show install summary, show install active, show extensions, display patch-information; more packages.conf.",
	Attacker: `Removes a security update, which leaves the version string as it was, or adds a package of his own, or
		changes one line of packages.conf to load an old package. The bytes of a package are NDI-ST-02's.`,
	Next:     "Read the device's install log for who did it and when; install the missing update again, or approve the change.",
	software: true,
	check:    checkPackageSet,
}

func checkPackageSet(j *judgement) []Finding {
	kinds := []facts.Kind{facts.Package, facts.PackageState, facts.PackageFile}
	if j.Approved == nil {
		return []Finding{j.noBaseline(kinds...)}
	}
	var found []Finding
	var equal []facts.Fact
	gone := map[string]bool{}
	for _, kind := range kinds {
		d := j.deviations(kind, equalText, nil)
		equal = append(equal, d.equal...)
		if kind == facts.PackageFile {
			found = append(found, j.provisioningChanged(d)...)
			continue
		}
		for _, c := range d.changed {
			message := fmt.Sprintf("%s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
		}
		for _, o := range slices.Concat(d.added, d.unknown) {
			switch {
			case kind == facts.PackageState:
			case !j.knowsPackages(o.Command):
				found = append(found, notAssessed(o.Subject, facts.NoBaseline, fmt.Sprintf("package %s is there; the approval holds no packages", quote(o.Subject))))
			default:
				message := fmt.Sprintf("package %s%s is there; it was not when the device was %s", quote(o.Subject), j.stateOf(o.Subject), j.approvedOn())
				found = append(found, failed(o.Subject, message, o))
			}
		}
		for _, a := range d.missing {
			switch {
			case gone[a.Subject]:
			case a.Value == noPackage && j.observed.states(a.Command, facts.Package): // told with the packages that are there now
			case kind == facts.Package && j.observed.answered(a.Command):
				gone[a.Subject] = true
				f := failed(a.Subject, fmt.Sprintf("package %s is gone; it was there when the device was %s", quote(a.Subject), j.approvedOn()))
				f.Tier = a.Tier
				found = append(found, j.against(a.Value, f))
			default:
				found = append(found, j.unstated(a.Subject, a))
			}
		}
	}
	if len(found) == 0 {
		found = j.unread(kinds...)
	}
	switch {
	case len(found) > 0:
		return found
	case !hasKind(equal, facts.Package) && !hasKind(equal, facts.PackageState):
		return []Finding{j.unstated("", facts.Fact{Kind: facts.Package})}
	}
	if equal[0].Value == noPackage {
		return []Finding{j.against(noPackage, passed("", "no package is there, "+j.unchanged(), equal...))}
	}
	message := fmt.Sprintf("%s (versions, states, provisioned files) %s", count(len(equal), "package fact"), j.unchanged())
	return []Finding{j.against(equal[0].Value, passed("", message, equal...))}
}

// noPackage is the state by which a device says that it has none.
const noPackage = "none"

// knowsPackages reports whether the approval holds any package from this command, or that there is none.
func (j *judgement) knowsPackages(command string) bool {
	return j.approved.states(command, facts.Package) || j.approved.states(command, facts.PackageState)
}

func (j *judgement) stateOf(name string) string {
	if f, ok := j.observed.first(facts.PackageState, name); ok {
		return " (" + quote(f.Value) + ")"
	}
	return ""
}

// provisioningChanged reports the lines of provisioning files that are not the approved ones, all of one
// file in one finding: an upgrade changes every line.
func (j *judgement) provisioningChanged(d deviation) []Finding {
	type file struct {
		words    []string
		evidence []facts.Fact
	}
	var found []Finding
	files := map[string]*file{}
	var order []string
	note := func(f facts.Fact, words string, evidence ...facts.Fact) {
		conf, place, _ := strings.Cut(f.Subject, " ")
		if files[conf] == nil {
			files[conf] = &file{}
			order = append(order, conf)
		}
		files[conf].words = append(files[conf].words, place+": "+words)
		files[conf].evidence = append(files[conf].evidence, evidence...)
	}
	for _, c := range d.changed {
		note(c.observed, c.observed.Value+" instead of "+c.approved.Value, c.observed)
	}
	for _, o := range d.added {
		note(o, o.Value+" is new", o)
	}
	unknown := map[string]bool{}
	for _, o := range d.unknown {
		if conf, _, _ := strings.Cut(o.Subject, " "); !unknown[conf] {
			unknown[conf] = true
			found = append(found, notAssessed(conf, facts.NoBaseline, fmt.Sprintf("what %s names was never approved", quote(conf))))
		}
	}
	for _, a := range d.missing {
		if j.observed.answered(a.Command) {
			note(a, a.Value+" is gone")
		} else {
			found = append(found, j.unstated(a.Subject, a))
		}
	}
	for _, conf := range order {
		message := fmt.Sprintf("%s of %s not as %s: %s", linesDiffer(len(files[conf].words)), quote(conf), j.approvedOn(), quoteList(files[conf].words))
		found = append(found, failed(conf, message, files[conf].evidence...))
	}
	return found
}

func linesDiffer(n int) string {
	if n == 1 {
		return "1 line is"
	}
	return fmt.Sprintf("%d lines are", n)
}
