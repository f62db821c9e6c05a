package baseline

import (
	"errors"
	"fmt"
	"time"
)

// A Policy says what holds for devices whatever is approved for each: a least version, versions that must not run, and how many people have to
// approve.
type Policy struct {
	Number    uint64    `json:"number"` // among the decisions of a baseline
	Scope     Scope     `json:"scope"`
	Minimum   string    `json:"minimum,omitempty"`   // least version, in the platform's order
	Forbidden []string  `json:"forbidden,omitempty"` // versions, or patterns of versions with * and ?
	Approvers int       `json:"approvers,omitempty"` // 2 where one is not enough
	By        string    `json:"by"`
	At        time.Time `json:"at"` // UTC
	Reason    string    `json:"reason"`
	Ticket    string    `json:"ticket,omitempty"`
	Ended     *Ending   `json:"ended,omitempty"`
}

// Valid reports what keeps p from being stored.
func (p Policy) Valid() error {
	err := errors.Join(p.Scope.Valid(), validSignature(p.By, p.Reason, p.Ticket, p.At.IsZero()))
	switch {
	case p.Minimum == "" && len(p.Forbidden) == 0 && p.Approvers == 0:
		err = errors.Join(err, errors.New("asks for nothing: name a least version, versions that are forbidden, or two approvers"))
	case p.Minimum != "" && p.Scope.Platform == "" && p.Scope.Model == "" && !p.Scope.one():
		err = errors.Join(err, errors.New("a least version is of one platform, in its own numbering: name the platform, a model or one device"))
	case p.Approvers != 0 && p.Approvers != 2:
		err = errors.Join(err, fmt.Errorf("%d approvers: two can be asked for", p.Approvers))
	case len(p.Forbidden) > 1000:
		err = errors.Join(err, fmt.Errorf("forbids %d versions, and 1000 are the most", len(p.Forbidden)))
	}
	for _, text := range append([]string{p.Minimum}, p.Forbidden...) {
		if bad := validText(text); bad != nil {
			err = errors.Join(err, bad)
		}
	}
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return nil
}
