package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var xrVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.RunningVersion, facts.BuildID, facts.CompiledBy, facts.CompileTime, facts.BootLoaderVersion, facts.Hostname, facts.Uptime,
	facts.RunningImage, facts.BootVariable, facts.Model, facts.ConfigRegister, facts.NextConfigRegister, facts.ComponentVersion, facts.SoftwareImage,
}

var (
	// Cisco IOS XR Software, Version 6.1.4
	// Cisco IOS XR Software, Version 6.1.4.10I[Default]
	// Cisco IOS XR Software, Version 7.9.2 LNT
	xrSoftwareLine = collectors.MustCompile(`^Cisco (IOS XR) Software, Version (\d\S*?(?: LNT)?)(?:\[[^\]]*\])?$`)

	//  Built By     : ahoang
	//  Built On     : Thu Jun 29 15:31:09 PDT 2017
	//  Built Host   : iox-ucs-019
	//  Label        : 7.9.2
	xrBuildLine = collectors.MustCompile(`^(Built By|Built On|Build Host|Built Host|Workspace|Version|Location|Label) *: *(\S.*)$`)

	// ROM: System Bootstrap, Version 2.100(20100129:213223) [CRS-1 ROMMON],
	// ROM: System Bootstrap, Version 5.15(c) 1994-2012 by Cisco Systems,  Inc.
	xrLoaderLine = collectors.MustCompile(`^ROM: System Bootstrap, Version (\d+\.\d+(?:\(\d[^)]*\))?)`)

	// gemini uptime is 1 week, 1 day, 17 hours, 47 minutes
	// System uptime is 1 day 16 hours 32 minutes
	xrUptimeLine = collectors.MustCompile(`^(\S+) uptime is (.+)$`)

	// System image file is "disk0:asr9k-os-mbi-5.3.2.sp1-1.0.0/0x100305/mbiasr9k-rsp3.vm"
	// System image file is "bootflash:disk0/hfr-os-mbi-4.1.0/mbihfr-rp.vm"
	xrImageLine = collectors.MustCompile(`^System image file is "([^"]+)"$`)

	// cisco NCS-5500 () processor
	// cisco IOS-XRv 9000 () processor
	// cisco CRS-8/S (7457) processor with 4194304K bytes of memory.
	// cisco 8202-32FH-M (Intel(R) Xeon(R) CPU D-1530 @ 2.41GHz) processor with 64GB of memory
	xrModelLine = collectors.MustCompile(`^[Cc]isco (\S.*?) \(.*\) processor\b`)

	// ASR 9912 10 Line Card Slot Chassis with V2 AC PEM
	// ASR 9006 4 Line Card Slot Chassis with V2 AC PEM
	xrChassisLine = collectors.MustCompile(`^(\S+ \S+) \d+ Line Card Slot Chassis\b`)

	// Configuration register on node 0/RSP0/CPU0 is 0x1922
	xrRegisterLine = collectors.MustCompile(`^Configuration register on node (\S+) is (0x[0-9A-Fa-f]+)$`)

	// Boot device on node 0/RSP0/CPU0 is disk0:
	// Package active on node 0/RSP0/CPU0:
	xrNodeLine = collectors.MustCompile(`^Package active on node (\S+):$`)

	// hfr-doc, V 4.1.0[Default], Cisco Systems, at disk0:hfr-doc-4.1.0
	xrPackageLine = collectors.MustCompile(`^(\S+), V (\d[^,\[\s]*)(?:\[[^\]]*\])?, .*\bat (\S+)$`)
)

// readXRVersion reads "show version" and "show version brief".
func readXRVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r                  collectors.Reading
		family, chassis    string
		familyAt, chassisN int
		register           bool
		node               string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := xrSoftwareLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.OperatingSystem, "", m[1])
			r.Add(n, facts.RunningVersion, "", m[2])
		} else if m := xrBuildLine.FindStringSubmatch(text); m != nil {
			addXRBuild(&r, n, m[1], m[2])
		} else if m := xrLoaderLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootLoaderVersion, "ROM", m[1])
		} else if m := xrUptimeLine.FindStringSubmatch(text); m != nil {
			if m[1] != "System" {
				r.Add(n, facts.Hostname, "", m[1])
			}
			seconds, ok := collectors.Seconds(m[2]) // with commas or without
			if !ok {
				r.Problem("line %d: uptime %.80q", n, m[2])
			}
			r.Add(n, facts.Uptime, "", seconds)
		} else if m := xrImageLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.RunningImage, "", m[1])
		} else if m := xrModelLine.FindStringSubmatch(text); m != nil {
			family, familyAt = m[1], n
		} else if m := xrChassisLine.FindStringSubmatch(text); m != nil {
			chassis, chassisN = m[1], n
		} else if m := xrRegisterLine.FindStringSubmatch(text); m != nil {
			component := m[1]
			if !register { // the first is that of the processor that answers
				component = ""
			}
			register = true
			addRegister(&r, n, component, []string{"", m[2], ""})
		} else if m := xrNodeLine.FindStringSubmatch(text); m != nil {
			node = m[1]
		} else if m := xrPackageLine.FindStringSubmatch(text); m != nil && node != "" {
			r.Add(n, facts.ComponentVersion, node+" "+m[1], m[2])
		}
	}
	if chassis == "" {
		r.Add(familyAt, facts.Model, "", family)
	} else {
		r.Add(chassisN, facts.Model, "", chassis)
		r.Add(familyAt, facts.Model, "processor", family)
		r.Add(familyAt, facts.SoftwareImage, "", strings.TrimSuffix(family, " Series")) // the family that the image is for
	}
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no software version in the reply")
	}
	return r.Done()
}

// addXRBuild adds one line of the build information.
func addXRBuild(r *collectors.Reading, n int, name, value string) {
	switch name {
	case "Built By":
		r.Add(n, facts.CompiledBy, "", value)
	case "Built On":
		r.Add(n, facts.CompileTime, "", value)
	case "Build Host", "Built Host":
		r.Add(n, facts.BuildID, "build host", value)
	case "Version":
		r.Add(n, facts.BuildID, "version", value)
	default:
		r.Add(n, facts.BuildID, strings.ToLower(name), value)
	}
}
