// Package paloalto knows the operating system of Palo Alto Networks' firewalls: what to ask it and how to read what it
// prints. A firewall of theirs shows no files and computes no digest for an administrator. What it tells is which version
// lies on which of its two system partitions, which of them runs and which one boots next.
package paloalto

import (
	"regexp"
	"strconv"

	"trueboot/collectors"
	"trueboot/facts"
)

// PANOS is PAN-OS on hardware, in a chassis and in a virtual machine, alone and in a high-availability pair.
var PANOS = collectors.Platform{
	Name:  "paloalto_panos",
	Title: "Palo Alto Networks PAN-OS",
	Aliases: []string{
		"panos", "pan-os", "paloaltonetworks.panos.panos", "paloalto", "palo_alto",
	},
	// vpn-disable-mode: off
	// logdb-version: 10.1.2
	// global-protect-client-package-version: 0.0.0
	Looks:    collectors.MustCompile(`^(?:vpn-disable-mode|logdb-version|global-protect-client-package-version|wf-private-version): `),
	Terminal: terminal,
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: queries},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "a firewall of Palo Alto Networks has no configuration register",
		facts.NextConfigRegister: "a firewall of Palo Alto Networks has no configuration register",
		facts.BootLoaderVersion:  "the command line states no version of the boot loader",
		facts.ReloadReason:       "the command line states no reason of the last restart; the system log may",
		facts.File:               "the command line lists no files with their sizes",
		facts.ImageDigest:        "the command line computes no digest of a file",
		facts.Signature:          "the command line checks no signature on request",
	},
	Order: versionOrder, VersionInName: versionInName,
}

var terminal = collectors.Terminal{
	// admin@fw1>
	// admin@fw1(active)>
	// jane@example.com@fw1(active-primary)>
	Prompt: regexp.MustCompile(`^[\w.\-@\\]{1,128}@[\w.\-]{1,64}(?P<state>\([a-z-]{1,32}\))?>$`),
	Greeting: []collectors.Question{
		// Do you accept and acknowledge the statement above ? (yes/no) :
		{Pattern: regexp.MustCompile(`(?i)^do you accept and acknowledge the statement above ?\? ?\(yes/no\) ?:?$`), Answer: "yes\n"},
	},
	Prepare: []string{"set cli scripting-mode on", "set cli pager off", "set cli terminal width 500"},
	// lines 1-22
	Pager:    regexp.MustCompile(`^lines \d+-\d+`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// Unknown command: debug
		// Invalid syntax.
		{Pattern: collectors.MustCompile(`^(?:Unknown command|Invalid syntax|Validation Error|Ambiguous command|Incomplete command)`), Reason: facts.UnsupportedCommand},
		// You need superuser privileges to do that
		// Server error : Command not authorized
		{Pattern: collectors.MustCompile(`(?i)^(?:permission denied|not authorized|unauthorized|access denied)|superuser privileges?|insufficient privileges?|^server error *:.*(?:not authorized|permission denied)`), Reason: facts.NoPrivilege},
		// Server error : op command for client swm timed out as client is not available
		// Timed out while getting config lock. Please try again.
		{Pattern: collectors.MustCompile(`^(?:Server error|(?:Command )?[Tt]imed out)`), Reason: facts.Timeout},
	},
}

var queries = []collectors.Query{
	{Commands: []string{"show system info"}, Yields: infoYields, Read: readInfo},
	{Commands: []string{"show high-availability all"}, Yields: haYields, Read: readHA},
	{Commands: []string{"show chassis inventory"}, Unless: notChassis, Yields: chassisYields, Read: readChassis},
	{Commands: []string{"show chassis status"}, Unless: notChassis, Yields: chassisYields, Read: readChassis},
	{Commands: []string{"debug swm status"}, Yields: partitionYields, Read: readPartitions},
	{Commands: []string{"request system software info"}, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readSoftware},
}

// chassisModel is a firewall with slots.
//
//	PA-7050
//	PA-5450
var chassisModel = collectors.MustCompile(`^PA-(?:7\d{3}|5450)\b`)

func notChassis(s facts.Set) string {
	if model := s.Value(facts.Model); model != "" && !chassisModel.MatchString(model) {
		return "model " + strconv.Quote(model) + " is no chassis"
	}
	return ""
}
