// Package juniper knows Junos OS and Junos OS Evolved: what to ask them, over their command line and over NETCONF, and how
// to read what they answer. The readers stand in files named after what they read; those for NETCONF, in netconf.go, share
// their conclusions with those for the command line.
package juniper

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// Junos is Junos OS on routers, switches and firewalls, with its virtual chassis, clusters, dual routing engines and VM hosts,
// and Junos OS Evolved. Which of the two a device runs is a fact that "show version" states.
var Junos = collectors.Platform{
	Name:  "juniper_junos",
	Title: "Juniper Junos OS and Junos OS Evolved",
	Aliases: []string{
		"junos", "juniper", "junipernetworks.junos.junos", "juniper.device", "juniper_junos_evo", "junos-evo", "juniper-srx", "junos_evo",
	},
	// Junos: 21.4R3-S5.4
	// JUNOS Base OS boot [12.3R12.4]
	// JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]
	Looks:    collectors.MustCompile(`^(?:Junos: \d|(?:JUNOS|Junos)[ -].*\[[^\[\]]+\]$)`),
	Terminal: junosTerminal,
	Files:    &collectors.FileServer{Enable: "set system services ssh sftp-server"},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(junosQueries, junosConfigurationQueries), collectors.NETCONF: junosRPCs},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "Junos has no configuration register",
		facts.NextConfigRegister: "Junos has no configuration register",
		facts.Signature:          "the signature of a package is checked when it is installed and when it is mounted; no command shows the result",
		facts.PackageState:       "a package that Junos lists is installed; it has no other states",
	},
	Order: order, VersionInName: versionInName,
}

var junosTerminal = collectors.Terminal{
	// lab@mx480-1>
	// lab@mx480-1:customer1>
	// root>
	// root@srx340% and root@mx480-1:~ # and [vrf:none] root@ptx1-re0:~#, the shell in which root lands
	Prompt: regexp.MustCompile(`^(?:(?:[\w.\\-]{1,64}@)?[\w.-]{1,64}(?::[\w.-]{1,64})?> ?|` + shellPrompt + `)$`),
	// {master:0}
	// {primary:node0}
	// {backup}
	Above:   regexp.MustCompile(`^\{[a-z-]+(?::[\w-]+)?\}$`),
	Prepare: []string{"set cli complete-on-space off", "set cli screen-length 0", "set cli screen-width 511"},
	Scopes:  []collectors.Scope{{From: regexp.MustCompile(`^` + shellPrompt + `$`), Enter: "cli"}},
	// ---(more)---
	// ---(more 45%)---
	Pager:    regexp.MustCompile(`^---\(more(?: \d+%)?\)---$`),
	Continue: " ",
	Leave:    "exit",
	Refusals: []collectors.Refusal{
		// error: command is not valid on the mx480
		{Pattern: collectors.MustCompile(`^error: command is not (?:valid|supported) on`), Reason: facts.PlatformHasNone},
		// error: the virtual-chassis-control subsystem is not running
		{Pattern: collectors.MustCompile(`^error: the (?:virtual-chassis-control|vccpd|jsrp|chassis-cluster)\S* subsystem is not running`), Reason: facts.PlatformHasNone},
		// error: Chassis cluster is not enabled
		{Pattern: collectors.MustCompile(`^error: (?i:chassis cluster (?:is )?not (?:enabled|running))`), Reason: facts.PlatformHasNone},
		// /var/sw/pkg/: No such file or directory
		// ls: /packages/sets/: No such file or directory
		{Pattern: collectors.MustCompile(`^(?:error: |ls: )?(?:[a-z]+\d+:)?/\S*: No such file or directory`), Reason: facts.PlatformHasNone},
		// syntax error, expecting <command>.
		// error: syntax error: vmhost
		// unknown command.
		// error: unknown command: software
		{Pattern: collectors.MustCompile(`^(?:error: )?(?:syntax error|unknown command)`), Reason: facts.UnsupportedCommand},
		// 'sha' is ambiguous.
		// missing argument.
		{Pattern: collectors.MustCompile(`^'.*' is ambiguous|^(?:error: )?(?:missing|mandatory) (?:mandatory )?argument|^No valid completions|^(?:error: )?[Uu]nrecognized command`), Reason: facts.UnsupportedCommand},
		// sha256: /var/tmp/x.tgz: No such file or directory
		{Pattern: collectors.MustCompile(`: No such file or directory$`), Reason: facts.UnsupportedCommand},
		// error: virtual chassis is not configured
		// error: vmhost is not supported on this platform
		{Pattern: collectors.MustCompile(`^error: .*\bnot (?:supported|configured|enabled)\b`), Reason: facts.PlatformHasNone},
		// error: permission denied
		// error: permission denied: checksum
		// /root/: Permission denied
		{Pattern: collectors.MustCompile(`^(?:error: )?[Pp]ermission denied|: [Pp]ermission denied\.?$|^error: (?:no|insufficient) (?:permission|privilege)`), Reason: facts.NoPrivilege},
		// error: the chassis subsystem is not responding to management requests
		// error: abnormal communication termination with chassisd
		// error: could not connect to re1 : No route to host
		// error: timeout communicating with chassis daemon
		// error: select: protocol failure
		{Pattern: collectors.MustCompile(`^error: (?i:the \S+ subsystem is not r|abnormal communication termination|could not connect to|timeout |.*protocol failure|communication (?:error|failure))`), Reason: facts.Timeout},
	},
}

// shellPrompt matches the prompts of the shells.
const shellPrompt = `(?:\[vrf:[\w-]+\] )?root@[\w.-]{0,64}(?::[^\s#%]{0,128})? ?[%#] ?`

// junosQueries are in the order in which a later one's arguments become known; what makes the device read whole files
// comes last.
var junosQueries = []collectors.Query{
	{Commands: []string{"show version"}, Yields: softwareYields, Read: readShowVersion},
	{Commands: []string{"show chassis hardware"}, Yields: hardwareYields, Read: readChassisHardware},
	{Commands: []string{"show chassis routing-engine"}, Yields: routingEngineYields, Read: readRoutingEngine},
	{Commands: []string{"show virtual-chassis"}, Unless: noVirtualChassis, Yields: virtualChassisYields, Read: readVirtualChassis},
	{Commands: []string{"show chassis cluster status"}, Unless: notFirewall, Yields: clusterYields, Read: readCluster},
	{Commands: []string{"show version invoke-on other-routing-engine", "show version node all"}, Unless: oneRoutingEngine, Yields: softwareOfOthersYields, Read: readShowVersionOfOthers},
	{Commands: []string{"show system uptime"}, Yields: uptimeYields, Read: readSystemUptime},

	{Commands: []string{"show chassis firmware"}, Yields: firmwareYields, Read: readChassisFirmware},
	{Commands: []string{"show system firmware"}, Yields: firmwareYields, Read: readSystemFirmware},
	{Commands: []string{"show vmhost version"}, Unless: noVMHost, Yields: vmHostYields, Read: readVMHost},

	{Commands: []string{"show system software list"}, Unless: notEvolved, Yields: installedYields, Read: readInstalled},
	{Commands: []string{"show system storage partitions"}, Unless: notDualRoot, Yields: partitionYields, Read: readPartitions},
	{Commands: []string{"file list detail " + packageSets + "/"}, Unless: bootsOtherwise, Yields: packageSetYields, Read: readPackageSets},
	{Commands: []string{"show system snapshot media internal"}, Unless: notDualRoot, Yields: snapshotYields, Read: readSnapshot},
	{Commands: []string{"show system snapshot"}, Unless: noSnapshot, Yields: snapshotYields, Read: readSnapshot},

	{Commands: []string{"show system storage"}, Yields: []facts.Kind{facts.FileSystem}, Read: readStorage},
	{Commands: []string{"file list detail {directory}"}, Each: fileDirectories, Yields: fileYields, Read: readFileList},
	{Commands: []string{"file list detail {package sets}"}, Each: otherPackageSets, Unless: oneRoutingEngine, Yields: packageSetYields, Read: readPackageSets},

	// The strongest algorithm first; older releases lack SHA-256.
	{Commands: []string{"file checksum sha-256 {file}", "file checksum sha1 {file}", "file checksum md5 {file}"}, Each: hashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readChecksum, Hash: true},
}

// What a device can't have is not asked of it. As long as it is not known what the device is, everything is asked.

// A family is a group of models. Models are printed in both cases: "mx480" by show version, "MX480" by the inventory.
type family struct{ *collectors.Pattern }

var (
	// SRX345
	// vsrx
	// srx5800
	firewalls = family{collectors.MustCompile(`(?i)^(?:[vc]?srx|j\d{4}|ln\d)`)}

	// ex4200-48t
	// SRX340
	// srx210he
	dualRoots = family{collectors.MustCompile(`(?i)^(?:srx[1-6]\d\d(?:[a-z-]|$)|ex(?:2200|3200|3300|4200|4300|4500|4550|6200|6210|8200|8208|8216)(?:-|$))`)}

	// EX4300-48MP and its like, which boot from sets of packages.
	newerSwitches = family{collectors.MustCompile(`(?i)^ex4300-\d+mp`)}

	// ex2300-24p
	// qfx5100-48s-6q
	// MX480
	// Virtual Chassis
	virtualChassisModels = family{collectors.MustCompile(`(?i)^(?:ex\d|qfx\d|mx\d|acx\d|ocx\d|virtual)`)}

	// vmx
	// vsrx
	// vqfx-10000
	virtualMachines = family{collectors.MustCompile(`(?i)^(?:v(?:mx|srx|qfx|ex|ptx|rr|evo|junos)|csrx|crpd|olive)`)}
)

// models returns what the device is called.
func models(s facts.Set) []string {
	var all []string
	for f := range s.All(facts.Model) {
		if f.Subject == "" || memberName.MatchString(f.Subject) {
			all = append(all, f.Value)
		}
	}
	return all
}

func (f family) holdsAny(models []string) bool {
	for _, m := range models {
		if f.MatchString(m) {
			return true
		}
	}
	return false
}

// unless returns why a device of these models has not what only the family has.
func (f family) unless(s facts.Set, lacks string) string {
	all := models(s)
	if len(all) == 0 || f.holdsAny(all) {
		return ""
	}
	return "model " + strconv.Quote(all[0]) + " " + lacks
}

func noVirtualChassis(s facts.Set) string {
	return virtualChassisModels.unless(s, "is no member of a virtual chassis")
}

func notFirewall(s facts.Set) string { return firewalls.unless(s, "is no firewall: it has no cluster") }

func notDualRoot(s facts.Set) string {
	if all := models(s); newerSwitches.holdsAny(all) {
		return "model " + strconv.Quote(all[0]) + " boots from sets of packages, not from one of two partitions"
	}
	return dualRoots.unless(s, "does not boot from one of two partitions")
}

func notEvolved(s facts.Set) string {
	if system := s.Value(facts.OperatingSystem); system != "" && system != evolved {
		return "the device runs " + system
	}
	return ""
}

func isEvolved(s facts.Set) string {
	if s.Value(facts.OperatingSystem) == evolved {
		return "the device runs " + evolved
	}
	return ""
}

func noVMHost(s facts.Set) string {
	if why := isEvolved(s); why != "" {
		return why
	}
	all := models(s)
	switch {
	case dualRoots.holdsAny(all):
		return "model " + strconv.Quote(all[0]) + " has no host below Junos"
	case virtualMachines.holdsAny(all):
		return "the device is a virtual machine"
	}
	return ""
}

func noSnapshot(s facts.Set) string {
	if why := isEvolved(s); why != "" {
		return why
	}
	if all := models(s); dualRoots.holdsAny(all) && !newerSwitches.holdsAny(all) {
		return "the snapshots of model " + strconv.Quote(all[0]) + " are on its internal medium"
	}
	return ""
}

// bootsOtherwise says that the device has told already what it boots.
func bootsOtherwise(s facts.Set) string {
	if image := s.Value(facts.RunningImage); image != "" {
		return "the device boots " + image
	}
	return isEvolved(s)
}

// oneRoutingEngine reports that there is no other routing engine that has to be asked by itself.
func oneRoutingEngine(s facts.Set) string {
	engines := 0
	for f := range s.All(facts.ComponentRole) {
		if strings.HasPrefix(f.Subject, "re") && memberName.MatchString(f.Subject) && !f.OfSecondChannel() {
			engines++
		}
	}
	for f := range s.All(facts.Component) {
		if f.Subject == "routing engine" || strings.HasSuffix(f.Subject, " routing engine") { // one without a slot
			return "the device has one routing engine, or one in each node"
		}
	}
	switch {
	case engines == 0:
		return ""
	case engines == 1:
		return "the device has one routing engine"
	case virtualChassis(s):
		return "show version answers for all members of the virtual chassis"
	}
	return ""
}

// otherPackageSets are the sets of packages of the routing engine that stands by.
func otherPackageSets(s facts.Set) []string {
	if !strings.HasPrefix(s.Value(facts.RunningImage), packageSets) {
		return []string{}
	}
	all := []string{}
	for _, member := range otherMembers(s) {
		all = append(all, member+":"+packageSets+"/")
	}
	return all
}
