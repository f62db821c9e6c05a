// Package history keeps what visits taught: runs, facts, findings and the raw replies behind them, in a
// file, history.db, to which things are only ever added.
//
//	meta                                  see package boltfile
//	runs
//	└── <run, 8 bytes>                    the Run as it began, JSON, as an item
//	ends
//	└── <run, 8 bytes>                    how it ended, JSON, as an item; missing while it goes on, and after a crash
//	visits
//	└── <run, 8 bytes>
//	    └── <device>                      the Visit without the texts of its replies, as an item of three parts
//	replies
//	└── <SHA-256, 32 bytes>               a reply as received, as a record of package boltfile; the same text is kept once
//	chain
//	└── <number, 8 bytes>                 an entry, JSON: what was added, its SHA-256, and that of the entry before
//
// Numbers are big endian and begin with 1. An item is the number of its entry in the chain, 8 bytes,
// followed by a record of package boltfile. The parts of a visit end with a line feed each: its outcome, for those who
// look for the last assessed one, JSON, and the set in its text form, which reads back much faster.
//
// # The chain
//
// Whatever is added gets an entry. An entry holds the SHA-256 of the item's text, and through the
// digests in a visit that of every reply; it also holds the SHA-256 of the entry before it. So the last
// entry's digest, the head, stands for all that was ever added: [Store.Verify] recomputes it. It
// notices whatever was changed by somebody who did not compute the rest anew. Against somebody who did,
// only a head that was noted elsewhere helps.
package history

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
)

var (
	runs    = []byte("runs")
	ends    = []byte("ends")
	visits  = []byte("visits")
	replies = []byte("replies")
	chain   = []byte("chain")
)

var layout = boltfile.Layout{Store: "history", Format: 1, Buckets: []string{"runs", "ends", "visits", "replies", "chain"}}

// A Store is an open history.db. It is safe for concurrent use.
type Store struct{ file *boltfile.File }

// Open opens the store and creates it if it does not exist. The error is boltfile.ErrLocked when another
// process has it open.
func Open(path string) (*Store, error) { return wrap(boltfile.Open(path, layout)) }

// OpenReadOnly opens the store for reading. Where there is none yet, the error is fs.ErrNotExist:
// nothing was ever visited. While it is open, nobody can open it for writing.
func OpenReadOnly(path string) (*Store, error) { return wrap(boltfile.OpenReadOnly(path, layout)) }

func wrap(file *boltfile.File, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	return &Store{file}, nil
}

// Close gives the file up. A run that was not ended stays unfinished.
func (s *Store) Close() error { return s.file.Close() }

func key(number uint64) []byte { return binary.BigEndian.AppendUint64(nil, number) }

// itemHeader is how many bytes of an item stand before its record: the number of its entry.
const itemHeader = 8

// newItem makes an item of a text. Its number is set when it gets its entry.
func newItem(text []byte) ([]byte, error) { return boltfile.Append(make([]byte, itemHeader), text) }

func setNumber(item []byte, number uint64) { binary.BigEndian.PutUint64(item, number) }

// splitItem takes an item apart.
func splitItem(item []byte) (number uint64, record []byte, err error) {
	if len(item) < itemHeader {
		return 0, nil, fmt.Errorf("%w: an item of %d bytes", boltfile.ErrDamaged, len(item))
	}
	return binary.BigEndian.Uint64(item), item[itemHeader:], nil
}

// open returns the number of an item and its text.
func open(item []byte) (number uint64, text []byte, err error) {
	number, record, err := splitItem(item)
	if err == nil {
		text, err = boltfile.Unpack(record)
	}
	return number, text, err
}

// read decodes what an item holds; what names it, in an error.
func (s *Store) read(what string, item []byte, value any) error {
	_, text, err := open(item)
	if err == nil {
		err = json.Unmarshal(text, value)
	}
	if err != nil {
		return s.unreadable(what, err)
	}
	return nil
}

func (s *Store) unreadable(what string, err error) error {
	return fmt.Errorf("%s: %s: %w: see trueboot evidence verify, or restore the file from a backup", s.file.Path(), what, err)
}

// get returns a copy of what a bucket holds under a key, nil for nothing. The names lead to the bucket.
func (s *Store) get(k []byte, names ...[]byte) (value []byte, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(names[0])
		for _, name := range names[1:] {
			if b = b.Bucket(name); b == nil {
				return nil
			}
		}
		if v := b.Get(k); v != nil {
			value = boltfile.Clone(v)
		}
		return nil
	})
	return value, err
}
