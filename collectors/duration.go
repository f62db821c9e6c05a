package collectors

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// durationTerm is one term of a duration.
//
//	60 weeks, 4 days, 11 hours, 20 minutes
//	22 weeks,4 days,1 hour,17 minutes
//	109 days 16 hrs 33 mins 12 secs
//	134d 1h 55m
var durationTerm = regexp.MustCompile(`^(\d{1,9}) ?(years?|yrs?|y|weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?:, *| +|$)`)

// durationUnits are the seconds of each unit, told by its first letter.
var durationUnits = map[byte]int64{'y': 365 * 86400, 'w': 7 * 86400, 'd': 86400, 'h': 3600, 'm': 60, 's': 1}

// Seconds reads a duration as command lines print it, in whole seconds and decimal digits. It returns false for
// anything else, and where a unit does not come after a larger one.
func Seconds(text string) (string, bool) {
	var total int64
	rest, last := strings.TrimSpace(text), int64(math.MaxInt64)
	for first := true; first || rest != ""; first = false {
		m := durationTerm.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		unit := durationUnits[m[2][0]]
		if err != nil || unit >= last {
			return "", false
		}
		total += n * unit
		rest, last = rest[len(m[0]):], unit
	}
	return strconv.FormatInt(total, 10), true
}
