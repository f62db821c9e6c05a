package compare

import (
	"testing"

	"trueboot/facts"
)

func TestBootVariableList(t *testing.T) {
	now, next := facts.BootVariable, facts.NextBootVariable
	bootKinds := []facts.Kind{now, next, facts.BootSetting}
	const conf, old = "flash:packages.conf", "flash:cat9k_iosxe.17.06.03.SPA.bin"
	oldFile := add("dir /recursive flash:", facts.File, "flash:/cat9k_iosxe.17.06.03.SPA.bin", "800000000")
	standby := []edit{add("show bootvar", now, "standby 1", conf), add("show bootvar", next, "standby 1", conf)}
	bothConfigurations := []edit{set(facts.RunningBootCommand, "1", "boot system "+old), set(facts.StartupBootCommand, "1", "boot system "+old)}
	noList := []edit{
		drop(now, "*"), drop(next, "*"),
		add("show bootvar", facts.BootSetting, "boot variable", "does not exist"),
		add("show bootvar", facts.BootSetting, "next boot variable", "does not exist"),
	}
	noCommands := []edit{drop(facts.RunningBootCommand, "*"), drop(facts.StartupBootCommand, "*")}

	try(t, bootVariableList, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(next, "1")}, want: []string{"NOT-ASSESSED parse-incomplete next boot variable"}},
		{name: "refused", observed: []edit{unanswered("show bootvar", facts.NoPrivilege, "", "", bootKinds...)}, want: []string{
			"NOT-ASSESSED no-privilege boot variable", "NOT-ASSESSED no-privilege next boot variable"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable boot variable"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the platform has no list", approved: []edit{drop(now, "*"), drop(next, "*"), drop(facts.RunningBootCommand, "*"), drop(facts.StartupBootCommand, "*")},
			observed: []edit{drop(now, "*"), drop(next, "*"), drop(facts.RunningBootCommand, "*"), drop(facts.StartupBootCommand, "*"), none(now, next)},
			want:     []string{"NOT-ASSESSED platform-has-none", "NOT-ASSESSED platform-has-none"}},
		{name: "the approval holds no list", approved: []edit{drop(now, "*"), drop(next, "*")}, want: []string{"NOT-ASSESSED no-baseline"}},

		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show x", Reason: facts.ParseIncomplete, Detail: "line 7", Kinds: []facts.Kind{now}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "an old image in front", observed: []edit{oldFile, set(now, "1", old), set(next, "1", old), add("show bootvar", now, "2", conf), add("show bootvar", next, "2", conf)},
			want: []string{"FAIL high boot variable"}, says: `says "17.06.03", older than the running "17.9.4a"`},
		{name: "an old image behind", observed: []edit{oldFile, add("show bootvar", now, "2", old), add("show bootvar", next, "2", old)},
			want: []string{"FAIL high boot variable"}, says: `approved on 2026-11-20: "flash:packages.conf"`},
		{name: "for the next reload alone", observed: []edit{oldFile, set(next, "1", old)}, want: []string{"FAIL high next boot variable"},
			says: `is "flash:cat9k_iosxe.17.06.03.SPA.bin" at the next reload`},
		{name: "for the next reload alone, though approved", approved: []edit{oldFile, set(next, "1", old)}, observed: []edit{oldFile, set(next, "1", old)},
			want: []string{"FAIL high next boot variable"}, says: "runs and is not its first entry"},
		{name: "for the next reload alone, no baseline", unapproved: true, observed: []edit{oldFile, set(next, "1", old)},
			want: []string{"FAIL high next boot variable", "NOT-ASSESSED no-baseline"}},
		{name: "a file that is not there", unapproved: true, observed: []edit{add("show bootvar", now, "2", "flash:gone.bin"), add("show bootvar", next, "2", "flash:gone.bin")},
			want: []string{"FAIL high boot variable", "NOT-ASSESSED no-baseline"}, says: `"flash:gone.bin" is not on the device`},
		{name: "another image runs", unapproved: true, observed: []edit{set(facts.RunningImage, "", old), oldFile},
			want: []string{"FAIL high boot variable", "NOT-ASSESSED no-baseline"}, says: "runs and is not its first entry"},
		{name: "the listing is withheld", observed: []edit{unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File, facts.FilePermissions)},
			want: []string{"NOT-ASSESSED no-privilege flash:packages.conf"}},
		{name: "the listing was withheld at both times", approved: []edit{drop(facts.File, "*")}, observed: []edit{drop(facts.File, "*")}, want: []string{"PASS E0"}},
		{name: "the same file in another spelling", observed: []edit{set(now, "1", "flash-1:/packages.conf")}, want: []string{"PASS E0"}},
		{name: "a hole in the list", observed: []edit{add("show bootvar", now, "3", old)}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: "has a hole"},
		{name: "an entry without a place", observed: []edit{add("show bootvar", now, "first", old)}, want: []string{"NOT-ASSESSED parse-incomplete"}},

		{name: "emptied", observed: append(noList, noCommands...), want: []string{
			"FAIL medium boot variable", "FAIL high running boot command", "FAIL high startup boot command"}},
		{name: "empty, nobody approved that", unapproved: true, observed: append(noList, noCommands...),
			want: []string{"FAIL medium boot variable", "NOT-ASSESSED no-baseline"}, says: "nobody approved that"},
		{name: "empty as approved", approved: append(noList, noCommands...), observed: append(noList, noCommands...), want: []string{"PASS E0"}, says: "the boot list is empty"},
		{name: "the file system alone", approved: []edit{set(now, "1", "flash:"), set(next, "1", "flash:")}, observed: []edit{set(now, "1", "flash:"), set(next, "1", "flash:")},
			want: []string{"PASS E0"}},

		{name: "two replies, two lists", observed: []edit{oldFile, add("show boot system", now, "1", old)},
			want: []string{"FAIL! high boot variable"}, says: `"show bootvar"`},
		{name: "another command states it", observed: []edit{unanswered("show bootvar", facts.UnsupportedCommand, "", "", bootKinds...),
			oldFile, add("show boot", now, "1", old), add("show boot", next, "1", old)},
			want: []string{"FAIL high boot variable", "NOT-ASSESSED unsupported-command boot variable", "NOT-ASSESSED unsupported-command next boot variable"}},

		{name: "startup configuration alone", observed: []edit{set(facts.StartupBootCommand, "1", "boot system switch all "+old)},
			want: []string{"FAIL high startup boot command", "FAIL high boot commands"}},
		{name: "both configurations", observed: bothConfigurations, want: []string{"FAIL high running boot command", "FAIL high startup boot command"}},
		{name: "startup configuration erased", observed: []edit{drop(facts.StartupBootCommand, "*")},
			want: []string{"FAIL high startup boot command", "FAIL high boot commands"}, says: "the startup boot commands are no line"},
		{name: "startup configuration refused", observed: []edit{unanswered("show startup-config", facts.NoPrivilege, "", "", facts.StartupBootCommand)},
			want: []string{"NOT-ASSESSED no-privilege startup boot command"}},
		{name: "startup configuration refused, as when it was approved",
			approved: []edit{drop(facts.StartupBootCommand, "*")},
			observed: []edit{unanswered("show startup-config", facts.NoPrivilege, "", "", facts.StartupBootCommand)},
			want:     []string{"NOT-ASSESSED no-privilege startup boot command"}},
		{name: "a boot line more, in both", observed: []edit{
			add("show running-config", facts.RunningBootCommand, "2", "boot config tftp:x"), add("show startup-config", facts.StartupBootCommand, "2", "boot config tftp:x")},
			want: []string{"FAIL high running boot command", "FAIL high startup boot command"}},
		{name: "blanks", observed: []edit{set(facts.RunningBootCommand, "1", "boot  system switch all flash:packages.conf ")}, want: []string{"PASS E0"}},
		{name: "no boot line, as approved", approved: noCommands, observed: noCommands, want: []string{"PASS E0"}},

		{name: "standby equal", approved: standby, observed: standby, want: []string{"PASS E0"}},
		{name: "standby boots another image", approved: standby, observed: []edit{oldFile, add("show bootvar", now, "standby 1", old), add("show bootvar", next, "standby 1", old)},
			want: []string{"FAIL high standby boot variable"}, says: "the active processor's is"},
		{name: "standby boots another image, no baseline", unapproved: true, observed: []edit{oldFile, add("show bootvar", now, "standby 1", old), add("show bootvar", next, "standby 1", old)},
			want: []string{"FAIL high standby boot variable", "NOT-ASSESSED no-baseline"}},
		{name: "standby says nothing any more", approved: standby,
			want: []string{"NOT-ASSESSED parse-incomplete standby boot variable", "NOT-ASSESSED parse-incomplete standby next boot variable"}},
		{name: "standby is new", observed: standby, want: []string{"NOT-ASSESSED no-baseline standby boot variable", "NOT-ASSESSED no-baseline standby next boot variable"}},
	})
}
