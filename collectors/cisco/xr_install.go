package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	xrActiveYields = []facts.Kind{
		facts.Package, facts.RunningImage, facts.BootVariable, facts.Partition, facts.ComponentImage, facts.BootSetting, facts.ImageDigest, facts.BuildID,
	}
	xrCommittedYields = []facts.Kind{facts.CommittedPackage, facts.NextBootVariable, facts.ComponentImage, facts.BootSetting, facts.ImageDigest, facts.BuildID}
)

var (
	// Label : 7.3.2
	// Label:              7.10.2-meta_7102_fcs
	xrLabelLine = collectors.MustCompile(`^Label *: *(\S.*)$`)

	// Software Hash:      a3b1c2d4e5f60718293a4b5c6d7e8f90
	xrHashLine = collectors.MustCompile(`^Software Hash *: *([0-9A-Fa-f]+)$`)

	// Node 0/RP0/CPU0 [RP]
	// Node 0/RSP0/CPU0 [RP] [SDR: Owner]
	xrInstallNode = collectors.MustCompile(`^Node (\d+/\S+) \[`)

	// Default Profile:
	// SDRs:
	// Admin Resources:
	xrInstallScope = collectors.MustCompile(`^(?:Default Profile|SDRs|Admin Resources|Owner)(?: \[.*\])?:?$`)

	// Boot Partition: xr_lv38
	// Boot Device: disk0:
	// Boot Image: /disk0/asr9k-os-mbi-5.3.2/0x100305/mbiasr9k-rsp3.vm
	xrBootLine = collectors.MustCompile(`^(Boot Partition|Boot Device|Boot Image): *(\S+)$`)

	// Active Packages: 18
	// Active Packages:
	// Committed Packages: 18
	// 3 inactive package(s) found:
	xrPackagesHeading = collectors.MustCompile(`^(?:(?:Active|Committed|Inactive) Packages:|\d+ inactive package\(s\) found)`)

	// ncs5500-xr-7.3.2 version=7.3.2 [Boot image]
	// ncs5500-dpa-3.0.0.1-r732.CSCwa07903
	// disk0:asr9k-mini-px-5.3.2
	xrPackageName = collectors.MustCompile(`^(\S+)(?: version=(\S+))?( \[Boot image\])?$`)

	// xr-8000-mcast                                          7.10.2v1.0.0-1
	xrOptionalPackage = collectors.MustCompile(`^(\S+) +(\d\S*)$`)

	// Optional Packages                                      Version
	// Mandatory Packages with Active Bugfixes                Version
	xrOptionalHeading = collectors.MustCompile(`^(?:Optional|Mandatory) Packages?.* Version$`)

	// Active Fixes (count: 6):
	xrFixesHeading = collectors.MustCompile(`^(?:Active|Committed) Fixes \(count: *(\d+)\)`)

	//     CSCwa12345: xr-bgp, xr-infra
	xrFix = collectors.MustCompile(`^(CSC[a-z]{2}\d{5}): *(\S.*)$`)
)

// readXRInstall reads "show install active", "committed" and "inactive", with summary or without. On a chassis with several nodes each
// package is named with its node; in a summary there is one list for all.
//
// What is active and what the next reload activates are two lists; NDI-PK-02 compares them.
func readXRInstall(list string) func(collectors.Reply) ([]facts.Fact, error) {
	return func(reply collectors.Reply) ([]facts.Fact, error) {
		var (
			r       collectors.Reading
			node    string
			table   string // "packages", "optional", "fixes"
			label   string
			labelAt int
			booted  bool
			none    bool
		)
		prefix := func() string {
			if node == "" {
				return ""
			}
			return node + " "
		}
		add := func(n int, name, version string) {
			switch list {
			case "active":
				r.Add(n, facts.Package, prefix()+name, version)
			case "committed":
				r.Add(n, facts.CommittedPackage, prefix()+name, version)
			default:
				r.Add(n, facts.Package, prefix()+name, version)
				r.Add(n, facts.PackageState, prefix()+name, "inactive")
			}
		}
		// of names a statement about a node, or about what is committed.
		of := func(what string) string {
			if list == "committed" {
				what = "committed " + what
			}
			return prefix() + what
		}
		image := func(n int, path, version string) {
			if booted { // of another node
				r.Add(n, facts.ComponentImage, strings.TrimSpace(of("")), path)
				return
			}
			booted = true
			switch list {
			case "active":
				r.Add(n, facts.RunningImage, "", path)
				r.Add(n, facts.BootVariable, facts.Place("", 1), path)
				r.Add(n, facts.Partition, path, version) // where it runs from is no file
			case "committed":
				r.Add(n, facts.NextBootVariable, facts.Place("", 1), path)
			}
		}
		for n, line := range reply.Lines() {
			text := strings.TrimSpace(line)
			switch {
			case text == "":
				if table == "packages" {
					table = ""
				}
			case xrLabelLine.MatchString(text):
				label, labelAt = xrLabelLine.FindStringSubmatch(text)[1], n
				if list != "inactive" {
					r.Add(n, facts.BuildID, of("label"), label)
				}
			case xrHashLine.MatchString(text):
				// XR 7: one digest over all packages. The label is what it belongs to.
				if list != "inactive" && label != "" {
					addDigest(&r, n, facts.ImageDigest, label, "", xrHashLine.FindStringSubmatch(text)[1])
					if !booted {
						image(labelAt, label, label)
					}
				}
			case xrInstallNode.MatchString(text):
				node, table = xrInstallNode.FindStringSubmatch(text)[1], ""
			case xrInstallScope.MatchString(text):
			case xrBootLine.MatchString(text):
				if m := xrBootLine.FindStringSubmatch(text); list != "inactive" && m[1] != "Boot Device" {
					r.Add(n, facts.BootSetting, of(strings.ToLower(m[1])), m[2])
				}
			case xrPackagesHeading.MatchString(text):
				table, none = "packages", true
			case xrOptionalHeading.MatchString(text):
				table, none = "optional", true
			case xrFixesHeading.MatchString(text):
				table = "fixes"
			case strings.Trim(text, "- ") == "":
			case table == "packages" && xrPackageName.MatchString(text):
				m := xrPackageName.FindStringSubmatch(text)
				name := m[1]
				add(n, name, xrPackageVersion(name, m[2]))
				if m[3] != "" && list != "inactive" {
					image(n, name, xrPackageVersion(name, m[2]))
				}
			case table == "optional" && xrOptionalPackage.MatchString(text):
				m := xrOptionalPackage.FindStringSubmatch(text)
				add(n, m[1], m[2])
			case table == "fixes" && xrFix.MatchString(text):
				m := xrFix.FindStringSubmatch(text)
				add(n, m[1], m[2])
			case table == "packages" || table == "optional":
				r.Problem("line %d: not a package: %.80q", n, text)
			}
		}
		if r.Empty() && !(list == "inactive" && none) {
			r.Problem("no package in the reply")
		}
		return r.Done()
	}
}

// xrPackageVersion is the version that a package states beside its name, or the name itself, which holds it.
func xrPackageVersion(name, stated string) string {
	if stated != "" {
		return stated
	}
	return name
}
