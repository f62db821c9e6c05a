package cisco

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

// Versions of Cisco IOS and IOS XE come in three grammars that have no order between
// them: IOS, IOS XE and the boot loaders of both. Within IOS, the letters behind the
// parenthesis name a train: a branch for a family of hardware, not an age. Trains are compared only
// along the lineages below (vendors.md, section 4.3).

var (
	// 15.2(4)M6a
	// 12.2(55)SE12
	// 12.4(21a)
	// 15.2(4.0.55)E
	iosVersion = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\((\d{1,4})([a-z]?)((?:\.\d{1,6}){0,4})\)([A-Z]{0,5})(\d{0,4})([a-z]{0,2})$`)

	// 17.09.04a
	// 16.12.4
	// 03.06.05E
	// 03.16.04b.S
	// 03.18.03.SP
	// 17.09.04a.0.6
	// 17.18.1prd21
	xeVersion = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{1,2})([a-z]{0,2})(?:\.?(SE|SG|SQ|SP|XO|EX|S|E))?((?:\.\d{1,8}){0,2})(?:prd(\d{1,6}))?$`)

	// 12.2(35r)SE2
	// 16.12(2r)
	// 15.0(1r)M15
	// 12.2(8r) [cmong 8r]
	// 12.4(12.2r)T
	iosLoader = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\((\d{1,4})(?:\.(\d{1,4}))?r\)([A-Z]{0,5})(\d{0,4})([a-z]?)(?: ?\[(?:FC(\d{1,4})|([^\[\]]*))\])?$`)

	// 17.1.1[FC2]
	// 16.9.1r [FC2]
	// 3.58
	xeLoader = regexp.MustCompile(`^(\d{1,2})\.(\d{1,3})(?:\.(\d{1,3}))?(r?)(?: ?\[FC(\d{1,4})\])?$`)
)

// A version is one version string, taken apart.
type version struct {
	grammar string // "IOS", "IOS XE", "boot loader"
	train   string // letters, upper case
	major   int
	minor   int
	// keys order versions of one train: maintenance, letter, interim, rebuild, suffix letter, or what the
	// grammar has in their place.
	keys []int
	// interim is set for a build between two releases: 15.1(4.17)M came after 15.1(4)M and before 15.1(5)M.
	interim bool
	// early is set for a build of the kind 15.2(4.0.55)E, which may have come before the release 15.2(4)E or after it.
	early bool
	// build is what tells two builds of one version apart; empty where the text has none.
	build string
}

func parseVersion(text string) (version, bool) {
	text = strings.TrimSpace(text)
	if m := iosLoader.FindStringSubmatch(text); m != nil {
		return version{grammar: "boot loader", train: m[5], major: number(m[1]), minor: number(m[2]),
			keys: []int{number(m[3]), number(m[4]), number(m[6]), letters(m[7]), number(m[8])}, build: m[9]}, true
	}
	if m := iosVersion.FindStringSubmatch(text); m != nil {
		keys := []int{number(m[3]), letters(m[4])}
		var interim []int
		for part := range strings.SplitSeq(strings.TrimPrefix(m[5], "."), ".") {
			interim = append(interim, number(part))
		}
		for len(interim) < 4 {
			interim = append(interim, 0)
		}
		keys = append(keys, interim...)
		keys = append(keys, number(m[7]), letters(m[8]))
		return version{grammar: "IOS", train: m[6], major: number(m[1]), minor: number(m[2]), keys: keys,
			interim: m[5] != "", early: strings.Count(m[5], ".") > 1}, true
	}
	if m := xeLoader.FindStringSubmatch(text); m != nil && (m[4] == "r" || m[5] != "" || m[3] == "") {
		return version{grammar: "boot loader", major: number(m[1]), minor: number(m[2]), keys: []int{number(m[3]), 0, 0, 0, number(m[5])}}, true
	}
	if m := xeVersion.FindStringSubmatch(text); m != nil {
		train := m[5]
		if number(m[1]) >= 16 {
			train = "" // from 16 on one line of numbers; a letter behind it says nothing more
		}
		// A pre-release comes before the release of the same number.
		prerelease := 0
		if m[7] != "" {
			prerelease = number(m[7]) - 10_000_000
		}
		return version{grammar: "IOS XE", train: train, major: number(m[1]), minor: number(m[2]),
			keys: []int{number(m[3]), letters(m[4]), prerelease}, interim: m[7] != "", build: strings.TrimPrefix(m[6], ".")}, true
	}
	return version{}, false
}

// number reads digits that a pattern has checked; missing ones count as 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// letters orders "", "a" … "z", "aa" …
func letters(s string) int {
	n := 0
	for _, c := range s {
		n = n*26 + int(c-'a') + 1
	}
	return n
}

// lineages are trains that followed one another on the same hardware, oldest first. They are
// heuristics: Cisco publishes no such table.
var lineages = [][]string{
	{"SE", "E"}, // access switches: 12.2(55)SE, 15.0(2)SE, 15.2(x)E
	{"EA", "SE"},
	{"SEA", "SEB", "SEC", "SED", "SEE", "SEF", "SEG", "SE"}, // 12.2(25)SEx to 12.2(35)SE
	{"EW", "EWA", "SG", "E"},                                // Catalyst 4500: 12.2(25)EWA, 12.2(54)SG, 15.0(2)SG, 15.2(x)E
	{"SGA", "E"},
	{"SXD", "SXE", "SXF", "SXH", "SXI", "SXJ", "SY"}, // Catalyst 6500
	{"SX", "SY"},                                     // the same, where the letter was left out
	{"SRA", "SRB", "SRC", "SRD", "SRE", "S"},         // 7600 and 7200: 12.2(33)SRx, 15.x S
	{"XNA", "XNB", "XNC", "XND", "XNE", "XNF", "S"},  // ASR 1000: 12.2(33)XNx, 15.x S
	{"SB", "S"},
	{"", "T", "M"}, // routers: 12.4, 12.4T, 15.0M and on
	{"XO", "E"}, {"EX", "E"},
}

// iosOrder orders two versions of Cisco IOS, IOS XE or one of their boot loaders.
func iosOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, okX := parseVersion(a)
	y, okY := parseVersion(b)
	switch {
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no release of IOS or IOS XE: a development or special build has no place in the order"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no release of IOS or IOS XE: a development or special build has no place in the order"
	case x.grammar != y.grammar:
		return facts.Incomparable, strconv.Quote(a) + " is numbered as " + x.grammar + ", " + strconv.Quote(b) + " as " + y.grammar
	}
	if x.train != y.train {
		return betweenTrains(x, y, a, b)
	}
	c := cmp.Or(cmp.Compare(x.major, y.major), cmp.Compare(x.minor, y.minor))
	if c == 0 && x.interim != y.interim && x.grammar == "IOS" && x.keys[0] == y.keys[0] && rebuilt(x)+rebuilt(y) > 0 {
		return facts.Incomparable, "an interim build and a rebuild of the same release are branches side by side"
	}
	if c == 0 && x.early != y.early && x.keys[0] == y.keys[0] {
		return facts.Incomparable, "a build of the kind 15.2(4.0.55)E may have come before the release of its number or after it"
	}
	for i := 0; c == 0 && i < len(x.keys); i++ {
		c = cmp.Compare(x.keys[i], y.keys[i])
	}
	remark := ""
	if c == 0 && x.build != "" && y.build != "" && x.build != y.build {
		remark = "builds " + x.build + " and " + y.build + " of one version"
	}
	return facts.OrderOf(c), remark
}

// rebuilt is the rebuild number of an IOS version.
func rebuilt(v version) int { return v.keys[6] }

// betweenTrains orders versions of different trains where a lineage holds both. Only versions with
// different major and minor numbers, or in the routers' T and M trains different maintenance numbers, are
// ordered: a rebuild says nothing across trains.
func betweenTrains(x, y version, a, b string) (facts.Order, string) {
	unknown := strconv.Quote(a) + " and " + strconv.Quote(b) + " are of different trains"
	if x.grammar == "IOS XE" && (x.major >= 16) != (y.major >= 16) {
		// 16.1, Denali, followed 3.18 on routers and 3.7 on access switches, and runs on no hardware of the other trains.
		if old := x.train + y.train; old != "S" && old != "SP" && old != "SE" && old != "E" {
			return facts.Incomparable, unknown
		}
		return facts.OrderOf(cmp.Compare(x.major, y.major)), ""
	}
	if x.grammar == "boot loader" {
		return facts.Incomparable, unknown
	}
	place, ok := lineage(x.train, y.train)
	if !ok {
		return facts.Incomparable, unknown
	}
	c := cmp.Or(cmp.Compare(x.major, y.major), cmp.Compare(x.minor, y.minor))
	if c == 0 && x.grammar == "IOS" {
		c = cmp.Compare(x.keys[0], y.keys[0])
		switch {
		case x.train == "" || y.train == "":
			c = 0 // 12.4(25) and 12.4(15)T: the T train left the main line early and ran beside it
		case c == 0 && successive(x.train, y.train):
			c = place // 12.2(33)SXH and 12.2(33)SXI: the letter counts on
		}
	}
	// The numbers must say what the lineage says: the later train is not the older one. T and M share
	// their numbers and take turns.
	shared := x.train != "" && y.train != "" && (x.train == "T" || y.train == "T")
	if c == 0 || !shared && c != place {
		return facts.Incomparable, unknown
	}
	return facts.OrderOf(c), ""
}

// successive reports whether two trains differ in the last of three letters: SXH, SXI.
func successive(a, b string) bool {
	return len(a) == 3 && len(b) == 3 && a[:2] == b[:2]
}

// lineage returns -1 when train a came before train b on the same hardware, 1 when after.
func lineage(a, b string) (int, bool) {
	for _, line := range lineages {
		i, j := -1, -1
		for k, train := range line {
			if train == a {
				i = k
			}
			if train == b {
				j = k
			}
		}
		if i >= 0 && j >= 0 {
			return cmp.Compare(i, j), true
		}
	}
	return 0, false
}

var (
	// c3900-universalk9-mz.SPA.151-4.M8.bin
	// c2600-i-mz.123-6f.bin
	iosName = regexp.MustCompile(`\.(\d{2})(\d)-(\d{1,4}[a-z]?)(?:\.([A-Z]{1,5}\d{0,4}[a-z]{0,2}))?(?:-std|-ext)?(?:\.SPA)?(?:\.bin|\.pkg|\.tar|$)`)

	// cat9k_iosxe.17.03.01.SPA.bin
	// asr1000rp2-adventerprisek9.03.09.01.S.153-2.S1.bin
	// cat3k_caa-universalk9.SPA.03.06.06.E.152-2.E6.bin
	xeName = regexp.MustCompile(`\.(\d{2}\.\d{2}\.\d{2}[a-z]?)(\.(?:SE|SG|SQ|SP|XO|EX|S|E)\b)?(?:[.-]|$)`)
)

// iosVersionInName reads the version out of an image's file name. A 3.x name holds two, and the
// IOS XE one is returned.
func iosVersionInName(path string) (string, bool) {
	name := path[strings.LastIndexAny(path, ":/")+1:]
	if m := xeName.FindStringSubmatch(name); m != nil {
		return m[1] + m[2], true
	}
	all := iosName.FindAllStringSubmatch(name, -1)
	if len(all) == 0 {
		return "", false
	}
	m := all[len(all)-1]
	return m[1] + "." + m[2] + "(" + m[3] + ")" + m[4], true
}
