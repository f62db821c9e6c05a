package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// logIn brings a shell that was just opened to the state in which queries can be asked: the prompt is
// known, the privileged level is reached if there is a secret for it, the platform's preparing commands were sent, and
// its scopes are entered. The warnings say what did not work and still leaves a session.
func (t *terminal) logIn(ctx context.Context, enable secret) (warnings []string, err error) {
	p := t.platform
	prepare, err := p.PrepareCommands()
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return nil, t.end(failed(facts.WouldModify, "%w", err))
	}
	if err := t.learnPrompt(ctx, p.Greeting); err != nil {
		return nil, err
	}
	warning, err := t.privilege(ctx, enable)
	if err != nil {
		return nil, err
	}
	if warning != "" {
		warnings = append(warnings, warning)
	}
	t.preparing = true
	for _, c := range prepare {
		// A refusal is an ordinary reply: what the device does not know it does not need.
		if _, err := t.command(ctx, c.String(), shorter(c.Idle(), t.limits.Idle), shorter(c.Total(), t.limits.Total)); err != nil {
			return nil, err
		}
	}
	t.preparing = false
	for _, s := range p.Scopes {
		if err := t.enter(ctx, s); err != nil {
			return nil, err
		}
	}
	if t.mute {
		warnings = append(warnings, "the device does not echo what is typed; replies were told apart by the prompt alone")
	}
	return warnings, nil
}

// privilege gets the rights to run every query, where that is needed and there is a secret for it.
func (t *terminal) privilege(ctx context.Context, enable secret) (warning string, err error) {
	p := t.platform
	if p.Privileged == nil || p.Privileged.MatchString(t.prompt) {
		return "", nil
	}
	if p.Enable == "" || enable.text == "" {
		return fmt.Sprintf("the session is not privileged (prompt %q) and no enable secret is configured; some commands may be refused", t.prompt), nil
	}
	warning, err = t.enable(ctx, enable)
	if err == nil && warning == "" && !p.Privileged.MatchString(t.prompt) {
		warning = fmt.Sprintf("the device did not grant privileges (prompt %q); some commands may be refused", t.prompt)
	}
	return warning, err
}

// enter enters a scope where the device has it.
func (t *terminal) enter(ctx context.Context, s collectors.Scope) error {
	if !s.From.MatchString(t.prompt) {
		return nil
	}
	before := t.prompt
	if err := t.typeText(ctx, s.Enter); err != nil {
		return err
	}
	if _, err := t.answer(ctx, s.Enter, "\n"); err != nil {
		return err
	}
	if err := t.relearnPrompt(ctx); err != nil {
		return err
	}
	if s.Leave != "" && t.prompt != before {
		t.entered = append([]string{s.Leave}, t.entered...)
	}
	return nil
}

// mostPrompts is how many different lines of a banner may be taken for the prompt before the login is
// given up.
const mostPrompts = 8

// learnPrompt finds out what the device's prompt is: a last line that the platform's pattern matches, after which an empty line
// brings the same line again. A line of a banner that only looks like a prompt does not come twice. Questions that
// come before it are answered.
func (t *terminal) learnPrompt(ctx context.Context, questions []collectors.Question) error {
	pattern := t.platform.Prompt
	deadline := time.Now().Add(t.limits.Login)
	candidate := ""
	for range mostPrompts {
		left := time.Until(deadline)
		err := t.wait(ctx, left, left, func() time.Duration {
			switch line := t.lastLine(); {
			case asked(questions, line) != nil:
				return t.limits.Quiet
			case line == "" || !pattern.MatchString(line):
				return never
			case t.same(line, candidate):
				return 0
			}
			return t.limits.Quiet
		})
		if errors.Is(err, errTooSlow) {
			return t.end(failed(facts.Timeout, "no prompt of this platform within %v after the login; the last line is %s; is the platform right?", t.limits.Login, t.words()))
		}
		if err != nil {
			return err
		}
		t.mu.Lock()
		line := t.lastLine()
		t.mu.Unlock()
		t.clear()
		keys := "\n"
		switch q := asked(questions, line); {
		case q != nil:
			keys = q.Answer
		case line != "" && t.same(line, candidate):
			t.prompt = line
			return nil
		default:
			candidate = line
		}
		if err := t.send(ctx, keys); err != nil {
			return err
		}
	}
	return t.end(failed(facts.ParseIncomplete, "the prompt is another one each time, the last was %s; it has to be the same after an empty line", t.secrets.quote(candidate)))
}

// enable asks for privileges and types the secret, once, and only where the device asks for a password. It
// returns a warning when they were not granted.
func (t *terminal) enable(ctx context.Context, enable secret) (warning string, err error) {
	command := t.platform.Enable
	if err := t.typeText(ctx, command); err != nil {
		return "", err
	}
	asked, err := t.answer(ctx, command, "\n")
	if err != nil {
		return "", err
	}
	if asked {
		if asked, err = t.answer(ctx, command, enable.text+"\n"); err != nil {
			return "", err
		}
		t.mu.Lock()
		typed, _, _ := bytes.Cut(t.received, []byte("\n"))
		echoed := t.secrets.in(typed) || t.secrets.in([]byte(visible(typed)))
		t.mu.Unlock()
		if echoed {
			warning = "the device showed the enable secret while it was typed"
		}
	}
	// The secret was wrong. It is not typed again; empty lines use up the device's other tries.
	const tries = 5
	refused := asked
	for i := 0; asked; i++ {
		if i == tries {
			return "", t.end(failed(facts.LoginRefused, "the device refused the enable secret and goes on asking for one"))
		}
		if asked, err = t.answer(ctx, command, "\n"); err != nil {
			return "", err
		}
	}
	if refused {
		warning = "the device refused the enable secret; the session is not privileged and some commands may be refused"
	}
	return warning, t.relearnPrompt(ctx)
}

// answer types keys, secret or not, that belong to a command, and waits for a prompt or for the question for a password. It reports
// whether the device asks.
func (t *terminal) answer(ctx context.Context, command, keys string) (asked bool, err error) {
	p := t.platform
	t.clear()
	if err := t.send(ctx, keys); err != nil {
		return false, err
	}
	asks := func() bool { return matches(p.Password, t.lastLine()) }
	// A line without an end that stays as it is: the answer may print dots or a line before it.
	err = t.wait(ctx, t.limits.Login, t.limits.Login, func() time.Duration {
		if line := t.lastLine(); line != "" && (asks() || p.Prompt.MatchString(line)) {
			return t.limits.Quiet
		}
		return never
	})
	if errors.Is(err, errTooSlow) {
		return false, t.end(failed(facts.Timeout, "%s: neither a prompt nor a question for a password within %v; the last line is %s", command, t.limits.Login, t.words()))
	}
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return asks(), nil
}

// relearnPrompt learns the prompt after it may have changed.
func (t *terminal) relearnPrompt(ctx context.Context) error {
	t.clear()
	if err := t.send(ctx, "\n"); err != nil {
		return err
	}
	return t.learnPrompt(ctx, nil)
}
