package facts

import "testing"

func TestGap(t *testing.T) {
	kinds := []Kind{ImageDigest}
	set := Set{Gaps: []Gap{
		{Command: "show module", Reason: PlatformHasNone, Kinds: kinds},
		{Command: "verify /md5 flash:a", Subject: "flash:a", Reason: NoPrivilege, Kinds: kinds},
		{Command: "show version", Reason: ParseIncomplete, Kinds: kinds},
	}}
	for _, test := range []struct {
		name    string
		kind    Kind
		subject string
		want    string
	}{
		{"the gap about the very file", ImageDigest, "flash:a", "verify /md5 flash:a"},
		{"a general gap for another file, and not the one that can't be otherwise", ImageDigest, "flash:b", "show version"},
		{"none for another kind", RunningImage, "", ""},
	} {
		if g, ok := set.Gap(test.kind, test.subject); g.Command != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q, want %q", test.name, g.Command, test.want)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, test := range []struct {
		component string
		position  int
		subject   string
	}{{"", 2, "2"}, {"switch 3", 1, "switch 3 1"}, {"standby", 12, "standby 12"}} {
		subject := Place(test.component, test.position)
		component, position := Position(subject)
		if subject != test.subject || component != test.component || position != test.position {
			t.Errorf("%q %d became %q and came back as %q %d", test.component, test.position, subject, component, position)
		}
	}
	for _, subject := range []string{"", "flash:a", "switch 0", "-1"} {
		if _, position := Position(subject); position != 0 {
			t.Errorf("%q has position %d", subject, position)
		}
	}
}
