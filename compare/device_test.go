package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/baseline"
	"trueboot/facts"
)

// stack is the visit of a healthy stack of two switches in install mode: one fact a line, as command, kind,
// subject and value.
const stack = `
handshake                               | host key                   | ssh-ed25519                 | SHA256:7qmW5cZB1yI4o3Kd0fX2
show version                            | operating system           |                             | IOS XE
show version                            | hostname                   |                             | core1
show version                            | running version            |                             | 17.9.4a
show version                            | component version          | IOS XE                      | 17.09.04a
show version                            | software image             |                             | CAT9K_IOSXE
show version                            | release type               |                             | RELEASE SOFTWARE
show version                            | release                    |                             | fc3
show version                            | compile time               |                             | Fri 20-Oct-23 10:44
show version                            | running image              |                             | flash:packages.conf
show version                            | boot loader version        | BOOTLDR                     | 17.10.1
show version                            | reload reason              |                             | Reload Command
show version                            | configuration register     |                             | 0x102
show version                            | next configuration register|                             | 0x102
show version                            | uptime                     |                             | 1987020
show version                            | uptime                     | switch 2                    | 1987020
show version                            | model                      | switch 1                    | C9300-48U
show version                            | model                      | switch 2                    | C9300-48U
show version                            | serial number              | switch 1                    | FCW2134A1B2
show version                            | serial number              | switch 2                    | FCW2135C3D4
show version                            | base mac                   | switch 1                    | 7c:ad:4f:00:01:80
show version                            | component version          | switch 1                    | 17.09.04a
show version                            | component version          | switch 2                    | 17.09.04a
show version                            | component image            | switch 1                    | CAT9K_IOSXE
show version                            | component image            | switch 2                    | CAT9K_IOSXE
show inventory                          | serial number              | Power Supply A              | LIT21300ABC
show bootvar                            | boot variable              | 1                           | flash:packages.conf
show bootvar                            | next boot variable         | 1                           | flash:packages.conf
show bootvar                            | boot setting               | manual boot                 | no
show boot system                        | boot setting               | boot mode                   | DEVICE
show boot system                        | boot setting               | ipxe timeout                | 0
show running-config                     | running boot command       | 1                           | boot system switch all flash:packages.conf
show startup-config                     | startup boot command       | 1                           | boot system switch all flash:packages.conf
show install summary                    | package                    | IMG 17.09.04a.0.4872        | 17.09.04a.0.4872
show install summary                    | package state              | IMG 17.09.04a.0.4872        | activated and committed
show install summary                    | rollback timer             |                             | inactive
show file systems                       | file system                | flash:                      | disk
show file systems                       | file system alias          | flash-1:                    | flash:
show file systems                       | file system                | nvram:                      | nvram
show file systems                       | file system                | usbflash0:                  | disk, no medium
dir /recursive flash:                   | file                       | flash:/packages.conf        | 4710
dir /recursive flash:                   | file                       | flash:/cat9k-rpbase.17.09.04a.SPA.pkg | 500000000
dir /recursive flash:                   | file                       | flash:/cat9k-webui.17.09.04a.SPA.pkg  | 8000000
dir /recursive flash:                   | file                       | flash:/scripts              | 4096
dir /recursive flash:                   | file permissions           | flash:/scripts              | drwx
dir /recursive flash:                   | file                       | flash:/scripts/backup.tcl   | 712
dir /recursive flash:                   | file                       | flash:/notes.txt            | 55
dir /recursive flash:                   | file                       | flash:/tracelogs/timestamp  | 14
dir /recursive nvram:                   | file                       | nvram:/startup-config       | 9120
more flash:packages.conf                | package file               | flash:packages.conf boot rp 0 0 rp_boot | cat9k-rpbase.17.09.04a.SPA.pkg
more flash:packages.conf                | package file               | flash:packages.conf iso rp 0 0 rp_webui | cat9k-webui.17.09.04a.SPA.pkg
verify /md5 flash:packages.conf NONCE   | digest challenge           | flash:packages.conf         | refused
verify /md5 flash:packages.conf NONCE   | image digest               | flash:packages.conf         | md5:0f58a02f3d3f1e1be8f509d2e5b58fb8
verify /sha512 flash:packages.conf      | image digest               | flash:packages.conf         | sha512:11111111111111111111111111111111
verify flash:cat9k-rpbase               | embedded digest            | flash:cat9k-rpbase.17.09.04a.SPA.pkg | sha512:22222222222222222222222222222222
verify flash:cat9k-rpbase               | computed digest            | flash:cat9k-rpbase.17.09.04a.SPA.pkg | sha512:22222222222222222222222222222222
verify /sha512 flash:cat9k-rpbase       | image digest               | flash:cat9k-rpbase.17.09.04a.SPA.pkg | sha512:33333333333333333333333333333333
verify /md5 flash:cat9k-webui           | image digest               | flash:cat9k-webui.17.09.04a.SPA.pkg  | md5:44444444444444444444444444444444
`

var (
	approvedAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	seenAt     = time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)
	lastAt     = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	now        = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
)

// A reporter is what a table and a property have in common: testing.T and rapid.T are one.
type reporter interface {
	Helper()
	Errorf(format string, a ...any)
	Fatal(a ...any)
	Fatalf(format string, a ...any)
}

// An edit changes a visit.
type edit func(*facts.Set)

// visited builds the visit that a text describes, with an answer for each command.
func visited(t reporter, text string, at time.Time, edits ...edit) facts.Set {
	t.Helper()
	s := facts.Set{Device: "core1", Platform: "cisco_ios", Time: at}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		fields := strings.SplitN(line, "|", 4)
		if len(fields) != 4 {
			t.Fatalf("not a fact: %q", line)
		}
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		add(fields[0], facts.Kind(fields[1]), fields[2], fields[3])(&s)
	}
	for i, f := range s.Facts {
		if f.Kind == facts.Uptime {
			seconds, err := strconv.ParseInt(f.Value, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			// The text is as of the approved visit; later visits find the device up for longer.
			s.Facts[i].Value = strconv.FormatInt(seconds+int64(at.Sub(seenAt)/time.Second), 10)
		}
	}
	for _, e := range edits {
		e(&s)
	}
	return s
}

func add(command string, kind facts.Kind, subject, value string) edit {
	return func(s *facts.Set) {
		tier := facts.E0
		if command == "handshake" {
			command, tier = "", facts.E1
		}
		s.Facts = append(s.Facts, facts.Fact{Kind: kind, Subject: subject, Value: value, Command: command, Line: len(s.Facts) + 1, Tier: tier})
		if _, ok := s.Answer(command); !ok && command != "" {
			sum := sha256.Sum256([]byte(command))
			s.Answers = append(s.Answers, facts.Answer{Command: command, Time: s.Time.Add(time.Second), Bytes: 1000, Lines: 30, SHA256: hex.EncodeToString(sum[:])})
		}
	}
}

// first adds a fact in front of all others.
func first(command string, kind facts.Kind, subject, value string) edit {
	return func(s *facts.Set) {
		add(command, kind, subject, value)(s)
		last := len(s.Facts) - 1
		s.Facts = append([]facts.Fact{s.Facts[last]}, s.Facts[:last]...)
	}
}

// set gives every fact of the kind about the subject another value.
func set(kind facts.Kind, subject, value string) edit {
	return func(s *facts.Set) {
		changed := false
		for i, f := range s.Facts {
			if f.Kind == kind && f.Subject == subject {
				s.Facts[i].Value, changed = value, true
			}
		}
		if !changed {
			panic(fmt.Sprintf("no %s of %q to change", kind, subject))
		}
	}
}

// drop removes the facts of the kind about the subject; "*" stands for every subject.
func drop(kind facts.Kind, subject string) edit {
	return func(s *facts.Set) {
		before := len(s.Facts)
		s.Facts = slices.DeleteFunc(s.Facts, func(f facts.Fact) bool { return f.Kind == kind && (subject == "*" || f.Subject == subject) })
		if len(s.Facts) == before {
			panic(fmt.Sprintf("no %s of %q to drop", kind, subject))
		}
	}
}

// rename gives the facts about one subject another.
func rename(from, to string) edit {
	return func(s *facts.Set) {
		for i, f := range s.Facts {
			if f.Subject == from {
				s.Facts[i].Subject = to
			}
		}
	}
}

// unanswered takes a command's facts away and leaves a gap in their place.
func unanswered(command string, reason facts.Reason, detail, subject string, kinds ...facts.Kind) edit {
	return func(s *facts.Set) {
		s.Facts = slices.DeleteFunc(s.Facts, func(f facts.Fact) bool { return f.Command == command })
		for i, a := range s.Answers {
			if a.Command == command {
				s.Answers[i].Reason = reason
			}
		}
		s.Gaps = append(s.Gaps, facts.Gap{Command: command, Reason: reason, Detail: detail, Subject: subject, Kinds: kinds})
	}
}

// gapped adds a gap and takes nothing away.
func gapped(g facts.Gap) edit {
	return func(s *facts.Set) { s.Gaps = append(s.Gaps, g) }
}

// unreachable is what a visit teaches that never got a session.
func unreachable(reason facts.Reason) edit {
	return func(s *facts.Set) {
		*s = facts.Set{Device: s.Device, Platform: s.Platform, Time: s.Time,
			Gaps: []facts.Gap{{Reason: reason, Detail: "dial tcp 192.0.2.1:22: connection refused"}}}
	}
}

// A row is one case of one rule. Every visit starts out healthy; the edits make the difference.
type row struct {
	name       string
	observed   []edit
	approved   []edit
	previous   []edit
	unapproved bool // nothing is approved
	visits     bool // there is a previous visit, though nothing of it is edited
	known      []baseline.KnownImage
	provenance baseline.Provenance
	approvedAt time.Time
	want       []string // the findings of the rule, see outcome
	says       string   // words that a message holds
}

// build makes the case.
func (r row) build(t reporter, text string) Case {
	t.Helper()
	c := Case{Observed: visited(t, text, now, r.observed...), Now: now, Order: dottedOrder, VersionInName: versionInName}
	if r.known != nil {
		c.Known = &baseline.KnownImages{ByDigest: map[string][]baseline.KnownImage{}, ByName: map[string][]baseline.KnownImage{}}
		for _, image := range r.known {
			for _, d := range image.Digests {
				c.Known.ByDigest[d] = append(c.Known.ByDigest[d], image)
			}
			c.Known.ByName[strings.ToLower(image.Name)] = append(c.Known.ByName[strings.ToLower(image.Name)], image)
		}
	}
	if !r.unapproved {
		provenance, at := r.provenance, r.approvedAt
		if provenance == "" {
			provenance = baseline.FirstSeen
		}
		if at.IsZero() {
			at = approvedAt
		}
		a := visited(t, text, seenAt, r.approved...)
		c.Approved = &baseline.Approval{Device: "core1", Number: 1, Platform: "cisco_ios", Facts: a.Facts, Provenance: provenance,
			By: "jo", At: at, SeenAt: seenAt, Reason: "first inventory"}
	}
	if r.visits || r.previous != nil {
		previous := visited(t, text, lastAt, r.previous...)
		c.Previous = &previous
	}
	return c
}

func (r row) judge(t reporter, text string) []Finding {
	t.Helper()
	profile, _ := BuiltInProfile("core")
	return Judge(r.build(t, text), profile)
}

// outcome is a finding in short: "PASS E0", "NOT-ASSESSED timeout file", "FAIL! critical running version". The mark
// stands for a contradiction.
func outcome(f Finding) string {
	words := string(f.Verdict)
	if f.Contradiction {
		words += "!"
	}
	return strings.TrimSpace(strings.Join([]string{words, string(f.Severity) + string(f.Reason) + passTier(f), f.Subject}, " "))
}

func passTier(f Finding) string {
	if f.Verdict == Pass {
		return string(f.Tier)
	}
	return ""
}

// try judges each row and compares the findings of the one rule.
func try(t *testing.T, r Rule, text string, rows []row) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got, messages []string
			for _, f := range row.judge(t, text) {
				if f.Control == r.Control {
					got = append(got, outcome(f))
					messages = append(messages, f.Message)
					checkComplete(t, f)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s\nmessages:\n%s", diff, strings.Join(messages, "\n"))
			}
			if all := strings.Join(messages, "\n"); !strings.Contains(all, row.says) {
				t.Errorf("no message says %q:\n%s", row.says, all)
			}
		})
	}
}

// checkComplete holds what every finding must have.
func checkComplete(t reporter, f Finding) {
	t.Helper()
	switch {
	case f.Message == "" || strings.Contains(f.Message, "\n") || strings.Contains(f.Message, "%!"):
		t.Errorf("message %q", f.Message)
	case f.Device == "" || f.Rule == "" || f.Title == "" || f.Pillar == "" || len(f.ATTACK) == 0 || len(f.Guidance) == 0:
		t.Errorf("incomplete: %+v", f)
	case f.Verdict == Pass && (f.Tier == "" || f.Observed == nil || f.Severity != ""):
		t.Errorf("a PASS without evidence: %+v", f)
	case f.Verdict == Fail && (f.Severity == "" || f.Next == "" || f.Tier == "" && f.Observed != nil):
		t.Errorf("a FAIL without severity, tier or next step: %+v", f)
	case f.Verdict == NotAssessed && (f.Reason == "" || f.Next == "" || f.Severity != ""):
		t.Errorf("a NOT-ASSESSED without a reason or next step: %+v", f)
	case f.Verdict == Fail && strings.Contains(f.Message, "clean"), f.Verdict == Pass && strings.Contains(f.Message, "genuine"):
		t.Errorf("claims too much: %q", f.Message)
	}
}

// dottedVersion is a version that the tests' order knows: 17.9.4a, 17.09.04a.0.4872.
var dottedVersion = regexp.MustCompile(`^(\d+)\.(\d+)\.(\d+)([a-z]?)(?:\.\d+)*$`)

// dottedOrder orders dotted numbers; the real order of a platform stands in its vendor's folder.
func dottedOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, y := dottedVersion.FindStringSubmatch(a), dottedVersion.FindStringSubmatch(b)
	if x == nil || y == nil {
		return facts.Incomparable, "other numbering"
	}
	for i := 1; i <= 3; i++ {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m < n {
			return facts.Older, ""
		}
		if m > n {
			return facts.Newer, ""
		}
	}
	switch strings.Compare(x[4], y[4]) {
	case -1:
		return facts.Older, ""
	case 1:
		return facts.Newer, ""
	}
	return facts.Same, ""
}

// nameVersion is the version in a name: cat9k-rpbase.17.09.04a.SPA.pkg.
var nameVersion = regexp.MustCompile(`\.(\d{2}\.\d{2}\.\d{2}[a-z]?)\.`)

func versionInName(path string) (string, bool) {
	m := nameVersion.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return m[1], true
}
