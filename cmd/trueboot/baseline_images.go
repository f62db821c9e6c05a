package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/baseline"
	"trueboot/baseline/imagedb"
	"trueboot/baseline/known"
	"trueboot/baseline/store"
	"trueboot/collectors/platforms"
	"trueboot/history"
	"trueboot/reports"
)

// allowFlags are those of baseline allow.
type allowFlags struct {
	decision
	scope, from, until, version, like, run string
}

func (p *program) allowCommand() *cobra.Command {
	var f allowFlags
	c := &cobra.Command{
		Use:   "allow IMAGE… | --like DEVICE",
		Short: "approve images for many devices: a model, a role, a site",
		Long: `Approve images for all devices that --for names, from a day to a day. A device that runs one of them is compared with it instead of
the image in its own approval; everything else is compared with its own approval as before. So the old image and the new one are both
right during a roll-out. A device without an approval of its own has to run one of them.

IMAGE is an image file, which is hashed here, or the name of one that trueboot known import told of. Where an image is many packages (IOS XE in
install mode, NX-OS with patches, Junos), --like takes the software that one device stated at its last visit.

While a boot list names the new image and the old one still runs, NDI-BC-04 and NDI-RN-01 fail all the same: the device would boot something
else than it runs.`,
		Example: `  trueboot baseline allow c2900-universalk9-mz.SPA.157-3.M8.bin \
    --for model=CISCO2911*,site=ams \
    --until 2027-01-31 --reason 'roll-out 15.7(3)M8' --ticket CHG-9
  trueboot baseline allow --like core1 --for model=C9300-*,role=access \
    --reason 'pilot went well'`,
		Annotations: exits(workedHelp),
		RunE: func(_ *cobra.Command, arguments []string) error {
			return p.allow(arguments, f)
		},
	}
	f.register(c)
	flags := c.Flags()
	flags.StringVar(&f.scope, "for", "", "which `devices`: a name or pattern, site=ams,role=edge, platform=cisco_ios, model=, tag=, or all: required")
	flags.StringVar(&f.from, "from", "", "first `day`, 2026-12-01; at once without it")
	flags.StringVar(&f.until, "until", "", "last `day`, 2027-01-31, or a span, 30d; for good without it")
	flags.StringVar(&f.version, "version", "", "running `version` of the image, where the file and the name do not tell it")
	flags.StringVar(&f.like, "like", "", "take the software of this `device`")
	flags.StringVar(&f.run, "from-run", "", "with --like: as it was in this `run`, not in the last one")
	p.settings.registerStore(flags)
	return c
}

func (p *program) allow(arguments []string, f allowFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if (f.like != "") == (len(arguments) > 0) {
		return usage("name images, or one device with --like")
	}
	a := baseline.ImageApproval{By: f.by, At: time.Now().UTC(), Reason: f.reason, Ticket: f.ticket}
	var err error
	if a.Scope, err = baseline.ParseScope(f.scope); err != nil {
		return usage("--for: %w", err)
	}
	if f.from != "" {
		if a.From, err = time.Parse(time.DateOnly, f.from); err != nil {
			return usage("--from %q: a day such as 2026-12-01", f.from)
		}
	}
	if f.until != "" {
		if a.Until, err = parseLastDay(f.until, a.At); err != nil {
			return usage("--until: %w", err)
		}
	}
	if f.like != "" {
		if a.Images, err = p.imagesLike(f); err != nil {
			return err
		}
		a.Provenance = baseline.Twin
	} else if a.Images, a.Provenance, err = p.namedImages(arguments, f.version, a.Scope); err != nil {
		return err
	}
	decisions, err := store.Open(p.settings.baselinePath())
	if err != nil {
		return err
	}
	defer decisions.Close()
	all, err := decisions.Decisions()
	if err != nil {
		return err
	}
	// Whom a scope will fit is not known here: where any policy asks for two, two it is.
	a.TwoApprovers = slices.ContainsFunc(all.Policies, func(p baseline.Policy) bool { return p.Ended == nil && p.Approvers == 2 })
	if a, err = decisions.ApproveImages(a); err != nil {
		return err
	}
	p.writeImages(a)
	return decisions.Close()
}

// imagesLike takes the software of a device's visit.
func (p *program) imagesLike(f allowFlags) ([]baseline.ApprovedImage, error) {
	seen, err := history.OpenReadOnly(p.settings.historyPath())
	if err != nil {
		return nil, withHint(err, "nothing has been visited yet: begin with trueboot sweep")
	}
	defer seen.Close()
	visit, err := chosenVisit(seen, f.run, f.like)
	if err != nil {
		return nil, err
	}
	image := baseline.SoftwareOf(visit.Set)
	if image.Version == "" {
		return nil, fmt.Errorf("%s did not state its running version", f.like)
	}
	return []baseline.ApprovedImage{image}, nil
}

// namedImages reads image files, or looks names up among the known images. Their provenance is the weakest of them.
func (p *program) namedImages(arguments []string, version string, scope baseline.Scope) (images []baseline.ApprovedImage, weakest baseline.Provenance, err error) {
	db, err := imagedb.OpenReadOnly(p.settings.knownPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		db = nil
	case err != nil:
		return nil, "", err
	default:
		defer db.Close()
	}
	rank := -1
	for _, argument := range arguments {
		image, provenance, err := readImage(db, argument)
		if err != nil {
			return nil, "", err
		}
		if version != "" {
			image.Version = version
		}
		if image.Version == "" && scope.Platform != "" {
			if platform, ok := platforms.ByName(scope.Platform); ok && platform.VersionInName != nil {
				image.Version, _ = platform.VersionInName(image.Name)
			}
		}
		if image.Version == "" {
			return nil, "", usage("%s: neither the file nor a list says its version: give --version, as the device states it", argument)
		}
		images = append(images, image)
		if r := slices.Index([]baseline.Provenance{baseline.VendorSigned, baseline.VendorPage, baseline.OwnImage}, provenance); r > rank {
			rank, weakest = r, provenance
		}
	}
	return images, weakest, nil
}

// readImage hashes an image file, or finds one by its name.
func readImage(db *imagedb.Store, argument string) (image baseline.ApprovedImage, provenance baseline.Provenance, err error) {
	provenance = baseline.OwnImage
	if info, err := os.Stat(argument); err == nil && info.Mode().IsRegular() {
		read, err := known.ReadFile(argument)
		if err != nil {
			return image, "", err
		}
		if db != nil { // somebody better may vouch for it
			for _, d := range read.Digests {
				matches, err := db.ByDigest(d)
				if err != nil {
					return image, "", err
				}
				for _, m := range matches {
					if m.Agrees(read.Digests) && trusted(m.Source.Provenance, provenance) {
						provenance = m.Source.Provenance
					}
				}
			}
		}
		return approvedImage(read), provenance, nil
	}
	name := filepath.Base(argument)
	if db == nil {
		return image, "", fmt.Errorf("%s: is no file here, and no list was imported that could name it: trueboot known import", argument)
	}
	matches, err := db.ByName(name)
	if err != nil {
		return image, "", err
	}
	slices.SortStableFunc(matches, known.ByTrust)
	switch {
	case len(matches) == 0:
		return image, "", fmt.Errorf("%s: is no file here, and no imported list names it", argument)
	case matches[0].Withdrawn():
		return image, "", fmt.Errorf("%s: its vendor took it back (%s)", argument, matches[0].Status)
	}
	// Lists of one standing may each have another algorithm, or the same digest.
	image = approvedImage(matches[0].Image)
	for _, m := range matches[1:] {
		if m.Source.Provenance != matches[0].Source.Provenance {
			break
		}
		for _, d := range approvedImage(m.Image).Digests {
			algorithm, _, _ := strings.Cut(d, ":")
			switch i := slices.IndexFunc(image.Digests, func(have string) bool { return strings.HasPrefix(have, algorithm+":") }); {
			case i < 0:
				image.Digests = append(image.Digests, d)
			case image.Digests[i] != d:
				return image, "", fmt.Errorf("%s: two imported lists state different digests of it (trueboot known lookup %s): give the file itself", argument, name)
			}
		}
		image.Size, image.Version = cmp.Or(image.Size, m.Size), cmp.Or(image.Version, m.Version)
	}
	return image, matches[0].Source.Provenance, nil
}

// trusted reports whether a provenance is stronger than another one.
func trusted(a, b baseline.Provenance) bool {
	return known.ByTrust(known.Match{Source: known.Source{Provenance: a}}, known.Match{Source: known.Source{Provenance: b}}) < 0
}

func approvedImage(i known.Image) baseline.ApprovedImage {
	image := baseline.ApprovedImage{Name: i.Name, Size: i.Size, Version: i.Version}
	for _, d := range i.Digests {
		image.Digests = append(image.Digests, d.String())
	}
	return image
}

// writeImages prints an approval of images for people.
func (p *program) writeImages(a baseline.ImageApproval) {
	state := "at once"
	if !a.From.IsZero() {
		state = "from " + a.From.Format(time.DateOnly)
	}
	if a.Until.IsZero() {
		state += " for good"
	} else {
		state += " until " + a.Until.Format("2006-01-02 15:04 UTC")
	}
	switch {
	case a.Ended != nil:
		state = ended(*a.Ended)
	case a.TwoApprovers && a.Confirmed == nil:
		state += "; WAITS for a second approver: trueboot baseline confirm --number " + strconv.FormatUint(a.Number, 10)
	case a.Confirmed != nil:
		state += "; confirmed by " + a.Confirmed.By
	}
	fmt.Fprintf(p.stdout, "no. %d  images for %s (%s)\n    %s\n", a.Number, reports.Printable(a.Scope.String(), 300), a.Provenance, reports.Printable(state, 300))
	for _, i := range a.Images {
		what := i.Name
		if i.Device != "" {
			what = fmt.Sprintf("as %s runs it (%d facts)", i.Device, len(i.Facts))
		}
		fmt.Fprintf(p.stdout, "    %s  %s\n", reports.Printable(i.Version, 80), reports.Printable(what, 200))
	}
	p.writeDecider(a.By, a.At, a.Reason, a.Ticket)
}

func (p *program) writeDecider(by string, at time.Time, reason, ticket string) {
	if ticket != "" {
		reason += " (" + ticket + ")"
	}
	fmt.Fprintf(p.stdout, "    by %s on %s: %s\n", reports.Printable(by, 100), at.Format(time.DateOnly), reports.Printable(reason, 300))
}

func ended(e baseline.Ending) string {
	return fmt.Sprintf("ENDED on %s by %s: %s", e.At.Format(time.DateOnly), e.By, e.Reason)
}
