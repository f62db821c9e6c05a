package receive

import (
	"net/netip"
	"sync/atomic"
	"time"
)

// A Message is one line as it arrived.
type Message struct {
	Source string     // "udp://0.0.0.0:514", or the path of a file
	Number int        // of the source, from 1
	Peer   netip.Addr // invalid for a file
	At     time.Time
	Text   string
	Cut    bool // it was longer than MaxMessage
}

// MaxMessage is the length to which a message is cut, in bytes. RFC 5425 wants 8 KiB taken; real ones stay below that.
const MaxMessage = 64 << 10

// Counters say what was received and what was not. They may be read at any time.
type Counters struct {
	Received    atomic.Uint64
	Dropped     atomic.Uint64 // there was no room in the queue
	Cut         atomic.Uint64
	Framing     atomic.Uint64 // connections that were ended for counts that lie, or frames that stopped in the middle
	Handshakes  atomic.Uint64 // of TLS that failed
	Refused     atomic.Uint64 // connections beyond the limits
	Connections atomic.Int64  // open now
	Errors      atomic.Uint64
}

// A Queue holds what was received until it is dealt with.
type Queue struct {
	messages chan Message
	Counters Counters
}

// NewQueue makes a queue with room for so many messages.
func NewQueue(room int) *Queue { return &Queue{messages: make(chan Message, room)} }

// Messages are the messages, in order of each source.
func (q *Queue) Messages() <-chan Message { return q.messages }

// offer puts a message in, or drops it when there is no room: a socket can't wait.
func (q *Queue) offer(m Message) {
	q.Counters.Received.Add(1)
	if m.Cut {
		q.Counters.Cut.Add(1)
	}
	select {
	case q.messages <- m:
	default:
		q.Counters.Dropped.Add(1)
	}
}
