package cisco

import (
	"testing"

	"trueboot/facts"
)

func TestBoot(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "old fixed switch", command: "show boot",
			reply: `BOOT path-list:       flash:/c3550-i5q3l2-mz.121-13.EA1a.bin
Config file:          flash:/config.text
Private Config file:  flash:/private-config.text
Enable Break:         no
Manual Boot:          no
HELPER path-list:     
NVRAM/Config file
      buffer size:    32768
`,
			want: []fact{
				{facts.BootVariable, "1", "flash:/c3550-i5q3l2-mz.121-13.EA1a.bin", 1}, {facts.NextBootVariable, "1", "flash:/c3550-i5q3l2-mz.121-13.EA1a.bin", 1},
				{facts.StartupSource, "", "flash:/config.text", 2}, {facts.StartupSource, "private", "flash:/private-config.text", 3},
				{facts.BootSetting, "enable break", "no", 4}, {facts.BootSetting, "manual boot", "no", 5},
			},
		},
		{
			name: "the active switch without a heading, the second under its own", command: "show boot",
			reply: `BOOT path-list      : flash:a.bin;flash:b.bin
Manual Boot         : no
Config Download 
       via DHCP:       disabled (next boot: disabled)
-------------------
Switch 2
-------------------
BOOT path-list      : 
Manual Boot         : yes
`,
			want: []fact{
				{facts.BootVariable, "1", "flash:a.bin", 1}, {facts.BootVariable, "2", "flash:b.bin", 1}, {facts.NextBootVariable, "1", "flash:a.bin", 1}, {facts.NextBootVariable, "2", "flash:b.bin", 1},
				{facts.BootSetting, "manual boot", "no", 2}, {facts.BootSetting, "config download via dhcp", "disabled (next boot: disabled)", 4},
				{facts.BootSetting, "switch 2 boot variable", "does not exist", 8}, {facts.BootSetting, "switch 2 next boot variable", "does not exist", 8},
				{facts.BootSetting, "switch 2 manual boot", "yes", 9},
			},
		},
		{
			name: "Catalyst 9400 with a standby supervisor", command: "show boot",
			reply: `BOOT variable = bootflash:packages.conf;
Configuration Register is 0x102
MANUAL_BOOT variable = no
BAUD variable = 9600
ENABLE_BREAK variable does not exist
BOOTMODE variable does not exist
IPXE_TIMEOUT variable = 0
CONFIG_FILE variable = 

Standby BOOT variable = bootflash:old.bin;
Standby Configuration Register is 0x142
Standby MANUAL_BOOT variable = yes
`,
			want: []fact{
				{facts.BootVariable, "1", "bootflash:packages.conf", 1}, {facts.NextBootVariable, "1", "bootflash:packages.conf", 1},
				{facts.ConfigRegister, "", "0x102", 2}, {facts.NextConfigRegister, "", "0x102", 2}, {facts.BootSetting, "manual boot", "no", 3}, {facts.BootSetting, "ipxe timeout", "0", 7},
				{facts.BootVariable, "standby 1", "bootflash:old.bin", 10}, {facts.NextBootVariable, "standby 1", "bootflash:old.bin", 10},
				{facts.ConfigRegister, "standby", "0x142", 11}, {facts.NextConfigRegister, "standby", "0x142", 11}, {facts.BootSetting, "standby manual boot", "yes", 12},
			},
		},
		{
			name: "list and name broken by a narrow terminal", command: "show bootvar",
			reply: `BOOT variable = bootflash:asr1000rp2-adventerprisek9.03.16.04b.S.155-3.S4b-ext.b
in,12;bootflash:asr1000rp2-adventerprisek9.03.13.09.S.154-3.S9-ext.bin,12;
CONFIG_FILE variable does not exist
BOOTLDR variable = bootflash:c7200-kboot-mz.124-13.bin
Configuration register is 0x2102

Standby not ready to show bootvar
`,
			want: []fact{
				{facts.BootVariable, "1", "bootflash:asr1000rp2-adventerprisek9.03.16.04b.S.155-3.S4b-ext.bin", 1},
				{facts.BootVariable, "2", "bootflash:asr1000rp2-adventerprisek9.03.13.09.S.154-3.S9-ext.bin", 1},
				{facts.NextBootVariable, "1", "bootflash:asr1000rp2-adventerprisek9.03.16.04b.S.155-3.S4b-ext.bin", 1},
				{facts.NextBootVariable, "2", "bootflash:asr1000rp2-adventerprisek9.03.13.09.S.154-3.S9-ext.bin", 1},
				{facts.BootSetting, "bootldr", "bootflash:c7200-kboot-mz.124-13.bin", 4}, {facts.ConfigRegister, "", "0x2102", 5}, {facts.NextConfigRegister, "", "0x2102", 5},
			},
		},
		{
			name: "a whole list on a wide terminal, an unknown line behind it", command: "show bootvar",
			reply: "BOOT variable = bootflash:isr4300-universalk9.17.09.04a.SPA.bin,12;bootflash:isr4300-universalk9.17.06.05.SPA.bin,12\nCONFIG_FILE variable = nvram:startup-config\n",
			want: []fact{
				{facts.BootVariable, "1", "bootflash:isr4300-universalk9.17.09.04a.SPA.bin", 1}, {facts.BootVariable, "2", "bootflash:isr4300-universalk9.17.06.05.SPA.bin", 1},
				{facts.NextBootVariable, "1", "bootflash:isr4300-universalk9.17.09.04a.SPA.bin", 1}, {facts.NextBootVariable, "2", "bootflash:isr4300-universalk9.17.06.05.SPA.bin", 1},
				{facts.StartupSource, "", "nvram:startup-config", 2},
			},
		},
		{
			name: "two lists that differ", command: "show bootvar", reply: "BOOT variable = flash:a.bin,12;\nBOOT variable = flash:b.bin,12;\n",
			want: []fact{
				{facts.BootVariable, "1", "flash:a.bin", 1}, {facts.NextBootVariable, "1", "flash:a.bin", 1}, {facts.BootVariable, "1", "flash:b.bin", 2}, {facts.NextBootVariable, "1", "flash:b.bin", 2},
			},
			problem: "two values for boot variable",
		},
	})
}
