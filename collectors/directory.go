package collectors

import (
	"math"
	"strconv"
	"strings"

	"trueboot/facts"
)

// Huawei VRP and HPE Comware grew from one code base and list files alike; other vendors' listings are read in their own
// folders.

var (
	// Directory of flash:/
	// Directory of slot2#flash:
	directoryHeading = MustCompile(`^Directory of (\S.*)$`)

	//     0  dr-x              -  Nov 11 2019 20:16:35   $_checkpoint
	//     7  -rw-    572,847,476  Oct 21 2019 15:21:23   123.cc
	//    1     drw-         -  Apr 26 2000 12:00:21   seclog
	//    2  -rwh     1234  2021-11-12 10:11:12   .trash
	directoryRow = MustCompile(`^\d+ +([d-][r-][w-][xh-]h?) +([\d,]+|-) +((?:[A-Z][a-z]{2} +\d{1,2} +\d{4}|\d{4}[-/]\d{2}[-/]\d{2}) +\d{1,2}:\d{2}:\d{2}(?: ?\(?(?:DST|[+-]\d{2}:\d{2})\)?)?) +(\S.*)$`)

	//   Idx  Attr     Size(Byte)  Date        Time       FileName
	//   Idx  Attr     Size(Byte)  Date        Time(LMT)  FileName
	directoryColumns = MustCompile(`^Idx +Attr +Size`)

	// 2,994,228 KB total (801,664 KB free)
	// 31877120 bytes total (16711680 bytes free)
	directoryTotal = MustCompile(`^([\d,]+) ([KMG]?B|bytes) total(?: available)? \(([\d,]+) ([KMG]?B|bytes) free`)

	// Info: File can't be found in the directory.
	// %Info: No file in the directory
	directoryEmpty = MustCompile(`(?i)^%? ?(?:info: ?)?(?:the )?(?:no files?\b|files? (?:can't|cannot|can not) be found|directory is empty)`)

	// File system type of flash: VFAT
	directoryType = MustCompile(`^File system type of ([\w#-]+:) *(\S+)$`)

	// Error: Failed to list the directory.
	directoryError = MustCompile(`^(?:Error|Warning|%)`)
)

// DirectoryKinds are the kinds that [ReadDirectory] may find.
var DirectoryKinds = []facts.Kind{facts.File, facts.FileTime, facts.FilePermissions, facts.FileSystem, facts.TotalSpace, facts.FreeSpace}

// ReadDirectory reads what Huawei VRP and HPE Comware print for "dir", of one directory or of several file systems. A directory has
// the size "-", as printed; the name of a deleted file that still takes up space stands in brackets: "flash:/[old.cc]".
func ReadDirectory(reply Reply) ([]facts.Fact, error) {
	var (
		r         Reading
		directory string // with its slash at the end
		open      bool   // its total has not come yet
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := directoryHeading.FindStringSubmatch(text); m != nil {
			if open {
				r.Problem("line %d: the listing of %q ends without its total", n, directory)
			}
			directory, open = strings.TrimSuffix(m[1], "/")+"/", true
		} else if m := directoryRow.FindStringSubmatch(text); m != nil {
			if directory == "" {
				r.Problem("line %d: a file before the name of its directory", n)
				continue
			}
			path := directory + m[4]
			r.Add(n, facts.File, path, strings.ReplaceAll(m[2], ",", ""))
			r.Add(n, facts.FilePermissions, path, m[1])
			r.Add(n, facts.FileTime, path, strings.Join(strings.Fields(m[3]), " "))
		} else if m := directoryTotal.FindStringSubmatch(text); m != nil {
			system, _, _ := strings.Cut(directory, ":")
			total, known := bytesOf(m[1], m[2])
			free, alsoKnown := bytesOf(m[3], m[4])
			if !known || !alsoKnown || directory == "" {
				r.Problem("line %d: no space of a file system: %.80q", n, text)
			} else {
				r.Add(n, facts.TotalSpace, system+":", total)
				r.Add(n, facts.FreeSpace, system+":", free)
			}
			open = false
		} else if m := directoryType.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.FileSystem, m[1], m[2])
		} else if text != "" && !directoryColumns.MatchString(text) && !directoryEmpty.MatchString(text) && (open || directoryError.MatchString(text)) {
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

// UnlistedDirectories yields the directories that a listing showed and that "dir /all" was not asked about: the arguments of a query
// that lists them, one level of directories each time it is asked. Those whose names begin with a dollar sign, where VRP keeps its
// own state ("$_startup"), are left out: no such name is typed to a device. It returns nil where no listing is there.
func UnlistedDirectories(s facts.Set) []string {
	if !s.Has(facts.File) {
		return nil
	}
	asked := map[string]bool{}
	for _, a := range s.Answers {
		asked[a.Command] = true
	}
	directories := []string{}
	for f := range s.All(facts.FilePermissions) {
		path, name := f.Subject+"/", f.Subject[strings.LastIndexByte(f.Subject, '/')+1:]
		if command := "dir /all " + path; strings.HasPrefix(f.Value, "d") && !strings.HasPrefix(name, "$") && !asked[command] {
			asked[command] = true
			directories = append(directories, path)
		}
	}
	return directories
}

// bytesOf turns a number with thousands separators and its unit into bytes.
func bytesOf(number, unit string) (string, bool) {
	n, err := strconv.ParseUint(strings.ReplaceAll(number, ",", ""), 10, 64)
	shift := map[string]uint{"B": 0, "bytes": 0, "KB": 10, "MB": 20, "GB": 30}[unit]
	if err != nil || n > math.MaxUint64>>shift {
		return "", false
	}
	return strconv.FormatUint(n<<shift, 10), true
}
