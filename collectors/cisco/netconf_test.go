package cisco

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/facts"
)

// stated reads a reply and returns its facts in short, one a line.
func stated(t *testing.T, read func(collectors.Reply) ([]facts.Fact, error), text string) (string, error) {
	t.Helper()
	found, err := read(collectors.Reply{Command: "<get/>", Text: text})
	var all strings.Builder
	for _, f := range found {
		fmt.Fprintf(&all, "%d %s|%s|%s\n", f.Line, f.Kind, f.Subject, f.Value)
	}
	return all.String(), err
}

const deviceHardware = `<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="101"><data>
<device-hardware-data xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-device-hardware-oper"><device-hardware>
<device-inventory><hw-type>hw-type-chassis</hw-type><hw-dev-index>0</hw-dev-index><version>V00</version><part-number>CSR1000V</part-number>
<serial-number>9KIBQAQ3OPE</serial-number><hw-description>Cisco CSR1000V Chassis</hw-description><dev-name>Chassis</dev-name></device-inventory>
<device-system-data><current-time>2026-11-24T10:00:00+00:00</current-time><boot-time>2026-10-01T08:00:00+00:00</boot-time>
<software-version>Cisco IOS Software [Amsterdam], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.3.1a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2020 by Cisco Systems, Inc.</software-version>
<rommon-version>IOS-XE ROMMON</rommon-version><last-reboot-reason>reload</last-reboot-reason>
<rommon-entry><var-name>BOOT</var-name><var-value>bootflash:a.bin,12;bootflash:b.bin,12;</var-value></rommon-entry>
<cr-info><cr-hex>0x2102</cr-hex><cr-next-hex>0x2142</cr-next-hex></cr-info>
</device-system-data></device-hardware></device-hardware-data></data></rpc-reply>`

func TestXENETCONF(t *testing.T) {
	for _, test := range []struct {
		name    string
		read    func(collectors.Reply) ([]facts.Fact, error)
		text    string
		want    string
		holds   string // in place of want, where the rest is as before
		problem string
	}{
		{name: "device-hardware-oper", read: readDeviceHardware, text: deviceHardware, want: `4 component|Chassis|Cisco CSR1000V Chassis
3 model|Chassis|CSR1000V
4 serial number|Chassis|9KIBQAQ3OPE
3 hardware version|Chassis|V00
6 running version||17.3.1a
6 software image||X86_64_LINUX_IOSD-UNIVERSALK9-M
6 operating system||IOS XE
9 reload reason||reload
5 boot time||2026-10-01T08:00:00+00:00
11 configuration register||0x2102
11 next configuration register||0x2142
10 boot loader variable|BOOT|bootflash:a.bin,12;bootflash:b.bin,12;
10 next boot variable|1|bootflash:a.bin
10 next boot variable|2|bootflash:b.bin
`},
		{name: "a loader with a version", read: readDeviceHardware, text: strings.Replace(deviceHardware, "IOS-XE ROMMON", "16.12(2r)", 1), holds: "9 boot loader version|ROMMON|16.12(2r)\n"},
		{name: "no model", read: readDeviceHardware, text: `<rpc-reply message-id="1"><data/></rpc-reply>`, problem: "no software version"},
		{name: "cut", read: readDeviceHardware, text: deviceHardware[:900], problem: "XML"},
		{name: "install-oper", read: readInstallOper, text: `<data><install-oper-data><install-location-information><fru>fru-rp</fru><slot>0</slot><bay>0</bay><chassis>-1</chassis><node>0</node>
<install-version-state-info><version>17.09.04a.0.4872</version><version-extension>1694079563</version-extension><current>install-version-state-provisioned-committed</current></install-version-state-info>
<install-version-state-info><version>17.03.01.0.22</version><version-extension>1</version-extension><current>install-version-state-present</current></install-version-state-info>
</install-location-information></install-oper-data></data>`, want: `2 package|IMG 17.09.04a.0.4872|17.09.04a.0.4872
2 package state|IMG 17.09.04a.0.4872|activated and committed
3 package|IMG 17.03.01.0.22|17.03.01.0.22
3 package state|IMG 17.03.01.0.22|inactive
`},
		{name: "install-oper of a stack", read: readInstallOper, text: `<d><install-location-information><chassis>1</chassis><install-version-state-info><version>17.1</version><current>install-version-state-provisioned-uncommitted</current></install-version-state-info></install-location-information>
<install-location-information><chassis>2</chassis><install-version-state-info><version>17.1</version><current>install-version-state-odd</current></install-version-state-info></install-location-information></d>`,
			want: `1 package|switch 1 IMG 17.1|17.1
1 package state|switch 1 IMG 17.1|activated and uncommitted
2 package|switch 2 IMG 17.1|17.1
`, problem: "install-version-state-odd"},
		{name: "platform-software-oper", read: readPlatformSoftware, text: `<data><cisco-platform-software><q-filesystem><image-files><full-path>/bootflash/x.bin</full-path><file-size>7070212</file-size><sha1sum>0F58A02F3D3F1E1BE8F509D2E5B58FB8AABBCCDD</sha1sum></image-files></q-filesystem></cisco-platform-software></data>`,
			want: "1 file|/bootflash/x.bin|7070212\n1 image digest|/bootflash/x.bin|sha1:0f58a02f3d3f1e1be8f509d2e5b58fb8aabbccdd\n"},
		{name: "a digest of another length", read: readPlatformSoftware, text: `<d><image-files><full-path>/bootflash/x.bin</full-path><sha1sum>0f58</sha1sum></image-files></d>`, problem: "no sha1 digest"},
		{name: "boot-integrity-oper", read: readBootIntegrity, text: `<d><boot-loader-hash>` + strings.Repeat("0F", 32) + `</boot-loader-hash>
<package-integrity><name>cat9k-rpbase.17.09.04a.SPA.pkg</name><hash>` + strings.Repeat("1a", 64) + `</hash></package-integrity></d>`,
			want: "1 boot measurement|boot loader|sha256:" + strings.Repeat("0f", 32) + "\n2 boot measurement|cat9k-rpbase.17.09.04a.SPA.pkg|sha512:" + strings.Repeat("1a", 64) + "\n"},
		{name: "an empty measurement", read: readBootIntegrity, text: `<d><boot-loader-hash/></d>`, problem: "no measurement"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := stated(t, test.read, test.text)
			if test.problem == "" && err != nil || test.problem != "" && (err == nil || !strings.Contains(err.Error(), test.problem)) {
				t.Errorf("problem %v, want %q", err, test.problem)
			}
			if test.holds != "" {
				if !strings.Contains(got, test.holds) {
					t.Errorf("%s lacks %s", got, test.holds)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestXRInventory(t *testing.T) {
	const yang = `<rpc-reply><data>
<system-time><clock><year>2020</year></clock><uptime><host-name>edge1</host-name><uptime>296217</uptime></uptime></system-time>
<inventory><entities>
<entity><name>Rack 0</name><attributes><inv-basic-bag><software-revision>7.0.2</software-revision><serial-number>FOC1</serial-number><model-name>N540</model-name></inv-basic-bag></attributes></entity>
<entity><name>0/RP0/CPU0</name><attributes><inv-basic-bag><software-revision>7.0.1</software-revision><serial-number>FOC2</serial-number></inv-basic-bag></attributes></entity>
</entities></inventory></data></rpc-reply>`
	got, err := stated(t, readXRInventory, yang)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(`2 hostname||edge1
2 uptime||296217
4 running version||7.0.2
4 serial number|Rack 0|FOC1
4 model|Rack 0|N540
5 component version|0/RP0/CPU0|7.0.1
5 serial number|0/RP0/CPU0|FOC2
`, got); diff != "" {
		t.Error(diff)
	}
	if _, err := stated(t, readXRInventory, "<rpc-reply><data/></rpc-reply>"); err == nil {
		t.Error("an empty answer was taken for a whole one")
	}
}

// FuzzNETCONF holds that no reply brings a reader of XML down.
func FuzzNETCONF(f *testing.F) {
	f.Add(deviceHardware)
	saved, _ := filepath.Glob("../../../shared/captures/cisco_iosxr/*get*/*")
	for _, path := range saved {
		if text, err := os.ReadFile(path); err == nil {
			f.Add(string(text))
		}
	}
	readers := []func(collectors.Reply) ([]facts.Fact, error){readDeviceHardware, readInstallOper, readPlatformSoftware, readBootIntegrity, readXRInventory}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, read := range readers {
			found, _ := read(collectors.Reply{Command: "<get/>", Text: text})
			for _, fact := range found {
				if fact.Line < 1 || fact.Line > lines || fact.Value == "" {
					t.Errorf("%+v in %d lines", fact, lines)
				}
			}
		}
	})
}
