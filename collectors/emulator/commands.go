package emulator

import (
	"fmt"
	"io"
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
	switch t.device.Mode {
	case NoPrompt:
		for ok := true; ok; {
			_, ok = t.key()
		}
		return
	case EndlessGreeting:
		for t.flush() {
			t.print(strings.Repeat("This system is for the use of authorized persons only.\r\n", 200))
		}
		return
	}
	if t.device.Greets && t.device.greeting != nil && !t.ask(*t.device.greeting) {
		return
	}
	for {
		t.showPrompt()
		if !t.answerLate() {
			break
		}
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
	t.alone = true
	t.run(strings.TrimSpace(command))
	t.farewell()
}

// farewell sends what is left to send and the exit status (RFC 4254, section 6.10).
func (t *terminal) farewell() {
	t.flush()
	if t.device.Mode == NoExitStatus {
		return
	}
	t.channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{t.status}))
}

// prompt returns the prompt as it is at this moment.
func (t *terminal) prompt() string {
	d := t.device
	name, end, state := "{host}", d.unprivileged, ""
	if t.privileged {
		end = d.privileged
	}
	if len(d.states) > 0 {
		state = d.states[0]
		if d.Mode == PromptStateChanges {
			state = d.states[t.prompts%len(d.states)]
		}
	}
	if d.Scoped && d.scope != nil {
		name = d.scope.outside
		if t.inScope {
			name = d.scope.inside
		}
	}
	host := d.Hostname
	switch {
	case d.Mode == PromptCounts:
		host += fmt.Sprint("-", t.prompts)
	case d.Mode == PromptChanges && t.renamed:
		host = "another"
	}
	if name == "{host}" && len(d.states) == 0 && !strings.HasPrefix(d.lead, "{") {
		return d.lead + host + end // as on most devices
	}
	return strings.NewReplacer("{host}", host, "{user}", t.user, "{state}", state).Replace(d.lead + name + end)
}

// showPrompt prints the prompt and what stands above it.
func (t *terminal) showPrompt() {
	t.prompts++
	if t.device.above != "" {
		t.print("\r\n" + t.device.above + "\r\n")
	}
	t.printPrompt(t.prompt())
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
	if d.stampOff != "" && command == d.stampOff {
		t.unstamped = true
		return true
	}
	if s := d.scope; s != nil && d.Scoped {
		switch {
		case command == s.enter && !t.inScope, command == s.leave && t.inScope:
			t.inScope = command == s.enter
			return true
		}
	}
	said, isSetting := d.settings[command]
	switch {
	case slices.Contains(d.leave, command):
		return !t.leaves()
	case !t.privileged && d.needsPrivilege(command):
		return t.doesNotKnow(command)
	case slices.Contains(d.pagingOff, command), isSetting:
		if slices.Contains(d.pagingOff, command) && d.Mode != PagerStays {
			t.rows.Store(0)
		}
		if t.owed = said; !d.late {
			t.print(said)
			t.owed = ""
		}
		return true
	case d.enable != "" && command == d.enable:
		return t.enable()
	case d.disable != "" && command == d.disable:
		t.privileged = false
		return true
	case d.pagerLength != "" && strings.HasPrefix(command, d.pagerLength):
		t.set(&t.rows, command, strings.TrimPrefix(command, d.pagerLength))
		return true
	case d.widths != "" && strings.HasPrefix(command, d.widths):
		t.set(&t.columns, command, strings.TrimPrefix(command, d.widths))
		return true
	}
	name, nonce, ok := d.book.find(command)
	if !ok || d.Scoped && d.scope != nil && !t.inScope {
		return t.doesNotKnow(command)
	}
	if d.stampOff != "" && !t.unstamped {
		t.print("Tue Nov 24 02:15:00.123 UTC\r\n")
	}
	return t.answer(command, d.book.withNonce(t.next(name), nonce))
}

// doesNotKnow says that a command is none.
func (t *terminal) doesNotKnow(command string) bool {
	d := t.device
	text := d.unknown(t.prompt(), command)
	if d.needsPrivilegeText != "" && !t.privileged && d.needsPrivilege(command) {
		text = d.needsPrivilegeText
	}
	if t.alone && d.failStatus != 0 {
		t.status = d.failStatus
		io.WriteString(t.channel.Stderr(), text)
		return true
	}
	t.print(text)
	return true
}

func (t *terminal) set(what *atomic.Int32, command, number string) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 512 {
		t.print(t.device.unknown(t.prompt(), command))
		return
	}
	if what != &t.rows || t.device.Mode != PagerStays {
		what.Store(int32(n))
	}
}

// leaves asks what there is to ask before the session ends, and reports whether it does.
func (t *terminal) leaves() bool {
	for _, q := range t.device.farewell {
		if !t.ask(q) {
			return false
		}
	}
	return true
}

// ask puts a question and reports whether it got the right answer. What was answered is noted among the commands.
func (t *terminal) ask(q question) bool {
	t.print(q.text)
	var answer string
	if q.line {
		line, ok := t.line(true)
		if !ok {
			return false
		}
		answer = line
	} else {
		key, ok := t.key()
		if !ok {
			return false
		}
		answer = string(rune(key))
		t.print("\r\n")
	}
	t.server.note(q.text[strings.LastIndexByte(q.text, '\n')+1:] + answer)
	return q.keys == "" || len(answer) == 1 && strings.Contains(q.keys, answer)
}

// enable asks for the secret.
func (t *terminal) enable() bool {
	d := t.device
	switch {
	case t.privileged:
		return true
	case d.EnableSecret == "" && d.Mode != RefuseEnable && d.Mode != EchoSecret:
		t.print(d.noSecret)
		return true
	}
	for range d.passwordTries {
		t.print(d.password)
		secret, ok := t.line(d.Mode == EchoSecret)
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
