package capture_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/facts"
)

// platform asks for a version, for the files of each file system, and for a digest.
var platform = collectors.Platform{
	Name: "example",
	Terminal: collectors.Terminal{Refusals: []collectors.Refusal{
		// % Invalid input detected at '^' marker.
		{Pattern: collectors.MustCompile(`^% Invalid input`), Reason: facts.UnsupportedCommand},
		// %Error opening flash:/ (Device or resource busy)
		{Pattern: collectors.MustCompile(`resource busy`), Reason: facts.Timeout},
	}},
	Queries: map[collectors.Transport][]collectors.Query{collectors.CLI: {
		{Commands: []string{"show version"}, Yields: []facts.Kind{facts.RunningVersion}, Read: wholeLine(facts.RunningVersion)},
		{Commands: []string{"show bootvar", "show boot"}, Yields: []facts.Kind{facts.BootVariable}, Read: wholeLine(facts.BootVariable)},
		{Commands: []string{"dir {filesystem}"}, Each: func(facts.Set) []string { return []string{"flash:", "nvram:"} }, Yields: []facts.Kind{facts.File}, Read: wholeLine(facts.File)},
		{Commands: []string{"verify /md5 flash:x.bin {nonce}"}, Yields: []facts.Kind{facts.DigestChallenge}, Read: wholeLine(facts.DigestChallenge)},
		{Commands: []string{"show archive"}, Yields: []facts.Kind{facts.ConfigurationArchive}, Read: wholeLine(facts.ConfigurationArchive)},
	}},
}

func wholeLine(kind facts.Kind) func(collectors.Reply) ([]facts.Fact, error) {
	return func(r collectors.Reply) ([]facts.Fact, error) {
		var reading collectors.Reading
		for n, line := range r.Lines() {
			if line != "" {
				reading.Add(n, kind, fmt.Sprint(n), line)
			}
		}
		if reading.Empty() {
			reading.Problem("an empty reply")
		}
		return reading.Done()
	}
}

// A device answers as a live one would, one reply after the other to the same command.
type device struct {
	nonce   string
	now     time.Time
	replies map[string][]answer
	end     error
}

type answer struct {
	text string
	err  error
}

func (d *device) Transport() collectors.Transport { return collectors.CLI }
func (d *device) Nonce() string                   { return d.nonce }
func (d *device) Facts() []facts.Fact {
	return []facts.Fact{{Kind: facts.HostKey, Subject: "ssh-ed25519", Value: "SHA256:abc", Tier: facts.E1}}
}

func (d *device) Settle(context.Context) error { return d.end }

func (d *device) Run(_ context.Context, c collectors.Command) (collectors.Reply, error) {
	d.now = d.now.Add(time.Second)
	answers := d.replies[c.String()]
	if len(answers) == 0 {
		return collectors.Reply{Text: "% Invalid input detected at '^' marker.\r\n\r\n", Time: d.now}, nil
	}
	d.replies[c.String()] = answers[1:]
	a := answers[0]
	return collectors.Reply{Command: c.String(), Text: a.text, Time: d.now, Elapsed: 5 * time.Millisecond}, a.err
}

func newDevice(last answer) *device {
	nonce := strings.Repeat("5c0f", 8)
	return &device{nonce: nonce, now: time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC), replies: map[string][]answer{
		"show version":                     {{text: "Version 15.2(4)M6\r\n"}},
		"show boot":                        {{text: "BOOT path-list : flash:/x.bin\r\n"}},
		"dir flash:":                       {{text: "%Error opening flash:/ (Device or resource busy)\r\n"}, {text: "x.bin 1024\r\n"}},
		"dir nvram:":                       {{text: "startup-config \x00\x1b[2J 900\r\n"}},
		"verify /md5 flash:x.bin " + nonce: {last},
		"show archive":                     {{text: "The maximum archive configurations allowed is 10.\r\n"}},
	}}
}

// TestReplay holds that a visit that was recorded, saved and loaded yields the same facts,
// gaps and answers as the visit itself, however it ended.
func TestReplay(t *testing.T) {
	lost := &collectors.Failure{Reason: facts.SessionLost, Err: errors.New("the connection ended")}
	for name, last := range map[string]answer{
		"whole":           {text: "%Error verifying flash:x.bin\r\n"},
		"lost":            {text: "...", err: lost},
		"lost, wrapped":   {text: "...", err: fmt.Errorf("core1: %w", lost)},
		"timed out":       {text: "....", err: &collectors.Failure{Reason: facts.Timeout, Err: errors.New("no byte for 10m0s")}},
		"deadline passed": {err: fmt.Errorf("core1: %w", context.DeadlineExceeded)},
		"unclassed":       {text: "..", err: errors.New("read tcp: connection reset by peer")},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := capture.NewRecorder(newDevice(last))
			live := collectors.Collect(t.Context(), platform, recorder)

			dir := filepath.Join(t.TempDir(), "core1")
			if err := recorder.Transcript().Save(dir); err != nil {
				t.Fatal(err)
			}
			loaded, err := capture.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			replayed := collectors.Collect(t.Context(), platform, loaded.Session())
			if diff := cmp.Diff(live, replayed); diff != "" {
				t.Errorf("live and replayed differ (-live +replayed):\n%s", diff)
			}
			if again := collectors.Collect(t.Context(), platform, loaded.Session()); !cmp.Equal(again, replayed) {
				t.Error("a second session of the same transcript says something else")
			}
			if len(live.Facts) == 0 || len(live.Answers) < 5 {
				t.Errorf("the visit is too thin to compare: %d facts, %d answers", len(live.Facts), len(live.Answers))
			}
		})
	}
}

func TestReplayOfWhatIsNotThere(t *testing.T) {
	transcript := &capture.Transcript{Exchanges: []capture.Exchange{{Command: "show version", Text: "Version 15.2(4)M6\r\n"}}}
	set := collectors.Collect(t.Context(), platform, transcript.Session())
	if got := set.Value(facts.RunningVersion); got != "" {
		t.Errorf("running version of the device %q: the subject is a line number here", got)
	}
	var missing int
	for _, g := range set.Gaps {
		if g.Reason == facts.NotCollected {
			missing++
		}
	}
	if missing != 5 { // bootvar, two file systems, the digest, the archive
		t.Errorf("%d gaps are %q, want 5: %v", missing, facts.NotCollected, set.Gaps)
	}
	if _, err := transcript.Session().Run(t.Context(), collectors.Command{}); err == nil {
		t.Error("the zero command got a reply")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if set := collectors.Collect(ended, platform, transcript.Session()); len(set.Facts) != 0 {
		t.Errorf("facts after the context ended: %v", set.Facts)
	}
}

func TestReplayOfHandMadeFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "show_version.txt", "Version 15.2(4)M6\n")
	write(t, dir, "dir_flash_.txt", "x.bin 1024\n") // a blank or colon at the end makes no difference
	write(t, dir, "verify_md5_flash_x.bin_"+strings.Repeat("0", 32)+".txt", "Verified\n")
	write(t, dir, "facts.json", "{}")
	transcript, err := capture.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	session := transcript.Session()
	if got, want := session.Nonce(), strings.Repeat("0", 32); got != want {
		t.Errorf("nonce %q, want %q", got, want)
	}
	set := collectors.Collect(t.Context(), platform, session)
	for _, kind := range []facts.Kind{facts.RunningVersion, facts.File, facts.DigestChallenge} {
		if !set.Has(kind) {
			t.Errorf("no %s among the facts %v", kind, set.Facts)
		}
	}
}

// TestNoPasswordIsKept holds that a password that a device prints is neither in the capture nor in the set, and that the
// capture's replies are still those that the set vouches for.
func TestNoPasswordIsKept(t *testing.T) {
	live := &device{replies: map[string][]answer{
		"show version": {{text: "boot system ftp://admin:hunter2@10.0.0.1/a.bin\n"}},
		"show bootvar": {{text: "scp://admin:hunter2@10.0.0.1", err: errors.New("cut at ftp://admin:hunter2@10.0.0.1/")}},
	}}
	recorder := capture.NewRecorder(live)
	set := collectors.Collect(t.Context(), platform, recorder)
	transcript := recorder.Transcript()
	for what, held := range map[string]any{"capture": transcript, "set": set} {
		if text := fmt.Sprintf("%+v", held); strings.Contains(text, "hunter2") || !strings.Contains(text, "admin:***@10.0.0.1") {
			t.Errorf("the %s holds %s", what, text)
		}
	}
	if diff := cmp.Diff(set, collectors.Collect(t.Context(), platform, transcript.Session())); diff != "" {
		t.Errorf("the replay differs:\n%s", diff)
	}
}
