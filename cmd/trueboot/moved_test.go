package main

import (
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestMoved(t *testing.T) {
	fact := func(kind facts.Kind, subject, value string) *facts.Fact {
		return &facts.Fact{Kind: kind, Subject: subject, Value: value}
	}
	approved := &baseline.Approval{Facts: []facts.Fact{*fact(facts.RunningVersion, "", "15.2(4)E6"), *fact(facts.ImageDigest, "flash:a.bin", "md5:1")}}
	for name, test := range map[string]struct {
		kind              facts.Kind
		subject, from, to string
		approved          *baseline.Approval
		want              string
	}{
		"a downgrade":                  {facts.RunningVersion, "", "15.2(7)E8", "15.2(3)E1", approved, ", older, not approved"},
		"a downgrade that is approved": {facts.RunningVersion, "", "15.2(7)E8", "15.2(4)E6", approved, ", older"},
		"an upgrade":                   {facts.RunningVersion, "", "15.2(3)E1", "15.2(7)E8", nil, ", newer, nothing approved"},
		"no version":                   {facts.RunningVersion, "", "15.2(7)E8", "fifteen", approved, ", not comparable, not approved"},
		"an image by its name":         {facts.RunningImage, "", "flash:c2960x-universalk9-mz.152-7.E8.bin", "flash:c2960x-universalk9-mz.152-4.E6.bin", approved, ", older, not approved"},
		"an image without a version":   {facts.RunningImage, "", "flash:packages.conf", "flash:evil.bin", approved, ", not approved"},
		"a digest":                     {facts.ImageDigest, "flash:a.bin", "md5:2", "md5:1", approved, ""},
		"another digest":               {facts.ImageDigest, "flash:a.bin", "md5:1", "md5:2", approved, ", not approved"},
		"of another file":              {facts.ImageDigest, "flash:b.bin", "md5:2", "md5:1", approved, ", not approved"},
		"something else":               {facts.File, "flash:a.bin", "1", "2", approved, ""},
	} {
		difference := baseline.Difference{Kind: test.kind, Subject: test.subject, Change: baseline.Changed, Approved: fact(test.kind, test.subject, test.from), Observed: fact(test.kind, test.subject, test.to)}
		if got := movedOf("cisco_ios", test.approved, []baseline.Difference{difference})[0].remark(); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}
