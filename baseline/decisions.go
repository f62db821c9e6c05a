package baseline

// Decisions are what was decided for more than one device, each kind oldest first. The zero Decisions are none.
type Decisions struct {
	Waivers []Waiver
}

// end returns where the end of the decision of a number is kept, nil where there is no such decision.
func (d *Decisions) end(number uint64) **Ending {
	for i := range d.Waivers {
		if d.Waivers[i].Number == number {
			return &d.Waivers[i].Ended
		}
	}
	return nil
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

// Waiver returns the waiver of a number.
func (d Decisions) Waiver(number uint64) (Waiver, bool) {
	for _, w := range d.Waivers {
		if w.Number == number {
			return w, true
		}
	}
	return Waiver{}, false
}
