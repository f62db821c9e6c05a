package history

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
	"trueboot/compare"
	"trueboot/facts"
)

// A Visit is what one run learnt about one device, and what was concluded from it then.
type Visit struct {
	Run        string            `json:"run"` // id, given by the store
	Device     string            `json:"device"`
	Platform   string            `json:"platform"`
	Address    string            `json:"address"`
	Started    time.Time         `json:"started"`        // UTC
	Elapsed    time.Duration     `json:"elapsed"`        // nanoseconds
	Site       string            `json:"site,omitempty"` // as the inventory had it
	Role       string            `json:"role,omitempty"`
	Outcome    facts.Outcome     `json:"outcome"`
	Approved   uint64            `json:"approved,omitempty"`   // number of the approval that it was judged against; 0 for none
	Nonce      string            `json:"nonce,omitempty"`      // of the visit's digest challenges
	Warnings   []string          `json:"warnings,omitempty"`   // what the connection itself lacked
	Connection []facts.Fact      `json:"connection,omitempty"` // what the connection itself taught
	Set        facts.Set         `json:"-"`                    // kept apart
	Findings   []compare.Finding `json:"findings,omitempty"`
	Replies    []Reply           `json:"replies,omitempty"` // in the order in which they were asked for
}

// A Reply is what a device answered to one command.
type Reply struct {
	Command string        `json:"command"`
	Time    time.Time     `json:"time"`    // when the command was sent, UTC
	Elapsed time.Duration `json:"elapsed"` // nanoseconds
	SHA256  string        `json:"sha256"`  // hex, of Text; given by the store
	Reason  facts.Reason  `json:"reason,omitempty"`
	Error   string        `json:"error,omitempty"`

	// Text is as received. It is stored apart, and only [Store.Texts] reads it back.
	Text string `json:"-"`
}

// appendText writes the form of the visit that is kept and that the chain vouches for.
func (v Visit) appendText(b *bytes.Buffer) error {
	b.WriteString(string(v.Outcome) + "\n")
	if err := json.NewEncoder(b).Encode(v); err != nil { // with a line feed
		return err
	}
	b.Write(v.Set.AppendText(b.AvailableBuffer()))
	return nil
}

// splitVisit takes the parts of a visit's text apart.
func splitVisit(text []byte) (outcome facts.Outcome, header, set []byte, err error) {
	word, rest, first := bytes.Cut(text, []byte("\n"))
	header, set, second := bytes.Cut(rest, []byte("\n"))
	if !first || !second {
		return "", nil, nil, errors.New("it has not all its parts")
	}
	return facts.Outcome(word), header, set, nil
}

func parseVisit(text []byte) (v Visit, err error) {
	_, header, set, err := splitVisit(text)
	if err == nil {
		err = json.Unmarshal(header, &v)
	}
	if err == nil {
		v.Set, err = facts.ParseSet(string(set))
	}
	return v, err
}

// Visit returns what the run learnt about the device, nil for nothing.
func (s *Store) Visit(run, device string) (*Visit, error) {
	stored, err := s.get([]byte(device), visits, key(number(run)))
	if err != nil || stored == nil {
		return nil, err
	}
	v, err := s.visit(run, device, stored)
	return &v, err
}

// visit decodes a visit and checks that it is the one that belongs there.
func (s *Store) visit(run, device string, stored []byte) (v Visit, err error) {
	what := fmt.Sprintf("visit of %q in run %s", device, run)
	_, text, err := open(stored)
	if err == nil {
		v, err = parseVisit(text)
	}
	if err != nil {
		return v, s.unreadable(what, err)
	}
	if v.Device != device || v.Run != run {
		return v, fmt.Errorf("%s: %s: %w: it is of %q in run %q", s.file.Path(), what, boltfile.ErrDamaged, v.Device, v.Run)
	}
	return v, nil
}

// Visits yields the visits of a run by the names of the devices. An error is the last that it yields.
func (s *Store) Visits(run string) iter.Seq2[Visit, error] {
	return func(yield func(Visit, error) bool) {
		// One short transaction for each: whoever is told may take his time.
		var after []byte
		for {
			var device, stored []byte
			err := s.file.View(func(tx *bbolt.Tx) error {
				b := tx.Bucket(visits).Bucket(key(number(run)))
				if b == nil {
					return nil
				}
				c := b.Cursor()
				k, v := c.Seek(after)
				if after != nil && bytes.Equal(k, after) {
					k, v = c.Next()
				}
				device, stored = boltfile.Clone(k), boltfile.Clone(v)
				return nil
			})
			if err == nil && device == nil {
				return
			}
			var v Visit
			if err == nil {
				v, err = s.visit(run, string(device), stored)
			}
			if !yield(v, err) || err != nil {
				return
			}
			after = device
		}
	}
}

// DeviceVisits yields the visits of a device, newest first. An error is the last that it yields.
func (s *Store) DeviceVisits(device string) iter.Seq2[Visit, error] {
	return func(yield func(Visit, error) bool) {
		var before []byte
		for {
			var run uint64
			var stored []byte
			err := s.file.View(func(tx *bbolt.Tx) error {
				run, stored, before = lastVisit(tx, device, before)
				return nil
			})
			if err == nil && stored == nil {
				return
			}
			var v Visit
			if err == nil {
				v, err = s.visit(fmt.Sprint(run), device, stored)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// lastVisit looks for the device's visit in the runs before one, nil for all, from the last backwards.
func lastVisit(tx *bbolt.Tx, device string, before []byte) (run uint64, stored, at []byte) {
	all := tx.Bucket(visits)
	c := all.Cursor()
	var k []byte
	if before == nil {
		k, _ = c.Last()
	} else {
		c.Seek(before)
		k, _ = c.Prev()
	}
	for ; k != nil; k, _ = c.Prev() {
		if v := all.Bucket(k).Get([]byte(device)); v != nil {
			return number64(k), boltfile.Clone(v), boltfile.Clone(k)
		}
	}
	return 0, nil, nil
}

// LastAssessed returns the device's latest visit in which all was asked, nil where there was none.
func (s *Store) LastAssessed(device string) (*Visit, error) {
	for v, err := range s.DeviceVisits(device) {
		if err != nil {
			return nil, err
		}
		if v.Outcome == facts.AskedAll {
			return &v, nil
		}
	}
	return nil, nil
}

// LastSet returns what the device stated at its latest visit in which all was asked, nil where there was none.
func (s *Store) LastSet(device string) (*facts.Set, error) {
	var before []byte
	for {
		var run uint64
		var stored []byte
		err := s.file.View(func(tx *bbolt.Tx) error {
			run, stored, before = lastVisit(tx, device, before)
			return nil
		})
		if err != nil || stored == nil {
			return nil, err
		}
		set, err := assessedSet(stored)
		if err != nil {
			return nil, s.unreadable(fmt.Sprintf("visit of %q in run %d", device, run), err)
		}
		if set != nil {
			return set, nil
		}
	}
}

// assessedSet reads the set of a visit in which all was asked, and nothing of another one.
func assessedSet(stored []byte) (set *facts.Set, err error) {
	_, record, err := splitItem(stored)
	if err != nil {
		return nil, err
	}
	err = boltfile.Read(record, func(text []byte) error {
		outcome, _, part, err := splitVisit(text)
		if err != nil || outcome != facts.AskedAll {
			return err
		}
		s, err := facts.ParseSet(string(part))
		set = &s
		return err
	})
	return set, err
}

// Texts reads the texts of the visit's replies into it, and checks each against its digest.
func (s *Store) Texts(v *Visit) error {
	for i := range v.Replies {
		r := &v.Replies[i]
		damaged := func(err error) error {
			return fmt.Errorf("%s: reply of %q to %q in run %s: %w: restore the file from a backup", s.file.Path(), v.Device, r.Command, v.Run, err)
		}
		digest, err := hex.DecodeString(r.SHA256)
		if err != nil {
			return damaged(fmt.Errorf("%w: %w", boltfile.ErrDamaged, err))
		}
		record, err := s.get(digest, replies)
		if err != nil {
			return err
		}
		text, err := replyText(digest, record)
		if err != nil {
			return damaged(err)
		}
		r.Text = string(text)
	}
	return nil
}
