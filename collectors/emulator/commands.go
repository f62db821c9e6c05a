package emulator

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
)

// shell is the device's command line, from the first prompt to the last.
func (t *terminal) shell() {
	defer t.tcp.Close() // a device ends the connection with the session
	defer t.channel.Close()
	if t.device.MOTD != "" {
		t.print("\r\n" + wireLines(t.device.MOTD))
	}
	t.print("\r\n")
	if t.device.Mode == NoPrompt {
		for ok := true; ok; {
			_, ok = t.key()
		}
		return
	}
	for {
		t.print(t.prompt())
		line, ok := t.line(t.device.Mode != NoEcho)
		if !ok || !t.run(strings.TrimSpace(line)) {
			break
		}
	}
	t.farewell()
}

// exec runs one command without a prompt, an echo, a pager or folded lines.
func (t *terminal) exec(command string) {
	defer t.channel.Close()
	t.columns.Store(0)
	t.rows.Store(0)
	t.run(strings.TrimSpace(command))
	t.farewell()
}

// farewell sends what is left to send and the exit status (RFC 4254, section 6.10).
func (t *terminal) farewell() {
	t.flush()
	t.channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{0}))
}

func (t *terminal) prompt() string {
	if t.privileged {
		return t.device.Hostname + t.device.privileged
	}
	return t.device.Hostname + t.device.unprivileged
}

// run does what one line asks for and returns false when the session is over.
func (t *terminal) run(command string) bool {
	if command == "" {
		return true
	}
	t.server.note(command)
	d := t.device
	if d.Delay > 0 && !t.wait(d.Delay) {
		return false
	}
	switch {
	case slices.Contains(d.leave, command):
		return false
	case slices.Contains(d.quiet, command):
		return true
	case command == d.enable:
		return t.enable()
	case command == d.disable:
		t.privileged = false
		return true
	case strings.HasPrefix(command, d.pagerLength):
		t.set(&t.rows, command, strings.TrimPrefix(command, d.pagerLength))
		return true
	case strings.HasPrefix(command, d.widthSet):
		t.set(&t.columns, command, strings.TrimPrefix(command, d.widthSet))
		return true
	}
	name, nonce, ok := d.book.find(command)
	if !ok || !t.privileged && d.needsPrivilege(command) {
		t.print(d.unknown(t.prompt(), command))
		return true
	}
	return t.answer(command, d.book.withNonce(t.next(name), nonce))
}

func (t *terminal) set(what *atomic.Int32, command, number string) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 512 {
		t.print(t.device.unknown(t.prompt(), command))
		return
	}
	what.Store(int32(n))
}

// enable asks for the secret.
func (t *terminal) enable() bool {
	d := t.device
	switch {
	case t.privileged:
		return true
	case d.EnableSecret == "" && d.Mode != RefuseEnable:
		t.print(d.noSecret)
		return true
	}
	for range d.passwordTries {
		t.print(d.password)
		secret, ok := t.line(false)
		switch {
		case !ok:
			return false
		case d.Mode == RefuseEnable:
			t.print(d.denied)
			return true
		case secret == d.EnableSecret:
			t.privileged = true
			return true
		}
	}
	t.print(d.badSecret)
	return true
}
