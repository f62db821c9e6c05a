// Package huawei knows Huawei's operating system: what to ask it and how to read what it prints. VRP runs on the
// routers (AR, NE, ATN), the switches (S, CloudEngine) and the firewalls (USG); its successor YunShan OS answers alike. What
// each command's output looks like stands in a file of its own.
package huawei

import (
	"regexp"
	"strconv"

	"trueboot/collectors"
	"trueboot/facts"
)

// VRP is Huawei VRP, from version 5 on, and YunShan OS. Which one a device runs is a fact that "display version" states.
var VRP = collectors.Platform{
	Name:    "huawei_vrp",
	Title:   "Huawei VRP and YunShan OS",
	Aliases: []string{"vrp", "huawei", "huawei_vrpv8", "huawei-vrp", "community.network.ce", "ce", "huawei.vrp", "cloudengine"},
	// VRP (R) software, Version 8.180 (NE40E V800R011C00SPC200)
	// Software Version: VRP (R) Software, Version 5.30 (USG6300 V100R001C30SPC600)
	// Version 1.22.0.1 (S5731 V600R022C10SPC500)
	Looks:    collectors.MustCompile(`^(?:Software Version *: *)?(?:VRP \(R\) [Ss]oftware, +)?Version [\d.]+ +\([^()]*V\d{3}R\d{3}C\d+\w*\)`),
	Terminal: vrpTerminal,
	Files:    &collectors.FileServer{Enable: "sftp server enable"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(vrpQueries, vrpConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "VRP has no configuration register",
		facts.NextConfigRegister: "VRP has no configuration register",
		facts.Signature:          "VRP checks a signature (check file-integrity) in the system view only, where the configuration is changed",
	},
	Order: vrpOrder, VersionInName: vrpVersionInName,
}

var vrpTerminal = collectors.Terminal{
	// <CORE1>
	// HRP_M<FW1>
	Prompt: regexp.MustCompile(`^(?P<state>(?:HRP_[A-Z]+)?)<[^<>\s]{1,246}>$`),
	Greeting: []collectors.Question{
		// The password needs to be changed. Change now? [Y/N]:
		// Please choose 'YES' or 'NO' first before pressing 'Enter'. [Y/N]:
		{Pattern: regexp.MustCompile(`(?i)(?:change (?:it )?now\?|please choose .*) ?\[Y/N\] ?:?$`), Answer: "n\n"},
	},
	Prepare: []string{"screen-length 0 temporary", "undo terminal monitor"},
	// Info: The configuration takes effect on the current user terminal interface only.
	// Info: Current terminal monitor is off.
	Unasked:  regexp.MustCompile(`^Info: *(?:The configuration takes effect on the current user terminal|Current terminal (?:monitor|logging|debugging|trapping|alarm) is)`),
	Pager:    regexp.MustCompile(`^ *---- More ----$`),
	Continue: " ",
	Leave:    "quit",
	Refusals: []collectors.Refusal{
		// Error: Unrecognized command found at '^' position.
		// Error[1]: Wrong parameter found at '^' position.
		// % Unrecognized command found at '^' position.
		{Pattern: collectors.MustCompile(`^ *(?:Error(?:\[\d+\])?: ?|% ?)(?i:unrecognized command|incomplete command|ambiguous command|wrong parameter|too many parameters)`), Reason: facts.UnsupportedCommand},
		// Error: Failed to pass the authorization.
		// Error: You do not have permission to run the command or the command is incomplete.
		// Error: No permission to run the command.
		{Pattern: collectors.MustCompile(`^ *(?:Error(?:\[\d+\])?: ?|% ?)?(?i:failed to pass the authorization|you do not have (?:the )?permission|no permission|the user has no right)`), Reason: facts.NoPrivilege},
		// Error: The system is busy. Please try again later.
		// Error: Device or resource busy
		{Pattern: collectors.MustCompile(`^ *(?:Error(?:\[\d+\])?|Info|Warning): ?.*(?i:device or resource busy|system is busy|try again later|being processed)`), Reason: facts.Timeout},
		// Error: file can't be found.
		// Error: The file does not exist.
		{Pattern: collectors.MustCompile(`^ *Error(?:\[\d+\])?: ?.*(?i:can't be found|cannot be found|does not exist|doesn't exist|no such file|no such device)`), Reason: facts.UnsupportedCommand},
		// Error: The stack function is not enabled.
		// Info: The device does not support this command.
		{Pattern: collectors.MustCompile(`^ *(?:Error(?:\[\d+\])?|Info|Warning): ?.*(?i:(?:stack|css|function|feature).*(?:not enabled|disabled|not supported)|does not support|not in a stack)`), Reason: facts.PlatformHasNone},
		// Error: Failed to calculate the MD5 value.
		{Pattern: collectors.MustCompile(`^ *Error(?:\[\d+\])?: `), Reason: facts.UnsupportedCommand},
	},
}

// vrpQueries are in the order in which a later one's arguments become known; what makes the device read whole files
// comes last.
var vrpQueries = []collectors.Query{
	{Commands: []string{"display version"}, Yields: versionYields, Read: readVersion},
	{Commands: []string{"display device"}, Yields: deviceYields, Read: readDevice},
	{Commands: []string{"display stack", "display css status"}, Unless: notSwitch, Yields: stackYields, Read: readStack},
	{Commands: []string{"display esn", "display sn license", "display sn"}, Yields: []facts.Kind{facts.SerialNumber}, Read: readESN},
	{Commands: []string{"display device manufacture-info", "display elabel"}, Yields: manufactureYields, Read: readManufacture},
	{Commands: []string{"display bridge mac-address", "display system mac-address"}, Unless: notSwitch, Yields: []facts.Kind{facts.BaseMAC}, Read: readBridgeMAC},
	{Commands: []string{"display current-configuration | include sysname"}, Yields: []facts.Kind{facts.Hostname}, Read: readHostname},
	{Commands: []string{"display current-configuration | include V[0-9]+R[0-9]+C[0-9]+"}, Yields: []facts.Kind{facts.RunningVersion}, Read: readConfigurationVersion},
	{Commands: []string{"display reboot-info", "display reset-reason"}, Yields: []facts.Kind{facts.ReloadReason}, Read: readReboots},

	{Commands: []string{"display startup"}, Yields: startupYields, Read: readStartup},
	{Commands: []string{"display patch-information"}, Yields: patchYields, Read: readPatches},

	{Commands: []string{"dir /all /all-filesystems", "dir /all", "dir"}, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},
	{Commands: []string{"dir /all {board}#flash:/", "dir /all {board}#cfcard:/"}, Each: otherBoards, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},
	// One level of directories a question: what the first one finds, the second one lists.
	{Commands: []string{"dir /all {directory}"}, Each: collectors.UnlistedDirectories, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},
	{Commands: []string{"dir /all {directory}"}, Each: collectors.UnlistedDirectories, Yields: collectors.DirectoryKinds, Read: collectors.ReadDirectory},

	{Commands: []string{"display system file-md5 {file}"}, Each: hashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
}

// switchModel is a switch, which may be a member of a stack.
//
//	S5720-28X-SI-AC Routing Switch
//	CE6865-48S8CQ-EI
//	S7706 Terabit Routing Switch
var switchModel = collectors.MustCompile(`(?i)^(?:S\d|CE\d|LS-|FM\d|E\d{3})`)

// notSwitch returns why the device at hand can't be a member of a stack.
func notSwitch(s facts.Set) string {
	model := s.Value(facts.Model)
	if model == "" || switchModel.MatchString(model) {
		return ""
	}
	return "model " + strconv.Quote(model) + " is no switch"
}
