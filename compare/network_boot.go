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
	Checks: `The running image, every entry of the boot lists and every boot command name a file on the device; no
		network boot mode is set; and no processor waits for somebody to boot it by hand. An approval does not
		excuse these: a device that has to boot over the network needs a waiver.`,
	Evidence: "show version (System image file), show boot, show boot system, show bootvar, the boot lines of both configurations.",
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
var networkBootWord = regexp.MustCompile(`^(?i:(?:tftp|ftp|rcp|https?|scp|sftp|mop)(?::.*)?|network|ipxe)$`)

func checkNetworkBoot(j *judgement) []Finding {
	var found []Finding
	var evidence []facts.Fact
	look := func(f facts.Fact, bad bool, severity Severity, format string) {
		if !bad {
			evidence = append(evidence, f)
			return
		}
		subject := strings.TrimSpace(string(f.Kind) + " " + f.Subject)
		found = append(found, ruled("a file on the device", graded(severity, failed(subject, fmt.Sprintf(format, quote(f.Value)), f))))
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
		value := strings.ToLower(strings.TrimSpace(f.Value))
		switch name := f.Subject; {
		case strings.HasSuffix(name, "manual boot"):
			look(f, value == "yes" || value == "enabled", High, "manual boot is %s: the processor stops and waits for somebody at the console")
		case strings.HasSuffix(name, "boot mode"):
			look(f, strings.Contains(value, "ipxe") || strings.Contains(value, "network"), High, "the boot mode is %s, a boot over the network")
		case strings.HasSuffix(name, "ipxe timeout"):
			look(f, strings.Trim(value, "0") != "", Medium, "the iPXE time-out is %s seconds instead of 0: the device tries to boot over the network")
		}
	}
	found = append(found, j.networkBootUnstated()...)
	if len(found) > 0 {
		return found
	}
	return []Finding{ruled("a file on the device", passed("", "the running image and the boot list name files on the device; "+settings(evidence), evidence...))}
}

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
		found = append(found, j.unstated("", firstOr(j.approved.all(facts.RunningImage), facts.Fact{Kind: facts.RunningImage})))
	}
	lists, whole := j.observed.bootLists()
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		if !whole || !slices.ContainsFunc(lists, func(l bootList) bool { return l.kind == kind }) {
			found = append(found, j.unstated("", firstOr(j.approved.all(kind), facts.Fact{Kind: kind})))
		}
	}
	for _, kind := range []facts.Kind{facts.RunningBootCommand, facts.StartupBootCommand} {
		if _, gap := j.observed.gap(kind, "", ""); gap && !j.asked(kind) {
			found = append(found, j.unstated("", facts.Fact{Kind: kind}))
		}
	}
	for _, kind := range []facts.Kind{facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.BootSetting} {
		for _, a := range j.deviations(kind, func(string, string) bool { return true }, isBootSetting).missing {
			listed := kind == facts.BootVariable || kind == facts.NextBootVariable
			if listed && j.observed.answered(a.Command) {
				continue // a shorter list; NDI-BC-04 judges that
			}
			if len(j.observed.all(kind)) > 0 {
				found = append(found, j.unstated(a.Subject, a))
			}
		}
	}
	return found
}

// isBootSetting leaves out the settings that say nothing about how the device boots.
func isBootSetting(f facts.Fact) bool {
	if f.Kind != facts.BootSetting {
		return true
	}
	return slices.ContainsFunc([]string{"manual boot", "boot mode", "ipxe timeout"}, func(name string) bool {
		return strings.HasSuffix(f.Subject, name)
	})
}
