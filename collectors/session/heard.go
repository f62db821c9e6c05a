package session

import (
	"io"
	"sync/atomic"
	"time"
)

// heard notes when something last came.
type heard struct{ last atomic.Int64 } // Unix nanoseconds

type heardReader struct {
	r io.Reader
	h *heard
}

func (r *heardReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		r.h.note()
	}
	return n, err
}

func (h *heard) note() { h.last.Store(time.Now().UnixNano()) }

// silent reports whether nothing came for so long.
func (h *heard) silent(limit time.Duration) bool {
	return time.Since(time.Unix(0, h.last.Load())) >= limit
}

// watch calls end once nothing came for the limit. The function that it returns stops that.
func (h *heard) watch(limit time.Duration, end func()) (stop func()) {
	h.note()
	done := make(chan struct{})
	go func() {
		ticks := time.NewTicker(limit / 10)
		defer ticks.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				if h.silent(limit) {
					end()
					return
				}
			}
		}
	}()
	return func() { close(done) }
}
