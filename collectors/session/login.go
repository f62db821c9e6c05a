package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// logIn brings a shell that was just opened to the state in which queries can be asked: the prompt is
// known, the platform's preparing commands were sent, and the privileged level is reached if there is a
// secret for it. The warnings say what did not work and still leaves a session.
func (t *terminal) logIn(ctx context.Context, p collectors.Terminal, enable secret) (warnings []string, err error) {
	prepare, err := p.PrepareCommands()
	if err != nil {
		return nil, t.end(failed(facts.WouldModify, "preparing the terminal: %w", err))
	}
	if p.Pager != nil {
		t.pager = &pager{p.Pager, p.Continue}
	}
	if err := t.learnPrompt(ctx, p.Prompt); err != nil {
		return nil, err
	}
	for _, c := range prepare {
		// A refusal is an ordinary reply: what the device does not know it does not need.
		if _, err := t.command(ctx, c.String(), shorter(c.Idle(), t.limits.Idle), shorter(c.Total(), t.limits.Total)); err != nil {
			return nil, err
		}
	}
	if t.mute {
		warnings = append(warnings, "the device does not echo what is typed; replies were told apart by the prompt alone")
	}
	if p.Privileged == nil || p.Privileged.MatchString(t.prompt) {
		return warnings, nil
	}
	if p.Enable == "" || enable.text == "" {
		return append(warnings, fmt.Sprintf("the session is not privileged (prompt %q) and no enable secret is configured; some commands may be refused", t.prompt)), nil
	}
	command, err := p.EnableCommand()
	if err != nil {
		return nil, t.end(failed(facts.WouldModify, "enable: %w", err))
	}
	warning, err := t.enable(ctx, p, command, enable)
	if err != nil {
		return nil, err
	}
	if warning == "" && !p.Privileged.MatchString(t.prompt) {
		warning = fmt.Sprintf("the device did not grant privileges (prompt %q); some commands may be refused", t.prompt)
	}
	if warning != "" {
		warnings = append(warnings, warning)
	}
	return warnings, nil
}

// mostPrompts is how many different lines of a banner may be taken for the prompt before the login is
// given up.
const mostPrompts = 8

// learnPrompt finds out what the device's prompt is: a last line that the pattern matches, after which an empty line
// brings the same line again. A line of a banner that only looks like a prompt does not come twice.
func (t *terminal) learnPrompt(ctx context.Context, pattern *regexp.Regexp) error {
	deadline := time.Now().Add(t.limits.Login)
	candidate := ""
	for range mostPrompts {
		left := time.Until(deadline)
		err := t.wait(ctx, left, left, func() time.Duration {
			switch line := t.lastLine(); {
			case line == "" || !pattern.MatchString(line):
				return never
			case line == candidate:
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
		if line != "" && line == candidate {
			t.prompt = line
			return nil
		}
		candidate = line
		if err := t.send(ctx, "\n"); err != nil {
			return err
		}
	}
	return t.end(failed(facts.ParseIncomplete, "the prompt is another one each time, the last was %s; it has to be the same after an empty line", t.secrets.quote(candidate)))
}

// enable asks for privileges and types the secret, once, and only where the device asks for a password. It
// returns a warning when they were not granted.
func (t *terminal) enable(ctx context.Context, p collectors.Terminal, command collectors.Command, enable secret) (warning string, err error) {
	if err := t.typeText(ctx, command.String()); err != nil {
		return "", err
	}
	asked, err := t.answer(ctx, p, "\n")
	if err != nil {
		return "", err
	}
	if asked {
		if asked, err = t.answer(ctx, p, enable.text+"\n"); err != nil {
			return "", err
		}
		t.mu.Lock()
		typed, _, _ := bytes.Cut(t.received, []byte("\n"))
		echoed := t.secrets.in(typed)
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
		if asked, err = t.answer(ctx, p, "\n"); err != nil {
			return "", err
		}
	}
	if refused {
		warning = "the device refused the enable secret; the session is not privileged and some commands may be refused"
	}
	return warning, t.relearnPrompt(ctx, p.Prompt)
}

// answer types keys, secret or not, and waits for a prompt or for the question for a password. It reports
// whether the device asks.
func (t *terminal) answer(ctx context.Context, p collectors.Terminal, keys string) (asked bool, err error) {
	t.clear()
	if err := t.send(ctx, keys); err != nil {
		return false, err
	}
	asks := func() bool { return p.Password != nil && p.Password.MatchString(t.lastLine()) }
	// A line without an end that stays as it is: the answer may print dots or a line before it.
	err = t.wait(ctx, t.limits.Login, t.limits.Login, func() time.Duration {
		if line := t.lastLine(); line != "" && (asks() || p.Prompt.MatchString(line)) {
			return t.limits.Quiet
		}
		return never
	})
	if errors.Is(err, errTooSlow) {
		return false, t.end(failed(facts.Timeout, "enable: neither a prompt nor a question for a password within %v; the last line is %s", t.limits.Login, t.words()))
	}
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return asks(), nil
}

// relearnPrompt learns the prompt after it may have changed.
func (t *terminal) relearnPrompt(ctx context.Context, pattern *regexp.Regexp) error {
	t.clear()
	if err := t.send(ctx, "\n"); err != nil {
		return err
	}
	return t.learnPrompt(ctx, pattern)
}
