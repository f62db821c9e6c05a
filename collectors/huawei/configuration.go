package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// sysname CORE1
var sysnameLine = collectors.MustCompile(`^sysname (\S+)$`)

// readHostname reads the line of the configuration that names the device.
func readHostname(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := sysnameLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.Hostname, "", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no sysname in the reply")
	}
	return r.Done()
}

var (
	// !Software Version V200R019C10SPC500
	// !Software Version: V600R022C10SPC500
	softwareComment = collectors.MustCompile(`^! ?Software Version:? +(V\d{3}R\d{3}C\w+)$`)

	// [V200R009C00SPC500]
	softwareHeading = collectors.MustCompile(`^\[(V\d{3}R\d{3}C\w+)\]$`)
)

// readConfigurationVersion reads the version at the head of the configuration, which the running system writes there in other
// words than those of "display version". Not every release does.
func readConfigurationVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		for _, pattern := range []*collectors.Pattern{softwareComment, softwareHeading} {
			if m := pattern.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				r.Add(n, facts.RunningVersion, "", m[1])
			}
		}
	}
	return r.Done()
}
