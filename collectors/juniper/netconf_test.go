package juniper

import (
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestNETCONF(t *testing.T) {
	runReaderTests(t, collectors.NETCONF, []readerTest{
		{
			name: "software of one routing engine", command: "<get-software-information/>",
			reply: `<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/21.4R3-S5.4/junos" message-id="1">
<software-information>
<host-name>mx480-1</host-name>
<product-model>mx480</product-model>
<product-name>mx480</product-name>
<junos-version>21.4R3-S5.4</junos-version>
<package-information><name>os-kernel</name><comment>JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]</comment></package-information>
</software-information>
</rpc-reply>`,
			want: []fact{
				{facts.Hostname, "", "mx480-1", 3}, {facts.Model, "", "mx480", 4}, {facts.RunningVersion, "", "21.4R3-S5.4", 6}, {facts.OperatingSystem, "", "Junos OS", 6},
				{facts.BuildID, "kernel", "20230315.e1d4b9a_builder_stable_12_213", 7},
				{facts.Package, "JUNOS OS Kernel 64-bit", "20230315.e1d4b9a_builder_stable_12_213", 7},
			},
		},
		{
			name: "software of two nodes, without the envelope", command: "netconf get-software-information",
			reply: `<multi-routing-engine-results>
<multi-routing-engine-item><re-name>node0</re-name>
<software-information><host-name>fw-a</host-name><product-model>srx345</product-model>
<package-information><name>junos</name><comment>JUNOS Software Release [15.1X49-D170.4]</comment></package-information></software-information></multi-routing-engine-item>
<multi-routing-engine-item><re-name>node1</re-name>
<output>error: abnormal communication termination with node1</output></multi-routing-engine-item>
</multi-routing-engine-results>`,
			want: []fact{
				{facts.Hostname, "", "fw-a", 3}, {facts.Hostname, "node0", "fw-a", 3}, {facts.Model, "", "srx345", 3}, {facts.Model, "node0", "srx345", 3},
				{facts.RunningVersion, "", "15.1X49-D170.4", 4}, {facts.OperatingSystem, "", "Junos OS", 4}, {facts.ComponentVersion, "node0", "15.1X49-D170.4", 4},
				{facts.Package, "node0 JUNOS Software Release", "15.1X49-D170.4", 4},
			},
			problem: `no software-information of "node1" in the reply: line 6: "error: abnormal communication`,
		},
		{
			name: "the inventory", command: "<get-chassis-inventory/>",
			reply: `<chassis-inventory><chassis style="inventory">
<name>Chassis</name><serial-number>JN1111111AFB</serial-number><description>MX480</description>
<chassis-module><name>FPC 0</name><version>REV 24</version><part-number>750-054902</part-number><serial-number>CAAA1111</serial-number><description>MPC3E</description><model-number>x</model-number>
<chassis-sub-module><name>MIC 0</name><part-number>BUILTIN</part-number>
<chassis-sub-sub-module><name>PIC 0</name><description>10x 1GE</description></chassis-sub-sub-module></chassis-sub-module></chassis-module>
<chassis-module><name>Routing Engine 1</name><description>RE-S-1800x4</description><chassis-re-disk-module><name>ad0</name><disk-size>3831</disk-size></chassis-re-disk-module></chassis-module>
</chassis></chassis-inventory>`,
			want: []fact{
				{facts.Model, "", "MX480", 2}, {facts.SerialNumber, "", "JN1111111AFB", 2},
				{facts.Component, "fpc0", "MPC3E", 3}, {facts.Model, "fpc0", "750-054902", 3}, {facts.HardwareVersion, "fpc0", "REV 24", 3}, {facts.SerialNumber, "fpc0", "CAAA1111", 3},
				{facts.Component, "fpc0 mic 0", "MIC 0", 4}, {facts.Model, "fpc0 mic 0", "BUILTIN", 4},
				{facts.Component, "fpc0 mic 0 pic 0", "10x 1GE", 5},
				{facts.Component, "re1", "RE-S-1800x4", 6}, {facts.Component, "re1 ad0", "ad0", 6},
			},
		},
		{
			name: "routing engines", command: "<get-route-engine-information/>",
			reply: `<route-engine-information><route-engine><slot>0</slot><mastership-state>master</mastership-state><model>RE-S-1800x4</model>
<serial-number>9009123456</serial-number><start-time junos:seconds="1510927195">2017-11-17 13:59:55 UTC</start-time>
<up-time junos:seconds="600169">6 days, 22 hours, 42 minutes, 49 seconds</up-time>
<last-reboot-reason>Router rebooted after a normal shutdown.</last-reboot-reason></route-engine>
<route-engine><slot>1</slot><status>Testing</status></route-engine></route-engine-information>`,
			want: []fact{
				{facts.ComponentRole, "re0", "master", 1}, {facts.Component, "re0", "RE-S-1800x4", 1}, {facts.SerialNumber, "re0", "9009123456", 2}, {facts.BootTime, "re0", "2017-11-17 13:59:55 UTC", 2},
				{facts.Uptime, "re0", "600169", 3}, {facts.ReloadReason, "re0", "Router rebooted after a normal shutdown.", 4}, {facts.ReloadReason, "", "Router rebooted after a normal shutdown.", 4},
			},
			problem: "line 5: nothing about re1",
		},
		{
			name: "the uptime", command: "<get-system-uptime-information/>",
			reply: `<system-uptime-information><current-time><date-time junos:seconds="1630388891">2021-08-31 08:48:11 MSK</date-time></current-time>
<system-booted-time><date-time junos:seconds="1617013925">2021-03-29 13:32:05 MSK</date-time>
<time-length junos:seconds="13374966">22w0d 19:16</time-length></system-booted-time>
<last-configured-time><date-time>2021-07-13 16:35:35 MSK</date-time><time-length>6w6d 16:12</time-length><user>admin</user></last-configured-time>
</system-uptime-information>`,
			want: []fact{{facts.BootTime, "", "2021-03-29 13:32:05 MSK", 2}, {facts.Uptime, "", "13374966", 3}},
		},
		{name: "an uptime without seconds", command: "<get-system-uptime-information/>", reply: "<system-booted-time><date-time>x</date-time><time-length seconds=\"many\">1d 02:03</time-length></system-booted-time>",
			want: []fact{{facts.BootTime, "", "x", 1}, {facts.Uptime, "", "93780", 1}}},
		{
			name: "snapshots of two members", command: "<get-snapshot-information/>",
			reply: `<multi-routing-engine-results><multi-routing-engine-item><re-name>fpc0</re-name><snapshot-information>
<snapshot-medium>internal (/dev/da0s1a) (backup)</snapshot-medium><creation-date junos:seconds="1364347625">Mar 27 01:27:05 2013</creation-date>
<software-version><package><package-name>jbase</package-name><package-version>ex-12.3R3.4</package-version></package>
<package><package-name>jcrypto-ex</package-name><package-version>12.3R3.4</package-version></package></software-version>
<snapshot-medium>internal (/dev/da0s2a) (primary)</snapshot-medium>
<software-version><package><package-name>jbase</package-name><package-version>ex-12.3R12.4</package-version></package></software-version>
</snapshot-information></multi-routing-engine-item><multi-routing-engine-item><re-name>fpc1</re-name><snapshot-information>
<snapshot-medium>internal (/dev/da0s1a) (backup)</snapshot-medium></snapshot-information></multi-routing-engine-item></multi-routing-engine-results>`,
			want: []fact{
				{facts.Partition, "da0s1a", "12.3R3.4", 3}, {facts.PartitionState, "da0s1a", "backup", 2}, {facts.Partition, "da0s2a", "12.3R12.4", 6}, {facts.PartitionState, "da0s2a", "primary", 5},
				{facts.PartitionState, "fpc1 da0s1a", "backup", 8},
			},
			problem: `no version of snapshot "fpc1 da0s1a"`,
		},
		{
			name: "files", command: "<file-list><detail/><path>/var/tmp/</path></file-list>",
			reply: `<directory-list root-path="/var/tmp/" seconds="1630388891" style="detail"><directory name="/var/tmp/"><total-file-blocks>24</total-file-blocks>
<file-information><file-name>x.tgz</file-name><file-permissions format="-rw-r--r--">644</file-permissions><file-owner format="root">0</file-owner>
<file-group format="wheel">0</file-group><file-links>1</file-links><file-size>5362</file-size><file-date format="Sep 12 20:03">1347480180</file-date></file-information>
<file-information><file-name>.snap</file-name><file-directory/><file-permissions format="drwxrwxrwx">777</file-permissions><file-size>512</file-size></file-information>
<file-information><file-name>y</file-name><file-size>many</file-size></file-information>
<total-files>3</total-files></directory></directory-list>`,
			want: []fact{
				{facts.File, "/var/tmp/x.tgz", "5362", 3}, {facts.FilePermissions, "/var/tmp/x.tgz", "-rw-r--r--", 2}, {facts.FileTime, "/var/tmp/x.tgz", "Sep 12 20:03", 3},
				{facts.File, "/var/tmp/.snap", "512", 4}, {facts.FilePermissions, "/var/tmp/.snap", "drwxrwxrwx", 4},
			},
			problem: "line 5: a file without a name or a size",
		},
		{name: "no such directory", command: "<file-list><detail/><path>/var/sw/pkg/</path></file-list>", reply: "<directory-list><output>/var/sw/pkg/: No such file or directory\n</output></directory-list>"},
		{name: "no rights", command: "<file-list><detail/><path>/root/</path></file-list>", reply: "<directory-list><output>/root/: Permission denied</output></directory-list>", problem: "Permission denied"},
		{name: "no directory", command: "<file-list><detail/><path>/root/</path></file-list>", reply: "<rpc-reply/>", problem: "no listing in the reply"},
		{
			name: "a digest", command: "<get-sha256-checksum-information><path>/var/tmp/x.tgz</path></get-sha256-checksum-information>",
			reply: "<checksum-information><file-checksum><computation-method>SHA256</computation-method>\n<input-file>/var/tmp/x.tgz</input-file>\n<checksum>\n" + strings.ToUpper(sha256Hex) + "\n</checksum></file-checksum></checksum-information>",
			want:  []fact{{facts.ImageDigest, "/var/tmp/x.tgz", "sha256:" + sha256Hex, 4}},
		},
		{name: "a digest of another algorithm", command: "<get-checksum-information><path>/x</path></get-checksum-information>", reply: "<file-checksum><computation-method>SHA1</computation-method><input-file>/x</input-file><checksum>" + md5Hex + "</checksum></file-checksum>", problem: "is no sha1 digest"},
		{name: "no digest", command: "<get-checksum-information><path>/x</path></get-checksum-information>", reply: "<rpc-reply><checksum-information/></rpc-reply>", problem: "no file-checksum"},
		{name: "an operation that is not known", command: "<get-snapshot-information/>", reply: "<rpc-reply><rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag><error-severity>error</error-severity><error-message>syntax error</error-message></rpc-error></rpc-reply>", problem: "unsupported-command"},
		{name: "no XML", command: "<get-software-information/>", reply: "Hostname: a\n", problem: "the XML of the reply"},
		{name: "an entity", command: "<get-software-information/>", reply: "<!DOCTYPE a [<!ENTITY b \"c\">]><software-information><host-name>&b;</host-name></software-information>", problem: "the XML of the reply"},
	})
}
