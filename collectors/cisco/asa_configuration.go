package cisco

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// asaConfigurationRules say what the lines of a configuration of ASA mean.
var asaConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret>
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret:…:well-known>
	{Line: collectors.MustCompile(`^snmp-server community \S*:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server host inside 10.1.1.9 community <secret> version 2c
	{Line: collectors.MustCompile(`^(?:no )?snmp-server `), Topic: facts.TopicSNMP},
	// logging host inside 10.1.1.9 6/1470
	{Line: collectors.MustCompile(`^logging host \S+ \S+`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// no logging enable
	{Line: collectors.MustCompile(`^no logging enable$`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// no logging message 302013
	{Line: collectors.MustCompile(`^no logging message \d+`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	// logging trap informational
	{Line: collectors.MustCompile(`^(?:no )?logging `), Topic: facts.TopicLogging},
	// ntp server 10.1.1.1 key 1 source inside
	{Line: collectors.MustCompile(`^ntp server \S+`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp authenticate
	{Line: collectors.MustCompile(`^ntp authenticate$`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp trusted-key 1
	{Line: collectors.MustCompile(`^ntp `), Topic: facts.TopicTime},
	// aaa accounting command T1
	{Line: collectors.MustCompile(`^aaa accounting command `), Topic: facts.TopicAAA, Traits: []string{facts.TraitCommands}},
	// aaa accounting ssh console T1
	{Line: collectors.MustCompile(`^aaa accounting (?:ssh|enable|serial|telnet) `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting}},
	// aaa authorization command T1 LOCAL
	{Line: collectors.MustCompile(`^aaa authorization command `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAuthorization}},
	// aaa-server T1 (inside) host 10.1.1.1
	{Line: collectors.MustCompile(`^aaa-server \S+ \(\S+\) host `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	// aaa-server T1 protocol tacacs+
	{Line: collectors.MustCompile(`^(?:no )?aaa`), Topic: facts.TopicAAA},
	// username admin password <secret> pbkdf2 privilege 15
	{Line: collectors.MustCompile(`^username \S+ (?:password|nopassword)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// username admin password <secret> pbkdf2 privilege 15
	{Line: collectors.MustCompile(`^username \S+ .*\bprivilege 15\b`), Traits: []string{facts.TraitAdministrator}},
	// username guest nopassword privilege 2
	{Line: collectors.MustCompile(`^username \S+ nopassword`), Traits: []string{facts.TraitNoPassword}},
	// username admin attributes / ssh authentication publickey <secret>
	{Line: collectors.MustCompile(`^username \S+ attributes / ssh authentication (?:publickey|pkf)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitLoginKey}},
	// username admin attributes
	{Line: collectors.MustCompile(`^username `), Topic: facts.TopicAccounts},
	// telnet 10.0.0.0 255.0.0.0 inside
	{Line: collectors.MustCompile(`^telnet \d\S* `), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// ssh 0.0.0.0 0.0.0.0 outside
	{Line: collectors.MustCompile(`^ssh 0\.0\.0\.0 0\.0\.0\.0 `), Topic: facts.TopicAccess, Traits: []string{facts.TraitUnrestricted}},
	// ssh scopy enable
	{Line: collectors.MustCompile(`^ssh scopy enable$`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitSecureFiles}},
	// http server enable
	{Line: collectors.MustCompile(`^http server enable`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitWeb}},
	// ssh timeout 5
	{Line: collectors.MustCompile(`^(?:no )?(?:ssh|telnet)\b`), Topic: facts.TopicAccess},
	// http 10.0.0.0 255.0.0.0 inside
	{Line: collectors.MustCompile(`^(?:no )?http `), Topic: facts.TopicTransfer},
	// event manager applet HIDE
	{Line: collectors.MustCompile(`^event manager applet \S+$`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// alias-like commands there are none; privilege cmd level 3 mode exec command show
	{Line: collectors.MustCompile(`^(?:event|privilege)\b`), Topic: facts.TopicScripts},
}

// asaConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var asaConfigurationQueries = []collectors.Query{
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config snmp-server"}, facts.TopicSNMP),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config logging"}, facts.TopicLogging),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config ntp"}, facts.TopicTime),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config aaa"}, facts.TopicAAA),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config aaa-server"}, facts.TopicAAA),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config username"}, facts.TopicAccounts),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config ssh"}, facts.TopicAccess),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config telnet"}, facts.TopicAccess),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config http"}, facts.TopicTransfer),
	collectors.RunningSection(asaConfigurationRules, []string{"show running-config privilege"}, facts.TopicScripts),
}
