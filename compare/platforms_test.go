package compare

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

// The visits of healthy devices of other kinds than the stack, in the facts that their collectors state. Versions are in
// the dotted form that the tests' order knows.

// banks is a switch that boots one of two banks and states no files (AOS-CX).
const banks = `
handshake    | host key             | ssh-ed25519 | SHA256:1111
show version | operating system     |             | ArubaOS-CX
show version | hostname             |             | access1
show version | running version      |             | 10.10.1020
show version | running image        |             | primary
show version | build id             | sha         | b3007708472845aa
show version | compile time         |             | 2025-05-10 00:59:04 UTC
show version | boot loader version  | service os  | FL.01.16.0004
show version | boot loader version  | bios        | FL-01-0007
show images  | partition            | primary     | 10.10.1020
show images  | partition            | secondary   | 10.10.1010
show images  | image digest         | primary     | sha256:11
show images  | image digest         | secondary   | sha256:22
show images  | boot variable        | 1           | primary
show images  | next boot variable   | 1           | primary
show system  | model                |             | JL661A
show system  | serial number        |             | SG00000001
show system  | base mac             |             | 88:3a:30:00:00:01
show system  | uptime               |             | 1987020
show packages| package state        |             | none
`

// parts is a switch that boots a kickstart and a system image, with a standby supervisor (NX-OS 7).
const parts = `
handshake    | host key             | ssh-rsa         | SHA256:2222
show version | operating system     |                 | NX-OS
show version | hostname             |                 | core2
show version | running version      |                 | 7.3.13
show version | component version    | kickstart       | 7.3.13
show version | running image        |                 | bootflash:///n7000-s2-dk9.7.3.13.bin
show version | running image        | kickstart       | bootflash:///n7000-s2-kickstart.7.3.13.bin
show version | compile time         |                 | 2/22/2022 12:00:00
show version | boot loader version  | bios            | 2.12.0
show version | uptime               |                 | 1987020
show version | serial number        | processor board | JAF0000AAAA
show module  | component role       | sup-1           | active
show module  | component role       | sup-2           | ha-standby
show module  | component version    | sup-1           | 7.3.13
show module  | component version    | sup-2           | 7.3.13
show module  | serial number        | sup-1           | JAF0000AAAA
show module  | serial number        | sup-2           | JAF0000BBBB
show inventory | model              |                 | N7K-C7009
show inventory | serial number      |                 | JAF0000CHAS
show boot    | boot variable        | sup-1 1           | bootflash:/n7000-s2-dk9.7.3.13.bin
show boot    | boot variable        | sup-1 kickstart 1 | bootflash:/n7000-s2-kickstart.7.3.13.bin
show boot    | boot variable        | sup-2 1           | bootflash:/n7000-s2-dk9.7.3.13.bin
show boot    | boot variable        | sup-2 kickstart 1 | bootflash:/n7000-s2-kickstart.7.3.13.bin
show boot    | next boot variable   | sup-1 1           | bootflash:/n7000-s2-dk9.7.3.13.bin
show boot    | next boot variable   | sup-1 kickstart 1 | bootflash:/n7000-s2-kickstart.7.3.13.bin
show boot    | next boot variable   | sup-2 1           | bootflash:/n7000-s2-dk9.7.3.13.bin
show boot    | next boot variable   | sup-2 kickstart 1 | bootflash:/n7000-s2-kickstart.7.3.13.bin
show boot    | boot setting         | poap              | Disabled
dir bootflash: | file system        | bootflash:        | disk
dir bootflash: | file               | bootflash:n7000-s2-dk9.7.3.13.bin       | 300000000
dir bootflash: | file               | bootflash:n7000-s2-kickstart.7.3.13.bin | 30000000
dir bootflash: | file               | bootflash:20190922_052903_poap_7826_init.log | 1982
dir bootflash://sup-2/ | file       | bootflash://sup-2/n7000-s2-dk9.7.3.13.bin | 300000000
show file bootflash:///n7000-s2-dk9.7.3.13.bin sha512sum       | image digest | bootflash:///n7000-s2-dk9.7.3.13.bin       | sha512:11
show file bootflash:///n7000-s2-kickstart.7.3.13.bin sha512sum | image digest | bootflash:///n7000-s2-kickstart.7.3.13.bin | sha512:22
show install packages | package state |                   | none
`

// roots is a router with a file tree and an alternate root (Junos).
const roots = `
handshake                          | host key            | ssh-ed25519      | SHA256:3333
show version                       | operating system    |                  | Junos
show version                       | hostname            |                  | edge3
show version                       | model               |                  | srx345
show version                       | running version     |                  | 21.4.3
show version                       | build id            |                  | 20220825.064945_builder_junos_214_r3
show version                       | package             | JUNOS Software Release | 21.4.3
show version                       | package state       | JUNOS Software Release | activated and committed
show system storage partitions     | running image       |                  | da0s1a
show system storage partitions     | boot variable       | 1                | da0s1a
show system storage partitions     | next boot variable  | 1                | da0s1a
show system snapshot media internal| partition           | da0s1a           | 21.4.3
show system snapshot media internal| partition           | da0s2a           | 21.4.3
show chassis hardware              | serial number       |                  | CW0000AF0001
show chassis firmware              | boot loader version | fpc 0            | 3.5
show chassis routing-engine        | uptime              |                  | 1987020
file list /var/tmp detail          | file system         | /var/tmp         | directory
file list /var/tmp detail          | file                | /var/tmp/notes   | 12
file list /config detail           | file system         | /config          | directory
file list /config detail           | file                | /config/juniper.conf.gz | 5120
file list /var/sw/pkg detail       | file system         | /var/sw/pkg      | directory
file list /var/sw/pkg detail       | file                | /var/sw/pkg/junos-srxsme.21.04.03.tgz | 170000000
file checksum sha-256 /var/sw/pkg/junos-srxsme.21.04.03.tgz | image digest | /var/sw/pkg/junos-srxsme.21.04.03.tgz | sha256:11
`

// sealed is a firewall that shows neither files nor digests (PAN-OS).
const sealed = `
handshake        | host key           | ssh-rsa  | SHA256:4444
show system info | operating system   |          | PAN-OS
show system info | hostname           |          | fw4
show system info | model              |          | PA-3220
show system info | serial number      |          | 016401000001
show system info | base mac           |          | 08:30:6b:00:00:01
show system info | running version    |          | 10.2.4
show system info | uptime             |          | 1987020
show system info | content version    | threat   | 8700-8000
debug swm status | running image      |          | sysroot0
debug swm status | boot variable      | 1        | sysroot0
debug swm status | next boot variable | 1        | sysroot0
debug swm status | partition          | sysroot0 | 10.2.4
debug swm status | partition          | sysroot1 | 10.1.9
debug swm status | partition state    | sysroot0 | RUNNING-ACTIVE
debug swm status | partition state    | sysroot1 | REVERTABLE
`

// none makes the edit by which a collector says that its platform has nothing of the kinds.
func none(kinds ...facts.Kind) edit {
	return func(s *facts.Set) {
		for _, k := range kinds {
			gapped(facts.Gap{Reason: facts.PlatformHasNone, Detail: "this platform has no such thing", Kinds: []facts.Kind{k}})(s)
		}
	}
}

var hasNone = map[string]edit{
	banks:  none(facts.ConfigRegister, facts.NextConfigRegister, facts.File),
	parts:  none(facts.ConfigRegister, facts.NextConfigRegister, facts.Partition),
	roots:  none(facts.ConfigRegister, facts.NextConfigRegister),
	sealed: none(facts.ConfigRegister, facts.NextConfigRegister, facts.File, facts.ImageDigest, facts.BootLoaderVersion, facts.Package, facts.PackageState),
}

// triedElsewhere are the controls whose own tests say what they do where a platform states nothing.
var triedElsewhere = []string{
	offBoxDigest.Control, imageSignature.Control, runningSignature.Control, provisioningFile.Control, // signatures_test.go, off_box_digest_test.go
	componentInventory.Control, hardwareAuthenticity.Control, bootEnvironment.Control, startupSource.Control, developmentCode.Control, bootMeasurement.Control, // settings_test.go
	signerIdentity.Control, auxiliarySoftware.Control, memoryDigest.Control, memoryAttributes.Control, operatingSystemLockdown.Control, installHistory.Control,
	guestEnvironments.Control, fallbackTargets.Control, loggingExport.Control, commandAccounting.Control, logContinuity.Control, foreignTelemetry.Control, snmpAccess.Control,
	transferServices.Control, scriptsAndFilters.Control, managementAccess.Control, configurationDrift.Control, approvedChanges.Control, baselineProvenance.Control,
}

// worst returns the worst verdict of each control that is not PASS: "BC-03 NOT-ASSESSED platform-has-none".
func worst(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		if f.Control == approvedChanges.Control || f.Control == fallbackTargets.Control {
			continue // they fail with each change
		}
		if f.Verdict == Fail || f.Verdict != Pass && !strings.HasPrefix(f.Control, ownControls) && !slices.Contains(triedElsewhere, f.Control) {
			all = append(all, strings.TrimPrefix(f.Control, "NDI-")+" "+outcome(f))
		}
	}
	return slices.Compact(all)
}

// TestOtherPlatforms holds that no rule takes the world for Cisco IOS: healthy devices of every build pass all that their
// platform can state, and each attack is a FAIL where it should be.
func TestOtherPlatforms(t *testing.T) {
	const channel = "RN-06 NOT-ASSESSED not-collected"
	sealedWant := []string{
		"BC-01 NOT-ASSESSED platform-has-none", "BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none sysroot0",
		"ST-06 NOT-ASSESSED platform-has-none", "PK-01 NOT-ASSESSED platform-has-none", "VR-03 NOT-ASSESSED platform-has-none",
	}
	for _, test := range []struct {
		name, text string
		edits      []edit
		want       []string
	}{
		{"banks: healthy", banks, nil, []string{"BC-03 NOT-ASSESSED platform-has-none", "ST-06 NOT-ASSESSED platform-has-none"}},
		{"banks: the other bank boots next", banks, []edit{set(facts.NextBootVariable, "1", "secondary")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 FAIL high next boot variable", "ST-06 NOT-ASSESSED platform-has-none"}},
		{"banks: the other bank runs", banks, []edit{set(facts.RunningImage, "", "secondary"), set(facts.RunningVersion, "", "10.10.1010")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 FAIL high boot variable", "ST-06 NOT-ASSESSED platform-has-none",
			"RN-01 FAIL high boot variable", "RN-01 FAIL high running image", "VR-01 FAIL high", "VR-02 FAIL high", "VR-03 NOT-ASSESSED not-comparable", "EV-01 NOT-ASSESSED not-comparable"}},
		{"banks: an older image in the other bank", banks, []edit{set(facts.Partition, "secondary", "10.8.1"), set(facts.ImageDigest, "secondary", "sha256:33")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-01 FAIL critical secondary", "ST-02 FAIL critical secondary", "ST-06 NOT-ASSESSED platform-has-none",
			"ST-07 FAIL medium secondary", "VR-02 FAIL high secondary"}},
		{"banks: another image of the same version", banks, []edit{set(facts.ImageDigest, "primary", "sha256:33"), set(facts.BuildID, "sha", "c")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-02 FAIL critical primary", "ST-06 NOT-ASSESSED platform-has-none",
			"VR-03 FAIL! critical build id sha", "VR-03 FAIL! critical image digest"}},
		{"banks: what the running bank holds is not what runs", banks, []edit{set(facts.Partition, "primary", "10.10.1000")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-01 FAIL critical primary", "ST-06 NOT-ASSESSED platform-has-none", "ST-07 FAIL high primary",
			"RN-01 FAIL! critical version", "VR-02 FAIL high primary", "VR-03 FAIL! critical partition primary"}},
		{"banks: the banks are withheld", banks, []edit{unanswered("show images", facts.NoPrivilege, "", "", facts.Partition, facts.ImageDigest, facts.BootVariable, facts.NextBootVariable)}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 NOT-ASSESSED no-privilege boot variable", "BC-04 NOT-ASSESSED no-privilege next boot variable",
			"BC-05 NOT-ASSESSED no-privilege boot variable", "BC-05 NOT-ASSESSED no-privilege next boot variable",
			"ST-01 NOT-ASSESSED no-privilege primary", "ST-01 NOT-ASSESSED no-privilege secondary", "ST-02 NOT-ASSESSED no-privilege primary", "ST-02 NOT-ASSESSED no-privilege secondary",
			"ST-06 NOT-ASSESSED platform-has-none", "ST-07 NOT-ASSESSED no-privilege", "RN-01 NOT-ASSESSED no-privilege boot variable", "RN-01 NOT-ASSESSED no-privilege file",
			"VR-02 NOT-ASSESSED no-privilege primary", "VR-02 NOT-ASSESSED no-privilege secondary", "VR-03 NOT-ASSESSED no-privilege image digest", "EV-01 FAIL high show images"}},

		{"parts: healthy", parts, nil, []string{"BC-03 NOT-ASSESSED platform-has-none"}},
		{"parts: the kickstart image boots next from another file", parts, []edit{set(facts.NextBootVariable, "sup-1 kickstart 1", "bootflash:/k.bin")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 FAIL high sup-1 kickstart next boot variable"}},
		{"parts: the standby boots another system image", parts, []edit{set(facts.BootVariable, "sup-2 1", "bootflash:/o.bin"), set(facts.NextBootVariable, "sup-2 1", "bootflash:/o.bin")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 FAIL high sup-2 boot variable"}},
		{"parts: another kickstart image runs", parts, []edit{set(facts.RunningImage, "kickstart", "bootflash:///x.bin")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-04 FAIL high sup-1 kickstart boot variable", "ST-02 NOT-ASSESSED no-baseline bootflash:///x.bin",
			"RN-01 FAIL high boot variable", "RN-01 FAIL! critical file", "RN-01 FAIL high running image"}},
		{"parts: kickstart of another version", parts, []edit{set(facts.ComponentVersion, "kickstart", "7.1.4")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "VR-01 FAIL high kickstart", "VR-02 FAIL high kickstart", "VR-03 FAIL! critical component version kickstart"}},
		{"parts: auto provisioning", parts, []edit{set(facts.BootSetting, "poap", "Enabled")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "BC-05 FAIL medium boot setting poap"}},
		{"parts: a package appears", parts, []edit{drop(facts.PackageState, ""), add("show install packages", facts.Package, "implant", "1.0"), add("show install packages", facts.PackageState, "implant", "activated and committed")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "PK-01 FAIL high implant"}},
		{"parts: a harmless log", parts, []edit{add("dir bootflash:", facts.File, "bootflash:20261123_052903_poap_7826_init.log", "7"), drop(facts.File, "bootflash:20190922_052903_poap_7826_init.log")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none"}},

		{"roots: healthy", roots, nil, []string{"BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none da0s1a"}},
		{"roots: the alternate root holds an older system", roots, []edit{set(facts.Partition, "da0s2a", "20.1.1")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-01 FAIL critical da0s2a", "ST-02 NOT-ASSESSED platform-has-none da0s1a", "ST-07 FAIL medium da0s2a", "VR-02 FAIL high da0s2a"}},
		{"roots: a script in /var/tmp", roots, []edit{add("file list /var/tmp detail", facts.File, "/var/tmp/x.sh", "1")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none da0s1a", "ST-06 FAIL high /var/tmp/x.sh"}},
		{"roots: another configuration", roots, []edit{set(facts.File, "/config/juniper.conf.gz", "5121")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none da0s1a"}},
		{"roots: a directory that was not listed before", roots, []edit{add("file list /var/home detail", facts.File, "/var/home/x.sh", "1")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none da0s1a", "ST-06 NOT-ASSESSED no-baseline /var/home/x.sh"}},
		{"roots: an older package file", roots, []edit{add("file list /var/sw/pkg detail", facts.File, "/var/sw/pkg/junos-srxsme.20.01.01.tgz", "1")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-02 NOT-ASSESSED platform-has-none da0s1a", "ST-06 FAIL high /var/sw/pkg/junos-srxsme.20.01.01.tgz", "ST-07 FAIL medium /var/sw/pkg/junos-srxsme.20.01.01.tgz"}},
		{"roots: the package file is gone", roots, []edit{drop(facts.File, "/var/sw/pkg/junos-srxsme.21.04.03.tgz"), drop(facts.ImageDigest, "*"), add("file list /var/sw/pkg detail", facts.File, "/var/sw/pkg/other", "1")}, []string{
			"BC-03 NOT-ASSESSED platform-has-none", "ST-01 FAIL high /var/sw/pkg/junos-srxsme.21.04.03.tgz", "ST-02 NOT-ASSESSED platform-has-none da0s1a", "ST-02 NOT-ASSESSED nothing-to-ask-for /var/sw/pkg/junos-srxsme.21.04.03.tgz",
			"ST-06 FAIL low /var/sw/pkg/other"}},

		{"sealed: healthy", sealed, nil, sealedWant},
		{"sealed: the vendor's signatures are newer", sealed, []edit{set(facts.ContentVersion, "threat", "8701-8001")}, sealedWant},
		{"sealed: another version boots next", sealed, []edit{set(facts.NextBootVariable, "1", "sysroot1"), set(facts.PartitionState, "sysroot1", "PENDING-CHANGE")}, slices.Concat(
			[]string{sealedWant[0], sealedWant[1], "BC-04 FAIL high next boot variable"}, sealedWant[2:5], []string{"PK-02 FAIL medium sysroot1"}, sealedWant[5:])},
		{"sealed: the fallback is older", sealed, []edit{set(facts.Partition, "sysroot1", "9.1.1")}, slices.Concat(
			sealedWant[:2], []string{"ST-01 FAIL critical sysroot1"}, sealedWant[2:4], []string{"ST-07 FAIL medium sysroot1"}, sealedWant[4:5], []string{"VR-02 FAIL high sysroot1"}, sealedWant[5:])},
	} {
		t.Run(test.name, func(t *testing.T) {
			lacks := hasNone[test.text]
			r := row{observed: append([]edit{lacks}, test.edits...), visits: true}
			got := slices.DeleteFunc(worst(r.judge(t, test.text)), func(s string) bool { return s == channel })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
				for _, f := range r.judge(t, test.text) {
					if f.Verdict != Pass {
						t.Log(f.Control, f.Message)
					}
				}
			}
		})
	}
}
