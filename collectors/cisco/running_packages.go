package cisco

import (
	"path"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Package: rpbase, version: 03.07.01.S.152-4.S1, status: active
	// Package: Provisioning File, version: n/a, status: active
	runningPackage = collectors.MustCompile(`^Package: (\S.*?), version: (\S+), status: (\S.*)$`)

	//   File: consolidated:asr1000rp1-rpbase.03.07.01.S.152-4.S1.pkg, on: RP0
	//   File: bootflash:cat9k-rpbase.17.09.04a.SPA.pkg, on: RP0
	runningFileLine = collectors.MustCompile(`^File: (\S+?)(?:, on: (\S.*))?$`)

	//   Built: 2012-10-09_19.00, by: mcpre
	//   File SHA1 checksum: 7c91b5b5c5a5f2b1d6d2f3f2e3a9b3c1a9d0e5f1
	//   File SHA1 checksum: n/a
	runningSum = collectors.MustCompile(`^File SHA1 checksum: ([0-9A-Fa-f]{40}|n/a|N/A)$`)
)

// readRunningPackages reads "show version running" of IOS XE: the packages that run, with the checksum that the system keeps of each. It was taken when the
// package was mounted and is not computed for this reply.
func readRunningPackages(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	file, packages := "", 0
	told := map[string]string{}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if runningPackage.MatchString(text) {
			file = ""
			packages++
			continue
		}
		if m := runningFileLine.FindStringSubmatch(text); m != nil {
			file = path.Base(strings.ReplaceAll(m[1], ":", "/"))
			continue
		}
		m := runningSum.FindStringSubmatch(text)
		switch {
		case m == nil || file == "" || strings.EqualFold(m[1], "n/a"):
		case told[file] == "": // a package runs on several processors
			told[file] = strings.ToLower(m[1])
			r.Add(n, facts.RunningPackageDigest, file, "sha1:"+told[file])
		case told[file] != strings.ToLower(m[1]):
			r.Problem("line %d: two checksums of %q", n, file)
		}
	}
	if r.Empty() && packages == 0 {
		r.Problem("no running package in the reply")
	}
	return r.Done()
}
