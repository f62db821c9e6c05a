package capture

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName bounds a file's name without its ending: file systems allow 255 bytes, and
// the path before it and a number behind it need room.
const maxName = 120

// replyEnding is what the name of each reply's file ends in.
const replyEnding = ".txt"

// FileName returns the name of the file, without its ending .txt, that holds a command's
// reply: letters, digits, dots and dashes as they are, everything else one underscore a
// run, none at the ends. "dir /recursive flash:" gives "dir_recursive_flash".
//
// The name is one that every operating system accepts. FileName of such a name is
// the name itself.
func FileName(command string) string {
	var b strings.Builder
	gap := false
	for i := range len(command) {
		c := command[i]
		if !inName(c) || c == '.' && b.Len() == 0 { // a leading dot hides a file
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteByte(c)
	}
	name := b.String()
	if name == "" || reserved(name) {
		name = strings.TrimSuffix("command_"+name, "_")
	}
	if len(name) > maxName {
		sum := sha256.Sum256([]byte(command))
		mark := "-" + hex.EncodeToString(sum[:4])
		name = name[:maxName-len(mark)] + mark
	}
	return name
}

func inName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

// reserved reports whether Windows takes the name, with any ending, for a device.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")) && stem[3] >= '0' && stem[3] <= '9'
}
