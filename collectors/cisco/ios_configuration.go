package cisco

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// iosSections are the sections of a configuration of IOS and IOS XE that say who may do what to the device, what it tells of that and what it runs
// by itself. Each is one command, since a router composes its whole configuration for each.
var iosSections = []struct {
	filter string
	topics []string
}{
	{"section ^aaa|^tacacs|^radius|^username|^enable|^privilege|^line|^ip ssh|^login|^snmp-server", []string{facts.TopicAAA, facts.TopicAccounts, facts.TopicAccess, facts.TopicSNMP}},
	{"section ^logging|^no logging|^ntp|^sntp|^archive|^tftp-server|^ftp-server|^ip rcmd|^ip http|^no ip http|^ip scp|^vstack|^no vstack|^service|^pnp", []string{facts.TopicLogging, facts.TopicTime, facts.TopicTransfer}},
	{"section ^event|^kron|^alias|^iox|^app-hosting|^guestshell|^virtual-service", []string{facts.TopicScripts, facts.TopicGuests}},
}

// shownByIntegrity are the commands whose output this program lives on, and what hides a change: who reacts to one of them can change what it shows.
const shownByIntegrity = `(?:sh(?:ow?)?|verify?|dir|more|copy|reload|write|boot|config)`

var iosRules = []collectors.ConfigurationRule{
	// snmp-server community <secret> RO 10
	// snmp-server community <secret> view V RW
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)? (?i:rw)(?: |$)`), Traits: []string{facts.TraitWrites}},
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)?(?: (?i:r[ow]))?$`), Traits: []string{facts.TraitUnrestricted}},
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server group ops v3 auth write v1default access 10
	{Line: collectors.MustCompile(`^snmp-server group \S+ (?:v1|v2c|v3 (?:no)?auth)(?: |$)`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	{Line: collectors.MustCompile(`^snmp-server group \S+ .*\bwrite \S`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitWrites}},
	{Line: collectors.MustCompile(`^snmp-server `), Topic: facts.TopicSNMP},

	// logging host 10.1.1.9 transport tcp port 6514
	// logging 10.1.1.9
	{Line: collectors.MustCompile(`^logging (?:host |server )?(?:ipv6 )?(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:]+|host \S+|server \S+)`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// no logging on
	// no logging 10.1.1.9 is never printed; "no logging on" is
	{Line: collectors.MustCompile(`^no logging on$`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// logging discriminator HIDE msg-body drops CONFIG_I
	// logging filter flash:hide.tcl
	{Line: collectors.MustCompile(`^logging (?:discriminator \S+ .*\bdrops\b|filter )`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	{Line: collectors.MustCompile(`^(?:no )?logging |^archive|^service (?:timestamps|sequence-numbers)`), Topic: facts.TopicLogging},

	// ntp server vrf mgmt 10.1.1.1 key 1 prefer
	{Line: collectors.MustCompile(`^s?ntp (?:server|peer) `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authenticate
	{Line: collectors.MustCompile(`^ntp authenticate$`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	{Line: collectors.MustCompile(`^s?ntp `), Topic: facts.TopicTime},

	// aaa accounting commands 15 default start-stop group tacacs+
	{Line: collectors.MustCompile(`^aaa accounting commands \d+ `), Topic: facts.TopicAAA, Traits: []string{facts.TraitCommands}},
	{Line: collectors.MustCompile(`^aaa accounting exec `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting}},
	// aaa authorization commands 15 default group tacacs+ local
	// aaa authorization config-commands
	{Line: collectors.MustCompile(`^aaa authorization (?:commands \d+ |config-commands)`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAuthorization}},
	// tacacs server T1 / address ipv4 10.1.1.1
	// tacacs-server host 10.1.1.1 key 7 <secret>
	{Line: collectors.MustCompile(`^(?:tacacs|radius)-server host |^(?:tacacs|radius) server \S+ / address |^aaa group server \S+ \S+ / server`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	{Line: collectors.MustCompile(`^(?:aaa|tacacs|radius)\b`), Topic: facts.TopicAAA},

	// username admin privilege 15 secret 9 <secret>
	{Line: collectors.MustCompile(`^username \S+`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	{Line: collectors.MustCompile(`^username \S+ .*\bprivilege 15\b`), Traits: []string{facts.TraitAdministrator}},
	{Line: collectors.MustCompile(`^username \S+ .*\bnopassword\b`), Traits: []string{facts.TraitNoPassword}},
	// ip ssh pubkey-chain / username admin / key-hash ssh-rsa <secret>
	{Line: collectors.MustCompile(`^ip ssh pubkey-chain / username \S+ / (?:key-hash|key-string)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitLoginKey}},
	{Line: collectors.MustCompile(`^(?:enable (?:secret|password|algorithm)|privilege |ip ssh pubkey-chain)`), Topic: facts.TopicAccounts},

	// line vty 0 4
	{Line: collectors.MustCompile(`^line vty [\d ]+$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitLoginLine, facts.TraitDialsOut}},
	// line vty 0 4 / access-class 10 in vrf-also
	{Line: collectors.MustCompile(`^line vty [\d ]+ / (?:ipv6 )?access-class \S+ in`), Topic: facts.TopicAccess, Traits: []string{facts.TraitAccessList}},
	// line vty 0 4 / transport input telnet ssh
	{Line: collectors.MustCompile(`^line vty [\d ]+ / transport input .*\b(?:telnet|all)\b`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	{Line: collectors.MustCompile(`^line vty [\d ]+ / transport output none`), Topic: facts.TopicAccess, Traits: []string{facts.TraitNoOutput}},
	{Line: collectors.MustCompile(`^(?:line|ip ssh|login)\b`), Topic: facts.TopicAccess},

	// ip http server
	{Line: collectors.MustCompile(`^ip http (?:secure-)?server$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitWeb}},
	// tftp-server flash:c2960-lanbasek9-mz.150-2.SE4.bin
	{Line: collectors.MustCompile(`^(?:tftp-server|ftp-server (?:enable|write-enable)|ip rcmd (?:rcp|rsh)-enable)`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitServesFiles}},
	{Line: collectors.MustCompile(`^ip scp server enable$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSecureFiles}},
	// vstack
	// vstack director 10.1.1.1
	{Line: collectors.MustCompile(`^vstack(?: |$)`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSmartInstall}},
	// service config
	// pnp profile P / transport https ipv4 10.1.1.1
	{Line: collectors.MustCompile(`^(?:service config$|pnp profile \S+ / transport )`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitProvisioning}},
	{Line: collectors.MustCompile(`^service internal$`), Topic: facts.TopicScripts, Traits: []string{facts.TraitInternal}},
	{Line: collectors.MustCompile(`^(?:tftp-server|ftp-server|(?:no )?ip http|ip (?:ftp|rcmd|scp)|(?:no )?vstack|pnp)\b`), Topic: facts.TopicTransfer},
	{Line: collectors.MustCompile(`^service `), Topic: facts.TopicAccess},

	// event manager applet HIDE
	{Line: collectors.MustCompile(`^event manager (?:applet \S+(?: (?:authorization bypass|class \S+|trap))*$|policy )`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// event manager applet HIDE / event cli pattern "show run.*" sync yes
	{Line: collectors.MustCompile(`^event manager applet \S+(?: .*)? / event .*\bcli\b.*pattern .*` + shownByIntegrity), Topic: facts.TopicScripts, Traits: []string{facts.TraitHidesOutput}},
	{Line: collectors.MustCompile(`^kron (?:occurrence|policy-list) \S+`), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// alias exec verify show clock
	{Line: collectors.MustCompile(`^alias \S+ \S+ `), Topic: facts.TopicScripts, Traits: []string{facts.TraitAlias}},
	{Line: collectors.MustCompile(`^alias exec ` + shownByIntegrity + ` `), Traits: []string{facts.TraitHidesOutput}},
	{Line: collectors.MustCompile(`^(?:event|kron|alias)\b`), Topic: facts.TopicScripts},

	// iox
	// app-hosting appid guestshell
	{Line: collectors.MustCompile(`^(?:iox$|app-hosting appid |guestshell|virtual-service \S+)`), Topic: facts.TopicGuests, Traits: []string{facts.TraitGuest}},
	{Line: collectors.MustCompile(`^(?:iox|app-hosting|virtual-service)\b`), Topic: facts.TopicGuests},
}

// iosConfigurationQueries ask for both configurations. A release that can't select sections can't be asked: the whole is never read.
var iosConfigurationQueries = func() (all []collectors.Query) {
	for _, section := range iosSections {
		all = append(all,
			collectors.RunningSection(iosRules, []string{"show running-config | " + section.filter}, section.topics...),
			collectors.StartupSection(iosRules, []string{"show startup-config | " + section.filter}, section.topics...),
		)
	}
	return all
}()
