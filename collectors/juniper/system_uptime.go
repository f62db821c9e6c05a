package juniper

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var uptimeYields = []facts.Kind{facts.BootTime, facts.Uptime, facts.ConfigurationTime, facts.ConfigurationAuthor}

var (
	// System booted: 2021-03-29 13:32:05 MSK (22w0d 19:16 ago)
	// System booted: 2024-02-01 10:04:03 UTC (00:12:25 ago)
	bootedLine = collectors.MustCompile(`^\s*System booted:\s+(\S.*?)\s+\(([^()]*) ago\)$`)

	// A line that has to be such a one.
	bootedStart = collectors.MustCompile(`^\s*System booted:`)

	// Last configured: 2021-07-13 16:35:35 MSK (6w6d 16:12 ago) by admin
	configuredLine = collectors.MustCompile(`^\s*Last configured:\s+(\d.*?)\s+\([^()]* ago\)(?: by (\S+))?$`)

	// 22w0d 19:16
	// 2d 03:12
	// 5d
	// 19:16
	// 00:12:25
	elapsedTime = collectors.MustCompile(`^(?:(\d{1,3})y)?(?:(\d{1,4})w)?(?:(\d{1,5})d)? ?(?:(\d{1,3}):(\d{2})(?::(\d{2}))?)?$`)
)

// readSystemUptime reads "show system uptime". The first block is the device's.
func readSystemUptime(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	blocks := 0
	for l := range memberLines(&r, reply) {
		if m := configuredLine.FindStringSubmatch(l.text); m != nil {
			addFor(&r, l.number, facts.ConfigurationTime, l.member, blocks <= 1, m[1])
			addFor(&r, l.number, facts.ConfigurationAuthor, l.member, blocks <= 1, m[2])
			continue
		}
		m := bootedLine.FindStringSubmatch(l.text)
		if m == nil {
			if bootedStart.MatchString(l.text) {
				r.Problem("line %d: not a time of the last boot: %.80q", l.number, l.text)
			}
			continue
		}
		blocks++
		addFor(&r, l.number, facts.BootTime, l.member, blocks == 1, m[1])
		if seconds, ok := elapsedSeconds(m[2]); ok {
			addFor(&r, l.number, facts.Uptime, l.member, blocks == 1, seconds)
		} else {
			r.Problem("line %d: not a duration: %.80q", l.number, m[2])
		}
	}
	if blocks == 0 {
		r.Problem("no time of the last boot in the reply")
	}
	return r.Done()
}

// elapsedSeconds reads a duration in Junos' short form.
func elapsedSeconds(text string) (string, bool) {
	m := elapsedTime.FindStringSubmatch(text)
	if m == nil || strings.TrimSpace(text) == "" {
		return "", false
	}
	total := int64(0)
	for i, unit := range []string{"year", "week", "day", "hour", "minute", "second"} {
		total += int64(number(m[i+1])) * durationUnits[unit]
	}
	return strconv.FormatInt(total, 10), true
}
