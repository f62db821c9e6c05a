package f5

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// tmosConfigurationRules say what the lines of a configuration of TMOS mean.
var tmosConfigurationRules = []collectors.ConfigurationRule{
	// sys snmp / communities / comm-public / community-name <secret:…:well-known>
	{Line: collectors.MustCompile(`^sys snmp / communities / .*community-name \S+:well-known>`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitWellKnown}},
	// sys snmp / communities / comm-public / access rw
	{Line: collectors.MustCompile(`^sys snmp / communities / .*access rw`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitWrites}},
	// sys snmp / communities / comm-public
	{Line: collectors.MustCompile(`^sys snmp / communities / \S+$`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// sys snmp / allowed-addresses
	{Line: collectors.MustCompile(`^sys snmp`), Topic: facts.TopicSNMP},
	// sys syslog / remote-servers / s1 / host 10.1.1.9
	{Line: collectors.MustCompile(`^sys syslog / remote-servers / .*\bhost `), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// sys syslog / include "filter x"
	{Line: collectors.MustCompile(`^sys syslog / include "?[^n]`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	// sys syslog / auth-priv-from notice
	{Line: collectors.MustCompile(`^sys syslog`), Topic: facts.TopicLogging},
	// sys ntp / servers 10.1.1.1
	{Line: collectors.MustCompile(`^sys ntp / servers `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// sys ntp / timezone UTC
	{Line: collectors.MustCompile(`^sys ntp`), Topic: facts.TopicTime},
	// sys sshd / allow All
	{Line: collectors.MustCompile(`^sys sshd / allow (?:All|\{ ALL \})`), Topic: facts.TopicAccess, Traits: []string{facts.TraitUnrestricted}},
	// sys sshd / inactivity-timeout 0
	{Line: collectors.MustCompile(`^sys sshd`), Topic: facts.TopicAccess},
	// sys httpd / allow All
	{Line: collectors.MustCompile(`^sys httpd`), Topic: facts.TopicTransfer},
}

// tmosConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var tmosConfigurationQueries = []collectors.Query{
	collectors.RunningSection(tmosConfigurationRules, []string{"tmsh -q list sys snmp"}, facts.TopicSNMP),
	collectors.RunningSection(tmosConfigurationRules, []string{"tmsh -q list sys syslog"}, facts.TopicLogging),
	collectors.RunningSection(tmosConfigurationRules, []string{"tmsh -q list sys ntp"}, facts.TopicTime),
	collectors.RunningSection(tmosConfigurationRules, []string{"tmsh -q list sys sshd"}, facts.TopicAccess),
	collectors.RunningSection(tmosConfigurationRules, []string{"tmsh -q list sys httpd"}, facts.TopicTransfer),
}
