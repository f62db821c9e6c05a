package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var startupYields = []facts.Kind{
	facts.RunningImage, facts.ComponentImage, facts.BootVariable, facts.NextBootVariable, facts.BootSetting, facts.StartupSource,
	facts.NextStartupSource, facts.Package, facts.PackageState,
}

var (
	//   Next startup system software:              flash:/AR610-V300R021C00SPC200.cc
	//   Startup saved-configuration file        : flash:/vrpcfg.zip
	startupLine = collectors.MustCompile(`^((?i:configured|configed|next|backup|startup)\b[\w -]*?) *: *(\S.*)?$`)

	// MainBoard:
	// SlaveBoard                                :
	// Slot 2:
	boardHeading = collectors.MustCompile(`^([A-Za-z]\w*(?: \d+)?) *:$`)
)

// A startupBoard is what one main board booted with and will boot with next, by the names of the lines, and where those are.
type startupBoard struct {
	component string // empty for the active main board
	values    map[string]string
	lines     map[string]int
	order     []string
}

func (b *startupBoard) get(name string) (string, int) { return b.values[name], b.lines[name] }

// readStartup reads "display startup": pairs of what the last start used and what the next one will.
func readStartup(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		boards []*startupBoard
		open   string // the name of a line whose value stands on the next one
	)
	current := func() *startupBoard {
		if len(boards) == 0 {
			boards = append(boards, newStartupBoard(""))
		}
		return boards[len(boards)-1]
	}
	note := func(n int, name, value string) {
		b := current()
		if _, again := b.values[name]; again {
			r.Problem("line %d: %q a second time", n, name)
			return
		}
		b.values[name], b.lines[name] = value, n
		b.order = append(b.order, name)
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := startupLine.FindStringSubmatch(text); m != nil {
			name := strings.Replace(strings.ToLower(m[1]), "configed", "configured", 1)
			if open = ""; m[2] == "" {
				open = name
				continue
			}
			note(n, name, m[2])
		} else if m := boardHeading.FindStringSubmatch(text); m != nil {
			component := strings.ToLower(m[1])
			if component == "mainboard" {
				component = ""
			}
			boards, open = append(boards, newStartupBoard(component)), ""
		} else if open != "" && text != "" && !strings.Contains(text, " ") {
			note(n, open, text)
			open = ""
		} else if text != "" && len(boards) > 0 {
			r.Problem("line %d: not a line of the startup table: %.80q", n, text)
		}
	}
	for _, b := range boards {
		b.add(&r)
	}
	return r.Done()
}

func newStartupBoard(component string) *startupBoard {
	return &startupBoard{component: component, values: map[string]string{}, lines: map[string]int{}}
}

// absent is how the table says that there is none.
func absent(value string) bool {
	return strings.EqualFold(value, "null") || strings.EqualFold(value, "none")
}

// add turns the table of one board into facts.
//
// The image to boot with was the configured one where the table tells it from the one that the board did start with. The backup takes
// the place of an image that does not start, so it is the second entry of both lists: the table states it once.
func (b *startupBoard) add(r *collectors.Reading) {
	const running, configured, next, backup = "startup system software", "configured startup system software",
		"next startup system software", "backup system software for next startup"
	image, at := b.get(running)
	switch {
	case image == "" || absent(image):
		r.Problem("no startup system software of %q in the reply", b.component)
	case b.component == "":
		r.Add(at, facts.RunningImage, "", image)
	default:
		r.Add(at, facts.ComponentImage, b.component, image)
	}
	if value, n := b.get(configured); value != "" {
		image, at = value, n
	}
	b.addList(r, facts.BootVariable, image, at)
	image, at = b.get(next)
	b.addList(r, facts.NextBootVariable, image, at)
	if value, n := b.get(backup); value != "" && !absent(value) {
		r.Add(n, facts.BootVariable, facts.Place(b.component, 2), value)
		r.Add(n, facts.NextBootVariable, facts.Place(b.component, 2), value)
	}
	b.addPatches(r)
	for _, name := range b.order {
		value, n := b.get(name)
		switch name {
		case running, configured, next, backup:
		case "startup patch package", "next startup patch package":
		case "startup saved-configuration file":
			r.Add(n, facts.StartupSource, b.component, value)
		case "next startup saved-configuration file":
			r.Add(n, facts.NextStartupSource, b.component, value)
		default:
			r.Add(n, facts.BootSetting, strings.TrimSpace(b.component+" "+name), value)
		}
	}
}

// addList notes the first entry of a boot list.
func (b *startupBoard) addList(r *collectors.Reading, kind facts.Kind, image string, n int) {
	switch {
	case image == "":
		r.Problem("no %s of %q in the reply", kind, b.component)
	case absent(image):
		r.Add(n, facts.BootSetting, strings.TrimSpace(b.component+" "+string(kind)), "does not exist")
	default:
		r.Add(n, kind, facts.Place(b.component, 1), image)
	}
}

// addPatches notes the patch packages: one that the next start does not load again is not committed, nor is one that
// only the next start loads.
func (b *startupBoard) addPatches(r *collectors.Reading) {
	now, at := b.get("startup patch package")
	next, nextAt := b.get("next startup patch package")
	add := func(n int, path, state string) {
		subject := strings.TrimSpace(b.component + " " + path)
		r.Add(n, facts.Package, subject, numbersInName(path))
		r.Add(n, facts.PackageState, subject, state)
	}
	switch {
	case now == "" || next == "": // a platform or a release without patches
		if now != next {
			r.Problem("only one of the patch packages of this and of the next start in the reply")
		}
	case absent(now) && absent(next):
		r.Add(at, facts.PackageState, b.component, "none")
	case now == next:
		add(at, now, "activated and committed")
	default:
		if !absent(now) {
			add(at, now, "activated and uncommitted")
		}
		if !absent(next) {
			add(nextAt, next, "deactivated and uncommitted")
		}
	}
}
