package boltfile

import (
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// View runs read in a read-only transaction. It has to be short and must not call
// [File.Update]: while a reader is at work no page that it might see is used again, and a writer that
// has to grow the map waits for it.
func (f *File) View(read func(*bbolt.Tx) error) error {
	return f.guard(func() error { return f.db.View(read) })
}

// Update runs write in a transaction that is committed, and on the disk, when Update
// returns nil. With an error, nothing has changed.
func (f *File) Update(write func(*bbolt.Tx) error) error {
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
