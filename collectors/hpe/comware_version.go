package hpe

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var comwareVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.RunningVersion, facts.ComponentVersion, facts.RunningImage, facts.ComponentImage, facts.CompileTime, facts.Model,
	facts.Uptime, facts.ReloadReason, facts.HardwareVersion, facts.BootLoaderVersion,
}

var (
	// HPE Comware Software, Version 7.1.070, Release 3507P18
	// Comware Software, Version 5.20.99, Release 2221P22
	comwareSoftware = collectors.MustCompile(`^(?:[\w ]+ )?(Comware) (?:Platform )?Software, Version (\d.*)$`)

	// HPE 5130 48G PoE+ 4SFP+ EI JG937A uptime is 22 weeks, 4 days, 1 hour, 17 minutes
	// HP A5120-48G-PoE+ EI Switch with 2 Interface Slots uptime is 36 weeks, 6 days, 21 hours, 23 minutes
	comwareModel = collectors.MustCompile(`^(?:(?:HPE?|H3C|New H3C|3Com|UNIS) )?(\S.*?) uptime is +(\S.*)$`)

	// Uptime is 22 weeks,4 days,1 hour,17 minutes
	slotUptime = collectors.MustCompile(`^Uptime is +(\S.*)$`)

	// Last reboot reason : Cold reboot
	lastReboot = collectors.MustCompile(`^Last reboot reason *: *(\S.*)$`)

	// Reboot Cause  :     ColdReboot
	rebootCause = collectors.MustCompile(`^Reboot Cause *: *(\S.*)$`)

	// Boot image: flash:/5130ei-cmw710-boot-r3507p18.bin
	// System image: flash:/5130ei-cmw710-system-r3507p18.bin
	imagePath = collectors.MustCompile(`^(Boot|System) image *: *(\S+)$`)

	// Boot image version: 7.1.070, Release 3507P18
	imageVersion = collectors.MustCompile(`^(Boot|System) image version *: *(\S.*)$`)

	//   Compiled Mar 12 2021 11:00:00
	imageCompiled = collectors.MustCompile(`^Compiled (\S.*)$`)

	//   flash:/msr3000-cmw710-security-r0707p21.bin, version: 7.1.064
	featureImage = collectors.MustCompile(`^(\S+:/\S+), version *: *(\S.*)$`)

	// Slot 1:
	// Chassis 1 Slot 0:
	// MPU(M) Slot 0:
	// Slot 0(M):
	// Chassis 1 Slot 0 CPU 0:
	slotHeading = collectors.MustCompile(`^(?i:(chassis \d+) +)?(?:[A-Z]{2,4}(?:\([MS]\))? +)?(?i:(slot \d+))(?: ?\([MS]\))?(?i: +cpu \d+)? *:?$`)

	// LPU 3:
	// MPU 0(M):
	boardSlot = collectors.MustCompile(`^(?i:(chassis \d+) +)?[A-Z]{3} (\d+)(?: ?\([MS]\))? *:$`)

	// BOARD TYPE:         5130 48G PoE+ 4SFP+ EI JG937A
	boardTypeLine = collectors.MustCompile(`^BOARD TYPE *: *(\S.*)$`)

	// Release Version:    HPE 5130 48G PoE+ 4SFP+ EI JG937A-3507P18
	// Patch Version  :    None
	slotRelease = collectors.MustCompile(`^(Release|Patch) Version *: *(\S.*)$`)

	// PCB 1 Version:      VER.A
	// Bootrom Version:    147
	// Basic    BootWare Version:  1.51
	hardwareLine = collectors.MustCompile(`^((?:[A-Za-z]\w* +){0,2}[A-Za-z]\w*(?: \d+)?) +Version *: *(\S.*)$`)

	// Hardware Version is REV.C
	// Bootrom Version is 607
	hardwareSentence = collectors.MustCompile(`^(Hardware|CPLD(?: \d+)?|Boot\s?[Rr][Oo][Mm]|BootWare|PCB(?: \d+)?) Version is (\S.*)$`)

	// [SubSlot 0] 48GE+4SFP+POE Plus Hardware Version is REV.C
	subslotSentence = collectors.MustCompile(`^\[(?i:subslot|slot) +(\d+)\] ?(\S.*?) Hardware Version is (\S+)$`)

	comwareLoader = collectors.MustCompile(`(?i)\bboot`)
)

// readComwareVersion reads "display version". The system is made of parts: the boot image and the system image; the latter is the one
// that stands for the device.
func readComwareVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		version bool
		uptime  bool
		slot    string
		part    string // the image whose lines these are: "boot", "" for the system image
		image   bool   // such lines may come
		seen    = map[string]int{}
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := comwareSoftware.FindStringSubmatch(text); m != nil {
			version = true
			r.Add(n, facts.OperatingSystem, "", m[1])
			r.Add(n, facts.RunningVersion, "", m[2])
		} else if m := slotUptime.FindStringSubmatch(text); m != nil {
			addUptime(&r, n, slot, m[1])
		} else if m := comwareModel.FindStringSubmatch(text); m != nil {
			uptime = true
			r.Add(n, facts.Model, "", m[1])
			addUptime(&r, n, "", m[2])
		} else if m := lastReboot.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ReloadReason, "", m[1])
		} else if m := rebootCause.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ReloadReason, slot, m[1])
		} else if m := imagePath.FindStringSubmatch(text); m != nil {
			image = true
			if part = ""; m[1] == "Boot" {
				part = "boot"
			} else {
				r.Add(n, facts.ComponentImage, "system image", m[2])
			}
			r.Add(n, facts.RunningImage, part, m[2])
		} else if m := imageVersion.FindStringSubmatch(text); m != nil {
			component := "system image"
			if m[1] == "Boot" {
				component = "boot"
			}
			r.Add(n, facts.ComponentVersion, component, m[2])
		} else if m := featureImage.FindStringSubmatch(text); m != nil {
			image, part = true, "feature "+m[1]
			r.Add(n, facts.ComponentVersion, part, m[2])
		} else if m := imageCompiled.FindStringSubmatch(text); m != nil && image {
			image = false
			r.Add(n, facts.CompileTime, part, m[1])
		} else if m := slotHeading.FindStringSubmatch(text); m != nil {
			slot = strings.ToLower(strings.TrimSpace(m[1] + " " + m[2]))
		} else if m := boardSlot.FindStringSubmatch(text); m != nil {
			slot = strings.ToLower(strings.TrimSpace(m[1] + " slot " + m[2]))
		} else if m := boardTypeLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Model, slot, m[1])
		} else if m := slotRelease.FindStringSubmatch(text); m != nil {
			component := slot
			if m[1] == "Patch" {
				component = strings.TrimSpace(slot + " patch")
			}
			r.Add(n, facts.ComponentVersion, component, m[2])
		} else if m := subslotSentence.FindStringSubmatch(text); m != nil {
			sub := strings.TrimSpace(slot + " subslot " + m[1])
			r.Add(n, facts.Model, sub, m[2])
			r.Add(n, facts.HardwareVersion, sub, m[3])
		} else if m := hardwareSentence.FindStringSubmatch(text); m != nil {
			addComwareHardware(&r, n, slot, m[1], m[2], seen)
		} else if m := hardwareLine.FindStringSubmatch(text); m != nil {
			addComwareHardware(&r, n, slot, m[1], m[2], seen)
		}
	}
	if !version {
		r.Problem("no version of Comware in the reply")
	}
	if !uptime {
		r.Problem("neither the model nor the uptime of the device in the reply")
	}
	return r.Done()
}

// addComwareHardware notes the version of a boot loader or of a piece of hardware, of which a board may have several of one
// name.
func addComwareHardware(r *collectors.Reading, n int, slot, name, value string, seen map[string]int) {
	subject := strings.TrimSpace(slot + " " + strings.Join(strings.Fields(name), " "))
	if comwareLoader.MatchString(name) {
		r.Add(n, facts.BootLoaderVersion, subject, value)
		return
	}
	if seen[subject]++; seen[subject] > 1 {
		subject += " #" + strconv.Itoa(seen[subject])
	}
	r.Add(n, facts.HardwareVersion, subject, value)
}

func addUptime(r *collectors.Reading, n int, subject, text string) {
	seconds, ok := collectors.Seconds(text)
	if !ok {
		r.Problem("line %d: uptime %.80q", n, text)
		return
	}
	r.Add(n, facts.Uptime, subject, seconds)
}
