// Package boltfile opens the files in which the program keeps what must not be lost, and packs the
// records in them.
//
// baseline/store and history each keep one bbolt file. What has to hold for both is here and nowhere
// else:
//
//   - A file is created whole or not at all: it is made under another name and then linked into
//     place.
//   - A file that is cut short, damaged, of another program, of the other store or of a newer
//     version of this one is refused with what to do about it, and is not changed.
//   - A second process waits for the lock for [LockTimeout] and then gets [ErrLocked].
//   - A page that turns out to be damaged, or to lie beyond the end of the file, is an error
//     ([ErrDamaged]) and not a crash.
//   - In a file that was closed, every byte has a meaning that [File.Pages] checks.
//
// Each file begins with the same bucket:
//
//	meta
//	├── store     name of the store that the file holds: "baseline", "history"
//	└── format    version of its layout, decimal: "1"
package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// LockTimeout is how long opening waits for another process that has the file open.
const LockTimeout = time.Second

// initialMap is the address space that a writable file is mapped into from the start, so
// that a writer need not wait for readers when the file outgrows its map. It is not memory. On
// Windows the file itself would grow to that size.
const initialMap = 1 << 30

// smallest is the length that every bbolt file has: two pages of at least 4 KiB.
const smallest = 8 << 10

var (
	// ErrLocked means that another process has the file open.
	ErrLocked = errors.New("in use by another trueboot")
	// ErrDamaged means that the file is not what was written: cut short, overwritten, or a page in it
	// is broken.
	ErrDamaged = errors.New("damaged")
)

var (
	metaBucket = []byte("meta")
	storeKey   = []byte("store")
	formatKey  = []byte("format")
)

// A Layout says what a file has to hold.
type Layout struct {
	Store   string   // what meta/store says
	Format  int      // the version that this program writes, and the only one that it reads
	Buckets []string // the top-level buckets beside meta
}

// A File is an open store. It is safe for concurrent use.
type File struct {
	path   string
	db     *bbolt.DB
	handle *os.File
	broken atomic.Pointer[error] // set once damage was seen; bbolt's locks may then be held for ever

	owner   *File          // of a file that is lent: all reading goes through it
	readers sync.WaitGroup // those that it is lent to
	given   sync.Once      // a lent file is given back once

	begin   sync.Once // marks the file as one that is written to
	begun   error
	changed bool
}

// Open opens the store for reading and writing, and creates it if it does not exist. Its
// folder has to exist.
func Open(path string, layout Layout) (*File, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path, layout); err != nil {
			return nil, fmt.Errorf("%s: create: %w", path, err)
		}
	}
	// Everything that can be wrong with a file is looked for before it is opened for writing.
	checked, err := OpenReadOnly(path, layout)
	if err != nil {
		return nil, err
	}
	if err := checked.Close(); err != nil {
		return nil, err
	}
	f, err := open(path, &bbolt.Options{})
	if err == nil {
		f.offer()
	}
	return f, err
}

// OpenReadOnly opens the store for reading. A store that does not exist is an
// error that wraps fs.ErrNotExist.
func OpenReadOnly(path string, layout Layout) (*File, error) {
	if f := lend(path); f != nil {
		if err := f.View(layout.check); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
		}
		return f, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a file: name the file that holds the %s", path, layout.Store)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s: %w: it is empty, which a store never is: restore it from a backup, or remove it to begin a new one", path, ErrDamaged)
	case info.Size() < smallest:
		return nil, fmt.Errorf("%s: %w, or not a file of trueboot: it has %d bytes: name another file, or restore this one from a backup; it was not changed", path, ErrDamaged, info.Size())
	}
	f, err := open(path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	err = f.topPages()
	if err == nil {
		err = f.View(layout.check)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return f, nil
}

// Path returns the name under which the file was opened.
func (f *File) Path() string { return f.path }

// Close ends the use of the file and gives up its lock.
func (f *File) Close() error {
	if f.owner != nil {
		f.given.Do(f.owner.readers.Done)
		return nil
	}
	f.withdraw()
	if f.changed && f.broken.Load() == nil {
		// What was added is on the disk already. A file that can't be tidied, because the disk is full, is as after a
		// crash, and the next writer tidies it.
		_ = f.tidy()
	}
	if f.broken.Load() != nil {
		return f.abandon()
	}
	if err := f.db.Close(); err != nil {
		return fmt.Errorf("%s: close: %w", f.path, err)
	}
	return nil
}

// abandon closes a damaged file without bbolt, which could wait for ever for a lock of its own. The map
// stays until the process ends, and with it the lock on the file (flock(2)).
func (f *File) abandon() error { return f.handle.Close() }

// create makes a new store beside the path and links it there. Another process that does
// the same at the same time wins or loses as a whole.
func create(path string, layout Layout) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	name := temporary.Name()
	defer os.Remove(name)
	if err := temporary.Close(); err != nil {
		return err
	}
	if err := initialize(name, layout); err != nil {
		return err
	}
	err = os.Link(name, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// A file system without hard links, such as FAT: there is no way without a gap, so
	// at least it is a short one.
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.Rename(name, path)
}

func initialize(path string, layout Layout) error {
	f, err := open(path, &bbolt.Options{})
	if err != nil {
		return err
	}
	err = f.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		for _, name := range layout.Buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return errors.Join(
			meta.Put(storeKey, []byte(layout.Store)),
			meta.Put(formatKey, []byte(strconv.Itoa(layout.Format))),
		)
	})
	return errors.Join(err, f.Close())
}

// open opens the file without a look at what it holds, except that all its pages are there: a
// read beyond the end of a mapped file can end the process.
func open(path string, options *bbolt.Options) (*File, error) {
	f := &File{path: path}
	options.Timeout = LockTimeout
	options.FreelistType = bbolt.FreelistMapType
	options.NoStatistics = true
	if !options.ReadOnly && runtime.GOOS != "windows" {
		options.InitialMmapSize = initialMap
	}
	options.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		var err error
		// The caller saw the file; it must not come into being here.
		f.handle, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
		return f.handle, err
	}
	err := f.guard(func() (err error) {
		f.db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("%s: %w: wait until it is done, or end it", path, ErrLocked)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		return nil, fmt.Errorf("%s: %w, or not a file of trueboot (%w): name another file, or restore this one from a backup; it was not changed", path, ErrDamaged, err)
	case f.broken.Load() != nil:
		return nil, errors.Join(err, f.abandon())
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := f.complete(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// complete compares the file's length with what its first pages say.
func (f *File) complete() error {
	info, err := f.handle.Stat()
	if err != nil {
		return err
	}
	var need int64
	if err := f.View(func(tx *bbolt.Tx) error { need = tx.Size(); return nil }); err != nil {
		return err
	}
	if info.Size() < need {
		return fmt.Errorf("%s: %w: cut short, %d bytes of at least %d are left: restore it from a backup; it was not changed", f.path, ErrDamaged, info.Size(), need)
	}
	return nil
}

// check refuses a file that is not a store of this layout.
func (l Layout) check(tx *bbolt.Tx) error {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		return errors.New("a bbolt file, but not one of trueboot: name another file")
	}
	store, number := meta.Get(storeKey), meta.Get(formatKey)
	if most := 100; len(store) > most || len(number) > most {
		return fmt.Errorf("%w: what it says of itself is too long: restore it from a backup; it was not changed", ErrDamaged)
	}
	if string(store) != l.Store {
		return fmt.Errorf("holds %q where the %s was looked for: name another file", store, l.Store)
	}
	format, err := strconv.Atoi(string(number))
	switch {
	case err != nil || format < 1:
		return fmt.Errorf("%w: its format is %q: restore it from a backup; it was not changed", ErrDamaged, number)
	case format > l.Format:
		return fmt.Errorf("has format %d, written by a newer trueboot; this one reads format %d: use the newer program; the file was not changed", format, l.Format)
	case format < l.Format:
		return fmt.Errorf("has format %d, written by an older trueboot; this one reads format %d: use the older program; the file was not changed", format, l.Format)
	}
	for _, name := range l.Buckets {
		if tx.Bucket([]byte(name)) == nil {
			return fmt.Errorf("%w: bucket %q is missing: restore it from a backup; it was not changed", ErrDamaged, name)
		}
	}
	return nil
}
