package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"trueboot/baseline/boltfile"
	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
	"trueboot/reports"
	"trueboot/sweep"
)

// A plan is the JSON form of what would be typed on a device.
type plan struct {
	Device      string     `json:"device"`
	Address     string     `json:"address"`
	Platform    string     `json:"platform"`
	Commands    []planStep `json:"commands"`
	HashBytes   int64      `json:"hash_bytes"`             // how many bytes the device would read to hash them, as far as sizes are known
	HashSeconds float64    `json:"hash_seconds,omitempty"` // how long that would take at the rate of the last visit that hashed; missing where none is known
}

type planStep struct {
	Command string `json:"command"`
	If      string `json:"if,omitempty"` // when it is typed; missing for always
}

// dryRun lists what would be typed on each device: its arguments as the last visit named them, and in braces what no visit has named yet; and how
// much of it would be hashing.
func (p *program) dryRun(devices []inventory.Device, f sweepFlags) error {
	kept, err := history.OpenReadOnly(p.settings.historyPath())
	switch {
	case err == nil:
		defer kept.Close()
	case errors.Is(err, boltfile.ErrLocked):
		p.say("%s is in use by another trueboot: what devices stated at their last visit is not known", p.settings.historyPath())
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	var all hashing
	for _, d := range devices {
		platform, err := findPlatform(d.Platform)
		if err != nil {
			return err
		}
		var set *facts.Set
		var h hashing
		if kept != nil {
			if set, err = kept.LastSet(d.Name); err != nil {
				return err
			}
			if h.rate, h.run, err = hashRate(kept, d.Name); err != nil {
				return err
			}
		}
		var steps []collectors.Step
		for _, transport := range sweep.Transports(d) {
			steps = append(steps, platform.Plan(transport, set)...)
		}
		steps = slices.DeleteFunc(steps, func(s collectors.Step) bool { return s.Command == platform.Terminal.Enable && d.Enable == "" })
		h.count(steps, set)
		all.add(h)
		if f.format == "json" {
			m := plan{Device: d.Name, Address: d.Address, Platform: d.Platform, HashBytes: h.bytes, HashSeconds: h.takes().Seconds()}
			for _, s := range steps {
				m.Commands = append(m.Commands, planStep{s.Command, s.If})
			}
			if err := reports.WriteMessage(p.stdout, "plan", m); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(p.stdout, "# %s (%s, %s)\n", d.Name, d.Address, d.Platform)
		for _, s := range steps {
			line := reports.Printable(s.Command, 400)
			if s.If != "" {
				line = fmt.Sprintf("%-40s  # if %s", line, s.If)
			}
			fmt.Fprintln(p.stdout, line)
		}
		fmt.Fprintf(p.stdout, "# %s\n", h)
	}
	if f.format == "text" && len(devices) > 1 {
		fmt.Fprintf(p.stdout, "# all: %s\n", all)
	}
	if f.hashDays > 0 && !f.full {
		p.say("with --hash-days %d, that is the most: what did not move is hashed when its turn comes, which nobody can foretell", f.hashDays)
	}
	return nil
}

// hashing is how much a device would read to hash it.
type hashing struct {
	commands, unknown int   // commands that hash, and those of files whose size is not known
	bytes             int64 // of the others
	rate              float64
	run               string
	duration          time.Duration // of several devices together
	unmeasured        bool          // no rate is known for one of several
}

// count takes the steps that are typed in any case.
func (h *hashing) count(steps []collectors.Step, set *facts.Set) {
	for _, s := range steps {
		if s.File == "" || s.If != "" {
			continue
		}
		h.commands++
		if size := sizeOf(set, s.File); size > 0 {
			h.bytes += size
		} else {
			h.unknown++
		}
	}
}

// add adds a device's.
func (h *hashing) add(one hashing) {
	h.commands += one.commands
	h.unknown += one.unknown
	h.bytes += one.bytes
	h.duration += one.takes()
	h.unmeasured = h.unmeasured || one.rate == 0 && one.bytes > 0
}

// takes is how long the hashing takes; 0 where that is not known.
func (h hashing) takes() time.Duration {
	if h.duration > 0 {
		return h.duration
	}
	if h.rate == 0 {
		return 0
	}
	return time.Duration(float64(h.bytes) / h.rate * float64(time.Second))
}

func (h hashing) String() string {
	if h.commands == 0 {
		return "nothing to hash is known yet"
	}
	text := fmt.Sprintf("%d commands hash %.1f MB", h.commands, float64(h.bytes)/1e6)
	if h.unknown > 0 {
		text += fmt.Sprintf(" and %d files of unknown size", h.unknown)
	}
	takes := h.takes()
	if takes < 10*time.Second {
		takes = takes.Round(10 * time.Millisecond)
	} else {
		takes = takes.Round(time.Second)
	}
	switch {
	case h.run != "" && h.rate > 0:
		text += fmt.Sprintf(", about %v at %.1f MB a second as in run %s", takes, h.rate/1e6, h.run)
	case h.duration > 0:
		text += fmt.Sprintf(", about %v of the devices' time", takes)
		if h.unmeasured {
			text += ", without those of which no rate is known"
		}
	default:
		text += ", at a rate that is not known yet"
	}
	return text
}

// sizeOf is the size of a file on a device, 0 where it is not known.
func sizeOf(set *facts.Set, file string) int64 {
	if set == nil {
		return 0
	}
	for _, f := range set.Facts {
		if f.Kind == facts.File && facts.SamePath(f.Subject, file) {
			size, _ := strconv.ParseInt(f.Value, 10, 64)
			return size
		}
	}
	return 0
}

// rateVisits is how many visits are looked at for one that hashed.
const rateVisits = 60

// hashRate is how many bytes a second a device hashed at its last visit that had it hash something, and in which run that was; 0 where there was none.
func hashRate(kept *history.Store, device string) (rate float64, run string, err error) {
	looked := 0
	for v, err := range kept.DeviceVisits(device) {
		if err != nil {
			return 0, "", err
		}
		if looked++; looked > rateVisits {
			break
		}
		elapsed := map[string]time.Duration{}
		for _, a := range v.Set.Answers {
			if a.Reason == "" {
				elapsed[a.Command] = a.Elapsed
			}
		}
		bytes, took := int64(0), time.Duration(0)
		for _, f := range v.Set.Facts {
			if d := elapsed[f.Command]; f.Kind == facts.ImageDigest && f.Origin == "" && d > 0 {
				if size := sizeOf(&v.Set, f.Subject); size > 0 {
					bytes, took = bytes+size, took+d
				}
			}
		}
		if took > 0 {
			return float64(bytes) / took.Seconds(), v.Run, nil
		}
	}
	return 0, "", nil
}
