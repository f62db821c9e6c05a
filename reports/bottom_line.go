package reports

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A bottomLine is a line at the bottom of a terminal that is drawn anew as time goes on. It needs no more of a terminal than the carriage
// return. What it can't write is lost: a progress line is no result.
type bottomLine struct {
	out   io.Writer
	width func() int
	text  func(now time.Time) string // in ASCII; called with mu held
	stop  chan struct{}
	ended chan struct{}
	once  sync.Once // closes stop

	mu    sync.Mutex
	shown int // characters of the line that stands there now
}

func (l *bottomLine) start(out io.Writer, width func() int, text func(time.Time) string) {
	l.out, l.width, l.text = out, width, text
	l.stop, l.ended = make(chan struct{}), make(chan struct{})
	go l.redraw()
}

func (l *bottomLine) redraw() {
	defer close(l.ended)
	tick := time.NewTicker(redrawEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
			l.mu.Lock()
			l.draw()
			l.mu.Unlock()
		}
	}
}

// close takes the line away. It may be called again.
func (l *bottomLine) close() {
	l.once.Do(func() { close(l.stop) })
	<-l.ended
	l.mu.Lock()
	defer l.mu.Unlock()
	l.erase()
}

func (l *bottomLine) erase() {
	if l.shown > 0 {
		fmt.Fprintf(l.out, "\r%s\r", strings.Repeat(" ", l.shown))
		l.shown = 0
	}
}

func (l *bottomLine) draw() {
	// A line as wide as the terminal would move on to the next one.
	line := l.text(time.Now())
	if width := l.width() - 1; len(line) > width {
		line = line[:max(width, 0)]
	}
	fmt.Fprintf(l.out, "\r%s%s", line, strings.Repeat(" ", max(0, l.shown-len(line))))
	if len(line) < l.shown {
		fmt.Fprintf(l.out, "\r%s", line)
	}
	l.shown = len(line)
}
