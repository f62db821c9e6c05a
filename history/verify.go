package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
)

// A Damage is something in the file that is not what was added to it.
type Damage struct {
	Where string // "entry 12", `visit of "core1" in run 3`, "reply 9f86d081…"
	What  string // what does not hold, in one sentence
}

func (d Damage) String() string { return d.Where + ": " + d.What }

// A Report says what [Store.Verify] found.
type Report struct {
	Entries int    // links of the chain
	Visits  int    // in the chain
	Replies int    // distinct texts
	Head    string // hex, SHA-256 of the last entry; zeros for an empty store
	Closed  bool   // false: the writer was killed, and what stands where the file is free was not looked at
	Damages []Damage
}

// MaxDamages is how many damages a report lists. One more says that there are others.
const MaxDamages = 1000

// errEnough ends a verification that found more than a report lists.
var errEnough = errors.New("enough")

// Verify recomputes every digest: of the replies, the visits, the runs and their ends, and of each entry
// over the one before it; it looks for items that the chain does not tell of, and accounts for every byte of the file
// between them. A head that was noted earlier, unless it is empty, has to be in the chain. The error is the context's, or one
// of reading the file; what does not hold is in the report.
func (s *Store) Verify(ctx context.Context, head string) (*Report, error) {
	v := &verification{store: s, ctx: ctx, head: head, report: &Report{Head: noEntry}, visits: make(map[uint64]int)}
	v.headSeen = head == "" || head == noEntry
	for _, step := range []func() error{v.pages, v.sequences, v.replies, v.chain, v.items} {
		err := step()
		if errors.Is(err, errEnough) {
			return v.report, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return v.report, nil
}

type verification struct {
	store    *Store
	ctx      context.Context
	report   *Report
	head     string
	headSeen bool
	visits   map[uint64]int // how many the chain tells of, for each run
}

func (v *verification) damage(where, format string, args ...any) error {
	v.report.Damages = append(v.report.Damages, Damage{where, fmt.Sprintf(format, args...)})
	if len(v.report.Damages) < MaxDamages {
		return nil
	}
	v.report.Damages = append(v.report.Damages, Damage{"and", "more, which are not listed"})
	return errEnough
}

// walkChunk is how many bytes are copied out of the file in one transaction, about.
const walkChunk = 4 << 20

// walk calls each with a copy of every key and value of a bucket.
func (v *verification) walk(names [][]byte, each func(k, value []byte) error) error {
	var next []byte
	for {
		var keys, values [][]byte
		err := v.store.file.View(func(tx *bbolt.Tx) error {
			b := tx.Bucket(names[0])
			for _, name := range names[1:] {
				b = b.Bucket(name)
			}
			if b == nil {
				next = nil
				return nil
			}
			c, size := b.Cursor(), 0
			k, value := c.Seek(next)
			for ; k != nil && size < walkChunk; k, value = c.Next() {
				keys, values = append(keys, boltfile.Clone(k)), append(values, boltfile.Clone(value))
				size += len(k) + len(value)
			}
			next = boltfile.Clone(k)
			return nil
		})
		if err != nil {
			return err
		}
		for i := range keys {
			if err := v.ctx.Err(); err != nil {
				return context.Cause(v.ctx)
			}
			if err := each(keys[i], values[i]); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
	}
}

// pages checks all that is in the file beside what was put into it. Where that is damaged, nothing else is looked at: pages that
// refer to each other in a circle would be followed for ever.
func (v *verification) pages() (err error) {
	v.report.Closed, err = v.store.file.Pages(v.ctx)
	if !errors.Is(err, boltfile.ErrDamaged) {
		return err
	}
	if err := v.damage("file", "%v; what it holds was not looked at", err); err != nil {
		return err
	}
	return errEnough
}

// sequences checks the counters of the buckets: runs has that of the last run, and no other counts.
func (v *verification) sequences() error {
	var wrong []string
	err := v.store.file.View(func(tx *bbolt.Tx) error {
		check := func(what string, b *bbolt.Bucket, want uint64) {
			if got := b.Sequence(); got != want {
				wrong = append(wrong, fmt.Sprintf("the counter of %s is %d and not %d", what, got, want))
			}
		}
		last, _ := tx.Bucket(runs).Cursor().Last()
		check("runs", tx.Bucket(runs), number64(last))
		for _, name := range [][]byte{ends, visits, replies, chain} {
			check(string(name), tx.Bucket(name), 0)
		}
		return tx.Bucket(visits).ForEachBucket(func(run []byte) error {
			check(fmt.Sprintf("visits of run %d", number64(run)), tx.Bucket(visits).Bucket(run), 0)
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, w := range wrong {
		if err := v.damage("file", "%s", w); err != nil {
			return err
		}
	}
	return nil
}

// replies checks each text against the digest that it is kept under.
func (v *verification) replies() error {
	return v.walk([][]byte{replies}, func(sum, record []byte) error {
		v.report.Replies++
		if _, err := replyText(sum, record); err != nil {
			return v.damage("reply "+hex.EncodeToString(sum), "%v", err)
		}
		return nil
	})
}

// chain checks the entries, and that what each tells of is there.
func (v *verification) chain() error {
	previous := noEntry
	expected := uint64(1)
	err := v.walk([][]byte{chain}, func(k, text []byte) error {
		v.report.Entries++
		n := number64(k)
		where := fmt.Sprintf("entry %d", n)
		var e entry
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&e); err != nil {
			e = entry{}
			if err := v.damage(where, "it can't be read: %v", err); err != nil {
				return err
			}
		} else if again, err := json.Marshal(e); err != nil || !bytes.Equal(again, text) {
			if err := v.damage(where, "it is not as it was written"); err != nil {
				return err
			}
		}
		var err error
		switch {
		case n != expected:
			err = v.damage(where, "it follows entry %d: what was between them is missing", expected-1)
		case e.Number != n:
			err = v.damage(where, "it says that it is entry %d", e.Number)
		case e.Previous != previous:
			err = v.damage(where, "its digest of the entry before is not that entry's: one of them was changed")
		}
		if err != nil {
			return err
		}
		expected, previous = n+1, digest(text)
		v.report.Head = previous
		if previous == v.head {
			v.headSeen = true
		}
		return v.told(e)
	})
	if err != nil || v.headSeen {
		return err
	}
	return v.damage("chain", "the head %s is not in it: entries after it were cut off, or all were written anew", v.head)
}

// told checks that what an entry tells of is there as it was added.
func (v *verification) told(e entry) error {
	var stored []byte
	var err error
	where := fmt.Sprintf("run %d", e.Run)
	switch e.What {
	case runEntry:
		stored, err = v.store.get(key(e.Run), runs)
	case endEntry:
		where = "end of " + where
		stored, err = v.store.get(key(e.Run), ends)
	case visitEntry:
		v.report.Visits++
		v.visits[e.Run]++
		where = fmt.Sprintf("visit of %q in run %d", e.Device, e.Run)
		stored, err = v.store.get([]byte(e.Device), visits, key(e.Run))
	default:
		return nil // an entry that can't be read is a damage already, and of this format there are no others
	}
	if err != nil {
		return err
	}
	if stored == nil {
		return v.damage(where, "entry %d tells of it, and it is missing", e.Number)
	}
	n, text, err := open(stored)
	switch {
	case err != nil:
		return v.damage(where, "%v", err)
	case n != e.Number:
		return v.damage(where, "it belongs to entry %d, and entry %d tells of it", n, e.Number)
	case digest(text) != e.SHA256:
		return v.damage(where, "it was changed: its SHA-256 is not the one in entry %d", e.Number)
	case e.What == runEntry:
		return nil
	case e.What == endEntry:
		var ended end
		if err := json.Unmarshal(text, &ended); err != nil {
			return v.damage(where, "%v", err)
		}
		if ended.Visits != v.visits[e.Run] {
			return v.damage(where, "the run had %d visits when it ended, and the chain tells of %d", ended.Visits, v.visits[e.Run])
		}
		return nil
	}
	visit, err := parseVisit(text)
	if err != nil {
		return v.damage(where, "%v", err)
	}
	return v.answered(where, visit)
}

// answered checks that the replies of a visit are there. That each is what its digest says was checked before.
func (v *verification) answered(where string, visit Visit) error {
	missing := ""
	err := v.store.file.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(replies)
		for _, r := range visit.Replies {
			if sum, err := hex.DecodeString(r.SHA256); err != nil || b.Get(sum) == nil {
				missing = r.Command
				return nil
			}
		}
		return nil
	})
	if err != nil || missing == "" {
		return err
	}
	return v.damage(where, "its reply to %q is missing", missing)
}

// items looks for what the chain does not tell of.
func (v *verification) items() error {
	for _, b := range []struct {
		name []byte
		what string
	}{{runs, runEntry}, {ends, endEntry}} {
		err := v.walk([][]byte{b.name}, func(k, stored []byte) error {
			return v.listed(stored, entry{What: b.what, Run: number64(k)})
		})
		if err != nil {
			return err
		}
	}
	return v.walk([][]byte{visits}, func(run, value []byte) error {
		if value != nil {
			return v.damage("visits", "something is there that is not a run's: %x", run)
		}
		return v.walk([][]byte{visits, run}, func(device, stored []byte) error {
			return v.listed(stored, entry{What: visitEntry, Run: number64(run), Device: string(device)})
		})
	})
}

// listed checks that the entry that an item names tells of that item.
func (v *verification) listed(stored []byte, want entry) error {
	var e entry
	if len(stored) >= 8 {
		text, err := v.store.get(stored[:8], chain)
		if err != nil {
			return err
		}
		if text != nil && json.Unmarshal(text, &e) != nil {
			return nil // the entry is a damage already
		}
		want.Number = binary.BigEndian.Uint64(stored)
	}
	if e.Number == want.Number && e.What == want.What && e.Run == want.Run && e.Device == want.Device {
		return nil
	}
	where := want.What + " " + strconv.FormatUint(want.Run, 10)
	if want.Device != "" {
		where = fmt.Sprintf("visit of %q in run %d", want.Device, want.Run)
	}
	return v.damage(where, "%v: the chain does not tell of it", boltfile.ErrDamaged)
}
