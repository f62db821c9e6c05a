// Package f5 knows F5's operating system: what to ask it and how to read what it prints. A BIG-IP has software volumes
// (HD1.1, HD1.2), each with a system of its own, one of which runs and one of which boots next; and it keeps the images that
// they were installed from. An account has one of two shells: with bash, tmsh is a program and files can be listed and hashed;
// with tmsh alone neither is possible.
package f5

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// TMOS is TMOS on BIG-IP appliances, in chassis with several blades (VIPRION) and in virtual machines.
var TMOS = collectors.Platform{
	Name:  "f5_tmos",
	Title: "F5 BIG-IP TMOS",
	Aliases: []string{
		"f5", "tmos", "bigip", "big-ip", "f5_tmsh", "f5_ltm", "f5_linux", "f5networks.f5_modules.bigip", "f5networks.f5_bigip.bigip",
	},
	// Sys::Version
	Looks:    collectors.MustCompile(`^Sys::(?:Version|Hardware|Software Status)$`),
	Terminal: terminal,
	Files:    &collectors.FileServer{},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(queries, tmosConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "a BIG-IP has no configuration register",
		facts.NextConfigRegister: "a BIG-IP has no configuration register",
		facts.ReloadReason:       "the command line states no reason of the last restart; the logs may",
	},
	Order: versionOrder, VersionInName: versionInName,
}

// Each command runs in a channel of its own: the prompt of bash tells the state of the device and changes with it, and the
// pager of tmsh can be turned off by changing the user's preferences alone.
var terminal = collectors.Terminal{
	Exec: true,
	Refusals: []collectors.Refusal{
		// Syntax Error: unexpected argument "sys"
		// Unexpected Error: ...
		// Data Input Error: ...
		{Pattern: collectors.MustCompile(`^(?:Syntax Error|Unexpected Error|Data Input Error):`), Reason: facts.UnsupportedCommand},
		// -bash: tmsh: command not found
		// bash: show: command not found
		// ls: cannot access /shared/images: No such file or directory
		{Pattern: collectors.MustCompile(`^(?:-?(?:ba|r?k?)?sh|ls|(?:md5|sha\d+)sum): .*(?:command not found|not found$|No such file)`), Reason: facts.UnsupportedCommand},
		// The connection to mcpd has been lost, try again.
		// Could not connect to mcpd. Verify that mcpd is running.
		{Pattern: collectors.MustCompile(`(?i)connection to mcpd has been lost|connect to mcpd|mcpd is (?:down|not running)`), Reason: facts.Timeout},
		// 01070822:3: Access Denied: User (jane) may not list software images
		// ls: cannot open directory /shared/images: Permission denied
		{Pattern: collectors.MustCompile(`^01070822:|(?i:access denied|authorization failed|permission denied|not authorized)`), Reason: facts.NoPrivilege},
		// 01020036:3: The requested folder (/x) was not found.
		{Pattern: collectors.MustCompile(`^01[0-9a-f]{6}:\d: `), Reason: facts.UnsupportedCommand},
	},
}

// tmsh spells a command for accounts with bash, and for those whose shell is tmsh itself.
func tmsh(command string) []string { return []string{"tmsh -q " + command, command} }

var queries = []collectors.Query{
	{Commands: tmsh("show sys version"), Yields: versionYields, Read: readVersion},
	{Commands: tmsh("show sys hardware"), Yields: hardwareYields, Read: readHardware},
	{Commands: tmsh("list cm device"), Yields: deviceYields, Read: readDevices},
	{Commands: tmsh("show sys software status"), Yields: statusYields, Read: readStatus},
	{Commands: tmsh("list sys software volume"), Yields: volumeYields, Read: readVolumes},
	{Commands: tmsh("list sys software image"), Yields: imageYields, Read: readImages},
	{Commands: tmsh("list sys software hotfix"), Yields: imageYields, Read: readImages},
	{Commands: []string{"uptime"}, Yields: []facts.Kind{facts.Uptime}, Read: readUptime},
	{Commands: []string{"last reboot"}, Yields: []facts.Kind{facts.BootTime}, Read: readLastReboot},
	{Commands: []string{"tpm-status"}, Yields: []facts.Kind{facts.IntegrityCheck}, Read: readAttestation},
	{Commands: []string{listing}, Yields: fileYields, Read: readListing},
	{Commands: []string{"sha512sum {image}", "sha256sum {image}", "md5sum {image}"}, Each: imageFiles, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
}

// imageRepository is where a BIG-IP keeps the images and hotfixes that it can install.
const imageRepository = "/shared/images/"

// listing lists the repository. -b escapes blanks and control characters, so that a name can't pass for a line.
const listing = "ls -lAbR --time-style=full-iso " + imageRepository

// imageFiles yields the image files, as the listing or tmsh names them.
func imageFiles(s facts.Set) []string {
	var paths []string
	seen := map[string]bool{}
	for _, kind := range []facts.Kind{facts.File, facts.ImageDigest} {
		for f := range s.All(kind) {
			if strings.HasPrefix(f.Subject, imageRepository) && strings.HasSuffix(f.Subject, ".iso") && !seen[f.Subject] {
				seen[f.Subject] = true
				paths = append(paths, f.Subject)
			}
		}
	}
	if a, asked := s.Answer(listing); paths == nil && asked && a.Reason == "" {
		return []string{} // there is none
	}
	return paths
}
