package arista

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// Versions of EOS are numbers in order. The letter behind them says how mature the release train is (F: features, M:
// maintenance), and nothing about the order. What stands behind a dash is a build of its own: an engineering build, or one for
// a family of hardware (vendors.md, section 4.3).

// release is a version of EOS.
//
//	4.28.9M
//	4.28.3.1M
//	4.21.2.3F
//	4.15.5FX-7060X.1
//	4.31.6M-39953990.4316M
var release = regexp.MustCompile(`^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?([A-Z]{0,4}\d?)(?:-([\w.+-]{1,80}))?$`)

// A version is one version string, taken apart.
type version struct {
	keys  []int
	train string // "" for the main line, "FX" for a branch
	build string // what stands behind the dash
}

func parseVersion(text string) (version, bool) {
	m := release.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return version{}, false
	}
	v := version{build: m[7]}
	for _, digits := range m[1:6] {
		v.keys = append(v.keys, number(digits))
	}
	if m[6] != "" && m[6] != "F" && m[6] != "M" {
		v.train = m[6]
	}
	if v.build == international { // the same release with weaker cryptography
		v.build = ""
	}
	return v, true
}

// international marks an image without strong cryptography.
const international = "INT"

// order orders two versions of EOS.
func order(a, b string) (facts.Order, string) {
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	both := strconv.Quote(a) + " and " + strconv.Quote(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no release of EOS"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no release of EOS"
	case x.train != y.train:
		return facts.Incomparable, both + " are of different trains"
	}
	c := slices.Compare(x.keys, y.keys)
	if c == 0 && x.build != y.build {
		return facts.Incomparable, both + " are builds beside the release of one number"
	}
	return facts.OrderOf(c), ""
}

// imageVersionPart is a version in the name of an image.
//
//	flash:/EOS-4.28.9M.swi
//	EOS64-4.30.1F.swi
//	EOS-4.20.5F-INT.swi
//	vEOS-lab-4.29.2F.swi
//	EOS-2GB-4.18.5M.swi
var imageVersionPart = regexp.MustCompile(`(?:^|[/:])(?i:[cv]?EOS)(?:64)?(?:-lab)?(?:-\dGB)?-(\d{1,4}\.\d{1,4}\.\d{1,4}(?:\.\d{1,4}){0,2}[A-Z]{0,4}\d?)((?:-[\w.+]+?)*)\.(?i:swi|vmdk|qcow2|tar|tar\.xz|iso)$`)

// versionInName reads the version out of the file name of an image.
func versionInName(path string) (string, bool) {
	m := imageVersionPart.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return m[1] + cmp.Or(strings.TrimSuffix(m[2], "-"+international), ""), true
}
