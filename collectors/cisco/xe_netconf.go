package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// The operations of IOS XE's YANG models that state what an integrity visit needs. The names of models and leaves are those
// of YangModels, vendor/cisco/xe. A release that lacks a model answers with an empty <data/>.

const xeModels = "http://cisco.com/ns/yang/Cisco-IOS-XE-"

// getModel asks for the container of a model.
func getModel(container, module string) string {
	return `<get><filter type="subtree"><` + container + ` xmlns="` + xeModels + module + `"/></filter></get>`
}

var xeRPCs = []collectors.Query{
	{Commands: []string{getModel("device-hardware-data", "device-hardware-oper")}, Unless: notXE, Yields: deviceHardwareYields, Read: readDeviceHardware},
	{Commands: []string{getModel("install-oper-data", "install-oper")}, Unless: notXE, Yields: []facts.Kind{facts.Package, facts.PackageState}, Read: readInstallOper},
	{Commands: []string{getModel("cisco-platform-software", "platform-software-oper")}, Unless: notXE, Yields: []facts.Kind{facts.File, facts.ImageDigest}, Read: readPlatformSoftware},
	{Commands: []string{getModel("boot-integrity-oper-data", "boot-integrity-oper")}, Unless: notXE, Yields: []facts.Kind{facts.BootMeasurement}, Read: readBootIntegrity},
}

var deviceHardwareYields = []facts.Kind{
	facts.RunningVersion, facts.SoftwareImage, facts.OperatingSystem, facts.BootLoaderVersion, facts.ReloadReason, facts.BootTime,
	facts.ConfigRegister, facts.NextConfigRegister, facts.NextBootVariable, facts.BootSetting, facts.BootLoaderVariable, facts.Model, facts.SerialNumber, facts.Component, facts.HardwareVersion,
}

// readDeviceHardware reads device-hardware-data of Cisco-IOS-XE-device-hardware-oper: rommon-version since 16.8, rommon-entry since 17.14,
// cr-info since 17.16.
//
//	<device-inventory><hw-type>hw-type-chassis</hw-type><hw-dev-index>0</hw-dev-index><version>V00</version>
//	  <part-number>CSR1000V</part-number><serial-number>9KIBQAQ3OPE</serial-number><dev-name>Chassis</dev-name></device-inventory>
//	<device-system-data><software-version>Cisco IOS Software [Amsterdam], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M),
//	  Version 17.3.1a, RELEASE SOFTWARE (fc3)</software-version><rommon-version>IOS-XE ROMMON</rommon-version>
//	  <cr-info><cr-hex>0x2102</cr-hex><cr-next-hex>0x2102</cr-next-hex></cr-info></device-system-data>
func readDeviceHardware(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	for part := range root.All("device-inventory") {
		name, _ := part.Value("dev-name")
		if name == "" {
			name, _ = part.Value("hw-description")
		}
		for _, f := range []struct {
			leaf string
			kind facts.Kind
		}{{"hw-description", facts.Component}, {"part-number", facts.Model}, {"serial-number", facts.SerialNumber}, {"version", facts.HardwareVersion}} {
			value, line := part.Value(f.leaf)
			if name == "" && value != "" {
				r.Problem("line %d: a part without a name", line)
				break
			}
			r.Add(line, f.kind, name, value)
		}
	}
	for system := range root.All("device-system-data") {
		readSystemData(&r, system)
	}
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no software version in the reply")
	}
	return r.Done()
}

func readSystemData(r *collectors.Reading, system *collectors.Element) {
	text, line := system.Value("software-version")
	joined := strings.Join(strings.Fields(text), " ") // the banner of show version, in lines
	first, _, _ := strings.Cut(joined, " Technical Support")
	if m := softwareLine.FindStringSubmatch(first); m != nil {
		r.Add(line, facts.RunningVersion, "", m[3])
		r.Add(line, facts.SoftwareImage, "", m[1])
		r.Add(line, facts.OperatingSystem, "", "IOS XE")
	}
	// A loader that states no version: IOS-XE ROMMON
	if version, line := system.Value("rommon-version"); strings.ContainsAny(version, "0123456789") {
		r.Add(line, facts.BootLoaderVersion, "ROMMON", version)
	}
	reason, line := system.Value("last-reboot-reason")
	r.Add(line, facts.ReloadReason, "", reason)
	booted, line := system.Value("boot-time")
	r.Add(line, facts.BootTime, "", booted)
	register, line := system.Value("cr-info", "cr-hex")
	r.Add(line, facts.ConfigRegister, "", register)
	next, line := system.Value("cr-info", "cr-next-hex")
	r.Add(line, facts.NextConfigRegister, "", next)
	for entry := range system.All("rommon-entry") {
		name, _ := entry.Value("var-name")
		value, line := entry.Value("var-value")
		if lastingVariables[strings.TrimPrefix(name, "BP_")] {
			r.Add(line, facts.BootLoaderVariable, name, value)
		}
		if name == "BOOT" {
			addBootList(r, line, facts.NextBootVariable, "", value)
		}
	}
}

// installStatesOper are the ends of the model's states, longest first.
//
//	install-version-state-provisioned-uncommitted
//	install-version-state-present
var installStatesOper = []struct{ ending, state string }{
	{"deactivated-uncommitted", "deactivated and uncommitted"},
	{"uncommitted", "activated and uncommitted"},
	{"committed", "activated and committed"},
	{"present", "inactive"},
	{"inactive", "inactive"},
}

// readInstallOper reads install-oper-data of Cisco-IOS-XE-install-oper (since 17.3): the versions of each location with their state.
//
//	<install-version-state-info><version>17.09.04a.0.4872</version><version-extension>1694079563</version-extension>
//	  <current>install-version-state-provisioned-committed</current></install-version-state-info>
func readInstallOper(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	var locations []*collectors.Element
	for location := range root.All("install-location-information") {
		locations = append(locations, location)
	}
	for _, location := range locations {
		prefix := ""
		if len(locations) > 1 { // as show install summary names it
			prefix = placeOf(location) + " "
		}
		for info := range location.All("install-version-state-info") {
			version, line := info.Value("version")
			subject := prefix + "IMG " + version
			r.Add(line, facts.Package, subject, version)
			current, line := info.Value("current")
			state := ""
			for _, s := range installStatesOper {
				if strings.HasSuffix(current, s.ending) {
					state = s.state
					break
				}
			}
			if state == "" && current != "" {
				r.Problem("line %d: install state %q", line, current)
			}
			r.Add(line, facts.PackageState, subject, state)
		}
	}
	if r.Empty() {
		r.Problem("no installed version in the reply")
	}
	return r.Done()
}

// placeOf names a location.
//
//	<fru>fru-rp</fru><slot>0</slot><bay>0</bay><chassis>1</chassis><node>0</node>
func placeOf(location *collectors.Element) string {
	chassis, _ := location.Value("chassis")
	fru, _ := location.Value("fru")
	slot, _ := location.Value("slot")
	if chassis != "" && !strings.HasPrefix(chassis, "-") {
		return "switch " + chassis
	}
	return strings.TrimPrefix(fru, "fru-") + " " + slot
}

// readPlatformSoftware reads cisco-platform-software of Cisco-IOS-XE-platform-software-oper: the image files that are booted from,
// with their size and digest.
//
//	<image-files><full-path>/bootflash/isr4300-universalk9.17.09.04a.SPA.bin</full-path><file-size>7070212</file-size>
//	  <sha1sum>0f58a02f3d3f1e1be8f509d2e5b58fb8aabbccdd</sha1sum></image-files>
func readPlatformSoftware(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	files := 0
	for file := range root.All("image-files") {
		path, _ := file.Value("full-path")
		if path == "" {
			r.Problem("line %d: an image file without a path", file.Line)
			continue
		}
		files++
		size, line := file.Value("file-size")
		r.Add(line, facts.File, path, size)
		if sum, line := file.Value("sha1sum"); sum != "" {
			addDigest(&r, line, facts.ImageDigest, path, "sha1", sum)
		}
	}
	if files == 0 {
		r.Problem("no image file in the reply")
	}
	return r.Done()
}

// readBootIntegrity reads boot-integrity-oper-data of Cisco-IOS-XE-boot-integrity-oper (since 16.9): what the trust anchor measured
// at boot. Unsigned, it is no more than a statement of the device over its second channel (ndi.md, NDI-BC-08).
//
//	<boot-loader-version>17.1.1r</boot-loader-version><boot-loader-hash>0F58…</boot-loader-hash>
//	<package-integrity><name>cat9k-rpbase.17.09.04a.SPA.pkg</name><hash>0F58…</hash></package-integrity>
func readBootIntegrity(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	measureIn(&r, root)
	if r.Empty() {
		r.Problem("no measurement in the reply")
	}
	return r.Done()
}

// measureIn adds the digests among an element's leaves, each under the name that stands beside it or in its own name.
func measureIn(r *collectors.Reading, e *collectors.Element) {
	name, _ := e.Value("name")
	for _, c := range e.Children {
		algorithm, hex := hexLengths[len(c.Text)], strings.ToLower(c.Text)
		stem, hashed := strings.CutSuffix(c.Name, "hash")
		switch {
		case len(c.Children) > 0:
			measureIn(r, c)
		case !hashed || c.Text == "":
		case algorithm == "" || strings.Trim(hex, "0123456789abcdef") != "":
			r.Problem("line %d: %s is no digest: %.40q", c.Line, c.Name, c.Text)
		default:
			subject := strings.ReplaceAll(strings.TrimSuffix(stem, "-"), "-", " ")
			if name != "" {
				subject = name
			}
			r.Add(c.Line, facts.BootMeasurement, subject, algorithm+":"+hex)
		}
	}
}
