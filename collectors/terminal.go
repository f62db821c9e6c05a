package collectors

import (
	"regexp"

	"trueboot/facts"
)

// A Terminal says how the platform's command line behaves.
//
// The patterns meet a line as a person sees it: carriage returns, backspaces and escape sequences have had their effect,
// NUL and BEL are gone, and so are trailing blanks.
type Terminal struct {
	// Prompt matches the last line when the device waits for a command. The session learns the exact prompt after login
	// and then accepts only that. Where a part of it may change during a visit, a group with the name "state" marks
	// that part:
	//
	//	^[\w.-]+@[\w.-]+(?P<state>\((?:active|passive)\))?>$
	Prompt *regexp.Regexp
	// Above matches a line that the device prints above its prompt, such as Junos' {master:0}; it belongs to no reply.
	// Nil where there is none.
	Above *regexp.Regexp
	// Greeting are the questions that may come between the login and the first prompt.
	Greeting []Question
	// Privileged matches a prompt that has the rights to run every query; nil where the
	// platform has no such distinction.
	Privileged *regexp.Regexp
	// Enable is the command that asks for those rights; Password the question that follows. It is sent first.
	Enable   string
	Password *regexp.Regexp
	// Prepare is sent next: paging off, wide lines. A refusal is not an error, and what is printed is not looked at.
	Prepare []string
	// Scopes are entered after that, in order.
	Scopes []Scope
	// Pager matches the prompt of a pager that stays on in spite of Prepare, and Continue is what
	// is typed to go on. What is left of it in a reply is not in Reply.Lines.
	Pager    *regexp.Regexp
	Continue string
	// Unasked matches lines that the device prints at its prompt on its own account, such as VRP's late answer to a
	// preparing command. Any other line that nobody asked for ends the session. Cisco's log messages need no pattern.
	Unasked *regexp.Regexp
	// Leave ends the session politely, and Farewell are the questions that may follow it.
	Leave    string
	Farewell []Question
	// Exec means that each command runs in an SSH channel of its own (RFC 4254, section 6.5), without prompt, echo and
	// pager. Then only Refusals counts of the other fields. The reply is what came on standard output and, behind that,
	// on standard error.
	Exec bool
	// Refusals class the device's error replies (vendors.md, section 1.2). Each is
	// tried against the first lines of a reply.
	Refusals []Refusal
}

// A Question is what a device asks by itself, and the fixed text that it gets.
type Question struct {
	// Pattern matches the last line, the one that has no end yet.
	Pattern *regexp.Regexp
	// Answer is typed as it is; "\n" in it is Return. The guard knows which answers there are.
	Answer string
}

// A Scope is a part of the command line that has to be entered before the queries can be asked, such as FortiOS' global
// one. Entering it changes nothing but what this session sees.
type Scope struct {
	// From matches the prompts from which it is entered. At any other one nothing is typed.
	From *regexp.Regexp
	// Enter is typed there. Where the prompt stays the same the device does not have the scope, which is no error.
	Enter string
	// Leave goes back, before Terminal.Leave, and only from a scope that was entered; empty where that is not needed.
	Leave string
}

// A Refusal is one form of a device's error reply.
type Refusal struct {
	Pattern *Pattern
	Reason  facts.Reason // UnsupportedCommand, NoPrivilege, or Timeout for a state that may pass
}
