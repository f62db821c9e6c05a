package emulator

// A Mode is a way to misbehave. The zero Mode is a device that does what it should.
//
// A connection that misbehaves ends when the client goes away or the server is closed.
type Mode string

// Before the login.
const (
	CloseAtOnce        Mode = "close at once"        // takes the TCP connection and closes it
	SilentFromStart    Mode = "silent from start"    // takes it and never says a byte
	SilentInHandshake  Mode = "silent in handshake"  // says its SSH version and nothing after that
	EndlessBanner      Mode = "endless banner"       // sends banners before the login without end
	SilentInLogin      Mode = "silent in login"      // never decides about the password
	RefuseLogin        Mode = "refuse login"         // whatever the password or key
	UnexpectedQuestion Mode = "unexpected question"  // keyboard-interactive asks something else than the password
	EndlessQuestions   Mode = "endless questions"    // keyboard-interactive asks for the password again and again
	RefuseEnable       Mode = "refuse enable"        // asks for the enable secret and denies access whatever it is
	EchoSecret         Mode = "echo secret"          // shows the enable secret while it is typed
	SilentAfterLogin   Mode = "silent after login"   // opens no shell and does not refuse one
	EndlessGreeting    Mode = "endless greeting"     // prints on and on before the first prompt
	NoPrompt           Mode = "no prompt"            // opens the shell and never shows a prompt
	NoEcho             Mode = "no echo"              // does not echo what is typed
	SlowEcho           Mode = "slow echo"            // echoes one character after the other
	LogBeforeEcho      Mode = "log before echo"      // prints a log message between the prompt and the echo, and every second time the prompt again
	PagerStays         Mode = "pager stays"          // the pager can't be turned off
	PromptCounts       Mode = "prompt counts"        // each prompt has another number in it
	PromptChanges      Mode = "prompt changes"       // after the reply the device has another name
	PromptStateChanges Mode = "prompt state changes" // the state that the platform's prompt shows is another one each time
	EndlessReply       Mode = "endless reply"        // the reply goes on and on
	LongLine           Mode = "long line"            // the reply is one line of 10 MB
	ControlBytes       Mode = "control bytes"        // NUL, BEL and escape sequences in the reply
	CutReply           Mode = "cut reply"            // the connection ends in the middle of the reply
	PromptInReply      Mode = "prompt in reply"      // the reply holds the prompt on a line of its own, and files named like a prompt and a command
	LogMessages        Mode = "log messages"         // the terminal monitor prints between the lines of the reply
	Dribble            Mode = "dribble"              // the reply comes one byte at a time
	GarbageAfterPrompt Mode = "garbage after prompt" // more text when the prompt is there already and the next key is pressed
	EchoesAhead        Mode = "echoes ahead"         // the prompt stands in the reply, and what is typed at it is echoed while the rest still comes
	NoExitStatus       Mode = "no exit status"       // a channel is closed without the exit status of what ran in it
	SlowDots           Mode = "slow dots"            // a dot now and then, and never a reply
)

// Modes lists all ways to misbehave.
func Modes() []Mode {
	return []Mode{
		CloseAtOnce, SilentFromStart, SilentInHandshake, EndlessBanner, SilentInLogin, RefuseLogin, UnexpectedQuestion,
		EndlessQuestions, RefuseEnable, EchoSecret, SilentAfterLogin, EndlessGreeting, NoPrompt, NoEcho, SlowEcho, LogBeforeEcho,
		PagerStays, PromptCounts, PromptChanges, PromptStateChanges, EndlessReply, LongLine, ControlBytes, CutReply, PromptInReply,
		LogMessages, Dribble, GarbageAfterPrompt, EchoesAhead, NoExitStatus, SlowDots,
	}
}
