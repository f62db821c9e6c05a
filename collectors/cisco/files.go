package cisco

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	//        Size(b)       Free(b)      Type  Flags  Prefixes
	// *  11353194496    9936510976      disk     rw   flash: flash-1:
	//              -             -    opaque     rw   system:
	// *    128184320      59555840     flash     rw   flash: flash2:#
	//      481497088     480813056     flash     rw   /misc/config
	fileSystemRow = collectors.MustCompile(`^\*?\s*(-?\d+|-)\s+(-?\d+|-)\s+(\S+)\s+(rw|ro|wo)\s+((?:\S+:#?|/\S+)(?:\s+\S+:#?)*)$`)

	// A line that has to be such a row.
	fileSystemRowStart = collectors.MustCompile(`^\*?\s*(?:-?\d+|-)\s+(?:-?\d+|-)(?:\s|$)`)

	// Directory of bootflash:/
	directoryLine = collectors.MustCompile(`^Directory of (\S.*)$`)

	//    11  drwx            16384   Mar 2 2015 08:46:31 +00:00  lost+found
	//   124  -rw-             2003                    <no date>  startup-config
	// 519171  -rw  -             5681   Mar 2 2015 08:48:31 +00:00  packages.conf
	//     2  -rwx        4120876  Mar 01 1993 00:04:32  c2950-i6q4l2-mz.121-22.EA4.bin
	fileRow = collectors.MustCompile(`^-?\d+\s+([dl-][rwx-]{2,3}(?:\s+-)?)\s+(-?\d+)\s+(<no date>|[A-Z][a-z]{2} +\d{1,2} +\d{4} +\d{2}:\d{2}:\d{2}(?: +[+-]\d{2}:\d{2})?)\s+(\S.*)$`)

	// 7835619328 bytes total (6612774912 bytes free)
	// 33030144 bytes total (26331136 bytes free/0% free)
	// [16777216 bytes total (5577856 bytes free)]
	spaceLine = collectors.MustCompile(`^\[?(\d+) bytes total \((\d+) bytes free`)

	// No space information available
	noSpaceLine = collectors.MustCompile(`^No space information available`)

	// No files in directory
	noFilesLine = collectors.MustCompile(`^No files in directory`)
)

var fileSystemYields = []facts.Kind{facts.FileSystem, facts.FileSystemAlias, facts.FileSystemAccess, facts.TotalSpace, facts.FreeSpace}

// noMedium marks a file system without a stated size: a slot with nothing in it.
const noMedium = ", no medium"

// readFileSystems reads "show file systems".
func readFileSystems(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := fileSystemRow.FindStringSubmatch(text)
		if m == nil {
			if fileSystemRowStart.MatchString(text) {
				r.Problem("line %d: not a file system: %.80q", n, text)
			}
			continue
		}
		size, free, sort, access := m[1], m[2], m[3], m[4]
		prefixes := strings.Fields(m[5])
		for i := range prefixes {
			prefixes[i] = strings.TrimSuffix(prefixes[i], "#") // the default of its kind
		}
		name := prefixes[0]
		if size == "-" && storage(sort) {
			r.Add(n, facts.FileSystem, name, sort+noMedium)
		} else {
			r.Add(n, facts.FileSystem, name, sort)
		}
		for _, alias := range prefixes[1:] {
			r.Add(n, facts.FileSystemAlias, alias, name)
		}
		r.Add(n, facts.FileSystemAccess, name, access)
		if size != "-" {
			r.Add(n, facts.TotalSpace, name, size)
		}
		if free != "-" {
			r.Add(n, facts.FreeSpace, name, free)
		}
	}
	if r.Empty() {
		r.Problem("no file system in the reply")
	}
	return r.Done()
}

// storage reports whether a file system of this type keeps files on the device.
func storage(sort string) bool {
	return sort != "opaque" && sort != "network"
}

// fileSystems yields the file systems whose listing is asked for: all that keep files. A
// standby processor's states no size and is listed all the same: nobody looks there.
func fileSystems(s facts.Set) []string {
	var names []string
	for f := range s.All(facts.FileSystem) {
		standby := strings.HasPrefix(f.Subject, "stby-") || strings.HasPrefix(f.Subject, "slave") || strings.HasPrefix(f.Subject, "sec-")
		sort, empty := strings.CutSuffix(f.Value, noMedium)
		if storage(sort) && (!empty || standby) {
			names = append(names, f.Subject)
		}
	}
	return names
}

var fileYields = []facts.Kind{facts.File, facts.FileTime, facts.FilePermissions, facts.TotalSpace, facts.FreeSpace}

// readDir reads "dir", of one directory or of a whole file system.
func readDir(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		directory string
		ended     bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := directoryLine.FindStringSubmatch(text); m != nil {
			directory, ended = strings.TrimSuffix(m[1], "*"), false // recursive: "flash0:/*"
			continue
		}
		if m := spaceLine.FindStringSubmatch(text); m != nil {
			name := fileSystemOf(directory)
			r.Add(n, facts.TotalSpace, name, m[1])
			r.Add(n, facts.FreeSpace, name, m[2])
			ended = true
			continue
		}
		if noSpaceLine.MatchString(text) {
			ended = true
			continue
		}
		if text == "" || noFilesLine.MatchString(text) {
			continue
		}
		m := fileRow.FindStringSubmatch(text)
		switch {
		case m == nil && directory != "" && !ended:
			r.Problem("line %d: not a row of a listing: %.80q", n, text)
		case m == nil:
		case directory == "":
			r.Problem("line %d: a file before the name of its directory", n)
		default:
			path := join(directory, m[4])
			r.Add(n, facts.File, path, m[2])
			r.Add(n, facts.FilePermissions, path, strings.Join(strings.Fields(m[1]), " "))
			if m[3] != "<no date>" {
				r.Add(n, facts.FileTime, path, strings.Join(strings.Fields(m[3]), " "))
			}
		}
	}
	switch {
	case directory == "":
		r.Problem("no directory in the reply")
	case !ended:
		r.Problem("the listing of %q ends without its total", directory)
	}
	return r.Done()
}

// fileSystemOf returns the prefix of a path: "bootflash:" of "bootflash:/core".
func fileSystemOf(path string) string {
	if i := strings.IndexByte(path, ':'); i >= 0 {
		return path[:i+1]
	}
	return path
}

// join puts a file's name behind its directory: "bootflash:/" and "bootflash:/core/" need no
// slash, "bootflash:/core" does.
func join(directory, name string) string {
	if strings.HasSuffix(directory, "/") || strings.HasSuffix(directory, ":") {
		return directory + name
	}
	return directory + "/" + name
}

// readArchive reads "show archive": where the device keeps copies of its configuration.
func readArchive(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	told := false
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := archiveNext.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ConfigurationArchive, "next", m[1])
		} else if m := archiveRow.FindStringSubmatch(text); m != nil {
			position, err := strconv.Atoi(m[1])
			if err != nil || position < 1 {
				r.Problem("line %d: archive number %q", n, m[1])
				continue
			}
			r.Add(n, facts.ConfigurationArchive, facts.Place("", position), m[2])
		} else if archiveNone.MatchString(text) {
			told = true
		}
	}
	if r.Empty() && !told {
		r.Problem("no archive in the reply")
	}
	return r.Done()
}

var (
	// The next archive file will be named flash:002-rtr-1-Mar-18-20-30-52.969-CDT-10
	archiveNext = collectors.MustCompile(`^The next archive file will be named (\S+)`)

	//    10       flash:002-rtr-1-Mar-18-16-08-16.319-CDT-9 <- Most Recent
	archiveRow = collectors.MustCompile(`^(\d{1,4})\s+(\S+:\S+)(?:\s+<- Most Recent)?$`)

	// Archive feature not enabled
	// There are currently 0 archive configurations saved.
	archiveNone = collectors.MustCompile(`^Archive feature not enabled|^There are currently \d+ archive configurations saved`)
)
