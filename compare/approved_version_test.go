package compare

import (
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestApprovedVersion(t *testing.T) {
	version, part := facts.RunningVersion, facts.ComponentVersion
	third := func(v string) edit { return add("show version", part, "switch 3", v) }
	build := func(words string) edit { return set(facts.ReleaseType, "", words) }
	try(t, approvedVersion, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: `runs "17.9.4a", unchanged since 2026-11-20`},
		{name: "fact missing", observed: []edit{drop(version, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: `the reply to "show version" held it`},
		{name: "a member's is missing", observed: []edit{drop(part, "switch 2")}, want: []string{"NOT-ASSESSED parse-incomplete switch 2"}},
		{name: "release type missing", observed: []edit{drop(facts.ReleaseType, "")}, want: []string{"NOT-ASSESSED parse-incomplete release type"}},
		{name: "refused", observed: []edit{unanswered("show version", facts.NoPrivilege, "", "", version, part, facts.ReleaseType)}, want: []string{
			"NOT-ASSESSED no-privilege release type", "NOT-ASSESSED no-privilege", "NOT-ASSESSED no-privilege IOS XE", "NOT-ASSESSED no-privilege switch 1", "NOT-ASSESSED no-privilege switch 2"}},
		{name: "a row was not understood", observed: []edit{gapped(facts.Gap{Command: "show module", Reason: facts.ParseIncomplete, Kinds: []facts.Kind{part}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "another question was refused", observed: []edit{gapped(facts.Gap{Command: "show module", Reason: facts.UnsupportedCommand, Kinds: []facts.Kind{part}})}, want: []string{"PASS E0"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable release type"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the approval holds no version", approved: []edit{drop(version, "*"), drop(part, "*")}, want: []string{
			"NOT-ASSESSED no-baseline", "NOT-ASSESSED no-baseline IOS XE", "NOT-ASSESSED no-baseline switch 1", "NOT-ASSESSED no-baseline switch 2"}},

		{name: "neither states a version", approved: []edit{drop(version, "")}, observed: []edit{drop(version, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "the approval holds no running version", approved: []edit{drop(version, ""), drop(part, "*")}, observed: []edit{drop(part, "*")}, want: []string{"NOT-ASSESSED no-baseline"}},

		{name: "older", observed: []edit{set(version, "", "17.6.3")}, want: []string{"FAIL high"}, says: `older than the one approved on 2026-11-20: "17.9.4a"`},
		{name: "newer", observed: []edit{set(version, "", "17.12.1")}, want: []string{"FAIL high"}, says: "newer than the one"},
		{name: "another train", observed: []edit{set(version, "", "15.2(7)E8")}, want: []string{"FAIL high"}, says: `another version than the one approved on 2026-11-20: "17.9.4a" ("other numbering")`},
		{name: "one version in two spellings", observed: []edit{set(version, "", "17.09.04a")}, want: []string{"PASS E0"}},
		{name: "two replies, two versions", observed: []edit{add("show install summary", version, "", "17.6.3")}, want: []string{"FAIL high"}},
		{name: "a member runs another", observed: []edit{set(part, "switch 2", "17.06.03")}, want: []string{"FAIL high switch 2"}},
		{name: "a member is new and runs the approved version", observed: []edit{third("17.09.04a")}, want: []string{"PASS E0"}},
		{name: "a member is new", observed: []edit{third("17.06.03")}, want: []string{"FAIL high switch 3"}, says: "none was approved"},
		{name: "a member that only a new command states, with the approved version", observed: []edit{add("show platform", part, "slot R0", "17.09.04a")}, want: []string{"PASS E0"}},
		{name: "a member that only a new command states, with another version", approved: []edit{drop(part, "*")}, observed: []edit{drop(part, "*"), add("show platform", part, "slot R0", "17.06.03")},
			want: []string{"NOT-ASSESSED no-baseline slot R0"}},

		{name: "an interim build", observed: []edit{build("EARLY DEPLOYMENT MAINTENANCE INTERIM SOFTWARE")}, want: []string{"FAIL high release type"}},
		{name: "an engineering build, no baseline", unapproved: true, observed: []edit{build("TEST ENGINEERING ESTG_WEEKLY BUILD")},
			want: []string{"FAIL high release type", "NOT-ASSESSED no-baseline"}, says: "no release for production"},
		{name: "a type that is not known", observed: []edit{build("CUST-X")}, want: []string{"FAIL high release type"}},
		{name: "a special build, approved", approved: []edit{build("CUST-SPECIAL")}, observed: []edit{build("CUST-SPECIAL")}, want: []string{"PASS E0"}},
		{name: "early deployment", observed: []edit{build("EARLY DEPLOYMENT RELEASE SOFTWARE")}, want: []string{"PASS E0"}},
		{name: "general availability", observed: []edit{build("GA.M")}, want: []string{"PASS E0"}},
		{name: "not yet general availability", observed: []edit{build("Non-GA.M")}, want: []string{"FAIL high release type"}},
		{name: "a feature release", observed: []edit{build("Feature")}, want: []string{"PASS E0"}},
		{name: "a public hotfix", observed: []edit{build("Hotfix HF6")}, want: []string{"PASS E0"}},
		{name: "a maintenance release of old", observed: []edit{build("MR3 Patch 15")}, want: []string{"PASS E0"}},
		{name: "an engineering hotfix", observed: []edit{build("Engineering Hotfix")}, want: []string{"FAIL high release type"}},

		{name: "read from a device like it", provenance: baseline.Twin, want: []string{"PASS E0"}, says: "equal to what was approved on 2026-11-20 (twin)"},
	})
}
