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
	Waiver       *baseline.Waiver        `json:"waiver,omitempty"`
	Images       *baseline.ImageApproval `json:"images,omitempty"`
	Policy       *baseline.Policy        `json:"policy,omitempty"`
	Proposal     *baseline.Proposal      `json:"proposal,omitempty"`
	Confirmation *baseline.Confirmation  `json:"confirmation,omitempty"`
	Ending       *baseline.Ending        `json:"ending,omitempty"`
	Change       *baseline.Plan          `json:"change,omitempty"`
	Step         *baseline.Step          `json:"step,omitempty"`
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

// ApproveImages stores an approval of images for many devices and returns it with its number.
func (s *Store) ApproveImages(a baseline.ImageApproval) (baseline.ImageApproval, error) {
	a.At, a.From, a.Until, a.Number, a.Ended, a.Confirmed = instant(a.At), instant(a.From), instant(a.Until), 0, nil, nil
	if err := a.Valid(); err != nil {
		return a, err
	}
	var err error
	a.Number, err = s.decide(decision{Images: &a}, nil)
	return a, err
}

// Require stores a policy and returns it with its number.
func (s *Store) Require(p baseline.Policy) (baseline.Policy, error) {
	p.At, p.Number, p.Ended = instant(p.At), 0, nil
	if err := p.Valid(); err != nil {
		return p, err
	}
	var err error
	p.Number, err = s.decide(decision{Policy: &p}, nil)
	return p, err
}

// Plan stores the plan of a change and returns it with its number, unless check has something against it: it sees the plans that are there.
func (s *Store) Plan(c baseline.Plan, check func(baseline.Decisions) error) (baseline.Plan, error) {
	c.At, c.Start, c.End, c.Number, c.Ended, c.Steps = instant(c.At), instant(c.Start), instant(c.End), 0, nil, nil
	if err := c.Valid(); err != nil {
		return c, err
	}
	var err error
	c.Number, err = s.decide(decision{Change: &c}, check)
	return c, err
}

// Checked stores what was checked for a plan that holds.
func (s *Store) Checked(step baseline.Step) error {
	step.At = instant(step.At)
	if err := step.Valid(); err != nil {
		return err
	}
	_, err := s.decide(decision{Step: &step}, func(all baseline.Decisions) error {
		if c, ok := all.Plan(step.Change); !ok || c.Ended != nil {
			return fmt.Errorf("%s: change %d: %w", s.file.Path(), step.Change, ErrNoDecision)
		}
		return nil
	})
	return err
}

// Propose stores the first of two approvals of each device, all or none.
func (s *Store) Propose(all []baseline.Proposal) ([]baseline.Proposal, error) {
	for i := range all {
		p := &all[i]
		p.At, p.Number, p.Ended = instant(p.At), 0, nil
		if err := p.Valid(); err != nil {
			return nil, err
		}
	}
	err := s.file.Update(func(tx *bbolt.Tx) (err error) {
		for i := range all {
			if all[i].Number, err = decide(tx, decision{Proposal: &all[i]}); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// Confirm stores the word of a second approver about an approval of images. Where none of that number waits for one, the error is
// ErrNoDecision.
func (s *Store) Confirm(c baseline.Confirmation) error {
	if err := c.Valid(); err != nil {
		return fmt.Errorf("confirmation: %w", err)
	}
	c.At = instant(c.At)
	_, err := s.decide(decision{Confirmation: &c}, func(all baseline.Decisions) error {
		for _, a := range all.Images {
			if a.Number != c.Number || !a.TwoApprovers || a.Ended != nil || a.Confirmed != nil {
				continue
			}
			if a.By == c.By {
				return fmt.Errorf("decision %d, by %s: %w", c.Number, c.By, baseline.ErrSameApprover)
			}
			return nil
		}
		return fmt.Errorf("decision %d: %w that waits for a second approver", c.Number, ErrNoDecision)
	})
	return err
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
		number, err = decide(tx, d)
		return err
	})
	return number, err
}

func decide(tx *bbolt.Tx, d decision) (number uint64, err error) {
	text, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	bucket, err := tx.CreateBucketIfNotExists(decisions)
	if err != nil {
		return 0, err
	}
	if number, err = bucket.NextSequence(); err != nil {
		return 0, err
	}
	return number, put(bucket, number, text)
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
	case d.Images != nil:
		d.Images.Number = number
		all.Images = append(all.Images, *d.Images)
	case d.Policy != nil:
		d.Policy.Number = number
		all.Policies = append(all.Policies, *d.Policy)
	case d.Proposal != nil:
		d.Proposal.Number = number
		all.Proposed = append(all.Proposed, *d.Proposal)
	case d.Confirmation != nil:
		all.Confirm(*d.Confirmation)
	case d.Ending != nil:
		all.End(*d.Ending)
	case d.Change != nil:
		d.Change.Number = number
		all.Plans = append(all.Plans, *d.Change)
	case d.Step != nil:
		all.Step(*d.Step)
	}
}

// valid reports what keeps the decision from being stored.
func (d decision) valid() error {
	var parts []interface{ Valid() error }
	if d.Waiver != nil {
		parts = append(parts, d.Waiver)
	}
	if d.Images != nil {
		parts = append(parts, d.Images)
	}
	if d.Policy != nil {
		parts = append(parts, d.Policy)
	}
	if d.Proposal != nil {
		parts = append(parts, d.Proposal)
	}
	if d.Confirmation != nil {
		parts = append(parts, d.Confirmation)
	}
	if d.Ending != nil {
		parts = append(parts, d.Ending)
	}
	if d.Change != nil {
		parts = append(parts, d.Change)
	}
	if d.Step != nil {
		parts = append(parts, d.Step)
	}
	if len(parts) != 1 {
		return fmt.Errorf("says %d things, and a decision says one", len(parts))
	}
	return parts[0].Valid()
}

// endAll ends decisions that hold.
func (s *Store) endAll(tx *bbolt.Tx, ends []baseline.Ending) error {
	if len(ends) == 0 {
		return nil
	}
	all, err := s.decisions(tx)
	if err != nil {
		return err
	}
	for _, e := range ends {
		e.At = instant(e.At)
		if err := e.Valid(); err != nil {
			return fmt.Errorf("decision %d: %w", e.Number, err)
		}
		if !all.Holds(e.Number) {
			return fmt.Errorf("%s: decision %d: %w", s.file.Path(), e.Number, ErrNoDecision)
		}
		if _, err := decide(tx, decision{Ending: &e}); err != nil {
			return err
		}
		all.End(e)
	}
	return nil
}
