package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var versionCoherence = Rule{
	Control:  "NDI-VR-03",
	Name:     "version-coherence",
	Title:    "Version facts cohere",
	Pillar:   "F",
	Severity: Critical,
	ATTACK:   []string{"T1601.001", "T1601.002"},
	Guidance: []string{attackDowngrade, attackPatchImage},
	Checks: `What states a version states the same one: the running version, the system's own second numbering (IOS XE), the
		name or the partition of the running image, every stack member and supervisor, each part of the system (kickstart, boot
		image), the active image package and the files of the running packages.conf. The approved version keeps its build: same
		version with another compile time, release label, build id, feature set or digest is another image. It takes three
		facts to judge; versions without an order between them don't contradict. And where known images were imported, no file whose
		digest is that of one version bears the name of another.`,
	Evidence: "Whatever the platform says that holds a version or the stamp of a build, such as show version, show redundancy, show install summary, packages.conf, verify.",
	Attacker: "Edits the version in the banner, or renames the file. Modified images rarely fix every place.",
	Next:     "Compare the statements by hand, then the image's digest with the vendor's; one of the statements is false.",
	check:    checkVersionCoherence,
}

// coherentFacts is how many facts have to agree before coherence says anything.
const coherentFacts = 3

// A statement is one place that says a version.
type statement struct {
	version string
	words   string // `the running version "17.9.4a"`
	fact    facts.Fact
}

func checkVersionCoherence(j *judgement) []Finding {
	found := append(j.buildChanged(), j.renamedImages()...)
	statements := j.versionStatements()
	agreeing := map[int]bool{}
	for i, a := range statements {
		var against []statement
		for k := i + 1; k < len(statements); k++ {
			switch order, _ := j.order(a.version, statements[k].version); order {
			case facts.Same:
				agreeing[i], agreeing[k] = true, true
			case facts.Older, facts.Newer:
				against = append(against, statements[k])
			case facts.Incomparable:
			}
		}
		if len(against) > 0 {
			found = append(found, contradiction(a, against))
			break // what contradicts this statement contradicts those that agree with it
		}
	}
	found = append(found, j.coherenceUnstated()...)
	if len(found) == 0 {
		found = j.unread(append([]facts.Kind{facts.RunningVersion, facts.ComponentVersion, facts.RunningImage}, stampKinds...)...)
	}
	if len(found) > 0 {
		return found
	}
	var evidence []facts.Fact
	var words []string
	for i, s := range statements {
		if agreeing[i] {
			evidence = append(evidence, s.fact)
			words = append(words, s.words)
		}
	}
	if stamps := j.buildStamps(); len(stamps) > 0 && len(statements) > 0 {
		if len(evidence) == 0 {
			evidence, words = []facts.Fact{statements[0].fact}, []string{statements[0].words}
		}
		evidence = append(evidence, stamps...)
		words = append(words, count(len(stamps), "approved build stamp"))
	}
	if len(evidence) >= coherentFacts {
		return []Finding{passed("", "no contradiction between "+strings.Join(words, ", "), evidence...)}
	}
	return []Finding{j.tooFewStatements(len(evidence), len(statements)+len(j.buildStamps()))}
}

// contradiction reports one statement and all that contradict it.
func contradiction(a statement, against []statement) Finding {
	words := make([]string, len(against))
	evidence := []facts.Fact{against[0].fact, a.fact}
	for i, b := range against {
		words[i] = b.words
		if i > 0 {
			evidence = append(evidence, b.fact)
		}
	}
	subject := against[0].fact
	if len(against) > 1 {
		subject = a.fact
		evidence[0], evidence[1] = a.fact, against[0].fact
	}
	message := fmt.Sprintf("%s contradicts %s", a.words, strings.Join(words, ", "))
	return contradicting(failed(strings.TrimSpace(string(subject.Kind)+" "+subject.Subject), message, evidence...))
}

// tooFewStatements says why coherence says nothing: of what the device states, too little agrees or can be compared.
func (j *judgement) tooFewStatements(agreeing, stated int) Finding {
	if len(j.observed.all(facts.RunningVersion)) == 0 {
		return j.unstated("", firstOr(j.approved.all(facts.RunningVersion), facts.Fact{Kind: facts.RunningVersion}))
	}
	message := fmt.Sprintf("%d of the %d facts that coherence takes can be compared", agreeing, coherentFacts)
	switch {
	case j.Approved == nil:
		return notAssessed("", facts.NoBaseline, message+"; an approval would add the build's stamps")
	case stated >= coherentFacts || !j.approvedVersionRuns():
		return notAssessed("", facts.NotComparable, message)
	}
	for _, kind := range append([]facts.Kind{facts.ComponentVersion, facts.RunningImage}, stampKinds...) {
		if g, ok := j.observed.gap(kind, "", ""); ok && g.Reason != facts.PlatformHasNone && len(j.observed.all(kind)) == 0 {
			return notAssessed("", g.Reason, message+"; "+explain(g))
		}
	}
	return notAssessed("", facts.PlatformHasNone, message+", nor did the device state more when it was approved")
}

// versionStatements returns every place that says which version runs, the running version first.
func (j *judgement) versionStatements() []statement {
	var all []statement
	add := func(f facts.Fact, version, format string, a ...any) {
		all = append(all, statement{version, fmt.Sprintf(format, a...), f})
	}
	for _, f := range j.observed.find(facts.RunningVersion, "") {
		add(f, f.Value, "the running version %s", quote(f.Value))
	}
	for _, f := range j.observed.all(facts.ComponentVersion) {
		if j.isSystem(f.Subject) || j.runsImage(f.Subject) && !j.isPeer(f.Subject) {
			add(f, f.Value, "version %s of %s", quote(f.Value), quote(f.Subject))
		}
	}
	image, _ := j.observed.first(facts.RunningImage, "")
	for _, f := range j.observed.all(facts.RunningImage) {
		if version, ok := j.versionInName(f.Value); ok {
			add(f, version, "version %s in the name of the running image %s", quote(version), quote(f.Value))
		}
		if p, ok := j.observed.first(facts.Partition, f.Value); ok {
			add(p, p.Value, "version %s in the running partition %s", quote(p.Value), quote(f.Value))
		}
	}
	for _, f := range j.observed.all(facts.Package) {
		state, _ := j.observed.first(facts.PackageState, f.Subject)
		if imagePackage.MatchString(f.Subject) && strings.HasPrefix(state.Value, "activated") {
			add(f, f.Value, "package %s", quote(f.Subject))
		}
	}
	packages := map[string]bool{}
	for _, f := range j.observed.all(facts.PackageFile) {
		conf, _, _ := strings.Cut(f.Subject, " ")
		if version, ok := j.versionInName(f.Value); ok && j.paths.same(conf, image.Value) && !packages[f.Value] {
			packages[f.Value] = true
			add(f, version, "package file %s", quote(f.Value))
		}
	}
	return distinct(all)
}

// imagePackage is a package that is the system itself and so has its version; others have versions of their own.
//
//	IMG 17.09.04a.0.6
var imagePackage = regexp.MustCompile(`(?:^|\s)IMG\s`)

// distinct keeps one statement for each kind, subject and version: ten package files of one version
// are one witness, not ten.
func distinct(all []statement) []statement {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(s statement) bool {
		subject := s.fact.Subject
		if s.fact.Kind == facts.PackageFile {
			subject = ""
		}
		key := string(s.fact.Kind) + "\n" + subject + "\n" + s.version
		again := seen[key]
		seen[key] = true
		return again
	})
}

// runsImage reports whether the component runs the device's system or is a part of it, as a stack member, a supervisor and
// the kickstart image are and a service module with software of its own is not.
func (j *judgement) runsImage(component string) bool {
	for _, kind := range []facts.Kind{facts.ComponentRole, facts.ComponentImage, facts.RunningImage} {
		if _, ok := j.observed.first(kind, component); ok {
			return true
		}
	}
	return false
}

// isPeer reports whether a component is another device: the other half of a pair, which is upgraded on its own.
func (j *judgement) isPeer(component string) bool {
	own := j.observed.find(facts.Hostname, "")
	for _, name := range j.observed.find(facts.Hostname, component) {
		if component != "" && len(own) > 0 && !slices.ContainsFunc(own, func(o facts.Fact) bool { return o.Value == name.Value }) {
			return true
		}
	}
	return peerName.MatchString(component)
}

// peerName is what platforms call the halves of a pair where those have no names of their own.
//
//	peer
//	secondary unit
var peerName = regexp.MustCompile(`^(?:peer|(?:primary|secondary) unit)$`)

// stampKinds are the facts that tell one build of a version from another.
var stampKinds = []facts.Kind{facts.CompileTime, facts.Release, facts.SoftwareImage, facts.BuildID}

// buildStamps returns the build's stamps that are the approved ones while the version is the approved one.
func (j *judgement) buildStamps() []facts.Fact {
	var equal []facts.Fact
	if j.approvedVersionRuns() {
		for _, kind := range stampKinds {
			equal = append(equal, j.deviations(kind, equalText, nil).equal...)
		}
	}
	return equal
}

// buildChanged reports the approved version in another build.
func (j *judgement) buildChanged() []Finding {
	if !j.approvedVersionRuns() {
		return nil
	}
	version, _ := j.observed.first(facts.RunningVersion, "")
	var found []Finding
	for _, kind := range stampKinds {
		for _, c := range j.deviations(kind, equalText, nil).changed {
			message := fmt.Sprintf("version %s is the approved one and its %s is %s; %s: %s",
				quote(version.Value), kind, quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
			found = append(found, j.against(c.approved.Value, contradicting(failed(factSubject(c.observed), message, c.observed, version))))
		}
	}
	now, _ := j.observed.first(facts.RunningImage, "")
	then, _ := j.approved.first(facts.RunningImage, "")
	if a, b, ok := mismatch(j.approved.digests(facts.ImageDigest, then.Value), j.observed.digests(facts.ImageDigest, now.Value)); ok {
		message := fmt.Sprintf("version %s is the approved one and the running image's digest is %s; %s: %s",
			quote(version.Value), short(b.fact.Value), j.approvedOn(), short(a.fact.Value))
		found = append(found, j.against(a.fact.Value, contradicting(failed(string(facts.ImageDigest), message, b.fact, version))))
	}
	return found
}

// approvedVersionRuns reports whether the running version is the approved one.
func (j *judgement) approvedVersionRuns() bool {
	now, ok := j.observed.first(facts.RunningVersion, "")
	then, approved := j.approved.first(facts.RunningVersion, "")
	return ok && approved && j.sameVersion(now.Value, then.Value)
}

// coherenceUnstated reports the approved statements that were not made again: the one that is withheld may be the one that
// would contradict.
func (j *judgement) coherenceUnstated() []Finding {
	var found []Finding
	unplaced := func(f facts.Fact) bool { return !j.isSystem(f.Subject) && !j.runsImage(f.Subject) }
	if len(j.observed.all(facts.OperatingSystem)) == 0 && slices.ContainsFunc(j.observed.all(facts.ComponentVersion), unplaced) {
		// One of them may be the system's own second numbering.
		found = append(found, j.unstated(string(facts.OperatingSystem), firstOr(j.approved.all(facts.OperatingSystem), facts.Fact{Kind: facts.OperatingSystem})))
	}
	for _, kind := range slices.Concat([]facts.Kind{facts.RunningVersion, facts.ComponentVersion, facts.RunningImage}, stampKinds) {
		for _, a := range j.deviations(kind, equalText, nil).missing {
			found = append(found, j.unstated(factSubject(a), a))
		}
	}
	for _, kind := range []facts.Kind{facts.Package, facts.PackageState, facts.PackageFile} {
		for _, a := range j.deviations(kind, equalText, nil).missing {
			if !j.observed.answered(a.Command) {
				found = append(found, j.unstated(factSubject(a), a))
			}
		}
	}
	if image, ok := j.approved.first(facts.RunningImage, ""); ok && len(j.approved.digests(facts.ImageDigest, image.Value)) > 0 {
		now, _ := j.observed.first(facts.RunningImage, "")
		if len(j.observed.digests(facts.ImageDigest, now.Value)) == 0 {
			found = append(found, j.unstated(string(facts.ImageDigest), facts.Fact{Kind: facts.ImageDigest, Subject: now.Value}))
		}
	}
	return found
}
