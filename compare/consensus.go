package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

var fleetConsensus = Rule{
	Control:  "NDI-XC-01",
	Name:     "fleet-consensus",
	Title:    "Alike devices hold alike software (trueboot's own cross-check)",
	Pillar:   "F/M",
	Severity: High,
	ATTACK:   []string{"T1601", "T1601.001"},
	Guidance: []string{ndiMethodology, aa23270A},
	Checks: `Devices of one run with the same platform, model, running version and image name are compared with each other: the digests and the
		sizes of the image and its packages, the digest of the text in memory, the packages and the versions of the boot loader. What more than
		half of them state alike is the consensus; a device that states another value is the odd one out. It needs no baseline, and it proves
		nothing about the many: a PASS has the provenance "twin" at most. Fewer than three that state a value have no consensus.`,
	Evidence: "The facts of the run's visits; nothing is asked besides.",
	Attacker: `Patches one device, and the odd digest shows; patches more than half of a group, and the rest is odd. An implant that answers
		"verify" with the genuine digest agrees with the others.`,
	Next: "Compare the odd device's value with the vendor's published one; if the many are right, treat the device as compromised and do not reload it.",
}

// fewest is how many devices have to state a value for there to be a consensus.
const fewest = 3

// A Fleet gathers what the devices of one run hold, to compare those with each other that should be alike. The zero Fleet is empty. It keeps a few
// dozen short texts of each device.
type Fleet struct {
	groups map[fleetKey]*fleetGroup
}

type fleetKey struct{ platform, model, version, image string }

func (k fleetKey) String() string {
	return fmt.Sprintf("platform %s, model %s, version %s, image %s", quote(k.platform), quote(k.model), quote(k.version), quote(k.image))
}

type fleetGroup struct {
	members []fleetMember
}

type fleetMember struct {
	member baseline.Member
	at     time.Time
	points map[fleetPoint]facts.Fact
}

// A fleetPoint is what alike devices should state alike.
type fleetPoint struct {
	what, subject string // "image digest sha512", "c2900.bin"
}

func (p fleetPoint) String() string {
	if p.subject == "" {
		return p.what
	}
	return p.what + " of " + quote(p.subject)
}

// severities of an odd value: a boot loader or a package may well differ for a while, a digest never.
var pointSeverity = map[string]Severity{"size": High, "memory digest": High, "packages": Medium, "boot loader version": Low}

// Add takes a device's visit into the fleet. One that did not state a version and an image belongs to no group.
func (f *Fleet) Add(m baseline.Member, set facts.Set) {
	image, version := set.Value(facts.RunningImage), set.Value(facts.RunningVersion)
	if image == "" || version == "" {
		return
	}
	model := ""
	if len(m.Models) > 0 {
		model = m.Models[0]
	}
	if f.groups == nil {
		f.groups = map[fleetKey]*fleetGroup{}
	}
	key := fleetKey{m.Platform, model, version, fileName(image)}
	if f.groups[key] == nil {
		f.groups[key] = &fleetGroup{}
	}
	f.groups[key].members = append(f.groups[key].members, fleetMember{m, set.Time, pointsOf(set, image)})
}

// pointsOf are the facts in which alike devices agree.
func pointsOf(set facts.Set, image string) map[fleetPoint]facts.Fact {
	points := map[fleetPoint]facts.Fact{}
	images := map[string]bool{fileName(image): true}
	for _, f := range set.Facts {
		if f.Kind == facts.ImageDigest {
			images[fileName(f.Subject)] = true
		}
	}
	var packages []string
	var first facts.Fact
	for _, f := range set.Facts {
		switch f.Kind {
		case facts.ImageDigest, facts.EmbeddedDigest:
			points[fleetPoint{string(f.Kind) + " " + algorithmOf(f.Value), fileName(f.Subject)}] = f
		case facts.File:
			if images[fileName(f.Subject)] {
				points[fleetPoint{"size", fileName(f.Subject)}] = f
			}
		case facts.MemoryDigest:
			points[fleetPoint{string(f.Kind), f.Subject + " " + algorithmOf(f.Value)}] = f
		case facts.BootLoaderVersion:
			points[fleetPoint{string(f.Kind), f.Subject}] = f
		case facts.Package:
			if first.Kind == "" {
				first = f
			}
			packages = append(packages, f.Subject+" "+f.Value)
		}
	}
	if len(packages) > 0 {
		slices.Sort(packages)
		sum := sha256.Sum256([]byte(strings.Join(slices.Compact(packages), "\n")))
		first.Value = fmt.Sprintf("%s (%s)", count(len(packages), "package"), hex.EncodeToString(sum[:6]))
		points[fleetPoint{"packages", ""}] = first
	}
	return points
}

// A Consensus is what a fleet's comparison came to.
type Consensus struct {
	Groups   int // of three and more
	Devices  int // in them
	Alone    int // devices with fewer than two others like them
	Findings []Finding
}

// Judge compares the devices of each group. Its findings are one PASS for a device that agrees with its group, a FAIL for each value in which one is odd,
// and one NOT-ASSESSED for a device without a consensus, in the order of the devices' names.
func (f *Fleet) Judge(d baseline.Decisions, now time.Time) Consensus {
	var c Consensus
	for key, group := range f.groups {
		if len(group.members) < fewest {
			c.Alone += len(group.members)
		} else {
			c.Groups++
			c.Devices += len(group.members)
		}
		for _, found := range group.judge(key) {
			j := &judgement{Case: Case{Member: found.member, Decisions: d, Now: now}, observed: newVisit(facts.Set{})}
			j.Observed.Device, j.Observed.Time = found.member.Device, found.at
			for _, f := range j.waive(fleetConsensus.Control, found.findings) {
				c.Findings = append(c.Findings, j.complete(f, &fleetConsensus, false, false))
			}
		}
	}
	slices.SortStableFunc(c.Findings, func(a, b Finding) int { return strings.Compare(a.Device, b.Device) })
	return c
}

// Odd returns the findings that are a FAIL.
func (c Consensus) Odd() []Finding {
	return slices.DeleteFunc(slices.Clone(c.Findings), func(f Finding) bool { return f.Verdict != Fail })
}

type memberFindings struct {
	fleetMember
	findings []Finding
}

func (g *fleetGroup) judge(key fleetKey) []memberFindings {
	stated := map[fleetPoint]map[string][]string{} // the devices by what they state
	for _, m := range g.members {
		for p, f := range m.points {
			if stated[p] == nil {
				stated[p] = map[string][]string{}
			}
			stated[p][f.Value] = append(stated[p][f.Value], m.member.Device)
		}
	}
	var all []memberFindings
	for _, m := range g.members {
		found := memberFindings{fleetMember: m}
		agreed, split := []facts.Fact{}, []string{}
		for _, p := range slices.SortedFunc(maps.Keys(m.points), func(a, b fleetPoint) int { return strings.Compare(a.String(), b.String()) }) {
			f := m.points[p]
			total, most := 0, ""
			for value, devices := range stated[p] {
				total += len(devices)
				if len(devices) > len(stated[p][most]) || len(devices) == len(stated[p][most]) && value < most {
					most = value
				}
			}
			many := stated[p][most]
			switch {
			case total < fewest:
			case 2*len(many) <= total:
				split = append(split, fmt.Sprintf("%s has %d values among %d devices", p, len(stated[p]), total))
			case f.Value == most:
				agreed = append(agreed, f)
			default:
				slices.Sort(many)
				message := fmt.Sprintf("%s is %s; %d of %d devices like it state %s: %s (%s)", p, short(f.Value), len(many), total, short(most), quoteList(many), key)
				finding := failed(f.Subject, message, f)
				if finding.Severity = pointSeverity[p.what]; finding.Severity == "" {
					finding.Severity = Critical
				}
				finding.Expected = &Expectation{Value: most, Provenance: baseline.Twin, Since: m.at}
				found.findings = append(found.findings, finding)
			}
		}
		switch {
		case len(g.members) < fewest:
			message := fmt.Sprintf("no consensus: of this run's devices %d are alike (%s), and three are the fewest", len(g.members), key)
			found.findings = []Finding{notAssessed("", facts.NoBaseline, message)}
		case len(found.findings) > 0:
		case len(split) > 0:
			found.findings = []Finding{notAssessed("", facts.NotComparable, "no consensus: "+strings.Join(split, "; "))}
		case len(agreed) == 0:
			found.findings = []Finding{notAssessed("", facts.NotCollected, fmt.Sprintf("no consensus: fewer than three of the %d devices like it state a digest or a size", len(g.members)))}
		default:
			message := fmt.Sprintf("%s as on most of %d devices like it (%s)", count(len(agreed), "value"), len(g.members), key)
			f := passed("", message, agreed...)
			f.Expected = &Expectation{Value: agreed[0].Value, Provenance: baseline.Twin, Since: m.at}
			f.ResidualRisk = "What most devices state may be what was done to most of them."
			found.findings = []Finding{f}
		}
		all = append(all, found)
	}
	return all
}
