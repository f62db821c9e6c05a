package cisco

import (
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestLockdown(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "SELinux is permissive", command: "show platform software selinux",
			reply: "=========\nIOS-XE SELINUX STATUS\n=========\nSElinux Status :    Enabled\nCurrent Mode :      Permissive\nSystem Default :    Enforcing\n",
			want: []fact{
				{facts.IntegritySetting, "selinux status", "Enabled", 4}, {facts.IntegritySetting, "selinux current mode", "Permissive", 5},
				{facts.IntegritySetting, "selinux system default", "Enforcing", 6},
			},
		},
		{name: "no state", command: "show platform software selinux", reply: "nothing\n", problem: "no state of SELinux"},
		{
			name: "parts of a stack prove what they are", command: "show platform hardware authentication status",
			reply: "SWITCH 1\n--------\nMainboard Authentication:     Passed\nFRU Authentication:           Not Available\n\nSWITCH 2\nMainboard Authentication:     Failed\n",
			want: []fact{
				{facts.IntegrityCheck, "switch 1 authentication of mainboard", "Passed", 3}, {facts.IntegrityCheck, "switch 1 authentication of fru", "Not Available", 4},
				{facts.IntegrityCheck, "switch 2 authentication of mainboard", "Failed", 7},
			},
		},
		{
			name: "Jaguar Tooth", command: "show processes | include Policy Lock",
			reply: " 211 Mwe 41FA1A5C            0          1       0 5472/6000   0 Service Policy Lock\n",
			want:  []fact{{facts.Process, "Service Policy Lock", "211 Mwe 41FA1A5C 0 1 0 5472/6000 0 Service Policy Lock", 1}},
		},
		{name: "no implant", command: "show processes | include Policy Lock", reply: "", want: []fact{{facts.Process, "", "none of those asked for", 1}}},
		{
			name: "the code in memory", command: "verify /md5 system:memory/text",
			reply: "........Done!\nverify /md5 (system:memory/text) = 0123456789abcdef0123456789abcdef\n",
			want:  []fact{{facts.MemoryDigest, "system:memory/text", "md5:0123456789abcdef0123456789abcdef", 2}},
		},
	})
}

func TestGuests(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "a guest shell", command: "show app-hosting list", reply: "App id                                   State\n---------------------------------------------------------\nguestshell                               RUNNING\n\n",
			want: []fact{{facts.GuestApplication, "guestshell", "RUNNING", 3}},
		},
		{name: "none", command: "show app-hosting list", reply: "No App found\n\n", want: []fact{{facts.GuestApplication, "", "none", 1}}},
		{name: "an empty list", command: "show app-hosting list", reply: "App id                                   State\n", want: []fact{{facts.GuestApplication, "", "none", 1}}},
		{name: "something else", command: "show app-hosting list", reply: "hello\n", problem: "no list of applications"},
		{name: "a row that is none", command: "show app-hosting list", reply: "App id                                   State\nx y z\n", problem: "no row of the list"},
		{
			name: "the log of installations", command: "show install log",
			reply: "[0|install_op_boot]: START Fri Jun 12 21:21:09 Universal 2020\n[0|install_op_boot(INFO, )]: Mount IMG INI state base image\n[0|install_op_boot]: END SUCCESS  Fri Jun 12 21:21:12 Universal 2020\n[1|install_add]: START Mon Jun 15 10:00:00 Universal 2020\n",
			want: []fact{
				{facts.InstallOperation, "1", "install_op_boot", 1}, {facts.InstallTime, "1", "Fri Jun 12 21:21:09 Universal 2020", 1},
				{facts.InstallOperation, "2", "install_add", 4}, {facts.InstallTime, "2", "Mon Jun 15 10:00:00 Universal 2020", 4},
			},
		},
	})
}

func TestNXOSFeatures(t *testing.T) {
	found, err := readNXOSFeatures(collectors.Reply{Command: "show feature", Text: "Feature Name          Instance  State   \n--------------------  --------  --------\nbash-shell             1          enabled \nbgp                    1          enabled(not-running)\nnxapi                  1          disabled\n"})
	if err != nil || len(found) != 3 || found[0].Subject != "bash-shell" || found[0].Value != "enabled" || found[1].Value != "enabled" || found[2].Value != "disabled" {
		t.Errorf("%v, %v", found, err)
	}
	found, err = readVirtualServices(collectors.Reply{Command: "show virtual-service list", Text: "Virtual Service List:\n\nName                    Status             Package Name\n-----------------------------------------------------------------------\nguestshell+             Activated          guestshell.ova\n"})
	if err != nil || len(found) != 1 || found[0].Subject != "guestshell+" || found[0].Value != "Activated" {
		t.Errorf("%v, %v", found, err)
	}
}

func TestIntegrity(t *testing.T) {
	a, b := strings.Repeat("A1", 32), strings.Repeat("B2", 64)
	const command = "show platform integrity sign nonce 42"
	runReaderTests(t, []readerTest{
		{
			name: "measurements, with a long value over two lines", command: command,
			reply: "Platform: C9300-24U\nBoot 0 Version: F01001R06.02c7aa5f\nBoot 0 Hash: " + a + "\nBoot Loader Version: System Bootstrap, Version 16.10.1r[FC1], RELEASE SOFTWARE (P)\nBoot Loader Hash: " + b[:80] + "\n" + b[80:] +
				"\nOS Version: 16.10.01\nOS Hashes:\ncat9k-rpbase.16.10.01.SPA.pkg: " + a + "\nPCR0: " + a + "\nPCR8: " + a + "\nSignature version: 1\nSignature:\nABCD\nEF01\n",
			want: []fact{
				{facts.BootMeasurement, "boot 0", "sha256:" + strings.ToLower(a), 3}, {facts.BootMeasurement, "boot loader", "sha512:" + strings.ToLower(b), 5},
				{facts.BootMeasurement, "cat9k-rpbase.16.10.01.SPA.pkg", "sha256:" + strings.ToLower(a), 9},
				{facts.PlatformRegister, "PCR0", strings.ToLower(a), 10}, {facts.PlatformRegister, "PCR8", strings.ToLower(a), 11},
				{facts.AttestationSignature, "1", "abcdef01", 13}, {facts.AttestationNonce, "", "42", 1},
			},
		},
		{
			name: "a blank measurement", command: command, reply: "Boot 0 Hash: \nBoot Loader Hash: " + a + "\n% Error retrieving integrity data\n",
			want:    []fact{{facts.BootMeasurement, "boot loader", "sha256:" + strings.ToLower(a), 2}, {facts.AttestationNonce, "", "42", 1}},
			problem: "0 hexadecimal digits",
		},
		{name: "nothing", command: command, reply: "hello\n", problem: "no measurement"},
		{
			name: "certificates", command: "show platform sudi certificate sign nonce 42", reply: "-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
			want: []fact{{facts.AttestationKey, "1", "QUJDREVG", 1}}, problem: "line 5: no certificate",
		},
	})
}

func TestIOSConfiguration(t *testing.T) {
	traits := func(text string) map[string]string {
		found := map[string]string{}
		for _, section := range iosConfigurationQueries {
			all, err := section.Read(collectors.Reply{Command: section.Commands[0], Text: text})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range all {
				if f.Kind == facts.ConfigurationTrait {
					found[f.Subject] = f.Value
				}
			}
		}
		return found
	}
	for line, want := range map[string]string{
		"snmp-server community <secret> RW":                                 "SNMP without encryption, read-write access, no access list",
		"snmp-server community <secret> view V RO 10":                       "SNMP without encryption",
		"snmp-server community <secret:0000:000000000000:well-known> RO 10": "SNMP without encryption, well-known secret",
		"snmp-server group ops v3 priv read V":                              "",
		"logging host 10.1.1.9 transport tcp port 6514":                     "log server",
		"logging 10.1.1.9":                          "log server",
		"logging buffered 64000":                    "",
		"no logging on":                             "logging off",
		"ntp server vrf mgmt 10.1.1.1 key <secret>": "time server",
		"aaa accounting commands 15 default start-stop group tacacs+": "accounting of commands",
		"username admin privilege 15 secret 9 <secret>":               "account, full privileges",
		"username guest nopassword":                                   "account, no password",
		"ip http server":                                              "web service",
		"tftp-server flash:c2960.bin":                                 "serves files without security",
		"vstack":                                                      "smart install",
		"no vstack":                                                   "",
		"service internal":                                            "internal commands",
		"kron occurrence X at 1:00 recurring":                         "scheduled job",
		"alias exec show show clock":                                  "command alias, reacts to a command",
		"alias exec h help":                                           "command alias",
		"event manager applet X\n event cli pattern \"sh.*ver\" sync yes":     "reacts to a command",
		"event manager applet X\n event syslog pattern \"LINK\"":              "",
		"line vty 0 4\n transport input telnet ssh":                           "telnet",
		"ip ssh pubkey-chain\n  username admin\n   key-hash ssh-rsa <secret>": "login key",
	} {
		found := traits(line + "\n")
		lines := strings.Split(line, "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		if got := found[strings.Join(lines, facts.SectionSeparator)]; got != want {
			t.Errorf("%q: %q, not %q", line, got, want)
		}
	}
}
