package huawei

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// read reads a reply and returns its facts, one a line: "LINE KIND|SUBJECT|VALUE".
func read(t *testing.T, command, text string) (string, error) {
	t.Helper()
	query, ok := VRP.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	found, err := query.Read(collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
	var all strings.Builder
	for _, f := range found {
		fmt.Fprintf(&all, "%d %s|%s|%s\n", f.Line, f.Kind, f.Subject, f.Value)
	}
	return all.String(), err
}

const digest = "3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7"

func TestReaders(t *testing.T) {
	for _, test := range []struct {
		name, command, reply string
		want                 string
		problem              string // part of the error; empty for none
	}{
		{
			name: "a small switch of an old release", command: "display version",
			reply: `Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.70 (S5700 V100R006C00SPC800)
Copyright (C) 2003-2011 HUAWEI TECH CO., LTD
Quidway S5700-28C-EI Routing Switch uptime is 0 week, 0 day, 2 hours, 44 minutes

CX22EFGEC 0(Master) : uptime is 0 week, 0 day, 2 hours, 43 minutes
256M bytes DDR Memory
32M bytes FLASH
Pcb      Version :  VER B
Basic  BOOTROM  Version :  100 Compiled at Mar  1 2011, 20:27:16
CPLD   Version : 74
CPLD   Version : 75
Software Version : VRP (R) Software, Version 5.70 (V100R006C00SPC800)
FANCARD information
Pcb      Version : FAN VER B
PWRCARD I information
Pcb      Version : PWR VER A
`,
			want: `2 operating system||VRP
2 running version||S5700 V100R006C00SPC800
2 component version|VRP|5.70
4 model||S5700-28C-EI Routing Switch
4 uptime||9840
6 component role|slot 0|Master
6 uptime|slot 0|9780
6 model|slot 0|CX22EFGEC
9 hardware version|slot 0 Pcb|VER B
10 boot loader version|slot 0 Basic BOOTROM|100 Compiled at Mar  1 2011, 20:27:16
11 hardware version|slot 0 CPLD|74
12 hardware version|slot 0 CPLD #2|75
13 component version|slot 0|V100R006C00SPC800
15 hardware version|slot 0 fancard Pcb|FAN VER B
17 hardware version|slot 0 pwrcard i Pcb|PWR VER A
`,
		},
		{
			name: "a firewall", command: "display version",
			reply: `Huawei Versatile Routing Platform Software
Software Version: VRP (R) Software, Version 5.30 (USG6300 V100R001C30SPC600)
Copyright (C) 2014-2015 Huawei Technologies Co., Ltd.
USG6320 uptime is 0 week, 2 days, 0 hour, 9 minutes
`,
			want: `2 operating system||VRP
2 running version||USG6300 V100R001C30SPC600
2 component version|VRP|5.30
4 model||USG6320
4 uptime||173340
`,
		},
		{
			name: "YunShan OS with a time stamp", command: "display version",
			reply: `2024-05-01 10:00:00.123 +08:00
Huawei YunShan OS
Version 1.22.0.1 (S5731 V600R022C10SPC500)
Copyright (C) 2021-2023 Huawei Technologies Co., Ltd.
HUAWEI S5731-H24T4XC uptime is 20 days, 1 hour, 0 minute
Patch Version: V600R022SPH150

S5731-H24T4XC(Master) 1 : uptime is 20 days, 0 hour, 59 minutes
        StartupTime 2024/04/11   09:00:10+08:00
1. PCB    Version : VER A
`,
			want: `2 operating system||YunShan OS
3 running version||S5731 V600R022C10SPC500
3 component version|YunShan OS|1.22.0.1
5 model||S5731-H24T4XC
5 uptime||1731600
6 component version|patch|V600R022SPH150
8 component role|slot 1|Master
8 uptime|slot 1|1731540
8 model|slot 1|S5731-H24T4XC
9 boot time|slot 1|2024/04/11 09:00:10+08:00
10 hardware version|slot 1 PCB|VER A
`,
		},
		{
			name: "an uptime that is none", command: "display version",
			reply:   "VRP (R) software, Version 5.170 (AR610 V300R022C00SPC100)\nHuawei AR611 Router uptime is forever\n",
			want:    "1 operating system||VRP\n1 running version||AR610 V300R022C00SPC100\n1 component version|VRP|5.170\n2 model||AR611\n",
			problem: `uptime "forever"`,
		},
		{name: "another vendor's", command: "display version", reply: "Cisco IOS Software, Version 15.0(2)SE4\n", problem: "no version of VRP"},
		{name: "a release before VRP 5", command: "display version", reply: "VRP (R) Software, Version 3.40, Release 0311P07\n", problem: "no version of VRP"},
		{name: "nothing", command: "display version", problem: "no version of VRP"},
		{
			name: "boards of a router", command: "display device",
			reply: `NE40E-X2-M8A's Device status:
-------------------------------------------------------------------------------
Slot #    Type       Online    Register      Status      Role   LsId    Primary
-------------------------------------------------------------------------------
9         NPU        Present   Registered    Normal      IPU    0       NA
11        MPU        Present   NA            Normal      MMB    0       Slave
PWR13     -          Present   Registered    Normal      OTHER  0       NA
-------------------------------------------------------------------------------
`,
			want: `5 model|slot 9|NPU
5 component state|slot 9|Registered
6 model|slot 11|MPU
6 component role|slot 11|Slave
7 component state|pwr 13|Registered
`,
		},
		{
			name: "a type of two words, a sub-card, and what is no row", command: "display device",
			reply: `Slot Sub  Type                   Online    Power    Register     Status   Role
-------------------------------------------------------------------------------
0    -    S5720 special            Present   PowerOn  Registered   Normal   Master
     1    ES5D21X02S00           Present   PowerOn  Registered   Normal   NA
1    -    short
`,
			want: `3 model|slot 0|S5720 special
3 component state|slot 0|Registered
3 component role|slot 0|Master
4 model|slot 0 card 1|ES5D21X02S00
4 component state|slot 0 card 1|Registered
`,
			problem: "line 5: not a row",
		},
		{
			name: "rows between rules, and a remark", command: "display device",
			reply: "Slot  Card   Type  Register\n---\n1     -      CE    Registered\n---\n2     -      CE    Unregistered\n---\n* indicates something\n\n3 not a row of it\n",
			want:  "3 model|slot 1|CE\n3 component state|slot 1|Registered\n5 model|slot 2|CE\n5 component state|slot 2|Unregistered\n",
		},
		{name: "a part of no slot", command: "display device", reply: "Slot Sub Type\n     FAN1 -\n", problem: "line 2: not a row"},
		{name: "no table", command: "display device", reply: "Device status:\n", problem: "no board"},
		{
			name: "a stack", command: "display stack",
			reply: `Stack mode: Service-port
Stack topology type: Ring
Stack system MAC: 0018-82d2-2e85
MAC switch delay time: 10 min
Slot      Role        MAC address      Priority   Device type
-------------------------------------------------------------
    0     Master      0018-82d2-2e85   200        S5720-36C-EI-AC
    1     Standby     0018-82c6-1f44   150        S5720-36C-EI-AC
    2     Lost        0018-82c6-1f45   150        S5720-36C-EI-AC
`,
			want: `1 redundancy|stack mode|Service-port
2 redundancy|stack topology type|Ring
3 base mac||0018-82d2-2e85
7 component role|slot 0|Master
7 base mac|slot 0|0018-82d2-2e85
7 component priority|slot 0|200
7 model|slot 0|S5720-36C-EI-AC
8 component role|slot 1|Standby
8 base mac|slot 1|0018-82c6-1f44
8 component priority|slot 1|150
8 model|slot 1|S5720-36C-EI-AC
`,
			problem: "line 9: not a member",
		},
		{
			name: "two chassis", command: "display css status",
			reply: `CSS Enable switch On

Chassis Id   CSS Enable   CSS Status      CSS Mode    Priority    Master Force
------------------------------------------------------------------------------
1            On           Master          CSS card    100         Off
2            On           Standby         CSS card    10          Off
`,
			want: `1 redundancy|css enable switch|On
5 component role|chassis 1|Master
5 component priority|chassis 1|100
6 component role|chassis 2|Standby
6 component priority|chassis 2|10
`,
		},
		{name: "serial numbers of a stack", command: "display esn", reply: "ESN of slot 0: 2102A\nESN of slot 1:2102B\nESN of slot 2:\n", want: "1 serial number|slot 0|2102A\n2 serial number|slot 1|2102B\n", problem: "line 3"},
		{name: "a serial number alone", command: "display sn", reply: "ESN: 2102359576DMK4000012\n", want: "1 serial number||2102359576DMK4000012\n"},
		{
			name: "electronic labels", command: "display elabel",
			reply: `Info: It is executing, please wait...
[BackPlane_0]
[Board Properties]
BoardType=LE02BAKI
BarCode=210001

[Slot_7]
/$[Board Integration Version]
/$BoardIntegrationVersion=3.0

[Main_Board]

[Board Properties]
BoardType=ES0D00SRUA00
BarCode=210007
Item=03030
Description=S7700 ,BoardType=not this

[Port_XGigabitEthernet7/0/1]
[Board Properties]
BoardType=
BarCode=AC1

[FAN1]
[Board Properties]
BarCode=210099
`,
			want: `4 model|backplane 0|LE02BAKI
5 serial number|backplane 0|210001
14 model|slot 7|ES0D00SRUA00
15 serial number|slot 7|210007
22 serial number|slot 7 port XGigabitEthernet7/0/1|AC1
26 serial number|slot 7 fan 1|210099
`,
		},
		{name: "no labels", command: "display elabel", reply: "Info: nothing\n", problem: "no label"},
		{name: "the address of a switch", command: "display bridge mac-address", reply: "System Bridge Mac Address         : 4c1f-cc12-3456.\n", want: "1 base mac||4c1f-cc12-3456\n"},
		{name: "the name in the configuration", command: "display current-configuration | include sysname", reply: " sysname CORE-1\n", want: "1 hostname||CORE-1\n"},
		{
			name: "the version in the configuration", command: "display current-configuration | include V[0-9]+R[0-9]+C[0-9]+",
			reply: "[V200R009C00SPC500]\n description uplink to [V200R001C00SPC100]\n", want: "1 running version||V200R009C00SPC500\n",
		},
		{name: "no version in the configuration", command: "display current-configuration | include V[0-9]+R[0-9]+C[0-9]+"},
		{
			name: "reboots in a table, the newest last", command: "display reboot-info",
			reply: `Slot ID   Times   Reboot Type                       Reboot Time(DST)
=====================================================================
0         4       POWER                             2014/03/14 09:40:25
0         5       MANUAL                            2014/03/15 09:40:25
1         1       SCHEDU BY USER                    2014/03/11 00:00:01
=====================================================================
`,
			want: "4 reload reason|slot 0|MANUAL\n5 reload reason|slot 1|SCHEDU BY USER\n",
		},
		{
			name: "resets in words", command: "display reset-reason",
			reply: `The MPU frame[0] board[7]'s reset total 2, detailed information:
--    1. 2010/12/17   17:43:52, Reset No.: 10
         Reason: Reset for power off
--    2. 2010/11/01   07:43:52, Reset No.: 9
         Reason: The slot is reset by command.
`,
			want: "3 reload reason|slot 7|Reset for power off\n",
		},
		{name: "no reboots", command: "display reboot-info", reply: "Slot ID   Times   Reboot Type   Reboot Time\n0 none\n", problem: "line 2: not a reboot"},
		{
			name: "an image that did not start, a backup, a patch that is staged", command: "display startup",
			reply: `MainBoard                                 :
  Configured startup system software      : cfcard:/new.cc
  Startup system software                 : cfcard:/old.cc
  Next startup system software            : cfcard:/new.cc
  Backup system software for next startup : cfcard:/old.cc
  Startup saved-configuration file        : cfcard:/vrpcfg.cfg
  Next startup saved-configuration file   : NULL
  Startup patch package                   : NULL
  Next startup patch package              : cfcard:/NE40EV800R011SPH012.PAT
  Startup paf file                        : default
SlaveBoard:
  Startup system software:                cfcard:/old.cc
  Next startup system software:           null
`,
			want: `3 running image||cfcard:/old.cc
2 boot variable|1|cfcard:/new.cc
4 next boot variable|1|cfcard:/new.cc
5 boot variable|2|cfcard:/old.cc
5 next boot variable|2|cfcard:/old.cc
9 package|cfcard:/NE40EV800R011SPH012.PAT|V800R011SPH012
9 package state|cfcard:/NE40EV800R011SPH012.PAT|deactivated and uncommitted
6 startup configuration source||cfcard:/vrpcfg.cfg
7 next startup configuration source||NULL
10 boot setting|startup paf file|default
12 component image|slaveboard|cfcard:/old.cc
12 boot variable|slaveboard 1|cfcard:/old.cc
13 boot setting|slaveboard next boot variable|does not exist
`,
		},
		{
			name: "a firewall's misspelling, no patches, a value on a line of its own", command: "display startup",
			reply: `MainBoard:
  Configed startup system software:        hda1:/a.bin
  Startup system software:
     hda1:/a.bin
  Next startup system software:            hda1:/a.bin
  Startup patch package:                   NULL
  Next startup patch package:              NULL
`,
			want: `4 running image||hda1:/a.bin
2 boot variable|1|hda1:/a.bin
5 next boot variable|1|hda1:/a.bin
6 package state||none
`,
		},
		{
			name: "another patch at the next start", command: "display startup",
			reply: "Startup system software: flash:/a.cc\nNext startup system software: flash:/a.cc\nStartup patch package: flash:/a.pat\nNext startup patch package: flash:/b.pat\n",
			want: `1 running image||flash:/a.cc
1 boot variable|1|flash:/a.cc
2 next boot variable|1|flash:/a.cc
3 package state|flash:/a.pat|activated and uncommitted
4 package state|flash:/b.pat|deactivated and uncommitted
`,
		},
		{
			name: "lines that are missing, twice there or unknown", command: "display startup",
			reply: "MainBoard:\n  Startup system software: flash:/a.cc\n  Startup system software: flash:/b.cc\n  what is this?\n",
			want:  "2 running image||flash:/a.cc\n2 boot variable|1|flash:/a.cc\n", problem: "a second time",
		},
		{
			name: "two patches, one not committed", command: "display patch-information",
			reply: `Patch Package Name    :flash:/a.PAT
Patch Package Version :V600R021SPH001
Patch Package State   :Running
Patch Package Run Time:2022-04-06 10:00:17
Patch Package Name    :flash:/b.PAT
Patch Package Version :V600R021SPH002
Patch Package State   :Active
`,
			want: `2 package|flash:/a.PAT|V600R021SPH001
3 package state|flash:/a.PAT|activated and committed
6 package|flash:/b.PAT|V600R021SPH002
7 package state|flash:/b.PAT|activated and uncommitted
`,
		},
		{
			name: "a patch without a file, two words for its state", command: "display patch-information",
			reply: "Patch version    :    V200R019SPH010\nThe current state is: Running\nPatch package state: Idle\n",
			want:  "1 package|V200R019SPH010|V200R019SPH010\n3 package state|V200R019SPH010|inactive\n", problem: "and was \"Running\"",
		},
		{name: "no patch", command: "display patch-information", reply: "Info: No patch exists.\nThe state of the patch state file is: Idle\nThe current state is: Idle\n", want: "1 package state||none\n"},
		{name: "no patch, and one", command: "display patch-information", reply: "Info: No patch exists.\nPatch version: V200R019SPH010\nThe current state is: Running\n", want: "2 package|V200R019SPH010|V200R019SPH010\n3 package state|V200R019SPH010|activated and committed\n", problem: "says that there is no patch"},
		{name: "nothing about patches", command: "display patch-information", reply: "\n", problem: "no patch in the reply"},
		{
			name: "a digest in a table", command: "display system file-md5 flash:/dir/x.cc",
			reply: "---\nFilename   MD5\n---\nx.cc    " + strings.ToUpper(digest) + "\n", want: "4 image digest|flash:/dir/x.cc|md5:" + digest + "\n",
		},
		{name: "a digest on a line", command: "display system file-md5 flash:x.cc", reply: "MD5:" + digest + "\n", want: "1 image digest|flash:x.cc|md5:" + digest + "\n"},
		{name: "a digest of another file", command: "display system file-md5 flash:/x.cc", reply: "ax.cc    " + digest + "\n", problem: "no MD5 digest"},
		{name: "a digest that is too short", command: "display system file-md5 flash:/x.cc", reply: "x.cc    " + digest[1:] + "\n", problem: "no MD5 digest"},
		{name: "no digest", command: "display system file-md5 flash:/x.cc", reply: "Info: wait\n", problem: "no digest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(t, test.command, test.reply)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("problem %v, want one that says %q", err, test.problem)
			}
		})
	}
}

func TestVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"flash:/AR610-V300R021C00SPC200.cc":        "V300R021C00SPC200",
		"flash:/s5720li-v200r019c10spc500.cc":      "V200R019C10SPC500",
		"slave#cfcard:/NE40E-V800R011C10SPC100.cc": "V800R011C10SPC100",
		"flash:/NE40E-V800R011C10SPC1.cc":          "",
		"S5731-H_V600R022C10SPC500.cc":             "V600R022C10SPC500",
		"flash:/S5700-V200R019C10.cc.asc":          "V200R019C10",
		"flash:/AR610_V300R021SPH180.pat":          "",
		"flash:/RPG_PNFV600R021SPH001.PAT":         "",
		"flash:/V200R019.cc":                       "",
		"flash:/V200R019C10/x.cc":                  "",
		"hda1:/suampua10v1r1c30spc300.bin":         "",
	} {
		got, ok := vrpVersionInName(path)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", path, got, ok, want)
		}
	}
}

// TestRefusals holds that each form of an error is told from an answer, and from the others.
func TestRefusals(t *testing.T) {
	query, _ := VRP.Reader(collectors.CLI, "display startup")
	for text, want := range map[string]facts.Reason{
		"           ^\r\nError: Unrecognized command found at '^' position.\r\n":                      facts.UnsupportedCommand,
		"           ^\r\nError[1]: Wrong parameter found at '^' position.\r\n":                        facts.UnsupportedCommand,
		" ^\r\n % Unrecognized command found at '^' position.\r\n":                                    facts.UnsupportedCommand,
		"Error: Incomplete command found at '^' position.\r\n":                                        facts.UnsupportedCommand,
		"Error: file can't be found\r\n":                                                              facts.UnsupportedCommand,
		"Error: Failed to pass the authorization.\r\n":                                                facts.NoPrivilege,
		"Error: You do not have permission to run the command or the command is incomplete.\r\n":      facts.NoPrivilege,
		"Error: Device or resource busy\r\n":                                                          facts.Timeout,
		"Info: The system is busy. Please try again later.\r\n":                                       facts.Timeout,
		"Info: The stack function is not enabled.\r\n":                                                facts.PlatformHasNone,
		"Error: The device does not support this command.\r\n":                                        facts.PlatformHasNone,
		"MainBoard:\r\nStartup system software: flash:/a\r\nNext startup system software: flash:/a\n": "",
	} {
		set := VRP.ReadReply(collectors.CLI, query, collectors.Reply{Command: "display startup", Text: text})
		var got facts.Reason
		if len(set.Gaps) > 0 {
			got = set.Gaps[0].Reason
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestQuestions holds that what is asked about follows from what was learnt.
func TestQuestions(t *testing.T) {
	stack := facts.Set{
		Facts: []facts.Fact{
			{Kind: facts.Model, Value: "S5720-36C-EI-AC Routing Switch"},
			{Kind: facts.ComponentPriority, Subject: "slot 0", Value: "200"}, {Kind: facts.ComponentRole, Subject: "slot 0", Value: "Master"},
			{Kind: facts.ComponentPriority, Subject: "slot 1", Value: "150"}, {Kind: facts.ComponentRole, Subject: "slot 1", Value: "Standby"},
			{Kind: facts.RunningImage, Value: "flash:/a.cc"}, {Kind: facts.NextBootVariable, Subject: "1", Value: "flash:/b.cc"},
			{Kind: facts.NextBootVariable, Subject: "slaveboard 1", Value: "flash:/c.cc"}, {Kind: facts.BootVariable, Subject: "1", Value: "flash:/a.cc"},
			{Kind: facts.PackageState, Subject: "flash:/a.pat", Value: "inactive"}, {Kind: facts.PackageState, Value: "none"},
		},
	}
	chassis := facts.Set{Facts: []facts.Fact{
		{Kind: facts.Model, Value: "CE12804"}, {Kind: facts.BootVariable, Subject: "slaveboard 1", Value: "flash:/a.cc"},
		{Kind: facts.ComponentPriority, Subject: "slot 2", Value: "1"}, {Kind: facts.ComponentRole, Subject: "slot 2", Value: "Standby"},
		{Kind: facts.ComponentPriority, Subject: "slot 3", Value: "1"}, {Kind: facts.ComponentRole, Subject: "slot 3", Value: "Slave"},
	}}
	for name, test := range map[string]struct{ got, want []string }{
		"other members":      {otherBoards(stack), []string{"slot1"}},
		"another main board": {otherBoards(chassis), []string{"slave", "3"}},
		"no other board":     {otherBoards(facts.Set{}), []string{}},
		"files to hash":      {hashable(stack), []string{"flash:/a.cc", "flash:/b.cc", "flash:/a.pat"}},
		"nothing to hash":    {hashable(facts.Set{}), nil},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// printed are kinds whose values stand in the reply as they are.
var printed = []facts.Kind{
	facts.SerialNumber, facts.Model, facts.Hostname, facts.RunningVersion, facts.ComponentVersion, facts.RunningImage, facts.ComponentImage, facts.BootVariable,
	facts.NextBootVariable, facts.BootLoaderVersion, facts.StartupSource, facts.NextStartupSource, facts.ReloadReason,
}

// FuzzReaders tries every reader on every text: it must not panic, and what it reads must stand in the line that it names.
func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"VRP (R) software, Version 5.170 (AR610 V300R022C00SPC100)\nMPU 0(Master) : uptime is 1 minute\nMPU version information :\n4. BootROM  Version  : 1\nCARD1 information\n",
		"Slot  Card   Type\n---\n1     -      CE\n      FAN1   FAN\n", "Slot # Type\n1 x\n", "Slot\n", "ESN of slot 0: 1\n", "[Slot_1]\nBarCode=2\n",
		"MainBoard:\n  Startup system software:\n flash:/a\n  Next startup system software: null\n", "Patch Package Name :a\nNo patch exists\n",
		"The slot 3 reset total 3\n-- 1. 2012-10-23 10:00:00\nReason: x\n", "x  3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7\n",
		"Directory of flash:/\n  0  -rw-  1,2  Nov 11 2019 20:16:35   a\n1 KB total (1 KB free)\n", "+1 Master 0018-82d2-2e85 1\n\x1b[2J\x00 ---- More ----\x1b[16D",
		"Slot 0 TYpe\n0 0 0  1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := map[int]string{}
		for n, line := range (collectors.Reply{Text: text}).Lines() {
			lines[n] = line
		}
		for _, q := range VRP.Queries[collectors.CLI] {
			for _, command := range q.Commands {
				found, _ := q.Read(collectors.Reply{Command: command, Text: text})
				for _, fact := range found {
					if fact.Kind == facts.ConfigurationSection {
						continue // of the whole reply, which may be empty
					}
					if line, ok := lines[fact.Line]; !ok || slices.Contains(printed, fact.Kind) && !strings.Contains(line, fact.Value) {
						t.Errorf("%s: %s %q is %q in line %d: %q", command, fact.Kind, fact.Subject, fact.Value, fact.Line, line)
					}
				}
			}
		}
	})
}
