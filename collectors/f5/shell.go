package f5

import (
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// What bash tells: an account whose shell is tmsh gets an error for each of these.

var (
	//  10:25:41 up 36 days, 22:20,  1 user,  load average: 0.21, 0.20, 0.15
	//  10:25:41 up  7:03,  2 users,  load average: 0.21, 0.20, 0.15
	//  10:25:41 up 201 days, 5 min,  0 users,  load average: 0.21, 0.20, 0.15
	uptimeLine = collectors.MustCompile(`^\d\d:\d\d(?::\d\d)? up +(?:(\d{1,5} days?), +)?(?:(\d{1,2}):(\d\d)|(\d{1,2} min)), `)

	// reboot   system boot  3.10.0-862.14.4. Tue Oct 18 03:54 - 02:15 (36+22:20)
	// reboot   system boot  2.6.32-431.56.1. Tue Oct 18 03:54:46 2016 - still running
	rebootLine = collectors.MustCompile(`^reboot +system boot +\S+ +([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d \d{4})?)\b`)

	// System Integrity Status: Valid
	// System Integrity: Invalid
	attestationLine = collectors.MustCompile(`^System Integrity(?: Status)?: *(\S.*)$`)

	// -rw-r--r-- 1 root root 2532311040 2022-12-20 10:15:11.000000000 -0800 BIGIP-16.1.3.3-0.0.3.iso
	// lrwxrwxrwx. 1 root root 11 2022-12-20 10:15:11.000000000 -0800 x.iso -> /etc/passwd
	listingRow = collectors.MustCompile(`^([bcdlps-][rwxsStT-]{9})[.+@]? +\d+ +\S+ +\S+ +(\d+) +(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}) (\S.*)$`)

	// /shared/images/:
	// /shared/images/sub\ directory:
	listingHeading = collectors.MustCompile(`^(/\S*(?:\\ \S*)*):$`)

	// total 4943232
	listingTotal = collectors.MustCompile(`^total \d`)
)

func readUptime(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		m := uptimeLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		duration := m[4]
		if m[2] != "" {
			duration = m[2] + " hours " + m[3] + " min"
		}
		if seconds, ok := collectors.Seconds(strings.TrimSpace(m[1] + " " + duration)); ok {
			r.Add(n, facts.Uptime, "", seconds)
		}
	}
	if r.Empty() {
		r.Problem("no uptime in the reply")
	}
	return r.Done()
}

// readLastReboot reads "last reboot": the boots that the system remembers, the last one first.
func readLastReboot(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := rebootLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.BootTime, "", m[1])
			break
		}
	}
	if r.Empty() {
		r.Problem("no boot in the reply")
	}
	return r.Done()
}

// readAttestation reads "tpm-status": whether what the hardware's trust anchor measured at boot is what F5 has signed.
func readAttestation(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := attestationLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.IntegrityCheck, "system integrity", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no status of the system's integrity in the reply")
	}
	return r.Done()
}

var fileYields = []facts.Kind{facts.File, facts.FileTime, facts.FilePermissions}

// readListing reads what "ls -lR" prints. A directory's own size says nothing, so that it is told by its permissions alone.
func readListing(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		directory string
	)
	for n, line := range reply.Lines() {
		if m := listingRow.FindStringSubmatch(line); m != nil && directory != "" {
			name := m[4]
			if m[1][0] == 'l' {
				name, _, _ = strings.Cut(name, " -> ")
			}
			path := directory + name
			r.Add(n, facts.FilePermissions, path, m[1])
			if m[1][0] == 'd' {
				continue
			}
			r.Add(n, facts.File, path, m[2])
			r.Add(n, facts.FileTime, path, m[3])
		} else if m := listingHeading.FindStringSubmatch(line); m != nil {
			directory = strings.TrimSuffix(m[1], "/") + "/"
		} else if line != "" && !listingTotal.MatchString(line) {
			r.Problem("line %d: not a file: %.80q", n, line)
		}
	}
	if directory == "" {
		r.Problem("no directory in the reply")
	}
	return r.Done()
}

// digestLine is what sha512sum and its like print.
//
//	3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7  /shared/images/BIGIP-16.1.3.3-0.0.3.iso
var digestLine = regexp.MustCompile(`^([0-9a-f]+) [ *](/\S+)$`)

// digestDigits are the algorithms and how many digits their digests have.
var digestDigits = map[string]int{"md5": 32, "sha256": 64, "sha512": 128}

func readDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	command, file, _ := strings.Cut(reply.Command, " ")
	algorithm := strings.TrimSuffix(command, "sum")
	for n, line := range reply.Lines() {
		switch m := digestLine.FindStringSubmatch(line); {
		case line == "":
		case m == nil || len(m[1]) != digestDigits[algorithm]:
			r.Problem("line %d: not a digest: %.80q", n, line)
		case m[2] != file:
			r.Problem("line %d: the digest of another file: %.80q", n, m[2])
		default:
			r.Add(n, facts.ImageDigest, file, algorithm+":"+m[1])
		}
	}
	if r.Empty() {
		r.Problem("no digest in the reply")
	}
	return r.Done()
}
