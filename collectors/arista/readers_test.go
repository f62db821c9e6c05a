package arista

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
func read(t *testing.T, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := EOS.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	set := EOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
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

func runReaderTests(t *testing.T, tests []readerTest) {
	t.Helper()
	for _, test := range tests {
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

const (
	md5Hex    = "3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7"
	sha512Hex = "5a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b0a1b2c3d4e5f60718293a4b5c6d7e8f95a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

func TestVersion(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "a switch", command: "show version",
			reply: `Arista DCS-7280SR-48C6-F
Hardware version:      21.02
Serial number:         SSJ17115517
Hardware MAC address:  444c.a8b1.9d3f
System MAC address:    444c.a8b1.9d3f

Software image version: 4.28.9M
Architecture:           x86_64
Internal build version: 4.28.9M-33818481.4289M
Internal build ID:      d6560fe3-4c9f-4765-81f0-cba651cf54f8
Image format version:   3.0
Image optimization:     Default

Uptime:                 26 weeks, 1 days, 0 hours and 31 minutes
Total memory:           32458980 kB
Free memory:            28031740 kB
`,
			want: []fact{
				{facts.Model, "", "DCS-7280SR-48C6-F", 1}, {facts.HardwareVersion, "", "21.02", 2}, {facts.SerialNumber, "", "SSJ17115517", 3}, {facts.BaseMAC, "", "444c.a8b1.9d3f", 5},
				{facts.RunningVersion, "", "4.28.9M", 7}, {facts.OperatingSystem, "", "EOS", 7}, {facts.SoftwareImage, "architecture", "x86_64", 8},
				{facts.BuildID, "", "4.28.9M-33818481.4289M", 9}, {facts.BuildID, "internal build id", "d6560fe3-4c9f-4765-81f0-cba651cf54f8", 10},
				{facts.SoftwareImage, "image format version", "3.0", 11}, {facts.SoftwareImage, "image optimization", "Default", 12}, {facts.Uptime, "", "15813060", 14},
			},
		},
		{
			name: "an engineering build", command: "show version",
			reply: "Arista cEOSLab\nSerial number: \nSoftware image version: 4.32.1F-37265360.4321F (engineering build)\nUptime: 1 hour and 16 minutes\nUptime: N/A\n",
			want: []fact{
				{facts.Model, "", "cEOSLab", 1}, {facts.RunningVersion, "", "4.32.1F-37265360.4321F", 3}, {facts.OperatingSystem, "", "EOS", 3}, {facts.ReleaseType, "", "engineering build", 3}, {facts.Uptime, "", "4560", 4},
			},
		},
		{
			name: "an uptime that is none", command: "show version", reply: "Arista vEOS\nSoftware image version: 4.20.5F\nUptime: 3 fortnights\nodd\n",
			want:    []fact{{facts.Model, "", "vEOS", 1}, {facts.RunningVersion, "", "4.20.5F", 2}, {facts.OperatingSystem, "", "EOS", 2}},
			problem: "line 3: not a duration: \"3 fortnights\"\nline 4: not a property",
		},
		{name: "two versions", command: "show version", reply: "Arista vEOS\nSoftware image version: 4.20.5F\nSoftware image version: 4.20.6F\n",
			want:    []fact{{facts.Model, "", "vEOS", 1}, {facts.RunningVersion, "", "4.20.5F", 2}, {facts.OperatingSystem, "", "EOS", 2}, {facts.RunningVersion, "", "4.20.6F", 3}, {facts.OperatingSystem, "", "EOS", 3}},
			problem: "two values for running version"},
		{name: "nothing", command: "show version", problem: "no software image version"},
		{
			name: "JSON", command: "show version | json",
			reply: `{
    "uptime": 5860361.78, "bootupTimestamp": 1531344080.0,
    "modelName": "DCS-7010T-48-R",
    "internalVersion": "4.20.7M-8944203.4207M",
    "systemMacAddress": "28:99:3a:23:92:09",
    "serialNumber": "SSJ12345678",
    "version": "4.20.7M",
    "architecture": "i386",
    "isIntlVersion": false,
    "internalBuildId": "c673df71-201a-43a3-8d66-9f28c0ac92fc",
    "hardwareRevision": "12.00"
}`,
			want: []fact{
				{facts.Model, "", "DCS-7010T-48-R", 3}, {facts.RunningVersion, "", "4.20.7M", 7}, {facts.OperatingSystem, "", "EOS", 7}, {facts.HardwareVersion, "", "12.00", 11},
				{facts.SerialNumber, "", "SSJ12345678", 6}, {facts.BaseMAC, "", "28:99:3a:23:92:09", 5}, {facts.BuildID, "", "4.20.7M-8944203.4207M", 4},
				{facts.BuildID, "internal build id", "c673df71-201a-43a3-8d66-9f28c0ac92fc", 10}, {facts.SoftwareImage, "architecture", "i386", 8}, {facts.BootTime, "", "1531344080.0", 2}, {facts.Uptime, "", "5860361", 2},
			},
		},
		{name: "JSON with what a pager left", command: "show version | json", reply: "{\n--More-- \r         \r\"version\": \"4.20.7M\",\n\"modelName\": \"vEOS\"}",
			want: []fact{{facts.Model, "", "vEOS", 3}, {facts.RunningVersion, "", "4.20.7M", 2}, {facts.OperatingSystem, "", "EOS", 2}}},
		{name: "a key twice", command: "show version | json", reply: "{\"version\": \"4.20.7M\",\n\"version\": \"4.20.8M\"}", problem: "line 2: a second value"},
		{name: "JSON that is cut", command: "show version | json", reply: "{\"version\": \"4.20.7M\"", problem: "unexpected EOF"},
		{name: "more behind JSON", command: "show version | json", reply: "{\"version\": \"4.20.7M\"} x", problem: "the JSON of the reply"},
		{name: "deep JSON", command: "show version | json", reply: strings.Repeat("{\"a\":", 40) + "1" + strings.Repeat("}", 40), problem: "more than 32 deep"},
		{name: "an error in JSON", command: "show version | json", reply: "{\"errors\": [\"x\"]}", problem: "no software image version"},
		{
			name: "components", command: "show version detail | json",
			reply: `{"version": "4.28.9M", "details": {"switchType": "fixedSystem", "components": [
{"name": "Aboot", "version": "Aboot-norcal7-7.2.0-pcie2x4-6128821"},
{"name": "FixedSystemFpga", "version": "0x16"}, {"name": "FixedSystemFpga", "version": "0x17"}], "packages": {"AgentMonitor": {"version": "1"}}}}`,
			want: []fact{{facts.BootLoaderVersion, "Aboot", "Aboot-norcal7-7.2.0-pcie2x4-6128821", 2}, {facts.ComponentVersion, "FixedSystemFpga", "0x16", 3}, {facts.ComponentVersion, "FixedSystemFpga #2", "0x17", 3}},
		},
		{
			name: "components as text", command: "show version detail",
			reply: `Arista DCS-7280SR-48C6-F
Hardware version:      21.02

Component              Version
---------------------- -----------------------------------
Aboot                  Aboot-norcal7-7.2.0-pcie2x4-6128821
FixedSystemFpga        0x16

Installed software packages:

Package                Version         Release
---------------------- --------------- ---------------
AgentMonitor           1.0.2           2468965.4150F
`,
			want: []fact{{facts.BootLoaderVersion, "Aboot", "Aboot-norcal7-7.2.0-pcie2x4-6128821", 6}, {facts.ComponentVersion, "FixedSystemFpga", "0x16", 7}},
		},
		{name: "no components", command: "show version detail | json", reply: "{\"details\": {}}", problem: "no component"},
		{name: "not privileged", command: "show boot-config", reply: "% Invalid input (privileged mode required)\n", problem: "no-privilege"},
		{name: "not on this hardware", command: "show module", reply: "% Unavailable command (not supported on this hardware platform)\n", problem: "platform-has-none"},
		{name: "unknown", command: "show boot-extensions", reply: "% Invalid input\n", problem: "unsupported-command"},
		{name: "no such directory", command: "dir extension:", reply: "% Error listing directory extension:/ (No such file or directory)\n", problem: "platform-has-none"},
	})
}

func TestInventory(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "a modular switch", command: "show inventory",
			reply: `System information
    Model                    Description
    ------------------------ ----------------------------------------------------
    DCS-7504                 4 slot chassis

    HW Version  Serial Number  Mfg Date   Epoch
    ----------- -------------- ---------- -----
    02.00       HSH14030001    2014-02-01 01.00

System has 2 power supply slots
    Slot Model            Serial Number
    ---- ---------------- ----------------
    1    PWR-2900AC       K192KU00241CZ
    2    Not Present

System has 1 storage device
    Mount      Type Model                Rev  Serial Number  Storage Size (GB)
    ---------- ---- -------------------- ---- -------------- -----------------
    /mnt/flash eMMC Smart Modular 4 GB   8.2  5093B2F6       4

System has 3 transceiver slots
    Port Manufacturer     Model            Serial Number    Rev
    ---- ---------------- ---------------- ---------------- ----
    1    Arista Networks  SFP-10G-SR       XCW1225FD753     0002
    2    Not Present
    3    FINISAR CORP.    FTLX8571D3BCL-AR ADT1D02
`,
			want: []fact{
				{facts.Component, "", "4 slot chassis", 4}, {facts.Model, "", "DCS-7504", 4}, {facts.HardwareVersion, "", "02.00", 8}, {facts.SerialNumber, "", "HSH14030001", 8},
				{facts.Model, "power supply 1", "PWR-2900AC", 13}, {facts.SerialNumber, "power supply 1", "K192KU00241CZ", 13},
				{facts.Model, "storage /mnt/flash", "Smart Modular 4 GB", 19}, {facts.HardwareVersion, "storage /mnt/flash", "8.2", 19}, {facts.SerialNumber, "storage /mnt/flash", "5093B2F6", 19},
				{facts.Component, "transceiver 1", "Arista Networks", 24}, {facts.Model, "transceiver 1", "SFP-10G-SR", 24}, {facts.HardwareVersion, "transceiver 1", "0002", 24}, {facts.SerialNumber, "transceiver 1", "XCW1225FD753", 24},
				{facts.Component, "transceiver 3", "FINISAR CORP.", 26}, {facts.Model, "transceiver 3", "FTLX8571D3BCL-AR", 26}, {facts.SerialNumber, "transceiver 3", "ADT1D02", 26},
			},
		},
		{
			name: "blanks that were lost", command: "show inventory",
			reply: "System information\n Model                    Description\n ------------------------ ------\n DCS-7050 20 port\n HW Version  Serial Number  Mfg Date\n ----------- -------------- ----------\n 12.10 FGN2348049J 2023-11-29\n" +
				"System has 2 power supply slots\n Slot Model Serial Number\n ---- ---------------- ----------------\n 1 PWR-460AC-F K192KU00241CZ\n 2 PWR-460AC-F\n",
			want: []fact{
				{facts.Component, "", "20 port", 4}, {facts.Model, "", "DCS-7050", 4}, {facts.HardwareVersion, "", "12.10", 7}, {facts.SerialNumber, "", "FGN2348049J", 7},
				{facts.Model, "power supply 1", "PWR-460AC-F", 11}, {facts.SerialNumber, "power supply 1", "K192KU00241CZ", 11},
			},
			problem: `line 12: not a part: " 2 PWR-460AC-F"`,
		},
		{name: "a value that is wider than its column", command: "show inventory", reply: "System information\n    Model    Description\n    -------- ----\n    DCS-7050QX x\n", problem: "line 4: not a part"},
		{name: "a line that is none", command: "show inventory", reply: "System information\nodd\n    Model    Description\n    -------- ----\n    DCS-7050 x\n",
			want: []fact{{facts.Component, "", "x", 5}, {facts.Model, "", "DCS-7050", 5}}, problem: "line 2: not a section"},
		{
			name: "inventory in JSON", command: "show inventory | json",
			reply: `{"systemInformation": {"name": "DCS-7150S-52-CL", "description": "52-port SFP+", "hardwareRev": "02.00", "serialNum": "JPE13120702"},
"powerSupplySlots": {"1": {"name": "PWR-460AC-F", "serialNum": "K192KU00241CZ"}},
"xcvrSlots": {"2": {"mfgName": "Not Present", "modelName": ""}, "1": {"mfgName": "Arista Networks", "modelName": "SFP-10G-SR", "serialNum": "XCW1", "hardwareRev": "0002"}}}`,
			want: []fact{
				{facts.Component, "", "52-port SFP+", 1}, {facts.Model, "", "DCS-7150S-52-CL", 1}, {facts.HardwareVersion, "", "02.00", 1}, {facts.SerialNumber, "", "JPE13120702", 1},
				{facts.Model, "power supply 1", "PWR-460AC-F", 2}, {facts.SerialNumber, "power supply 1", "K192KU00241CZ", 2},
				{facts.Component, "transceiver 1", "Arista Networks", 3}, {facts.Model, "transceiver 1", "SFP-10G-SR", 3}, {facts.HardwareVersion, "transceiver 1", "0002", 3}, {facts.SerialNumber, "transceiver 1", "XCW1", 3},
			},
		},
		{
			name: "modules", command: "show module",
			reply: `Module  Ports Card Type                Model          Serial No.
------- ----- ------------------------ -------------- -----------
1       3     DCS-7500-SUP2 Supervisor DCS-7500-SUP2  XX16380393
2       3     DCS-7500-SUP2 Supervisor DCS-7500-SUP2  XX16380394
Fabric1 0     DCS-7508R Fabric         7508R-FM       XX16472732

Module  MAC addresses                         Hw    Sw
------- ------------------------------------- ----- -------
1       44:4c:a8:e6:17:5e - 44:4c:a8:e6:17:5f 14.20 4.19.5M
2       44:4c:a8:e6:17:60 - 44:4c:a8:e6:17:61 14.20 4.18.1F
Fabric1                                       12.03

Module  Status  Uptime
------- ------- ----------------
1       Active  74 days, 0:25:22
2       Standby 1 fortnight
Fabric1 Ok      0:25:22
`,
			want: []fact{
				{facts.Component, "slot 1", "DCS-7500-SUP2 Supervisor", 3}, {facts.Model, "slot 1", "DCS-7500-SUP2", 3}, {facts.SerialNumber, "slot 1", "XX16380393", 3},
				{facts.Component, "slot 2", "DCS-7500-SUP2 Supervisor", 4}, {facts.Model, "slot 2", "DCS-7500-SUP2", 4}, {facts.SerialNumber, "slot 2", "XX16380394", 4},
				{facts.Component, "slot Fabric1", "DCS-7508R Fabric", 5}, {facts.Model, "slot Fabric1", "7508R-FM", 5}, {facts.SerialNumber, "slot Fabric1", "XX16472732", 5},
				{facts.HardwareVersion, "slot 1", "14.20", 9}, {facts.ComponentVersion, "slot 1", "4.19.5M", 9}, {facts.HardwareVersion, "slot 2", "14.20", 10}, {facts.ComponentVersion, "slot 2", "4.18.1F", 10}, {facts.HardwareVersion, "slot Fabric1", "12.03", 11},
				{facts.ComponentState, "slot 1", "Active", 15}, {facts.ComponentRole, "slot 1", "Active", 15}, {facts.Uptime, "slot 1", "6395122", 15},
				{facts.ComponentState, "slot 2", "Standby", 16}, {facts.ComponentRole, "slot 2", "Standby", 16}, {facts.ComponentState, "slot Fabric1", "Ok", 17}, {facts.Uptime, "slot Fabric1", "1522", 17},
			},
			problem: `line 16: not a duration: "1 fortnight"`,
		},
		{
			name: "modules in JSON", command: "show module | json",
			reply: `{"modules": {"1": {"modelName": "DCS-7500-SUP2", "typeDescription": "DCS-7500-SUP2 Supervisor", "serialNum": "XX1", "hardwareRev": "14.20", "softwareRev": "4.19.5M", "status": "active"}}}`,
			want: []fact{
				{facts.Component, "slot 1", "DCS-7500-SUP2 Supervisor", 1}, {facts.Model, "slot 1", "DCS-7500-SUP2", 1}, {facts.SerialNumber, "slot 1", "XX1", 1}, {facts.HardwareVersion, "slot 1", "14.20", 1},
				{facts.ComponentVersion, "slot 1", "4.19.5M", 1}, {facts.ComponentState, "slot 1", "active", 1}, {facts.ComponentRole, "slot 1", "active", 1},
			},
		},
		{
			name: "redundancy", command: "show redundancy status",
			reply: "  my state = ACTIVE\npeer state = STANDBY WARM\n      Unit = Primary\nRedundancy Protocol (Operational) = Route Processor Redundancy\nLast switchover time = 7:23:56 ago\nLast switchover reason = Supervisor has control of the active supervisor lock\n",
			want:  []fact{{facts.Redundancy, "my state", "ACTIVE", 1}, {facts.Redundancy, "peer state", "STANDBY WARM", 2}, {facts.Redundancy, "operating mode", "Route Processor Redundancy", 4}, {facts.Redundancy, "last switchover reason", "Supervisor has control of the active supervisor lock", 6}},
		},
	})
}

func TestBoot(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "a password", command: "show boot-config",
			reply: "Software image: flash:/EOS-4.28.9M.swi\nConsole speed: (not set)\nAboot password (encrypted): $1$abc$0123456789\nMemory test iterations: 3\n",
			want: []fact{
				{facts.BootVariable, "1", "flash:/EOS-4.28.9M.swi", 1}, {facts.NextBootVariable, "1", "flash:/EOS-4.28.9M.swi", 1}, {facts.BootSetting, "console speed", "(not set)", 2},
				{facts.BootSetting, "aboot password", "set", 3}, {facts.BootSetting, "memory test iterations", "3", 4},
			},
		},
		{name: "no image", command: "show boot-config | exclude password", reply: "Software image: (not set)\n", want: []fact{{facts.BootSetting, "boot variable", "does not exist", 1}, {facts.BootSetting, "next boot variable", "does not exist", 1}}},
		{name: "in JSON", command: "show boot-config | json", reply: "{\"softwareImage\": \"flash:/EOS.swi\",\n\"abootPassword\": \"(not set)\", \"memTestIterations\": 0, \"securebootEnabled\": true}",
			want: []fact{{facts.BootVariable, "1", "flash:/EOS.swi", 1}, {facts.NextBootVariable, "1", "flash:/EOS.swi", 1}, {facts.BootSetting, "aboot password", "(not set)", 2}, {facts.BootSetting, "mem test iterations", "0", 2}, {facts.BootSetting, "secureboot enabled", "true", 2}}},
		{name: "no setting", command: "show boot-config", reply: "odd\n", problem: "line 1: not a setting of the boot: \"odd\"\nno software image"},
		{name: "extensions at boot", command: "show boot-extensions", reply: "EosSdk-1.3.4-4.15.0F.i686.rpm\nTerminAttr-1.22.1-1.swix force\n", want: []fact{{facts.PackageFile, "boot-extensions 1", "EosSdk-1.3.4-4.15.0F.i686.rpm", 1}, {facts.PackageFile, "boot-extensions 2", "TerminAttr-1.22.1-1.swix", 2}}},
		{name: "none at boot", command: "show boot-extensions"},
		{name: "what is none", command: "show boot-extensions", reply: "odd line of text\n", problem: "not an extension"},
		{
			name: "extensions with their state at boot", command: "show extensions",
			reply: `Name                          Version/Release           Status      Extension
----------------------------- ------------------------- ----------- ---------
EosSdk-1.3.4-4.15.0F.i686.rpm 1.3.4/2469114.EosSdk1     A, I, B     1
TerminAttr-1.22.1-1.swix      v1.22.1/1                 A, I        1
a.swix                        1/1                       A, NI, B    1
b.swix                        1/1                       A, NI       1
c.swix                        1/1                       A, F        1

A: available | NA: not available | I: installed | NI: not installed | F: forced
B: install at boot
S: valid signature | NS: invalid signature
`,
			want: []fact{
				{facts.Package, "EosSdk-1.3.4-4.15.0F.i686.rpm", "1.3.4/2469114.EosSdk1", 3}, {facts.PackageState, "EosSdk-1.3.4-4.15.0F.i686.rpm", "activated and committed", 3},
				{facts.Package, "TerminAttr-1.22.1-1.swix", "v1.22.1/1", 4}, {facts.PackageState, "TerminAttr-1.22.1-1.swix", "activated and uncommitted", 4},
				{facts.Package, "a.swix", "1/1", 5}, {facts.PackageState, "a.swix", "deactivated and uncommitted", 5}, {facts.Package, "b.swix", "1/1", 6}, {facts.PackageState, "b.swix", "inactive", 6},
				{facts.Package, "c.swix", "1/1", 7}, {facts.PackageState, "c.swix", "A, F", 7},
			},
		},
		{
			name: "an older release does not tell what boots", command: "show extensions",
			reply: "Name                                       Version/Release           Status extension\n------------------------------------------ ------------------------- ------ ---------\na.rpm                                      1.3.4/2469114             A, I      1\nb.rpm                                      1.3.4/2469114             A, NI     1\n\nA: available | NA: not available | I: installed | NI: not installed | F: forced\n",
			want:  []fact{{facts.Package, "a.rpm", "1.3.4/2469114", 3}, {facts.PackageState, "a.rpm", "A, I", 3}, {facts.Package, "b.rpm", "1.3.4/2469114", 4}, {facts.PackageState, "b.rpm", "inactive", 4}},
		},
		{name: "no extensions", command: "show extensions", reply: "No extensions are available\n", want: []fact{{facts.PackageState, "", "none", 1}}},
		{name: "an empty table", command: "show extensions", reply: "Name             Version/Release      Status      Extension\n---------------- -------------------- ----------- ---------\n\nA: available | NA: not available | I: installed | NI: not installed | F: forced\n", want: []fact{{facts.PackageState, "", "none", 1}}},
		{name: "no table", command: "show extensions", reply: "x\n", problem: "not an extension"},
		{name: "extensions in JSON", command: "show extensions | json", reply: "{\"extensions\": {\"x.swix\": {\"version\": \"1.22.1\", \"status\": \"installed\", \"boot\": true},\n\"y.swix\": {\"version\": \"1\", \"status\": \"installed\"},\n\"z.swix\": {\"version\": \"1\", \"status\": \"notInstalled\"}}}",
			want: []fact{{facts.Package, "x.swix", "1.22.1", 1}, {facts.PackageState, "x.swix", "activated and committed", 1}, {facts.Package, "y.swix", "1", 2}, {facts.PackageState, "y.swix", "installed", 2}, {facts.Package, "z.swix", "1", 3}, {facts.PackageState, "z.swix", "inactive", 3}}},
		{name: "no extensions in JSON", command: "show extensions | json", reply: "{\"extensions\": {}}", want: []fact{{facts.PackageState, "", "none", 1}}},
		{
			name: "two causes", command: "show reload cause",
			reply: "Reload Cause 1:\n-------------------\nReload requested by the user.\n\nReload Time:\n------------\nReload occurred at Thu Jan 14 16:22:11 2026 PST.\n\nRecommended Action:\n-------------------\nNo action necessary.\n\nReload Cause 2:\n-------------------\nThe system rebooted due to a Power Loss\n",
			want:  []fact{{facts.ReloadReason, "", "Reload requested by the user.", 3}, {facts.BootTime, "", "Thu Jan 14 16:22:11 2026 PST", 7}, {facts.ReloadReason, "cause 2", "The system rebooted due to a Power Loss", 15}},
		},
		{name: "a cause in JSON", command: "show reload cause | json", reply: "{\"resetCauses\": [{\"description\": \"Reload requested by the user.\", \"timestamp\": 1519395529.0}], \"full\": false}", want: []fact{{facts.ReloadReason, "", "Reload requested by the user.", 1}, {facts.BootTime, "", "1519395529.0", 1}}},
		{name: "no cause", command: "show reload cause", reply: "No reload cause information available\n", want: []fact{{facts.ReloadReason, "", "No reload cause information available", 1}}},
		{name: "an empty answer", command: "show reload cause", problem: "no cause"},
	})
}

func TestFiles(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "file systems", command: "show file systems",
			reply: "File systems:\n\n     Size (kB)  Free (kB)     Type  Flags  Prefixes\n *    3519500    1725548     flash     rw  flash:\n            -          -   network     rw  ftp: http:\n            -          -     flash     rw  usb1:\nodd\n",
			want: []fact{
				{facts.FileSystem, "flash:", "flash", 4}, {facts.FileSystemAccess, "flash:", "rw", 4}, {facts.TotalSpace, "flash:", "3603968000", 4}, {facts.FreeSpace, "flash:", "1766961152", 4},
				{facts.FileSystem, "ftp:", "network", 5}, {facts.FileSystemAccess, "ftp:", "rw", 5}, {facts.FileSystem, "http:", "network", 5}, {facts.FileSystemAccess, "http:", "rw", 5},
				{facts.FileSystem, "usb1:", "flash, no medium", 6}, {facts.FileSystemAccess, "usb1:", "rw", 6},
			},
			problem: `line 7: not a file system: "odd"`,
		},
		{
			name: "a listing", command: "dir flash:",
			reply: "Directory of flash:/\n\n       -rw-        1465           Feb 28 07:12  a name with blanks\n       drwx        4096           Jan  7  2026  persist\n       -rw-        1349              <no date>  running-config\n       odd\n\n4093313024 bytes total (3029774336 bytes free)\n",
			want: []fact{
				{facts.File, "flash:/a name with blanks", "1465", 3}, {facts.FilePermissions, "flash:/a name with blanks", "-rw-", 3}, {facts.FileTime, "flash:/a name with blanks", "Feb 28 07:12", 3},
				{facts.File, "flash:/persist", "4096", 4}, {facts.FilePermissions, "flash:/persist", "drwx", 4}, {facts.FileTime, "flash:/persist", "Jan 7 2026", 4},
				{facts.File, "flash:/running-config", "1349", 5}, {facts.FilePermissions, "flash:/running-config", "-rw-", 5},
				{facts.TotalSpace, "flash:", "4093313024", 8}, {facts.FreeSpace, "flash:", "3029774336", 8},
			},
			problem: `line 6: not a row of a listing: "odd"`,
		},
		{name: "a listing that is cut", command: "dir flash:", reply: "Directory of flash:/\n\n       -rw-        1465           Feb 28 07:12  x\n",
			want: []fact{{facts.File, "flash:/x", "1465", 3}, {facts.FilePermissions, "flash:/x", "-rw-", 3}, {facts.FileTime, "flash:/x", "Feb 28 07:12", 3}}, problem: "ends without its space"},
		{name: "nothing", command: "dir flash:", problem: "no directory"},
		{name: "a digest", command: "verify /sha512 flash:/EOS.swi", reply: "..\nverify /sha512 (flash:/EOS.swi) = " + sha512Hex + "\n", want: []fact{{facts.ImageDigest, "flash:/EOS.swi", "sha512:" + sha512Hex, 2}}},
		{name: "a digest in two lines", command: "verify /sha512 flash:/EOS.swi", reply: "verify /sha512 (flash:/EOS.swi) = " + sha512Hex[:40] + "\n" + sha512Hex[40:] + "\n", want: []fact{{facts.ImageDigest, "flash:/EOS.swi", "sha512:" + sha512Hex, 1}}},
		{name: "a digest that is too short", command: "verify /md5 flash:/EOS.swi", reply: "verify /md5 (flash:/EOS.swi) = " + md5Hex[1:] + "\n", problem: "31 digits are no md5 digest"},
		{name: "two digests", command: "verify /md5 flash:/EOS.swi", reply: "verify /md5 (flash:/EOS.swi) = " + md5Hex + "\nverify /md5 (flash:/EOS.swi) = " + strings.Repeat("0", 32) + "\n", want: []fact{{facts.ImageDigest, "flash:/EOS.swi", "md5:" + md5Hex, 1}}, problem: "line 2: not a digest"},
		{name: "no digest", command: "verify /md5 flash:/EOS.swi", reply: "\n", problem: "no digest"},
		{name: "no file", command: "verify /md5 flash:/EOS.swi", reply: "% Error opening flash:/EOS.swi (No such file or directory)\n", problem: "unsupported-command"},
	})
}

func TestArguments(t *testing.T) {
	file := func(path, mode string) []facts.Fact {
		return []facts.Fact{{Kind: facts.File, Subject: path, Value: "1"}, {Kind: facts.FilePermissions, Subject: path, Value: mode}}
	}
	set := facts.Set{Facts: slices.Concat(
		[]facts.Fact{{Kind: facts.NextBootVariable, Subject: "1", Value: "flash:EOS-4.28.9M.swi"}},
		file("flash:/EOS-4.28.9M.swi", "-rw-"), file("flash:/.boot-image.swi", "-r--"), file("flash:/x.swi", "drwx"), file("flash:/log.txt", "-rw-"), file("system:/x.swi", "-rw-"),
		[]facts.Fact{{Kind: facts.FileSystem, Subject: "flash:", Value: "flash"}, {Kind: facts.FileSystem, Subject: "ftp:", Value: "network"}, {Kind: facts.FileSystem, Subject: "usb1:", Value: "flash, no medium"}, {Kind: facts.FileSystem, Subject: "drive:", Value: "flash"}},
	)}
	if diff := cmp.Diff([]string{"flash:EOS-4.28.9M.swi", "flash:/.boot-image.swi"}, hashable(set)); diff != "" {
		t.Errorf("files to hash (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"flash:", "extension:", "drive:"}, fileSystems(set)); diff != "" {
		t.Errorf("file systems to list (-want +got):\n%s", diff)
	}
	if hashable(facts.Set{}) != nil {
		t.Error("files to hash, and nothing is known")
	}
	set.Facts[0].Value = "http://192.0.2.1/EOS.swi"
	if got := hashable(set); slices.Contains(got, "http://192.0.2.1/EOS.swi") {
		t.Errorf("an image on a server is hashed: %q", got)
	}
	for model, none := range map[string]bool{"DCS-7050TX-64-R": true, "DCS-7280SR-48C6-F": true, "vEOS-lab": true, "cEOSLab": true, "CCS-720XP-48Y6-F": true, "DCS-7508N": false, "DCS-7316": false, "DCS-7804": false, "CCS-755": false, "": false} {
		if why := notModular(facts.Set{Facts: []facts.Fact{{Kind: facts.Model, Value: model}}}); (why != "") != none {
			t.Errorf("%s: %q", model, why)
		}
	}
}

func TestVersionInName(t *testing.T) {
	for path, want := range map[string]string{
		"flash:/EOS-4.28.9M.swi": "4.28.9M", "flash:EOS64-4.30.1F.swi": "4.30.1F", "EOS-4.20.5F-INT.swi": "4.20.5F", "flash:/vEOS-lab-4.29.2F.swi": "4.29.2F",
		"EOS-2GB-4.18.5M.swi": "4.18.5M", "cEOS-lab-4.30.1F.tar.xz": "4.30.1F", "EOS-4.28.3.1M.swi": "4.28.3.1M", "EOS-4.15.5FX-7060X.1.swi": "4.15.5FX-7060X.1",
		"flash:/EOS.swi": "", "flash:/.boot-image.swi": "", "flash:/EOS-4.28.9M.swi.sha512": "", "TerminAttr-1.22.1-1.swix": "", "flash:/old/EOS-4.9.1.swi": "4.9.1",
	} {
		if got, ok := versionInName(path); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t; want %q", path, got, ok, want)
		}
	}
}

// FuzzVersionInName holds that a version in a name is one that can be ordered.
func FuzzVersionInName(f *testing.F) {
	f.Add("flash:/EOS-4.28.9M.swi")
	f.Add("EOS-4.15.5FX-7060X.1.swi")
	f.Fuzz(func(t *testing.T, path string) {
		if version, ok := versionInName(path); ok {
			if _, known := parseVersion(version); !known && len(version) < 80 {
				t.Errorf("%q of %q is no version", version, path)
			}
		}
	})
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"Arista x\nSoftware image version: 4.20.5F\n", "{\"version\": \"1\", \"modelName\": \"a\", \"uptime\": 1.5}", "{\"extensions\": {\"a\": {\"status\": \"installed\"}}}",
		"Model Description\n----- ----\na     b\n", "Module  Status\n------- ---\n1       Ok\n", "Directory of flash:/\n-rw- 1 <no date> x\n", "verify /md5 (a) = 0\n",
		"Reload Cause 1:\n---\nx\n", "Software image: a\n", "     Size (kB)  Free (kB)     Type  Flags  Prefixes\n1 2 flash rw flash:\n", "Name  Version/Release  Status  Extension\na.rpm 1/1 A, I 1\n", "my state = ACTIVE\n",
	} {
		f.Add(text)
	}
	for _, pattern := range []string{"../../testdata/arista_eos/*/*.txt", "../../../shared/captures/arista_eos/*/*.txt"} {
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
		for _, q := range EOS.Queries[collectors.CLI] {
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
	})
}
