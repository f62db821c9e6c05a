package sweep

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/history"
)

// A Budget spares devices hashes. A file is hashed when its size, its date, the time of the device's boot, its boot list or its version moved since
// the last visit, when no visit hashed it yet, and when its turn comes: at a time that nobody can tell, and at the latest after Within. Otherwise the
// visit leans on the earlier one, and says so.
type Budget struct {
	Within time.Duration
	// Last returns the device's last assessed visit, nil where there was none.
	Last func(device string) (*history.Visit, error)
	// Chance returns a number from 0 to 1 that nobody can foretell; nil stands for the machine's random numbers.
	Chance func() float64
}

// bootTolerance is how far two computations of one boot may lie apart: uptimes are rounded to minutes.
const bootTolerance = 3 * time.Minute

// lean returns what decides for the visit of a device that begins now; nil where every file is to be hashed.
func (b *Budget) lean(device string, now time.Time) (collectors.Leaning, error) {
	if b == nil {
		return nil, nil
	}
	last, err := b.Last(device)
	if err != nil || last == nil {
		return nil, err
	}
	var moved *bool              // found out at the first file
	decided := map[string]bool{} // whether a file is to be hashed
	origins := originsOf(last)   // of each file's facts, the oldest
	return func(set *facts.Set, q collectors.Query, file string) []facts.Fact {
		if moved == nil {
			m := deviceMoved(set, now, &last.Set)
			moved = &m
		}
		if *moved {
			return nil
		}
		hash, known := decided[file]
		if !known {
			hash = fileMoved(set, &last.Set, file) || b.due(origins[file], last.Set.Time, now)
			decided[file] = hash
		}
		if hash {
			return nil
		}
		return lent(last, q, file)
	}, nil
}

// due reports whether a file's turn has come. The chance is such that every moment until the latest one is as likely as any other.
func (b *Budget) due(hashed, before, now time.Time) bool {
	age, gap := now.Sub(hashed), now.Sub(before)
	left := b.Within - age
	if hashed.IsZero() || left <= 0 || gap <= 0 {
		return true
	}
	chance := b.Chance
	if chance == nil {
		chance = random
	}
	return chance() < gap.Seconds()/(left+gap).Seconds()
}

// random is from 0 to 1.
func random() float64 {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
}

// originsOf tells when the files were hashed on which a visit rests.
func originsOf(v *history.Visit) map[string]time.Time {
	origins := map[string]time.Time{}
	for _, f := range v.Set.Facts {
		if f.Kind != facts.ImageDigest {
			continue
		}
		at, earlier := f.OriginTime()
		if !earlier {
			at = v.Set.Time
		}
		if old, ok := origins[f.Subject]; !ok || at.Before(old) {
			origins[f.Subject] = at
		}
	}
	return origins
}

// lent are the facts of an earlier visit that a query about a file would yield.
func lent(last *history.Visit, q collectors.Query, file string) []facts.Fact {
	var all []facts.Fact
	for _, f := range last.Set.Facts {
		if f.Subject != file || !slices.Contains(q.Yields, f.Kind) || !slices.ContainsFunc(q.Commands, func(template string) bool {
			before, _, _ := strings.Cut(template, "{")
			return strings.HasPrefix(f.Command, before)
		}) {
			continue
		}
		if f.Origin == "" {
			f.Origin = facts.NewOrigin(last.Run, last.Set.Time)
		}
		all = append(all, f)
	}
	return all
}

// steady are the kinds that have to be as they were for a digest to count still.
var steady = []facts.Kind{
	facts.RunningVersion, facts.ComponentVersion, facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.RunningBootCommand,
	facts.StartupBootCommand, facts.Package, facts.PackageState, facts.BootLoaderVersion, facts.SerialNumber,
}

// deviceMoved reports whether something of the device changed since an earlier visit, or whether that is not known.
func deviceMoved(now *facts.Set, at time.Time, then *facts.Set) bool {
	for _, kind := range steady {
		if values(now, kind) != values(then, kind) {
			return true
		}
	}
	if values(now, facts.RunningVersion) == "" {
		return true
	}
	booted := false
	for _, f := range now.Facts {
		if f.Kind != facts.Uptime {
			continue
		}
		for _, o := range then.Facts {
			if o.Kind != facts.Uptime || o.Subject != f.Subject {
				continue
			}
			up, err := strconv.ParseInt(f.Value, 10, 64)
			was, bad := strconv.ParseInt(o.Value, 10, 64)
			if err != nil || bad != nil {
				return true
			}
			apart := at.Add(-time.Duration(up) * time.Second).Sub(then.Time.Add(-time.Duration(was) * time.Second))
			if apart.Abs() > bootTolerance {
				return true
			}
			booted = true
		}
	}
	same := values(now, facts.BootTime)
	return !booted && (same == "" || same != values(then, facts.BootTime))
}

// values writes all that a set says of a kind, whatever the order.
func values(set *facts.Set, kind facts.Kind) string {
	var all []string
	for _, f := range set.Facts {
		if f.Kind == kind {
			all = append(all, fmt.Sprintf("%q %q", f.Subject, f.Value))
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\n")
}

// fileMoved reports whether the size or the date of a file changed, or whether that is not known.
func fileMoved(now, then *facts.Set, file string) bool {
	about := func(set *facts.Set, kind facts.Kind) string {
		var found []string
		for _, f := range set.Facts {
			if f.Kind == kind && facts.SamePath(f.Subject, file) {
				found = append(found, f.Value)
			}
		}
		slices.Sort(found)
		return strings.Join(slices.Compact(found), "\n")
	}
	size, date := about(now, facts.File), about(now, facts.FileTime)
	return size == "" || date == "" || size != about(then, facts.File) || date != about(then, facts.FileTime)
}
