package paloalto

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// softwareHeading tells the columns of "request system software info". Older releases have no column behind the first of these.
//
//	Version               Size          Released on Downloaded  Installed
//	Version               Size          Released on Downloaded
var softwareHeading = collectors.MustCompile(`^Version\s(?:.*\s)?Downloaded(?:\s|$)`)

// readSoftware reads "request system software info": the releases that the device has heard of. Those that lie on it are packages,
// which wait until somebody installs them; the others say nothing about the device.
//
//	10.2.4-h3            372MB  2023/06/14 09:35:15        yes    current
//	10.2.3               368MB  2022/09/30 12:01:44         no         no
func readSoftware(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		flags []string // headings of the last columns
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case softwareHeading.MatchString(text):
			words := strings.Fields(text)
			flags = words[slices.Index(words, "Downloaded"):]
			continue
		case flags == nil || text == "" || ruler.MatchString(text) || promptLine.MatchString(text):
			continue
		}
		words := strings.Fields(text)
		if len(words) < 1+len(flags) || !isFlags(words[len(words)-len(flags):]) || !versionPattern.MatchString(words[0]) {
			r.Problem("line %d: not a release: %.80q", n, text)
			continue
		}
		stored, installed := false, false
		for i, flag := range words[len(words)-len(flags):] {
			switch {
			case flag == "no":
			case flags[i] == "Installed" || flags[i] == "Current":
				installed = true
			default:
				stored = true
			}
		}
		if !stored && !installed {
			continue
		}
		state := "inactive"
		if installed {
			state = "activated and committed"
		}
		r.Add(n, facts.Package, words[0], words[0])
		r.Add(n, facts.PackageState, words[0], state)
	}
	if flags == nil {
		r.Problem("no table of releases in the reply")
	}
	return r.Done()
}

func isFlags(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return w != "yes" && w != "no" && w != "current" })
}
