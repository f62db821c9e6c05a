package compare

import (
	"testing"
	"time"

	"trueboot/facts"
)

func TestImageDowngrade(t *testing.T) {
	version, part, loader := facts.RunningVersion, facts.ComponentVersion, facts.BootLoaderVersion
	old := "flash:cat9k_iosxe.17.06.03.SPA.bin"
	before := func(version string) []edit { return []edit{add("show version", facts.PreviousVersion, "", version)} }
	everything := []edit{set(version, "", "17.6.3"), set(facts.BootVariable, "1", old), set(facts.NextBootVariable, "1", old), up("", time.Hour)}
	try(t, imageDowngrade, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "none is older than that approved on 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(version, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "refused", observed: []edit{unanswered("show version", facts.NoPrivilege, "", "", version, part, loader)}, want: []string{
			"NOT-ASSESSED no-privilege", "NOT-ASSESSED no-privilege IOS XE", "NOT-ASSESSED no-privilege switch 1", "NOT-ASSESSED no-privilege switch 2", "NOT-ASSESSED no-privilege BOOTLDR"}},
		{name: "unreachable", observed: []edit{unreachable(facts.HostKeyUnknown)}, want: []string{"NOT-ASSESSED host-key-unknown"}},
		{name: "no baseline, first visit", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "no baseline, a visit before", unapproved: true, visits: true, want: []string{"NOT-ASSESSED no-baseline"}, says: "no version is older than that seen on 2026-11-23 01:00 UTC"},
		{name: "the approval holds no version", approved: []edit{drop(version, "*"), drop(part, "*"), drop(loader, "*")}, want: []string{"NOT-ASSESSED parse-incomplete"}},

		{name: "older than approved", observed: []edit{set(version, "", "17.6.3")}, want: []string{"FAIL high"}, says: `running version is "17.6.3", older than the "17.9.4a" approved on 2026-11-20`},
		{name: "version, boot list and a reload", observed: everything, want: []string{"FAIL critical"}, says: "the boot list changed and the device was reloaded since"},
		{name: "version and boot list, no reload", observed: everything[:3], want: []string{"FAIL high"}},
		{name: "version and a reload, the boot list as it was", observed: []edit{everything[0], everything[3]}, want: []string{"FAIL high"}},
		{name: "told once", visits: true, observed: []edit{set(version, "", "17.6.3")}, want: []string{"FAIL high"}},
		{name: "older than at the last visit", unapproved: true, previous: []edit{set(version, "", "17.12.1")}, want: []string{"FAIL high"}, says: `older than the "17.12.1" seen on 2026-11-23 01:00 UTC`},
		{name: "as approved, and older than at the last visit", previous: []edit{set(version, "", "17.12.1")}, want: []string{"FAIL high"}},
		{name: "older than at a visit before the approval", previous: []edit{set(version, "", "17.12.1")}, approvedAt: now, want: []string{"PASS E0"}},
		{name: "newer is NDI-VR-01's", observed: []edit{set(version, "", "17.12.1")}, want: []string{"PASS E0"}},
		{name: "one version in two spellings", observed: []edit{set(version, "", "17.09.04a")}, want: []string{"PASS E0"}},
		{name: "letters count", observed: []edit{set(version, "", "17.9.4")}, want: []string{"FAIL high"}},
		{name: "another train", observed: []edit{set(version, "", "15.2(7)E8")}, want: []string{"NOT-ASSESSED not-comparable"}, says: `has no order to the "17.9.4a" approved on 2026-11-20: "other numbering"`},
		{name: "equal and without an order", approved: []edit{set(loader, "BOOTLDR", "IOS-XE ROMMON")}, observed: []edit{set(loader, "BOOTLDR", "IOS-XE ROMMON")}, want: []string{"PASS E0"}},
		{name: "two replies, two versions", observed: []edit{add("show install summary", version, "", "17.6.3")}, want: []string{"FAIL high"}},
		{name: "a member", observed: []edit{set(part, "switch 2", "17.06.03")}, want: []string{"FAIL high switch 2"}},
		{name: "the boot loader", observed: append(everything[1:4:4], set(loader, "BOOTLDR", "17.6.1")), want: []string{"FAIL high BOOTLDR"}},
		{name: "a partition", approved: []edit{add("show images", facts.Partition, "secondary", "17.9.4a")}, observed: []edit{add("show images", facts.Partition, "secondary", "17.6.3")},
			want: []string{"FAIL high secondary"}},
		{name: "the same ran before the reload", approved: before("17.9.4a"), observed: before("17.9.4a"), want: []string{"PASS E0"}},
		{name: "an older one ran before the reload, as was known", approved: before("17.6.3"), observed: before("17.6.3"), want: []string{"PASS E0"}},
		{name: "an older one ran in between", approved: before("17.9.4a"), observed: before("17.6.3"), want: []string{"FAIL high previous version"},
			says: `before its last reload the device ran "17.6.3", older than the "17.9.4a" approved on 2026-11-20`},
		{name: "an older one ran in between, seen since the last visit", unapproved: true, previous: before("17.9.4a"), observed: before("17.6.3"), want: []string{"FAIL high previous version"}},
		{name: "a newer one ran before the approved one", observed: before("17.12.1"), want: []string{"PASS E0"}},
		{name: "a newer one ran before, nothing is approved", unapproved: true, observed: before("17.12.1"),
			want: []string{"FAIL high previous version", "NOT-ASSESSED no-baseline"}, says: `older than the "17.12.1" that ran before the last reload`},
		{name: "an older one ran before, nothing is approved", unapproved: true, observed: before("17.6.3"), want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "what ran before has no order", observed: before("15.2(7)E8"), want: []string{"PASS E0"}},

		{name: "the last visit's component is withheld", previous: []edit{add("show module", part, "slot 5", "17.09.04a")}, want: []string{"NOT-ASSESSED parse-incomplete slot 5"},
			says: `the reply to "show module" held it at the last visit`},
	})
}

// TestDowngradeWithoutOrder holds that without the platform's order nothing but equal texts is the same.
func TestDowngradeWithoutOrder(t *testing.T) {
	for older, want := range map[string]Verdict{"17.9.4a": Pass, "17.6.3": NotAssessed, "17.09.04a": NotAssessed} {
		c := (row{observed: []edit{set(facts.RunningVersion, "", older)}}).build(t, stack)
		c.Order, c.VersionInName = nil, nil
		verdict := Verdict("")
		for _, f := range Judge(c, Profile{}) {
			if f.Control == imageDowngrade.Control {
				verdict = Worse(verdict, f.Verdict)
			}
		}
		if verdict != want {
			t.Errorf("%s: %s, not %s", older, verdict, want)
		}
	}
}
