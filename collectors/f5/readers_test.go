package f5

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// fact is one expected fact, short enough for a table.
type fact struct {
	Kind           facts.Kind
	Subject, Value string
	Line           int
}

// read reads a reply as a visit would, contradictions and refusals included. The second result is the gap's reason and detail.
func read(t *testing.T, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := TMOS.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	set := TMOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: text})
	var short []fact
	for _, f := range set.Facts {
		short = append(short, fact{f.Kind, f.Subject, f.Value, f.Line})
	}
	var problems []string
	for _, g := range set.Gaps {
		problems = append(problems, string(g.Reason)+": "+g.Detail)
	}
	return short, strings.Join(problems, "\n")
}

const (
	md5Hex = "3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7"
	iso    = "/shared/images/BIGIP-16.1.3.3-0.0.3.iso"

	statusTop = "\n--------------------------------------------------\nSys::Software Status\nVolume  Product   Version  Build  Active    Status\n--------------------------------------------------\n"
)

func TestReaders(t *testing.T) {
	sha512Hex, sha256Hex := strings.Repeat(md5Hex, 4), strings.Repeat(md5Hex, 2)
	for _, test := range []struct {
		name, command, reply string
		want                 []fact
		problem              string // part of the gap's reason and detail; empty for none
	}{
		{
			name: "a hotfix of old with the bugs that it fixes, over two lines", command: "show sys version",
			reply: "\nSys::Version\nMain Package\n  Product  BIG-IP\n  Version  11.6.0\n  Build    6.204.442\n  Edition  Hotfix HF6\n  Date     Thu Oct 22 14:53:28 PDT 2015\n\nHotfix List\nID411742-2  ID442535-1\n446547\n\n",
			want: []fact{
				{facts.OperatingSystem, "", "BIG-IP", 4}, {facts.RunningVersion, "", "11.6.0", 5}, {facts.BuildID, "", "6.204.442", 6},
				{facts.ComponentVersion, "BIG-IP", "11.6.0 Build 6.204.442", 6}, {facts.ReleaseType, "", "Hotfix HF6", 7},
				{facts.Package, "Hotfix HF6", "11.6.0 Build 6.204.442", 7}, {facts.PackageState, "Hotfix HF6", "activated and committed", 7},
				{facts.CompileTime, "", "Thu Oct 22 14:53:28 PDT 2015", 8},
			},
		},
		{
			name: "no hotfix", command: "tmsh -q show sys version", reply: "Sys::Version\nMain Package\n  Product     BIG-IP\n  Version     17.1.1\n  Build       0.0.4\n  Edition     Final\n",
			want: []fact{
				{facts.OperatingSystem, "", "BIG-IP", 3}, {facts.RunningVersion, "", "17.1.1", 4}, {facts.BuildID, "", "0.0.4", 5},
				{facts.ComponentVersion, "BIG-IP", "17.1.1 Build 0.0.4", 5}, {facts.ReleaseType, "", "Final", 6},
			},
		},
		{
			name: "no build", command: "show sys version", reply: "Sys::Version\nMain Package\n  Version     17.1.1\n  Edition     Hotfix HF1\n",
			want: []fact{{facts.RunningVersion, "", "17.1.1", 3}, {facts.ReleaseType, "", "Hotfix HF1", 4}}, problem: "no build id",
		},
		{
			name: "two main packages of two versions", command: "show sys version", reply: "Sys::Version\nMain Package\n  Version     17.1.1\n  Build       0.0.4\nSys::Version\nMain Package\n  Version     17.1.0\n  Build       0.0.4\n",
			want: []fact{
				{facts.RunningVersion, "", "17.1.1", 3}, {facts.BuildID, "", "0.0.4", 4}, {facts.RunningVersion, "", "17.1.0", 7}, {facts.BuildID, "", "0.0.4", 8},
			},
			problem: "two values for running version",
		},
		{name: "empty", command: "show sys version", reply: "", problem: "no running version"},

		{
			name: "empty volumes, one that is being installed", command: "show sys software status",
			reply: statusTop + "HD1.1    BIG-IP  16.1.3.3  0.0.3     yes  complete\nHD1.2    BIG-IP    15.1.8  0.0.7      no  installing 34.000 pct\nHD1.3      none      none   none      no  complete\nHD1.4                                 no  complete\n\n",
			want: []fact{
				{facts.Partition, "HD1.1", "16.1.3.3 Build 0.0.3", 6}, {facts.PartitionState, "HD1.1", "complete", 6}, {facts.RunningImage, "", "HD1.1", 6}, {facts.BootVariable, "1", "HD1.1", 6},
				{facts.Partition, "HD1.2", "15.1.8 Build 0.0.7", 7}, {facts.PartitionState, "HD1.2", "installing 34.000 pct", 7},
				{facts.PartitionState, "HD1.3", "complete", 8}, {facts.PartitionState, "HD1.4", "complete", 9},
			},
		},
		{
			name: "blades, one on another volume", command: "show sys software status",
			reply: "Sys::Software Status\nVolume  Slot  Product  Version    Build  Active    Status\n-------\nHD1.1      1   BIG-IP   12.1.2  0.0.249     yes  complete\nHD1.2      3   BIG-IP   12.1.2  1.0.271     yes  failed (disk full)\n",
			want: []fact{
				{facts.Partition, "slot 1 HD1.1", "12.1.2 Build 0.0.249", 4}, {facts.PartitionState, "slot 1 HD1.1", "complete", 4}, {facts.RunningImage, "slot 1", "slot 1 HD1.1", 4},
				{facts.BootVariable, "slot 1 1", "slot 1 HD1.1", 4}, {facts.ComponentVersion, "slot 1", "12.1.2 Build 0.0.249", 4},
				{facts.Partition, "slot 3 HD1.2", "12.1.2 Build 1.0.271", 5}, {facts.PartitionState, "slot 3 HD1.2", "failed (disk full)", 5}, {facts.RunningImage, "slot 3", "slot 3 HD1.2", 5},
				{facts.BootVariable, "slot 3 1", "slot 3 HD1.2", 5}, {facts.ComponentVersion, "slot 3", "12.1.2 Build 1.0.271", 5},
			},
		},
		{
			name: "with the column of allowed versions", command: "show sys software status",
			reply: "Volume  Product   Version  Build  Active    Status  Allowed Version\n----\nMD1.1    BIG-IP    17.1.1  0.0.4     yes  complete  yes\n",
			want: []fact{
				{facts.Partition, "MD1.1", "17.1.1 Build 0.0.4", 3}, {facts.PartitionState, "MD1.1", "complete", 3}, {facts.RunningImage, "", "MD1.1", 3}, {facts.BootVariable, "1", "MD1.1", 3},
			},
		},
		{
			name: "two active volumes and rows that are none", command: "show sys software status",
			reply: statusTop + "HD1.1    BIG-IP  16.1.3.3  0.0.3     yes  complete\nHD1.2    BIG-IP  16.1.3.3  0.0.3     yes  complete\nHD1.3    BIG-IP  16.1.3.3  yes complete\nx BIG-IP 1 2 yes complete\nHD1.4 yes\n",
			want: []fact{
				{facts.Partition, "HD1.1", "16.1.3.3 Build 0.0.3", 6}, {facts.PartitionState, "HD1.1", "complete", 6}, {facts.RunningImage, "", "HD1.1", 6}, {facts.BootVariable, "1", "HD1.1", 6},
				{facts.Partition, "HD1.2", "16.1.3.3 Build 0.0.3", 7}, {facts.PartitionState, "HD1.2", "complete", 7},
			},
			problem: "two active volumes",
		},
		{
			name: "no active volume", command: "show sys software status", reply: statusTop + "HD1.1    BIG-IP  16.1.3.3  0.0.3     no  complete\n",
			want: []fact{{facts.Partition, "HD1.1", "16.1.3.3 Build 0.0.3", 6}, {facts.PartitionState, "HD1.1", "complete", 6}}, problem: "no active volume",
		},
		{name: "no volume", command: "show sys software status", reply: statusTop, problem: "no volume"},

		{
			name: "another volume boots next", command: "list sys software volume",
			reply: "sys software volume HD1.1 {\n    active\n    basebuild 0.0.3\n    build 0.97.2\n    media {\n        HD1.1 {\n            media hd\n            size default\n        }\n    }\n    product BIG-IP\n    status complete\n    version 16.1.3.3\n}\n" +
				"sys software volume HD1.2 {\n    build 0.0.7\n    media {\n        HD1.2 {\n            default-boot-location\n            media hd\n        }\n    }\n    status \"installing 34.000 pct\"\n    version 15.1.8\n}\n",
			want: []fact{
				{facts.Partition, "HD1.1", "16.1.3.3 Build 0.97.2", 13}, {facts.PartitionState, "HD1.1", "complete", 12}, {facts.BootVariable, "1", "HD1.1", 2},
				{facts.BuildID, "basebuild", "0.0.3", 3}, {facts.Partition, "HD1.2", "15.1.8 Build 0.0.7", 24}, {facts.PartitionState, "HD1.2", "installing 34.000 pct", 23}, {facts.NextBootVariable, "1", "HD1.2", 19},
			},
		},
		{
			name: "each object in one line", command: "tmsh -q list sys software volume",
			reply: "sys software volume HD1.1 { active basebuild 0.0.3 build 0.0.3 media { HD1.1 { default-boot-location media hd size default } } product BIG-IP status complete version 16.1.3.3 }\n" +
				"sys software volume HD1.2 { build none media { HD1.2 { media hd size default } } product none status complete version none }\n",
			want: []fact{
				{facts.Partition, "HD1.1", "16.1.3.3 Build 0.0.3", 1}, {facts.PartitionState, "HD1.1", "complete", 1}, {facts.BootVariable, "1", "HD1.1", 1},
				{facts.BuildID, "basebuild", "0.0.3", 1}, {facts.NextBootVariable, "1", "HD1.1", 1}, {facts.PartitionState, "HD1.2", "complete", 2},
			},
		},
		{
			name: "flags with values, on blades", command: "list sys software volume",
			reply: "sys software volume HD1.1/2 {\n    active yes\n    build 0.0.3\n    media {\n        HD1.1/2 {\n            default-boot-location yes\n        }\n    }\n    status complete\n    version 16.1.3.3\n}\n" +
				"sys software volume HD1.2/2 {\n    active no\n    build 0.0.3\n    media {\n        HD1.2/2 {\n            default-boot-location no\n        }\n    }\n    status complete\n    version 16.1.3.3\n}\n",
			want: []fact{
				{facts.Partition, "slot 2 HD1.1", "16.1.3.3 Build 0.0.3", 10}, {facts.PartitionState, "slot 2 HD1.1", "complete", 9},
				{facts.BootVariable, "slot 2 1", "slot 2 HD1.1", 2}, {facts.NextBootVariable, "slot 2 1", "slot 2 HD1.1", 6},
				{facts.Partition, "slot 2 HD1.2", "16.1.3.3 Build 0.0.3", 21}, {facts.PartitionState, "slot 2 HD1.2", "complete", 20},
			},
		},
		{
			name: "two default boot locations", command: "list sys software volume",
			reply: "sys software volume A { media { A { default-boot-location } } }\nsys software volume B { media { B { default-boot-location } } }\n",
			want:  []fact{{facts.NextBootVariable, "1", "A", 1}}, problem: "two volumes that are the next boot variable",
		},
		{
			name: "no default boot location", command: "list sys software volume", reply: "sys software volume A {\n    active\n}\n",
			want: []fact{{facts.BootVariable, "1", "A", 2}}, problem: "no volume has the default boot location",
		},
		{
			name: "cut within an object", command: "list sys software volume", reply: "sys software volume A {\n    media {\n        A {\n            default-boot-location\n        }\n    }\n}\nsys software volume B {\n    active\n",
			want: []fact{{facts.NextBootVariable, "1", "A", 4}}, problem: "the reply ends within an object",
		},
		{name: "no volume in the list", command: "list sys software volume", reply: "", problem: "no volume"},
		{name: "something else", command: "list sys software volume", reply: "sys software image A { }\nsys {\n}\n", problem: "not a volume"},

		{
			name: "an image that is verified and one that is not", command: "list sys software image",
			reply: "sys software image BIGIP-16.1.3.3-0.0.3.iso {\n    build 0.0.3\n    build-date \"Thu Nov  3 21 14 47 PDT 2022\"\n    checksum 3E1B2F0C6A7D4E5F8091A2B3C4D5E6F7\n    file-size \"2432 MB\"\n    product BIG-IP\n    verified yes\n    version 16.1.3.3\n}\n" +
				"sys software image x.iso {\n    checksum none\n    verified no\n    version 16.1.4\n}\n",
			want: []fact{
				{facts.Package, "BIGIP-16.1.3.3-0.0.3.iso", "16.1.3.3 Build 0.0.3", 8}, {facts.PackageState, "BIGIP-16.1.3.3-0.0.3.iso", "inactive", 1},
				{facts.ImageDigest, iso, "md5:" + md5Hex, 4}, {facts.Signature, iso, "verified", 7},
				{facts.Package, "x.iso", "16.1.4", 13}, {facts.PackageState, "x.iso", "inactive", 10}, {facts.Signature, "/shared/images/x.iso", "failed", 12},
			},
		},
		{
			name: "hotfixes on blades, in one line", command: "list sys software hotfix",
			reply: "sys software hotfix Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso/1 { build 1.0.271 checksum " + md5Hex + " id HF1 title \"Hotfix Version 1.0.271\" verified yes version 12.1.2 }\n",
			want: []fact{
				{facts.Package, "slot 1 Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso", "12.1.2 Build 1.0.271", 1}, {facts.PackageState, "slot 1 Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso", "inactive", 1},
				{facts.ImageDigest, "/shared/images/Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso", "md5:" + md5Hex, 1}, {facts.Signature, "/shared/images/Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso", "verified", 1},
			},
		},
		{
			name: "properties of another form", command: "list sys software image", reply: "sys software image x.iso {\n    checksum 12\n    verified maybe\n    version 16.1.4\n}\nsys software image y.iso {\n}\n",
			want: []fact{{facts.Package, "x.iso", "16.1.4", 4}, {facts.PackageState, "x.iso", "inactive", 1}}, problem: "neither verified nor not",
		},
		{
			name: "two checksums of one image on two blades", command: "list sys software image",
			reply: "sys software image x.iso/1 { checksum " + md5Hex + " version 1.2.3 }\nsys software image x.iso/2 { checksum " + strings.Repeat("0", 32) + " version 1.2.3 }\n",
			want: []fact{
				{facts.Package, "slot 1 x.iso", "1.2.3", 1}, {facts.PackageState, "slot 1 x.iso", "inactive", 1}, {facts.ImageDigest, "/shared/images/x.iso", "md5:" + md5Hex, 1},
				{facts.Package, "slot 2 x.iso", "1.2.3", 2}, {facts.PackageState, "slot 2 x.iso", "inactive", 2}, {facts.ImageDigest, "/shared/images/x.iso", "md5:" + strings.Repeat("0", 32), 2},
			},
			problem: "two values for image digest",
		},
		{name: "no hotfix is stored", command: "list sys software hotfix", reply: ""},

		{
			name: "itself and its peer", command: "list cm device",
			reply: "cm device lb1 {\n    active-modules { \"LTM, Base|{}|x\" }\n    base-mac f4:15:63:a1:b2:00\n    build 0.0.3\n    chassis-id f5-a\n    comment \"a \\\"quoted\\\"\nname\"\n    hostname lb1.example.com\n    marketing-name \"BIG-IP i4800\"\n    platform-id C115\n" +
				"    self-device true\n    unicast-address {\n        {\n            ip 10.0.0.1\n            hostname x\n        }\n    }\n    version 16.1.3.3\n}\ncm device lb2 {\n    build none\n    failover-state standby\n    hostname lb2.example.com\n    version 16.1.3.3\n}\n",
			want: []fact{
				{facts.ComponentVersion, "lb1", "16.1.3.3 Build 0.0.3", 18}, {facts.BaseMAC, "lb1", "f4:15:63:a1:b2:00", 3}, {facts.SerialNumber, "lb1", "f5-a", 5},
				{facts.Hostname, "lb1", "lb1.example.com", 8}, {facts.Hostname, "", "lb1.example.com", 8}, {facts.Model, "lb1", "BIG-IP i4800", 9}, {facts.HardwareVersion, "lb1", "C115", 10},
				{facts.ComponentRole, "lb2", "standby", 22}, {facts.Hostname, "lb2", "lb2.example.com", 23},
			},
		},
		{
			name: "nobody is the device itself", command: "list cm device", reply: "cm device lb2 { hostname lb2.example.com self-device false }\nltm x {\n}\n",
			want: []fact{{facts.Hostname, "lb2", "lb2.example.com", 1}}, problem: "not a device",
		},

		{
			name: "a virtual machine", command: "show sys hardware",
			reply: "\nSys::Hardware\nHardware Version Information\n  Name        HD1\n  Type        physical-disk\n  Model       Virtual disk\n  Parameters  --               --\n              Serial Number    6000c29\n              Firmware Version 2.0\n\n" +
				"Platform\n  Name           BIG-IP Virtual Edition\n  BIOS Revision\n  Base MAC       00:50:56:a1:b2:c3\n\nSystem Information\n  Type                       Z100\n  Chassis Serial             4225ff30-af63-e4c6-d8d2b9a2b2c1\n  Level 200/400 Part\n  Switchboard Serial\n",
			want: []fact{
				{facts.Component, "HD1", "Virtual disk", 6}, {facts.SerialNumber, "HD1", "6000c29", 8}, {facts.Model, "", "BIG-IP Virtual Edition", 12},
				{facts.BaseMAC, "", "00:50:56:a1:b2:c3", 14}, {facts.HardwareVersion, "", "Z100", 17}, {facts.SerialNumber, "", "4225ff30-af63-e4c6-d8d2b9a2b2c1", 18},
			},
		},
		{
			name: "blades that are told apart", command: "show sys hardware",
			reply: "Sys::Hardware: Slot 1\nPlatform\n  Name           VIPRION B2100\n  BIOS Revision  F5 Platform: A109\nSystem Information\n  Host Board Serial  bld400777s\n  Switchboard Part Revision  400-0001 REV C\n\nSlot: 2\nPlatform\n  Name           VIPRION B2150\nSystem Information\n  Chassis Serial  chs1\n",
			want: []fact{
				{facts.Model, "slot 1", "VIPRION B2100", 3}, {facts.BootLoaderVersion, "slot 1 BIOS", "F5 Platform: A109", 4}, {facts.SerialNumber, "slot 1 host board", "bld400777s", 6},
				{facts.HardwareVersion, "slot 1 switchboard", "400-0001 REV C", 7}, {facts.Model, "slot 2", "VIPRION B2150", 11}, {facts.SerialNumber, "slot 2", "chs1", 13},
			},
		},
		{
			name: "blades that are not told apart", command: "show sys hardware", reply: "Platform\n  Name           VIPRION B2100\nPlatform\n  Name           VIPRION B2150\n",
			want: []fact{{facts.Model, "", "VIPRION B2100", 2}, {facts.Model, "", "VIPRION B2150", 4}}, problem: "two values for model",
		},
		{name: "no platform", command: "show sys hardware", reply: "Sys::Hardware\n", problem: "no platform"},

		{name: "up for days", command: "uptime", reply: " 10:25:41 up 36 days, 22:20,  1 user,  load average: 0.21, 0.20, 0.15\n", want: []fact{{facts.Uptime, "", "3190800", 1}}},
		{name: "up for hours", command: "uptime", reply: " 10:25:41 up  7:03,  2 users,  load average: 0.21, 0.20, 0.15\n", want: []fact{{facts.Uptime, "", "25380", 1}}},
		{name: "up for minutes", command: "uptime", reply: " 10:25:41 up 3 min,  1 user,  load average: 0.21, 0.20, 0.15\n", want: []fact{{facts.Uptime, "", "180", 1}}},
		{name: "up for a day and minutes", command: "uptime", reply: " 10:25:41 up 1 day, 5 min,  1 user,  load average: 0.21\n", want: []fact{{facts.Uptime, "", "86700", 1}}},
		{name: "no uptime", command: "uptime", reply: " 10:25:41 up for ever\n", problem: "no uptime"},
		{
			name: "the last boot of several", command: "last reboot",
			reply: "reboot   system boot  3.10.0-862.14.4. Sun Oct 18 03:54 - 02:15 (36+22:20)    \nreboot   system boot  3.10.0-862.14.4. Tue Jan 24 22:10 - 03:50 (266+04:40)   \n\nwtmp begins Tue Dec 20 10:02:11 2022\n",
			want:  []fact{{facts.BootTime, "", "Sun Oct 18 03:54", 1}},
		},
		{name: "no boot", command: "last reboot", reply: "\nwtmp begins Tue Dec 20 10:02:11 2022\n", problem: "no boot"},
		{name: "the system's integrity", command: "tpm-status", reply: "System Integrity Status: Invalid\n", want: []fact{{facts.IntegrityCheck, "system integrity", "Invalid", 1}}},
		{name: "no trust anchor", command: "tpm-status", reply: "TPM not present\n", problem: "no status"},

		{
			name: "files, a link, a directory, a name that would be a line", command: listing,
			reply: "/shared/images/:\ntotal 4943232\n-rw-r--r--. 1 root root 2532311040 2022-12-20 10:15:11.482000000 -0800 BIGIP-16.1.3.3-0.0.3.iso\nlrwxrwxrwx  1 root root 11 2022-12-20 10:15:11.000000000 -0800 l.iso -> /etc/passwd\n" +
				"-rw-r--r--  1 root root 5 2022-12-20 10:15:11.000000000 -0800 a\\n-rw-r--r--\\ 1\\ x.iso\ndrwxr-xr-x  2 root root 4096 2022-12-20 10:15:11.000000000 -0800 sub\\ dir\n\n/shared/images/sub\\ dir:\ntotal 0\n-rw-r--r-- 1 root root 7 2022-12-20 10:15:11 -0800 y\n",
			want: []fact{
				{facts.FilePermissions, iso, "-rw-r--r--", 3}, {facts.File, iso, "2532311040", 3}, {facts.FileTime, iso, "2022-12-20 10:15:11.482000000 -0800", 3},
				{facts.FilePermissions, "/shared/images/l.iso", "lrwxrwxrwx", 4}, {facts.File, "/shared/images/l.iso", "11", 4}, {facts.FileTime, "/shared/images/l.iso", "2022-12-20 10:15:11.000000000 -0800", 4},
				{facts.FilePermissions, `/shared/images/a\n-rw-r--r--\ 1\ x.iso`, "-rw-r--r--", 5}, {facts.File, `/shared/images/a\n-rw-r--r--\ 1\ x.iso`, "5", 5}, {facts.FileTime, `/shared/images/a\n-rw-r--r--\ 1\ x.iso`, "2022-12-20 10:15:11.000000000 -0800", 5},
				{facts.FilePermissions, `/shared/images/sub\ dir`, "drwxr-xr-x", 6},
				{facts.FilePermissions, `/shared/images/sub\ dir/y`, "-rw-r--r--", 10}, {facts.File, `/shared/images/sub\ dir/y`, "7", 10}, {facts.FileTime, `/shared/images/sub\ dir/y`, "2022-12-20 10:15:11 -0800", 10},
			},
		},
		{name: "an empty directory", command: listing, reply: "/shared/images/:\ntotal 0\n"},
		{name: "no directory", command: listing, reply: "-rw-r--r-- 1 root root 7 2022-12-20 10:15:11 -0800 y\n", problem: "not a file"},

		{name: "the strongest digest", command: "sha512sum " + iso, reply: sha512Hex + "  " + iso + "\n", want: []fact{{facts.ImageDigest, iso, "sha512:" + sha512Hex, 1}}},
		{name: "a weaker one", command: "sha256sum " + iso, reply: sha256Hex + " *" + iso + "\n", want: []fact{{facts.ImageDigest, iso, "sha256:" + sha256Hex, 1}}},
		{name: "the weakest", command: "md5sum " + iso, reply: md5Hex + "  " + iso + "\n", want: []fact{{facts.ImageDigest, iso, "md5:" + md5Hex, 1}}},
		{name: "a digest of another length", command: "sha512sum " + iso, reply: sha256Hex + "  " + iso + "\n", problem: "not a digest"},
		{name: "a digest of another file", command: "md5sum " + iso, reply: md5Hex + "  /shared/images/other.iso\n", problem: "the digest of another file"},

		{name: "tmsh alone", command: "uptime", reply: "Syntax Error: unexpected argument \"uptime\"\n", problem: "unsupported-command: Syntax Error"},
		{name: "bash alone", command: "show sys version", reply: "bash: show: command not found\n", problem: "unsupported-command: bash: show: command not found"},
		{name: "no such file", command: "md5sum " + iso, reply: "md5sum: " + iso + ": No such file or directory\n", problem: "unsupported-command"},
		{name: "not for this file", command: "md5sum " + iso, reply: "md5sum: " + iso + ": Permission denied\n", problem: "no-privilege"},
		{name: "not for this account", command: "list sys software volume", reply: "01070822:3: Access Denied: User (jane) may not list volumes\n", problem: "no-privilege"},
		{name: "an error of mcpd", command: "list sys software volume", reply: "01020036:3: The requested folder (/x) was not found.\n", problem: "unsupported-command"},
		{name: "mcpd is away", command: "list sys software volume", reply: "The connection to mcpd has been lost, try again.\n", problem: "timeout"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, problem := read(t, test.command, test.reply)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if test.problem == "" && problem != "" || !strings.Contains(problem, test.problem) {
				t.Errorf("problem %q, want %q", problem, test.problem)
			}
		})
	}
}

// TestObjects takes the grammar of tmsh's lists apart, where it is sound and where it is not.
func TestObjects(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // "line path = value"
		problem    string
	}{
		{"nested", "a b c {\n  d e f\n  g {\n    h i\n    j\n  }\n}\n", []string{"2 d = e f", "4 g/h = i", "5 g/j = "}, ""},
		{"one line", "a b { active d e g { h i } j \"k l\" }\n", []string{"1 active = ", "1 d = e", "1 g/h = i", "1 j = k l"}, ""},
		{"quotes with braces and line ends", "a {\n  b \"c } {\n\\\"d\\\"\"\n}\n", []string{"2 b = c } {\n\"d\""}, ""},
		{"a group without a name", "a {\n  b {\n    {\n      c d\n    }\n  }\n}\n", []string{"4 b//c = d"}, ""},
		{"empty", "a { }\n", nil, ""},
		{"not closed", "a {\n  b c\n", nil, "ends within an object"},
		{"a brace too many", "a { }\n}\n", nil, "not an object"},
		{"no brace", "a b\n", nil, "an object without its braces"},
		{"a brace alone", "{ a b }\n", nil, "an object without its braces"},
		{"words over two lines", "a\nb { }\n", nil, "not an object"},
		{"an open quote", "a { b \"c\n", nil, "a quote that is not closed"},
		{"too deep", strings.Repeat("a { ", 20) + strings.Repeat("} ", 20), nil, "deep"},
		{"a name too long", "a {\n" + strings.Repeat("b", 300) + " c\n}\n", nil, "a name of 300 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects, err := readObjects(collectors.Reply{Text: test.text})
			var got []string
			for _, o := range objects {
				for _, p := range o.properties {
					got = append(got, strconv.Itoa(p.line)+" "+strings.Join(p.path, "/")+" = "+p.value)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("%v, want %q", err, test.problem)
			}
		})
	}
}

// TestImageFiles holds what is hashed: what lies in the repository, by either name for it, once.
func TestImageFiles(t *testing.T) {
	file := func(path string) facts.Fact { return facts.Fact{Kind: facts.File, Subject: path} }
	for name, test := range map[string]struct {
		set  facts.Set
		want []string
		none bool // that there is nothing is known
	}{
		"nothing was listed": {},
		"it is empty":        {set: facts.Set{Answers: []facts.Answer{{Command: listing}}}, none: true},
		"it was refused":     {set: facts.Set{Answers: []facts.Answer{{Command: listing, Reason: facts.UnsupportedCommand}}}},
		"files":              {set: facts.Set{Facts: []facts.Fact{file(iso), file("/shared/images/readme"), file("/other/x.iso"), {Kind: facts.ImageDigest, Subject: iso}}}, want: []string{iso}},
		"named by tmsh":      {set: facts.Set{Facts: []facts.Fact{{Kind: facts.ImageDigest, Subject: iso}}}, want: []string{iso}},
	} {
		got := imageFiles(test.set)
		if !slices.Equal(got, test.want) || (got != nil) != (test.want != nil || test.none) {
			t.Errorf("%s: %#v", name, got)
		}
	}
}

func TestVersionInName(t *testing.T) {
	for name, want := range map[string]string{
		iso: "16.1.3.3 Build 0.0.3", "BIGIP-12.1.2.0.0.249.iso": "12.1.2 Build 0.0.249", "BIGIP-15.1.0-0.0.31.iso": "15.1.0 Build 0.0.31",
		"Hotfix-BIGIP-16.1.3.3.0.97.2-ENG.iso": "16.1.3.3 Build 0.97.2", "Hotfix-BIGIP-11.6.0.6.204.442-HF6.iso": "11.6.0 Build 6.204.442",
		"Hotfix-BIGIP-12.1.2.1.0.271-HF1.iso": "12.1.2 Build 1.0.271",
		"HD1.1":                               "", "slot 1 HD1.1": "", "": "", "BIGIP-16.1.3.3.iso": "", "BIGIP-16.1.3.3-0.0.3.iso.md5": "",
	} {
		if got, ok := versionInName(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", name, got, ok, want)
		}
	}
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	f.Add(statusTop + "HD1.1 BIG-IP 1.2.3 0.0.1 yes complete\n")
	f.Add("sys software volume A/1 { active media { A { default-boot-location } } version 1 build 2 }\n")
	f.Add("a { { { \"b\\\"\n\" } } }\n")
	f.Add("Hotfix List\nID123\nHardware Version Information\n Name  x\n Model  y\n")
	files, err := filepath.Glob("../../testdata/f5_tmos/*/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, q := range queries {
			command := strings.Replace(q.Commands[0], "{image}", iso, 1)
			found, _ := q.Read(collectors.Reply{Command: command, Text: text})
			for _, fact := range found {
				if fact.Line < 1 || fact.Line > lines {
					t.Errorf("%s: %s %q has line %d of %d", command, fact.Kind, fact.Subject, fact.Line, lines)
				}
				if strings.TrimSpace(fact.Value) == "" || fact.Kind == "" {
					t.Errorf("%s: %s %q in line %d says nothing: %q", command, fact.Kind, fact.Subject, fact.Line, fact.Value)
				}
				if !slices.Contains(q.Yields, fact.Kind) {
					t.Errorf("%s: the query does not say that it yields a %s", command, fact.Kind)
				}
			}
			if most := len(text) + 8; len(found) > most {
				t.Errorf("%s: %d facts in %d bytes", command, len(found), len(text))
			}
		}
	})
}
