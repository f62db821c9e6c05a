package cisco

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// readLines reads a reply as the platform would and puts each fact on a line: "3 running version||9.3(15)".
func readLines(t *testing.T, p collectors.Platform, command, text string) (string, error) {
	t.Helper()
	query, ok := p.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	found, err := query.Read(collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
	var lines strings.Builder
	for _, f := range found {
		fmt.Fprintf(&lines, "%d %s|%s|%s\n", f.Line, f.Kind, f.Subject, f.Value)
	}
	return lines.String(), err
}

// A reading is a row of a table of replies.
type reading struct {
	name, command, reply string
	want                 string // facts, one a line
	problem              string // part of the error; empty for none
}

func tryReadings(t *testing.T, p collectors.Platform, rows []reading) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := readLines(t, p, row.command, row.reply)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if message := fmt.Sprint(err); (row.problem == "") != (err == nil) || !strings.Contains(message, row.problem) {
				t.Errorf("problem %q, want %q", message, row.problem)
			}
		})
	}
}

func TestNXOSReaders(t *testing.T) {
	tryReadings(t, NXOS, []reading{
		{
			name: "a label in brackets, a host, a boot mode", command: "show version",
			reply: "Software\n  BIOS: version 01.11\n  NXOS: version 10.4(5) [Maintenance Release]\n  Host NXOS: version 10.4(5)\n" +
				"  NXOS image file is: bootflash:///nxos64-cs.10.4.5.M.bin\n  NXOS boot mode: LXC\nHardware\n  cisco Nexus9000 C93180YC-FX3 Chassis\n  Processor Board ID FLM27400B3D\n",
			want: `2 boot loader version|BIOS|01.11
4 component version|Host NXOS|10.4(5)
6 boot mode||LXC
8 model||Nexus9000 C93180YC-FX3 Chassis
9 serial number|processor board|FLM27400B3D
3 operating system||NX-OS
3 running version||10.4(5)
3 release type||Maintenance Release
5 running image||bootflash:///nxos64-cs.10.4.5.M.bin
`,
		},
		{
			name: "firmware of modules, some of them with one number twice", command: "show version",
			reply: "  Power Sequencer Firmware: \n             Module 1: v7.0\n             Module 1: v1.0\n  Microcontroller Firmware:        version v1.0.0.2\n" +
				"  QSFP Microcontroller Firmware:   \n             Module not detected\n  SFP uC:    Module 1: v1.0.0.0\n  kickstart: version 7.1(4)N1(1)\n  system:    version 7.1(4)N1(1)\n" +
				"  kickstart image file is: bootflash:///k.bin\n  system image file is:    bootflash:///s.bin\n  Processor Board ID FOC1\n",
			want: `2 boot loader version|Power Sequencer Firmware Module 1|v7.0
3 boot loader version|Power Sequencer Firmware Module 1 #2|v1.0
4 boot loader version|Microcontroller Firmware|v1.0.0.2
7 boot loader version|SFP uC Module 1|v1.0.0.0
12 serial number|processor board|FOC1
9 operating system||NX-OS
9 running version||7.1(4)N1(1)
11 running image||bootflash:///s.bin
8 component version|kickstart|7.1(4)N1(1)
10 running image|kickstart|bootflash:///k.bin
`,
		},
		{
			name: "two versions of one image", command: "show version",
			reply:   "  NXOS: version 9.3(10)\n  NXOS: version 9.3(13)\n  NXOS image file is: bootflash:///nxos.9.3.10.bin\n  Processor Board ID F1\n",
			want:    "4 serial number|processor board|F1\n1 operating system||NX-OS\n1 running version||9.3(10)\n3 running image||bootflash:///nxos.9.3.10.bin\n",
			problem: `NXOS in version "9.3(10)" and in version "9.3(13)"`,
		},
		{
			name: "cut before the image", command: "show version", reply: "  NXOS: version 9.3(10)\n",
			want: "1 operating system||NX-OS\n1 running version||9.3(10)\n", problem: "no image file",
		},
		{name: "empty", command: "show version", problem: "no software version"},
		{
			name: "JSON of one line, with one image under the kickstart's name", command: "show version",
			reply: `{"header_str": "Cisco Nexus\nOperating System", "bios_ver_str": "4.0.0", "kickstart_ver_str": "7.0(3)I4(7)", "kick_file_name": "bootflash:///nxos.7.0.3.I4.7.bin", ` +
				`"kick_cmpl_time": " 6/28/2017 14:00:00", "kick_tmstmp": "06/28/2017 23:53:29", "chassis_id": "Nexus 3048 Chassis", "proc_board_id": "F1", "host_name": "n1", ` +
				`"bootflash_size": 1848240, "kern_uptm_days": "50", "kern_uptm_hrs": 5, "kern_uptm_mins": 9, "kern_uptm_secs": 7, "rr_reason": "Unknown", "rr_sys_ver": "7.0(3)I4(7)", "rr_service": ""}` + "\n",
			want: `1 boot loader version|BIOS|4.0.0
1 model||Nexus 3048 Chassis
1 serial number|processor board|F1
1 hostname||n1
1 file system|bootflash:|flash
1 total space|bootflash:|1892597760
1 reload reason||Unknown
1 previous version||7.0(3)I4(7)
1 uptime||4338547
1 operating system||NX-OS
1 running version||7.0(3)I4(7)
1 running image||bootflash:///nxos.7.0.3.I4.7.bin
1 compile time||6/28/2017 14:00:00 [06/28/2017 23:53:29]
`,
		},
		{
			name: "JSON with a log message in it", command: "show version | json",
			reply: "{\n\"nxos_ver_str\": \"10.3(6)\",\n%ETHPORT-5-IF_DOWN: x\n\"nxos_file_name\": \"bootflash:///a.bin\",\n\"proc_board_id\": \"F1\"\n}\n",
			want:  "5 serial number|processor board|F1\n2 operating system||NX-OS\n2 running version||10.3(6)\n4 running image||bootflash:///a.bin\n",
		},
		{name: "JSON that was cut", command: "show version", reply: "{\"nxos_ver_str\": \"10.3(6)\",", problem: "JSON of the reply: unexpected EOF"},
		{name: "two JSON values", command: "show version", reply: "{\"nxos_ver_str\": \"10.3(6)\"}\n{\"nxos_ver_str\": \"10.3(7)\"}", problem: "something follows the end"},
		{name: "JSON that is too deep", command: "show version", reply: strings.Repeat("[", 100), problem: "more than 64 deep"},
		{
			name: "one leaf twice", command: "show version", reply: "{\"nxos_ver_str\": \"10.3(6)\", \"nxos_file_name\": \"b:a\", \"proc_board_id\": \"F\",\n \"nxos_ver_str\": \"9.3(6)\"}",
			want:    "1 serial number|processor board|F\n1 operating system||NX-OS\n1 running version||10.3(6)\n1 running image||b:a\n",
			problem: "line 2: a second nxos_ver_str",
		},
		{
			name: "XML of NX-API", command: "show version",
			reply: "<?xml version=\"1.0\"?>\n<ins_api><outputs><output><body>\n<nxos_ver_str>9.3(5)</nxos_ver_str>\n<nxos_file_name>bootflash:///nxos.9.3.5.bin</nxos_file_name>\n" +
				"<proc_board_id>F1</proc_board_id>\n</body><msg>Success</msg></output></outputs></ins_api>\n",
			want: "5 serial number|processor board|F1\n3 operating system||NX-OS\n3 running version||9.3(5)\n4 running image||bootflash:///nxos.9.3.5.bin\n",
		},

		{
			name: "names without quotes", command: "show inventory",
			reply: "NAME: \"Chassis\",  DESCR: \"Nexus9000 C9396PX Chassis\"\nPID: N9K-C9396PX         ,  VID: V02 ,  SN: SAL1819S6LU\n\nNAME: Ethernet1/46,  DESCR: CISCO-AVAGO\nPID: 10Gbase-SR          ,  VID: SFBR-709SMZ-CS1,  SN: AVD42309ABD\n",
			want: `1 component|Chassis|Nexus9000 C9396PX Chassis
2 model|Chassis|N9K-C9396PX
2 hardware version|Chassis|V02
2 serial number|Chassis|SAL1819S6LU
4 component|Ethernet1/46|CISCO-AVAGO
5 model|Ethernet1/46|10Gbase-SR
5 hardware version|Ethernet1/46|SFBR-709SMZ-CS1
5 serial number|Ethernet1/46|AVD42309ABD
2 model||N9K-C9396PX
2 serial number||SAL1819S6LU
`,
		},
		{
			name: "JSON of one part, with quotes around its name", command: "show inventory | json",
			reply: `{"TABLE_inv": {"ROW_inv": {"name": "\"Chassis\"", "desc": "\"Nexus\"", "productid": "N9K", "vendorid": "V01", "serialnum": "F1"}}}`,
			want: `1 component|Chassis|Nexus
1 model|Chassis|N9K
1 hardware version|Chassis|V01
1 serial number|Chassis|F1
1 model||N9K
1 serial number||F1
`,
		},
		{
			name: "a part without a name", command: "show inventory | json", reply: `{"ROW_inv": [{"productid": "N9K"}]}`,
			problem: "a part without a name",
		},

		{
			name: "a module that is off, a fabric module", command: "show module",
			reply: `Mod  Ports  Module-Type                         Model              Status
---  -----  ----------------------------------- ------------------ ----------
1    0      Supervisor Module-2                 N7K-SUP2           ha-standby
4    48     10/100/1000 Mbps Ethernet XL Module                    powered-dn

Mod  Power-Status  Reason
---  ------------  ---------------------------
4    powered-dn     Configured Power down

Xbar Ports  Module-Type                         Model              Status
---  -----  ----------------------------------- ------------------ ----------
1    0      Fabric Module 2                     N7K-C7009-FAB-2    ok

Xbar Sw               Hw
---  ---------------  ------
1    NA               1.1
`,
			want: `3 component|slot 1|Supervisor Module-2
3 model|slot 1|N7K-SUP2
3 component state|slot 1|ha-standby
3 component role|slot 1|ha-standby
4 component|slot 4|10/100/1000 Mbps Ethernet XL Module
4 component state|slot 4|powered-dn
12 component|xbar 1|Fabric Module 2
12 model|xbar 1|N7K-C7009-FAB-2
12 component state|xbar 1|ok
16 hardware version|xbar 1|1.1
`,
		},
		{
			name: "a row out of its columns", command: "show module",
			reply:   "Mod  Ports  Module-Type      Model              Status\n---  -----  ---------------- ------------------ ----------\n1    0      Supervisor Module-Two-And-More N7K-SUP2           active *\n",
			problem: "line 3: module:",
		},

		{
			name: "two supervisors and two images, one of them changed", command: "show boot",
			reply: `Current Boot Variables:

sup-1
kickstart variable = bootflash:/k1.bin
system variable = bootflash:/s1.bin
sup-2
kickstart variable = bootflash:/k1.bin
system variable = bootflash:/s1.bin
No module boot variable set

Boot Variables on next reload:

sup-1
kickstart variable = bootflash:/k1.bin
system variable = bootflash:/s1.bin
sup-2
kickstart variable = bootflash:/k0.bin
system variable not set
Boot POAP Enabled
No module boot variable set
`,
			want: `5 boot variable|sup-1 1|bootflash:/s1.bin
4 boot variable|sup-1 kickstart 1|bootflash:/k1.bin
8 boot variable|sup-2 1|bootflash:/s1.bin
7 boot variable|sup-2 kickstart 1|bootflash:/k1.bin
15 next boot variable|sup-1 1|bootflash:/s1.bin
14 next boot variable|sup-1 kickstart 1|bootflash:/k1.bin
19 boot setting|sup-2 poap|Enabled
18 boot setting|sup-2 next boot variable|does not exist
17 next boot variable|sup-2 kickstart 1|bootflash:/k0.bin
`,
		},
		{
			name: "one image, and what older releases needed", command: "show boot",
			reply: "Current Boot Variables:\n\nsup-1\nkickstart variable not set\nsystem variable not set\nNXOS variable = bootflash:/nxos.9.3.5.bin\nBoot POAP Disabled\n\n" +
				"Boot Variables on next reload:\n\nsup-1\nNXOS variable = bootflash:/nxos.9.3.5.bin;bootflash:/nxos.9.3.3.bin\nBoot POAP Disabled\nNo module boot variable set\n",
			want: `6 boot variable|sup-1 1|bootflash:/nxos.9.3.5.bin
13 boot setting|sup-1 poap|Disabled
12 next boot variable|sup-1 1|bootflash:/nxos.9.3.5.bin
12 next boot variable|sup-1 2|bootflash:/nxos.9.3.3.bin
`,
		},
		{
			name: "cut before the next reload", command: "show boot", reply: "Current Boot Variables:\n\nsup-1\nNXOS variable = bootflash:/nxos.9.3.5.bin\n",
			want: "4 boot variable|sup-1 1|bootflash:/nxos.9.3.5.bin\n", problem: "no next boot variable",
		},
		{
			name: "two values of one variable", command: "show boot", reply: "Current Boot Variables:\nNXOS variable = b:a\nNXOS variable = b:b\nBoot Variables on next reload:\nNXOS variable = b:a\nodd line\n",
			want: "2 boot variable|1|b:a\n5 next boot variable|1|b:a\n", problem: "a second NXOS variable",
		},

		{
			name: "active packages, one of them signed", command: "show install active",
			reply: "Boot Image:\n\tNXOS Image: bootflash:///nxos.9.3.5.bin\n\nActive Packages:\n\tnxos.CSCvj14078-n9k_ALL-1.0.0-9.3.5.lib32_n9000\n\tbgp-2.0.1.0-9.2.2.lib32_n9000  Signed\n",
			want: `5 package|nxos.CSCvj14078-n9k_ALL-1.0.0-9.3.5.lib32_n9000|1.0.0-9.3.5.lib32_n9000
6 package|bgp-2.0.1.0-9.2.2.lib32_n9000|2.0.1.0-9.2.2.lib32_n9000
`,
		},
		{name: "no active package", command: "show install active", reply: "Boot Image:\n\tNXOS Image: bootflash:///n.bin\n\nActive Packages:\n", want: "4 package state||none\n"},
		{name: "inactive ones", command: "show install inactive", reply: "Inactive Packages:\n  n7000-s2-dk9.8.2.3.CSCvh76561.bin\nInactive Base Packages:\n",
			want: "2 package|n7000-s2-dk9.8.2.3.CSCvh76561.bin|n7000-s2-dk9.8.2.3.CSCvh76561.bin\n2 package state|n7000-s2-dk9.8.2.3.CSCvh76561.bin|inactive\n"},
		{name: "committed ones", command: "show install committed", reply: "Committed Packages:\n  a-1.0.0\n", want: "2 committed package|a-1.0.0|1.0.0\n"},
		{name: "nothing committed", command: "show install committed", reply: "Boot Image:\n  NXOS Image: bootflash:/n.bin\n\nCommitted Packages:\n", want: "4 committed package||none\n"},
		{name: "an odd line among packages", command: "show install active", reply: "Active Packages:\n  two words here\n", problem: "line 2: not a package"},
		{name: "no list", command: "show install active", reply: "something else\n", problem: "not a package"},

		{
			name: "a listing of a directory", command: "dir bootflash:/scripts/",
			reply: "       2210    Oct  2 09:12:40 2023  interface report.py\n       4096    Oct  2 09:12:40 2023  old/\n\nUsage for bootflash://sup-local\n  12 bytes used\n  34 bytes free\n  46 bytes total\n",
			want: `1 file|bootflash:/scripts/interface report.py|2210
1 file time|bootflash:/scripts/interface report.py|Oct 2 09:12:40 2023
2 file|bootflash:/scripts/old/|4096
2 file time|bootflash:/scripts/old/|Oct 2 09:12:40 2023
6 free space|bootflash:|34
7 total space|bootflash:|46
`,
		},
		{
			name: "the other supervisor's flash is another one", command: "dir bootflash://sup-2/", reply: "  5    Oct  2 09:12:40 2023  x\nUsage for bootflash://sup-2\n  34 bytes free\n",
			want: "1 file|bootflash://sup-2/x|5\n1 file time|bootflash://sup-2/x|Oct 2 09:12:40 2023\n3 free space|bootflash://sup-2/|34\n",
		},
		{name: "a listing that was cut", command: "dir bootflash:", reply: "  5    Oct  2 09:12:40 2023  x\n  6    Oct  2", want: "1 file|bootflash:/x|5\n1 file time|bootflash:/x|Oct 2 09:12:40 2023\n", problem: "line 2: not a row"},

		{name: "a digest", command: "show file bootflash:/x.bin sha512sum", reply: sha512Hex + "\n", want: "1 image digest|bootflash:/x.bin|sha512:" + sha512Hex + "\n"},
		{name: "a digest with its file", command: "show file bootflash:/x.bin md5sum", reply: md5Hex + "  /bootflash/x.bin\n", want: "1 image digest|bootflash:/x.bin|md5:" + md5Hex + "\n"},
		{name: "a digest behind its file", command: "show file bootflash:/x.bin md5sum", reply: "\nbootflash:/x.bin " + md5Hex + "\n", want: "2 image digest|bootflash:/x.bin|md5:" + md5Hex + "\n"},
		{name: "a wrapped digest", command: "show file bootflash:/x.bin sha512sum", reply: sha512Hex[:80] + "\n" + sha512Hex[80:] + "\n", want: "1 image digest|bootflash:/x.bin|sha512:" + sha512Hex + "\n"},
		{name: "two digests", command: "show file bootflash:/x.bin md5sum", reply: md5Hex + "\n" + md5Hex + "\n", problem: "a second digest"},
		{name: "a digest of another algorithm", command: "show file bootflash:/x.bin sha256sum", reply: md5Hex + "\n", problem: "32 digits are no sha256 digest"},
		{name: "words in place of a digest", command: "show file bootflash:/x.bin md5sum", reply: "hello world\n", problem: "no digest"},

		{
			name: "a standby supervisor", command: "show redundancy status",
			reply: "Redundancy mode\n      administrative:   HA\n         operational:   HA\nThis supervisor (sup-1)\n    Redundancy state:   Active\n      Internal state:   Active with HA standby\nOther supervisor (sup-2)\n    Redundancy state:   Standby\n\n      Internal state:   HA standby\n",
			want: `2 redundancy|administrative mode|HA
3 redundancy|operating mode|HA
5 component role|sup-1|Active
6 component state|sup-1|Active with HA standby
8 component role|sup-2|Standby
10 component state|sup-2|HA standby
`,
		},
	})
}

func TestNXOSArguments(t *testing.T) {
	set := facts.Set{Facts: []facts.Fact{
		{Kind: facts.RunningImage, Value: "bootflash:///s.bin"}, {Kind: facts.RunningImage, Subject: "kickstart", Value: "bootflash:///k.bin"},
		{Kind: facts.BootVariable, Subject: "sup-1 1", Value: "bootflash:/s.bin"}, {Kind: facts.BootVariable, Subject: "sup-2 kickstart 1", Value: "bootflash:/k.bin"},
		{Kind: facts.NextBootVariable, Subject: "sup-1 1", Value: "tftp://10.1.1.1/x.bin"},
		{Kind: facts.ComponentRole, Subject: "sup-1", Value: "Active"}, {Kind: facts.ComponentRole, Subject: "sup-2", Value: "Standby"},
		{Kind: facts.FileSystem, Subject: "bootflash:", Value: "flash"}, {Kind: facts.FileSystem, Subject: "slot0:", Value: "expansion flash, no medium"},
		{Kind: facts.File, Subject: "bootflash:/scripts/"}, {Kind: facts.File, Subject: "bootflash:/s.bin"},
	}}
	for what, c := range map[string]struct{ got, want []string }{
		"bootable":     {nxosBootable(set), []string{"bootflash:///s.bin", "bootflash:///k.bin", "bootflash://sup-2/k.bin"}},
		"file systems": {nxosFileSystems(set), []string{"bootflash:", "bootflash://sup-2/"}},
		"directories":  {nxosDirectories(set), []string{"bootflash:/scripts/"}},
		"nothing":      {nxosDirectories(facts.Set{}), nil},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

func TestNXOSVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"bootflash:///nxos.9.3.15.bin":                           "9.3(15)",
		"bootflash:/nxos.7.0.3.I4.3.bin":                         "7.0(3)I4(3)",
		"bootflash:///nxos64-cs.10.4.5.M.bin":                    "10.4(5)",
		"bootflash:nxos64-msll.10.3.1.F.bin":                     "10.3(1)",
		"bootflash:///n5000-uk9-kickstart.7.1.4.N1.1.bin":        "7.1(4)N1(1)",
		"bootflash:///n9000-dk9.6.1.2.I3.1.bin":                  "6.1(2)I3(1)",
		"bootflash:///n3000-uk9.6.0.2.U6.5b.bin":                 "6.0(2)U6(5b)",
		"bootflash://sup-2/n7000-s2-dk9.8.4.6.bin":               "8.4(6)",
		"aci-n9000-dk9.14.0.1h.bin":                              "14.0(1h)",
		"bootflash:/n9000-epld.9.3.10.img":                       "9.3(10)",
		"bootflash:///titanium-d1.7.3.1.D1.0.10.bin":             "",
		"nxos.CSCvj14078-n9k_ALL-1.0.0-7.0.3.I7.3.lib32_n9k.rpm": "",
		"bootflash:/nxos.bin":                                    "",
		"bootflash:/backup.9.3.15.cfg":                           "",
	} {
		if got, ok := nxosVersionInName(path); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
}
