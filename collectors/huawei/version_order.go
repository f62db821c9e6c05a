package huawei

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

// A version of VRP names a product and its own numbers of versions, releases, customisations and service packs:
// "S5720 V200R019C10SPC500". V and the product are the code line: nothing orders one against another. A patch is numbered
// beside that, by the release that it is for: "V200R019SPH010". What is printed without a product, such as the version in
// a file's name, where the product is abbreviated in many ways, is compared by its numbers.

var (
	// NE40E V800R011C00SPC200
	// ATN 910C-B V300R003C10SPC500
	// V200R019C10SPC500
	// V100R006C01SPCa00B020
	vrpVersion = regexp.MustCompile(`(?i)^(?:(\S(?:.*\S)?) +)?V(\d{3})R(\d{3})(?:C(\d{2,3})(?:SPC([0-9a-z]\d{2}))?|SPC([0-9a-z]\d{2}))(?:B(\d{3}))?$`)

	// V300R021SPH180
	// V200R005C10SPC800SPH012
	// V100R005HP0010
	// V200R019C10SPC500CP0011
	vrpPatch = regexp.MustCompile(`(?i)^V(\d{3})R(\d{3})(?:C(\d{2,3}))?(?:SPC([0-9a-z]\d{2}))?(?:(SPH)([0-9a-z]\d{2})|(HP|CP)(\d{4}))$`)

	// 8.180
	// 06.14
	// 020a.010f
	// 1.22.0.1
	plainNumbers = regexp.MustCompile(`^[0-9A-Fa-f]{1,8}(?:\.[0-9A-Fa-f]{1,8}){0,5}$`)
)

// vrpOrder orders two versions of VRP, two patches, or two versions of a boot loader.
func vrpOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, y := vrpVersion.FindStringSubmatch(a), vrpVersion.FindStringSubmatch(b)
	p, q := vrpPatch.FindStringSubmatch(a), vrpPatch.FindStringSubmatch(b)
	switch {
	case p != nil && q != nil:
		return orderPatches(p, q)
	case x != nil && y != nil:
		return orderVersions(x, y)
	case plainNumbers.MatchString(a) && plainNumbers.MatchString(b):
		return orderNumbers(a, b)
	case x == nil && p == nil && !plainNumbers.MatchString(a):
		return facts.Incomparable, strconv.Quote(a) + " is no version of VRP"
	case y == nil && q == nil && !plainNumbers.MatchString(b):
		return facts.Incomparable, strconv.Quote(b) + " is no version of VRP"
	}
	return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are numbered in different ways"
}

func orderVersions(x, y []string) (facts.Order, string) {
	switch {
	case x[1] != "" && y[1] != "" && !strings.EqualFold(x[1], y[1]):
		return facts.Incomparable, strconv.Quote(x[1]) + " and " + strconv.Quote(y[1]) + " are different products"
	case x[2] != y[2]:
		return facts.Incomparable, "V" + x[2] + " and V" + y[2] + " are different code lines"
	case (x[4] == "") != (y[4] == ""):
		return facts.Incomparable, "only one of the versions has a number of its customisation (C)"
	}
	return facts.OrderOf(compareFields(x[3:], y[3:])), ""
}

// orderPatches orders patches of one sort for one code line. One of them may name a customisation or a service pack that it is for, the
// other not.
func orderPatches(p, q []string) (facts.Order, string) {
	sort := func(m []string) string { return strings.ToUpper(m[5] + m[7]) }
	switch {
	case p[1] != q[1]:
		return facts.Incomparable, "the patches are for the different code lines V" + p[1] + " and V" + q[1]
	case sort(p) != sort(q):
		return facts.Incomparable, "the patches are of the different sorts " + sort(p) + " and " + sort(q)
	case (p[3] == "") != (q[3] == "") || (p[4] == "") != (q[4] == ""):
		return facts.Incomparable, "only one of the patches says for which customisation it is"
	}
	return facts.OrderOf(compareFields([]string{p[2], p[3], p[4], p[6] + p[8]}, []string{q[2], q[3], q[4], q[6] + q[8]})), ""
}

// compareFields compares field by field; one that is missing counts as 0.
func compareFields(x, y []string) int {
	for i := range x {
		if c := compareNumbers(x[i], y[i]); c != 0 {
			return c
		}
	}
	return 0
}

// compareNumbers compares two numbers of any length, leading zeros aside. Behind 9 come letters, as in SPC900, SPCa00: digits
// before letters, whether they are decimal or hexadecimal.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(strings.ToLower(a), "0"), strings.TrimLeft(strings.ToLower(b), "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func orderNumbers(a, b string) (facts.Order, string) {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != len(y) {
		return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " have different numbers of fields"
	}
	return facts.OrderOf(compareFields(x, y)), ""
}

// AR610-V300R021C00SPC200.cc
// s5720li-v200r019c10spc500.cc
// AR610_V300R021SPH180.pat
// RPG_PNFV600R021SPH001.PAT
var vrpName = regexp.MustCompile(`(?i)(V\d{3}R\d{3}(?:C\d{2,3})?(?:SPC[0-9a-z]\d{2})?(?:B\d{3})?(?:SPH[0-9a-z]\d{2}|[HC]P\d{4})?)(?:[^0-9a-z]|$)`)

// vrpVersionInName reads the version out of an image's name, without the product: a name abbreviates it in ways that are
// no version's ("s5720li" for an image that calls itself "S5720"). It returns false for a patch, which has no place in the order
// of versions.
func vrpVersionInName(path string) (string, bool) {
	version := numbersInName(path)
	if !vrpVersion.MatchString(version) {
		return "", false
	}
	return version, true
}

// numbersInName returns the version of an image or the number of a patch in the name of its file, "" where there is none.
func numbersInName(path string) string {
	name := path[strings.LastIndexAny(path, ":/")+1:]
	m := vrpName.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	numbers := strings.ToUpper(m[1])
	if vrpVersion.MatchString(numbers) || vrpPatch.MatchString(numbers) {
		return numbers
	}
	return ""
}
