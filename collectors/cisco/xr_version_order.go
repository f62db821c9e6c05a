package cisco

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

// xrNumber is a version of IOS XR (vendors.md, section 4.2). 7.11 is followed by 24.1, and numbers still order.
//
//	6.1.4
//	6.1.4.10I
//	6.1.4.10I[Default]
//	7.9.2 LNT
//	5.3.2.sp1
//	7.10.2v1.0.0-1
var xrNumber = regexp.MustCompile(`^(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?:\.(\d{1,4})I|\.sp(\d{1,3}))?(?:v(\d{1,3})\.(\d{1,3})\.(\d{1,3})-(\d{1,4}))?(?:\[[^\]]*\])?(?: LNT)?$`)

// xrOrder orders two versions of IOS XR. An interim build (10I) came before the release of its number; a service pack
// after it.
func xrOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, y := xrNumber.FindStringSubmatch(a), xrNumber.FindStringSubmatch(b)
	switch {
	case x == nil && y == nil:
		return facts.Incomparable, "neither is a version of IOS XR"
	case x == nil || y == nil:
		return facts.Incomparable, "one of the two is no version of IOS XR"
	}
	return facts.OrderOf(slices.Compare(xrKeys(x), xrKeys(y))), ""
}

// xrKeys are the numbers in the order in which they count.
func xrKeys(m []string) []int {
	number := func(text string) int {
		n, _ := strconv.Atoi(text) // digits, and few; nothing stands for 0
		return n
	}
	release := 1
	if m[4] != "" {
		release = 0
	}
	return []int{number(m[1]), number(m[2]), number(m[3]), release, number(m[4]), number(m[5]), number(m[6])*1000 + number(m[7]), number(m[8]), number(m[9])}
}

var (
	// disk0:asr9k-os-mbi-5.3.2.sp1-1.0.0/0x100305/mbiasr9k-rsp3.vm
	// asr9k-mini-px-6.1.21.15I
	// ncs5500-mini-x.iso-7.3.2
	// ncs5500-xr-7.3.2
	xrNameVersion = regexp.MustCompile(`-(\d{1,2}\.\d{1,2}\.\d{1,3}(?:\.\d{1,3}I)?)(?:\.sp\d+(?:-[\d.]+)?)?(?:/.*|\.(?:iso|pie|tar|vm))?$`)

	// 7.10.2
	// 7.10.2-meta_7102_fcs
	xrLabelVersion = regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{1,3})(?:-\S+)?$`)
)

// xrVersionInName reads the version in the name of a boot image, of a package with the version of the system in it, or of a label.
func xrVersionInName(path string) (string, bool) {
	if strings.Contains(path, ".CSC") { // a fix has a version of its own
		return "", false
	}
	for _, pattern := range []*regexp.Regexp{xrNameVersion, xrLabelVersion} {
		if m := pattern.FindStringSubmatch(path); m != nil {
			return m[1], true
		}
	}
	return "", false
}
