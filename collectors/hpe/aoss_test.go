package hpe

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

func TestAOSSReaders(t *testing.T) {
	testReaders(t, AOSS, []readerTest{
		{
			name: "an old switch", command: "show version",
			reply: "\nImage stamp:    /sw/code/build/fish(ts_08_5)\n                Aug 17 2004 11:29:03\n                F.05.34\n                1133\nBoot Image:     Secondary\n",
			want: `3 compile time||Aug 17 2004 11:29:03
4 running version||F.05.34
5 build id||1133
6 running image||Secondary
6 boot variable|1|Secondary
2 build id|image stamp|/sw/code/build/fish(ts_08_5)
`,
		},
		{
			name: "a stamp that wraps, painted on a screen", command: "show version",
			reply: "\x1b[24;1H\x1bE\x1b[24;13HImage stamp:    /ws/swbuildm/rel_venice_qaoff/code/build/\x1bE                lvm(rel_venice)\x1bE                Mar 26 2018 23:16:08\x1bE                WC.16.05.0007\x1bE                570\x1bEBoot Image:     Primary\x1bE\x1bEBoot ROM Version:    WC.16.01.0005\x1bEActive Boot ROM:     Primary\x1bE",
			want: `4 compile time||Mar 26 2018 23:16:08
5 running version||WC.16.05.0007
6 build id||570
7 running image||Primary
7 boot variable|1|Primary
9 boot loader version|ROM|WC.16.01.0005
10 boot setting|active boot rom|Primary
2 build id|image stamp|/ws/swbuildm/rel_venice_qaoff/code/build/lvm(rel_venice)
`,
		},
		{name: "numbers without a stamp", command: "show version", reply: "WC.16.05.0007\n570\nBoot Image: Primary\n", want: "3 running image||Primary\n3 boot variable|1|Primary\n", problem: "no version of ArubaOS-Switch"},
		{name: "two stamps", command: "show version", reply: "Image stamp: /a\nK.15.06.0017\nImage stamp: /b\nBoot Image: Primary\n", want: "2 running version||K.15.06.0017\n4 running image||Primary\n4 boot variable|1|Primary\n3 build id|image stamp|/b\n", problem: "a second image stamp"},
		{name: "an access point's", command: "show version", reply: "Aruba Operating System Software.\nArubaOS (MODEL: 310), Version 01.01.0.1 SSR\n", problem: "no version of ArubaOS-Switch"},
		{name: "nothing", command: "show version", problem: "no boot image"},
		{
			name: "images of an old switch", command: "show flash",
			reply: "Image           Size(Bytes)   Date   Version  Build #\n-----           ----------  -------- -------  -------\nPrimary Image   : 6771179   04/21/08 K.13.09     42\nSecondary Image : 7497286   05/23/08 K.13.25     130\nBoot Rom Version: K.12.14\nCurrent Boot    : Secondary\nDefault Boot: Primary\n",
			want: `3 partition|Primary|K.13.09
3 file time|Primary|04/21/08
4 partition|Secondary|K.13.25
4 file time|Secondary|05/23/08
5 boot loader version|ROM|K.12.14
7 next boot variable|1|Primary
`,
		},
		{
			name: "images with commas, one that is gone, one that can't be read", command: "show flash",
			reply: "Primary Image   : 35,014,169 11/30/21 WC.16.11.0002\nSecondary Image : 0\nSecondary Image : what?\nSecondary Boot ROM Version : WC.16.01.0002\nDefault Boot Image : Primary\nDefault Boot ROM : Secondary\n",
			want: `1 partition|Primary|WC.16.11.0002
1 file time|Primary|11/30/21
4 boot loader version|Secondary ROM|WC.16.01.0002
5 next boot variable|1|Primary
6 boot setting|default boot rom|Secondary
`,
			problem: "line 3: not an image",
		},
		{name: "an image without a version", command: "show flash", reply: "Primary Image : 35014169\nDefault Boot : Primary\n", want: "2 next boot variable|1|Primary\n", problem: "line 1: no version"},
		{name: "no images", command: "show flash", problem: "no default boot image"},
		{
			name: "free text that looks like a field", command: "show system",
			reply: "  System Name        : sw one\n  System Contact     : Serial Number      : FAKE\n  System Location    : x    ROM Version        : K.99.99\n  Software revision  : K.15.06.0017         Base MAC Addr      : 7446a0-41a56f\n  ROM Version        : K.15.29              Serial Number      : SG12\n  Up Time            : 13 hours             Memory   - Total   : 128,380,928\n",
			want: `1 hostname||sw one
4 running version||K.15.06.0017
4 base mac||7446a0-41a56f
5 boot loader version|ROM|K.15.29
5 serial number||SG12
6 uptime||46800
`,
		},
		{
			name: "an old switch", command: "show system-information",
			reply: "  Firmware revision  : H.10.35              Base MAC Addr      : 0018fe-41a56f\n\n Member :2\n\n  Up Time            : 42 mins\n",
			want:  "1 running version||H.10.35\n1 base mac||0018fe-41a56f\n5 uptime|member 2|2520\n",
		},
		{name: "a revision that is none", command: "show system", reply: "  Software revision  : unknown\n", problem: `"unknown" is no version`},
		{
			name: "modules of a chassis", command: "show modules",
			reply: `
 Status and Counters - Module Information

  Chassis: 5406R J9821A         Serial Number:   SG56G4902H

  Management Module: J9827A     Serial Number:   SG50G4A0

  Slot  Module Description                        Serial Number    Status     Core Dump  Mod Ver
  ----- ----------------------------------------- --------------   --------   ---------  -------
  MM1   HP J9827A Management Module 5400Rzl2      SG56G4A001       Active     YES            1
  A     HP J9986A 24p PoE+ v3 zl2 Module          SG56G4B001       Up         YES            3
  B     HP J9986A 24p PoE+ v3 zl2 Module with a name that is too long
`,
			want: `4 model||5406R J9821A
4 serial number||SG56G4902H
6 model|management module|J9827A
6 serial number|management module|SG50G4A0
10 model|slot MM1|HP J9827A Management Module 5400Rzl2
10 serial number|slot MM1|SG56G4A001
10 component state|slot MM1|Active
11 model|slot A|HP J9986A 24p PoE+ v3 zl2 Module
11 serial number|slot A|SG56G4B001
11 component state|slot A|Up
`,
			problem: "line 12: not a module",
		},
		{name: "no modules", command: "show modules", reply: "none\n", problem: "no module"},
		{
			name: "a stack of 2920", command: "show stacking detail",
			reply: `Stack ID         : 00031cc1-de4d48c0
MAC Address      : 1cc1de-4d48c5
Stack Topology   : Ring
Stack Status     : Active
Uptime           : 0d 0h 56m
Software Version : WB.15.12.0006

Name             : Aruba-Stack-2920

Member ID        : 1
Mac Address      : 1cc1de-4d48c0
Type             : J9729A
Model            : HP J9729A 2920-48G-POE+ Switch
Priority         : 250
Status           : Commander
ROM Version      : WB.15.05
Serial Number    : SG26FLV06C
Uptime           : 0d 0h 56m
`,
			want: `2 base mac||1cc1de-4d48c5
3 redundancy|stack topology|Ring
4 redundancy|stack status|Active
5 uptime||3360
6 running version||WB.15.12.0006
8 hostname||Aruba-Stack-2920
11 base mac|member 1|1cc1de-4d48c0
12 component|member 1|J9729A
13 model|member 1|HP J9729A 2920-48G-POE+ Switch
14 component priority|member 1|250
15 component role|member 1|Commander
16 boot loader version|member 1|WB.15.05
17 serial number|member 1|SG26FLV06C
18 uptime|member 1|3360
`,
		},
		{
			name: "another configuration for the secondary image", command: "show config files",
			reply: `
Configuration files:

 id | act pri sec | name
 ---+-------------+------------------------------------------------
  1 |  *   *      | config
  2 |          *  | old config
  3 |             |
  4 ?
`,
			want: `6 startup configuration source||config
6 next startup configuration source|Primary|config
7 next startup configuration source|Secondary|old config
`,
			problem: "line 9: not a configuration file",
		},
		{
			name: "a reboot by hand", command: "show boot-history",
			reply: "\nMgmt Module 1 -- Saved Crash Information (most recent first):\n=====\nMgmt Module 1 went down:  03/26/13 10:25:07\nOperator Cold Reboot from SSH/TELNET session. :\n----\nMgmt Module 1 went down:  02/18/12 07:12:44\nPower failure\n",
			want:  "5 reload reason||Operator Cold Reboot from SSH/TELNET session.\n",
		},
		{
			name: "down without a word", command: "show boot-history",
			reply: "Mgmt Module 1 -- Saved Crash Information (most recent first):\nMgmt Module 1 in System Mode went down without saving crash information: 10/28/19 10:16:58\nMgmt Module 1 in System Mode went down:  03/26/13 10:25:07\nOperator reload\n",
			want:  "2 reload reason||went down without saving crash information\n",
		},
		{name: "no history", command: "show boot-history", reply: "\n", problem: "no reason of a reload"},
		{name: "a good signature", command: "verify signature flash secondary", reply: "Signature is valid.\n", want: "1 signature|Secondary|verified\n"},
		{name: "a bad signature", command: "verify signature flash primary", reply: "Signature is not valid.\n", want: "1 signature|Primary|failed\n"},
		{name: "no signature", command: "verify signature flash primary", reply: "The image is not signed.\n", want: "1 signature|Primary|failed\n"},
		{name: "no result", command: "verify signature flash primary", reply: "Validating...\n", problem: "no result"},
	})
}

func TestAOSSRefusals(t *testing.T) {
	testRefusals(t, AOSS, "show config files", map[string]facts.Reason{
		"Invalid input: vsf\r\n":                                     facts.UnsupportedCommand,
		"\x1b[24;1H\x1bE\x1b[24;1HInvalid input: x\x1bE":             facts.UnsupportedCommand,
		"Incomplete input: flash\r\n":                                facts.UnsupportedCommand,
		"Secondary image does not exist.\r\n":                        facts.UnsupportedCommand,
		"Not authorized to run this command.\r\n":                    facts.NoPrivilege,
		"VSF is disabled.\r\n":                                       facts.PlatformHasNone,
		"Stacking is not enabled on this switch.\r\n":                facts.PlatformHasNone,
		"Operation in progress.\r\n":                                 facts.Timeout,
		" id | act pri sec | name\r\n  1 |  *   *   *  | config\r\n": "",
	})
}

// TestFlashImages holds that a signature is asked about for each image that holds something.
func TestFlashImages(t *testing.T) {
	for name, test := range map[string]struct {
		facts []facts.Fact
		want  []string
	}{
		"both":                 {[]facts.Fact{{Kind: facts.Partition, Subject: "Primary"}, {Kind: facts.Partition, Subject: "Secondary"}, {Kind: facts.RunningImage, Value: "Primary"}}, []string{"primary", "secondary"}},
		"the running one":      {[]facts.Fact{{Kind: facts.RunningImage, Value: "Secondary"}}, []string{"secondary"}},
		"an image of no name":  {[]facts.Fact{{Kind: facts.RunningImage, Value: "x"}}, nil},
		"nothing is known yet": {nil, nil},
	} {
		if diff := cmp.Diff(test.want, flashImages(facts.Set{Facts: test.facts})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzAOSS(f *testing.F) {
	for _, text := range []string{
		"Image stamp: /a\nlvm\nMar 26 2018 23:16:08\nWC.16.05.0007\n570\nBoot Image: Primary\n", "Primary Image : 1 01/01/01 K.13.09\nDefault Boot : Primary\n",
		"Software revision : K.15.06.0017  Base MAC Addr : a\nVSF-Member :1\nUp Time : 1 day\n", "Slot Module Description\n---- --- ---\nA    b   c\n",
		" id | act pri sec | name\n  1 |  *   *   *  | config\n", "Saved Crash Information\nx went down: 01/01/01 00:00:00\ny\n", "Signature is valid\n", "\x1b[24;1H\x1bE\x1b[1L",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { fuzzReaders(t, AOSS, text) })
}
