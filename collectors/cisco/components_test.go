package cisco

import (
	"testing"

	"trueboot/facts"
)

func TestInventory(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "broken lines, missing quotes, names and values", command: "show inventory",
			reply: `NAME: "GigabitEthernet1/1/1", DESCR: "1000BaseSX SFP
with DOM"
PID: GLC-SX-MMD          , VID: V01  ,
SN: AGJ1234 A
NAME: "Power Supply 1", DESCR: "AC Power Supply
PID: PWR-C45-1400AC    , VID:      , SN: SON12345678     

NAME: "", DESCR: "Cisco C9800-CL"
PID: ,VID: ,SN:
NAME: "Slot 1", DESCR: ""
PID: Unspecified       , VID:  N/A, SN: 
`,
			want: []fact{
				{facts.Component, "GigabitEthernet1/1/1", "1000BaseSX SFP with DOM", 1},
				{facts.Model, "GigabitEthernet1/1/1", "GLC-SX-MMD", 3}, {facts.HardwareVersion, "GigabitEthernet1/1/1", "V01", 3},
				{facts.SerialNumber, "GigabitEthernet1/1/1", "AGJ1234 A", 4},
				{facts.Component, "Power Supply 1", "AC Power Supply", 5},
				{facts.Model, "Power Supply 1", "PWR-C45-1400AC", 6}, {facts.SerialNumber, "Power Supply 1", "SON12345678", 6},
				{facts.Component, "Cisco C9800-CL", "Cisco C9800-CL", 8},
				{facts.Component, "Slot 1", "Slot 1", 10}, {facts.Model, "Slot 1", "Unspecified", 11}, {facts.HardwareVersion, "Slot 1", "N/A", 11},
			},
		},
		{
			name: "a part without its serial number's label", command: "show inventory",
			reply: "NAME: \"Chassis\", DESCR: \"c\"\nPID: ISR4331/K9 , VID: V03\n\n",
			want:  []fact{{facts.Component, "Chassis", "c", 1}}, problem: "line 2: not a part",
		},
	})
}

func TestModules(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "Catalyst 6500 with a module that is off, one without a serial number, and equal sub-modules", command: "show module",
			reply: ` Switch Number:     1   Role:   Virtual Switch Active
----------------------  -----------------------------
Mod Ports Card Type                              Model              Serial No.
--- ----- -------------------------------------- ------------------ -----------
  2   24  CEF720 24 port 1000mb SFP              WS-X6724-SFP       SAL22222222
  4    0  4-subslot SPA Interface Processor-400  7600-SIP-400       JAE12345678
  6    2  Supervisor Engine 720 (Standby)        WS-SUP720-3B

Mod MAC addresses                       Hw    Fw           Sw           Status
--- ---------------------------------- ------ ------------ ------------ -------
  2  001b.d41e.aa10 to 001b.d41e.aa3f   2.4   Unknown      Unknown      PwrDown
  4  001b.d41e.bb10 to 001b.d41e.bb3f   1.2   12.2(33)SXI6 12.2(33)SXI6 Ok

Mod  Sub-Module                  Model              Serial       Hw     Status 
---- --------------------------- ------------------ ----------- ------- -------
4/0  2-port OC3/STM1 POS SPA     SPA-2XOC3-POS      JAB093709AB  1.0    Ok
4/1  2-port OC3/STM1 POS SPA     SPA-2XOC3-POS      JAB093709CD  1.0    Ok
`,
			want: []fact{
				{facts.ComponentRole, "switch 1", "Active", 1},
				{facts.Component, "switch 1 slot 2", "CEF720 24 port 1000mb SFP", 5}, {facts.Model, "switch 1 slot 2", "WS-X6724-SFP", 5}, {facts.SerialNumber, "switch 1 slot 2", "SAL22222222", 5},
				{facts.Component, "switch 1 slot 4", "4-subslot SPA Interface Processor-400", 6}, {facts.Model, "switch 1 slot 4", "7600-SIP-400", 6}, {facts.SerialNumber, "switch 1 slot 4", "JAE12345678", 6},
				{facts.Component, "switch 1 slot 6", "Supervisor Engine 720 (Standby)", 7}, {facts.Model, "switch 1 slot 6", "WS-SUP720-3B", 7},
				{facts.HardwareVersion, "switch 1 slot 2", "2.4", 11}, {facts.BootLoaderVersion, "switch 1 slot 2", "Unknown", 11}, {facts.ComponentVersion, "switch 1 slot 2", "Unknown", 11}, {facts.ComponentState, "switch 1 slot 2", "PwrDown", 11},
				{facts.HardwareVersion, "switch 1 slot 4", "1.2", 12}, {facts.BootLoaderVersion, "switch 1 slot 4", "12.2(33)SXI6", 12}, {facts.ComponentVersion, "switch 1 slot 4", "12.2(33)SXI6", 12}, {facts.ComponentState, "switch 1 slot 4", "Ok", 12},
				{facts.Component, "switch 1 slot 4/0 SPA-2XOC3-POS", "2-port OC3/STM1 POS SPA", 16}, {facts.Model, "switch 1 slot 4/0 SPA-2XOC3-POS", "SPA-2XOC3-POS", 16},
				{facts.SerialNumber, "switch 1 slot 4/0 SPA-2XOC3-POS", "JAB093709AB", 16}, {facts.HardwareVersion, "switch 1 slot 4/0 SPA-2XOC3-POS", "1.0", 16}, {facts.ComponentState, "switch 1 slot 4/0 SPA-2XOC3-POS", "Ok", 16},
				{facts.Component, "switch 1 slot 4/1 SPA-2XOC3-POS", "2-port OC3/STM1 POS SPA", 17}, {facts.Model, "switch 1 slot 4/1 SPA-2XOC3-POS", "SPA-2XOC3-POS", 17},
				{facts.SerialNumber, "switch 1 slot 4/1 SPA-2XOC3-POS", "JAB093709CD", 17}, {facts.HardwareVersion, "switch 1 slot 4/1 SPA-2XOC3-POS", "1.0", 17}, {facts.ComponentState, "switch 1 slot 4/1 SPA-2XOC3-POS", "Ok", 17},
			},
		},
		{
			name: "Catalyst 9600 of two chassis with a development build", command: "show module",
			reply: `Chassis Type: C9606R

Switch Number: 2

Mod Ports Card Type                                   Model          Serial No.
---+-----+--------------------------------------+--------------+--------------
3   0    Supervisor 1 Module                          C9600-SUP-1      CAT2329L0AB
4   0    Supervisor 1 Module                          N/A              N/A

Mod MAC addresses                    Hw   Fw           Sw                 Status
---+--------------------------------+----+------------+------------------+--------
3   DC8C.37CA.6500 to DC8C.37CA.657F 1.0  17.3.1r[FC2]  BLD_POLARIS_DEV_   ok

Mod Redundancy Role     Operating Mode  Configured Mode  Redundancy Status
---+-------------------+---------------+---------------+------------------
3   Standby             sso             sso              Standby Hot
`,
			want: []fact{
				{facts.Model, "", "C9606R", 1},
				{facts.Component, "switch 2 slot 3", "Supervisor 1 Module", 7}, {facts.Model, "switch 2 slot 3", "C9600-SUP-1", 7}, {facts.SerialNumber, "switch 2 slot 3", "CAT2329L0AB", 7},
				{facts.Component, "switch 2 slot 4", "Supervisor 1 Module", 8}, {facts.Model, "switch 2 slot 4", "N/A", 8}, {facts.SerialNumber, "switch 2 slot 4", "N/A", 8},
				{facts.HardwareVersion, "switch 2 slot 3", "1.0", 12}, {facts.BootLoaderVersion, "switch 2 slot 3", "17.3.1r[FC2]", 12},
				{facts.ComponentVersion, "switch 2 slot 3", "BLD_POLARIS_DEV_", 12}, {facts.ComponentState, "switch 2 slot 3", "ok", 12},
				{facts.ComponentRole, "switch 2 slot 3", "Standby", 16},
			},
		},
		{
			name: "one of two versions is missing", command: "show module",
			reply: "Mod Ports Card Type                              Model              Serial No.\n---+-----+--------------------------------------+------------------+-----------\n 1    12  10GE SFP+                              WS-X4712-SFP+E     CAT1715L0SK\n\n M MAC addresses                    Hw  Fw           Sw               Status\n--+--------------------------------+---+------------+----------------+---------\n 1 bc16.65c6.8350 to bc16.65c6.835b 1.1 15.0(1r)SG5                   Ok\n",
			want: []fact{
				{facts.Component, "slot 1", "10GE SFP+", 3}, {facts.Model, "slot 1", "WS-X4712-SFP+E", 3}, {facts.SerialNumber, "slot 1", "CAT1715L0SK", 3},
				{facts.HardwareVersion, "slot 1", "1.1", 7}, {facts.ComponentState, "slot 1", "Ok", 7},
			},
			problem: "firmware or software of slot 1",
		},
		{
			name: "a stack answers as to show platform", command: "show module",
			reply: "Switch  Ports    Model                Serial No.   MAC address     Hw Ver.       Sw Ver. \n------  -----   ---------             -----------  --------------  -------       --------\n 1       62     C9300-48T             FCW2134L0AB  70d3.79be.6c80  V01           16.12.4       \n",
			want: []fact{
				{facts.Model, "switch 1", "C9300-48T", 3}, {facts.SerialNumber, "switch 1", "FCW2134L0AB", 3}, {facts.BaseMAC, "switch 1", "70d3.79be.6c80", 3},
				{facts.HardwareVersion, "switch 1", "V01", 3}, {facts.ComponentVersion, "switch 1", "16.12.4", 3},
			},
		},
		{name: "no table", command: "show module", reply: "\n", problem: "no module"},
	})
}

func TestPlatform(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "stack with its roles", command: "show platform",
			reply: `Switch  Ports    Model                Serial No.   MAC address     Hw Ver.       Sw Ver. 
------  -----   ---------             -----------  --------------  -------       --------
 1       32     WS-C3850-24P-E        FCW1947C0HH  0057.d21b.cc00  V07           16.6.1        
 
Switch/Stack Mac Address : 0057.d21b.cc00 - Local Mac Address
Mac persistency wait time: Indefinite
                                   Current
Switch#   Role        Priority      State 
-------------------------------------------
*1       Active          3          Ready                
`,
			want: []fact{
				{facts.Model, "switch 1", "WS-C3850-24P-E", 3}, {facts.SerialNumber, "switch 1", "FCW1947C0HH", 3}, {facts.BaseMAC, "switch 1", "0057.d21b.cc00", 3},
				{facts.HardwareVersion, "switch 1", "V07", 3}, {facts.ComponentVersion, "switch 1", "16.6.1", 3},
				{facts.ComponentRole, "switch 1", "Active", 10}, {facts.ComponentPriority, "switch 1", "3", 10}, {facts.ComponentState, "switch 1", "Ready", 10},
			},
		},
		{
			name: "slots with fans and power supplies, and slots without firmware", command: "show platform",
			reply: `Load for five secs: 4%/1%; one minute: 5%; five minutes: 5%
Time source is NTP, 10:11:12.345 UTC Mon Mar 4 2024

Chassis type: C9407R

Slot      Type                State                 Insert time (ago) 
--------- ------------------- --------------------- ----------------- 
3         C9400-SUP-1XL       ok, active            3d18h         
 3/0      C9400-SUP-1XL       ok, active            3d18h         
P1        C9400-PWR-3200AC    ps, fail              never         
FT0       C9407-FAN           N/A                   never
GE-POE    Unknown             NA                    never

Slot      CPLD Version        Firmware Version                        
--------- ------------------- --------------------------------------- 
3         20062105            17.1.1r[FC3]                            
R0        N/A                 N/A
F0        20062106
F1                            17.1.1r [FC3]
`,
			want: []fact{
				{facts.Model, "", "C9407R", 4},
				{facts.Model, "slot 3", "C9400-SUP-1XL", 8}, {facts.ComponentState, "slot 3", "ok, active", 8},
				{facts.Model, "slot 3/0", "C9400-SUP-1XL", 9}, {facts.ComponentState, "slot 3/0", "ok, active", 9},
				{facts.Model, "slot P1", "C9400-PWR-3200AC", 10}, {facts.ComponentState, "slot P1", "ps, fail", 10},
				{facts.Model, "slot FT0", "C9407-FAN", 11}, {facts.ComponentState, "slot FT0", "N/A", 11},
				{facts.Model, "slot GE-POE", "Unknown", 12}, {facts.ComponentState, "slot GE-POE", "NA", 12},
				{facts.HardwareVersion, "slot 3", "CPLD 20062105", 16}, {facts.BootLoaderVersion, "slot 3", "17.1.1r[FC3]", 16},
				{facts.HardwareVersion, "slot F0", "CPLD 20062106", 18}, {facts.BootLoaderVersion, "slot F1", "17.1.1r [FC3]", 19},
			},
		},
		{
			name: "two chassis, each with its slots", command: "show platform",
			reply: "Switch 2:\nSlot      Type                State                 Insert time (ago)\n--------- ------------------- --------------------- -----------------\nR0        C9606-SUP-1         ok, standby           1d02h\nR1\n",
			want:  []fact{{facts.Model, "switch 2 slot R0", "C9606-SUP-1", 4}, {facts.ComponentState, "switch 2 slot R0", "ok, standby", 4}},
		},
		{
			name: "a row cut short", command: "show platform",
			reply: "Slot      Type                State                 Insert time (ago)\n--------- ------------------- --------------------- -----------------\nR0        ISR4331/K9\n", problem: "line 3: not a row",
		},
	})
}

func TestStack(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "without hardware versions, and states of several words", command: "show switch",
			reply: `                                               Current
Switch#  Role      Mac Address     Priority     State 
--------------------------------------------------------
*1       Slave     0016.4748.dc80     5         Ready               
 2       Member    0016.9d59.db00     1         Version Mismatch    
 3       Member    0000.0000.0000     0         Provisioned
 4       Member    (gone)
`,
			want: []fact{
				{facts.ComponentRole, "switch 1", "Slave", 4}, {facts.BaseMAC, "switch 1", "0016.4748.dc80", 4}, {facts.ComponentPriority, "switch 1", "5", 4}, {facts.ComponentState, "switch 1", "Ready", 4},
				{facts.ComponentRole, "switch 2", "Member", 5}, {facts.BaseMAC, "switch 2", "0016.9d59.db00", 5}, {facts.ComponentPriority, "switch 2", "1", 5}, {facts.ComponentState, "switch 2", "Version Mismatch", 5},
				{facts.ComponentRole, "switch 3", "Member", 6}, {facts.BaseMAC, "switch 3", "0000.0000.0000", 6}, {facts.ComponentPriority, "switch 3", "0", 6}, {facts.ComponentState, "switch 3", "Provisioned", 6},
			},
			problem: "line 7: stack member",
		},
		{
			name: "one chassis of a virtual switch tells of both", command: "show switch virtual",
			reply: "Switch mode                  : Virtual Switch\nVirtual switch domain number : 100\nLocal switch number          : 1\nLocal switch operational role: Virtual Switch Active\nPeer switch number           : 2\nPeer switch operational role : Virtual Switch Standby\n",
			want: []fact{
				{facts.Redundancy, "switch mode", "Virtual Switch", 1}, {facts.Redundancy, "virtual switch domain", "100", 2},
				{facts.ComponentRole, "switch 1", "Active", 4}, {facts.ComponentRole, "switch 2", "Standby", 6},
			},
		},
		{
			name: "no virtual switch", command: "show switch virtual",
			reply: "Switch Mode                  : Standalone\nNot in Virtual Switch mode due to:\n  Domain ID is not configured\n",
			want:  []fact{{facts.Redundancy, "switch mode", "Standalone", 1}},
		},
	})
}

func TestRedundancy(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "wrapped boot list, pending register, no boot variable on the standby", command: "show redundancy",
			reply: `Redundant System Information :
------------------------------
        Last switchover reason = user forced
                 Hardware Mode = Duplex

Current Processor Information :
-------------------------------
               Active Location = slot 6
        Current Software state = ACTIVE
                 Image Version = Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVENTERPRISEK9-M), Version 15.1(3)S5, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Compiled Fri 25-Jan-13 11:21 by mcpre
                          BOOT = bootflash:asr1000rp1-adventerprisek9.03.04.05.S.151-3.S
5.bin,1;harddisk:old.bin,1;
                   CONFIG_FILE = 
                       BOOTLDR = 
        Configuration register = 0x2102 (will be 0x2142 at next reload)

Peer Processor Information :
----------------------------
              Standby Location = slot 7
        Current Software state = STANDBY HOT 
                          BOOT = 
        Configuration register = 0x210F
`,
			want: []fact{
				{facts.Redundancy, "last switchover reason", "user forced", 3}, {facts.Redundancy, "hardware mode", "Duplex", 4},
				{facts.Redundancy, "active location", "slot 6", 8}, {facts.ComponentRole, "slot 6", "Active", 8}, {facts.ComponentState, "slot 6", "ACTIVE", 9},
				{facts.ComponentImage, "slot 6", "PPC_LINUX_IOSD-ADVENTERPRISEK9-M", 10}, {facts.ComponentVersion, "slot 6", "15.1(3)S5", 10},
				{facts.CompileTime, "slot 6", "Fri 25-Jan-13 11:21", 12},
				{facts.BootVariable, "slot 6 1", "bootflash:asr1000rp1-adventerprisek9.03.04.05.S.151-3.S5.bin", 13}, {facts.BootVariable, "slot 6 2", "harddisk:old.bin", 13},
				{facts.ConfigRegister, "slot 6", "0x2102", 17}, {facts.NextConfigRegister, "slot 6", "0x2142", 17},
				{facts.Redundancy, "standby location", "slot 7", 21}, {facts.ComponentRole, "slot 7", "Standby", 21}, {facts.ComponentState, "slot 7", "STANDBY HOT", 22},
				{facts.BootSetting, "slot 7 boot variable", "does not exist", 23}, {facts.ConfigRegister, "slot 7", "0x210F", 24},
			},
		},
		{name: "an older supervisor", command: "show redundancy", reply: "operating mode is rpr-plus\nredundancy mode main-cpu\n", problem: "no redundancy state"},
	})
}

func TestRommon(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "both regions of an ISR", command: "show rom-monitor",
			reply: `ReadOnly ROMMON version:

System Bootstrap, Version 15.0(1r)M9, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 2009 by cisco Systems, Inc.

Upgrade ROMMON version:

System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)
Copyright (c) 2012 by cisco Systems, Inc.

Currently running ROMMON from Upgrade region
ROMMON from ReadOnly region is selected for next boot
`,
			want: []fact{
				{facts.BootLoaderVersion, "readonly rommon", "15.0(1r)M9", 3}, {facts.BootLoaderVersion, "upgrade rommon", "15.0(1r)M16", 9},
				{facts.BootSetting, "running rommon region", "Upgrade", 12}, {facts.BootSetting, "next rommon region", "ReadOnly", 13},
			},
		},
		{
			name: "a route processor", command: "show rom-monitor R1",
			reply: "System Bootstrap, Version 16.9(4r) [FC1], RELEASE SOFTWARE\nCopyright (c) 1994-2018 by cisco Systems, Inc.\n",
			want:  []fact{{facts.BootLoaderVersion, "slot R1", "16.9(4r) [FC1]", 1}},
		},
		{
			name: "a stack member", command: "show rom-monitor switch 3 R0",
			reply: "System Bootstrap, Version 17.12.1r, RELEASE SOFTWARE (P)\n", want: []fact{{facts.BootLoaderVersion, "switch 3", "17.12.1r", 1}},
		},
		{
			name: "variables of a router", command: "show romvar",
			reply: "ROMMON variables:\n PS1 = rommon ! > \n ? = 0\n DEVICE_MANAGED_MODE = autonomous\n RANDOM_NUM = 1823469211\n\n BOOT = bootflash:packages.conf,1;\n CONFIG_FILE = \n",
			want:  []fact{{facts.BootLoaderVariable, "DEVICE_MANAGED_MODE", "autonomous", 4}, {facts.BootLoaderVariable, "BOOT", "bootflash:packages.conf,1;", 7}},
		},
		{
			name: "variables of a stack", command: "show romvar",
			reply: "ROMMON variables for Active Switch\nBOOT=\"flash:packages.conf\"\nBP_BOOT=\"flash:old.bin\"\nROMMON variables for Standby Switch\nMANUAL_BOOT=no\nRommon variables for Member Switch 3:\nMANUAL_BOOT=\"yes\"\n",
			want: []fact{
				{facts.BootLoaderVariable, "BOOT", "flash:packages.conf", 2}, {facts.BootLoaderVariable, "BP_BOOT", "flash:old.bin", 3},
				{facts.BootLoaderVariable, "standby MANUAL_BOOT", "no", 5}, {facts.BootLoaderVariable, "switch 3 MANUAL_BOOT", "yes", 7},
			},
		},
		{name: "no variables", command: "show romvar", reply: "ROMMON variables:\n", problem: "no variable"},
	})
}
