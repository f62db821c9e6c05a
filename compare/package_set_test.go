package compare

import (
	"fmt"
	"testing"

	"trueboot/facts"
)

func TestPackageSet(t *testing.T) {
	upgrade := func(s *facts.Set) {
		for i := range 30 {
			name := fmt.Sprintf("0/RP0/CPU0 ncs5500-%02d", i)
			add("show install summary", facts.Package, name, "7.3.2")(s)
			add("show install summary", facts.PackageState, name, "inactive")(s)
		}
	}
	upgraded := make([]string, 0, findingLimit+1)
	for i := range findingLimit {
		upgraded = append(upgraded, fmt.Sprintf("FAIL high 0/RP0/CPU0 ncs5500-%02d", i))
	}
	const img, smu, list = "IMG 17.09.04a.0.4872", "SMU flash:cat9k_iosxe.17.09.04a.CSCwf00001.SPA.smu.bin", "show install summary"
	update := []edit{add(list, facts.Package, smu, "17.09.04a"), add(list, facts.PackageState, smu, "activated and committed")}
	provisioned := "flash:packages.conf iso rp 0 0 rp_webui"
	nothing := []edit{drop(facts.Package, "*"), drop(facts.PackageState, "*"), drop(facts.PackageFile, "*"), add(list, facts.PackageState, "", "none")}
	try(t, packageSet, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "4 package facts (versions, states, provisioned files) unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(facts.PackageState, img)}, want: []string{"NOT-ASSESSED parse-incomplete " + img}},
		{name: "refused", observed: []edit{unanswered(list, facts.NoPrivilege, "", "", facts.Package, facts.PackageState, facts.RollbackTimer)},
			want: []string{"NOT-ASSESSED no-privilege " + img, "NOT-ASSESSED no-privilege " + img}},
		{name: "a row was not understood", observed: []edit{gapped(facts.Gap{Command: list, Reason: facts.ParseIncomplete, Detail: "line 9: not a package", Kinds: []facts.Kind{facts.Package}})},
			want: []string{"NOT-ASSESSED parse-incomplete"}, says: "may say more"},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout " + img}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the approval holds no packages", approved: []edit{drop(facts.Package, "*"), drop(facts.PackageState, "*"), drop(facts.PackageFile, "*")},
			want: []string{"NOT-ASSESSED no-baseline " + img, "NOT-ASSESSED no-baseline flash:packages.conf"}},
		{name: "the platform has none", approved: nothing[:3], observed: nothing[:3], want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "refused as when it was approved, the provisioning file equal", approved: nothing[:2],
			observed: []edit{unanswered(list, facts.NoPrivilege, "", "", facts.Package, facts.PackageState)}, want: []string{"NOT-ASSESSED no-privilege"}},

		{name: "a security update is gone", approved: update, want: []string{"FAIL high " + smu}, says: "is gone; it was there when the device was approved on 2026-11-20"},
		{name: "a package is new", observed: update, want: []string{"FAIL high " + smu}, says: `("activated and committed") is there; it was not`},
		{name: "every package", observed: []edit{upgrade}, want: append(upgraded, "FAIL high"), says: `20 more of this sort ("0/RP0/CPU0 ncs5500-10"`},
		{name: "another version", observed: []edit{set(facts.Package, img, "17.06.03.0.1")}, want: []string{"FAIL high " + img}, says: `is "17.06.03.0.1"; approved on 2026-11-20: "17.09.04a.0.4872"`},
		{name: "another state", observed: []edit{set(facts.PackageState, img, "inactive")}, want: []string{"FAIL high " + img}},
		{name: "one line of packages.conf", observed: []edit{set(facts.PackageFile, provisioned, "cat9k-webui.17.06.03.SPA.pkg")},
			want: []string{"FAIL high flash:packages.conf"}, says: "cat9k-webui.17.06.03.SPA.pkg instead of cat9k-webui.17.09.04a.SPA.pkg"},
		{name: "a line more in packages.conf", observed: []edit{add("more flash:packages.conf", facts.PackageFile, "flash:packages.conf iso rp 0 0 rp_x", "x.pkg")},
			want: []string{"FAIL high flash:packages.conf"}, says: "x.pkg is new"},
		{name: "a line less in packages.conf", observed: []edit{drop(facts.PackageFile, provisioned)}, want: []string{"FAIL high flash:packages.conf"}, says: "is gone"},
		{name: "packages.conf refused", observed: []edit{unanswered("more flash:packages.conf", facts.NoPrivilege, "", "flash:packages.conf", facts.PackageFile)},
			want: []string{"NOT-ASSESSED no-privilege flash:packages.conf boot rp 0 0 rp_boot", "NOT-ASSESSED no-privilege " + provisioned}},
		{name: "another provisioning file", observed: []edit{add("more flash:other.conf", facts.PackageFile, "flash:other.conf iso rp 0 0 rp_webui", "x.pkg")},
			want: []string{"NOT-ASSESSED no-baseline flash:other.conf"}},

		{name: "no package, as approved", approved: nothing, observed: nothing, want: []string{"PASS E0"}, says: "no package is there"},
		{name: "no package, no baseline", unapproved: true, observed: nothing, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "a package where there was none", approved: nothing, observed: append(nothing[:3:3], update...), want: []string{"FAIL high " + smu}},
		{name: "every package is gone", observed: nothing, want: []string{"FAIL high " + img, "FAIL high flash:packages.conf"}},
		{name: "whether there is a package is withheld", approved: nothing, observed: nothing[:3], want: []string{"NOT-ASSESSED parse-incomplete"}},
	})
}
