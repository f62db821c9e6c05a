package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// 97     -rwx  108563072    06:43:00 Jun 30 2018  asa982-lfbff-k8.SPA
	// 11     drwx  4096         06:46:42 Jun 30 2018  log
	asaFileRow = collectors.MustCompile(`^\d+ +([d-][rwx-]{2,3}) +(\d+) +(<no date>|\d{2}:\d{2}:\d{2} [A-Z][a-z]{2} \d{1,2} \d{4}) +(\S.*)$`)

	// 6 file(s) total size: 294360655 bytes
	asaSumLine = collectors.MustCompile(`^\d+ file\(s\) total size: \d+ bytes`)
)

// readASADir reads "dir", of one directory or of a whole file system.
func readASADir(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		directory string
		open      bool // the total of the file system has not come yet
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := directoryLine.FindStringSubmatch(text); m != nil {
			directory, open = strings.TrimSuffix(m[1], "*"), true // recursive: "disk0:/*"
		} else if m := asaFileRow.FindStringSubmatch(text); m != nil {
			if directory == "" {
				r.Problem("line %d: a file before the name of its directory", n)
				continue
			}
			path := join(directory, m[4])
			r.Add(n, facts.File, path, m[2])
			r.Add(n, facts.FilePermissions, path, m[1])
			if m[3] != "<no date>" {
				r.Add(n, facts.FileTime, path, m[3])
			}
		} else if m := spaceLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.TotalSpace, fileSystemOf(directory), m[1])
			r.Add(n, facts.FreeSpace, fileSystemOf(directory), m[2])
			open = false
		} else if noSpaceLine.MatchString(text) {
			open = false
		} else if open && text != "" && !asaSumLine.MatchString(text) && !noFilesLine.MatchString(text) {
			r.Problem("line %d: not a row of a listing: %.80q", n, text)
		}
	}
	switch {
	case directory == "":
		r.Problem("no directory in the reply")
	case open:
		r.Problem("the listing of %q ends without its total", directory)
	}
	return r.Done()
}
