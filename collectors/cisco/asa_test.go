package cisco

import (
	"slices"
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestASAReaders(t *testing.T) {
	tryReadings(t, ASA, []reading{
		{
			name: "the system context, with a register that is to change", command: "show version",
			reply: "Cisco Adaptive Security Appliance Software Version 9.1(2) <system>\nDevice Manager Version 7.1(3)\n\nCompiled on Thu 09-May-13 15:37 by builders\n" +
				"System image file is \"disk0:/asa912-smp-k8.bin\"\nConfig file at boot was \"startup-config\"\n\nasa1 up 1 year 34 days\nfailover cluster up 2 hours 5 mins\n\n" +
				"Hardware:   ASA5585-SSP-10, 6144 MB RAM, CPU Xeon 5500 series 2000 MHz, 1 CPU (4 cores)\n                             Boot microcode        : CNPx-MC-BOOT-2.00\n" +
				"Baseboard Management Controller (revision 0x1) Firmware Version: 2.4\n\nSerial Number: JAF1\nConfiguration register is 0x1 (will be 0x41 at next reload)\nConfiguration last modified by enable_15 at 17:31:04.576 CDT Mon Aug 12 2019\n",
			want: `1 operating system||ASA
1 running version||9.1(2)
2 component version|Device Manager|7.1(3)
4 compile time||Thu 09-May-13 15:37
4 compiled by||builders
5 running image||disk0:/asa912-smp-k8.bin
6 startup configuration source||startup-config
8 hostname||asa1
8 uptime||34473600
9 uptime|failover cluster|7500
11 model||ASA5585-SSP-10
11 component||ASA5585-SSP-10, 6144 MB RAM, CPU Xeon 5500 series 2000 MHz, 1 CPU (4 cores)
12 boot loader version|Boot microcode|CNPx-MC-BOOT-2.00
13 boot loader version|Baseboard Management Controller|2.4
15 serial number|processor board|JAF1
16 configuration register||0x1
16 next configuration register||0x41
17 configuration author||enable_15
17 configuration time||17:31:04.576 CDT Mon Aug 12 2019
`,
		},
		{
			name: "a user context says little", command: "show version", reply: "Cisco Adaptive Security Appliance Software Version 9.1(2) <context>\nDevice Manager Version 7.1(3)\n\nctx1 up 3 days 2 hours\n",
			want:    "1 operating system||ASA\n1 running version||9.1(2)\n2 component version|Device Manager|7.1(3)\n4 hostname||ctx1\n4 uptime||266400\n",
			problem: "a user context",
		},
		{
			name: "on Firepower hardware FXOS loads the image", command: "show version",
			reply: "Cisco Adaptive Security Appliance Software Version 9.16(4)57 \nSSP Operating System Version 2.10(1.1603)\n\nfp up 48 secs\n\nHardware:   FPR-2110, 7068 MB RAM, CPU MIPS 1200 MHz, 1 CPU (6 cores)\n\nSerial Number: JAD1\n",
			want: "1 operating system||ASA\n1 running version||9.16(4)57\n2 component version|SSP Operating System|2.10(1.1603)\n4 hostname||fp\n4 uptime||48\n" +
				"6 model||FPR-2110\n6 component||FPR-2110, 7068 MB RAM, CPU MIPS 1200 MHz, 1 CPU (6 cores)\n8 serial number|processor board|JAD1\n",
		},
		{
			name: "an uptime that is none", command: "show version", reply: "Cisco Adaptive Security Appliance Software Version 9.1(2)\nasa1 up 3 fortnights\nSystem image file is \"disk0:/a\"\nSerial Number: J\n",
			want: "1 operating system||ASA\n1 running version||9.1(2)\n2 hostname||asa1\n3 running image||disk0:/a\n4 serial number|processor board|J\n", problem: `uptime "3 fortnights"`,
		},
		{name: "empty", command: "show version", problem: "no software version"},

		{
			name: "an inventory with a line of the debugger and blanks in a product number", command: "show inventory",
			reply: "show_inventory_all -1742439088\nName: \"Chassis\", DESCR: \"ASA 5506-X with FirePOWER services, 8GE, AC, DES\"\nPID: ASA5506           , VID: V01     , SN: JMX8318372GB\n\n" +
				"Name: \"GigabitEthernet1/0\", DESCR: \"\"\nPID: SFCT-739SMZ-CS1 G3, VID: G3.1, SN: JMX8318372GC     \n",
			want: `2 component|Chassis|ASA 5506-X with FirePOWER services, 8GE, AC, DES
3 model|Chassis|ASA5506
3 hardware version|Chassis|V01
3 serial number|Chassis|JMX8318372GB
5 component|GigabitEthernet1/0|GigabitEthernet1/0
6 model|GigabitEthernet1/0|SFCT-739SMZ-CS1 G3
6 hardware version|GigabitEthernet1/0|G3.1
6 serial number|GigabitEthernet1/0|JMX8318372GC
3 model||ASA5506
3 serial number||JMX8318372GB
`,
		},

		{
			name: "a module without software", command: "show module",
			reply: `Mod Card Type                                    Model              Serial No.
--- -------------------------------------------- ------------------ -----------
ips Unknown                                      N/A                FCH1

Mod MAC Address Range                 Hw Version   Fw Version   Sw Version
--- --------------------------------- ------------ ------------ ---------------
ips e4d3.f1d0.cccc to e4d3.f1d0.dddd  N/A          N/A

Mod SSM Application Name           Status           SSM Application Version
--- ------------------------------ ---------------- --------------------------
ips Unknown                        No Image Present Not Applicable
sfr ASA FirePOWER                  Up               6.5.2-81

Mod Status             Data Plane Status     Compatibility
--- ------------------ --------------------- -------------
ips Unresponsive       Not Applicable

Mod License Name   License Status  Time Remaining
--- -------------- --------------- ---------------
ips IPS Module     Disabled        perpetual
`,
			want: `3 component|slot ips|Unknown
3 model|slot ips|N/A
3 serial number|slot ips|FCH1
7 base mac|slot ips|e4d3.f1d0.cccc
7 hardware version|slot ips|N/A
7 boot loader version|slot ips|N/A
12 component|slot sfr application|ASA FirePOWER
12 component state|slot sfr application|Up
12 component version|slot sfr application|6.5.2-81
16 component state|slot ips|Unresponsive
`,
		},
		{name: "a row that was cut", command: "show module", reply: "Mod Card Type  Model  Serial No.\n--- ---------- ------ ----------\n  0 ASA 5515-X ASA55", want: "3 component|slot 0|ASA 5515-X\n3 model|slot 0|ASA55\n", problem: "model or serial number of slot 0"},
		{name: "a row out of its columns", command: "show module", reply: "Mod Card Type  Model  Serial No.\n--- ---------- ------ ----------\n  0 ASA 5515-X-with-SW  ASA5515 F1\n", problem: "line 3: module"},
		{name: "no table", command: "show module", reply: "\n", problem: "no module"},

		{
			name: "the secondary unit answers; the other one failed", command: "show failover",
			reply: "Failover On \nFailover unit Secondary\nVersion: Ours 8.6(1)2, Mate Unknown\nLast Failover at: 19:14:57 UTC Oct 17 2018\n        This host: Secondary - Active \n" +
				"                slot 0: ASA5512 hw/sw rev (1.0/8.6(1)2) status (Up Sys)\n                slot 1: IPS5512 hw/sw rev (N/A/) status (Unresponsive/Up)\n                slot 1: empty\n" +
				"        Other host: Primary - Failed \n                slot 1: odd\n",
			want: `1 redundancy|failover|On
2 redundancy|failover unit|Secondary
3 component version|secondary unit|8.6(1)2
4 redundancy|last failover|19:14:57 UTC Oct 17 2018
5 component role|secondary unit|Secondary
5 component state|secondary unit|Active
6 model|secondary unit slot 0|ASA5512
6 hardware version|secondary unit slot 0|1.0
6 component version|secondary unit slot 0|8.6(1)2
6 component state|secondary unit slot 0|Up Sys
7 model|secondary unit slot 1|IPS5512
7 hardware version|secondary unit slot 1|N/A
7 component state|secondary unit slot 1|Unresponsive/Up
9 component role|primary unit|Primary
9 component state|primary unit|Failed
`,
			problem: "line 10: not a slot",
		},
		{
			name: "both units are active, each for a group", command: "show failover",
			reply: "Failover On\nFailover unit Primary\nGroup 1 last failover at: 13:40:18 UTC Dec 9 2004\n  This host:    Primary\n  Group 1       State:          Active\n  Group 2       State:          Standby Ready\n",
			want: `1 redundancy|failover|On
2 redundancy|failover unit|Primary
3 redundancy|group 1 last failover|13:40:18 UTC Dec 9 2004
4 component role|primary unit|Primary
5 component state|primary unit group 1|Active
6 component state|primary unit group 2|Standby Ready
`,
		},
		{name: "no failover", command: "show failover", reply: "Failover Off (pseudo-Standby)\nFailover unit Primary\n", want: "1 redundancy|failover|Off\n2 redundancy|failover unit|Primary\n"},
		{name: "versions before it is told whose", command: "show failover", reply: "Failover On\nVersion: Ours 9.1(1), Mate 9.1(1)\n", want: "1 redundancy|failover|On\n", problem: "was not told"},

		{
			name: "a list that was not saved, and a configuration file", command: "show bootvar",
			reply: "BOOT variable = disk0:/a.bin\nCurrent BOOT variable = disk0:/a.bin;disk0:/b.bin\nCONFIG_FILE variable = \nCurrent CONFIG_FILE variable = disk0:/x.cfg\n",
			want: `2 boot variable|1|disk0:/a.bin
2 boot variable|2|disk0:/b.bin
1 next boot variable|1|disk0:/a.bin
4 startup configuration source||disk0:/x.cfg
`,
		},
		{name: "one variable is both", command: "show bootvar", reply: "BOOT variable = disk0:/a.bin\n", want: "1 boot variable|1|disk0:/a.bin\n1 next boot variable|1|disk0:/a.bin\n"},
		{
			name: "no list", command: "show bootvar", reply: "BOOT variable = \nCurrent BOOT variable does not exist\n",
			want: "2 boot setting|boot variable|does not exist\n1 boot setting|next boot variable|does not exist\n",
		},
		{name: "two values", command: "show bootvar", reply: "BOOT variable = disk0:/a\nBOOT variable = disk0:/b\n", want: "1 boot variable|1|disk0:/a\n1 next boot variable|1|disk0:/a\n", problem: "a second"},
		{name: "no variable", command: "show bootvar", reply: "CONFIG_FILE variable = \n", problem: "no BOOT variable"},
		{name: "several contexts", command: "show mode", reply: "Security context mode: multiple \n", want: "1 boot setting|security context mode|multiple\n"},
		{name: "boot lines", command: "show running-config boot", reply: "boot system disk0:/a.bin\nboot config disk0:/x.cfg\n", want: "1 running boot command|1|boot system disk0:/a.bin\n2 running boot command|2|boot config disk0:/x.cfg\n"},
		{name: "the device manager's image", command: "show running-config asdm", reply: "asdm image disk0:/asdm-791-151.bin\nno asdm history enable\n", want: "1 component image|asdm|disk0:/asdm-791-151.bin\n"},

		{
			name: "a recursive listing", command: "dir /recursive disk0:",
			reply: "Directory of disk0:/*\n\n97     -rwx  108563072    06:43:00 Jun 30 2018  asa 982.SPA\n11     drwx  4096         06:46:42 Jun 30 2018  log\n\nDirectory of disk0:/log\n\n12     -rw-  5            <no date>  x\n\n2 file(s) total size: 108563077 bytes\n7365472256 bytes total (3847725056 bytes free/52% free)\n",
			want: `3 file|disk0:/asa 982.SPA|108563072
3 file permissions|disk0:/asa 982.SPA|-rwx
3 file time|disk0:/asa 982.SPA|06:43:00 Jun 30 2018
4 file|disk0:/log|4096
4 file permissions|disk0:/log|drwx
4 file time|disk0:/log|06:46:42 Jun 30 2018
8 file|disk0:/log/x|5
8 file permissions|disk0:/log/x|-rw-
11 total space|disk0:|7365472256
11 free space|disk0:|3847725056
`,
		},
		{name: "no file", command: "dir disk0:", reply: "Directory of disk0:/\n\nNo files in directory\n\n255426560 bytes total (164872192 bytes free)\n", want: "5 total space|disk0:|255426560\n5 free space|disk0:|164872192\n"},
		{name: "a listing that was cut", command: "dir disk0:", reply: "Directory of disk0:/\n\n97     -rwx  1085", problem: "line 3: not a row"},
		{name: "a listing of nothing", command: "dir disk0:", reply: "\n", problem: "no directory"},

		{
			name: "a digest over two lines", command: "verify /sha-512 disk0:/x.bin",
			reply: "!!!!!!!!!!!!!!\n!!!!!Done!\nverify /SHA-512 (disk0:/x.bin) = " + sha512Hex[:40] + "\n" + sha512Hex[40:120] + "\n" + sha512Hex[120:] + "\n",
			want:  "3 image digest|disk0:/x.bin|sha512:" + sha512Hex + "\n",
		},
		{
			name: "a signature that holds", command: "verify disk0:/x.bin",
			reply: "Verifying file integrity of disk0:/x.bin\n!!!!Done!\nEmbedded Hash   SHA2: " + sha512Hex[:32] + "\n                      " + sha512Hex[32:64] + "\n                      " + sha512Hex[64:96] + "\n                      " + sha512Hex[96:] +
				"\n\nDigital signature successfully validated\n",
			want: "3 embedded digest|disk0:/x.bin|sha512:" + sha512Hex + "\n8 signature|disk0:/x.bin|verified\n",
		},
	})
}

func TestASARefusals(t *testing.T) {
	for words, want := range map[string]facts.Reason{
		"          ^\nERROR: % Invalid input detected at '^' marker.":              facts.UnsupportedCommand,
		"ERROR: Command authorization failed":                                      facts.NoPrivilege,
		"Command authorization failed":                                             facts.NoPrivilege,
		"%Error opening disk1:/ (No such device)":                                  facts.PlatformHasNone,
		"%Error verifying disk0:/x.bin (No such file or directory)":                facts.UnsupportedCommand,
		"%Error computing MD5 of disk0:/x.bin (Bad file number)":                   facts.UnsupportedCommand,
		"%Error opening disk0:/ (Device or resource busy)":                         facts.Timeout,
		"WARNING: the configuration has not been saved":                            "",
		"%Error verifying disk0:/x.bin (Digital signature verification failed)":    "",
		"Command not valid on current execution space":                             facts.UnsupportedCommand,
		"Cisco Adaptive Security Appliance Software Version 9.1(2)\nERROR in hull": "",
	} {
		set := ASA.ReadReply(collectors.CLI, collectors.Query{Commands: []string{"x"}, Read: func(collectors.Reply) ([]facts.Fact, error) { return nil, nil }}, collectors.Reply{Text: words})
		got := facts.Reason("")
		if len(set.Gaps) > 0 {
			got = set.Gaps[0].Reason
		}
		if got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func TestASAPrompts(t *testing.T) {
	scope := ASA.Terminal.Scopes[0].From
	for prompt, enters := range map[string]bool{"fw1>": false, "fw1#": false, "fw1/admin#": true, "fw1/ctx-1/act#": true, "fw1/pri/act#": true, "fw1/admin>": false} {
		if !ASA.Terminal.Prompt.MatchString(prompt) {
			t.Errorf("%q is no prompt", prompt)
		}
		if scope.MatchString(prompt) != enters {
			t.Errorf("%q: the system context is entered: %v", prompt, !enters)
		}
	}
	for _, other := range []string{"fw1(config)#", "Password:", strings.Repeat("a", 70) + "#"} {
		if ASA.Terminal.Prompt.MatchString(other) {
			t.Errorf("%q is a prompt", other)
		}
	}
}

func TestASAHashable(t *testing.T) {
	set := facts.Set{Facts: []facts.Fact{
		{Kind: facts.RunningImage, Value: "disk0:/a.bin"}, {Kind: facts.NextBootVariable, Subject: "1", Value: "disk0:/b.bin"},
		{Kind: facts.ComponentImage, Subject: "asdm", Value: "disk0:/asdm.bin"}, {Kind: facts.Model, Value: "ASAv"},
	}}
	if got, want := asaHashable(set), []string{"disk0:/a.bin", "disk0:/b.bin", "disk0:/asdm.bin"}; !slices.Equal(got, want) {
		t.Errorf("%q are hashed, want %q", got, want)
	}
	if notSigned(set) == "" || notSigned(facts.Set{}) != "" {
		t.Errorf("a virtual device: %q, an unknown one: %q", notSigned(set), notSigned(facts.Set{}))
	}
}

func TestASAVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"disk0:/asa984-10-smp-k8.bin":          "9.8(4)10",
		"disk0:/asa9-14-2-14-smp-k8.bin":       "9.14(2)14",
		"disk0:/asa9-16-4-85-lfbff-k8.SPA":     "9.16(4)85",
		"disk0:/asa9-16-4-smp-k8.bin":          "9.16(4)",
		"boot:/asa952-204-smp-k8.bin":          "9.5(2)204",
		"disk0:/asa992-32-lfbff-k8.SPA":        "9.9(2)32",
		"disk0:/asa912-smp-k8.bin":             "9.1(2)",
		"disk0:/asa804-k8.bin":                 "8.0(4)",
		"disk0:/cisco-asa-fp2k.9.16.4.57.SPA":  "9.16(4)57",
		"disk0:/cisco-asa.9.16.4.57.SPA.csp":   "9.16(4)57",
		"disk0:/cisco-asa-fp1k.9.14.1.SPA":     "9.14(1)",
		"disk0:/asa9101-smp-k8.bin":            "",
		"disk0:/cdisk.bin":                     "",
		"disk0:/asdm-7181-152.bin":             "",
		"disk0:/fxos-k8-fp2k-npu.2.10.1.1.SPA": "",
	} {
		if got, ok := asaVersionInName(path); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
}
