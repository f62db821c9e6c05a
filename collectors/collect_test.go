package collectors

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

// a script is a session that knows its replies by heart and notes what it was asked.
type script struct {
	transport Transport
	replies   map[string][]string // one after another; the last one stays
	broken    map[string]error
	end       error
	asked     []string
}

func (s *script) Transport() Transport { return cmp.Or(s.transport, CLI) }
func (s *script) Nonce() string        { return strings.Repeat("0", 32) }
func (s *script) Settle(context.Context) error {
	return s.end
}
func (s *script) Facts() []facts.Fact {
	return []facts.Fact{{Kind: facts.HostKey, Subject: "ssh-ed25519", Value: "SHA256:x", Tier: facts.E1}}
}

func (s *script) Run(_ context.Context, c Command) (Reply, error) {
	s.asked = append(s.asked, c.String())
	if err := s.broken[c.String()]; err != nil {
		return Reply{}, err
	}
	rs := s.replies[c.String()]
	if len(rs) == 0 {
		return Reply{Text: "% Invalid input detected at '^' marker.\r\n"}, nil
	}
	if len(rs) > 1 {
		s.replies[c.String()] = rs[1:]
	}
	return Reply{Text: rs[0]}, nil
}

// every reads "KIND SUBJECT VALUE" lines and finds anything else a problem.
func every(reply Reply) ([]facts.Fact, error) {
	var r Reading
	for n, line := range reply.Lines() {
		if f := strings.Fields(line); len(f) == 3 {
			r.Add(n, facts.Kind(strings.ReplaceAll(f[0], "_", " ")), strings.Trim(f[1], "-"), f[2])
		} else {
			r.Problem("line %d: %q", n, line)
		}
	}
	return r.Done()
}

func images(s facts.Set) []string {
	var all []string
	for f := range s.All(facts.RunningImage) {
		all = append(all, f.Value)
	}
	return all
}

var testPlatform = Platform{
	Name: "test",
	Terminal: Terminal{Refusals: []Refusal{
		{MustCompile(`^% Invalid input`), facts.UnsupportedCommand},
		{MustCompile(`^% Not authorized`), facts.NoPrivilege},
		{MustCompile(`^% Busy`), facts.Timeout},
	}},
	Queries: map[Transport][]Query{CLI: {
		{Commands: []string{"show version"}, Yields: []facts.Kind{facts.RunningImage}, Read: every},
		{Commands: []string{"show boot", "show bootvar"}, Yields: []facts.Kind{facts.BootVariable}, Read: every},
		{Commands: []string{"show module"}, Yields: []facts.Kind{facts.Component}, Read: every, Unless: func(s facts.Set) string {
			if s.Value(facts.Model) == "small" {
				return "it is small"
			}
			return ""
		}},
		{Commands: []string{"verify /sha512 {file}"}, Each: images, Yields: []facts.Kind{facts.ImageDigest}, Read: every, Hash: true},
	}},
}

func gaps(s facts.Set) []string {
	var all []string
	for _, g := range s.Gaps {
		all = append(all, g.Command+": "+string(g.Reason))
	}
	return all
}

func TestCollect(t *testing.T) {
	image := map[string][]string{"show version": {"running_image - flash:a.bin\r\nmodel - small\r\n"}}
	with := func(more map[string][]string) map[string][]string {
		all := map[string][]string{}
		for k, v := range image {
			all[k] = v
		}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	for _, test := range []struct {
		name   string
		script script
		asked  []string
		gaps   []string
	}{
		{
			name:   "each spelling until one is known, and nothing that the device can't have",
			script: script{replies: with(map[string][]string{"show bootvar": {"boot_variable 1 flash:a.bin"}, "verify /sha512 flash:a.bin": {"image_digest flash:a.bin sha512:0"}})},
			asked:  []string{"show version", "show boot", "show bootvar", "verify /sha512 flash:a.bin"},
			gaps:   []string{"show module: platform-has-none"},
		},
		{
			name:   "refused, and busy once",
			script: script{replies: with(map[string][]string{"show boot": {"% Busy\n", "boot_variable 1 flash:a.bin"}, "verify /sha512 flash:a.bin": {"\r\n% Not authorized\r\n"}})},
			asked:  []string{"show version", "show boot", "show boot", "verify /sha512 flash:a.bin"},
			gaps:   []string{"show module: platform-has-none", "verify /sha512 flash:a.bin: no-privilege"},
		},
		{
			name:   "a file that must not be typed back",
			script: script{replies: with(map[string][]string{"show version": {"running_image - x;reload\r\n"}})},
			asked:  []string{"show version", "show boot", "show bootvar", "show module"},
			gaps:   []string{"show bootvar: unsupported-command", "show module: unsupported-command", "verify /sha512 x;reload: unsafe-argument"},
		},
		{
			name:   "a session that ends",
			script: script{replies: image, broken: map[string]error{"show boot": errors.New("connection reset")}},
			asked:  []string{"show version", "show boot"},
			gaps:   []string{"show boot: session-lost", "show module: platform-has-none", "verify /sha512 flash:a.bin: session-lost"},
		},
		{
			name:   "two values for one fact",
			script: script{replies: with(map[string][]string{"show version": {"running_image - flash:a.bin\nrunning_image - flash:b.bin\nmodel - small\n"}})},
			asked:  []string{"show version", "show boot", "show bootvar", "verify /sha512 flash:a.bin", "verify /sha512 flash:b.bin"},
			gaps: []string{"show version: parse-incomplete", "show bootvar: unsupported-command", "show module: platform-has-none",
				"verify /sha512 flash:a.bin: unsupported-command", "verify /sha512 flash:b.bin: unsupported-command"},
		},
		{
			name:   "nothing known to ask about",
			script: script{replies: map[string][]string{"show version": {"model - small\n"}}},
			asked:  []string{"show version", "show boot", "show bootvar"},
			gaps:   []string{"show bootvar: unsupported-command", "show module: platform-has-none", "verify /sha512 {file}: nothing-to-ask-for"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := Collect(t.Context(), testPlatform, &test.script)
			if diff := gocmp.Diff(test.asked, test.script.asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(test.gaps, gaps(set)); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
			if f, ok := set.Find(facts.HostKey, "ssh-ed25519"); !ok || f.Tier != facts.E1 {
				t.Errorf("host key: %v, %v", f, ok)
			}
			for f := range set.All(facts.RunningImage) {
				if f.Command != "show version" || f.Tier != facts.E0 || f.Line == 0 {
					t.Errorf("a fact without its source: %+v", f)
				}
			}
			if len(set.Answers) != len(test.script.asked) && test.script.broken == nil && !strings.Contains(test.name, "busy") {
				t.Errorf("%d answers for %d commands", len(set.Answers), len(test.script.asked))
			}
		})
	}
}

// TestPagers holds that a pager leaves nothing in a reply and takes nothing with it.
func TestPagers(t *testing.T) {
	for platform, pager := range map[string]string{
		"IOS":     " --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b",
		"NX-OS":   "\x1b[7m--More--\x1b[m\r\x1b[K",
		"ASA":     "<--- More --->\r              \r",
		"FortiOS": "--More-- \r         \r",
		"VRP":     "  ---- More ----\x1b[42D                                          \x1b[42D",
		"Comware": "---- More ----\x1b[16D                \x1b[16D",
		"Junos":   "---(more 45%)---\r                                        \r",
		"AOS-S":   "-- MORE --, next page: Space, next line: Enter, quit: Control-C\r                                                               \r",
		"PAN-OS":  "lines 1-22 \r\x1b[K",
	} {
		var got []string
		for _, line := range (Reply{Text: "first\r\n" + pager + "  indented\r\n" + pager + "more-or-less.bin\x00\r\n"}).Lines() {
			got = append(got, line)
		}
		if diff := gocmp.Diff([]string{"first", "  indented", "more-or-less.bin"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", platform, diff)
		}
	}
}

func TestLines(t *testing.T) {
	text := "first  \r\n*Mar  1 00:12:34.567: %SYS-5-CONFIG_I: Configured from console\r\n --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\bthird\r\n\x1b[2Jfourth\x00\r\n%Error verifying flash:x\n" +
		"000042: 1w2d: %SYS-5-RESTART: System restarted --\n00:01:10: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up\nMar 18 2021 20:51:53.123 CET: %SYS-5-RELOAD: Reload requested\n" +
		" --More--   124  -rw-  2003  <no date>  startup-config\n--More--\n---- a --More-- b\n 1w2d: no message\nlast"
	text += "\nNov 24 2026 02:15:00+01:00 core1 %%01SHELL/5/CMDRECORD(s)[97]:Recorded command information.\n%Nov 24 02:15:00:123 2026 core1 SHELL/6/SHELL_CMD: -Line=vty0\n% Wrong parameter\nNov 24 2026 02:15:00 core1.cc"
	want := map[int]string{
		16: "% Wrong parameter", 17: "Nov 24 2026 02:15:00 core1.cc",
		1: "first", 3: "third", 4: "fourth", 5: "%Error verifying flash:x", 9: "  124  -rw-  2003  <no date>  startup-config", 10: "", 11: "---- a --More-- b",
		12: " 1w2d: no message", 13: "last",
	}
	got := map[int]string{}
	for n, line := range (Reply{Text: text}).Lines() {
		got[n] = line
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// TestHasNone holds that what a platform can't state is a gap with its reason, and not silence.
func TestHasNone(t *testing.T) {
	p := Platform{Name: "test", HasNone: map[facts.Kind]string{facts.ImageDigest: "no command computes one", facts.ConfigRegister: "there is no such register"}}
	want := []facts.Gap{
		{Reason: facts.PlatformHasNone, Detail: "there is no such register", Kinds: []facts.Kind{facts.ConfigRegister}},
		{Reason: facts.PlatformHasNone, Detail: "no command computes one", Kinds: []facts.Kind{facts.ImageDigest}},
	}
	if diff := gocmp.Diff(want, Collect(t.Context(), p).Gaps); diff != "" {
		t.Error(diff)
	}
}

// TestUnasked holds that what only the command line tells is a gap where a device is asked over NETCONF alone.
func TestUnasked(t *testing.T) {
	p := Platform{Name: "test", Queries: map[Transport][]Query{
		CLI:     {{Commands: []string{"show version"}, Yields: []facts.Kind{facts.RunningVersion, facts.RunningImage}, Read: func(Reply) ([]facts.Fact, error) { return nil, nil }}},
		NETCONF: {{Commands: []string{"<get-software-information/>"}, Yields: []facts.Kind{facts.RunningVersion}, Read: func(Reply) ([]facts.Fact, error) { return nil, nil }}},
	}}
	rpc := &script{transport: NETCONF, replies: map[string][]string{"<get-software-information/>": {"<rpc-reply/>"}}}
	if set := Collect(t.Context(), p, rpc); len(set.Gaps) != 1 || set.Gaps[0].Reason != facts.NotCollected || !slices.Equal(set.Gaps[0].Kinds, []facts.Kind{facts.RunningImage}) {
		t.Errorf("NETCONF alone: %+v", set.Gaps)
	}
	cli := &script{replies: map[string][]string{"show version": {"x"}}}
	if set := Collect(t.Context(), p, cli, rpc); len(set.Gaps) != 0 {
		t.Errorf("both: %+v", set.Gaps)
	}
}

// TestTakeBack holds that a session which can't account for its output takes its last two replies with it, whether the next
// command or the end of the visit shows that.
func TestTakeBack(t *testing.T) {
	ambiguous := &Failure{facts.ParseIncomplete, errors.New("more came")}
	replies := map[string][]string{
		"show version": {"running_image - flash:a.bin\n"}, "show boot": {"boot_variable 1 flash:a.bin\n"},
		"show module": {"component 1 x\n"}, "verify /sha512 flash:a.bin": {"image_digest flash:a.bin sha512:0\n"},
	}
	taken := "more output came after what was taken for its end"
	for _, test := range []struct {
		name   string
		script script
		left   []string // commands whose facts still stand
		taken  []string
	}{
		{"at the end", script{replies: replies, end: ambiguous}, []string{"show version", "show boot"}, []string{"verify /sha512 flash:a.bin", "show module"}},
		{"lost at the end", script{replies: replies, end: errors.New("gone")}, []string{"show version", "show boot", "show module", "verify /sha512 flash:a.bin"}, nil},
		{"before", script{replies: replies, broken: map[string]error{"show module": ambiguous}}, nil, []string{"show boot", "show version"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := Collect(t.Context(), testPlatform, &test.script)
			var left, back []string
			for _, f := range set.Facts {
				if f.Command != "" {
					left = append(left, f.Command)
				}
			}
			for _, g := range set.Gaps {
				if g.Detail == taken {
					back = append(back, g.Command)
					if a, ok := set.Answer(g.Command); g.Reason != facts.ParseIncomplete || len(g.Kinds) == 0 || !ok || a.Reason != facts.ParseIncomplete {
						t.Errorf("%+v, %+v", g, a)
					}
				}
			}
			if diff := gocmp.Diff(test.left, left); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(test.taken, back); diff != "" {
				t.Errorf("taken back (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCutLine parts a text at every kind of line end.
func TestCutLine(t *testing.T) {
	text := "a\r\nb\n\rc\x1bEd\x1b[1M\x1b[24;1H\x1b[1Le\x1b[2Kf"
	want := []string{"a\r", "b", "\rc", "d\x1b[1M\x1b[24;1H", "e\x1b[2Kf"}
	var got []string
	for rest := text; rest != ""; {
		line := ""
		line, rest, _ = CutLine(rest)
		got = append(got, line)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestReadingOfMoreLines(t *testing.T) {
	var r Reading
	r.Add(1, facts.Model, "", "a\nb")
	r.Add(2, facts.Model, "x\ry", "a")
	r.Add(3, facts.Model, "", "")
	r.Add(4, facts.Model, "", "a")
	found, err := r.Done()
	if len(found) != 1 || found[0].Line != 4 {
		t.Errorf("facts %+v", found)
	}
	if err == nil || strings.Count(err.Error(), "of more than one line") != 2 {
		t.Errorf("problems %v", err)
	}
}
