package compare

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Profile says which controls have to be assessed for a device to count as verified. Every rule is
// judged and every FAIL counts whatever the profile says; a profile decides what a
// NOT-ASSESSED means.
type Profile struct {
	Name     string
	Required []string // control ids
	Strict   bool     // what the platform does not have is required too
}

// core are the controls that one visit over one channel and an approval can answer on nearly every device in service. The others compare with an earlier visit or
// a second channel, fetch the images, need signatures or hardware that half of the devices have not, or are about the configuration around the image.
var core = []string{
	"NDI-HW-01", "NDI-BC-01", "NDI-BC-03", "NDI-BC-04", "NDI-BC-05", "NDI-ST-01", "NDI-ST-02", "NDI-ST-06", "NDI-ST-07", "NDI-RN-01", "NDI-PK-01", "NDI-PK-02",
	"NDI-VR-01", "NDI-VR-02", "NDI-VR-03",
}

// ownControls begin the ids of the cross-checks that no catalogue has: they fail, and no built-in profile asks for them.
const ownControls = "NDI-XC-"

// Profiles returns the built-in profiles:
//
//   - core, the default: what one visit and an approval can answer;
//   - ndi: every control of the catalogue, so also those that need an earlier visit, a second channel or a feed;
//   - strict: the same, and what the platform does not have counts as not assessed.
func Profiles() []Profile {
	var all []string
	for _, r := range rules {
		if strings.HasPrefix(r.Control, ownControls) {
			continue
		}
		all = append(all, r.Control)
	}
	return []Profile{
		{Name: "core", Required: slices.Clone(core)},
		{Name: "ndi", Required: all},
		{Name: "strict", Required: all, Strict: true},
	}
}

// BuiltInProfile returns the built-in profile of that name.
func BuiltInProfile(name string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// ReadProfile reads a user's profile: one control a line, by its id ("NDI-BC-03", "BC-03") or its
// rule's name ("configuration-register"). A hash sign begins a comment. The name is for messages and reports.
func ReadProfile(name string, r io.Reader) (Profile, error) {
	p := Profile{Name: name}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		rule, ok := Explain(text)
		if !ok {
			return Profile{}, fmt.Errorf("%s:%d: no control is called %s; \"trueboot explain\" lists them", name, n, quote(text))
		}
		if slices.Contains(p.Required, rule.Control) {
			return Profile{}, fmt.Errorf("%s:%d: control %s is already in the profile; remove one of the lines", name, n, rule.Control)
		}
		p.Required = append(p.Required, rule.Control)
	}
	if err := lines.Err(); err != nil {
		return Profile{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(p.Required) == 0 {
		return Profile{}, fmt.Errorf("%s: the profile names no control; write one control id a line, such as NDI-BC-03", name)
	}
	return p, nil
}
