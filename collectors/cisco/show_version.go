package cisco

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// showVersionYields are the kinds that a full "show version" may hold.
var showVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.Hostname, facts.RunningVersion, facts.ComponentVersion, facts.SoftwareImage, facts.ReleaseType,
	facts.Release, facts.CompileTime, facts.CompiledBy, facts.RunningImage, facts.BootMode, facts.ComponentImage,
	facts.BootLoaderVersion, facts.Uptime, facts.BootTime, facts.ReloadReason, facts.Model, facts.SerialNumber,
	facts.BaseMAC, facts.ConfigRegister, facts.NextConfigRegister, facts.BootSetting,
}

var (
	// Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4, RELEASE SOFTWARE (fc1)
	// IOS (tm) C2950 Software (C2950-I6K2L2Q4-M), Version 12.1(22)EA13, RELEASE SOFTWARE (fc2)
	// Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.12.4, RELEASE SOFTWARE (fc5)
	// Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), Version 03.06.05E RELEASE SOFTWARE (fc2)
	// Cisco IOS Software, vios_l2 Software (vios_l2-ADVENTERPRISEK9-M), Experimental Version 15.2(20170321:233949) [mmen 101]
	// Cisco Internetwork Operating System Software IOS (tm) 7300 Software (C7300-P-M), Version 12.2(20)S1,  EARLY DEPLOYMENT RELEASE SOFTWARE (fc1)
	softwareLine = collectors.MustCompile(`^(?:Cisco (?:Internetwork Operating System Software )?)?IOS (?:\(tm\)|Software).*\(([^()\s]+)\), +(Experimental )?Version ([^,\s]+),?\s*(.*)$`)

	// RELEASE SOFTWARE (fc1)
	// RELEASE SOFTWARE (P)
	releaseLabel = collectors.MustCompile(`^(.*?)\s*\(([^()]*)\)$`)

	// CUST-SPECIAL:V169_5_SR689355441_2
	customLabel = collectors.MustCompile(`^(CUST-SPECIAL):\s*(\S+)$`)

	// Cisco IOS XE Software, Version 16.12.04
	// Cisco IOS XE Software, Version 03.16.04b.S - Extended Support Release
	platformVersionLine = collectors.MustCompile(`^Cisco IOS[ -]XE Software, Version (\S+)`)

	// Cisco IOS-XE software, Copyright (c) 2005-2015 by cisco Systems, Inc.
	platformCopyright = collectors.MustCompile(`^Cisco IOS[ -]XE software, Copyright`)

	// Compiled Wed 26-Jun-13 02:49 by prod_rel_team
	compiledLine = collectors.MustCompile(`^Compiled (.+?) by (\S+)`)

	// ROM: System Bootstrap, Version 12.3(8r)YH6, RELEASE SOFTWARE (fc1)
	// BOOTLDR: C2960 Boot Loader (C2960-HBOOT-M) Version 12.2(35r)SE2, RELEASE SOFTWARE (fc1)
	// BOOTLDR: System Bootstrap, Version 16.9.1r [FC2], RELEASE SOFTWARE (P)
	// BOOTFLASH: 3000 Bootstrap Software (IGS-BOOT-R), Version 11.0(10c), RELEASE SOFTWARE (fc1)
	// ROM: TinyROM version 1.0(3)
	// ROM: 12.2(44r)SG5
	loaderLine = collectors.MustCompile(`^(ROM|BOOTLDR|BOOTFLASH): (?:.*\b[Vv]ersion )?(\d[^,\s]*(?: \[[^\]]*\])?)(?:,.*)?$`)

	// ROM: Bootstrap program is C2960 boot loader
	// ROM: IOS-XE ROMMON
	loaderName = collectors.MustCompile(`^(?:ROM|BOOTLDR|BOOTFLASH):`)

	// NS2903-ASW-01 uptime is 27 weeks, 4 days, 16 minutes
	uptimeLine = collectors.MustCompile(`^(\S+) uptime is (.+)$`)

	// Uptime for this control processor is 28 weeks, 1 day, 8 hours, 0 minutes
	processorUptime = collectors.MustCompile(`^Uptime for this control processor is (.+)$`)

	// System returned to ROM by reload at 04:39:28 AEDT Wed Nov 22 2017
	// System returned to ROM by power cycle at 21:31:12 UTC Tue Mar 1 2016 (SP by power on)
	// System returned to ROM by bus error at PC 0x60F1B3D8, address 0x14 at 12:31:33 GMT Wed Apr 5 2006
	// System restarted by power-on
	returnedLine = collectors.MustCompile(`^System (?:returned to +ROM|was restarted|restarted) by (.+)$`)

	// System restarted at 05:00:08 AEDT Wed Nov 22 2017
	restartedLine = collectors.MustCompile(`^System restarted at (.+)$`)

	// System image file is "flash:packages.conf"
	// System image file is "c2500-i-l.112-17", booted via tftp from 171.69.1.129
	imageLine = collectors.MustCompile(`^System image file is "([^"]+)"(?:, booted via (\S.*))?`)

	// Last reload reason: Reload Command
	// Last reload reason                 : power-on
	reloadLine = collectors.MustCompile(`^Last reload reason\s*: *(.+)$`)

	// cisco WS-C2960G-8TC-L (PowerPC405) processor (revision A0) with 65536K bytes of memory.
	// cisco AIR-AP1242AG-E-K9   (PowerPCElvis) processor (revision A0) with 27638K/5120K bytes of memory.
	// CISCO C831 (MPC857DSL) processor (revision 0x00) with 44237K/4915K bytes of memory.
	// Cisco IOSv (revision 1.0) with  with 460137K/62464K bytes of memory.
	// Linux Unix (Intel-x86) processor with 804980K bytes of memory.
	chassisLine = collectors.MustCompile(`^(?:(?i:cisco) +(\S.*?)|(Linux Unix|Solaris Unix)) +\([^)]*\).* with .*bytes of`)

	// Processor board ID FHK102KKKKK, with hardware revision 0000
	// Processor board serial number 04331011
	boardLine = collectors.MustCompile(`^Processor board (?:ID|serial number) ([^\s,]+)`)

	// Base ethernet MAC Address       : 00:24:F7:DD:77:00
	// Model number                    : WS-C2960G-8TC-L
	// System serial number            : FOC1308V5NB
	// Switch uptime                      : 28 weeks, 1 day, 8 hours, 1 minute
	// Product/Model Number                  : AIR-AP1242AG-E-K9
	// Top Assembly Serial Number            : FCZ1234Z0AB
	memberLine = collectors.MustCompile(`^(?i:(Base Ethernet MAC Address|(?:Product/)?Model number|System serial number|Top Assembly serial number|Switch uptime))\s*: *(\S.*)$`)

	// Switch 02
	memberHeading = collectors.MustCompile(`^Switch 0*(\d+)$`)

	// Switch Ports Model              SW Version        SW Image              Mode
	memberTable = collectors.MustCompile(`^Switch +Ports +Model +SW Version +SW Image`)

	// *    1 56    WS-C3850-48U       03.06.05E         cat3k_caa-universalk9 INSTALL
	//      2 8     WS-C2960G-8TC-L    15.0(2)SE4            C2960-LANBASEK9-M
	memberRowLine  = collectors.MustCompile(`^(\*?)\s*(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(INSTALL|BUNDLE))?$`)
	memberRowStart = collectors.MustCompile(`^\*?\s*\d`)

	// Installation mode is BUNDLE
	modeLine = collectors.MustCompile(`^Installation mode is (BUNDLE|INSTALL)`)

	// Configuration register is 0x2102
	// Configuration register is 0x2102 (will be 0x2142 at next reload)
	registerLine = collectors.MustCompile(`^Configuration [Rr]egister is (0x[0-9A-Fa-f]+)(?: \(will be (0x[0-9A-Fa-f]+) at next reload\))?`)
)

// A single is a value that a reply may give once.
type single struct {
	value string
	line  int
}

// set takes the value. A second one that differs is a problem, and the first is kept beside it.
func (s *single) set(r *collectors.Reading, line int, what, value string) {
	value = strings.TrimSpace(value)
	switch {
	case s.value == "":
		*s = single{value, line}
	case s.value != value:
		r.Problem("two values for %s: %.80q in line %d and %.80q in line %d", what, s.value, s.line, value, line)
	}
}

// A member is what "show version" says about one switch of a stack, or about the device itself.
type member map[facts.Kind]single

func (m member) note(r *collectors.Reading, line int, kind facts.Kind, value string) {
	s := m[kind]
	s.set(r, line, string(kind), value)
	m[kind] = s
}

// noteIfNone takes a value that counts only where nothing better was stated.
func (m member) noteIfNone(line int, kind facts.Kind, value string) {
	if m[kind].value == "" {
		m[kind] = single{strings.TrimSpace(value), line}
	}
}

func (m member) add(r *collectors.Reading, subject string, kinds ...facts.Kind) {
	for _, kind := range kinds {
		r.Add(m[kind].line, kind, subject, m[kind].value)
	}
}

// A memberRow is a row of the table of switches.
type memberRow struct {
	line                                int
	active                              bool
	number, model, version, image, mode string
}

// readShowVersion reads "show version" of IOS and IOS XE.
//
// A stack names its members by number. The block before the first "Switch 02" heading
// is the active member's; the star in the table says which that is. Keyed by number, the
// serial numbers stay where they are when the active role moves.
func readShowVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		active   = member{}
		members  = map[string]member{}
		order    []string
		current  = active
		rows     []memberRow
		table    bool
		chassis  single
		board    single
		assembly single // serial number of the top assembly, which access points print
		mode     single
		image    single
		returned single
		loaders  = map[string]int{}
		xe       bool
		version  int // line of the software version
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if table && memberRowStart.MatchString(text) {
			if m := memberRowLine.FindStringSubmatch(text); m != nil {
				rows = append(rows, memberRow{n, m[1] == "*", m[2], m[3], m[4], m[5], strings.ToLower(m[6])})
			} else {
				r.Problem("line %d: not a row of the table of switches: %.80q", n, text)
			}
			continue
		}
		if table && strings.Trim(text, "- ") != "" {
			table = false
		}
		switch {
		case softwareLine.MatchString(text):
			m := softwareLine.FindStringSubmatch(text)
			version = n
			r.Add(n, facts.SoftwareImage, "", m[1])
			r.Add(n, facts.RunningVersion, "", m[3])
			xe = xe || strings.Contains(text, "IOS-XE") || strings.Contains(m[1], "IOSXE") || strings.Contains(m[1], "LINUX_IOSD")
			addRelease(&r, n, m[2] != "", m[4])
		case platformVersionLine.MatchString(text):
			xe = true
			r.Add(n, facts.ComponentVersion, "IOS XE", platformVersionLine.FindStringSubmatch(text)[1])
		case platformCopyright.MatchString(text):
			xe = true
		case compiledLine.MatchString(text):
			m := compiledLine.FindStringSubmatch(text)
			r.Add(n, facts.CompileTime, "", m[1])
			r.Add(n, facts.CompiledBy, "", m[2])
		case loaderLine.MatchString(text):
			m := loaderLine.FindStringSubmatch(text)
			r.Add(n, facts.BootLoaderVersion, numbered(m[1], loaders), m[2])
		case loaderName.MatchString(text):
			// A loader that states no version.
		case processorUptime.MatchString(text):
			addUptime(&r, n, "control processor", processorUptime.FindStringSubmatch(text)[1])
		case uptimeLine.MatchString(text):
			m := uptimeLine.FindStringSubmatch(text)
			r.Add(n, facts.Hostname, "", m[1])
			addUptime(&r, n, "", m[2])
		case returnedLine.MatchString(text):
			returned.set(&r, n, "the return to ROM", returnedLine.FindStringSubmatch(text)[1])
		case restartedLine.MatchString(text):
			r.Add(n, facts.BootTime, "", restartedLine.FindStringSubmatch(text)[1])
		case imageLine.MatchString(text):
			m := imageLine.FindStringSubmatch(text)
			image.set(&r, n, "the system image file", m[1])
			r.Add(n, facts.BootSetting, "booted via", m[2])
		case reloadLine.MatchString(text):
			current.note(&r, n, facts.ReloadReason, reloadLine.FindStringSubmatch(text)[1])
		case chassisLine.MatchString(text):
			m := chassisLine.FindStringSubmatch(text)
			chassis.set(&r, n, "the chassis", m[1]+m[2])
		case boardLine.MatchString(text):
			board.set(&r, n, "the processor board", boardLine.FindStringSubmatch(text)[1])
		case memberHeading.MatchString(text):
			number := memberHeading.FindStringSubmatch(text)[1]
			if members[number] != nil {
				r.Problem("line %d: a second block for switch %s", n, number)
			} else {
				members[number] = member{}
				order = append(order, number)
			}
			current = members[number]
		case memberTable.MatchString(text):
			table = true
		case memberLine.MatchString(text):
			m := memberLine.FindStringSubmatch(text)
			switch name := strings.ToLower(m[1]); name {
			case "base ethernet mac address":
				current.note(&r, n, facts.BaseMAC, m[2])
			case "model number", "product/model number":
				current.note(&r, n, facts.Model, m[2])
			case "system serial number":
				current.note(&r, n, facts.SerialNumber, m[2])
			case "top assembly serial number":
				assembly.set(&r, n, name, m[2])
			case "switch uptime":
				if seconds, ok := uptimeSeconds(&r, n, m[2]); ok {
					current.note(&r, n, facts.Uptime, seconds)
				}
			}
		case modeLine.MatchString(text):
			mode.set(&r, n, "the installation mode", strings.ToLower(modeLine.FindStringSubmatch(text)[1]))
		case registerLine.MatchString(text):
			addRegister(&r, n, "", registerLine.FindStringSubmatch(text))
		}
	}
	if version == 0 {
		r.Problem("no software version in the reply")
		return r.Done()
	}
	system := "IOS"
	if xe {
		system = "IOS XE"
	}
	r.Add(version, facts.OperatingSystem, "", system)
	r.Add(image.line, facts.RunningImage, "", image.value)
	if image.value == "" {
		r.Problem("no system image file in the reply")
	}

	stack := len(rows) > 1 || len(members) > 0
	subject := ""
	for _, row := range rows {
		of := "switch " + row.number
		r.Add(row.line, facts.ComponentVersion, of, row.version)
		r.Add(row.line, facts.ComponentImage, of, row.image)
		r.Add(row.line, facts.BootMode, of, row.mode)
		block := members[row.number]
		if row.active {
			if row.mode != "" {
				mode.set(&r, row.line, "the installation mode", row.mode)
			}
			if stack {
				subject, block = of, active
			}
		}
		// The table may cut the model short: "WS-C3750-48TS" for a WS-C3750-48TS-S.
		if whole := block[facts.Model].value; whole != "" && whole != row.model {
			of += " processor"
		}
		r.Add(row.line, facts.Model, of, row.model)
	}
	if mode.value == "" && xe && image.value != "" {
		mode = single{"bundle", image.line}
		if strings.HasSuffix(image.value, "packages.conf") {
			mode.value = "install"
		}
	}
	r.Add(mode.line, facts.BootMode, "", mode.value)

	active.noteIfNone(assembly.line, facts.SerialNumber, assembly.value)
	if serial := active[facts.SerialNumber].value; serial != "" && board.value != "" && serial != board.value {
		r.Add(board.line, facts.SerialNumber, strings.TrimSpace(subject+" processor board"), board.value)
	}
	active.noteIfNone(board.line, facts.SerialNumber, board.value)
	if active[facts.SerialNumber].value == "" {
		r.Problem("no serial number in the reply")
	}
	// So may this line: "WS-C3750G-24TS" for a WS-C3750G-24TS-S.
	if model := active[facts.Model].value; model != "" && chassis.value != "" && model != chassis.value {
		r.Add(chassis.line, facts.Model, strings.TrimSpace(subject+" processor"), chassis.value)
	}
	active.noteIfNone(chassis.line, facts.Model, chassis.value)
	// "System returned to ROM by" is all that older releases say about the last reload.
	active.noteIfNone(returned.line, facts.ReloadReason, returned.value)
	active.add(&r, "", facts.ReloadReason)
	active.add(&r, subject, facts.Model, facts.SerialNumber, facts.BaseMAC, facts.Uptime)
	for _, number := range order {
		members[number].add(&r, "switch "+number, facts.Model, facts.SerialNumber, facts.BaseMAC, facts.Uptime, facts.ReloadReason)
	}
	return r.Done()
}

// numbered tells parts of one name apart: "Fan", "Fan #2". It counts in used.
func numbered(name string, used map[string]int) string {
	if used[name]++; used[name] > 1 {
		return name + " #" + strconv.Itoa(used[name])
	}
	return name
}

// addRelease reads what follows the version: the release type and the build label.
func addRelease(r *collectors.Reading, n int, experimental bool, rest string) {
	rest = strings.TrimSpace(rest)
	switch m := customLabel.FindStringSubmatch(rest); {
	case experimental:
		r.Add(n, facts.ReleaseType, "", "Experimental")
		r.Add(n, facts.Release, "", strings.Trim(rest, "[] "))
	case m != nil:
		r.Add(n, facts.ReleaseType, "", m[1])
		r.Add(n, facts.Release, "", m[2])
	default:
		if m := releaseLabel.FindStringSubmatch(rest); m != nil {
			r.Add(n, facts.ReleaseType, "", m[1])
			r.Add(n, facts.Release, "", m[2])
			return
		}
		r.Add(n, facts.ReleaseType, "", rest)
	}
}

// addRegister takes a match of registerLine. Where the device announces no change, the
// next reload keeps the register.
func addRegister(r *collectors.Reading, n int, component string, m []string) {
	now, next := m[1], m[2]
	if next == "" {
		next = now
	}
	r.Add(n, facts.ConfigRegister, component, now)
	r.Add(n, facts.NextConfigRegister, component, next)
}

func addUptime(r *collectors.Reading, n int, subject, text string) {
	if seconds, ok := uptimeSeconds(r, n, text); ok {
		r.Add(n, facts.Uptime, subject, seconds)
	}
}

func uptimeSeconds(r *collectors.Reading, n int, text string) (string, bool) {
	seconds, ok := duration(text)
	if !ok {
		r.Problem("line %d: uptime %.80q", n, text)
	}
	return strconv.FormatInt(seconds, 10), ok
}

// durationPart is one term of a duration.
//
//	1 year, 22 weeks, 6 days, 9 hours, 38 minutes
var durationPart = collectors.MustCompile(`^(\d{1,6}) (year|week|day|hour|minute|second)s?$`)

var secondsIn = map[string]int64{
	"year": 365 * 86400, "week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1,
}

// duration reads a duration as Cisco prints it, in seconds.
func duration(text string) (int64, bool) {
	var seconds int64
	for part := range strings.SplitSeq(text, ",") {
		m := durationPart.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return 0, false
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return 0, false
		}
		seconds += n * secondsIn[m[2]]
	}
	return seconds, true
}
