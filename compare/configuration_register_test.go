package compare

import (
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestConfigurationRegister(t *testing.T) {
	now, next := facts.ConfigRegister, facts.NextConfigRegister
	standby := []edit{
		add("show redundancy", now, "standby", "0x2102"),
		add("show redundancy", next, "standby", "0x2102"),
	}
	try(t, configurationRegister, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "configuration register is 0x102 (boots as the boot variable says) now and at the next reload, unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(now, "")},
			want: []string{"NOT-ASSESSED parse-incomplete"}, says: `the reply to "show version" held it when it was approved`},
		{name: "refused", observed: []edit{unanswered("show version", facts.NoPrivilege, "% Authorization failed", "", now, next)},
			want: []string{"NOT-ASSESSED no-privilege"}, says: `"% Authorization failed"`},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable"}},
		{name: "the platform has none", approved: []edit{drop(now, ""), drop(next, "")},
			observed: []edit{drop(now, ""), drop(next, "")}, want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "the value for the next reload is withheld", observed: []edit{drop(next, "")},
			want: []string{"NOT-ASSESSED parse-incomplete"}, says: "next configuration register"},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}, says: "0x102"},
		{name: "the approval holds no register", approved: []edit{drop(now, ""), drop(next, "")},
			want: []string{"NOT-ASSESSED no-baseline"}, says: "none was approved"},

		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show x", Reason: facts.ParseIncomplete, Detail: "line 7", Kinds: []facts.Kind{now}})}, want: []string{"PASS E0", "NOT-ASSESSED parse-incomplete"}},
		{name: "skips the startup configuration", observed: []edit{set(now, "", "0x2142"), set(next, "", "0x2142")},
			want: []string{"FAIL high"}, says: "ignores the startup configuration"},
		{name: "trap for the next reload", observed: []edit{set(next, "", "0x2142")},
			want: []string{"FAIL high"}, says: "will be 0x2142"},
		{name: "stops in the boot loader at the next reload", observed: []edit{set(next, "", "0x2100")},
			want: []string{"FAIL high"}, says: "stops in ROMMON"},
		{name: "set back for the next reload", observed: []edit{set(now, "", "0x2142")},
			want: []string{"FAIL high", "FAIL high"}, says: "0x2142"},
		{name: "trap that was approved", approved: []edit{set(next, "", "0x2142")}, observed: []edit{set(next, "", "0x2142")},
			want: []string{"FAIL high"}, says: "will be 0x2142"},
		{name: "trap without a baseline", unapproved: true, observed: []edit{set(next, "", "0x2142")},
			want: []string{"FAIL high", "NOT-ASSESSED no-baseline"}},
		{name: "recovery value without a baseline", unapproved: true, observed: []edit{set(now, "", "0x2142"), set(next, "", "0x2142")},
			want: []string{"FAIL medium"}, says: "nobody approved that"},
		{name: "console speed alone", observed: []edit{set(now, "", "0x3922"), set(next, "", "0x3922")}, want: []string{"FAIL high"}},
		{name: "two replies, two values", observed: []edit{add("show bootvar", now, "", "0x2142")},
			want: []string{"FAIL! high", "FAIL high"}, says: `in the reply to "show bootvar"`},
		{name: "two replies, one value", observed: []edit{add("show bootvar", now, "", "0x102")}, want: []string{"PASS E0"}},
		{name: "one value in two spellings", observed: []edit{set(next, "", "0x0102"), add("show bootvar", now, "", "0x0102")}, want: []string{"PASS E0"}},
		{name: "no register", observed: []edit{set(now, "", "0xZZ")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: "which is no register"},

		{name: "the approval holds no value for the next reload", approved: []edit{drop(next, "")}, want: []string{"PASS E0"}},
		{name: "standby equal", approved: standby, observed: standby, want: []string{"PASS E0", "PASS E0 standby"}},
		{name: "trap on the standby", approved: standby,
			observed: append(standby[:1:1], add("show redundancy", next, "standby", "0x2142")),
			want:     []string{"PASS E0", "FAIL high standby"}},
		{name: "standby gone", approved: standby, want: []string{"PASS E0", "NOT-ASSESSED parse-incomplete standby"}},
		{name: "new standby", observed: standby, want: []string{"PASS E0", "NOT-ASSESSED no-baseline standby"}},
		{name: "standby states nothing for the next reload", approved: standby[:1], observed: standby[:1],
			want: []string{"PASS E0", "PASS E0 standby"}, says: "states no value for its next reload"},

		{name: "from the vendor", provenance: baseline.VendorPage, want: []string{"PASS E0"}, says: "equal to what was approved on 2026-11-20 (vendor-page)"},
	})
}
