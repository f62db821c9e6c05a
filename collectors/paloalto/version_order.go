package paloalto

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// versionPattern is a version of PAN-OS. "-h" counts hotfixes; betas ("-b") and candidates ("-c") come before the release. ".xfr"
// marks releases of a line of its own, with features for some models that the plain release of that number lacks.
//
//	10.2.4
//	10.2.4-h3
//	10.0.0-b7
//	9.0.5.xfr
var versionPattern = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:-([hbc])(\d{1,5}))?(\.xfr)?$`)

// stages order what stands behind the number: nothing is the release itself.
var stages = map[string]int{"b": -2, "c": -1, "": 0, "h": 1}

type version struct {
	keys [5]int
	xfr  bool
}

func parseVersion(text string) (version, bool) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return version{}, false
	}
	v := version{xfr: m[6] != ""}
	for i, digits := range []string{m[1], m[2], m[3]} {
		v.keys[i], _ = strconv.Atoi(digits) // digits, by the pattern
	}
	v.keys[3] = stages[m[4]]
	v.keys[4], _ = strconv.Atoi(m[5]) // 0 where there is none
	return v, true
}

// versionOrder orders two versions of PAN-OS.
func versionOrder(a, b string) (facts.Order, string) {
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no version of PAN-OS"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no version of PAN-OS"
	case x.xfr != y.xfr:
		return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are of different lines (xfr)"
	}
	remark := ""
	if x.keys[3] < 0 || y.keys[3] < 0 {
		remark = "a beta or a candidate"
	}
	return facts.OrderOf(slices.Compare(x.keys[:], y.keys[:])), remark
}

// nameVersion is in the name of an image as the vendor offers it.
//
//	PanOS_220-10.2.4-h3
//	PanOS_vm-10.1.0
//	PanOS_5200-9.1.2-h1.tgz
var nameVersion = regexp.MustCompile(`^PanOS_[A-Za-z0-9]+-(\d{1,3}\.\d{1,3}\.\d{1,3}(?:-[hbc]\d{1,5})?(?:\.xfr)?)(?:\.[a-z]{2,5})?$`)

// versionInName reads the version out of an image's file name.
func versionInName(path string) (string, bool) {
	m := nameVersion.FindStringSubmatch(path[strings.LastIndexAny(path, ":/")+1:])
	if m == nil {
		return "", false
	}
	return m[1], true
}
