package cisco

import (
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// XR is Cisco IOS XR: the classic one on QNX, whose packages are PIEs, and the 64-bit one on Linux, whose packages are RPMs, up to
// XR 7. They print the same commands in three forms.
//
// IOS XR boots a set of packages, not a file. What stands for the running image is the file that "show version" names on
// QNX, the package marked "[Boot image]" on 64-bit systems, and the label of the installed software on XR 7.
var XR = collectors.Platform{
	Name: "cisco_iosxr", Title: "Cisco IOS XR",
	Aliases: []string{"iosxr", "cisco.iosxr.iosxr", "cisco_xr", "cisco-xr", "ios_xr", "iosxr_netconf"},
	// Cisco IOS XR Software, Version 7.9.2 LNT
	Looks:    collectors.MustCompile(`^Cisco IOS XR Software, Version `),
	Terminal: xrTerminal,
	Files:    &collectors.FileServer{Enable: "ssh server v2"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(xrQueries, xrConfigurationQueries), collectors.NETCONF: xrRPCs},
	HasNone: map[facts.Kind]string{
		facts.Signature: "IOS XR checks packages when they are installed, and states no signature on a command that only reads",
	},
	Order: xrOrder, VersionInName: xrVersionInName,
}

var xrTerminal = collectors.Terminal{
	// RP/0/RSP0/CPU0:core1#
	Prompt: regexp.MustCompile(`^RP/\d+/\w+/CPU\d+:[\w.\-]{1,63}# ?$`),
	// Without the first of these each reply begins with a line that says when it was.
	Prepare: []string{"terminal exec prompt no-timestamp", "terminal length 0", "terminal width 512", "terminal monitor disable"},
	Leave:   "exit",
	Refusals: []collectors.Refusal{
		// % Invalid input detected at '^' marker.
		{Pattern: collectors.MustCompile(`^% ?(?:Invalid input|Ambiguous command|Incomplete command|Unknown command|Unrecognized command)`), Reason: facts.UnsupportedCommand},
		// syntax error: unknown argument
		{Pattern: collectors.MustCompile(`^syntax error: (?:unknown argument|unknown command|element does not exist|expecting)`), Reason: facts.UnsupportedCommand},
		// % No such file or directory
		// dir: cannot access /misc/disk2: No such file or directory
		{Pattern: collectors.MustCompile(`^(?:%|dir:).*(?i:no such file|no such device|cannot access)`), Reason: facts.PlatformHasNone},
		// % This command is not authorized
		{Pattern: collectors.MustCompile(`^(?:% ?)?(?:[Cc]ommand authorization failed|[Tt]his command is not authorized|Authorization failed)`), Reason: facts.NoPrivilege},
		// Error: The install director is not up or ready
		// failed to output install information
		{Pattern: collectors.MustCompile(`(?:install director is not up or ready|failed to output install information|currently affected by install operation|inventory summary cannot be output)`), Reason: facts.Timeout},
	},
}

var xrQueries = []collectors.Query{
	{Commands: []string{"show version", "show version brief"}, Yields: xrVersionYields, Read: readXRVersion},
	{Commands: []string{"show inventory"}, Yields: inventoryYields, Read: withChassis(readXRPartsList)},
	{Commands: []string{"admin show inventory"}, Yields: inventoryYields, Read: withChassis(readXRPartsList)},
	{Commands: []string{"show platform"}, Yields: xrPlatformYields, Read: readXRPlatform},
	{Commands: []string{"admin show platform"}, Yields: xrPlatformYields, Read: readXRPlatform},
	{Commands: []string{"show redundancy summary"}, Yields: []facts.Kind{facts.ComponentRole, facts.ComponentState}, Read: readXRRedundancy},
	{Commands: []string{"show hw-module fpd"}, Yields: []facts.Kind{facts.BootLoaderVersion, facts.ComponentVersion}, Read: readXRFirmware},

	{Commands: []string{"show install active summary", "show install active"}, Yields: xrActiveYields, Read: readXRInstall("active")},
	{Commands: []string{"show install committed summary", "show install commit summary", "show install committed"}, Yields: xrCommittedYields, Read: readXRInstall("committed")},
	{Commands: []string{"show install inactive summary", "show install inactive"}, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readXRInstall("inactive")},
	{Commands: []string{"show variables boot"}, Yields: xrVariablesYields, Read: readXRVariables},
	{Commands: []string{"admin show variables boot"}, Unless: xrIsLinux, Yields: append([]facts.Kind{facts.ConfigRegister}, xrVariablesYields...), Read: readXRVariables},
	{Commands: []string{"show reboot history", "admin show reboot-history"}, Yields: []facts.Kind{facts.ReloadReason}, Read: readXRReboots},

	{Commands: []string{"show filesystem"}, Yields: fileSystemYields, Read: readFileSystems},
	{Commands: []string{"dir {filesystem}"}, Each: fileSystems, Yields: fileYields, Read: readXRDir},
	{Commands: []string{"dir {directory}"}, Each: xrRunningDirectory, Yields: fileYields, Read: readXRDir},
	{Commands: []string{"show md5 file {file}"}, Each: xrRunningFile, Unless: xrIsLinux, Yields: []facts.Kind{facts.ImageDigest}, Read: readXRDigest, Hash: true},
	{Commands: []string{"show running-config | include ^boot"}, Yields: []facts.Kind{facts.RunningBootCommand}, Read: readBootCommands(facts.RunningBootCommand)},
}

// xrIsLinux says why nothing is asked that only IOS XR on QNX has. The version names a file there, and no file on Linux.
func xrIsLinux(s facts.Set) string {
	if image := s.Value(facts.RunningImage); s.Has(facts.RunningVersion) && !strings.Contains(image, ":") {
		return "the device runs IOS XR on Linux, which boots packages and no file, and has no configuration register"
	}
	return ""
}

// xrRunningFile yields the file that booted, as "show md5 file" wants it: /disk0:/x.
func xrRunningFile(s facts.Set) []string {
	image := s.Value(facts.RunningImage)
	system, path, ok := strings.Cut(image, ":")
	if !ok || remote.MatchString(image) {
		return nil
	}
	return []string{"/" + system + ":/" + strings.TrimPrefix(path, "/")}
}

// xrRunningDirectory yields the directory of the file that booted: only one directory is listed at a time. There is nothing to
// ask where that file is at the top of its file system, or where what booted is no file.
func xrRunningDirectory(s facts.Set) []string {
	image := s.Value(facts.RunningImage)
	system, path, isFile := strings.Cut(image, ":")
	last := strings.LastIndexByte(path, '/')
	switch {
	case image == "":
		return nil
	case !isFile || last <= 0 || remote.MatchString(image):
		return []string{}
	}
	return []string{system + ":" + path[:last]}
}

// digestAlone is all that "show md5 file" prints.
//
//	c5d0a7bf4a1f4a8e8a4d1b2a51f2b9c1
var digestAlone = collectors.MustCompile(`^(?:.*[=:] *)?([0-9A-Fa-f]{32,128})$`)

// readXRDigest reads "show md5 file".
func readXRDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	path := strings.TrimPrefix(argument(reply.Command), "/") // as "show version" spells it
	for n, line := range reply.Lines() {
		if m := digestAlone.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			addDigest(&r, n, facts.ImageDigest, path, "md5", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no digest in the reply")
	}
	return r.Done()
}
