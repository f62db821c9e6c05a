// Package fortinet knows Fortinet's operating system: what to ask it and how to read what it prints. What a
// FortiGate shows of itself is little: the version line, two firmware partitions, the BIOS and the versions of its
// databases. It lists no files and computes no digest for an administrator.
package fortinet

import (
	"regexp"

	"trueboot/collectors"
	"trueboot/facts"
)

// FortiOS is FortiOS on FortiGate, FortiWiFi and their virtual machines, with and without virtual domains (VDOMs), alone
// and in a cluster. Everything that is asked for belongs to the global scope.
var FortiOS = collectors.Platform{
	Name:  "fortinet_fortios",
	Title: "Fortinet FortiOS",
	Aliases: []string{
		"fortios", "fortinet.fortios.fortios", "fortinet", "fortigate", "fortigate-full",
	},
	// Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)
	// Version: FortiWiFi-60E v6.0.4,build0231,190107 (GA)
	// Version: Fortigate-50B v4.0,build0482,110920 (MR3 Patch 2)
	Looks:    collectors.MustCompile(`^Version: *Forti(?:[Gg]ate|[Ww]i[Ff]i|Carrier|Firewall)[\w-]* v\d`),
	Terminal: terminal,
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(queries, fortiosConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "a FortiGate has no configuration register",
		facts.NextConfigRegister: "a FortiGate has no configuration register",
		facts.File:               "the command line lists no files",
		facts.ImageDigest:        "the command line computes no digest of an image",
		facts.Package:            "FortiOS is one image without packages",
		facts.PackageState:       "FortiOS is one image without packages",
	},
	Order: versionOrder, VersionInName: versionInName,
}

var terminal = collectors.Terminal{
	// fgt1 #
	// fgt1 $
	// fgt1 (global) #
	// fgt1 (customer-a) $
	// FortiGate-6300F [FPC01] (global) #
	// fgt1 (Interim)#
	Prompt: regexp.MustCompile(`^[\w.\-@/:]{1,63}(?: \[\w{1,16}\])?(?: \([^()]{1,40}\))* ?[#$]$`),
	Greeting: []collectors.Question{
		// (Press 'a' to accept):
		{Pattern: regexp.MustCompile(`^\(?Press 'a' to accept\)?:?$`), Answer: "a"},
	},
	// With virtual domains the login lands above them, and most of the commands are known in the global scope alone. Without them the
	// command is unknown, which changes nothing. At the prompt of one domain, to which an account may be confined, nothing is typed.
	Scopes: []collectors.Scope{{From: regexp.MustCompile(`^[^()]*[#$]$`), Enter: "config global", Leave: "end"}},
	// The pager can be turned off by changing the configuration alone, so it is answered.
	Pager:    regexp.MustCompile(`^--More--$`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// Command fail. Return code -37
		// Permission denied. Insufficient privileges.
		{Pattern: collectors.MustCompile(`^Command fail\. Return code -37\b|(?i:permission denied|insufficient privilege|not authorized)`), Reason: facts.NoPrivilege},
		// command parse error before 'flash'
		// value parse error before 'x'
		// ambiguous command before 'st'
		// incomplete command in the end
		{Pattern: collectors.MustCompile(`^(?:(?:command|value) parse error|ambiguous command|incomplete command|Unknown action|unknown command|node_check_object fail|entry not found|object check operator error)`), Reason: facts.UnsupportedCommand},
		// Command fail. Return code -61
		{Pattern: collectors.MustCompile(`^Command fail\. Return code`), Reason: facts.UnsupportedCommand},
	},
}

var queries = []collectors.Query{
	{Commands: []string{"get system status"}, Yields: statusYields, Read: readStatus},
	{Commands: []string{"get system ha status"}, Yields: haYields, Read: readHA},
	{Commands: []string{"get system performance status"}, Yields: []facts.Kind{facts.Uptime}, Read: readPerformance},
	{Commands: []string{"get hardware status"}, Yields: hardwareYields, Read: readHardware},
	{Commands: []string{"diagnose sys flash list"}, Yields: flashYields, Read: readFlash},
	{Commands: []string{"get system auto-install"}, Yields: []facts.Kind{facts.BootSetting}, Read: readAutoInstall},
	{Commands: []string{"diagnose autoupdate versions"}, Yields: updateYields, Read: readUpdates},
	{Commands: []string{"diagnose autoupdate signature check-all"}, Yields: []facts.Kind{facts.IntegrityCheck}, Read: readSignatureCheck},
}
