package network

import (
	"strings"

	"trueboot/alerts"
)

// readCisco reads what begins with a mnemonic: all of Cisco's systems, and Arista's.
func readCisco(text string, r *alerts.Record) bool {
	p := text
	// NX-OS: "%$ VDC-1 %$ %PLATFORM-2-PFM_SYSTEM_RESET: …"
	if after, ok := strings.CutPrefix(p, "%$ "); ok {
		if vdc, rest, ok := strings.Cut(after, " %$ "); ok && len(vdc) < 32 {
			r.Fields.Add(alerts.Unit, vdc)
			r.Platform = "cisco_nxos"
			p = strings.TrimLeft(rest, " ")
		}
	}
	m, ok := readMnemonic(strings.TrimPrefix(p, "%%")) // a console may double the sign
	if !ok {
		m, ok = readMnemonic(p)
	}
	if !ok && !r.Fields.Has(alerts.Process) {
		m, ok = behind(p) // a header that is not known stands before it
	}
	if !ok {
		return false
	}
	m, r.Fields = unwrap(m, r.Fields)
	r.Format = "cisco"
	r.Fields.Add(alerts.Mnemonic, m.text)
	r.Fields.Add(alerts.Facility, m.facility)
	r.Fields.Add(alerts.Name, m.name)
	if m.unit != "" {
		r.Fields.Add(alerts.Unit, m.unit)
	}
	switch m.facility {
	case "ASA", "FTD", "PIX", "FWSM":
		r.Fields.Add(alerts.EventID, m.name)
		r.Platform = "cisco_asa"
		r.Fields.Add(alerts.Message, m.rest)
		asaCommand(m, r)
		return true
	}
	message := part(m.rest, r)
	if r.Platform == "" && strings.Contains(m.facility, "-") || strings.HasPrefix(r.Fields.Get(alerts.Unit), "RP/") {
		r.Platform = "cisco_iosxr"
	}
	r.Fields.Add(alerts.Message, message)
	typed(m, message, r)
	return true
}

// longestHeader is how far into a line a message is looked for.
const longestHeader = 160

// behind looks for a mnemonic behind a header of an unknown shape. A header has no prose in it: a sign that stands behind a sentence is
// part of what somebody wrote.
func behind(text string) (m mnemonic, ok bool) {
	at := strings.Index(text[:min(len(text), longestHeader)], "%")
	if at <= 0 || text[at-1] != ' ' && text[at-1] != ':' || strings.ContainsAny(text[:at], `"'`) || strings.Count(strings.TrimSpace(text[:at]), " ") > 5 {
		return m, false
	}
	return readMnemonic(text[at:])
}

// unwrap takes a message out of the one that carries it.
//
//	%IOSXE-5-PLATFORM: Switch 1 R0/0: Jul 23 14:19:10 install_engine.sh: %INSTALL-5-INSTALL_START_INFO: Started …
//	%USER-2-SYSTEM_MSG: <<%USBHSD-2-MOUNT>> logflash: online  - usbhsd
//
// Only messages that are known to carry others are looked into: anybody may write a mnemonic into a name.
func unwrap(m mnemonic, fields alerts.Fields) (mnemonic, alerts.Fields) {
	switch {
	case m.facility == "IOSXE" && m.name == "PLATFORM", m.facility == "IOSXE_INFRA", m.facility == "CMRP", m.facility == "IOSD_INFRA":
		at := strings.Index(m.rest, "%")
		if at < 0 {
			return m, fields
		}
		inner, ok := readMnemonic(m.rest[at:])
		if !ok {
			return m, fields
		}
		var r alerts.Record
		before := strings.TrimRight(m.rest[:at], " ")
		part(before+" ", &r)
		return inner, append(fields, r.Fields...)
	case m.name == "SYSTEM_MSG":
		rest, ok := strings.CutPrefix(m.rest, "<<")
		if !ok {
			return m, fields
		}
		name, rest, ok := strings.Cut(rest, ">>")
		if !ok {
			return m, fields
		}
		if inner, ok := readMnemonic(name); ok {
			inner.rest = strings.TrimLeft(rest, " ")
			return inner, fields
		}
	}
	return m, fields
}

// part takes the slot and the process off that IOS XE puts before its message.
//
//	Switch 1 R0/0: install_engine: Started install one-shot …
//	R0/0: pvp: Process manager is exiting: …        (local/local): Starting boot preupgrade
func part(text string, r *alerts.Record) string {
	unit, rest, ok := strings.Cut(text, ": ")
	if !ok || len(unit) > 32 {
		return text
	}
	switch {
	case strings.HasPrefix(unit, "(") && strings.HasSuffix(unit, ")"):
		r.Fields.Add(alerts.Unit, unit)
		return strings.TrimLeft(rest, " ")
	case slotLike(unit):
		r.Fields.Add(alerts.Unit, unit)
	default:
		return text
	}
	rest = strings.TrimLeft(rest, " ")
	if process, message, ok := strings.Cut(rest, ": "); ok && process != "" && len(process) <= 32 && strings.IndexFunc(process, notProcess) < 0 {
		r.Fields.Add(alerts.Process, process)
		return strings.TrimLeft(message, " ")
	}
	return rest
}

// slotLike matches "R0/0", "Switch 1 R0/0", "SIP0/1", "F0/0".
func slotLike(unit string) bool {
	if after, ok := strings.CutPrefix(unit, "Switch "); ok {
		_, after, ok = strings.Cut(after, " ")
		if !ok {
			return false
		}
		unit = after
	}
	letters := 0
	for letters < len(unit) && unit[letters] >= 'A' && unit[letters] <= 'Z' {
		letters++
	}
	return letters > 0 && letters <= 4 && strings.Contains(unit, "/") && strings.Trim(unit[letters:], "0123456789/") == ""
}

func notProcess(c rune) bool {
	return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-'
}

// typed takes out what somebody typed, and who did something where.
func typed(m mnemonic, text string, r *alerts.Record) {
	switch m.name {
	case "CFGLOG_LOGGEDCMD":
		// User:admin  logged command:boot system flash:c2900.bin
		if user, command, ok := strings.Cut(text, "logged command:"); ok {
			r.Fields.Add(alerts.User, strings.TrimSpace(strings.TrimPrefix(user, "User:")))
			r.Fields.Add(alerts.Command, strings.TrimSpace(command))
			r.Fields.Add(alerts.Type, "configuration")
		}
	case "ACCTLOCAL":
		// Username: Admin Privilege level: 15 Command: verify /md5 flash:x.bin <cr>
		if who, command, ok := strings.Cut(text, "Command: "); ok {
			r.Fields.Add(alerts.User, between(who, "Username: ", " "))
			r.Fields.Add(alerts.Privilege, between(who, "Privilege level: ", " "))
			r.Fields.Add(alerts.Command, withoutCR(command))
		}
	case "AAA_ACCOUNTING_MESSAGE":
		// update:10.63.12.105@ssh.26046:USER:show ip route vrf all (SUCCESS)
		r.Platform = "cisco_nxos"
		parts := strings.SplitN(text, ":", 4)
		if len(parts) < 3 {
			return
		}
		r.Fields.Add(alerts.Activity, parts[0])
		where, line, _ := strings.Cut(parts[1], "@")
		r.Fields.Add(alerts.Address, where)
		r.Fields.Add(alerts.Terminal, line)
		r.Fields.Add(alerts.User, parts[2])
		if len(parts) == 4 {
			command := strings.TrimSpace(parts[3])
			if at := strings.LastIndex(command, " ("); at >= 0 && strings.HasSuffix(command, ")") {
				r.Fields.Add(alerts.Result, strings.ToLower(command[at+2:len(command)-1]))
				command = command[:at]
			}
			r.Fields.Add(alerts.Command, command)
		}
	case "VSHD_SYSLOG_CMD_EXEC":
		// User:jdoe executed the command:copy scp: bootflash:
		r.Platform = "cisco_nxos"
		if user, command, ok := strings.Cut(text, " executed the command:"); ok {
			r.Fields.Add(alerts.User, strings.TrimPrefix(user, "User:"))
			r.Fields.Add(alerts.Command, strings.TrimSpace(command))
		}
	case "CMD":
		// admin vty6 192.168.2.1 stop task_id=17 start_time=… timezone=UTC service=shell priv-lvl=15 cmd=show interfaces status
		if m.facility != "ACCOUNTING" {
			return
		}
		r.Platform = "arista_eos"
		who, command, ok := strings.Cut(text, " cmd=")
		if !ok {
			return
		}
		words := strings.Fields(who)
		for i, name := range []string{alerts.User, alerts.Terminal, alerts.Address, alerts.Activity} {
			if i < len(words) && !strings.Contains(words[i], "=") {
				r.Fields.Add(name, words[i])
			}
		}
		r.Fields.Add(alerts.Privilege, between(who, "priv-lvl=", " "))
		r.Fields.Add(alerts.Command, withoutCR(command))
	case "SYSTEM_MSG":
		// root : TTY=unknown ; PWD=/ ; USER=root ; COMMAND=/isanboot/bin/imghdr … - sudo
		if before, command, ok := strings.Cut(text, "COMMAND="); ok {
			user, _, _ := strings.Cut(strings.TrimSpace(before), " :")
			r.Fields.Add(alerts.User, strings.TrimSpace(user))
			command, _ = strings.CutSuffix(strings.TrimSpace(command), " - sudo")
			r.Fields.Add(alerts.Executable, strings.TrimSpace(command))
		}
	case "CONFIG_I", "VSHD_SYSLOG_CONFIG_I", "CONFIG_P", "CONFIG_STARTUP", "CONFIG_E":
		configured(text, r)
	}
}

// configured reads who configured a device, from where.
//
//	Configured from console by admin on vty0 (10.0.0.9)       Configured from vty by admin on 1.2.3.4@pts/0
//	Configured from NETCONF/RESTCONF by admin, transaction-id 32
func configured(text string, r *alerts.Record) {
	_, by, ok := strings.Cut(text, " by ")
	if !ok {
		return
	}
	words := strings.Fields(strings.TrimSuffix(by, "."))
	if len(words) == 0 {
		return
	}
	r.Fields.Add(alerts.User, strings.TrimRight(words[0], ","))
	if len(words) >= 3 && words[1] == "on" {
		line := words[2]
		if address, terminal, ok := strings.Cut(line, "@"); ok {
			r.Fields.Add(alerts.Address, address)
			line = terminal
		}
		r.Fields.Add(alerts.Terminal, line)
		if len(words) >= 4 && strings.HasPrefix(words[3], "(") {
			r.Fields.Add(alerts.Address, strings.Trim(words[3], "()"))
		}
	}
}

// asaCommand reads what an ASA says of commands.
//
//	111008: User 'u' executed the 'boot system disk0:/asa.bin' command.
//	111009: User 'u' executed cmd: show version
//	111010: User 'u', running 'CLI' from IP 10.0.0.9, executed 'reload'
func asaCommand(m mnemonic, r *alerts.Record) {
	switch m.name {
	case "111008":
		who, command, ok := strings.Cut(m.rest, " executed the ")
		if ok {
			r.Fields.Add(alerts.User, quoted(who))
			command = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(command), "."), " command")
			r.Fields.Add(alerts.Command, strings.Trim(command, "'"))
		}
	case "111009":
		who, command, ok := strings.Cut(m.rest, " executed cmd: ")
		if ok {
			r.Fields.Add(alerts.User, quoted(who))
			r.Fields.Add(alerts.Command, strings.TrimSpace(command))
		}
	case "111010":
		who, command, ok := strings.Cut(m.rest, ", executed ")
		if ok {
			r.Fields.Add(alerts.User, quoted(who))
			r.Fields.Add(alerts.Address, strings.TrimSuffix(between(who+" ", "from IP ", " "), ","))
			r.Fields.Add(alerts.Command, strings.Trim(strings.TrimSpace(command), "'"))
		}
	}
}

// quoted is what stands between the first and the last apostrophe of a text, or what stands before the first comma and after "User ".
func quoted(text string) string {
	if _, rest, ok := strings.Cut(text, "'"); ok {
		if name, _, ok := strings.Cut(rest, "'"); ok {
			return name
		}
	}
	return ""
}

// between is the text after one mark and before the next, or to the end.
func between(text, after, before string) string {
	_, rest, ok := strings.Cut(text, after)
	if !ok {
		return ""
	}
	found, _, _ := strings.Cut(rest, before)
	return strings.TrimSpace(found)
}

func withoutCR(command string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(command), "<cr>"))
}
