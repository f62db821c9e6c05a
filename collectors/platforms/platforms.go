// Package platforms is the list of what trueboot can visit.
package platforms

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/collectors/arista"
	"trueboot/collectors/cisco"
	"trueboot/collectors/f5"
	"trueboot/collectors/fortinet"
	"trueboot/collectors/hpe"
	"trueboot/collectors/huawei"
	"trueboot/collectors/juniper"
	"trueboot/collectors/paloalto"
)

// All are the platforms, in the order in which they are shown.
var All = []collectors.Platform{
	cisco.IOS,
	cisco.XR,
	cisco.NXOS,
	cisco.ASA,
	juniper.Junos,
	arista.EOS,
	paloalto.PANOS,
	fortinet.FortiOS,
	huawei.VRP,
	hpe.Comware,
	hpe.AOSCX,
	hpe.AOSS,
	f5.TMOS,
}

func init() {
	for i := range All {
		All[i] = All[i].Completed()
	}
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

// Resembles returns the token of the platform that printed the replies where that is plainly another one than
// the named: a wrong platform in the inventory. It returns "" where the replies tell nothing.
func Resembles(name string, replies []string) string {
	found := ""
	for _, text := range replies {
		for _, line := range (collectors.Reply{Text: text}).Lines() {
			for _, other := range All {
				switch {
				case other.Looks == nil || !other.Looks.MatchString(line):
				case other.Name == name:
					return ""
				case found == "":
					found = other.Name
				}
			}
		}
	}
	return found
}
