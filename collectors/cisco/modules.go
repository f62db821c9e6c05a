package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Switch Number: 2 Role: Virtual Switch Standby
	//  Switch Number:     1   Role:   Virtual Switch Active
	// Switch Number: 1
	virtualSwitch = collectors.MustCompile(`^Switch Number: *(\d+)(?: +Role: *(\S.*))?$`)

	// Chassis Type: C9410R
	// Chassis Type : WS-C4507R+E
	// Chassis type: ISR4331/K9
	chassisType = collectors.MustCompile(`^Chassis [Tt]ype *: *(\S+)`)

	// Mod Ports Card Type                              Model              Serial No.
	cardHeading = collectors.MustCompile(`^Mod +Ports +Card Type`)
	//   5    5  Supervisor Engine 2T 10GE w/ CTS (Acti VS-SUP2T-10G       SAL55555555
	cardRow = collectors.MustCompile(`^(\d+)\s+(\d+)\s+(\S.*?)\s+(\S+)\s+([A-Za-z0-9]*[0-9X][A-Za-z0-9]*|N/A|Unknown)$`)
	//   6    2  Supervisor Engine 720 (Standby)        WS-SUP720-3B
	unmarkedCardRow = collectors.MustCompile(`^(\d+)\s+(\d+)\s+(\S.*?)\s+([A-Z0-9]+(?:-[A-Z0-9+=]+)+)$`)
	// 4   0    Unknown Module
	bareCardRow = collectors.MustCompile(`^(\d+)\s+(\d+)\s+(\S.*)$`)

	// Mod MAC addresses                       Hw    Fw           Sw           Status
	//  M MAC addresses                    Hw  Fw           Sw               Status
	addressHeading = collectors.MustCompile(`^(?:Mod|M) +MAC addresses`)
	//   1  aaaa.aaaa.0000 to aaaa.aaaa.ffff   2.1   12.2(18r)S1  15.2(1)SY5   Ok
	// 4                                         17.6.1r[FC2]  17.09.03           hw-faulty
	//   2  001b.d41e.aa10 to 001b.d41e.aa3f   2.4   Unknown      Unknown      PwrDown
	addressRow = collectors.MustCompile(`^(\d+)\s+(?:[0-9A-Za-z.]{14} to [0-9A-Za-z.]{14}\s*)?(?:(\d+\.\d+)\s+)?(\S.*)$`)

	// 12.2(33)SXI6
	// BLD_POLARIS_DEV_
	versionWord = collectors.MustCompile(`[0-9_]|^(?:Unknown|N/A)$`)

	// Mod  Sub-Module                  Model              Serial       Hw     Status
	submoduleHeading = collectors.MustCompile(`^Mod +Sub-Module`)
	//   5  Policy Feature Card 4       VS-F6K-PFC4        SMD55555555  2.1    Ok
	// 4/0  2-port OC3/STM1 POS SPA     SPA-2XOC3-POS      JAB093709AB  1.0    Ok
	submoduleRow = collectors.MustCompile(`^(\d+(?:/\d+)?)\s+(\S.*?)\s+(\S+)\s+(\S+)\s+(\d+\.\d+|V\d+)\s+(\S.*)$`)

	// Mod Redundancy Role     Operating Redundancy Mode Configured Redundancy Mode
	roleHeading = collectors.MustCompile(`^Mod +Redundancy [Rr]ole`)
	//  3   Standby Supervisor  SSO                 Standby hot
	roleRow = collectors.MustCompile(`^(\d+)\s+(\S+(?: \S+)*)\s{2,}\S`)

	// Mod  Online Diag Status
	otherHeading = collectors.MustCompile(`^Mod +\S`)

	// A line that has to be a row of the table that it stands in.
	moduleRow = collectors.MustCompile(`^\d+(?:/\d+)?\s`)
)

var moduleYields = []facts.Kind{
	facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion, facts.BootLoaderVersion, facts.ComponentVersion,
	facts.ComponentState, facts.ComponentRole, facts.BaseMAC,
}

// readModules reads "show module" of modular switches: tables one after another, each with
// its heading. Values are shifted out of their columns often enough that rows are read by their words. A stack of fixed
// switches answers with the table of "show platform".
func readModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		table  string
		prefix string
		used   = map[string]int{}
		rows   int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case virtualSwitch.MatchString(text):
			m := virtualSwitch.FindStringSubmatch(text)
			prefix, table = "switch "+m[1]+" ", ""
			r.Add(n, facts.ComponentRole, "switch "+m[1], strings.TrimPrefix(m[2], "Virtual Switch "))
		case chassisType.MatchString(text):
			r.Add(n, facts.Model, strings.TrimSpace(prefix), chassisType.FindStringSubmatch(text)[1])
		case switchRow.MatchString(text):
			rows++
			addSwitch(&r, n, text)
		case cardHeading.MatchString(text):
			table = "card"
		case addressHeading.MatchString(text):
			table = "address"
		case submoduleHeading.MatchString(text):
			table = "submodule"
		case roleHeading.MatchString(text):
			table = "role"
		case otherHeading.MatchString(text), strings.HasPrefix(text, "Chassis MAC"):
			table = ""
		case table == "" || !moduleRow.MatchString(text):
		case table == "card":
			rows++
			addCard(&r, n, prefix, text)
		case table == "address":
			addAddressRow(&r, n, prefix, text)
		case table == "submodule":
			m := submoduleRow.FindStringSubmatch(text)
			if m == nil {
				r.Problem("line %d: sub-module: %.80q", n, text)
				continue
			}
			subject := numbered(prefix+"slot "+m[1]+" "+m[3], used)
			r.Add(n, facts.Component, subject, m[2])
			r.Add(n, facts.Model, subject, m[3])
			r.Add(n, facts.SerialNumber, subject, m[4])
			r.Add(n, facts.HardwareVersion, subject, m[5])
			r.Add(n, facts.ComponentState, subject, m[6])
		case table == "role":
			m := roleRow.FindStringSubmatch(text)
			if m == nil {
				r.Problem("line %d: role of a supervisor: %.80q", n, text)
				continue
			}
			r.Add(n, facts.ComponentRole, prefix+"slot "+m[1], m[2])
		}
	}
	if rows == 0 {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

func addCard(r *collectors.Reading, n int, prefix, row string) {
	m := cardRow.FindStringSubmatch(row)
	if m == nil {
		m = unmarkedCardRow.FindStringSubmatch(row)
	}
	if m == nil {
		m = bareCardRow.FindStringSubmatch(row)
	}
	if m == nil {
		r.Problem("line %d: module: %.80q", n, row)
		return
	}
	subject := prefix + "slot " + m[1]
	r.Add(n, facts.Component, subject, m[3])
	if len(m) > 4 {
		r.Add(n, facts.Model, subject, m[4])
	}
	if len(m) > 5 {
		r.Add(n, facts.SerialNumber, subject, m[5])
	}
}

// addAddressRow takes apart the columns behind the MAC addresses: firmware and software may
// both be missing, and the firmware may hold a blank: "16.8.1r [FC4]".
func addAddressRow(r *collectors.Reading, n int, prefix, row string) {
	m := addressRow.FindStringSubmatch(row)
	if m == nil {
		r.Problem("line %d: firmware and software of a module: %.80q", n, row)
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
	for versions < len(words)-1 && versionWord.MatchString(words[versions]) {
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
