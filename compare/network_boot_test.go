package compare

import (
	"testing"

	"trueboot/facts"
)

func TestNetworkBoot(t *testing.T) {
	bootKinds := []facts.Kind{facts.BootVariable, facts.NextBootVariable, facts.BootSetting}
	provisioning := add("show boot", facts.BootSetting, "poap", "Enabled")
	setting := func(name string) string { return "boot setting " + name }
	try(t, networkBoot, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "2 boot commands and 3 boot settings"},
		{name: "fact missing", observed: []edit{drop(facts.RunningImage, "")}, want: []string{"NOT-ASSESSED parse-incomplete running image"}},
		{name: "unreachable", observed: []edit{unreachable(facts.LoginRefused)}, want: []string{"NOT-ASSESSED login-refused running image"}},
		{name: "needs no baseline", unapproved: true, want: []string{"PASS E0"}},
		{name: "unreachable, no baseline", unapproved: true, observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout running image"}},

		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show x", Reason: facts.ParseIncomplete, Detail: "line 7", Kinds: []facts.Kind{facts.BootSetting}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "booted over TFTP", observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/c2600-i-mz.bin")},
			want: []string{"FAIL critical running image"}, says: "booted from a server"},
		{name: "an approval does not excuse it", approved: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")},
			observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")}, want: []string{"FAIL critical running image"}},
		{name: "at the next reload", observed: []edit{set(facts.NextBootVariable, "1", "http://10.1.1.1/x.bin")},
			want: []string{"FAIL high next boot variable 1"}},
		{name: "behind the good file", observed: []edit{add("show bootvar", facts.BootVariable, "2", "TFTP:x.bin")},
			want: []string{"FAIL high boot variable 2"}},
		{name: "on the standby", observed: []edit{add("show bootvar", facts.BootVariable, "standby 1", "rcp://10.1.1.1/x.bin")},
			want: []string{"FAIL high boot variable standby 1"}},
		{name: "boot command", observed: []edit{set(facts.StartupBootCommand, "1", "boot system tftp x.bin 10.1.1.1")},
			want: []string{"FAIL high startup boot command 1"}},
		{name: "boot command with an address", observed: []edit{set(facts.RunningBootCommand, "1", "boot system ftp://user:secret@10.1.1.1/x.bin")},
			want: []string{"FAIL high running boot command 1"}},
		{name: "configuration from the network", observed: []edit{set(facts.RunningBootCommand, "1", "boot network tftp://10.1.1.1/config")},
			want: []string{"FAIL high running boot command 1"}},
		{name: "the network before the flash", observed: []edit{set(facts.RunningBootCommand, "1", "boot order pxe bootflash")},
			want: []string{"FAIL high running boot command 1"}},
		{name: "the word in a file's name", observed: []edit{set(facts.RunningBootCommand, "1", "boot system flash:tftp.bin")}, want: []string{"PASS E0"}},

		{name: "manual boot", observed: []edit{set(facts.BootSetting, "manual boot", "yes")}, want: []string{"FAIL high " + setting("manual boot")}},
		{name: "manual boot, approved", approved: []edit{set(facts.BootSetting, "manual boot", "yes")}, observed: []edit{set(facts.BootSetting, "manual boot", "yes")},
			want: []string{"FAIL high " + setting("manual boot")}},
		{name: "manual boot on a stack member", observed: []edit{add("show boot", facts.BootSetting, "switch 2 manual boot", "yes")},
			want: []string{"FAIL high " + setting("switch 2 manual boot")}},
		{name: "manual boot is something else", observed: []edit{set(facts.BootSetting, "manual boot", "0x1")},
			want: []string{"NOT-ASSESSED not-comparable " + setting("manual boot")}},
		{name: "boot mode", observed: []edit{set(facts.BootSetting, "boot mode", "IPXE FOREVER")}, want: []string{"FAIL high " + setting("boot mode")}},
		{name: "boot mode is something else", observed: []edit{set(facts.BootSetting, "boot mode", "RESCUE")}, want: []string{"NOT-ASSESSED not-comparable " + setting("boot mode")}},
		{name: "iPXE time-out", observed: []edit{set(facts.BootSetting, "ipxe timeout", "30")}, want: []string{"FAIL medium " + setting("ipxe timeout")}},
		{name: "iPXE time-out in words", observed: []edit{set(facts.BootSetting, "ipxe timeout", "")}, want: []string{"NOT-ASSESSED not-comparable " + setting("ipxe timeout")}},
		{name: "a helper image on a server", observed: []edit{add("show boot", facts.BootSetting, "helper path-list", "tftp://10.1.1.1/helper")},
			want: []string{"FAIL high " + setting("helper path-list")}},
		{name: "a setting that says nothing about it", observed: []edit{add("show boot", facts.BootSetting, "enable break", "yes")}, want: []string{"PASS E0"}},
		{name: "a configuration by DHCP", observed: []edit{add("show boot", facts.BootSetting, "config download via dhcp", "disabled (next boot: enabled)")},
			want: []string{"FAIL medium " + setting("config download via dhcp")}},
		{name: "no configuration by DHCP", observed: []edit{add("show boot", facts.BootSetting, "config download via dhcp", "disabled (next boot: disabled)")}, want: []string{"PASS E0"}},
		{name: "auto provisioning", observed: []edit{provisioning}, want: []string{"FAIL medium " + setting("poap")}},
		{name: "auto provisioning, no baseline", unapproved: true, observed: []edit{provisioning}, want: []string{"FAIL medium " + setting("poap")}},
		{name: "auto provisioning, approved", approved: []edit{provisioning}, observed: []edit{provisioning}, want: []string{"PASS E0"}},

		{name: "lists refused", observed: []edit{unanswered("show bootvar", facts.NoPrivilege, "", "", bootKinds...)},
			want: []string{"NOT-ASSESSED no-privilege boot variable", "NOT-ASSESSED no-privilege next boot variable", "NOT-ASSESSED no-privilege " + setting("manual boot")}},
		{name: "list with a hole", observed: []edit{add("show bootvar", facts.BootVariable, "3", "flash:x.bin")},
			want: []string{"NOT-ASSESSED parse-incomplete boot variable", "NOT-ASSESSED parse-incomplete next boot variable"}},
		{name: "another command says what runs", observed: []edit{drop(facts.RunningImage, ""), add("show boot", facts.RunningImage, "", "flash:packages.conf")},
			want: []string{"NOT-ASSESSED parse-incomplete running image"}, says: `the reply to "show version" held it`},
		{name: "a shorter list", approved: []edit{add("show bootvar", facts.BootVariable, "2", "flash:x.bin")}, want: []string{"PASS E0"}},
		{name: "setting withheld", observed: []edit{drop(facts.BootSetting, "manual boot")}, want: []string{"NOT-ASSESSED parse-incomplete " + setting("manual boot")}},
		{name: "every setting withheld", observed: []edit{drop(facts.BootSetting, "*")},
			want: []string{"NOT-ASSESSED parse-incomplete " + setting("manual boot"), "NOT-ASSESSED parse-incomplete " + setting("boot mode"), "NOT-ASSESSED parse-incomplete " + setting("ipxe timeout")}},
		{name: "configuration refused", observed: []edit{unanswered("show running-config", facts.NoPrivilege, "", "", facts.RunningBootCommand)},
			want: []string{"NOT-ASSESSED no-privilege running boot command"}},
		{name: "empty boot list", observed: []edit{drop(facts.BootVariable, "*"), add("show bootvar", facts.BootSetting, "boot variable", "does not exist")}, want: []string{"PASS E0"}},
	})
}
