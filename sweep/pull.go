package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"trueboot/baseline/hasher"
	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/facts"
	"trueboot/inventory"
)

// Files is a connection over which a device's files are fetched. It has to be closed.
type Files interface {
	// Protocol is "sftp" or "scp".
	Protocol() string
	// Pull fetches a file and writes it to w as it comes. Its error is a *collectors.Failure where the reason is known.
	Pull(ctx context.Context, path string, w io.Writer) (size int64, err error)
	Close() error
}

// A Pull fetches the image files of devices, to hash them here.
type Pull struct {
	// Open logs in.
	Open func(context.Context, inventory.Device) (Files, error)
	// Keep makes the place where a copy of a file is kept; nil for nowhere. What it returned is closed with Done, which says whether the file is whole.
	Keep func(device, file string) (Kept, error)
}

// Kept is a copy of a file in the making.
type Kept interface {
	io.Writer
	Done(whole bool) error
}

// mostPulls is how many files are fetched from one device.
const mostPulls = 64

// pull fetches the images that a visit named, hashes them while they pass, and adds what that teaches to the visit.
func (p *Pull) pull(ctx context.Context, platform collectors.Platform, r *Result, said *capture.Transcript) {
	missing := func(file string, reason facts.Reason, detail string) {
		r.Set.Gaps = append(r.Set.Gaps, facts.Gap{Command: strings.TrimSpace("fetch " + file), Reason: reason, Detail: detail, Subject: file, Kinds: []facts.Kind{facts.PulledDigest}})
	}
	if platform.Files == nil {
		missing("", facts.PlatformHasNone, "the platform serves no image over SFTP or SCP")
		return
	}
	files := imageFiles(r.Set)
	if len(files) == 0 {
		missing("", facts.NothingToAskFor, "no reply named an image file on the device")
		return
	}
	connection, err := p.Open(ctx, r.Target)
	if err != nil {
		reason, detail := asGap(err)
		missing("", reason, detail)
		return
	}
	defer connection.Close()
	for _, file := range files {
		found, err := p.one(ctx, connection, r.Device, file, platform.Files.Name(file))
		if err == nil {
			r.Set.Facts, said.Facts = append(r.Set.Facts, found...), append(said.Facts, found...)
			continue
		}
		reason, detail := asGap(err)
		if reason == facts.WouldModify {
			if platform.Files.Enable != "" {
				detail += fmt.Sprintf("; it would with the line %s, which is never typed", platform.Files.Enable)
			}
			missing("", reason, detail)
			return // nor will it serve the others
		}
		missing(file, reason, detail)
		if reason == facts.SessionLost || reason == facts.Timeout || ctx.Err() != nil {
			return
		}
	}
}

func asGap(err error) (facts.Reason, string) {
	var f *collectors.Failure
	if errors.As(err, &f) {
		return f.Reason, f.Error()
	}
	return facts.SessionLost, facts.WithoutPasswords(err.Error())
}

// one fetches one file.
func (p *Pull) one(ctx context.Context, from Files, device, file, name string) (found []facts.Fact, err error) {
	var kept Kept
	if p.Keep != nil {
		if kept, err = p.Keep(device, file); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, kept.Done(err == nil)) }()
	}
	hashes := hasher.New(nil)
	var to io.Writer = hashes
	if kept != nil {
		to = io.MultiWriter(hashes, kept)
	}
	_, err = from.Pull(ctx, name, to)
	digests, size := hashes.Sum()
	if err != nil {
		return nil, err
	}
	command := from.Protocol() + " " + name
	found = append(found, facts.Fact{Kind: facts.PulledSize, Subject: file, Value: fmt.Sprint(size), Command: command, Tier: facts.E2})
	for _, d := range digests {
		found = append(found, facts.Fact{Kind: facts.PulledDigest, Subject: file, Value: d.String(), Command: command, Tier: facts.E2})
	}
	return found, nil
}

// imageFiles are the files whose digests the device was asked for, and the image that runs, each once.
func imageFiles(set facts.Set) []string {
	var files []string
	add := func(file string) {
		if file != "" && len(files) < mostPulls && !slices.ContainsFunc(files, func(f string) bool { return facts.SamePath(f, file) }) {
			files = append(files, file)
		}
	}
	for _, f := range set.Facts {
		switch f.Kind {
		case facts.ImageDigest:
			add(f.Subject)
		case facts.RunningImage:
			if slices.ContainsFunc(set.Facts, func(o facts.Fact) bool {
				return (o.Kind == facts.File || o.Kind == facts.Partition) && facts.SamePath(o.Subject, f.Value)
			}) {
				add(f.Value)
			}
		}
	}
	return files
}
