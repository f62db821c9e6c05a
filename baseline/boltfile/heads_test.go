package boltfile

import (
	"errors"
	"os"
	"testing"
)

func TestHeads(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := OpenReadOnly(path, things)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Heads(); err != nil {
		t.Errorf("a sound file: %v", err)
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
		if err := f.Heads(); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d: error %v", at, err)
		}
		f.Close()
	}
}
