package huawei

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var versionYields = []facts.Kind{
	facts.OperatingSystem, facts.RunningVersion, facts.ComponentVersion, facts.Model, facts.Uptime, facts.BootTime, facts.ComponentRole,
	facts.HardwareVersion, facts.BootLoaderVersion,
}

var (
	// VRP (R) software, Version 8.180 (NE40E V800R011C00SPC200)
	// Software Version: VRP (R) Software, Version 5.30 (USG6300 V100R001C30SPC600)
	// Version 1.22.0.1 (S5731 V600R022C10SPC500)
	softwareLine = collectors.MustCompile(`^(?:Software Version *: *)?(VRP \(R\) [Ss]oftware, +)?Version +([\d.]+\w*),? *\(([^()]+)\)$`)

	// Huawei YunShan OS
	systemLine = collectors.MustCompile(`^Huawei (YunShan OS)`)

	// Patch Version: V200R005SPH010
	patchLine = collectors.MustCompile(`^Patch Version *: *(\S.*)$`)

	// HUAWEI NE40E-X2-M8A uptime is 161 days, 0 hour, 20 minutes
	// Huawei AR6280 Router uptime is 60 weeks, 4 days, 11 hours, 20 minutes
	// Quidway S7706 Terabit Routing Switch uptime is 85 weeks, 4 days, 0 hour, 10 minutes
	// USG6630 uptime is 0 week, 2 days, 0 hour, 9 minutes
	deviceLine = collectors.MustCompile(`^(?i:(?:huawei|quidway|secoway) +)?(\S[^:]*?)(?i: router)? +uptime is +(\S.*)$`)

	// MPU (Slave) 11 : uptime is 160 days, 22 hours, 1 minute
	// MPU 7(Master)  : uptime is 85 weeks, 4 days, 0 hour, 9 minutes
	// ES5D2S28Q002 0(Master)  : uptime is 20 weeks, 1 day, 3 hours, 39 minutes
	// CE6865-48S8CQ-EI(Master) 1 : uptime is  53 days, 4 hours, 44 minutes
	// LPU 1/3  : uptime is 85 weeks, 4 days, 0 hour, 7 minutes
	boardLine = collectors.MustCompile(`^(\S+?) *(?:\((\w+)\))? +(\d+(?:/\d+)?) *(?:\((\w+)\))? *: *uptime is +(\S.*)$`)

	//   StartupTime 2019/09/10   03:33:17
	//   StartupTime         : 2019/09/12    15:05:27
	startLine = collectors.MustCompile(`^StartupTime *:? *(\d{4}/\d{2}/\d{2} +\d{2}:\d{2}:\d{2}\S*)$`)

	// 5. BootROM  Version  : 020a.010f
	//   PCB         Version : CX68MPUK1 REV A
	// Basic  BOOTROM  Version :  100 Compiled at Mar  1 2011, 20:27:16
	partVersion = collectors.MustCompile(`^(?:\d+\. *)?([A-Za-z][\w /-]*?) +[Vv]ersion *: *(\S.*)$`)

	// 3. Board    Type     : SRU-400H
	boardType = collectors.MustCompile(`^(?:\d+\. *)?Board +[Tt]ype *: *(\S.*)$`)

	//   PIC2: CR5D00L4XF72 version information
	// CARD1 information
	subHeading = collectors.MustCompile(`^(PIC|CARD|SUBCARD|SPU) ?(\d+) *:? *(\S+)?(?: version)? information *:?$`)

	// FAN 15's version information:
	// PWR5's  version information:
	// BKP 0 version information:
	partHeading = collectors.MustCompile(`^([A-Za-z]+) *(\d{1,2})(?:'s)? +version information *:?$`)

	//   MPU CR5D0MPUK170 version information:
	//   ANGMHSTA0211 version information
	modelHeading = collectors.MustCompile(`^(?:[A-Z]+ +)?([A-Z][A-Za-z0-9-]*\d[A-Za-z0-9-]*) version information *:?$`)

	// MPU version information :
	// FANCARD information
	// PWRCARD I information
	sortHeading = collectors.MustCompile(`^([A-Za-z]+\d*(?: I{1,3})?)(?: +version)? information *:?$`)

	// VRP (R) Software, Version 5.170 (V200R019C10SPC500)
	boardSoftware = collectors.MustCompile(`^VRP \(R\) [Ss]oftware, +Version +[\d.]+ *\(([^()]+)\)$`)

	// BootROM, BootLoad, Basic  BOOTROM, BIOS
	loaderName = collectors.MustCompile(`(?i)boot|bios`)
)

// readVersion reads "display version". A board is called by the slot that it is in, which is what "display device" calls it, and a part
// of it by what it is: "slot 9 pic 2".
func readVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		system  string
		version bool
		uptime  bool
		board   string // "slot 7"; empty outside of a board's block
		sort    string // "MPU"
		part    string // whose versions these are: the board, a part of it, a fan
		seen    = map[string]int{}
		models  = map[string]string{}
	)
	// The type of a board stands in its first line, in a heading or in a line of its own, and sometimes in all three.
	addModel := func(n int, subject, value string) {
		if models[subject] != value {
			models[subject] = value
			r.Add(n, facts.Model, subject, value)
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := systemLine.FindStringSubmatch(text); m != nil {
			system = m[1]
			r.Add(n, facts.OperatingSystem, "", system)
		} else if m := softwareLine.FindStringSubmatch(text); m != nil && board == "" && (m[1] != "" || system != "") {
			name := "VRP"
			if system == "" {
				r.Add(n, facts.OperatingSystem, "", name)
			} else {
				name = system
			}
			version = true
			r.Add(n, facts.RunningVersion, "", strings.TrimSpace(m[3]))
			r.Add(n, facts.ComponentVersion, name, m[2])
		} else if m := patchLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ComponentVersion, strings.TrimSpace(board+" patch"), m[1])
		} else if m := boardLine.FindStringSubmatch(text); m != nil {
			sort, board = m[1], "slot "+m[3]
			part = board
			r.Add(n, facts.ComponentRole, board, m[2]+m[4])
			addUptime(&r, n, board, m[5])
			if strings.ContainsAny(sort, "0123456789") { // a type of board, and not what it is for
				addModel(n, board, sort)
			}
		} else if m := deviceLine.FindStringSubmatch(text); m != nil {
			uptime = true
			addModel(n, "", m[1])
			addUptime(&r, n, "", m[2])
		} else if m := startLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootTime, part, strings.Join(strings.Fields(m[1]), " "))
		} else if strings.HasPrefix(text, "- - - -") || strings.HasPrefix(text, "-----") {
			board, sort, part = "", "", ""
		} else if m := boardType.FindStringSubmatch(text); m != nil {
			addModel(n, part, m[1])
		} else if m := subHeading.FindStringSubmatch(text); m != nil {
			part = strings.TrimSpace(board + " " + strings.ToLower(m[1]) + " " + m[2])
			addModel(n, part, m[3])
		} else if m := partHeading.FindStringSubmatch(text); m != nil {
			board, part = "", strings.ToLower(m[1])+" "+m[2]
		} else if m := modelHeading.FindStringSubmatch(text); m != nil {
			if part = board; board != "" {
				addModel(n, board, m[1])
			}
		} else if m := sortHeading.FindStringSubmatch(text); m != nil {
			switch {
			case strings.EqualFold(m[1], sort):
				part = board
			case strings.Contains(text, "version"):
				board, part = "", strings.ToLower(m[1])
			default:
				part = strings.TrimSpace(board + " " + splitNumber(m[1]))
			}
		} else if m := partVersion.FindStringSubmatch(text); m != nil {
			addPartVersion(&r, n, part, strings.Join(strings.Fields(m[1]), " "), m[2], seen)
		}
	}
	if !version {
		r.Problem("no version of VRP in the reply")
	}
	if !uptime {
		r.Problem("neither the model nor the uptime of the device in the reply")
	}
	return r.Done()
}

// addPartVersion notes the version of a boot loader, of a board's software or of a piece of hardware. A board may have several
// pieces of one name.
func addPartVersion(r *collectors.Reading, n int, part, name, value string, seen map[string]int) {
	subject := strings.TrimSpace(part + " " + name)
	switch {
	case loaderName.MatchString(name):
		r.Add(n, facts.BootLoaderVersion, subject, value)
	case name == "Software":
		value = strings.TrimPrefix(value, "Version ")
		if m := boardSoftware.FindStringSubmatch(value); m != nil {
			value = m[1]
		}
		r.Add(n, facts.ComponentVersion, part, value)
	default:
		if seen[subject]++; seen[subject] > 1 {
			subject += " #" + strconv.Itoa(seen[subject])
		}
		r.Add(n, facts.HardwareVersion, subject, value)
	}
}

func addUptime(r *collectors.Reading, n int, subject, text string) {
	seconds, ok := collectors.Seconds(text)
	if !ok {
		r.Problem("line %d: uptime %.80q", n, text)
		return
	}
	r.Add(n, facts.Uptime, subject, seconds)
}

// splitNumber spells the name of a part in lower case and its number apart: "fan 1" for "FAN1".
func splitNumber(name string) string {
	name = strings.ToLower(name)
	letters := strings.TrimRight(name, "0123456789")
	if letters == "" || letters == name || strings.HasSuffix(letters, " ") {
		return name
	}
	return letters + " " + name[len(letters):]
}
