package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Active Packages:
	// Inactive Base Packages:
	// Committed Packages:
	nxosPackageHeading = collectors.MustCompile(`^(Active|Inactive|Committed)(?: [A-Z][a-z]+)? [Pp]ackages?(?:\(s\))?(?: .*)?:? *$`)

	// Boot Image:
	// Boot Images:
	nxosImageHeading = collectors.MustCompile(`^(?:Boot|Software) Images?:?$`)

	// NXOS Image: bootflash:/nxos.9.3.15.bin
	nxosInstalledImage = collectors.MustCompile(`^(?:NXOS|Kickstart|System) Image: *\S+$`)

	// nxos.CSCvj14078-n9k_ALL-1.0.0-9.3.15.lib32_n9000
	// n7000-s2-dk9.8.2.3.CSCvh76561.bin
	nxosPackageRow = collectors.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._+~:/-]*)(?: +(?i:\(?(?:un)?signed\)?|@\S+|\(\S+\)))?$`)

	// No packages
	nxosNoPackages = collectors.MustCompile(`(?i)^(?:no |none\b)`)
)

// readNXOSInstall reads "show install active", "… inactive" and "… committed", of which list says which. What is committed
// is what the next reload activates; a package that is on one of the two lists alone is half-finished.
func readNXOSInstall(list string) func(collectors.Reply) ([]facts.Fact, error) {
	return func(reply collectors.Reply) ([]facts.Fact, error) {
		var (
			r       collectors.Reading
			section string
			at      int // line of the heading
			count   int
			odd     bool
		)
		for n, line := range reply.Lines() {
			text := strings.TrimSpace(line)
			heading := nxosPackageHeading.FindStringSubmatch(text)
			switch {
			case heading != nil && heading[1] == list:
				section, at = list, n
			case text == "" || underline.MatchString(text) || nxosNoPackages.MatchString(text):
			case nxosImageHeading.MatchString(text):
				section = "image"
			case nxosInstalledImage.MatchString(text) && section == "image":
			case heading == nil && section == list && nxosPackageRow.MatchString(text):
				count++
				addNXOSPackage(&r, n, list, nxosPackageRow.FindStringSubmatch(text)[1])
			default:
				r.Problem("line %d: not a package: %.80q", n, text)
				odd = true
			}
		}
		switch {
		case at == 0:
			r.Problem("no list of packages in the reply")
		case count > 0 || odd:
		case list == "Active":
			r.Add(at, facts.PackageState, "", "none")
		case list == "Committed":
			r.Add(at, facts.CommittedPackage, "", "none")
		}
		return r.Done()
	}
}

// addNXOSPackage states a package. Whether an active one is committed too, the other list tells.
func addNXOSPackage(r *collectors.Reading, n int, list, name string) {
	kind := facts.Package
	if list == "Committed" {
		kind = facts.CommittedPackage
	}
	r.Add(n, kind, name, packageVersion(name))
	if list == "Inactive" {
		r.Add(n, facts.PackageState, name, "inactive")
	}
}

// versionInPackage is the version in a package's name, with all that follows it.
//
//	nxos.CSCvj14078-n9k_ALL-1.0.0-9.3.15.lib32_n9000
//	ncs5500-mcast-3.0.0.0-r732
//	asr9k-px-5.1.3.CSCut30136-1.0.0
var versionInPackage = collectors.MustCompile(`-(\d+\.\d.*)$`)

// packageVersion returns the version in a package's name, or the name where there is none.
func packageVersion(name string) string {
	if m := versionInPackage.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}
