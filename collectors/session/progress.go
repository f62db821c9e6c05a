package session

import (
	"io"
	"sync/atomic"
	"time"
)

// progress notes when a file last went on.
type progress struct{ last atomic.Int64 } // Unix nanoseconds

// A notingWriter notes each part that is written.
type notingWriter struct {
	w io.Writer
	p *progress
}

func (w *notingWriter) Write(text []byte) (int, error) {
	w.p.note()
	return w.w.Write(text)
}

func (p *progress) note() { p.last.Store(time.Now().UnixNano()) }

// silent reports whether nothing came for so long.
func (p *progress) silent(limit time.Duration) bool {
	return time.Since(time.Unix(0, p.last.Load())) >= limit
}

// watch calls end once nothing came for the limit. The function that it returns stops that.
func (p *progress) watch(limit time.Duration, end func()) (stop func()) {
	p.note()
	done := make(chan struct{})
	go func() {
		ticks := time.NewTicker(limit / 10)
		defer ticks.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				if p.silent(limit) {
					end()
					return
				}
			}
		}
	}()
	return func() { close(done) }
}
