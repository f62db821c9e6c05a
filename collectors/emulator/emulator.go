// Package emulator is a network device made of a transcript: an SSH server on
// loopback that asks for a password, shows a prompt, echoes what is typed, pages its
// output and answers each command with the reply that was recorded for it. Tests, the
// demonstration and the benchmarks log in to it as to a real device.
//
// It can also misbehave: each [Mode] is one way in which a broken or hostile device
// tries a client's patience.
//
// What a platform's command line looks like is data (dialect.go); what the device says
// is the transcript's. The emulator knows neither queries nor facts.
package emulator

import (
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors/capture"
)

// A Device says what to emulate. Hostname, Transcript and one way to log in are enough.
type Device struct {
	Hostname   string              // in the prompt; empty stands for the transcript's device
	Transcript *capture.Transcript // what it answers; not changed and not copied
	Banner     string              // before the login
	MOTD       string              // after the login, before the first prompt

	Username       string          // who may log in; empty for anybody with the right password or key
	Password       string          // empty for none
	AuthorizedKeys []ssh.PublicKey // who may log in by public key
	// KeyboardInteractive offers that method for the password too, and NoPasswordMethod
	// withdraws the method that is called "password" (RFC 4252, section 8).
	KeyboardInteractive, NoPasswordMethod bool

	Greets bool // asks what its platform may ask at login, such as whether to change the password
	Scoped bool // has several contexts or VDOMs: most commands are known in a scope that has to be entered

	StartPrivileged bool   // lands at "name#"; otherwise at "name>", where not every command is known
	EnableSecret    string // what "enable" asks for; empty: no password is set, and enable is refused

	HostKey ssh.Signer              // generated (Ed25519) when nil
	Config  func(*ssh.ServerConfig) // last word on the server: algorithms, more host keys; may be nil

	// Delay passes before each reply; VerifyDelay in addition to it in that of a "verify",
	// while the dots of the recorded reply appear one after the other.
	Delay, VerifyDelay time.Duration

	Mode        Mode   // how it misbehaves
	ModeCommand string // the one command whose reply Mode spoils; empty for all that the transcript answers

	// Served are the contents of the files that it sends over SCP, by path; nil: it serves none.
	Served map[string]string

	// AllowForwarding makes it a jump host: direct-tcpip to addresses on loopback.
	AllowForwarding bool
}
