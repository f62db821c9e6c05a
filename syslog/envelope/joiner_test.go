package envelope

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueboot/alerts"
)

// TestWaiting holds that what is put comes out once, that no more than the bound waits, and that nothing waits beyond its time.
func TestWaiting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Waiting[int]{Bound: 3, Hold: 5 * time.Second}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		arrived := map[int]time.Time{}
		var out []int
		release := func(v int) { out = append(out, v) }
		for n := range rapid.IntRange(0, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "seconds")) * time.Second)
			switch rapid.SampledFrom([]string{"put", "take", "flush"}).Draw(t, "step") {
			case "put":
				arrived[n] = now
				w.Put(fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "key")), &alerts.Record{Received: now}, n, release)
			case "take":
				if v, ok := w.Take(fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "key"))); ok {
					release(v)
				}
			case "flush":
				w.Flush(now, release)
				for v, at := range arrived {
					if now.Sub(at) >= w.Hold && !slices.Contains(out, v) {
						t.Fatalf("%d waits beyond its time", v)
					}
				}
			}
			if w.Len() > w.Bound {
				t.Fatalf("%d wait", w.Len())
			}
		}
		w.Flush(time.Time{}, release)
		slices.Sort(out)
		if len(out) != len(arrived) || len(slices.Compact(out)) != len(arrived) {
			t.Fatalf("%d went in, %v came out", len(arrived), out)
		}
	})
}

func TestWaitingByStamp(t *testing.T) {
	w := Waiting[string]{Bound: 10, Hold: time.Second}
	then := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var out []string
	w.Put("a", &alerts.Record{Received: time.Now(), Time: then}, "a", nil)
	w.Advance(then.Add(time.Minute), func(v string) { out = append(out, v) })
	if len(out) != 0 {
		t.Errorf("released after a minute: %q", out)
	}
	w.Advance(then.Add(time.Minute+time.Second), func(v string) { out = append(out, v) })
	if !slices.Equal(out, []string{"a"}) || w.Len() != 0 {
		t.Errorf("released %q, %d left", out, w.Len())
	}
}

func TestAge(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct {
		then, stamp string
		want        time.Duration
	}{
		{"2020-02-21 19:13:08", "2020-02-21 19:14:08", time.Minute},
		{"2020-02-21 19:13:08", "2026-02-21 19:13:08", 0},
		{"2026-02-21 19:13:08", "2020-02-21 19:14:08", time.Minute},
		{"2025-12-31 23:59:50", "2026-01-01 00:00:10", 20 * time.Second},
		{"2025-12-31 23:59:50", "2020-01-01 00:00:10", 20 * time.Second},
		{"2026-01-01 00:00:10", "2025-12-31 23:59:50", -20 * time.Second},
	} {
		if got := age(at(test.then), at(test.stamp)); got != test.want {
			t.Errorf("%s, %s: %v, want %v", test.then, test.stamp, got, test.want)
		}
	}
}

type hold struct{ w Waiting[alerts.Record] }

func (h *hold) Formats() []string { return []string{"held"} }
func (h *hold) Add(r alerts.Record, emit func(alerts.Record)) {
	h.w.Put(r.Raw, &r, r, emit)
}
func (h *hold) Advance(stamp time.Time, emit func(alerts.Record)) { h.w.Advance(stamp, emit) }
func (h *hold) Flush(now time.Time, emit func(alerts.Record))     { h.w.Flush(now, emit) }

func TestJoin(t *testing.T) {
	j := Join(&hold{Waiting[alerts.Record]{Bound: 4, Hold: time.Second}})
	then := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var out []string
	emit := func(r alerts.Record) { out = append(out, r.Raw) }
	j.Add(alerts.Record{Format: "held", Raw: "a", Received: then}, emit)
	j.Add(alerts.Record{Format: "other", Raw: "b", Received: then}, emit)
	j.Add(alerts.Record{Format: "other", Raw: "x", Received: then.AddDate(6, 0, 0), Clock: alerts.ClockMissing}, emit)
	j.Add(alerts.Record{Format: "other", Raw: "c", Received: then.AddDate(6, 0, 0), Time: then.Add(2 * time.Minute)}, emit)
	j.Add(alerts.Record{Format: "held", Raw: "d", Received: then.Add(2 * time.Minute)}, emit)
	j.Flush(time.Time{}, emit)
	if want := []string{"b", "x", "a", "c", "d"}; !slices.Equal(out, want) {
		t.Errorf("%q came out, want %q", out, want)
	}
	if !slices.Equal(j.Formats(), []string{"held"}) {
		t.Error(j.Formats())
	}
}
