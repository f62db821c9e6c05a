package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// SElinux Status :    Enabled
	// Current Mode :      Enforcing
	// System Default :    Enforcing
	selinuxField = collectors.MustCompile(`^(?i:(SElinux Status|Current Mode|System Default|Config file Mode|Mismatch Count))\s*:\s*(\S.*)$`)

	// Mainboard Authentication:     Passed
	// FRU Authentication:           Not Available
	// Stack Cable A Authentication: Passed
	authenticationField = collectors.MustCompile(`^(\S.*?) +Authentication(?: [Ss]tatus)?\s*:\s*(\S.*)$`)

	// Switch 1:
	// SWITCH 2
	// Slot 3
	partHeading = collectors.MustCompile(`^(?i:(switch|slot|chassis)) +(\d\S*?):?$`)
)

// readSELinux reads "show platform software selinux": whether the kernel still enforces its policy.
func readSELinux(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := selinuxField.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			name := strings.TrimPrefix(strings.ToLower(m[1]), "selinux ")
			if name != "mismatch count" { // it counts
				r.Add(n, facts.IntegritySetting, "selinux "+name, m[2])
			}
		}
	}
	if r.Empty() {
		r.Problem("no state of SELinux in the reply")
	}
	return r.Done()
}

// readHardwareAuthentication reads "show platform hardware authentication status": whether the parts proved to be Cisco's.
func readHardwareAuthentication(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r    collectors.Reading
		part string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := partHeading.FindStringSubmatch(text); m != nil {
			part = strings.ToLower(m[1]) + " " + m[2] + " "
		} else if m := authenticationField.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.IntegrityCheck, part+"authentication of "+strings.ToLower(m[1]), m[2])
		}
	}
	if r.Empty() {
		r.Problem("no result of an authentication in the reply")
	}
	return r.Done()
}

// readMemoryDigest reads "verify /md5 system:memory/text": the digest of the code that runs, as the running code computes it.
func readMemoryDigest(reply collectors.Reply) ([]facts.Fact, error) {
	found, err := readDigest(reply)
	for i := range found {
		if found[i].Kind == facts.ImageDigest {
			found[i].Kind = facts.MemoryDigest
		}
	}
	return found, err
}

var (
	// lina_cs is a process of the FIRESTARTER implant (ndi.md, NDI-RN-04).
	//
	//	 1234 lina_cs
	linaProcess = collectors.MustCompile(`\blina_cs\b`)

	// Jaguar Tooth's process bears this name (ndi.md, NDI-RN-04).
	//
	//	 211 Mwe 41FA1A5C            0          1       0 5472/6000   0 Service Policy Lock
	policyLock = collectors.MustCompile(`\bService Policy Lock\b`)
)

// readLinaProcesses reads "show kernel process | include lina_cs": nothing, on a healthy device.
func readLinaProcesses(reply collectors.Reply) ([]facts.Fact, error) {
	return readProcess(reply, linaProcess, "lina_cs")
}

// readPolicyLock reads "show processes | include Policy Lock": likewise.
func readPolicyLock(reply collectors.Reply) ([]facts.Fact, error) {
	return readProcess(reply, policyLock, "Service Policy Lock")
}

func readProcess(reply collectors.Reply, pattern *collectors.Pattern, name string) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if pattern.MatchString(line) && r.Empty() {
			r.Add(n, facts.Process, name, strings.Join(strings.Fields(line), " "))
		}
	}
	if r.Empty() {
		r.Add(1, facts.Process, "", "none of those asked for")
	}
	return r.Done()
}

// Cryptochecksum: 1a2b3c4d 5e6f7081 92a3b4c5 d6e7f809
var cryptochecksum = collectors.MustCompile(`^(?i:cryptochecksum)\s*:\s*((?:[0-9a-f]{8} ?){4})$`)

// readASAChecksum reads "show checksum": the checksum of the configuration.
func readASAChecksum(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := cryptochecksum.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.ConfigurationHash, "running", strings.ReplaceAll(m[1], " ", ""))
		}
	}
	if r.Empty() {
		r.Problem("no checksum in the reply")
	}
	return r.Done()
}
