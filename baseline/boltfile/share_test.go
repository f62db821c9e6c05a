package boltfile

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
)

// TestShare has readers at work in a process while it writes, and a writer that closes while they read.
func TestShare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	layout := Layout{Store: "test", Format: 1, Buckets: []string{"things"}}
	Share()
	t.Cleanup(func() {
		shared.Lock()
		shared.on, shared.files = false, nil
		shared.Unlock()
	})
	writer, err := Open(path, layout)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string) error {
		return writer.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("things")).Put([]byte(name), []byte("x")) })
	}
	if err := put("first"); err != nil {
		t.Fatal(err)
	}
	reader, err := OpenReadOnly(path, layout)
	if err != nil {
		t.Fatal(err)
	}
	if err := put("second"); err != nil {
		t.Fatal(err)
	}
	seen := 0
	if err := reader.View(func(tx *bbolt.Tx) error { seen = tx.Bucket([]byte("things")).Stats().KeyN; return nil }); err != nil || seen != 2 {
		t.Errorf("%d, %v", seen, err)
	}
	if err := reader.Update(func(*bbolt.Tx) error { return nil }); err == nil {
		t.Error("a reader wrote")
	}
	if _, err := reader.Pages(t.Context()); !errors.Is(err, ErrLocked) {
		t.Errorf("pages of a file that is written to: %v", err)
	}
	if _, err := OpenReadOnly(path, Layout{Store: "another", Format: 1}); err == nil {
		t.Error("another store")
	}

	closed := make(chan error)
	go func() { closed <- writer.Close() }()
	var readers sync.WaitGroup
	for range 10 {
		readers.Go(func() {
			if err := reader.View(func(tx *bbolt.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
	select {
	case err := <-closed:
		t.Fatalf("the writer closed under a reader: %v", err)
	default:
	}
	for range 2 { // closing twice gives back once
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	again, err := OpenReadOnly(path, layout) // on its own again
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
