package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var provisioningFile = Rule{
	Control:  "NDI-PK-03",
	Name:     "provisioning-file",
	Title:    "packages.conf / provisioning file",
	Pillar:   "F",
	Severity: High,
	ATTACK:   []string{"T1601.001", "T1601.002"},
	Guidance: []string{iosXEForensics, installModel},
	Checks: `The file that says which packages boot (packages.conf) names packages of one version, the running one, beside itself and on the device; the roles and
		packages are the approved ones. Packages whose digest is known came in one bundle.`,
	Evidence: "more packages.conf; the listing of its folder; the digests of the packages.",
	Attacker: `Changes one line, so that one old or patched package is loaded while the version string stays right. The file itself is not
		signed.`,
	Next:  "Compare the file with that of a device like it (baseline allow --like, NDI-XC-01), and verify each package that it names.",
	check: checkProvisioningFile,

	software: true,
}

func checkProvisioningFile(j *judgement) []Finding {
	entries := j.observed.all(facts.PackageFile)
	if len(entries) == 0 {
		return []Finding{j.unstated("", firstOr(j.approved.all(facts.PackageFile), facts.Fact{Kind: facts.PackageFile}))}
	}
	var found []Finding
	versions := map[string]map[string]facts.Fact{} // by provisioning file
	bundles := map[string]map[string]facts.Fact{}
	told := map[string]bool{}
	for _, f := range entries {
		conf, _, _ := strings.Cut(f.Subject, " ")
		file := besides(conf, f.Value)
		if told[file] {
			continue
		}
		told[file] = true
		if f.Value != fileName(f.Value) || strings.Contains(f.Value, ":") {
			found = append(found, failed(f.Subject, fmt.Sprintf("%s names %s, which does not lie beside it", quote(conf), quote(f.Value)), f))
			continue
		}
		if _, where := j.observed.locate(file); where == absent {
			found = append(found, failed(f.Subject, fmt.Sprintf("%s names %s, which is not on the device", quote(conf), quote(file)), f))
		}
		if version, ok := j.versionInName(f.Value); ok {
			note(versions, conf, version, f)
		}
		if id := j.identify(file); (id.kind == genuine || id.kind == renamed) && id.image.Bundle != "" {
			note(bundles, conf, id.image.Bundle, f)
		}
	}
	for _, conf := range sortedKeys(versions) {
		found = append(found, j.oneVersion(conf, versions[conf])...)
	}
	for _, conf := range sortedKeys(bundles) {
		if names := sortedKeys(bundles[conf]); len(names) > 1 {
			message := fmt.Sprintf("%s names packages of %s: %s", quote(conf), count(len(names), "bundle"), quoteList(names))
			found = append(found, failed(conf, message, bundles[conf][names[0]], bundles[conf][names[1]]))
		}
	}
	if j.Approved == nil {
		return append(found, j.noBaseline(facts.PackageFile))
	}
	if !j.runsVersion(j.Approved.Set().Value(facts.RunningVersion)) {
		return append(found, notAssessed("", facts.NotComparable, "another version runs than was approved, which has other packages"))
	}
	d := j.deviations(facts.PackageFile, func(a, o string) bool { return a == o }, nil)
	for _, c := range d.changed {
		message := fmt.Sprintf("%s: %s; %s: %s", quote(c.observed.Subject), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
		found = append(found, j.against(c.approved.Value, failed(c.observed.Subject, message, c.observed)))
	}
	for _, a := range d.missing {
		if conf, _, _ := strings.Cut(a.Subject, " "); j.observed.answered("more " + conf) {
			message := fmt.Sprintf("%s no longer has its line for %s; %s: %s", quote(conf), quote(a.Subject), j.approvedOn(), quote(a.Value))
			found = append(found, j.against(a.Value, failed(a.Subject, message)))
			continue
		}
		found = append(found, j.unstated(a.Subject, a))
	}
	for _, o := range d.added {
		message := fmt.Sprintf("%s: %s; there was no such line when it was %s", quote(o.Subject), quote(o.Value), j.approvedOn())
		found = append(found, failed(o.Subject, message, o))
	}
	for _, o := range d.unknown {
		found = append(found, notAssessed(o.Subject, facts.NoBaseline, fmt.Sprintf("%s: %s; no provisioning file is approved", quote(o.Subject), quote(o.Value))))
	}
	if len(found) == 0 {
		found = j.unread(facts.PackageFile)
	}
	if len(found) > 0 {
		return found
	}
	message := fmt.Sprintf("%s of %s, each beside it and of the running version, %s", count(len(d.equal), "line"), quoteList(sortedKeys(versions)), j.unchanged())
	return []Finding{j.against(d.equal[0].Value, passed("", message, d.equal...))}
}

// oneVersion holds the versions in the names of packages against each other and against what runs.
func (j *judgement) oneVersion(conf string, versions map[string]facts.Fact) []Finding {
	names := sortedKeys(versions)
	for _, name := range names[1:] {
		if !j.sameVersion(names[0], name) {
			message := fmt.Sprintf("%s names packages of %s: %s", quote(conf), count(len(names), "version"), quoteList(names))
			return []Finding{failed(conf, message, versions[names[0]], versions[name])}
		}
	}
	running := j.runningVersions()
	booted := slices.ContainsFunc(j.observed.all(facts.RunningImage), func(f facts.Fact) bool { return j.paths.same(f.Value, conf) })
	if len(running) == 0 || !booted {
		return nil
	}
	if order, why := j.orderToAny(names[0], running); order == facts.Incomparable {
		message := fmt.Sprintf("%s names packages of version %s, which has no order to the running %s: %s", quote(conf), quote(names[0]), quote(running[0].Value), quote(why))
		return []Finding{notAssessed(conf, facts.NotComparable, message)}
	} else if order != facts.Same {
		message := fmt.Sprintf("%s, which booted, names packages of version %s, and %s runs: it was changed since", quote(conf), quote(names[0]), quote(running[0].Value))
		return []Finding{failed(conf, message, versions[names[0]], running[0])}
	}
	return nil
}

func note(all map[string]map[string]facts.Fact, key, value string, f facts.Fact) {
	if all[key] == nil {
		all[key] = map[string]facts.Fact{}
	}
	if _, ok := all[key][value]; !ok {
		all[key][value] = f
	}
}
