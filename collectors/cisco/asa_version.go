package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var asaVersionYields = []facts.Kind{
	facts.OperatingSystem, facts.Hostname, facts.RunningVersion, facts.ComponentVersion, facts.CompileTime, facts.CompiledBy, facts.RunningImage,
	facts.StartupSource, facts.BootLoaderVersion, facts.Uptime, facts.Model, facts.Component, facts.SerialNumber, facts.ConfigRegister,
	facts.NextConfigRegister, facts.SignedImageType, facts.SignatureDetail, facts.ConfigurationTime, facts.ConfigurationAuthor,
}

var (
	// Cisco Adaptive Security Appliance Software Version 9.9(2)32
	// Cisco Adaptive Security Appliance Software Version 9.1(2) <context>
	// Cisco PIX Security Appliance Software Version 8.0(4)
	asaVersionLine = collectors.MustCompile(`^Cisco (?:Adaptive|PIX) Security Appliance Software Version (\S+)(?: +(<[a-z]+>))?$`)

	// Firepower Extensible Operating System Version 2.3(1.121)
	// SSP Operating System Version 2.10(1.1603)
	// Device Manager Version 7.9(1)151
	asaPartVersion = collectors.MustCompile(`^(Firepower Extensible Operating System|SSP Operating System|Device Manager|REST API Agent) Version +(\S+)$`)

	// Compiled on Mon 05-Nov-18 13:32 PST by builders
	asaCompiledLine = collectors.MustCompile(`^Compiled (?:on )?(\S.*?) by (\S+)$`)

	// Config file at boot was "startup-config"
	asaConfigLine = collectors.MustCompile(`^Config file at boot was "([^"]+)"`)

	// ASA2 up 55 days 9 hours
	// failover cluster up 87 days 15 hours
	asaUptimeLine = collectors.MustCompile(`^(failover cluster|\S+) up (\d.*)$`)

	// Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz, 1 CPU (8 cores)
	asaHardwareLine = collectors.MustCompile(`^Hardware: +(([^,]+?)(?:,.*)?)$`)

	//                              Boot microcode        : CNPx-MC-BOOT-2.00
	// Baseboard Management Controller (revision 0x1) Firmware Version: 2.4
	asaFirmwareLine = collectors.MustCompile(`^(Boot microcode|SSL/IKE microcode|IPSec microcode|Baseboard Management Controller)(?: \(revision \S+\) Firmware Version)? *: *(\S+)$`)

	// Serial Number: JAD222605K8
	asaSerialLine = collectors.MustCompile(`^Serial Number: *(\S+)$`)

	// Image type                : Release
	// Key Version               : A
	asaSignedLine = collectors.MustCompile(`^(Image type|Key [Vv]ersion) +: *(\S.*)$`)

	// Configuration last modified by xxx at 17:31:04.576 CDT Mon Aug 12 2019
	asaChangedLine = collectors.MustCompile(`^Configuration last modified by (\S+) at (\S.*)$`)
)

// readASAVersion reads "show version". A user context states the version and little more.
func readASAVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		model string
		scope string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case asaVersionLine.MatchString(text):
			m := asaVersionLine.FindStringSubmatch(text)
			scope = m[2]
			r.Add(n, facts.OperatingSystem, "", "ASA")
			r.Add(n, facts.RunningVersion, "", m[1])
		case asaPartVersion.MatchString(text):
			m := asaPartVersion.FindStringSubmatch(text)
			r.Add(n, facts.ComponentVersion, m[1], m[2])
		case asaCompiledLine.MatchString(text):
			m := asaCompiledLine.FindStringSubmatch(text)
			r.Add(n, facts.CompileTime, "", m[1])
			r.Add(n, facts.CompiledBy, "", m[2])
		case imageLine.MatchString(text):
			r.Add(n, facts.RunningImage, "", imageLine.FindStringSubmatch(text)[1])
		case asaConfigLine.MatchString(text):
			r.Add(n, facts.StartupSource, "", asaConfigLine.FindStringSubmatch(text)[1])
		case asaUptimeLine.MatchString(text):
			addASAUptime(&r, n, asaUptimeLine.FindStringSubmatch(text))
		case asaHardwareLine.MatchString(text):
			m := asaHardwareLine.FindStringSubmatch(text)
			model = m[2]
			r.Add(n, facts.Model, "", model)
			r.Add(n, facts.Component, "", strings.TrimSuffix(m[1], ","))
		case asaFirmwareLine.MatchString(text):
			m := asaFirmwareLine.FindStringSubmatch(text)
			r.Add(n, facts.BootLoaderVersion, m[1], m[2])
		case asaSerialLine.MatchString(text):
			// That of the board, by which licences go; the chassis has its own, see the inventory.
			r.Add(n, facts.SerialNumber, "processor board", asaSerialLine.FindStringSubmatch(text)[1])
		case registerLine.MatchString(text):
			addRegister(&r, n, "", registerLine.FindStringSubmatch(text))
		case asaSignedLine.MatchString(text):
			if m := asaSignedLine.FindStringSubmatch(text); m[1] == "Image type" {
				r.Add(n, facts.SignedImageType, "running", m[2])
			} else {
				r.Add(n, facts.SignatureDetail, "running key version", m[2])
			}
		case asaChangedLine.MatchString(text):
			m := asaChangedLine.FindStringSubmatch(text)
			r.Add(n, facts.ConfigurationAuthor, "", m[1])
			r.Add(n, facts.ConfigurationTime, "", m[2])
		}
	}
	switch {
	case !r.Has(facts.RunningVersion, ""):
		r.Problem("no software version in the reply")
	case scope == "<context>":
		r.Problem("a user context states neither image nor serial number; the system context does")
	case !r.Has(facts.RunningImage, "") && !strings.HasPrefix(model, "FPR"): // FXOS loads the image there
		r.Problem("no system image file in the reply")
	case !r.Has(facts.SerialNumber, "processor board"):
		r.Problem("no serial number in the reply")
	}
	return r.Done()
}

// addASAUptime takes a match of asaUptimeLine. The line is also where the host's name stands.
func addASAUptime(r *collectors.Reading, n int, m []string) {
	subject := ""
	if m[1] == "failover cluster" {
		subject = m[1]
	} else {
		r.Add(n, facts.Hostname, "", m[1])
	}
	seconds, ok := collectors.Seconds(m[2])
	if !ok {
		r.Problem("line %d: uptime %.80q", n, m[2])
	}
	r.Add(n, facts.Uptime, subject, seconds)
}

// asaModeLine is the answer to "show mode".
//
//	Security context mode: multiple
var asaModeLine = collectors.MustCompile(`^Security context mode: *(\S+)`)

// readASAMode reads "show mode".
func readASAMode(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := asaModeLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.BootSetting, "security context mode", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no security context mode in the reply")
	}
	return r.Done()
}
