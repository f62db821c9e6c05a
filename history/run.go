package history

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
	"trueboot/compare"
)

// A Status says how a run went.
type Status string

// The ways of a run.
const (
	Complete    Status = "complete"    // every device of the selection has its visit
	Interrupted Status = "interrupted" // ended early, and said so
	Unfinished  Status = "unfinished"  // it goes on, or the program was killed; what it added is there
)

// A Run is one sweep.
type Run struct {
	ID      string    `json:"id"`      // decimal, given by Begin: "17"
	Started time.Time `json:"started"` // UTC
	Program string    `json:"program"` // "trueboot v1.2.0"
	Rules   string    `json:"rules"`   // digest of the rules that judged
	Profile string    `json:"profile"`
	Limit   string    `json:"limit,omitempty"` // as the user wrote it; empty for all devices
	Tags    []string  `json:"tags,omitempty"`
	By      string    `json:"by"`      // who ran it, and where: "jo@noc1"
	Devices int       `json:"devices"` // how many were selected

	// The baseline that the run was judged by: how many decisions it held, and the SHA-256 of its manifest where its signature was asked for.
	BaselineSerial uint64 `json:"baseline_serial,omitempty"`
	BaselineDigest string `json:"baseline_digest,omitempty"`

	Status Status    `json:"-"` // given by the store
	Ended  time.Time `json:"-"` // UTC; zero for an unfinished run
	Visits int       `json:"-"` // how many were added; 0 for an unfinished run

	Statuses map[string]int `json:"-"` // how many devices ended how, in the words of the report; nil for a run before these were kept

	Odd []compare.Finding `json:"-"` // what the comparison of the run's devices with each other found (NDI-XC-01); given to End
}

// An end is what is known of a run when it is over.
type end struct {
	At          time.Time `json:"at"` // UTC
	Interrupted bool      `json:"interrupted"`
	Visits      int       `json:"visits"`

	Statuses map[string]int `json:"statuses,omitempty"`

	Odd []compare.Finding `json:"odd,omitempty"`
}

// number returns the run's number, 0 for what is no run's id.
func number(id string) uint64 {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Runs returns all runs, oldest first.
func (s *Store) Runs() ([]Run, error) {
	var keys, begun, ended [][]byte
	err := s.file.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(runs).ForEach(func(k, v []byte) error {
			keys, begun = append(keys, boltfile.Clone(k)), append(begun, boltfile.Clone(v))
			ended = append(ended, boltfile.Clone(tx.Bucket(ends).Get(k)))
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	all := make([]Run, len(keys))
	for i := range keys {
		if all[i], err = s.run(keys[i], begun[i], ended[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Last returns the latest run, nil where there is none.
func (s *Store) Last() (*Run, error) {
	var k, begun, ended []byte
	err := s.file.View(func(tx *bbolt.Tx) error {
		lastKey, v := tx.Bucket(runs).Cursor().Last()
		k, begun, ended = boltfile.Clone(lastKey), boltfile.Clone(v), boltfile.Clone(tx.Bucket(ends).Get(lastKey))
		return nil
	})
	if err != nil || k == nil {
		return nil, err
	}
	r, err := s.run(k, begun, ended)
	return &r, err
}

// Run returns one run, nil where there is none of that id.
func (s *Store) Run(id string) (*Run, error) {
	k := key(number(id))
	begun, err := s.get(k, runs)
	if err != nil || begun == nil {
		return nil, err
	}
	ended, err := s.get(k, ends)
	if err != nil {
		return nil, err
	}
	r, err := s.run(k, begun, ended)
	return &r, err
}

func (s *Store) run(k, begun, ended []byte) (r Run, err error) {
	what := fmt.Sprintf("run %d", binary.BigEndian.Uint64(k))
	if err := s.read(what, begun, &r); err != nil {
		return r, err
	}
	r.Status = Unfinished
	if ended == nil {
		return r, nil
	}
	var e end
	if err := s.read(what, ended, &e); err != nil {
		return r, err
	}
	r.Status, r.Ended, r.Visits, r.Odd, r.Statuses = Complete, e.At, e.Visits, e.Odd, e.Statuses
	if e.Interrupted {
		r.Status = Interrupted
	}
	return r, nil
}
