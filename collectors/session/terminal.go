package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// A terminal is the device's command line at the other end of a connection, used in lockstep: something is
// typed, and then what the device does about it is awaited. It keeps the bytes as they come, bounds
// them, and knows where a reply ends. Its rules:
//
//   - A reply begins with the echo of its command, and before that comes nothing: a device that prints something
//     unasked had not come to the end of its last reply, or talks to somebody else.
//   - It ends at the prompt that was learnt at login, on a line of its own and with nothing behind it. Where text that
//     looks like the prompt, such as a line of a file that is shown, ends a reply early, the rest of it comes unasked,
//     and the next command, or settle behind the last one, fails with facts.ParseIncomplete. collectors.Collect then
//     takes back what the replies before it taught.
//   - What has gone wrong once stays wrong: the connection is closed, and each later call returns the
//     same failure.
type terminal struct {
	keyboard io.Writer
	hangUp   func() // closes the connection under keyboard and screen; may be called more than once
	limits   Limits
	secrets  secrets
	platform collectors.Terminal

	prompt    string   // as visible; set by login
	entered   []string // what to type to leave the scopes that were entered
	preparing bool     // by the commands that decide how the device behaves from then on
	echoes    bool     // the device echoes what is typed: seen once, expected from then on
	mute      bool     // it echoes nothing at all

	mu        sync.Mutex
	received  []byte    // since Return was pressed, or since what is being typed was begun
	lineStart int       // where in received the last line begins
	lines     int       // in received
	shown     bool      // the echo of what was typed is among it
	answered  int       // how much had been received when the pager was last answered
	total     int       // bytes since the session began
	heard     time.Time // when the last byte came
	awaited   condition // nil while nobody waits
	failure   *collectors.Failure

	wake  chan struct{} // to the one who waits: look again
	ended chan struct{} // closed when failure is set

	// Made once and set for each command.
	patience *time.Timer // of the one who waits
	stuck    *time.Timer // ends the session while something is typed
}

// A condition says of what was received whether it is what was waited for: never, at once
// (zero), or once the device has been quiet for so long. It is called with the lock held.
type condition func() time.Duration

const never time.Duration = -1

func newTerminal(keyboard io.Writer, hangUp func(), limits Limits, secrets secrets, platform collectors.Terminal) *terminal {
	t := &terminal{
		keyboard: keyboard, hangUp: hangUp, limits: limits, secrets: secrets, platform: platform,
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
		patience: time.NewTimer(time.Hour),
	}
	t.patience.Stop()
	t.stuck = time.AfterFunc(time.Hour, func() {
		t.end(failed(facts.Timeout, "the device took no input for %v", limits.Echo))
	})
	t.stuck.Stop()
	return t
}

// listen takes in what the device prints until the connection ends.
func (t *terminal) listen(screen io.Reader) {
	buffer := make([]byte, 4<<10)
	for {
		n, err := screen.Read(buffer)
		if f := t.take(buffer[:n]); f != nil {
			t.end(f)
		}
		if err != nil {
			t.end(failed(facts.SessionLost, "%w", errHungUp))
			return
		}
	}
}

// errHungUp is what ends a session that the device has ended.
var errHungUp = errors.New("the device closed the connection")

// take keeps what arrived and wakes who waits for it. It returns a failure when a cap is passed.
func (t *terminal) take(chunk []byte) *collectors.Failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failure != nil || len(chunk) == 0 {
		return nil
	}
	t.heard = time.Now()
	before := len(t.received)
	t.received = append(t.received, chunk...)
	t.total += len(chunk)
	// No line end lies wholly before the chunk and behind lineStart.
	from := max(t.lineStart, before-longestLineEnd)
	ends, last, longest := lineEnds(t.received[from:])
	if longest += from - t.lineStart; ends > 0 {
		t.lines += ends
		t.lineStart = from + last
	}
	longest = max(longest, len(t.received)-t.lineStart)
	switch l := t.limits; {
	case len(t.received) > l.ReplyBytes:
		return failed(facts.ReplyTooLarge, "the device printed more than %d bytes without coming to an end", l.ReplyBytes)
	case t.lines > l.ReplyLines:
		return failed(facts.ReplyTooLarge, "the device printed more than %d lines without coming to an end", l.ReplyLines)
	case longest > l.LineBytes:
		return failed(facts.ReplyTooLarge, "the device printed a line of more than %d bytes", l.LineBytes)
	case t.total > l.SessionBytes:
		return failed(facts.ReplyTooLarge, "the device printed more than %d bytes in one session", l.SessionBytes)
	}
	if t.awaited != nil && t.awaited() != never {
		select {
		case t.wake <- struct{}{}:
		default: // it has not looked since the last time
		}
	}
	return nil
}

// end closes the connection for a reason; the first one counts. It returns that one.
func (t *terminal) end(f *collectors.Failure) *collectors.Failure {
	t.mu.Lock()
	first := t.failure == nil
	if first {
		t.failure = f
		close(t.ended)
	}
	f = t.failure
	t.mu.Unlock()
	if first {
		t.hangUp()
	}
	return f
}

// stop ends the session because its context did.
func (t *terminal) stop(ctx context.Context) *collectors.Failure {
	return t.end(givenUp(ctx))
}

// over returns why the session can't be used, or nil where it can.
func (t *terminal) over(ctx context.Context) *collectors.Failure {
	t.mu.Lock()
	f := t.failure
	t.mu.Unlock()
	if f == nil && ctx.Err() != nil {
		return t.stop(ctx)
	}
	return f
}

// leave goes back from the scopes and types the platform's last command, where the device waits for one. What it does about it
// is awaited only where it may ask something, and not for long.
func (t *terminal) leave() {
	t.mu.Lock()
	busy := t.failure != nil || t.awaited != nil
	t.mu.Unlock()
	if busy || t.prompt == "" || t.platform.Leave == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), t.limits.Echo)
	defer cancel()
	t.clear()
	var last strings.Builder
	for _, command := range append(slices.Clone(t.entered), t.platform.Leave) {
		last.WriteString(command + "\n")
	}
	err := t.send(ctx, last.String())
	for range 2 * len(t.platform.Farewell) { // a device that goes on asking is hung up on
		var q *collectors.Question
		if err == nil {
			err = t.wait(ctx, t.limits.Echo, t.limits.Echo, func() time.Duration {
				if q = asked(t.platform.Farewell, t.lastLine()); q == nil {
					return never
				}
				return 0
			})
		}
		if err != nil {
			return
		}
		t.clear()
		err = t.send(ctx, q.Answer)
	}
}

// asked returns the question that a line is, nil for none.
func asked(questions []collectors.Question, line string) *collectors.Question {
	if line == "" {
		return nil
	}
	for i := range questions {
		if questions[i].Pattern.MatchString(line) {
			return &questions[i]
		}
	}
	return nil
}

// errTooSlow is what wait returns when a time limit has passed; the session has not ended with it.
var errTooSlow = errors.New("too slow")

// wait returns nil when the condition holds. The device may not be silent for longer than idle, nor take
// longer than total.
func (t *terminal) wait(ctx context.Context, idle, total time.Duration, c condition) error {
	began := time.Now()
	defer func() {
		t.mu.Lock()
		t.awaited = nil
		t.mu.Unlock()
		t.patience.Stop()
	}()
	for {
		t.mu.Lock()
		t.awaited = c
		if t.failure != nil {
			t.mu.Unlock()
			return t.failure
		}
		now := time.Now()
		heard := began
		if t.heard.After(began) {
			heard = t.heard
		}
		quiet := c()
		t.mu.Unlock()
		due := heard.Add(idle)
		if end := began.Add(total); end.Before(due) {
			due = end
		}
		switch settled := heard.Add(quiet); {
		case quiet == 0, quiet > 0 && !settled.After(now):
			return nil
		case !due.After(now):
			return errTooSlow
		case quiet > 0 && settled.Before(due):
			due = settled
		}
		t.patience.Reset(due.Sub(now))
		select {
		case <-t.wake:
		case <-t.patience.C:
		case <-t.ended:
		case <-ctx.Done():
			return t.stop(ctx)
		}
	}
}

// send types bytes. A device that takes none, because its window is full, can't hold it up for longer than
// an echo may take.
func (t *terminal) send(ctx context.Context, keys string) error {
	t.stuck.Reset(t.limits.Echo)
	defer t.stuck.Stop()
	defer context.AfterFunc(ctx, func() { t.stop(ctx) })()
	if _, err := io.WriteString(t.keyboard, keys); err != nil {
		return t.end(failed(facts.SessionLost, "%w", errHungUp))
	}
	return nil
}

// clear forgets what was received.
func (t *terminal) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(len(t.received))
}

// forget forgets the first bytes of what was received. The lock is held.
func (t *terminal) forget(n int) {
	rest := t.received[n:]
	const keep = 16 << 10 // a session that is open for an hour need not hold its longest reply
	if cap(t.received) > keep {
		t.received = nil
	}
	t.received = append(t.received[:0], rest...)
	t.lineStart = bytes.LastIndexByte(t.received, '\n') + 1
	t.lines, t.answered, t.shown = bytes.Count(t.received, []byte("\n")), 0, false
}

// longestPrompt is how many bytes of a line may be a prompt or a question. With strokes, a prompt takes some hundred.
const longestPrompt = 1024

// lastLine returns the line that has no end yet, as visible; "" for one that is too long to be a prompt
// or a question. The lock is held.
func (t *terminal) lastLine() string {
	line := t.received[t.lineStart:]
	if len(line) == 0 || len(line) > longestPrompt {
		return ""
	}
	return visible(line)
}

// words returns the end of what the device printed last, for a message.
func (t *terminal) words() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	tail := bytes.TrimRight(t.received, "\r\n ")
	tail = tail[max(0, len(tail)-1024):]
	if line := t.lastLine(); line != "" {
		return t.secrets.quote(line)
	}
	return t.secrets.quote(visible(tail[bytes.LastIndexByte(tail, '\n')+1:]))
}
