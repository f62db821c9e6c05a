package cisco

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// nxosConfigurationRules say what the lines of a configuration of NX-OS mean.
var nxosConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret> group network-operator
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret> group network-admin
	{Line: collectors.MustCompile(`^snmp-server community \S+ (?:group (?:network-admin|vdc-admin)|rw)(?: |$)`), Traits: []string{facts.TraitWrites}},
	// snmp-server community <secret> group network-operator
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: group \S+| r[ow])?$`), Traits: []string{facts.TraitUnrestricted}},
	// snmp-server community <secret:…:well-known> group network-operator
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server user admin network-admin auth md5 <secret> priv <secret> localizedkey
	{Line: collectors.MustCompile(`^snmp-server user \S+ `), Topic: facts.TopicSNMP},
	// snmp-server host 10.1.1.9 traps version 2c <secret>
	{Line: collectors.MustCompile(`^(?:no )?(?:snmp-server|rmon) `), Topic: facts.TopicSNMP},
	// logging server 10.1.1.9 6 use-vrf management
	{Line: collectors.MustCompile(`^logging server \S+`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// logging level aaa 5
	{Line: collectors.MustCompile(`^(?:no )?logging `), Topic: facts.TopicLogging},
	// ntp server 10.1.1.1 use-vrf management key 1
	{Line: collectors.MustCompile(`^ntp (?:server|peer) \S+`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authenticate
	{Line: collectors.MustCompile(`^ntp authenticate$`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp source-interface mgmt0
	{Line: collectors.MustCompile(`^(?:no )?ntp `), Topic: facts.TopicTime},
	// aaa accounting default group T1
	{Line: collectors.MustCompile(`^aaa accounting default (?:group|local)`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting, facts.TraitCommands}},
	// aaa authorization commands default group T1 local
	{Line: collectors.MustCompile(`^aaa authorization (?:config-)?commands default `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAuthorization}},
	// tacacs-server host 10.1.1.1 key 7 <secret>
	{Line: collectors.MustCompile(`^(?:tacacs|radius)-server host `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	// aaa group server tacacs+ T1
	{Line: collectors.MustCompile(`^(?:no )?(?:aaa|tacacs-server|radius-server|ip tacacs|ip radius)\b`), Topic: facts.TopicAAA},
	// username admin password 5 <secret>  role network-admin
	{Line: collectors.MustCompile(`^username \S+ (?:password|role)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// username admin password 5 <secret>  role network-admin
	{Line: collectors.MustCompile(`^username \S+ .*\brole (?:network-admin|vdc-admin)`), Traits: []string{facts.TraitAdministrator}},
	// username admin sshkey ssh-rsa <secret>
	{Line: collectors.MustCompile(`^username \S+ (?:sshkey|keypair)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitLoginKey}},
	// role name ops
	{Line: collectors.MustCompile(`^(?:no )?(?:username|role|userpassphrase|password|enable|banner)\b`), Topic: facts.TopicAccounts},
	// feature telnet
	{Line: collectors.MustCompile(`^feature telnet$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// feature nxapi
	{Line: collectors.MustCompile(`^feature nxapi$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitWeb}},
	// feature scp-server
	{Line: collectors.MustCompile(`^feature (?:scp|sftp)-server$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSecureFiles}},
	// feature tftp-server
	{Line: collectors.MustCompile(`^feature tftp`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitServesFiles}},
	// boot poap enable
	{Line: collectors.MustCompile(`^boot poap enable`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitProvisioning}},
	// feature bash-shell
	{Line: collectors.MustCompile(`^feature (?:bash-shell|guestshell|docker|container-tracker)$`), Topic: facts.TopicGuests, Traits: []string{facts.TraitGuest}},
	// feature scheduler
	{Line: collectors.MustCompile(`^feature scheduler$`), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// feature ssh
	{Line: collectors.MustCompile(`^(?:no )?feature `), Topic: facts.TopicAccess},
	// line vty / access-class 10 in
	{Line: collectors.MustCompile(`^line vty / (?:ipv6 )?access-class \S+ in`), Topic: facts.TopicAccess, Traits: []string{facts.TraitAccessList}},
	// line vty
	{Line: collectors.MustCompile(`^line vty$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitLoginLine}},
	// ssh login-attempts 3
	{Line: collectors.MustCompile(`^(?:no )?(?:line|ssh|telnet|ip ssh)\b`), Topic: facts.TopicAccess},
	// event manager applet HIDE / event cli match "show version"
	{Line: collectors.MustCompile(`^event manager applet \S+ / event cli .*match .*(?:sh|show|dir|verify|copy|conf)`), Topic: facts.TopicScripts, Traits: []string{facts.TraitHidesOutput}},
	// event manager applet HIDE
	{Line: collectors.MustCompile(`^event manager (?:applet|policy) \S+$`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// scheduler job name NIGHT
	{Line: collectors.MustCompile(`^scheduler (?:job|schedule) name \S+`), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// cli alias name dir show clock
	{Line: collectors.MustCompile(`^cli alias name \S+ `), Topic: facts.TopicScripts, Traits: []string{facts.TraitAlias}},
	// cli alias name dir show clock
	{Line: collectors.MustCompile(`^cli alias name (?:sh(?:ow?)?|verify?|dir|more|copy|reload|boot|conf\S*) `), Traits: []string{facts.TraitHidesOutput}},
	// event manager environment x
	{Line: collectors.MustCompile(`^(?:event|scheduler|cli alias)\b`), Topic: facts.TopicScripts},
}

// nxosConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var nxosConfigurationQueries = []collectors.Query{
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config snmp"}, facts.TopicSNMP),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config aaa"}, facts.TopicAAA),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config security"}, facts.TopicAccounts),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config ntp"}, facts.TopicTime),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config | include ^logging"}, facts.TopicLogging),
	collectors.StartupSection(nxosConfigurationRules, []string{"show startup-config | include ^logging"}, facts.TopicLogging),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config | include ^feature"}, facts.TopicTransfer, facts.TopicGuests),
	collectors.StartupSection(nxosConfigurationRules, []string{"show startup-config | include ^feature"}, facts.TopicTransfer, facts.TopicGuests),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config | section ^line"}, facts.TopicAccess),
	collectors.StartupSection(nxosConfigurationRules, []string{"show startup-config | section ^line"}, facts.TopicAccess),
	collectors.RunningSection(nxosConfigurationRules, []string{"show running-config eem"}, facts.TopicScripts),
}
