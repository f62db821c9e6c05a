package history

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/compare"
	"trueboot/facts"
)

var began = time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)

func reopened(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t testing.TB) *Store {
	t.Helper()
	return reopened(t, filepath.Join(t.TempDir(), "history.db"))
}

// visited is a visit to a device that runs an image. Two of its replies are the same on every device.
func visited(device, image string) Visit {
	return Visit{
		Device: device, Platform: "cisco_ios", Address: "192.0.2.1", Started: began, Elapsed: 3 * time.Second, Outcome: facts.AskedAll,
		Nonce: strings.Repeat("5c", 16),
		Set: facts.Set{
			Device: device, Platform: "cisco_ios", Time: began,
			Facts: []facts.Fact{{Kind: facts.RunningImage, Value: image, Command: "show version", Line: 7, Tier: facts.E1}},
			Gaps:  []facts.Gap{{Command: "show platform", Reason: facts.UnsupportedCommand, Kinds: []facts.Kind{facts.SerialNumber}}},
		},
		Findings: []compare.Finding{{Device: device, Control: "NDI-RN-01", Verdict: compare.Pass, Tier: facts.E1, Message: "as approved"}},
		Replies: []Reply{
			{Command: "show version", Time: began, Elapsed: time.Second, Text: device + " uptime is 3 weeks\r\nSystem image file is \"" + image + "\"\r\n"},
			{Command: "show platform", Time: began, Text: "% Invalid input detected at '^' marker.\r\n", Reason: facts.UnsupportedCommand},
			{Command: "dir flash:", Time: began, Text: "Directory of flash:/\r\n\x00\xff\r\n", Reason: facts.SessionLost, Error: "EOF"},
		},
	}
}

// addRun adds a whole run and returns its id.
func addRun(t testing.TB, s *Store, all ...Visit) string {
	t.Helper()
	w, err := s.Begin(Run{Started: began, Program: "trueboot test", By: "jo@noc1", Devices: len(all)})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if err := w.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(false, nil); err != nil {
		t.Fatal(err)
	}
	return w.Run().ID
}

func TestVisitComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := reopened(t, path)
	v := visited("core1", "flash:a.bin")
	run := addRun(t, s, v)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Visit(run, "core1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Texts(got); err != nil {
		t.Fatal(err)
	}
	for i := range got.Replies {
		if len(got.Replies[i].SHA256) != 64 {
			t.Errorf("digest %q", got.Replies[i].SHA256)
		}
		got.Replies[i].SHA256 = ""
	}
	v.Run = run
	if diff := cmp.Diff(v, *got); diff != "" {
		t.Error(diff)
	}
	for _, none := range [][2]string{{run, "core2"}, {"2", "core1"}, {"", "core1"}, {"last", "core1"}} {
		if got, err := s.Visit(none[0], none[1]); got != nil || err != nil {
			t.Errorf("visit of %v: %v, %v", none, got, err)
		}
	}
}

func TestRuns(t *testing.T) {
	s := newStore(t)
	if last, err := s.Last(); last != nil || err != nil {
		t.Errorf("an empty store has a last run: %v, %v", last, err)
	}
	addRun(t, s, visited("core1", "a"), visited("core2", "a"))
	w, err := s.Begin(Run{Started: began, Status: Complete, Visits: 7})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(visited("core1", "a")); err != nil {
		t.Fatal(err)
	}
	if err := w.End(true, nil); err != nil {
		t.Fatal(err)
	}
	w, err = s.Begin(Run{Started: began, Devices: 9})
	if err != nil {
		t.Fatal(err)
	}
	defer w.End(true, nil)

	all, err := s.Runs()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		got = append(got, fmt.Sprintf("%s %s %d %d %v", r.ID, r.Status, r.Devices, r.Visits, r.Ended.IsZero()))
	}
	want := []string{"1 complete 2 2 false", "2 interrupted 0 1 false", "3 unfinished 9 0 true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	last, err := s.Last()
	if err != nil || last.ID != "3" {
		t.Errorf("last run %+v, %v", last, err)
	}
	second, err := s.Run("2")
	if err != nil || second.Status != Interrupted {
		t.Errorf("run 2: %+v, %v", second, err)
	}
	if none, err := s.Run("4"); none != nil || err != nil {
		t.Errorf("run 4: %+v, %v", none, err)
	}
}

func TestVisitsOfDevice(t *testing.T) {
	s := newStore(t)
	down := visited("core1", "")
	down.Outcome = facts.NoSession
	partly := visited("core1", "half")
	partly.Outcome = facts.AskedPart
	addRun(t, s, visited("core1", "old"))
	addRun(t, s, visited("core1", "new"), visited("core2", "other"))
	addRun(t, s, visited("core2", "other"))
	addRun(t, s, down)
	addRun(t, s, partly)

	var got []string
	for v, err := range s.DeviceVisits("core1") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v.Run+" "+string(v.Outcome))
	}
	if diff := cmp.Diff([]string{"5 partly", "4 unreachable", "2 assessed", "1 assessed"}, got); diff != "" {
		t.Error(diff)
	}
	for device, want := range map[string]string{"core1": "2", "core2": "3", "core3": ""} {
		v, err := s.LastAssessed(device)
		run := ""
		if v != nil {
			run = v.Run
		}
		set, setErr := s.LastSet(device)
		if setErr != nil || (set == nil) != (v == nil) || set != nil && !cmp.Equal(*set, v.Set) {
			t.Errorf("%s stated %+v, %v", device, set, setErr)
		}
		if err != nil || run != want {
			t.Errorf("%s was last assessed in run %q, %v; want %q", device, run, err, want)
		}
	}
	got = nil
	for v, err := range s.Visits("2") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v.Device)
	}
	if diff := cmp.Diff([]string{"core1", "core2"}, got); diff != "" {
		t.Error(diff)
	}
	for v, err := range s.Visits("99") {
		t.Errorf("run 99 yields %v, %v", v, err)
	}
}

func TestWriterRefuses(t *testing.T) {
	s := newStore(t)
	w, err := s.Begin(Run{Started: began})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(Visit{}); err == nil {
		t.Error("took a visit of no device")
	}
	for range 2 {
		if err := w.Add(visited("core1", "a")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(false, nil); err == nil || !strings.Contains(err.Error(), `visit of "core1": run 1 has one already`) {
		t.Errorf("two visits of one device: error %v", err)
	}
	if err := w.Add(visited("core2", "a")); err == nil {
		t.Error("took a visit after the end")
	}
	if err := w.End(false, nil); err == nil {
		t.Error("ended twice")
	}
}

func TestNoStore(t *testing.T) {
	if _, err := OpenReadOnly(filepath.Join(t.TempDir(), "history.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
}
