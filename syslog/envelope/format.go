// Package envelope reads what is around a message: the PRI, the header of RFC 5424 or of BSD syslog in all the shapes that devices give
// it, the stamp and how far its clock can be trusted, and the names that the text gives its sender.
package envelope

import "trueboot/alerts"

// MaxLine is the length, in bytes, to which a message is cut. The longest real ones, ISE's and FortiOS', stay below 8 KiB.
const MaxLine = 64 << 10

// A Format is a shape of messages that one reader knows.
type Format struct {
	Name string
	// Marks are texts of which each message of the format has at least one, in exactly this spelling: "%ASA-", "CEF:", "in.tftpd[".
	// They tell cheaply that the format is not meant.
	Marks []string
	// Carries means that what a rule looks for need not stand in the line as the rule spells it, since the format takes a command apart
	// or a person abbreviated it; or that a [Joiner] needs the line to know what another one means, such as the refusal of a request.
	// Such lines are read even when no rule's literal is in them.
	Carries bool
	// Read adds what the format states to a record whose envelope has been read, and tells whether the message is of this format. If it
	// is not, the record is left as it was. The text is what stands behind the envelope, and may be the whole line.
	Read func(text string, r *alerts.Record) bool
	// Nested means that the field [alerts.Message] that Read sets is itself a line as a sender wrote it, header and all: a row of a table
	// that holds syslog. It is to be parsed in its turn, once, and its record put in place of this one with [Within].
	Nested bool
}
