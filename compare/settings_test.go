package compare

import (
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

// settled is a healthy device that states what the controls about hardware, settings and configuration live on.
const settled = `
show version                            | hostname                   |                             | edge1
show version                            | operating system           |                             | IOS XE
show version                            | running version            |                             | 17.9.4
show version                            | running image              |                             | bootflash:c8000be.17.09.04.SPA.bin
show version                            | compile time               |                             | Fri 25-Aug-23 10:11
show version                            | uptime                     |                             | 1987020
show version                            | serial number              |                             | FCW2134A1B2
show inventory                          | component                  | Chassis                     | Cisco Catalyst 8300
show inventory                          | component                  | Power Supply Module 0       | AC Power Supply
show inventory                          | serial number              | Power Supply Module 0       | LIT21300ABC
show bootvar                            | boot variable              | 1                           | bootflash:c8000be.17.09.04.SPA.bin
show bootvar                            | boot variable              | 2                           | bootflash:c8000be.17.09.04.SPA.bin
show bootvar                            | startup configuration source |                           | nvram:startup-config
show bootvar                            | next startup configuration source |                      | nvram:startup-config
show romvar                             | boot loader variable       | BOOT                        | bootflash:c8000be.17.09.04.SPA.bin,1;
show romvar                             | boot loader variable       | MANUAL_BOOT                 | no
show romvar                             | boot loader variable       | LINUX_CMDLINE               | quiet
show file systems                       | file system                | bootflash:                  | disk
dir bootflash:                          | file                       | bootflash:/c8000be.17.09.04.SPA.bin | 800000000
dir bootflash:                          | file                       | bootflash:/anyconnect-win-4.10.07061-webdeploy-k9.pkg | 80000000
verify                                  | image digest               | bootflash:/c8000be.17.09.04.SPA.bin | sha512:11111111111111111111111111111111
verify                                  | image digest               | bootflash:/anyconnect-win-4.10.07061-webdeploy-k9.pkg | sha512:22222222222222222222222222222222
show software authenticity              | signed image type          | bootflash:/c8000be.17.09.04.SPA.bin | Production
show software authenticity              | signer                     | bootflash:/c8000be.17.09.04.SPA.bin | CN=CiscoSystems, OU=IOS-XE, O=CiscoSystems
show software authenticity              | certificate serial         | bootflash:/c8000be.17.09.04.SPA.bin | 64E8D2F0
show platform hardware authentication   | integrity check            | authentication of mainboard | Passed
show platform software selinux          | integrity setting          | selinux current mode        | Enforcing
show platform software selinux          | integrity setting          | selinux system default      | Enforcing
verify /md5 system:memory/text          | memory digest              | system:memory/text          | md5:33333333333333333333333333333333
show processes                          | process                    |                             | none of those asked for
show install log                        | install operation          | 1                           | install_add
show install log                        | install time               | 1                           | Mon Mar 1 10:11:12 UTC 2026
show install log                        | install operation          | 2                           | install_activate
show install log                        | install time               | 2                           | Mon Mar 1 10:21:12 UTC 2026
show app-hosting list                   | guest application          |                             | none
show run 1                              | configuration section      | aaa                         | present
show run 1                              | configuration section      | accounts                    | present
show run 1                              | configuration section      | management access           | present
show run 1                              | configuration section      | snmp                        | present
show run 1                              | running configuration line | aaa accounting commands 15 default start-stop group tacacs+ | aaa
show run 1                              | configuration trait        | aaa accounting commands 15 default start-stop group tacacs+ | accounting of commands
show run 1                              | running configuration line | username admin privilege 15 secret 9 <secret:aaaa:0123456789ab> | accounts
show run 1                              | configuration trait        | username admin privilege 15 secret 9 <secret:aaaa:0123456789ab> | account, full privileges
show run 1                              | running configuration line | line vty 0 4                | management access
show run 1                              | configuration trait        | line vty 0 4                | remote login line, starts sessions
show run 1                              | running configuration line | line vty 0 4 / access-class 10 in | management access
show run 1                              | configuration trait        | line vty 0 4 / access-class 10 in | access list
show run 1                              | running configuration line | line vty 0 4 / transport output none | management access
show run 1                              | configuration trait        | line vty 0 4 / transport output none | no outgoing sessions
show run 1                              | running configuration line | snmp-server community <secret:aaaa:ba9876543210> RO 10 | snmp
show run 1                              | configuration trait        | snmp-server community <secret:aaaa:ba9876543210> RO 10 | SNMP without encryption
show run 2                              | configuration section      | logging                     | present
show run 2                              | configuration section      | time                        | present
show run 2                              | configuration section      | file transfer               | empty
show run 2                              | configuration section      | scripts                     | empty
show run 2                              | configuration section      | guests                      | empty
show run 2                              | running configuration line | logging host 10.1.1.9       | logging
show run 2                              | configuration trait        | logging host 10.1.1.9       | log server
show run 2                              | running configuration line | ntp server 10.1.1.1         | time
show run 2                              | configuration trait        | ntp server 10.1.1.1         | time server
show start 2                            | configuration section      | startup logging             | present
show start 2                            | configuration section      | startup time                | present
show start 2                            | startup configuration line | logging host 10.1.1.9       | logging
show start 2                            | startup configuration line | ntp server 10.1.1.1         | time
`

// line adds a line of the running configuration with its traits.
func line(topic, text string, traits ...string) edit {
	return func(s *facts.Set) {
		add("show run 2", facts.RunningConfigLine, text, topic)(s)
		if len(traits) > 0 {
			add("show run 2", facts.ConfigurationTrait, text, strings.Join(traits, ", "))(s)
		}
	}
}

// unline takes a line out of the running configuration.
func unline(text string) edit {
	return func(s *facts.Set) {
		drop(facts.RunningConfigLine, text)(s)
		for _, f := range s.Facts {
			if f.Kind == facts.ConfigurationTrait && f.Subject == text {
				drop(facts.ConfigurationTrait, text)(s)
				return
			}
		}
	}
}

func TestSettings(t *testing.T) {
	pass := []string{"PASS E0"}
	trial := func(r Rule, rows ...row) {
		t.Run(r.Name, func(t *testing.T) {
			try(t, r, settled, rows)
		})
	}
	trial(componentInventory,
		row{name: "healthy", want: pass},
		row{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		row{name: "a stick", observed: []edit{add("show file systems", facts.FileSystem, "usbflash0:", "disk")}, want: []string{"FAIL medium usbflash0:"}, says: "was not there"},
		row{name: "another power supply", observed: []edit{set(facts.SerialNumber, "Power Supply Module 0", "LIT9")}, want: []string{"FAIL medium Power Supply Module 0"}, says: "LIT21300ABC"},
		row{name: "a part is gone", observed: []edit{drop(facts.Component, "Power Supply Module 0")}, want: []string{"FAIL medium Power Supply Module 0"}, says: "not stated any more"},
	)
	trial(hardwareAuthenticity,
		row{name: "healthy", want: pass, says: "authentication of mainboard"},
		row{name: "a counterfeit part", observed: []edit{set(facts.IntegrityCheck, "authentication of mainboard", "Failed")}, want: []string{"FAIL critical authentication of mainboard"}},
		row{name: "a part that can't", observed: []edit{set(facts.IntegrityCheck, "authentication of mainboard", "Not Available")}, approved: []edit{set(facts.IntegrityCheck, "authentication of mainboard", "Not Available")},
			want: []string{"NOT-ASSESSED platform-has-none"}},
		row{name: "a part that can't any more", observed: []edit{set(facts.IntegrityCheck, "authentication of mainboard", "Not Available")}, want: []string{"FAIL critical authentication of mainboard"}},
	)
	trial(bootEnvironment,
		row{name: "healthy", want: pass},
		row{name: "SELinux off", observed: []edit{set(facts.BootLoaderVariable, "LINUX_CMDLINE", "quiet enforcing=0")}, want: []string{"FAIL critical LINUX_CMDLINE"}},
		row{name: "SELinux off when it was first seen", observed: []edit{set(facts.BootLoaderVariable, "LINUX_CMDLINE", "enforcing=0")}, approved: []edit{set(facts.BootLoaderVariable, "LINUX_CMDLINE", "enforcing=0")},
			want: []string{"FAIL critical LINUX_CMDLINE"}},
		row{name: "SELinux off in the vendor's laboratory", provenance: baseline.OwnImage, observed: []edit{set(facts.BootLoaderVariable, "LINUX_CMDLINE", "enforcing=0")}, approved: []edit{set(facts.BootLoaderVariable, "LINUX_CMDLINE", "enforcing=0")},
			want: pass},
		row{name: "another list of packages", observed: []edit{add("show romvar", facts.BootLoaderVariable, "USER_BOOT_PARAM", "ROMMON_PACKAGES_OVERRIDE /flash/x.conf")}, want: []string{"FAIL critical USER_BOOT_PARAM"}},
		row{name: "another first program", observed: []edit{add("show romvar", facts.BootLoaderVariable, "init", "/misc/x")}, want: []string{"FAIL critical init"}},
		row{name: "a server", observed: []edit{add("show romvar", facts.BootLoaderVariable, "TFTP_SERVER", "10.9.9.9")}, want: []string{"FAIL high TFTP_SERVER"}},
		row{name: "less grave", observed: []edit{add("show romvar", facts.BootLoaderVariable, "ENABLE_BREAK", "yes")}, want: []string{"FAIL medium ENABLE_BREAK"}},
		row{name: "startup configuration ignored", observed: []edit{add("show romvar", facts.BootLoaderVariable, "SWITCH_IGNORE_STARTUP_CFG", "1")}, want: []string{"FAIL high SWITCH_IGNORE_STARTUP_CFG"}},
		row{name: "the boot list is another control's", observed: []edit{set(facts.BootLoaderVariable, "BOOT", "bootflash:x,1;")}, want: pass},
		row{name: "refused", observed: []edit{unanswered("show romvar", facts.NoPrivilege, "% no", "", facts.BootLoaderVariable)}, want: []string{"NOT-ASSESSED no-privilege MANUAL_BOOT", "NOT-ASSESSED no-privilege LINUX_CMDLINE"}},
	)
	trial(startupSource,
		row{name: "healthy", want: pass},
		row{name: "another one next", observed: []edit{set(facts.NextStartupSource, "", "bootflash:x")}, want: []string{"FAIL high", "FAIL high"}},
		row{name: "another one next, no baseline", unapproved: true, observed: []edit{set(facts.NextStartupSource, "", "bootflash:x")}, want: []string{"FAIL high", "NOT-ASSESSED no-baseline"}},
	)
	trial(developmentCode,
		row{name: "healthy", want: pass},
		row{name: "healthy, no baseline", unapproved: true, want: pass},
		row{name: "a special image", observed: []edit{set(facts.SignedImageType, "bootflash:/c8000be.17.09.04.SPA.bin", "Special")}, want: []string{"FAIL high bootflash:/c8000be.17.09.04.SPA.bin"}},
		row{name: "an approved special image", observed: []edit{set(facts.SignedImageType, "bootflash:/c8000be.17.09.04.SPA.bin", "Special")}, approved: []edit{set(facts.SignedImageType, "bootflash:/c8000be.17.09.04.SPA.bin", "Special")}, want: pass},
		row{name: "a development image boots next", observed: []edit{set(facts.BootVariable, "2", "bootflash:x.SSA.bin")}, want: []string{"FAIL high bootflash:x.SSA.bin"}},
		row{name: "development keys", observed: []edit{add("show boot", facts.BootSetting, "allow dev key", "yes")}, want: []string{"FAIL high allow dev key"}},
		row{name: "the level dropped", approved: []edit{add("get system status", facts.IntegritySetting, "security level", "High")}, observed: []edit{add("get system status", facts.IntegritySetting, "security level", "1")},
			want: []string{"FAIL high security level"}},
	)
	trial(signerIdentity,
		row{name: "healthy", want: pass},
		row{name: "another signer", observed: []edit{set(facts.Signer, "bootflash:/c8000be.17.09.04.SPA.bin", "CN=Evil")}, want: []string{"FAIL high bootflash:/c8000be.17.09.04.SPA.bin"}},
		row{name: "signed before it was compiled", observed: []edit{set(facts.CertificateSerial, "bootflash:/c8000be.17.09.04.SPA.bin", "5A94807E")},
			want: []string{"FAIL low bootflash:/c8000be.17.09.04.SPA.bin", "FAIL low bootflash:/c8000be.17.09.04.SPA.bin"}, says: "a heuristic"},
		row{name: "signed long after", observed: []edit{set(facts.CertificateSerial, "bootflash:/c8000be.17.09.04.SPA.bin", "68CD837A")}, want: []string{"FAIL low bootflash:/c8000be.17.09.04.SPA.bin"}, says: "long after"},
		row{name: "a serial that is no time", observed: []edit{set(facts.CertificateSerial, "bootflash:/c8000be.17.09.04.SPA.bin", "0A0B0C0D0E")}, want: pass},
		row{name: "a new image by the same signer", observed: []edit{add("show software authenticity", facts.Signer, "bootflash:/new.bin", "CN=CiscoSystems, OU=IOS-XE, O=CiscoSystems")}, want: pass},
		row{name: "a new image by another", observed: []edit{add("show software authenticity", facts.Signer, "bootflash:/new.bin", "CN=x")}, want: []string{"FAIL medium bootflash:/new.bin"}},
	)
	const client = "bootflash:/anyconnect-win-4.10.07061-webdeploy-k9.pkg"
	trial(auxiliarySoftware,
		row{name: "healthy", want: pass},
		row{name: "another client", observed: []edit{set(facts.ImageDigest, client, "sha512:99999999999999999999999999999999")}, want: []string{"FAIL high " + client}},
		row{name: "an unknown one", observed: []edit{add("dir bootflash:", facts.File, "bootflash:/asdm-7181-152.bin", "1"), add("verify", facts.ImageDigest, "bootflash:/asdm-7181-152.bin", "sha512:77")}, want: []string{"NOT-ASSESSED no-baseline bootflash:/asdm-7181-152.bin"}},
		row{name: "no digest", observed: []edit{drop(facts.ImageDigest, client)}, want: []string{"NOT-ASSESSED parse-incomplete " + client}},
		row{name: "an engine fails its check", observed: []edit{add("diagnose", facts.IntegrityCheck, "av engine", "signature check failed")}, want: []string{"FAIL high av engine"}},
	)
	trial(memoryDigest,
		row{name: "healthy", visits: true, want: pass, says: "the code in memory"},
		row{name: "patched", visits: true, observed: []edit{set(facts.MemoryDigest, "system:memory/text", "md5:99999999999999999999999999999999")}, want: []string{"FAIL! critical system:memory/text", "FAIL critical system:memory/text"}, says: "did not reload"},
		row{name: "another version", observed: []edit{set(facts.RunningVersion, "", "17.9.5"), set(facts.MemoryDigest, "system:memory/text", "md5:99")}, want: []string{"NOT-ASSESSED not-comparable"}},
		row{name: "none", observed: []edit{unanswered("verify /md5 system:memory/text", facts.UnsupportedCommand, "%", "", facts.MemoryDigest)}, want: []string{"NOT-ASSESSED unsupported-command"}},
	)
	trial(memoryAttributes,
		row{name: "healthy", want: []string{"NOT-ASSESSED intrusive-withheld"}},
		row{name: "an implant", observed: []edit{add("show processes", facts.Process, "lina_cs", "1234 lina_cs")}, want: []string{"FAIL critical lina_cs"}, says: "FIRESTARTER"},
	)
	trial(operatingSystemLockdown,
		row{name: "healthy", want: pass},
		row{name: "permissive", observed: []edit{set(facts.IntegritySetting, "selinux current mode", "Permissive")}, want: []string{"FAIL! high selinux current mode"}, says: "default"},
		row{name: "permissive as approved", observed: []edit{set(facts.IntegritySetting, "selinux current mode", "Permissive")}, approved: []edit{set(facts.IntegritySetting, "selinux current mode", "Permissive")}, want: []string{"FAIL! high selinux current mode"}},
		row{name: "the default itself", observed: []edit{set(facts.IntegritySetting, "selinux current mode", "Permissive"), set(facts.IntegritySetting, "selinux system default", "Permissive")},
			want: []string{"FAIL high selinux current mode", "FAIL high selinux system default"}},
		row{name: "the system's files", observed: []edit{add("tpm-status", facts.IntegrityCheck, "system integrity", "Invalid")}, want: []string{"FAIL critical system integrity"}},
	)
	trial(installHistory,
		row{name: "healthy", want: pass},
		row{name: "an operation", observed: []edit{add("show install log", facts.InstallOperation, "3", "install_remove"), add("show install log", facts.InstallTime, "3", "Tue Mar 2")}, want: []string{"FAIL medium install_remove at Tue Mar 2"}},
		row{name: "a start of the system", observed: []edit{add("show install log", facts.InstallOperation, "3", "install_op_boot"), add("show install log", facts.InstallTime, "3", "Tue Mar 2")}, want: pass},
		row{name: "the log was cleared", observed: []edit{drop(facts.InstallOperation, "*"), add("show install log", facts.InstallOperation, "1", "install_op_boot")}, want: []string{"FAIL medium"}, says: "nothing is left"},
		row{name: "the oldest fell out", observed: []edit{drop(facts.InstallOperation, "1"), drop(facts.InstallTime, "1")}, want: pass},
		row{name: "the newest is gone", observed: []edit{drop(facts.InstallOperation, "2"), drop(facts.InstallTime, "2")}, want: []string{"FAIL medium"}, says: "gone"},
	)
	trial(guestEnvironments,
		row{name: "healthy", want: pass},
		row{name: "a guest shell", observed: []edit{add("show app-hosting list", facts.GuestApplication, "guestshell", "RUNNING")}, want: []string{"FAIL high guestshell"}},
		row{name: "a shell below", observed: []edit{add("show feature", facts.Feature, "bash-shell", "enabled")}, want: []string{"FAIL high bash-shell"}},
		row{name: "another feature", observed: []edit{add("show feature", facts.Feature, "bgp", "enabled")}, want: pass},
		row{name: "switched on", observed: []edit{line(facts.TopicGuests, "iox", facts.TraitGuest)}, want: []string{"FAIL high iox"}},
	)
	trial(fallbackTargets,
		row{name: "healthy", want: pass},
		row{name: "an old image second", observed: []edit{set(facts.BootVariable, "2", "bootflash:c8000be.16.09.04.SPA.bin")}, want: []string{"FAIL high bootflash:c8000be.16.09.04.SPA.bin"}, says: "older"},
		row{name: "an old image in the other slot", observed: []edit{add("show images", facts.Partition, "secondary", "16.1.1")}, want: []string{"FAIL high secondary"}},
		row{name: "the other unit", observed: []edit{add("show failover", facts.ComponentVersion, "secondary unit", "17.9.3")}, want: []string{"FAIL high secondary unit"}},
	)
	trial(loggingExport,
		row{name: "healthy", want: pass},
		row{name: "no server", observed: []edit{unline("logging host 10.1.1.9")}, want: []string{"FAIL high", "FAIL high logging host 10.1.1.9"}},
		row{name: "off", observed: []edit{line(facts.TopicLogging, "no logging on", facts.TraitLogOff)}, want: []string{"FAIL high no logging on"}},
		row{name: "another clock", observed: []edit{line(facts.TopicTime, "ntp server 10.9.9.9", facts.TraitTimeServer)}, want: []string{"FAIL high ntp server 10.9.9.9"}},
		row{name: "not read", observed: []edit{unanswered("show run 2", facts.NoPrivilege, "%", "", facts.ConfigurationSection, facts.RunningConfigLine, facts.ConfigurationTrait)},
			want: []string{"NOT-ASSESSED no-privilege logging", "NOT-ASSESSED no-privilege time"}},
		row{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
	)
	trial(commandAccounting,
		row{name: "healthy", want: pass},
		row{name: "none", observed: []edit{unline("aaa accounting commands 15 default start-stop group tacacs+")}, want: []string{"FAIL medium", "FAIL medium aaa accounting commands 15 default start-stop group tacacs+"}},
	)
	trial(snmpAccess,
		row{name: "healthy", want: pass},
		row{name: "writes", observed: []edit{line(facts.TopicSNMP, "snmp-server community <secret:aaaa:0> RW", facts.TraitPlainSNMP, facts.TraitWrites, facts.TraitUnrestricted)}, want: []string{"FAIL high snmp-server community <secret:aaaa:0> RW"}},
		row{name: "from anywhere, no baseline", unapproved: true, observed: []edit{line(facts.TopicSNMP, "snmp-server community <secret:aaaa:0>", facts.TraitPlainSNMP, facts.TraitUnrestricted)}, want: []string{"FAIL medium snmp-server community <secret:aaaa:0>", "NOT-ASSESSED no-baseline"}},
		row{name: "another community", observed: []edit{unline("snmp-server community <secret:aaaa:ba9876543210> RO 10"), line(facts.TopicSNMP, "snmp-server community <secret:aaaa:ba9876543219> RO 10", facts.TraitPlainSNMP)},
			want: []string{"FAIL high snmp-server community <secret:aaaa:ba9876543219> RO 10", "FAIL high snmp-server community <secret:aaaa:ba9876543210> RO 10"}},
		row{name: "another key of ours", observed: []edit{unline("snmp-server community <secret:aaaa:ba9876543210> RO 10"), line(facts.TopicSNMP, "snmp-server community <secret:bbbb:ba9876543219> RO 10", facts.TraitPlainSNMP)},
			want: []string{"NOT-ASSESSED not-comparable"}},
	)
	trial(transferServices,
		row{name: "healthy", want: pass},
		row{name: "smart install", observed: []edit{line(facts.TopicTransfer, "vstack", facts.TraitSmartInstall)}, want: []string{"FAIL high vstack"}},
		row{name: "scp for our own pull, approved", observed: []edit{line(facts.TopicTransfer, "ip scp server enable", facts.TraitSecureFiles)}, approved: []edit{line(facts.TopicTransfer, "ip scp server enable", facts.TraitSecureFiles)}, want: pass},
	)
	trial(scriptsAndFilters,
		row{name: "healthy", want: pass},
		row{name: "hides output", observed: []edit{line(facts.TopicScripts, `event manager applet X / event cli pattern "show ver" sync yes`, facts.TraitHidesOutput)}, want: []string{`FAIL critical event manager applet X / event cli pattern "show ver" sync yes`}},
		row{name: "runs by itself", observed: []edit{line(facts.TopicScripts, "event manager applet X", facts.TraitEventPolicy)}, want: []string{"FAIL high event manager applet X"}},
		row{name: "runs by itself, no baseline", unapproved: true, observed: []edit{line(facts.TopicScripts, "event manager applet X", facts.TraitEventPolicy)}, want: []string{"FAIL medium event manager applet X", "NOT-ASSESSED no-baseline"}},
	)
	trial(managementAccess,
		row{name: "healthy", want: pass},
		row{name: "a new account", observed: []edit{line(facts.TopicAccounts, "username evil privilege 15 secret 9 <secret:aaaa:1>", facts.TraitAccount)}, want: []string{"FAIL high username evil privilege 15 secret 9 <secret:aaaa:1>"}},
		row{name: "telnet", observed: []edit{line(facts.TopicAccess, "line vty 0 4 / transport input telnet", facts.TraitTelnet)}, want: []string{"FAIL high line vty 0 4 / transport input telnet"}},
		row{name: "a new line, open to all", observed: []edit{line(facts.TopicAccess, "line vty 5 15", facts.TraitLoginLine, facts.TraitDialsOut)}, want: []string{"FAIL medium line vty 5 15", "FAIL low line vty 5 15"}},
		row{name: "the access list is gone", observed: []edit{unline("line vty 0 4 / access-class 10 in")}, want: []string{"FAIL high line vty 0 4 / access-class 10 in"}},
	)
	trial(configurationDrift,
		row{name: "healthy", want: pass},
		row{name: "not saved", observed: []edit{line(facts.TopicLogging, "logging host 10.9.9.9", facts.TraitLogServer)}, want: []string{"FAIL medium logging host 10.9.9.9"}, says: "not saved"},
		row{name: "a trap in the startup configuration", observed: []edit{add("show start 2", facts.StartupConfigLine, "no logging on", facts.TopicLogging)}, want: []string{"FAIL medium no logging on"}, says: "a reload brings it"},
		row{name: "a checksum", approved: []edit{add("show checksum", facts.ConfigurationHash, "running", "aa")}, observed: []edit{add("show checksum", facts.ConfigurationHash, "running", "bb")}, want: []string{"FAIL medium running"}},
	)
	trial(approvedChanges,
		row{name: "healthy", visits: true, want: pass, says: "nothing moved"},
		row{name: "a change", visits: true, observed: []edit{set(facts.RunningVersion, "", "17.9.5")}, want: []string{"FAIL medium"}, says: `was "17.9.4"`},
		row{name: "an approved change", visits: true, previous: []edit{set(facts.RunningVersion, "", "17.9.3")}, want: pass, says: "moved since"},
		row{name: "a change of what was never approved", visits: true, unapproved: true, observed: []edit{set(facts.RunningVersion, "", "17.9.5")}, want: []string{"NOT-ASSESSED no-baseline"}},
		row{name: "a line", visits: true, observed: []edit{line(facts.TopicLogging, "no logging on", facts.TraitLogOff)}, want: []string{"FAIL medium"}, says: "came into the configuration"},
	)
	trial(baselineProvenance,
		row{name: "from the device itself", provenance: baseline.FirstSeen, want: []string{"NOT-ASSESSED no-baseline"}, says: "first-seen"},
		row{name: "an own copy", provenance: baseline.OwnImage, want: []string{"PASS EX"}, says: "own-image"},
		row{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
	)
	trial(logContinuity, row{name: "no feed", want: []string{"NOT-ASSESSED not-collected"}})
	trial(foreignTelemetry, row{name: "no feed", want: []string{"NOT-ASSESSED not-collected"}})
}
