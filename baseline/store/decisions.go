package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"trueboot/baseline"
	"trueboot/baseline/boltfile"
)

var decisions = []byte("decisions")

// ErrNoDecision means that there is no decision of that number, or that it has ended.
var ErrNoDecision = errors.New("no such decision holds")

// A decision is one record: what was decided, or the end of it. One field is set.
type decision struct {
	Waiver *baseline.Waiver `json:"waiver,omitempty"`
	Ending *baseline.Ending `json:"ending,omitempty"`
}

// Waive stores a waiver and returns it with its number.
func (s *Store) Waive(w baseline.Waiver) (baseline.Waiver, error) {
	w.At, w.Expires, w.Number, w.Ended = instant(w.At), instant(w.Expires), 0, nil
	if err := w.Valid(); err != nil {
		return w, err
	}
	var err error
	w.Number, err = s.decide(decision{Waiver: &w}, nil)
	return w, err
}

// End ends the decision of a number before its time. Where there is none that could be ended, the error is ErrNoDecision.
func (s *Store) End(e baseline.Ending) error {
	if err := e.Valid(); err != nil {
		return fmt.Errorf("decision %d: %w", e.Number, err)
	}
	e.At = instant(e.At)
	_, err := s.decide(decision{Ending: &e}, func(all baseline.Decisions) error {
		if !all.Holds(e.Number) {
			return fmt.Errorf("%s: decision %d: %w", s.file.Path(), e.Number, ErrNoDecision)
		}
		return nil
	})
	return err
}

// decide adds a record to the decisions, if check has nothing against it, and returns its number.
func (s *Store) decide(d decision, check func(baseline.Decisions) error) (number uint64, err error) {
	text, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	err = s.file.Update(func(tx *bbolt.Tx) error {
		if check != nil {
			all, err := s.decisions(tx)
			if err == nil {
				err = check(all)
			}
			if err != nil {
				return err
			}
		}
		bucket, err := tx.CreateBucketIfNotExists(decisions)
		if err != nil {
			return err
		}
		if number, err = bucket.NextSequence(); err != nil {
			return err
		}
		return put(bucket, number, text)
	})
	return number, err
}

// Decisions returns all that was decided for more than one device.
func (s *Store) Decisions() (all baseline.Decisions, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		all, err = s.decisions(tx)
		return err
	})
	return all, err
}

func (s *Store) decisions(tx *bbolt.Tx) (all baseline.Decisions, err error) {
	bucket := tx.Bucket(decisions)
	if bucket == nil {
		return all, nil
	}
	err = bucket.ForEach(func(key, record []byte) error {
		d, err := readDecision(boltfile.Clone(record))
		if err != nil {
			return fmt.Errorf("%s: decision: %w: restore the file from a backup", s.file.Path(), err)
		}
		d.into(&all, binary.BigEndian.Uint64(key))
		return nil
	})
	return all, err
}

func readDecision(record []byte) (d decision, err error) {
	text, err := boltfile.Unpack(record)
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err
}

// into adds the decision, which has that number, to the others.
func (d decision) into(all *baseline.Decisions, number uint64) {
	switch {
	case d.Waiver != nil:
		d.Waiver.Number = number
		all.Waivers = append(all.Waivers, *d.Waiver)
	case d.Ending != nil:
		all.End(*d.Ending)
	}
}

// valid reports what keeps the decision from being stored.
func (d decision) valid() error {
	switch {
	case d.Waiver != nil && d.Ending == nil:
		return d.Waiver.Valid()
	case d.Ending != nil && d.Waiver == nil:
		return d.Ending.Valid()
	}
	return errors.New("is neither a waiver nor the end of a decision")
}
