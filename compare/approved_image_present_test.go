package compare

import (
	"testing"

	"trueboot/facts"
)

func TestApprovedImagePresent(t *testing.T) {
	const (
		conf = "flash:packages.conf"
		base = "flash:cat9k-rpbase.17.09.04a.SPA.pkg"
		web  = "flash:cat9k-webui.17.09.04a.SPA.pkg"
	)
	ok := func(path string) string { return "PASS E0 " + path }
	try(t, approvedImagePresent, stack, []row{
		{name: "equal, built separately", want: []string{ok(conf), ok(base), ok(web)}, says: "an equal size is weak evidence"},
		{name: "listing missing", observed: []edit{drop(facts.File, "*")}, want: []string{
			"NOT-ASSESSED parse-incomplete " + conf, "NOT-ASSESSED parse-incomplete " + base, "NOT-ASSESSED parse-incomplete " + web}},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout " + conf}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "listing refused", observed: []edit{unanswered("dir /recursive flash:", facts.NoPrivilege, "% Authorization failed", "flash:", facts.File)}, want: []string{
			"NOT-ASSESSED no-privilege " + conf, "NOT-ASSESSED no-privilege " + base, "NOT-ASSESSED no-privilege " + web}},
		{name: "listing read in part", observed: []edit{drop(facts.File, "flash:/packages.conf"), gapped(facts.Gap{Command: "dir /recursive flash:", Reason: facts.ParseIncomplete, Subject: "flash:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"NOT-ASSESSED parse-incomplete " + conf, ok(base), ok(web)}},
		{name: "the approval names no image", approved: []edit{drop(facts.RunningImage, "*"), drop(facts.BootVariable, "*"), drop(facts.NextBootVariable, "*"), drop(facts.ImageDigest, "*")},
			want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the approval holds no size", approved: []edit{drop(facts.File, "*")},
			want: []string{"NOT-ASSESSED no-baseline " + conf, "NOT-ASSESSED no-baseline " + base, "NOT-ASSESSED no-baseline " + web}},
		{name: "neither holds a listing", approved: []edit{drop(facts.File, "*")},
			observed: []edit{drop(facts.File, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Detail: "no command lists files", Kinds: []facts.Kind{facts.File}})},
			want:     []string{"NOT-ASSESSED platform-has-none " + conf, "NOT-ASSESSED platform-has-none " + base, "NOT-ASSESSED platform-has-none " + web}},

		{name: "gone", observed: []edit{drop(facts.File, "flash:/packages.conf")}, want: []string{"FAIL high " + conf, ok(base), ok(web)},
			says: "it was, with 4710 bytes, approved on 2026-11-20"},
		{name: "gone, and its size was never approved", approved: []edit{drop(facts.File, "flash:/packages.conf")}, observed: []edit{drop(facts.File, "flash:/packages.conf")},
			want: []string{"FAIL high " + conf, ok(base), ok(web)}},
		{name: "renamed", observed: []edit{rename("flash:/cat9k-webui.17.09.04a.SPA.pkg", "flash:/old.bin")},
			want: []string{ok(conf), ok(base), "FAIL high " + web}, says: "perhaps it was renamed"},
		{name: "another size", observed: []edit{set(facts.File, "flash:/cat9k-rpbase.17.09.04a.SPA.pkg", "500000001")},
			want: []string{ok(conf), "FAIL critical " + base, ok(web)}, says: `has 500000001 bytes; approved on 2026-11-20: 500000000 bytes`},
		{name: "a size that is none", observed: []edit{set(facts.File, "flash:/packages.conf", "4710 bytes\x1b[2J")},
			want: []string{"FAIL critical " + conf, ok(base), ok(web)}, says: `"4710 bytes\x1b[2J" bytes`},
		{name: "the same file in another spelling", observed: []edit{rename("flash:/packages.conf", "flash-1:packages.conf")}, want: []string{ok(conf), ok(base), ok(web)}},
		{name: "moved to another file system", observed: []edit{rename("flash:/packages.conf", "usbflash0:/packages.conf")}, want: []string{"FAIL high " + conf, ok(base), ok(web)}},
		{name: "an image to boot next as well", approved: []edit{add("show bootvar", facts.NextBootVariable, "2", "flash:fallback.bin"), add("dir /recursive flash:", facts.File, "flash:/fallback.bin", "9")},
			observed: []edit{add("dir /recursive flash:", facts.File, "flash:/fallback.bin", "9")}, want: []string{ok(conf), ok("flash:fallback.bin"), ok(base), ok(web)}},
		{name: "an image on a server is none on the device", approved: []edit{add("show bootvar", facts.NextBootVariable, "2", "tftp://10.1.1.1/x")}, want: []string{ok(conf), ok(base), ok(web)}},
		{name: "listed over another channel before", observed: []edit{first("get-file-list", facts.File, "flash:/packages.conf", "4711")},
			want: []string{"FAIL critical " + conf, ok(base), ok(web)}},
		{name: "listed over another channel after", observed: []edit{add("get-file-list", facts.File, "flash:/packages.conf", "4711")},
			want: []string{"FAIL critical " + conf, ok(base), ok(web)}},
	})
}
