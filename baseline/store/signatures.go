package store

import (
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
)

var signatures = []byte("signatures")

// A Signature is a signature of the whole baseline as it was when it was made.
type Signature struct {
	Serial   uint64    `json:"serial"`   // of the manifest that was signed
	Manifest string    `json:"manifest"` // its SHA-256, hex
	Armoured string    `json:"armoured"`
	At       time.Time `json:"at"` // when it was kept here, UTC
}

// Sign keeps a signature.
func (s *Store) Sign(signature Signature) error {
	signature.At = instant(signature.At)
	text, err := json.Marshal(signature)
	if err != nil {
		return err
	}
	return s.file.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists(signatures)
		if err != nil {
			return err
		}
		number, err := bucket.NextSequence()
		if err != nil {
			return err
		}
		return put(bucket, number, text)
	})
}

// Signature returns the last signature, nil where there is none.
func (s *Store) Signature() (last *Signature, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(signatures)
		if bucket == nil {
			return nil
		}
		_, record := bucket.Cursor().Last()
		text, err := boltfile.Unpack(boltfile.Clone(record))
		if err == nil {
			last = new(Signature)
			err = json.Unmarshal(text, last)
		}
		if err != nil {
			return fmt.Errorf("%s: signature: %w: restore the file from a backup", s.file.Path(), err)
		}
		return nil
	})
	return last, err
}
