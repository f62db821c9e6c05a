// Package facts holds what a network device can state about itself, in words
// that no vendor owns.
//
// A visit to a device yields a [Set]: facts, each with the command and the line
// of the reply that it was read from, and gaps, each a question that got no
// usable answer. Everything after the collectors (baseline, comparison, history,
// reports) works on sets alone, so a set is plain data: it can be stored, sent to
// another machine and judged again later.
//
// The package knows no device, no network and no file; it imports the standard
// library only.
package facts

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// A Fact is one statement by a device.
//
// Its JSON form is a public interface: exactly these names, one fact a line.
type Fact struct {
	Kind    Kind   `json:"kind"`
	Subject string `json:"subject"` // component, package, file or position; empty for the device as a whole
	Value   string `json:"value"`   // in the form that the kind's comment fixes
	Command string `json:"command"` // the command whose reply holds it
	Line    int    `json:"line"`    // where in that reply, from 1; 0 when the fact is not from a reply (a host key)
	Tier    Tier   `json:"tier"`
	// Origin is set where the device was not asked again, since nothing moved: the earlier run whose reply holds the fact, and when that was, as
	// NewOrigin writes it.
	Origin string `json:"origin,omitempty"`
}

// NewOrigin names an earlier run and its time: "run 12 of 2026-11-20T02:15:00Z".
func NewOrigin(run string, at time.Time) string {
	return "run " + run + " of " + at.UTC().Format(time.RFC3339)
}

// OriginTime is when the reply came that holds a fact of an earlier run; false for a fact of this one.
func (f Fact) OriginTime() (time.Time, bool) {
	_, text, ok := strings.Cut(f.Origin, " of ")
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}

// OfSecondChannel reports whether the fact came over NETCONF: its command is then an operation, an XML element.
func (f Fact) OfSecondChannel() bool { return strings.HasPrefix(f.Command, "<") }

// OfSecondChannel reports whether it was NETCONF that was asked.
func (g Gap) OfSecondChannel() bool { return strings.HasPrefix(g.Command, "<") }

// A Gap is a question without a usable answer. It is never agreement: a rule that
// needs one of its kinds turns it into NOT-ASSESSED with this reason.
type Gap struct {
	Command string `json:"command"`
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail,omitempty"`  // for a person: the device's own words or what was expected; hostile text, to be escaped
	Subject string `json:"subject,omitempty"` // what the command asked about: a file, a file system; empty for the device
	Kinds   []Kind `json:"kinds,omitempty"`   // the kinds that a full answer would have held
}

// A Tier says how hard a statement is to forge (ndi.md, section 2.2).
type Tier string

// The evidence tiers, weakest first; EX stands beside the order.
const (
	E0 Tier = "E0" // the examined system describes itself on its command line
	E1 Tier = "E1" // the same system over another code path: NETCONF, SNMP, the SSH host key
	E2 Tier = "E2" // bytes pulled off the device and hashed by the collector
	E3 Tier = "E3" // a signature over our nonce by a hardware anchor
	E4 Tier = "E4" // out of band: console capture, memory dump, flash reader
	EX Tier = "EX" // an independent record: collector syslog, accounting, a ticket
)

// A Reason says why something was not assessed. Reports and suppressions spell
// it, so a reason is never renamed.
type Reason string

// Reasons from ndi.md, section 2.3.
const (
	UnsupportedCommand Reason = "unsupported-command" // the device does not know the command
	NoPrivilege        Reason = "no-privilege"        // the account may not run it
	NoBaseline         Reason = "no-baseline"         // nothing was approved to compare with
	ParseIncomplete    Reason = "parse-incomplete"    // the reply was cut, contradicts itself or was not understood
	Timeout            Reason = "timeout"             // no whole reply within the limit
	IntrusiveWithheld  Reason = "intrusive-withheld"  // would need a reload, a configuration change or a dump
	WouldModify        Reason = "would-modify"        // would change the device
	NotComparable      Reason = "not-comparable"      // no order between the two values is known
	PlatformHasNone    Reason = "platform-has-none"   // this platform has nothing of the kind
	Stale              Reason = "stale"               // the evidence is too old
)

// Reasons that the catalogue does not name and a sweep needs.
const (
	Unreachable     Reason = "unreachable"        // no session: the dial, the banner or the handshake ended without one
	NoCredentials   Reason = "no-credentials"     // what the inventory refers to could not be had; nobody logged in
	LoginRefused    Reason = "login-refused"      // the device did not accept the credentials
	HostKeyChanged  Reason = "host-key-changed"   // the host key is not the known one; nobody logged in
	HostKeyUnknown  Reason = "host-key-unknown"   // the host key was never seen, and new ones are not trusted; nobody logged in
	SessionLost     Reason = "session-lost"       // the connection ended before the answer was whole
	ReplyTooLarge   Reason = "reply-too-large"    // bytes, lines or a line's length passed the cap
	UnsafeArgument  Reason = "unsafe-argument"    // the device named a file that must not be typed back to it
	NotCollected    Reason = "not-collected"      // a capture that does not hold this command
	NothingToAskFor Reason = "nothing-to-ask-for" // no earlier reply named a file or component to ask about
)

// A Set is all that one visit taught.
type Set struct {
	Device   string    `json:"device"`
	Platform string    `json:"platform"`
	Time     time.Time `json:"time"` // when the visit began, UTC
	Facts    []Fact    `json:"facts"`
	Gaps     []Gap     `json:"gaps,omitempty"`
	Answers  []Answer  `json:"answers,omitempty"`
}

// An Answer records that a command was sent and what came back, whether or not it
// held facts: "no boot line configured" is an answer, "not asked" is not.
type Answer struct {
	Command string        `json:"command"`
	Time    time.Time     `json:"time"` // when the command was sent, UTC
	Elapsed time.Duration `json:"elapsed"`
	Bytes   int           `json:"bytes"`
	Lines   int           `json:"lines"`
	SHA256  string        `json:"sha256"`           // hex, of the reply as received
	Reason  Reason        `json:"reason,omitempty"` // why it was not usable; empty when it was

	// Asked is the command with {nonce} where the visit's nonce stands; empty where it has none.
	Asked string `json:"asked,omitempty"`
}

// Question returns what was asked, in words that are the same at every visit.
func (a Answer) Question() string {
	if a.Asked != "" {
		return a.Asked
	}
	return a.Command
}

// Answer returns the record of a command that was sent.
func (s Set) Answer(command string) (Answer, bool) {
	for _, a := range s.Answers {
		if a.Command == command {
			return a, true
		}
	}
	return Answer{}, false
}

// All yields the facts of one kind in the order in which they were read.
func (s Set) All(kind Kind) iter.Seq[Fact] {
	return func(yield func(Fact) bool) {
		for _, f := range s.Facts {
			if f.Kind == kind && !yield(f) {
				return
			}
		}
	}
}

// Find returns the first fact of the kind about the subject.
func (s Set) Find(kind Kind, subject string) (Fact, bool) {
	for f := range s.All(kind) {
		if f.Subject == subject {
			return f, true
		}
	}
	return Fact{}, false
}

// Value returns the value of the kind's fact about the device as a whole, and ""
// where the device stated none.
func (s Set) Value(kind Kind) string {
	f, _ := s.Find(kind, "")
	return f.Value
}

// Has reports whether any fact of the kind was read.
func (s Set) Has(kind Kind) bool {
	for range s.All(kind) {
		return true
	}
	return false
}

// Gap returns the gap that best explains why a fact of this kind about the subject
// is missing: one about the very subject before one about the device, and a question that went wrong before
// one that this device has no answer to.
func (s Set) Gap(kind Kind, subject string) (Gap, bool) {
	best, rank := Gap{}, 0
	for _, g := range s.Gaps {
		if !slices.Contains(g.Kinds, kind) || g.Subject != "" && g.Subject != subject {
			continue
		}
		r := 1
		if g.Reason != PlatformHasNone {
			r += 1
		}
		if g.Subject == subject {
			r += 2
		}
		if r > rank {
			best, rank = g, r
		}
	}
	return best, rank > 0
}

// Compare orders facts by kind, subject, value and command, for stable output.
func Compare(a, b Fact) int {
	for _, c := range []int{
		strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.Value, b.Value),
		strings.Compare(a.Command, b.Command),
	} {
		if c != 0 {
			return c
		}
	}
	return a.Line - b.Line
}
