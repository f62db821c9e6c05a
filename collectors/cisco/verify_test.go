package cisco

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

const sha1Hex = "3b6e1f0c6a7d4e5f8091a2b3c4d5e6f7a8b9c0d1"

func TestVerify(t *testing.T) {
	upper := strings.ToUpper(sha512Hex)
	runReaderTests(t, []readerTest{
		{
			name: "SHA-1 and SHA-2 of one image, glued to the dots", command: "verify bootflash:x.bin",
			reply: "Verifying file integrity of bootflash:x.bin.....\n.....Done!Embedded Hash   SHA1 : " + sha1Hex + "\nComputed Hash   SHA1 : " + sha1Hex +
				"\nEmbedded hash verification successful.\nStarting image verification\nHash Computation:    100%Done!\nComputed Hash   SHA2: " + upper[:32] + "\n                      " + upper[32:64] +
				"\n                      " + upper[64:96] + "\n                      " + upper[96:] + "\n                      \nEmbedded Hash   SHA2: " + upper[:32] + "\n                      " + upper[32:64] +
				"\n                      " + upper[64:96] + "\n                      " + upper[96:] + "\nCCO Hash  MD5 : \n\nDigital signature successfully verified in file bootflash:x.bin\n",
			want: []fact{
				{facts.EmbeddedDigest, "bootflash:x.bin", "sha1:" + sha1Hex, 2}, {facts.ComputedDigest, "bootflash:x.bin", "sha1:" + sha1Hex, 3},
				{facts.ComputedDigest, "bootflash:x.bin", "sha512:" + sha512Hex, 7}, {facts.EmbeddedDigest, "bootflash:x.bin", "sha512:" + sha512Hex, 12},
				{facts.Signature, "bootflash:x.bin", "verified", 18},
			},
		},
		{
			name: "12.4", command: "verify disk0:c7200-js-mz",
			reply: "Verifying file integrity of disk0:c7200-js-mz\n.......................................................\n..................Done!\nEmbedded Hash   MD5 : " + md5Hex +
				"\nComputed Hash   MD5 : " + md5Hex + "\nCCO Hash        MD5 : " + md5Hex + "\nSignature Verified\n",
			want: []fact{
				{facts.EmbeddedDigest, "disk0:c7200-js-mz", "md5:" + md5Hex, 4}, {facts.ComputedDigest, "disk0:c7200-js-mz", "md5:" + md5Hex, 5},
				{facts.PublishedDigest, "disk0:c7200-js-mz", "md5:" + md5Hex, 6}, {facts.Signature, "disk0:c7200-js-mz", "verified", 7},
			},
		},
		{
			name: "a signature that fails", command: "verify flash0:x.bin",
			reply: "Starting image verification\n%ERROR: Failed to verify digital signature in file flash0:x.bin\n",
			want:  []fact{{facts.Signature, "flash0:x.bin", "failed", 2}},
		},
		{
			name: "verified and failed in one breath", command: "verify flash0:x.bin",
			reply:   "Signature Verified\nEmbedded hash verification failed for file flash0:x.bin.\n",
			want:    []fact{{facts.Signature, "flash0:x.bin", "verified", 1}, {facts.Signature, "flash0:x.bin", "failed", 2}},
			problem: "two values for signature",
		},
		{
			name: "words about a signature that do not confirm it", command: "verify flash0:x.bin",
			reply: "Signature verified: no\n", problem: "no result",
		},
		{
			name: "a provisioning file", command: "verify flash:packages.conf",
			reply: "Verifying file integrity of flash:packages.conf..Done!\nflash:packages.conf detected as a provisioning file\nComputed Hash   SHA1: " + sha1Hex + "\n",
			want:  []fact{{facts.ComputedDigest, "flash:packages.conf", "sha1:" + sha1Hex, 3}},
		},
		{
			name: "something behind the digest", command: "verify /md5 flash:x.bin",
			reply: ".....Done!\nverify /md5 (flash:x.bin) = " + md5Hex + "\n\ncafe\n", want: []fact{{facts.ImageDigest, "flash:x.bin", "md5:" + md5Hex, 2}},
		},
		{
			name: "a line broken before its digest", command: "verify /sha512 bootflash:x.bin",
			reply: "verify /sha512 (bootflash:x.b\nin) = " + sha512Hex[:70] + "\n" + sha512Hex[70:] + "\n", want: []fact{{facts.ImageDigest, "bootflash:x.bin", "sha512:" + sha512Hex, 1}},
		},
		{
			name: "two digests", command: "verify /md5 flash:x.bin",
			reply: "verify /md5 (flash:x.bin) = " + md5Hex + "\nverify /md5 (flash:x.bin) = " + strings.Repeat("0", 32) + "\n", problem: "line 2: a second digest",
		},
		{
			name: "a challenge that is accepted and refused", command: "verify /md5 flash:x.bin " + strings.Repeat("0", 32),
			reply:   "Verified (flash:x.bin) = " + strings.Repeat("0", 32) + "\n....Done!%Error verifying flash:x.bin\nComputed signature  = " + md5Hex + "\n",
			want:    []fact{{facts.DigestChallenge, "flash:x.bin", "accepted", 1}, {facts.DigestChallenge, "flash:x.bin", "refused", 2}, {facts.ImageDigest, "flash:x.bin", "md5:" + md5Hex, 3}},
			problem: "two values for digest challenge",
		},
	})
}

func TestAuthenticity(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "packages, boot loader and anchor", command: "show software authenticity running",
			reply: `PACKAGE cat9k-rpbase.17.09.04a.SPA.pkg
--------------------------------------
Image type                      : Production
    Signer Information
        Common Name             : CiscoSystems
        Organization Unit       : IOS-XE
        Organization Name       : CiscoSystems
    Certificate Serial Number   : 64F0F9A1
    Key Version                 : A

Microloader
-----------
Image type                      : Release
    Signer Information
        Common Name             : CiscoSystems
    Certificate Serial Number   : bace997bdd9882f8569e5b599328a448
`,
			want: []fact{
				{facts.SignedImageType, "running cat9k-rpbase.17.09.04a.SPA.pkg", "Production", 3}, {facts.CertificateSerial, "running cat9k-rpbase.17.09.04a.SPA.pkg", "64F0F9A1", 8},
				{facts.SignatureDetail, "running cat9k-rpbase.17.09.04a.SPA.pkg key version", "A", 9},
				{facts.Signer, "running cat9k-rpbase.17.09.04a.SPA.pkg", "CN=CiscoSystems, OU=IOS-XE, O=CiscoSystems", 7},
				{facts.SignedImageType, "running Microloader", "Release", 13}, {facts.CertificateSerial, "running Microloader", "bace997bdd9882f8569e5b599328a448", 16},
				{facts.Signer, "running Microloader", "CN=CiscoSystems", 15},
			},
		},
		{
			name: "a file", command: "show software authenticity file flash0:x.bin",
			reply: "File Name                       : flash0:x.bin\nImage type                      : Development\n    Signer Information\n        Common Name             : a\n",
			want:  []fact{{facts.SignedImageType, "flash0:x.bin", "Development", 2}, {facts.Signer, "flash0:x.bin", "CN=a", 4}},
		},
		{
			name: "a file without a signature", command: "show software authenticity file flash0:x.bin",
			reply: "%ERROR: Signature not found in file flash0:x.bin\n", want: []fact{{facts.Signature, "flash0:x.bin", "absent", 1}},
		},
		{
			name: "two signers of one image", command: "show software authenticity running",
			reply:   "Image type                      : Production\n        Common Name             : CiscoSystems\n        Common Name             : abc\n",
			want:    []fact{{facts.SignedImageType, "running", "Production", 1}, {facts.Signer, "running", "CN=CiscoSystems", 2}},
			problem: "line 3: a second common name",
		},
	})
}

func TestPackages(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "two sections, updates of several sorts", command: "show install summary",
			reply: `[ Chassis 1/R0 ] Installed Package(s) Information:
State (St): I - Inactive, U - Activated & Uncommitted,
            C - Activated & Committed, D - Deactivated & Uncommitted
--------------------------------------------------------------------------------
Type  St   Filename/Version    
--------------------------------------------------------------------------------
IMG   C    17.12.04.0.5550                                                      
APSP  I    bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00001.SPA.apsp.bin
APDP  D    bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00002.SPA.apdp.bin

--------------------------------------------------------------------------------
Auto abort timer: inactive
--------------------------------------------------------------------------------

[ Chassis 2/R0 ] Installed Package(s) Information:
--------------------------------------------------------------------------------
Type  St   Filename/Version    
--------------------------------------------------------------------------------
IMG   C    17.12.04.0.5550
IMG   X    17.06.05
--------------------------------------------------------------------------------
Auto abort timer: inactive
`,
			want: []fact{
				{facts.Package, "chassis 1/r0 IMG 17.12.04.0.5550", "17.12.04.0.5550", 7}, {facts.PackageState, "chassis 1/r0 IMG 17.12.04.0.5550", "activated and committed", 7},
				{facts.Package, "chassis 1/r0 APSP bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00001.SPA.apsp.bin", "bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00001.SPA.apsp.bin", 8},
				{facts.PackageState, "chassis 1/r0 APSP bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00001.SPA.apsp.bin", "inactive", 8},
				{facts.Package, "chassis 1/r0 APDP bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00002.SPA.apdp.bin", "bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00002.SPA.apdp.bin", 9},
				{facts.PackageState, "chassis 1/r0 APDP bootflash:C9800-L-universalk9_wlc.17.12.04.CSCwk00002.SPA.apdp.bin", "deactivated and uncommitted", 9},
				{facts.RollbackTimer, "chassis 1/r0", "inactive", 12},
				{facts.Package, "chassis 2/r0 IMG 17.12.04.0.5550", "17.12.04.0.5550", 19}, {facts.PackageState, "chassis 2/r0 IMG 17.12.04.0.5550", "activated and committed", 19},
				{facts.RollbackTimer, "chassis 2/r0", "inactive", 22},
			},
			problem: "line 20: not a package",
		},
		{
			name: "a provisioning file with a foreign file and a line that is none", command: "more flash:packages.conf",
			reply: "#! /usr/binos/bin/packages_conf.sh\n\nsha1sum: " + sha1Hex + "\n\nboot  rp 0 0   rp_boot       cat9k-rpboot.17.09.04a.SPA.pkg\niso   rp 0 0   rp_base       implant.bin\n# iso rp 0 0 rp_x y.pkg\nexec  /bin/sh\n",
			want: []fact{
				{facts.PackageFile, "flash:packages.conf boot rp 0 0 rp_boot", "cat9k-rpboot.17.09.04a.SPA.pkg", 5}, {facts.PackageFile, "flash:packages.conf iso rp 0 0 rp_base", "implant.bin", 6},
			},
			problem: "line 8: not a line of a provisioning file",
		},
	})
}

// TestBootable holds that the files of every processor's boot list are asked about under the names that they have on the active one.
func TestBootable(t *testing.T) {
	fact := func(kind facts.Kind, subject, value string) facts.Fact {
		return facts.Fact{Kind: kind, Subject: subject, Value: value}
	}
	set := facts.Set{Facts: []facts.Fact{
		fact(facts.RunningImage, "", "bootflash:a.bin"),
		fact(facts.FileSystem, "bootflash:", "disk"), fact(facts.FileSystem, "stby-bootflash:", "disk"),
		fact(facts.FileSystem, "flash-2:", "disk"), fact(facts.FileSystem, "flash-3:", "disk"), fact(facts.FileSystemAlias, "stby-flash:", "flash-3:"),
		fact(facts.ComponentRole, "slot 6", "Active"), fact(facts.ComponentRole, "slot 7", "Standby"), fact(facts.ComponentRole, "switch 9", "Standby"),
		fact(facts.BootVariable, "1", "bootflash:/a.bin"), fact(facts.BootVariable, "2", "tftp://10.1.1.1/b.bin"),
		fact(facts.BootVariable, "slot 6 1", "bootflash:c.bin"), fact(facts.BootVariable, "slot 7 1", "bootflash:d.bin"),
		fact(facts.NextBootVariable, "standby 1", "bootflash:e.bin"), fact(facts.NextBootVariable, "switch 2 1", "flash:packages.conf"),
		fact(facts.NextBootVariable, "switch 9 1", "flash:f.bin"), fact(facts.NextBootVariable, "switch 4 1", "flash:g.bin"),
	}}
	want := []string{
		"bootflash:a.bin", "bootflash:c.bin", "stby-bootflash:d.bin", "stby-bootflash:e.bin", "flash-2:packages.conf", "flash-3:f.bin", "flash:g.bin",
	}
	if diff := cmp.Diff(want, bootable(set)); diff != "" {
		t.Errorf("bootable (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"flash-2:packages.conf"}, provisioningFiles(set)); diff != "" {
		t.Errorf("provisioning files (-want +got):\n%s", diff)
	}
	set.Facts = append(set.Facts, fact(facts.PackageFile, "flash-2:packages.conf iso rp 0 0 rp_base", "x.pkg"), fact(facts.PackageFile, "flash-2:packages.conf iso rp 1 0 rp_base", "x.pkg"))
	if diff := cmp.Diff([]string{"flash-2:x.pkg"}, packageFiles(set)); diff != "" {
		t.Errorf("package files (-want +got):\n%s", diff)
	}
}
