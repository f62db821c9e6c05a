package hpe

import (
	"strings"
	"testing"

	"trueboot/facts"
)

func TestAOSCXReaders(t *testing.T) {
	const rule = "---------------------------------------------------------------------------\n"
	testReaders(t, AOSCX, []readerTest{
		{
			name: "a version with hot patches", command: "show version",
			reply: rule + "AOS-CX\n(c) Copyright 2017-2025 Hewlett Packard Enterprise Development LP\n" + rule + `Version      : HL.10.15.1020
Build Date   : 2025-05-10 00:59:04 UTC
Build ID     : AOS-CX:HL.10.15.1020:b30077084728:202505100039
Build SHA    : b3007708472845aa00112233445566778899aabb
Hot Patches  : HP-0001, HP-0007
Active Image : secondary

Service OS Version : HL.01.16.0004
BIOS Version       : HL-01-0007
`,
			want: `2 operating system||AOS-CX
5 running version||HL.10.15.1020
6 compile time||2025-05-10 00:59:04 UTC
7 build id||AOS-CX:HL.10.15.1020:b30077084728:202505100039
7 component version|AOS-CX|HL.10.15.1020
8 build id|sha|b3007708472845aa00112233445566778899aabb
9 package|hot patch HP-0001|HP-0001
9 package|hot patch HP-0007|HP-0007
10 running image||secondary
12 boot loader version|Service OS|HL.01.16.0004
13 boot loader version|BIOS|HL-01-0007
`,
		},
		{
			name: "a build id of another version and another commit", command: "show version",
			reply: "Version      : FL.10.10.1020\nBuild ID     : ArubaOS-CX:FL.10.10.1010:b30077084728:202505100039\nBuild SHA    : a3007708472845aa00112233445566778899aabb\nHot Patches  :\nActive Image : primary\n",
			want: `1 running version||FL.10.10.1020
2 build id||ArubaOS-CX:FL.10.10.1010:b30077084728:202505100039
2 component version|ArubaOS-CX|FL.10.10.1010
3 build id|sha|a3007708472845aa00112233445566778899aabb
4 package state||none
5 running image||primary
`,
			problem: "is not the one that the build id names",
		},
		{name: "a version that is none", command: "show version", reply: "Version : 10.4\nActive Image : primary\n", want: "2 running image||primary\n", problem: `"10.4" is no version`},
		{name: "another vendor's", command: "show version", reply: "Cisco IOS Software, Version 15.0(2)SE4\n", problem: "no version of AOS-CX"},
		{name: "nothing", command: "show version", problem: "no active image"},
		{
			name: "images of two management modules", command: "show images",
			reply: rule + "ArubaOS-CX Primary Image\n" + rule + "Version : GL.10.13.1010\nSize    : 912 MB\nDate    : 2024-01-12 03:11:52 UTC\nSHA-256 : " + strings.ToUpper(sha256Hex) + "\n\n" +
				rule + "ArubaOS-CX Secondary Image\n" + rule + `Version : GL.10.10.1020
Size    : 900 MB
Date    : 2022-12-16 08:32:11 UTC
SHA-256 : ` + sha256Hex[1:] + `

Default Image : secondary

------------------------------------------------------
Management Module 1/1 (Active)
------------------------------------------------------
Active Image       : primary
Service OS Version : GL.01.14.0002
BIOS Version       : GL-01-0013

------------------------------------------------------
Management Module 1/2 (Standby)
------------------------------------------------------
Active Image       : secondary
Service OS Version : GL.01.13.0002
BIOS Version       : GL-01-0012
`,
			want: `4 partition|primary|GL.10.13.1010
6 file time|primary|2024-01-12 03:11:52 UTC
7 image digest|primary|sha256:` + sha256Hex + `
12 partition|secondary|GL.10.10.1020
14 file time|secondary|2022-12-16 08:32:11 UTC
17 next boot variable|1|secondary
22 boot variable|1|primary
23 boot loader version|Service OS|GL.01.14.0002
24 boot loader version|BIOS|GL-01-0013
29 boot variable|management module 1/2 1|secondary
29 component image|management module 1/2|secondary
30 boot loader version|management module 1/2 Service OS|GL.01.13.0002
31 boot loader version|management module 1/2 BIOS|GL-01-0012
`,
			problem: "is no SHA-256 digest",
		},
		{
			name: "the module in the name of the line, an image without a version", command: "show images",
			reply: "AOS-CX Primary Image\nVersion : PL.10.08.1010\n\nAOS-CX Secondary Image\nSize : 0 MB\n\nDefault Image : primary\nActive Image (Management Module 1/1) : primary\nService OS Version (Management Module 1/1) : PL.01.08.0001\n",
			want: `2 partition|primary|PL.10.08.1010
7 next boot variable|1|primary
8 boot variable|1|primary
9 boot loader version|Service OS|PL.01.08.0001
`,
			problem: "line 4: no version of the secondary image",
		},
		{
			name: "a device that names no module", command: "show images",
			reply: "AOS-CX Primary Image\nVersion : PL.10.08.1010\nDefault Image : primary\nActive Image : primary\n",
			want:  "2 partition|primary|PL.10.08.1010\n3 next boot variable|1|primary\n4 boot variable|1|primary\n",
		},
		{name: "no images", command: "show images", problem: "no default image"},
		{
			name: "a system", command: "show system",
			reply: "Hostname           : 8325\nSystem Contact     : Chassis Serial Nbr : FAKE\nProduct Name       : JL635A 8325 Base\nChassis Serial Nbr : TW01\nBase MAC Address   : b86a97-000001\nAOS-CX Version     : LL.10.13.1010\nUp Time            : 12 minutes\n",
			want: `1 hostname||8325
3 model||JL635A 8325 Base
4 serial number||TW01
5 base mac||b86a97-000001
6 running version||LL.10.13.1010
7 uptime||720
`,
		},
		{name: "a system without its number", command: "show system", reply: "Hostname : x\nUp Time : long\n", want: "1 hostname||x\n", problem: `uptime "long"`},
		{
			name: "modules, one that does not keep to its columns", command: "show module",
			reply: `
Management Modules
==================

     Product                                        Serial
Name Number  Description                            Number     Status
---- ------- -------------------------------------- ---------- ----------------
1/5  R0X31A  6400 Management Module                 SG1ABCDEF1 Active (local)
1/6  R0X31A  6400 Management Module                            Standby
1/7  R0X31A  a description that goes far beyond its own column
`,
			want: `8 model|management module 1/5|R0X31A
8 component|management module 1/5|6400 Management Module
8 serial number|management module 1/5|SG1ABCDEF1
8 component state|management module 1/5|Active (local)
8 component role|management module 1/5|Active
9 model|management module 1/6|R0X31A
9 component|management module 1/6|6400 Management Module
9 component state|management module 1/6|Standby
9 component role|management module 1/6|Standby
`,
			problem: "line 10: not a module",
		},
		{name: "no modules", command: "show module", reply: "none\n", problem: "no module"},
		{
			name: "boots, the newest first", command: "show boot-history",
			reply: `Management module
=================

Index : 3
Boot ID : f6e0fa6d2e8b4b0c9f27b77a1a0f6c11
Current Boot, up for 22 hrs 12 mins 22 secs

Index : 2
Boot ID : 5aa8e8eb5c0b4f34b0d3df28d7f8fa1b
07 Aug 18 16:28:01 : Reboot requested through database
07 Aug 18 16:27:59 : Configuration saved

Index : 1
Boot ID : edfa2d6598d24e989668306c4a56a06d
02 Nov 17 10:11:12 : Power on reset
`,
			want: "10 reload reason||Reboot requested through database\n",
		},
		{name: "the first boot", command: "show boot-history", reply: "Index : 0\nCurrent Boot, up for 22 hrs\n"},
		{name: "no boots", command: "show boot-history", reply: "\n", problem: "no current boot"},
		{name: "no stack", command: "show vsf detail", reply: "Name : x\n", want: "1 hostname||x\n", problem: "no member"},
	})
}

func TestAOSCXRefusals(t *testing.T) {
	testRefusals(t, AOSCX, "show boot-history", map[string]facts.Reason{
		"Invalid input: vsf\r\n":                               facts.UnsupportedCommand,
		"% Command incomplete.\r\n":                            facts.UnsupportedCommand,
		"Cannot execute command. Command not allowed.\r\n":     facts.NoPrivilege,
		"VSF is not configured.\r\n":                           facts.PlatformHasNone,
		"The system is busy, please try again later.\r\n":      facts.Timeout,
		"Index : 0\r\nCurrent Boot, up for 22 hrs 12 mins\r\n": "",
	})
}

func TestArubaVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"ArubaOS-CX_6400-6300_10_10_1020.swi": "10.10.1020",
		"ArubaOS-CX_8325_10_13_1010.swi":      "10.13.1010",
		"primary":                             "",
		"ArubaOS-CX.swi":                      "",
	} {
		if got, ok := aoscxVersionInName(path); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
	for path, want := range map[string]string{"WC_16_10_0014.swi": "WC.16.10.0014", "/os/K_15_18_0006.swi": "K.15.18.0006", "Primary": "", "XWC_16_10_0014.swi": ""} {
		if got, ok := aossVersionInName(path); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
}

// TestNotVSF holds that only a device that is known to be no stack's is spared the question.
func TestNotVSF(t *testing.T) {
	for model, asked := range map[string]bool{
		"": true, "JL665A 6300F 48G CL4 PoE 4SFP56 Sw": true, "R8Q67A 6200M 24G CL4 PoE 4SFP+ Swch": true,
		"JL635A 8325 Base": false, "R8N86A 6000 48G 4SFP Swch": false, "R0X27A 6410 Switch": false,
	} {
		if why := notVSF(facts.Set{Facts: []facts.Fact{{Kind: facts.Model, Value: model}}}); (why == "") != asked {
			t.Errorf("%q: %q", model, why)
		}
	}
}

func FuzzAOSCX(f *testing.F) {
	for _, text := range []string{
		"Version : FL.10.10.1020\nBuild ID : AOS-CX:FL.10.10.1020:b30077084728:1\nHot Patches  : a,b\n", "Management Modules\n---- --- --\n1/1  a  b\n",
		"AOS-CX Primary Image\nVersion : FL.10.10.1020\nSHA-256 : 00\nDefault Image : primary\nManagement Module 1/1 (Active)\nActive Image : primary\n",
		"Index : 1\nCurrent Boot\nIndex : 0\n07 Aug 18 16:28:01 : x\n", "VSF Stack\n Status : x\nMember ID : 1\n Uptime : 1 day\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { fuzzReaders(t, AOSCX, text) })
}
