package juniper

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var fileYields = []facts.Kind{facts.File, facts.FileTime, facts.FilePermissions}

var (
	// /var/tmp/:
	// re1:/var/tmp/:
	directoryLine = collectors.MustCompile(`^((?:[a-z]+\d+:)?/\S*):$`)

	// total blocks: 10772
	// total files: 4
	// total 24
	totalLine = collectors.MustCompile(`^total(?: blocks| files)?:? \d+$`)

	// -rw-r--r--  1 root  wheel    5362 Sep 12 20:03 cleanup-pkgs.log
	// drwxrwxrwx  2 root  wheel     512 Mar 29  2021 .snap/
	// lrwxr-xr-x  1 root  wheel      11 Mar 29  2021 home@ -> /var/home
	// -rwxr-xr-x  1 root  wheel   10240 Mar 29  2021 check.sh*
	// crw-r-----  1 root  operator  0, 60 Mar 29 13:32 ad0
	fileRow = collectors.MustCompile(`^([-dlbcpsw][-rwxsStTlL]{9}[+@. ]?)\s*\d+\s+(\S+)\s+(\S+)\s+(\d+(?:,\s*\d+)?)\s+([A-Z][a-z]{2}\s+\d{1,2}\s+(?:\d{1,2}:\d{2}|\d{4}))\s+(\S.*)$`)
)

// readFileList reads "file list detail DIRECTORY/".
func readFileList(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	readListing(&r, reply)
	return r.Done()
}

// readListing adds the files of a listing. Where a directory is not named, it is the one that was asked for.
func readListing(r *collectors.Reading, reply collectors.Reply) {
	asked := argument(reply.Command)
	prefix, _, other := strings.Cut(asked, ":")
	directory := asked
	told, members := false, 0
	member := ""
	for l := range memberLines(r, reply) {
		if l.member != member {
			member, directory = l.member, asked
			members++
		}
		text := strings.TrimSpace(l.text)
		if m := directoryLine.FindStringSubmatch(text); m != nil {
			directory, told = m[1], true
			if other && !strings.Contains(directory, ":") {
				directory = prefix + ":" + directory
			}
			continue
		}
		if totalLine.MatchString(text) {
			told = true
			continue
		}
		m := fileRow.FindStringSubmatch(text)
		switch {
		case m == nil:
			r.Problem("line %d: not a row of a listing: %.80q", l.number, text)
		case directory == "":
			r.Problem("line %d: a file before the name of its directory", l.number)
		default:
			told = true
			where := directory
			if members > 1 { // the first member is the one that was asked
				where = l.member + ":" + directory
			}
			addFile(r, l.number, where, m[6], m[1], m[4], m[5])
		}
	}
	if !told {
		r.Problem("no listing in the reply")
	}
}

// addFile adds a file of a listing's row.
func addFile(r *collectors.Reading, line int, directory, name, mode, size, date string) {
	mode = strings.TrimRight(mode, " ")
	path := filePath(directory, name, mode)
	if path == "" {
		return
	}
	if strings.Contains(size, ",") {
		size = "0" // a device: the numbers are the driver's
	}
	r.Add(line, facts.File, path, size)
	r.Add(line, facts.FilePermissions, path, mode)
	r.Add(line, facts.FileTime, path, strings.Join(strings.Fields(date), " "))
}

// filePath makes the path of a file, "" for the directory itself. What the listing puts behind a name to show what it is does
// not belong to the name.
func filePath(directory, name, mode string) string {
	switch {
	case strings.HasPrefix(mode, "d"):
		name = strings.TrimSuffix(name, "/")
	case strings.HasPrefix(mode, "l"):
		name, _, _ = strings.Cut(name, " -> ")
		name = strings.TrimSuffix(name, "@")
	case strings.ContainsAny(mode, "xst"):
		name = strings.TrimSuffix(name, "*")
	}
	if name == "." || name == ".." || name == "" {
		return ""
	}
	return strings.TrimSuffix(directory, "/") + "/" + name
}

// argument returns the path in a command, "" where there is none.
func argument(command string) string {
	for word := range strings.FieldsSeq(command) {
		if strings.Contains(word, "/") && !strings.HasPrefix(word, "<") {
			return word
		}
	}
	return ""
}

// directories are listed on every device: where packages lie and are staged, what could run by itself, where accounts can
// write. What a release does not have is a gap that says so.
var directories = []string{
	"/", "/boot/", "/boot/modules/", "/config/", "/packages/", "/root/", "/var/db/config/",
	"/var/db/scripts/commit/", "/var/db/scripts/event/", "/var/db/scripts/op/", "/var/db/scripts/snmp/", "/var/db/scripts/jet/",
	"/var/home/", "/var/sw/pkg/", "/var/tmp/",
}

// evolvedDirectories are those of Junos OS Evolved.
var evolvedDirectories = []string{
	"/", "/boot/", "/config/", "/soft/", "/root/", "/var/db/scripts/commit/", "/var/db/scripts/event/", "/var/db/scripts/op/",
	"/var/db/scripts/snmp/", "/var/db/scripts/jet/", "/var/home/", "/var/tmp/",
}

// otherDirectories are listed on the other members: where a package would be put there.
var otherDirectories = []string{"/var/sw/pkg/", "/var/tmp/"}

func fileDirectories(s facts.Set) []string {
	all := directories
	if s.Value(facts.OperatingSystem) == evolved {
		all = evolvedDirectories
	}
	all = append([]string(nil), all...)
	for _, member := range otherMembers(s) {
		for _, directory := range otherDirectories {
			all = append(all, member+":"+directory)
		}
	}
	return all
}

// ownDirectories are those of the member that was asked.
func ownDirectories(s facts.Set) []string {
	if s.Value(facts.OperatingSystem) == evolved {
		return evolvedDirectories
	}
	return append(append([]string(nil), directories...), packageSets+"/")
}

// memberName is what a path can begin with.
//
//	re1
//	fpc2
//	node1
var memberName = collectors.MustCompile(`^(?:re|fpc|node|member)\d+$`)

// otherMembers returns the members that are not the master: those that stand by, and the rest of a virtual chassis.
func otherMembers(s facts.Set) []string {
	var names []string
	for f := range s.All(facts.ComponentRole) {
		switch role := strings.ToLower(f.Value); {
		case role == "master" || role == "primary" || !memberName.MatchString(f.Subject) || f.OfSecondChannel():
		case strings.HasPrefix(f.Subject, "re") && virtualChassis(s): // the same member by another name
		default:
			names = append(names, f.Subject)
		}
	}
	return names
}

// virtualChassis reports whether the members of the device are called otherwise than re0 and re1.
func virtualChassis(s facts.Set) bool {
	for f := range s.All(facts.ComponentRole) {
		if strings.HasPrefix(f.Subject, "fpc") || strings.HasPrefix(f.Subject, "member") {
			return true
		}
	}
	return false
}

// imageName is a file that a device could install or that the system is mounted from.
//
//	jinstall-ppc-18.4R3-S10-signed.tgz
//	junos-evo-install-ptx-x86-64-20.2R1.10-EVO.iso
//	jbase-12.3R12.4
var imageName = collectors.MustCompile(`^(?:(?:j|vmhost)[\w.-]*-\d{1,2}\.\d[RFSXIB][\w.-]*|j(?:install|unos|bundle|loader|pfe|sdk|su)[\w.-]*\.(?:tgz|tar|iso|img|pkg))$`)

// notImage are the papers that lie beside a package.
//
//	jbase-12.3R12.4.sha1
//	jinstall-ppc-18.4R3-S10-signed.tgz.md5
var notImage = collectors.MustCompile(`\.(?:sha\d+|md5|sig|certs?|esig|ecerts?|manifest|xml|txt|log)$`)

// hashable returns the packages and images that the listings of the device show, nil where there is no listing.
func hashable(s facts.Set) []string {
	if !s.Has(facts.File) {
		return nil
	}
	plain := map[string]bool{}
	for f := range s.All(facts.FilePermissions) {
		plain[f.Subject] = strings.HasPrefix(f.Value, "-")
	}
	seen := map[string]bool{}
	paths := []string{}
	for f := range s.All(facts.File) {
		name := f.Subject[strings.LastIndexByte(f.Subject, '/')+1:]
		if strings.HasPrefix(f.Subject, "/") && plain[f.Subject] && !seen[f.Subject] && imageName.MatchString(name) && !notImage.MatchString(name) {
			seen[f.Subject] = true
			paths = append(paths, f.Subject)
		}
	}
	return paths
}
