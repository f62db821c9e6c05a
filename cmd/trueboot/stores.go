package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/history"
)

// approvals answers what is approved, from a copy: the store is open only while it is read, so that a sweep
// of hours keeps nobody from approving.
type approvals map[string]*baseline.Approval

func (a approvals) of(device string) (*baseline.Approval, error) { return a[device], nil }

func (p *program) readApprovals() (approvals, error) {
	file, err := store.OpenReadOnly(p.settings.baselinePath())
	if errors.Is(err, fs.ErrNotExist) {
		return approvals{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	devices, err := file.Devices()
	if err != nil {
		return nil, err
	}
	all := approvals{}
	for _, device := range devices {
		if all[device], err = file.Current(device); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// previous answers what a device stated at its last assessed visit.
func previous(store *history.Store) func(string) (*facts.Set, error) {
	return func(device string) (*facts.Set, error) {
		visit, err := store.LastAssessed(device)
		if err != nil || visit == nil {
			return nil, err
		}
		return &visit.Set, nil
	}
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
