package huawei

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// otherBoards yields the prefixes of the other main boards' and stack members' storage where the listing of all file systems
// did not show it: "slave" of "slave#flash:", "slot2" of "slot2#flash:", "2" on a CloudEngine.
func otherBoards(s facts.Set) []string {
	boards := []string{}
	for f := range s.All(facts.File) {
		if strings.Contains(f.Subject, "#") {
			return boards
		}
	}
	if _, ok := s.Find(facts.BootVariable, facts.Place("slaveboard", 1)); ok {
		boards = append(boards, "slave")
	}
	prefix := "slot"
	if strings.HasPrefix(s.Value(facts.Model), "CE") {
		prefix = ""
	}
	for f := range s.All(facts.ComponentPriority) {
		number, member := strings.CutPrefix(f.Subject, "slot ")
		role, _ := s.Find(facts.ComponentRole, f.Subject)
		if role.Value == "Standby" && slices.Contains(boards, "slave") {
			continue // the same one by its other name
		}
		if board := prefix + number; member && role.Value != "Master" && !slices.Contains(boards, board) {
			boards = append(boards, board)
		}
	}
	return boards
}

// hashable yields the files that can boot and the patch packages of the active main board.
func hashable(s facts.Set) []string {
	var paths []string
	add := func(path string) {
		if strings.Contains(path, ":") && !strings.Contains(path, " ") && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	add(s.Value(facts.RunningImage))
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for f := range s.All(kind) {
			if component, position := facts.Position(f.Subject); component == "" && position > 0 {
				add(f.Value)
			}
		}
	}
	for f := range s.All(facts.PackageState) {
		add(f.Subject)
	}
	return paths
}

var (
	// AR610-V300R021C00SPC200.cc    3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7
	digestRow = collectors.MustCompile(`^(\S+) +([0-9A-Fa-f]{32})$`)

	// MD5:3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7
	// The MD5 value of the file is 3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7
	digestLine = collectors.MustCompile(`(?i)^(?:(?:the )?md5[^:]*(?:: *| is ))([0-9a-f]{32})\.?$`)

	// Text that may hold a digest.
	hexadecimal = collectors.MustCompile(`[0-9A-Fa-f]{24,}`)
)

// readDigest reads "display system file-md5 FILE".
func readDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	path := reply.Command[strings.LastIndexByte(reply.Command, ' ')+1:]
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := digestRow.FindStringSubmatch(text); m != nil && (m[1] == path || strings.HasSuffix(path, "/"+m[1]) || strings.HasSuffix(path, ":"+m[1])) {
			r.Add(n, facts.ImageDigest, path, "md5:"+strings.ToLower(m[2]))
		} else if m := digestLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.ImageDigest, path, "md5:"+strings.ToLower(m[1]))
		} else if hexadecimal.MatchString(text) && !strings.HasSuffix(text, path) {
			r.Problem("line %d: no MD5 digest of %q: %.120q", n, path, text)
		}
	}
	if r.Empty() {
		r.Problem("no digest in the reply")
	}
	return r.Done()
}
