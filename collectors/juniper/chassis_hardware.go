package juniper

import (
	"cmp"
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var hardwareYields = []facts.Kind{facts.Component, facts.Model, facts.SerialNumber, facts.HardwareVersion}

var (
	// Item             Version  Part number  Serial number     Description
	// Item             Version  Part number  Serial number     FRU model number
	hardwareHeading = collectors.MustCompile(`^Item +Version +Part number +Serial number +(?:Description|FRU model number)`)

	// Hardware inventory:
	hardwareTitle = collectors.MustCompile(`^Hardware inventory:$`)

	// FPC 0
	// Routing Engine 1
	// Fan Tray
	numberedItem = collectors.MustCompile(`^(\S.*?) (\d+)$`)
)

// A part is a row of the inventory.
type part struct {
	line                                    int
	member                                  string
	level                                   int // how deep it lies in the chassis
	item, version, number, serial, describe string
}

// readChassisHardware reads "show chassis hardware". How far an item is indented says what it lies in.
func readChassisHardware(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		parts   []part
		columns []int
	)
	for l := range memberLines(&r, reply) {
		switch {
		case hardwareTitle.MatchString(l.text):
			columns = nil
		case hardwareHeading.MatchString(l.text):
			columns = []int{0, strings.Index(l.text, "Version"), strings.Index(l.text, "Part"), strings.Index(l.text, "Serial"), 0}
			columns[4] = max(strings.Index(l.text, "Description"), strings.Index(l.text, "FRU"))
		case columns == nil:
			r.Problem("line %d: not a part: %.80q", l.number, l.text)
		default:
			f := fields(l.text, columns)
			if slices.ContainsFunc(f[:4], func(cell string) bool { return strings.Contains(cell, "  ") }) {
				r.Problem("line %d: not a part: %.80q", l.number, l.text) // it does not stand below the heading
				continue
			}
			indent := len(l.text) - len(strings.TrimLeft(l.text, " "))
			parts = append(parts, part{l.number, l.member, indent / 2, f[0], f[1], f[2], f[3], f[4]})
		}
	}
	addParts(&r, parts)
	return r.Done()
}

// deepest bounds how deep parts may lie in one another.
const deepest = 8

// addParts adds the parts of all members, each named after those that it lies in. The first member's chassis is the device's.
func addParts(r *collectors.Reading, parts []part) {
	var (
		path  []string
		used  = map[string]int{}
		first = ""
	)
	for i, p := range parts {
		if i == 0 {
			first = p.member
		}
		if i == 0 || p.member != parts[i-1].member {
			path = nil
		}
		if p.item == "" {
			r.Problem("line %d: a part without a name", p.line)
			continue
		}
		if p.item == chassis && p.level == 0 {
			addFor(r, p.line, facts.Model, p.member, p.member == first, p.describe)
			addFor(r, p.line, facts.SerialNumber, p.member, p.member == first, p.serial)
			addFor(r, p.line, facts.HardwareVersion, p.member, p.member == first, p.version)
			continue
		}
		path = append(path[:min(p.level, len(path), deepest)], componentName(p.item))
		name := numberedPart(of(p.member, strings.Join(path, " ")), used)
		r.Add(p.line, facts.Component, name, cmp.Or(p.describe, p.item))
		r.Add(p.line, facts.Model, name, p.number)
		r.Add(p.line, facts.HardwareVersion, name, p.version)
		r.Add(p.line, facts.SerialNumber, name, p.serial)
	}
	if !r.Has(facts.SerialNumber, "") && !r.Has(facts.Model, "") {
		r.Problem("no chassis in the reply")
	}
}

// chassis is the item that is the device.
const chassis = "Chassis"

// componentName names an item: "fpc0" and "re1", as the headings of other replies do, and "pem 0", "xcvr 4".
func componentName(item string) string {
	if m := numberedItem.FindStringSubmatch(item); m != nil {
		switch m[1] {
		case "FPC":
			return "fpc" + m[2]
		case "Routing Engine":
			return "re" + m[2]
		}
	}
	return strings.ToLower(item)
}

var firmwareYields = []facts.Kind{facts.BootLoaderVersion, facts.ComponentVersion}

var (
	// Part                     Type       Version
	firmwareHeading = collectors.MustCompile(`^Part +Type +Version`)

	// Version 12.3R12.4 by builder on 2016-01-20 05:03:06 UTC
	firmwareSystem = collectors.MustCompile(`^Version (\S+) by `)
)

// readChassisFirmware reads "show chassis firmware": the boot loaders of the routing engines and line cards, and the system that
// each runs. A line without a part belongs to the part above.
func readChassisFirmware(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		columns []int
		name    string
		told    bool
		used    = map[string]int{}
	)
	for l := range memberLines(&r, reply) {
		if firmwareHeading.MatchString(l.text) {
			columns = []int{0, strings.Index(l.text, "Type"), strings.Index(l.text, "Version")}
			name, told = "", true
			continue
		}
		if columns == nil {
			r.Problem("line %d: not a row of the table of firmware: %.80q", l.number, l.text)
			continue
		}
		f := fields(l.text, columns)
		if f[0] != "" {
			name = of(l.member, componentName(f[0]))
		}
		system := firmwareSystem.FindStringSubmatch(f[2])
		switch {
		case name == "" || f[1] == "" && f[2] != "":
			r.Problem("line %d: firmware of nothing: %.80q", l.number, l.text)
		case system != nil:
			r.Add(l.number, facts.ComponentVersion, name, system[1])
		default:
			r.Add(l.number, facts.BootLoaderVersion, numberedPart(of(name, f[1]), used), f[2])
		}
	}
	if !told {
		r.Problem("no table of firmware in the reply")
	}
	return r.Done()
}

var (
	// Part             Type       Tag Current   Available Status
	systemFirmwareHeading = collectors.MustCompile(`^Part +Type +Tag +Current +Available +Status`)

	// The second line of the heading.
	//                                 version   version
	systemFirmwareSubheading = collectors.MustCompile(`^ +version +version$`)

	// RE BIOS
	// RE BIOS Backup
	// U-Boot
	loaderType = collectors.MustCompile(`(?i)\b(?:BIOS|U-?Boot|uboot|loader|ROM)\b`)
)

// readSystemFirmware reads "show system firmware": the BIOS and the other firmware that can be renewed, as it is now.
func readSystemFirmware(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		columns []int
		told    bool
		used    = map[string]int{}
	)
	for l := range memberLines(&r, reply) {
		switch {
		case systemFirmwareHeading.MatchString(l.text):
			columns = []int{0}
			for _, word := range []string{"Type", "Tag", "Current", "Available", "Status"} {
				columns = append(columns, strings.Index(l.text, word))
			}
			told = true
		case columns != nil && systemFirmwareSubheading.MatchString(l.text):
		case columns == nil:
			r.Problem("line %d: not a row of the table of firmware: %.80q", l.number, l.text)
		default:
			f := fields(l.text, columns)
			if f[0] == "" || f[1] == "" || !digits(f[2]) {
				r.Problem("line %d: not a row of the table of firmware: %.80q", l.number, l.text)
				continue
			}
			kind := facts.ComponentVersion
			if loaderType.MatchString(f[1]) {
				kind = facts.BootLoaderVersion
			}
			r.Add(l.number, kind, numberedPart(of(of(l.member, componentName(f[0])), f[1]), used), f[3])
		}
	}
	if !told {
		r.Problem("no table of firmware in the reply")
	}
	return r.Done()
}
