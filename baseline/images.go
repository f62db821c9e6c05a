package baseline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trueboot/facts"
)

// An ImageApproval is software that is approved for many devices at once: those that its scope fits, while it is valid. During a roll-out the
// old image and the new one are both approved, each by its own.
type ImageApproval struct {
	Number     uint64          `json:"number"` // among the decisions of a baseline
	Scope      Scope           `json:"scope"`
	Images     []ApprovedImage `json:"images"`
	From       time.Time       `json:"from,omitzero"`  // UTC; zero for at once
	Until      time.Time       `json:"until,omitzero"` // UTC, from then on it is not valid; zero for good
	Provenance Provenance      `json:"provenance"`
	By         string          `json:"by"`
	At         time.Time       `json:"at"` // UTC
	Reason     string          `json:"reason"`
	Ticket     string          `json:"ticket,omitempty"`

	// TwoApprovers is set where a policy asked for a second approver when it was made: without a confirmation it approves nothing.
	TwoApprovers bool          `json:"two_approvers,omitempty"`
	Confirmed    *Confirmation `json:"confirmed,omitempty"`
	Ended        *Ending       `json:"ended,omitempty"`
}

// An ApprovedImage is one image: a file of which the name, size and digests are known, or the software that a device like the others
// states of itself, where an image is many packages.
type ApprovedImage struct {
	Name    string       `json:"name,omitempty"` // file name without folders
	Size    int64        `json:"size,omitempty"` // bytes; 0 where it is not known
	Version string       `json:"version"`
	Digests []string     `json:"digests,omitempty"` // "sha512:<hex>"
	Device  string       `json:"device,omitempty"`  // the device whose facts these are
	Facts   []facts.Fact `json:"facts,omitempty"`   // of the kinds that Software names
}

// A Confirmation is the word of a second approver about an approval of images.
type Confirmation struct {
	Number uint64    `json:"number"` // of the decision
	By     string    `json:"by"`
	At     time.Time `json:"at"` // UTC
	Reason string    `json:"reason"`
	Ticket string    `json:"ticket,omitempty"`
}

// Software reports whether a kind of fact belongs to the image that a device runs, and not to the device.
func Software(kind facts.Kind) bool { return slices.Contains(software, kind) }

// software are the kinds that two devices with the same image state alike. What names a component is left out: a stack of three has
// three of them.
var software = []facts.Kind{
	facts.RunningVersion, facts.RunningImage, facts.SoftwareImage, facts.ReleaseType, facts.Release, facts.CompileTime, facts.CompiledBy,
	facts.BuildID, facts.BootMode, facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand, facts.StartupBootCommand,
	facts.ImageDigest, facts.EmbeddedDigest, facts.ComputedDigest, facts.PublishedDigest, facts.ContentDigest, facts.ContentSize, facts.PulledDigest, facts.PulledSize, facts.RunningPackageDigest, facts.MemoryDigest, facts.Signature, facts.SignedImageType,
	facts.Signer, facts.CertificateSerial, facts.SignatureDetail, facts.Package, facts.PackageState, facts.CommittedPackage, facts.PackageFile,
}

// SoftwareOf returns the software of a device that others may run too, as it stated it.
func SoftwareOf(set facts.Set) ApprovedImage {
	image := ApprovedImage{Device: set.Device, Version: set.Value(facts.RunningVersion)}
	files := map[string]bool{}
	for _, f := range set.Facts {
		if !Software(f.Kind) {
			continue
		}
		image.Facts = append(image.Facts, f)
		switch f.Kind {
		case facts.ImageDigest:
			files[f.Subject] = true
		case facts.RunningImage:
			files[f.Value] = true
		}
	}
	for _, f := range set.Facts {
		if f.Kind == facts.File && files[f.Subject] {
			image.Facts = append(image.Facts, f)
		}
	}
	return image
}

// Valid reports what keeps a from being stored.
func (a ImageApproval) Valid() error {
	err := errors.Join(a.Scope.Valid(), validSignature(a.By, a.Reason, a.Ticket, a.At.IsZero()))
	if len(a.Images) == 0 || len(a.Images) > 1000 {
		err = errors.Join(err, fmt.Errorf("names %d images: from 1 to 1000", len(a.Images)))
	}
	for _, i := range a.Images {
		err = errors.Join(err, i.valid())
	}
	if !a.Until.IsZero() && !a.Until.After(a.At) || !a.Until.IsZero() && !a.Until.After(a.From) {
		err = errors.Join(err, errors.New("it would never be valid"))
	}
	if !slices.Contains([]Provenance{VendorSigned, VendorPage, OwnImage, Twin}, a.Provenance) {
		err = errors.Join(err, fmt.Errorf("provenance %q can't be that of an image for many devices", a.Provenance))
	}
	if err != nil {
		return fmt.Errorf("approval of images: %w", err)
	}
	return nil
}

func (i ApprovedImage) valid() error {
	what := i.Name + i.Device
	switch {
	case i.Version == "":
		return fmt.Errorf("image %q: its version is not known: say it", what)
	case i.Name == "" && len(i.Facts) == 0:
		return fmt.Errorf("image of version %q has neither a name nor facts", i.Version)
	case strings.ContainsAny(i.Name, `/\:`):
		return fmt.Errorf("image %q: a file's name without folders", what)
	case len(i.Facts) > maxFacts:
		return fmt.Errorf("image %q: %d facts, and %d are the most", what, len(i.Facts), maxFacts)
	case i.Size < 0:
		return fmt.Errorf("image %q: a size of %d bytes", what, i.Size)
	}
	for _, text := range append([]string{i.Name, i.Version, i.Device}, i.Digests...) {
		if err := validText(text); err != nil {
			return err
		}
	}
	for _, f := range i.Facts {
		if err := validFact(f); err != nil {
			return err
		}
	}
	return nil
}

// Holds reports whether the approval is valid: begun, not over, not ended, and confirmed where that is asked for.
func (a ImageApproval) Holds(now time.Time) bool {
	return a.Ended == nil && !now.Before(a.From) && (a.Until.IsZero() || now.Before(a.Until)) && (!a.TwoApprovers || a.Confirmed != nil)
}

// Valid reports what keeps c from being stored.
func (c Confirmation) Valid() error { return validSignature(c.By, c.Reason, c.Ticket, c.At.IsZero()) }

// ErrSameApprover means that somebody confirmed what he approved himself.
var ErrSameApprover = errors.New("a second approver is somebody else than the first")

// A Proposal is the first of two approvals of a device: it names the visit that would be approved. The second one makes an Approval of it.
type Proposal struct {
	Number uint64    `json:"number"` // among the decisions of a baseline
	Device string    `json:"device"`
	Run    string    `json:"run"`
	By     string    `json:"by"`
	At     time.Time `json:"at"` // UTC
	Reason string    `json:"reason"`
	Ticket string    `json:"ticket,omitempty"`
	Ended  *Ending   `json:"ended,omitempty"` // it was confirmed, or taken back
}

// Valid reports what keeps p from being stored.
func (p Proposal) Valid() error {
	return errors.Join(ValidDevice(p.Device), validName("run", p.Run), validSignature(p.By, p.Reason, p.Ticket, p.At.IsZero()))
}
