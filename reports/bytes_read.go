package reports

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// BytesRead is the line at the bottom of a terminal that tells how much of a file has been read, and how fast. A nil one shows nothing.
type BytesRead struct {
	bottomLine
	what        string
	done, total int64
	started     time.Time
}

// NewBytesRead starts the line. It returns nil when the file is no terminal. [BytesRead.Close] must be called.
func NewBytesRead(terminal *os.File, what string, total int64) *BytesRead {
	if !term.IsTerminal(int(terminal.Fd())) {
		return nil
	}
	b := &BytesRead{what: Printable(what, 60), total: total, started: time.Now()}
	b.start(terminal, func() int { return Width(terminal) }, b.line)
	return b
}

// Add says that so many more bytes were read.
func (b *BytesRead) Add(n int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += n
}

// Close takes the line away. It may be called again.
func (b *BytesRead) Close() {
	if b != nil {
		b.close()
	}
}

func (b *BytesRead) line(now time.Time) string {
	const million = 1e6
	text := fmt.Sprintf("%s: %.1f of %.1f MB", b.what, float64(b.done)/million, float64(b.total)/million)
	if b.total > 0 {
		text += fmt.Sprintf(" %d%%", 100*b.done/b.total)
	}
	if elapsed := now.Sub(b.started); elapsed > 0 && b.done > 0 {
		pace := float64(b.done) / elapsed.Seconds()
		text += fmt.Sprintf(", %.1f MB/s, about %s left", pace/million, wholeSeconds(time.Duration(float64(b.total-b.done)/pace*float64(time.Second))))
	}
	return text
}
