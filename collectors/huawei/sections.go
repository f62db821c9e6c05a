package huawei

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// vrpConfigurationRules say what the lines of a configuration of VRP mean.
var vrpConfigurationRules = []collectors.ConfigurationRule{
	// snmp-agent community read cipher <secret> acl 2000
	{Line: collectors.MustCompile(`^snmp-agent community (?:read|write) `), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-agent community write cipher <secret>
	{Line: collectors.MustCompile(`^snmp-agent community write `), Traits: []string{facts.TraitWrites}},
	// snmp-agent community read cipher <secret>
	{Line: collectors.MustCompile(`^snmp-agent community (?:read|write) (?:cipher |simple )?\S+(?: mib-view \S+)?$`), Traits: []string{facts.TraitUnrestricted}},
	// snmp-agent community read simple <secret:…:well-known>
	{Line: collectors.MustCompile(`^snmp-agent community .*:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-agent sys-info version v3
	{Line: collectors.MustCompile(`^(?:undo )?snmp-agent`), Topic: facts.TopicSNMP},
	// info-center loghost 10.1.1.9 transport tcp
	{Line: collectors.MustCompile(`^info-center loghost (?:\d|[0-9a-fA-F]*:|ipv6 )\S*`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// undo info-center enable
	{Line: collectors.MustCompile(`^undo info-center enable`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// info-center filter-id bymodule-alias SHELL CMDRECORD
	{Line: collectors.MustCompile(`^info-center filter-id `), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	// info-center source default channel 2
	{Line: collectors.MustCompile(`^(?:undo )?info-center`), Topic: facts.TopicLogging},
	// ntp-service unicast-server 10.1.1.1 authentication-keyid 1
	{Line: collectors.MustCompile(`^ntp-service (?:unicast-server|unicast-peer|ipv6) `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp-service authentication enable
	{Line: collectors.MustCompile(`^ntp-service authentication enable`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp-service source-interface LoopBack0
	{Line: collectors.MustCompile(`^(?:undo )?ntp-service`), Topic: facts.TopicTime},
	// aaa / local-user admin password irreversible-cipher <secret>
	{Line: collectors.MustCompile(`^aaa / local-user \S+ password`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// aaa / local-user admin privilege level 15
	{Line: collectors.MustCompile(`^aaa / local-user \S+ privilege level (?:15|3)$`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAdministrator}},
	// aaa / local-user admin service-type telnet ssh
	{Line: collectors.MustCompile(`^aaa / local-user \S+ service-type .*\btelnet\b`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitTelnet}},
	// aaa / local-user admin service-type ssh
	{Line: collectors.MustCompile(`^aaa / (?:undo )?local-user `), Topic: facts.TopicAccounts},
	// aaa / accounting-scheme default
	{Line: collectors.MustCompile(`^aaa\b`), Topic: facts.TopicAAA},
	// aaa / recording-scheme CMD
	{Line: collectors.MustCompile(`^aaa / (?:recording-scheme|cmd recording-scheme)`), Traits: []string{facts.TraitCommands}},
	// aaa / authorization-scheme x
	{Line: collectors.MustCompile(`^aaa / authorization-scheme \S+ / authorization-cmd`), Traits: []string{facts.TraitAuthorization}},
}

// vrpConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var vrpConfigurationQueries = []collectors.Query{
	collectors.RunningSection(vrpConfigurationRules, []string{"display current-configuration | include ^snmp-agent"}, facts.TopicSNMP),
	collectors.RunningSection(vrpConfigurationRules, []string{"display current-configuration | include ^info-center"}, facts.TopicLogging),
	collectors.RunningSection(vrpConfigurationRules, []string{"display current-configuration | include ^ntp-service"}, facts.TopicTime),
	collectors.RunningSection(vrpConfigurationRules, []string{"display current-configuration configuration aaa"}, facts.TopicAAA, facts.TopicAccounts),
}
