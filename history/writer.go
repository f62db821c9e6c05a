package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
	"trueboot/compare"
)

// A transaction costs a sync of the disk, so visits wait for each other: no longer than commitEvery, no
// more than commitVisits, and about commitBytes at the most.
const (
	commitEvery  = 200 * time.Millisecond
	commitVisits = 1000
	commitBytes  = 32 << 20
)

// A Writer adds the visits of one run. Visits that it took may be lost in a crash within 200 ms;
// what End was called for never is.
type Writer struct {
	store *Store
	run   Run
	queue chan packedVisit
	done  chan struct{} // closed when the queue's last was written, or on the first error
	err   error         // read after done

	mu    sync.Mutex
	added int
	ended bool
}

// A packedVisit is ready to be put into the file.
type packedVisit struct {
	device  string
	sum     string // SHA-256 of the text
	item    []byte // of the text
	replies map[[sha256.Size]byte][]byte
	bytes   int
}

// Begin starts a run and gives it an id. Whatever the run holds of Status, Ended and Visits is not kept.
func (s *Store) Begin(r Run) (*Writer, error) {
	r.Started, r.Status, r.Ended, r.Visits = instant(r.Started), Unfinished, time.Time{}, 0
	err := s.file.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(runs)
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		r.ID = strconv.FormatUint(n, 10)
		if _, err := tx.Bucket(visits).CreateBucket(key(n)); err != nil {
			return err
		}
		return putItem(tx, b, key(n), entry{What: runEntry, Run: n}, r)
	})
	if err != nil {
		return nil, err
	}
	w := &Writer{store: s, run: r, queue: make(chan packedVisit), done: make(chan struct{})}
	go w.write()
	return w, nil
}

// putItem adds a value to a bucket and to the chain.
func putItem(tx *bbolt.Tx, b *bbolt.Bucket, k []byte, e entry, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	item, err := newItem(text)
	if err != nil {
		return err
	}
	e.SHA256 = digest(text)
	n, err := add(tx, e)
	if err != nil {
		return err
	}
	setNumber(item, n)
	return b.Put(k, item)
}

// Run returns the run that is written.
func (w *Writer) Run() Run { return w.run }

// Add adds a visit; its Run is set here, and the digests of its replies. Each device is added once. An error is one of an
// earlier visit too: after it nothing more is added.
func (w *Writer) Add(v Visit) error {
	v.Run = w.run.ID
	p, err := w.store.pack(v)
	if err != nil {
		return fmt.Errorf("visit of %q: %w", v.Device, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return fmt.Errorf("visit of %q: run %s has ended", v.Device, w.run.ID)
	}
	select {
	case w.queue <- p:
		w.added++
		return nil
	case <-w.done:
		return w.err
	}
}

// End writes what is left, and that the run is over. statuses says how many devices ended how, and may be nil.
func (w *Writer) End(interrupted bool, statuses map[string]int, odd ...compare.Finding) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return fmt.Errorf("run %s has ended before", w.run.ID)
	}
	w.ended = true
	close(w.queue)
	<-w.done
	if w.err != nil {
		return w.err
	}
	n := number(w.run.ID)
	return w.store.file.Update(func(tx *bbolt.Tx) error {
		return putItem(tx, tx.Bucket(ends), key(n), entry{What: endEntry, Run: n},
			end{At: instant(time.Now()), Interrupted: interrupted, Visits: w.added, Statuses: statuses, Odd: odd})
	})
}

// write puts the visits of the queue into the file, in groups.
func (w *Writer) write() {
	defer close(w.done)
	var group []packedVisit
	size := 0
	due := time.NewTimer(commitEvery)
	due.Stop()
	for {
		full := false
		select {
		case p, ok := <-w.queue:
			if !ok {
				w.err = w.commit(group)
				return
			}
			if group = append(group, p); len(group) == 1 {
				due.Reset(commitEvery)
			}
			size += p.bytes
			full = len(group) == commitVisits || size >= commitBytes
		case <-due.C:
			full = true
		}
		if full {
			if w.err = w.commit(group); w.err != nil {
				return
			}
			group, size = group[:0], 0
			due.Stop()
		}
	}
}

func (w *Writer) commit(group []packedVisit) error {
	if len(group) == 0 {
		return nil
	}
	return w.store.file.Update(func(tx *bbolt.Tx) error {
		n := number(w.run.ID)
		b, texts := tx.Bucket(visits).Bucket(key(n)), tx.Bucket(replies)
		for _, p := range group {
			if b.Get([]byte(p.device)) != nil {
				return fmt.Errorf("visit of %q: run %s has one already", p.device, w.run.ID)
			}
			e, err := add(tx, entry{What: visitEntry, Run: n, Device: p.device, SHA256: p.sum})
			if err != nil {
				return err
			}
			setNumber(p.item, e)
			if err := b.Put([]byte(p.device), p.item); err != nil {
				return fmt.Errorf("visit of %q: %w", p.device, err)
			}
			for sum, record := range p.replies {
				if err := texts.Put(sum[:], record); err != nil {
					return fmt.Errorf("visit of %q: %w", p.device, err)
				}
			}
		}
		return nil
	})
}

// pack makes the records of a visit: its own, and those of the replies that the store does not hold yet.
func (s *Store) pack(v Visit) (p packedVisit, err error) {
	v.Started = instant(v.Started)
	v.Replies = slices.Clone(v.Replies)
	scratch := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(scratch)
	p = packedVisit{device: v.Device, replies: make(map[[sha256.Size]byte][]byte)}
	texts := make(map[[sha256.Size]byte]string, len(v.Replies))
	for i, r := range v.Replies {
		scratch.Reset()
		scratch.WriteString(r.Text)
		sum := sha256.Sum256(scratch.Bytes())
		v.Replies[i].SHA256 = hex.EncodeToString(sum[:])
		texts[sum] = r.Text
	}
	err = s.file.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(replies)
		for sum := range texts {
			if b.Get(sum[:]) != nil {
				delete(texts, sum)
			}
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	for sum, text := range texts {
		scratch.Reset()
		scratch.WriteString(text)
		record, err := boltfile.Pack(scratch.Bytes())
		if err != nil {
			return p, err
		}
		p.replies[sum] = record
		p.bytes += len(record)
	}
	if v.Device == "" {
		return p, errors.New("it names no device")
	}
	scratch.Reset()
	if err := v.appendText(scratch); err != nil {
		return p, err
	}
	if p.item, err = newItem(scratch.Bytes()); err != nil {
		return p, err
	}
	p.sum = digest(scratch.Bytes())
	p.bytes += len(p.item)
	return p, nil
}

// buffers are for texts that are hashed and packed, and then not needed any more.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// instant is a time as it comes back from the store.
func instant(t time.Time) time.Time { return t.Round(0).UTC() }
