package cisco

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	//  1157861451    Sep 22 15:15:57 2019  auto-s
	//        4096    Sep 22 15:27:34 2019  .rpmstore/
	nxosFileRow = collectors.MustCompile(`^(\d+) +([A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2} \d{4}) +(\S.*)$`)

	// Usage for bootflash://sup-local
	// Usage for bootflash://
	nxosUsage = collectors.MustCompile(`^Usage for (\S+)$`)

	// 16890781696 bytes used
	//  8211472384 bytes free
	nxosSpace = collectors.MustCompile(`^(\d+) bytes (used|free|total)$`)
)

// readNXOSDir reads "dir". The listing does not name its directory: that is what was asked for, and where nothing was, paths
// begin with "./".
func readNXOSDir(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		directory = argument(reply.Command)
		system    = nxosFileSystem(directory)
		usage     bool
	)
	if directory == "" {
		directory = "./"
	}
	if !strings.HasSuffix(directory, "/") {
		directory += "/"
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := nxosFileRow.FindStringSubmatch(text); m != nil && !usage {
			path := directory + m[3]
			r.Add(n, facts.File, path, m[1])
			r.Add(n, facts.FileTime, path, strings.Join(strings.Fields(m[2]), " "))
		} else if m := nxosUsage.FindStringSubmatch(text); m != nil {
			usage = true
			if system == "" {
				system = nxosFileSystem(m[1])
			}
		} else if m := nxosSpace.FindStringSubmatch(text); m != nil && usage {
			switch m[2] {
			case "free":
				r.Add(n, facts.FreeSpace, system, m[1])
			case "total":
				r.Add(n, facts.TotalSpace, system, m[1])
			}
		} else if text != "" {
			r.Problem("line %d: not a row of a listing: %.80q", n, text)
		}
	}
	if !usage {
		r.Problem("the listing ends without the usage of its file system")
	}
	return r.Done()
}

// nxosFileSystem returns the file system of a path, with the processor where that is another one.
//
//	bootflash:///nxos.9.3.15.bin
//	bootflash://sup-local
//	bootflash://sup-2/nxos.9.3.15.bin
func nxosFileSystem(path string) string {
	system, rest, ok := strings.Cut(path, ":")
	if !ok {
		return ""
	}
	system += ":"
	if module, ok := strings.CutPrefix(rest, "//"); ok {
		if module, _, _ = strings.Cut(module, "/"); module != "" && module != "sup-local" && module != "sup-active" {
			system += "//" + module + "/"
		}
	}
	return system
}

// nxosFileSystems yields the file systems with a medium, and the flash of the other supervisor.
func nxosFileSystems(s facts.Set) []string {
	var systems []string
	for f := range s.All(facts.FileSystem) {
		if !strings.HasSuffix(f.Value, noMedium) && !slices.Contains(systems, f.Subject) {
			systems = append(systems, f.Subject)
		}
	}
	for f := range s.All(facts.ComponentRole) {
		if strings.HasPrefix(f.Subject, "sup-") && strings.HasPrefix(f.Value, "Standby") {
			systems = append(systems, "bootflash://"+f.Subject+"/")
		}
	}
	return systems
}

// nxosDirectories yields the directories at the top of the file systems: NX-OS lists one at a time.
func nxosDirectories(s facts.Set) []string {
	if !s.Has(facts.File) {
		return nil
	}
	directories := []string{}
	for f := range s.All(facts.File) {
		if strings.HasSuffix(f.Subject, "/") {
			directories = append(directories, f.Subject)
		}
	}
	return directories
}

// nxosBootable yields the running images and the files of the boot lists, each once; those of the other supervisor under the
// name that they have here.
func nxosBootable(s facts.Set) []string {
	var paths []string
	seen := map[string]bool{}
	add := func(path string) {
		system, rest, ok := strings.Cut(path, ":")
		key := system + ":" + strings.TrimPrefix(strings.TrimPrefix(rest, "//"), "/")
		if ok && !seen[key] && !remote.MatchString(path) {
			seen[key] = true
			paths = append(paths, path)
		}
	}
	for f := range s.All(facts.RunningImage) {
		add(f.Value)
	}
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for f := range s.All(kind) {
			component, _ := facts.Position(f.Subject)
			processor, _, _ := strings.Cut(component, " ")
			if role, ok := s.Find(facts.ComponentRole, processor); ok && strings.HasPrefix(role.Value, "Standby") {
				system, rest, _ := strings.Cut(f.Value, ":")
				add(system + "://" + processor + "/" + strings.TrimLeft(rest, "/"))
				continue
			}
			add(f.Value)
		}
	}
	return paths
}

var (
	// show file bootflash:/nxos.9.3.15.bin sha512sum
	nxosDigestCommand = collectors.MustCompile(`^show file (\S+) (md5|sha256|sha512)sum$`)

	// 5a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b
	// 5a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b  /bootflash/nxos.9.3.15.bin
	// bootflash:/nxos.9.3.15.bin  5a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b
	nxosDigestLine = collectors.MustCompile(`^(?:\S*[:/.]\S*:? +)?([0-9a-fA-F]{16,128})(?: +\S*[:/.]\S*)?$`)
)

// readNXOSDigest reads "show file FILE sha512sum" and its like: the digits and little else, over several lines where the
// terminal is narrow.
func readNXOSDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		digits string
		at     int
	)
	asked := nxosDigestCommand.FindStringSubmatch(reply.Command)
	if asked == nil {
		r.Problem("%q asks for no digest", reply.Command)
		return r.Done()
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := nxosDigestLine.FindStringSubmatch(text)
		switch {
		case text == "":
		case m == nil:
			r.Problem("line %d: no digest: %.80q", n, text)
		case hexLengths[len(digits)] == asked[2]:
			r.Problem("line %d: a second digest", n)
			return r.Done()
		default:
			if at == 0 {
				at = n
			}
			digits += m[1]
		}
	}
	if at == 0 {
		r.Problem("no digest in the reply")
		return r.Done()
	}
	addDigest(&r, at, facts.ImageDigest, asked[1], asked[2], digits)
	return r.Done()
}
