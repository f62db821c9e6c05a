package session

import (
	"cmp"
	"time"
)

// Limits bound what a device may cost in time and memory. A zero field stands for the default.
type Limits struct {
	Connect   time.Duration // until the TCP connection stands; 10 s
	Handshake time.Duration // from there until the device has decided about the login; 30 s
	Login     time.Duration // from the shell's start until its prompt is known; 30 s
	Echo      time.Duration // until a typed command is echoed; 5 s
	Prompt    time.Duration // until an empty line brings the prompt again; 15 s
	Quiet     time.Duration // silence after which a line that looks like a prompt is taken for one; 30 ms
	Keepalive time.Duration // silence after which the SSH layer is asked for a sign of life; 30 s

	// Idle and Total, where set, shorten the limits that come with each command.
	Idle, Total time.Duration

	ReplyBytes   int // of one reply; 8 MiB
	ReplyLines   int // of one reply; 200,000
	LineBytes    int // of one line; 4 MiB, as some devices print JSON without line ends
	SessionBytes int // of all that one session prints; 256 MiB
}

func (l Limits) withDefaults() Limits {
	l.Connect = cmp.Or(l.Connect, 10*time.Second)
	l.Handshake = cmp.Or(l.Handshake, 30*time.Second)
	l.Login = cmp.Or(l.Login, 30*time.Second)
	l.Echo = cmp.Or(l.Echo, 5*time.Second)
	l.Prompt = cmp.Or(l.Prompt, 15*time.Second)
	l.Quiet = cmp.Or(l.Quiet, 30*time.Millisecond)
	l.Keepalive = cmp.Or(l.Keepalive, 30*time.Second)
	l.ReplyBytes = cmp.Or(l.ReplyBytes, 8<<20)
	l.ReplyLines = cmp.Or(l.ReplyLines, 200_000)
	l.LineBytes = cmp.Or(l.LineBytes, 4<<20)
	l.SessionBytes = cmp.Or(l.SessionBytes, 256<<20)
	return l
}

// shorter returns the smaller of two limits; a zero second one is no limit.
func shorter(limit, bound time.Duration) time.Duration {
	if bound > 0 {
		return min(limit, bound)
	}
	return limit
}
