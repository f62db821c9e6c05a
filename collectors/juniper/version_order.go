package juniper

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// Releases of Junos are numbered by year and quarter. Within one, R releases follow one another, each with service
// releases (-S). X releases are branches for a family of hardware, F releases were branches with new features. Junos OS
// Evolved counts the same way and is another product (vendors.md, section 4.3).

// release is a version of Junos.
//
//	21.4R3-S5.4
//	20.4X75-D10.1
//	12.1X46-D40.2
//	21.1X3.3
//	15.1F6-S10.3
//	23.2R1-EVO
//	22.3R1.12-EVO
//	23.4R2-S2.1-EVO
//	18.2R2-S1
//	10.4S7.1
var release = regexp.MustCompile(`^(\d{1,2})\.(\d)(?:([RFS])(\d{1,4})|X(\d{1,4})(?:-D(\d{1,5}))?)(?:-S(\d{1,4}))?(?:\.(\d{1,6}))?(-EVO)?(?:-(?:domestic|export|limited|secure))?$`)

// development are builds that are no releases: interim, beta, daily.
//
//	15.1I20160829_2319_builder
//	21.4B1.4
//	19.4-201907170034.0-EVO
//	22.3I-20220822.0.1234-EVO
var development = regexp.MustCompile(`^\d{1,2}\.\d(?:[IB]|-\d{6})`)

// A version is one version string, taken apart.
type version struct {
	evolved bool
	kind    string // "R", "F", "S", or "X" with the branch's number: "X53"
	quarter int    // 214 for 21.4
	keys    []int  // what counts within a quarter and kind: release, deployment release, service release
	build   int    // -1 where the text has none
}

func parseVersion(text string) (version, bool) {
	m := release.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return version{}, false
	}
	v := version{evolved: m[9] != "", kind: m[3], quarter: 10*number(m[1]) + number(m[2]), build: -1}
	if m[5] != "" {
		v.kind = "X" + strconv.Itoa(number(m[5]))
	}
	v.keys = []int{number(m[4]), number(m[6]), number(m[7])}
	if m[8] != "" {
		v.build = number(m[8])
	}
	return v, true
}

// number reads digits that a pattern has checked; missing ones count as 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }

// lineages are the branches that followed one another on the same hardware, oldest first. They are heuristics: Juniper
// publishes no such table.
var lineages = [][]string{
	{"X44", "X45", "X46", "X47", "X48", "X49"}, // SRX: 12.1X44 to 15.1X49
	{"X50", "X51", "X52", "X53"},               // EX and QFX: 13.2X50 to 15.1X53
}

// order orders two versions of Junos.
func order(a, b string) (facts.Order, string) {
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	both := strconv.Quote(a) + " and " + strconv.Quote(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, noRelease(a)
	case !okY:
		return facts.Incomparable, noRelease(b)
	case x.evolved != y.evolved:
		return facts.Incomparable, both + " are of two products: Junos OS and Junos OS Evolved"
	}
	quarters := cmp.Compare(x.quarter, y.quarter)
	if x.kind != y.kind {
		return betweenBranches(x, y, quarters, both)
	}
	c := cmp.Or(quarters, slices.Compare(x.keys, y.keys))
	if c == 0 && (x.build < 0) != (y.build < 0) {
		return facts.Same, "only one of them states its build"
	}
	return facts.OrderOf(cmp.Or(c, cmp.Compare(x.build, y.build))), ""
}

func noRelease(text string) string {
	if development.MatchString(text) {
		return strconv.Quote(text) + " is a development build, which has no place in the order of releases"
	}
	return strconv.Quote(text) + " is no release of Junos"
}

// betweenBranches orders versions of two branches. An R release of another quarter came before or after a branch; of the
// same quarter they lie side by side. Two branches are ordered along a lineage.
func betweenBranches(x, y version, quarters int, both string) (facts.Order, string) {
	unknown := both + " are of different branches"
	if x.kind == "R" || y.kind == "R" {
		if quarters == 0 {
			return facts.Incomparable, unknown
		}
		return facts.OrderOf(quarters), ""
	}
	for _, line := range lineages {
		i, j := slices.Index(line, x.kind), slices.Index(line, y.kind)
		// The numbers must not say otherwise.
		if c := cmp.Compare(i, j); i >= 0 && j >= 0 && (quarters == 0 || quarters == c) {
			return facts.OrderOf(c), ""
		}
	}
	return facts.Incomparable, unknown
}

// versionPart is a version in the name of a package or an image.
//
//	jinstall-ppc-18.4R3-S10-signed.tgz
//	jinstall-ex-4200-12.3R3.4-domestic-signed.tgz
//	junos-install-mx-x86-64-21.4R3-S5.4.tgz
//	junos-srxsme-15.1X49-D110.4-domestic.tgz
//	junos-evo-install-ptx-fixed-x86-64-23.2R1.14-EVO.iso
//	jbase-12.3R12.4
//
// The letters of a version are capitals, as [release] wants them.
var versionPart = regexp.MustCompile(`(?:^|/)(?i:j|vmhost)[^/]*?[-_](\d{1,2}\.\d(?:[RFS]\d{1,4}|X\d{1,4}(?:-D\d{1,5})?)(?:-S\d{1,4})?(?:\.\d{1,6})?(?:-EVO)?)(?:[-_.][^/]*)?$`)

// versionInName reads the version out of the file name of a package or an image.
func versionInName(path string) (string, bool) {
	m := versionPart.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return m[1], true
}
