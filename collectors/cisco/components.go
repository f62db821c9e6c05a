package cisco

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// NAME: "One port Fastethernet TX", DESCR: "One port Fastethernet TX"
	inventoryName = collectors.MustCompile(`^NAME: *"(.*?)" *, *DESCR: *"(.*?)"?$`)

	// PID: NM-1FE-TX=        , VID: 1.0, SN: 7720321
	inventoryPart = collectors.MustCompile(`^PID: *(.*?) *, *VID: *(.*?) *, *SN: *(\S*)`)
)

var inventoryYields = []facts.Kind{facts.Component, facts.Model, facts.HardwareVersion, facts.SerialNumber}

// readInventory reads "show inventory".
func readInventory(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r    collectors.Reading
		name string
		used = map[string]int{}
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := inventoryName.FindStringSubmatch(text); m != nil {
			name = m[1]
			if used[name]++; used[name] > 1 { // the same name for each of several equal parts
				name += " #" + strconv.Itoa(used[m[1]])
			}
			description := m[2]
			if description == "" {
				description = m[1]
			}
			r.Add(n, facts.Component, name, description)
		} else if m := inventoryPart.FindStringSubmatch(text); m != nil {
			if name == "" {
				r.Problem("line %d: a part before its name", n)
				continue
			}
			r.Add(n, facts.Model, name, m[1])
			r.Add(n, facts.HardwareVersion, name, m[2])
			r.Add(n, facts.SerialNumber, name, m[3])
			name = ""
		}
	}
	if r.Empty() {
		r.Problem("no part in the reply")
	}
	return r.Done()
}

var (
	// Switch Number: 2 Role: Virtual Switch Standby
	virtualSwitch = collectors.MustCompile(`^Switch Number: *(\d+) +Role: *(\S.*)$`)

	// Chassis Type: C9410R
	// Chassis type: ISR4331/K9
	chassisType = collectors.MustCompile(`^Chassis [Tt]ype *: *(\S+)`)

	// Mod Ports Card Type                              Model              Serial No.
	cardHeading = collectors.MustCompile(`^Mod +Ports +Card Type`)
	//   5    5  Supervisor Engine 2T 10GE w/ CTS (Acti VS-SUP2T-10G       SAL55555555
	cardRow = collectors.MustCompile(`^\s*(\d+)\s+(\d+)\s+(\S.*?)\s+(\S+)\s+([A-Za-z0-9-]*[0-9X][A-Za-z0-9-]*)$`)
	// 4   0    Unknown Module
	bareCardRow = collectors.MustCompile(`^\s*(\d+)\s+(\d+)\s+(\S.*)$`)

	// Mod MAC addresses                       Hw    Fw           Sw           Status
	//  M MAC addresses                    Hw  Fw           Sw               Status
	addressHeading = collectors.MustCompile(`^(?:Mod|M) +MAC addresses`)
	//   1  aaaa.aaaa.0000 to aaaa.aaaa.ffff   2.1   12.2(18r)S1  15.2(1)SY5   Ok
	// 4                                         17.6.1r[FC2]  17.09.03           hw-faulty
	addressRow = collectors.MustCompile(`^\s*(\d+)\s+(?:[0-9A-Fa-f.]{14} to [0-9A-Fa-f.]{14}\s*)?(?:(\d+\.\d+)\s+)?(\S.*)$`)

	// Mod  Sub-Module                  Model              Serial       Hw     Status
	submoduleHeading = collectors.MustCompile(`^Mod +Sub-Module`)
	//   5  Policy Feature Card 4       VS-F6K-PFC4        SMD55555555  2.1    Ok
	submoduleRow = collectors.MustCompile(`^\s*(\d+)\s+(\S.*?)\s+(\S+)\s+(\S+)\s+(\d+\.\d+)\s+(\S.*)$`)

	// Mod Redundancy Role     Operating Redundancy Mode Configured Redundancy Mode
	roleHeading = collectors.MustCompile(`^Mod +Redundancy [Rr]ole`)
	//  3   Standby Supervisor  SSO                 Standby hot
	roleRow = collectors.MustCompile(`^\s*(\d+)\s+(\S+(?: \S+)*)\s{2,}\S`)

	// Mod  Online Diag Status
	otherHeading = collectors.MustCompile(`^Mod +\S`)
)

var moduleYields = []facts.Kind{
	facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.BootLoaderVersion, facts.ComponentVersion,
	facts.ComponentState, facts.ComponentRole,
}

// readModules reads "show module" of modular switches: tables one after another, each with
// its heading. Values are shifted out of their columns often enough that rows are read by their words.
func readModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		table   string
		prefix  string
		numbers = map[string]bool{}
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
			continue
		case virtualSwitch.MatchString(text):
			m := virtualSwitch.FindStringSubmatch(text)
			prefix = "switch " + m[1] + " "
			r.Add(n, facts.ComponentRole, "switch "+m[1], strings.TrimPrefix(m[2], "Virtual Switch "))
			continue
		case chassisType.MatchString(text):
			r.Add(n, facts.Model, strings.TrimSpace(prefix), chassisType.FindStringSubmatch(text)[1])
			continue
		case cardHeading.MatchString(text):
			table = "card"
			continue
		case addressHeading.MatchString(text):
			table = "address"
			continue
		case submoduleHeading.MatchString(text):
			table = "submodule"
			continue
		case roleHeading.MatchString(text):
			table = "role"
			continue
		case otherHeading.MatchString(text), strings.HasPrefix(text, "Chassis MAC"):
			table = ""
			continue
		}
		switch table {
		case "card":
			addCard(&r, n, prefix, line, numbers)
		case "address":
			addAddressRow(&r, n, prefix, line)
		case "submodule":
			if m := submoduleRow.FindStringSubmatch(line); m != nil {
				subject := prefix + "slot " + m[1] + " " + m[3]
				r.Add(n, facts.Component, subject, m[2])
				r.Add(n, facts.Model, subject, m[3])
				r.Add(n, facts.SerialNumber, subject, m[4])
				r.Add(n, facts.HardwareVersion, subject, m[5])
				r.Add(n, facts.ComponentState, subject, m[6])
			}
		case "role":
			if m := roleRow.FindStringSubmatch(line); m != nil {
				r.Add(n, facts.ComponentRole, prefix+"slot "+m[1], m[2])
			}
		}
	}
	if len(numbers) == 0 {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

func addCard(r *collectors.Reading, n int, prefix, line string, numbers map[string]bool) {
	m := cardRow.FindStringSubmatch(line)
	if m == nil {
		if m = bareCardRow.FindStringSubmatch(line); m == nil {
			return
		}
		numbers[prefix+m[1]] = true
		r.Add(n, facts.Component, prefix+"slot "+m[1], m[3])
		return
	}
	subject := prefix + "slot " + m[1]
	numbers[prefix+m[1]] = true
	r.Add(n, facts.Component, subject, m[3])
	r.Add(n, facts.Model, subject, m[4])
	r.Add(n, facts.SerialNumber, subject, m[5])
}

// addAddressRow takes apart the columns behind the MAC addresses: firmware and software may
// both be missing, and the firmware may hold a blank: "16.8.1r [FC4]".
func addAddressRow(r *collectors.Reading, n int, prefix, line string) {
	m := addressRow.FindStringSubmatch(line)
	if m == nil {
		return
	}
	subject := prefix + "slot " + m[1]
	r.Add(n, facts.HardwareVersion, subject, m[2])
	var words []string
	for _, w := range strings.Fields(m[3]) {
		if len(words) > 0 && strings.HasPrefix(w, "[") {
			words[len(words)-1] += " " + w
			continue
		}
		words = append(words, w)
	}
	versions := 0
	for versions < len(words) && words[versions][0] >= '0' && words[versions][0] <= '9' {
		versions++
	}
	if versions == 2 {
		r.Add(n, facts.BootLoaderVersion, subject, words[0])
		r.Add(n, facts.ComponentVersion, subject, words[1])
	} else if versions != 0 {
		r.Problem("line %d: firmware or software of %s: %.80q", n, subject, m[3])
	}
	r.Add(n, facts.ComponentState, subject, strings.Join(words[versions:], " "))
}

var (
	// Switch  Ports    Model                Serial No.   MAC address     Hw Ver.       Sw Ver.
	//  1       65     C9300-48P             J111111111a  f000.f000.f000  V03           16.12.4
	switchRow = collectors.MustCompile(`^\s*\*?\s*(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+([0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4})\s+(\S+)\s+(\S+)$`)

	// Slot      Type                State                 Insert time (ago)
	slotHeading = collectors.MustCompile(`^(?:Switch +)?Slot +Type +State`)
	// 0         ASR1000-SIP40       ok                    18w0d
	// R0        ASR1000-RP2         ok, active            18w0d
	// P1        Unknown             ps, fail              never
	slotRow = collectors.MustCompile(`^\s*([0-9A-Z]+\d*(?:/\d+)*)\s+(\S+)\s+([a-z]\S*.*?)\s+(\S+)$`)

	// Slot      CPLD Version        Firmware Version
	firmwareHeading = collectors.MustCompile(`^(?:Switch +)?Slot +CPLD Version +Firmware Version`)
	// R0        10021901            16.2(1r)
	// 1         16082701            16.8.1r [FC4]
	firmwareRow = collectors.MustCompile(`^\s*([0-9A-Z]+\d*(?:/\d+)*)\s+(\S+)\s+(\S+(?: \[[^\]]*\])?)$`)
)

var platformYields = []facts.Kind{
	facts.Model, facts.SerialNumber, facts.BaseMAC, facts.HardwareVersion, facts.ComponentVersion, facts.ComponentState, facts.BootLoaderVersion,
}

// readPlatform reads "show platform": the members of a stack, or the slots of a router.
func readPlatform(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case chassisType.MatchString(text):
			r.Add(n, facts.Model, "", chassisType.FindStringSubmatch(text)[1])
		case slotHeading.MatchString(text):
			table = "slot"
		case firmwareHeading.MatchString(text):
			table = "firmware"
		case switchRow.MatchString(line):
			m := switchRow.FindStringSubmatch(line)
			subject := "switch " + m[1]
			r.Add(n, facts.Model, subject, m[2])
			r.Add(n, facts.SerialNumber, subject, m[3])
			r.Add(n, facts.BaseMAC, subject, m[4])
			r.Add(n, facts.HardwareVersion, subject, m[5])
			r.Add(n, facts.ComponentVersion, subject, m[6])
		case table == "slot":
			if m := slotRow.FindStringSubmatch(line); m != nil {
				r.Add(n, facts.Model, "slot "+m[1], m[2])
				r.Add(n, facts.ComponentState, "slot "+m[1], m[3])
			}
		case table == "firmware":
			if m := firmwareRow.FindStringSubmatch(line); m != nil {
				r.Add(n, facts.HardwareVersion, "slot "+m[1], "CPLD "+m[2])
				r.Add(n, facts.BootLoaderVersion, "slot "+m[1], m[3])
			}
		}
	}
	if r.Empty() {
		r.Problem("no slot and no member in the reply")
	}
	return r.Done()
}

var (
	// Slot: R0, ASR1000-RP1
	// Sub-slot: R0/0,
	diagSlot = collectors.MustCompile(`^(?:Sub-slot|Slot): *([^\s,]+), *(\S*)`)

	//   Firmware version            : 12.2(33r)XNB
	diagField = collectors.MustCompile(`^([A-Z][A-Za-z ]*?) *: +(\S.*)$`)
)

// readPlatformDiag reads "show platform diag".
func readPlatformDiag(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := chassisType.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Model, "", m[1])
		} else if m := diagSlot.FindStringSubmatch(text); m != nil {
			subject = "slot " + m[1]
			r.Add(n, facts.Model, subject, m[2])
		} else if m := diagField.FindStringSubmatch(text); m != nil && subject != "" {
			switch m[1] {
			case "Running state", "State", "Operational status":
				r.Add(n, facts.ComponentState, subject, m[2])
			case "CPLD version":
				r.Add(n, facts.HardwareVersion, subject, "CPLD "+m[2])
			case "Firmware version":
				r.Add(n, facts.BootLoaderVersion, subject, m[2])
			}
		}
	}
	if r.Empty() {
		r.Problem("no slot in the reply")
	}
	return r.Done()
}

var (
	// *1       Active   04bd.9715.5140     5      V02     Ready
	//  2       Member   0000.0000.0000     0              Unprovisioned
	stackRow = collectors.MustCompile(`^\s*\*?\s*(\d+)\s+(\S+)\s+([0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4})\s+(\d+)\s+(?:(V?\d\S*)\s+)?([A-Za-z].*)$`)
)

var stackYields = []facts.Kind{facts.ComponentRole, facts.BaseMAC, facts.ComponentPriority, facts.HardwareVersion, facts.ComponentState}

// readStack reads "show switch detail" and "show switch".
func readStack(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := stackRow.FindStringSubmatch(line); m != nil {
			subject := "switch " + m[1]
			r.Add(n, facts.ComponentRole, subject, m[2])
			r.Add(n, facts.BaseMAC, subject, m[3])
			r.Add(n, facts.ComponentPriority, subject, m[4])
			r.Add(n, facts.HardwareVersion, subject, m[5])
			r.Add(n, facts.ComponentState, subject, m[6])
		}
	}
	if r.Empty() {
		r.Problem("no stack member in the reply")
	}
	return r.Done()
}

var (
	// Local switch number          : 1
	localSwitch = collectors.MustCompile(`^Local switch number *: *(\d+)`)
	// Local switch operational role: Virtual Switch Active
	localRole = collectors.MustCompile(`^Local switch operational role *: *(\S.*)$`)
	// Switch mode                  : Virtual Switch
	switchMode = collectors.MustCompile(`^Switch mode *: *(\S.*)$`)
	// Virtual switch domain number : 100
	switchDomain = collectors.MustCompile(`^Virtual switch domain number *: *(\d+)`)
)

// readVirtualSwitch reads "show switch virtual" of two chassis that act as one.
func readVirtualSwitch(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := switchMode.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Redundancy, "switch mode", m[1])
		} else if m := switchDomain.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Redundancy, "virtual switch domain", m[1])
		} else if m := localSwitch.FindStringSubmatch(text); m != nil {
			subject = "switch " + m[1]
		} else if m := localRole.FindStringSubmatch(text); m != nil && subject != "" {
			r.Add(n, facts.ComponentRole, subject, strings.TrimPrefix(m[1], "Virtual Switch "))
		}
	}
	if r.Empty() {
		r.Problem("no switch mode in the reply")
	}
	return r.Done()
}
