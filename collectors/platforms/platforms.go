// Package platforms is the list of what trueboot can visit.
package platforms

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/collectors/cisco"
)

// All are the platforms, in the order in which they are shown.
var All = []collectors.Platform{
	cisco.IOS,
}

// ByName finds a platform by its token or by another tool's name for it.
func ByName(name string) (collectors.Platform, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, p := range All {
		if p.Name == name || slices.Contains(p.Aliases, name) {
			return p, true
		}
	}
	return collectors.Platform{}, false
}

// Names returns the tokens of all platforms.
func Names() []string {
	var names []string
	for _, p := range All {
		names = append(names, p.Name)
	}
	return names
}
