package cisco

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

var (
	// 9.3(15)
	// 10.4(5)M
	// 7.0(3)I7(9)
	// 6.0(2)U6(5b)
	// 4.2(1)SV1(5.1a)
	nxosVersion = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\((\d{1,3})([a-z]?)\)(?:([A-Z]{1,2})(\d{0,2})\((\d{1,3})(?:\.(\d{1,3}))?([a-z]?)\)|([FM]))?$`)

	// 07.68
	// 3.22.0
	// v1.2.0.1
	dottedVersion = regexp.MustCompile(`^v?\d{1,5}(?:\.\d{1,5}){1,3}$`)
)

// parseNXOS reads a version of NX-OS, or of what boots it. ACI numbers the same way and is another product: its majors begin
// with 11, and its maintenance number always has a letter.
func parseNXOS(text string) (version, bool) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), " ") // 10.4(5) [Maintenance Release]
	if m := nxosVersion.FindStringSubmatch(text); m != nil {
		v := version{grammar: "NX-OS", train: m[5], major: number(m[1]), minor: number(m[2]),
			keys: []int{number(m[3]), letters(m[4]), number(m[6]), number(m[7]), number(m[8]), letters(m[9])}}
		if m[8] != "" && v.train[0] != 'S' { // the Nexus 1000V alone has releases with two numbers there
			return version{}, false // 7.3(1)D1(0.10), a build before the release
		}
		if v.train == "" && v.major >= 11 && m[4] != "" {
			v.grammar = "ACI"
		}
		return v, true
	}
	return parseDotted(text)
}

// parseDotted reads the version of firmware. Only versions with as many numbers have an order.
func parseDotted(text string) (version, bool) {
	if !dottedVersion.MatchString(text) {
		return version{}, false
	}
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	v := version{grammar: "firmware of " + strconv.Itoa(len(parts)) + " numbers"}
	for _, p := range parts {
		v.keys = append(v.keys, number(p))
	}
	return v, true
}

// nxosLineages are trains that followed one another on the same hardware, oldest first. A number stands for the releases without
// letters, see nxosPlace. Cisco publishes no such table; these follow from the release notes.
//
//	Nexus 3000: 6.0(2)U6(1), 7.0(3)I7(1), 9.3(1)
//	Nexus 3500: 6.0(2)A8(1), 7.0(3)I7(1), 9.3(1)
//	Nexus 9500R: 7.0(3)F3(1), 9.2(1)
//	Nexus 7000: 6.2(14), 7.3(0)D1(1), 8.4(1)
var nxosLineages = [][]string{{"U", "I", "9"}, {"A", "I", "9"}, {"F", "9"}, {"6", "D", "8"}}

// nxosPlace names a train in the lineages. Without letters there are 4 to 6 of the Nexus 7000, its 8, and 9 and on of all others.
func nxosPlace(v version) string {
	switch {
	case v.train != "":
		return v.train
	case v.major >= 9:
		return "9"
	case v.major >= 8:
		return "8"
	}
	return "6"
}

// nxosOrder orders two versions of NX-OS or of what boots it.
func nxosOrder(a, b string) (facts.Order, string) {
	x, okX := parseNXOS(a)
	y, okY := parseNXOS(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no release of NX-OS: a development build has no place in the order"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no release of NX-OS: a development build has no place in the order"
	case x.grammar != y.grammar:
		return facts.Incomparable, strconv.Quote(a) + " is numbered as " + x.grammar + ", " + strconv.Quote(b) + " as " + y.grammar
	}
	if x.train == y.train {
		return facts.OrderOf(cmp.Or(cmp.Compare(x.major, y.major), cmp.Compare(x.minor, y.minor), compareKeys(x.keys, y.keys))), ""
	}
	for _, line := range nxosLineages {
		i, j := index(line, nxosPlace(x)), index(line, nxosPlace(y))
		c := cmp.Or(cmp.Compare(x.major, y.major), cmp.Compare(x.minor, y.minor))
		// The numbers must say what the lineage says.
		if i >= 0 && j >= 0 && c != 0 && c == cmp.Compare(i, j) {
			return facts.OrderOf(c), ""
		}
	}
	return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are of different trains"
}

func compareKeys(a, b []int) int {
	for i := range a {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func index(all []string, one string) int {
	for i, s := range all {
		if s == one {
			return i
		}
	}
	return -1
}

// nxosName is the version in an image's name.
//
//	nxos.9.3.15.bin
//	nxos64-cs.10.4.5.M.bin
//	n5000-uk9-kickstart.7.1.4.N1.1.bin
//	n3000-uk9.6.0.2.U6.5b.bin
//	aci-n9000-dk9.14.0.1h.bin
var nxosName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*\.(\d{1,2})\.(\d{1,2})\.(\d{1,3}[a-z]?)(?:\.([A-Z]{1,2}\d{1,2})\.(\d{1,3}[a-z]?))?(?:\.[FM])?(?:\.CCO|\.SPA)?\.(?:bin|img|upg|iso)$`)

// nxosVersionInName reads the version out of an image's file name.
func nxosVersionInName(path string) (string, bool) {
	m := nxosName.FindStringSubmatch(path[strings.LastIndexAny(path, ":/")+1:])
	if m == nil {
		return "", false
	}
	version := m[1] + "." + m[2] + "(" + m[3] + ")"
	if m[4] != "" {
		version += m[4] + "(" + m[5] + ")"
	}
	return version, true
}
