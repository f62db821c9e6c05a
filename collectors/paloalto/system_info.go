package paloalto

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// hostname: pa1
	// ipv6-default-gateway:
	// vm-mode: VMWare ESXi
	infoLine = collectors.MustCompile(`^([A-Za-z][\w-]*):(?:\s+(.*))?$`)

	// admin@fw1(active)> show system info
	promptLine = collectors.MustCompile(`^[\w.\-@\\]{1,128}@[\w.\-]{1,64}(?:\([a-z-]*\))?[>#](?: |$)`)

	// 2 days, 2:38:49
	// 0 days, 0:05:10
	// 3:25:45
	uptimeValue = collectors.MustCompile(`^(?:(\d{1,5} days?), )?(\d{1,2}):(\d\d):(\d\d)$`)
)

var infoYields = []facts.Kind{
	facts.OperatingSystem, facts.Hostname, facts.Model, facts.SerialNumber, facts.BaseMAC, facts.RunningVersion, facts.SoftwareImage,
	facts.Uptime, facts.ComponentVersion, facts.ContentVersion, facts.IntegritySetting,
}

// infoKinds are the lines of "show system info" that state a fact. Names that end in "-version" beside these are of content that the
// vendor renews, and any other name says nothing about the device's integrity.
var infoKinds = map[string]struct {
	kind    facts.Kind
	subject string
}{
	"hostname":                              {facts.Hostname, ""},
	"model":                                 {facts.Model, ""},
	"serial":                                {facts.SerialNumber, ""},
	"mac-address":                           {facts.BaseMAC, ""},
	"vm-uuid":                               {facts.SerialNumber, "vm-uuid"},
	"vm-cpuid":                              {facts.SerialNumber, "vm-cpuid"},
	"sw-version":                            {facts.RunningVersion, ""},
	"family":                                {facts.SoftwareImage, ""},
	"platform-family":                       {facts.SoftwareImage, "platform"},
	"logdb-version":                         {facts.ComponentVersion, "logdb"},
	"global-protect-client-package-version": {facts.ComponentVersion, "global-protect-client-package"},
	"operational-mode":                      {facts.IntegritySetting, "operational mode"},
	"device-certificate-status":             {facts.IntegritySetting, "device certificate status"},
}

// readInfo reads "show system info": one name and value a line.
func readInfo(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := infoLine.FindStringSubmatch(text)
		if m == nil {
			if text != "" && !promptLine.MatchString(text) {
				r.Problem("line %d: not a name and its value: %.80q", n, text)
			}
			continue
		}
		name, value := m[1], m[2]
		if known, ok := infoKinds[name]; ok {
			r.Add(n, known.kind, known.subject, value)
			if name == "sw-version" {
				r.Add(n, facts.OperatingSystem, "", "PAN-OS")
			}
		} else if content, ok := strings.CutSuffix(name, "-version"); ok {
			r.Add(n, facts.ContentVersion, content, value)
		} else if name == "uptime" {
			addUptime(&r, n, value)
		}
	}
	for _, must := range []facts.Kind{facts.RunningVersion, facts.Model, facts.SerialNumber} {
		if !r.Has(must, "") {
			r.Problem("no %s in the reply", must)
		}
	}
	return r.Done()
}

func addUptime(r *collectors.Reading, n int, value string) {
	m := uptimeValue.FindStringSubmatch(value)
	if m == nil {
		r.Problem("line %d: not an uptime: %.80q", n, value)
		return
	}
	duration := m[2] + " hours " + m[3] + " minutes " + m[4] + " seconds"
	if m[1] != "" {
		duration = m[1] + " " + duration
	}
	if seconds, ok := collectors.Seconds(duration); ok {
		r.Add(n, facts.Uptime, "", seconds)
	}
}
