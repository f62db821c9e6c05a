// Package collectors knows what to ask a network device and how to read its
// replies. It opens no connection: a [Session] brings the bytes, from a live device
// or from a saved capture, and nothing here can tell the difference.
//
// A [Platform] is data with small pure functions: how its terminal behaves, which
// commands it may be sent ([Query]), how each reply is read, how its versions are
// ordered. Vendors' folders hold one file a platform; collectors/platforms lists them.
//
// [Collect] asks a platform's questions and yields a facts.Set. What was refused, cut
// short or not understood becomes a gap in the set; nothing is left out in silence.
//
// Which commands may be typed at all is decided in one place, readonly.go: only the
// guard there makes a [Command], and a session accepts nothing else.
package collectors

import (
	"context"
	"time"

	"trueboot/facts"
)

// A Transport is a way to talk to a device. A platform lists its queries for each.
type Transport string

// The transports. A fact's tier follows from them unless its query says otherwise.
const (
	CLI     Transport = "cli"     // tier E0
	NETCONF Transport = "netconf" // tier E1
)

// A Session is a read-only conversation with one device. A live login, a saved
// capture and the recorder that makes captures implement it. One command is in flight at
// a time; a Session is not safe for concurrent use.
type Session interface {
	// Transport says which of a platform's queries the session understands.
	Transport() Transport
	// Run sends one command and returns the whole reply, without the echoed command and
	// the prompt that follows it. With an error, the reply holds what came before it; the error is a
	// *Failure where the session knows the reason.
	Run(ctx context.Context, c Command) (Reply, error)
	// Settle says that no more commands follow, and finds out whether the last reply was whole: a later command would
	// have shown that. Its error is a *Failure with facts.ParseIncomplete where more came after what was taken for the end.
	Settle(ctx context.Context) error
	// Nonce returns 32 lower-case hexadecimal digits: random and new for a live session, the
	// recorded ones for a capture.
	Nonce() string
	// Facts returns what the connection itself taught, such as the host key.
	Facts() []facts.Fact
}

// A Reply is what a device printed for one command.
type Reply struct {
	Command string
	Text    string // as received
	Time    time.Time
	Elapsed time.Duration
}

// A Failure is an error of a session with the reason that a report prints.
type Failure struct {
	Reason facts.Reason
	Err    error
}

// Error may repeat a device's words, but no password in a URL of theirs.
func (f *Failure) Error() string { return facts.WithoutPasswords(f.Err.Error()) }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// A Platform is all that this program knows about one network operating system.
type Platform struct {
	Name    string   // the token in inventory, captures, reports and flags: "cisco_ios"
	Title   string   // for people: "Cisco IOS and IOS XE"
	Aliases []string // other tools' names for it, lower case: "cisco.ios.ios", "cisco_xe"
	// Looks matches a line that only this platform prints when it is asked for its version, so that a
	// wrong platform in the inventory can be told from a changed device.
	Looks    *Pattern
	Terminal Terminal
	Queries  map[Transport][]Query
	// HasNone holds the kinds of fact that no release of this platform can state, each with the reason for a person:
	// "the command line computes no digest of a file". They become gaps, so that silence about them has a name.
	HasNone map[facts.Kind]string
	// Files says how a file is fetched; nil where the platform serves none that can boot.
	Files *FileServer
	// Order orders two versions of this platform.
	Order facts.VersionOrder
	// VersionInName reads a version out of an image's file name, in the spelling of the
	// running version. It returns false for a name that holds none.
	VersionInName func(path string) (string, bool)
}

// A FileServer says how a platform's files are fetched over SSH, to be hashed elsewhere (NDI-ST-03).
type FileServer struct {
	// Enable is the line of the configuration that makes the device serve files. It is shown to people and never sent. Empty where
	// none is known.
	Enable string
	// Path spells a file as the server names it; nil where that is how the device prints it.
	Path func(file string) string
}

// Name is a file as the server names it.
func (s *FileServer) Name(file string) string {
	if s.Path == nil {
		return file
	}
	return s.Path(file)
}

// A Query is one question: the command, whom to ask it about, how to read the
// answer.
//
// A command may hold one placeholder in braces, such as {file} or {filesystem}, for an
// argument that an earlier reply named, and {nonce} or {number} for the session's nonce.
type Query struct {
	// Commands are spellings of one question in the order to try: the first that the
	// device does not class as unsupported is its answer.
	Commands []string
	// Each yields the arguments for the placeholder from what is known so far; the query is asked
	// once for each. It returns nil where nothing to ask about is known, which is a gap, and an empty slice
	// where earlier replies left nothing to ask. The field is nil where there is no placeholder.
	Each func(facts.Set) []string
	// Unless returns why the device at hand can't have what the query asks for, and "" where it
	// can or where that is not known. Then nothing is sent, and the gap says platform-has-none.
	Unless func(facts.Set) string
	// Yields lists the kinds that a full answer may hold. A gap carries them, so that a rule can tell
	// why a fact is missing.
	Yields []facts.Kind
	// Read takes the reply apart. It sets Kind, Subject, Value and Line of each fact; Collect
	// adds the rest. An error says what was not understood; the facts beside it still count.
	Read func(Reply) ([]facts.Fact, error)
	// Hash marks a query that makes the device read a whole file.
	Hash bool
	// Tier is set where it differs from the transport's own.
	Tier facts.Tier
}

// Limits on a reply in time. Any byte resets the idle limit: a verify that prints
// dots for ten minutes is alive.
const (
	idleLimit  = 30 * time.Second
	totalLimit = 5 * time.Minute

	// vendors.md, section 7: a hash of 70 to 130 MB takes a slow router minutes, and some
	// releases print nothing until it is done.
	hashIdleLimit  = 10 * time.Minute
	hashTotalLimit = 45 * time.Minute
)
