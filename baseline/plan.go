package baseline

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// LongestWindow is how long a window may be at most. What takes longer is several changes.
const LongestWindow = 31 * 24 * time.Hour

// mostPlanned is how many devices one plan names.
const mostPlanned = 10_000

// A Plan says which devices are brought from what to what, under which ticket, within which window. It explains the differences that it plans, and no
// others; a finding that it explains stays a FAIL. It is never edited: a plan that was wrong is closed, and another one made.
type Plan struct {
	Number  uint64    `json:"number"` // among the decisions of a baseline
	Ticket  string    `json:"ticket"`
	Owner   string    `json:"owner,omitempty"` // who carries it out
	Devices []string  `json:"devices"`         // names
	From    PlanState `json:"from"`
	To      PlanState `json:"to"`
	Start   time.Time `json:"start"`           // UTC
	End     time.Time `json:"end"`             // UTC; the window ends before it
	Files   []string  `json:"files,omitempty"` // patterns of names of files that may come or go besides the image
	Old     string    `json:"old,omitempty"`   // what becomes of the old image: "kept", "removed"; empty for either
	By      string    `json:"by"`
	At      time.Time `json:"at"` // UTC
	Reason  string    `json:"reason"`
	Source  string    `json:"source,omitempty"` // the file that it was imported from; empty for one that a person made here
	Steps   []Step    `json:"-"`                // what was checked before and after, oldest first; given by the store
	Ended   *Ending   `json:"ended,omitempty"`
}

// A PlanState is what a plan says of a device before or after. What is empty is not said.
type PlanState struct {
	Version    string   `json:"version,omitempty"`
	Image      string   `json:"image,omitempty"` // file name, or path
	Boot       []string `json:"boot,omitempty"`  // boot list in its order, paths or file names
	Register   string   `json:"register,omitempty"`
	BootLoader string   `json:"boot_loader,omitempty"`
	Packages   []string `json:"packages,omitempty"` // names of packages, SMUs and patches, with * and ?
}

// A Step is that somebody checked a device before or after a change.
type Step struct {
	Change  uint64    `json:"change"`
	Stage   string    `json:"stage"` // "pre", "post"
	Device  string    `json:"device"`
	Run     string    `json:"run"`
	Verdict string    `json:"verdict"` // "PASS", "FAIL", "NOT-ASSESSED"
	By      string    `json:"by"`
	At      time.Time `json:"at"` // UTC
}

// Empty reports whether the state says nothing.
func (s PlanState) Empty() bool {
	return s.Version == "" && s.Image == "" && len(s.Boot) == 0 && s.Register == "" && s.BootLoader == "" && len(s.Packages) == 0
}

// Valid reports what keeps c from being stored.
func (c Plan) Valid() error {
	err := validSignature(c.By, c.Reason, c.Ticket, c.At.IsZero())
	switch {
	case strings.TrimSpace(c.Ticket) == "":
		err = errors.Join(err, errors.New("no ticket is named: a plan belongs to one"))
	case len(c.Devices) == 0:
		err = errors.Join(err, errors.New("it names no device"))
	case len(c.Devices) > mostPlanned:
		err = errors.Join(err, fmt.Errorf("it names %d devices, and %d are the most", len(c.Devices), mostPlanned))
	case c.To.Empty() && len(c.From.Packages) == 0:
		err = errors.Join(err, errors.New("it plans nothing: say to which version, image, boot list, packages, register or boot loader"))
	case c.Start.IsZero() || c.End.IsZero():
		err = errors.Join(err, errors.New("no window: say when it starts and ends"))
	case !c.End.After(c.Start):
		err = errors.Join(err, fmt.Errorf("the window ends on %s, before it starts on %s", c.End.Format(time.RFC3339), c.Start.Format(time.RFC3339)))
	case c.End.Sub(c.Start) > LongestWindow:
		err = errors.Join(err, errors.New("the window is longer than a month: plan several changes"))
	case c.Old != "" && c.Old != "kept" && c.Old != "removed":
		err = errors.Join(err, fmt.Errorf("the old image is kept or removed, and not %q", c.Old))
	case len(c.To.Boot) > 16 || len(c.From.Boot) > 16 || len(c.Files) > 100:
		err = errors.Join(err, errors.New("more than 16 entries of a boot list, or 100 patterns of files"))
	case len(c.To.Packages) > 100 || len(c.From.Packages) > 100:
		err = errors.Join(err, errors.New("more than 100 packages"))
	}
	for _, device := range c.Devices {
		err = errors.Join(err, validName("device", device))
	}
	texts := []string{c.Owner, c.Source, c.From.Version, c.From.Image, c.From.Register, c.From.BootLoader, c.To.Version, c.To.Image, c.To.Register, c.To.BootLoader}
	for _, text := range slices.Concat(texts, c.To.Boot, c.From.Boot, c.To.Packages, c.From.Packages, c.Files) {
		if text != "" {
			err = errors.Join(err, validName("value", text))
		}
	}
	if err != nil {
		return fmt.Errorf("change: %w", err)
	}
	return nil
}

// Valid reports what keeps s from being stored.
func (s Step) Valid() error {
	if s.Stage != "pre" && s.Stage != "post" || s.At.IsZero() || s.Change == 0 {
		return errors.New("step: no stage, time or change")
	}
	return errors.Join(validName("device", s.Device), validName("by", s.By))
}

// SamePlan reports whether two plans say the same, whoever made them, when and why.
func (c Plan) SamePlan(other Plan) bool {
	state := func(a, b PlanState) bool {
		return a.Version == b.Version && a.Image == b.Image && slices.Equal(a.Boot, b.Boot) && a.Register == b.Register && a.BootLoader == b.BootLoader && slices.Equal(a.Packages, b.Packages)
	}
	return c.Ticket == other.Ticket && slices.Equal(c.Devices, other.Devices) && state(c.From, other.From) && state(c.To, other.To) &&
		c.Start.Equal(other.Start) && c.End.Equal(other.End) && slices.Equal(c.Files, other.Files) && c.Old == other.Old
}

// During reports whether the time lies in the window.
func (c Plan) During(at time.Time) bool { return !at.Before(c.Start) && at.Before(c.End) }

// Over reports whether the window has passed.
func (c Plan) Over(at time.Time) bool { return !at.Before(c.End) }

// Meets returns a device for which two plans have a moment in common, "" for none: one of them would explain what the other forbids.
func (c Plan) Meets(other Plan) string {
	if !c.Start.Before(other.End) || !other.Start.Before(c.End) {
		return ""
	}
	for _, device := range c.Devices {
		if slices.Contains(other.Devices, device) {
			return device
		}
	}
	return ""
}

// HasPackage reports whether a package is one of the state's.
func (s PlanState) HasPackage(name string) bool {
	return slices.ContainsFunc(s.Packages, func(pattern string) bool {
		return strings.EqualFold(pattern, name) || Like(pattern, name) || Like(pattern, FileName(name))
	})
}

// ImageName is the file name of the state's image, "" for none.
func (s PlanState) ImageName() string { return FileName(s.Image) }

// FileName is the last part of a path on a device: "a.bin" of "flash:/dir/a.bin".
func FileName(file string) string {
	if file == "" {
		return ""
	}
	name := path.Base(strings.TrimRight(file, "/"))
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return name
}

// PlansFor returns the plans that hold for a device, oldest first.
func (d Decisions) PlansFor(m Member) []Plan {
	var all []Plan
	for _, c := range d.Plans {
		if c.Ended == nil && slices.Contains(c.Devices, m.Device) {
			all = append(all, c)
		}
	}
	return all
}
