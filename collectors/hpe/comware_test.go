package hpe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

const (
	md5Hex    = "4f22b6190d151a167105df61c35f0917"
	sha256Hex = "0851e0139f2770e87d01ee8c2995ca9e59a8f5f4062c99af14b141b1a36ca152"
)

func TestComwareReaders(t *testing.T) {
	testReaders(t, Comware, []readerTest{
		{
			name: "a chassis", command: "display version",
			reply: `H3C Comware Software, Version 7.1.045, Release 7178P02
Copyright (c) 2004-2016 Hangzhou H3C Tech. Co., Ltd. All rights reserved.
H3C S12508 uptime is 1 week, 2 days, 0 hours, 3 minutes
Last reboot reason : User reboot

Boot image: flash:/boot.bin
Boot image version: 7.1.045, Release 7178P01
  Compiled Jun 01 2016 16:00:00
System image: flash:/system.bin
System image version: 7.1.045, Release 7178P02
  Compiled Jun 02 2016 16:00:00

MPU(M) Slot 0:
Uptime is 1 week,2 days,0 hours,3 minutes
H3C S12508 MPU with 1 XLP316 Processor
BOARD TYPE:         LST1MRPNC1
NVRAM:              512K bytes
PCB 1 Version:      VER.A
PCB 1 Version:      VER.B
Basic    BootWare Version:  1.51
CPLD 1 Version:     003
Release Version:    H3C S12508-7178P02
Patch Version:      None
Reboot Cause:  UserReboot

LPU 3:
Uptime is 1 week,1 day
BOARD TYPE:         LST1GP48LEC1
`,
			want: `1 operating system||Comware
1 running version||7.1.045, Release 7178P02
3 model||S12508
3 uptime||777780
4 reload reason||User reboot
6 running image|boot|flash:/boot.bin
7 component version|boot|7.1.045, Release 7178P01
8 compile time|boot|Jun 01 2016 16:00:00
9 component image|system image|flash:/system.bin
9 running image||flash:/system.bin
10 component version|system image|7.1.045, Release 7178P02
11 compile time||Jun 02 2016 16:00:00
14 uptime|slot 0|777780
16 model|slot 0|LST1MRPNC1
18 hardware version|slot 0 PCB 1|VER.A
19 hardware version|slot 0 PCB 1 #2|VER.B
20 boot loader version|slot 0 Basic BootWare|1.51
21 hardware version|slot 0 CPLD 1|003
22 component version|slot 0|H3C S12508-7178P02
23 component version|slot 0 patch|None
24 reload reason|slot 0|UserReboot
27 uptime|slot 3|691200
28 model|slot 3|LST1GP48LEC1
`,
		},
		{
			name: "two chassis in a fabric", command: "display version",
			reply: "HPE Comware Software, Version 7.1.070, Release 7594\nHPE 10508 uptime is 1 day\nChassis 1 Slot 0:\nBootrom Version: 210\nChassis 2 Slot 0 CPU 0:\nBootrom Version: 211\n",
			want: `1 operating system||Comware
1 running version||7.1.070, Release 7594
2 model||10508
2 uptime||86400
4 boot loader version|chassis 1 slot 0 Bootrom|210
6 boot loader version|chassis 2 slot 0 Bootrom|211
`,
		},
		{
			name: "Comware 5", command: "display version",
			reply: `HP Comware Platform Software
Comware Software, Version 5.20.99, Release 2221P22
HP A5120-48G EI Switch with 2 Interface Slots uptime is 36 weeks, 6 days, 21 hours, 23 minutes
Hardware Version is REV.C
Bootrom Version is 609
[SubSlot 0] 48GE+4SFP Plus Hardware Version is REV.B
`,
			want: `2 operating system||Comware
2 running version||5.20.99, Release 2221P22
3 model||A5120-48G EI Switch with 2 Interface Slots
3 uptime||22368180
4 hardware version|Hardware|REV.C
5 boot loader version|Bootrom|609
6 model|subslot 0|48GE+4SFP Plus
6 hardware version|subslot 0|REV.B
`,
		},
		{name: "another vendor's", command: "display version", reply: "VRP (R) software, Version 5.170 (AR610 V300R022C00SPC100)\nHuawei AR611 uptime is 1 day\n", want: "2 model||Huawei AR611\n2 uptime||86400\n", problem: "no version of Comware"},
		{name: "nothing", command: "display version", problem: "no version of Comware"},
		{
			name: "lists of two slots, a patch, a backup", command: "display boot-loader",
			reply: `Software images on slot 1:
Current software images:
  flash:/5130ei-cmw710-boot-r3507p18.bin
  flash:/5130ei-cmw710-system-r3507p18.bin
  flash:/5130ei-cmw710-system-patch-r3507p18h01.bin
Main startup software images:
  flash:/5130ei-cmw710-boot-r3507p18.bin
  flash:/5130ei-cmw710-system-r3507p18.bin
Backup startup software images:
  flash:/old-boot.bin
  flash:/old-system.bin
Software images on slot 2:
Current software images:
  flash:/first.bin
  flash:/second.bin
Main startup software images:
  None
Backup startup software images:
  None
`,
			want: `4 boot variable|slot 1 1|flash:/5130ei-cmw710-system-r3507p18.bin
11 boot variable|slot 1 2|flash:/old-system.bin
8 next boot variable|slot 1 1|flash:/5130ei-cmw710-system-r3507p18.bin
11 next boot variable|slot 1 2|flash:/old-system.bin
3 boot variable|slot 1 boot 1|flash:/5130ei-cmw710-boot-r3507p18.bin
10 boot variable|slot 1 boot 2|flash:/old-boot.bin
7 next boot variable|slot 1 boot 1|flash:/5130ei-cmw710-boot-r3507p18.bin
10 next boot variable|slot 1 boot 2|flash:/old-boot.bin
3 package state|slot 1 flash:/5130ei-cmw710-boot-r3507p18.bin|activated and committed
4 package state|slot 1 flash:/5130ei-cmw710-system-r3507p18.bin|activated and committed
5 package state|slot 1 flash:/5130ei-cmw710-system-patch-r3507p18h01.bin|activated and uncommitted
10 package state|slot 1 flash:/old-boot.bin|inactive
11 package state|slot 1 flash:/old-system.bin|inactive
15 boot variable|slot 2 1|flash:/second.bin
17 boot setting|slot 2 next boot variable|does not exist
14 boot variable|slot 2 boot 1|flash:/first.bin
17 boot setting|slot 2 boot next boot variable|does not exist
14 package state|slot 2 flash:/first.bin|activated and uncommitted
15 package state|slot 2 flash:/second.bin|activated and uncommitted
4 component image|slot 1|flash:/5130ei-cmw710-system-r3507p18.bin
15 component image|slot 2|flash:/second.bin
`,
		},
		{
			name: "a list without a system image", command: "display boot-loader",
			reply:   "Software images on the device:\nCurrent software images:\n  flash:/a-boot.bin\nMain startup software images:\n  flash:/a-boot.bin\n",
			want:    "3 boot variable|boot 1|flash:/a-boot.bin\n5 next boot variable|boot 1|flash:/a-boot.bin\n3 package state|flash:/a-boot.bin|activated and committed\n",
			problem: "no image of \"\"",
		},
		{
			name: "what is no list", command: "display boot-loader",
			reply:   "Software images on slot 1:\nCurrent software images:\n  flash:/a-boot.bin\n  flash:/a-system.bin\nCurrent software images:\nwhat?\nMain startup software images:\n  flash:/a-boot.bin\n  flash:/a-system.bin\n",
			want:    "4 boot variable|slot 1 1|flash:/a-system.bin\n9 next boot variable|slot 1 1|flash:/a-system.bin\n3 boot variable|slot 1 boot 1|flash:/a-boot.bin\n8 next boot variable|slot 1 boot 1|flash:/a-boot.bin\n3 package state|slot 1 flash:/a-boot.bin|activated and committed\n4 package state|slot 1 flash:/a-system.bin|activated and committed\n4 component image|slot 1|flash:/a-system.bin\n",
			problem: "a second list of current images",
		},
		{
			name: "Comware 5, two switches", command: "display boot-loader",
			reply: ` Slot 1
The current boot app is: flash:/a.bin
The main boot app is:    flash:/a.bin
The backup boot app is:  flash:/b.bin
 Slot 2
The current boot app is: flash:/a.bin
The main boot app is:    flash:/b.bin
The backup boot app is:
`,
			want: `2 boot variable|slot 1 1|flash:/a.bin
4 boot variable|slot 1 2|flash:/b.bin
3 next boot variable|slot 1 1|flash:/a.bin
4 next boot variable|slot 1 2|flash:/b.bin
6 boot variable|slot 2 1|flash:/a.bin
7 next boot variable|slot 2 1|flash:/b.bin
2 component image|slot 1|flash:/a.bin
6 component image|slot 2|flash:/a.bin
2 running image||flash:/a.bin
`,
		},
		{
			name: "Comware 5, switches that differ", command: "display boot-loader",
			reply: "Slot 1\nThe current boot app is: flash:/a.bin\nThe main boot app is: flash:/a.bin\nSlot 2\nThe current boot app is: flash:/b.bin\nThe main boot app is: flash:/b.bin\n",
			want: `2 boot variable|slot 1 1|flash:/a.bin
3 next boot variable|slot 1 1|flash:/a.bin
5 boot variable|slot 2 1|flash:/b.bin
6 next boot variable|slot 2 1|flash:/b.bin
2 component image|slot 1|flash:/a.bin
5 component image|slot 2|flash:/b.bin
`,
			problem: `"slot 2" runs "flash:/b.bin"`,
		},
		{
			name: "Comware 5, a router", command: "display boot-loader",
			reply: `The boot file used at this reboot: flash:/main.bin attribute: main
The boot file used at the next reboot: flash:/main.bin attribute: main
The boot file used at the next reboot: flash:/backup.bin attribute: backup
The boot file used at the next reboot: NULL attribute: secure
`,
			want: "1 boot variable|1|flash:/main.bin\n3 boot variable|2|flash:/backup.bin\n2 next boot variable|1|flash:/main.bin\n3 next boot variable|2|flash:/backup.bin\n1 running image||flash:/main.bin\n",
		},
		{
			name: "the oldest switches", command: "display boot-loader",
			reply: "The app to boot of board 1 at this time is: flash:/a.app\nThe app to boot of board 1 at the next time is: flash:/b.app\n",
			want:  "1 boot variable|slot 1 1|flash:/a.app\n2 next boot variable|slot 1 1|flash:/b.app\n1 component image|slot 1|flash:/a.app\n1 running image||flash:/a.app\n",
		},
		{name: "no lists", command: "display boot-loader", problem: "no list of images"},
		{
			name: "a fabric of chassis", command: "display irf",
			reply: `MemberID  Slot  Role    Priority  CPU-Mac         Description
 *+1      0     Master  32        00e0-fc0a-15e0  DeviceA
   2      1     Standby 1         00e0-fc0f-8c02  DeviceB
   3      ?
--------------------------------------------------
 The bridge MAC of the IRF is: 000f-e26a-58ed
 Domain ID                   : 0
`,
			want: `2 component role|chassis 1 slot 0|Master
2 component priority|chassis 1 slot 0|32
2 base mac|chassis 1 slot 0|00e0-fc0a-15e0
3 component role|chassis 2 slot 1|Standby
3 component priority|chassis 2 slot 1|1
3 base mac|chassis 2 slot 1|00e0-fc0f-8c02
6 base mac||000f-e26a-58ed
7 redundancy|irf domain id|0
`,
			problem: "line 4: not a member",
		},
		{
			name: "boards", command: "display device",
			reply: `Slot No. Brd Type         Brd Status   Subslot Num    Sft Ver                Patch Ver
 0       LSQM1MPUDS0      Master       0              S7500E-7523P01         None
 1       NONE             Absent       0              NONE                   None
 2       LSQ GV48         Normal       0              S7500E-7523P01         H01
 3       odd
`,
			want: `2 model|slot 0|LSQM1MPUDS0
2 component role|slot 0|Master
2 component version|slot 0|S7500E-7523P01
3 component state|slot 1|Absent
4 model|slot 2|LSQ GV48
4 component state|slot 2|Normal
4 component version|slot 2|S7500E-7523P01
4 component version|slot 2 patch|H01
`,
			problem: "line 5: not a board",
		},
		{
			name: "boards of two chassis", command: "display device",
			reply: "Slot      Type             State    Subslot  Soft Ver             Patch Ver\n1/0       LSXM1SUPB1       Master   0        S12508-7375          None\n",
			want:  "2 model|chassis 1 slot 0|LSXM1SUPB1\n2 component role|chassis 1 slot 0|Master\n2 component version|chassis 1 slot 0|S12508-7375\n",
		},
		{
			name: "two switches and their supplies", command: "display device manuinfo",
			reply: "Slot 1 CPU 0:\nDEVICE_NAME          : 5130\nDEVICE_SERIAL_NUMBER : CN1\nFan 1:\nDEVICE_SERIAL_NUMBER : NONE\nPower 1:\nDEVICE_SERIAL_NUMBER : P1\xff\xff\nSlot 2 CPU 0:\nDEVICE_SERIAL_NUMBER : CN2\nPower 1:\nDEVICE_SERIAL_NUMBER : P2\n",
			want:  "2 model|slot 1|5130\n3 serial number|slot 1|CN1\n7 serial number|slot 1 power 1|P1\n9 serial number|slot 2|CN2\n11 serial number|slot 2 power 1|P2\n",
		},
		{
			name: "a fabric of chassis with its fans", command: "display device manuinfo",
			reply: "Chassis 1 Slot 0 CPU 0:\nDEVICE_SERIAL_NUMBER : A\nChassis 1 Fan 1:\nDEVICE_SERIAL_NUMBER : F\nChassis 2:\nDEVICE_SERIAL_NUMBER : C\n",
			want:  "2 serial number|chassis 1 slot 0|A\n4 serial number|chassis 1 fan 1|F\n6 serial number|chassis 2|C\n",
		},
		{name: "a board that can't be read", command: "display device manuinfo", reply: "Slot 1 CPU 0:\nFailed to display the manufacture information of the specified slot.\nSlot 2 CPU 0:\nDEVICE_SERIAL_NUMBER : A\xff\xffB\n", problem: "line 2"},
		{name: "the name in the configuration", command: "display current-configuration | include sysname", reply: " sysname core-1\n", want: "1 hostname||core-1\n"},
		{
			name: "configurations of the next start", command: "display startup",
			reply: ` MainBoard:
 Current startup saved-configuration file: flash:/startup.cfg (*)
 Next main startup saved-configuration file: flash:/startup.cfg
 Next backup startup saved-configuration file: NULL
 Bootrom-access enable state: disabled
 Chassis 2 Slot 0:
 Current startup saved-configuration file: flash:/old.cfg
 Next main startup saved-configuration file: flash:/two words
`,
			want: `2 startup configuration source||flash:/startup.cfg
3 next startup configuration source||flash:/startup.cfg
4 next startup configuration source|backup|NULL
5 boot setting|bootrom-access enable state|disabled
7 startup configuration source|chassis 2 slot 0|flash:/old.cfg
`,
			problem: "line 8",
		},
		{
			name: "active packages, the last one without its version", command: "display install active verbose",
			reply: "Active packages on slot 1:\nflash:/boot.bin\n  [Package]\n  Platform version: 7.1.070\n  Product version: Release 3507P18\n  Product version: again\nflash:/patch.bin\n  [Package]\n",
			want:  "5 package|slot 1 flash:/boot.bin|Release 3507P18\n", problem: `line 7: no product version of "flash:/patch.bin"`,
		},
		{
			name: "patches of Comware 5", command: "display patch information",
			reply: `The location of patches: flash:
Slot Version Temporary Common Current Active Running Start-Address
------------------------------------------------------------------------
1    XXX002  0         5      4       0      4       0x4ee0000
2    XXX002  1         0      1       1      0       0x4ee0000
3    XXX002  0         0      1       0      0       0x4ee0000
4    NULL    0         0      0       0      0       0x4ee0000
5    ?
`,
			want: `4 package|slot 1 patch|XXX002
4 package state|slot 1 patch|activated and committed
5 package|slot 2 patch|XXX002
5 package state|slot 2 patch|activated and uncommitted
6 package|slot 3 patch|XXX002
6 package state|slot 3 patch|inactive
7 package state|slot 4|none
`,
			problem: "line 8",
		},
		{name: "a SHA-256 digest", command: "sha256sum flash:/x.bin", reply: "SHA256 digest:\n" + strings.ToUpper(sha256Hex) + "\n", want: "2 image digest|flash:/x.bin|sha256:" + sha256Hex + "\n"},
		{name: "an MD5 digest", command: "md5sum flash:/x.bin", reply: "MD5 digest:" + md5Hex + "\n", want: "1 image digest|flash:/x.bin|md5:" + md5Hex + "\n"},
		{name: "a digest of another algorithm", command: "sha256sum flash:/x.bin", reply: "MD5 digest:\n" + md5Hex + "\n", problem: "no digest of sha256sum"},
		{name: "digits without a heading", command: "md5sum flash:/x.bin", reply: md5Hex + "\n", problem: "no digest of md5sum"},
		{name: "a digest that is too short", command: "md5sum flash:/x.bin", reply: "MD5 digest:\n" + md5Hex[1:] + "\n", problem: "31 digits"},
		{name: "no digest", command: "md5sum flash:/x.bin", reply: "\n", problem: "no digest in the reply"},
	})
}

func TestComwareRefusals(t *testing.T) {
	testRefusals(t, Comware, "display startup", map[string]facts.Reason{
		"      ^\r\n % Unrecognized command found at '^' position.\r\n":  facts.UnsupportedCommand,
		" % Incomplete command found at '^' position.\r\n":               facts.UnsupportedCommand,
		"The file does not exist.\r\n":                                   facts.UnsupportedCommand,
		"Permission denied.\r\n":                                         facts.NoPrivilege,
		"The device is busy. Please try again later.\r\n":                facts.Timeout,
		"IRF is not enabled.\r\n":                                        facts.PlatformHasNone,
		"MainBoard:\r\n Current startup saved-configuration file: a\r\n": "",
	})
}

func TestComwareVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"flash:/5130ei-cmw710-system-r3507p18.bin":               "Release 3507P18",
		"slot2#flash:/5130ei-cmw710-boot-r3208p10.bin":           "Release 3208P10",
		"flash:/s36si_e-cmw310-r1702p13-s168.bin":                "Release 1702P13",
		"flash:/a5120ei-cmw520-r2221p22-s168.bin":                "Release 2221P22",
		"flash:/5900_5920-CMW710-F2428.ipe":                      "Feature 2428",
		"flash:/5900_5920-cmw710-boot-e2415.bin":                 "ESS 2415",
		"flash:/5130ei-cmw710-system-r3507p18h02.bin":            "Release 3507P18H02",
		"flash:/msr36-cmw710-system-r0809p33.bin":                "Release 0809P33",
		"flash:/5130ei-cmw710-system-patch-r3507p18h01.bin":      "",
		"flash:/main.bin":                                        "",
		"flash:/system.bin":                                      "",
		"flash:/5130ei-cmw710-system-r3507p18/x.bin":             "",
		"flash:/5130ei-cmw710-system-r3507p18.bin.bak":           "",
		"flash:/12500x-cmw710-system-r0301p001234567890p123.bin": "",
	} {
		got, ok := comwareVersionInName(path)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
}

// TestComwareImages holds that every slot's images are hashed where they are, once.
func TestComwareImages(t *testing.T) {
	set := facts.Set{Facts: []facts.Fact{
		{Kind: facts.RunningImage, Value: "flash:/s.bin"}, {Kind: facts.RunningImage, Subject: "boot", Value: "flash:/b.bin"},
		{Kind: facts.BootVariable, Subject: "slot 1 1", Value: "flash:/s.bin"}, {Kind: facts.NextBootVariable, Subject: "slot 1 boot 1", Value: "flash:/b.bin"},
		{Kind: facts.NextBootVariable, Subject: "slot 2 1", Value: "flash:/s.bin"}, {Kind: facts.BootVariable, Subject: "chassis 2 slot 0 1", Value: "flash:/s.bin"},
		{Kind: facts.PackageState, Subject: "slot 2 flash:/p.bin", Value: "inactive"}, {Kind: facts.PackageState, Subject: "slot 2", Value: "none"},
		{Kind: facts.ComponentRole, Subject: "slot 1", Value: "Master"}, {Kind: facts.ComponentRole, Subject: "slot 2", Value: "Standby"},
		{Kind: facts.ComponentRole, Subject: "chassis 2 slot 0", Value: "Standby"},
	}}
	want := []string{"flash:/s.bin", "flash:/b.bin", "chassis2#slot0#flash:/s.bin", "slot2#flash:/s.bin", "slot2#flash:/p.bin"}
	if diff := cmp.Diff(want, comwareImages(set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := comwareImages(facts.Set{}); got != nil {
		t.Errorf("nothing known, and %q asked about", got)
	}
}

func FuzzComware(f *testing.F) {
	for _, text := range []string{
		"Comware Software, Version 5.20, Release 1513P15\nHP A uptime is 1 day\nSlot 1:\nBootrom Version: 1\n",
		"Software images on slot 1:\nCurrent software images:\n  flash:/a-boot.bin\nMain startup software images:\n None\n",
		"Slot 1\nThe current boot app is: flash:/a\nThe main boot app is:\n", "Slot 1 CPU 0:\nDEVICE_NAME : a\xff\nFan 1\nDEVICE_SERIAL_NUMBER:NONE\n",
		"MemberID Role Priority\n *+1 Master 32 00e0-fc0a-15e0 x\n", "Slot Type State\n1/0 A B Master 0 x-1 None\n", "MD5 digest:\n" + md5Hex + "\n",
		"Slot Version Temporary Common Current Active Running\n1 NULL 0 0 0 0 0\n", "Active packages on slot 1:\nflash:/a\n Product version: x\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { fuzzReaders(t, Comware, text) })
}
