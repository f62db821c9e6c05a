package compare

import (
	"testing"

	"trueboot/facts"
)

// TestSanctionedImage holds that a PASS says of an older image that it is there, and says so of no other device.
func TestSanctionedImage(t *testing.T) {
	old := add("dir /recursive flash:", facts.File, "flash:/cat9k_iosxe.17.06.03.SPA.bin", "800000000")
	for _, edits := range [][]edit{nil, {old}} {
		for _, f := range (row{observed: edits, approved: edits}).judge(t, stack) {
			if f.Control == supersededImage.Control && (f.ResidualRisk != "") != (edits != nil) {
				t.Errorf("%s: %q", f.Message, f.ResidualRisk)
			}
		}
	}
}

func TestSupersededImage(t *testing.T) {
	file := func(path string) edit { return add("dir /recursive flash:", facts.File, path, "800000000") }
	const old = "flash:/cat9k_iosxe.17.06.03.SPA.bin"
	partition := func(name, version string) edit { return add("show images", facts.Partition, name, version) }
	try(t, supersededImage, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "2 images on the device, none that is older than the running"},
		{name: "fact missing", observed: []edit{drop(facts.RunningVersion, ""), drop(facts.ComponentVersion, "*")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: "running version"},
		{name: "listing missing", observed: []edit{drop(facts.File, "*")}, want: []string{
			"NOT-ASSESSED parse-incomplete flash:/cat9k-rpbase.17.09.04a.SPA.pkg", "NOT-ASSESSED parse-incomplete flash:/cat9k-webui.17.09.04a.SPA.pkg"}},
		{name: "listing refused", observed: []edit{unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File)}, want: []string{"NOT-ASSESSED no-privilege flash:"}},
		{name: "no image was approved and the listing is refused", approved: []edit{drop(facts.File, "*")}, observed: []edit{
			unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File)}, want: []string{"NOT-ASSESSED no-privilege flash:"}},
		{name: "one slot is empty", observed: []edit{gapped(facts.Gap{Command: "dir usb:", Reason: facts.PlatformHasNone, Subject: "usb:", Kinds: []facts.Kind{facts.File}})}, want: []string{"PASS E0"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "no baseline and a listing cut short", unapproved: true, observed: []edit{gapped(facts.Gap{Command: "dir flash:", Reason: facts.ParseIncomplete, Subject: "flash:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"NOT-ASSESSED parse-incomplete flash:", "NOT-ASSESSED no-baseline"}},

		{name: "an older image", observed: []edit{file(old)}, want: []string{"FAIL medium " + old}, says: `1 image of version "17.06.03", older than the running "17.9.4a"`},
		{name: "an older image, no baseline", unapproved: true, observed: []edit{file(old)}, want: []string{"FAIL medium " + old, "NOT-ASSESSED no-baseline"}},
		{name: "an older image, approved", approved: []edit{file(old)}, observed: []edit{file(old)}, want: []string{"PASS E0"}, says: "1 older and approved"},
		{name: "an older image of another size than approved", approved: []edit{file(old)}, observed: []edit{file(old), set(facts.File, old, "1")}, want: []string{"FAIL medium " + old}},
		{name: "an older image that boots", observed: []edit{file(old), add("show bootvar", facts.NextBootVariable, "2", "flash:cat9k_iosxe.17.06.03.SPA.bin")}, want: []string{"FAIL high " + old}},
		{name: "several of one version, and of another", observed: []edit{file("flash:/b.17.06.03.pkg"), file("flash:/a.17.06.03.pkg"), file("flash:/c.17.03.01.bin")},
			want: []string{"FAIL medium flash:/c.17.03.01.bin", "FAIL medium flash:/b.17.06.03.pkg"}, says: "2 images of version"},
		{name: "an older image in a directory", observed: []edit{file("flash:/d/cat9k_iosxe.17.06.03.SPA.bin")}, want: []string{"FAIL medium flash:/d/cat9k_iosxe.17.06.03.SPA.bin"}},
		{name: "listed by two replies", observed: []edit{file(old), add("dir flash:", facts.File, old, "800000000")}, want: []string{"FAIL medium " + old}},
		{name: "a newer image is NDI-ST-06's", observed: []edit{file("flash:/cat9k_iosxe.17.12.01.SPA.bin")}, want: []string{"PASS E0"}},
		{name: "a log with an older version in its name", observed: []edit{file("flash:/upgrade.17.06.03.log")}, want: []string{"PASS E0"}},
		{name: "an image of another product", observed: []edit{file("flash:/other.99.99.99z.bin")}, want: []string{"PASS E0"}},
		{name: "a version without an order", observed: []edit{set(facts.RunningVersion, "", "Everest"), drop(facts.ComponentVersion, "*"), file(old)},
			want: []string{"NOT-ASSESSED not-comparable " + old}, says: "has no order to the running"},
		{name: "the order to the second numbering counts", observed: []edit{set(facts.RunningVersion, "", "Everest"), file(old)}, want: []string{"FAIL medium " + old}},

		{name: "an older partition", approved: []edit{partition("primary", "17.9.4a"), partition("secondary", "17.9.4a")}, observed: []edit{partition("primary", "17.9.4a"), partition("secondary", "17.6.3")}, want: []string{"FAIL medium secondary"}},
		{name: "an older partition, approved", approved: []edit{partition("secondary", "17.6.3")}, observed: []edit{partition("secondary", "17.6.3")}, want: []string{"PASS E0"}},
		{name: "an older partition than the approved", approved: []edit{partition("secondary", "17.6.3")}, observed: []edit{partition("secondary", "17.3.1")}, want: []string{"FAIL medium secondary"}},
		{name: "a partition that was not there", approved: []edit{partition("primary", "17.9.4a")}, observed: []edit{partition("primary", "17.9.4a"), partition("third", "17.12.1")}, want: []string{"FAIL high third"}},
		{name: "partitions that were never approved", observed: []edit{partition("primary", "17.9.4a"), partition("third", "17.12.1")}, want: []string{"NOT-ASSESSED no-baseline primary", "NOT-ASSESSED no-baseline third"}},
		{name: "an empty partition", approved: []edit{partition("secondary", "none")}, observed: []edit{partition("secondary", "none")}, want: []string{"PASS E0"}},
		{name: "a partition of an unknown version", approved: []edit{partition("secondary", "17.9.4a")}, observed: []edit{partition("secondary", "none")}, want: []string{"NOT-ASSESSED not-comparable secondary"}},
		{name: "a partition is withheld", approved: []edit{partition("secondary", "17.9.4a")}, want: []string{"NOT-ASSESSED parse-incomplete secondary"}},
		{name: "the partitions are refused", approved: []edit{partition("secondary", "17.9.4a")},
			observed: []edit{gapped(facts.Gap{Command: "show images", Reason: facts.NoPrivilege, Kinds: []facts.Kind{facts.Partition}})}, want: []string{"NOT-ASSESSED no-privilege"}},
	})
}
