package fortinet

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)
	// Version: FortiGate-VM64-KVM v7.6.0,build3401,240724 (GA.F)
	// Version: FortiGate-100D v5.2.3,build670,150318 (GA)
	// Version: FortiGate-310B v5.0,build0252 (GA Patch 5)
	// Version: Fortigate-50B v4.0,build0482,110920 (MR3 Patch 2)
	versionLine = collectors.MustCompile(`^(\S+) v((\d+\.\d+)(\.\d+)?,build(\d+))(?:,(\d{6,8}))?(?: \(([^()]*)\))?$`)

	// Hostname: fgt-600e
	// AV AI/ML Model: 2.05720(2022-05-23 11:45)
	pairLine = collectors.MustCompile(`^([A-Za-z][^:]{0,59}?)\s*:\s*(.*)$`)

	// 90.02571(2022-05-23 20:26)
	// 0.00000(2001-01-01 00:00)
	databaseVersion = collectors.MustCompile(`^\d+\.\d+ ?\(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?\)$`)

	// fgt1 (global) # get system status
	// fgt1 #
	promptLine = collectors.MustCompile(`^[\w.\-@/:]{1,63}(?: \[\w+\])?(?: \([^()]*\))* ?[#$](?: |$)`)
)

var statusYields = []facts.Kind{
	facts.OperatingSystem, facts.Model, facts.RunningVersion, facts.ComponentVersion, facts.BuildID, facts.CompileTime, facts.ReleaseType,
	facts.SerialNumber, facts.Hostname, facts.BootLoaderVersion, facts.HardwareVersion, facts.Signature, facts.SignatureDetail,
	facts.IntegritySetting, facts.ContentVersion, facts.ComponentState, facts.Redundancy, facts.ReloadReason,
}

// statusKinds are the lines of "get system status" that state a fact, by their lower-case name. Databases are told by their
// version, and any other name says nothing about the device's integrity.
var statusKinds = map[string]struct {
	kind    facts.Kind
	subject string
}{
	"serial-number":               {facts.SerialNumber, ""},
	"hostname":                    {facts.Hostname, ""},
	"bios version":                {facts.BootLoaderVersion, "BIOS"},
	"system part-number":          {facts.HardwareVersion, ""},
	"log hard disk":               {facts.ComponentState, "log hard disk"},
	"branch point":                {facts.BuildID, "branch point"},
	"first ga patch build date":   {facts.BuildID, "first ga patch build date"},
	"release version information": {facts.ReleaseType, "release version information"},
	"last reboot reason":          {facts.ReloadReason, ""},
	"current ha mode":             {facts.Redundancy, "current ha mode"},
	"fips-cc mode":                {facts.IntegritySetting, "fips-cc mode"},
	// One setting under the names that the releases gave it: 7.0.13 and 7.4.1 print a number, 7.4.7 a word, 7.4.8 the third name.
	"security level":         {facts.IntegritySetting, "security level"},
	"current security level": {facts.IntegritySetting, "security level"},
	"bios security level":    {facts.IntegritySetting, "security level"},
}

// readStatus reads "get system status": one name and value a line.
func readStatus(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := pairLine.FindStringSubmatch(text)
		if m == nil || promptLine.MatchString(text) {
			if text != "" && !promptLine.MatchString(text) {
				r.Problem("line %d: not a name and its value: %.80q", n, text)
			}
			continue
		}
		name, value := strings.ToLower(m[1]), m[2]
		switch known, ok := statusKinds[name]; {
		case name == "version":
			addVersion(&r, n, value)
		case name == "firmware signature":
			addFirmwareSignature(&r, n, value)
		case ok:
			r.Add(n, known.kind, known.subject, value)
		case databaseVersion.MatchString(value):
			r.Add(n, facts.ContentVersion, name, value)
		}
	}
	for _, must := range []facts.Kind{facts.RunningVersion, facts.SerialNumber} {
		if !r.Has(must, "") {
			r.Problem("no %s in the reply", must)
		}
	}
	return r.Done()
}

// addVersion takes the version line apart. Version and build are stated a second time together, under the system's name: a
// firmware partition names its build without the patch level.
//
// Up to 5.0 the version has no patch level, and the build alone tells two of them apart: then it is part of the version.
func addVersion(r *collectors.Reading, n int, value string) {
	m := versionLine.FindStringSubmatch(value)
	if m == nil {
		r.Problem("line %d: not a version of FortiOS: %.80q", n, value)
		return
	}
	version := m[3] + m[4]
	if m[4] == "" {
		version = m[2]
	}
	r.Add(n, facts.OperatingSystem, "", "FortiOS")
	r.Add(n, facts.Model, "", m[1])
	r.Add(n, facts.RunningVersion, "", version)
	r.Add(n, facts.ComponentVersion, "FortiOS", m[2])
	r.Add(n, facts.BuildID, "", m[5])
	r.Add(n, facts.CompileTime, "", m[6])
	r.Add(n, facts.ReleaseType, "", m[7])
}

// addFirmwareSignature notes what the device says of the signature of the image that it booted, in its own word too.
func addFirmwareSignature(r *collectors.Reading, n int, value string) {
	r.Add(n, facts.SignatureDetail, "running firmware signature", value)
	switch strings.ToLower(value) {
	case "certified":
		r.Add(n, facts.Signature, "running", "verified")
	case "un-certified", "uncertified":
		r.Add(n, facts.Signature, "running", "failed")
	default:
		r.Problem("line %d: a firmware signature that is neither certified nor un-certified: %.80q", n, value)
	}
}
