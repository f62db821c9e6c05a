package arista

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var versionYields = []facts.Kind{
	facts.OperatingSystem, facts.Model, facts.HardwareVersion, facts.SerialNumber, facts.BaseMAC, facts.RunningVersion, facts.ReleaseType,
	facts.BuildID, facts.SoftwareImage, facts.Uptime, facts.BootTime,
}

var (
	// Arista DCS-7280SR-48C6-F
	// Arista vEOS-lab
	modelLine = collectors.MustCompile(`^Arista (\S+)(?: .*)?$`)

	// Hardware version:    12.00
	// Serial number: 35BA12C16E793CAD48DE0EEC072CFD74
	// Software image version: 4.31.6M-39953990.4316M (engineering build)
	// Uptime:                 26 weeks, 1 days, 0 hours and 31 minutes
	versionSetting = collectors.MustCompile(`^([A-Z][A-Za-z ]*?):\s*(\S.*)?$`)

	// cEOS tools version: (unknown)
	toolsSetting = collectors.MustCompile(`^cEOS tools version:`)

	// 4.31.6M-39953990.4316M (engineering build)
	// 4.28.9M
	imageVersion = regexp.MustCompile(`^(\S+)(?: \(([^()]+)\))?$`)
)

// versionFields are the properties of both forms.
var versionFields = []struct {
	text, json string
	kind       facts.Kind
	subject    string
}{
	{"Hardware version", "hardwareRevision", facts.HardwareVersion, ""},
	{"Serial number", "serialNumber", facts.SerialNumber, ""},
	{"System MAC address", "systemMacAddress", facts.BaseMAC, ""},
	{"Internal build version", "internalVersion", facts.BuildID, ""},
	{"Internal build ID", "internalBuildId", facts.BuildID, "internal build id"},
	{"Architecture", "architecture", facts.SoftwareImage, "architecture"},
	{"Image format version", "imageFormatVersion", facts.SoftwareImage, "image format version"},
	{"Image optimization", "imageOptimization", facts.SoftwareImage, "image optimization"},
}

// readVersion reads "show version".
func readVersion(reply collectors.Reply) ([]facts.Fact, error) {
	if isJSON(reply) {
		return readVersionJSON(reply)
	}
	var r collectors.Reading
	model := false
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := modelLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.Model, "", m[1])
			model = true
			continue
		}
		m := versionSetting.FindStringSubmatch(text)
		if m == nil {
			if model && text != "" && !toolsSetting.MatchString(text) {
				r.Problem("line %d: not a property of the system: %.80q", n, text)
			}
			continue
		}
		switch m[1] {
		case "Software image version":
			addVersion(&r, n, m[2])
		case "Uptime":
			if m[2] == unknownUptime {
				continue
			}
			if seconds, ok := wordsToSeconds(m[2]); ok {
				r.Add(n, facts.Uptime, "", seconds)
			} else {
				r.Problem("line %d: not a duration: %.80q", n, m[2])
			}
		default:
			for _, f := range versionFields {
				if f.text == m[1] {
					r.Add(n, f.kind, f.subject, m[2])
				}
			}
		}
	}
	return endVersion(&r)
}

// unknownUptime is what a container prints.
const unknownUptime = "N/A"

func addVersion(r *collectors.Reading, line int, text string) {
	m := imageVersion.FindStringSubmatch(text)
	if m == nil {
		r.Problem("line %d: not a version: %.80q", line, text)
		return
	}
	r.Add(line, facts.RunningVersion, "", m[1])
	r.Add(line, facts.OperatingSystem, "", "EOS")
	r.Add(line, facts.ReleaseType, "", m[2])
}

func endVersion(r *collectors.Reading) ([]facts.Fact, error) {
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no software image version in the reply")
	}
	if !r.Has(facts.Model, "") {
		r.Problem("no model in the reply")
	}
	return r.Done()
}

func readVersionJSON(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := parseJSON(reply)
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	if model := root.field("modelName"); model.text != "" {
		r.Add(model.line, facts.Model, "", model.text)
	}
	if version := root.field("version"); version.text != "" {
		addVersion(&r, version.line, version.text)
	}
	for _, f := range versionFields {
		r.Add(root.field(f.json).line, f.kind, f.subject, root.field(f.json).text)
	}
	r.Add(root.field("bootupTimestamp").line, facts.BootTime, "", root.field("bootupTimestamp").text)
	if uptime := root.field("uptime"); uptime.text != "" { // since 4.20
		whole, _, _ := strings.Cut(uptime.text, ".")
		if _, err := strconv.ParseUint(whole, 10, 40); err == nil {
			r.Add(uptime.line, facts.Uptime, "", whole)
		} else {
			r.Problem("line %d: not a duration: %.80q", uptime.line, uptime.text)
		}
	}
	return endVersion(&r)
}

// durationUnits are the words for a duration, and their seconds.
var durationUnits = map[string]int64{
	"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60, "week": 7 * 24 * 60 * 60, "year": 365 * 24 * 60 * 60,
}

var (
	// 2 days, 15 hours and 56 minutes
	durationTerm = regexp.MustCompile(`^(\d{1,9}) (second|minute|hour|day|week|year)s?$`)

	// 74 days, 0:25:22
	// 0:25:22
	clockTime = regexp.MustCompile(`^(?:(\d{1,6}) days?, )?(\d{1,3}):(\d{2}):(\d{2})$`)
)

// wordsToSeconds reads a duration in words.
func wordsToSeconds(text string) (string, bool) {
	total := int64(0)
	for term := range strings.SplitSeq(strings.ReplaceAll(text, " and ", ", "), ", ") {
		m := durationTerm.FindStringSubmatch(strings.TrimSpace(term))
		if m == nil {
			return "", false
		}
		total += int64(number(m[1])) * durationUnits[m[2]]
	}
	return strconv.FormatInt(total, 10), true
}

// clockToSeconds reads a duration of days and a clock's digits.
func clockToSeconds(text string) (string, bool) {
	m := clockTime.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return strconv.FormatInt(int64(number(m[1]))*86400+int64(number(m[2]))*3600+int64(number(m[3]))*60+int64(number(m[4])), 10), true
}

// number reads digits that a pattern has checked; missing ones count as 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

var detailYields = []facts.Kind{facts.BootLoaderVersion, facts.ComponentVersion}

// bootLoader is what starts the system.
const bootLoader = "Aboot"

// readVersionDetail reads the components of "show version detail": the boot loader and the programmable parts. What the image
// is packed of is told by its build.
//
//	"components": [{"name": "Aboot", "version": "Aboot-norcal7-7.2.0-pcie2x4-6128821"}, {"name": "FixedSystemFpga", "version": "0x16"}]
//
//	Component              Version
//	---------------------- -----------------------------------
//	Aboot                  Aboot-norcal7-7.2.0-pcie2x4-6128821
func readVersionDetail(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	used := map[string]int{}
	add := func(line int, name, version string) {
		kind := facts.ComponentVersion
		if name == bootLoader {
			kind = facts.BootLoaderVersion
		}
		if name == "" && version != "" {
			r.Problem("line %d: a version of nothing", line)
			return
		}
		r.Add(line, kind, numbered(name, used), version)
	}
	if isJSON(reply) {
		root, err := parseJSON(reply)
		if err != nil {
			return nil, err
		}
		for _, c := range root.field("details").field("components").items {
			add(c.field("version").line, c.field("name").text, c.field("version").text)
		}
	} else {
		tables, _ := readTables(reply)
		for _, t := range tables {
			if len(t.names) < 2 || t.names[0] != "Component" || t.names[1] != "Version" {
				continue
			}
			for _, row := range t.rows {
				if row.cells == nil {
					r.Problem("line %d: not a component: %.80q", row.line, row.text)
				}
				add(row.line, row.cells["Component"], row.cells["Version"])
			}
		}
	}
	if r.Empty() {
		r.Problem("no component in the reply")
	}
	return r.Done()
}

// numbered tells parts of one name apart: "Aboot", "Aboot #2". It counts in used.
func numbered(name string, used map[string]int) string {
	if used[name]++; used[name] > 1 {
		return name + " #" + strconv.Itoa(used[name])
	}
	return name
}
