package imagedb

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"trueboot/baseline"
	"trueboot/baseline/known"
	"trueboot/facts"
)

// smallestImage is the size in bytes below which a file is no image whose name is worth looking up; a device lists hundreds of files.
const smallestImage = 256 << 10

// About gathers what is known about the digests and the larger files that a visit states, as plain data for a judgement.
func (s *Store) About(set facts.Set) (*baseline.KnownImages, error) {
	about := &baseline.KnownImages{ByDigest: map[string][]baseline.KnownImage{}, ByName: map[string][]baseline.KnownImage{}}
	err := s.view(func(v *view) error {
		for _, f := range set.Facts {
			switch f.Kind {
			case facts.ImageDigest, facts.PulledDigest, facts.PublishedDigest:
				if err := v.aboutDigest(about, f.Value); err != nil {
					return err
				}
				if err := v.aboutName(about, f.Subject); err != nil {
					return err
				}
			case facts.BootMeasurement:
				if err := v.aboutMeasurement(about, f.Value); err != nil {
					return err
				}
				if err := v.aboutName(about, f.Subject); err != nil {
					return err
				}
			case facts.File:
				if size, err := strconv.ParseInt(f.Value, 10, 64); err != nil || size < smallestImage {
					continue
				}
				if err := v.aboutName(about, f.Subject); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return about, err
}

func (v *view) aboutDigest(about *baseline.KnownImages, value string) error {
	d, err := known.ParseDigest(value)
	if err != nil {
		return nil // what a device prints need not be a digest; compare says so
	}
	if _, done := about.ByDigest[d.String()]; done {
		return nil
	}
	found, err := v.byDigest(d)
	if len(found) > 0 {
		about.ByDigest[d.String()] = forJudgement(found)
	}
	return err
}

// aboutMeasurement looks a digest up that the trust anchor took at boot.
func (v *view) aboutMeasurement(about *baseline.KnownImages, value string) error {
	d, err := known.ParseDigest(value)
	if err != nil {
		return nil
	}
	d.Algorithm = known.Measured + d.Algorithm
	found, err := v.byDigest(d)
	if len(found) > 0 {
		about.ByDigest[d.String()] = forJudgement(found)
	}
	return err
}

func (v *view) aboutName(about *baseline.KnownImages, file string) error {
	name := strings.ToLower(path.Base(strings.TrimRight(file, "/")))
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if _, done := about.ByName[name]; done || name == "" {
		return nil
	}
	found, err := v.byName(name)
	if len(found) > 0 {
		about.ByName[name] = forJudgement(found)
	}
	return err
}

func forJudgement(all []known.Match) []baseline.KnownImage {
	images := make([]baseline.KnownImage, len(all))
	for n, m := range all {
		images[n] = baseline.KnownImage{
			Name: m.Name, Size: m.Size, Version: m.Version, Bundle: m.Bundle, Title: strings.Join(strings.Fields(m.Vendor+" "+m.Product+" "+m.Version), " "),
			Withdrawn: m.Withdrawn(), Provenance: m.Source.Provenance, Source: fmt.Sprintf("source %d", m.Source.Number), Since: m.Source.At,
		}
		for _, d := range m.Digests {
			images[n].Digests = append(images[n].Digests, d.String())
		}
	}
	return images
}
