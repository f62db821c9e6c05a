package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"trueboot/baseline"
	"trueboot/baseline/boltfile"
	"trueboot/facts"
)

func open(t *testing.T) (*Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "baseline.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, path
}

func approval(device, version string) baseline.Approval {
	return baseline.Approval{
		Device: device, Platform: "cisco_ios", Provenance: baseline.FirstSeen,
		By: "ana@noc", Reason: "known good", Ticket: "CHG-1042", Run: "20261124T021500Z-7f3a",
		At:     time.Date(2026, 11, 24, 2, 15, 0, 7, time.UTC),
		SeenAt: time.Date(2026, 11, 24, 2, 10, 0, 0, time.UTC),
		Facts: []facts.Fact{
			{Kind: facts.RunningVersion, Value: version, Command: "show version", Line: 1, Tier: facts.E0},
			{Kind: facts.BootVariable, Subject: "1", Value: "flash:é<&>\x1b.bin", Command: "show boot", Line: 1, Tier: facts.E0},
		},
	}
}

var retirement = baseline.Retirement{By: "bo@noc", Reason: "scrapped", Ticket: "CHG-1050", At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}

func approve(t *testing.T, s *Store, a baseline.Approval) baseline.Approval {
	t.Helper()
	stored, err := s.Approve(a)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// expectCurrent compares what holds for the device.
func expectCurrent(t *testing.T, s *Store, device string, want *baseline.Approval) {
	t.Helper()
	got, err := s.Current(device)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("current approval of %s (-want +got):\n%s", device, diff)
	}
}

func TestApproveAndRetire(t *testing.T) {
	s, path := open(t)
	expectCurrent(t, s, "core1", nil)

	first := approval("core1", "17.6.5")
	first.At = first.At.In(time.FixedZone("", 3600))
	first = approve(t, s, first)
	if first.Number != 1 || first.At.Location() != time.UTC {
		t.Errorf("stored as number %d at %v", first.Number, first.At)
	}
	expectCurrent(t, s, "core1", &first)
	second := approve(t, s, approval("core1", "17.9.4a"))
	other := approve(t, s, approval("core10", "17.9.4a"))
	if second.Number != 2 || other.Number != 1 {
		t.Errorf("numbers %d and %d, want 2 and 1", second.Number, other.Number)
	}
	expectCurrent(t, s, "core1", &second)

	if err := s.Retire("core1", retirement); err != nil {
		t.Fatal(err)
	}
	expectCurrent(t, s, "core1", nil)
	expectCurrent(t, s, "core10", &other)
	for _, device := range []string{"core1", "core2", ""} {
		if err := s.Retire(device, retirement); !errors.Is(err, ErrNotApproved) {
			t.Errorf("retire %q: error %v, want ErrNotApproved", device, err)
		}
	}
	third := approve(t, s, approval("core1", "17.12.1"))

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := OpenReadOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	expectCurrent(t, s, "core1", &third)
	second.Retired = &retirement
	all, err := s.Approvals("core1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]baseline.Approval{first, second, third}, all); diff != "" {
		t.Error(diff)
	}
	if none, err := s.Approvals("core2"); len(none) != 0 || err != nil {
		t.Errorf("approvals of a device without one: %v, error %v", none, err)
	}
	devices, err := s.Devices()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"core1", "core10"}, devices); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Approve(approval("core1", "1")); err == nil {
		t.Error("approved through a store that was opened for reading")
	}
}

func TestApproveAllOrNone(t *testing.T) {
	s, _ := open(t)
	bad := approval("core2", "1")
	bad.Reason = ""
	if _, err := s.ApproveAll([]baseline.Approval{approval("core1", "1"), bad}); err == nil || !strings.Contains(err.Error(), "core2") {
		t.Errorf("error %v, want one that names core2", err)
	}
	if devices, err := s.Devices(); len(devices) != 0 || err != nil {
		t.Errorf("devices %v, error %v", devices, err)
	}
	stored, err := s.ApproveAll([]baseline.Approval{approval("core1", "1"), approval("core1", "2"), approval("core2", "1")})
	if err != nil {
		t.Fatal(err)
	}
	expectCurrent(t, s, "core1", &stored[1])
	expectCurrent(t, s, "core2", &stored[2])
	if _, err := s.ApproveAll(nil); err != nil {
		t.Errorf("none at all: %v", err)
	}
	if err := s.Retire("core1", baseline.Retirement{By: "ana@noc"}); err == nil {
		t.Error("retired without a reason")
	}
}

func TestOpenNone(t *testing.T) {
	if _, err := OpenReadOnly(filepath.Join(t.TempDir(), "baseline.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

// TestTogether approves from many goroutines; no number is lost or given twice.
func TestTogether(t *testing.T) {
	s, _ := open(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := s.Approve(approval(fmt.Sprintf("core%d", i%2), "1")); err != nil {
				t.Error(err)
			}
			if _, err := s.Current("core1"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, device := range []string{"core0", "core1"} {
		stored, err := s.Approvals(device)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range stored {
			if a.Number != uint64(i+1) {
				t.Errorf("%s: approval %d has number %d", device, i+1, a.Number)
			}
		}
		if len(stored) != 10 {
			t.Errorf("%s: %d approvals", device, len(stored))
		}
	}
}

// TestDamagedApproval changes what is stored behind the store's back: an approval is read as it was
// written or not at all.
func TestDamagedApproval(t *testing.T) {
	first := binary.BigEndian.AppendUint64(nil, 1)
	for name, spoil := range map[string]func(*bbolt.Tx) error{
		"one byte": func(tx *bbolt.Tx) error {
			device := tx.Bucket(approvals).Bucket([]byte("core1"))
			record := bytes.Clone(device.Get(first))
			record[len(record)/2] ^= 1
			return device.Put(first, record)
		},
		"empty": func(tx *bbolt.Tx) error {
			return tx.Bucket(approvals).Bucket([]byte("core1")).Put(first, nil)
		},
		"no JSON": func(tx *bbolt.Tx) error {
			record, err := boltfile.Pack([]byte("{"))
			return errors.Join(err, tx.Bucket(approvals).Bucket([]byte("core1")).Put(first, record))
		},
		"another device's": func(tx *bbolt.Tx) error {
			record := bytes.Clone(tx.Bucket(approvals).Bucket([]byte("core2")).Get(first))
			return tx.Bucket(approvals).Bucket([]byte("core1")).Put(first, record)
		},
		"another number": func(tx *bbolt.Tx) error {
			device := tx.Bucket(approvals).Bucket([]byte("core1"))
			return device.Put(binary.BigEndian.AppendUint64(nil, 9), bytes.Clone(device.Get(first)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, path := open(t)
			approve(t, s, approval("core1", "1"))
			approve(t, s, approval("core2", "1"))
			if err := s.file.Update(spoil); err != nil {
				t.Fatal(err)
			}
			_, current := s.Current("core1")
			_, all := s.Approvals("core1")
			for _, err := range []error{current, all} {
				if err == nil || !strings.Contains(err.Error(), "core1") || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "backup") {
					t.Errorf("error %v", err)
				}
			}
			if _, err := s.Current("core2"); err != nil {
				t.Errorf("core2, which is whole: %v", err)
			}
		})
	}
}

// BenchmarkApproveAll approves 10,000 devices with 150 facts each.
func BenchmarkApproveAll(b *testing.B) {
	all := make([]baseline.Approval, 10_000)
	for i := range all {
		all[i] = approval(fmt.Sprintf("device-%05d", i), "17.9.4a")
		for n := range 150 {
			all[i].Facts = append(all[i].Facts, facts.Fact{Kind: facts.File, Subject: fmt.Sprintf("flash:/core/file-%d-%d.bin", i, n), Value: fmt.Sprint(n * i), Command: "dir flash:", Line: n, Tier: facts.E0})
		}
	}
	for b.Loop() {
		s, err := Open(filepath.Join(b.TempDir(), "baseline.db"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.ApproveAll(all); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
