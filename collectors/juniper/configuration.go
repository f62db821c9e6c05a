package juniper

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// junosConfigurationRules say what the lines of a configuration of Junos mean.
var junosConfigurationRules = []collectors.ConfigurationRule{
	// set snmp community <secret> authorization read-only
	{Line: collectors.MustCompile(`^set snmp (?:v3 )?community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// set snmp community <secret> authorization read-write
	{Line: collectors.MustCompile(`^set snmp community \S+ authorization read-write`), Traits: []string{facts.TraitWrites}},
	// set snmp community <secret:…:well-known> authorization read-only
	{Line: collectors.MustCompile(`^set snmp community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// set snmp location lab
	{Line: collectors.MustCompile(`^(?:set|deactivate) snmp\b`), Topic: facts.TopicSNMP},
	// set system syslog host 10.1.1.9 any notice
	{Line: collectors.MustCompile(`^set system syslog host \S+`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// set system syslog host 10.1.1.9 match "!(UI_COMMIT)"
	{Line: collectors.MustCompile(`^set system syslog (?:host|file) \S+ match `), Traits: []string{facts.TraitLogFilter}},
	// deactivate system syslog
	{Line: collectors.MustCompile(`^deactivate system syslog$`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// set system syslog file messages any notice
	{Line: collectors.MustCompile(`^(?:set|deactivate) system syslog\b`), Topic: facts.TopicLogging},
	// set system ntp server 10.1.1.1 key 1
	{Line: collectors.MustCompile(`^set system ntp (?:server|peer) \S+`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// set system ntp trusted-key 1
	{Line: collectors.MustCompile(`^set system ntp trusted-key`), Traits: []string{facts.TraitTimeKey}},
	// set system ntp boot-server 10.1.1.1
	{Line: collectors.MustCompile(`^(?:set|deactivate) system ntp\b`), Topic: facts.TopicTime},
	// set system accounting events interactive-commands
	{Line: collectors.MustCompile(`^set system accounting events (?:interactive-commands|change-log)`), Topic: facts.TopicAAA, Traits: []string{facts.TraitCommands}},
	// set system accounting events login
	{Line: collectors.MustCompile(`^set system accounting events login`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting}},
	// set system tacplus-server 10.1.1.1 secret <secret>
	{Line: collectors.MustCompile(`^set system (?:tacplus|radius)-server \S+`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	// set system authentication-order tacplus
	{Line: collectors.MustCompile(`^(?:set|deactivate) system (?:accounting|tacplus|radius|authentication-order)`), Topic: facts.TopicAAA},
	// set system login user admin class super-user
	{Line: collectors.MustCompile(`^set system login user \S+ class `), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// set system login user admin class super-user
	{Line: collectors.MustCompile(`^set system login user \S+ class super-user`), Traits: []string{facts.TraitAdministrator}},
	// set system login user admin authentication ssh-rsa <secret>
	{Line: collectors.MustCompile(`^set system (?:login user \S+|root-authentication)(?: authentication)? ssh-\S+`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitLoginKey}},
	// set system root-authentication encrypted-password <secret>
	{Line: collectors.MustCompile(`^(?:set|deactivate) system (?:login|root-authentication)\b`), Topic: facts.TopicAccounts},
	// set system services telnet
	{Line: collectors.MustCompile(`^set system services telnet`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// set system services ftp
	{Line: collectors.MustCompile(`^set system services (?:ftp|tftp|rcp|rsh|finger)`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitServesFiles}},
	// set system services web-management https system-generated-certificate
	{Line: collectors.MustCompile(`^set system services (?:web-management|rest)`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitWeb}},
	// set system services ssh sftp-server
	{Line: collectors.MustCompile(`^set system services ssh sftp-server`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSecureFiles}},
	// set system services ssh root-login deny
	{Line: collectors.MustCompile(`^(?:set|deactivate) system services\b`), Topic: facts.TopicAccess},
	// set event-options policy HIDE events UI_COMMIT
	{Line: collectors.MustCompile(`^set event-options policy \S+ events`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// set event-options generate-event NIGHT time-interval 3600
	{Line: collectors.MustCompile(`^set event-options generate-event`), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// set system scripts op file check.slax
	{Line: collectors.MustCompile(`^set (?:system scripts (?:op|commit|snmp) file|event-options event-script file)`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// set system scripts language python3
	{Line: collectors.MustCompile(`^(?:set|deactivate) (?:event-options|system scripts)\b`), Topic: facts.TopicScripts},
	// set system extensions providers x license-type y
	{Line: collectors.MustCompile(`^set system extensions`), Topic: facts.TopicGuests, Traits: []string{facts.TraitGuest}},
}

// junosConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var junosConfigurationQueries = []collectors.Query{
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration snmp | display set"}, facts.TopicSNMP),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system syslog | display set"}, facts.TopicLogging),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system ntp | display set"}, facts.TopicTime),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system accounting | display set"}, facts.TopicAAA),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system tacplus-server | display set"}, facts.TopicAAA),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system login | display set"}, facts.TopicAccounts),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system services | display set"}, facts.TopicAccess, facts.TopicTransfer),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration event-options | display set"}, facts.TopicScripts),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system scripts | display set"}, facts.TopicScripts),
	collectors.RunningSection(junosConfigurationRules, []string{"show configuration system extensions | display set"}, facts.TopicGuests),
}
