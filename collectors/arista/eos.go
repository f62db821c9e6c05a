// Package arista knows Arista EOS: what to ask it and how to read what it prints. A command may be answered as text or, with
// "| json" behind it, as JSON; each reader takes both, so that saved output of either form can be read. The readers stand in
// files named after what they read.
package arista

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// EOS is Arista EOS on fixed and modular switches, and its virtual forms vEOS and cEOS.
var EOS = collectors.Platform{
	Name:    "arista_eos",
	Title:   "Arista EOS",
	Aliases: []string{"eos", "arista", "arista.eos.eos", "arista_eos_telnet"},
	// Arista DCS-7280SR-48C6-F
	// Software image version: 4.28.9M
	//     "mfgName": "Arista",
	//     "internalBuildId": "d6560fe3-4c9f-4765-81f0-cba651cf54f8",
	Looks:    collectors.MustCompile(`^(?:Arista \S+$|Software image version: |\s*"mfgName": "Arista"|\s*"internalBuildId": ")`),
	Terminal: eosTerminal,
	Files:    &collectors.FileServer{Path: onFlash},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(eosQueries, eosConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.RunningImage:       "EOS states which image boots next, not which file the running system was loaded from",
		facts.ConfigRegister:     "EOS has no configuration register",
		facts.NextConfigRegister: "EOS has no configuration register",
		facts.Signature:          "the boot loader checks the signature of an image; no command shows the result",
	},
	Order: order, VersionInName: versionInName,
}

var eosTerminal = collectors.Terminal{
	// leaf1>
	// leaf1#
	// spine1(s1)#
	// leaf1.14:02:33#
	Prompt:     regexp.MustCompile(`^[\w.@:/-]{1,64}(?:\([\w.:/-]{1,32}\))*[>#] ?$`),
	Privileged: regexp.MustCompile(`# ?$`),
	Enable:     "enable",
	Password:   regexp.MustCompile(`^Password: ?$`),
	Prepare:    []string{"terminal length 0", "terminal width 32767"},
	Pager:      regexp.MustCompile(`^ ?--More-- ?$`),
	Continue:   " ",
	Leave:      "exit",
	Refusals: []collectors.Refusal{
		// % Invalid input (privileged mode required)
		// % Authorization denied for command 'show boot-config'
		// % This command is not authorized
		{Pattern: collectors.MustCompile(`^% .*(?i:privileged mode required|authorization (?:denied|failed)|not authorized|permission denied)`), Reason: facts.NoPrivilege},
		// % Unavailable command (not supported on this hardware platform)
		{Pattern: collectors.MustCompile(`^% Unavailable command|^% .*not supported on this (?:hardware )?platform`), Reason: facts.PlatformHasNone},
		// % Invalid input
		// % Invalid input at line 1
		// % Incomplete command
		// % Ambiguous command
		{Pattern: collectors.MustCompile(`^% (?:Invalid input|Incomplete command|Ambiguous command|Unrecognized command)`), Reason: facts.UnsupportedCommand},
		// % Error listing directory usb1:/ (No such device)
		// % Error listing directory extension:/ (No such file or directory)
		{Pattern: collectors.MustCompile(`^%? ?Error listing (?:directory )?\S+ \(No such (?:device|file or directory)\)`), Reason: facts.PlatformHasNone},
		// % Error opening flash:/x.swi (No such file or directory)
		{Pattern: collectors.MustCompile(`^%? ?Error .*\((?i:no such file or directory)\)|^% .*(?i:file not found)`), Reason: facts.UnsupportedCommand},
		// % Error displaying boot-extensions: [Errno 11] Resource temporarily unavailable
		// % Internal error
		{Pattern: collectors.MustCompile(`^% .*(?i:resource temporarily unavailable|agent (?:is )?not running|internal error|timed out|try again)`), Reason: facts.Timeout},
	},
}

// eosQueries are in the order in which a later one's arguments become known; what makes the device read whole files
// comes last.
var eosQueries = []collectors.Query{
	{Commands: []string{"show version", "show version | json"}, Yields: versionYields, Read: readVersion},
	// As text its tables are laid out in ways that changed.
	{Commands: []string{"show version detail | json", "show version detail"}, Yields: detailYields, Read: readVersionDetail},
	{Commands: []string{"show inventory", "show inventory | json"}, Yields: inventoryYields, Read: readInventory},
	{Commands: []string{"show module", "show module | json"}, Unless: notModular, Yields: moduleYields, Read: readModules},
	{Commands: []string{"show redundancy status"}, Unless: notModular, Yields: []facts.Kind{facts.Redundancy}, Read: readRedundancy},
	{Commands: []string{"show reload cause", "show reload cause | json"}, Yields: reloadYields, Read: readReloadCause},

	// The password of the boot loader, hashed, is nobody's business: the line is left out where the device can.
	{Commands: []string{"show boot-config | exclude password", "show boot-config", "show boot", "show boot-config | json"}, Yields: bootYields, Read: readBootConfig},
	{Commands: []string{"show boot-extensions"}, Yields: []facts.Kind{facts.PackageFile}, Read: readBootExtensions},
	{Commands: []string{"show extensions", "show extensions | json"}, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readExtensions},

	{Commands: []string{"show file systems"}, Yields: fileSystemYields, Read: readFileSystems},
	{Commands: []string{"dir /all /recursive {filesystem}", "dir /recursive {filesystem}", "dir /all {filesystem}", "dir {filesystem}"}, Each: fileSystems, Yields: fileYields, Read: readDir},

	{Commands: []string{"verify /sha512 {file}", "verify /sha256 {file}", "verify /sha1 {file}", "verify /md5 {file}"}, Each: hashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readDigest, Hash: true},
}

// modularModel is a chassis with slots.
//
//	DCS-7508N
//	DCS-7316
//	DCS-7800R3-36P
//	DCS-7804-CH
//	CCS-758-CH
var modularModel = collectors.MustCompile(`(?i)^(?:DCS-(?:75\d\d|73\d\d|78\d\d|7368|7388)|CCS-75\d)`)

// fixedModel is a switch of one piece, or a virtual one.
//
//	cEOSLab
//	vEOS-lab
//	DCS-7050TX-64-R
var fixedModel = collectors.MustCompile(`(?i)^(?:[cv]EOS|DCS-7[0-2]\d\d|CCS-7[12]\d|AWE-)`)

func notModular(s facts.Set) string {
	for f := range s.All(facts.Model) {
		if f.Subject == "" && fixedModel.MatchString(f.Value) && !modularModel.MatchString(f.Value) {
			return "model " + strconv.Quote(f.Value) + " has no modules"
		}
	}
	return ""
}

// imageName is a file that the device could boot or install.
//
//	EOS-4.28.9M.swi
//	.boot-image.swi
//	TerminAttr-1.22.1-1.swix
//	EosSdk-1.3.4-4.15.0F.i686.rpm
var imageName = collectors.MustCompile(`(?i)\.(?:swi|swix|rpm)$`)

// hashable returns the images and extensions that the boot configuration and the listings name, nil where neither is known.
func hashable(s facts.Set) []string {
	if !s.Has(facts.NextBootVariable) && !s.Has(facts.File) {
		return nil
	}
	plain := map[string]bool{}
	for f := range s.All(facts.FilePermissions) {
		plain[f.Subject] = strings.HasPrefix(f.Value, "-")
	}
	seen := map[string]bool{}
	paths := []string{}
	add := func(path string) {
		// flash:EOS.swi and flash:/EOS.swi are one file.
		system, name, ok := strings.Cut(path, ":")
		key := system + ":" + strings.TrimPrefix(name, "/")
		if ok && system != "system" && !seen[key] && !network.MatchString(path) {
			seen[key] = true
			paths = append(paths, path)
		}
	}
	for f := range s.All(facts.NextBootVariable) {
		add(f.Value)
	}
	for f := range s.All(facts.File) {
		if imageName.MatchString(f.Subject) && plain[f.Subject] {
			add(f.Subject)
		}
	}
	return paths
}

// network is an image that lies on a server.
//
//	http://192.0.2.1/EOS.swi
var network = collectors.MustCompile(`^(?i:https?|tftp|ftp|scp|sftp|nfs):`)

// onFlash spells a file as the Linux under EOS does: flash:/EOS.swi is /mnt/flash/EOS.swi.
func onFlash(file string) string {
	for prefix, folder := range map[string]string{"flash:": "/mnt/flash/", "usb1:": "/mnt/usb1/", "drive:": "/mnt/drive/"} {
		if rest, ok := strings.CutPrefix(file, prefix); ok {
			return folder + strings.TrimLeft(rest, "/")
		}
	}
	return file
}
