package envelope

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/alerts"
)

func TestWithin(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	outer := alerts.Record{
		Origin: alerts.Origin{Source: "rows.jsonl", Line: 7}, Kind: alerts.Table, Format: "sentinel-syslog", Received: noon.Add(time.Hour), Time: noon,
		Hosts: []string{"relay1"}, Raw: "{…}",
		Fields: alerts.Fields{{Name: "message", Value: "<189>…"}, {Name: "syslog_facility", Value: "local0"}, {Name: "col.Computer", Value: "relay1"}},
	}
	got := Within(outer, alerts.Record{
		Kind: alerts.Syslog, Format: "cisco", Platform: "cisco_ios", Time: noon.AddDate(-3, 0, 0), Clock: alerts.ClockUnset, Hosts: []string{"core1"}, Raw: "<189>…",
		Fields: alerts.Fields{{Name: "message", Value: "Reload requested"}, {Name: "syslog_facility", Value: "local7"}},
	})
	want := alerts.Record{
		Origin: outer.Origin, Kind: alerts.Syslog, Format: "cisco", Platform: "cisco_ios", Received: outer.Received, Time: noon,
		Hosts: []string{"core1", "relay1"}, Raw: "{…}",
		Fields: alerts.Fields{{Name: "message", Value: "Reload requested"}, {Name: "syslog_facility", Value: "local7"}, {Name: "col.Computer", Value: "relay1"}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Error(diff)
	}

	if got := Within(outer, alerts.Record{}); got.Format != "sentinel-syslog" || got.Kind != alerts.Table || got.Fields.Get("message") != "<189>…" {
		t.Errorf("a nested line that no format knew: %+v", got)
	}
}
