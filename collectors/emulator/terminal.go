package emulator

import (
	"bufio"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"
)

// A terminal is one session channel: what is typed and what is printed.
type terminal struct {
	*connection
	channel    ssh.Channel
	gone       chan struct{} // closed when the channel is
	columns    atomic.Int32  // the client may change either at any time
	rows       atomic.Int32  // 0 when paging is off
	privileged bool
	inScope    bool
	unstamped  bool   // replies do not begin with the time any more
	renamed    bool   // in the prompt
	prompts    int    // how many were shown
	logged     int    // how many log messages
	owed       string // what the last command still has to say
	alone      bool   // a command in a channel of its own
	status     uint32 // of that one

	typed  [128]byte
	unread []byte // of typed
	cr     bool   // the last key was a carriage return: a line feed after it is the same key
	out    *bufio.Writer
}

// writers are taken by a terminal while it prints: one that waits for keys needs none.
var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 16<<10) }}

func (t *terminal) writer() *bufio.Writer {
	if t.out == nil {
		t.out = writers.Get().(*bufio.Writer)
		t.out.Reset(t.channel)
	}
	return t.out
}

// print holds text back until flush, and so does an error.
func (t *terminal) print(text string) { t.writer().WriteString(text) }

// flush sends what was printed and reports whether the client can still be reached.
func (t *terminal) flush() bool {
	if t.out == nil {
		return true
	}
	err := t.out.Flush()
	t.out.Reset(nil)
	writers.Put(t.out)
	t.out = nil
	return err == nil
}

// wait sends what was printed and lets time pass. It returns false when the client has
// gone.
func (t *terminal) wait(d time.Duration) bool {
	if !t.flush() {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-t.gone:
		return false
	}
}

// resize takes the size that the client's terminal has; 0 is no size (RFC 4254, section 6.2).
func (t *terminal) resize(columns, rows uint32) {
	const most = 1 << 16
	if columns != 0 {
		t.columns.Store(int32(min(columns, most)))
	}
	if rows != 0 && !t.device.fixedRows && t.device.Mode != PagerStays {
		t.rows.Store(int32(min(rows, most)))
	}
}

// key waits for a key.
func (t *terminal) key() (key byte, ok bool) {
	for {
		if len(t.unread) == 0 {
			if !t.flush() {
				return 0, false
			}
			n, err := t.channel.Read(t.typed[:])
			if n == 0 && err != nil {
				return 0, false
			}
			t.unread = t.typed[:n]
			continue
		}
		key, t.unread = t.unread[0], t.unread[1:]
		again := key == '\n' && t.cr
		t.cr = key == '\r'
		if !again {
			return key, true
		}
	}
}

// pressed waits until a key was pressed, and leaves it to be read.
func (t *terminal) pressed() bool {
	key, ok := t.key()
	if !ok {
		return false
	}
	t.unread = append([]byte{key}, t.unread...)
	t.cr = false
	return true
}

// answerLate says what the last command still has to say, as soon as the next one is typed.
func (t *terminal) answerLate() bool {
	if t.owed == "" {
		return true
	}
	if !t.pressed() {
		return false
	}
	t.print("\r\n" + t.owed)
	t.owed = ""
	t.showPrompt()
	return true
}

// maxLine is how much fits on the line that is typed; more rings the bell.
const maxLine = 512

// line reads what is typed up to the return key, echoing it if asked to.
func (t *terminal) line(echo bool) (string, bool) {
	var typed []byte
	show := func(text string) {
		if echo {
			t.print(text)
		}
	}
	if echo && t.device.Mode == LogBeforeEcho {
		if !t.pressed() {
			return "", false
		}
		t.print("\r\n*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.1.1.9)\r\n")
		if t.logged++; t.logged%2 == 0 { // "logging synchronous"
			t.showPrompt()
		}
	}
	for {
		key, ok := t.key()
		switch {
		case !ok:
			return "", false
		case key == '\r' || key == '\n':
			t.goOn(len(typed))
			return string(typed), true
		case key == '\b' || key == 0x7f:
			if len(typed) > 0 {
				typed = typed[:len(typed)-1]
				show("\b \b")
			}
		case key == 0x15: // control-U
			show(strings.Repeat("\b \b", len(typed)))
			typed = typed[:0]
		case key == 0x03: // control-C
			t.print("\r\n")
			return "", true
		case key < ' ':
		case len(typed) == maxLine:
			show("\a")
		default:
			typed = append(typed, key)
			if echo && !t.echo(key, len(typed)) {
				return "", false
			}
		}
	}
}
