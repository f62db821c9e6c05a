package chain

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/facts"
)

// Config is what a correlator knows beside the events.
type Config struct {
	// Order is the version order of a platform; nil orders nothing, and nothing is then called a downgrade.
	Order func(platform string) facts.VersionOrder
	// Running is the version that a device ran when it was last seen, "" when that is not known.
	Running func(device string) string
	// Approved tells whether a file, by its name and its digest ("" when it is not known), is approved for a device; known is false when
	// nothing is approved to compare with.
	Approved func(device, file, digest string) (approved, known bool)
	// About is what the inventory and the last visit say of a device; nil says nothing.
	About func(device string) Device
	// Planned are the windows of the changes that are planned for a device in the baseline; nil says nothing. They explain as those of the context do; that a device is
	// outside of them says nothing, since nobody said that every change is planned there.
	Planned func(device string) []Window
	Context Context
	// Fleet is on how many devices within an hour the same file or account makes one alert of all; 0 stands for 5.
	Fleet int
}

// A Device is what is known of one beside its log.
type Device struct {
	Platform, Model, Site, Role string
	Tags                        []string
}

// Context is what explains alerts. Its form is that of the file that --context names:
//
//	windows:
//	  - ticket: CHG-1042
//	    devices: ["core*"]        # and tags, sites and roles, as the inventory has them
//	    zone: Europe/Berlin       # start and end are of its clock; without it they need an offset: 2026-11-25T22:00:00+01:00
//	    start: 2026-11-25 22:00:00
//	    end: 2026-11-26 02:00:00
//	    repeat: weekly            # or daily; without it the window is once
//	    days: [sat, sun]          # of a daily one: the days on which it begins
//	    by: [jo]
//	    stages: [transfer, boot_change, install, reload]
//	    files: [c2900-universalk9-mz.SPA.157-3.M8.bin]
//	    version: 15.7(3)M8
//	    reason: disaster recovery
//	people: [jo, mo]
//	automation:
//	  - {account: svc-ansible, address: 10.0.0.20, tool: Ansible AWX}
//	hosts: [10.0.0.20, 10.0.0.21]
//	lab: ["lab*"]
//	floors: {cisco_ios: 15.7(3)M, "ISR43*": 17.9.4a}
type Context struct {
	Windows    []Window          `yaml:"windows" json:"windows,omitempty"`
	People     []string          `yaml:"people" json:"people,omitempty"`         // accounts that may change devices
	Automation []Automation      `yaml:"automation" json:"automation,omitempty"` // accounts of programs
	Hosts      []string          `yaml:"hosts" json:"hosts,omitempty"`           // addresses that devices may be managed and served from
	Lab        []string          `yaml:"lab" json:"lab,omitempty"`               // devices on which images are swapped all the time
	Floors     map[string]string `yaml:"floors" json:"floors,omitempty"`         // least version of a platform, or of models (with * and ?), which counts before
}

// A Window is when something is planned: a maintenance window, or a ticket without times.
type Window struct {
	Ticket  string         `yaml:"ticket" json:"ticket,omitempty"`
	Devices []string       `yaml:"devices" json:"devices,omitempty"` // names, with * and ?; none for all
	Tags    []string       `yaml:"tags" json:"tags,omitempty"`       // of the inventory: one that has any; none for all
	Sites   []string       `yaml:"sites" json:"sites,omitempty"`
	Roles   []string       `yaml:"roles" json:"roles,omitempty"`
	Zone    string         `yaml:"zone" json:"zone,omitempty"` // of the times that have no offset, and of the calendar by which they repeat
	Start   time.Time      `yaml:"start" json:"start,omitzero"`
	End     time.Time      `yaml:"end" json:"end,omitzero"`
	Repeat  string         `yaml:"repeat" json:"repeat,omitempty"` // "daily", "weekly", "" for once
	Days    []string       `yaml:"days" json:"days,omitempty"`     // on which a daily one begins: mon to sun; none for all
	By      []string       `yaml:"by" json:"by,omitempty"`         // accounts; none for all
	Stages  []alerts.Stage `yaml:"stages" json:"stages,omitempty"` // none for all
	Files   []string       `yaml:"files" json:"files,omitempty"`   // names, with * and ?; none for all
	Version string         `yaml:"version" json:"version,omitempty"`
	Reason  string         `yaml:"reason" json:"reason,omitempty"`
}

// An Automation is the account of a program that changes devices, from its own host.
type Automation struct {
	Account string `yaml:"account" json:"account"`
	Address string `yaml:"address" json:"address,omitempty"`
	Tool    string `yaml:"tool" json:"tool,omitempty"` // "Cisco Prime", "Catalyst Center", "SolarWinds NCM", "Ansible AWX"
}

// Settle puts the times of windows into their zones.
func (c *Context) Settle() error {
	for i := range c.Windows {
		w := &c.Windows[i]
		if w.Zone == "" {
			continue
		}
		zone, err := time.LoadLocation(w.Zone)
		if err != nil {
			return fmt.Errorf("window %s: zone %q is not one of the IANA's, such as Europe/Berlin", w.name(), w.Zone)
		}
		for _, t := range []*time.Time{&w.Start, &w.End} {
			if t.IsZero() {
				continue
			}
			if t.Location() == time.UTC { // it was written without an offset
				*t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
			}
			*t = t.In(zone)
		}
	}
	return nil
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // as time.Weekday numbers them

// Valid returns what is wrong with a context.
func (c Context) Valid() (problems []string) {
	for model := range c.Floors {
		if _, err := path.Match(model, ""); err != nil {
			problems = append(problems, "floors: "+model+": "+err.Error())
		}
	}
	for _, w := range c.Windows {
		for _, d := range w.Days {
			if !slices.Contains(weekdays, d) {
				problems = append(problems, "window "+w.name()+": "+d+" is no day: mon, tue, wed, thu, fri, sat or sun")
			}
		}
		switch {
		case len(w.Days) > 0 && w.Repeat != "daily":
			problems = append(problems, "window "+w.name()+": days are those of a daily window")

		case w.Repeat != "" && w.Repeat != "daily" && w.Repeat != "weekly":
			problems = append(problems, "window "+w.name()+": repeat is daily or weekly")
		case w.Start.IsZero() != w.End.IsZero(), !w.Start.IsZero() && !w.End.After(w.Start):
			problems = append(problems, "window "+w.name()+": it needs a start and an end behind it, or neither")
		case w.Repeat != "" && w.Start.IsZero():
			problems = append(problems, "window "+w.name()+": what repeats needs a start and an end")
		}
		for _, s := range w.Stages {
			if !slices.Contains(alerts.Stages, s) {
				problems = append(problems, "window "+w.name()+": there is no stage "+string(s))
			}
		}
		for _, d := range w.Devices {
			if _, err := path.Match(d, ""); err != nil {
				problems = append(problems, "window "+w.name()+": "+d+": "+err.Error())
			}
		}
	}
	for _, a := range c.Automation {
		if a.Account == "" {
			problems = append(problems, "automation "+first(a.Tool, a.Address)+": it needs an account") // or it would be everybody without a name
		}
	}
	return problems
}

func (w Window) name() string {
	if w.Ticket != "" {
		return w.Ticket
	}
	if w.Reason != "" {
		return w.Reason
	}
	return "without a ticket"
}

// grace is how long after the end of a window a reload is still of it: installations overrun.
const grace = 2 * time.Hour

// covers reports whether a window is about that time. A ticket without times is about any.
func (w Window) covers(at time.Time, late time.Duration) bool {
	if w.Start.IsZero() {
		return true
	}
	start, end := w.Start, w.End.Add(late)
	switch w.Repeat {
	case "daily", "weekly":
		days := 1
		if w.Repeat == "weekly" {
			days = 7
		}
		if at.Before(start) {
			return false
		}
		// By the calendar of the window's own zone: a night has 23 hours twice a year.
		n := int(at.Sub(start).Hours()/24) / days * days
		for _, shift := range []int{n - days, n, n + days} {
			if begins := weekdays[start.AddDate(0, 0, shift).Weekday()]; len(w.Days) > 0 && !slices.Contains(w.Days, begins) {
				continue
			}
			if shift >= 0 && !at.Before(start.AddDate(0, 0, shift)) && !at.After(end.AddDate(0, 0, shift)) {
				return true
			}
		}
		return false
	}
	return !at.Before(start) && !at.After(end)
}

// future reports whether a window that names the file is still to come.
func (w Window) future(at time.Time) bool { return w.Start.After(at) || w.Repeat != "" }

// concerns reports whether a window is about a device: all of its lists that are not empty have to name it.
func (c *Correlator) concerns(w *Window, device string) bool {
	if len(w.Devices) > 0 && !matchesAny(w.Devices, device) {
		return false
	}
	if len(w.Tags)+len(w.Sites)+len(w.Roles) == 0 {
		return true
	}
	about := c.about(device)
	tagged := func(tag string) bool { return slices.Contains(w.Tags, tag) }
	return (len(w.Tags) == 0 || slices.ContainsFunc(about.Tags, tagged)) && (len(w.Sites) == 0 || slices.Contains(w.Sites, about.Site)) && (len(w.Roles) == 0 || slices.Contains(w.Roles, about.Role))
}

func (c *Correlator) about(device string) Device {
	if c.config.About == nil {
		return Device{}
	}
	return c.config.About(device)
}

// floor is the least version that a device may run, "" for none. What is said of its model counts before what is said of its platform.
func (c *Correlator) floor(run *session) string {
	if model := c.about(run.device).Model; model != "" {
		for _, pattern := range slices.Sorted(maps.Keys(c.config.Context.Floors)) {
			if matchesAny([]string{pattern}, model) {
				return c.config.Context.Floors[pattern]
			}
		}
	}
	return c.config.Context.Floors[run.platform()]
}

func matchesAny(patterns []string, name string) bool {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "/", "\x00") } // * stands for the rest of ISR4331/K9 too
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(plain(p), plain(name))
		return ok
	})
}

// allows reports whether what an event did is what the window is for. A wrong file or version in a window keeps its full weight.
func (c *Correlator) allows(w *Window, run *session, e *alerts.Event) bool {
	switch {
	case len(w.By) > 0 && e.User != "" && !slices.Contains(w.By, e.User):
		return false
	case len(w.Stages) > 0 && weightless(e) < 1 && !slices.Contains(w.Stages, e.Stage):
		return false
	case len(w.Files) > 0 && e.File != "" && (e.Stage == alerts.StageTransfer || e.Stage == alerts.StageBootChange || e.Stage == alerts.StageInstall) &&
		!w.names(e.File):
		return false
	case w.Version != "" && e.Stage == alerts.StageVersion && e.NewVersion != "" && e.NewVersion != w.Version && c.order(run.platform(), e.NewVersion, w.Version) != facts.Same:
		return false
	}
	return true
}

// names reports whether a file is one of those that the window is about.
func (w *Window) names(file string) bool {
	return slices.ContainsFunc(w.Files, func(f string) bool { return strings.EqualFold(f, base(file)) || matchesAny([]string{f}, base(file)) })
}

// weightless is 1 for events that happen by themselves.
func weightless(e *alerts.Event) int {
	switch e.Stage {
	case alerts.StageBootUp, alerts.StageVersion, alerts.StageSignatureOK, alerts.StageBootByproduct, alerts.StageFirmware, alerts.StageConfigChange, alerts.StageConfigSave, alerts.StagePrivLogin, alerts.StageReloadCancelled:
		return 1
	}
	return 0
}

func base(file string) string {
	return file[strings.LastIndexAny(file, "/:")+1:]
}

// automation returns the listed program that an event is of: account and address both as listed.
func (c Context) automation(e *alerts.Event) (Automation, bool) {
	for _, a := range c.Automation {
		if a.Account == e.User && (a.Address == "" || e.Address == "" || a.Address == e.Address) {
			return a, true
		}
	}
	return Automation{}, false
}

// automated returns the listed program that made a session: its account was seen at its own host, and at no other.
func (c Context) automated(run *session) (program Automation, ok bool) {
	for _, e := range run.events {
		if !slices.ContainsFunc(c.Automation, func(a Automation) bool { return a.Account == e.User }) {
			continue
		}
		a, fits := c.automation(e)
		if !fits {
			return Automation{}, false
		}
		if a.Address == "" || e.Address != "" {
			program, ok = a, true
		}
	}
	return program, ok
}
