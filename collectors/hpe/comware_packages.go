package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Active packages on slot 1:
	// Active packages on the device:
	activeHeading = collectors.MustCompile(`^Active packages on (?:the )?(.+?) *:$`)

	//   flash:/5130ei-cmw710-boot-r3507p18.bin
	activePackage = collectors.MustCompile(`^([\w#-]+:/\S+)$`)

	//   Product version: Release 3507P18
	packageField = collectors.MustCompile(`^(Product version|Platform version) *: *(\S.*)$`)
)

// readInstallActive reads "display install active verbose": the version that each active image carries.
func readInstallActive(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		component string
		path      string // whose version has not come yet
		at        int
	)
	end := func() {
		if path != "" {
			r.Problem("line %d: no product version of %q", at, path)
		}
		path = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := activeHeading.FindStringSubmatch(text); m != nil {
			end()
			if component = strings.ToLower(m[1]); component == "device" {
				component = ""
			}
		} else if m := activePackage.FindStringSubmatch(text); m != nil {
			end()
			path, at = m[1], n
		} else if m := packageField.FindStringSubmatch(text); m != nil && path != "" && m[1] == "Product version" {
			r.Add(n, facts.Package, strings.TrimSpace(component+" "+path), m[2])
			path = ""
		}
	}
	end()
	if r.Empty() {
		r.Problem("no active package in the reply")
	}
	return r.Done()
}

var (
	// The location of patches: flash:
	patchLocation = collectors.MustCompile(`^The location of patches`)

	// Slot Version Temporary Common Current Active Running Start-Address
	patchHeading = collectors.MustCompile(`^Slot +Version +Temporary +Common +Current +Active +Running`)

	// 1    XXX002  0         5      4       0      4       0x4ee0000
	patchRow = collectors.MustCompile(`^(\d+) +(\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)(?: +0x[0-9A-Fa-f]+)?$`)

	// No patch information.
	noPatches = collectors.MustCompile(`(?i)\bno patch`)
)

// readComwarePatches reads "display patch information" of Comware 5. A running patch runs again after a restart, an active one does
// not.
func readComwarePatches(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if patchHeading.MatchString(text) {
			table = true
		} else if m := patchRow.FindStringSubmatch(text); m != nil && table {
			slot := "slot " + m[1]
			version, _ := filled(m[2])
			zero := func(number string) bool { return strings.Trim(number, "0") == "" }
			state := "inactive"
			switch {
			case version == "" && zero(m[5]) && zero(m[6]) && zero(m[7]):
				r.Add(n, facts.PackageState, slot, "none")
				continue
			case !zero(m[6]):
				state = "activated and uncommitted"
			case !zero(m[7]):
				state = "activated and committed"
			}
			r.Add(n, facts.Package, slot+" patch", m[2])
			r.Add(n, facts.PackageState, slot+" patch", state)
		} else if noPatches.MatchString(text) {
			r.Add(n, facts.PackageState, "", "none")
		} else if text != "" && table && strings.Trim(text, "-") != "" && !patchLocation.MatchString(text) {
			r.Problem("line %d: not a row of the patches: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no patch in the reply, nor that there is none")
	}
	return r.Done()
}
