package sweep

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/platforms"
	"trueboot/compare"
	"trueboot/facts"
)

// captured are the facts of each capture of a platform in testdata, by the capture's name.
func captured(t *testing.T, p collectors.Platform) map[string]facts.Set {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join("../testdata", p.Name, "*"))
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]facts.Set{}
	for _, folder := range folders {
		transcript, err := capture.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		set := collectors.Collect(t.Context(), p, transcript.Session())
		set.Device = filepath.Base(folder)
		set.Time = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
		sets[set.Device] = set
	}
	return sets
}

// failedControls judges a visit against an earlier one that was approved and returns the controls that fail.
func failedControls(p collectors.Platform, approved, observed facts.Set) []string {
	profile, _ := compare.BuiltInProfile("core")
	var failed []string
	for _, f := range compare.Judge(compare.Case{
		Observed: observed, Previous: &approved, Now: observed.Time.Add(time.Minute), Order: p.Order, VersionInName: p.VersionInName,
		Approved: &baseline.Approval{
			Device: observed.Device, Platform: p.Name, Facts: approved.Facts, Provenance: baseline.FirstSeen, At: approved.Time, SeenAt: approved.Time,
		},
	}, profile) {
		if f.Verdict == compare.Fail && !slices.Contains(failed, f.Control) {
			failed = append(failed, f.Control)
		}
	}
	return failed
}

// TestNothingDeviatesFromItself holds that no device of any platform deviates from its own approved state. What fails all the
// same contradicts itself, as some captures do on purpose; the controls here look at deviations alone.
func TestNothingDeviatesFromItself(t *testing.T) {
	deviations := []string{"NDI-HW-01", "NDI-BC-01", "NDI-ST-02", "NDI-ST-06", "NDI-RN-05", "NDI-PK-01", "NDI-VR-01", "NDI-VR-02", "NDI-EV-01"}
	for _, p := range platforms.All {
		for name, set := range captured(t, p) {
			for _, control := range failedControls(p, set, set) {
				if slices.Contains(deviations, control) {
					t.Errorf("%s %s fails %s against itself", p.Name, name, control)
				}
			}
		}
	}
}

// TestChangedCapturesFail holds that what the captures of a platform change against its good one is found: an older system by
// NDI-VR-02, another boot by NDI-BC-04.
func TestChangedCapturesFail(t *testing.T) {
	changes := map[string]string{
		"older": "NDI-VR-02", "downgraded": "NDI-VR-02",
		"boot-changed": "NDI-BC-04", "older-image-first": "NDI-BC-04", "other-image": "NDI-BC-04", "other-partition": "NDI-BC-04",
		"other-volume": "NDI-BC-04", "backup-partition": "NDI-BC-04", "pending-set": "NDI-BC-04", "reload-trap": "NDI-BC-03",
	}
	for _, p := range platforms.All {
		sets := captured(t, p)
		tried := map[string]bool{}
		for good, approved := range sets {
			for name, observed := range sets {
				change, ok := strings.CutPrefix(name, good+"-")
				if good == "good" {
					change, ok = name, true
				}
				control := changes[change]
				if !ok || control == "" {
					continue
				}
				tried[control] = true
				if failed := failedControls(p, approved, observed); !slices.Contains(failed, control) {
					t.Errorf("%s: %s against %s fails %q, not %s", p.Name, name, good, failed, control)
				}
			}
		}
		if !tried["NDI-VR-02"] || !tried["NDI-BC-04"] {
			t.Errorf("%s: no capture of an older system or of another boot was tried: %v", p.Name, tried)
		}
	}
}
