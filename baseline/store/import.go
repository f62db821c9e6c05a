package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"trueboot/baseline"
	"trueboot/baseline/boltfile"
)

// ErrContradicts means that an import holds something else than the store under the same number.
var ErrContradicts = errors.New("is another one here than there: one of the two was edited, or both went on apart")

// Imported counts what an import added.
type Imported struct {
	Approvals, Retirements, Decisions int
}

// DecisionRecords returns the decisions as they are kept, JSON each, oldest first.
func (s *Store) DecisionRecords() (all [][]byte, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(decisions)
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(_, record []byte) error {
			text, err := boltfile.Unpack(boltfile.Clone(record))
			all = append(all, text)
			return err
		})
	})
	return all, err
}

// Serial is how many approvals, retirements and decisions there are.
func (s *Store) Serial() (serial uint64, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		count := func(bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(_, _ []byte) error { serial++; return nil })
		}
		for _, name := range [][]byte{approvals, retirements} {
			top := tx.Bucket(name)
			if err := top.ForEachBucket(func(device []byte) error { return count(top.Bucket(device)) }); err != nil {
				return err
			}
		}
		if bucket := tx.Bucket(decisions); bucket != nil {
			return count(bucket)
		}
		return nil
	})
	return serial, err
}

// Import takes over what another baseline holds and this one lacks, all of it or, with an error, nothing. The decisions are records as
// DecisionRecords returns them; each hands the devices with all their approvals. Where both hold something under one number, it has to be
// the same, else the error is ErrContradicts.
func (s *Store) Import(records [][]byte, each func(take func(device string, all []baseline.Approval) error) error) (added Imported, err error) {
	err = s.file.Update(func(tx *bbolt.Tx) error {
		if err := s.importDecisions(tx, records, &added); err != nil {
			return err
		}
		return each(func(device string, all []baseline.Approval) error {
			return s.importDevice(tx, device, all, &added)
		})
	})
	return added, err
}

func (s *Store) importDecisions(tx *bbolt.Tx, records [][]byte, added *Imported) error {
	if len(records) == 0 {
		return nil
	}
	bucket, err := tx.CreateBucketIfNotExists(decisions)
	if err != nil {
		return err
	}
	there := bucket.Sequence()
	for i, record := range records {
		number := uint64(i + 1)
		if number <= there {
			text, err := boltfile.Unpack(boltfile.Clone(bucket.Get(binary.BigEndian.AppendUint64(nil, number))))
			if err != nil {
				return fmt.Errorf("%s: decision: %w: restore the file from a backup", s.file.Path(), err)
			}
			if !bytes.Equal(text, record) {
				return fmt.Errorf("decision %d %w", number, ErrContradicts)
			}
			continue
		}
		if err := validDecision(record); err != nil {
			return fmt.Errorf("decision %d: %w", number, err)
		}
		if _, err := bucket.NextSequence(); err != nil {
			return err
		}
		if err := put(bucket, number, record); err != nil {
			return err
		}
		added.Decisions++
	}
	return nil
}

// validDecision checks a record that comes from elsewhere.
func validDecision(record []byte) error {
	var d decision
	decoder := json.NewDecoder(bytes.NewReader(record))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return err
	}
	return d.valid()
}

func (s *Store) importDevice(tx *bbolt.Tx, device string, all []baseline.Approval, added *Imported) error {
	approved, err := tx.Bucket(approvals).CreateBucketIfNotExists([]byte(device))
	if err != nil {
		return err
	}
	there := approved.Sequence()
	for _, a := range all {
		key := binary.BigEndian.AppendUint64(nil, a.Number)
		if a.Number <= there {
			old, err := readApproval(s.file.Path(), device, key, boltfile.Clone(approved.Get(key)))
			if err != nil {
				return err
			}
			if !old.Same(a) {
				return fmt.Errorf("approval %d of %q %w", a.Number, device, ErrContradicts)
			}
		} else {
			retired := a.Retired
			a.Retired = nil
			text, err := approvalText(a)
			if err == nil {
				err = put(approved, a.Number, text)
			}
			if err == nil {
				_, err = approved.NextSequence()
			}
			if err != nil {
				return fmt.Errorf("approval %d of %q: %w", a.Number, device, err)
			}
			a.Retired = retired
			added.Approvals++
		}
		if a.Retired != nil {
			if err := s.importRetirement(tx, device, key, *a.Retired, added); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) importRetirement(tx *bbolt.Tx, device string, key []byte, r baseline.Retirement, added *Imported) error {
	ended, err := tx.Bucket(retirements).CreateBucketIfNotExists([]byte(device))
	if err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	number := binary.BigEndian.Uint64(key)
	if record := ended.Get(key); record != nil {
		old, err := boltfile.Unpack(boltfile.Clone(record))
		if err != nil {
			return unreadable(s.file.Path(), device, err)
		}
		if !bytes.Equal(old, text) {
			return fmt.Errorf("retirement of approval %d of %q %w", number, device, ErrContradicts)
		}
		return nil
	}
	added.Retirements++
	return put(ended, number, text)
}
