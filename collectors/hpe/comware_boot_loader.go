package hpe

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var bootLoaderYields = []facts.Kind{
	facts.RunningImage, facts.ComponentImage, facts.BootVariable, facts.NextBootVariable, facts.BootSetting, facts.PackageState,
}

var (
	// Software images on slot 1:
	// Software images on chassis 1 slot 0:
	// Software images on the device:
	imagesHeading = collectors.MustCompile(`^Software images on (?:the )?(.+?) *:$`)

	// Current software images:
	// Main startup software images:
	// Backup startup software images:
	listHeading = collectors.MustCompile(`^(?i:(current|main|backup)(?: startup)? (?:software )?images?) *:$`)

	//   flash:/5130ei-cmw710-boot-r3507p18.bin
	//   None
	listEntry = collectors.MustCompile(`^([\w#-]+:/?\S+|None|NULL)$`)

	// The current boot app is: flash:/s36si_e-cmw310-r1702p13-s168.bin
	// The main boot app is:    flash:/s36si_e-cmw310-r1702p13-s168.bin
	bootApp = collectors.MustCompile(`^The (current|main|backup|secure) boot app is *: *(\S*)$`)

	// The boot file used at this reboot: flash:/main.bin attribute: main
	// The boot file used next time:flash:/backup.bin attribute: backup
	bootFile = collectors.MustCompile(`^The boot file used (?:at )?(this|next|the next) (?:time|reboot) *: *(\S+) +attribute *: *(main|backup|secure)$`)

	// The app to boot at the next time is: flash:/s3600.bin
	// The app to boot of board 1 at this time is: flash:/a.app
	bootAppTime = collectors.MustCompile(`^The app to boot(?: of board (\d+))? at (?:the )?(this|next) time is *: *(\S+)$`)

	// Slot 1
	bootSlot = collectors.MustCompile(`^(?i)((?:chassis \d+ +)?slot \d+) *:?$`)
)

// An imageList is one of a slot's three lists: what runs, what starts next, and what takes the place of that.
type imageList struct {
	paths []string
	lines []int
	at    int // the line of its heading, or of the last entry; 0 where the reply does not have the list
}

// slotImages are the lists of one slot by their names: "current", "main", "backup".
type slotImages struct {
	component string
	lists     map[string]*imageList
	whole     bool // of a system that is one image (Comware 5)
}

// readBootLoader reads "display boot-loader". A slot boots what its main list names, and what its backup list names where that does
// not start; the backup is the second entry of the boot list now and next, because the reply states it once.
//
// The boot list of a slot is that of its system image; the boot image has one of its own, as a part of the system.
func readBootLoader(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		slots []*slotImages
		list  *imageList // that the lines belong to
	)
	slot := func(component string) *slotImages {
		if i := slices.IndexFunc(slots, func(s *slotImages) bool { return s.component == component }); i >= 0 {
			return slots[i]
		}
		slots = append(slots, &slotImages{component: component, lists: map[string]*imageList{}})
		return slots[len(slots)-1]
	}
	current := func() *slotImages {
		if len(slots) == 0 {
			return slot("")
		}
		return slots[len(slots)-1]
	}
	note := func(n int, s *slotImages, name, path string) {
		s.whole = true
		s.list(name).add(n, path)
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := imagesHeading.FindStringSubmatch(text); m != nil {
			component := strings.ToLower(m[1])
			if component == "device" {
				component = ""
			}
			if s := slot(component); len(s.lists) > 0 || s != current() {
				r.Problem("line %d: a second block for %q", n, component)
			}
			list = nil
		} else if m := listHeading.FindStringSubmatch(text); m != nil {
			if list = current().list(strings.ToLower(m[1])); list.at > 0 {
				r.Problem("line %d: a second list of %s images", n, strings.ToLower(m[1]))
			}
			list.at = n
		} else if m := bootApp.FindStringSubmatch(text); m != nil {
			note(n, current(), m[1], m[2])
		} else if m := bootFile.FindStringSubmatch(text); m != nil {
			name := m[3]
			if m[1] == "this" {
				name = "current"
			}
			note(n, current(), name, m[2])
		} else if m := bootAppTime.FindStringSubmatch(text); m != nil {
			component, name := "", "main"
			if m[1] != "" {
				component = "slot " + m[1]
			}
			if m[2] == "this" {
				name = "current"
			}
			note(n, slot(component), name, m[3])
		} else if m := bootSlot.FindStringSubmatch(text); m != nil {
			slot(strings.ToLower(strings.Join(strings.Fields(m[1]), " ")))
			list = nil
		} else if m := listEntry.FindStringSubmatch(text); m != nil && list != nil {
			list.add(n, m[1])
		} else if text != "" && len(slots) > 0 {
			r.Problem("line %d: not a line of a list of images: %.80q", n, text)
		}
	}
	for _, s := range slots {
		s.add(&r)
	}
	addRunning(&r, slots)
	if len(slots) == 0 {
		r.Problem("no list of images in the reply")
	}
	return r.Done()
}

func (s *slotImages) list(name string) *imageList {
	if s.lists[name] == nil {
		s.lists[name] = &imageList{}
	}
	return s.lists[name]
}

func (l *imageList) add(n int, path string) {
	l.at = n
	if path != "" && !strings.EqualFold(path, "none") && !strings.EqualFold(path, "null") {
		l.paths, l.lines = append(l.paths, path), append(l.lines, n)
	}
}

// part returns the boot image ("boot") or the system image ("") of a list.
func (l *imageList) part(name string) (path string, line int) {
	if l == nil {
		return "", 0
	}
	for i, p := range l.paths {
		if got, ok := imagePart(p, i); ok && got == name {
			return p, l.lines[i]
		}
	}
	return "", 0
}

var (
	// 5130ei-cmw710-boot-r3507p18.bin
	// 5130ei-cmw710-system-r3507p18.bin
	// boot.bin
	namedPart = collectors.MustCompile(`(?i)(?:^|[-_/:])(boot|system|patch|feature)(?:[-_.]|$)`)
)

// imagePart tells the part of the system that an image is by its name; where that does not say it, by its place in the list, in which
// the boot image comes first and the system image second. Other images are packages.
func imagePart(path string, place int) (string, bool) {
	name := path[strings.LastIndexAny(path, ":/")+1:]
	if strings.Contains(strings.ToLower(name), "patch") {
		return "", false
	}
	if m := namedPart.FindStringSubmatch(name); m != nil {
		switch strings.ToLower(m[1]) {
		case "boot":
			return "boot", true
		case "system":
			return "", true
		}
		return "", false
	}
	switch place {
	case 0:
		return "boot", true
	case 1:
		return "", true
	}
	return "", false
}

// add turns the lists of a slot into facts.
func (s *slotImages) add(r *collectors.Reading) {
	parts := []string{"", "boot"}
	if s.whole {
		parts = parts[:1]
	}
	for _, part := range parts {
		s.addPart(r, part, facts.BootVariable, s.lists["current"])
		s.addPart(r, part, facts.NextBootVariable, s.lists["main"])
	}
	if !s.whole {
		s.addPackages(r)
	}
}

// addPart notes the boot list of one part of the system.
func (s *slotImages) addPart(r *collectors.Reading, part string, kind facts.Kind, first *imageList) {
	component := strings.TrimSpace(s.component + " " + part)
	switch path, n := s.image(part, first); {
	case path != "":
		r.Add(n, kind, facts.Place(component, 1), path)
	case kind == facts.NextBootVariable && first != nil && len(first.paths) == 0:
		r.Add(first.at, facts.BootSetting, strings.TrimSpace(component+" "+string(kind)), "does not exist")
		return
	default:
		r.Problem("no image of %q for its %s in the reply", component, kind)
		return
	}
	if path, n := s.image(part, s.lists["backup"]); path != "" {
		r.Add(n, kind, facts.Place(component, 2), path)
	}
}

// image returns the image of a part in a list.
func (s *slotImages) image(part string, l *imageList) (path string, line int) {
	if s.whole && l != nil && len(l.paths) > 0 {
		return l.paths[0], l.lines[0]
	}
	return l.part(part)
}

// addPackages notes the state of each image: one that runs and that the next start does not load is not committed, nor is one that
// only the next start loads.
func (s *slotImages) addPackages(r *collectors.Reading) {
	told := map[string]bool{}
	add := func(list, state string) {
		l := s.lists[list]
		if l == nil {
			return
		}
		for i, path := range l.paths {
			if subject := strings.TrimSpace(s.component + " " + path); !told[subject] {
				told[subject] = true
				if list == "current" && s.lists["main"].has(path) {
					r.Add(l.lines[i], facts.PackageState, subject, "activated and committed")
				} else {
					r.Add(l.lines[i], facts.PackageState, subject, state)
				}
			}
		}
	}
	add("current", "activated and uncommitted")
	add("main", "deactivated and uncommitted")
	add("backup", "inactive")
}

func (l *imageList) has(path string) bool { return l != nil && slices.Contains(l.paths, path) }

// addRunning notes what each slot runs. On Comware 5 no other command says what the device runs: where all slots run the same, that
// is it.
func addRunning(r *collectors.Reading, slots []*slotImages) {
	image, line := "", 0
	for _, s := range slots {
		path, n := s.image("", s.lists["current"])
		if path == "" {
			continue
		}
		if s.component != "" {
			r.Add(n, facts.ComponentImage, s.component, path)
		}
		switch {
		case !s.whole:
		case image == "":
			image, line = path, n
		case image != path:
			r.Problem("line %d: %q runs %q, and line %d says %q", n, s.component, path, line, image)
			return
		}
	}
	r.Add(line, facts.RunningImage, "", image)
}
