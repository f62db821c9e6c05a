// Package cisco knows Cisco's operating systems: what to ask them and how to read what they
// print. One platform a file; what several files share stands beside it, named after
// the command whose output it reads.
package cisco

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// IOS is Cisco IOS and IOS XE. Which one a device runs is a fact that "show version" states, as
// is whether it booted in install or in bundle mode.
var IOS = collectors.Platform{
	Name:  "cisco_ios",
	Title: "Cisco IOS and IOS XE",
	Aliases: []string{
		"ios", "iosxe", "cisco.ios.ios", "cisco_xe", "cisco_iosxe", "cisco_ios_xe", "cisco-ios", "cisco",
	},
	// Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4, RELEASE SOFTWARE (fc1)
	// IOS (tm) C2950 Software (C2950-I6K2L2Q4-M), Version 12.1(22)EA13, RELEASE SOFTWARE (fc2)
	// Cisco IOS XE Software, Version 16.12.04
	Looks:    collectors.MustCompile(`^(?:(?:Cisco )?IOS (?:\(tm\)|Software)|Cisco IOS[ -]XE Software)[ ,]`),
	Terminal: iosTerminal,
	Files:    &collectors.FileServer{Enable: "ip scp server enable"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(iosQueries, iosConfigurationQueries), collectors.NETCONF: xeRPCs},
	Order:    iosOrder, VersionInName: iosVersionInName,
}

var iosTerminal = collectors.Terminal{
	// core1>
	// core1#
	Prompt:     regexp.MustCompile(`^[\w.\-@/:]{1,63}[>#] ?$`),
	Privileged: regexp.MustCompile(`# ?$`),
	Enable:     "enable",
	Password:   regexp.MustCompile(`^(?i:enable )?Password: ?$`),
	Prepare:    []string{"terminal length 0", "terminal width 511", "terminal no monitor"},
	// An account that may not type "terminal length 0" still has a pager.
	Pager:    regexp.MustCompile(`^ ?--More-- ?$`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// % Invalid input detected at '^' marker.
		// % Unrecognized host or address, or protocol not running.
		{Pattern: collectors.MustCompile(`^% ?(?:Invalid input|Ambiguous command|Incomplete command|Unknown command|Unrecognized (?:command|host))`), Reason: facts.UnsupportedCommand},
		// % Type "show ?" for a list of subcommands
		{Pattern: collectors.MustCompile(`^% ?Type "?(?:help|show)`), Reason: facts.UnsupportedCommand},
		// % Command not supported on this platform
		// %This command is not available
		{Pattern: collectors.MustCompile(`^% ?.*\b(?i:not (?:supported|available) (?:on|in|for)|command (?:is )?not (?:supported|available))`), Reason: facts.UnsupportedCommand},
		// %Error: No such file or directory
		// %Error opening flash:/x.bin (File not found)
		{Pattern: collectors.MustCompile(`^%Error.*(?i:no such file|file not found)`), Reason: facts.UnsupportedCommand},
		// %Error opening usbflash0:/ (No such device)
		{Pattern: collectors.MustCompile(`^%Error .*(?i:no such device|no device available)`), Reason: facts.PlatformHasNone},
		// Command authorization failed.
		// % Authorization failed.
		// % Permission denied
		// Command not authorized
		{Pattern: collectors.MustCompile(`^(?:% ?)?(?i:(?:command )?authorization failed|permission denied|access denied|command (?:is )?not (?:authorized|permitted|allowed))`), Reason: facts.NoPrivilege},
		// %Error opening bootflash:/ (Device or resource busy)
		// %Error calling getdents for directory flash:/ (I/O error)
		{Pattern: collectors.MustCompile(`^%.*(?i:device or resource busy)|^%Error calling getdents|^% Please try (?:again )?later`), Reason: facts.Timeout},
		// %Error opening bootflash:/x (Permission denied)
		{Pattern: collectors.MustCompile(`^%Error .*\((?i:permission denied)\)`), Reason: facts.NoPrivilege},
		// %Error opening flash:/x.bin (Bad file number)
		{Pattern: collectors.MustCompile(`^%Error (?:opening|reading|parsing|computing)`), Reason: facts.UnsupportedCommand},
	},
}

// iosQueries are in the order in which a later one's arguments become known; what makes the
// device read whole files comes last.
var iosQueries = []collectors.Query{
	{Commands: []string{"show version"}, Yields: showVersionYields, Read: readShowVersion},
	{Commands: []string{"show inventory"}, Yields: inventoryYields, Read: readInventory},
	{Commands: []string{"show switch detail", "show switch"}, Unless: notSwitch, Yields: stackYields, Read: readStack},
	{Commands: []string{"show switch virtual"}, Unless: notModular, Yields: []facts.Kind{facts.ComponentRole, facts.Redundancy}, Read: readVirtualSwitch},
	{Commands: []string{"show module", "show module all"}, Unless: notModular, Yields: moduleYields, Read: readModules},
	{Commands: []string{"show platform"}, Unless: notXE, Yields: platformYields, Read: readPlatform},
	{Commands: []string{"show platform diag"}, Unless: notXERouter, Yields: platformYields, Read: readPlatformDiag},
	{Commands: []string{"show rom-monitor {processor}"}, Each: routeProcessors, Unless: notXERouter, Yields: rommonYields, Read: readRommon},
	{Commands: []string{"show rom-monitor switch {member} R0"}, Each: stackMembers, Unless: notXESwitch, Yields: rommonYields, Read: readRommon},
	{Commands: []string{"show rom-monitor"}, Unless: notClassicRouter, Yields: rommonYields, Read: readRommon},
	{Commands: []string{"show romvar"}, Unless: notXE, Yields: variablesYields, Read: readRommonVariables},
	{Commands: []string{"show redundancy"}, Yields: redundancyYields, Read: readRedundancy},

	{Commands: []string{"show bootvar", "show boot"}, Yields: bootYields, Read: readBoot},
	{Commands: []string{"show boot system"}, Unless: notXESwitch, Yields: bootYields, Read: readBoot},
	{Commands: []string{"show running-config | include ^boot"}, Yields: []facts.Kind{facts.RunningBootCommand}, Read: readBootCommands(facts.RunningBootCommand)},
	{Commands: []string{"show startup-config | include ^boot"}, Yields: []facts.Kind{facts.StartupBootCommand}, Read: readBootCommands(facts.StartupBootCommand)},
	{Commands: []string{"show install summary"}, Unless: notXE, Yields: installYields, Read: readInstallSummary},
	{Commands: []string{"show version running"}, Unless: notXE, Yields: []facts.Kind{facts.RunningPackageDigest}, Read: readRunningPackages},
	{Commands: []string{"show install log"}, Unless: notXE, Yields: []facts.Kind{facts.InstallOperation, facts.InstallTime}, Read: readInstallLog},
	{Commands: []string{"show app-hosting list"}, Unless: notXE, Yields: []facts.Kind{facts.GuestApplication}, Read: readAppHosting},
	{Commands: []string{"show platform software selinux"}, Unless: notXE, Yields: []facts.Kind{facts.IntegritySetting}, Read: readSELinux},
	{Commands: []string{"show platform hardware authentication status"}, Unless: notXE, Yields: []facts.Kind{facts.IntegrityCheck}, Read: readHardwareAuthentication},
	{Commands: []string{"show platform integrity sign nonce {number}"}, Unless: notXE, Yields: integrityYields, Read: readIntegrity},
	{Commands: []string{"show platform sudi certificate sign nonce {number}"}, Unless: notXE, Yields: []facts.Kind{facts.AttestationKey}, Read: readSUDI},
	{Commands: []string{"show processes | include Policy Lock"}, Unless: notIOS, Yields: []facts.Kind{facts.Process}, Read: readPolicyLock},
	{Commands: []string{"show archive"}, Yields: []facts.Kind{facts.ConfigurationArchive}, Read: readArchive},

	{Commands: []string{"show file systems"}, Yields: fileSystemYields, Read: readFileSystems},
	{Commands: []string{"dir /recursive {filesystem}", "dir /all {filesystem}", "dir {filesystem}"}, Each: fileSystems, Yields: fileYields, Read: readDir},
	{Commands: []string{"more {provisioning file}"}, Each: provisioningFiles, Unless: notInstallMode, Yields: []facts.Kind{facts.PackageFile, facts.ContentDigest, facts.ContentSize}, Read: readProvisioning},

	{Commands: []string{"show software authenticity running"}, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"show software authenticity file {file}"}, Each: signable, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"verify /md5 system:memory/text"}, Yields: []facts.Kind{facts.MemoryDigest}, Read: readMemoryDigest, Hash: true},
	{Commands: []string{"verify {file}"}, Each: hashable, Yields: verifyYields, Read: readVerify, Hash: true},
	{Commands: []string{"verify /md5 {file} {nonce}"}, Each: runningFile, Yields: []facts.Kind{facts.DigestChallenge, facts.ImageDigest}, Read: readChallenge, Hash: true},
	{Commands: []string{"verify /sha512 {file}"}, Each: hashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
	{Commands: []string{"verify /md5 {file}"}, Each: withoutMD5, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
}

// What a device can't have is not asked of it. As long as it is not known what the device
// is, everything is asked.

func notXE(s facts.Set) string {
	if s.Value(facts.OperatingSystem) == "IOS" {
		return "the device runs classic IOS"
	}
	return ""
}

func notIOS(s facts.Set) string {
	if s.Value(facts.OperatingSystem) == "IOS XE" {
		return "the device runs IOS XE"
	}
	return ""
}

func notInstallMode(s facts.Set) string {
	if len(provisioningFiles(s)) == 0 && s.Has(facts.RunningImage) {
		return "the device does not boot from a packages.conf"
	}
	return ""
}

// switchModel is a fixed or modular Catalyst.
//
//	WS-C3850-48U
//	C9300-48P
//	IE-4000-8GT8GP4G-E
//	C6880-X
var switchModel = collectors.MustCompile(`(?i)^(?:WS-|C9[2-6]\d\d|C1[02]\d\d|C68|IE-|ESS-|CGS-|ME-|CBS)`)

// modularModel is a chassis with slots.
//
//	WS-C6509-E
//	C9410R
//	VS-C6500
var modularModel = collectors.MustCompile(`(?i)^(?:WS-C(?:40|45|49|60|65|68)|VS-|C68|C9[456]\d\d|CISCO76|7[2356]\d\d|Catalyst [46])`)

func notSwitch(s facts.Set) string { return unlessModel(s, switchModel, "is no switch") }

func notModular(s facts.Set) string { return unlessModel(s, modularModel, "has no modules") }

func notXESwitch(s facts.Set) string {
	if why := notXE(s); why != "" {
		return why
	}
	return notSwitch(s)
}

func notXERouter(s facts.Set) string {
	if why := notXE(s); why != "" {
		return why
	}
	return notRouter(s)
}

func notClassicRouter(s facts.Set) string {
	if why := notIOS(s); why != "" {
		return why
	}
	return notRouter(s)
}

func notRouter(s facts.Set) string {
	for f := range s.All(facts.Model) {
		if switchModel.MatchString(f.Value) {
			return "model " + strconv.Quote(f.Value) + " is a switch"
		}
	}
	return ""
}

func unlessModel(s facts.Set, wanted *collectors.Pattern, what string) string {
	var models []string
	for f := range s.All(facts.Model) {
		if wanted.MatchString(f.Value) {
			return ""
		}
		models = append(models, f.Value)
	}
	if len(models) == 0 {
		return ""
	}
	return "model " + strconv.Quote(strings.TrimSpace(models[0])) + " " + what
}
