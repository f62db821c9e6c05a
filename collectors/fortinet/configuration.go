package fortinet

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// fortiosConfigurationRules say what the lines of a configuration of FortiOS mean.
var fortiosConfigurationRules = []collectors.ConfigurationRule{
	// config system snmp community / edit 1
	{Line: collectors.MustCompile(`^config system snmp community / edit \S+$`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// config system snmp community / edit 1 / set name <secret:…:well-known>
	{Line: collectors.MustCompile(`^config system snmp community / edit \S+ / set name \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// config system snmp community
	{Line: collectors.MustCompile(`^config system snmp`), Topic: facts.TopicSNMP},
	// config log syslogd setting / set server "10.1.1.9"
	{Line: collectors.MustCompile(`^config log (?:syslogd\d?|fortianalyzer\d?) setting / set server `), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// config log syslogd setting / set status disable
	{Line: collectors.MustCompile(`^config log `), Topic: facts.TopicLogging},
	// config system ntp / config ntpserver / edit 1 / set server "10.1.1.1"
	{Line: collectors.MustCompile(`^config system ntp / .*set server `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// config system ntp / set authentication enable
	{Line: collectors.MustCompile(`^config system ntp / .*set authentication enable`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// config system ntp / set ntpsync enable
	{Line: collectors.MustCompile(`^config system ntp`), Topic: facts.TopicTime},
	// config system admin / edit "admin"
	{Line: collectors.MustCompile(`^config system admin / edit \S+$`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// config system admin / edit "admin" / set accprofile "super_admin"
	{Line: collectors.MustCompile(`^config system admin / edit \S+ / set accprofile "?super_admin`), Traits: []string{facts.TraitAdministrator}},
	// config system admin / edit "admin" / set ssh-public-key1 <secret>
	{Line: collectors.MustCompile(`^config system admin / edit \S+ / set ssh-public-key`), Traits: []string{facts.TraitLoginKey}},
	// config system admin / edit "admin" / set trusthost1 10.0.0.0 255.0.0.0
	{Line: collectors.MustCompile(`^config system admin / edit \S+ / set (?:ip6-)?trusthost`), Traits: []string{facts.TraitAccessList}},
	// config system admin / edit "admin" / set password ENC <secret>
	{Line: collectors.MustCompile(`^config system admin`), Topic: facts.TopicAccounts},
	// config system automation-stitch / edit "HIDE"
	{Line: collectors.MustCompile(`^config system automation-(?:stitch|trigger|action) / edit `), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// config system auto-script / edit "night"
	{Line: collectors.MustCompile(`^config system auto-script / edit `), Topic: facts.TopicScripts, Traits: []string{facts.TraitSchedule}},
	// config system automation-stitch
	{Line: collectors.MustCompile(`^config system auto`), Topic: facts.TopicScripts},
}

// fortiosConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var fortiosConfigurationQueries = []collectors.Query{
	collectors.RunningSection(fortiosConfigurationRules, []string{"show system snmp community"}, facts.TopicSNMP),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show log syslogd setting"}, facts.TopicLogging),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show log fortianalyzer setting"}, facts.TopicLogging),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show system ntp"}, facts.TopicTime),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show system admin"}, facts.TopicAccounts),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show system automation-stitch"}, facts.TopicScripts),
	collectors.RunningSection(fortiosConfigurationRules, []string{"show system auto-script"}, facts.TopicScripts),
}
