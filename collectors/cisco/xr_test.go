package cisco

import (
	"slices"
	"testing"

	"trueboot/facts"
)

func TestXRReaders(t *testing.T) {
	tryReadings(t, XR, []reading{
		{
			name: "the classic system, with a register and a package on a node", command: "show version",
			reply: "Cisco IOS XR Software, Version 5.3.3[Default]\n\nROM: System Bootstrap, Version 0.76(c) 1994-2012 by Cisco Systems,  Inc.\n\nasr1 uptime is 5 weeks, 3 days, 1 hour, 39 minutes\n" +
				"System image file is \"disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm\"\n\ncisco ASR9K Series (Intel 686 F6M14S4) processor with 12582912K bytes of memory.\n" +
				"Intel 686 F6M14S4 processor at 2127MHz, Revision 2.174\nASR 9006 4 Line Card Slot Chassis with V2 AC PEM\n\nConfiguration register on node 0/RSP0/CPU0 is 0x1922\nBoot device on node 0/RSP0/CPU0 is disk0:\n" +
				"Package active on node 0/RSP0/CPU0:\niosxr-infra, V 5.3.3[Default], Cisco Systems, at disk0:iosxr-infra-5.3.3\n    Built on Thu May  6 15:09:12 DST 2010\n",
			want: `1 operating system||IOS XR
1 running version||5.3.3
3 boot loader version|ROM|0.76
5 hostname||asr1
5 uptime||3289140
6 running image||disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm
12 configuration register||0x1922
12 next configuration register||0x1922
15 component version|0/RSP0/CPU0 iosxr-infra|5.3.3
10 model||ASR 9006
8 model|processor|ASR9K Series
8 software image||ASR9K
`,
		},
		{
			name: "an uptime without commas", command: "show version", reply: "Cisco IOS XR Software, Version 7.3.2\ncisco NCS-5500 () processor\nSystem uptime is 1 day 16 hours 32 minutes\n",
			want: "1 operating system||IOS XR\n1 running version||7.3.2\n3 uptime||145920\n2 model||NCS-5500\n",
		},
		{name: "empty", command: "show version", problem: "no software version"},

		{
			name: "power modules, port adapters and a network processor", command: "show platform",
			reply: `Node            Type                      State            Config State
-----------------------------------------------------------------------------
0/RSP0/CPU0     A9K-RSP440-TR(Active)     IOS XR RUN       PWR,NSHUT,MON
0/FT0/SP        ASR-9006-FAN              READY
0/1/0           A9K-MPA-20X1GE            OK               PWR,NSHUT,MON
0/0/NPU0        Slice                     UP
0/PS0/M1/SP     PWR-3KW-AC-V2             READY            PWR,NSHUT,MON
`,
			want: `3 component role|0/RSP0/CPU0|Active
3 model|0/RSP0/CPU0|A9K-RSP440-TR(Active)
3 component state|0/RSP0/CPU0|IOS XR RUN
4 model|0/FT0/SP|ASR-9006-FAN
4 component state|0/FT0/SP|READY
5 model|0/1/0|A9K-MPA-20X1GE
5 component state|0/1/0|OK
6 model|0/0/NPU0|Slice
6 component state|0/0/NPU0|UP
7 model|0/PS0/M1/SP|PWR-3KW-AC-V2
7 component state|0/PS0/M1/SP|READY
`,
		},

		{
			name: "packages of the classic system", command: "show install active summary",
			reply: "Default Profile:\n  SDRs:\n    Owner\n  Active Packages:\n    disk0:asr9k-mini-px-5.3.3\n    disk0:asr9k-px-5.3.3.CSCux12345-1.0.0\n",
			want: `5 package|disk0:asr9k-mini-px-5.3.3|disk0:asr9k-mini-px-5.3.3
6 package|disk0:asr9k-px-5.3.3.CSCux12345-1.0.0|disk0:asr9k-px-5.3.3.CSCux12345-1.0.0
`,
		},
		{
			name: "XR 7 has a label and a digest of all", command: "show install active summary",
			reply: "Active Packages:    XR: 201    All: 1532\nLabel:              7.10.2\nSoftware Hash:      " + md5Hex + "\n\nOptional Packages                                         Version\n--------------------------------------------------- ---------------------------\n" +
				"xr-bgp                                                   7.10.2v1.0.0-1\n\nActive Fixes (count: 1):\n    CSCwa12345: xr-bgp\n",
			want: `2 build id|label|7.10.2
3 image digest|7.10.2|md5:` + md5Hex + `
2 running image||7.10.2
2 boot variable|1|7.10.2
2 partition|7.10.2|7.10.2
7 package|xr-bgp|7.10.2v1.0.0-1
10 package|CSCwa12345|xr-bgp
`,
		},
		{name: "an odd line among packages", command: "show install active summary", reply: "  Active Packages: 1\n    a b c\n", problem: "line 2: not a package"},

		{
			name: "no second processor", command: "show redundancy summary", reply: "  Active/Primary   Standby/Backup\n  --------------   --------------\n  0/RP0/CPU0(A)    N/A\n  0/RP0/CPU0(P)    N/A\n",
			want: "3 component role|0/RP0/CPU0|Active\n4 component role|0/RP0/CPU0 process group|Primary\n",
		},

		{
			name: "a file system that is a path", command: "show filesystem",
			reply: "File Systems:\n\n     Size(b)     Free(b)        Type  Flags  Prefixes\n   481497088   480813056       flash     rw  /misc/config\n  2413785088  2387738624    harddisk     rw  harddisk:\n           0           0     network     rw  tftp:\n",
			want: `4 file system|/misc/config|flash
4 file system access|/misc/config|rw
4 total space|/misc/config|481497088
4 free space|/misc/config|480813056
5 file system|harddisk:|harddisk
5 file system access|harddisk:|rw
5 total space|harddisk:|2413785088
5 free space|harddisk:|2387738624
6 file system|tftp:|network
6 file system access|tftp:|rw
6 total space|tftp:|0
6 free space|tftp:|0
`,
		},
		{
			name: "a listing of the classic system", command: "dir disk0:",
			reply: "Directory of disk0:/usr\n\n2           drwx  16384       Mon Feb 28 22:16:31 2011  .boot\n131104      -rwx  1245        Tue Mar  1 10:00:00 2011  a b.txt\n\n1644150784 bytes total (1139941376 bytes free)\n",
			want: `3 file|disk0:/usr/.boot|16384
3 file permissions|disk0:/usr/.boot|drwx
3 file time|disk0:/usr/.boot|Mon Feb 28 22:16:31 2011
4 file|disk0:/usr/a b.txt|1245
4 file permissions|disk0:/usr/a b.txt|-rwx
4 file time|disk0:/usr/a b.txt|Tue Mar 1 10:00:00 2011
6 total space|disk0:|1644150784
6 free space|disk0:|1139941376
`,
		},
		{name: "a listing that was cut", command: "dir harddisk:", reply: "Directory of harddisk:\n74 drwxrwxrwx. 2  40", problem: "line 2: not a row"},

		{
			name: "the boot loader's variables of the classic system", command: "show variables boot",
			reply: "BOOT = disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm,1;\nCONFREG = 0x2102\nTURBOBOOT =\n",
			want: `1 boot variable|1|disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm
1 next boot variable|1|disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm
1 boot loader variable|BOOT|disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm,1;
2 next configuration register||0x2102
`,
		},
		{
			name: "the kernel's command line", command: "show variables boot", reply: "root=/dev/panini_vol_grp/xr_lv68 platform=asr9k quiet chassis_serial=FOC2107N0K5 prod=1\n",
			want: `1 boot loader variable|root|/dev/panini_vol_grp/xr_lv68
1 boot loader variable|platform|asr9k
1 boot loader variable|quiet|quiet
1 boot loader variable|chassis_serial|FOC2107N0K5
1 boot loader variable|prod|1
`,
		},
		{name: "a digest", command: "show md5 file /disk0:/x.vm", reply: md5Hex + "\n", want: "1 image digest|disk0:/x.vm|md5:" + md5Hex + "\n"},
	})
}

func TestXRRunningDirectory(t *testing.T) {
	for image, want := range map[string][]string{
		"": nil, "ncs5500-xr-7.3.2": {}, "disk0:x.vm": {}, "tftp://10.1.1.1/a/x.vm": {},
		"disk0:asr9k-os-mbi-5.3.3/0x100305/mbiasr9k-rsp3.vm": {"disk0:asr9k-os-mbi-5.3.3/0x100305"},
	} {
		got := xrRunningDirectory(facts.Set{Facts: []facts.Fact{{Kind: facts.RunningImage, Value: image}}})
		if !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%q lies in %#v, want %#v", image, got, want)
		}
	}
}
