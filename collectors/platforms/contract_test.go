package platforms

import (
	"slices"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

// needed are the kinds of fact that the core controls stand on.
var needed = []facts.Kind{
	facts.RunningVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ConfigRegister, facts.NextConfigRegister,
	facts.BootLoaderVersion, facts.Model, facts.SerialNumber, facts.Uptime, facts.ReloadReason, facts.File, facts.ImageDigest,
	facts.Signature, facts.Package, facts.PackageState,
}

// TestNeededKinds holds that each platform asks for everything that the core controls stand on, or says why it can't be had.
func TestNeededKinds(t *testing.T) {
	for _, p := range All {
		var yielded []facts.Kind
		for _, q := range p.Queries[collectors.CLI] {
			yielded = append(yielded, q.Yields...)
		}
		for _, kind := range needed {
			why, none := p.HasNone[kind]
			switch yields := slices.Contains(yielded, kind); {
			case yields && none:
				t.Errorf("%s asks for the %s and says that it has none: %s", p.Name, kind, why)
			case !yields && !none:
				t.Errorf("%s neither asks for the %s nor says why it can't be had (HasNone)", p.Name, kind)
			case none && why == "":
				t.Errorf("%s has no %s, and does not say why", p.Name, kind)
			}
		}
	}
}

// TestTerminals holds that the guard knows all that a session types on its own account, and that a session can find a prompt
// and a way out.
func TestTerminals(t *testing.T) {
	for _, p := range All {
		if err := p.Terminal.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if !p.Terminal.Exec && (p.Terminal.Prompt == nil || p.Terminal.Leave == "") {
			t.Errorf("%s has no prompt, or no way to leave", p.Name)
		}
		if (p.Terminal.Enable == "") != (p.Terminal.Password == nil) || p.Terminal.Enable != "" && p.Terminal.Privileged == nil {
			t.Errorf("%s: Enable, Password and Privileged belong together", p.Name)
		}
	}
}

// TestLooks holds that each platform can be told by the reply to its first question, and that no two are alike.
func TestLooks(t *testing.T) {
	for _, p := range All {
		if p.Looks == nil {
			t.Errorf("%s can't be told from another platform (Looks)", p.Name)
		}
		for _, transcript := range captures(t, p) {
			var texts []string
			for _, e := range transcript.Exchanges {
				texts = append(texts, e.Text)
			}
			for _, other := range All {
				want := p.Name
				if other.Name == p.Name {
					want = ""
				}
				if got := Resembles(other.Name, texts); got != want {
					t.Errorf("a device of %s (%s) that is asked as %s looks like %q, not %q", p.Name, transcript.Device, other.Name, got, want)
				}
			}
		}
	}
}
