package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
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
//     and the next command fails with facts.ParseIncomplete. collectors.Collect then takes back what the reply
//     before it taught.
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
}

// A condition says of what was received whether it is what was waited for: never, at once
// (zero), or once the device has been quiet for so long. It is called with the lock held.
type condition func() time.Duration

const never time.Duration = -1

func newTerminal(keyboard io.Writer, hangUp func(), limits Limits, secrets secrets, platform collectors.Terminal) *terminal {
	return &terminal{
		keyboard: keyboard, hangUp: hangUp, limits: limits, secrets: secrets, platform: platform,
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
}

// listen takes in what the device prints until the connection ends.
func (t *terminal) listen(screen io.Reader) {
	buffer := make([]byte, 8<<10)
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
	var timer *time.Timer
	defer func() {
		t.mu.Lock()
		t.awaited = nil
		t.mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
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
		if timer == nil {
			timer = time.NewTimer(due.Sub(now))
		} else {
			timer.Reset(due.Sub(now))
		}
		select {
		case <-t.wake:
		case <-timer.C:
		case <-t.ended:
		case <-ctx.Done():
			return t.stop(ctx)
		}
	}
}

// send types bytes. A device that takes none, because its window is full, can't hold it up for longer than
// an echo may take.
func (t *terminal) send(ctx context.Context, keys string) error {
	timer := time.AfterFunc(t.limits.Echo, func() {
		t.end(failed(facts.Timeout, "the device took no input for %v", t.limits.Echo))
	})
	defer timer.Stop()
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
	const keep = 16 << 10 // a session that is open for an hour need not hold its longest reply
	if cap(t.received) > keep {
		t.received = nil
	}
	t.received, t.lineStart, t.lines, t.answered, t.shown = t.received[:0], 0, 0, 0, false
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

// typeText types a line without its Return and waits for the echo.
func (t *terminal) typeText(ctx context.Context, text string) error {
	if err := t.checkUnasked(); err != nil {
		return err
	}
	t.clear()
	if err := t.send(ctx, text); err != nil {
		return err
	}
	if t.mute {
		return nil
	}
	err := t.wait(ctx, t.limits.Echo, t.limits.Echo, func() time.Duration { return echoed(t.received, text, t.limits.Quiet) })
	switch {
	case err == nil:
		t.echoes = true
		return nil
	case !errors.Is(err, errTooSlow):
		return err
	case !t.echoes && t.nothingReceived():
		t.mute = true // typing is not shown on this device; its prompt still tells when a reply ends
		return nil
	case t.nothingReceived():
		return t.end(failed(facts.Timeout, "no echo of the typed command within %v", t.limits.Echo))
	}
	return t.end(failed(facts.ParseIncomplete, "the device did not echo the typed command but printed %s; it was not sent", t.words()))
}

func (t *terminal) nothingReceived() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.received) == 0
}

// echoed reports when the text has been echoed: at once when it stands there in one piece, and after a short
// silence when all its characters came in order with strokes between them, as when a device wraps or scrolls
// its input line.
func echoed(received []byte, text string, quiet time.Duration) time.Duration {
	if bytes.Contains(received, []byte(text)) {
		return 0
	}
	found := 0
	for i := 0; i < len(received) && found < len(text); i++ {
		switch received[i] {
		case '\x1b':
			i = escapeEnd(received, i)
		case text[found]:
			found++
		}
	}
	if found == len(text) {
		return quiet
	}
	return never
}

// checkUnasked ends the session when more than prompts and log messages came since the last reply.
func (t *terminal) checkUnasked() error {
	t.mu.Lock()
	unasked := string(t.received)
	t.mu.Unlock()
	if f := t.foreign(unasked); f != nil {
		return t.end(f)
	}
	return nil
}

// foreign returns a failure when a text holds more than prompts and log messages. Then what was taken for the prompt was
// none, or the device talks to somebody else.
func (t *terminal) foreign(text string) *collectors.Failure {
	for _, line := range (collectors.Reply{Text: text}).Lines() {
		line = visible([]byte(line))
		if line == "" || t.isPrompt(line) || matches(t.platform.Above, line) || matches(t.platform.Unasked, line) {
			continue
		}
		return failed(facts.ParseIncomplete, "ambiguous output: after a line equal to the prompt came %s", t.secrets.quote(line))
	}
	return nil
}

func matches(pattern *regexp.Regexp, line string) bool {
	return pattern != nil && pattern.MatchString(line)
}

// isPrompt tells whether a line is the prompt that was learnt, but for the parts of it that may change.
func (t *terminal) isPrompt(line string) bool { return t.same(line, t.prompt) }

// same tells whether two prompts are the same but for the parts that may change.
func (t *terminal) same(a, b string) bool {
	if a == b {
		return true
	}
	state := t.platform.Prompt.SubexpIndex("state")
	return state > 0 && a != "" && b != "" && stable(t.platform.Prompt, state, a) == stable(t.platform.Prompt, state, b)
}

// stable returns a prompt without a group that may change. A line that is no prompt stays as it is.
func stable(prompt *regexp.Regexp, group int, line string) string {
	places := prompt.FindStringSubmatchIndex(line)
	if places == nil || places[2*group] < 0 {
		return line
	}
	return line[:places[2*group]] + line[places[2*group+1]:]
}

// settle asks for the prompt with an empty line, and holds that nothing else comes. The last reply of a visit is
// known to have been whole by that, as the others are by the echo of the next command.
func (t *terminal) settle(ctx context.Context) error {
	if err := t.checkUnasked(); err != nil {
		return err
	}
	t.clear()
	err := t.send(ctx, "\n")
	if err == nil {
		err = t.wait(ctx, t.limits.Prompt, t.limits.Prompt, func() time.Duration {
			if t.isPrompt(t.lastLine()) {
				return t.limits.Quiet
			}
			return never
		})
	}
	if errors.Is(err, errTooSlow) {
		err = t.end(failed(facts.Timeout, "no prompt within %v after an empty line; the last line is %s", t.limits.Prompt, t.words()))
	}
	// However that ended: what came tells more than that the device was slow or went away.
	if foreign := t.checkUnasked(); err == nil || isAmbiguous(foreign) {
		return foreign
	}
	return err
}

func isAmbiguous(err error) bool {
	var f *collectors.Failure
	return errors.As(err, &f) && f.Reason == facts.ParseIncomplete
}

// command types a command and returns what the device printed until its prompt came: all of it where the error is nil,
// and what there was of it where it is not.
func (t *terminal) command(ctx context.Context, text string, idle, total time.Duration) (string, error) {
	if t.echoes {
		// The device is at its prompt and takes a whole line.
		if err := t.checkUnasked(); err != nil {
			return "", err
		}
		t.clear()
		if err := t.send(ctx, text+"\n"); err != nil {
			return "", err
		}
	} else {
		// Whether it echoes is not known yet, or it does not. A device that waits for something else than a command
		// shows that before Return is pressed.
		if err := t.typeText(ctx, text); err != nil {
			return "", err
		}
		if err := t.send(ctx, "\n"); err != nil {
			return "", err
		}
	}
	if err := t.awaitPrompt(ctx, text, idle, total); err != nil {
		reply, ambiguous := t.reply(-1, text)
		if err = t.tooSlow(err, idle, total); isAmbiguous(ambiguous) {
			err = ambiguous
		}
		return reply, err
	}
	t.mu.Lock()
	end := t.lineStart
	t.mu.Unlock()
	reply, err := t.reply(end, text)
	if err != nil {
		return reply, t.end(asFailure(err))
	}
	t.clear()
	return reply, nil
}

// reply returns what was received up to a place, or all of it, without the echo that it begins with and the line
// that stands above the prompt. The error says that something came before the echo.
func (t *terminal) reply(end int, typed string) (string, error) {
	t.mu.Lock()
	whole := end >= 0
	if !whole {
		end = len(t.received)
	}
	received := string(t.received[:end])
	t.mu.Unlock()
	reply := received
	if !t.mute {
		before, after, ok := cutEcho(received, typed)
		switch {
		case ok:
			if f := t.foreign(before); f != nil {
				return after, f
			}
			if t.typedAgain(after, typed) {
				return after, failed(facts.ParseIncomplete, "ambiguous output: the device echoed the command a second time, so what stands before that belongs to another one")
			}
			reply = after
		case !whole:
			// The echo may have been cut short, too.
			if f := t.foreign(received[:strings.LastIndexByte(received, '\n')+1]); f != nil {
				return received, f
			}
			return received, nil
		case t.preparing:
			t.echoes = false // it may have been told not to; the next command shows it
		default:
			if f := t.foreign(received); f != nil {
				return received, f
			}
			return received, failed(facts.ParseIncomplete, "the device did not echo the typed command but showed its prompt again")
		}
	}
	if whole && t.platform.Above != nil {
		reply = withoutAbove(reply, t.platform.Above)
	}
	return reply, nil
}

// typedAgain tells whether a reply holds its command once more, behind a prompt. A device that echoes while it still
// prints does so once it has come to the command; what it printed before was the rest of the reply before.
func (t *terminal) typedAgain(reply, typed string) bool {
	for place := 0; ; place += len(typed) {
		next := strings.Index(reply[place:], typed)
		if next < 0 {
			return false
		}
		place += next
		before := reply[max(0, place-longestPrompt):place]
		if t.isPrompt(visible([]byte(before[strings.LastIndexByte(before, '\n')+1:]))) {
			return true
		}
	}
}

// withoutAbove takes the last line off a text where the pattern matches it.
func withoutAbove(text string, above *regexp.Regexp) string {
	body := strings.TrimRight(text, "\r\n")
	start := strings.LastIndexByte(body, '\n') + 1
	if above.MatchString(visible([]byte(body[start:]))) {
		return text[:start]
	}
	return text
}

// isEcho tells whether a line is the one on which the command was typed: it holds the command, in one piece or with strokes
// of the device between its characters.
func isEcho(line, typed string) bool {
	if strings.Contains(line, typed) {
		return true
	}
	return strings.ContainsAny(strings.TrimSuffix(line, "\r"), "\b\r\x1b") && echoed([]byte(line), typed, 0) != never
}

// cutEcho takes a text apart around the line on which the command was typed.
func cutEcho(received, typed string) (before, reply string, ok bool) {
	for rest := received; ; {
		line, after, whole := collectors.CutLine(rest)
		if isEcho(line, typed) {
			return received[:len(received)-len(rest)], after, whole
		}
		if !whole {
			return "", "", false
		}
		rest = after
	}
}

// awaitPrompt waits for the prompt and answers the pager meanwhile. A prompt before the echo of what was typed is
// not the one.
func (t *terminal) awaitPrompt(ctx context.Context, typed string, idle, total time.Duration) error {
	deadline := time.Now().Add(total)
	for {
		err := t.wait(ctx, idle, time.Until(deadline), func() time.Duration {
			if t.paged() {
				return 0
			}
			return t.atPrompt(typed)
		})
		if err != nil {
			return err
		}
		t.mu.Lock()
		paged := t.paged()
		if paged {
			t.answered = len(t.received)
		}
		t.mu.Unlock()
		if !paged {
			return nil
		}
		if err := t.send(ctx, t.platform.Continue); err != nil {
			return err
		}
	}
}

// paged reports whether a pager waits that was not answered yet. The lock is held.
func (t *terminal) paged() bool {
	return t.platform.Pager != nil && len(t.received) > t.answered && t.platform.Pager.MatchString(t.lastLine())
}

// atPrompt is the condition that the device waits at the prompt that was learnt, behind the echo of what was typed. One that shows
// its prompt and no echo is given the time of an echo.
func (t *terminal) atPrompt(typed string) time.Duration {
	switch line := t.lastLine(); {
	case !t.isPrompt(line):
		return never
	case t.mute || t.shown:
		return 0
	}
	before := t.received[:min(t.lineStart, mostBeforeEcho)]
	if t.shown = bytes.Contains(before, []byte(typed)); !t.shown {
		_, _, t.shown = cutEcho(string(before), typed)
	}
	if t.shown {
		return 0
	}
	return t.limits.Echo
}

// mostBeforeEcho is how far an echo is looked for: some log messages may come before it.
const mostBeforeEcho = 16 << 10

// tooSlow ends the session after a reply that did not end in time.
func (t *terminal) tooSlow(err error, idle, total time.Duration) error {
	if !errors.Is(err, errTooSlow) {
		return err
	}
	t.mu.Lock()
	silent := time.Since(t.heard) >= idle
	t.mu.Unlock()
	if silent {
		return t.end(failed(facts.Timeout, "the device was silent for %v and did not show its prompt; the last line is %s", idle, t.words()))
	}
	return t.end(failed(facts.Timeout, "the reply did not end within %v; the last line is %s", total, t.words()))
}
