package juniper

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Filesystem              Size       Used      Avail  Capacity   Mounted on
	// Filesystem              Size       Used      Avail  Use%  Mounted on
	storageHeading = collectors.MustCompile(`^Filesystem\s.*Mounted on$`)

	// /dev/da0s2a             297M       163M       110M       60%  /
	// /dev/gpt/var            8.9G       1.0G       7.2G       12%  /.mount/var
	// devfs                   1.0K       1.0K         0B      100%  /dev
	storageRow = collectors.MustCompile(`^(\S+)\s+\S+\s+\S+\s+\S+\s+-?\d+%\s+(/\S*)$`)

	// A row whose device needs a line of its own.
	storageStart = collectors.MustCompile(`^\S+$`)

	// /dev/md12
	// /dev/loop3
	memoryDisk = collectors.MustCompile(`^/dev/(?:md|loop|ram)\d`)
)

// readStorage reads "show system storage": the drives and where they are mounted. What is made of memory or of other files
// is not a drive.
func readStorage(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r             collectors.Reading
		first, device string
		at            int // the line of the device
		blocks        int
		table         bool
	)
	for l := range memberLines(&r, reply) {
		if blocks == 0 {
			first, blocks = l.member, 1
		}
		if storageHeading.MatchString(l.text) {
			table = true
			continue
		}
		if device == "" {
			at = l.number
		}
		m := storageRow.FindStringSubmatch(device + l.text)
		switch {
		case m == nil && device == "" && storageStart.MatchString(l.text):
			device = l.text
			continue
		case m == nil:
			r.Problem("line %d: not a file system: %.80q", l.number, l.text)
		case !strings.HasPrefix(m[1], "/dev/") || memoryDisk.MatchString(m[1]):
		case l.member != first:
			r.Add(at, facts.FileSystem, l.member+":"+m[2], m[1])
		default:
			r.Add(at, facts.FileSystem, m[2], m[1])
		}
		device = ""
	}
	if !table {
		r.Problem("no table of file systems in the reply")
	}
	return r.Done()
}
