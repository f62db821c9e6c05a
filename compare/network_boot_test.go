package compare

import (
	"testing"

	"trueboot/facts"
)

func TestNetworkBoot(t *testing.T) {
	bootKinds := []facts.Kind{facts.BootVariable, facts.NextBootVariable, facts.BootSetting}
	try(t, networkBoot, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "2 boot commands and 3 boot settings"},
		{name: "fact missing", observed: []edit{drop(facts.RunningImage, "")}, want: []string{"NOT-ASSESSED parse-incomplete"}, says: "running image"},
		{name: "unreachable", observed: []edit{unreachable(facts.LoginRefused)}, want: []string{"NOT-ASSESSED login-refused"}},
		{name: "needs no baseline", unapproved: true, want: []string{"PASS E0"}},

		{name: "booted over TFTP", observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/c2600-i-mz.bin")},
			want: []string{"FAIL critical running image"}, says: "booted from a server"},
		{name: "an approval does not excuse it", approved: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")},
			observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")}, want: []string{"FAIL critical running image"}},
		{name: "at the next reload", observed: []edit{set(facts.NextBootVariable, "1", "http://10.1.1.1/x.bin")},
			want: []string{"FAIL high next boot variable 1"}},
		{name: "behind the good file", observed: []edit{add("show bootvar", facts.BootVariable, "2", "TFTP:x.bin")},
			want: []string{"FAIL high boot variable 2"}},
		{name: "boot command", observed: []edit{set(facts.StartupBootCommand, "1", "boot system tftp x.bin 10.1.1.1")},
			want: []string{"FAIL high startup boot command 1"}},
		{name: "the word in a file's name", observed: []edit{set(facts.RunningBootCommand, "1", "boot system flash:tftp.bin")}, want: []string{"PASS E0"}},
		{name: "manual boot", observed: []edit{set(facts.BootSetting, "manual boot", "yes")}, want: []string{"FAIL high boot setting manual boot"}},
		{name: "manual boot on a stack member", observed: []edit{add("show boot", facts.BootSetting, "switch 2 manual boot", "yes")},
			want: []string{"FAIL high boot setting switch 2 manual boot"}},
		{name: "boot mode", observed: []edit{set(facts.BootSetting, "boot mode", "iPXE")}, want: []string{"FAIL high boot setting boot mode"}},
		{name: "iPXE time-out", observed: []edit{set(facts.BootSetting, "ipxe timeout", "30")}, want: []string{"FAIL medium boot setting ipxe timeout"}},

		{name: "lists withheld", observed: []edit{unanswered("show bootvar", facts.NoPrivilege, "", "", bootKinds...)},
			want: []string{"NOT-ASSESSED no-privilege", "NOT-ASSESSED no-privilege", "NOT-ASSESSED no-privilege manual boot"}},
		{name: "list with a hole", observed: []edit{add("show bootvar", facts.BootVariable, "3", "flash:x.bin")},
			want: []string{"NOT-ASSESSED parse-incomplete", "NOT-ASSESSED parse-incomplete"}},
		{name: "setting withheld", observed: []edit{drop(facts.BootSetting, "manual boot")}, want: []string{"NOT-ASSESSED parse-incomplete manual boot"}},
		{name: "configuration refused", observed: []edit{unanswered("show running-config", facts.NoPrivilege, "", "", facts.RunningBootCommand)},
			want: []string{"NOT-ASSESSED no-privilege"}},
	})
}
