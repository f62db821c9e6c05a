package history

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
)

// filled is a store of two runs with three visits, seven entries and seven replies in all.
func filled(t testing.TB, path string) {
	t.Helper()
	s := reopened(t, path)
	addRun(t, s, visited("core1", "flash:a.bin"), visited("core2", "flash:b.bin"))
	addRun(t, s, visited("core1", "flash:c.bin"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func verify(t testing.TB, path, head string) (*Report, error) {
	t.Helper()
	s, err := OpenReadOnly(path)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Verify(t.Context(), head)
}

// tamper changes the file as somebody would who knows this program.
func tamper(t testing.TB, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	file, err := boltfile.Open(path, layout)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Update(change), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// repacked replaces words in an item, with the item's checksum computed anew.
func repacked(t testing.TB, stored []byte, from, to string) []byte {
	t.Helper()
	n, text, err := open(stored)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte(from), []byte(to), 1)
	if bytes.Equal(changed, text) {
		t.Fatalf("no %q in %s", from, text)
	}
	item, err := newItem(changed)
	if err != nil {
		t.Fatal(err)
	}
	setNumber(item, n)
	return item
}

func TestVerify(t *testing.T) {
	core2 := []byte("core2")
	reply := func(tx *bbolt.Tx) []byte {
		sum := sha256.Sum256([]byte(visited("core2", "flash:b.bin").Replies[0].Text))
		return sum[:]
	}
	put := func(k []byte, edit func([]byte) []byte, names ...[]byte) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			b := tx.Bucket(names[0])
			for _, n := range names[1:] {
				b = b.Bucket(n)
			}
			return b.Put(k, edit(bytes.Clone(b.Get(k))))
		}
	}
	for _, test := range []struct {
		name   string
		change func(*bbolt.Tx) error
		want   string // a part of the only damage; empty for none
	}{
		{"untouched", func(*bbolt.Tx) error { return nil }, ""},
		{"verdict", put(core2, func(v []byte) []byte { return repacked(t, v, `"PASS"`, `"FAIL"`) }, visits, key(1)),
			`visit of "core2" in run 1: it was changed`},
		{"fact", put(core2, func(v []byte) []byte { return repacked(t, v, `flash:b.bin`, `flash:a.bin`) }, visits, key(1)),
			`visit of "core2" in run 1: it was changed`},
		{"checksum", put(core2, func(v []byte) []byte { v[9] ^= 1; return v }, visits, key(1)),
			`visit of "core2" in run 1: damaged`},
		{"who ran it", put(key(2), func(v []byte) []byte { return repacked(t, v, "jo@noc1", "al@noc1") }, runs),
			`run 2: it was changed`},
		{"how it ended", put(key(1), func(v []byte) []byte { return repacked(t, v, `"interrupted":false`, `"interrupted":true`) }, ends),
			`end of run 1: it was changed`},
		{"visit deleted", func(tx *bbolt.Tx) error { return tx.Bucket(visits).Bucket(key(1)).Delete(core2) },
			`visit of "core2" in run 1: entry 3 tells of it, and it is missing`},
		{"visit in the place of another", func(tx *bbolt.Tx) error {
			b := tx.Bucket(visits).Bucket(key(1))
			return b.Put(core2, bytes.Clone(b.Get([]byte("core1"))))
		}, `visit of "core2" in run 1: it belongs to entry 2`},
		{"visit added", func(tx *bbolt.Tx) error {
			b := tx.Bucket(visits).Bucket(key(1))
			return b.Put([]byte("core3"), bytes.Clone(b.Get(core2)))
		}, `visit of "core3" in run 1: damaged: the chain does not tell of it`},
		{"run added", func(tx *bbolt.Tx) error { return tx.Bucket(runs).Put(key(9), bytes.Clone(tx.Bucket(runs).Get(key(1)))) },
			`run 9: damaged: the chain does not tell of it`},
		{"reply changed", func(tx *bbolt.Tx) error {
			record, err := boltfile.Pack([]byte("all is well\r\n"))
			return errors.Join(err, tx.Bucket(replies).Put(reply(tx), record))
		}, `its SHA-256 is not the one that it is kept under`},
		{"reply deleted", func(tx *bbolt.Tx) error { return tx.Bucket(replies).Delete(reply(tx)) },
			`visit of "core2" in run 1: its reply to "show version" is missing`},
		{"last entry deleted, with what it tells of", func(tx *bbolt.Tx) error {
			return errors.Join(tx.Bucket(chain).Delete(key(7)), tx.Bucket(ends).Delete(key(2)))
		}, `chain: the head `},
		{"entry deleted", func(tx *bbolt.Tx) error { return tx.Bucket(chain).Delete(key(2)) },
			"entry 3: it follows entry 1"},
		{"first entry deleted", func(tx *bbolt.Tx) error { return tx.Bucket(chain).Delete(key(1)) },
			"entry 2: it follows entry 0"},
		{"entry spelled otherwise", put(key(2), func(v []byte) []byte { return append(v, ' ') }, chain),
			"entry 2: it is not as it was written"},
		{"entry emptied", put(key(2), func([]byte) []byte { return []byte("{}") }, chain), "entry 2: it says that it is entry 0"},
		{"forged with its digest", func(tx *bbolt.Tx) error {
			b := tx.Bucket(visits).Bucket(key(1))
			forged := repacked(t, b.Get(core2), `"PASS"`, `"FAIL"`)
			_, text, _ := open(forged)
			var e entry
			if err := json.Unmarshal(tx.Bucket(chain).Get(key(3)), &e); err != nil {
				return err
			}
			e.SHA256 = digest(text)
			changed, err := json.Marshal(e)
			return errors.Join(err, b.Put(core2, forged), tx.Bucket(chain).Put(key(3), changed))
		}, "entry 4: its digest of the entry before is not that entry's"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			filled(t, path)
			sound, err := verify(t, path, "")
			if err != nil || len(sound.Damages) > 0 || sound.Entries != 7 || sound.Visits != 3 || sound.Replies != 5 {
				t.Fatalf("%+v, %v", sound, err)
			}
			tamper(t, path, test.change)
			r, err := verify(t, path, sound.Head)
			if err != nil {
				t.Fatal(err)
			}
			var damages []string
			for _, d := range r.Damages {
				damages = append(damages, d.String())
			}
			all := strings.Join(damages, "\n")
			if test.want == "" && all != "" || !strings.Contains(all, test.want) {
				t.Errorf("damages:\n%s\nwant %q", all, test.want)
			}
		})
	}
}

// TestVerifyEndTellsVisits cuts a visit out so that the chain holds again, but for the number of visits
// that the run ended with.
func TestVerifyEndTellsVisits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := reopened(t, path)
	addRun(t, s, visited("core1", "flash:a.bin"), visited("core2", "flash:b.bin"))
	s.Close()
	tamper(t, path, func(tx *bbolt.Tx) error {
		b := tx.Bucket(chain)
		_, text, err := open(tx.Bucket(ends).Get(key(1)))
		if err != nil {
			return err
		}
		item, err := newItem(text)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.Bucket(visits).Bucket(key(1)).Delete([]byte("core2")), b.Delete(key(4)), b.Delete(key(3))); err != nil {
			return err
		}
		n, err := add(tx, entry{What: endEntry, Run: 1, SHA256: digest(text)})
		setNumber(item, n)
		return errors.Join(err, tx.Bucket(ends).Put(key(1), item))
	})
	r, err := verify(t, path, "")
	if err != nil || len(r.Damages) != 1 || !strings.Contains(r.Damages[0].What, "had 2 visits when it ended, and the chain tells of 1") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestVerifyHead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := reopened(t, path)
	empty, err := s.Verify(t.Context(), "")
	if err != nil || empty.Head != strings.Repeat("0", 64) {
		t.Fatalf("%+v, %v", empty, err)
	}
	addRun(t, s, visited("core1", "flash:a.bin"))
	before, err := s.Verify(t.Context(), empty.Head)
	if err != nil || len(before.Damages) > 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	addRun(t, s, visited("core1", "flash:b.bin"))
	for head, damages := range map[string]int{before.Head: 0, strings.Repeat("ab", 32): 1, "no digest": 1} {
		r, err := s.Verify(t.Context(), head)
		if err != nil || len(r.Damages) != damages {
			t.Errorf("head %s: %+v, %v", head, r, err)
		}
	}
}

func TestVerifyManyDamages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	filled(t, path)
	tamper(t, path, func(tx *bbolt.Tx) error {
		for i := range MaxDamages + 5 {
			if err := tx.Bucket(replies).Put([]byte(fmt.Sprintf("%032d", i)), []byte("no record")); err != nil {
				return err
			}
		}
		return nil
	})
	r, err := verify(t, path, "")
	if err != nil || len(r.Damages) != MaxDamages+1 || r.Damages[MaxDamages].Where != "and" {
		t.Errorf("%d damages, %v", len(r.Damages), err)
	}
}

func TestVerifyCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	filled(t, path)
	s := reopened(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Verify(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestOneByte changes one byte of the file, every some hundredth of them. Either the store
// is refused, or Verify tells.
func TestOneByte(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file does not end with its last page there, so its free pages are not looked at")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "history.db")
	filled(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := verify(t, path, ""); err != nil || len(r.Damages) > 0 || !r.Closed {
		t.Fatalf("%+v, %v", r, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	spoiled := filepath.Join(folder, "spoiled.db")
	for at := 0; at < len(whole); at += 1 + random.IntN(2*len(whole)/oneByteRounds) {
		changed := bytes.Clone(whole)
		changed[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(spoiled, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := verify(t, spoiled, ""); err == nil && len(r.Damages) == 0 {
			t.Errorf("byte %d of page %d was changed from %#x to %#x, and nobody noticed", at%4096, at/4096, whole[at], changed[at])
		}
	}
}

// oneByteRounds is how many bytes are changed, about.
const oneByteRounds = 300
