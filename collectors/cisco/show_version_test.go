package cisco

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShowVersion reads the layouts of many releases and families. A fact is written "kind|subject" here, and its line is left out.
func TestShowVersion(t *testing.T) {
	for _, test := range []struct {
		name, reply string
		want        map[string]string
		problem     string
	}{
		{
			name: "2500 with 11.2",
			reply: `Cisco Internetwork Operating System Software 
IOS (tm) 2500 Software (C2500-I-L), Version 11.2(17), RELEASE SOFTWARE (fc1)
Copyright (c) 1986-1999 by cisco Systems, Inc.
Compiled Tue 05-Jan-99 13:27 by ashah
Image text-base: 0x030248E0, data-base: 0x00001000

ROM: System Bootstrap, Version 11.0(10c), SOFTWARE
BOOTFLASH: 3000 Bootstrap Software (IGS-BOOT-R), Version 11.0(10c), RELEASE SOFTWARE (fc1)

dialin uptime is 1 minute
System restarted by power-on
System image file is "c2500-i-l.112-17", booted via tftp from 10.1.1.129

cisco 2500 (68030) processor (revision N) with 6144K/2048K bytes of memory.
Processor board ID 08030632, with hardware revision 00000000
Bridging software.
X.25 software, Version 2.0, NET2, BFE and GOSIP compliant.
1 Ethernet/IEEE 802.3 interface(s)
2 Serial network interface(s)
32K bytes of non-volatile configuration memory.
8192K bytes of processor board System flash (Read ONLY)

Configuration register is 0x2102 (will be 0x210F at next reload)
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "dialin", "running version|": "11.2(17)", "software image|": "C2500-I-L", "release type|": "RELEASE SOFTWARE",
				"release|": "fc1", "compile time|": "Tue 05-Jan-99 13:27", "compiled by|": "ashah", "boot loader version|ROM": "11.0(10c)",
				"boot loader version|BOOTFLASH": "11.0(10c)", "uptime|": "60", "reload reason|": "power-on", "running image|": "c2500-i-l.112-17",
				"boot setting|booted via": "tftp from 10.1.1.129", "model|": "2500", "serial number|": "08030632",
				"configuration register|": "0x2102", "next configuration register|": "0x210F",
			},
		},
		{
			name: "800 with two lines about its ROM",
			reply: `Cisco Internetwork Operating System Software
IOS (tm) C831 Software (C831-K9O3SY6-M), Version 12.3(2)XA4, EARLY DEPLOYMENT RELEASE SOFTWARE (fc1)
TAC Support: http://www.cisco.com/tac

ROM: System Bootstrap, Version 12.2(11r)YV3, RELEASE SOFTWARE (fc1)
ROM: C831 Software (C831-K9O3SY6-M), Version 12.3(2)XA4, EARLY DEPLOYMENT RELEASE SOFTWARE (fc1)

home uptime is 2 years, 1 week, 0 minutes
System returned to ROM by bus error at PC 0x814BB02C, address 0x24 at 11:05:20 UTC Wed Apr 5 2006
System image file is "flash:c831-k9o3sy6-mz.123-2.XA4.bin"

CISCO C831 (MPC857DSL) processor (revision 0x00) with 44237K/4915K bytes of memory.
Processor board ID AMB0819071A (3211234567), with hardware revision 0000
Configuration register is 0x2102
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "home", "running version|": "12.3(2)XA4", "software image|": "C831-K9O3SY6-M",
				"release type|": "EARLY DEPLOYMENT RELEASE SOFTWARE", "release|": "fc1", "boot loader version|ROM": "12.2(11r)YV3", "boot loader version|ROM #2": "12.3(2)XA4",
				"uptime|": "63676800", "reload reason|": "bus error at PC 0x814BB02C, address 0x24 at 11:05:20 UTC Wed Apr 5 2006",
				"running image|": "flash:c831-k9o3sy6-mz.123-2.XA4.bin", "model|": "C831", "serial number|": "AMB0819071A",
				"configuration register|": "0x2102", "next configuration register|": "0x2102",
			},
		},
		{
			name: "Catalyst 6500",
			reply: `Cisco IOS Software, s72033_rp Software (s72033_rp-ADVENTERPRISEK9_WAN-M), Version 12.2(33)SXI6, RELEASE SOFTWARE (fc4)
Compiled Thu 16-Mar-11 16:27 by prod_rel_team

ROM: System Bootstrap, Version 12.2(17r)SX7, RELEASE SOFTWARE (fc1)
BOOTLDR: Cisco IOS Software, s72033_rp Software (s72033_rp-ADVENTERPRISEK9_WAN-M), Version 12.2(33)SXI6, RELEASE SOFTWARE (fc4)

core uptime is 3 years, 2 days, 4 hours, 12 minutes
Uptime for this control processor is 3 years, 2 days, 4 hours, 10 minutes
Time since core switched to active is 3 years, 2 days, 4 hours, 9 minutes
System returned to ROM by power cycle at 21:31:12 UTC Tue Mar 1 2016 (SP by power on)
System restarted at 21:36:12 UTC Tue Mar 1 2016
System image file is "sup-bootdisk:s72033-adventerprisek9_wan-mz.122-33.SXI6.bin"
Last reload reason: power-on

cisco WS-C6509-E (R7000) processor (revision 1.5) with 983008K/65536K bytes of memory.
Processor board ID SMG1234N5AB
SR71000 CPU at 600MHz, Implementation 0x504, Rev 1.2, 512KB L2 Cache
Last reset from s/w reset
Configuration register is 0x2102
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "core", "running version|": "12.2(33)SXI6", "software image|": "s72033_rp-ADVENTERPRISEK9_WAN-M",
				"release type|": "RELEASE SOFTWARE", "release|": "fc4", "compile time|": "Thu 16-Mar-11 16:27", "compiled by|": "prod_rel_team",
				"boot loader version|ROM": "12.2(17r)SX7", "boot loader version|BOOTLDR": "12.2(33)SXI6", "uptime|": "94795920", "uptime|control processor": "94795800",
				"reload reason|": "power-on", "boot time|": "21:36:12 UTC Tue Mar 1 2016", "running image|": "sup-bootdisk:s72033-adventerprisek9_wan-mz.122-33.SXI6.bin",
				"model|": "WS-C6509-E", "serial number|": "SMG1234N5AB", "configuration register|": "0x2102", "next configuration register|": "0x2102",
			},
		},
		{
			name: "Catalyst 4500, whose ROM states a bare version",
			reply: `Cisco IOS Software, Catalyst 4500 L3 Switch Software (cat4500e-ENTSERVICESK9-M), Version 12.2(53)SG1, RELEASE SOFTWARE (fc1)
Compiled Mon 26-Oct-09 14:02 by prod_rel_team
Image text-base: 0x10000000, data-base: 0x11F1E4D4

ROM: 12.2(44r)SG5
Darkside Revision 4, Jawa Revision 20, Tatooine Revision 140, Forerunner Revision 1.83

dist uptime is 5 weeks
System returned to ROM by reload
System image file is "bootflash:cat4500e-entservicesk9-mz.122-53.SG1.bin"

cisco WS-C4510R-E (MPC8548) processor (revision 8) with 524288K bytes of memory.
Processor board ID FOX1234G5AB
MPC8548 CPU at 1.33GHz, Supervisor 6-E
Last reset from Reload
Configuration register is 0x2101
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "dist", "running version|": "12.2(53)SG1", "software image|": "cat4500e-ENTSERVICESK9-M", "release type|": "RELEASE SOFTWARE",
				"release|": "fc1", "compile time|": "Mon 26-Oct-09 14:02", "compiled by|": "prod_rel_team", "boot loader version|ROM": "12.2(44r)SG5", "uptime|": "3024000",
				"reload reason|": "reload", "running image|": "bootflash:cat4500e-entservicesk9-mz.122-53.SG1.bin", "model|": "WS-C4510R-E", "serial number|": "FOX1234G5AB",
				"configuration register|": "0x2101", "next configuration register|": "0x2101",
			},
		},
		{
			name: "Catalyst 3750 stack, whose table cuts the model short",
			reply: `Cisco IOS Software, C3750 Software (C3750-IPBASEK9-M), Version 12.2(55)SE10, RELEASE SOFTWARE (fc2)

ROM: Bootstrap program is C3750 boot loader
BOOTLDR: C3750 Boot Loader (C3750-HBOOT-M) Version 12.2(25r)SEE4, RELEASE SOFTWARE (fc1)

access uptime is 1 year, 3 weeks
System returned to ROM by power-on
System image file is "flash:/c3750-ipbasek9-mz.122-55.SE10.bin"

cisco WS-C3750-48TS (PowerPC405) processor (revision L0) with 131072K bytes of memory.
Processor board ID CAT0950R1AB
Last reset from power-on
512K bytes of flash-simulated non-volatile configuration memory.
Base ethernet MAC Address       : 00:16:46:11:22:00
Motherboard serial number       : CAT09500ABC
Model number                    : WS-C3750-48TS-S
System serial number            : CAT0950R1AB

Switch Ports Model              SW Version            SW Image                 
------ ----- -----              ----------            ----------               
*    1 52    WS-C3750-48TS      12.2(55)SE10          C3750-IPBASEK9-M         
     2 52    WS-C3750-48TS      12.2(55)SE5           C3750-IPBASEK9-M         


Switch 02
---------
Switch Uptime                   : 1 year, 2 weeks 
Base ethernet MAC Address       : 00:16:46:33:44:00
Motherboard serial number       : CAT09500DEF
Model number                    : WS-C3750-48TS-S
System serial number            : CAT0950R2CD

Configuration register is 0xF
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "access", "running version|": "12.2(55)SE10", "software image|": "C3750-IPBASEK9-M", "release type|": "RELEASE SOFTWARE",
				"release|": "fc2", "boot loader version|BOOTLDR": "12.2(25r)SEE4", "uptime|": "33350400", "reload reason|": "power-on",
				"running image|": "flash:/c3750-ipbasek9-mz.122-55.SE10.bin",
				"model|switch 1": "WS-C3750-48TS-S", "serial number|switch 1": "CAT0950R1AB", "base mac|switch 1": "00:16:46:11:22:00", "model|switch 1 processor": "WS-C3750-48TS",
				"component version|switch 1": "12.2(55)SE10", "component image|switch 1": "C3750-IPBASEK9-M",
				"component version|switch 2": "12.2(55)SE5", "component image|switch 2": "C3750-IPBASEK9-M", "model|switch 2 processor": "WS-C3750-48TS",
				"model|switch 2": "WS-C3750-48TS-S", "serial number|switch 2": "CAT0950R2CD", "base mac|switch 2": "00:16:46:33:44:00", "uptime|switch 2": "32745600",
				"configuration register|": "0xF", "next configuration register|": "0xF",
			},
		},
		{
			name: "Catalyst 9300 stack of which the second is active, indented by whoever pasted it",
			reply: `        Cisco IOS XE Software, Version 17.09.04a
        Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)
        Compiled Fri 20-Oct-23 10:44 by mcpre
        ROM: IOS-XE ROMMON
        BOOTLDR: System Bootstrap, Version 17.10.1r, RELEASE SOFTWARE (P)
        sw uptime is 1 day, 1 hour
        Uptime for this control processor is 1 day, 1 hour, 1 minute
        System returned to ROM by Image Install  at 07:20:51 UTC Mon Mar 4 2024
        System restarted at 07:27:50 UTC Mon Mar 4 2024
        System image file is "flash:packages.conf"
        Last reload reason: Image Install 
        cisco C9300-24U (X86) processor with 1331521K/6147K bytes of memory.
        Processor board ID FCW2134L0AB
        Base Ethernet MAC Address          : 70:1f:53:11:22:00
        Motherboard Serial Number          : FOC21330AAA
        Model Number                       : C9300-24U
        System Serial Number               : FCW2134L0AB
        CLEI Code Number                   : 
        
        Switch Ports Model              SW Version        SW Image              Mode   
        ------ ----- -----              ----------        ----------            ----   
             1 40    C9300-24U          17.9.4a           CAT9K_IOSXE           INSTALL
        *    2 40    C9300-24U          17.9.4a           CAT9K_IOSXE           INSTALL
        
        Switch 01
        ---------
        Switch uptime                      : 1 day, 1 hour 
        Base Ethernet MAC Address          : 70:1f:53:33:44:00
        Model Number                       : C9300-24U
        System Serial Number               : FCW2134L0CD
        Last reload reason                 : Critical software exception, check bootflash:crashinfo_1
        
        Configuration register is 0x102
`,
			want: map[string]string{
				"operating system|": "IOS XE", "component version|IOS XE": "17.09.04a", "hostname|": "sw", "running version|": "17.9.4a", "software image|": "CAT9K_IOSXE",
				"release type|": "RELEASE SOFTWARE", "release|": "fc3", "compile time|": "Fri 20-Oct-23 10:44", "compiled by|": "mcpre",
				"boot loader version|BOOTLDR": "17.10.1r", "uptime|": "90000", "uptime|control processor": "90060", "boot time|": "07:27:50 UTC Mon Mar 4 2024",
				"reload reason|": "Image Install", "running image|": "flash:packages.conf", "boot mode|": "install",
				"model|switch 2": "C9300-24U", "serial number|switch 2": "FCW2134L0AB", "base mac|switch 2": "70:1f:53:11:22:00",
				"component version|switch 2": "17.9.4a", "component image|switch 2": "CAT9K_IOSXE", "boot mode|switch 2": "install",
				"component version|switch 1": "17.9.4a", "component image|switch 1": "CAT9K_IOSXE", "boot mode|switch 1": "install",
				"model|switch 1": "C9300-24U", "serial number|switch 1": "FCW2134L0CD", "base mac|switch 1": "70:1f:53:33:44:00", "uptime|switch 1": "90000",
				"reload reason|switch 1":  "Critical software exception, check bootflash:crashinfo_1",
				"configuration register|": "0x102", "next configuration register|": "0x102",
			},
		},
		{
			name: "ASR 1000 of IOS XE 3",
			reply: `Cisco IOS XE Software, Version 03.16.04b.S - Extended Support Release
Cisco IOS Software, ASR1000 Software (PPC_LINUX_IOSD-ADVENTERPRISEK9-M), Version 15.5(3)S4b, RELEASE SOFTWARE (fc1)

Cisco IOS-XE software, Copyright (c) 2005-2016 by cisco Systems, Inc.

ROM: IOS-XE ROMMON

edge uptime is 2 weeks
Uptime for this control processor is 2 weeks
System returned to ROM by SSO Switchover at 03:12:34 UTC Sun Jan 1 2017
System image file is "bootflash:asr1000rp1-adventerprisek9.03.16.04b.S.155-3.S4b-ext.bin"
Last reload reason: 

cisco ASR1006 (RP1) processor with 1676213K/6147K bytes of memory.
Processor board ID FOX1345G6CD
Configuration register is 0x2102
`,
			want: map[string]string{
				"operating system|": "IOS XE", "component version|IOS XE": "03.16.04b.S", "hostname|": "edge", "running version|": "15.5(3)S4b",
				"software image|": "PPC_LINUX_IOSD-ADVENTERPRISEK9-M", "release type|": "RELEASE SOFTWARE", "release|": "fc1", "uptime|": "1209600", "uptime|control processor": "1209600",
				"reload reason|": "SSO Switchover at 03:12:34 UTC Sun Jan 1 2017", "running image|": "bootflash:asr1000rp1-adventerprisek9.03.16.04b.S.155-3.S4b-ext.bin",
				"boot mode|": "bundle", "model|": "ASR1006", "serial number|": "FOX1345G6CD", "configuration register|": "0x2102", "next configuration register|": "0x2102",
			},
		},
		{
			name: "IOS on Linux",
			reply: `Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.4(1)T, DEVELOPMENT TEST SOFTWARE
ROM: Bootstrap program is Linux

R1 uptime is 12 minutes
System returned to ROM by reload at 0
System image file is "unix:/opt/unetlab/addons/iol/bin/i86bi-linux-l3.bin"

Linux Unix (Intel-x86) processor with 804980K bytes of memory.
Processor board ID 67108880
Configuration register is 0x0
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "R1", "running version|": "15.4(1)T", "software image|": "I86BI_LINUX-ADVENTERPRISEK9-M",
				"release type|": "DEVELOPMENT TEST SOFTWARE", "uptime|": "720", "reload reason|": "reload at 0", "running image|": "unix:/opt/unetlab/addons/iol/bin/i86bi-linux-l3.bin",
				"model|": "Linux Unix", "serial number|": "67108880", "configuration register|": "0x0", "next configuration register|": "0x0",
			},
		},
		{
			name: "access point",
			reply: `Cisco IOS Software, C1240 Software (C1240-K9W7-M), Version 12.4(25d)JA2, RELEASE SOFTWARE (fc1)

ROM: Bootstrap program is C1240 boot loader
BOOTLDR: C1240 Boot Loader (C1240-BOOT-M) Version 12.4(13d)JA, RELEASE SOFTWARE (fc2)

ap uptime is 3 hours
System returned to ROM by power-on
System image file is "flash:/c1240-k9w7-mx.124-25d.JA2/c1240-k9w7-mx.124-25d.JA2"

cisco AIR-AP1242AG-E-K9   (PowerPCElvis) processor (revision A0) with 27638K/5120K bytes of memory.
Processor board ID FCZ1234Z0AB
Base ethernet MAC Address: 00:1A:A2:11:22:33
Part Number                          : 73-9925-06
PCB Serial Number                    : FOC12345678
Top Assembly Part Number             : 800-26918-04
Top Assembly Serial Number           : FCZ1234Z0AB
Product/Model Number                 : AIR-AP1242AG-E-K9   

Configuration register is 0xF
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "ap", "running version|": "12.4(25d)JA2", "software image|": "C1240-K9W7-M", "release type|": "RELEASE SOFTWARE", "release|": "fc1",
				"boot loader version|BOOTLDR": "12.4(13d)JA", "uptime|": "10800", "reload reason|": "power-on",
				"running image|": "flash:/c1240-k9w7-mx.124-25d.JA2/c1240-k9w7-mx.124-25d.JA2", "model|": "AIR-AP1242AG-E-K9", "serial number|": "FCZ1234Z0AB",
				"base mac|": "00:1A:A2:11:22:33", "configuration register|": "0xF", "next configuration register|": "0xF",
			},
		},
		{
			name: "development build, and a processor with parentheses in its name",
			reply: `Cisco IOS XE Software, Version BLD_POLARIS_DEV_LATEST_20170924_191342
Cisco IOS Software [Everest], Catalyst L3 Switch Software (CAT9K_IOSXE), Experimental Version 16.8.20170924:182909 [polaris_dev-/nobackup/mcpre/BLD-BLD_POLARIS_DEV_LATEST_20170924_191342 132]
sw uptime is 0 minutes
System image file is "bootflash:cat9k_iosxe.BLD_POLARIS_DEV.SSA.bin"
cisco C6880-X (Intel(R) Core(TM) i3- CPU @ 2.00GHz) processor (revision ) with 2973697K/262144K bytes of memory.
Processor board ID SAL1234567A
Configuration Register is 0x102
`,
			want: map[string]string{
				"operating system|": "IOS XE", "component version|IOS XE": "BLD_POLARIS_DEV_LATEST_20170924_191342", "hostname|": "sw", "running version|": "16.8.20170924:182909",
				"software image|": "CAT9K_IOSXE", "release type|": "Experimental", "release|": "polaris_dev-/nobackup/mcpre/BLD-BLD_POLARIS_DEV_LATEST_20170924_191342 132",
				"uptime|": "0", "running image|": "bootflash:cat9k_iosxe.BLD_POLARIS_DEV.SSA.bin", "boot mode|": "bundle", "model|": "C6880-X", "serial number|": "SAL1234567A",
				"configuration register|": "0x102", "next configuration register|": "0x102",
			},
		},
		{
			name: "what stands twice has to be the same",
			reply: `Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)
r1 uptime is 1 week
System image file is "flash0:a.bin"
System image file is "flash0:b.bin"
Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Processor board ID FTX1111A0AA
`,
			want: map[string]string{
				"operating system|": "IOS", "hostname|": "r1", "running version|": "15.7(3)M8", "software image|": "C2900-UNIVERSALK9-M", "release type|": "RELEASE SOFTWARE",
				"release|": "fc1", "uptime|": "604800", "running image|": "flash0:a.bin", "model|": "CISCO2911/K9", "serial number|": "FTX1111A0AA",
			},
			problem: `two values for the system image file: "flash0:a.bin" in line 3 and "flash0:b.bin" in line 4`,
		},
		{
			name: "a row of the stack table that is none",
			reply: `Cisco IOS Software, C3750 Software (C3750-IPBASEK9-M), Version 12.2(55)SE10, RELEASE SOFTWARE (fc2)
System image file is "flash:/a.bin"
Processor board ID CAT0950R1AB
Switch Ports Model              SW Version            SW Image
------ ----- -----              ----------            ----------
*    1 52    WS-C3750-48TS
`,
			want: map[string]string{
				"operating system|": "IOS", "running version|": "12.2(55)SE10", "software image|": "C3750-IPBASEK9-M", "release type|": "RELEASE SOFTWARE",
				"release|": "fc2", "running image|": "flash:/a.bin", "serial number|": "CAT0950R1AB",
			},
			problem: "line 6: not a row of the table of switches",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, problem := read(t, "show version", test.reply)
			got := map[string]string{}
			for _, f := range found {
				got[string(f.Kind)+"|"+f.Subject] = f.Value
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if test.problem == "" && problem != "" || !strings.Contains(problem, test.problem) {
				t.Errorf("problem %q, want %q", problem, test.problem)
			}
		})
	}
}
