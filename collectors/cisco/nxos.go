package cisco

import (
	"regexp"

	"trueboot/collectors"
	"trueboot/facts"
)

// NXOS is Cisco NX-OS on the Nexus and MDS switches, with one image or with a kickstart and a system image.
var NXOS = collectors.Platform{
	Name:  "cisco_nxos",
	Title: "Cisco NX-OS",
	Aliases: []string{
		"nxos", "nx-os", "nxos_ssh", "cisco.nxos.nxos", "cisco_nxos_ssh", "cisco-nxos", "cisco-nx",
	},
	// Cisco Nexus Operating System (NX-OS) Software
	// kickstart image file is: bootflash:///n5000-uk9-kickstart.7.1.4.N1.1.bin
	// NXOS image file is: bootflash:///nxos.9.3.15.bin
	Looks:    collectors.MustCompile(`^(?:Cisco Nexus Operating System|\s+(?:NXOS|kickstart) image file is:)`),
	Terminal: nxosTerminal,
	Files:    &collectors.FileServer{Enable: "feature scp-server"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(nxosQueries, nxosConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "NX-OS has no configuration register",
		facts.NextConfigRegister: "NX-OS has no configuration register",
	},
	Order: nxosOrder, VersionInName: nxosVersionInName,
}

var nxosTerminal = collectors.Terminal{
	// N9K-LAB-15#
	// core1(maint-mode)#
	Prompt:  regexp.MustCompile(`^[\w.\-@/:]{1,63}(?:\([\w-]+\))?[>#] ?$`),
	Prepare: []string{"terminal length 0", "terminal width 511", "terminal no monitor"},
	// --More--
	Pager:    regexp.MustCompile(`^--More--$`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// % Invalid command at '^' marker.
		// % Invalid number at '^' marker.
		// % Ambiguous command
		// Cmd exec error.
		{Pattern: collectors.MustCompile(`^% ?(?:Invalid (?:command|number|parameter|input|range|value)|Ambiguous command|Incomplete command|Unrecognized|Command not found)|^Cmd exec error|^Syntax error while parsing`), Reason: facts.UnsupportedCommand},
		// LXC boot mode is not supported on this platform
		// ERROR: command is not supported in this VDC
		{Pattern: collectors.MustCompile(`^(?:% ?|ERROR: )?.*\b(?i:command (?:is )?not (?:supported|allowed)|not supported (?:on|in) (?:this|the))`), Reason: facts.UnsupportedCommand},
		// % Permission denied for the role
		// % Permission denied
		// Command authorization failed
		{Pattern: collectors.MustCompile(`^(?:% ?)?(?i:permission denied|command authorization failed|authorization failed|access denied)`), Reason: facts.NoPrivilege},
		// No such file or directory
		// ERROR: No such drive
		{Pattern: collectors.MustCompile(`^(?:% ?|ERROR: ?|Error: ?)?(?i:no such file or directory|no such (?:drive|device)|invalid (?:drive|file ?system|directory)|slot\d+: not present|usb\d+: not present)\.?$`), Reason: facts.PlatformHasNone},
		// sha512sum: /bootflash/x.bin: No such file or directory
		// bootflash:/x.bin: No such file or directory
		{Pattern: collectors.MustCompile(`(?i): no such file or directory|file not found`), Reason: facts.UnsupportedCommand},
		// Device or resource busy
		// Another install procedure may be in progress. (0x401E0007)
		{Pattern: collectors.MustCompile(`^(?i:.*device or resource busy|another install procedure|.*please try (?:again )?later)`), Reason: facts.Timeout},
	},
}

// nxosQueries are in the order in which a later one's arguments become known; what makes the device read whole files comes last.
var nxosQueries = []collectors.Query{
	{Commands: []string{"show version", "show version | json"}, Yields: nxosVersionYields, Read: readNXOSVersion},
	{Commands: []string{"show inventory", "show inventory | json"}, Yields: inventoryYields, Read: withChassis(readNXOSInventory)},
	{Commands: []string{"show module"}, Yields: nxosModuleYields, Read: readNXOSModules},
	{Commands: []string{"show redundancy status", "show system redundancy status"}, Yields: nxosRedundancyYields, Read: readNXOSRedundancy},

	{Commands: []string{"show boot"}, Yields: bootYields[:3], Read: readNXOSBoot},
	{Commands: []string{"show running-config | include ^boot"}, Yields: []facts.Kind{facts.RunningBootCommand}, Read: readBootCommands(facts.RunningBootCommand)},
	{Commands: []string{"show startup-config | include ^boot"}, Yields: []facts.Kind{facts.StartupBootCommand}, Read: readBootCommands(facts.StartupBootCommand)},
	{Commands: []string{"show install active"}, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readNXOSInstall("Active")},
	{Commands: []string{"show install inactive"}, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readNXOSInstall("Inactive")},
	{Commands: []string{"show install committed"}, Yields: []facts.Kind{facts.CommittedPackage}, Read: readNXOSInstall("Committed")},
	{Commands: []string{"show feature"}, Yields: []facts.Kind{facts.Feature}, Read: readNXOSFeatures},
	{Commands: []string{"show virtual-service list"}, Yields: []facts.Kind{facts.GuestApplication}, Read: readVirtualServices},

	{Commands: []string{"dir {filesystem}"}, Each: nxosFileSystems, Yields: nxosFileYields, Read: readNXOSDir},
	{Commands: []string{"dir logflash:"}, Yields: nxosFileYields, Read: readNXOSDir},
	{Commands: []string{"dir volatile:"}, Yields: nxosFileYields, Read: readNXOSDir},
	{Commands: []string{"dir {directory}"}, Each: nxosDirectories, Yields: nxosFileYields, Read: readNXOSDir},

	{Commands: []string{"show software authenticity running"}, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"show software authenticity file {file}"}, Each: nxosBootable, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"show file {file} sha512sum", "show file {file} sha256sum", "show file {file} md5sum"}, Each: nxosBootable, Yields: []facts.Kind{facts.ImageDigest}, Read: readNXOSDigest, Hash: true},
}

var nxosFileYields = []facts.Kind{facts.File, facts.FileTime, facts.TotalSpace, facts.FreeSpace}
