// Package sensor reads what network sensors saw: Suricata, Zeek, flow records, and the SNMP traps that a collector prints.
//
// A sensor sees two addresses and does not know which is a device. The one that asked is the client, the one that answered the server, and
// the direction is as the client sees it: "in" when the client fetches a file or is sent one, "out" when it sends one. When the device is
// the server, the directions are the other way round; whoever has the inventory can tell. Records of sensors have no message unless
// the sensor's own words are one: an alert's, a notice's.
//
// [Joiner] knows the columns of tables, whose names come once, at their beginning, and adds up flows: [Volume].
package sensor

import "trueboot/syslog/envelope"

// Fields of sensors beside those that every reader has.
const (
	ClientPort    = "client_port"
	BytesToClient = "bytes_to_client"
	BytesToServer = "bytes_to_server"
	Protocol      = "protocol"      // tcp, udp, in lower case, or a number
	Sampling      = "sampling_rate" // one packet in so many was counted
	Uptime        = "uptime"        // of an SNMP agent, in hundredths of a second
)

// Directions, as the client sees them.
const (
	in  = "in"
	out = "out"
)

// Formats are the formats of this package, in the order in which they are to be tried. Every flow and every row is read: what it adds up
// to no single one says.
var Formats = []envelope.Format{
	{Name: "eve", Marks: []string{`"event_type":"flow"`, `"event_type": "flow"`}, Carries: true, Read: readEVE},
	{Name: "eve", Marks: []string{`"event_type"`}, Read: readEVE},
	{Name: "zeek-syslog", Marks: []string{`"facility":"`}, Nested: true, Read: readZeekSyslog},
	{Name: "zeek", Marks: []string{`"conn_state"`}, Carries: true, Read: readZeek},
	{Name: "zeek", Marks: []string{`{"ts":`, `"uid"`, `"fuid"`, `"note"`, `"software_type"`, `\"uid\"`, `\"fuid\"`, `\"note\"`}, Read: readZeek},
	{Name: "zeek-tsv", Marks: []string{"\tC", "\tF", "#fields\t", "#path\t", "#separator ", "#open\t", "#close\t", "#types\t", "_separator\t", "#unset_field\t", "#empty_field\t"}, Carries: true, Read: readTSV},
	{Name: "goflow2", Marks: []string{`"sampler_address"`, `"SamplerAddress"`}, Carries: true, Read: readGoflow},
	{Name: "nfdump", Marks: []string{`4_addr"`, `6_addr"`, ",UDP,", ",TCP,", ",17,", ",6,", "ts,te,td,sa,da", "firstSeen,"}, Carries: true, Read: readNfdump},
	{Name: "snmptrap", Marks: []string{"snmpTrapOID", ".3.6.1.6.3.1.1.4.1.0", " TRAP, SNMP v", " TRAP2, SNMP v", "[UDP: ["}, Carries: true, Read: readTrap},
}
