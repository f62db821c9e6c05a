package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"

	"trueboot/baseline"
	"trueboot/baseline/imagedb"
	"trueboot/baseline/store"
	"trueboot/compare"
	"trueboot/facts"
)

// readApprovals takes a copy of what is approved: the file is open only for a moment, so that a sweep of hours keeps nobody
// from approving.
func (p *program) readApprovals() (*store.Snapshot, error) {
	file, err := store.OpenReadOnly(p.settings.baselinePath())
	if errors.Is(err, fs.ErrNotExist) {
		return &store.Snapshot{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.Snapshot()
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
