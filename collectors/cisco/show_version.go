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
	facts.BaseMAC, facts.ConfigRegister, facts.NextConfigRegister,
}

var (
	// Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4, RELEASE SOFTWARE (fc1)
	// IOS (tm) C2950 Software (C2950-I6K2L2Q4-M), Version 12.1(22)EA13, RELEASE SOFTWARE (fc2)
	// Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.12.4, RELEASE SOFTWARE (fc5)
	// Cisco IOS Software, IOS-XE Software, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), Version 03.06.05E RELEASE SOFTWARE (fc2)
	// Cisco IOS Software, vios_l2 Software (vios_l2-ADVENTERPRISEK9-M), Experimental Version 15.2(20170321:233949) [mmen 101]
	softwareLine = collectors.MustCompile(`^(?:Cisco )?IOS (?:\(tm\)|Software).*\(([^()\s]+)\), +(Experimental )?Version ([^,\s]+),?\s*(.*)$`)

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
	loaderLine = collectors.MustCompile(`^(ROM|BOOTLDR): .*\bVersion ([^,\s]+(?: \[[^\]]*\])?)`)

	// ROM: Bootstrap program is C2960 boot loader
	// ROM: IOS-XE ROMMON
	loaderName = collectors.MustCompile(`^(?:ROM|BOOTLDR): `)

	// NS2903-ASW-01 uptime is 27 weeks, 4 days, 16 minutes
	uptimeLine = collectors.MustCompile(`^(\S+) uptime is (.+)$`)

	// Uptime for this control processor is 28 weeks, 1 day, 8 hours, 0 minutes
	processorUptime = collectors.MustCompile(`^Uptime for this control processor is (.+)$`)

	// System returned to ROM by reload at 04:39:28 AEDT Wed Nov 22 2017
	// System returned to ROM by power-on
	returnedLine = collectors.MustCompile(`^System returned to +ROM by (.+?)(?: at \d+:.*)?$`)

	// System restarted at 05:00:08 AEDT Wed Nov 22 2017
	restartedLine = collectors.MustCompile(`^System restarted at (.+)$`)

	// System image file is "flash:packages.conf"
	// System image file is "tftp://10.1.1.1/c2600-i-mz.bin", booted via tftp
	imageLine = collectors.MustCompile(`^System image file is "([^"]+)"`)

	// Last reload reason: Reload Command
	// Last reload reason                 : power-on
	reloadLine = collectors.MustCompile(`^Last reload reason\s*: *(.+)$`)

	// cisco WS-C2960G-8TC-L (PowerPC405) processor (revision A0) with 65536K bytes of memory.
	// Cisco IOSv (revision 1.0) with  with 460137K/62464K bytes of memory.
	chassisLine = collectors.MustCompile(`^[Cc]isco (\S.*?) \([^)]*\).* with .*bytes of`)

	// Processor board ID FHK102KKKKK, with hardware revision 0000
	boardLine = collectors.MustCompile(`^Processor board ID ([^\s,]+)`)

	// Base ethernet MAC Address       : 00:24:F7:DD:77:00
	// Model number                    : WS-C2960G-8TC-L
	// System serial number            : FOC1308V5NB
	// Switch uptime                      : 28 weeks, 1 day, 8 hours, 1 minute
	memberLine = collectors.MustCompile(`^(?i:(Base Ethernet MAC Address|Model number|System serial number|Switch uptime))\s*: *(\S.*)$`)

	// Switch 02
	memberHeading = collectors.MustCompile(`^Switch 0*(\d+)$`)

	// *    1 56    WS-C3850-48U       03.06.05E         cat3k_caa-universalk9 INSTALL
	//      2 8     WS-C2960G-8TC-L    15.0(2)SE4            C2960-LANBASEK9-M
	memberRow = collectors.MustCompile(`^(\*?)\s+(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(INSTALL|BUNDLE))?$`)

	// Installation mode is BUNDLE
	modeLine = collectors.MustCompile(`^Installation mode is (BUNDLE|INSTALL)`)

	// Configuration register is 0x2102
	// Configuration register is 0x2102 (will be 0x2142 at next reload)
	registerLine = collectors.MustCompile(`^Configuration register is (0x[0-9A-Fa-f]+)(?: \(will be (0x[0-9A-Fa-f]+) at next reload\))?`)
)

// member is what "show version" says about one switch of a stack, or about the
// device itself.
type member struct {
	values map[facts.Kind]string
	lines  map[facts.Kind]int
}

func (m *member) note(line int, kind facts.Kind, value string) {
	if m.values == nil {
		m.values, m.lines = map[facts.Kind]string{}, map[facts.Kind]int{}
	}
	if _, ok := m.values[kind]; !ok {
		m.values[kind], m.lines[kind] = strings.TrimSpace(value), line
	}
}

func (m *member) add(r *collectors.Reading, subject string) {
	for _, kind := range []facts.Kind{facts.Model, facts.SerialNumber, facts.BaseMAC, facts.Uptime, facts.ReloadReason} {
		if v, ok := m.values[kind]; ok {
			r.Add(m.lines[kind], kind, subject, v)
		}
	}
}

// readShowVersion reads "show version" of IOS and IOS XE.
//
// A stack names its members by number. The block before the first "Switch 02" heading
// is the active member's; the star in the table says which that is. Keyed by number, the
// serial numbers stay where they are when the active role moves.
func readShowVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r          collectors.Reading
		active     member
		members    = map[string]*member{}
		order      []string
		current    = &active
		chassis    string
		chassisAt  int
		board      string
		boardAt    int
		star       string
		rows       int
		mode       string
		modeAt     int
		image      string
		imageAt    int
		returned   string
		returnedAt int
		xe         bool
		version    int // line of the software version
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
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
			r.Add(n, facts.BootLoaderVersion, m[1], m[2])
		case loaderName.MatchString(text):
			// A loader that states no version.
		case processorUptime.MatchString(text):
			addUptime(&r, n, "control processor", processorUptime.FindStringSubmatch(text)[1])
		case uptimeLine.MatchString(text):
			m := uptimeLine.FindStringSubmatch(text)
			r.Add(n, facts.Hostname, "", m[1])
			addUptime(&r, n, "", m[2])
		case returnedLine.MatchString(text):
			returned, returnedAt = returnedLine.FindStringSubmatch(text)[1], n
		case restartedLine.MatchString(text):
			r.Add(n, facts.BootTime, "", restartedLine.FindStringSubmatch(text)[1])
		case imageLine.MatchString(text):
			image, imageAt = imageLine.FindStringSubmatch(text)[1], n
			r.Add(n, facts.RunningImage, "", image)
		case reloadLine.MatchString(text):
			current.note(n, facts.ReloadReason, reloadLine.FindStringSubmatch(text)[1])
		case chassisLine.MatchString(text):
			chassis, chassisAt = chassisLine.FindStringSubmatch(text)[1], n
		case boardLine.MatchString(text):
			board, boardAt = boardLine.FindStringSubmatch(text)[1], n
		case memberHeading.MatchString(text):
			number := memberHeading.FindStringSubmatch(text)[1]
			current = &member{}
			if members[number] != nil {
				r.Problem("line %d: a second block for switch %s", n, number)
			} else {
				order = append(order, number)
			}
			members[number] = current
		case memberLine.MatchString(text):
			m := memberLine.FindStringSubmatch(text)
			noteMember(&r, current, n, strings.ToLower(m[1]), m[2])
		case memberRow.MatchString(line):
			m := memberRow.FindStringSubmatch(line)
			rows++
			subject := "switch " + m[2]
			if m[1] == "*" {
				star = m[2]
			}
			r.Add(n, facts.ComponentVersion, subject, m[4])
			r.Add(n, facts.ComponentImage, subject, m[5])
			if m[6] != "" {
				r.Add(n, facts.BootMode, subject, strings.ToLower(m[6]))
				if m[1] == "*" {
					mode, modeAt = strings.ToLower(m[6]), n
				}
			}
			r.Add(n, facts.Model, subject, m[3])
		case modeLine.MatchString(text):
			mode, modeAt = strings.ToLower(modeLine.FindStringSubmatch(text)[1]), n
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
	if image == "" {
		r.Problem("no system image file in the reply")
	}
	if mode == "" && xe && image != "" {
		mode, modeAt = "bundle", imageAt
		if strings.HasSuffix(image, "packages.conf") {
			mode = "install"
		}
	}
	r.Add(modeAt, facts.BootMode, "", mode)
	// "System returned to ROM by" is all that older releases say about the last reload.
	if returned != "" {
		active.note(returnedAt, facts.ReloadReason, returned)
	}
	stack := rows > 1 || len(members) > 0
	subject := ""
	if stack && star != "" {
		subject = "switch " + star
	}
	if board != "" {
		if system := active.values[facts.SerialNumber]; system != "" && system != board {
			r.Add(boardAt, facts.SerialNumber, strings.TrimSpace(subject+" processor board"), board)
		}
		active.note(boardAt, facts.SerialNumber, board)
	}
	// The chassis line often cuts the model short: "WS-C3750G-24TS" for a WS-C3750G-24TS-S.
	if model := active.values[facts.Model]; model == "" {
		active.note(chassisAt, facts.Model, chassis)
	} else if chassis != "" && model != chassis {
		r.Add(chassisAt, facts.Model, strings.TrimSpace(subject+" processor"), chassis)
	}
	r.Add(active.lines[facts.ReloadReason], facts.ReloadReason, "", active.values[facts.ReloadReason])
	delete(active.values, facts.ReloadReason)
	active.add(&r, subject)
	for _, number := range order {
		members[number].add(&r, "switch "+number)
	}
	if active.values[facts.SerialNumber] == "" {
		r.Problem("no serial number in the reply")
	}
	return r.Done()
}

func noteMember(r *collectors.Reading, m *member, n int, name, value string) {
	switch name {
	case "base ethernet mac address":
		m.note(n, facts.BaseMAC, value)
	case "model number":
		m.note(n, facts.Model, value)
	case "system serial number":
		m.note(n, facts.SerialNumber, value)
	case "switch uptime":
		seconds, ok := duration(value)
		if !ok {
			r.Problem("line %d: uptime %q", n, value)
			return
		}
		m.note(n, facts.Uptime, strconv.FormatInt(seconds, 10))
	}
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
	now, next := strings.ToLower(m[1]), strings.ToLower(m[2])
	if next == "" {
		next = now
	}
	r.Add(n, facts.ConfigRegister, component, now)
	r.Add(n, facts.NextConfigRegister, component, next)
}

func addUptime(r *collectors.Reading, n int, subject, text string) {
	seconds, ok := duration(text)
	if !ok {
		r.Problem("line %d: uptime %q", n, text)
		return
	}
	r.Add(n, facts.Uptime, subject, strconv.FormatInt(seconds, 10))
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
