package schedule

import (
	"testing"
	"time"
)

func TestNext(t *testing.T) {
	if _, err := time.LoadLocation("Europe/Berlin"); err != nil {
		t.Skip("there is no table of time zones: ", err)
	}
	for _, test := range []struct{ spec, after, want string }{
		{"15 2 * * *", "2026-11-26T00:00:00+01:00", "2026-11-26T02:15:00+01:00"},
		{"15 2 * * *", "2026-11-26T02:15:00+01:00", "2026-11-27T02:15:00+01:00"},
		{"15 2 * * mon-fri", "2026-11-27T03:00:00+01:00", "2026-11-30T02:15:00+01:00"},
		{"@weekly", "2026-11-26T00:00:00+01:00", "2026-11-29T00:00:00+01:00"},
		// On 2027-03-28, 02:00 is followed by 03:00.
		{"30 2 * * *", "2027-03-28T00:00:00+01:00", "2027-03-28T03:30:00+02:00"},
		{"30 2 * * *", "2027-03-28T03:30:00+02:00", "2027-03-29T02:30:00+02:00"},
		{"0 * * * *", "2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00"},
		// On 2026-10-25, 02:00 to 03:00 comes twice.
		{"30 2 * * *", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"30 2 * * *", "2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00"},
		{"0 * * * *", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"* 2 * * *", "2026-10-25T02:01:00+01:00", "2026-10-26T02:00:00+01:00"},
		{"*/20 2 * * *", "2026-10-25T02:40:00+02:00", "2026-10-26T02:00:00+01:00"},
	} {
		s, err := Parse(test.spec, "Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		after, err := time.Parse(time.RFC3339, test.after)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Next(after).Format(time.RFC3339); got != test.want {
			t.Errorf("%s after %s: %s, not %s", test.spec, test.after, got, test.want)
		}
	}
}

func TestMissed(t *testing.T) {
	s, err := Parse("15 2 * * *", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]bool{time.Hour: false, 9 * time.Hour: false, 10 * time.Hour: true, 1000 * time.Hour: true} {
		if got := s.Missed(now.Add(-ago), now); got != want {
			t.Errorf("%v ago: %v", ago, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "* * *", "61 * * * *", "TZ=0", "CRON_TZ=Europe/Berlin 1 2 * * *", "@every 1s", "@reboot", "0 0 30 2 *", "* * * * * *"} {
		if s, err := Parse(text, ""); err == nil {
			t.Errorf("%q: %v", text, s)
		}
	}
	if _, err := Parse("@daily", "Mars/Olympus"); err == nil {
		t.Error("a zone that there is not")
	}
}

// FuzzParse holds that a text is refused or comes again, later each time.
func FuzzParse(f *testing.F) {
	f.Add("15 2 * * mon-fri")
	f.Add("TZ=0")
	f.Add("@every 0s")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text, "UTC")
		if err != nil {
			return
		}
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		for range 3 {
			next := s.Next(now)
			if next.IsZero() {
				return
			}
			if !next.After(now) {
				t.Fatalf("%q: %v after %v", text, next, now)
			}
			now = next
		}
	})
}
