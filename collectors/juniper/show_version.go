package juniper

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var softwareYields = []facts.Kind{
	facts.OperatingSystem, facts.Hostname, facts.Model, facts.RunningVersion, facts.ComponentVersion, facts.Package, facts.BuildID,
}

// softwareOfOthersYields are those of a reply that leaves the routing engine out that was asked.
var softwareOfOthersYields = []facts.Kind{facts.Hostname, facts.Model, facts.ComponentVersion, facts.Package}

var (
	// Hostname: mx480-1
	// Model: mx480
	// Junos: 21.4R3-S5.4
	// Yocto: 3.0.2
	// Linux Kernel: 5.2.60-yocto-standard-g2a7c1b6
	softwareSetting = collectors.MustCompile(`^([A-Z][A-Za-z ]*?):\s*(\S.*)?$`)

	// JUNOS Base OS boot [12.3R12.4]
	// JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]
	// JUNOS Firewall Authentication[20220825.064945_builder_junos_211_x3]
	// Redis [20220825.064945_builder_junos_211_x3]
	packageLine = collectors.MustCompile(`^(\S[^\[\]]*?)\s*\[([^\[\]\s]+)\]$`)

	// JUNOS version : 17.4-20170703_dev_common.0-secure
	jdmVersionLine = collectors.MustCompile(`^JUNOS version\s*:\s*(\S+)$`)

	// KERNEL 20.2R1.10 #0 built by builder on 2020-06-25 20:12:01 UTC
	// MGD release 20.2R1.10 built by builder on 2020-06-25 20:31:39 UTC
	// CLI release 20.2R1.10 built by builder on 2020-06-25 20:31:39 UTC
	daemonLine = collectors.MustCompile(`^\S+ (?:release )?\S+ .*built by `)
)

// systemPackages name the release of the whole system where no line "Junos:" does (before 15.1), the first that a
// device has.
var systemPackages = []*collectors.Pattern{
	// JUNOS Software Release [12.1X46-D40.2]
	collectors.MustCompile(`^JUNOS Software Release$`),
	// JUNOS Base OS boot [12.3R12.4]
	collectors.MustCompile(`^JUNOS Base OS boot$`),
	// JUNOS Base OS Software Suite [12.3R12.4]
	collectors.MustCompile(`^JUNOS Base OS Software Suite$`),
	// JUNOS EX  Software Suite [13.2X51-D35.3]
	// JUNOS QFX Software Suite [13.2X51-D35.3]
	collectors.MustCompile(`^JUNOS (?:EX|QFX|SRX|OCX|ACX) +Software Suite$`),
}

// hostPackage is the system below a guest, with a release of its own.
//
//	JUNOS Host Software [20.4R3-S4.8]
var hostPackage = collectors.MustCompile(`(?i)^JUNOS Host Software$`)

// stamps are the packages whose build stands for that of the system's two halves.
//
//	JUNOS runtime [20230512.064945_builder_junos_214_r3_s5]
//	JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]
var stamps = []struct {
	name    *collectors.Pattern
	subject string
}{
	{collectors.MustCompile(`^JUNOS runtime$`), ""},
	{collectors.MustCompile(`^JUNOS OS Kernel `), "kernel"},
}

// buildStamp is the version of a package that was built with the system.
var buildStamp = collectors.MustCompile(`^\d{8}\.\w+_builder_`)

// A softwareLine is a package as its line states it.
type softwareLine struct {
	line          int
	name, version string
}

// A software is what one member says about its software.
type software struct {
	member   string
	hostname single
	model    single
	junos    single
	packages []softwareLine
}

// A single is a value that a member may state once.
type single struct {
	value string
	line  int
}

// set takes the value. A second one that differs is a problem.
func (s *single) set(r *collectors.Reading, line int, what, value string) {
	switch {
	case value == "":
	case s.line == 0:
		*s = single{value, line}
	case s.value != value:
		r.Problem("two values for the %s: %.80q in line %d and %.80q in line %d", what, s.value, s.line, value, line)
	}
}

// readShowVersion reads "show version", and with "invoke-on" or "node" the answers of the other routing engines.
func readShowVersion(reply collectors.Reply) ([]facts.Fact, error) {
	return readSoftware(reply, true)
}

func readShowVersionOfOthers(reply collectors.Reply) ([]facts.Fact, error) {
	return readSoftware(reply, false)
}

func readSoftware(reply collectors.Reply, own bool) ([]facts.Fact, error) {
	var r collectors.Reading
	var all []*software
	for l := range memberLines(&r, reply) {
		if len(all) == 0 || all[len(all)-1].member != l.member {
			all = append(all, &software{member: l.member})
		}
		all[len(all)-1].readLine(&r, l)
	}
	addSoftware(&r, all, own)
	return r.Done()
}

func (s *software) readLine(r *collectors.Reading, l memberLine) {
	text := strings.TrimSpace(l.text)
	if m := packageLine.FindStringSubmatch(text); m != nil {
		s.packages = append(s.packages, softwareLine{l.number, m[1], m[2]})
		return
	}
	if m := jdmVersionLine.FindStringSubmatch(text); m != nil {
		s.junos.set(r, l.number, "version", m[1])
		return
	}
	if daemonLine.MatchString(text) {
		return // show version detail: the daemons, each with the system's release
	}
	m := softwareSetting.FindStringSubmatch(text)
	if m == nil {
		r.Problem("line %d: neither a package nor a property of the software: %.80q", l.number, text)
		return
	}
	value := strings.TrimSpace(m[2])
	switch m[1] {
	case "Hostname":
		s.hostname.set(r, l.number, "host name", value)
	case "Model":
		s.model.set(r, l.number, "model", value)
	case "Junos":
		s.junos.set(r, l.number, "version", value)
	case "Yocto", "Linux Kernel": // what EVO is built on
		if value != "" {
			s.packages = append(s.packages, softwareLine{l.number, m[1], value})
		}
	}
}

// addSoftware adds what the members state; own means that the first one states it for the device.
func addSoftware(r *collectors.Reading, all []*software, own bool) {
	if len(all) == 0 {
		r.Problem("no software in the reply")
	}
	seen := map[string]bool{}
	for i, s := range all {
		if seen[s.member] {
			r.Problem("a second block for %q", s.member)
			continue
		}
		seen[s.member] = true
		first := own && i == 0
		if !first && s.member == "" {
			r.Problem("software of nobody in the reply")
			continue
		}
		addFor(r, s.hostname.line, facts.Hostname, s.member, first, s.hostname.value)
		addFor(r, s.model.line, facts.Model, s.member, first, s.model.value)
		version := s.version(r)
		if first {
			r.Add(version.line, facts.RunningVersion, "", version.value)
			r.Add(version.line, facts.OperatingSystem, "", systemOf(version.value))
			s.addStamps(r)
		}
		if s.member != "" {
			r.Add(version.line, facts.ComponentVersion, s.member, version.value)
		}
		s.addPackages(r)
	}
}

// systemOf names the operating system of a version.
func systemOf(version string) string {
	switch {
	case version == "":
		return ""
	case strings.HasSuffix(version, evoSuffix):
		return evolved
	}
	return "Junos OS"
}

const (
	evolved   = "Junos OS Evolved"
	evoSuffix = "-EVO"
)

// version returns the release that the member runs: what "Junos:" states, or the package that stands for the system, or
// what every package with the number of a release agrees on.
func (s *software) version(r *collectors.Reading) single {
	if s.junos.line != 0 {
		return s.junos
	}
	for _, system := range systemPackages {
		var found single
		for _, p := range s.packages {
			if system.MatchString(p.name) {
				found.set(r, p.line, "version", p.version)
			}
		}
		if found.line != 0 {
			return found
		}
	}
	var found single
	for _, p := range s.packages {
		if _, release := parseVersion(p.version); !release || hostPackage.MatchString(p.name) {
			continue
		}
		if found.line != 0 && found.value != p.version {
			r.Problem("no version in the reply, and packages of releases %q (line %d) and %.80q (line %d)", found.value, found.line, p.version, p.line)
			return single{}
		}
		if found.line == 0 {
			found = single{p.version, p.line}
		}
	}
	if found.line == 0 {
		r.Problem("no version of the system in the reply")
	}
	return found
}

func (s *software) addStamps(r *collectors.Reading) {
	for _, stamp := range stamps {
		for _, p := range s.packages {
			if stamp.name.MatchString(p.name) && buildStamp.MatchString(p.version) {
				r.Add(p.line, facts.BuildID, stamp.subject, p.version)
			}
		}
	}
}

func (s *software) addPackages(r *collectors.Reading) {
	versions := map[softwareLine]bool{}
	used := map[string]int{}
	for _, p := range s.packages {
		key := softwareLine{0, p.name, p.version}
		if versions[key] {
			continue // some releases print a package twice
		}
		versions[key] = true
		r.Add(p.line, facts.Package, of(s.member, numberedPart(p.name, used)), p.version)
		if hostPackage.MatchString(p.name) {
			r.Add(p.line, facts.ComponentVersion, of(s.member, "host"), p.version)
		}
	}
}
