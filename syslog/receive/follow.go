package receive

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"time"
)

// A Position is how far a file was read. The checksum of its beginning tells whether it is still that file.
type Position struct {
	Offset int64  `json:"offset"`
	Number int    `json:"number"` // of lines
	Head   int    `json:"head"`   // bytes that the checksum is over
	Sum    uint32 `json:"sum"`
}

const (
	pollEvery   = 500 * time.Millisecond
	partialTime = 5 * time.Second // a line without its end is taken as it is after so long
	headBytes   = 256
)

// Follow reads a file as it grows, from a position on, until the context ends. It follows the path through rotation: what is left of the old file is read,
// and then the new one from its beginning; a file that was cut short is begun anew; one that is not there is waited for. Told gets the position
// behind each message. A file waits where a socket can't: when the queue is full, so does Follow.
func Follow(ctx context.Context, path string, from Position, q *Queue, told func(Position)) error {
	f := &follower{path: path, at: from, queue: q, told: told}
	defer f.close()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := f.poll(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

type follower struct {
	path  string
	file  *os.File
	r     *bufio.Reader
	at    Position
	queue *Queue
	told  func(Position)

	partial []byte
	since   time.Time // when the partial line was last added to
	began   bool      // a file was opened before
	cut     bool
	leaving bool // the path is another file; this one is read once more
}

func (f *follower) close() {
	if f.file != nil {
		f.file.Close()
	}
}

// poll reads what there is.
func (f *follower) poll(ctx context.Context) error {
	for {
		if f.file == nil {
			if ok, err := f.open(); !ok || err != nil {
				return err
			}
		}
		if err := f.read(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil || !f.rotated() {
			return nil
		}
		if !f.leaving { // who writes may go on for a moment, until it opens the new one
			f.leaving = true
			return nil
		}
		if len(f.partial) > 0 && !f.send(ctx) {
			return nil
		}
		f.leaving = false
		f.file.Close()
		f.file = nil
	}
}

// open opens the path. Where it is still the file of the position, it goes on there.
func (f *follower) open() (bool, error) {
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if f.began || !f.at.fits(file) {
		f.at = Position{}
	}
	if _, err := file.Seek(f.at.Offset, io.SeekStart); err != nil {
		file.Close()
		return false, err
	}
	f.began = true
	f.file, f.r = file, bufio.NewReaderSize(file, 256<<10)
	return true, nil
}

// fits reports whether a file begins as the one of the position did, and is long enough.
func (p Position) fits(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || info.Size() < p.Offset {
		return false
	}
	head := make([]byte, p.Head)
	if _, err := file.ReadAt(head, 0); err != nil {
		return p.Head == 0
	}
	return crc32.ChecksumIEEE(head) == p.Sum
}

// read takes every line that is there.
func (f *follower) read(ctx context.Context) error {
	for {
		text, err := f.r.ReadSlice('\n')
		if len(text) > 0 {
			f.at.Offset += int64(len(text))
			f.since = time.Now()
			if room := MaxMessage + 1 - len(f.partial); len(text) > room {
				f.cut, text = true, text[:max(room, 0)]
			}
			f.partial = append(f.partial, text...)
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(f.partial) > 0 && time.Since(f.since) > partialTime:
			if !f.send(ctx) {
				return nil
			}
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// send hands the line on, and waits for room.
func (f *follower) send(ctx context.Context) bool {
	f.at.Number++
	m := Message{Source: f.path, Number: f.at.Number, At: time.Now(), Text: string(bytes.TrimRight(f.partial, "\r\n\x00")), Cut: f.cut}
	f.partial, f.cut = f.partial[:0], false
	f.queue.Counters.Received.Add(1)
	select {
	case f.queue.messages <- m:
	case <-ctx.Done():
		return false
	}
	f.mark()
	if f.told != nil {
		f.told(f.at)
	}
	return true
}

// mark notes the checksum of the beginning, while it is still short.
func (f *follower) mark() {
	if f.at.Head >= headBytes {
		return
	}
	head := make([]byte, min(headBytes, f.at.Offset))
	if _, err := f.file.ReadAt(head, 0); err == nil {
		f.at.Head, f.at.Sum = len(head), crc32.ChecksumIEEE(head)
	}
}

// rotated reports whether the path is another file by now, or was cut short, and lets go of the old one then.
func (f *follower) rotated() bool {
	now, err := os.Stat(f.path)
	if err != nil {
		return false // gone for a moment, or for good: what is open can still be read
	}
	held, err := f.file.Stat()
	if err == nil && os.SameFile(now, held) && now.Size() >= f.at.Offset {
		return false
	}
	return true
}
