package reports

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"trueboot/compare"
	"trueboot/facts"
)

// missing groups what was not assessed: by whether the profile requires it, then by reason, then by
// the set of controls, so that a first sweep of 2,000 devices without a baseline is a few lines.
type missing struct {
	devices  map[string]*sample // without a visit: by reason, or by outcome where their turn never came
	required map[gapKey]*sample
	optional map[gapKey]*sample
	waived   map[string]*sample // required and borne by a waiver: by who bears it and until when
}

// A gapKey is a reason and the controls that one device could not be assessed for because of it.
type gapKey struct {
	reason   facts.Reason
	controls string
}

// A sample counts devices and names the first few.
type sample struct {
	devices int
	names   []string
	example string // the first one's message
}

const (
	maxNames    = 4  // of devices in one group
	maxVisits   = 20 // of devices that nobody logged in to: each needs a person
	maxGroups   = 12 // in one section; the others are counted
	reasonWidth = 19 // the longest reason
)

func (s *sample) add(device, message string, names int) {
	if s.devices++; len(s.names) < names {
		s.names = append(s.names, Printable(device, maxWord))
	}
	if s.example == "" {
		s.example = Printable(message, maxText)
	}
}

// String names the devices: "11 devices: core1, core2, core3, core4 and 7 more".
func (s *sample) String() string {
	text := counted(s.devices, "device", "devices") + ": " + strings.Join(s.names, ", ")
	if more := s.devices - len(s.names); more > 0 {
		text += fmt.Sprintf(" and %s more", grouped(more))
	}
	return text
}

func (m *missing) add(d Device) {
	if !d.Outcome.Visited() {
		if m.devices == nil {
			m.devices = map[string]*sample{}
		}
		why := string(d.Reason)
		if d.Outcome != facts.NoSession {
			why = string(d.Outcome)
		}
		into(m.devices, why).add(d.Name, d.Detail, maxVisits)
		return
	}
	type group struct {
		controls []string
		message  string
	}
	required, optional := map[facts.Reason]*group{}, map[facts.Reason]*group{}
	for _, f := range d.Findings {
		if f.Verdict != compare.NotAssessed {
			continue
		}
		if f.Required && f.Waived != nil {
			if m.waived == nil {
				m.waived = map[string]*sample{}
			}
			into(m.waived, f.Control+" "+waived(safe(f))).add(d.Name, f.Message, maxNames)
			continue
		}
		groups := optional
		if f.Required && f.Open() {
			groups = required
		}
		g := into(groups, f.Reason)
		if !slices.Contains(g.controls, f.Control) {
			g.controls = append(g.controls, f.Control)
		}
		g.message = cmp.Or(g.message, f.Message)
	}
	if m.required == nil {
		m.required, m.optional = map[gapKey]*sample{}, map[gapKey]*sample{}
	}
	for reason, g := range required {
		slices.Sort(g.controls)
		into(m.required, gapKey{reason, strings.Join(g.controls, " ")}).add(d.Name, g.message, maxNames)
	}
	for reason, g := range optional {
		slices.Sort(g.controls)
		into(m.optional, gapKey{reason, strings.Join(g.controls, " ")}).add(d.Name, g.message, maxNames)
	}
}

// into returns the entry of a map and makes it where it is missing.
func into[K comparable, V any](m map[K]*V, key K) *V {
	if m[key] == nil {
		m[key] = new(V)
	}
	return m[key]
}

func (t *Text) writeMissing() {
	m := &t.missing
	if len(m.devices) > 0 {
		t.section("Devices not assessed")
		// A changed host key comes first: it may be another machine that answers.
		weight := func(why string) int {
			if why == string(facts.HostKeyChanged) {
				return math.MinInt
			}
			return -m.devices[why].devices
		}
		for _, why := range slices.SortedFunc(maps.Keys(m.devices), func(a, b string) int {
			return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(a, b))
		}) {
			s := m.devices[why]
			t.reason(why)
			t.paragraph("      ", s.String())
			if s.example != "" {
				t.paragraph("          ", s.names[0]+": "+s.example)
			}
		}
		t.line("")
	}
	if len(m.required) > 0 {
		t.section("NOT-ASSESSED, required by the profile")
		t.groups(m.required)
	}
	if len(m.waived) > 0 {
		t.section("NOT-ASSESSED, required and waived")
		for _, by := range slices.Sorted(maps.Keys(m.waived)) {
			t.paragraph("  ", by)
			t.paragraph("      ", m.waived[by].String())
		}
		t.line("")
	}
	if len(m.optional) > 0 {
		t.section("NOT-ASSESSED, not required or explained")
		t.groups(m.optional)
	}
}

// reason writes the heading of what has one reason.
func (t *Text) reason(why string) {
	t.line("  %s  %s", yellow.in(pad(Printable(why, maxWord), reasonWidth), t.Colour), meanings[why])
}

func (t *Text) groups(groups map[gapKey]*sample) {
	keys := slices.SortedFunc(maps.Keys(groups), func(a, b gapKey) int {
		return cmp.Or(cmp.Compare(groups[b].devices, groups[a].devices), cmp.Compare(a.reason, b.reason), cmp.Compare(a.controls, b.controls))
	})
	shown := keys[:min(maxGroups, len(keys))]
	// Those with the same reason stand together, at the place of the first.
	for i, key := range shown {
		if slices.ContainsFunc(shown[:i], func(k gapKey) bool { return k.reason == key.reason }) {
			continue
		}
		t.reason(string(key.reason))
		for _, k := range shown[i:] {
			if k.reason == key.reason {
				t.group(groups[k], k)
			}
		}
	}
	if more := len(keys) - len(shown); more > 0 {
		t.line("  and %s, which --format json has in full", counted(more, "more combination of reason and controls", "more combinations of reason and controls"))
	}
	t.line("")
}

func (t *Text) group(s *sample, key gapKey) {
	t.paragraph("      ", s.String())
	controls := strings.Fields(key.controls)
	for i := range controls {
		controls[i] = Printable(controls[i], maxWord)
	}
	t.paragraph("          ", strings.Join(controls, " "))
	// The meaning of these two says it all.
	if s.example != "" && key.reason != facts.NoBaseline && key.reason != facts.PlatformHasNone {
		t.paragraph("          ", fmt.Sprintf("%s: %s", s.names[0], s.example))
	}
}
