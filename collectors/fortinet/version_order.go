package fortinet

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

// A version of FortiOS has a patch level, a build, or both: the running version states both ("7.4.8,build2795"), its short form
// the patch level alone ("7.4.8"), the image in a partition the build alone ("FGT60F-7.04-FW-build2795-250523"). Within one line
// (major and minor number) both only rise, except for special builds.
//
// A special build is made for one customer or one new model. Its number lies far above those of the line and says nothing about its
// age. Two builds of one patch level are never the same version.

var (
	// 7.4.8
	// v7.4.8,build2795
	// v7.2.5 build1517
	// v7.4.8,build2795,250523
	// 5.0,build0318
	releaseVersion = regexp.MustCompile(`^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[, ] ?build(\d{1,5}))?(?:,\d{6,8})?$`)

	// FGT60F-7.04-FW-build2795-250523
	imageVersion = regexp.MustCompile(`^[\w-]+-(\d{1,3})\.(\d{2})()-FW-build(\d{1,5})-\d{6,8}$`)
)

// A version is one version string, taken apart. What the text does not state is -1.
type version struct{ major, minor, patch, build int }

func parseVersion(text string) (version, bool) {
	m := releaseVersion.FindStringSubmatch(text)
	if m == nil {
		m = imageVersion.FindStringSubmatch(text)
	}
	if m == nil {
		return version{}, false
	}
	v := version{number(m[1]), number(m[2]), number(m[3]), number(m[4])}
	return v, v.patch >= 0 || v.build >= 0
}

// number reads digits that a pattern has checked; -1 stands for none.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// firstSpecial is the number from which a build is a special one. Up to 7.6 the general releases end below 3700; builds of
// branches had numbers such as 4429, 5163, 6718 and 8040 at a time when the general ones were below 1500. Later lines may pass it.
const (
	firstSpecial   = 4000
	lastBelowMajor = 7
)

func (v version) special() bool { return v.major <= lastBelowMajor && v.build >= firstSpecial }

// versionOrder orders two versions of FortiOS.
func versionOrder(a, b string) (facts.Order, string) {
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no version of FortiOS"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no version of FortiOS"
	}
	if c := cmp.Or(cmp.Compare(x.major, y.major), cmp.Compare(x.minor, y.minor)); c != 0 {
		return facts.OrderOf(c), ""
	}
	builds := x.build >= 0 && y.build >= 0
	regular := builds && !x.special() && !y.special()
	byBuild := cmp.Compare(x.build, y.build)
	if x.patch < 0 || y.patch < 0 {
		switch {
		case builds && byBuild == 0:
			return facts.Same, ""
		case regular:
			return facts.OrderOf(byBuild), ""
		case builds:
			return facts.Incomparable, "one of the two is a special build, whose number says nothing about its age"
		}
		return facts.Incomparable, "one states no patch level and the other no build"
	}
	byPatch := cmp.Compare(x.patch, y.patch)
	switch {
	case byPatch != 0 && regular && byBuild == -byPatch:
		return facts.Incomparable, "the patch levels and the builds contradict each other"
	case byPatch != 0:
		return facts.OrderOf(byPatch), ""
	case !builds || byBuild == 0:
		return facts.Same, ""
	case regular:
		return facts.OrderOf(byBuild), "builds " + strconv.Itoa(x.build) + " and " + strconv.Itoa(y.build) + " of one patch level"
	}
	return facts.Incomparable, "one of the two is a special build of the same patch level"
}

// nameVersion is in the name of an image as the vendor offers it.
//
//	FGT_60F-v7.4.8.F-build2795-FORTINET.out
//	FGT_VM64_KVM-v7.2.5.F-build1517-FORTINET.out
//	FGT_60F-v7.0.7-build0367-FORTINET.out
var nameVersion = regexp.MustCompile(`-v(\d{1,3}\.\d{1,3}\.\d{1,3})(?:\.[A-Z]+)?-build(\d{1,5})[-.]`)

// versionInName reads the version out of an image's file name. Names up to 6.0 have the major number alone.
func versionInName(path string) (string, bool) {
	m := nameVersion.FindStringSubmatch(path[strings.LastIndexAny(path, ":/")+1:])
	if m == nil {
		return "", false
	}
	return m[1] + ",build" + m[2], true
}
