package platforms

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

// xrBuild maps the keys of the expectations for IOS XR to what a build id is about.
var xrBuild = map[string]string{"build_host": "build host", "label": "label", "package_location": "location"}

// compareNodes holds what the sources of IOS XR captures state of each node: its packages, or its role in a pair.
func compareNodes(found []facts.Fact, want []any) string {
	for _, w := range want {
		node := w.(map[string]any)
		if name, ok := node["name"].(string); ok { // a list of packages
			if !hasSubject(found, facts.Package, name) {
				return fmt.Sprintf("missing package %q", name)
			}
			continue
		}
		if primary, ok := node["primary"].(string); ok {
			name, _, _ := strings.Cut(primary, "(")
			if !hasSubject(found, facts.ComponentRole, name) {
				return fmt.Sprintf("missing role of %q", name)
			}
			backup, _, _ := strings.Cut(fmt.Sprint(node["backup"]), "(")
			for subject, key := range map[string]string{backup: "status", backup + " nsr": "nsr"} {
				states := values(found, facts.ComponentState, func(s string) bool { return strings.ReplaceAll(s, " process group", "") == subject })
				if want, _ := node[key].(string); want != "" && !slices.Contains(states, want) {
					return fmt.Sprintf("missing or wrong: state of %q is %q, want %q", subject, states, want)
				}
			}
			continue
		}
		name, _ := node["node"].(string)
		packages, _ := node["packages"].([]any)
		for _, p := range packages {
			if !hasSubject(found, facts.Package, name+" "+p.(string)) {
				return fmt.Sprintf("missing package %q of %q", p, name)
			}
		}
		if got := values(found, facts.BootSetting, is(name+" boot partition")); len(got) != 1 || got[0] != node["boot_partition"] {
			return fmt.Sprintf("missing or wrong: boot partition of %q is %q", name, got)
		}
	}
	return ""
}

// hasSubject reports whether there is a fact of the kind whose subject ends so.
func hasSubject(found []facts.Fact, kind facts.Kind, end string) bool {
	return slices.ContainsFunc(found, func(f facts.Fact) bool { return f.Kind == kind && strings.HasSuffix(f.Subject, end) })
}
