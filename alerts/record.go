// Package alerts says what a line of a log means for the image of a network device.
//
// A feed hands over lines. The readers in syslog take each apart into a [Record]: who sent it, when, and the fields that the
// format states. Rules (alerts/sigma reads them, alerts/rules holds the built-in ones) turn a record into an [Event]: a stage of
// an image change, such as a transfer, a boot change or a reload. Chains (alerts/chain) join the events of one device into an
// [Alert], with a score whose arithmetic can be read.
//
//	line ─► Record ─► Event ─► Alert ─► (a visit of the device)
//
// This package holds those three and nothing else. It knows no socket, no file and no vendor's format.
package alerts

import (
	"net/netip"
	"slices"
	"time"
)

// A SourceKind is the kind of feed that a line came from.
type SourceKind string

const (
	Syslog     SourceKind = "syslog"     // a device's own messages, CEF aside
	CEF        SourceKind = "cef"        // ArcSight's Common Event Format
	Accounting SourceKind = "accounting" // TACACS+ and RADIUS servers, and devices that account to syslog
	Transfer   SourceKind = "transfer"   // TFTP, FTP and SFTP servers
	Sensor     SourceKind = "sensor"     // Suricata, Zeek, flow records
	Host       SourceKind = "host"       // process events of management hosts
	Table      SourceKind = "table"      // rows of Sentinel's tables that are none of the above
)

// A Clock says how far the time of a record can be trusted.
type Clock string

const (
	ClockGood    Clock = ""        // a date and a time, in or without a zone
	ClockUnset   Clock = "unset"   // Cisco's "*": never set
	ClockLost    Clock = "lost"    // Cisco's ".": was set, has lost its server
	ClockUptime  Clock = "uptime"  // the stamp counts from the boot
	ClockMissing Clock = "missing" // no stamp at all
	ClockWrong   Clock = "wrong"   // further from its arrival than any delay explains
)

// An Origin is where a line was read: a file, "-" for standard input, or a listener such as "udp://0.0.0.0:514".
type Origin struct {
	Source string
	Line   int // from 1; in a receiver, the number of the message
}

// Names of fields, as rules spell them. A reader sets those that its format states, and no others; it never invents one. Text is as the
// device sent it, without the quotation marks and the <cr> that the format puts around it.
const (
	Message  = "message"  // the text behind the header, and behind the mnemonic if there is one
	Mnemonic = "mnemonic" // facility, severity and name as printed: SYS-5-RELOAD, ASA-5-111010, INFRA-INSTALL-6-ACTION_BEGIN
	Facility = "facility" // of the mnemonic: SYS, ASA, INFRA-INSTALL; without the suffix of a redundancy unit
	Name     = "name"     // of the mnemonic: RELOAD, ACTION_BEGIN; Junos' tag: UI_COMMIT
	EventID  = "event_id" // a number, or what stands for one: ASA 111010, FortiOS 0100032138, AOS-CX 4401, BIG-IP 01420002, the class of CEF
	Unit     = "unit"     // slot, member or redundancy suffix: "Switch 1 R0/0", RP/0/RP0/CPU0, STANDBY, SW1
	Process  = "process"  // program or process: install_engine, mgd, in.tftpd
	PID      = "pid"

	SyslogFacility = "syslog_facility" // local7, daemon, …; from the PRI alone
	SyslogSeverity = "syslog_severity" // 0 to 7, from the PRI; the mnemonic's digit has no say
	Vendor         = "vendor"          // as the text states it (CEF's DeviceVendor)
	Product        = "product"
	Type           = "type"     // of a typed log: PAN-OS "SYSTEM", FortiOS "event", EVE "tftp"
	Subtype        = "subtype"  // "general", "system"
	Activity       = "activity" // CEF's name
	Result         = "result"   // success, failure, refused, incomplete: as printed

	User      = "user"
	Terminal  = "terminal"  // vty0, console, ssh
	Address   = "address"   // of the user: where somebody sat
	Client    = "client"    // the address that a server served, or that a sensor saw ask
	Server    = "server"    // the address that a device fetched from or sent to
	Port      = "port"      // of the server
	Privilege = "privilege" // 0 to 15
	Command   = "command"   // as typed, whole
	File      = "file"      // as printed, with its path
	Size      = "size"      // bytes
	Digest    = "digest"    // algorithm:hex, lower case
	Direction = "direction" // "in": towards the device; "out": from it; "write" of a server's log is out
	Version   = "version"   // a version that the line states as the running or the new one
	Old       = "old_version"
	Reason    = "reason" // of a reload

	Executable = "executable" // of a process event, with its path
	Parent     = "parent"     // command line or executable of its parent
	Action     = "action"     // of a process event: exec, create, listen, connect

	// What command analysis adds to a record that has a command (alerts/command).
	CommandLine        = "command_line" // lower case, abbreviations spelled out, options and filters gone: "no boot system flash:a.bin"
	CommandSource      = "command_source"
	CommandDestination = "command_destination"
	Image              = "image" // "yes" or "no": whether the file bears the name of an image; of every record with a file
)

// A Field is one named value of a record.
type Field struct{ Name, Value string }

// Fields are the fields of a record; a name may come more than once, and order is that of the line.
type Fields []Field

// Get is the first value of a name, or "".
func (f Fields) Get(name string) string {
	for i := range f {
		if f[i].Name == name {
			return f[i].Value
		}
	}
	return ""
}

// Has reports whether a field of that name is there, even an empty one.
func (f Fields) Has(name string) bool {
	return slices.ContainsFunc(f, func(have Field) bool { return have.Name == name })
}

// Add appends a field unless its value is empty.
func (f *Fields) Add(name, value string) {
	if value != "" {
		*f = append(*f, Field{name, value})
	}
}

// A Record is one message of a feed, taken apart. Nothing in it is a judgement, and everything in it may be forged.
type Record struct {
	Origin   Origin
	Kind     SourceKind
	Format   string    // of the reader that took it apart: "cisco", "junos", "tftpd-hpa"; "" when none knew it
	Received time.Time // when it arrived here; for a file, when it was read
	Time     time.Time // as the sender states it; zero when it states none
	Clock    Clock
	Sequence uint64     // Cisco's message number; 0 when there is none
	Peer     netip.Addr // who delivered it; invalid for a file
	Hosts    []string   // what the text calls its sender, the best first: CEF dvc, RFC 5424 hostname, origin-id
	Platform string     // the platform token that the format gives away (cisco_nxos), "" when it could be several
	Raw      string     // the message as it came, bounded
	Repeated int        // "message repeated N times": so many more of the message before
	Cut      bool       // it was longer than the bound
	Fields   Fields
}

// When is the time to reckon with: the sender's while its clock is good, or was until it lost its server; that of arrival else.
func (r *Record) When() time.Time {
	if r.Time.IsZero() || r.Clock != ClockGood && r.Clock != ClockLost {
		return r.Received
	}
	return r.Time
}
