package compare

import (
	"regexp"
	"strings"

	"trueboot/facts"
)

// What is one and the same file is decided here and nowhere else.
//
//   - "flash:x" and "flash:/x" are one file. "flash://x" is another: two slashes
//     name another processor's file system.
//   - "bootflash:x" and "flash:x" are one file where the device says that one prefix stands for
//     the other. What the approval says about a prefix outranks what the device says now, so that
//     a device can't make its flash drive pass for its approved file system.
//   - Nothing else makes two paths one: not the case of letters, not the name without its directory.

// fileSystems holds the prefixes that stand for another one: "flash:" for "flash0:".
type fileSystems map[string]string

// newFileSystems takes the prefixes from several visits; what an earlier one knows as a prefix of its own or as
// standing for another, a later one can't change.
func newFileSystems(visits ...*visit) fileSystems {
	aliases := fileSystems{}
	known := map[string]bool{}
	for _, v := range visits {
		for _, f := range v.all(facts.FileSystemAlias) {
			if !known[f.Subject] {
				aliases[f.Subject] = f.Value
			}
		}
		for _, kind := range []facts.Kind{facts.FileSystem, facts.FileSystemAlias} {
			for _, f := range v.all(kind) {
				known[f.Subject] = true
			}
		}
	}
	return aliases
}

// canonical spells a path in the one way in which paths are compared: "flash0:dir/x.bin". A
// text that is no path is returned as it is.
func (a fileSystems) canonical(path string) string {
	i := strings.IndexByte(path, ':')
	if i < 0 {
		return path
	}
	prefix, rest := path[:i+1], path[i+1:]
	if c, ok := a[prefix]; ok {
		prefix = c
	}
	return prefix + strings.TrimPrefix(rest, "/")
}

// same reports whether two paths name one file.
func (a fileSystems) same(x, y string) bool { return x == y || a.canonical(x) == a.canonical(y) }

// fileSystemOf returns the prefix of a path with its colon, and "" for a text without one.
func fileSystemOf(path string) string { return path[:strings.IndexByte(path, ':')+1] }

// directoryOf returns the directory of a canonical path: "flash:dir" of "flash:dir/x", "flash:"
// of "flash:x".
func directoryOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return fileSystemOf(path)
}

// baseName returns a path without file system and directory.
func baseName(path string) string { return path[strings.LastIndexAny(path, ":/")+1:] }

// remotePath is a path on a server.
//
//	tftp://10.1.1.1/c2600-i-mz.bin
//	tftp:c2600-i-mz.bin
var remotePath = regexp.MustCompile(`^(?i:tftp|ftp|rcp|https?|scp|sftp|mop):`)

func remote(path string) bool { return remotePath.MatchString(path) }
