package compare

import (
	"slices"
	"testing"

	"trueboot/facts"
)

func TestVersionCoherence(t *testing.T) {
	version, part, image := facts.RunningVersion, facts.ComponentVersion, facts.RunningImage
	const bundleImage = "flash:cat9k_iosxe.17.09.04a.SPA.bin"
	onlyTwo := []edit{drop(facts.Package, "*"), drop(facts.PackageState, "*"), drop(facts.PackageFile, "*"), drop(part, "switch 1"), drop(part, "switch 2")}
	stamps := []edit{drop(facts.CompileTime, ""), drop(facts.Release, ""), drop(facts.SoftwareImage, "")}
	try(t, versionCoherence, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "no contradiction between the running version"},
		{name: "fact missing", observed: []edit{drop(version, "")}, want: []string{"NOT-ASSESSED parse-incomplete running version"}},
		{name: "a member's is missing", observed: []edit{drop(part, "switch 2")}, want: []string{"NOT-ASSESSED parse-incomplete component version switch 2"}},
		{name: "the name of the system is missing, no baseline", unapproved: true, observed: []edit{drop(facts.OperatingSystem, "")}, want: []string{"NOT-ASSESSED parse-incomplete operating system"}},
		{name: "the name of the system is missing, and approved", observed: []edit{drop(facts.OperatingSystem, ""), set(part, "IOS XE", "17.6.3")}, want: []string{"FAIL! critical component version IOS XE"}},
		{name: "a stamp is missing", observed: stamps[:1], want: []string{"NOT-ASSESSED parse-incomplete compile time"}},
		{name: "the packages are refused", observed: []edit{unanswered("show install summary", facts.NoPrivilege, "", "", facts.Package, facts.PackageState)},
			want: []string{"NOT-ASSESSED no-privilege package IMG 17.09.04a.0.4872", "NOT-ASSESSED no-privilege package state IMG 17.09.04a.0.4872"}},
		{name: "the digest of the running image is withheld", observed: []edit{drop(facts.ImageDigest, "flash:packages.conf")}, want: []string{"NOT-ASSESSED parse-incomplete image digest"}},
		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show version", Reason: facts.ParseIncomplete, Kinds: []facts.Kind{part}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout running version"}},
		{name: "unreachable, no baseline", unapproved: true, observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout"}},
		{name: "needs no baseline", unapproved: true, want: []string{"PASS E0"}},
		{name: "two facts, no baseline", unapproved: true, observed: onlyTwo, want: []string{"NOT-ASSESSED no-baseline"}, says: "2 of the 3 facts"},
		{name: "two facts and no stamp", approved: append(onlyTwo, stamps...), observed: append(onlyTwo, stamps...), want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "two facts, and more was refused", approved: append(onlyTwo, stamps...), observed: append(append(onlyTwo, stamps...), gapped(facts.Gap{Command: "show build", Reason: facts.NoPrivilege, Kinds: []facts.Kind{facts.BuildID}})),
			want: []string{"NOT-ASSESSED no-privilege"}, says: `"show build": no-privilege`},
		{name: "three facts without an order between them", approved: slices.Concat(onlyTwo[:3], stamps, []edit{set(version, "", "Everest")}),
			observed: slices.Concat(onlyTwo[:3], stamps, []edit{set(version, "", "Everest"), set(part, "switch 1", "Fuji"), set(part, "switch 2", "Gibraltar")}),
			want:     []string{"NOT-ASSESSED not-comparable"}, says: "0 of the 3 facts"},

		{name: "the banner was edited", unapproved: true, observed: []edit{set(version, "", "17.12.1")}, want: []string{"FAIL! critical running version"},
			says: `the running version "17.12.1" contradicts version "17.09.04a" of "IOS XE", version "17.09.04a" of "switch 1"`},
		{name: "a member runs another", unapproved: true, observed: []edit{set(part, "switch 2", "17.06.03")}, want: []string{"FAIL! critical component version switch 2"}},
		{name: "an approval does not excuse it", approved: []edit{set(part, "switch 2", "17.06.03")}, observed: []edit{set(part, "switch 2", "17.06.03")},
			want: []string{"FAIL! critical component version switch 2"}},
		{name: "the image was renamed", unapproved: true, observed: append(bundle(), set(image, "", "flash:cat9k_iosxe.17.12.01.SPA.bin")), want: []string{"FAIL! critical running image"}},
		{name: "the image package", unapproved: true, observed: []edit{set(facts.Package, "IMG 17.09.04a.0.4872", "17.06.03.0.1")}, want: []string{"FAIL! critical package IMG 17.09.04a.0.4872"}},
		{name: "an inactive image package", unapproved: true, observed: []edit{add("show install summary", facts.Package, "IMG 17.06.03.0.1", "17.06.03.0.1"), add("show install summary", facts.PackageState, "IMG 17.06.03.0.1", "inactive")},
			want: []string{"PASS E0"}},
		{name: "a package with a version of its own", unapproved: true, observed: []edit{add("show extensions", facts.Package, "TerminAttr", "1.19.5"), add("show extensions", facts.PackageState, "TerminAttr", "activated and committed")},
			want: []string{"PASS E0"}},
		{name: "one package file of another version", unapproved: true, observed: []edit{set(facts.PackageFile, "flash:packages.conf iso rp 0 0 rp_webui", "cat9k-webui.17.06.03.SPA.pkg")},
			want: []string{"FAIL! critical package file flash:packages.conf iso rp 0 0 rp_webui"}},
		{name: "a package file of a provisioning file that does not run", unapproved: true, observed: []edit{add("more flash:prev_packages.conf", facts.PackageFile, "flash:prev_packages.conf iso rp 0 0 rp_webui", "cat9k-webui.17.06.03.SPA.pkg")},
			want: []string{"PASS E0"}},
		{name: "a module with software of its own", unapproved: true, observed: []edit{add("show module", part, "slot 3", "9.9.9")}, want: []string{"PASS E0"}},
		{name: "the other half of a pair", unapproved: true, observed: []edit{add("show ha", facts.ComponentRole, "lb2", "standby"), add("show ha", facts.Hostname, "lb2", "lb2"), add("show ha", part, "lb2", "17.6.3"),
			add("show ha", facts.ComponentRole, "peer", "passive"), add("show ha", part, "peer", "17.6.3"),
			add("show ha", facts.ComponentRole, "secondary unit", "Standby Ready"), add("show ha", part, "secondary unit", "17.6.3")}, want: []string{"PASS E0"}},
		{name: "this half of a pair", unapproved: true, observed: []edit{add("show ha", facts.ComponentRole, "core1", "active"), add("show ha", facts.Hostname, "core1", "core1"), add("show ha", part, "core1", "17.6.3")},
			want: []string{"FAIL! critical component version core1"}},
		{name: "a version without an order", unapproved: true, observed: []edit{set(version, "", "Everest")}, want: []string{"PASS E0"}},
		{name: "two replies, two versions", unapproved: true, observed: []edit{add("show install summary", version, "", "17.6.3")}, want: []string{"FAIL! critical running version"}},
		{name: "one bundle, equal", approved: bundle(), observed: bundle(), want: []string{"PASS E0"}, says: `in the name of the running image "` + bundleImage + `"`},
		{name: "the running partition holds another", unapproved: true, observed: []edit{set(image, "", "primary"), add("show images", facts.Partition, "primary", "17.6.3")},
			want: []string{"FAIL! critical partition primary"}},
		{name: "another partition may hold another", unapproved: true, observed: []edit{set(image, "", "primary"), add("show images", facts.Partition, "primary", "17.9.4a"), add("show images", facts.Partition, "secondary", "17.6.3")},
			want: []string{"PASS E0"}},
		{name: "a part of the system is another", unapproved: true, observed: []edit{add("show version", image, "kickstart", "flash:k.bin"), add("show version", part, "kickstart", "17.6.3")},
			want: []string{"FAIL! critical component version kickstart"}},

		{name: "same version, other build", observed: []edit{set(facts.CompileTime, "", "Mon 01-Jan-24 00:00")}, want: []string{"FAIL! critical compile time"},
			says: `version "17.9.4a" is the approved one and its compile time is "Mon 01-Jan-24 00:00"; approved on 2026-11-20: "Fri 20-Oct-23 10:44"`},
		{name: "same version, other build id", approved: []edit{add("show version", facts.BuildID, "", "a1")}, observed: []edit{add("show version", facts.BuildID, "", "b2")}, want: []string{"FAIL! critical build id"}},
		{name: "same version, other feature set", observed: []edit{set(facts.SoftwareImage, "", "CAT9K_LITE_IOSXE")}, want: []string{"FAIL! critical software image"}},
		{name: "same version, other digest", observed: []edit{set(facts.ImageDigest, "flash:packages.conf", "sha512:99")}, want: []string{"FAIL! critical image digest"}},
		{name: "another version has another build", observed: []edit{set(version, "", "17.12.1"), set(part, "IOS XE", "17.12.1"), set(part, "switch 1", "17.12.1"), set(part, "switch 2", "17.12.1"),
			set(facts.Package, "IMG 17.09.04a.0.4872", "17.12.01"), set(facts.PackageFile, "flash:packages.conf boot rp 0 0 rp_boot", "cat9k-rpbase.17.12.01.SPA.pkg"),
			set(facts.PackageFile, "flash:packages.conf iso rp 0 0 rp_webui", "cat9k-webui.17.12.01.SPA.pkg"), set(facts.CompileTime, "", "later")}, want: []string{"PASS E0"}},
	})
}
