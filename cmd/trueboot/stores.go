package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"time"

	"trueboot/baseline"
	"trueboot/baseline/boltfile"
	"trueboot/baseline/imagedb"
	"trueboot/baseline/store"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
)

// readApprovals takes a copy of what is approved: the file is open only for a moment, so that a sweep of hours keeps nobody
// from approving.
func (p *program) readApprovals() (*store.Snapshot, error) {
	file, err := store.OpenReadOnly(p.settings.baselinePath())
	if errors.Is(err, fs.ErrNotExist) && p.settings.signers == "" {
		return &store.Snapshot{}, nil
	}
	if err != nil {
		return nil, withHint(err, "--signers asks for a baseline that is signed, and there is none")
	}
	defer file.Close()
	if p.settings.signers != "" {
		signed, err := p.signedBaseline(file)
		if err != nil {
			return nil, err
		}
		p.signed = signed.manifest.Digest()
	}
	return file.Snapshot()
}

// openHistory opens the history for a run. While another trueboot has it, such as a visit that an alert asked for or the sweep of an hour ago, it
// waits: a nightly sweep that does not take place is worse than one that is late.
func (p *program) openHistory(ctx context.Context, wait time.Duration) (*history.Store, error) {
	told := false
	for until := time.Now().Add(wait); ; {
		kept, err := history.Open(p.settings.historyPath())
		if !errors.Is(err, boltfile.ErrLocked) || ctx.Err() != nil || time.Now().After(until) {
			return kept, err
		}
		if !told {
			told = true
			p.say("%s is in use by another trueboot: waiting for it for up to %v (--wait)", p.settings.historyPath(), wait)
		}
	}
}

// knownTo tells what is known about the images that a device stated; nil where nothing was imported.
type knownTo func(facts.Set) (*baseline.KnownImages, error)

// readKnown opens the known images for the time of a run.
func (p *program) readKnown() (known knownTo, closeKnown func(), err error) {
	images, err := imagedb.OpenReadOnly(p.settings.knownPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, func() {}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return images.About, func() { images.Close() }, nil
}

// chosenProfile is the one that --profile names: a built-in one, or a file.
func (p *program) chosenProfile() (compare.Profile, error) {
	if profile, ok := compare.BuiltInProfile(p.settings.profile); ok {
		return profile, nil
	}
	file, err := os.Open(p.settings.profile)
	if err != nil {
		return compare.Profile{}, usage("--profile %s: neither core, ndi nor strict, nor a file: %w", p.settings.profile, err)
	}
	defer file.Close()
	profile, err := compare.ReadProfile(p.settings.profile, file)
	if err != nil {
		return compare.Profile{}, &status{statusUsage, err}
	}
	return profile, nil
}

// collector names who runs the program, and where.
func collector() string {
	who, where := "unknown", "unknown"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		where = h
	}
	return fmt.Sprintf("%s@%s", who, where)
}
