package cisco

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/facts"
)

var (
	// 9.16(4)57
	// 9.16(4)
	// 2.1(9)8
	asaVersion = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\((\d{1,4})\)(\d{0,5})$`)

	// 2.10(1.1603)
	fxosVersion = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\((\d{1,4})\.(\d{1,6})\)$`)

	// 7.3(5)E4
	// 7.0(5a)E4
	ipsVersion = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\((\d{1,4})([a-z]?)(?:p(\d{1,3}))?\)E(\d{1,3})$`)

	// 6.5.2-81
	// 5.4.1.6-37
	sfrVersion = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?-(\d{1,6})$`)
)

// parseASA reads a version of ASA, or of a module, a boot loader or a host system that has numbers of another form.
func parseASA(text string) (version, bool) {
	numbers := func(grammar string, digits ...string) (version, bool) {
		v := version{grammar: grammar}
		for _, d := range digits {
			v.keys = append(v.keys, number(d)) // a number that is missing counts as 0: 9.16(4) is older than 9.16(4)57
		}
		return v, true
	}
	text = strings.TrimSpace(text)
	if m := asaVersion.FindStringSubmatch(text); m != nil {
		return numbers("ASA", m[1:]...)
	}
	if m := fxosVersion.FindStringSubmatch(text); m != nil {
		return numbers("FXOS", m[1:]...)
	}
	if m := ipsVersion.FindStringSubmatch(text); m != nil {
		v, ok := numbers("IPS", m[1], m[2], m[3], m[5], m[6])
		v.keys = append(v.keys[:3:3], append([]int{letters(m[4])}, v.keys[3:]...)...)
		return v, ok
	}
	if m := sfrVersion.FindStringSubmatch(text); m != nil {
		return numbers("FirePOWER", m[1:]...)
	}
	return parseDotted(text)
}

// asaOrder orders two versions of ASA, or of one of its parts.
func asaOrder(a, b string) (facts.Order, string) {
	x, okX := parseASA(a)
	y, okY := parseASA(b)
	switch {
	case a == b && a != "":
		return facts.Same, ""
	case !okX:
		return facts.Incomparable, strconv.Quote(a) + " is no version of ASA or of one of its parts"
	case !okY:
		return facts.Incomparable, strconv.Quote(b) + " is no version of ASA or of one of its parts"
	case x.grammar != y.grammar:
		return facts.Incomparable, strconv.Quote(a) + " is numbered as " + x.grammar + ", " + strconv.Quote(b) + " as " + y.grammar
	}
	return facts.OrderOf(compareKeys(x.keys, y.keys)), ""
}

var (
	// asa9-16-4-85-lfbff-k8.SPA
	// asa9-14-2-smp-k8.bin
	asaDashedName = regexp.MustCompile(`^asav?(\d{1,2})-(\d{1,2})-(\d{1,2})(?:-(\d{1,5}))?-[a-z]`)

	// asa984-10-smp-k8.bin
	// asa952-204-smp-k8.bin
	// asa912-smp-k8.bin
	asaShortName = regexp.MustCompile(`^asav?(\d)(\d)(\d)(?:-(\d{1,5}))?-[a-z]`)

	// cisco-asa-fp2k.9.16.4.57.SPA
	// cisco-asa.9.16.4.57.SPA.csp
	asaPackageName = regexp.MustCompile(`^cisco-asa(?:-[a-z0-9]+)?\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?:\.(\d{1,5}))?\.(?:SPA|SSA)`)
)

// asaVersionInName reads the version out of an image's file name. Three digits without a dash are the old form; four could be
// read in two ways, and are not.
func asaVersionInName(path string) (string, bool) {
	name := path[strings.LastIndexAny(path, ":/")+1:]
	for _, pattern := range []*regexp.Regexp{asaDashedName, asaShortName, asaPackageName} {
		if m := pattern.FindStringSubmatch(name); m != nil {
			return m[1] + "." + m[2] + "(" + m[3] + ")" + m[4], true
		}
	}
	return "", false
}
