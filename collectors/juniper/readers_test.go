package juniper

import (
	"os"
	"path/filepath"
	"slices"
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

// read reads a reply as a visit would, contradictions and refusals included. The second result holds the gaps.
func read(t *testing.T, transport collectors.Transport, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := Junos.Reader(transport, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	if transport == collectors.CLI {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	set := Junos.ReadReply(transport, query, collectors.Reply{Command: command, Text: text})
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

// A readerTest is a reply and all that has to be read from it.
type readerTest struct {
	name, command, reply string
	want                 []fact
	problem              string // part of the gap's reason and detail; empty for none
}

func runReaderTests(t *testing.T, transport collectors.Transport, tests []readerTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, problem := read(t, transport, test.command, test.reply)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if test.problem == "" && problem != "" || !strings.Contains(problem, test.problem) {
				t.Errorf("problem %q, want %q", problem, test.problem)
			}
		})
	}
}

const (
	sha256Hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	md5Hex    = "0f58a02f3d3f1e1be8f509d2e5b58fb8"
)

func TestShowVersion(t *testing.T) {
	runReaderTests(t, collectors.CLI, []readerTest{
		{
			name: "a router with host software", command: "show version",
			reply: `Hostname: mx480-1
Model: mx480
Junos: 21.4R3-S5.4
JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]
JUNOS Host Software [20.4R3-S4.8]
JUNOS Firewall Authentication[20230512.064945_builder_junos_214_r3_s5]
`,
			want: []fact{
				{facts.Hostname, "", "mx480-1", 1}, {facts.Model, "", "mx480", 2},
				{facts.RunningVersion, "", "21.4R3-S5.4", 3}, {facts.OperatingSystem, "", "Junos OS", 3},
				{facts.BuildID, "kernel", "20230315.e1d4b9a_builder_stable_12_213", 4},
				{facts.Package, "JUNOS OS Kernel 64-bit", "20230315.e1d4b9a_builder_stable_12_213", 4},
				{facts.Package, "JUNOS Host Software", "20.4R3-S4.8", 5}, {facts.ComponentVersion, "host", "20.4R3-S4.8", 5},
				{facts.Package, "JUNOS Firewall Authentication", "20230512.064945_builder_junos_214_r3_s5", 6},
			},
		},
		{
			name: "before 15.1 the base package is the version", command: "show version",
			reply: `lab@m10i> show version
Hostname: m10i
Model: m10i
JUNOS Base OS boot [10.4R9.2]
JUNOS Base OS Software Suite [10.4R9.2]
JUNOS Kernel Software Suite [10.4R9.2]
JUNOS Crypto Software Suite [10.4R8.5]

{master}
lab@m10i>
`,
			want: []fact{
				{facts.Hostname, "", "m10i", 2}, {facts.Model, "", "m10i", 3},
				{facts.RunningVersion, "", "10.4R9.2", 4}, {facts.OperatingSystem, "", "Junos OS", 4},
				{facts.Package, "JUNOS Base OS boot", "10.4R9.2", 4}, {facts.Package, "JUNOS Base OS Software Suite", "10.4R9.2", 5},
				{facts.Package, "JUNOS Kernel Software Suite", "10.4R9.2", 6}, {facts.Package, "JUNOS Crypto Software Suite", "10.4R8.5", 7},
			},
		},
		{
			name: "a cluster whose nodes differ", command: "show version",
			reply: `node0:
--------------------------------------------------------------------------
Hostname: fw-a
Model: srx345
JUNOS Software Release [15.1X49-D170.4]

node1:
--------------------------------------------------------------------------
Hostname: fw-b
Model: srx345
JUNOS Software Release [12.1X46-D40.2]
`,
			want: []fact{
				{facts.Hostname, "", "fw-a", 3}, {facts.Hostname, "node0", "fw-a", 3}, {facts.Model, "", "srx345", 4}, {facts.Model, "node0", "srx345", 4},
				{facts.RunningVersion, "", "15.1X49-D170.4", 5}, {facts.OperatingSystem, "", "Junos OS", 5}, {facts.ComponentVersion, "node0", "15.1X49-D170.4", 5},
				{facts.Package, "node0 JUNOS Software Release", "15.1X49-D170.4", 5},
				{facts.Hostname, "node1", "fw-b", 9}, {facts.Model, "node1", "srx345", 10}, {facts.ComponentVersion, "node1", "12.1X46-D40.2", 11},
				{facts.Package, "node1 JUNOS Software Release", "12.1X46-D40.2", 11},
			},
		},
		{
			name: "a member that does not answer", command: "show version",
			reply: `fpc0:
--------------------------------------------------------------------------
Hostname: sw
Model: ex4300-48t
Junos: 18.4R2-S9.1
JUNOS EX  Software Suite [18.4R2-S9.1]
fpc1:
--------------------------------------------------------------------------
error: abnormal communication termination with fpc1
`,
			want: []fact{
				{facts.Hostname, "", "sw", 3}, {facts.Hostname, "fpc0", "sw", 3}, {facts.Model, "", "ex4300-48t", 4}, {facts.Model, "fpc0", "ex4300-48t", 4},
				{facts.RunningVersion, "", "18.4R2-S9.1", 5}, {facts.OperatingSystem, "", "Junos OS", 5}, {facts.ComponentVersion, "fpc0", "18.4R2-S9.1", 5},
				{facts.Package, "fpc0 JUNOS EX  Software Suite", "18.4R2-S9.1", 6},
			},
			problem: `parse-incomplete: line 9: "error: abnormal communication termination with fpc1"`,
		},
		{
			name: "Junos OS Evolved", command: "show version",
			reply: `Hostname: ptx1-re0
Model: ptx10003-160c
Junos: 21.4R3-S5.4-EVO
Yocto: 3.0.2
Linux Kernel: 5.2.60-yocto-standard-g2a7c1b6
JUNOS-EVO OS 64-bit [junos-evo-install-ptx-fixed-x86-64-21.4R3-S5.4-EVO]
`,
			want: []fact{
				{facts.Hostname, "", "ptx1-re0", 1}, {facts.Model, "", "ptx10003-160c", 2},
				{facts.RunningVersion, "", "21.4R3-S5.4-EVO", 3}, {facts.OperatingSystem, "", "Junos OS Evolved", 3},
				{facts.Package, "Yocto", "3.0.2", 4}, {facts.Package, "Linux Kernel", "5.2.60-yocto-standard-g2a7c1b6", 5},
				{facts.Package, "JUNOS-EVO OS 64-bit", "junos-evo-install-ptx-fixed-x86-64-21.4R3-S5.4-EVO", 6},
			},
		},
		{
			name: "the other routing engine says nothing about the device", command: "show version invoke-on other-routing-engine",
			reply: `re1:
--------------------------------------------------------------------------
Hostname: mx480-1-re1
Model: mx480
Junos: 20.4R3-S4.8
JUNOS OS Kernel 64-bit  [20201001.x]
`,
			want: []fact{
				{facts.Hostname, "re1", "mx480-1-re1", 3}, {facts.Model, "re1", "mx480", 4}, {facts.ComponentVersion, "re1", "20.4R3-S4.8", 5},
				{facts.Package, "re1 JUNOS OS Kernel 64-bit", "20201001.x", 6},
			},
		},
		{
			name: "both nodes of Junos OS Evolved", command: "show version node all",
			reply: `--------------------------------
node: re0
--------------------------------
Hostname: ptx2-re0
Model: ptx10008
Junos: 22.3R1.12-EVO

--------------------------------
node: re1
--------------------------------
Hostname: ptx2-re1
Model: ptx10008
Junos: 22.3R1.12-EVO
`,
			want: []fact{
				{facts.Hostname, "re0", "ptx2-re0", 4}, {facts.Model, "re0", "ptx10008", 5}, {facts.ComponentVersion, "re0", "22.3R1.12-EVO", 6},
				{facts.Hostname, "re1", "ptx2-re1", 11}, {facts.Model, "re1", "ptx10008", 12}, {facts.ComponentVersion, "re1", "22.3R1.12-EVO", 13},
			},
		},
		{
			name: "packages without a system and of two releases", command: "show version",
			reply: "Hostname: a\nModel: b\nJUNOS na telemetry [21.1X3.3]\nJUNOS Openconfig [21.1X3.4]\n",
			want: []fact{
				{facts.Hostname, "", "a", 1}, {facts.Model, "", "b", 2},
				{facts.Package, "JUNOS na telemetry", "21.1X3.3", 3}, {facts.Package, "JUNOS Openconfig", "21.1X3.4", 4},
			},
			problem: `packages of releases "21.1X3.3" (line 3) and "21.1X3.4" (line 4)`,
		},
		{
			name: "two versions of one package, two host names", command: "show version",
			reply: "Hostname: a\nHostname: b\nJunos: 21.4R1\nJUNOS py base [1]\nJUNOS py base [1]\nJUNOS py base [2]\n",
			want: []fact{
				{facts.Hostname, "", "a", 1}, {facts.RunningVersion, "", "21.4R1", 3}, {facts.OperatingSystem, "", "Junos OS", 3},
				{facts.Package, "JUNOS py base", "1", 4}, {facts.Package, "JUNOS py base #2", "2", 6},
			},
			problem: `two values for the host name: "a" in line 1 and "b" in line 2`,
		},
		{name: "nothing", command: "show version", problem: "no software in the reply"},
		{name: "a device of another kind", command: "show version", reply: "Cisco IOS Software, Version 15.1(4)M\n", problem: "no version of the system"},
		{name: "a class without rights", command: "show version", reply: "             ^\nunknown command.\n", problem: "unsupported-command: unknown command."},
		{name: "a file that is not there", command: "file list detail /var/sw/pkg/", reply: "/var/sw/pkg/: No such file or directory\n", problem: "platform-has-none: /var/sw/pkg/"},
		{name: "not for this model", command: "show virtual-chassis", reply: "error: command is not valid on the srx345\n", problem: "platform-has-none"},
		{name: "a daemon that is busy", command: "show chassis hardware", reply: "error: the chassis subsystem is not responding to management requests\n", problem: "timeout"},
		{name: "no rights for a file", command: "file list detail /root/", reply: "/root/: Permission denied\n", problem: "no-privilege"},
	})
}

func TestHardware(t *testing.T) {
	runReaderTests(t, collectors.CLI, []readerTest{
		{
			name: "values wider than their columns", command: "show chassis hardware",
			reply: `Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                JN1111111AFB      MX480
Routing Engine 0 REV 03   740-051822   9009123456        RE-S-1800x4
FPC 10           REV 24   750-054902   CAAA1111          MPC3E NG PQ & Flex Q
  CPU            REV 13   711-045719   CAAA1112          RMPC PMB
  PIC 0                   BUILTIN      BUILTIN           10x 1GE(LAN) SFP
    Xcvr 0       REV 02   740-013111   A-VERY-LONG-SERIAL-NUMBER SFP-T
    Xcvr 1                NON-JNPR     CC37BK0PQ         XFP-10G-SR
  Power Supply 10 REV 04   740-070749   1F18D010000       JPSU-650W-AC-AO
Fan Tray                                                 Fan Tray
`,
			want: []fact{
				{facts.Model, "", "MX480", 3}, {facts.SerialNumber, "", "JN1111111AFB", 3},
				{facts.Component, "re0", "RE-S-1800x4", 4}, {facts.Model, "re0", "740-051822", 4}, {facts.HardwareVersion, "re0", "REV 03", 4}, {facts.SerialNumber, "re0", "9009123456", 4},
				{facts.Component, "fpc10", "MPC3E NG PQ & Flex Q", 5}, {facts.Model, "fpc10", "750-054902", 5}, {facts.HardwareVersion, "fpc10", "REV 24", 5}, {facts.SerialNumber, "fpc10", "CAAA1111", 5},
				{facts.Component, "fpc10 cpu", "RMPC PMB", 6}, {facts.Model, "fpc10 cpu", "711-045719", 6}, {facts.HardwareVersion, "fpc10 cpu", "REV 13", 6}, {facts.SerialNumber, "fpc10 cpu", "CAAA1112", 6},
				{facts.Component, "fpc10 pic 0", "10x 1GE(LAN) SFP", 7}, {facts.Model, "fpc10 pic 0", "BUILTIN", 7}, {facts.SerialNumber, "fpc10 pic 0", "BUILTIN", 7},
				{facts.Component, "fpc10 pic 0 xcvr 0", "SFP-T", 8}, {facts.Model, "fpc10 pic 0 xcvr 0", "740-013111", 8}, {facts.HardwareVersion, "fpc10 pic 0 xcvr 0", "REV 02", 8}, {facts.SerialNumber, "fpc10 pic 0 xcvr 0", "A-VERY-LONG-SERIAL-NUMBER", 8},
				{facts.Component, "fpc10 pic 0 xcvr 1", "XFP-10G-SR", 9}, {facts.Model, "fpc10 pic 0 xcvr 1", "NON-JNPR", 9}, {facts.SerialNumber, "fpc10 pic 0 xcvr 1", "CC37BK0PQ", 9},
				{facts.Component, "fpc10 power supply 10", "JPSU-650W-AC-AO", 10}, {facts.Model, "fpc10 power supply 10", "740-070749", 10}, {facts.HardwareVersion, "fpc10 power supply 10", "REV 04", 10}, {facts.SerialNumber, "fpc10 power supply 10", "1F18D010000", 10},
				{facts.Component, "fan tray", "Fan Tray", 11},
			},
		},
		{
			name: "a cluster", command: "show chassis hardware",
			reply: `node0:
--------------------------------------------------------------------------
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                CZ0216AF0001      SRX345
Routing Engine   REV 0x16 650-065042   CZ0216AF0001      RE-SRX345

node1:
--------------------------------------------------------------------------
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                CZ0216AF0002      SRX345
Routing Engine   REV 0x16 650-065042   CZ0216AF0002      RE-SRX345
`,
			want: []fact{
				{facts.Model, "", "SRX345", 5}, {facts.Model, "node0", "SRX345", 5}, {facts.SerialNumber, "", "CZ0216AF0001", 5}, {facts.SerialNumber, "node0", "CZ0216AF0001", 5},
				{facts.Component, "node0 routing engine", "RE-SRX345", 6}, {facts.Model, "node0 routing engine", "650-065042", 6}, {facts.HardwareVersion, "node0 routing engine", "REV 0x16", 6}, {facts.SerialNumber, "node0 routing engine", "CZ0216AF0001", 6},
				{facts.Model, "node1", "SRX345", 12}, {facts.SerialNumber, "node1", "CZ0216AF0002", 12},
				{facts.Component, "node1 routing engine", "RE-SRX345", 13}, {facts.Model, "node1 routing engine", "650-065042", 13}, {facts.HardwareVersion, "node1 routing engine", "REV 0x16", 13}, {facts.SerialNumber, "node1 routing engine", "CZ0216AF0002", 13},
			},
		},
		{name: "a row that does not stand below its heading", command: "show chassis hardware", reply: "Hardware inventory:\nItem             Version  Part number  Serial number     Description\nChassis   A1111             MX10-T\n", problem: "line 3: not a part"},
		{name: "firmware that does not stand below its heading", command: "show system firmware", reply: "Part             Type       Tag Current   Available Status\nRouting Engine 0 RE BIOS 0 0.53 0.56 OK\n", problem: "line 2: not a row"},
		{name: "no chassis", command: "show chassis hardware", reply: "Hardware inventory:\nItem             Version  Part number  Serial number     Description\nMidplane         REV 40   750-047862   A111111           x\n",
			want: []fact{{facts.Component, "midplane", "x", 3}, {facts.Model, "midplane", "750-047862", 3}, {facts.HardwareVersion, "midplane", "REV 40", 3}, {facts.SerialNumber, "midplane", "A111111", 3}}, problem: "no chassis"},
		{
			name: "firmware of line cards", command: "show chassis firmware",
			reply: `Part                     Type       Version
FPC 0                    ROM        Juniper ROM Monitor Version 10.1b2
                         O/S        Version 12.3R12.4 by builder on 2016-01-20 05:03:06 UTC
FPC 1                    U-Boot     U-Boot 1.1.6 (Mar 11 2011 - 04:29:01) 1.0.0
                         loader     FreeBSD/PowerPC U-Boot bootstrap loader 2.4
`,
			want: []fact{
				{facts.BootLoaderVersion, "fpc0 ROM", "Juniper ROM Monitor Version 10.1b2", 2}, {facts.ComponentVersion, "fpc0", "12.3R12.4", 3},
				{facts.BootLoaderVersion, "fpc1 U-Boot", "U-Boot 1.1.6 (Mar 11 2011 - 04:29:01) 1.0.0", 4}, {facts.BootLoaderVersion, "fpc1 loader", "FreeBSD/PowerPC U-Boot bootstrap loader 2.4", 5},
			},
		},
		{name: "firmware of nobody", command: "show chassis firmware", reply: "Part                     Type       Version\n                         ROM        x\n", problem: "firmware of nothing"},
		{
			name: "firmware that can be renewed", command: "show system firmware",
			reply: `Part             Type       Tag Current   Available Status
                                version   version
Routing Engine 0 RE BIOS    0   0.53      0.56      OK
Routing Engine 0 RE BIOS Backup 1   0.53                OK
Routing Engine 0 RE SSD1    4   12028               OK
FPC 1            MIC        1                       OK
`,
			want: []fact{
				{facts.BootLoaderVersion, "re0 RE BIOS", "0.53", 3}, {facts.BootLoaderVersion, "re0 RE BIOS Backup", "0.53", 4}, {facts.ComponentVersion, "re0 RE SSD1", "12028", 5},
			},
		},
		{
			name: "two routing engines", command: "show chassis routing-engine",
			reply: `Routing Engine status:
  Slot 0:
    Current state                  Backup
    Election priority              Master (default)
    Temperature                 32 degrees C / 89 degrees F
    Model                          RE-S-1800x4
    Serial ID                      9009123456
    Start time                     2024-01-17 13:59:55 UTC
    Uptime                         6 days, 22 hours, 42 minutes, 49 seconds
    Last reboot reason             0x1:power cycle/failure 
    Load averages:                 1 minute   5 minute  15 minute
                                       0.09       0.16       0.16
Routing Engine status:
  Slot 1:
    Current state                  Master
    Model                          RE-S-1800x4
    Serial ID                      BUILTIN
    Uptime                         1 hour
    Last reboot reason             Router rebooted after a normal shutdown.
`,
			want: []fact{
				{facts.ComponentRole, "re0", "Backup", 3}, {facts.Component, "re0", "RE-S-1800x4", 6}, {facts.SerialNumber, "re0", "9009123456", 7},
				{facts.BootTime, "re0", "2024-01-17 13:59:55 UTC", 8}, {facts.Uptime, "re0", "600169", 9}, {facts.ReloadReason, "re0", "0x1:power cycle/failure", 10},
				{facts.ComponentRole, "re1", "Master", 15}, {facts.Component, "re1", "RE-S-1800x4", 16}, {facts.Uptime, "re1", "3600", 18},
				{facts.ReloadReason, "re1", "Router rebooted after a normal shutdown.", 19}, {facts.ReloadReason, "", "Router rebooted after a normal shutdown.", 19},
			},
		},
		{
			name: "one without a slot", command: "show chassis routing-engine",
			reply: "Routing Engine status:\n    Model                          RE-SRX345\n    Serial ID                      CZ0216AF0001\n    Uptime                         2 days, 3 fortnights\n    Last reboot reason             0x4000:VJUNOS reboot\n",
			want: []fact{
				{facts.Component, "routing engine", "RE-SRX345", 2}, {facts.SerialNumber, "routing engine", "CZ0216AF0001", 3}, {facts.ReloadReason, "", "0x4000:VJUNOS reboot", 5},
			},
			problem: `line 4: not a duration: "2 days, 3 fortnights"`,
		},
		{name: "one twice", command: "show chassis routing-engine", reply: "Routing Engine status:\n  Slot 0:\n    Uptime                         1 hour\nRouting Engine status:\n  Slot 0:\n    Uptime                         2 hours\n",
			want: []fact{{facts.Uptime, "re0", "3600", 3}, {facts.ReloadReason, "", "", 0}}[:1], problem: "a second account of re0"},
		{
			name: "a cluster's uptime", command: "show system uptime",
			reply: `node0:
--------------------------------------------------------------------------
Current time: 2024-06-01 10:16:28 UTC
System booted: 2024-06-01 10:04:03 UTC (00:12:25 ago)
Last configured: 2024-05-13 16:35:35 UTC (2w4d 16:12 ago) by root
10:16AM  up 12 mins, 1 user, load averages: 0.04, 0.04, 0.01

node1:
--------------------------------------------------------------------------
System booted: 2024-05-27 07:03:00 UTC (5d 03:13 ago)
Last configured: never
`,
			want: []fact{
				{facts.BootTime, "", "2024-06-01 10:04:03 UTC", 4}, {facts.BootTime, "node0", "2024-06-01 10:04:03 UTC", 4}, {facts.Uptime, "", "745", 4}, {facts.Uptime, "node0", "745", 4},
				{facts.ConfigurationTime, "", "2024-05-13 16:35:35 UTC", 5}, {facts.ConfigurationTime, "node0", "2024-05-13 16:35:35 UTC", 5}, {facts.ConfigurationAuthor, "", "root", 5}, {facts.ConfigurationAuthor, "node0", "root", 5},
				{facts.BootTime, "node1", "2024-05-27 07:03:00 UTC", 10}, {facts.Uptime, "node1", "443580", 10},
			},
		},
		{
			name: "a virtual chassis", command: "show virtual-chassis",
			reply: `Virtual Chassis ID: 0019.e250.9ba0
Virtual Chassis Mode: Enabled
                                                Mstr           Mixed Route Neighbor List
Member ID  Status   Serial No    Model          prio  Role      Mode  Mode ID  Interface
0 (FPC 0)  Prsnt    BP0208192234 ex4200-48p     128   Backup    N  VC   1  vcp-0
                                                                        1  vcp-1
1 (FPC 1)  Prsnt    BP0208192235 ex4200-48p     128   Master*   N  VC   0  vcp-0
2 (FPC 2)  NotPrsnt BP0208192236 ex4200-24t
Member ID for next new member: 3 (FPC 3)
`,
			want: []fact{
				{facts.ComponentState, "fpc0", "Prsnt", 5}, {facts.SerialNumber, "fpc0", "BP0208192234", 5}, {facts.Model, "fpc0", "ex4200-48p", 5}, {facts.ComponentPriority, "fpc0", "128", 5}, {facts.ComponentRole, "fpc0", "Backup", 5},
				{facts.ComponentState, "fpc1", "Prsnt", 7}, {facts.SerialNumber, "fpc1", "BP0208192235", 7}, {facts.Model, "fpc1", "ex4200-48p", 7}, {facts.ComponentPriority, "fpc1", "128", 7}, {facts.ComponentRole, "fpc1", "Master", 7},
				{facts.ComponentState, "fpc2", "NotPrsnt", 8}, {facts.SerialNumber, "fpc2", "BP0208192236", 8}, {facts.Model, "fpc2", "ex4200-24t", 8},
			},
		},
		{name: "a row that is none", command: "show virtual-chassis", reply: "Member ID  Status   Serial No    Model          prio  Role\n0 (FPC 0)  Unprvsnd\n", problem: "line 2: not a member"},
		{
			name: "a cluster's roles", command: "show chassis cluster status",
			reply: `Monitor Failure codes:
    CS  Cold Sync monitoring        FL  Fabric Connection monitoring
Cluster ID: 1
Node   Priority Status               Preempt Manual   Monitor-failures

Redundancy group: 0 , Failover count: 1
node0  200      primary              no      no       None
node1  100      secondary            no      no       None

Redundancy group: 1 , Failover count: 1
node0  100      secondary            no      no       None
node1  200      primary              no      no       None
`,
			want: []fact{
				{facts.ComponentPriority, "node0", "200", 7}, {facts.ComponentRole, "node0", "primary", 7}, {facts.ComponentPriority, "node1", "100", 8}, {facts.ComponentRole, "node1", "secondary", 8},
			},
		},
	})
}

func TestBootMedia(t *testing.T) {
	runReaderTests(t, collectors.CLI, []readerTest{
		{
			name: "a firewall that fell back to its backup partition", command: "show system storage partitions",
			reply: `Boot Media: internal (da0)
Active Partition: da0s2a
Backup Partition: da0s1a
Currently booted from: backup (da0s1a)

Partitions information:
  Partition  Size   Mountpoint
  s1a        298M   /
  s2a        297M   altroot
  s4e               unused (backup config)
`,
			want: []fact{
				{facts.BootSetting, "boot media", "internal (da0)", 1},
				{facts.BootVariable, "1", "da0s2a", 2}, {facts.NextBootVariable, "1", "da0s2a", 2}, {facts.BootVariable, "2", "da0s1a", 3}, {facts.NextBootVariable, "2", "da0s1a", 3},
				{facts.RunningImage, "", "da0s1a", 4},
			},
		},
		{
			name: "a virtual chassis whose members run from different partitions", command: "show system storage partitions",
			reply: `fpc0:
--------------------------------------------------------------------------
Boot Media: internal (da0)
Active Partition: da0s2a
Backup Partition: da0s1a
Currently booted from: active (da0s2a)

fpc1:
--------------------------------------------------------------------------
Boot Media: internal (da0)
Active Partition: da0s1a
Backup Partition: da0s2a
Currently booted from: active (da0s1a)
`,
			want: []fact{
				{facts.BootSetting, "fpc0 boot media", "internal (da0)", 3},
				{facts.BootVariable, "1", "da0s2a", 4}, {facts.NextBootVariable, "1", "da0s2a", 4}, {facts.BootVariable, "2", "da0s1a", 5}, {facts.NextBootVariable, "2", "da0s1a", 5},
				{facts.RunningImage, "", "da0s2a", 6}, {facts.ComponentImage, "fpc0", "da0s2a", 6},
				{facts.BootSetting, "fpc1 boot media", "internal (da0)", 10}, {facts.BootSetting, "fpc1 active partition", "da0s1a", 11}, {facts.BootSetting, "fpc1 backup partition", "da0s2a", 12},
				{facts.ComponentImage, "fpc1", "da0s1a", 13},
			},
		},
		{name: "booted from something else", command: "show system storage partitions", reply: "Currently booted from: usb\n", problem: `not a partition: "usb"`},
		{
			name: "the systems on both partitions", command: "show system snapshot media internal",
			reply: `Information for snapshot on       internal (/dev/da0s1a) (backup)
Creation date: Mar 27 01:27:05 2013
JUNOS version on snapshot:
  jbase  : ex-12.3R3.4
  jcrypto-ex: 12.3R3.4
  jdocs-ex: 12.3R3.4
Information for snapshot on       internal (/dev/da0s2a) (primary)
Creation date: Jan 21 02:04:03 2018
JUNOS version on snapshot:
  junos  : 15.1X49-D110.4-domestic
`,
			want: []fact{
				{facts.Partition, "da0s1a", "12.3R3.4", 4}, {facts.PartitionState, "da0s1a", "backup", 1},
				{facts.Partition, "da0s2a", "15.1X49-D110.4", 10}, {facts.PartitionState, "da0s2a", "primary", 7},
			},
		},
		{
			name: "snapshots of a router", command: "show system snapshot",
			reply: `Non-recovery snapshots:
Snapshot snap.20240403.061310:
Location: /packages/sets/snap.20240403.061310
Creation date: Apr  3 06:13:10 2024
Junos version: 18.1R1.9

Total non-recovery snapshots: 1

Recovery Snapshots:
Snapshots available on the OAM volume:
recovery.ufs
Date created: Tue Apr  3 06:13:22 UTC 2024
Junos version: 21.4R3-S5.4

Total recovery snapshots: 1
`,
			want: []fact{{facts.Partition, "snap.20240403.061310", "18.1R1.9", 5}, {facts.Partition, "recovery.ufs", "21.4R3-S5.4", 13}},
		},
		{name: "no snapshots", command: "show system snapshot", reply: "Non-recovery snapshots:\n\nTotal non-recovery snapshots: 0\n\nNo recovery snapshots available\n"},
		{
			name: "installed versions, one waiting", command: "show system software list",
			reply: `-------------------------------
node: re0
-------------------------------
Active boot device is primary: /dev/sda
List of installed version(s) :

    '-' running version
    '>' next boot version after upgrade/downgrade
    '<' rollback boot version
    '*' deleted JSU version

 -   junos-evo-install-ptx-x86-64-20.2R1.10-EVO - [2020-06-22 11:09:07]
 >   junos-evo-install-ptx-x86-64-20.1R2.9-EVO - [2020-05-08 22:15:10]

-------------------------------
node: re1
-------------------------------
Active boot device is primary: /dev/sda
List of installed version(s) :

 -   junos-evo-install-ptx-x86-64-20.2R1.10-EVO - [2020-06-22 11:09:07]
 <   junos-evo-install-ptx-x86-64-19.4-201907170034.0-EVO - [2019-07-17 20:10:34]
`,
			want: []fact{
				{facts.BootSetting, "active boot device", "primary: /dev/sda", 4},
				{facts.Partition, "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", "20.2R1.10-EVO", 12}, {facts.PartitionState, "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", "running version", 12},
				{facts.Partition, "junos-evo-install-ptx-x86-64-20.1R2.9-EVO", "20.1R2.9-EVO", 13}, {facts.PartitionState, "junos-evo-install-ptx-x86-64-20.1R2.9-EVO", "next boot version", 13},
				{facts.BootSetting, "re1 active boot device", "primary: /dev/sda", 18},
				{facts.Partition, "re1 junos-evo-install-ptx-x86-64-20.2R1.10-EVO", "20.2R1.10-EVO", 21}, {facts.PartitionState, "re1 junos-evo-install-ptx-x86-64-20.2R1.10-EVO", "running version", 21},
				{facts.Partition, "re1 junos-evo-install-ptx-x86-64-19.4-201907170034.0-EVO", "junos-evo-install-ptx-x86-64-19.4-201907170034.0-EVO", 22}, {facts.PartitionState, "re1 junos-evo-install-ptx-x86-64-19.4-201907170034.0-EVO", "rollback boot version", 22},
				{facts.RunningImage, "", "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", 12}, {facts.BootVariable, "1", "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", 12}, {facts.NextBootVariable, "1", "junos-evo-install-ptx-x86-64-20.1R2.9-EVO", 13},
				{facts.ComponentImage, "re1", "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", 21}, {facts.BootVariable, "re1 1", "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", 21}, {facts.NextBootVariable, "re1 1", "junos-evo-install-ptx-x86-64-20.2R1.10-EVO", 21},
			},
		},
		{name: "nothing runs", command: "show system software list", reply: " <   junos-evo-install-ptx-x86-64-20.1R2.9-EVO - [2020-05-08 22:15:10]\n",
			want: []fact{{facts.Partition, "junos-evo-install-ptx-x86-64-20.1R2.9-EVO", "20.1R2.9-EVO", 1}, {facts.PartitionState, "junos-evo-install-ptx-x86-64-20.1R2.9-EVO", "rollback boot version", 1}}, problem: "no running version"},
		{
			name: "a VM host", command: "show vmhost version",
			reply: `Current root details,           Device sda, Label: jrootp_P, Partition: sda3
Current boot disk: Primary
Current root set: p
UEFI    Version: NGRE_v00.53.00.01

Primary Disk, Upgrade Time: Tue Aug  9 07:54:40 UTC 2022

Version: set p
VMHost Version: 3.1066
VMHost Root: vmhost-x86_64-19.4R3.11
VMHost Core: vmhost-core-x86-64-19.4R3.11
kernel: 3.10.100-ovp-rt110-WR6.0.0.33_preempt-rt
Junos Disk: junos-install-mx-x86-64-19.4R3.11

Version: set b
VMHost Version: 2.951
Junos Disk: junos-install-mx-x86-64-18.2R1.9
`,
			want: []fact{
				{facts.BootSetting, "vm host root details", "Device sda, Label: jrootp_P, Partition: sda3", 1}, {facts.BootSetting, "vm host boot disk", "Primary", 2}, {facts.BootSetting, "vm host root set", "p", 3},
				{facts.BootLoaderVersion, "UEFI", "NGRE_v00.53.00.01", 4},
				{facts.PartitionState, "primary disk set p", "current", 3},
				{facts.ComponentVersion, "primary disk set p vmhost version", "3.1066", 9}, {facts.ComponentVersion, "primary disk set p vmhost root", "vmhost-x86_64-19.4R3.11", 10},
				{facts.ComponentVersion, "primary disk set p vmhost core", "vmhost-core-x86-64-19.4R3.11", 11}, {facts.ComponentVersion, "primary disk set p kernel", "3.10.100-ovp-rt110-WR6.0.0.33_preempt-rt", 12},
				{facts.Partition, "primary disk set p", "19.4R3.11", 13},
				{facts.ComponentVersion, "primary disk set b vmhost version", "2.951", 16}, {facts.Partition, "primary disk set b", "18.2R1.9", 17},
			},
		},
		{
			name: "a pending set of packages", command: "file list detail /packages/sets/",
			reply: `/packages/sets/:
total blocks: 24
drwxr-xr-x  4 root  wheel     512 Feb 11 10:04 active/
drwxr-xr-x  4 root  wheel     512 Mar  2 03:12 pending/
drwxr-xr-x  4 root  wheel     512 Aug 30  2023 previous/
total files: 3
`,
			want: []fact{
				{facts.File, "/packages/sets/active", "512", 3}, {facts.FilePermissions, "/packages/sets/active", "drwxr-xr-x", 3}, {facts.FileTime, "/packages/sets/active", "Feb 11 10:04", 3},
				{facts.File, "/packages/sets/pending", "512", 4}, {facts.FilePermissions, "/packages/sets/pending", "drwxr-xr-x", 4}, {facts.FileTime, "/packages/sets/pending", "Mar 2 03:12", 4},
				{facts.File, "/packages/sets/previous", "512", 5}, {facts.FilePermissions, "/packages/sets/previous", "drwxr-xr-x", 5}, {facts.FileTime, "/packages/sets/previous", "Aug 30 2023", 5},
				{facts.PartitionState, "/packages/sets/active", "active", 3}, {facts.PartitionState, "/packages/sets/pending", "pending", 4}, {facts.PartitionState, "/packages/sets/previous", "previous", 5},
				{facts.RunningImage, "", "/packages/sets/active", 3}, {facts.BootVariable, "1", "/packages/sets/active", 3}, {facts.NextBootVariable, "1", "/packages/sets/pending", 4},
			},
		},
		{name: "no set is active", command: "file list detail /packages/sets/", reply: "/packages/sets/:\ntotal files: 0\n", problem: "no active set of packages"},
		{
			name: "mounted drives", command: "show system storage",
			reply: `Filesystem              Size       Used      Avail  Capacity   Mounted on
/dev/gpt/junos          8.9G       1.0G       7.2G       12%  /.mount
devfs                   1.0K       1.0K         0B      100%  /dev
/dev/md0                 21M        8.0M        11M       42%  /.mount/packages/mnt/os-libs-12
/dev/a-device-with-a-name-that-is-too-long-for-its-column
                        512M       1.0M       511M        0%  /mnt
procfs                  4.0K       4.0K         0B      100%  /proc
`,
			want: []fact{{facts.FileSystem, "/.mount", "/dev/gpt/junos", 2}, {facts.FileSystem, "/mnt", "/dev/a-device-with-a-name-that-is-too-long-for-its-column", 5}},
		},
	})
}

func TestFiles(t *testing.T) {
	runReaderTests(t, collectors.CLI, []readerTest{
		{
			name: "every sort of file", command: "file list detail /var/tmp/",
			reply: `/var/tmp/:
total blocks: 10772
drwxrwxrwx  2 root  wheel        512 Mar 29  2021 .snap/
-rw-r--r--  1 root  wheel    5362384 Sep 12 20:03 jinstall-ppc-18.4R3-S10-signed.tgz
lrwxr-xr-x  1 root  wheel         11 Mar 29  2021 home@ -> /var/home
-rwxr-xr-x  1 root  wheel      10240 Mar 29  2021 check.sh*
-rw-r--r--  1 root  wheel          3 Mar 29  2021 a name with blanks*
crw-r-----  1 root  operator   0, 60 Mar 29 13:32 ad0
total files: 6
`,
			want: []fact{
				{facts.File, "/var/tmp/.snap", "512", 3}, {facts.FilePermissions, "/var/tmp/.snap", "drwxrwxrwx", 3}, {facts.FileTime, "/var/tmp/.snap", "Mar 29 2021", 3},
				{facts.File, "/var/tmp/jinstall-ppc-18.4R3-S10-signed.tgz", "5362384", 4}, {facts.FilePermissions, "/var/tmp/jinstall-ppc-18.4R3-S10-signed.tgz", "-rw-r--r--", 4}, {facts.FileTime, "/var/tmp/jinstall-ppc-18.4R3-S10-signed.tgz", "Sep 12 20:03", 4},
				{facts.File, "/var/tmp/home", "11", 5}, {facts.FilePermissions, "/var/tmp/home", "lrwxr-xr-x", 5}, {facts.FileTime, "/var/tmp/home", "Mar 29 2021", 5},
				{facts.File, "/var/tmp/check.sh", "10240", 6}, {facts.FilePermissions, "/var/tmp/check.sh", "-rwxr-xr-x", 6}, {facts.FileTime, "/var/tmp/check.sh", "Mar 29 2021", 6},
				{facts.File, "/var/tmp/a name with blanks*", "3", 7}, {facts.FilePermissions, "/var/tmp/a name with blanks*", "-rw-r--r--", 7}, {facts.FileTime, "/var/tmp/a name with blanks*", "Mar 29 2021", 7},
				{facts.File, "/var/tmp/ad0", "0", 8}, {facts.FilePermissions, "/var/tmp/ad0", "crw-r-----", 8}, {facts.FileTime, "/var/tmp/ad0", "Mar 29 13:32", 8},
			},
		},
		{
			name: "the other routing engine", command: "file list detail re1:/var/tmp/",
			reply: "re1:\n--------------------------------------------------------------------------\n/var/tmp/:\ntotal blocks: 4\n-rw-r--r--  1 root  wheel  1 Mar 29  2021 x\ntotal files: 1\n",
			want:  []fact{{facts.File, "re1:/var/tmp/x", "1", 5}, {facts.FilePermissions, "re1:/var/tmp/x", "-rw-r--r--", 5}, {facts.FileTime, "re1:/var/tmp/x", "Mar 29 2021", 5}},
		},
		{name: "a row that is none", command: "file list detail /var/tmp/", reply: "/var/tmp/:\ntotal blocks: 4\n-rw-r--r--  1 root\n", problem: "line 3: not a row of a listing"},
		{name: "an empty directory", command: "file list detail /var/tmp/", reply: "/var/tmp/:\ntotal files: 0\n"},
		{name: "no listing at all", command: "file list detail /var/tmp/", problem: "no listing in the reply"},
		{name: "a digest", command: "file checksum sha-256 /var/tmp/x.tgz", reply: "SHA256 (/var/tmp/x.tgz) = " + sha256Hex + "\n", want: []fact{{facts.ImageDigest, "/var/tmp/x.tgz", "sha256:" + sha256Hex, 1}}},
		{name: "a digest in two lines", command: "file checksum sha-256 /var/tmp/x.tgz", reply: "SHA256 (/var/tmp/x.tgz) = " + sha256Hex[:20] + "\n" + sha256Hex[20:] + "\n", want: []fact{{facts.ImageDigest, "/var/tmp/x.tgz", "sha256:" + sha256Hex, 1}}},
		{name: "a digest behind which the file stands", command: "file checksum md5 /var/tmp/x.iso", reply: md5Hex + "  /var/tmp/x.iso\n", want: []fact{{facts.ImageDigest, "/var/tmp/x.iso", "md5:" + md5Hex, 1}}},
		{name: "a digest of another length", command: "file checksum md5 /var/tmp/x.tgz", reply: "MD5 (/var/tmp/x.tgz) = " + sha256Hex + "\n", problem: "is no md5 digest"},
		{name: "two digests", command: "file checksum md5 /var/tmp/x.tgz", reply: "MD5 (/x) = " + md5Hex + "\nMD5 (/x) = " + strings.Repeat("0", 32) + "\n",
			want: []fact{{facts.ImageDigest, "/x", "md5:" + md5Hex, 1}, {facts.ImageDigest, "/x", "md5:" + strings.Repeat("0", 32), 2}}, problem: "two values for image digest"},
		{name: "no file", command: "file checksum sha-256 /var/tmp/x.tgz", reply: "sha256: /var/tmp/x.tgz: No such file or directory\n", problem: "unsupported-command"},
	})
}

// TestFields holds that a row comes apart as it was put together.
func TestFields(t *testing.T) {
	for row, want := range map[string][]string{
		"":                         {"", "", ""},
		"ab":                       {"ab", "", ""},
		"abcde 12 rest of it":      {"abcde", "12", "rest of it"},
		"a     1  rest":            {"a", "1", "rest"},
		"a        rest":            {"a", "", "rest"},
		"a longer name 12 rest":    {"a longer", "name", "12 rest"},
		"abcdefgh 123456 the rest": {"abcdefgh", "123456", "the rest"},
		"abcdefgh":                 {"abcdefgh", "", ""},
		"a³    1  rest":            {"a³", "1", "rest"},
		"a\xb3    1  rest":         {"a\xb3", "1", "rest"},
	} {
		if diff := cmp.Diff(want, fields(row, []int{0, 6, 9})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", row, diff)
		}
	}
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"fpc0:\n--------------------\nHostname: a\nJunos: 21.4R3\n", "Item             Version  Part number  Serial number     Description\nChassis   a\n",
		"Routing Engine status:\n  Slot 0:\n    Uptime   1 day\n", "Part                     Type       Version\nFPC 0  ROM a\n", "Part             Type       Tag Current   Available Status\nFPC 0 a\n",
		" -   junos-evo-install-x-20.2R1.10-EVO - [x]\n", "Version: set p\nJunos Disk: a\n", "Primary Disk,\nVersion: set p\nJunos Disk: a\n", "/packages/sets/:\ndrwxr-xr-x  4 root  wheel     512 Feb 11 10:04 active/\n",
		"Information for snapshot on  a (/dev/b) (backup)\n  junos : 1\n", "Filesystem  Mounted on\n/dev/a\n1 2 3 4% /\n", "<software-information><junos-version>1</junos-version></software-information>",
		"<directory name=\"/a\"><file-information><file-name>b</file-name><file-size>1</file-size></file-information></directory>",
		"<multi-routing-engine-item><re-name>re0</re-name><route-engine><slot>0</slot><model>x</model></route-engine></multi-routing-engine-item>",
		"<chassis-inventory><chassis><name>Chassis</name><serial-number>1</serial-number></chassis></chassis-inventory>",
	} {
		f.Add(text)
	}
	for _, pattern := range []string{"../../testdata/juniper_junos/*/*.txt", "../../../shared/captures/juniper_junos/*/*.txt"} {
		files, err := filepath.Glob(pattern)
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
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, transport := range []collectors.Transport{collectors.CLI, collectors.NETCONF} {
			for _, q := range Junos.Queries[transport] {
				found, _ := q.Read(collectors.Reply{Command: q.Commands[0], Text: text})
				for _, fact := range found {
					if fact.Line < 1 || fact.Line > lines {
						t.Errorf("%s: %s %q has line %d of %d", q.Commands[0], fact.Kind, fact.Subject, fact.Line, lines)
					}
					if strings.TrimSpace(fact.Value) == "" || fact.Kind == "" {
						t.Errorf("%s: %s %q in line %d says nothing: %q", q.Commands[0], fact.Kind, fact.Subject, fact.Line, fact.Value)
					}
					if !slices.Contains(q.Yields, fact.Kind) {
						t.Errorf("%s: the query does not say that it yields a %s", q.Commands[0], fact.Kind)
					}
				}
				if most := 12*lines + len(text); len(found) > most {
					t.Errorf("%s: %d facts in %d bytes and %d lines", q.Commands[0], len(found), len(text), lines)
				}
			}
		}
	})
}
