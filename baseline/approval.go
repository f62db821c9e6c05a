// Package baseline says what is approved: the facts that somebody accepted as the right
// state of a device, with who did so, when, why and under which ticket.
//
// An [Approval] is plain data, and [Diff] compares its facts with those of a later visit. The file
// that keeps approvals is in baseline/store, so that what judges (compare) gets an approval
// without reaching a file.
package baseline

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"trueboot/facts"
)

// A Provenance says where an expected value came from (ndi.md, NDI-CC-03), strongest
// first. A PASS against FirstSeen reads "unchanged since", never "genuine".
type Provenance string

// The provenances.
const (
	VendorSigned Provenance = "vendor-signed" // a vendor's signed list
	VendorPage   Provenance = "vendor-page"   // a value copied from the vendor's page
	OwnImage     Provenance = "own-image"     // hashed here from the user's own copy
	Twin         Provenance = "twin"          // read from a device like it
	FirstSeen    Provenance = "first-seen"    // what the device itself said when it was approved
)

// An Approval is what somebody accepted as the right state of one device: the facts
// of a visit, with who, when, why and the ticket. A new approval takes the place of the
// one before it; nothing is overwritten.
type Approval struct {
	Device     string       `json:"device"`
	Number     uint64       `json:"number"` // 1, 2, … for each device
	Platform   string       `json:"platform"`
	Facts      []facts.Fact `json:"facts"`
	Provenance Provenance   `json:"provenance"`
	By         string       `json:"by"`
	At         time.Time    `json:"at"` // UTC
	Reason     string       `json:"reason"`
	Ticket     string       `json:"ticket,omitempty"`
	Run        string       `json:"run,omitempty"`       // the run whose visit was approved
	SeenAt     time.Time    `json:"seen_at"`             // when the visit took place, UTC
	SecondBy   string       `json:"second_by,omitempty"` // who else approved, where a policy asked for two
	Retired    *Retirement  `json:"retired,omitempty"`   // nil while it holds
}

// A Retirement ends an approval without another in its place.
type Retirement struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"` // UTC
	Reason string    `json:"reason"`
	Ticket string    `json:"ticket,omitempty"`
}

// Set returns the approved facts in the form in which a visit yields them.
func (a Approval) Set() facts.Set {
	return facts.Set{Device: a.Device, Platform: a.Platform, Time: a.SeenAt, Facts: a.Facts}
}

// Same reports whether two approvals say the same: who, when, why, and the same facts, in whatever order and however often. Retirements
// are not looked at.
func (a Approval) Same(b Approval) bool {
	if !a.At.Equal(b.At) || !a.SeenAt.Equal(b.SeenAt) || !slices.Equal(distinct(a.Facts), distinct(b.Facts)) {
		return false
	}
	return a.Device == b.Device && a.Number == b.Number && a.Platform == b.Platform && a.Provenance == b.Provenance &&
		a.By == b.By && a.Reason == b.Reason && a.Ticket == b.Ticket && a.Run == b.Run && a.SecondBy == b.SecondBy
}

func distinct(all []facts.Fact) []facts.Fact {
	return slices.Compact(slices.SortedFunc(slices.Values(all), func(a, b facts.Fact) int {
		return cmp.Or(facts.Compare(a, b), strings.Compare(string(a.Tier), string(b.Tier)))
	}))
}
