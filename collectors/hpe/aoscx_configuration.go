package hpe

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// aoscxConfigurationRules say what the lines of a configuration of AOS-CX mean.
var aoscxConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret>
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret:…:well-known>
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server vrf mgmt
	{Line: collectors.MustCompile(`^(?:no )?snmp`), Topic: facts.TopicSNMP},
	// logging 10.1.1.9 tls severity info
	{Line: collectors.MustCompile(`^logging (?:\d+\.|[0-9a-f]*:|[\w-]+\.)\S*`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// logging facility local7
	{Line: collectors.MustCompile(`^(?:no )?logging `), Topic: facts.TopicLogging},
	// ntp server 10.1.1.1 iburst
	{Line: collectors.MustCompile(`^ntp server `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authentication
	{Line: collectors.MustCompile(`^ntp authentication$`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp enable
	{Line: collectors.MustCompile(`^(?:no )?ntp `), Topic: facts.TopicTime},
	// user admin group administrators password ciphertext <secret>
	{Line: collectors.MustCompile(`^user \S+ `), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// user admin group administrators password ciphertext <secret>
	{Line: collectors.MustCompile(`^user \S+ group administrators`), Traits: []string{facts.TraitAdministrator}},
}

// aoscxConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var aoscxConfigurationQueries = []collectors.Query{
	collectors.RunningSection(aoscxConfigurationRules, []string{"show running-config | include snmp"}, facts.TopicSNMP),
	collectors.RunningSection(aoscxConfigurationRules, []string{"show running-config | include logging"}, facts.TopicLogging),
	collectors.RunningSection(aoscxConfigurationRules, []string{"show running-config | include ntp"}, facts.TopicTime),
	collectors.RunningSection(aoscxConfigurationRules, []string{"show running-config | include user"}, facts.TopicAccounts),
}
