package cisco

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// BOOT variable = bootflash:packages.conf,12;flash:b.bin,12;
	// BOOT path-list      : flash:c3750e-ipbasek9-mz.150-2.SE11.bin
	// Standby BOOT variable = bootflash:packages.conf,1;
	// BOOT variable does not exist
	bootLine = collectors.MustCompile(`^(Standby )?BOOT (?:variable|path-list)\s*(?:[=:]\s*(.*)|(does not exist).*)$`)

	// What a narrow terminal left of a boot list for the next line.
	// 4.bin,12;bootflash:old.bin,12;
	bootRest = collectors.MustCompile(`^[^\s=]*[.,;/:][^\s=]*$`)

	// CONFIG_FILE variable = flash:alternative.cfg
	// Config file         : flash:/config.text
	// Private Config file : flash:/private-config.text
	configFileLine = collectors.MustCompile(`^(Standby )?(?:(Private )?Config file|(?:Current )?CONFIG_FILE variable)\s*[=:]\s*(\S*)$`)

	// Configuration register is 0x2102 (will be 0x2142 at next reload)
	// Standby Configuration register is 0x2102
	// Configuration Register is 0x102
	bootRegister = collectors.MustCompile(`^(Standby )?Configuration [Rr]egister is (0x[0-9A-Fa-f]+)(?: \(will be (0x[0-9A-Fa-f]+) at next reload\))?`)

	// Manual Boot         : no
	// MANUAL_BOOT variable = no
	// Enable Break = yes
	// Boot Mode = DEVICE
	// iPXE Timeout = 0
	settingLine = collectors.MustCompile(`^(Standby )?([A-Za-z][A-Za-z_ -]*?)(?: variable)?\s*[=:]\s*(.*)$`)

	// Config Download
	//        via DHCP:       disabled (next boot: disabled)
	dhcpLine = collectors.MustCompile(`^via DHCP:\s*(\S.*)$`)

	// Current Boot Variables:
	// Boot Variables on next reload:
	currentHeading = collectors.MustCompile(`^Current Boot Variables`)
	nextHeading    = collectors.MustCompile(`^Boot Variables on next reload`)

	// Switch 1
	switchHeading = collectors.MustCompile(`^[Ss]witch 0*(\d+):?$`)
)

// settings maps the spellings of the releases to one name each. What is not here says
// nothing about the boot.
var settings = map[string]string{
	"manual boot": "manual boot", "manual_boot": "manual boot",
	"enable break": "enable break", "enable_break": "enable break",
	"boot mode": "boot mode", "bootmode": "boot mode",
	"ipxe timeout": "ipxe timeout", "ipxe_timeout": "ipxe timeout",
	"allow dev key":    "allow dev key",
	"helper path-list": "helper path-list", "helper": "helper path-list",
	"auto upgrade": "auto upgrade", "auto upgrade path": "auto upgrade path",
	"boot optimization": "boot optimization",
	"bootldr":           "bootldr",
}

var bootYields = []facts.Kind{
	facts.BootVariable, facts.NextBootVariable, facts.BootSetting, facts.StartupSource, facts.ConfigRegister, facts.NextConfigRegister,
}

// narrowTerminal is the length from which a line may have been broken in two.
const narrowTerminal = 79

// readBoot reads "show bootvar", "show boot" and "show boot system".
//
// Where the output does not tell now from next reload, the one BOOT variable is both. Values
// of a stack's other members and of a standby supervisor stand under their own component: the block before the
// first heading is the device's own, as is that of the only heading where no block comes before it.
func readBoot(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		component string
		when      = []facts.Kind{facts.BootVariable, facts.NextBootVariable}
		lists     int
		alone     = standsAlone(reply)
		list      struct { // a boot list that may go on in the next line
			text, standby string
			line          int
		}
	)
	of := func(standby string) string {
		if standby != "" {
			return "standby"
		}
		return component
	}
	endList := func() {
		if list.line != 0 {
			for _, kind := range when {
				addBootList(&r, list.line, kind, of(list.standby), list.text)
			}
		}
		list.line = 0
	}
	broken := false
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		goesOn := broken
		broken = false
		if goesOn && bootRest.MatchString(text) && len(list.text) < longestBootList {
			list.text += text
			broken = len(line) >= narrowTerminal
			continue
		}
		endList()
		if m := switchHeading.FindStringSubmatch(text); m != nil {
			component = "switch " + m[1]
			if alone {
				component = ""
			}
			when = []facts.Kind{facts.BootVariable, facts.NextBootVariable}
		} else if currentHeading.MatchString(text) {
			when = []facts.Kind{facts.BootVariable}
		} else if nextHeading.MatchString(text) {
			when = []facts.Kind{facts.NextBootVariable}
		} else if m := bootLine.FindStringSubmatch(text); m != nil {
			lists++
			list.text, list.standby, list.line = m[2], m[1], n
			broken = len(line) >= narrowTerminal && !strings.HasSuffix(text, ";")
		} else if m := configFileLine.FindStringSubmatch(text); m != nil {
			subject := strings.TrimSpace(of(m[1]) + " " + strings.ToLower(strings.TrimSpace(m[2])))
			r.Add(n, facts.StartupSource, subject, m[3])
		} else if m := bootRegister.FindStringSubmatch(text); m != nil {
			addRegister(&r, n, of(m[1]), m[1:])
		} else if m := dhcpLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootSetting, strings.TrimSpace(component+" config download via dhcp"), m[1])
		} else if m := settingLine.FindStringSubmatch(text); m != nil {
			// The settings stand once, with the boot list of the next reload.
			if name, ok := settings[strings.ToLower(m[2])]; ok && slices.Contains(when, facts.NextBootVariable) {
				r.Add(n, facts.BootSetting, strings.TrimSpace(of(m[1])+" "+name), m[3])
			}
		}
	}
	endList()
	if lists == 0 {
		r.Problem("no BOOT variable in the reply")
	}
	return r.Done()
}

// longestBootList bounds how much of a broken boot list is put together again.
const longestBootList = 4096

// standsAlone reports whether the reply has one switch heading, with no boot list before it.
func standsAlone(reply collectors.Reply) bool {
	headings, before := 0, false
	for _, line := range reply.Lines() {
		switch text := strings.TrimSpace(line); {
		case switchHeading.MatchString(text):
			headings++
		case headings == 0 && bootLine.MatchString(text):
			before = true
		}
	}
	return headings == 1 && !before
}

// addBootList takes a boot list apart. A variable that is empty or does not exist is a statement of
// its own: the device will boot what it finds first.
func addBootList(r *collectors.Reading, n int, kind facts.Kind, component, list string) {
	entries := bootList(list)
	if len(entries) == 0 {
		r.Add(n, facts.BootSetting, strings.TrimSpace(component+" "+string(kind)), "does not exist")
	}
	for i, entry := range entries {
		r.Add(n, kind, facts.Place(component, i+1), entry)
	}
}

// retrySuffix is the count behind an entry of the boot list.
//
//	flash:a.bin,12
var retrySuffix = collectors.MustCompile(`,\d+$`)

func bootList(list string) []string {
	var entries []string
	for entry := range strings.SplitSeq(list, ";") {
		if entry = retrySuffix.ReplaceAllString(strings.TrimSpace(entry), ""); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}

// readBootCommands reads the boot lines of a configuration: "show running-config | include ^boot" and its
// startup twin.
//
//	boot-start-marker
//	boot system flash:packages.conf
//	boot-end-marker
func readBootCommands(kind facts.Kind) func(collectors.Reply) ([]facts.Fact, error) {
	return func(reply collectors.Reply) ([]facts.Fact, error) {
		var r collectors.Reading
		position := 0
		for n, line := range reply.Lines() {
			switch text := strings.TrimSpace(line); {
			case strings.HasPrefix(text, "boot "):
				position++
				r.Add(n, kind, facts.Place("", position), text)
			case configurationAbsent.MatchString(text):
				r.Problem("line %d: %q", n, text)
			}
		}
		return r.Done()
	}
}

// configurationAbsent is what the device says of a startup configuration that is not there.
//
//	startup-config is not present
//	%% Non-volatile configuration memory invalid or not present
var configurationAbsent = collectors.MustCompile(`(?i)startup-config is not present|configuration memory.*(?:invalid|not present|not set up)`)
