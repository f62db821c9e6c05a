package platforms

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var nxosExpectations = map[string]func([]facts.Fact, any) string{
	"bios":            stated(facts.BootLoaderVersion, "BIOS"),
	"kickstart_image": stated(facts.RunningImage, "kickstart"),
	"model":           partOf(facts.Model),
	"version_string":  nxosVersionString,
}

// partOf expects values of which each is a part of what the device calls it: some sources leave out the family
// ("C93180YC-FX3"), others do not ("Nexus9000 C93180YC-FX3 Chassis").
func partOf(kind facts.Kind) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		got := values(found, kind, nil)
		for _, w := range want.([]any) {
			if !slices.ContainsFunc(got, func(v string) bool { return strings.Contains(v, w.(string)) }) {
				return fmt.Sprintf("missing %s %q in %q", kind, w, got)
			}
		}
		return ""
	}
}

// nxosVersionString expects the version with what stands in brackets behind it.
func nxosVersionString(found []facts.Fact, want any) string {
	got := strings.Join(values(found, facts.RunningVersion, is("")), "")
	if label := values(found, facts.ReleaseType, is("")); len(label) > 0 {
		got += " [" + label[0] + "]"
	}
	if got != want {
		return fmt.Sprintf("version and release type are %q, want %q", got, want)
	}
	return ""
}
