package f5

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// A volume of a blade is a partition of its own: "slot 1 HD1.1". Without blades it is "HD1.1".

var statusYields = []facts.Kind{
	facts.RunningImage, facts.BootVariable, facts.ComponentVersion, facts.Partition, facts.PartitionState,
}

var (
	// Volume  Product   Version  Build  Active    Status
	// Volume  Slot  Product  Version  Build  Active  Status
	// Volume  Product   Version  Build  Active    Status  Allowed Version
	statusHeading = collectors.MustCompile(`^Volume\s+(Slot\s+)?Product\s+Version\s+Build\s+Active\s+Status(?:\s+(Allowed)(?:\s+Version)?)?$`)

	// HD1.1
	// MD1.2
	// CF1.1
	volumeName = regexp.MustCompile(`^[A-Z]{2}\d+\.\d+$`)

	// --------------------------------------------------
	ruler = collectors.MustCompile(`^-{3,}$`)
)

// readStatus reads "show sys software status": a row for each volume, on each blade. An empty volume has the word "none" in its
// cells, or nothing.
//
//	HD1.1    BIG-IP  16.1.3.3  0.0.3     yes  complete
//	HD1.2    BIG-IP    15.1.8  0.0.7      no  installing 34.000 pct
//	HD1.3      none      none   none      no  complete
func readStatus(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r              collectors.Reading
		table          bool
		slots, allowed bool
		running        = map[string]int{} // line, by slot
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := statusHeading.FindStringSubmatch(text); m != nil {
			table, slots, allowed = true, m[1] != "", m[2] != ""
			continue
		}
		if !table || text == "" || ruler.MatchString(text) {
			continue
		}
		row, ok := volumeRow(strings.Fields(text), slots, allowed)
		if !ok {
			r.Problem("line %d: not a volume: %.80q", n, text)
			continue
		}
		name := row.name()
		r.Add(n, facts.Partition, name, withBuild(row.version, row.build))
		r.Add(n, facts.PartitionState, name, row.status)
		if _, seen := running[row.slot]; !seen {
			running[row.slot] = 0
		}
		if !row.active {
			continue
		}
		if before := running[row.slot]; before != 0 {
			r.Problem("lines %d and %d: two active volumes", before, n)
			continue
		}
		running[row.slot] = n
		r.Add(n, facts.RunningImage, row.slot, name)
		r.Add(n, facts.BootVariable, facts.Place(row.slot, 1), name)
		if row.slot != "" {
			r.Add(n, facts.ComponentVersion, row.slot, withBuild(row.version, row.build))
		}
	}
	if len(running) == 0 {
		r.Problem("no volume in the reply")
	}
	for _, slot := range slices.Sorted(maps.Keys(running)) {
		if running[slot] == 0 {
			r.Problem("no active volume%s", onSlot(slot))
		}
	}
	return r.Done()
}

func onSlot(slot string) string {
	if slot == "" {
		return ""
	}
	return " on " + slot
}

// A volumeState is a row of the table of volumes.
type volumeState struct {
	slot                   string // "slot 1", "" where there are no blades
	volume, version, build string
	active                 bool
	status                 string
}

func (v volumeState) name() string { return strings.TrimSpace(v.slot + " " + v.volume) }

// volumeRow takes the words of a row apart. The word yes or no parts the cells that may be empty from the status, which may have
// several words.
func volumeRow(words []string, slots, allowed bool) (volumeState, bool) {
	if len(words) < 3 || !volumeName.MatchString(words[0]) {
		return volumeState{}, false
	}
	v := volumeState{volume: words[0]}
	words = words[1:]
	if slots {
		if strings.Trim(words[0], "0123456789") != "" {
			return volumeState{}, false
		}
		v.slot, words = "slot "+words[0], words[1:]
	}
	active := slices.IndexFunc(words, func(w string) bool { return w == "yes" || w == "no" })
	switch active {
	case 0: // an empty volume
	case 3:
		v.version, v.build = words[1], words[2]
	default:
		return volumeState{}, false
	}
	v.active = words[active] == "yes"
	status := words[active+1:]
	if allowed && len(status) > 1 {
		status = status[:len(status)-1]
	}
	v.status = strings.Join(status, " ")
	return v, v.status != ""
}

var volumeYields = []facts.Kind{
	facts.BootVariable, facts.NextBootVariable, facts.Partition, facts.PartitionState, facts.BuildID,
}

// readVolumes reads "list sys software volume". The volume with the default boot location boots next, whichever is active. The
// active one is what the device booted; that it is what runs is the other command's to say, so that the two can contradict each other.
func readVolumes(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	objects, err := readObjects(reply)
	if err != nil {
		r.Problem("%w", err)
	}
	type mark struct {
		kind facts.Kind
		slot string
	}
	marked := map[mark]int{}
	boots := false
	once := func(kind facts.Kind, slot string, line int) bool {
		m := mark{kind, slot}
		if before, seen := marked[m]; seen {
			r.Problem("lines %d and %d: two volumes that are the %s%s", before, line, kind, onSlot(slot))
			return false
		}
		marked[m] = line
		return true
	}
	for _, o := range objects {
		if len(o.words) != 4 || o.words[2] != "volume" {
			r.Problem("line %d: not a volume: %.80q", o.line, strings.Join(o.words, " "))
			continue
		}
		slot, volume := splitSlot(o.name())
		name := strings.TrimSpace(slot + " " + volume)
		version, _ := o.find("version")
		build, _ := o.find("build")
		status, _ := o.find("status")
		r.Add(version.line, facts.Partition, name, withBuild(version.value, build.value))
		r.Add(status.line, facts.PartitionState, name, status.value)
		if active, ok := o.find("active"); ok && active.set() && once(facts.BootVariable, slot, active.line) {
			r.Add(active.line, facts.BootVariable, facts.Place(slot, 1), name)
			// What a hotfix was applied to.
			base, _ := o.find("basebuild")
			r.Add(base.line, facts.BuildID, strings.TrimSpace(slot+" basebuild"), base.value)
		}
		for _, p := range o.properties {
			if len(p.path) != 3 || p.path[0] != "media" || p.path[2] != "default-boot-location" || !p.set() {
				continue
			}
			where, place := splitSlot(p.path[1])
			if where == "" {
				where = slot
			}
			boots = true
			if once(facts.NextBootVariable, where, p.line) {
				r.Add(p.line, facts.NextBootVariable, facts.Place(where, 1), strings.TrimSpace(where+" "+place))
			}
		}
	}
	if len(objects) == 0 {
		r.Problem("no volume in the reply")
	} else if !boots {
		r.Problem("no volume has the default boot location")
	}
	return r.Done()
}

// splitSlot takes the number of a blade off the name of a volume.
//
//	HD1.1/2
func splitSlot(name string) (slot, volume string) {
	volume, number, ok := strings.Cut(name, "/")
	if !ok {
		return "", name
	}
	return "slot " + number, volume
}

var imageYields = []facts.Kind{facts.Package, facts.PackageState, facts.ImageDigest, facts.Signature}

// storedChecksum is a digest that was taken when the image was imported.
//
//	checksum 6a1b2c3d4e5f60718293a4b5c6d7e8f9
var storedChecksum = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// readImages reads "list sys software image" and "list sys software hotfix": what lies in the repository and can be installed on a
// volume. Nothing of it runs from there, so that each is an inactive package. Where there is none, the reply is empty.
func readImages(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	objects, err := readObjects(reply)
	if err != nil {
		r.Problem("%w", err)
	}
	for _, o := range objects {
		if len(o.words) != 4 || o.words[2] != "image" && o.words[2] != "hotfix" {
			r.Problem("line %d: not an image: %.80q", o.line, strings.Join(o.words, " "))
			continue
		}
		// Each blade has its own copy.
		name, blade, _ := strings.Cut(o.name(), "/")
		subject := name
		if blade != "" {
			subject = "slot " + blade + " " + name
		}
		version, ok := o.find("version")
		if !ok {
			r.Problem("line %d: an image without a version: %.80q", o.line, name)
			continue
		}
		build, _ := o.find("build")
		r.Add(version.line, facts.Package, subject, cmp.Or(withBuild(version.value, build.value), version.value))
		r.Add(o.line, facts.PackageState, subject, "inactive")
		if sum, ok := o.find("checksum"); ok && storedChecksum.MatchString(sum.value) {
			r.Add(sum.line, facts.ImageDigest, imageRepository+name, "md5:"+strings.ToLower(sum.value))
		} else if ok && sum.value != "none" {
			r.Problem("line %d: not a checksum: %.80q", sum.line, sum.value)
		}
		switch verified, ok := o.find("verified"); {
		case ok && verified.value == "yes":
			r.Add(verified.line, facts.Signature, imageRepository+name, "verified")
		case ok && verified.value == "no":
			r.Add(verified.line, facts.Signature, imageRepository+name, "failed")
		case ok:
			r.Problem("line %d: neither verified nor not: %.80q", verified.line, verified.value)
		}
	}
	return r.Done()
}
