package cisco

import (
	"trueboot/collectors"
	"trueboot/facts"
)

// xrConfigurationRules say what the lines of a configuration of IOS XR mean.
var xrConfigurationRules = []collectors.ConfigurationRule{
	// snmp-server community <secret> RO SystemOwner IPv4 10
	{Line: collectors.MustCompile(`^snmp-server community \S+`), Topic: facts.TopicSNMP, Traits: []string{facts.TraitPlainSNMP}},
	// snmp-server community <secret> RW
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)? RW(?: |$)`), Traits: []string{facts.TraitWrites}},
	// snmp-server community <secret> RO
	{Line: collectors.MustCompile(`^snmp-server community \S+(?: view \S+)?(?: R[OW])?(?: (?:SystemOwner|LROwner))?$`), Traits: []string{facts.TraitUnrestricted}},
	// snmp-server community <secret:…:well-known> RO
	{Line: collectors.MustCompile(`^snmp-server community \S+:well-known>`), Traits: []string{facts.TraitWellKnown}},
	// snmp-server traps snmp linkup
	{Line: collectors.MustCompile(`^snmp-server `), Topic: facts.TopicSNMP},
	// logging 10.1.1.9 vrf default severity info port default
	{Line: collectors.MustCompile(`^logging (?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+|host \S+|\S+ vrf \S+)`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogServer}},
	// logging disable
	{Line: collectors.MustCompile(`^logging disable$`), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogOff}},
	// logging suppress rule HIDE
	{Line: collectors.MustCompile(`^logging suppress `), Topic: facts.TopicLogging, Traits: []string{facts.TraitLogFilter}},
	// logging trap informational
	{Line: collectors.MustCompile(`^logging `), Topic: facts.TopicLogging},
	// ntp / server vrf mgmt 10.1.1.1 key 1
	{Line: collectors.MustCompile(`^ntp / (?:server|peer) `), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeServer}},
	// ntp / authenticate
	{Line: collectors.MustCompile(`^ntp / authenticate$`), Topic: facts.TopicTime, Traits: []string{facts.TraitTimeKey}},
	// ntp
	{Line: collectors.MustCompile(`^ntp\b`), Topic: facts.TopicTime},
	// aaa accounting commands default start-stop group tacacs+
	{Line: collectors.MustCompile(`^aaa accounting commands `), Topic: facts.TopicAAA, Traits: []string{facts.TraitCommands}},
	// aaa accounting exec default start-stop group tacacs+
	{Line: collectors.MustCompile(`^aaa accounting exec `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAccounting}},
	// aaa authorization commands default group tacacs+ none
	{Line: collectors.MustCompile(`^aaa authorization commands `), Topic: facts.TopicAAA, Traits: []string{facts.TraitAuthorization}},
	// tacacs-server host 10.1.1.1 port 49 / key 7 <secret>
	{Line: collectors.MustCompile(`^(?:tacacs|radius)-server host \S+`), Topic: facts.TopicAAA, Traits: []string{facts.TraitAAAServer}},
	// aaa group server tacacs+ T1
	{Line: collectors.MustCompile(`^(?:aaa|tacacs|radius|taskgroup|usergroup)\b`), Topic: facts.TopicAAA},
	// username admin
	{Line: collectors.MustCompile(`^username \S+$`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAccount}},
	// username admin / group root-lr
	{Line: collectors.MustCompile(`^username \S+ / group (?:root-lr|root-system|cisco-support)`), Topic: facts.TopicAccounts, Traits: []string{facts.TraitAdministrator}},
	// username admin / group operator
	{Line: collectors.MustCompile(`^username `), Topic: facts.TopicAccounts},
	// telnet vrf default ipv4 server max-servers 10
	{Line: collectors.MustCompile(`^telnet .*\bserver\b`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// line default / access-class ingress MGMT
	{Line: collectors.MustCompile(`^(?:line \S+|vty-pool .*|ssh server vrf \S+ ipv4) (?:/ )?access-(?:class|list)`), Topic: facts.TopicAccess, Traits: []string{facts.TraitAccessList}},
	// line default / transport input telnet
	{Line: collectors.MustCompile(`^line \S+(?: \S+)? / transport input .*\b(?:telnet|all)\b`), Topic: facts.TopicAccess, Traits: []string{facts.TraitTelnet}},
	// line default
	{Line: collectors.MustCompile(`^(?:line|vty-pool|ssh|telnet)\b`), Topic: facts.TopicAccess},
	// tftp vrf default ipv4 server homedir disk0:
	{Line: collectors.MustCompile(`^tftp .*\bserver\b`), Topic: facts.TopicTransfer, Traits: []string{facts.TraitServesFiles}},
	// tftp client source-interface MgmtEth0/RP0/CPU0/0
	{Line: collectors.MustCompile(`^(?:tftp|ftp)\b`), Topic: facts.TopicTransfer},
	// event manager policy hide.tcl username admin
	{Line: collectors.MustCompile(`^event manager policy-map|^event manager policy \S+`), Topic: facts.TopicScripts, Traits: []string{facts.TraitEventPolicy}},
	// alias exec dir show clock
	{Line: collectors.MustCompile(`^alias (?:exec )?\S+ `), Topic: facts.TopicScripts, Traits: []string{facts.TraitAlias}},
	// event manager directory user policy harddisk:/scripts
	{Line: collectors.MustCompile(`^(?:event|alias)\b`), Topic: facts.TopicScripts},
}

// xrConfigurationQueries ask for the sections of the configuration that say who may do what to the device, what it tells of that and what it runs
// by itself.
var xrConfigurationQueries = []collectors.Query{
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config snmp-server"}, facts.TopicSNMP),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config logging"}, facts.TopicLogging),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config ntp"}, facts.TopicTime),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config aaa"}, facts.TopicAAA),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config tacacs-server"}, facts.TopicAAA),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config username"}, facts.TopicAccounts),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config line"}, facts.TopicAccess),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config ssh"}, facts.TopicAccess),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config telnet"}, facts.TopicAccess),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config tftp"}, facts.TopicTransfer),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config event manager"}, facts.TopicScripts),
	collectors.RunningSection(xrConfigurationRules, []string{"show running-config alias"}, facts.TopicScripts),
}
