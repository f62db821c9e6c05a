// Package hpe knows the operating systems of Hewlett Packard Enterprise's switches and routers: Comware, which H3C makes and HPE
// sells under its own name, and Aruba's two, AOS-CX and ArubaOS-Switch (ProCurve). One platform a file; what a command's
// output looks like stands in a file of its own.
package hpe

import (
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// Comware is HPE and H3C Comware 5, 7 and 9.
var Comware = collectors.Platform{
	Name:    "hpe_comware",
	Title:   "HPE and H3C Comware",
	Aliases: []string{"comware", "hp_comware", "h3c_comware", "hp-comware", "h3c", "hpe.comware", "community.network.cnos_comware", "comware7", "3com", "3com_comware"},
	// HPE Comware Software, Version 7.1.070, Release 3507P18
	// Comware Software, Version 5.20.99, Release 2221P22
	Looks:    collectors.MustCompile(`^(?:[\w ]+ )?Comware (?:Platform )?Software, Version \d`),
	Terminal: comwareTerminal,
	Files:    &collectors.FileServer{Enable: "sftp server enable"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(comwareQueries, comwareConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "Comware has no configuration register",
		facts.NextConfigRegister: "Comware has no configuration register",
		facts.Signature:          "Comware checks the signature of an image when that is installed, and no command shows the result",
	},
	Order: comwareOrder, VersionInName: comwareVersionInName,
}

var comwareTerminal = collectors.Terminal{
	// <core1>
	Prompt: regexp.MustCompile(`^<[^<>\s]{1,64}>$`),
	Greeting: []collectors.Question{
		// The initial password poses security risks. Change now? [Y/N]:
		{Pattern: regexp.MustCompile(`(?i)change (?:it |the password )?now\? ?\[Y/N\] ?:?$`), Answer: "n\n"},
	},
	Prepare:  []string{"screen-length disable", "undo terminal monitor"},
	Unasked:  regexp.MustCompile(`^(?:Info: |% ?)?(?:Current terminal|The current terminal is) (?:monitor|logging|debugging|enabled|disabled)`),
	Pager:    regexp.MustCompile(`^ *---- More ----$`),
	Continue: " ",
	Leave:    "quit",
	Refusals: []collectors.Refusal{
		// % Unrecognized command found at '^' position.
		// % Too many parameters found at '^' position.
		{Pattern: collectors.MustCompile(`^ *% ?(?i:unrecognized command|unknown command|incomplete command|ambiguous command|wrong parameter|too many parameters)`), Reason: facts.UnsupportedCommand},
		// Permission denied.
		// % Permission denied
		{Pattern: collectors.MustCompile(`^ *(?:% ?)?(?:Error: ?)?(?i:permission denied|insufficient (?:right|permission)|no permission|failed to pass the authorization)`), Reason: facts.NoPrivilege},
		// The file does not exist.
		// %File not exist.
		// Error: No such file or directory.
		{Pattern: collectors.MustCompile(`^ *(?:% ?|Error: ?)?(?i:(?:the )?(?:specified )?(?:file|directory|path|device) (?:\S+ )?(?:does not|doesn't|not) exist|no such (?:file|device)|device can't be found)`), Reason: facts.UnsupportedCommand},
		// The device is busy. Please try again later.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:% ?|error: ?)?(?:the )?(?:system|device|file system|resource) is busy|^ *(?:% ?)?please try (?:again )?later`), Reason: facts.Timeout},
		// IRF is not enabled.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:% ?|error: ?|info: ?)?(?:irf|the irf (?:function|feature)) is (?:not enabled|disabled)|^ *the device is not in irf mode`), Reason: facts.PlatformHasNone},
	},
}

// comwareQueries are in the order in which a later one's arguments become known; what makes the device read whole files
// comes last.
var comwareQueries = []collectors.Query{
	{Commands: []string{"display version"}, Yields: comwareVersionYields, Read: readComwareVersion},
	{Commands: []string{"display device"}, Yields: comwareDeviceYields, Read: readComwareDevice},
	{Commands: []string{"display irf"}, Yields: irfYields, Read: readIRF},
	{Commands: []string{"display device manuinfo"}, Yields: manuinfoYields, Read: readManuinfo},
	{Commands: []string{"display current-configuration | include sysname"}, Yields: []facts.Kind{facts.Hostname}, Read: readSysname},

	{Commands: []string{"display boot-loader"}, Yields: bootLoaderYields, Read: readBootLoader},
	{Commands: []string{"display startup"}, Yields: comwareStartupYields, Read: readComwareStartup},
	{Commands: []string{"display install active verbose"}, Unless: withoutPackages, Yields: []facts.Kind{facts.Package}, Read: readInstallActive},
	{Commands: []string{"display patch information"}, Unless: withPackages, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readComwarePatches},

	{Commands: []string{"dir /all /all-filesystems", "dir /all", "dir"}, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},
	// One level of directories a question: what the first one finds, the second one lists.
	{Commands: []string{"dir /all {directory}"}, Each: collectors.UnlistedDirectories, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},
	{Commands: []string{"dir /all {directory}"}, Each: collectors.UnlistedDirectories, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},

	{Commands: []string{"sha256sum {file}", "md5sum {file}"}, Each: comwareImages, Yields: []facts.Kind{facts.ImageDigest}, Read: readComwareDigest, Hash: true},
}

// Comware 5 is one image with patches; from 7 on the system is a set of packages.

func withoutPackages(s facts.Set) string {
	if strings.HasPrefix(s.Value(facts.RunningVersion), "5.") {
		return "Comware 5 has no packages"
	}
	return ""
}

func withPackages(s facts.Set) string {
	if v := s.Value(facts.RunningVersion); v != "" && !strings.HasPrefix(v, "5.") {
		return "from Comware 7 on patches are packages"
	}
	return ""
}
