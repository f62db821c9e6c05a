package hpe

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

// A version of Comware names the operating system's base and a release of it for one product: "7.1.070, Release 3507P18". The
// releases of a product are ordered, across the bases of one generation; features, ESS and other early builds are lines of
// their own. A slot states its release behind the name of its product: "HPE 5130 48G PoE+ 4SFP+ EI JG937A-3507P18".

var (
	// 7.1.070, Release 3507P18
	// 7.1.064P45, Release 0707P21
	// 5.20 Release 1513P95
	// Release 3507P18H02
	comwareVersion = regexp.MustCompile(`(?i)^(?:(?:version )?(\d{1,2}\.\d{1,3})((?:\.\w{1,12})?)\w*,? +)?(release|feature|ess|alpha|beta|demo|test|customized?|debug) +(\d{3,5})((?:L\d{1,3})?)((?:P\d{1,4})?)((?:H[FS]?\d{1,3})?)$`)

	// HPE 5130 48G PoE+ 4SFP+ EI JG937A-3507P18
	// 5900_5920-2422P01
	// S12508-7375
	comwareSlot = regexp.MustCompile(`(?i)^\S.*-([rfeabdt]?)(\d{4,5})((?:L\d{1,3})?)((?:P\d{1,4})?)((?:H[FS]?\d{1,3})?)$`)

	// 147
	// 1.51
	comwareNumbers = regexp.MustCompile(`^\d{1,6}(?:\.\d{1,6}){0,3}$`)
)

// releaseKinds are the words for what the letter before a release stands for.
var releaseKinds = map[string]string{"r": "release", "f": "feature", "e": "ess", "a": "alpha", "b": "beta", "d": "demo", "t": "test"}

// A comwareRelease is a version taken apart; what the text does not say is empty.
type comwareRelease struct {
	base, maintenance string // "7.1", ".070"
	kind              string // "release"
	number            string
	branch            string // "L02": a line of releases for one customer or region
	patch             string // "P18"
	hotfix            string // "H02", "HF02"
}

func parseComware(text string) (comwareRelease, bool) {
	if m := comwareVersion.FindStringSubmatch(text); m != nil {
		return comwareRelease{m[1], m[2], strings.ToLower(m[3]), m[4], strings.ToUpper(m[5]), m[6], strings.ToUpper(m[7])}, true
	}
	if m := comwareSlot.FindStringSubmatch(text); m != nil {
		return comwareRelease{"", "", releaseKinds[strings.ToLower(m[1])], m[2], strings.ToUpper(m[3]), m[4], strings.ToUpper(m[5])}, true
	}
	return comwareRelease{}, false
}

// comwareOrder orders two versions of Comware, or two of a boot loader.
func comwareOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, okX := parseComware(a)
	y, okY := parseComware(b)
	switch {
	case okX && okY:
		return x.order(y)
	case comwareNumbers.MatchString(a) && comwareNumbers.MatchString(b):
		return orderFields(strings.Split(a, "."), strings.Split(b, "."))
	case !okX && !comwareNumbers.MatchString(a):
		return facts.Incomparable, strconv.Quote(a) + " is no version of Comware"
	case !okY && !comwareNumbers.MatchString(b):
		return facts.Incomparable, strconv.Quote(b) + " is no version of Comware"
	}
	return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are numbered in different ways"
}

func (x comwareRelease) order(y comwareRelease) (facts.Order, string) {
	letters := func(hotfix string) string { return strings.TrimRight(hotfix, "0123456789") }
	digits := func(field string) string { return strings.TrimLeft(strings.ToUpper(field), "PHFSL") }
	switch {
	case x.base != "" && y.base != "" && x.base != y.base:
		return facts.Incomparable, "Comware " + x.base + " and Comware " + y.base + " number their releases by themselves"
	case x.kind != "" && y.kind != "" && x.kind != y.kind:
		return facts.Incomparable, "a " + x.kind + " and a " + y.kind + " have no order"
	case (x.branch == "") != (y.branch == "") || compareNumbers(digits(x.branch), digits(y.branch)) != 0:
		return facts.Incomparable, "the releases are of different branches (L)"
	case x.hotfix != "" && y.hotfix != "" && letters(x.hotfix) != letters(y.hotfix):
		return facts.Incomparable, "the hot patches are of different sorts"
	}
	c := cmp.Or(compareNumbers(x.number, y.number), compareNumbers(digits(x.patch), digits(y.patch)), compareNumbers(digits(x.hotfix), digits(y.hotfix)))
	if c == 0 && x.maintenance != "" && y.maintenance != "" && x.maintenance != y.maintenance {
		return facts.Same, "the same release on bases " + x.base + x.maintenance + " and " + y.base + y.maintenance
	}
	return facts.OrderOf(c), ""
}

// orderFields orders numbers field by field.
func orderFields(x, y []string) (facts.Order, string) {
	if len(x) != len(y) {
		return facts.Incomparable, strconv.Quote(strings.Join(x, ".")) + " and " + strconv.Quote(strings.Join(y, ".")) + " have different numbers of fields"
	}
	for i := range x {
		if c := compareNumbers(x[i], y[i]); c != 0 {
			return facts.OrderOf(c), ""
		}
	}
	return facts.Same, ""
}

// compareNumbers compares two decimal numbers of any length, leading zeros aside; a missing one counts as 0.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// 5130ei-cmw710-system-r3507p18.bin
// s36si_e-cmw310-r1702p13-s168.bin
// 5900_5920-CMW710-F2428.ipe
var comwareName = regexp.MustCompile(`(?i)-([rfeabdt])(\d{4,5})((?:l\d{1,3})?)((?:p\d{1,4})?)((?:h[fs]?\d{1,3})?)(?:-[\w-]+)?\.(?:bin|ipe|app)$`)

// comwareVersionInName reads the version out of an image's name. It returns false for a patch, whose number says for which release
// it is and not which one runs.
func comwareVersionInName(path string) (string, bool) {
	name := path[strings.LastIndexAny(path, ":/")+1:]
	m := comwareName.FindStringSubmatch(name)
	if m == nil || strings.Contains(strings.ToLower(name), "patch") {
		return "", false
	}
	kind := map[string]string{"r": "Release", "f": "Feature", "e": "ESS", "a": "Alpha", "b": "Beta", "d": "Demo", "t": "Test"}[strings.ToLower(m[1])]
	return kind + " " + m[2] + strings.ToUpper(m[3]+m[4]+m[5]), true
}
