package facts

import "strings"

// PathKey spells a path on a device in one way: flash:/x and flash:x are one file. What else may stand for one file, such as another prefix of the same
// file system, it does not know.
func PathKey(path string) string { return strings.Replace(path, ":/", ":", 1) }

// SamePath reports whether two paths differ in nothing but that.
func SamePath(a, b string) bool { return PathKey(a) == PathKey(b) }
