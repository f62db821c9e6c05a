package baseline

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trueboot/facts"
)

func fact(kind facts.Kind, subject, value string) facts.Fact {
	return facts.Fact{Kind: kind, Subject: subject, Value: value, Command: "show version", Line: 3, Tier: facts.E0}
}

func TestDiff(t *testing.T) {
	version := fact(facts.RunningVersion, "", "17.09.04a")
	older := fact(facts.RunningVersion, "", "17.06.05")
	file := fact(facts.File, "flash:x.bin", "1024")
	md5 := fact(facts.ImageDigest, "flash:x.bin", "md5:aa")
	sha512 := fact(facts.ImageDigest, "flash:x.bin", "sha512:bb")
	otherMD5 := fact(facts.ImageDigest, "flash:x.bin", "md5:cc")
	elsewhere := version
	elsewhere.Command, elsewhere.Line, elsewhere.Tier = "show install summary", 9, facts.E1
	gap := facts.Gap{Command: "dir flash:", Reason: facts.NoPrivilege, Kinds: []facts.Kind{facts.File}}

	for _, test := range []struct {
		name               string
		approved, observed facts.Set
		want               []Difference
	}{
		{"equal", set(version, file), set(file, version), nil},
		{"both empty", set(), set(), nil},
		{"read from another command", set(version), set(elsewhere), nil},
		{"stated twice", set(version), set(version, elsewhere), nil},
		{"volatile", set(fact(facts.Uptime, "", "10"), fact(facts.FreeSpace, "flash:", "1")), set(fact(facts.Uptime, "", "20"), fact(facts.BootTime, "", "x")), nil},
		{"changed", set(version), set(older), []Difference{
			{Kind: facts.RunningVersion, Change: Changed, Approved: &version, Observed: &older}}},
		{"added", set(version), set(version, file), []Difference{
			{Kind: facts.File, Subject: "flash:x.bin", Change: Added, Observed: &file}}},
		{"removed", set(version, file), set(version), []Difference{
			{Kind: facts.File, Subject: "flash:x.bin", Change: Removed, Approved: &file}}},
		{"not seen", set(file), facts.Set{Gaps: []facts.Gap{gap}}, []Difference{
			{Kind: facts.File, Subject: "flash:x.bin", Change: NotSeen, Approved: &file, Gap: &gap}}},
		{"contradiction", set(version), set(version, older), []Difference{
			{Kind: facts.RunningVersion, Change: Added, Observed: &older}}},
		{"another algorithm", set(md5), set(md5, sha512), []Difference{
			{Kind: facts.ImageDigest, Subject: "flash:x.bin", Change: Added, Observed: &sha512}}},
		{"one algorithm changed", set(md5, sha512), set(otherMD5, sha512), []Difference{
			{Kind: facts.ImageDigest, Subject: "flash:x.bin", Change: Changed, Approved: &md5, Observed: &otherMD5}}},
		{"in order", set(), set(version, sha512, md5, file), []Difference{
			{Kind: facts.File, Subject: "flash:x.bin", Change: Added, Observed: &file},
			{Kind: facts.ImageDigest, Subject: "flash:x.bin", Change: Added, Observed: &md5},
			{Kind: facts.ImageDigest, Subject: "flash:x.bin", Change: Added, Observed: &sha512},
			{Kind: facts.RunningVersion, Change: Added, Observed: &version}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Diff(test.approved, test.observed)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func set(all ...facts.Fact) facts.Set { return facts.Set{Facts: all} }

func drawSet(t *rapid.T, name string) facts.Set {
	kinds := []facts.Kind{facts.RunningVersion, facts.File, facts.ImageDigest, facts.Uptime}
	return set(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) facts.Fact {
		return fact(
			rapid.SampledFrom(kinds).Draw(t, "kind"),
			rapid.SampledFrom([]string{"", "flash:x.bin"}).Draw(t, "subject"),
			rapid.SampledFrom([]string{"1", "md5:1", "md5:2", "sha512:1"}).Draw(t, "value"),
		)
	}), 0, 8).Draw(t, name)...)
}

// TestDiffProperties holds that the order of facts is nothing, that a set equals itself, and
// that the way back names the same points.
func TestDiffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSet(t, "a"), drawSet(t, "b")
		if d := Diff(a, a); d != nil {
			t.Fatalf("a set differs from itself: %v", d)
		}
		shuffled := set(rapid.Permutation(slices.Clone(b.Facts)).Draw(t, "shuffled")...)
		if diff := cmp.Diff(Diff(a, b), Diff(a, shuffled)); diff != "" {
			t.Fatalf("depends on the order of facts: %s", diff)
		}
		there, back := Diff(a, b), Diff(b, a)
		if len(there) != len(back) {
			t.Fatalf("%d differences there, %d back", len(there), len(back))
		}
		for _, d := range there {
			if Volatile(d.Kind) {
				t.Fatalf("volatile: %v", d)
			}
		}
	})
}
