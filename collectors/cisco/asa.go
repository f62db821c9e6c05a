package cisco

import (
	"regexp"

	"trueboot/collectors"
	"trueboot/facts"
)

// ASA is the Cisco Adaptive Security Appliance, as a box, a virtual machine or on Firepower hardware, with one security context or
// with several. With several, version, files and boot list are the system context's, which the session enters.
var ASA = collectors.Platform{
	Name:    "cisco_asa",
	Title:   "Cisco ASA",
	Aliases: []string{"asa", "cisco.asa.asa", "cisco_asa_ssh", "cisco-asa", "pix"},
	// Cisco Adaptive Security Appliance Software Version 9.9(2)32
	Looks:    collectors.MustCompile(`^Cisco (?:Adaptive|PIX) Security Appliance Software Version `),
	Terminal: asaTerminal,
	Files:    &collectors.FileServer{Enable: "ssh scopy enable"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(asaQueries, asaConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.Package:      "an ASA image is one piece; what else lies on disk0: is a file",
		facts.PackageState: "an ASA image is one piece; what else lies on disk0: is a file",
		facts.ReloadReason: "ASA does not say why it reloaded",
	},
	Order: asaOrder, VersionInName: asaVersionInName,
}

var asaTerminal = collectors.Terminal{
	// ciscoasa>
	// ciscoasa/admin#
	// ciscoasa/ctx1/act#
	Prompt:     regexp.MustCompile(`^[\w.\-]{1,63}(?:/[\w.\-]{1,63}){0,5}[>#] ?$`),
	Privileged: regexp.MustCompile(`# ?$`),
	Enable:     "enable",
	Password:   regexp.MustCompile(`^Password: ?$`),
	// The width of the terminal is configuration; digests that it breaks in two are put together again.
	Prepare: []string{"terminal pager 0"},
	Scopes: []collectors.Scope{{
		// ciscoasa/admin#
		// A prompt can show the state of a pair in the same place; then there is no system context, and the command changes nothing.
		From:  regexp.MustCompile(`/[\w.\-/]+# ?$`),
		Enter: "changeto system",
	}},
	// <--- More --->
	Pager:    regexp.MustCompile(`^<--- More --->$`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// ERROR: % Invalid input detected at '^' marker.
		// % Unknown command
		// ERROR: Command requires failover license
		{Pattern: collectors.MustCompile(`^(?:ERROR: )?% ?(?:Invalid input|Incomplete command|Ambiguous command|Unknown command|Unrecognized command)`), Reason: facts.UnsupportedCommand},
		// Command not valid on current execution space
		// Command does not exist in this context
		{Pattern: collectors.MustCompile(`(?i)^(?:ERROR: )?(?:this )?command (?:is )?(?:not (?:valid|supported|available)|does not exist)`), Reason: facts.UnsupportedCommand},
		// Command authorization failed
		// ERROR: Command authorization failed
		{Pattern: collectors.MustCompile(`^(?i:(?:ERROR: )?(?:% ?)?(?:command authorization failed|authorization (?:denied|failed)|permission denied|access denied))`), Reason: facts.NoPrivilege},
		// %Error opening disk1:/ (No such device)
		// %Error opening disk1:/ (Invalid device)
		{Pattern: collectors.MustCompile(`^%Error .*\((?i:no such device|invalid device|device not (?:present|ready))\)`), Reason: facts.PlatformHasNone},
		// %Error opening disk0:/ (Device or resource busy)
		{Pattern: collectors.MustCompile(`(?i)^(?:ERROR: |%).*(?:device or resource busy|try again later)`), Reason: facts.Timeout},
		// %Error opening disk0:/x.bin (Bad file number)
		// %Error verifying disk0:/x.bin (No such file or directory)
		{Pattern: collectors.MustCompile(`^%Error (?:opening|reading|parsing|computing|calculating)|^%Error .*\((?i:no such file or directory|file not found)\)`), Reason: facts.UnsupportedCommand},
		// ERROR: the file is not signed
		{Pattern: collectors.MustCompile(`^ERROR: `), Reason: facts.UnsupportedCommand},
	},
}

// asaQueries are in the order in which a later one's arguments become known; what makes the device read whole files comes last.
var asaQueries = []collectors.Query{
	{Commands: []string{"show version"}, Yields: asaVersionYields, Read: readASAVersion},
	{Commands: []string{"show inventory"}, Yields: inventoryYields, Read: withChassis(readInventory)},
	{Commands: []string{"show module"}, Yields: asaModuleYields, Read: readASAModules},
	{Commands: []string{"show failover"}, Yields: asaFailoverYields, Read: readASAFailover},
	{Commands: []string{"show mode"}, Yields: []facts.Kind{facts.BootSetting}, Read: readASAMode},

	{Commands: []string{"show bootvar"}, Yields: asaBootYields, Read: readASABoot},
	{Commands: []string{"show running-config boot"}, Yields: []facts.Kind{facts.RunningBootCommand}, Read: readBootCommands(facts.RunningBootCommand)},
	{Commands: []string{"show startup-config | include ^boot"}, Yields: []facts.Kind{facts.StartupBootCommand}, Read: readBootCommands(facts.StartupBootCommand)},
	{Commands: []string{"show running-config asdm"}, Yields: []facts.Kind{facts.ComponentImage}, Read: readASDM},
	{Commands: []string{"show checksum"}, Yields: []facts.Kind{facts.ConfigurationHash}, Read: readASAChecksum},
	{Commands: []string{"show kernel process | include lina_cs"}, Yields: []facts.Kind{facts.Process}, Read: readLinaProcesses},

	{Commands: []string{"show file system"}, Yields: fileSystemYields, Read: readFileSystems},
	{Commands: []string{"dir /recursive {filesystem}", "dir {filesystem}"}, Each: fileSystems, Yields: fileYields, Read: readASADir},

	{Commands: []string{"show software authenticity running"}, Unless: notSigned, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"show software authenticity file {file}"}, Each: bootable, Unless: notSigned, Yields: authenticityYields, Read: readAuthenticity},
	{Commands: []string{"verify {file}"}, Each: bootable, Unless: notSigned, Yields: verifyYields, Read: readVerify, Hash: true},
	{Commands: []string{"verify /sha-512 {file}", "verify /md5 {file}"}, Each: asaHashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
}
