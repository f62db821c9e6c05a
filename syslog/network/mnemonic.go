package network

import "strings"

// A mnemonic is what Cisco and Arista begin a message with.
//
//	%SYS-5-RELOAD: …                 %SYSMGR-STANDBY-3-SHUTDOWN_START: …
//	%INFRA-INSTALL-6-ACTION_BEGIN : …  %ASA-5-111010: …     %ASA-vpnc-5-611103: …    %IOSXEBOOT-4-flashcp: …
type mnemonic struct {
	text     string // as printed, without the percent sign
	facility string // without the suffix of a unit, or the class of an ASA
	severity byte
	name     string
	unit     string // the suffix
	rest     string // behind the colon
}

// readMnemonic reads one at the beginning of a text.
func readMnemonic(text string) (m mnemonic, ok bool) {
	p, ok := strings.CutPrefix(text, "%")
	if !ok || p == "" || p[0] < 'A' || p[0] > 'Z' {
		return m, false
	}
	// Groups of letters, then one digit, then the name.
	at := 0
	for group := 0; ; group++ {
		end := at
		for end < len(p) && mnemonicByte(p[end]) {
			end++
		}
		// "%FTD--6-852002": a class may be empty.
		if end == at && group == 0 || end == len(p) || p[end] != '-' || group > 5 || end > 80 {
			return m, false
		}
		if group > 0 && end == at+1 && p[at] >= '0' && p[at] <= '7' {
			m.facility, m.severity = p[:at-1], p[at]
			at = end + 1
			break
		}
		at = end + 1
	}
	end := at
	for end < len(p) && (mnemonicByte(p[end]) || p[end] == '-' && end > at && end+1 < len(p) && mnemonicByte(p[end+1])) {
		end++
	}
	if end == at || end-at > 80 {
		return m, false
	}
	m.name, m.text = p[at:end], p[:end]
	rest := p[end:]
	rest = strings.TrimPrefix(rest, " ")
	rest, ok = strings.CutPrefix(rest, ":")
	if !ok && !strings.HasPrefix(p[end:], " ") && p[end:] != "" {
		return m, false
	}
	m.rest = strings.TrimLeft(rest, " ")
	m.facility, m.unit = withoutUnit(strings.TrimSuffix(m.facility, "-"))
	return m, true
}

func mnemonicByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// withoutUnit parts the facility from the redundancy unit behind it: SYS-SW1, SYSMGR-STANDBY, SYS-SP-STDBY; and from the class of an ASA
// message. IOS XR's facilities have two groups, INFRA-INSTALL, which stay together.
func withoutUnit(facility string) (name, unit string) {
	name, suffix, ok := strings.Cut(facility, "-")
	if !ok {
		return facility, ""
	}
	if name == "ASA" || name == "FTD" || name == "PIX" || name == "FWSM" {
		return name, suffix
	}
	for part := range strings.SplitSeq(suffix, "-") {
		if !isUnit(part) {
			return facility, ""
		}
	}
	return name, suffix
}

func isUnit(part string) bool {
	switch part {
	case "STANDBY", "STDBY", "STBY", "SP", "RP", "SPSTBY", "LC", "CFC", "SPRP", "PRIMARY", "ACTIVE":
		return true
	}
	for _, prefix := range []string{"SW", "DFC", "SLOT", "MOD", "CFC"} {
		if digits, ok := strings.CutPrefix(part, prefix); ok && digits != "" && strings.Trim(digits, "0123456789_STBYDAN") == "" {
			return true
		}
	}
	return false
}
