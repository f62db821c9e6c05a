package hpe

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// aossConfigurationRules say what the lines of a configuration of ArubaOS-Switch mean.
var aossConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret> unrestricted
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret> unrestricted
	{Line: collectors.MustCompile(`^snmp-server community .*\bunrestricted$`), Traits: []string{facts.TraitWrites}},
	// snmp-server community <secret:…:well-known> operator
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server contact "noc"
	{Line: collectors.MustCompile(`^(?:no )?snmp`), Topic: facts.TopicSNMP},
	// logging 10.1.1.9 tls
	{Line: collectors.MustCompile(`^logging (?:\d+\.|[0-9a-f]*:)\S*`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// logging facility local7
	{Line: collectors.MustCompile(`^(?:no )?logging `), Topic: facts.TopicLogging},
	// sntp server priority 1 10.1.1.1
	{Line: collectors.MustCompile(`^(?:sntp|ntp) (?:server|unicast) `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authentication key-id 1
	{Line: collectors.MustCompile(`^(?:no )?(?:sntp|ntp|timesync) `), Topic: facts.TopicTime},
}

// aossConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var aossConfigurationQueries = []collectors.Query{
	collectors.RunningSection(aossConfigurationRules, []string{"show running-config | include snmp"}, facts.TopicSNMP),
	collectors.RunningSection(aossConfigurationRules, []string{"show running-config | include logging"}, facts.TopicLogging),
	collectors.RunningSection(aossConfigurationRules, []string{"show running-config | include ntp"}, facts.TopicTime),
}
