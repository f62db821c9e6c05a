package boltfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

var things = Layout{Store: "things", Format: 1, Buckets: []string{"shelf"}}

// filled returns the path of a store that holds some hundred pages.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "things.db")
	f := mustOpen(t, path)
	err := f.Update(func(tx *bbolt.Tx) error {
		for i := range 200 {
			if err := tx.Bucket([]byte("shelf")).Put([]byte{byte(i)}, bytes.Repeat([]byte{byte(i)}, 3000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustOpen(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path, things)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pages returns the file as far as it is in use; bbolt keeps room behind that.
func pages(t *testing.T, path string) []byte {
	t.Helper()
	f := mustOpen(t, path)
	defer f.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.View(func(tx *bbolt.Tx) error { content = content[:tx.Size()]; return nil }); err != nil {
		t.Fatal(err)
	}
	return content
}

// readAll reads every page of the shelf.
func readAll(f *File) (count int, err error) {
	err = f.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("shelf")).ForEach(func(_, v []byte) error {
			count += len(bytes.Clone(v)) / 3000
			return nil
		})
	})
	return count, err
}

func TestOpenCreatesWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "things.db")
	var openers sync.WaitGroup
	for range 8 {
		openers.Go(func() {
			f, err := Open(path, things)
			if err != nil && !errors.Is(err, ErrLocked) {
				t.Error(err)
			}
			if err == nil {
				if err := f.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	openers.Wait()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != "things.db" {
		t.Errorf("the folder holds %v", entries)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: others can read what devices said", info.Mode())
	}
}

func TestOpenReadOnlyWithoutFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "things.db")
	if _, err := OpenReadOnly(path, things); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("opening for reading made a file")
	}
}

// TestRefused holds that a file that can't be used is refused with the reason, and stays
// as it was.
func TestRefused(t *testing.T) {
	whole := pages(t, filled(t))
	changed := func(change func(*bbolt.Tx) error) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(db.Update(change), db.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	content := func(b []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name    string
		spoil   func(*testing.T, string)
		damaged bool
		words   string
	}{
		{"empty", content(nil), true, "it is empty"},
		{"one byte", content(whole[:1]), true, "restore this one from a backup"},
		{"half a page", content(whole[:2000]), true, "restore this one from a backup"},
		{"one page", content(whole[:4096]), true, "restore this one from a backup"},
		{"two pages", content(whole[:8192]), true, "cut short"},
		{"half", content(whole[:len(whole)/2]), true, "cut short"},
		{"text", content(bytes.Repeat([]byte("hostname core1\n"), 5000)), true, "not a file of trueboot"},
		{"zeros", content(make([]byte, 1<<20)), true, "not a file of trueboot"},
		{"both heads", content(append(make([]byte, 8192), whole[8192:]...)), true, "not a file of trueboot"},
		{"foreign", changed(func(tx *bbolt.Tx) error { return tx.DeleteBucket(metaBucket) }), false, "not one of trueboot"},
		{"other store", changed(func(tx *bbolt.Tx) error {
			return tx.Bucket(metaBucket).Put(storeKey, []byte("history"))
		}), false, `holds "history" where the things was looked for`},
		{"newer", changed(func(tx *bbolt.Tx) error {
			return tx.Bucket(metaBucket).Put(formatKey, []byte("3"))
		}), false, "has format 3, written by a newer trueboot; this one reads format 1"},
		{"no format", changed(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(formatKey) }), true, `its format is ""`},
		{"bucket missing", changed(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("shelf")) }), true, `bucket "shelf" is missing`},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "things.db")
			content(whole)(t, path)
			test.spoil(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, open := range []func(string, Layout) (*File, error){Open, OpenReadOnly} {
				f, err := open(path, things)
				if err == nil {
					f.Close()
					t.Fatal("opened")
				}
				if errors.Is(err, ErrDamaged) != test.damaged || !strings.Contains(err.Error(), test.words) || !strings.Contains(err.Error(), path) {
					t.Errorf("error %q, want the path and %q", err, test.words)
				}
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenFolder(t *testing.T) {
	if _, err := Open(t.TempDir(), things); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("error %v", err)
	}
}

// TestCutShortWhileOpen reads a file that somebody cuts short after it was opened: a fault of the
// memory map, which has to be an error and not the end of the process.
func TestCutShortWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file can't be cut short there")
	}
	path := filled(t)
	f := mustOpen(t, path)
	if err := os.Truncate(path, 16384); err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(f); !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v, want ErrDamaged", err)
	}
	if err := f.Update(func(*bbolt.Tx) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("a later write: error %v, want ErrDamaged", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestDamagedPages overwrites one page after the other; each reads as before or as an error.
func TestDamagedPages(t *testing.T) {
	whole := pages(t, filled(t))
	noticed := 0
	for page := 2; page < len(whole)/4096; page++ {
		spoiled := bytes.Clone(whole)
		for i := range 64 {
			spoiled[page*4096+i] ^= 0xff
		}
		path := filepath.Join(t.TempDir(), "things.db") // a damaged file stays locked while the process lives
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path, things)
		count := 0
		if err == nil {
			count, err = readAll(f)
			f.Close()
		}
		if err == nil && count != 200 {
			t.Errorf("page %d: %d records and no error", page, count)
		}
		if err != nil {
			noticed++
		}
	}
	if noticed < 50 {
		t.Errorf("%d of %d damaged pages were noticed", noticed, len(whole)/4096)
	}
}

func TestLocked(t *testing.T) {
	path := filled(t)
	if os.Getenv("BOLTFILE_HOLD") != "" {
		hold(os.Getenv("BOLTFILE_HOLD"))
		return
	}
	holder := exec.Command(os.Args[0], "-test.run=^TestLocked$")
	holder.Env = append(os.Environ(), "BOLTFILE_HOLD="+path)
	release, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	held, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := held.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for _, open := range []func(string, Layout) (*File, error){Open, OpenReadOnly} {
		begun := time.Now()
		_, err := open(path, things)
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path+": in use by another trueboot: wait") {
			t.Errorf("error %v, want ErrLocked", err)
		}
		if waited := time.Since(begun); waited > 10*LockTimeout {
			t.Errorf("waited %v", waited)
		}
	}
	release.Close()
	if err := holder.Wait(); err != nil {
		t.Fatal(err)
	}
	f := mustOpen(t, path)
	if count, err := readAll(f); count != 200 || err != nil {
		t.Errorf("%d records, error %v", count, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// hold keeps the file open until standard input ends.
func hold(path string) {
	f, err := Open(path, things)
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(".")
	os.Stdin.Read(make([]byte, 1))
	f.Close()
}

func TestReadersTogether(t *testing.T) {
	path := filled(t)
	first, err := OpenReadOnly(path, things)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := OpenReadOnly(path, things)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if err := second.Update(func(*bbolt.Tx) error { return nil }); err == nil {
		t.Error("a write through a file that was opened for reading")
	}
}

func TestUpdateKeepsNothingOfAnError(t *testing.T) {
	path := filled(t)
	f := mustOpen(t, path)
	defer f.Close()
	sentinel := errors.New("no")
	err := f.Update(func(tx *bbolt.Tx) error {
		return errors.Join(tx.Bucket([]byte("shelf")).Put([]byte("new"), nil), sentinel)
	})
	if !errors.Is(err, sentinel) {
		t.Errorf("error %v", err)
	}
	if count, err := readAll(f); count != 200 || err != nil {
		t.Errorf("%d records, error %v", count, err)
	}
}
