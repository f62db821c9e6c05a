package hpe

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// AOSCX is Aruba AOS-CX (ArubaOS-CX). It boots one of two images, "primary" and "secondary", and shows neither as a file.
var AOSCX = collectors.Platform{
	Name:    "aruba_aoscx",
	Title:   "Aruba AOS-CX",
	Aliases: []string{"aoscx", "aos-cx", "arubaoscx", "aruba_aos_cx", "arubanetworks.aoscx.aoscx", "hpe_aruba_aoscx", "arubaos-cx"},
	// ArubaOS-CX
	// AOS-CX
	// Build ID     : AOS-CX:HL.10.15.1020:b30077084728:202505100039
	Looks:    collectors.MustCompile(`^(?:Build ID *: *)?(?:Aruba)?(?:OS|AOS)-CX(?::[A-Z][A-Za-z]+\.\d.*)?$`),
	Terminal: aoscxTerminal,
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(aoscxQueries, aoscxConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "AOS-CX has no configuration register",
		facts.NextConfigRegister: "AOS-CX has no configuration register",
		facts.File:               "no command lists files, and the two images are none that a user can reach",
		facts.Signature:          "the signature of an image is checked when it is loaded, and no command shows the result",
	},
	Order: aoscxOrder, VersionInName: aoscxVersionInName,
}

var aoscxTerminal = collectors.Terminal{
	// access1#
	Prompt:     regexp.MustCompile(`^[\w.-]{1,63}[>#]$`),
	Privileged: regexp.MustCompile(`#$`),
	Prepare:    []string{"no page"},
	Pager:      regexp.MustCompile(`^ *-- ?MORE ?--(?:, next page: .*)?$`),
	Continue:   " ",
	Leave:      "exit",
	Refusals: []collectors.Refusal{
		// Invalid input: vsf
		// % Command incomplete.
		{Pattern: collectors.MustCompile(`^ *(?:Invalid input:|% ?(?i:command incomplete|ambiguous command|unknown command|invalid))`), Reason: facts.UnsupportedCommand},
		// Cannot execute command. Command not allowed.
		// Not authorized to run this command.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:% ?)?(?:cannot execute command|command not allowed|not authorized|authorization (?:failed|denied)|user (?:is )?not authorized|permission denied)`), Reason: facts.NoPrivilege},
		// VSF is not configured.
		{Pattern: collectors.MustCompile(`(?i)^ *vsf (?:is )?(?:not (?:configured|enabled|supported)|disabled)`), Reason: facts.PlatformHasNone},
		// The system is busy, please try again later.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:% ?)?.*\b(?:is busy|try again later|timed out)`), Reason: facts.Timeout},
	},
}

var aoscxQueries = []collectors.Query{
	{Commands: []string{"show version"}, Yields: aoscxVersionYields, Read: readAOSCXVersion},
	{Commands: []string{"show images"}, Yields: imagesYields, Read: readImages},
	{Commands: []string{"show system"}, Yields: aoscxSystemYields, Read: readAOSCXSystem},
	{Commands: []string{"show module"}, Yields: modulesYields, Read: readAOSCXModules},
	{Commands: []string{"show vsf detail"}, Unless: notVSF, Yields: vsfYields, Read: readVSF},
	{Commands: []string{"show boot-history"}, Yields: []facts.Kind{facts.ReloadReason}, Read: readAOSCXBootHistory},
}

// vsfModel is a switch that can be a member of a stack (VSF).
//
//	JL665A 6300F 48G CL4 PoE 4SFP56 Sw
var vsfModel = collectors.MustCompile(`(?:^|\s)(?:54|62|63)\d\d`)

func notVSF(s facts.Set) string {
	model := s.Value(facts.Model)
	if model == "" || vsfModel.MatchString(model) {
		return ""
	}
	return "model " + strconv.Quote(model) + " can't be a member of a stack"
}

var aoscxVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.RunningVersion, facts.ComponentVersion, facts.BuildID, facts.CompileTime, facts.RunningImage, facts.BootLoaderVersion, facts.Package, facts.PackageState,
}

var (
	// ArubaOS-CX
	// AOS-CX
	aoscxName = collectors.MustCompile(`^((?:Aruba|A)OS-CX)$`)

	// Version      : FL.10.10.1020
	// Hot Patches  :
	aoscxField = collectors.MustCompile(`^([A-Z][\w /-]*?) *:(?: +(\S.*))?$`)

	// AOS-CX:HL.10.15.1020:b30077084728:202505100039
	buildID = collectors.MustCompile(`^((?:Aruba|A)OS-CX):([^:]+):([0-9a-f]{7,40}):\d+$`)

	// HL.10.15.1020
	// Virtual.10.13.1000
	aoscxVersion = regexp.MustCompile(`^(?:([A-Z]{2}|Virtual)\.)?(\d{2})\.(\d{2})\.(\d{4})([A-Z]{0,4})$`)

	// HL-01-0007
	// FL.01.0002
	aoscxBIOS = regexp.MustCompile(`^([A-Z]{2})[.-](\d{2})[.-](\d{4})$`)
)

// readAOSCXVersion reads "show version".
//
// The build id names the system, its version and the commit that it was built from. It is a second witness of all three.
func readAOSCXVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		commit string // as the build id has it: the first digits of the build's SHA-1
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := aoscxName.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.OperatingSystem, "", m[1])
		}
		m := aoscxField.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		switch m[1] {
		case "Version":
			addAOSCXVersion(&r, n, m[2])
		case "Build Date":
			r.Add(n, facts.CompileTime, "", m[2])
		case "Build ID":
			r.Add(n, facts.BuildID, "", m[2])
			if id := buildID.FindStringSubmatch(m[2]); id != nil {
				r.Add(n, facts.ComponentVersion, id[1], id[2])
				commit = id[3]
			}
		case "Build SHA":
			r.Add(n, facts.BuildID, "sha", m[2])
			if !strings.HasPrefix(m[2], commit) {
				r.Problem("line %d: build %.80q is not the one that the build id names: %q", n, m[2], commit)
			}
		case "Active Image":
			r.Add(n, facts.RunningImage, "", m[2])
		case "Service OS Version":
			r.Add(n, facts.BootLoaderVersion, "Service OS", m[2])
		case "BIOS Version":
			r.Add(n, facts.BootLoaderVersion, "BIOS", m[2])
		case "Hot Patches":
			// The reply says which there are and not whether the next start applies them again.
			if m[2] == "" {
				r.Add(n, facts.PackageState, "", "none")
			}
			for _, patch := range strings.FieldsFunc(m[2], func(c rune) bool { return c == ',' || c == ' ' }) {
				r.Add(n, facts.Package, "hot patch "+patch, patch)
			}
		}
	}
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no version of AOS-CX in the reply")
	}
	if !r.Has(facts.RunningImage, "") {
		r.Problem("no active image in the reply")
	}
	return r.Done()
}

// addAOSCXVersion notes the version that runs.
func addAOSCXVersion(r *collectors.Reading, n int, version string) {
	if !aoscxVersion.MatchString(version) {
		r.Problem("line %d: %.80q is no version of AOS-CX", n, version)
		return
	}
	r.Add(n, facts.RunningVersion, "", version)
}

// aoscxOrder orders two versions of AOS-CX, or two of its Service OS or BIOS. The letters before the numbers are the family of
// hardware that an image is for.
func aoscxOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, y := aoscxVersion.FindStringSubmatch(a), aoscxVersion.FindStringSubmatch(b)
	p, q := aoscxBIOS.FindStringSubmatch(a), aoscxBIOS.FindStringSubmatch(b)
	switch {
	case x != nil && y != nil && x[5] != y[5]:
		return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are different builds of a release, or of different lines"
	case x != nil && y != nil:
		return orderFamilies(x[1], y[1], x[2:5], y[2:5])
	case p != nil && q != nil:
		return orderFamilies(p[1], q[1], p[2:4], q[2:4])
	case x == nil && p == nil:
		return facts.Incomparable, strconv.Quote(a) + " is no version of AOS-CX"
	case y == nil && q == nil:
		return facts.Incomparable, strconv.Quote(b) + " is no version of AOS-CX"
	}
	return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are numbered in different ways"
}

// orderFamilies orders numbers of one family of hardware. A version without one, such as that in a file's name, is compared by its
// numbers.
func orderFamilies(a, b string, x, y []string) (facts.Order, string) {
	if a != "" && b != "" && a != b {
		return facts.Incomparable, a + " and " + b + " are images for different hardware"
	}
	return orderFields(x, y)
}

// ArubaOS-CX_6400-6300_10_10_1020.swi
var aoscxFile = regexp.MustCompile(`_(\d{2})_(\d{2})_(\d{4}[A-Z]{0,4})\.swi$`)

// aoscxVersionInName reads the version out of the name of an image file, which does not say the family in two letters.
func aoscxVersionInName(path string) (string, bool) {
	m := aoscxFile.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return m[1] + "." + m[2] + "." + m[3], true
}
