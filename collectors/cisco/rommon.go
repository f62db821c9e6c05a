package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// ReadOnly ROMMON version:
	// Upgrade ROMMON version:
	rommonRegion = collectors.MustCompile(`^(ReadOnly|Upgrade) ROMMON version:`)

	// System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)
	// System Bootstrap, Version 17.12.1r, RELEASE SOFTWARE
	rommonVersion = collectors.MustCompile(`^(?:Cisco )?System Bootstrap, Version ([^,\s]+(?: \[[^\]]*\])?)`)

	// Currently running ROMMON from ReadOnly region
	rommonRunning = collectors.MustCompile(`^Currently running ROMMON from (\S+) region`)

	// ROMMON from Upgrade region is selected for next boot
	rommonNext = collectors.MustCompile(`^ROMMON from (\S+) region is selected for next boot`)

	// ROMMON variables for Active Switch
	// Rommon variables for Switch 2:
	variablesHeading = collectors.MustCompile(`^(?i:rommon variables)(?: for (.+?))?\s*:?$`)

	// BOOT = bootflash:packages.conf,1;
	// MANUAL_BOOT="no"
	variableLine = collectors.MustCompile(`^([A-Z?][A-Z0-9_]*)\s*=\s*"?(.*?)"?$`)
)

var (
	rommonYields    = []facts.Kind{facts.BootLoaderVersion, facts.BootSetting}
	variablesYields = []facts.Kind{facts.BootLoaderVariable}
)

// readRommon reads "show rom-monitor": the version of the boot loader of a processor, or of the two that routers of the ISR
// family hold, one of them in a region that can be written.
func readRommon(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject = processorOf(reply.Command)
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := rommonRegion.FindStringSubmatch(text); m != nil {
			subject = strings.ToLower(m[1]) + " rommon"
		} else if m := rommonVersion.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootLoaderVersion, subject, m[1])
		} else if m := rommonRunning.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootSetting, "running rommon region", m[1])
		} else if m := rommonNext.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootSetting, "next rommon region", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no version of a boot loader in the reply")
	}
	return r.Done()
}

// processorOf names the component that the command asks about.
//
//	show rom-monitor R0
//	show rom-monitor switch 2 R0
func processorOf(command string) string {
	words := strings.Fields(command)
	switch {
	case len(words) > 3 && words[2] == "switch":
		return "switch " + words[3]
	case len(words) > 2:
		return "slot " + words[2]
	}
	return "ROMMON"
}

// lastingVariables are the boot loader's variables that say how the device boots. The others count something, hold the time,
// or are none of our business.
var lastingVariables = map[string]bool{
	"BOOT": true, "CONFIG_FILE": true, "MANUAL_BOOT": true, "BOOT_PARAM": true, "USER_BOOT_PARAM": true, "LINUX_CMDLINE": true,
	"DEBUG_CONF": true, "TFTP_SERVER": true, "TFTP_FILE": true, "IP_ADDRESS": true, "DEFAULT_GATEWAY": true, "SWITCH_IGNORE_STARTUP_CFG": true,
	"ROMMON_AUTOBOOT_ATTEMPT": true, "RECOVERY_RELOAD_DISABLE": true, "IMAGE_UPGRADE": true, "BOOT_LOADER_UPGRADE_DISABLE": true,
	"DEVICE_MANAGED_MODE": true, "ENABLE_BREAK": true,
}

// readRommonVariables reads "show romvar".
func readRommonVariables(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		component string
		variables int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := variablesHeading.FindStringSubmatch(text); m != nil {
			component = variablesOf(m[1])
		} else if m := variableLine.FindStringSubmatch(text); m != nil {
			variables++
			// A copy that the boot loader keeps of a variable is called BP_BOOT.
			if lastingVariables[strings.TrimPrefix(m[1], "BP_")] {
				r.Add(n, facts.BootLoaderVariable, strings.TrimSpace(component+" "+m[1]), m[2])
			}
		}
	}
	if variables == 0 {
		r.Problem("no variable of the boot loader in the reply")
	}
	return r.Done()
}

// variablesOf names the component of a block: none for the active processor's own.
//
//	Active Switch
//	Switch 2
func variablesOf(heading string) string {
	words := strings.Fields(strings.ToLower(heading))
	switch {
	case len(words) == 0 || words[0] == "active":
		return ""
	case words[0] == "standby":
		return "standby"
	case len(words) > 1 && words[len(words)-2] == "switch":
		return "switch " + words[len(words)-1]
	}
	return strings.Join(words, " ")
}

// routeProcessors yields the slots of a router's route processors.
func routeProcessors(s facts.Set) []string {
	var slots []string
	for f := range s.All(facts.Model) {
		if slot, ok := strings.CutPrefix(f.Subject, "slot R"); ok && !strings.ContainsAny(slot, "/ ") {
			slots = appendNew(slots, "R"+slot)
		}
	}
	if slots == nil && s.Has(facts.RunningVersion) {
		return []string{"R0"} // the only one of a router that does not say what its slots hold
	}
	return slots
}

// stackMembers yields the numbers of the switches of a stack; none where the switch has slots instead.
func stackMembers(s facts.Set) []string {
	if !s.Has(facts.RunningVersion) {
		return nil
	}
	numbers := []string{}
	for f := range s.All(facts.ComponentVersion) {
		if number, ok := strings.CutPrefix(f.Subject, "switch "); ok && !strings.Contains(number, " ") {
			numbers = appendNew(numbers, number)
		}
	}
	return numbers
}

func appendNew(list []string, text string) []string {
	for _, t := range list {
		if t == text {
			return list
		}
	}
	return append(list, text)
}
