// Package incidents keeps alerts in a file, alerts.db, with who acknowledged them and why.
//
// The file is apart from history.db, which a sweep holds for as long as it takes: alerts have to be kept meanwhile.
//
//	meta            see package boltfile
//	alerts
//	└── <id>        JSON of alerts.Alert, the latest state
//	acknowledged
//	└── <id>        JSON of Acknowledgement
package incidents

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/alerts"
	"trueboot/baseline/boltfile"
)

var layout = boltfile.Layout{Store: "alerts", Format: 1, Buckets: []string{"acknowledged", "alerts"}}

var (
	alertsBucket = []byte("alerts")
	ackBucket    = []byte("acknowledged")
)

// Most is how many alerts are kept: the oldest go first.
const Most = 100_000

// ErrUnknown means that there is no such alert.
var ErrUnknown = errors.New("there is no such alert")

// A Store is an open alerts.db.
type Store struct{ file *boltfile.File }

// Open opens the store, and creates it if it does not exist.
func Open(path string) (*Store, error) { return wrap(boltfile.Open(path, layout)) }

// OpenReadOnly opens the store for reading. Where there is none yet, the error is fs.ErrNotExist.
func OpenReadOnly(path string) (*Store, error) { return wrap(boltfile.OpenReadOnly(path, layout)) }

func wrap(file *boltfile.File, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	return &Store{file}, nil
}

// Close gives the file up.
func (s *Store) Close() error { return s.file.Close() }

// An Acknowledgement says that somebody has dealt with an alert, as it stood then.
type Acknowledgement struct {
	By       string          `json:"by"`
	At       time.Time       `json:"at"`
	Reason   string          `json:"reason"`
	Ticket   string          `json:"ticket,omitempty"`
	Severity alerts.Severity `json:"severity"` // of the alert then; one that has become graver is not acknowledged
}

// A Kept is an alert and its acknowledgement, if there is one that still holds.
type Kept struct {
	alerts.Alert
	Acknowledged *Acknowledgement `json:"acknowledged,omitempty"`
}

// Put keeps alerts, each in the place of its earlier state.
func (s *Store) Put(all []alerts.Alert) error {
	if len(all) == 0 {
		return nil
	}
	return s.file.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(alertsBucket)
		for _, a := range all {
			text, err := json.Marshal(a)
			if err != nil {
				return err
			}
			if err := b.Put([]byte(a.ID), text); err != nil {
				return err
			}
		}
		return trim(tx)
	})
}

// trim removes the oldest alerts beyond Most.
func trim(tx *bbolt.Tx) error {
	b := tx.Bucket(alertsBucket)
	if b.Stats().KeyN <= Most {
		return nil
	}
	all, err := read(tx)
	if err != nil {
		return err
	}
	for _, k := range all[:max(0, len(all)-Most)] {
		if err := errors.Join(b.Delete([]byte(k.ID)), tx.Bucket(ackBucket).Delete([]byte(k.ID))); err != nil {
			return err
		}
	}
	return nil
}

// read returns all alerts, in order of time.
func read(tx *bbolt.Tx) ([]Kept, error) {
	var all []Kept
	err := tx.Bucket(alertsBucket).ForEach(func(id, text []byte) error {
		k, err := kept(tx, id, text)
		all = append(all, k)
		return err
	})
	slices.SortStableFunc(all, func(a, b Kept) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

func kept(tx *bbolt.Tx, id, text []byte) (k Kept, err error) {
	if err := json.Unmarshal(text, &k.Alert); err != nil {
		return k, fmt.Errorf("%w: alert %s: %w", boltfile.ErrDamaged, id, err)
	}
	if ack := tx.Bucket(ackBucket).Get(id); ack != nil {
		var a Acknowledgement
		if err := json.Unmarshal(ack, &a); err != nil {
			return k, fmt.Errorf("%w: acknowledgement of %s: %w", boltfile.ErrDamaged, id, err)
		}
		if rank(k.Severity) <= rank(a.Severity) {
			k.Acknowledged = &a
		}
	}
	return k, nil
}

func rank(s alerts.Severity) int {
	return slices.Index([]alerts.Severity{alerts.SeverityInfo, alerts.SeverityLow, alerts.SeverityMedium, alerts.SeverityHigh, alerts.SeverityCritical}, s)
}

// All returns the alerts, in order of time.
func (s *Store) All() (all []Kept, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		all, err = read(tx)
		return err
	})
	return all, err
}

// Get returns the alert whose id is, or begins with, a text.
func (s *Store) Get(id string) (found Kept, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		n := 0
		c := tx.Bucket(alertsBucket).Cursor()
		for k, text := c.Seek([]byte(id)); k != nil && len(k) >= len(id) && string(k[:len(id)]) == id && id != ""; k, text = c.Next() {
			if found, err = kept(tx, k, text); err != nil {
				return err
			}
			if n++; n > 1 && string(k) != id {
				return fmt.Errorf("more than one alert begins with %q", id)
			}
			if string(k) == id {
				return nil
			}
		}
		if n == 0 {
			return fmt.Errorf("%w: %q", ErrUnknown, id)
		}
		return nil
	})
	return found, err
}

// Acknowledge notes that somebody has dealt with an alert.
func (s *Store) Acknowledge(id string, a Acknowledgement) error {
	return s.file.Update(func(tx *bbolt.Tx) error {
		text := tx.Bucket(alertsBucket).Get([]byte(id))
		if text == nil {
			return fmt.Errorf("%w: %q", ErrUnknown, id)
		}
		k, err := kept(tx, []byte(id), text)
		if err != nil {
			return err
		}
		a.Severity = k.Severity
		note, err := json.Marshal(a)
		if err != nil {
			return err
		}
		return tx.Bucket(ackBucket).Put([]byte(id), note)
	})
}
