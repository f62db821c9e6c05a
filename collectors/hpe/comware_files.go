package hpe

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// comwareImages yields every image that a slot runs or can boot, as the master reaches it: "slot2#flash:/x" for what slot 2 calls
// "flash:/x".
func comwareImages(s facts.Set) []string {
	var paths []string
	add := func(component, path string) {
		if path = onSlot(s, component, path); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	for f := range s.All(facts.RunningImage) {
		add("", f.Value)
	}
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		for f := range s.All(kind) {
			component, _ := facts.Position(f.Subject)
			component = strings.TrimSpace(strings.TrimSuffix(component, "boot"))
			add(component, f.Value)
		}
	}
	for f := range s.All(facts.PackageState) {
		if i := strings.LastIndexByte(f.Subject, ' '); i >= 0 && strings.Contains(f.Subject[i:], ":") {
			add(f.Subject[:i], f.Subject[i+1:])
		}
	}
	return paths
}

// onSlot spells a path of a slot as the master reaches it. The master's own, and those of a slot whose role is not known, stay as
// they are.
func onSlot(s facts.Set, component, path string) string {
	role, _ := s.Find(facts.ComponentRole, component)
	if component == "" || role.Value == "" || role.Value == "Master" || strings.Contains(path, "#") {
		return path
	}
	return strings.NewReplacer("chassis ", "chassis", " slot ", "#slot", "slot ", "slot").Replace(component) + "#" + path
}

var (
	// SHA256 digest:
	// MD5 digest:4f22b6190d151a167105df61c35f0917
	digestHeading = collectors.MustCompile(`^(?i:(md5|sha-?256) digest) *:? *([0-9A-Fa-f]*)$`)

	// 0851e0139f2770e87d01ee8c2995ca9e59a8f5f4062c99af14b141b1a36ca152
	digestOnly = collectors.MustCompile(`^([0-9A-Fa-f]{24,})$`)
)

// digestLengths are the digits of a digest.
var digestLengths = map[string]int{"md5": 32, "sha256": 64}

// readComwareDigest reads "sha256sum FILE" and "md5sum FILE".
func readComwareDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		algorithm string // whose digits come next
	)
	command, path, _ := strings.Cut(reply.Command, " ")
	add := func(n int, digits string) {
		if algorithm != strings.TrimSuffix(command, "sum") || len(digits) != digestLengths[algorithm] {
			r.Problem("line %d: %d digits are no digest of %s: %.140q", n, len(digits), command, digits)
			return
		}
		r.Add(n, facts.ImageDigest, path, algorithm+":"+strings.ToLower(digits))
		algorithm = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := digestHeading.FindStringSubmatch(text); m != nil {
			algorithm = strings.ReplaceAll(strings.ToLower(m[1]), "-", "")
			if m[2] != "" {
				add(n, m[2])
			}
		} else if m := digestOnly.FindStringSubmatch(text); m != nil {
			add(n, m[1])
		}
	}
	if r.Empty() {
		r.Problem("no digest in the reply")
	}
	return r.Done()
}
