package cisco

import (
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestRefusals(t *testing.T) {
	for reply, want := range map[string]facts.Reason{
		"       ^\n% Invalid input detected at '^' marker.\n\n": facts.UnsupportedCommand,
		"% Incomplete command.\n\n":                             facts.UnsupportedCommand,
		"% Ambiguous command:  \"show bo\"\n":                   facts.UnsupportedCommand,
		"Translating \"verify\"...domain server (255.255.255.255)\n% Unknown command or computer name, or unable to find computer address\n": facts.UnsupportedCommand,
		"% Unrecognized host or address, or protocol not running.\n":                                                                         facts.UnsupportedCommand,
		"% Type \"show ?\" for a list of subcommands\n":                                                                                      facts.UnsupportedCommand,
		"% Command not supported on this platform\n":                                                                                         facts.UnsupportedCommand,
		"%Error verifying flash:x.bin (No such file or directory)\n":                                                                         facts.UnsupportedCommand,
		"%Error opening flash:x.bin (File not found)\n":                                                                                      facts.UnsupportedCommand,
		"%Error opening usbflash0:/ (No such device)\n":                                                                                      facts.PlatformHasNone,
		"Command authorization failed.\n\n":                                                                                                  facts.NoPrivilege,
		"% Authorization failed.\n":                                                                                                          facts.NoPrivilege,
		"% Permission denied\n":                                                                                                              facts.NoPrivilege,
		"%Error opening bootflash:/x (Permission denied)\n":                                                                                  facts.NoPrivilege,
		"%Error opening bootflash:/ (Device or resource busy)\n":                                                                             facts.Timeout,
		"%Error calling getdents for directory flash:/ (I/O error)\n":                                                                        facts.Timeout,
		"*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console\n% Incomplete command.\n":                                            facts.UnsupportedCommand,
	} {
		query, _ := IOS.Reader(collectors.CLI, "verify flash:x.bin")
		set := IOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: "verify flash:x.bin", Text: reply})
		if len(set.Gaps) != 1 || set.Gaps[0].Reason != want {
			t.Errorf("%q: %v, want %s", reply, set.Gaps, want)
		}
	}
}
