package compare

import (
	"testing"

	"trueboot/facts"
)

func TestUncommittedPackage(t *testing.T) {
	const img, smu, list = "IMG 17.09.04a.0.4872", "SMU flash:x.smu.bin", "show install summary"
	state := func(value string) []edit {
		return []edit{add(list, facts.Package, smu, "17.09.04a"), add(list, facts.PackageState, smu, value)}
	}
	partition := func(value string) edit { return add("debug swm status", facts.PartitionState, "sysroot1", value) }
	without := []edit{drop(facts.Package, "*"), drop(facts.PackageState, "*"), drop(facts.RollbackTimer, "*")}
	try(t, uncommittedPackage, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "none half-finished"},
		{name: "fact missing", observed: []edit{drop(facts.PackageState, img)}, want: []string{"NOT-ASSESSED parse-incomplete " + img}},
		{name: "timer missing", observed: []edit{drop(facts.RollbackTimer, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "refused", observed: []edit{unanswered(list, facts.NoPrivilege, "", "", facts.Package, facts.PackageState, facts.RollbackTimer)},
			want: []string{"NOT-ASSESSED no-privilege " + img, "NOT-ASSESSED no-privilege"}},
		{name: "refused, no baseline", unapproved: true, observed: []edit{unanswered(list, facts.NoPrivilege, "", "", facts.Package, facts.PackageState, facts.RollbackTimer)},
			want: []string{"NOT-ASSESSED no-privilege"}},
		{name: "refused, and another reply tells of the timer", approved: []edit{add("show timers", facts.RollbackTimer, "switch 2", "inactive")},
			observed: []edit{add("show timers", facts.RollbackTimer, "switch 2", "inactive"), unanswered(list, facts.NoPrivilege, "", "", facts.Package, facts.PackageState, facts.RollbackTimer)},
			want:     []string{"NOT-ASSESSED no-privilege " + img, "NOT-ASSESSED no-privilege"}},
		{name: "a row was not understood", observed: []edit{gapped(facts.Gap{Command: list, Reason: facts.ParseIncomplete, Kinds: []facts.Kind{facts.PackageState}})},
			want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout " + img}},
		{name: "needs no baseline", unapproved: true, want: []string{"PASS E0"}},
		{name: "the platform has none", unapproved: true, observed: append(without, gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{facts.PackageState}})),
			want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "the platform's packages have no states", unapproved: true, observed: append(without, partition("active"), add("show version", facts.Package, "JUNOS py base", "1"),
			gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{facts.PackageState}})), want: []string{"PASS E0"}},
		{name: "they had states when they were approved", observed: append(without, partition("active"), add(list, facts.Package, img, "1"),
			gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{facts.PackageState}})),
			want: []string{"NOT-ASSESSED parse-incomplete", "NOT-ASSESSED parse-incomplete " + img}},
		{name: "a version is kept to go back to", unapproved: true, observed: append(without, partition("rollback boot version")), want: []string{"PASS E0"}},
		{name: "a version waits for the next boot", unapproved: true, observed: append(without, partition("next boot version")), want: []string{"FAIL medium sysroot1"}},
		{name: "says that it has none", unapproved: true, observed: append(without, add(list, facts.PackageState, "", "none")), want: []string{"PASS E0"}},
		{name: "nothing but a timer", unapproved: true, observed: []edit{drop(facts.Package, "*"), drop(facts.PackageState, "*")}, want: []string{"NOT-ASSESSED parse-incomplete"}},

		{name: "the list of packages is refused, and states are a list apart", unapproved: true, observed: append(without, gapped(facts.Gap{Command: "show install active", Reason: facts.NoPrivilege, Kinds: []facts.Kind{facts.Package}})),
			want: []string{"NOT-ASSESSED no-privilege"}},

		{name: "activated and uncommitted", observed: state("activated and uncommitted"), want: []string{"FAIL medium " + smu}, says: `is "activated and uncommitted"`},
		{name: "deactivated and uncommitted", unapproved: true, observed: state("deactivated and uncommitted"), want: []string{"FAIL medium " + smu}},
		{name: "an approval does not excuse it", approved: state("activated and uncommitted"), observed: state("activated and uncommitted"), want: []string{"FAIL medium " + smu}},
		{name: "inactive", observed: state("inactive"), want: []string{"PASS E0"}},
		{name: "a state that is not known", observed: state("X"), want: []string{"NOT-ASSESSED not-comparable " + smu}},
		{name: "a package without a state", observed: state("inactive")[:1], want: []string{"NOT-ASSESSED parse-incomplete " + smu}},
		{name: "active and committed, in two lists", observed: []edit{add("show install active", facts.Package, smu, "1"), add("show install committed", facts.CommittedPackage, smu, "1")},
			want: []string{"PASS E0"}},
		{name: "active and not committed", unapproved: true, observed: []edit{add("show install active", facts.Package, smu, "1"), add("show install committed", facts.CommittedPackage, img, "17.09.04a.0.4872")},
			want: []string{"FAIL medium " + smu}, says: "a reload takes it away"},
		{name: "committed and not active", unapproved: true, observed: []edit{add("show install committed", facts.CommittedPackage, smu, "1")},
			want: []string{"FAIL medium " + smu}, says: "the next reload brings it"},
		{name: "committed and inactive", unapproved: true, observed: append(state("inactive"), add("show install committed", facts.CommittedPackage, smu, "1")),
			want: []string{"FAIL medium " + smu}, says: "the next reload brings it"},
		{name: "another version committed", observed: []edit{add("show install active", facts.Package, smu, "2"), add("show install committed", facts.CommittedPackage, smu, "1")},
			want: []string{"FAIL medium " + smu}, says: "a reload changes it"},
		{name: "the committed list withheld", observed: []edit{add("show install active", facts.Package, smu, "1"), unanswered("show install committed", facts.NoPrivilege, "", "", facts.CommittedPackage)},
			want: []string{"NOT-ASSESSED no-privilege " + smu}},
		{name: "the active list withheld", unapproved: true, observed: append(without, add("show install committed", facts.CommittedPackage, smu, "1"),
			unanswered("show install active", facts.NoPrivilege, "", "", facts.Package, facts.PackageState)), want: []string{"NOT-ASSESSED no-privilege " + smu}},
		{name: "active, and the committed list is empty", unapproved: true,
			observed: append(without, add("show install active", facts.Package, smu, "1"), add("show install committed", facts.CommittedPackage, "", "none")), want: []string{"FAIL medium " + smu}},
		{name: "neither active nor committed", unapproved: true,
			observed: append(without, add("show install active", facts.PackageState, "", "none"), add("show install committed", facts.CommittedPackage, "", "none")), want: []string{"PASS E0"}},
		{name: "a package that is gone is NDI-PK-01's", approved: state("inactive"), want: []string{"PASS E0"}},
		{name: "the rollback timer runs", observed: []edit{set(facts.RollbackTimer, "", "active on install_activate, time before rollback - 01:59:12")},
			want: []string{"FAIL medium rollback timer"}, says: "a rollback timer runs"},
		{name: "a member's timer runs", observed: []edit{add(list, facts.RollbackTimer, "switch 2", "active")}, want: []string{"FAIL medium rollback timer switch 2"}},

		{name: "a partition is settled", unapproved: true, observed: append(without, partition("RUNNING-ACTIVE")), want: []string{"PASS E0"}},
		{name: "a partition is changed at the next boot", observed: []edit{partition("PENDING-CHANGE")}, want: []string{"FAIL medium sysroot1"}},
		{name: "a partition is being installed", observed: []edit{partition("installing 34.000 pct")}, want: []string{"FAIL medium sysroot1"}},
		{name: "a partition's state is not known", observed: []edit{partition("odd")}, want: []string{"NOT-ASSESSED not-comparable sysroot1"}},
		{name: "a partition's state is withheld", approved: []edit{partition("RUNNING-ACTIVE")}, want: []string{"NOT-ASSESSED parse-incomplete sysroot1"}},
	})
}
