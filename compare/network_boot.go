package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var networkBoot = Rule{
	Control:  "NDI-BC-05",
	Name:     "network-boot",
	Title:    "No network or manual boot",
	Pillar:   "H",
	Severity: High,
	ATTACK:   []string{"T1542.005"},
	Guidance: []string{attackTFTPBoot},
	Checks: `What runs, every entry of the boot lists and every boot command name a file or partition on the device; no
		network boot mode is set; and no processor waits for somebody to boot it by hand. An approval does not
		excuse these: a device that has to boot over the network needs a waiver. Auto provisioning (POAP, zero touch, a
		configuration by DHCP) is a FAIL unless it was approved. A setting with a value that is not known is not assessed.`,
	Evidence: "What the platform says about what it booted and will boot, such as show version, show boot, show boot system, show bootvar; the boot lines of both configurations.",
	Attacker: `Points the boot at a server of his own. The image never touches the flash, so every check of stored
		files passes. Or sets manual boot, so that whoever is at the console decides what runs.`,
	Next:  "Find the server in the path and who set it; a device that booted from there runs an image that nobody verified: isolate it.",
	check: checkNetworkBoot,
}

// networkBootWord is a word of a boot command that names a server or a protocol.
//
//	boot system tftp c2600-i-mz.bin 10.1.1.1
//	boot system tftp://10.1.1.1/c2600-i-mz.bin
//	boot network tftp://10.1.1.1/config
//	boot ipxe forever switch 1
//	boot order pxe bootflash
var networkBootWord = regexp.MustCompile(`^(?i:(?:tftp|ftp|rcp|https?|scp|sftp|mop)(?::.*)?|network|i?pxe)$`)

// A bootSetting is one that decides where from the device boots, or who decides that.
type bootSetting struct {
	name         string // the end of the fact's subject
	right, wrong *regexp.Regexp
	severity     Severity
	words        string // of a FAIL, with the value
	approvable   bool   // an approval excuses it
}

var (
	disabled = regexp.MustCompile(`^(?i:no|off|false|disabled?|inactive)$`)
	enabled  = regexp.MustCompile(`^(?i:yes|on|true|enabled?|active)$`)
)

var bootSettings = []bootSetting{
	// Manual Boot         : no
	{name: "manual boot", right: disabled, wrong: enabled, severity: High,
		words: "manual boot is %s: the processor stops and waits for somebody at the console"},
	// Boot Mode = DEVICE
	// Boot Mode = IPXE FOREVER
	{name: "boot mode", right: regexp.MustCompile(`^(?i:device|local|flash|disk)$`), wrong: regexp.MustCompile(`(?i)pxe|network|tftp`), severity: High,
		words: "the boot mode is %s, a boot over the network"},
	// iPXE Timeout = 0
	{name: "ipxe timeout", right: regexp.MustCompile(`^0+(?: seconds)?$`), wrong: regexp.MustCompile(`^\d+(?: seconds)?$`), severity: Medium,
		words: "the iPXE time-out is %s instead of 0: the device tries to boot over the network"},
	// via DHCP:       disabled (next boot: disabled)
	{name: "config download via dhcp", right: regexp.MustCompile(`^(?i:disabled(?: \(next boot: disabled\))?)$`), wrong: regexp.MustCompile(`(?i)enabled`), severity: Medium,
		words: "the download of a configuration at boot is %s: whoever answers as DHCP server configures the device", approvable: true},
	// Boot POAP Enabled
	{name: "poap", right: disabled, wrong: enabled, severity: Medium,
		words: "power-on auto provisioning is %s: the device asks the network what to boot", approvable: true},
	// Mode: Disabled
	{name: "zero touch provisioning", right: disabled, wrong: enabled, severity: Medium,
		words: "zero touch provisioning is %s: the device asks the network what to boot", approvable: true},
}

// bootSettingOf returns what is known about a setting.
func bootSettingOf(f facts.Fact) (bootSetting, bool) {
	for _, s := range bootSettings {
		if f.Subject == s.name || strings.HasSuffix(f.Subject, " "+s.name) {
			return s, true
		}
	}
	return bootSetting{}, false
}

func checkNetworkBoot(j *judgement) []Finding {
	var found []Finding
	var evidence []facts.Fact
	look := func(f facts.Fact, bad bool, severity Severity, format string) {
		if !bad {
			evidence = append(evidence, f)
			return
		}
		found = append(found, ruled("a boot from the device", graded(severity, failed(factSubject(f), fmt.Sprintf(format, quote(f.Value)), f))))
	}
	for _, f := range j.observed.all(facts.RunningImage) {
		look(f, remote(f.Value), Critical, "the device runs an image that it booted from a server: %s")
	}
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for _, f := range j.observed.all(kind) {
			look(f, remote(f.Value), High, "the "+string(kind)+" names a file on a server: %s")
		}
	}
	for _, kind := range []facts.Kind{facts.RunningBootCommand, facts.StartupBootCommand} {
		for _, f := range j.observed.all(kind) {
			look(f, slices.ContainsFunc(strings.Fields(f.Value), networkBootWord.MatchString), High, "the "+string(kind)+" %s boots over the network")
		}
	}
	for _, f := range j.observed.all(facts.BootSetting) {
		s, known := bootSettingOf(f)
		value := strings.TrimSpace(f.Value)
		switch {
		case remote(value):
			look(f, true, High, "the "+string(facts.BootSetting)+" "+quote(f.Subject)+" names a file on a server: %s")
		case !known:
		case s.right.MatchString(value):
			look(f, false, "", "")
		case !s.wrong.MatchString(value):
			found = append(found, notAssessed(factSubject(f), facts.NotComparable,
				fmt.Sprintf("%s is %s: whether the device then boots by itself and from its own storage is not known", describe(f), quote(f.Value))))
		default:
			approved := slices.ContainsFunc(j.approved.find(f.Kind, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
			look(f, !s.approvable || !approved, s.severity, s.words)
		}
	}
	found = append(found, j.networkBootUnstated()...)
	if len(found) == 0 {
		found = j.unread(facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand, facts.StartupBootCommand, facts.BootSetting)
	}
	if len(found) > 0 {
		return found
	}
	return []Finding{ruled("a boot from the device", passed("", "what runs and what the boot list names are on the device; "+settings(evidence), evidence...))}
}

// factSubject names a fact in the subject of a finding: "boot setting manual boot".
func factSubject(f facts.Fact) string { return strings.TrimSpace(string(f.Kind) + " " + f.Subject) }

// settings says what beside images and boot lists was looked at.
func settings(evidence []facts.Fact) string {
	commands, others := 0, 0
	for _, f := range evidence {
		switch f.Kind {
		case facts.RunningBootCommand, facts.StartupBootCommand:
			commands++
		case facts.BootSetting:
			others++
		}
	}
	return count(commands, "boot command") + " and " + count(others, "boot setting") + " ask for no other boot"
}

// networkBootUnstated reports what a PASS would have to rest on and the device did not state: the running
// image, the boot lists, and what it stated when it was approved.
func (j *judgement) networkBootUnstated() []Finding {
	var found []Finding
	if len(j.observed.all(facts.RunningImage)) == 0 {
		found = append(found, j.unstated(string(facts.RunningImage), firstOr(j.approved.all(facts.RunningImage), facts.Fact{Kind: facts.RunningImage})))
	}
	lists, whole := j.observed.bootLists()
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		switch {
		case !whole:
			found = append(found, notAssessed(string(kind), facts.ParseIncomplete, "a boot list has a hole or an entry without a place: an entry may be missing"))
		case !slices.ContainsFunc(lists, func(l bootList) bool { return l.kind == kind }):
			found = append(found, j.unstated(string(kind), firstOr(j.approved.all(kind), facts.Fact{Kind: kind})))
		}
	}
	for _, kind := range []facts.Kind{facts.RunningBootCommand, facts.StartupBootCommand} {
		if _, gap := j.observed.gap(kind, "", ""); gap && !j.asked(kind) {
			found = append(found, j.unstated(string(kind), facts.Fact{Kind: kind}))
		}
	}
	anything := func(string, string) bool { return true }
	for _, kind := range []facts.Kind{facts.RunningImage, facts.BootVariable, facts.NextBootVariable} {
		for _, a := range j.deviations(kind, anything, nil).missing {
			listed := kind != facts.RunningImage && j.observed.answered(a.Command) // a shorter list; NDI-BC-04 judges that
			if !listed && len(j.observed.all(kind)) > 0 {
				found = append(found, j.unstated(factSubject(a), a))
			}
		}
	}
	decides := func(f facts.Fact) bool { _, ok := bootSettingOf(f); return ok }
	for _, a := range j.deviations(facts.BootSetting, anything, decides).missing {
		found = append(found, j.unstated(factSubject(a), a))
	}
	return found
}
