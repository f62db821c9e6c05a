package arista

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var fileSystemYields = []facts.Kind{facts.FileSystem, facts.FileSystemAccess, facts.TotalSpace, facts.FreeSpace}

var (
	//      Size (kB)  Free (kB)     Type  Flags  Prefixes
	//        Size(b)      Free(b)   Type  Flags  Prefixes
	fileSystemHeading = collectors.MustCompile(`^\s*Size ?\((k?[bB])\)\s+Free ?\(k?[bB]\)\s+Type\s+Flags\s+Prefixes$`)

	//  *    3519500    1725548     flash     rw  flash:
	//             -          -   network     rw  ftp:
	fileSystemRow = collectors.MustCompile(`^\*?\s*(\d{1,15}|-)\s+(\d{1,15}|-)\s+(\S+)\s+(rw|ro|wo)\s+(\S+:(?:\s+\S+:)*)$`)

	// File systems:
	fileSystemTitle = collectors.MustCompile(`(?i)^file systems:?$`)
)

// noMedium marks a file system without a stated size.
const noMedium = ", no medium"

// readFileSystems reads "show file systems".
func readFileSystems(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	unit := 0
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := fileSystemHeading.FindStringSubmatch(text); m != nil {
			if unit = 1; strings.HasPrefix(m[1], "k") {
				unit = 1024
			}
			continue
		}
		if text == "" || fileSystemTitle.MatchString(text) {
			continue
		}
		m := fileSystemRow.FindStringSubmatch(text)
		if m == nil || unit == 0 {
			r.Problem("line %d: not a file system: %.80q", n, text)
			continue
		}
		for name := range strings.FieldsSeq(m[5]) {
			sort := m[3]
			if m[1] == "-" && sort != "network" {
				sort += noMedium
			}
			r.Add(n, facts.FileSystem, name, sort)
			r.Add(n, facts.FileSystemAccess, name, m[4])
			r.Add(n, facts.TotalSpace, name, bytesOf(m[1], unit))
			r.Add(n, facts.FreeSpace, name, bytesOf(m[2], unit))
		}
	}
	if unit == 0 {
		r.Problem("no table of file systems in the reply")
	}
	return r.Done()
}

func bytesOf(size string, unit int) string {
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(n*int64(unit), 10)
}

// standing are the file systems that every device has, whether or not it lists them: that of the images, and that of the
// extensions.
var standing = []string{"flash:", "extension:"}

// fileSystems yields the file systems whose listing is asked for: all that keep files.
func fileSystems(s facts.Set) []string {
	names := append([]string(nil), standing...)
	for f := range s.All(facts.FileSystem) {
		if f.Value != "network" && !strings.HasSuffix(f.Value, noMedium) && f.Subject != standing[0] && f.Subject != standing[1] {
			names = append(names, f.Subject)
		}
	}
	return names
}

var fileYields = []facts.Kind{facts.File, facts.FileTime, facts.FilePermissions, facts.TotalSpace, facts.FreeSpace}

var (
	// Directory of flash:/
	// Directory of flash:/.checkpoints
	directoryLine = collectors.MustCompile(`^Directory of (\S+:\S*)$`)

	//        -rw-        1465           Feb 28 07:12  .CloudInitLogs
	//        -r--   509379353           Sep 19  2022  .boot-image.swi
	//        drwx        4096           Jan  7 10:12  persist
	//        -rw-        1349              <no date>  running-config
	fileRow = collectors.MustCompile(`^([dl-][rwxsStT-]{3})\s+(\d{1,18})\s+(<no date>|[A-Z][a-z]{2}\s+\d{1,2}\s+(?:\d{1,2}:\d{2}|\d{4}))\s+(\S.*)$`)

	// 4093313024 bytes total (3029774336 bytes free)
	spaceLine = collectors.MustCompile(`^(\d{1,18}) bytes total \((\d{1,18}) bytes free\)$`)

	// No space information available
	noSpaceLine = collectors.MustCompile(`^No space information available`)

	// No files in directory
	noFilesLine = collectors.MustCompile(`^No files in directory`)
)

// readDir reads "dir", of one directory or of a whole file system. The last line is the space.
func readDir(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r                 collectors.Reading
		directory, system string
		ended             bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := directoryLine.FindStringSubmatch(text); m != nil {
			directory, ended = m[1], false
			system, _, _ = strings.Cut(directory, ":")
			continue
		}
		if m := spaceLine.FindStringSubmatch(text); m != nil && directory != "" {
			r.Add(n, facts.TotalSpace, system+":", m[1])
			r.Add(n, facts.FreeSpace, system+":", m[2])
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
		if m == nil || directory == "" {
			r.Problem("line %d: not a row of a listing: %.80q", n, text)
			continue
		}
		name := m[4]
		if strings.HasPrefix(m[1], "l") {
			name, _, _ = strings.Cut(name, " -> ")
		}
		path := strings.TrimSuffix(directory, "/") + "/" + name
		r.Add(n, facts.File, path, m[2])
		r.Add(n, facts.FilePermissions, path, m[1])
		if m[3] != "<no date>" {
			r.Add(n, facts.FileTime, path, strings.Join(strings.Fields(m[3]), " "))
		}
	}
	switch {
	case directory == "":
		r.Problem("no directory in the reply")
	case !ended:
		r.Problem("the listing of %q ends without its space", directory)
	}
	return r.Done()
}

// hexLengths maps an algorithm to the length of its digest in hexadecimal digits.
var hexLengths = map[string]int{"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}

var (
	// verify /sha512 (flash:/EOS-4.28.9M.swi) = 5a1f0e8b…
	digestLine = collectors.MustCompile(`^verify /(md5|sha1|sha256|sha512) \(([^()\s]+)\) = ([0-9A-Fa-f]*)$`)

	// The rest of a digest that a narrow terminal put into the next line.
	digestRest = collectors.MustCompile(`^[0-9A-Fa-f]+$`)
)

// readDigest reads "verify /sha512 FILE" and its like.
func readDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r                       collectors.Reading
		algorithm, file, digits string
		at                      int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := digestLine.FindStringSubmatch(text); m != nil && at == 0 {
			algorithm, file, digits, at = m[1], m[2], m[3], n
		} else if at != 0 && len(digits) < hexLengths[algorithm] && digestRest.MatchString(text) {
			digits += text
		} else if strings.Trim(text, ".!") != "" { // progress
			r.Problem("line %d: not a digest: %.80q", n, text)
		}
	}
	switch {
	case at == 0:
		r.Problem("no digest in the reply")
	case len(digits) != hexLengths[algorithm]:
		r.Problem("line %d: %d digits are no %s digest", at, len(digits), algorithm)
	default:
		r.Add(at, facts.ImageDigest, file, algorithm+":"+strings.ToLower(digits))
	}
	return r.Done()
}
