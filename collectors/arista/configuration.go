package arista

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// eosConfigurationRules say what the lines of a configuration of EOS mean.
var eosConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret> ro MGMT
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret> rw
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)? rw(?: |$)`), Traits: []string{facts.TraitWrites}},
	// snmp-server community <secret> ro
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)?(?: r[ow])?$`), Traits: []string{facts.TraitUnrestricted}},
	// snmp-server community <secret:…:well-known> ro
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server contact noc
	{Line: collectors.MustCompile(`^(?:no )?snmp-server `), Topic: facts.TopicSNMP},
	// logging vrf MGMT host 10.1.1.9 514 protocol tcp
	{Line: collectors.MustCompile(`^logging (?:vrf \S+ )?host \S+`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// no logging on
	{Line: collectors.MustCompile(`^no logging on$`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// logging policy match match-list HIDE discard
	{Line: collectors.MustCompile(`^logging policy match .*discard`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	// logging trap informational
	{Line: collectors.MustCompile(`^(?:no )?logging `), Topic: facts.TopicLogging},
	// ntp server vrf MGMT 10.1.1.1 prefer key 1
	{Line: collectors.MustCompile(`^ntp server `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authenticate
	{Line: collectors.MustCompile(`^ntp authenticate`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp local-interface Management1
	{Line: collectors.MustCompile(`^(?:no )?ntp `), Topic: facts.TopicTime},
	// aaa accounting commands all default start-stop group tacacs+ logging
	{Line: collectors.MustCompile(`^aaa accounting commands `), Topic: facts.TopicAAA, Traits: []string{facts.TraitCommands}},
	// aaa accounting exec default start-stop group tacacs+
	{Line: collectors.MustCompile(`^aaa accounting exec `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting}},
	// aaa authorization commands all default group tacacs+ local
	{Line: collectors.MustCompile(`^aaa authorization commands `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAuthorization}},
	// tacacs-server host 10.1.1.1 key 7 <secret>
	{Line: collectors.MustCompile(`^(?:tacacs|radius)-server host `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	// aaa group server tacacs+ T1
	{Line: collectors.MustCompile(`^(?:no )?(?:aaa|tacacs-server|radius-server)\b`), Topic: facts.TopicAAA},
	// username admin privilege 15 role network-admin secret sha512 <secret>
	{Line: collectors.MustCompile(`^username \S+ .*\b(?:secret|nopassword)\b`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// username admin privilege 15 role network-admin secret sha512 <secret>
	{Line: collectors.MustCompile(`^username \S+ .*(?:privilege 15|role network-admin)`), Traits: []string{facts.TraitAdministrator}},
	// username admin privilege 15 role network-admin nopassword
	{Line: collectors.MustCompile(`^username \S+ .*\bnopassword\b`), Traits: []string{facts.TraitNoPassword}},
	// username admin ssh-key ssh-rsa <secret>
	{Line: collectors.MustCompile(`^username \S+ ssh(?:-|)key`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitLoginKey}},
	// username admin shell /bin/bash
	{Line: collectors.MustCompile(`^(?:no )?(?:username|role|enable)\b`), Topic: facts.TopicAccounts},
	// management telnet / no shutdown
	{Line: collectors.MustCompile(`^management telnet / no shutdown$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// management api http-commands / no shutdown
	{Line: collectors.MustCompile(`^management api \S+ / no shutdown$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitWeb}},
	// management ssh / ip access-group MGMT in
	{Line: collectors.MustCompile(`^management ssh(?: / vrf \S+)? / ip access-group \S+`), Topic: facts.TopicAccess, Traits: []string{facts.TraitAccessList}},
	// management ssh
	{Line: collectors.MustCompile(`^management ssh$`), Topic: facts.TopicAccess, Traits: []string{facts.TraitLoginLine}},
	// management api http-commands
	{Line: collectors.MustCompile(`^management api`), Topic: facts.TopicTransfer},
	// management console
	{Line: collectors.MustCompile(`^management `), Topic: facts.TopicAccess},
	// event-handler HIDE / trigger on-boot
	{Line: collectors.MustCompile(`^event-handler \S+$`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// daemon agent / exec /mnt/flash/agent
	{Line: collectors.MustCompile(`^daemon \S+ / exec `), Topic: facts.TopicGuests, Traits: []string{facts.TraitGuest}},
	// daemon agent
	{Line: collectors.MustCompile(`^daemon `), Topic: facts.TopicGuests},
	// schedule backup interval 60 command bash /mnt/flash/x
	{Line: collectors.MustCompile(`^schedule \S+ (?:interval|at)`), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// alias dir show clock
	{Line: collectors.MustCompile(`^alias \S+`), Topic: facts.TopicScripts, Traits: []string{facts.TraitAlias}},
	// alias dir show clock
	{Line: collectors.MustCompile(`^alias (?:sh(?:ow?)?|verify?|dir|more|copy|reload|boot|conf\S*) `), Traits: []string{facts.TraitHidesOutput}},
	// event-handler HIDE / action bash x
	{Line: collectors.MustCompile(`^(?:event-handler|schedule|alias)\b`), Topic: facts.TopicScripts},
}

// eosConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var eosConfigurationQueries = []collectors.Query{
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section snmp-server"}, facts.TopicSNMP),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section logging"}, facts.TopicLogging),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section ntp"}, facts.TopicTime),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section aaa"}, facts.TopicAAA),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section tacacs"}, facts.TopicAAA),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section username"}, facts.TopicAccounts),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section management"}, facts.TopicAccess, facts.TopicTransfer),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section event-handler"}, facts.TopicScripts),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section alias"}, facts.TopicScripts),
	collectors.RunningSection(eosConfigurationRules, []string{"show running-config section daemon"}, facts.TopicGuests),
}
