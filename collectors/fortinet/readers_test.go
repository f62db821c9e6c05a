package fortinet

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

// read reads a reply as a visit would, contradictions and refusals included. The second result is the gap's reason and detail.
func read(t *testing.T, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := FortiOS.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	set := FortiOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
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

const flashTop = "Partition  Image                                     TotalSize(KB)  Used(KB)  Use%  Active\n"

func TestReaders(t *testing.T) {
	for _, test := range []struct {
		name, command, reply string
		want                 []fact
		problem              string // part of the gap's reason and detail; empty for none
	}{
		{
			name: "a release without a patch level in its number", command: "get system status",
			reply: "Version: Fortigate-50B v4.0,build0482,110920 (MR3 Patch 2)\nFortiClient application signature package: 1.131(2011-01-01)\nSerial-Number: FGT50B1234567890\n" +
				"BIOS version: 04000010\nDistribution: International\nBranch point: 482\nRelease Version Information: MR3 Patch 2\nSystem time: Thu Sep 22 19:30:59 2011\n",
			want: []fact{
				{facts.OperatingSystem, "", "FortiOS", 1}, {facts.Model, "", "Fortigate-50B", 1}, {facts.RunningVersion, "", "4.0,build0482", 1},
				{facts.ComponentVersion, "FortiOS", "4.0,build0482", 1}, {facts.BuildID, "", "0482", 1}, {facts.CompileTime, "", "110920", 1},
				{facts.ReleaseType, "", "MR3 Patch 2", 1}, {facts.ContentVersion, "forticlient application signature package", "1.131(2011-01-01)", 2},
				{facts.SerialNumber, "", "FGT50B1234567890", 3}, {facts.BootLoaderVersion, "BIOS", "04000010", 4}, {facts.BuildID, "branch point", "482", 6},
				{facts.ReleaseType, "release version information", "MR3 Patch 2", 7},
			},
		},
		{
			name: "a virtual machine without BIOS, part number and signature; an interim build", command: "get system status",
			reply: "fgt1 (global) # get system status\nVersion: FortiGate-VM64-KVM v7.6.1,build3450,241105 (interim)\nSecurity Level: 1\nSerial-Number: FGVMEVXXXXXXXXXX\nLicense Status: Valid\n" +
				"VM Resources: 1 CPU/1 allowed, 1992 MB RAM\nLog hard disk: Available\nHostname: MYCOOLFIREWALL \nLast reboot reason: shutdown from VM host\n\nfgt1 (global) # \n",
			want: []fact{
				{facts.OperatingSystem, "", "FortiOS", 2}, {facts.Model, "", "FortiGate-VM64-KVM", 2}, {facts.RunningVersion, "", "7.6.1", 2},
				{facts.ComponentVersion, "FortiOS", "7.6.1,build3450", 2}, {facts.BuildID, "", "3450", 2}, {facts.CompileTime, "", "241105", 2},
				{facts.ReleaseType, "", "interim", 2}, {facts.IntegritySetting, "security level", "1", 3}, {facts.SerialNumber, "", "FGVMEVXXXXXXXXXX", 4},
				{facts.ComponentState, "log hard disk", "Available", 7}, {facts.Hostname, "", "MYCOOLFIREWALL", 8}, {facts.ReloadReason, "", "shutdown from VM host", 9},
			},
		},
		{
			name: "an image that is not certified", command: "get system status",
			reply: "Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)\nCurrent Security Level: Low\nFirmware Signature: un-certified\nSerial-Number: FGT60F0000000000\n",
			want: []fact{
				{facts.OperatingSystem, "", "FortiOS", 1}, {facts.Model, "", "FortiGate-60F", 1}, {facts.RunningVersion, "", "7.4.8", 1},
				{facts.ComponentVersion, "FortiOS", "7.4.8,build2795", 1}, {facts.BuildID, "", "2795", 1}, {facts.CompileTime, "", "250523", 1},
				{facts.ReleaseType, "", "GA.M", 1}, {facts.IntegritySetting, "security level", "Low", 2},
				{facts.SignatureDetail, "running firmware signature", "un-certified", 3}, {facts.Signature, "running", "failed", 3},
				{facts.SerialNumber, "", "FGT60F0000000000", 4},
			},
		},
		{
			name: "a word for the signature that is not known, and a line without a name", command: "get system status",
			reply: "Serial-Number: FGT60F0000000000\nFirmware Signature: pending\nnonsense\nVersion: FortiGate-60F 7.4\n",
			want: []fact{
				{facts.SerialNumber, "", "FGT60F0000000000", 1}, {facts.SignatureDetail, "running firmware signature", "pending", 2},
			},
			problem: "not a version of FortiOS",
		},
		{
			name: "two serial numbers in a doubled reply", command: "get system status",
			reply:   "Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)\nSerial-Number: A\nSerial-Number: B\n",
			want:    append(sixtyF(), fact{facts.SerialNumber, "", "A", 2}, fact{facts.SerialNumber, "", "B", 3}),
			problem: "two values for serial number",
		},
		{
			name: "cut short", command: "get system status", reply: "Version: FortiGate-60F v7.4.8,build2795,250523 (GA.M)\nSecurity Le",
			want: sixtyF(), problem: "no serial number",
		},
		{name: "empty", command: "get system status", reply: "", problem: "no running version"},

		{
			name: "members in the form up to 5.2, with priorities and a model that is a number", command: "get system ha status",
			reply: "Model: 311\nMode: a-p\nGroup: 0\nDebug: 0\nses_pickup: enable, ses_pickup_delay=disable\nMaster:200 FGT-A            FG300B3907600000 0\n" +
				"Slave :100 FGT-B            FG300B3907600001 1\nnumber of vcluster: 1\nvcluster 1: work 169.254.0.1\nMaster:0 FG300B3907600000\nSlave :1 FG300B3907600001\n",
			want: []fact{
				{facts.Redundancy, "operating mode", "a-p", 2},
				{facts.SerialNumber, "member FG300B3907600000", "FG300B3907600000", 6}, {facts.Hostname, "member FG300B3907600000", "FGT-A", 6},
				{facts.ComponentRole, "member FG300B3907600000", "Master", 6}, {facts.ComponentPriority, "member FG300B3907600000", "200", 6},
				{facts.SerialNumber, "member FG300B3907600001", "FG300B3907600001", 7}, {facts.Hostname, "member FG300B3907600001", "FGT-B", 7},
				{facts.ComponentRole, "member FG300B3907600001", "Slave", 7}, {facts.ComponentPriority, "member FG300B3907600001", "100", 7},
			},
		},
		{
			name: "counted members, two virtual clusters, one member out of step", command: "get system ha status",
			reply: `HA Health Status: 
    WARNING: FGB has hbdev down;
    ERROR: FGB is lost @ 2024/05/06 10:11:12
Model: FortiGate-100F
Mode: HA A-P
Configuration Status:
    FGA(updated 3 seconds ago): in-sync
    FGA chksum dump: 6f 71 1a
    FGB(updated 5 seconds ago): out-of-sync
    FGB chksum dump: 00 71 1a
number of member: 2
fw             , FGA, HA cluster index = 0
fw             , FGB, HA cluster index = 1
number of vcluster: 2
vcluster 1: work 169.254.0.1
Primary: FGA, HA operating index = 0
Secondary: FGB, HA operating index = 1
vcluster 2: standby 169.254.0.2
Secondary: FGA, HA operating index = 1
Primary: FGB, HA operating index = 0
`,
			want: []fact{
				{facts.Redundancy, "health status", "WARNING: FGB has hbdev down", 2}, {facts.Redundancy, "health status 2", "ERROR: FGB is lost @ 2024/05/06 10:11:12", 3},
				{facts.Model, "", "FortiGate-100F", 4}, {facts.Redundancy, "operating mode", "HA A-P", 5},
				{facts.ComponentState, "member FGA", "in-sync", 7}, {facts.ComponentState, "member FGB", "out-of-sync", 9},
				{facts.SerialNumber, "member FGA", "FGA", 12}, {facts.Hostname, "member FGA", "fw", 12},
				{facts.SerialNumber, "member FGB", "FGB", 13}, {facts.Hostname, "member FGB", "fw", 13},
				{facts.ComponentRole, "member FGA", "Primary", 16}, {facts.ComponentRole, "member FGB", "Secondary", 17},
				{facts.ComponentRole, "vcluster 2 member FGA", "Secondary", 19}, {facts.ComponentRole, "vcluster 2 member FGB", "Primary", 20},
			},
		},
		{
			name: "a member that is not counted", command: "get system ha status",
			reply: "Mode: HA A-P\nnumber of member: 2\nfw , FGA, HA cluster index = 0\n",
			want: []fact{
				{facts.Redundancy, "operating mode", "HA A-P", 1}, {facts.SerialNumber, "member FGA", "FGA", 3}, {facts.Hostname, "member FGA", "fw", 3},
			},
			problem: "1 members are listed of 2",
		},
		{
			name: "a cluster without members", command: "get system ha status", reply: "Mode: HA A-A\nPrimary : FG\n",
			want: []fact{{facts.Redundancy, "operating mode", "HA A-A", 1}}, problem: "not a member of the cluster",
		},
		{name: "no mode", command: "get system ha status", reply: "HA Health Status: OK\n", want: []fact{{facts.Redundancy, "health status", "OK", 1}}, problem: "no mode"},

		{
			name: "the other partition boots next", command: "diagnose sys flash list",
			reply: flashTop + "1          FGT60F-7.04-FW-build2731-250120                  253871     89792   35%  Yes\n2          FGT60F-7.04-FW-build2795-250523                  253871     99336   39%  No \n" +
				"Image build at May 23 2025 18:41:07 for b2795\n",
			want: []fact{
				{facts.PartitionState, "1", "Yes", 2}, {facts.Partition, "1", "FGT60F-7.04-FW-build2731-250120", 2},
				{facts.PartitionState, "2", "No", 3}, {facts.Partition, "2", "FGT60F-7.04-FW-build2795-250523", 3}, {facts.CompileTime, "", "May 23 2025 18:41:07", 4},
				{facts.NextBootVariable, "1", "1", 2}, {facts.RunningImage, "", "2", 3}, {facts.BootVariable, "1", "2", 3},
			},
		},
		{
			name: "an empty partition, a database, a build with leading zeros", command: "diagnose sys flash list",
			reply: flashTop + "1                                                           253920         5    0%  No\n2          FGT61E-6.00-FW-build0076-180329                  253920     61340   24%  Yes\n" +
				"3          ETDB-1.00000                                    3021708    139756    5%  No\nImage build at Mar 29 2018 19:45:18 for b76\n",
			want: []fact{
				{facts.PartitionState, "1", "No", 2}, {facts.PartitionState, "2", "Yes", 3}, {facts.Partition, "2", "FGT61E-6.00-FW-build0076-180329", 3},
				{facts.ContentVersion, "etdb", "1.00000", 4}, {facts.CompileTime, "", "Mar 29 2018 19:45:18", 5},
				{facts.NextBootVariable, "1", "2", 3}, {facts.RunningImage, "", "2", 3}, {facts.BootVariable, "1", "2", 3},
			},
		},
		{
			name: "a release that does not print what runs", command: "diagnose sys flash list",
			reply: flashTop + "1          FG100D-5.02-FW-build670-150318 253920 61340 24%  Yes\n",
			want: []fact{
				{facts.PartitionState, "1", "Yes", 2}, {facts.Partition, "1", "FG100D-5.02-FW-build670-150318", 2},
				{facts.NextBootVariable, "1", "1", 2}, {facts.RunningImage, "", "1", 2}, {facts.BootVariable, "1", "1", 2},
			},
		},
		{
			name: "no partition holds what runs", command: "diagnose sys flash list",
			reply: flashTop + "1          FG100D-5.02-FW-build670-150318 253920 61340 24%  Yes\nImage build at Mar 29 2018 19:45:18 for b8040\n",
			want: []fact{
				{facts.PartitionState, "1", "Yes", 2}, {facts.Partition, "1", "FG100D-5.02-FW-build670-150318", 2}, {facts.CompileTime, "", "Mar 29 2018 19:45:18", 3},
				{facts.NextBootVariable, "1", "1", 2},
			},
			problem: "build 8040 runs, and no partition holds it",
		},
		{
			name: "two active partitions and a broken row", command: "diagnose sys flash list",
			reply: flashTop + "1 FG100D-5.02-FW-build670-150318 253920 61340 24% Yes\n2 FG100D-5.02-FW-build670-150318 253920\n3 FG100D-5.02-FW-build670-150318 253920 61340 24% Yes\n",
			want: []fact{
				{facts.PartitionState, "1", "Yes", 2}, {facts.Partition, "1", "FG100D-5.02-FW-build670-150318", 2},
				{facts.PartitionState, "3", "Yes", 4}, {facts.Partition, "3", "FG100D-5.02-FW-build670-150318", 4},
			},
			problem: "two partitions are active",
		},
		{
			name: "an image with a name of another sort", command: "diagnose sys flash list", reply: flashTop + "1 implant.bin 253920 61340 24% Yes\n",
			want: []fact{
				{facts.PartitionState, "1", "Yes", 2}, {facts.Partition, "1", "implant.bin", 2},
				{facts.NextBootVariable, "1", "1", 2}, {facts.RunningImage, "", "1", 2}, {facts.BootVariable, "1", "1", 2},
			},
			problem: "an image without a version in its name",
		},
		{name: "no table", command: "diagnose sys flash list", reply: "1 FG100D-5.02-FW-build670-150318 253920 61340 24% Yes\n", problem: "no active partition"},

		{name: "uptime", command: "get system performance status", reply: "CPU states: 0% user\nUptime: 1 days,  0 hours,  1 minutes\n", want: []fact{{facts.Uptime, "", "86460", 2}}},
		{name: "an uptime of another form", command: "get system performance status", reply: "Uptime: since May\n", problem: "not a duration"},
		{name: "no uptime", command: "get system performance status", reply: "CPU states: 0% user\n", problem: "no uptime"},

		{
			name: "a stick is plugged in, and two disks of one name", command: "get hardware status",
			reply: "Model name: FortiGate-3000D\nASIC version: CP8\nASIC SRAM: 64M\nCPU: Intel(R) Xeon(R) CPU E5-2650\nNumber of CPUs: 16\nRAM: 32180 MB\nCompact Flash: 3879 MB /dev/sda\n" +
				"Hard disk: 228936 MB /dev/sdb\nHard disk: 228936 MB /dev/sdc\nUSB Flash: 7400 MB /dev/sdd\nNetwork Card chipset: FortiASIC NP6 Adapter (rev.)\nNetwork Card chipset: Intel\n",
			want: []fact{
				{facts.Model, "", "FortiGate-3000D", 1}, {facts.Component, "asic version", "CP8", 2}, {facts.Component, "cpu", "Intel(R) Xeon(R) CPU E5-2650", 4},
				{facts.Component, "compact flash", "3879 MB /dev/sda", 7}, {facts.Component, "hard disk", "228936 MB /dev/sdb", 8},
				{facts.Component, "hard disk 2", "228936 MB /dev/sdc", 9}, {facts.Component, "usb flash", "7400 MB /dev/sdd", 10},
			},
		},
		{name: "no model", command: "get hardware status", reply: "CPU: x\n", want: []fact{{facts.Component, "cpu", "x", 1}}, problem: "no model name"},

		{
			name: "what a stick may install", command: "get system auto-install",
			reply: "default-config-file : fgt_system.conf\ndefault-image-file  : image.out\nauto-install-config : enable\nauto-install-image  : enable\n",
			want: []fact{
				{facts.BootSetting, "default-config-file", "fgt_system.conf", 1}, {facts.BootSetting, "default-image-file", "image.out", 2},
				{facts.BootSetting, "auto-install-config", "enable", 3}, {facts.BootSetting, "auto-install-image", "enable", 4},
			},
		},
		{name: "no setting", command: "get system auto-install", reply: "x\n", problem: "not a setting"},

		{
			name: "databases, signed and not", command: "diagnose autoupdate versions",
			reply: "\nAV Engine\n---------\nVersion: 6.00258 signed\nContract Expiry Date: n/a\n\nInternet-service Standard Database\n---------\nVersion: 00007.02907\n\n" +
				"FDS Address\n---------\n\n173.243.140.6:443\n\nModem List\n---------\nVersion: 0.000 unsigned\nVersion: next\n",
			want: []fact{
				{facts.ContentVersion, "av engine", "6.00258", 4}, {facts.SignatureDetail, "av engine signature", "signed", 4},
				{facts.ContentVersion, "internet-service standard database", "00007.02907", 9},
				{facts.ContentVersion, "modem list", "0.000", 18}, {facts.SignatureDetail, "modem list signature", "unsigned", 18},
			},
			problem: "not the version of a database",
		},
		{name: "no database", command: "diagnose autoupdate versions", reply: "\n", problem: "no version"},

		{
			name: "results of the check of signatures", command: "diagnose autoupdate signature check-all",
			reply: "AV Engine: signature is valid\nIPS Engine : invalid\n", want: []fact{{facts.IntegrityCheck, "av engine", "signature is valid", 1}, {facts.IntegrityCheck, "ips engine", "invalid", 2}},
		},
		{name: "no result", command: "diagnose autoupdate signature check-all", reply: "done\n", problem: "not the result of a check"},

		{name: "unknown", command: "diagnose sys flash list", reply: "\ncommand parse error before 'flash'\nCommand fail. Return code -61\n", problem: "unsupported-command: command parse error"},
		{name: "not for this account", command: "get hardware status", reply: "Command fail. Return code -37\n", problem: "no-privilege"},
		{name: "failed", command: "get hardware status", reply: "\nCommand fail. Return code -1\n", problem: "unsupported-command"},
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

// sixtyF are the facts of a version line.
func sixtyF() []fact {
	return []fact{
		{facts.OperatingSystem, "", "FortiOS", 1}, {facts.Model, "", "FortiGate-60F", 1}, {facts.RunningVersion, "", "7.4.8", 1},
		{facts.ComponentVersion, "FortiOS", "7.4.8,build2795", 1}, {facts.BuildID, "", "2795", 1}, {facts.CompileTime, "", "250523", 1},
		{facts.ReleaseType, "", "GA.M", 1},
	}
}

func TestPrompts(t *testing.T) {
	for line, want := range map[string][2]bool{ // is a prompt, is one from which the global scope is entered
		"fgt1 #": {true, true}, "fgt1 $": {true, true}, "FGT-60F_a.b #": {true, true}, "fgt1 (global) #": {true, false}, "fgt1 (customer a) $": {true, false},
		"FortiGate-6300F [FPC01] (global) #": {true, false}, "FortiGate-6300F [FPC01] #": {true, true}, "fgt1 (Interim)#": {true, false},
		"Hostname: fgt1": {}, "--More--": {}, "": {}, "(Press 'a' to accept):": {}, "fgt1 (a) (b) #": {true, false},
	} {
		got := [2]bool{terminal.Prompt.MatchString(line), terminal.Prompt.MatchString(line) && terminal.Scopes[0].From.MatchString(line)}
		if got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}

func TestVersionInName(t *testing.T) {
	for name, want := range map[string]string{
		"FGT_60F-v7.4.8.F-build2795-FORTINET.out": "7.4.8,build2795", "flash:/FGT_VM64_KVM-v7.0.7-build0367-FORTINET.out": "7.0.7,build0367",
		"FGT_60E-v6-build0076-FORTINET.out": "", "2": "", "": "", "image.out": "",
	} {
		if got, ok := versionInName(name); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", name, got, ok, want)
		}
	}
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	f.Add(flashTop + "1 FG-7.04-FW-build1-250120 1 2 3% Yes\nImage build at x for b1\n")
	f.Add("Mode: a-p\nMaster:1 a b 0\nvcluster 2: x\nSlave: b\nConfiguration Status:\n  a(updated 1 seconds ago): x\n")
	f.Add("a\n---\nVersion: 1.0 signed\n")
	for _, pattern := range []string{"../../testdata/fortinet_fortios/*/*.txt", "../../../shared/captures/fortinet_fortios/*/*.txt"} {
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
		for _, q := range queries {
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
			if most := 8*lines + 8; len(found) > most {
				t.Errorf("%s: %d facts in %d lines", q.Commands[0], len(found), lines)
			}
		}
	})
}
