package boltfile

import (
	"fmt"
	"path/filepath"
	"sync"
)

// shared are the files that this process has open for writing, by absolute path, where they are shared.
var shared struct {
	sync.Mutex
	on    bool
	files map[string]*File
}

// Share makes [OpenReadOnly] read, from now on, through a file that this process has open for writing, where it has: a daemon answers what people ask while it
// sweeps. Without it, and in every other process, such a file is [ErrLocked].
func Share() {
	shared.Lock()
	defer shared.Unlock()
	shared.on, shared.files = true, map[string]*File{}
}

func key(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		return absolute
	}
	return path
}

// offer makes a writable file one that others may read.
func (f *File) offer() {
	shared.Lock()
	defer shared.Unlock()
	if shared.on {
		shared.files[key(f.path)] = f
	}
}

// withdraw takes it back, and waits until nobody reads it any more.
func (f *File) withdraw() {
	shared.Lock()
	if name := key(f.path); shared.files[name] == f {
		delete(shared.files, name)
	}
	shared.Unlock()
	if f.broken.Load() == nil { // otherwise a reader may wait for a lock of bbolt's for ever
		f.readers.Wait()
	}
}

// lend returns a file that reads through one that is open for writing, nil where none is.
func lend(path string) *File {
	shared.Lock()
	defer shared.Unlock()
	owner := shared.files[key(path)]
	if owner == nil {
		return nil
	}
	owner.readers.Add(1)
	return &File{path: path, owner: owner}
}

// errLent is what asks for the bare pages of a file that somebody writes to.
func (f *File) errLent() error {
	return fmt.Errorf("%s: %w: its pages are checked when nobody writes to it", f.path, ErrLocked)
}
