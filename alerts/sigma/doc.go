// Package sigma reads rules in Sigma's YAML and tells which of them a record meets.
//
// It is the subset of Sigma's specification that the rules for network devices need; whatever else a rule holds is refused when it is
// loaded, with file and line, and never ignored. A rule of this program is a Sigma rule with a section of its own:
//
//	title: Reload was requested
//	id: cisco-ios-reload
//	status: stable
//	description: Somebody reloaded the device from its command line.
//	references: [https://attack.mitre.org/techniques/T1601/]
//	logsource: {product: cisco, service: syslog}
//	tags: [attack.t1601.002]
//	detection:
//	  selection:
//	    facility: SYS
//	    name: RELOAD
//	  condition: selection
//	falsepositives: [planned maintenance]
//	level: medium
//	trueboot:
//	  stage: reload
//	  sub: requested
//	  weight: medium
//	  extract:
//	    - {field: user, from: message, re: 'requested by (\S+) on'}
//	    - {field: direction, value: in}
//	    - {field: file, from: command_source}
//	  tests:
//	    positive: ["%SYS-5-RELOAD: Reload requested by admin on console. Reload Reason: Reload Command."]
//	    negative: ["%SYS-5-SCHEDULED_RELOAD_CANCELLED: Scheduled reload cancelled at 18:03:50 UTC"]
//
// Fields are those of package alerts. Detections hold selections (a mapping, or a list of them), or lists of keywords, which are looked for
// in the message. Values match whatever their case; * and ? stand for any text and any character. The modifiers are contains, startswith,
// endswith, re, cidr, all, exists and cased. Conditions have and, or, not, parentheses, "1 of name*", "all of name*", "1 of them".
// Correlations of the types event_count and value_count are read too ([Correlation]):
// each count that is reached is an alert of its own ([Counters]).
package sigma
