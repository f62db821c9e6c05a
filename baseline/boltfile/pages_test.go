package boltfile

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"go.etcd.io/bbolt"
)

// grown is a store with all that a bbolt file can have: pages of three levels, values of several pages, buckets with a page
// of their own and without, and pages that became free.
func grown(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "things.db")
	f, err := Open(path, things)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		err := f.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte("shelf"))
			for i := range 400 {
				k := fmt.Appendf(nil, "%0200d", 3*i+round)
				if i%7 == round {
					if err := b.Delete(fmt.Appendf(nil, "%0200d", 3*i)); err != nil {
						return err
					}
				}
				if err := b.Put(k, bytes.Repeat([]byte{byte(i)}, 20)); err != nil {
					return err
				}
			}
			if err := b.Put([]byte("long"), bytes.Repeat([]byte("l"), 30_000)); err != nil {
				return err
			}
			small, err := b.CreateBucketIfNotExists([]byte("small"))
			if err != nil {
				return err
			}
			return small.Put([]byte("k"), []byte("v"))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// account is what Pages says of a file.
func account(t testing.TB, path string) (closed bool, err error) {
	t.Helper()
	f, err := OpenReadOnly(path, things)
	if err != nil {
		return false, err
	}
	defer f.Close()
	return f.Pages(t.Context())
}

// contents are all keys and values of a file.
func contents(t testing.TB, path string) string {
	t.Helper()
	f, err := OpenReadOnly(path, things)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all bytes.Buffer
	var walk func(b *bbolt.Bucket) error
	walk = func(b *bbolt.Bucket) error {
		fmt.Fprintln(&all, b.Sequence())
		return b.ForEach(func(k, v []byte) error {
			fmt.Fprintf(&all, "%q %q\n", k, v)
			if v == nil {
				return walk(b.Bucket(k))
			}
			return nil
		})
	}
	err = f.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			fmt.Fprintf(&all, "%q\n", name)
			return walk(b)
		})
	})
	if err != nil {
		return err.Error()
	}
	return all.String()
}

// TestPagesOneByte changes one byte of a file. Where Pages is content, somebody who has a digest of the contents is not.
func TestPagesOneByte(t *testing.T) {
	path := grown(t)
	closed, err := account(t, path)
	if err != nil || closed == (runtime.GOOS == "windows") {
		t.Fatalf("closed: %v, error: %v", closed, err)
	}
	if !closed {
		t.Skip("a file does not end with its last page here, so its free pages are not looked at")
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := contents(t, path)
	random := rand.New(rand.NewPCG(3, 4))
	spoiled := path + ".spoiled"
	const rounds = 300
	size := os.Getpagesize()
	for i := range rounds {
		at := random.IntN(len(whole))
		if i%2 == 0 { // the bytes that tell what a page is are few
			at = at/size*size + random.IntN(min(128, size))
		}
		changed := bytes.Clone(whole)
		changed[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(spoiled, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := account(t, spoiled); err == nil && contents(t, spoiled) == want {
			t.Errorf("byte %d of page %d was changed from %#x to %#x, and nobody could notice", at%size, at/size, whole[at], changed[at])
		} else if err != nil && !errors.Is(err, ErrDamaged) && !bytes.Contains([]byte(err.Error()), []byte("not changed")) && !bytes.Contains([]byte(err.Error()), []byte("name another file")) {
			t.Errorf("byte %d of page %d: %v", at%size, at/size, err)
		}
	}
}

// TestHeads spoils the two pages with which a file begins. bbolt does with one of them.
func TestHeads(t *testing.T) {
	path := grown(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{headBegins, headSum - 1, headEnds - 1, os.Getpagesize() + headBegins, os.Getpagesize() + headEnds - 1} {
		whole[at] ^= 4
		spoiled := path + ".spoiled"
		if err := os.WriteFile(spoiled, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		whole[at] ^= 4
		f, err := OpenReadOnly(spoiled, things)
		if err != nil {
			t.Fatalf("byte %d: bbolt does with one head: %v", at, err)
		}
		if _, err := f.Pages(t.Context()); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d: error %v", at, err)
		}
		f.Close()
	}
}

// TestNotClosed looks at a file as a killed writer leaves it: that is no damage, and the next writer tidies it.
func TestNotClosed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file is closed in this sense here")
	}
	path := grown(t)
	f, err := Open(path, things)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		err := f.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("shelf")).Put(fmt.Appendf(nil, "%0200d", 5000+i), []byte("v"))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if closed, err := account(t, path); err != nil || !closed {
		t.Errorf("after it was closed: closed %v, error %v", closed, err)
	}
	killed := path + ".killed"
	if err := os.WriteFile(killed, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if closed, err := account(t, killed); err != nil || closed {
		t.Errorf("after a kill: closed %v, error %v", closed, err)
	}
	want := contents(t, killed)
	g, err := Open(killed, things)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.Update(func(*bbolt.Tx) error { return nil }), g.Close()); err != nil {
		t.Fatal(err)
	}
	if closed, err := account(t, killed); err != nil || !closed {
		t.Errorf("after the next writer: closed %v, error %v", closed, err)
	}
	if contents(t, killed) != want {
		t.Error("the next writer changed what was there")
	}
}

// TestOnlyRead holds that who only reads, be it with the right to write, leaves the file as it is.
func TestOnlyRead(t *testing.T) {
	path := grown(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, things)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.View(func(*bbolt.Tx) error { return nil }), f.Close()); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}
