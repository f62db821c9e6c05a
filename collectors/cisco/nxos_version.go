package cisco

import (
	"slices"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// nxosVersionYields are the kinds that a full "show version" may hold.
var nxosVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.Hostname, facts.RunningVersion, facts.PreviousVersion, facts.ComponentVersion, facts.ReleaseType, facts.CompileTime,
	facts.RunningImage, facts.BootMode, facts.BootLoaderVersion, facts.Uptime, facts.BootTime, facts.ReloadReason,
	facts.Model, facts.SerialNumber, facts.FileSystem, facts.TotalSpace,
}

var (
	// BIOS:      version 3.22.0
	// NXOS: version 10.4(5) [Maintenance Release]
	// Host NXOS: version 10.4(5)
	// kickstart: version 7.3(1)D1(1) [build 7.3(1)D1(0.10)]
	nxosVersionLine = collectors.MustCompile(`^(BIOS|loader|NXOS|Host NXOS|kickstart|system|PE): +version +(\S+) *(.*)$`)

	// BIOS compile time:       05/09/2012
	// NXOS compile time:  3/5/2025 31:00:00 [03/01/2025 05:48:31]
	nxosCompileLine = collectors.MustCompile(`^(BIOS|NXOS|kickstart|system) compile time: +(\S.*)$`)

	// NXOS image file is: bootflash:///nxos.9.3.15.bin
	// kickstart image file is: bootflash:///n5000-uk9-kickstart.7.1.4.N1.1.bin
	nxosImageLine = collectors.MustCompile(`^(NXOS|kickstart|system) image file is: *(\S+)$`)

	// NXOS boot mode: LXC
	nxosModeLine = collectors.MustCompile(`^NXOS boot mode: *(\S.*)$`)

	// Power Sequencer Firmware:
	// Microcontroller Firmware:        version v1.0.0.2
	// power-seq: Module 1: version v1.0
	// SFP uC:    Module 1: v1.0.0.0
	nxosFirmwareLine = collectors.MustCompile(`^(\S.* Firmware|power-seq|uC|[A-Z]+ uC): *(.*)$`)

	//            Module 1: v7.0
	//            Module 3: version v5.0
	//            Module not detected
	nxosModuleFirmware = collectors.MustCompile(`^(Module \d+): +(?:version +)?(v?\d\S*)$`)

	// version v1.0.0.2
	nxosPlainFirmware = collectors.MustCompile(`^version +(v?\d\S*)$`)

	// cisco Nexus7000 C7009 (9 Slot) Chassis ("Supervisor Module-1X")
	// cisco Nexus9000 C9372PX chassis
	// cisco Nexus3000 C3232C Chassis (Nexus 9000 Series)
	nxosChassisLine = collectors.MustCompile(`^[Cc]isco (\S.*?) *(?:\( *"?[^()]*"? *\))?$`)

	// Processor Board ID FLM27400B3D
	nxosBoardLine = collectors.MustCompile(`^Processor Board ID +(\S+)$`)

	// Device name: N9K-LAB-15
	nxosNameLine = collectors.MustCompile(`^Device name: +(\S+)$`)

	// bootflash:   53298520 kB
	// usb1:               0 kB (expansion flash)
	nxosFlashLine = collectors.MustCompile(`^([a-z]+\d*): +(\d{1,12}) kB(?: \(([^()]*)\))?$`)

	// Kernel uptime is 60 day(s), 17 hour(s), 26 minute(s), 51 second(s)
	nxosUptimeLine = collectors.MustCompile(`^Kernel uptime is (\S.*)$`)

	// Last reset at 769579 usecs after Wed May 28 16:37:32 2025
	// Last reset
	nxosResetLine = collectors.MustCompile(`^Last reset(?: at \d+ usecs after +(\S.*))?$`)

	// Reason: Reset Requested by CLI command reload
	nxosReasonLine = collectors.MustCompile(`^Reason: +(\S.*)$`)

	// System version: 9.3(15)
	nxosBeforeLine = collectors.MustCompile(`^System version: +(\S+)`)

	// CMP (Module 1) ok
	nxosCMPLine = collectors.MustCompile(`^CMP \(Module (\d+)\)`)

	// CMP BIOS version:        02.01.05
	// CMP Image version:       6.2(14) [build 6.2(14)]
	nxosCMPVersion = collectors.MustCompile(`^CMP (BIOS|Image) version: +(\S+)`)
)

// An nxosSoftware is what "show version" says about one of the images that make up the system. Older releases boot a kickstart
// and a system image; since 7.0(3)I there is one, called NXOS.
type nxosSoftware struct {
	version, label, image, compiled         string
	versionAt, labelAt, imageAt, compiledAt int
}

// addNXOSSoftware states the images that are there: the system, and beside it the kickstart image.
func addNXOSSoftware(r *collectors.Reading, images map[string]*nxosSoftware) {
	system := images["system"]
	if n := images["NXOS"]; n.version != "" || n.image != "" {
		if system.version != "" || system.image != "" {
			r.Problem("line %d: both one image and a system image are named", max(system.versionAt, system.imageAt))
		}
		system = n
	} else if system.version == "" && system.image == "" {
		// The structured replies of 7.0(3)I to 9.2 keep the one image under the kickstart's name.
		system, images["kickstart"] = images["kickstart"], &nxosSoftware{}
	}
	for _, i := range []struct {
		part string
		nxosSoftware
	}{{"", *system}, {"kickstart", *images["kickstart"]}} {
		if i.part == "" {
			r.Add(i.versionAt, facts.OperatingSystem, "", onlyWith(i.version, "NX-OS"))
			r.Add(i.versionAt, facts.RunningVersion, "", i.version)
			r.Add(i.labelAt, facts.ReleaseType, "", i.label)
		} else {
			r.Add(i.versionAt, facts.ComponentVersion, i.part, i.version)
			r.Add(i.labelAt, facts.ReleaseType, i.part, i.label)
		}
		r.Add(i.imageAt, facts.RunningImage, i.part, i.image)
		r.Add(i.compiledAt, facts.CompileTime, i.part, i.compiled)
	}
	switch {
	case system.version == "":
		r.Problem("no software version in the reply")
	case system.image == "":
		r.Problem("no image file in the reply")
	}
}

func newNXOSImages() map[string]*nxosSoftware {
	return map[string]*nxosSoftware{"NXOS": {}, "system": {}, "kickstart": {}}
}

// inBrackets takes the brackets off what stands behind a version.
//
//	[Maintenance Release]
func inBrackets(label string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(label), "["), "]")
}

// onlyWith returns the word where there is a version, and nothing where there is none.
func onlyWith(version, word string) string {
	if version == "" {
		return ""
	}
	return word
}

// readNXOSVersion reads "show version", and the structured forms of it.
func readNXOSVersion(reply collectors.Reply) ([]facts.Fact, error) {
	if isStructured(reply) {
		leaves, err := leavesOf(reply)
		if err != nil {
			return nil, err
		}
		// NX-API can wrap the text for people as well.
		if slices.ContainsFunc(leaves, func(l leaf) bool { return nxosLeaves[l.name] != nil }) {
			return readNXOSVersionLeaves(leaves)
		}
	}
	var (
		r        collectors.Reading
		images   = newNXOSImages()
		used     = map[string]int{}
		firmware string // the block of firmware versions that the line stands in
		cmp      string // the management processor whose block it is
		hardware bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := nxosModuleFirmware.FindStringSubmatch(text); m != nil && firmware != "" {
			r.Add(n, facts.BootLoaderVersion, numbered(firmware+" "+m[1], used), m[2])
			continue
		}
		if text == "Module not detected" || text == "" {
			continue
		}
		firmware = ""
		switch {
		case nxosVersionLine.MatchString(text):
			m := nxosVersionLine.FindStringSubmatch(text)
			switch image := images[m[1]]; {
			case image != nil && image.version != "" && image.version != m[2]:
				r.Problem("line %d: %s in version %q and in version %q", n, m[1], image.version, m[2])
			case image != nil:
				image.version, image.versionAt, image.label, image.labelAt = m[2], n, inBrackets(m[3]), n
			case m[1] == "BIOS" || m[1] == "loader":
				addNXOSLoader(&r, n, m[1], m[2])
			default:
				r.Add(n, facts.ComponentVersion, m[1], m[2])
			}
		case nxosCompileLine.MatchString(text):
			m := nxosCompileLine.FindStringSubmatch(text)
			if image := images[m[1]]; image != nil {
				image.compiled, image.compiledAt = m[2], n
			} else {
				r.Add(n, facts.CompileTime, m[1], m[2])
			}
		case nxosImageLine.MatchString(text):
			m := nxosImageLine.FindStringSubmatch(text)
			image := images[m[1]]
			if image.image != "" && image.image != m[2] {
				r.Problem("line %d: a second %s image: %.80q", n, m[1], m[2])
			}
			image.image, image.imageAt = m[2], n
		case nxosModeLine.MatchString(text):
			r.Add(n, facts.BootMode, "", nxosModeLine.FindStringSubmatch(text)[1])
		case nxosCMPLine.MatchString(text):
			cmp = "CMP module " + nxosCMPLine.FindStringSubmatch(text)[1]
		case nxosCMPVersion.MatchString(text) && cmp != "":
			m := nxosCMPVersion.FindStringSubmatch(text)
			if m[1] == "BIOS" {
				r.Add(n, facts.BootLoaderVersion, cmp, m[2])
			} else {
				r.Add(n, facts.ComponentVersion, cmp, m[2])
			}
		case nxosFirmwareLine.MatchString(text):
			m := nxosFirmwareLine.FindStringSubmatch(text)
			if v := nxosPlainFirmware.FindStringSubmatch(m[2]); v != nil {
				r.Add(n, facts.BootLoaderVersion, m[1], v[1])
			} else if v := nxosModuleFirmware.FindStringSubmatch(m[2]); v != nil {
				r.Add(n, facts.BootLoaderVersion, numbered(m[1]+" "+v[1], used), v[2])
				firmware = m[1]
			} else if m[2] == "" {
				firmware = m[1]
			}
		case text == "Hardware":
			hardware = true
		case hardware && nxosChassisLine.MatchString(text):
			r.Add(n, facts.Model, "", nxosChassisLine.FindStringSubmatch(text)[1])
			hardware = false
		case nxosBoardLine.MatchString(text):
			r.Add(n, facts.SerialNumber, "processor board", nxosBoardLine.FindStringSubmatch(text)[1])
		case nxosNameLine.MatchString(text):
			r.Add(n, facts.Hostname, "", nxosNameLine.FindStringSubmatch(text)[1])
		case nxosFlashLine.MatchString(text):
			m := nxosFlashLine.FindStringSubmatch(text)
			addNXOSFlash(&r, n, m[1]+":", m[2], m[3])
		case nxosUptimeLine.MatchString(text):
			uptime := strings.NewReplacer("(s)", "").Replace(nxosUptimeLine.FindStringSubmatch(text)[1])
			seconds, ok := collectors.Seconds(uptime)
			if !ok {
				r.Problem("line %d: uptime %.80q", n, uptime)
			}
			r.Add(n, facts.Uptime, "", seconds)
		case nxosResetLine.MatchString(text):
			r.Add(n, facts.BootTime, "", nxosResetLine.FindStringSubmatch(text)[1])
		case nxosReasonLine.MatchString(text):
			r.Add(n, facts.ReloadReason, "", nxosReasonLine.FindStringSubmatch(text)[1])
		case nxosBeforeLine.MatchString(text):
			r.Add(n, facts.PreviousVersion, "", nxosBeforeLine.FindStringSubmatch(text)[1])
		}
	}
	addNXOSSoftware(&r, images)
	if !r.Has(facts.SerialNumber, "processor board") {
		r.Problem("no serial number in the reply")
	}
	return r.Done()
}

// addNXOSLoader adds the version of a boot loader; "N/A" is said of one that the device does not have.
func addNXOSLoader(r *collectors.Reading, n int, name, version string) {
	if version != "N/A" {
		r.Add(n, facts.BootLoaderVersion, name, version)
	}
}

// addNXOSFlash adds a file system with its size. A slot without a drive has none.
func addNXOSFlash(r *collectors.Reading, n int, system, kilobytes, sort string) {
	size, err := strconv.ParseUint(kilobytes, 10, 50)
	if err != nil {
		r.Problem("line %d: size %q of %s", n, kilobytes, system)
		return
	}
	if sort == "" {
		sort = "flash"
	}
	if size == 0 {
		r.Add(n, facts.FileSystem, system, sort+noMedium)
		return
	}
	r.Add(n, facts.FileSystem, system, sort)
	r.Add(n, facts.TotalSpace, system, strconv.FormatUint(size*1024, 10))
}

// nxosLeaves are the leaves of the structured reply to "show version" that say something, and what they do.
var nxosLeaves = map[string]func(r *collectors.Reading, images map[string]*nxosSoftware, l leaf){
	"nxos_ver_str":      versionLeaf("NXOS"),
	"kickstart_ver_str": versionLeaf("kickstart"),
	"sys_ver_str":       versionLeaf("system"),
	"nxos_file_name":    imageLeaf("NXOS"),
	"kick_file_name":    imageLeaf("kickstart"),
	"isan_file_name":    imageLeaf("system"),
	"nxos_cmpl_time":    compileLeaf("NXOS"),
	"kick_cmpl_time":    compileLeaf("kickstart"),
	"isan_cmpl_time":    compileLeaf("system"),
	"nxos_tmstmp":       stampLeaf("NXOS"),
	"kick_tmstmp":       stampLeaf("kickstart"),
	"isan_tmstmp":       stampLeaf("system"),

	"bios_ver_str":   loaderLeaf("BIOS"),
	"loader_ver_str": loaderLeaf("loader"),
	"bios_cmpl_time": plainLeaf(facts.CompileTime, "BIOS"),
	"chassis_id":     plainLeaf(facts.Model, ""),
	"proc_board_id":  plainLeaf(facts.SerialNumber, "processor board"),
	"host_name":      plainLeaf(facts.Hostname, ""),
	"rr_ctime":       plainLeaf(facts.BootTime, ""),
	"rr_reason":      plainLeaf(facts.ReloadReason, ""),
	"rr_sys_ver":     plainLeaf(facts.PreviousVersion, ""),
	"bootflash_size": flashLeaf("bootflash:"),
	"slot0_size":     flashLeaf("slot0:"),
	"usb1_size":      flashLeaf("usb1:"),
}

// nxosUptimeLeaves are the terms of the uptime, with their seconds.
var nxosUptimeLeaves = map[string]int64{"kern_uptm_days": 86400, "kern_uptm_hrs": 3600, "kern_uptm_mins": 60, "kern_uptm_secs": 1}

type leafReader = func(*collectors.Reading, map[string]*nxosSoftware, leaf)

func versionLeaf(image string) leafReader {
	return func(_ *collectors.Reading, images map[string]*nxosSoftware, l leaf) {
		version, label, _ := strings.Cut(l.value, " ")
		i := images[image]
		i.version, i.versionAt = version, l.line
		i.label, i.labelAt = inBrackets(label), l.line
	}
}

func imageLeaf(image string) leafReader {
	return func(_ *collectors.Reading, images map[string]*nxosSoftware, l leaf) {
		images[image].image, images[image].imageAt = l.value, l.line
	}
}

func compileLeaf(image string) leafReader {
	return func(_ *collectors.Reading, images map[string]*nxosSoftware, l leaf) {
		i := images[image]
		i.compiled, i.compiledAt = strings.TrimSpace(l.value+" "+i.compiled), l.line
	}
}

// stampLeaf completes the compile time: the text form has both, "6/28/2017 14:00:00 [06/28/2017 23:53:29]".
func stampLeaf(image string) leafReader {
	return func(_ *collectors.Reading, images map[string]*nxosSoftware, l leaf) {
		if i := images[image]; l.value != "" {
			i.compiled = strings.TrimSpace(i.compiled + " [" + l.value + "]")
			i.compiledAt = max(i.compiledAt, l.line)
		}
	}
}

func plainLeaf(kind facts.Kind, subject string) leafReader {
	return func(r *collectors.Reading, _ map[string]*nxosSoftware, l leaf) { r.Add(l.line, kind, subject, l.value) }
}

func loaderLeaf(name string) leafReader {
	return func(r *collectors.Reading, _ map[string]*nxosSoftware, l leaf) {
		if l.value != "" {
			addNXOSLoader(r, l.line, name, l.value)
		}
	}
}

func flashLeaf(system string) leafReader {
	return func(r *collectors.Reading, _ map[string]*nxosSoftware, l leaf) {
		sort := "expansion flash"
		if system == "bootflash:" {
			sort = ""
		}
		addNXOSFlash(r, l.line, system, l.value, sort)
	}
}

func readNXOSVersionLeaves(leaves []leaf) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		images   = newNXOSImages()
		seen     = map[string]string{}
		uptime   int64
		uptimeAt int
	)
	for _, l := range leaves {
		l.value = strings.TrimSpace(l.value)
		read, known := nxosLeaves[l.name]
		seconds, term := nxosUptimeLeaves[l.name]
		switch before, again := seen[l.name]; {
		case !known && !term:
			continue
		case again && before != l.value:
			r.Problem("line %d: a second %s: %.80q", l.line, l.name, l.value)
			continue
		case again:
			continue
		}
		seen[l.name] = l.value
		if known {
			read(&r, images, l)
			continue
		}
		n, err := strconv.ParseInt(l.value, 10, 32)
		if err != nil || n < 0 {
			r.Problem("line %d: uptime %.80q", l.line, l.value)
			continue
		}
		uptime += n * seconds
		uptimeAt = l.line
	}
	if uptimeAt > 0 {
		r.Add(uptimeAt, facts.Uptime, "", strconv.FormatInt(uptime, 10))
	}
	addNXOSSoftware(&r, images)
	if !r.Has(facts.SerialNumber, "processor board") {
		r.Problem("no serial number in the reply")
	}
	return r.Done()
}
