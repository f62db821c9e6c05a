package boltfile

import (
	"bytes"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// View runs read in a read-only transaction. It has to be short and must not call
// [File.Update]: while a reader is at work no page that it might see is used again, and a writer that
// has to grow the map waits for it.
func (f *File) View(read func(*bbolt.Tx) error) error {
	if f.owner != nil {
		return f.owner.View(read)
	}
	return f.guard(func() error { return f.db.View(read) })
}

// longest is more than any key or value has: a record of a text that can't be made smaller, with what a store puts before it.
const longest = MaxRecord + MaxRecord>>8 + 1<<10

// Clone copies a key or a value, so that it outlives its transaction. What a damaged page says of its length is not believed: within
// [File.View], a length that none has ends as [ErrDamaged].
func Clone(value []byte) []byte {
	if len(value) > longest {
		panic(fmt.Sprintf("a key or value of %d bytes", len(value)))
	}
	return bytes.Clone(value)
}

// Update runs write in a transaction that is committed, and on the disk, when Update
// returns nil. With an error, nothing has changed.
func (f *File) Update(write func(*bbolt.Tx) error) error {
	if f.owner != nil {
		return fmt.Errorf("%s: write: it was opened for reading", f.path)
	}
	f.begin.Do(func() { f.changed, f.begun = true, f.lengthen() })
	if f.begun != nil {
		return fmt.Errorf("%s: write: %w", f.path, f.begun)
	}
	written := false
	err := f.guard(func() error {
		return f.db.Update(func(tx *bbolt.Tx) error {
			err := write(tx)
			written = err == nil
			return err
		})
	})
	if err != nil && written && f.broken.Load() == nil {
		return fmt.Errorf("%s: write: %w: see that the disk has room and takes writes; what was in the file is still there", f.path, err)
	}
	return err
}

// lengthen marks the file as one that was not closed: it gets longer than its pages are. bbolt keeps it so.
func (f *File) lengthen() error {
	info, err := f.handle.Stat()
	if err != nil {
		return err
	}
	return f.handle.Truncate(info.Size() + int64(f.db.Info().PageSize))
}

// guard turns the ways in which bbolt meets a damaged page into an error: its own panics, and the
// faults of reading outside the file. After one the file is not used again, because
// the panic may have left bbolt's locks held.
func (f *File) guard(use func() error) (err error) {
	if broken := f.broken.Load(); broken != nil {
		return *broken
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%s: %w (%v): restore it from a backup", f.path, ErrDamaged, cause)
			f.broken.CompareAndSwap(nil, &err)
		}
	}()
	return use()
}
