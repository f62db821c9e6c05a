// Package store keeps approvals in a file, baseline.db.
//
// Nothing in it is overwritten or deleted: a new approval stands beside the one whose place it takes,
// and a retirement beside the approval that it ends.
//
//	meta                                  see package boltfile
//	approvals
//	└── <device>
//	    └── <number, 8 bytes>             the approval, as a record of package boltfile: JSON, a line feed, its facts in
//	                                      the text form of facts.Set
//	retirements
//	└── <device>
//	    └── <number of the approval>      the retirement, a record of JSON
//
// Numbers are big endian, so that the order of keys is the order of time. Facts are
// compressed because they repeat the same words a hundred times: 10,000 devices are 30 MB and not 300.
package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/baseline"
	"trueboot/baseline/boltfile"
	"trueboot/facts"
)

var layout = boltfile.Layout{Store: "baseline", Format: 1, Buckets: []string{"approvals", "retirements"}}

var (
	approvals   = []byte("approvals")
	retirements = []byte("retirements")
)

// ErrNotApproved means that nothing holds for the device that could be retired.
var ErrNotApproved = errors.New("nothing is approved")

// A Store is an open baseline.db. It is safe for concurrent use.
type Store struct{ file *boltfile.File }

// Open opens the store and creates it if it does not exist. An error is
// boltfile.ErrLocked when another process has it open.
func Open(path string) (*Store, error) { return wrap(boltfile.Open(path, layout)) }

// OpenReadOnly opens the store for reading. Where there is none yet, the error is
// fs.ErrNotExist: nothing was ever approved. While it is open, nobody can open it for writing.
func OpenReadOnly(path string) (*Store, error) { return wrap(boltfile.OpenReadOnly(path, layout)) }

func wrap(file *boltfile.File, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	return &Store{file}, nil
}

// Close gives the file up.
func (s *Store) Close() error { return s.file.Close() }

// Approve stores an approval, which from now on is the device's current one, and returns it with its
// number.
func (s *Store) Approve(a baseline.Approval) (baseline.Approval, error) {
	stored, err := s.ApproveAll([]baseline.Approval{a})
	if err != nil {
		return baseline.Approval{}, err
	}
	return stored[0], nil
}

// ApproveAll stores all of the approvals, and ends the decisions (proposals) that they come from, or, with an error, does nothing. It returns
// the approvals with their numbers.
func (s *Store) ApproveAll(all []baseline.Approval, ends ...baseline.Ending) ([]baseline.Approval, error) {
	stored := make([]baseline.Approval, len(all))
	for i, a := range all {
		if err := a.Valid(); err != nil {
			return nil, err
		}
		a.At, a.SeenAt = instant(a.At), instant(a.SeenAt)
		stored[i] = a
	}
	err := s.file.Update(func(tx *bbolt.Tx) error {
		for i := range stored {
			a := &stored[i]
			device, err := tx.Bucket(approvals).CreateBucketIfNotExists([]byte(a.Device))
			if err != nil {
				return err
			}
			if a.Number, err = device.NextSequence(); err != nil {
				return err
			}
			text, err := approvalText(*a)
			if err == nil {
				err = put(device, a.Number, text)
			}
			if err != nil {
				return fmt.Errorf("approval of %s: %w", a.Device, err)
			}
		}
		return s.endAll(tx, ends)
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// Retire ends the device's current approval without another in its place. Without one, the
// error is ErrNotApproved.
func (s *Store) Retire(device string, r baseline.Retirement) error {
	if err := r.Valid(); err != nil {
		return fmt.Errorf("retirement of %s: %w", device, err)
	}
	r.At = instant(r.At)
	return s.file.Update(func(tx *bbolt.Tx) error {
		last := lastApproval(tx, device)
		if last == nil {
			return fmt.Errorf("retirement of %s: %w", device, ErrNotApproved)
		}
		ended, err := tx.Bucket(retirements).CreateBucketIfNotExists([]byte(device))
		if err != nil {
			return err
		}
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return put(ended, binary.BigEndian.Uint64(last), text)
	})
}

// Current returns the approval that holds for the device, nil when there is none or when
// it was retired.
func (s *Store) Current(device string) (*baseline.Approval, error) {
	var number, record []byte
	err := s.file.View(func(tx *bbolt.Tx) error {
		if last := lastApproval(tx, device); last != nil {
			number = boltfile.Clone(last)
			record = boltfile.Clone(tx.Bucket(approvals).Bucket([]byte(device)).Get(last))
		}
		return nil
	})
	if err != nil || record == nil {
		return nil, err
	}
	return current{number, record}.approval(s.file.Path(), device)
}

// A Snapshot is what was approved when it was taken, apart from the file. It is small: it holds the records, and reads
// one when it is asked for.
type Snapshot struct {
	path      string
	current   map[string]current
	decisions baseline.Decisions
	serial    uint64
}

// current is an approval as it is stored.
type current struct{ number, record []byte }

func (c current) approval(path, device string) (*baseline.Approval, error) {
	a, err := readApproval(path, device, c.number, c.record)
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// Snapshot returns what holds now.
func (s *Store) Snapshot() (*Snapshot, error) {
	snapshot := &Snapshot{path: s.file.Path(), current: make(map[string]current)}
	var err error
	if snapshot.decisions, err = s.Decisions(); err != nil {
		return nil, err
	}
	if snapshot.serial, err = s.Serial(); err != nil {
		return nil, err
	}
	err = s.file.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(approvals).ForEachBucket(func(name []byte) error {
			device := string(name)
			if last := lastApproval(tx, device); last != nil {
				snapshot.current[device] = current{boltfile.Clone(last), boltfile.Clone(tx.Bucket(approvals).Bucket(name).Get(last))}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return snapshot, nil
}

// Current returns the approval that held for the device, nil when there was none.
func (s *Snapshot) Current(device string) (*baseline.Approval, error) {
	c, ok := s.current[device]
	if !ok {
		return nil, nil
	}
	return c.approval(s.path, device)
}

// Serial is how many approvals, retirements and decisions there were.
func (s *Snapshot) Serial() uint64 { return s.serial }

// Decisions returns what was decided for more than one device.
func (s *Snapshot) Decisions() baseline.Decisions { return s.decisions }

// Devices returns the names of the devices for which an approval held, sorted.
func (s *Snapshot) Devices() []string { return slices.Sorted(maps.Keys(s.current)) }

// Approvals returns all that was ever approved for the device, oldest first.
func (s *Store) Approvals(device string) ([]baseline.Approval, error) {
	var numbers, records, ends [][]byte
	err := s.file.View(func(tx *bbolt.Tx) error {
		approved, ended := tx.Bucket(approvals).Bucket([]byte(device)), tx.Bucket(retirements).Bucket([]byte(device))
		if approved == nil {
			return nil
		}
		return approved.ForEach(func(number, record []byte) error {
			numbers = append(numbers, boltfile.Clone(number))
			records = append(records, boltfile.Clone(record))
			var end []byte
			if ended != nil {
				end = boltfile.Clone(ended.Get(number))
			}
			ends = append(ends, end)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	all := make([]baseline.Approval, len(records))
	for i := range records {
		if all[i], err = readApproval(s.file.Path(), device, numbers[i], records[i]); err != nil {
			return nil, err
		}
		if ends[i] != nil {
			all[i].Retired = new(baseline.Retirement)
			text, err := boltfile.Unpack(ends[i])
			if err == nil {
				err = json.Unmarshal(text, all[i].Retired)
			}
			if err != nil {
				return nil, unreadable(s.file.Path(), device, err)
			}
		}
	}
	return all, nil
}

// Devices returns the names of all devices that were ever approved, sorted; for one whose approval
// was retired, Current returns nil.
func (s *Store) Devices() ([]string, error) {
	var names []string
	err := s.file.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(approvals).ForEachBucket(func(name []byte) error {
			names = append(names, string(name))
			return nil
		})
	})
	return names, err
}

// lastApproval returns the key of the device's last approval, nil when there is none or when
// it was retired.
func lastApproval(tx *bbolt.Tx, device string) []byte {
	approved := tx.Bucket(approvals).Bucket([]byte(device))
	if approved == nil {
		return nil
	}
	last, _ := approved.Cursor().Last()
	if ended := tx.Bucket(retirements).Bucket([]byte(device)); ended != nil && ended.Get(last) != nil {
		return nil
	}
	return last
}

func put(bucket *bbolt.Bucket, number uint64, text []byte) error {
	record, err := boltfile.Pack(text)
	if err != nil {
		return err
	}
	return bucket.Put(binary.BigEndian.AppendUint64(nil, number), record)
}

// approvalText is the form in which an approval is kept.
func approvalText(a baseline.Approval) ([]byte, error) {
	set := a.Set()
	a.Facts = nil
	header, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return set.AppendText(append(header, '\n')), nil
}

// readApproval reads a record and checks that it is the one that belongs to its keys.
func readApproval(path, device string, number, record []byte) (a baseline.Approval, err error) {
	err = boltfile.Read(record, func(text []byte) error {
		header, body, _ := bytes.Cut(text, []byte("\n"))
		if err := json.Unmarshal(header, &a); err != nil {
			return err
		}
		set, err := facts.ParseSet(string(body))
		a.Facts = set.Facts
		return err
	})
	if err != nil {
		return a, unreadable(path, device, err)
	}
	if a.Device != device || a.Number != binary.BigEndian.Uint64(number) {
		return a, fmt.Errorf("%s: approval of %s: %w: it is number %d of %q: restore the file from a backup", path, device, boltfile.ErrDamaged, a.Number, a.Device)
	}
	return a, nil
}

func unreadable(path, device string, err error) error {
	return fmt.Errorf("%s: approval of %s: %w: restore the file from a backup", path, device, err)
}

// instant is a time as it comes back from the store.
func instant(t time.Time) time.Time { return t.Round(0).UTC() }
