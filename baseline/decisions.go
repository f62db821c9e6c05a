package baseline

import "time"

// Decisions are what was decided for more than one device, each kind oldest first. The zero Decisions are none.
type Decisions struct {
	Waivers  []Waiver
	Images   []ImageApproval
	Policies []Policy
	Proposed []Proposal
	Plans    []Plan
}

// end returns where the end of the decision of a number is kept, nil where there is no such decision.
func (d *Decisions) end(number uint64) **Ending {
	for i := range d.Waivers {
		if d.Waivers[i].Number == number {
			return &d.Waivers[i].Ended
		}
	}
	for i := range d.Images {
		if d.Images[i].Number == number {
			return &d.Images[i].Ended
		}
	}
	for i := range d.Policies {
		if d.Policies[i].Number == number {
			return &d.Policies[i].Ended
		}
	}
	for i := range d.Proposed {
		if d.Proposed[i].Number == number {
			return &d.Proposed[i].Ended
		}
	}
	for i := range d.Plans {
		if d.Plans[i].Number == number {
			return &d.Plans[i].Ended
		}
	}
	return nil
}

// Step notes what was checked for a plan.
func (d *Decisions) Step(s Step) {
	for i := range d.Plans {
		if d.Plans[i].Number == s.Change {
			d.Plans[i].Steps = append(d.Plans[i].Steps, s)
		}
	}
}

// Plan returns the plan of a number.
func (d Decisions) Plan(number uint64) (Plan, bool) {
	for _, c := range d.Plans {
		if c.Number == number {
			return c, true
		}
	}
	return Plan{}, false
}

// Holds reports whether there is a decision of that number and nobody ended it.
func (d *Decisions) Holds(number uint64) bool {
	end := d.end(number)
	return end != nil && *end == nil
}

// End notes that a decision was ended.
func (d *Decisions) End(e Ending) {
	if end := d.end(e.Number); end != nil && *end == nil {
		*end = &e
	}
}

// Confirm notes the word of a second approver. That of the first one says nothing.
func (d *Decisions) Confirm(c Confirmation) {
	for i := range d.Images {
		if a := &d.Images[i]; a.Number == c.Number && a.By != c.By && a.Confirmed == nil {
			a.Confirmed = &c
		}
	}
}

// Waiver returns the waiver of a number.
func (d Decisions) Waiver(number uint64) (Waiver, bool) {
	for _, w := range d.Waivers {
		if w.Number == number {
			return w, true
		}
	}
	return Waiver{}, false
}

// ImagesFor returns the approvals of images that are valid for a device, oldest first.
func (d Decisions) ImagesFor(m Member, now time.Time) []ImageApproval {
	var all []ImageApproval
	for _, a := range d.Images {
		if a.Holds(now) && a.Scope.Covers(m) {
			all = append(all, a)
		}
	}
	return all
}

// PoliciesFor returns the policies that hold for a device, oldest first.
func (d Decisions) PoliciesFor(m Member) []Policy {
	var all []Policy
	for _, p := range d.Policies {
		if p.Ended == nil && p.Scope.Covers(m) {
			all = append(all, p)
		}
	}
	return all
}

// TwoApprovers reports whether a policy asks for two approvers of a device.
func (d Decisions) TwoApprovers(m Member) bool {
	for _, p := range d.PoliciesFor(m) {
		if p.Approvers == 2 {
			return true
		}
	}
	return false
}
