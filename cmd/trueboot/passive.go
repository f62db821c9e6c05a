package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // zones of maintenance windows, where the system has no table of them

	"go.yaml.in/yaml/v3"

	"trueboot/alerts"
	"trueboot/alerts/chain"
	"trueboot/alerts/classify"
	"trueboot/alerts/rules"
	"trueboot/alerts/sigma"
	"trueboot/baseline"
	"trueboot/collectors/platforms"
	"trueboot/facts"
	"trueboot/inventory"
	"trueboot/syslog"
)

// passiveFlags are what the commands share that read logs.
type passiveFlags struct {
	rules, context string
}

// loadRules reads the built-in rules, or those of a folder.
func loadRules(folder string) (*sigma.Rules, error) {
	var from fs.FS = rules.Files
	if folder != "" {
		from = os.DirFS(folder)
	}
	all, err := sigma.Load(from)
	if err != nil && folder != "" {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return all, err
}

// loadContext reads what explains alerts.
func loadContext(path string) (c chain.Context, err error) {
	if path == "" {
		return c, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.Settle(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if problems := c.Valid(); len(problems) > 0 {
		return c, fmt.Errorf("%s: %s", path, strings.Join(problems, "\n"))
	}
	return c, nil
}

// A directory tells which device is meant by an address or a name: the inventory's word counts, and not a line's.
type directory struct {
	byAddress map[string]inventory.Device
	byName    map[string]inventory.Device
}

// readDirectory reads the inventory. One that is not there is none, unless it was named.
func (p *program) readDirectory() (*directory, *inventory.Inventory, error) {
	d := &directory{byAddress: map[string]inventory.Device{}, byName: map[string]inventory.Device{}}
	inv, err := inventory.Load(p.settings.inventory, platformNames())
	if errors.Is(err, fs.ErrNotExist) && !p.typed["inventory"] {
		return d, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, device := range inv.Devices {
		d.byName[strings.ToLower(device.Name)] = device
		if address, err := netip.ParseAddr(device.Address); err == nil {
			d.byAddress[address.Unmap().String()] = device
		} else {
			d.byName[strings.ToLower(device.Address)] = device
		}
	}
	return d, inv, nil
}

// address finds the device of an address.
func (d *directory) address(text string) (inventory.Device, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		device, ok := d.byName[strings.ToLower(text)]
		return device, ok
	}
	device, ok := d.byAddress[a.Unmap().String()]
	return device, ok
}

// sender finds the device that a record is of: by who delivered it, and where that is a relay or a file, by what the text calls its sender.
func (d *directory) sender(r *alerts.Record) (name, platform string, known bool) {
	if r.Peer.IsValid() {
		if device, ok := d.byAddress[r.Peer.Unmap().String()]; ok {
			return device.Name, device.Platform, true
		}
	}
	for _, host := range r.Hosts {
		if device, ok := d.address(host); ok {
			return device.Name, device.Platform, true
		}
		if short, _, ok := strings.Cut(host, "."); ok {
			if device, ok := d.byName[strings.ToLower(short)]; ok {
				return device.Name, device.Platform, true
			}
		}
	}
	return "", "", false
}

// newEngine makes the classifier of a feed.
func (d *directory) newEngine(r *sigma.Rules) *classify.Engine {
	return classify.New(classify.Options{
		Rules: r, Marks: syslog.CarrierMarks(), Device: d.sender, VersionInName: versionInName,
		ByAddress: func(address string) (string, string) {
			device, _ := d.address(address)
			return device.Name, device.Platform
		},
	})
}

// isDevice tells whether an address is a device's.
func (d *directory) isDevice(address netip.Addr) bool {
	_, ok := d.byAddress[address.Unmap().String()]
	return ok
}

// versionInName reads the version in a file's name by the platform's grammar. Where the platform is not known, every platform that reads one
// has to read the same.
func versionInName(platform, file string) (string, bool) {
	if p, ok := platforms.ByName(platform); ok {
		if p.VersionInName == nil {
			return "", false
		}
		return p.VersionInName(file)
	}
	found := ""
	for _, name := range platforms.Names() {
		p, _ := platforms.ByName(name)
		if p.VersionInName == nil {
			continue
		}
		version, ok := p.VersionInName(file)
		if ok && found != "" && version != found {
			return "", false
		}
		if ok {
			found = version
		}
	}
	return found, found != ""
}

// versionOrder is that of a platform, nil where there is none.
func versionOrder(platform string) facts.VersionOrder {
	p, _ := platforms.ByName(platform)
	return p.Order
}

// newChainConfig says what the correlator knows beside the events.
func (d *directory) newChainConfig(c chain.Context, last func(string) (*facts.Set, error), approved func(device string) (files []string, ok bool), planned func(device string) []chain.Window) chain.Config {
	return chain.Config{
		Order: versionOrder, Context: c, Planned: planned,
		About: func(device string) chain.Device {
			listed := d.byName[strings.ToLower(device)]
			about := chain.Device{Platform: listed.Platform, Site: listed.Site, Role: listed.Role, Tags: listed.Tags}
			if set, err := last(device); err == nil && set != nil {
				about.Model = set.Value(facts.Model)
			}
			return about
		},
		Running: func(device string) string {
			set, err := last(device)
			if err != nil || set == nil {
				return ""
			}
			return set.Value(facts.RunningVersion)
		},
		Approved: func(device, file, _ string) (ok, known bool) {
			files, known := approved(device)
			if !known {
				return false, false
			}
			for _, f := range files {
				if strings.EqualFold(baseOf(f), baseOf(file)) {
					return true, true
				}
			}
			return false, true
		},
	}
}

func baseOf(file string) string { return file[strings.LastIndexAny(file, "/:")+1:] }

// plannedWindows are the changes that are planned for a device in the baseline, as windows. The baseline is looked at again when it has changed; where it can't be read, what was read before holds.
func (p *program) plannedWindows() func(device string) []chain.Window {
	var read time.Time
	windows := map[string][]chain.Window{}
	return func(device string) []chain.Window {
		info, err := os.Stat(p.settings.baselinePath())
		if err == nil && !info.ModTime().Equal(read) {
			if approved, err := p.readApprovals(); err == nil {
				read, windows = info.ModTime(), windowsOf(approved.Decisions().Plans)
			}
		}
		return windows[strings.ToLower(device)]
	}
}

// windowsOf returns the windows of plans by the names of their devices in lower case. A plan that was closed explains what happened while it held.
func windowsOf(plans []baseline.Plan) map[string][]chain.Window {
	windows := map[string][]chain.Window{}
	for _, plan := range plans {
		w := chain.Window{Ticket: plan.Ticket, Start: plan.Start, End: plan.End, Version: plan.To.Version, Reason: plan.Reason}
		if plan.Ended != nil && plan.Ended.At.Before(w.End) {
			w.End = plan.Ended.At
		}
		if !w.End.After(w.Start) {
			continue
		}
		if image := plan.To.ImageName(); image != "" {
			w.Files = append(w.Files, image)
			for _, file := range plan.To.Boot {
				w.Files = append(w.Files, baseline.FileName(file))
			}
			w.Files = append(w.Files, plan.Files...)
		}
		for _, device := range plan.Devices {
			name := strings.ToLower(device)
			windows[name] = append(windows[name], w)
		}
	}
	return windows
}

// approvedFiles are the names of the files that the approval of a device names, "" for none.
func (p *program) approvedFiles() (func(device string) ([]string, bool), error) {
	approved, err := p.readApprovals()
	if err != nil {
		return nil, err
	}
	return func(device string) ([]string, bool) {
		a, err := approved.Current(device)
		if err != nil || a == nil {
			return nil, false
		}
		var files []string
		for _, f := range a.Facts {
			switch f.Kind {
			case facts.File, facts.ImageDigest:
				files = append(files, f.Subject)
			case facts.RunningImage, facts.BootVariable, facts.NextBootVariable:
				files = append(files, f.Value)
			}
		}
		return files, len(files) > 0
	}, nil
}
