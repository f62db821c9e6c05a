package cisco

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

// read reads a reply as a visit would, contradictions and refusals included. The second result is the gap's detail.
func read(t *testing.T, command, text string) ([]fact, string) {
	t.Helper()
	query, ok := IOS.Reader(collectors.CLI, command)
	if !ok {
		t.Fatalf("no reader for %q", command)
	}
	set := IOS.ReadReply(collectors.CLI, query, collectors.Reply{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n")})
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
	md5Hex    = "3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7"
	sha512Hex = "5a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b0a1b2c3d4e5f60718293a4b5c6d7e8f95a1f0e8b3c9d7a6e4f2b1c0d9e8f7a6b0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

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

func TestReaders(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "boot variables with a list, a standby and a pending register", command: "show bootvar",
			reply: `BOOT variable = bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin,12;bootdisk:old.bin,12;
CONFIG_FILE variable = 
BOOTLDR variable = 
Configuration register is 0x2102 (will be 0x2142 at next reload)

Standby BOOT variable = bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin,12;
Standby CONFIG_FILE variable = bootdisk:other.cfg
Standby BOOTLDR variable = 
Standby Configuration register is 0x2102
`,
			want: []fact{
				{facts.BootVariable, "1", "bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin", 1},
				{facts.BootVariable, "2", "bootdisk:old.bin", 1},
				{facts.NextBootVariable, "1", "bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin", 1},
				{facts.NextBootVariable, "2", "bootdisk:old.bin", 1},
				{facts.ConfigRegister, "", "0x2102", 4},
				{facts.NextConfigRegister, "", "0x2142", 4},
				{facts.BootVariable, "standby 1", "bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin", 6},
				{facts.NextBootVariable, "standby 1", "bootdisk:s2t54-adventerprisek9-mz.SPA.155-1.SY4.bin", 6},
				{facts.StartupSource, "standby", "bootdisk:other.cfg", 7},
				{facts.ConfigRegister, "standby", "0x2102", 9},
				{facts.NextConfigRegister, "standby", "0x2102", 9},
			},
		},
		{
			name: "a boot variable that is not there", command: "show bootvar",
			reply: "BOOT variable does not exist\nCONFIG_FILE variable does not exist\nConfiguration register is 0x2102\n",
			want: []fact{
				{facts.BootSetting, "boot variable", "does not exist", 1},
				{facts.BootSetting, "next boot variable", "does not exist", 1},
				{facts.ConfigRegister, "", "0x2102", 3},
				{facts.NextConfigRegister, "", "0x2102", 3},
			},
		},
		{
			name: "two switches, each with now and next", command: "show boot system",
			reply: `---------------------------
Switch 1
---------------------------
Current Boot Variables:
BOOT variable = flash:packages.conf;

Boot Variables on next reload:
BOOT variable = flash:old.bin;
Manual Boot = no
---------------------------
Switch 2
---------------------------
Current Boot Variables:
BOOT variable does not exist

Boot Variables on next reload:
BOOT variable = flash:packages.conf;
Manual Boot = yes
`,
			want: []fact{
				{facts.BootVariable, "switch 1 1", "flash:packages.conf", 5},
				{facts.NextBootVariable, "switch 1 1", "flash:old.bin", 8},
				{facts.BootSetting, "switch 1 manual boot", "no", 9},
				{facts.BootSetting, "switch 2 boot variable", "does not exist", 14},
				{facts.NextBootVariable, "switch 2 1", "flash:packages.conf", 17},
				{facts.BootSetting, "switch 2 manual boot", "yes", 18},
			},
		},
		{
			name: "boot lines between their markers", command: "show running-config | include ^boot",
			reply: "boot-start-marker\nboot system flash bootflash:a.bin\nboot system tftp b.bin 10.1.1.1\nboot-end-marker\n",
			want: []fact{
				{facts.RunningBootCommand, "1", "boot system flash bootflash:a.bin", 2},
				{facts.RunningBootCommand, "2", "boot system tftp b.bin 10.1.1.1", 3},
			},
		},
		{
			name: "no startup configuration", command: "show startup-config | include ^boot",
			reply: "startup-config is not present\n", problem: "not present",
		},
		{
			name: "file systems of a stack", command: "show file systems",
			reply: `File Systems:

       Size(b)       Free(b)      Type  Flags  Prefixes
             -             -    opaque     rw   system:
*  11353194496    8565174272      disk     rw   flash: flash-1:
             -             -      disk     rw   usbflash0:
       2097152       2046000     nvram     rw   nvram:
             -             -   network     rw   tftp:
`,
			want: []fact{
				{facts.FileSystem, "system:", "opaque", 4}, {facts.FileSystemAccess, "system:", "rw", 4},
				{facts.FileSystem, "flash:", "disk", 5}, {facts.FileSystemAlias, "flash-1:", "flash:", 5}, {facts.FileSystemAccess, "flash:", "rw", 5},
				{facts.TotalSpace, "flash:", "11353194496", 5}, {facts.FreeSpace, "flash:", "8565174272", 5},
				{facts.FileSystem, "usbflash0:", "disk, no medium", 6}, {facts.FileSystemAccess, "usbflash0:", "rw", 6},
				{facts.FileSystem, "nvram:", "nvram", 7}, {facts.FileSystemAccess, "nvram:", "rw", 7},
				{facts.TotalSpace, "nvram:", "2097152", 7}, {facts.FreeSpace, "nvram:", "2046000", 7},
				{facts.FileSystem, "tftp:", "network", 8}, {facts.FileSystemAccess, "tftp:", "rw", 8},
			},
		},
		{
			name: "a recursive listing", command: "dir /recursive flash0:",
			reply: `Directory of flash0:/*

    1  -rw-    97794040  Feb 22 2017 21:42:40 +00:00  c2900-universalk9-mz.SPA.157-3.M8.bin
    2  drw-           0   Feb 2 2017 21:50:10 +00:00  ccpexp

Directory of flash0:/ccpexp/external/css

    3  -rw-         620  <no date>  a name with blanks.css

256487424 bytes total (132313088 bytes free)
`,
			want: []fact{
				{facts.File, "flash0:/c2900-universalk9-mz.SPA.157-3.M8.bin", "97794040", 3},
				{facts.FilePermissions, "flash0:/c2900-universalk9-mz.SPA.157-3.M8.bin", "-rw-", 3},
				{facts.FileTime, "flash0:/c2900-universalk9-mz.SPA.157-3.M8.bin", "Feb 22 2017 21:42:40 +00:00", 3},
				{facts.File, "flash0:/ccpexp", "0", 4},
				{facts.FilePermissions, "flash0:/ccpexp", "drw-", 4},
				{facts.FileTime, "flash0:/ccpexp", "Feb 2 2017 21:50:10 +00:00", 4},
				{facts.File, "flash0:/ccpexp/external/css/a name with blanks.css", "620", 8},
				{facts.FilePermissions, "flash0:/ccpexp/external/css/a name with blanks.css", "-rw-", 8},
				{facts.TotalSpace, "flash0:", "256487424", 10},
				{facts.FreeSpace, "flash0:", "132313088", 10},
			},
		},
		{
			name: "a listing that was cut", command: "dir flash:",
			reply:   "Directory of flash:/\n\n    2  -rw-        3096   Mar 1 1993 00:01:14 +00:00  vlan.dat\n    3  -rw-     255",
			want:    []fact{{facts.File, "flash:/vlan.dat", "3096", 3}, {facts.FilePermissions, "flash:/vlan.dat", "-rw-", 3}, {facts.FileTime, "flash:/vlan.dat", "Mar 1 1993 00:01:14 +00:00", 3}},
			problem: "line 4: not a row",
		},
		{
			name: "a digest behind its dots", command: "verify /md5 flash:x.bin",
			reply: "......................\n.....Done!\nverify /md5 (flash:x.bin) = " + md5Hex + "\n\n",
			want:  []fact{{facts.ImageDigest, "flash:x.bin", "md5:" + md5Hex, 3}},
		},
		{
			name: "a digest glued to its dots and wrapped", command: "verify /sha512 bootflash:x.bin",
			reply: ".....Done!verify /sha512 (bootflash:x.bin) = " + sha512Hex[:40] + "\n" + sha512Hex[40:120] + "\n" + sha512Hex[120:] + "\n",
			want:  []fact{{facts.ImageDigest, "bootflash:x.bin", "sha512:" + sha512Hex, 1}},
		},
		{
			name: "a digest of the wrong length", command: "verify /md5 flash:x.bin",
			reply: "verify /md5 (flash:x.bin) = " + md5Hex[:31] + "\n", problem: "31 digits are no md5 digest",
		},
		{
			name: "dots and no digest", command: "verify /md5 flash:x.bin", reply: "..............\n", problem: "no digest",
		},
		{
			name: "a wrong digest is refused, and the right one told", command: "verify /md5 flash:x.bin 00000000000000000000000000000000",
			reply: "....Done!\n%Error verifying flash:x.bin\nComputed signature  = " + strings.ToUpper(md5Hex) + "\nSubmitted signature = 00000000000000000000000000000000\n",
			want:  []fact{{facts.DigestChallenge, "flash:x.bin", "refused", 2}, {facts.ImageDigest, "flash:x.bin", "md5:" + md5Hex, 3}},
		},
		{
			name: "a wrong digest is confirmed", command: "verify /md5 flash:x.bin 00000000000000000000000000000000",
			reply: "....Done!\nVerified (flash:x.bin) = 00000000000000000000000000000000\n",
			want:  []fact{{facts.DigestChallenge, "flash:x.bin", "accepted", 2}},
		},
		{
			name: "embedded and computed SHA-2 in rows", command: "verify flash0:x.bin",
			reply: "Verifying file integrity of flash0:x.bin\n....Done!\nEmbedded Hash   SHA2: " + strings.ToUpper(sha512Hex[:32]) + "\n                      " + strings.ToUpper(sha512Hex[32:64]) +
				"\n                      " + sha512Hex[64:96] + "\n                      " + sha512Hex[96:] + "\nComputed Hash   SHA2: " + sha512Hex[:32] + "\n                      " + sha512Hex[32:64] +
				"\n                      " + sha512Hex[64:96] + "\n                      " + sha512Hex[96:] + "\nCCO Hash        MD5 : " + md5Hex + "\n\nDigital signature successfully verified in file flash0:x.bin\n",
			want: []fact{
				{facts.EmbeddedDigest, "flash0:x.bin", "sha512:" + sha512Hex, 3},
				{facts.ComputedDigest, "flash0:x.bin", "sha512:" + sha512Hex, 7},
				{facts.PublishedDigest, "flash0:x.bin", "md5:" + md5Hex, 11},
				{facts.Signature, "flash0:x.bin", "verified", 13},
			},
		},
		{
			name: "no signature in the file", command: "verify flash:x.bin",
			reply: "Verifying file integrity of flash:x.bin\n%ERROR: Signature not found in file flash:x.bin.\n",
			want:  []fact{{facts.Signature, "flash:x.bin", "absent", 2}},
		},
		{
			name: "signature of the running image", command: "show software authenticity running",
			reply: `SYSTEM IMAGE
------------
Image type                      : Production
    Signer Information
        Common Name             : CiscoSystems
        Organization Unit       : C2900
        Organization Name       : CiscoSystems
    Certificate Serial Number   : 5A94807E
    Hash Algorithm              : SHA512
    Signature Algorithm         : 2048-bit RSA
    Key Version                 : A

    Verifier Information
        Verifier Name           : ROMMON 1
        Verifier Version        : System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)
`,
			want: []fact{
				{facts.SignedImageType, "running", "Production", 3},
				{facts.CertificateSerial, "running", "5A94807E", 8},
				{facts.SignatureDetail, "running hash algorithm", "SHA512", 9},
				{facts.SignatureDetail, "running signature algorithm", "2048-bit RSA", 10},
				{facts.SignatureDetail, "running key version", "A", 11},
				{facts.SignatureDetail, "running verifier name", "ROMMON 1", 14},
				{facts.SignatureDetail, "running verifier version", "System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)", 15},
				{facts.Signer, "running", "CN=CiscoSystems, OU=C2900, O=CiscoSystems", 7},
			},
		},
		{
			name: "packages, one half-finished, a timer that runs", command: "show install summary",
			reply: `[ Switch 1 2 ] Installed Package(s) Information:
State (St): I - Inactive, U - Activated & Uncommitted,
            C - Activated & Committed, D - Deactivated & Uncommitted
--------------------------------------------------------------------------------
Type  St   Filename/Version
--------------------------------------------------------------------------------
IMG   C    17.09.04a.0.6
SMU   U    flash:cat9k_iosxe.17.09.04a.CSCwh87343.SPA.smu.bin
--------------------------------------------------------------------------------
Auto abort timer: active on install_activate, time before rollback - 01:59:12
`,
			want: []fact{
				{facts.Package, "IMG 17.09.04a.0.6", "17.09.04a.0.6", 7},
				{facts.PackageState, "IMG 17.09.04a.0.6", "activated and committed", 7},
				{facts.Package, "SMU flash:cat9k_iosxe.17.09.04a.CSCwh87343.SPA.smu.bin", "flash:cat9k_iosxe.17.09.04a.CSCwh87343.SPA.smu.bin", 8},
				{facts.PackageState, "SMU flash:cat9k_iosxe.17.09.04a.CSCwh87343.SPA.smu.bin", "activated and uncommitted", 8},
				{facts.RollbackTimer, "", "active on install_activate, time before rollback - 01:59:12", 10},
			},
		},
		{
			name: "a provisioning file", command: "more flash:packages.conf",
			reply: `#! /usr/binos/bin/packages_conf.sh

sha1sum: 9cb0a3a2f1c9d5d5a9f1b6c1f1a0f0b1c2d3e4f5

# This file is auto-generated
boot  rp 0 0   rp_boot    cat9k-rpboot.17.09.04a.SPA.pkg
iso   rp 0 0   rp_base    cat9k-rpbase.17.09.04a.SPA.pkg
`,
			want: []fact{
				{facts.PackageFile, "flash:packages.conf boot rp 0 0 rp_boot", "cat9k-rpboot.17.09.04a.SPA.pkg", 6},
				{facts.PackageFile, "flash:packages.conf iso rp 0 0 rp_base", "cat9k-rpbase.17.09.04a.SPA.pkg", 7},
				{facts.ContentSize, "flash:packages.conf", "231", 1},
				{facts.ContentDigest, "flash:packages.conf", "md5:c965da189f9b2d47365d7ea0d068567f", 1}, // md5sum of the text above
				{facts.ContentDigest, "flash:packages.conf", "sha512:0fe2ef6c15d280218e58aec4ab4d41c92077d48848e5da700002e2da237ce6a328daf223536b248214afd9d2e70156e7356842f1a7059ff0022e503e481e45e1", 1},
			},
		},
		{
			name: "slots of a router", command: "show platform",
			reply: `Chassis type: ASR1006

Slot      Type                State                 Insert time (ago) 
--------- ------------------- --------------------- ----------------- 
0         ASR1000-SIP40       ok                    18w0d         
 0/0      SPA-1XCHSTM1/OC3    out of service        2d00h         
R0        ASR1000-RP2         ok, active            18w0d         

Slot      CPLD Version        Firmware Version                        
--------- ------------------- --------------------------------------- 
0         00200800            16.2(1r)                            
R0        10021901            16.2(1r) [FC1]
`,
			want: []fact{
				{facts.Model, "", "ASR1006", 1},
				{facts.Model, "slot 0", "ASR1000-SIP40", 5}, {facts.ComponentState, "slot 0", "ok", 5},
				{facts.Model, "slot 0/0", "SPA-1XCHSTM1/OC3", 6}, {facts.ComponentState, "slot 0/0", "out of service", 6},
				{facts.Model, "slot R0", "ASR1000-RP2", 7}, {facts.ComponentState, "slot R0", "ok, active", 7},
				{facts.HardwareVersion, "slot 0", "CPLD 00200800", 11}, {facts.BootLoaderVersion, "slot 0", "16.2(1r)", 11},
				{facts.HardwareVersion, "slot R0", "CPLD 10021901", 12}, {facts.BootLoaderVersion, "slot R0", "16.2(1r) [FC1]", 12},
			},
		},
		{
			name: "parts of one name", command: "show inventory",
			reply: `NAME: "Chassis", DESCR: "Cisco ISR4331 Chassis"
PID: ISR4331/K9        , VID: V03, SN: FDO2113A0A0

NAME: "Fan", DESCR: "Fan"
PID: ACS-4330-FANASSY , VID: , SN: 
NAME: "Fan", DESCR: "Fan"
PID: ACS-4330-FANASSY , VID: , SN: LIT1
`,
			want: []fact{
				{facts.Component, "Chassis", "Cisco ISR4331 Chassis", 1},
				{facts.Model, "Chassis", "ISR4331/K9", 2}, {facts.HardwareVersion, "Chassis", "V03", 2}, {facts.SerialNumber, "Chassis", "FDO2113A0A0", 2},
				{facts.Component, "Fan", "Fan", 4}, {facts.Model, "Fan", "ACS-4330-FANASSY", 5},
				{facts.Component, "Fan #2", "Fan", 6}, {facts.Model, "Fan #2", "ACS-4330-FANASSY", 7}, {facts.SerialNumber, "Fan #2", "LIT1", 7},
			},
		},
		{name: "nothing at all", command: "show version", reply: "", problem: "no software version"},
	})
}

// FuzzReaders tries every reader on every text: it must not panic, what it reads must say something and have a line, and there
// must be no more facts than the text has room for.
func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"Switch 1\nBOOT variable = a;b,12;\n", "Directory of flash:/\n  1 -rw- 5 <no date> x\n", "Embedded Hash MD5 : ABC\n",
		"Mod Ports Card Type\n 1 2 x WS-X SAL12345\n", "IMG C 17.1\n", "NAME: \"a\", DESCR: \"b\"\nPID: c, VID: d, SN: e\n",
		"\x1b[2J\x00 --More-- \x08\x08Cisco IOS Software, x (Y), Version 1\n", "Image Version = Cisco IOS Software, x (Y-M), Version 12.2(20)EWA(3\n .92)\n",
		"Switch Ports Model SW Version SW Image\n*1 2 a b c INSTALL\nSwitch 02\nModel number: x\n", "verify /md5 (a:b) = 0\n", "SYSTEM IMAGE\n---\nImage type : a\n",
		"Slot Type State\nR0 a ok b\nSlot CPLD Version Firmware Version\nR0 1 2 [3]\n", "ROMMON variables for Switch 2\nBOOT=\"a\"\n", "iso rp 0 0 a b.pkg\n",
		"* 1 - disk rw flash: a:#\n", "NAME: \"a\", DESCR: \"b\n\nPID: c\n",
	} {
		f.Add(text)
	}
	for _, pattern := range []string{"../../testdata/cisco_ios/*/show_*.txt", "../../testdata/cisco_ios/*/dir_*.txt", "../../../shared/captures/cisco_ios/*/*.txt",
		"../../testdata/cisco_iosxr/*/*.txt", "../../../shared/captures/cisco_iosxr/*/*.txt",
		"../../testdata/cisco_nxos/*/*.txt", "../../../shared/captures/cisco_nxos/*/*.txt",
		"../../testdata/cisco_asa/*/*.txt", "../../../shared/captures/cisco_asa/*/*.txt"} {
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
		for _, p := range []collectors.Platform{IOS, XR, NXOS, ASA} {
			for _, q := range p.Queries[collectors.CLI] {
				for _, command := range q.Commands {
					fuzzReader(t, q, command, text)
				}
			}
		}
	})
}

func fuzzReader(t *testing.T, q collectors.Query, command, text string) {
	lines := strings.Count(text, "\n") + strings.Count(text, "\x1b") + 1 // ESC E ends a line too
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
	if most := 12*lines + len(text); len(found) > most {
		t.Errorf("%s: %d facts in %d bytes and %d lines", command, len(found), len(text), lines)
	}
}

func BenchmarkReadShowVersion(b *testing.B) {
	text := strings.Repeat("32768K bytes of non-volatile configuration memory.\n", 60) +
		"Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)\n"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		readShowVersion(collectors.Reply{Command: "show version", Text: text})
	}
}
