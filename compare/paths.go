package compare

import (
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

// What is one and the same file is decided here and nowhere else. A place on a device is spelled in one
// of three ways:
//
//   - with a prefix: "flash:x", "disk0:/dir/x", "slot1#flash:/x". The slash behind the prefix means nothing,
//     nor do one in front of it ("/harddisk:/x") and three behind it ("bootflash:///x"). "bootflash://sup-2/x" lies on
//     another file system: what stands behind two slashes is another processor. A slash at the end, by which NX-OS marks
//     directories, means nothing.
//   - as an absolute path: "/var/tmp/x".
//   - as the name of a partition, volume or bank that holds an image: "primary", "HD1.2".
//
// "bootflash:x" and "flash:x" are one file where the device says that one prefix stands for
// the other. What the approval says about a prefix outranks what the device says now, so that
// a device can't make its flash drive pass for its approved file system.
//
// Nothing else makes two paths one: not the case of letters, not the name without its directory.

// fileSystems holds what a device says about its file systems.
type fileSystems struct {
	aliases map[string]string // prefixes that stand for another one: "flash:" for "flash0:"
	roots   []string          // absolute paths that are file systems, the longest first
}

// newFileSystems takes the prefixes from several visits; what an earlier one knows as a prefix of its own or as
// standing for another, a later one can't change.
func newFileSystems(visits ...*visit) fileSystems {
	a := fileSystems{aliases: map[string]string{}}
	known := map[string]bool{}
	for _, v := range visits {
		for _, f := range v.all(facts.FileSystemAlias) {
			if !known[f.Subject] {
				a.aliases[f.Subject] = f.Value
			}
		}
		for _, kind := range []facts.Kind{facts.FileSystem, facts.FileSystemAlias} {
			for _, f := range v.all(kind) {
				known[f.Subject] = true
			}
		}
		for _, f := range v.all(facts.FileSystem) {
			if root := withoutSlash(f.Subject); strings.HasPrefix(root, "/") && prefixOf(root) == "" && !slices.Contains(a.roots, root) {
				a.roots = append(a.roots, root)
			}
		}
	}
	slices.SortStableFunc(a.roots, func(x, y string) int { return len(y) - len(x) })
	return a
}

// canonical spells a path in the one way in which paths are compared: "flash0:dir/x.bin", "/var/tmp/x". The name of
// a partition is returned as it is.
func (a fileSystems) canonical(path string) string {
	prefix, rest := splitPrefix(path)
	if prefix == "" {
		return withoutSlash(path)
	}
	if c, ok := a.aliases[prefix]; ok {
		prefix = c
	}
	return prefix + strings.Trim(rest, "/")
}

// same reports whether two paths name one file.
func (a fileSystems) same(x, y string) bool { return x == y || a.canonical(x) == a.canonical(y) }

// systemOf returns the file system of a canonical path: the prefix with its colon, or the root that the device
// names, or "/". The name of a partition has none.
func (a fileSystems) systemOf(path string) string {
	if prefix := prefixOf(path); prefix != "" || !strings.HasPrefix(path, "/") {
		return prefix
	}
	for _, root := range a.roots {
		if within(path, root) {
			return root
		}
	}
	return "/"
}

// prefixOf returns the prefix of a path with its colon, without a slash in front of it, and "" for a path that
// has none. A processor behind two slashes is part of the prefix: "bootflash://sup-2/".
func prefixOf(path string) string {
	prefix, _ := splitPrefix(path)
	return prefix
}

// isPath reports whether the text names a file, and not a partition.
func isPath(text string) bool { return strings.HasPrefix(text, "/") || prefixOf(text) != "" }

// directoryOf returns the directory of a canonical path: "flash:dir" of "flash:dir/x", "flash:" of
// "flash:x", "/" of "/x"; and "" of what lies in no directory: "flash:", "/", "primary".
func directoryOf(path string) string {
	prefix, rest := splitPrefix(path)
	i := strings.LastIndexByte(rest, '/')
	switch {
	case rest == "" || rest == "/":
		return ""
	case i == 0 && prefix == "":
		return "/"
	}
	return prefix + rest[:max(i, 0)]
}

// splitPrefix takes the prefix off a path.
func splitPrefix(path string) (prefix, rest string) {
	local := strings.TrimPrefix(path, "/")
	i := strings.IndexAny(local, ":/")
	if i <= 0 || local[i] != ':' {
		return "", path
	}
	prefix, rest = local[:i+1], local[i+1:]
	if processor, ok := strings.CutPrefix(rest, "//"); ok && processor != "" && processor[0] != '/' {
		processor, rest, _ = strings.Cut(processor, "/")
		prefix += "//" + processor + "/"
	}
	return prefix, rest
}

// within reports whether a canonical path is that of a directory or lies below it.
func within(path, directory string) bool {
	rest, ok := strings.CutPrefix(path, directory)
	return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(directory, ":") || strings.HasSuffix(directory, "/"))
}

func withoutSlash(path string) string {
	if trimmed := strings.TrimRight(path, "/"); trimmed != "" || path == "" {
		return trimmed
	}
	return "/"
}

// baseName returns a path without file system and directory.
func baseName(path string) string {
	_, rest := splitPrefix(path)
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// remotePath is a path on a server.
//
//	tftp://10.1.1.1/c2600-i-mz.bin
//	tftp:c2600-i-mz.bin
var remotePath = regexp.MustCompile(`^(?i:tftp|ftp|ftps|rcp|https?|scp|sftp|mop|nfs|pxe):`)

func remote(path string) bool { return remotePath.MatchString(path) }
