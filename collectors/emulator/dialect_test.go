package emulator_test

import (
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
)

// A talk is what is typed, and what the device prints until it waits again.
type talk []struct{ typed, printed string }

// TestDialects talks to a device of each platform.
func TestDialects(t *testing.T) {
	for platform, test := range map[string]struct {
		device emulator.Device
		talk   talk
		ends   string // after the last line of the talk, which leaves
	}{
		"cisco_iosxr": {talk: talk{
			{"", "\r\nRP/0/RP0/CPU0:d1#"},
			{"show version\r", "show version\r\nTue Nov 24 02:15:00.123 UTC\r\nVersion 1\r\nRP/0/RP0/CPU0:d1#"},
			{"terminal exec prompt no-timestamp\r", "terminal exec prompt no-timestamp\r\nRP/0/RP0/CPU0:d1#"},
			{"show version\r", "show version\r\nVersion 1\r\nRP/0/RP0/CPU0:d1#"},
		}, ends: "exit"},
		"cisco_nxos": {talk: talk{{"", "\r\nd1# "}, {"show x\r", "show x\r\n         ^\r\n% Invalid command at '^' marker.\r\nd1# "}}, ends: "exit"},
		"cisco_asa": {device: emulator.Device{EnableSecret: "s", Scoped: true}, talk: talk{
			{"", "\r\nd1/admin> "}, {"enable\r", "enable\r\nPassword: "}, {"s\r", "\r\nd1/admin# "},
			{"show version\r", "show version\r\n               ^\r\nERROR: % Invalid input detected at '^' marker.\r\nd1/admin# "},
			{"changeto system\r", "changeto system\r\nd1# "}, {"terminal pager 0\r", "terminal pager 0\r\nd1# "},
			{"show version\r", "show version\r\nVersion 1\r\nd1# "},
		}, ends: "exit"},
		"juniper_junos": {talk: talk{
			{"", "\r\n\r\n{master:0}\r\nadmin@d1> "},
			{"set cli screen-length 0\r", "set cli screen-length 0\r\nScreen length set to 0\r\n\r\n\r\n{master:0}\r\nadmin@d1> "},
			{"show version\r", "show version\r\nVersion 1\r\n\r\n{master:0}\r\nadmin@d1> "},
		}, ends: "exit"},
		"arista_eos": {talk: talk{
			{"", "\r\nd1>"}, {"terminal length 0\r", "terminal length 0\r\nPagination disabled.\r\nd1>"},
			{"dir flash:\r", "dir flash:\r\n% Invalid input (privileged mode required)\r\nd1>"},
		}, ends: "exit"},
		"paloalto_panos": {talk: talk{{"", "\r\nadmin@d1(active)> "}, {"x y\r", "x y\r\nUnknown command: x\r\nadmin@d1(active)> "}}, ends: "exit"},
		"fortinet_fortios": {device: emulator.Device{Greets: true, Scoped: true}, talk: talk{
			{"", "\r\nAuthorized users only.\r\n(Press 'a' to accept):"}, {"a", "\r\nd1 # "},
			{"show version\r", "show version\r\ncommand parse error before 'show'\r\nCommand fail. Return code -61\r\n\r\nd1 # "},
			{"config global\r", "config global\r\nd1 (global) # "}, {"show version\r", "show version\r\nVersion 1\r\nd1 (global) # "}, {"end\r", "end\r\nd1 # "},
		}, ends: "exit"},
		"huawei_vrp": {device: emulator.Device{Greets: true}, talk: talk{
			{"", "\r\nWarning: The initial password poses security risks.\r\nThe password needs to be changed. Change now? [Y/N]:"}, {"n\r", "n\r\n<d1>"},
			{"screen-length 0 temporary\r", "screen-length 0 temporary\r\n<d1>"},
			{"show version\r", "\r\nInfo: The configuration takes effect on the current user terminal interface only.\r\n<d1>show version\r\nVersion 1\r\n<d1>"},
		}, ends: "quit"},
		"hpe_comware": {talk: talk{
			{"", "\r\n\x00<d1>\a"}, {"screen-length disable\r", "screen-length disable\r\n% Screen-length configuration is disabled for current user.\r\n\x00<d1>\a"},
		}, ends: "quit"},
		"aruba_aoscx": {talk: talk{{"", "\r\nd1# "}, {"no page\r", "no page\r\nd1# "}}, ends: "exit"},
		"aruba_aoss": {device: emulator.Device{Greets: true, StartPrivileged: true}, talk: talk{
			{"", "\r\n\r\nPress any key to continue"},
			{" ", "\r\n\x1b[1;24r\x1b[24;1H\x1b[24;1H\x1b[2K\x1b[24;1H\x1b[?25h\x1b[24;1H\x1b[24;1Hd1# \x1b[24;1H\x1b[24;5H\x1b[24;1H\x1b[?25h\x1b[24;5H"},
			{"n", "\x1b[24;5Hn\x1b[24;5H\x1b[?25h\x1b[24;6H"},
			{"\x7fexit\r", "Do you want to log out (y/n)? "}, {"y", "\r\nDo you want to save current configuration (y/n/^C)? "},
		}, ends: "n"},
		"f5_tmos": {talk: talk{{"", "\r\n[admin@d1:Active:Standalone] ~ # "}}, ends: "exit"},
	} {
		t.Run(platform, func(t *testing.T) {
			test.device.Transcript = &capture.Transcript{
				Device: "d1", Platform: platform, Exchanges: []capture.Exchange{{Command: "show version", Text: "Version 1\r\n"}, {Command: "dir flash:", Text: "x\r\n"}},
			}
			s := start(t, test.device)
			c := open(t, login(t, s), 24, 80)
			for _, step := range test.talk {
				c.send(step.typed)
				got := c.until(step.printed[max(0, len(step.printed)-20):])
				if strings.Contains(step.typed, "\x7f") {
					continue // the strokes before the question are not what this is about
				}
				if len(got) < len(step.printed) {
					got += c.until(step.printed[len(got):])
				}
				if got != step.printed {
					t.Errorf("typed %q\n got %q\nwant %q", step.typed, got, step.printed)
				}
			}
			c.send(test.ends + "\r")
			c.rest()
		})
	}
}

// TestPagers pages a long reply as each platform does, and turns the pager off.
func TestPagers(t *testing.T) {
	off := map[string]string{
		"cisco_ios": "terminal length 0", "cisco_iosxr": "terminal length 0", "cisco_nxos": "terminal length 0", "cisco_asa": "terminal pager 0",
		"juniper_junos": "set cli screen-length 0", "arista_eos": "terminal length 0", "paloalto_panos": "set cli pager off", "fortinet_fortios": "",
		"huawei_vrp": "screen-length 0 temporary", "hpe_comware": "screen-length disable", "aruba_aoscx": "no page", "aruba_aoss": "no page",
	}
	long := strings.Repeat("x\r\n", 100) + "the end\r\n"
	for platform, command := range off {
		t.Run(platform, func(t *testing.T) {
			s := start(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{
				Device: "d1", Platform: platform, Exchanges: []capture.Exchange{{Command: "show version", Text: long}},
			}})
			c := open(t, login(t, s), 24, 80)
			c.send("show version\r")
			for range 3 {
				c.until("x\r\n")
			}
			for range 4 { // keys are taken when the pager asks
				c.send(" ")
			}
			got := c.until("the end\r\n")
			if !strings.Contains(strings.ToLower(got), "more") && !strings.Contains(got, "lines 1-22") {
				t.Errorf("no pager in %q", got)
			}
			if command == "" {
				return
			}
			c.send(command + "\rshow version\r")
			c.until(strings.Repeat("x\r\n", 100))
		})
	}
}

// TestExecFailure holds that what F5 does not know, and what failed when it was recorded, fails with a status. What it does not know it
// says on standard error; a recorded reply does not tell the two outputs apart.
func TestExecFailure(t *testing.T) {
	s := start(t, emulator.Device{Transcript: &capture.Transcript{Device: "lb1", Platform: "f5_tmos", Exchanges: []capture.Exchange{
		{Command: "uptime", Text: "Syntax Error: unexpected argument \"uptime\"\n", Reason: facts.UnsupportedCommand, Error: "the command failed with exit status 1"},
	}}})
	client := login(t, s)
	for _, test := range []struct{ command, out, complaint string }{
		{"tmsh -q show x", "", "Syntax Error: unexpected argument \"x\"\r\n"},
		{"uptime", "Syntax Error: unexpected argument \"uptime\"\r\n", ""},
	} {
		session, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		var complaint strings.Builder
		session.Stderr = &complaint
		out, err := session.Output(test.command)
		exit, ok := err.(*ssh.ExitError)
		if string(out) != test.out || !ok || exit.ExitStatus() != 1 || complaint.String() != test.complaint {
			t.Errorf("%s: %q, %q, %v", test.command, out, complaint.String(), err)
		}
	}
}
