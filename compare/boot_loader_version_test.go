package compare

import (
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestBootLoaderVersion(t *testing.T) {
	kind := facts.BootLoaderVersion
	supervisors := []edit{add("show platform", kind, "slot R0", "16.12.2"), add("show platform", kind, "slot R1", "16.12.2")}
	try(t, bootLoaderVersion, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(kind, "BOOTLDR")}, want: []string{"NOT-ASSESSED parse-incomplete BOOTLDR"}},
		{name: "refused", observed: []edit{unanswered("show version", facts.Timeout, "", "", kind)}, want: []string{"NOT-ASSESSED timeout BOOTLDR"}},
		{name: "unreachable", observed: []edit{unreachable(facts.SessionLost)}, want: []string{"NOT-ASSESSED session-lost BOOTLDR"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the approval holds none", approved: []edit{drop(kind, "*")}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the platform has none", approved: []edit{drop(kind, "*")}, observed: []edit{drop(kind, "*")}, want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "the platform says that it has none", unapproved: true,
			observed: []edit{drop(kind, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Detail: "no command shows it", Kinds: []facts.Kind{kind}})},
			want:     []string{"NOT-ASSESSED platform-has-none"}, says: "no command shows it"},
		{name: "a device that stated one can't have none",
			observed: []edit{drop(kind, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{kind}})},
			want:     []string{"NOT-ASSESSED parse-incomplete BOOTLDR"}, says: "it did when it was approved"},

		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show x", Reason: facts.ParseIncomplete, Detail: "line 7", Kinds: []facts.Kind{kind}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "older", observed: []edit{set(kind, "BOOTLDR", "17.6.1")}, want: []string{"FAIL high BOOTLDR"}, says: `older than the one approved on 2026-11-20: "17.10.1"`},
		{name: "newer", observed: []edit{set(kind, "BOOTLDR", "17.12.1")}, want: []string{"FAIL high BOOTLDR"}, says: "newer than the one"},
		{name: "another numbering", observed: []edit{set(kind, "BOOTLDR", "Aboot-norcal6")}, want: []string{"FAIL high BOOTLDR"}, says: "not the one approved"},
		{name: "one version in two spellings", observed: []edit{set(kind, "BOOTLDR", "17.010.01")}, want: []string{"PASS E0"}},
		{name: "a development build", observed: []edit{set(kind, "BOOTLDR", "17.10.1 DEVELOPMENT SOFTWARE")}, want: []string{"FAIL high BOOTLDR", "FAIL high BOOTLDR"}},
		{name: "a development build, no baseline", unapproved: true, observed: []edit{set(kind, "BOOTLDR", "17.10.1 DEVELOPMENT SOFTWARE")},
			want: []string{"FAIL high BOOTLDR", "NOT-ASSESSED no-baseline"}},
		{name: "the trace of a boot kit that was removed", unapproved: true, observed: []edit{add("dir /recursive flash:", facts.File, "flash:/firmware_update.log", "512")},
			want: []string{"FAIL critical flash:/firmware_update.log", "NOT-ASSESSED no-baseline"}},
		{name: "an approval does not excuse that trace", approved: []edit{add("dir /recursive flash:", facts.File, "flash:/firmware_update.log", "512")},
			observed: []edit{add("dir /recursive flash:", facts.File, "flash:/firmware_update.log", "512")}, want: []string{"FAIL critical flash:/firmware_update.log"}},

		{name: "supervisors equal", approved: supervisors, observed: supervisors, want: []string{"PASS E0"}, says: "3 boot loader versions"},
		{name: "the standby's is older", approved: supervisors, observed: append(supervisors[:2:2], set(kind, "slot R1", "16.9.1")), want: []string{"FAIL high slot R1"}},
		{name: "the standby's is withheld", approved: supervisors, observed: supervisors[:1], want: []string{"NOT-ASSESSED parse-incomplete slot R1"}},
		{name: "a supervisor is new", approved: supervisors[:1], observed: supervisors, want: []string{"FAIL medium slot R1"}},
		{name: "two replies, two values", observed: []edit{add("show platform", kind, "BOOTLDR", "17.6.1")}, want: []string{"FAIL high BOOTLDR"}},
		{name: "from the vendor", provenance: baseline.VendorSigned, want: []string{"PASS E0"}, says: "equal to what was approved on 2026-11-20 (vendor-signed)"},
	})
}

// TestBootLoaderResidualRisk holds that a PASS says what it can't exclude.
func TestBootLoaderResidualRisk(t *testing.T) {
	for _, f := range (row{}).judge(t, stack) {
		if f.Control == bootLoaderVersion.Control && f.ResidualRisk == "" {
			t.Errorf("no residual risk: %+v", f)
		}
	}
}
