package baseline

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/facts"
)

func approval() Approval {
	return Approval{
		Device: "core1", Platform: "cisco_ios", Provenance: FirstSeen, By: "ana@noc", Reason: "new device",
		At: time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC), SeenAt: time.Date(2026, 11, 24, 2, 10, 0, 0, time.UTC),
		Facts: []facts.Fact{fact(facts.RunningVersion, "", "17.09.04a")},
	}
}

func TestApprovalValid(t *testing.T) {
	if err := approval().Valid(); err != nil {
		t.Errorf("a good approval: %v", err)
	}
	for _, test := range []struct {
		name  string
		spoil func(*Approval)
		words string
	}{
		{"no device", func(a *Approval) { a.Device = "" }, "no device is named"},
		{"long device", func(a *Approval) { a.Device = strings.Repeat("x", 256) }, "256 bytes"},
		{"escape in device", func(a *Approval) { a.Device = "core\x1b[2J" }, `"core\x1b[2J" has characters`},
		{"zero in device", func(a *Approval) { a.Device = "core\x00" }, "characters that can't be printed"},
		{"device not UTF-8", func(a *Approval) { a.Device = "core\xff" }, "characters that can't be printed"},
		{"no platform", func(a *Approval) { a.Platform = "" }, "no platform"},
		{"long run", func(a *Approval) { a.Run = strings.Repeat("r", 300) }, "300 bytes"},
		{"nobody", func(a *Approval) { a.By = " " }, `"by" is empty`},
		{"no reason", func(a *Approval) { a.Reason = "" }, `"reason" is empty`},
		{"long ticket", func(a *Approval) { a.Ticket = strings.Repeat("x", 5000) }, "5000 bytes"},
		{"reason not UTF-8", func(a *Approval) { a.Reason = "\xff" }, `"reason" is not UTF-8`},
		{"no time", func(a *Approval) { a.At = time.Time{} }, "has no time"},
		{"no facts", func(a *Approval) { a.Facts = nil }, "holds no facts"},
		{"too many facts", func(a *Approval) { a.Facts = make([]facts.Fact, maxFacts+1) }, "100001 facts"},
		{"fact without kind", func(a *Approval) { a.Facts = []facts.Fact{{Value: "x"}} }, "without a kind"},
		{"long value", func(a *Approval) { a.Facts[0].Value = strings.Repeat("x", 5000) }, "5000 bytes"},
		{"value not UTF-8", func(a *Approval) { a.Facts[0].Value = "\xff" }, `"\xff" is not UTF-8`},
		{"provenance", func(a *Approval) { a.Provenance = "hearsay" }, `provenance "hearsay"`},
		{"retired", func(a *Approval) { a.Retired = &Retirement{} }, "is retired"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := approval()
			a.Facts = slices.Clone(a.Facts)
			test.spoil(&a)
			err := a.Valid()
			if err == nil || !strings.Contains(err.Error(), test.words) {
				t.Fatalf("error %v, want %q", err, test.words)
			}
			if len(err.Error()) > 500 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}

func TestRetirementValid(t *testing.T) {
	good := Retirement{By: "ana@noc", Reason: "scrapped", At: time.Now()}
	if err := good.Valid(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Retirement{{}, {Reason: "x", At: time.Now()}, {By: "x", At: time.Now()}, {By: "x", Reason: "y"}} {
		if bad.Valid() == nil {
			t.Errorf("%+v is valid", bad)
		}
	}
}
