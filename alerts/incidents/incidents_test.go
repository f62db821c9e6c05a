package incidents

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"trueboot/alerts"
)

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	if err := s.Put([]alerts.Alert{{ID: "abc1", Time: at, Severity: alerts.SeverityMedium}, {ID: "abd2", Time: at.Add(-time.Hour), Severity: alerts.SeverityHigh}}); err != nil {
		t.Fatal(err)
	}
	all, err := s.All()
	if err != nil || len(all) != 2 || all[0].ID != "abd2" {
		t.Fatalf("%+v, %v", all, err)
	}
	for id, want := range map[string]string{"abc": "abc1", "abc1": "abc1", "ab": "", "x": "", "": ""} {
		got, err := s.Get(id)
		if (err == nil) != (want != "") || want != "" && got.ID != want {
			t.Errorf("%q is %q, %v", id, got.ID, err)
		}
	}
	if err := s.Acknowledge("nothing", Acknowledgement{}); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	if err := s.Acknowledge("abc1", Acknowledgement{By: "jo", At: at, Reason: "planned"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if k, err := s.Get("abc1"); err != nil || k.Acknowledged == nil || k.Acknowledged.By != "jo" {
		t.Errorf("%+v, %v", k, err)
	}
	// What has become graver is not what was acknowledged.
	if err := s.Put([]alerts.Alert{{ID: "abc1", Time: at, Severity: alerts.SeverityCritical}}); err != nil {
		t.Fatal(err)
	}
	if k, err := s.Get("abc1"); err != nil || k.Acknowledged != nil {
		t.Errorf("%+v, %v", k.Acknowledged, err)
	}
}
