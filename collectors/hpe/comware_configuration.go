package hpe

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// comwareConfigurationRules say what the lines of a configuration of Comware mean.
var comwareConfigurationRules = []collectors.ConfigurationRule{
	// snmp-agent community read cipher <secret>
	{Line: collectors.MustCompile(`^ ?snmp-agent community (?:read|write) `), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-agent community write cipher <secret>
	{Line: collectors.MustCompile(`^ ?snmp-agent community write `), Traits: []string{facts.TraitWrites}},
	// snmp-agent community read simple <secret:…:well-known>
	{Line: collectors.MustCompile(`^ ?snmp-agent community .*:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-agent sys-info version v3
	{Line: collectors.MustCompile(`^ ?(?:undo )?snmp-agent`), Topic: facts.TopicSNMP},
	// info-center loghost 10.1.1.9
	{Line: collectors.MustCompile(`^ ?info-center loghost (?:vpn-instance \S+ )?(?:\d|[0-9a-fA-F]*:)\S*`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// undo info-center enable
	{Line: collectors.MustCompile(`^ ?undo info-center enable`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// info-center source default loghost level informational
	{Line: collectors.MustCompile(`^ ?(?:undo )?info-center`), Topic: facts.TopicLogging},
	// ntp-service unicast-server 10.1.1.1
	{Line: collectors.MustCompile(`^ ?ntp-service (?:unicast-server|unicast-peer) `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp-service authentication enable
	{Line: collectors.MustCompile(`^ ?ntp-service authentication enable`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp-service enable
	{Line: collectors.MustCompile(`^ ?(?:undo )?(?:s?ntp-service|clock)`), Topic: facts.TopicTime},
	// telnet server enable
	{Line: collectors.MustCompile(`^ ?telnet server enable`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// ftp server enable
	{Line: collectors.MustCompile(`^ ?(?:ftp|tftp) server enable`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitServesFiles}},
	// sftp server enable
	{Line: collectors.MustCompile(`^ ?(?:scp|sftp) server enable`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSecureFiles}},
}

// comwareConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var comwareConfigurationQueries = []collectors.Query{
	collectors.RunningSection(comwareConfigurationRules, []string{"display current-configuration | include snmp-agent"}, facts.TopicSNMP),
	collectors.RunningSection(comwareConfigurationRules, []string{"display current-configuration | include info-center"}, facts.TopicLogging),
	collectors.RunningSection(comwareConfigurationRules, []string{"display current-configuration | include ntp-service"}, facts.TopicTime),
	collectors.RunningSection(comwareConfigurationRules, []string{"display current-configuration | include server"}, facts.TopicAccess, facts.TopicTransfer),
}
