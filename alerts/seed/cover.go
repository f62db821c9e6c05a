package seed

import "slices"

// A Cover says what covers a part of a query natively, and what was wrong with it.
type Cover struct {
	Needles []string // of the query, as they are written
	Rules   []string // ids of native rules (alerts/rules)
	Chains  []string // ids of native chains (alerts/chain)
	Wrong   string
}

// Covers are what became of every needle of both queries.
var Covers = []Cover{
	{[]string{"local7", "local6"}, nil, nil, "A facility is neither necessary nor sufficient: ASA and EOS log with local4, BIG-IP with local0, PAN-OS with user. Natively it is a field and no filter."},
	{[]string{"copy tftp", "copy ftp", "copy scp", "copy http", "copy", "copy flash", "copy bootflash", "tftp", "ftp", "scp"}, []string{"command-image-transfer-in", "command-config-transfer-in", "command-transfer-out", "transfer-image-served", "sensor-tftp-image"}, []string{"P3", "P1"},
		"A copy command reaches syslog on no IOS: only accounting shows it. The phrases miss https, sftp, usb, options such as /noconfirm, two blanks, abbreviations and words that accounting sets apart, and do not tell an export from an import."},
	{[]string{"flash", "flash:", "bootflash:", "disk0:", "nvram:"}, []string{"command-image-transfer-in"}, nil, "Three file systems of some thirty: flash0:, usbflash0:, harddisk:, slot0:, bootdisk:, disk1:, /var/tmp/ are missed. The destination decides the direction."},
	{[]string{"archive tar", "archive", "archive download"}, []string{"command-image-transfer-in", "command-install"}, []string{"P3", "install"}, "archive config saves a configuration, and is found as well."},
	{[]string{"boot system flash", "boot system tftp", "boot system bootflash", "boot system", "boot"}, []string{"command-boot-change", "cisco-nxos-boot-variable"}, []string{"P2", "P4", "P1"},
		"Only IOS' spelling: boot nxos, startup system-software, boot-loader file, switchboot are missed, and so is packages.conf, the usual target of install mode. reboot is not found by boot, BOOT-5-OPMODE_LOG is."},
	{[]string{"no boot system", "default boot system"}, []string{"command-boot-remove"}, []string{"P2"}, "They pass the filter and score nothing, or score as if the variable were set: the no is lost."},
	{[]string{"set system image"}, []string{"command-boot-change"}, []string{"P2"}, "It passes and scores nothing, so the row is dropped."},
	{[]string{"verify /md5", "verify"}, []string{"command-verify"}, nil, "verify logs nothing; a digest that somebody has computed is a hint of staging at most, and trueboot itself asks for them."},
	{[]string{"upgrade fpd", "upgrade"}, []string{"command-firmware", "cisco-iosxr-fpd", "cisco-ios-boot-loader"}, []string{"firmware"}, "upgraded and UPGRADES are not found; FPD-NEED-UPGRADE after a boot is, and says that the system changed."},
	{[]string{"install add file", "install add", "install activate", "install", "INSTALL"}, []string{"command-install", "cisco-ios-install-started", "cisco-ios-install-completed", "cisco-iosxr-install-started", "cisco-nxos-installer"}, []string{"install", "P4", "P10"},
		"install all, install source, install one-shot, install replace and the vendors' other words are missed; installed is not found by install, and expr_nh_unilist_install is."},
	{[]string{"request system software"}, []string{"command-install", "command-software-rollback", "juniper-junos-package"}, []string{"install", "P7"}, "NETCONF's names (request-package-add) are missed, and an operator who searches a log for the words is found."},
	{[]string{"request system reboot"}, []string{"command-reload", "juniper-junos-reboot"}, []string{"reload", "P4"}, "It passes and scores nothing, so the row is dropped."},
	{[]string{"issu changeversion"}, []string{"command-install"}, []string{"install"}, "loadversion, runversion, acceptversion and commitversion are missed."},
	{[]string{"image upgrade", "IMAGE", "image"}, []string{"cisco-ios-signature-ok", "cisco-ios-resilience-off", "aruba-aoscx-image-updated"}, []string{"P9"}, "IMAGE as a term is found in fman_fp_image, which is an access list, and in linux_iosd_image, which is crash text."},
	{[]string{"FILESYS"}, []string{"cisco-ios-nvram-erased"}, nil, "No message of an image change has this word; it lets disk warnings in."},
	{[]string{"SYS-6-BOOTTIME"}, []string{"cisco-ios-boot-evidence"}, []string{"P5"}, "The second filter wants boot as a term, which BOOTTIME and reboot are not: no such row ever passes."},
	{[]string{"SYS-5-RELOAD"}, []string{"cisco-ios-reload", "cisco-ios-xe-reload", "cisco-ios-xe-exit"}, []string{"reload", "P4"}, "The second filter holds none of its words, so the rule that makes it High never fires. After an installation IOS XE writes another message."},
	{[]string{"IOS_RESILIENCE", "IOS_RESILIENCE-3"}, []string{"cisco-ios-resilience-off", "cisco-ios-signature-ok"}, []string{"P9"}, "Every such message has severity 5: a meaning is bound to a digit."},
	{[]string{"reload", "in ", "at ", "cancel"}, []string{"command-reload-scheduled", "command-reload-cancel", "cisco-ios-reload-scheduled", "cisco-ios-reload-cancelled", "command-reload"}, []string{"reload", "P4"},
		"The word at stands in every time stamp, so that a cancellation scores as the schedule does; a reload at once has none of the words and is missed."},
	{[]string{"older", "previous", "rollback", "downgrade"}, []string{"command-software-rollback", "fortinet-fortios-downgrade", "paloalto-panos-downgrade", "watchguard-downgrade", "cisco-ios-config-newer"}, []string{"P7"}, "They pass the filter and score nothing. Nothing compares versions: natively a downgrade is said where two versions of one order prove it."},
	{[]string{"SYS-", "CONFIG_I"}, []string{"cisco-ios-config-change", "arista-eos-up"}, nil, "CONFIG_I says that somebody left configuration mode, and not what was configured."},
	{[]string{"Cisco", "Juniper", "Palo Alto Networks", "Fortinet", "F5", "Arista", "HPE", "Huawei"}, []string{"cisco-ios-reload", "juniper-junos-reboot", "paloalto-panos-install", "fortinet-fortios-firmware", "f5-bigip-boot", "arista-eos-up", "hpe-comware-reboot", "huawei-vrp-reboot"}, nil,
		"in~ is equality: Aruba Networks, Check Point, WatchGuard are not on the list. Natively the vendor's own text in CEF is read as its syslog is."},
	{[]string{"firmware"}, []string{"fortinet-fortios-firmware", "aruba-aoscx-device-update", "command-firmware"}, []string{"firmware", "install"}, "The activity of CEF is seldom free text: for PAN-OS it is the log's type, for BIG-IP the name of an attack."},
	{[]string{"69"}, []string{"transfer-image-served", "sensor-tftp-image", "host-tftp-server"}, []string{"P3", "host"}, "In the attack the router is the client and the host the server: the host's remote port is ephemeral. After the first packet neither side uses 69."},
	{[]string{".bin", ".img", ".tar", ".pkg", ".spa", ".vm", ".swx", ".ova", ".qcow2", ".vmdk"}, []string{"transfer-image-served", "host-image-created", "host-image-push", "command-image-transfer-in"}, []string{"P3", "host"},
		"A TFTP server does not carry the name of the file on its command line. .swx is no image of anybody; .swi, .tgz, .cc, .ipe, .out and names without an extension are missed."},
	{[]string{"copy tftp:", "copy scp:", "copy ftp:", "send-image", "cisco-image", "ios-image", "nxos", "junos-upgrade"}, []string{"host-image-push"}, []string{"host", "P13"}, "The rows have neither the flag nor the message that the severity looks at: the whole leg is Low, and dropped."},
	{[]string{"tftpd", "tftpboot"}, []string{"host-tftp-server"}, []string{"host", "P13"}, "tftp as a term misses atftpd, in.tftpd and tftpd64.exe; and the leg never alerts."},
	{[]string{"true"}, []string{"transfer-image-served"}, []string{"P3"}, "Rows with .spa, .vm or .swx alone pass the filter and are not suspicious, so they are dropped."},
}

// Needles are all that the queries look for.
func Needles() []string {
	var all []string
	for _, leg := range QueryA {
		all = append(all, needlesOf(leg.Filters)...)
	}
	all = append(all, suspiciousTransfer.needles()...)
	for _, s := range severitiesA {
		all = append(all, s.condition.needles()...)
	}
	all = append(all, needlesOf(QueryB)...)
	for _, f := range flagsB {
		all = append(all, f.condition.needles()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A Claim is something that the two documents say, and what answers it.
type Claim struct{ Kind, Claim, Answer string }

// Claims are the false positives, the tests and the claims of both documents.
var Claims = []Claim{
	{"false positive", "planned upgrades in a maintenance window over TFTP or SCP", "a window of the context: -4, never below 1 (TestExplained)"},
	{"false positive", "management platforms: Cisco Prime, DNA Center, SolarWinds, Ansible AWX", "an automation account from its own host: -2"},
	{"false positive", "disaster recovery to a known-good image", "a window with that reason; a proven downgrade stays at least medium"},
	{"false positive", "contractors with change tickets", "a ticket without times, for a device and an account"},
	{"false positive", "planned copies to flash", "a window, or a staging that one names"},
	{"false positive", "authorised rollback", "a window; the chain stays P7"},
	{"false positive", "pre-staging of boot system", "a window to come that names the file: -4"},
	{"false positive", "labs that swap images", "lab devices: -3"},
	{"test", "1: image transfer to flash over TFTP", "testdata/logs/at-1-transfer and its twin; the message that the document expects does not exist"},
	{"test", "2: boot system to an older image", "testdata/logs/at-2-boot-directive and its twin; the real text is \"logged command:\", and not \"logged command stem\""},
	{"test", "3: a reload scheduled and cancelled", "testdata/logs/at-3-reload-scheduled, at-3-after-staging and the twin; SYS-5-RELOAD_CANCEL was found nowhere, SCHEDULED_RELOAD_CANCELLED is the real one"},
	{"test", "4: verify /md5", "testdata/logs/at-4-verify and its twin; no alert"},
	{"test", "5: a Junos downgrade", "testdata/logs/at-5-junos-downgrade and its twin; the real text is lower case and quoted"},
	{"claim", "version changes seen in syslog", "rules of stage version, chains P6 and P7"},
	{"claim", "privilege escalation on management interfaces", "rules of stage priv_login: context, no alert by themselves"},
	{"claim", "unauthorised SCP", "flow records and sshd's and sftp's logs (stage transfer); size decides, and not the port"},
	{"claim", "in-memory modification", "no log shows it; a visit compares what the device states (controls NDI-RN-01 to NDI-RN-04)"},
	{"claim", "version downgrade confirmed after the reload", "P7 compares the banner, the file's name and the last visit; an alert asks for a visit"},
	{"claim", "TACACS+ through CommonSecurityLog", "accounting of TACACS+ and RADIUS servers in their own formats, and in CEF"},
}
