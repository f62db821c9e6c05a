package envelope

import (
	"net/netip"
	"testing"
	"time"

	"trueboot/alerts"
)

func TestSetTime(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	peer := netip.MustParseAddr("10.0.0.9")
	for _, test := range []struct {
		at   time.Time
		peer netip.Addr
		want alerts.Clock
	}{
		{now.Add(-time.Hour), peer, alerts.ClockGood},
		{now.AddDate(-1, 0, 0), peer, alerts.ClockWrong},
		{now.AddDate(1, 0, 0), peer, alerts.ClockWrong},
		{now.AddDate(-1, 0, 0), netip.Addr{}, alerts.ClockGood},
	} {
		r := alerts.Record{Received: now, Peer: test.peer, Clock: alerts.ClockMissing}
		if SetTime(&r, test.at); r.Clock != test.want || !r.Time.Equal(test.at) {
			t.Errorf("%v from %v: %v, %q", test.at, test.peer, r.Time, r.Clock)
		}
	}
}
