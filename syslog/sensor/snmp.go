package sensor

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// traps names the traps that tell of an image or a boot, by the numbers that a collector without MIBs prints.
var traps = map[string]string{
	"1.3.6.1.6.3.1.1.5.1": "coldStart", "1.3.6.1.6.3.1.1.5.2": "warmStart", "1.3.6.1.6.3.1.1.5.3": "linkDown", "1.3.6.1.6.3.1.1.5.4": "linkUp",
	"1.3.6.1.6.3.1.1.5.5":        "authenticationFailure",
	"1.3.6.1.4.1.9.9.10.1.3.0.1": "ciscoFlashCopyCompletionTrap",
	"1.3.6.1.4.1.9.9.10.1.3.0.2": "ciscoFlashPartitioningCompletionTrap",
	"1.3.6.1.4.1.9.9.10.1.3.0.3": "ciscoFlashMiscOpCompletionTrap",
	"1.3.6.1.4.1.9.9.10.1.3.0.4": "ciscoFlashDeviceChangeTrap",
	"1.3.6.1.4.1.9.9.43.2.0.1":   "ciscoConfigManEvent",
	"1.3.6.1.4.1.9.9.43.2.0.2":   "ccmCLIRunningConfigChanged",
	"1.3.6.1.4.1.9.9.96.2.1.1":   "ccCopyCompletion",
	"1.3.6.1.2.1.47.2.0.1":       "entConfigChange",
	"1.3.6.1.4.1.9.0.0":          "reload",
}

// variables says under which name a value of a trap is kept, by its name and by its number.
var variables = []struct{ name, number, field string }{
	{"sysUpTimeInstance", "1.3.6.1.2.1.1.3.0", Uptime}, {"sysUpTime.0", "1.3.6.1.2.1.1.3.0", Uptime},
	{"ciscoFlashCopyStatus", "1.3.6.1.4.1.9.9.10.1.2.1.1.8.", alerts.Result},
	{"ciscoFlashCopySourceName", "1.3.6.1.4.1.9.9.10.1.2.1.1.5.", alerts.File},
	{"ciscoFlashCopyServerAddress", "1.3.6.1.4.1.9.9.10.1.2.1.1.4.", alerts.Server},
	{"ccmHistoryEventConfigSource", "1.3.6.1.4.1.9.9.43.1.1.6.1.4.", "config_source"},
	{"ccmHistoryEventConfigDestination", "1.3.6.1.4.1.9.9.43.1.1.6.1.5.", "config_destination"},
	{"ccmHistoryEventCommandSource", "1.3.6.1.4.1.9.9.43.1.1.6.1.3.", "command_source_kind"},
	{"ccmHistoryEventTerminalUser", "1.3.6.1.4.1.9.9.43.1.1.6.1.8.", alerts.User},
}

// readTrap reads a trap as Net-SNMP's snmptrapd prints it, in a file or to syslog. The community string is a password, and goes.
//
//	2026-11-22 01:04:57 core1 [UDP: [10.0.0.1]:52344->[10.0.0.2]:162]:
//	DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29⇥SNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-MIB::coldStart
//	2026-11-22 01:04:57 10.0.0.1(via UDP: [10.0.0.1]:161->[10.0.0.2]:162) TRAP, SNMP v1, community public
//	⇥SNMPv2-SMI::enterprises.9.1.516 Cold Start Trap (0) Uptime: 0:00:12.34
func readTrap(text string, r *alerts.Record) bool {
	agent := ""
	if at := strings.Index(text, "UDP: ["); at >= 0 {
		agent, _, _ = strings.Cut(text[at+len("UDP: ["):], "]")
	}
	name, version1 := "", false
	for _, oid := range []string{"snmpTrapOID.0 = ", ".1.3.6.1.6.3.1.1.4.1.0 = ", "iso.3.6.1.6.3.1.1.4.1.0 = "} {
		if _, rest, found := strings.Cut(text, oid); found {
			rest = strings.TrimPrefix(rest, "OID: ")
			if end := strings.IndexAny(rest, "\t ,\n"); end >= 0 {
				rest = rest[:end]
			}
			name = trapName(rest)
		}
	}
	if name == "" {
		for _, generic := range []struct{ words, name string }{{"Cold Start Trap (0)", "coldStart"}, {"Warm Start Trap (1)", "warmStart"},
			{"Link Down Trap (2)", "linkDown"}, {"Link Up Trap (3)", "linkUp"}, {"Authentication Failure Trap (4)", "authenticationFailure"}} {
			if name == "" && strings.Contains(text, generic.words) {
				name, version1 = generic.name, true
			}
		}
		if before, rest, found := strings.Cut(text, " Enterprise Specific Trap ("); found && name == "" {
			number, _, _ := strings.Cut(rest, ")")
			name, version1 = trapName(before[strings.LastIndexAny(before, "\t\n ")+1:]+".0."+number), true
			if strings.HasSuffix(before, "enterprises.9") || strings.HasSuffix(before, "1.3.6.1.4.1.9") {
				name = map[string]string{"0": "reload", "1": "tcpConnectionClose"}[number]
			}
		}
	}
	head := strings.Contains(text, " TRAP, SNMP v") || strings.Contains(text, " TRAP2, SNMP v")
	if name == "" && (agent == "" || !head && !strings.HasSuffix(strings.TrimSpace(text), "]:")) {
		return false
	}
	kind := "trap"
	if name == "" {
		kind = "trap-head" // what the trap is, the next line says
	}
	begin(r, "snmptrap", kind)
	set(r, alerts.Name, name)
	firstHost(r, agent)
	if len(text) > 19 {
		if at, err := time.Parse("2006-01-02 15:04:05", text[:19]); err == nil && r.Time.IsZero() {
			envelope.SetTime(r, at)
		}
	}
	if before, community, found := strings.Cut(text, "community "); found {
		end := strings.IndexAny(community, " \t\n")
		if end < 0 {
			end = len(community)
		}
		r.Raw = strings.Replace(r.Raw, "community "+community[:end], "community ***", 1)
		text = before + "community ***" + community[end:]
	}
	set(r, alerts.Message, text)
	if version1 {
		if _, uptime, found := strings.Cut(text, "Uptime: "); found {
			end := strings.IndexAny(uptime, "\t\n")
			if end < 0 {
				end = len(uptime)
			}
			set(r, Uptime, uptime[:end])
		}
	}
	for _, v := range variables {
		if value, ok := variable(text, v.name, v.number); ok {
			set(r, v.field, value)
		}
	}
	return true
}

// trapName is the short name of a trap: what follows the MIB's name, or what its numbers stand for.
func trapName(oid string) string {
	oid = strings.TrimSuffix(strings.TrimSpace(oid), ":")
	if at := strings.LastIndex(oid, "::"); at >= 0 {
		oid = oid[at+2:]
		if rest, is := strings.CutPrefix(oid, "enterprises."); is {
			oid = "1.3.6.1.4.1." + rest
		}
	}
	oid = strings.TrimPrefix(strings.Replace(oid, "iso.", "1.", 1), ".")
	if name, known := traps[oid]; known {
		return name
	}
	return oid
}

// variable is a value of a trap, without the type before it.
//
//	CISCO-FLASH-MIB::ciscoFlashCopyStatus.1 = INTEGER: copyOperationSuccess(2)
//	DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (29) 0:00:00.29
func variable(text, name, number string) (string, bool) {
	at := strings.Index(text, "::"+name)
	spellings := []string{"." + number, "iso." + number[len("1."):]}
	if below, is := strings.CutPrefix(number, "1.3.6.1.4.1."); is {
		spellings = append(spellings, "enterprises."+below)
	}
	for i := 0; at < 0 && i < len(spellings); i++ {
		at = strings.Index(text, spellings[i])
	}
	if at < 0 {
		return "", false
	}
	_, rest, found := strings.Cut(text[at:], " = ")
	if !found {
		return "", false
	}
	for _, end := range []string{"\t", "\n", ", SNMPv2", ", CISCO", ", .1.3", ", iso.", ", DISMAN"} {
		rest, _, _ = strings.Cut(rest, end)
	}
	if kind, value, typed := strings.Cut(rest, ": "); typed && !strings.ContainsAny(kind, " \"") {
		rest = value
	}
	if ticks, _, is := strings.Cut(strings.TrimPrefix(rest, "("), ") "); is && strings.HasPrefix(rest, "(") {
		return ticks, true
	}
	return strings.Trim(rest, `" `), true
}
