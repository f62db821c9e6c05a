package f5

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// versionPattern is a version of TMOS, with its build where that is stated. The fourth number is the point release; the build rises
// with each hotfix on it: 0.0.3 is the release, 0.97.2 an engineering hotfix, 6.204.442 the sixth public hotfix of old.
//
//	16.1.3.3
//	16.1.3.3 Build 0.0.3
//	11.6.0 Build 6.204.442
//	10.2.4 Build 577.0
var versionPattern = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?: (?:Build )?(\d{1,6}(?:\.\d{1,6}){0,2}))?$`)

type version struct {
	numbers []int // major, minor, maintenance, point; a missing one counts as 0
	build   []int // nil where none is stated
}

func parseVersion(text string) (version, bool) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return version{}, false
	}
	v := version{numbers: numbers(m[1:5])}
	if m[5] != "" {
		v.build = numbers(strings.Split(m[5], "."))
	}
	return v, true
}

// numbers reads digits that a pattern has checked.
func numbers(digits []string) []int {
	all := make([]int, len(digits))
	for i, d := range digits {
		all[i], _ = strconv.Atoi(d)
	}
	return all
}

// versionOrder orders two versions of TMOS. Where one of them states no build, the version alone counts.
func versionOrder(a, b string) (facts.Order, string) {
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no version of TMOS"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no version of TMOS"
	}
	c := slices.Compare(x.numbers, y.numbers)
	remark := ""
	if c == 0 && x.build != nil && y.build != nil {
		if c = compareBuilds(x.build, y.build); c != 0 {
			remark = "two builds of one version"
		}
	}
	return facts.OrderOf(c), remark
}

// compareBuilds compares builds of which one may have fewer numbers: 577.0 is 577.0.0.
func compareBuilds(a, b []int) int {
	for i := range max(len(a), len(b)) {
		x, y := 0, 0
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// nameVersion is in the name of an image as F5 offers it: version and build, or all their numbers in a row, of which the build has
// the last three.
//
//	BIGIP-16.1.3.3-0.0.3.iso
//	BIGIP-12.1.2.0.0.249.iso
//	Hotfix-BIGIP-16.1.3.3.0.97.2-ENG.iso
//	Hotfix-BIGIP-11.6.0.6.204.442-HF6.iso
var nameVersion = regexp.MustCompile(`^(?:Hotfix-)?BIGIP-(\d{1,3}\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)[-.](\d{1,6}\.\d{1,6}\.\d{1,6})(?:-(?:ENG|HF\d{1,3}|hf\d{1,3}))?\.iso$`)

// versionInName reads version and build out of an image's file name.
func versionInName(path string) (string, bool) {
	m := nameVersion.FindStringSubmatch(path[strings.LastIndexAny(path, ":/")+1:])
	if m == nil {
		return "", false
	}
	return m[1] + " Build " + m[2], true
}
