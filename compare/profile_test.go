package compare

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestProfiles(t *testing.T) {
	for _, name := range []string{"core", "ndi", "strict"} {
		p, ok := BuiltInProfile(name)
		if !ok || p.Name != name || p.Strict != (name == "strict") {
			t.Errorf("%s: %+v", name, p)
		}
		for _, r := range Rules() {
			required := slices.Contains(p.Required, r.Control)
			own := strings.HasPrefix(r.Control, ownControls)
			if want := !own && (name != "core" || slices.Contains(core, r.Control)); required != want {
				t.Errorf("%s requires %s: %t", name, r.Control, required)
			}
		}
	}
	if p, ok := BuiltInProfile("Core"); ok {
		t.Errorf("%+v", p)
	}
}

func TestReadProfile(t *testing.T) {
	for text, want := range map[string]Profile{
		"NDI-BC-03\n":                           {Name: "mine", Required: []string{"NDI-BC-03"}},
		"# ours\n\n  bc-03 # register\nst-02\n": {Name: "mine", Required: []string{"NDI-BC-03", "NDI-ST-02"}},
		"configuration-register":                {Name: "mine", Required: []string{"NDI-BC-03"}},
	} {
		got, err := ReadProfile("mine", strings.NewReader(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for text, want := range map[string]string{
		"":                       "the profile names no control",
		"# nothing\n":            "the profile names no control",
		"BC-03\nBC-99\n":         `mine:2: no control is called "BC-99"`,
		"BC-03\n\nNDI-BC-03\n":   "mine:3: control NDI-BC-03 is already in the profile",
		"\x1b[2J\n":              `mine:1: no control is called "\x1b[2J"`,
		strings.Repeat("x", 1e5): "mine: ",
	} {
		p, err := ReadProfile("mine", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q is read as %+v, %v", text, p, err)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadProfile("mine", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
