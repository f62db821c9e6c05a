package session

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// typeText types a line without its Return and waits for the echo.
func (t *terminal) typeText(ctx context.Context, text string) error {
	if err := t.checkUnasked(); err != nil {
		return err
	}
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

// checkUnasked forgets what came since the last reply, and ends the session when that was more than prompts and log messages. It is one
// step: what comes in between would be forgotten and not looked at, and it may be the rest of a reply.
func (t *terminal) checkUnasked() error {
	t.mu.Lock()
	unasked := string(t.received)
	t.forget(len(t.received))
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
	t.mu.Lock()
	received := string(t.received)
	t.mu.Unlock()
	// However that ended: what came tells more than that the device was slow or went away.
	if f := t.foreign(received); f != nil {
		t.end(f)
		return f
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
	end, taken, err := t.awaitPrompt(ctx, text, idle, total)
	if err != nil {
		reply, ambiguous := t.reply(-1, text)
		if err = t.tooSlow(err, idle, total); isAmbiguous(ambiguous) {
			err = ambiguous
		}
		return reply, err
	}
	reply, err := t.reply(end, text)
	if err != nil {
		return reply, t.end(asFailure(err))
	}
	t.mu.Lock()
	t.forget(taken) // and no more: what has come since is for checkUnasked
	t.mu.Unlock()
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
			var f *collectors.Failure
			if reply, f = t.afterLastEcho(after, typed); f != nil {
				return after, f
			}
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

// afterLastEcho returns what follows when a reply holds its command once more, behind a prompt. A device that echoes while it
// still prints shows it again once it has come to the command: what it printed before that was the rest of another reply, which
// is a failure where there is anything.
func (t *terminal) afterLastEcho(reply, typed string) (string, *collectors.Failure) {
	for place := 0; ; {
		next := strings.Index(reply[place:], typed)
		if next < 0 {
			return reply, nil
		}
		place += next
		before := reply[max(0, place-longestPrompt):place]
		prompt := before[strings.LastIndexByte(before, '\n')+1:]
		if !t.isPrompt(visible([]byte(prompt))) {
			place += len(typed)
			continue
		}
		if t.foreign(reply[:place-len(prompt)]) != nil {
			return reply, failed(facts.ParseIncomplete, "ambiguous output: the device echoed the command a second time, so what stands before that belongs to another one")
		}
		_, reply, _ = collectors.CutLine(reply[place:])
		place = 0
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
// not the one. It returns where in what was received the prompt's line begins, and where it ends: more may have come by the time
// that somebody looks.
func (t *terminal) awaitPrompt(ctx context.Context, typed string, idle, total time.Duration) (begins, ends int, err error) {
	deadline := time.Now().Add(total)
	for {
		paged := 0 // how much had been received when a pager waited
		begins, ends = 0, 0
		err := t.wait(ctx, idle, time.Until(deadline), func() time.Duration { // may be asked once more after it held
			if t.paged() {
				paged = len(t.received)
				return 0
			}
			quiet := t.atPrompt(typed)
			if quiet != never {
				begins, ends = t.lineStart, len(t.received)
			}
			return quiet
		})
		if err != nil {
			return 0, 0, err
		}
		t.mu.Lock()
		answer, begins, ends := paged > 0, begins, ends
		t.answered = max(t.answered, paged)
		t.mu.Unlock()
		switch {
		case answer:
			if err := t.send(ctx, t.platform.Continue); err != nil {
				return 0, 0, err
			}
		case ends > 0:
			return begins, ends, nil
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
