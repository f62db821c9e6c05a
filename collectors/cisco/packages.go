package cisco

import (
	"crypto/md5"
	"crypto/sha512"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// [ Switch 1 2 ] Installed Package(s) Information:
	// [ R0 ] Installed Package(s) Information:
	installSection = collectors.MustCompile(`^\[\s*([^\]]+?)\s*\] .*Package\(s\) Information`)

	// IMG   C    17.09.04a.0.6
	// SMU   U    bootflash:cat9k_iosxe.17.03.04.CSCvz12345.SPA.smu.bin
	installRow = collectors.MustCompile(`^([A-Z][A-Z0-9_]{1,9})\s+([IUCD])\s+(\S+)$`)

	// Type  St   Filename/Version
	installHeading = collectors.MustCompile(`^Type +St +Filename/Version`)

	// Auto abort timer: inactive
	// Auto abort timer: active on install_activate, time before rollback - 01:59:12
	abortTimer = collectors.MustCompile(`^Auto abort timer: (\S.*)$`)

	// No packages found
	noPackages = collectors.MustCompile(`(?i)^no (?:packages?|install).*(?:found|information)`)

	// boot  rp 0 0   rp_boot    cat9k-rpboot.17.09.04a.SPA.pkg
	// iso   rp 0 0   rp_base    cat9k-rpbase.17.09.04a.SPA.pkg
	provisionRow = collectors.MustCompile(`^(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)$`)

	// sha1sum: 9cb0a3a2f1c9d5d5a9f1b6c1f1a0f0b1c2d3e4f5
	provisionSum = collectors.MustCompile(`^sha\d+sum: *[0-9A-Fa-f]{40,128}$`)
)

var installStates = map[string]string{
	"I": "inactive",
	"U": "activated and uncommitted",
	"C": "activated and committed",
	"D": "deactivated and uncommitted",
}

var installYields = []facts.Kind{facts.Package, facts.PackageState, facts.RollbackTimer}

// readInstallSummary reads "show install summary" of IOS XE.
func readInstallSummary(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		sections int
		prefix   string
		table    int // lines of dashes that the table has had: one stands below its heading, one at its end
	)
	for _, line := range reply.Lines() {
		if installSection.MatchString(strings.TrimSpace(line)) {
			sections++
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := installSection.FindStringSubmatch(text); m != nil {
			if prefix = ""; sections > 1 {
				prefix = strings.ToLower(m[1]) + " "
			}
		} else if m := installRow.FindStringSubmatch(text); m != nil {
			subject := prefix + m[1] + " " + m[3]
			r.Add(n, facts.Package, subject, m[3])
			r.Add(n, facts.PackageState, subject, installStates[m[2]])
		} else if m := abortTimer.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.RollbackTimer, strings.TrimSpace(prefix), m[1])
		} else if noPackages.MatchString(text) {
			r.Add(n, facts.PackageState, strings.TrimSpace(prefix), "none")
		} else if installHeading.MatchString(text) {
			table = 1
		} else if strings.HasPrefix(text, "---") && table > 0 {
			table = (table + 1) % 3
		} else if table == 2 && text != "" {
			r.Problem("line %d: not a package: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no package in the reply")
	}
	return r.Done()
}

// readProvisioning reads a packages.conf as "more" prints it: which package file is
// mounted in which role and place. Its comments begin with a hash sign.
func readProvisioning(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	conf, whole := argument(reply.Command), true
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := provisionRow.FindStringSubmatch(text); m != nil && text[0] != '#' {
			r.Add(n, facts.PackageFile, strings.TrimSpace(strings.Join([]string{conf, m[1], m[2], m[3], m[4], m[5]}, " ")), m[6])
		} else if text != "" && text[0] != '#' && !provisionSum.MatchString(text) {
			r.Problem("line %d: not a line of a provisioning file: %.80q", n, text)
			whole = false
		}
	}
	if r.Empty() {
		r.Problem("no package file in the reply")
	}
	if r.Empty() || !whole { // something that is not of the file may stand in between
		return r.Done()
	}
	content := strings.TrimRight(strings.ReplaceAll(reply.Text, "\r", ""), "\n") + "\n"
	weak, strong := md5.Sum([]byte(content)), sha512.Sum512([]byte(content))
	r.Add(1, facts.ContentSize, conf, strconv.Itoa(len(content)))
	r.Add(1, facts.ContentDigest, conf, "md5:"+hex.EncodeToString(weak[:]))
	r.Add(1, facts.ContentDigest, conf, "sha512:"+hex.EncodeToString(strong[:]))
	return r.Done()
}

// provisioningFiles yields the packages.conf that the device booted from and those that it
// will boot.
func provisioningFiles(s facts.Set) []string {
	var confs []string
	for _, path := range bootable(s) {
		if strings.HasSuffix(path, "packages.conf") {
			confs = append(confs, path)
		}
	}
	return confs
}

// packageFiles yields the paths of the package files: they lie beside their provisioning file.
func packageFiles(s facts.Set) []string {
	var paths []string
	seen := map[string]bool{}
	for f := range s.All(facts.PackageFile) {
		conf, _, _ := strings.Cut(f.Subject, " ")
		path := strings.TrimSuffix(conf, "packages.conf") + f.Value
		if !seen[path] {
			seen[path] = true
			paths = append(paths, path)
		}
	}
	return paths
}

// bootable yields the running image and the files of the boot lists, each once, as the device
// spells them; those of another stack member or of the standby under the name that its file
// system has here. Files on a server are not the device's to hash.
func bootable(s facts.Set) []string {
	var paths []string
	seen := map[string]bool{}
	add := func(path string) {
		key := facts.PathKey(path)
		if !seen[key] && strings.Contains(path, ":") && !remote.MatchString(path) {
			seen[key] = true
			paths = append(paths, path)
		}
	}
	add(s.Value(facts.RunningImage))
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for f := range s.All(kind) {
			component, _ := facts.Position(f.Subject)
			add(onComponent(s, component, f.Value))
		}
	}
	return paths
}

// onComponent spells a path of another component as the active one reaches it: "flash-2:x" for
// switch 2, "stby-bootflash:x" for the standby, which "show redundancy" calls by its slot. Where no such file system is listed the path is
// returned as it is.
func onComponent(s facts.Set, component, path string) string {
	system, rest, ok := strings.Cut(path, ":")
	if !ok || component == "" {
		return path
	}
	var candidates []string
	if number, ok := strings.CutPrefix(component, "switch "); ok {
		candidates = []string{system + "-" + number + ":", system + number + ":"}
	}
	role, _ := s.Find(facts.ComponentRole, component)
	if component == "standby" || strings.HasPrefix(role.Value, "Standby") {
		candidates = append(candidates, "stby-"+system+":", "slave"+system+":", "sec-"+system+":")
	}
	for _, name := range candidates {
		if _, listed := s.Find(facts.FileSystem, name); listed {
			return name + rest
		}
		if alias, ok := s.Find(facts.FileSystemAlias, name); ok {
			return alias.Value + rest
		}
	}
	return path
}

// remote is a path that is not on the device.
//
//	tftp://10.1.1.1/c2600-i-mz.bin
var remote = collectors.MustCompile(`^(?i:tftp|ftp|rcp|scp|sftp|https?|mop|pram|xmodem):`)

// hashable yields every file to hash: what can boot, and in install mode the packages behind it.
func hashable(s facts.Set) []string { return append(bootable(s), packageFiles(s)...) }

// runningFile yields the file that booted, where it is on the device.
func runningFile(s facts.Set) []string {
	image := s.Value(facts.RunningImage)
	if image == "" || !strings.Contains(image, ":") || remote.MatchString(image) {
		return nil
	}
	return []string{image}
}

// withoutMD5 yields what the challenge of the running image did not already hash.
func withoutMD5(s facts.Set) []string {
	return without(hashable(s), func(path string) bool {
		for f := range s.All(facts.ImageDigest) {
			if f.Subject == path && strings.HasPrefix(f.Value, "md5:") {
				return true
			}
		}
		return false
	})
}

// signable yields the bootable files that can carry a signature; a provisioning file is a plain text.
func signable(s facts.Set) []string {
	return without(bootable(s), func(path string) bool { return strings.HasSuffix(path, "packages.conf") })
}

// without leaves out the paths that need no question. Where none is left it returns an empty slice: not
// nil, which would say that no path was known.
func without(paths []string, needless func(string) bool) []string {
	if paths == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(paths), needless)
}
