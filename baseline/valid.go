package baseline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"trueboot/facts"
)

// What an approval may hold at most. The limits are far above what is real and keep a mistake or
// a hostile device from filling the store.
const (
	maxName  = 255     // bytes of a device's, platform's or run's name
	maxText  = 4 << 10 // bytes of what a person wrote
	maxField = 4 << 10 // bytes of one field of a fact
	maxFacts = 100_000
)

// Valid reports what keeps a from being stored: a device without a name, nobody who
// approved, no reason, no facts, or more than fits.
func (a Approval) Valid() error {
	if err := ValidDevice(a.Device); err != nil {
		return err
	}
	err := errors.Join(
		validName("platform", a.Platform),
		validSignature(a.By, a.Reason, a.Ticket, a.At.IsZero()),
		a.validFacts(),
	)
	if a.SecondBy != "" {
		err = errors.Join(err, validName("second approver", a.SecondBy))
		if a.SecondBy == a.By {
			err = errors.Join(err, ErrSameApprover)
		}
	}
	if a.Run != "" {
		err = errors.Join(err, validName("run", a.Run))
	}
	if !slices.Contains([]Provenance{VendorSigned, VendorPage, OwnImage, Twin, FirstSeen}, a.Provenance) {
		err = errors.Join(err, fmt.Errorf("provenance %q is not known", a.Provenance))
	}
	if a.Retired != nil {
		err = errors.Join(err, errors.New("is retired before it was stored"))
	}
	if err != nil {
		return fmt.Errorf("approval of %s: %w", a.Device, err)
	}
	return nil
}

// Valid reports what keeps r from being stored.
func (r Retirement) Valid() error {
	return validSignature(r.By, r.Reason, r.Ticket, r.At.IsZero())
}

// ValidDevice reports whether a device's name can be a key of the stores and be printed: not
// empty, at most 255 bytes, UTF-8, printable.
func ValidDevice(name string) error { return validName("device", name) }

func validName(what, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("no %s is named", what)
	case len(name) > maxName:
		return fmt.Errorf("%s %.40q… has %d bytes, and %d are the most", what, name, len(name), maxName)
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%s %q has characters that can't be printed", what, name)
	}
	return nil
}

// validSignature checks what a person adds: who, why, the ticket and the time.
func validSignature(by, reason, ticket string, timeless bool) error {
	var err error
	for _, field := range []struct{ name, text string }{{"by", by}, {"reason", reason}, {"ticket", ticket}} {
		switch {
		case strings.TrimSpace(field.text) == "" && field.name != "ticket":
			err = errors.Join(err, fmt.Errorf("%q is empty: an approval names who and why", field.name))
		case len(field.text) > maxText:
			err = errors.Join(err, fmt.Errorf("%q has %d bytes, and %d are the most", field.name, len(field.text), maxText))
		case !utf8.ValidString(field.text):
			err = errors.Join(err, fmt.Errorf("%q is not UTF-8", field.name))
		}
	}
	if timeless {
		err = errors.Join(err, errors.New("has no time"))
	}
	return err
}

// validText checks a short text that is stored and shown.
func validText(text string) error {
	switch {
	case len(text) > maxField:
		return fmt.Errorf("%.40q… has %d bytes, and %d are the most", text, len(text), maxField)
	case !utf8.ValidString(text):
		return fmt.Errorf("%q is not UTF-8", text)
	}
	return nil
}

func (a Approval) validFacts() error {
	switch {
	case len(a.Facts) == 0:
		return errors.New("holds no facts: nothing was learnt that could be approved")
	case len(a.Facts) > maxFacts:
		return fmt.Errorf("holds %d facts, and %d are the most", len(a.Facts), maxFacts)
	}
	for _, f := range a.Facts {
		if err := validFact(f); err != nil {
			return err
		}
	}
	return nil
}

// validFact wants UTF-8 because the store would otherwise change the bytes, and what was approved would
// never be seen again.
func validFact(f facts.Fact) error {
	if f.Kind == "" {
		return errors.New("holds a fact without a kind")
	}
	for _, field := range []string{string(f.Kind), f.Subject, f.Value, f.Command, string(f.Tier)} {
		switch {
		case len(field) > maxField:
			return fmt.Errorf("fact %.40q about %.40q: a field has %d bytes, and %d are the most", f.Kind, f.Subject, len(field), maxField)
		case !utf8.ValidString(field):
			return fmt.Errorf("fact %q about %q: %q is not UTF-8", f.Kind, f.Subject, field)
		}
	}
	return nil
}
