package compare

import (
	"testing"

	"trueboot/facts"
)

// bundle turns the stack into one that boots a single image file: what names packages.conf names the image then.
func bundle(edits ...edit) []edit {
	const image = "flash:cat9k_iosxe.17.09.04a.SPA.bin"
	return append([]edit{
		set(facts.RunningImage, "", image),
		set(facts.BootVariable, "1", image),
		set(facts.NextBootVariable, "1", image),
		set(facts.RunningBootCommand, "1", "boot system switch all "+image),
		set(facts.StartupBootCommand, "1", "boot system switch all "+image),
		rename("flash:/packages.conf", "flash:/cat9k_iosxe.17.09.04a.SPA.bin"),
		rename("flash:packages.conf", image),
		drop(facts.PackageFile, "*"),
	}, edits...)
}

func TestRunningImage(t *testing.T) {
	const image = "flash:cat9k_iosxe.17.09.04a.SPA.bin"
	image1 := "flash:/cat9k_iosxe.17.09.04a.SPA.bin"
	try(t, runningImage, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: `"flash:packages.conf" runs, is first in the boot list, is on the device, unchanged since 2026-11-20`},
		{name: "fact missing", observed: []edit{drop(facts.RunningImage, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: `the reply to "show version" held it`},
		{name: "unreachable", observed: []edit{unreachable(facts.LoginRefused)}, want: []string{"NOT-ASSESSED login-refused"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}, says: "is first in the boot list, is on the device; nothing is approved"},
		{name: "the approval names none", approved: []edit{drop(facts.RunningImage, "")}, want: []string{"NOT-ASSESSED no-baseline running image"}},
		{name: "one image file, equal", approved: bundle(), observed: bundle(), want: []string{"PASS E0"}, says: "has the running version"},

		{name: "another image runs", observed: []edit{set(facts.RunningImage, "", "flash:other.bin"), add("dir /recursive flash:", facts.File, "flash:/other.bin", "1")},
			want: []string{"FAIL high boot variable", "FAIL high running image"}, says: `approved on 2026-11-20: "flash:packages.conf"`},
		{name: "another image runs, no baseline", unapproved: true, observed: []edit{set(facts.RunningImage, "", "flash:other.bin"), add("dir /recursive flash:", facts.File, "flash:/other.bin", "1")},
			want: []string{"FAIL high boot variable"}, says: `and the boot list begins with "flash:packages.conf"`},
		{name: "another image runs and is approved, the list is not its", approved: []edit{set(facts.RunningImage, "", "flash:other.bin")},
			observed: []edit{set(facts.RunningImage, "", "flash:other.bin"), add("dir /recursive flash:", facts.File, "flash:/other.bin", "1")},
			want:     []string{"FAIL high boot variable"}},
		{name: "deleted after the boot", observed: []edit{drop(facts.File, "flash:/packages.conf")}, want: []string{"FAIL! critical file"}, says: "it was deleted or renamed after the boot"},
		{name: "deleted after the boot, no baseline", unapproved: true, observed: []edit{drop(facts.File, "flash:/packages.conf")}, want: []string{"FAIL! critical file"}},
		{name: "renamed after the boot", approved: bundle(), observed: bundle(rename(image1, "flash:/x.bin")), want: []string{"FAIL! critical file"}},
		{name: "booted from a server", observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")},
			want: []string{"FAIL high boot variable", "FAIL high file", "FAIL high running image"}},
		{name: "the name says another version", approved: bundle(), observed: bundle(set(facts.RunningVersion, "", "17.6.3"), set(facts.ComponentVersion, "IOS XE", "17.06.03")),
			want: []string{"FAIL! critical version"}, says: `says version "17.09.04a", and what runs calls itself version "17.6.3"`},
		{name: "the name says a version without an order", approved: bundle(), observed: bundle(set(facts.RunningVersion, "", "Everest"), set(facts.ComponentVersion, "IOS XE", "Everest")),
			want: []string{"NOT-ASSESSED not-comparable version"}, says: "has no order to the running"},
		{name: "no version to hold the name against", approved: bundle(), observed: bundle(drop(facts.RunningVersion, ""), drop(facts.ComponentVersion, "*")),
			want: []string{"NOT-ASSESSED parse-incomplete version"}},
		{name: "two replies, two images", observed: []edit{add("show boot", facts.RunningImage, "", image), add("dir /recursive flash:", facts.File, image1, "1")},
			want: []string{"FAIL high boot variable", "FAIL high running image"}},

		{name: "boot list refused", observed: []edit{unanswered("show bootvar", facts.NoPrivilege, "", "", facts.BootVariable, facts.NextBootVariable)},
			want: []string{"NOT-ASSESSED no-privilege boot variable"}},
		{name: "boot list with a hole", observed: []edit{add("show bootvar", facts.BootVariable, "3", image)}, want: []string{"NOT-ASSESSED parse-incomplete boot variable"}},
		{name: "empty boot list", observed: []edit{drop(facts.BootVariable, "*"), add("show bootvar", facts.BootSetting, "boot variable", "does not exist")},
			want: []string{"PASS E0"}, says: `"flash:packages.conf" runs, is on the device`},
		{name: "listing refused", observed: []edit{unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File)},
			want: []string{"NOT-ASSESSED no-privilege file"}},
		{name: "listing read in part", observed: []edit{drop(facts.File, "flash:/packages.conf"), gapped(facts.Gap{Command: "dir /recursive flash:", Reason: facts.ParseIncomplete, Subject: "flash:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"NOT-ASSESSED parse-incomplete file"}},
		{name: "another file system was not listed", observed: []edit{gapped(facts.Gap{Command: "dir /recursive nvram:", Reason: facts.NoPrivilege, Subject: "nvram:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"PASS E0"}},
	})
}
