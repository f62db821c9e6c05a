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

var asaExpectations = map[string]func([]facts.Fact, any) string{
	"state":          unitStates("This"),
	"peer_state":     unitStates("Other"),
	"peer_version":   otherUnit(facts.ComponentVersion),
	"role":           stated(facts.Redundancy, "failover unit"),
	"hardware":       stated(facts.Component, ""),
	"device_manager": stated(facts.ComponentVersion, "Device Manager"),
	"last_modified":  lastModified,
}

// units are the unit that answers and the other one, as their facts call them.
func units(found []facts.Fact) (this, other string) {
	this, other = "primary unit", "secondary unit"
	if slices.Contains(values(found, facts.Redundancy, is("failover unit")), "Secondary") {
		this, other = other, this
	}
	return this, other
}

// unitStates expects the state of one unit of a pair, or those of its groups.
func unitStates(host string) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		unit, other := units(found)
		if host == "Other" {
			unit = other
		}
		got := values(found, facts.ComponentState, func(s string) bool { return s == unit || strings.HasPrefix(s, unit+" group ") })
		if fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Sprintf("missing or wrong: the state of the %s is %q, want %q", unit, got, want)
		}
		return ""
	}
}

// otherUnit expects a value of the unit that does not answer.
func otherUnit(kind facts.Kind) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		_, other := units(found)
		return stated(kind, other)(found, want)
	}
}

// lastModified expects who changed the configuration and when, in one text.
func lastModified(found []facts.Fact, want any) string {
	got := strings.Join(values(found, facts.ConfigurationAuthor, nil), "") + " at " + strings.Join(values(found, facts.ConfigurationTime, nil), "")
	if got != want {
		return fmt.Sprintf("missing or wrong: %q, want %q", got, want)
	}
	return ""
}
