package advisories

import (
	"fmt"
	"regexp"
	"strings"

	"trueboot/baseline"
)

var (
	// vers:generic/>=17.3.1|<17.3.8
	versScheme = regexp.MustCompile(`^vers:[\w.+-]+/`)

	// >=17.3.1
	// < 10.2.9
	// = 4.28.3M
	comparator = regexp.MustCompile(`^(<=|>=|<|>|==?|!=)?\s*(\S.*)$`)

	// All versions prior to 10.4.2
	// Versions before V200R019
	// prior to 21.2R3
	// earlier than 4.30.1F
	priorWords = regexp.MustCompile(`(?i)^(?:all )?(?:versions? )?(?:prior to|before|earlier than|up to)\s+(?:versions? )?(\S+)$`)

	// 10.2 < 10.2.9
	// 4.26 <= 4.26.12M
	trainBelow = regexp.MustCompile(`^(\S+)\s*(<=?)\s*(\S+)$`)

	// 21.1 versions prior to 21.1R3-S4
	// 4.28.0 through 4.28.6
	through = regexp.MustCompile(`(?i)^(\S+)\s+(versions? prior to|through|to|-)\s+(\S+)$`)

	// A version holds a digit and no blank.
	versionWord = regexp.MustCompile(`^[\w().:+~-]*\d[\w().:+~/-]*$`)
)

// parseRanges reads a range of versions as CSAF documents write it (CSAF 2.0, section 3.1.2.3.2): the vers scheme, or the words that vendors use.
func parseRanges(text string) ([]baseline.Range, error) {
	text = strings.TrimSpace(versScheme.ReplaceAllString(strings.TrimSpace(text), ""))
	if text == "*" || strings.EqualFold(text, "all versions") || strings.EqualFold(text, "all") {
		return []baseline.Range{{}}, nil
	}
	if m := priorWords.FindStringSubmatch(text); m != nil && versionWord.MatchString(m[1]) {
		return []baseline.Range{{To: m[1], ToIn: strings.Contains(strings.ToLower(text), "up to")}}, nil
	}
	if m := through.FindStringSubmatch(text); m != nil && versionWord.MatchString(m[1]) && versionWord.MatchString(m[3]) {
		return []baseline.Range{{From: m[1], FromIn: true, To: m[3], ToIn: !strings.Contains(strings.ToLower(m[2]), "prior")}}, nil
	}
	if m := trainBelow.FindStringSubmatch(text); m != nil && versionWord.MatchString(m[1]) && versionWord.MatchString(m[3]) {
		return []baseline.Range{{From: m[1], FromIn: true, To: m[3], ToIn: m[2] == "<="}}, nil
	}
	var ranges []baseline.Range
	open := -1 // the range that has its lower end only
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(text, " and ", "|"), func(r rune) bool { return r == '|' || r == ',' || r == ';' }) {
		part = strings.TrimSpace(part)
		m := comparator.FindStringSubmatch(part)
		if m == nil || !versionWord.MatchString(m[2]) {
			return nil, fmt.Errorf("%.80q is no version or range of versions", part)
		}
		switch sign, version := m[1], m[2]; sign {
		case "!=":
			return nil, fmt.Errorf("%.80q leaves a version out, which is not understood", text)
		case ">", ">=":
			ranges = append(ranges, baseline.Range{From: version, FromIn: sign == ">="})
			open = len(ranges) - 1
		case "<", "<=":
			if open >= 0 {
				ranges[open].To, ranges[open].ToIn = version, sign == "<="
				open = -1
				continue
			}
			ranges = append(ranges, baseline.Range{To: version, ToIn: sign == "<="})
		default:
			ranges = append(ranges, baseline.Range{From: version, FromIn: true, To: version, ToIn: true})
			open = -1
		}
	}
	if len(ranges) == 0 {
		return nil, fmt.Errorf("%.80q holds no version", text)
	}
	return ranges, nil
}
