package chain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"trueboot/alerts"
	"trueboot/facts"
)

var start = time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)

// An edit changes an event.
type edit func(*alerts.Event)

// at makes an event of a device so many minutes after the start.
func at(minutes float64, stage alerts.Stage, edits ...edit) alerts.Event {
	when := start.Add(time.Duration(minutes * float64(time.Minute)))
	e := alerts.Event{Source: "log", Line: 1 + int(minutes*10), Time: when, Received: when, Device: "core1", Known: true, Platform: "cisco_ios", Stage: stage, Rule: "rule-" + string(stage), Weight: alerts.WeightHigh, Text: fmt.Sprint(stage, minutes)}
	if stage == alerts.StageTransfer {
		e.Direction, e.Sub, e.SeedPoints = "in", alerts.SubImage, 3
	}
	for _, edit := range edits {
		edit(&e)
	}
	return e
}

func sub(s string) edit        { return func(e *alerts.Event) { e.Sub = s } }
func user(u string) edit       { return func(e *alerts.Event) { e.User = u } }
func file(f, v string) edit    { return func(e *alerts.Event) { e.File, e.FileVersion = f, v } }
func newer(v string) edit      { return func(e *alerts.Event) { e.NewVersion = v } }
func on(device string) edit    { return func(e *alerts.Event) { e.Device = device } }
func from(address string) edit { return func(e *alerts.Event) { e.Address = address } }
func weight(w alerts.Weight) edit {
	return func(e *alerts.Event) { e.Weight = w }
}
func failed(e *alerts.Event)  { e.Failed = true }
func unset(e *alerts.Event)   { e.Clock = alerts.ClockUnset }
func unknown(e *alerts.Event) { e.Known = false }

// dotted orders versions of one form.
func dotted(string) facts.VersionOrder {
	return func(a, b string) (facts.Order, string) {
		var x, y [2]int
		if n, _ := fmt.Sscanf(a, "%d.%d", &x[0], &x[1]); n != 2 {
			return facts.Incomparable, ""
		}
		if n, _ := fmt.Sscanf(b, "%d.%d", &y[0], &y[1]); n != 2 {
			return facts.Incomparable, ""
		}
		return facts.OrderOf(slices.Compare(x[:], y[:])), ""
	}
}

func config(c Context) Config {
	return Config{Order: dotted, Running: func(device string) string {
		if device == "stranger" {
			return ""
		}
		return "15.4"
	}, Context: c}
}

// told is what is left of an alert to compare: chain, severity, score, and whether something explains it.
func told(all []alerts.Alert) (short []string) {
	for _, a := range all {
		text := fmt.Sprintf("%s %s %d", a.Chain, a.Severity, a.Score)
		if len(a.ExplainedBy) > 0 {
			text += " explained"
		}
		short = append(short, text)
	}
	return short
}

func alertsOf(c Config, events ...alerts.Event) []alerts.Alert {
	k := New(c)
	for _, e := range events {
		k.Put(e)
	}
	return k.Alerts()
}

func TestChains(t *testing.T) {
	transfer := at(0, alerts.StageTransfer, file("c.bin", "15.7"))
	boot := at(10, alerts.StageBootChange, file("c.bin", "15.7"))
	reload := at(20, alerts.StageReload)
	up := at(25, alerts.StageBootUp)
	banner := at(25.5, alerts.StageVersion, newer("15.7"))
	older := []edit{file("c.bin", "15.2")}
	for name, test := range map[string]struct {
		events []alerts.Event
		want   []string
	}{
		"P1":                               {[]alerts.Event{transfer, boot, reload, up, banner}, []string{"P1 high 7"}},
		"P1, days apart":                   {[]alerts.Event{at(-5*1440, alerts.StageTransfer), boot, reload, up}, []string{"P1 high 7"}},
		"a transfer of two weeks ago":      {[]alerts.Event{at(-14*1440, alerts.StageTransfer), boot, reload, up}, []string{"P3 medium 3", "P4 high 5"}},
		"P2":                               {[]alerts.Event{boot}, []string{"P2 high 5"}},
		"P3":                               {[]alerts.Event{transfer}, []string{"P3 medium 3"}},
		"P3, failed":                       {[]alerts.Event{at(0, alerts.StageTransfer, failed)}, []string{"P3 medium 3"}},
		"P4":                               {[]alerts.Event{at(0, alerts.StageInstall), reload}, []string{"P4 high 5"}},
		"P4, scheduled":                    {[]alerts.Event{transfer, boot, at(20, alerts.StageReloadScheduled)}, []string{"P1 high 7"}},
		"a schedule that was cancelled":    {[]alerts.Event{boot, at(20, alerts.StageReloadScheduled), at(21, alerts.StageReloadCancelled)}, []string{"P4 medium 4 explained"}},
		"a reload of days later":           {[]alerts.Event{boot, at(3*1440, alerts.StageReload)}, []string{"P2 high 5"}},
		"a reload before the change":       {[]alerts.Event{at(0, alerts.StageReload), at(5, alerts.StageBootUp), at(40, alerts.StageBootChange)}, []string{"P2 high 5"}},
		"a second boot":                    {[]alerts.Event{reload, up, at(55, alerts.StageBootUp)}, []string{"P5 medium 3"}},
		"a platform that boots twice":      {[]alerts.Event{reload, up, at(37, alerts.StageBootUp)}, []string{"reload low 2"}},
		"numbers anew, and by-products":    {[]alerts.Event{reload, at(25, alerts.StageBootByproduct), at(25.5, alerts.StageLogGap, sub(alerts.SubReset))}, []string{"reload low 2"}},
		"P5":                               {[]alerts.Event{up}, []string{"P5 medium 3"}},
		"a boot after a reload":            {[]alerts.Event{reload, up}, []string{"reload low 2"}},
		"P6":                               {[]alerts.Event{at(0, alerts.StageVersion, newer("15.9"))}, []string{"P6 critical 8"}},
		"the version that ran":             {[]alerts.Event{reload, at(25, alerts.StageVersion, newer("15.4"))}, []string{"reload low 2"}},
		"P7, the file":                     {[]alerts.Event{at(0, alerts.StageTransfer, older...), at(10, alerts.StageBootChange, older...)}, []string{"P7 critical 10"}},
		"P7, the banner":                   {[]alerts.Event{reload, at(25, alerts.StageVersion, newer("15.2"))}, []string{"P7 critical 9"}},
		"P7, the configuration":            {[]alerts.Event{at(0, alerts.StageVersion, sub(alerts.SubNewerWriter), func(e *alerts.Event) { e.OldVersion = "15.6" })}, []string{"P7 high 5"}},
		"P7, a rollback":                   {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubRollback))}, []string{"P7 high 5"}},
		"what booted says more":            {[]alerts.Event{at(0, alerts.StageBootChange, older...), reload, banner}, []string{"P4 high 5"}},
		"P9":                               {[]alerts.Event{at(0, alerts.StageSignatureFail)}, []string{"P9 critical 8"}},
		"a check that complains":           {[]alerts.Event{at(0, alerts.StageSignatureFail, weight(alerts.WeightMedium))}, []string{"signature medium 3"}},
		"P10":                              {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubUncommitted))}, []string{"P10 low 2"}},
		"a fall back is no downgrade":      {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubStarted), file("x", "15.9")), at(1, alerts.StageInstall, sub(alerts.SubUncommitted)), at(130, alerts.StageReload), at(135, alerts.StageVersion, newer("15.4"))}, []string{"P4 high 5"}},
		"a fall back after its boot":       {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubStarted), file("x", "15.9")), at(1, alerts.StageInstall, sub(alerts.SubUncommitted)), at(5, alerts.StageVersion, newer("15.9")), at(130, alerts.StageReload), at(135, alerts.StageVersion, newer("15.4"))}, []string{"P4 high 5", "reload low 2"}},
		"uncommitted, and older":           {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubStarted)), at(1, alerts.StageInstall, sub(alerts.SubUncommitted)), at(130, alerts.StageReload), at(135, alerts.StageVersion, newer("15.2"))}, []string{"P7 critical 8"}},
		"logging that a boot turns off":    {[]alerts.Event{reload, up, at(26, alerts.StageLogTamper)}, []string{"reload low 2"}},
		"logging off by a person, booted":  {[]alerts.Event{reload, up, at(26, alerts.StageLogTamper, user("eve"))}, []string{"P11 high 6"}},
		"numbers begin anew at a boot":     {[]alerts.Event{reload, up, at(26, alerts.StageLogGap, sub(alerts.SubReset))}, []string{"reload low 2"}},
		"numbers anew, and no boot":        {[]alerts.Event{boot, at(26, alerts.StageLogGap, sub(alerts.SubReset))}, []string{"P11 high 6"}},
		"a schedule cancelled, and a boot": {[]alerts.Event{at(0, alerts.StageReloadScheduled), at(1, alerts.StageReloadCancelled), at(1440, alerts.StageBootUp)}, []string{"P5 medium 3"}},
		"P11":                              {[]alerts.Event{at(0, alerts.StageLogTamper), at(10, alerts.StageBootChange)}, []string{"P11 critical 8"}},
		"tamper alone":                     {[]alerts.Event{at(0, alerts.StageLogTamper)}, []string{"tamper low 2"}},
		"tamper long before":               {[]alerts.Event{at(0, alerts.StageLogTamper), at(50, alerts.StageBootChange)}, []string{"P2 high 5"}},
		"logging that a boot sets up":      {[]alerts.Event{reload, up, at(26, alerts.StageLogTamper, weight(alerts.WeightInfo))}, []string{"reload low 2"}},
		"P12":                              {[]alerts.Event{at(0, alerts.StageInstall, sub(alerts.SubProgram))}, []string{"P12 high 5"}},
		"P15":                              {[]alerts.Event{at(0, alerts.StageConfigErase), reload}, []string{"P15 high 5"}},
		"a card":                           {[]alerts.Event{at(0, alerts.StageReload, sub(alerts.SubCard))}, nil},
		"a configuration":                  {[]alerts.Event{at(0, alerts.StageTransfer, sub(alerts.SubConfig))}, nil},
		"an export":                        {[]alerts.Event{at(0, alerts.StageTransfer, func(e *alerts.Event) { e.Direction = "out" })}, nil},
		"a digest":                         {[]alerts.Event{at(0, alerts.StageVerify)}, nil},
		"one by-product":                   {[]alerts.Event{at(0, alerts.StageBootByproduct)}, nil},
		"a firmware upgrade":               {[]alerts.Event{at(0, alerts.StageFirmware)}, []string{"firmware medium 3"}},
		"firmware that wants an upgrade":   {[]alerts.Event{at(0, alerts.StageFirmware, weight(alerts.WeightLow))}, nil},
		"a shell":                          {[]alerts.Event{at(0, alerts.StageShell)}, []string{"shell medium 3"}},
		"two upgrades":                     {[]alerts.Event{transfer, boot, reload, up, at(3*1440, alerts.StageTransfer), at(3*1440+10, alerts.StageBootChange), at(3*1440+20, alerts.StageReload), at(3*1440+25, alerts.StageBootUp)}, []string{"P1 high 7", "P1 high 7"}},
		"evidence of one boot":             {[]alerts.Event{reload, up, at(26, alerts.StageBootUp), at(27, alerts.StageVersion, newer("15.4")), at(28, alerts.StageBootByproduct)}, []string{"reload low 2"}},
		"a stranger's first boot":          {[]alerts.Event{at(0, alerts.StageBootUp, on("stranger"), unknown)}, nil},
		"versions that have no order":      {[]alerts.Event{boot, reload, at(25, alerts.StageVersion, newer("XE"))}, []string{"P4 high 5"}},
	} {
		if diff := cmp.Diff(test.want, told(alertsOf(config(Context{}), test.events...))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestUnchecked(t *testing.T) {
	history := []alerts.Event{at(-20*1440, alerts.StageReload), at(-20*1440+5, alerts.StageBootUp), at(-20*1440+6, alerts.StageSignatureOK)}
	for name, test := range map[string]struct {
		events []alerts.Event
		want   string
	}{
		"P8":                {[]alerts.Event{at(0, alerts.StageBootUp)}, "P8 high 5"},
		"P8, of a reload":   {[]alerts.Event{at(0, alerts.StageReload), at(5, alerts.StageBootUp)}, "P8 high 5"},
		"checked as always": {[]alerts.Event{at(0, alerts.StageBootUp), at(1, alerts.StageSignatureOK)}, "P5 medium 3"},
	} {
		k := New(config(Context{}))
		for _, e := range slices.Concat(history, test.events) {
			k.Add(e)
		}
		k.Advance(start.Add(20 * time.Minute))
		all := told(k.Alerts())
		if got := all[len(all)-1]; got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestExplained holds the false positives that the two seed documents name: the alert stays, its severity falls, and it says why.
func TestExplained(t *testing.T) {
	night := Window{Ticket: "CHG-1042", Devices: []string{"core*"}, Start: start.Add(-time.Hour), End: start.Add(2 * time.Hour)}
	upgrade := []alerts.Event{at(0, alerts.StageTransfer, user("jo"), from("10.0.0.20"), file("c.bin", "15.7")), at(10, alerts.StageBootChange, user("jo"), file("c.bin", "15.7")), at(20, alerts.StageReload, user("jo")), at(25, alerts.StageVersion, newer("15.7"))}
	with := func(edits ...func(*Window)) Context {
		w := night
		for _, e := range edits {
			e(&w)
		}
		return Context{Windows: []Window{w}, People: []string{"jo"}}
	}
	program := []Automation{{Account: "jo", Address: "10.0.0.20", Tool: "Cisco Prime"}}
	for name, test := range map[string]struct {
		context Context
		events  []alerts.Event
		want    string
		says    string
	}{
		"nothing is planned":                {Context{}, upgrade, "P1 high 7", ""},
		"a planned upgrade in its window":   {with(), upgrade, "P1 medium 3 explained", "window CHG-1042 (-4)"},
		"a contractor with a ticket":        {Context{Windows: []Window{{Ticket: "CHG-7", Devices: []string{"core1"}, By: []string{"jo"}}}, People: []string{"jo"}}, upgrade, "P1 medium 3 explained", "ticket CHG-7"},
		"a management platform":             {Context{Automation: program}, upgrade, "P1 high 5 explained", "account jo of Cisco Prime from its own host (-2)"},
		"a management platform in a window": {Context{Automation: program, Windows: []Window{night}}, upgrade, "P1 info 1 explained", "Cisco Prime"},
		"its account from another host":     {Context{Automation: []Automation{{Account: "jo", Address: "10.0.0.99"}}, Hosts: []string{"10.0.0.99"}}, upgrade[:1], "P3 high 6", ""},
		"disaster recovery":                 {with(func(w *Window) { w.Reason = "disaster recovery" }), []alerts.Event{at(0, alerts.StageTransfer, user("jo"), file("c.bin", "15.2")), at(5, alerts.StageBootChange, user("jo"), file("c.bin", "15.2"))}, "P7 high 6 explained", "disaster recovery"},
		"an authorised rollback":            {with(), []alerts.Event{at(0, alerts.StageInstall, user("jo"), sub(alerts.SubRollback))}, "P7 medium 3 explained", "CHG-1042"},
		"staged for a window to come":       {Context{Windows: []Window{{Ticket: "CHG-9", Start: start.AddDate(0, 0, 3), End: start.AddDate(0, 0, 3).Add(time.Hour), Files: []string{"C.bin"}}}}, upgrade[:1], "P3 info 1 explained", "staged for CHG-9"},
		"a boot variable staged":            {Context{Windows: []Window{{Ticket: "CHG-9", Start: start.AddDate(0, 0, 3), End: start.AddDate(0, 0, 3).Add(time.Hour), Files: []string{"c.bin"}}}}, upgrade[:2], "P2 medium 4 explained", "staged"},
		"a lab device":                      {Context{Lab: []string{"core*"}}, upgrade, "P1 medium 4 explained", "a lab device"},
		"the wrong device":                  {with(func(w *Window) { w.Devices = []string{"edge*"} }), upgrade, "P1 critical 9", ""},
		"the wrong file":                    {with(func(w *Window) { w.Files = []string{"other.bin"} }), upgrade, "P1 critical 9", ""},
		"the wrong version":                 {with(func(w *Window) { w.Version = "15.8" }), upgrade, "P1 critical 9", ""},
		"the wrong account":                 {with(func(w *Window) { w.By = []string{"mo"} }), upgrade, "P1 critical 9", ""},
		"after the window":                  {with(func(w *Window) { w.End = start.Add(-time.Minute) }), upgrade, "P1 critical 9", ""},
		"a reload after the window":         {with(func(w *Window) { w.End = start.Add(15 * time.Minute) }), upgrade, "P1 medium 3 explained", "CHG-1042"},
		"weekly": {with(func(w *Window) {
			w.Repeat = "weekly"
			w.Start, w.End = w.Start.AddDate(0, 0, -21), w.End.AddDate(0, 0, -21)
		}), upgrade, "P1 medium 3 explained", "CHG-1042"},
		"weekly, on another day": {with(func(w *Window) {
			w.Repeat = "weekly"
			w.Start, w.End = w.Start.AddDate(0, 0, -20), w.End.AddDate(0, 0, -20)
		}), upgrade, "P1 critical 9", ""},
		"nothing explains a signature":                  {with(), []alerts.Event{at(0, alerts.StageSignatureFail, user("jo"))}, "P9 critical 8 explained", "CHG-1042"},
		"an account that is not listed":                 {Context{People: []string{"mo"}}, upgrade, "P1 critical 9", ""},
		"a second account, not listed":                  {Context{People: []string{"jo"}}, []alerts.Event{upgrade[0], at(10, alerts.StageBootChange, user("eve"), file("c.bin", "15.7")), upgrade[2]}, "P1 critical 9", ""},
		"a platform's account, and elsewhere too":       {Context{Automation: program}, []alerts.Event{upgrade[0], at(10, alerts.StageBootChange, user("jo"), from("10.66.6.6"), file("c.bin", "15.7")), upgrade[2]}, "P1 high 7", ""},
		"a platform's account, from nobody knows where": {Context{Automation: program}, []alerts.Event{at(0, alerts.StageBootChange, user("jo"))}, "P2 high 5", ""},
		"a server that is not listed":                   {Context{Hosts: []string{"10.0.0.20"}}, []alerts.Event{at(0, alerts.StageTransfer, from("10.0.0.20"), func(e *alerts.Event) { e.Server = "10.66.6.6" })}, "P3 high 6", ""},
		"below the floor":                               {Context{Floors: map[string]string{"cisco_ios": "15.8"}}, upgrade, "P1 critical 9", ""},
	} {
		all := alertsOf(config(test.context), test.events...)
		if len(all) != 1 || told(all)[0] != test.want {
			t.Errorf("%s: %q, not %q: %v", name, told(all), test.want, whys(all))
			continue
		}
		if !strings.Contains(strings.Join(all[0].ExplainedBy, "; "), test.says) {
			t.Errorf("%s: explained by %q", name, all[0].ExplainedBy)
		}
		sum := 0
		for _, w := range all[0].Why {
			sum += w.Points
		}
		if sum != all[0].Score {
			t.Errorf("%s: the arithmetic %v does not make %d", name, all[0].Why, all[0].Score)
		}
	}
}

// TestPlanned has changes that are planned in the baseline: they explain what they plan, and say nothing of other devices.
func TestPlanned(t *testing.T) {
	plan := Window{Ticket: "CHG-7", Start: start.Add(-time.Hour), End: start.Add(2 * time.Hour), Files: []string{"c*.bin"}, Version: "15.07"}
	upgrade := []alerts.Event{at(0, alerts.StageTransfer, user("jo"), file("c1.bin", "15.7")), at(10, alerts.StageBootChange, user("jo"), file("c1.bin", "15.7")), at(20, alerts.StageReload, user("jo")), at(25, alerts.StageVersion, newer("15.7"))}
	for name, test := range map[string]struct {
		planned map[string][]Window
		want    string
	}{
		"of this device":         {map[string][]Window{upgrade[0].Device: {plan}}, "P1 medium 3 explained"},
		"of another device":      {map[string][]Window{"another": {plan}}, "P1 high 7"},
		"of another file":        {map[string][]Window{upgrade[0].Device: {{Ticket: "CHG-7", Start: plan.Start, End: plan.End, Files: []string{"d.bin"}}}}, "P1 high 7"},
		"of another version":     {map[string][]Window{upgrade[0].Device: {{Ticket: "CHG-7", Start: plan.Start, End: plan.End, Version: "15.8"}}}, "P1 high 7"},
		"over before it started": {map[string][]Window{upgrade[0].Device: {{Ticket: "CHG-7", Start: plan.Start, End: start.Add(-time.Minute)}}}, "P1 high 7"},
	} {
		c := config(Context{})
		c.Planned = func(device string) []Window { return test.planned[device] }
		if all := alertsOf(c, upgrade...); len(all) != 1 || told(all)[0] != test.want {
			t.Errorf("%s: %q, not %q: %v", name, told(all), test.want, whys(all))
		}
	}
}

func whys(all []alerts.Alert) (text []string) {
	for _, a := range all {
		for _, w := range a.Why {
			text = append(text, w.String())
		}
	}
	return text
}

// TestOrder holds that neither the order in which lines arrive, nor that some come twice, nor a restart in between, changes what is told in the end.
func TestOrder(t *testing.T) {
	scenario := []alerts.Event{
		at(0, alerts.StageTransfer, file("c.bin", "15.2"), user("jo")), at(10, alerts.StageBootChange, file("c.bin", "15.2"), user("jo")), at(11, alerts.StageLogTamper),
		at(20, alerts.StageReloadScheduled), at(21, alerts.StageReloadCancelled), at(40, alerts.StageReload), at(45, alerts.StageBootUp), at(45.5, alerts.StageVersion, newer("15.2")),
		at(46, alerts.StageBootByproduct, unset), at(3000, alerts.StageSignatureFail), at(100, alerts.StageInstall, on("edge1"), sub(alerts.SubStarted)),
	}
	want := alertsOf(config(Context{}), scenario...)
	if len(want) < 3 {
		t.Fatalf("the scenario makes %q", told(want))
	}
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.Permutation(scenario).Draw(t, "order")
		events = append(events, rapid.SliceOfN(rapid.SampledFrom(scenario), 0, 5).Draw(t, "again")...)
		k := New(config(Context{}))
		cut := rapid.IntRange(0, len(events)).Draw(t, "restart")
		for i, e := range events {
			if i == cut {
				text, err := json.Marshal(k.Snapshot())
				if err != nil {
					t.Fatal(err)
				}
				var s Snapshot
				if err := json.Unmarshal(text, &s); err != nil {
					t.Fatal(err)
				}
				k = New(config(Context{}))
				if err := k.Restore(s); err != nil {
					t.Fatal(err)
				}
			}
			k.Add(e)
		}
		if diff := cmp.Diff(want, k.Alerts(), cmpopts.IgnoreFields(alerts.Alert{}, "ID")); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// TestTold holds that an alert is told when it is new or changed, under one id, and not again.
func TestTold(t *testing.T) {
	k := New(config(Context{}))
	ids := map[string]bool{}
	for i, step := range []struct {
		event alerts.Event
		want  []string
	}{
		{at(10, alerts.StageBootChange), []string{"P2 high 5"}},
		{at(10, alerts.StageBootChange), nil},
		{at(20, alerts.StageReload), []string{"P4 high 5"}},
		{at(0, alerts.StageTransfer), []string{"P1 high 7"}}, // it arrives late
		{at(25, alerts.StageBootUp), []string{"P1 high 7"}},
	} {
		got := k.Add(step.event)
		if diff := cmp.Diff(step.want, told(got)); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
		for _, a := range got {
			ids[a.ID] = true
		}
	}
	if len(ids) != 1 {
		t.Errorf("one session has the ids %v", ids)
	}
}

func TestFleet(t *testing.T) {
	var events []alerts.Event
	for i := range 40 {
		device := on(fmt.Sprintf("sw%02d", i))
		events = append(events, at(float64(i), alerts.StageTransfer, device, user("jo"), file("c.bin", "15.7")), at(float64(i)+1, alerts.StageInstall, device, user("jo")), at(float64(i)+20, alerts.StageReload, device), at(float64(i)+25, alerts.StageBootUp, device))
	}
	all := alertsOf(config(Context{Windows: []Window{{Ticket: "CHG-1", Start: start.Add(-time.Hour), End: start.Add(4 * time.Hour)}}}), events...)
	if len(all) != 1 || all[0].Chain != "P14" || len(all[0].Devices) != 40 || all[0].Severity != alerts.SeverityLow && all[0].Severity != alerts.SeverityMedium {
		t.Errorf("a campaign makes %q", told(all))
	}
	if all := alertsOf(config(Context{}), events[:16]...); len(all) != 4 {
		t.Errorf("four devices make %q", told(all))
	}
	k := New(config(Context{}))
	last := []alerts.Alert{}
	for _, e := range events {
		last = append(last, k.Add(e)...)
	}
	if a := last[len(last)-1]; a.Chain != "P14" || len(k.Alerts()) != 1 {
		t.Errorf("one by one they make %q", told(k.Alerts()))
	}
}

func TestHostToDevice(t *testing.T) {
	prep := at(-20, alerts.StageHostPrep, on("mgmt1"), from("10.0.0.66"), weight(alerts.WeightMedium))
	all := alertsOf(config(Context{}), prep, at(0, alerts.StageTransfer, from("10.0.0.66")))
	if diff := cmp.Diff([]string{"host medium 3", "P13 high 6"}, told(all)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(all) == 2 && (len(all[1].Lines) != 2 || all[1].Device != "core1") {
		t.Errorf("P13 names %+v", all[1].Lines)
	}
	if all := alertsOf(config(Context{}), prep, at(0, alerts.StageTransfer, from("10.0.0.67"))); told(all)[1] != "P3 medium 3" {
		t.Errorf("from another host: %q", told(all))
	}
}

func TestBounds(t *testing.T) {
	k := New(config(Context{}))
	for i := range 5 * maxUnknown {
		k.Put(at(float64(i)/100, alerts.StageTransfer, on(fmt.Sprint("stranger", i)), unknown))
	}
	if len(k.devices) > maxUnknown || k.unknown.Len() != len(k.devices) {
		t.Errorf("%d unknown devices are kept", len(k.devices))
	}
	for i := range 3000 {
		k.Add(at(float64(i)/50, alerts.StageFirmware))
	}
	if n := len(k.devices["core1"].events); n > perDevice {
		t.Errorf("%d events of one device are kept", n)
	}
	k.Advance(start.AddDate(1, 0, 0))
	if len(k.devices) > 0 || len(k.told) > 0 && len(k.told) > maxUnknown {
		t.Errorf("after a year %d devices are kept", len(k.devices))
	}
}

func TestVisits(t *testing.T) {
	v := NewVisits(Pace{PerHour: 3})
	alert := func(device string, minutes float64, stage alerts.Stage) alerts.Alert {
		return alerts.Alert{ID: device, Device: device, Severity: alerts.SeverityHigh, Visit: "full", Lines: []alerts.LineRef{{Stage: stage, Time: start.Add(time.Duration(minutes * float64(time.Minute)))}}}
	}
	due := func(minutes float64) (names []string) {
		for _, r := range v.Due(start.Add(time.Duration(minutes*float64(time.Minute))), 100) {
			names = append(names, r.Device)
		}
		return names
	}
	ask := func(a alerts.Alert, known bool, minutes float64) bool {
		return v.Ask(a, func(string) bool { return known }, start.Add(time.Duration(minutes*float64(time.Minute))))
	}
	if ask(alert("stranger", 0, alerts.StageTransfer), false, 0) {
		t.Error("a device that nobody knows is visited")
	}
	low := alert("low", 0, alerts.StageInstall)
	low.Severity = alerts.SeverityLow
	if ask(low, true, 0) {
		t.Error("an alert of low severity makes a visit")
	}
	ask(alert("a", 0, alerts.StageTransfer), true, 0)
	ask(alert("b", 0, alerts.StageBootUp), true, 0)
	if got := due(0); !slices.Equal(got, []string{"a"}) {
		t.Errorf("at once: %q", got)
	}
	if got := due(1); got != nil {
		t.Errorf("a device that boots is asked after a minute: %q", got)
	}
	if got := due(2); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after two minutes: %q", got)
	}
	ask(alert("a", 5, alerts.StageTransfer), true, 5)
	ask(alert("c", 5, alerts.StageTransfer), true, 5)
	ask(alert("d", 5, alerts.StageTransfer), true, 5)
	if got := due(6); !slices.Equal(got, []string{"c"}) {
		t.Errorf("the third within the hour: %q", got)
	}
	if got := due(31); got != nil {
		t.Errorf("more than the hour allows: %q", got)
	}
	if got := due(70); !slices.Equal(got, []string{"d", "a"}) || v.Waiting() != 0 {
		t.Errorf("in the next hour: %q", got)
	}
}

// TestOneVisitAtATime holds that who is not visited yet is next, at once, and that one visit answers all alerts of its device.
func TestOneVisitAtATime(t *testing.T) {
	v := NewVisits(Pace{})
	for _, a := range []struct{ id, device string }{{"1", "a"}, {"2", "a"}, {"2", "a"}, {"3", "b"}} {
		v.Ask(alerts.Alert{ID: a.id, Device: a.device, Severity: alerts.SeverityHigh, Visit: "full"}, everyDevice, start)
	}
	for _, want := range []Request{{Device: "a", Alerts: []string{"1", "2"}, Scope: "full", At: start}, {Device: "b", Alerts: []string{"3"}, Scope: "full", At: start}} {
		if diff := cmp.Diff([]Request{want}, v.Due(start, 1)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

func everyDevice(string) bool { return true }

// TestVisitsOfAFleet holds that a few devices of a fleet are visited first, and each once.
func TestVisitsOfAFleet(t *testing.T) {
	v := NewVisits(Pace{})
	fleet := alerts.Alert{ID: "f", Device: "6 devices", Devices: []string{"a", "b", "c", "d", "e", "printer"}, Severity: alerts.SeverityHigh, Visit: "full", Chain: "P14"}
	known := func(device string) bool { return device != "printer" }
	names := func(due []Request) (all string) {
		for _, r := range due {
			all += r.Device
		}
		return all
	}
	if !v.Ask(fleet, known, start) || !v.Ask(fleet, known, start.Add(time.Minute)) {
		t.Fatal("a fleet asks for no visit")
	}
	if got := names(v.Due(start.Add(time.Minute), 10)); got != "abc" {
		t.Errorf("the sample is %q", got)
	}
	if got := names(v.Due(start.Add(29*time.Minute), 10)); got != "" {
		t.Errorf("too early: %q", got)
	}
	if got := names(v.Due(start.Add(31*time.Minute), 10)); got != "de" {
		t.Errorf("the others are %q", got)
	}
	fleet.Answers = map[string]alerts.Confirmation{"a": alerts.Unchanged, "b": alerts.Unchanged, "c": alerts.Unchanged, "d": alerts.Unchanged, "e": alerts.Unchanged}
	if v.Ask(fleet, known, start.Add(2*time.Hour)) {
		t.Error("a fleet whose devices have all answered asks again")
	}
}

// TestVisitsState holds that neither a visit to come nor one under way is lost with the program, and that none is hurried.
func TestVisitsState(t *testing.T) {
	alert := func(id, device string) alerts.Alert {
		return alerts.Alert{ID: id, Device: device, Severity: alerts.SeverityHigh, Visit: "full"}
	}
	v := NewVisits(Pace{PerHour: 2})
	v.Ask(alert("1", "a"), everyDevice, start)
	v.Ask(alert("2", "b"), everyDevice, start)
	for _, r := range v.Due(start, 2) {
		if r.Device == "b" {
			v.Done(r)
		}
	}
	v.Ask(alert("3", "a"), everyDevice, start)
	v.Ask(alert("4", "c"), everyDevice, start)
	text, err := json.Marshal(v.State(start.Add(time.Minute)))
	if err != nil {
		t.Fatal(err)
	}
	var state VisitsState
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	again := NewVisits(Pace{PerHour: 2})
	again.Restore(state)
	if due := again.Due(start.Add(2*time.Minute), 10); len(due) != 0 {
		t.Errorf("the hour's visits were made, and %v follow", due)
	}
	want := []Request{{Device: "c", Alerts: []string{"4"}, Scope: "full", At: start}, {Device: "a", Alerts: []string{"3", "1"}, Scope: "full", At: start.Add(30 * time.Minute)}}
	if diff := cmp.Diff(want, again.Due(start.Add(61*time.Minute), 10)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestConfirm(t *testing.T) {
	line := func(stage alerts.Stage) []alerts.LineRef { return []alerts.LineRef{{Stage: stage}} }
	high := alerts.Alert{Severity: alerts.SeverityHigh, Lines: line(alerts.StageReload)}
	says := func(outcomes ...alerts.Confirmation) (all []Answer) {
		for _, o := range outcomes {
			all = Attach(all, Answer{Device: "core1", Outcome: o, Detail: "x"}, &high)
		}
		return all
	}
	fleet := alerts.Alert{Severity: alerts.SeverityHigh, Devices: []string{"a", "b"}}
	of := func(pairs ...string) (all []Answer) {
		for i := 0; i < len(pairs); i += 2 {
			all = Attach(all, Answer{Device: pairs[i], Outcome: alerts.Confirmation(pairs[i+1])}, &fleet)
		}
		return all
	}
	graver, longer := high, high
	graver.Severity = alerts.SeverityCritical
	longer.Lines = slices.Repeat(high.Lines, 2)
	for name, test := range map[string]struct {
		alert   alerts.Alert
		answers []Answer
		want    string
	}{
		"none":                            {high, nil, "high "},
		"unchanged":                       {high, says(alerts.Unchanged), "low unchanged"},
		"changed and known":               {high, says(alerts.ChangedKnown), "low changed and known"},
		"changed and unknown":             {high, says(alerts.ChangedUnknown), "critical changed and unknown"},
		"not assessed":                    {high, says(alerts.NotAssessedVisit), "high not assessed"},
		"asked again, and reached":        {high, says(alerts.NotAssessedVisit, alerts.Unchanged), "low unchanged"},
		"asked again, and not reached":    {high, says(alerts.Unchanged, alerts.NotAssessedVisit), "high not assessed"},
		"put back before the next visit":  {high, says(alerts.ChangedUnknown, alerts.Unchanged), "critical changed and unknown"},
		"graver since":                    {graver, says(alerts.Unchanged), "critical "},
		"more lines since":                {longer, says(alerts.Unchanged), "high "},
		"found, and more lines since":     {longer, says(alerts.ChangedUnknown), "critical changed and unknown"},
		"a signature that did not hold":   {alerts.Alert{Severity: alerts.SeverityHigh, Lines: line(alerts.StageSignatureFail)}, says(alerts.Unchanged), "high unchanged"},
		"a part of a fleet":               {fleet, of("a", "unchanged"), "high asked"},
		"a fleet":                         {fleet, of("a", "unchanged", "b", "changed and known"), "low changed and known"},
		"one of a fleet is not approved":  {fleet, of("b", "changed and unknown"), "critical changed and unknown"},
		"one of a fleet was not reached":  {fleet, of("a", "unchanged", "b", "not assessed"), "high not assessed"},
		"one of a fleet was reached then": {fleet, of("a", "unchanged", "b", "not assessed", "b", "unchanged"), "low unchanged"},
	} {
		got := Confirm(test.alert, test.answers)
		if have := fmt.Sprint(got.Severity, " ", got.Confirmed); have != test.want {
			t.Errorf("%s: %s, want %s", name, have, test.want)
		}
	}
	if high.Why != nil || high.ExplainedBy != nil {
		t.Error("the alert itself was changed")
	}
}

func TestUnannounced(t *testing.T) {
	k := New(config(Context{}))
	k.Put(at(0, alerts.StageReload))
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	for name, test := range map[string]struct {
		change    Change
		listening time.Time
		want      string
	}{
		"announced by a reload": {Change{Device: "core1", From: day(-1), To: day(1)}, day(-9), ""},
		"days after a reload":   {Change{Device: "core1", From: day(2), To: day(3)}, day(-9), "LG-03 high"},
		"of another device":     {Change{Device: "core2", From: day(-1), To: day(1)}, day(-9), "LG-03 high"},
		"nobody listened":       {Change{Device: "core2", From: day(-1), To: day(1)}, day(0), "LG-03 medium"},
	} {
		test.change.What, test.change.Old, test.change.New = "running version", "15.4", "15.2"
		got := ""
		if a, ok := k.Unannounced(test.change, test.listening); ok {
			got = fmt.Sprint(a.Chain, " ", a.Severity)
			if a.OldVersion != "15.4" || a.NewVersion != "15.2" {
				t.Errorf("%s: versions %q and %q", name, a.OldVersion, a.NewVersion)
			}
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestGaps(t *testing.T) {
	g := NewGaps()
	hear := func(sequence uint64, minutes float64) bool {
		_, gap := g.Heard(Heard{Device: "core1", Known: true, Sequence: sequence, At: start.Add(time.Duration(minutes * float64(time.Minute)))})
		return gap
	}
	for i, step := range []struct {
		sequence uint64
		gap      bool
	}{{100, false}, {101, false}, {105, false}, {104, false}, {500, true}, {0, false}, {480, false}, {501, false}, {5000, true}, {1, true}, {2, false}, {300, true}, {1, true}, {2, false}} {
		if got := hear(step.sequence, float64(i)); got != step.gap {
			t.Errorf("number %d: %v", step.sequence, got)
		}
	}
	for i := range 2000 {
		hear(uint64(3+i), 10+float64(i))
	}
	none := func(string) string { return "" }
	if got := g.Missing(start.Add(2015*time.Minute), none); len(got) != 0 {
		t.Errorf("five minutes of silence: %v", got)
	}
	if got := g.Missing(start.Add(2100*time.Minute), none); len(got) != 1 || got[0].Stage != alerts.StageLogGap {
		t.Errorf("an hour and a half of silence: %v", got)
	}
	if got := g.Missing(start.Add(2200*time.Minute), none); len(got) != 0 {
		t.Errorf("told again: %v", got)
	}
}

// TestVolumes holds that a kind of message which ends is told of once, when the device goes on with others and has printed it for long.
func TestVolumes(t *testing.T) {
	const ended, other = "ASA-6-302013", "ASA-6-106100"
	for name, test := range map[string]struct {
		hours  int // with both
		before func(g *Gaps, at time.Time) *Gaps
		after  map[string]int // messages an hour from then on
		want   int
	}{
		"one ends":                    {60, nil, map[string]int{other: 20}, 1},
		"one is rare":                 {60, nil, map[string]int{other: 20, ended: 1}, 0},
		"all end":                     {60, nil, nil, 0}, // that is silence
		"nothing was learnt":          {20, nil, map[string]int{other: 20}, 0},
		"goes on":                     {60, nil, map[string]int{other: 20, ended: 20}, 0},
		"the program began anew":      {60, restarted, map[string]int{other: 20}, 1},
		"the program was away for it": {60, func(g *Gaps, at time.Time) *Gaps { return restarted(g, at.Add(time.Hour)) }, nil, 0},
	} {
		g, at, got := NewGaps(), start.Truncate(time.Hour), 0
		hour := func(counts map[string]int) {
			for id, n := range counts {
				for i := range n {
					g.Heard(Heard{Device: "fw1", Known: true, ID: id, At: at.Add(time.Duration(i) * time.Minute)})
				}
			}
			at = at.Add(time.Hour)
			for _, e := range g.Missing(at, func(string) string { return "" }) {
				if strings.Contains(e.Text, ended) {
					got++
				}
			}
		}
		for range test.hours {
			hour(map[string]int{ended: 20, other: 20})
		}
		if test.before != nil {
			g = test.before(g, at)
		}
		for range 5 {
			hour(test.after)
		}
		if got != test.want {
			t.Errorf("%s: told of %d times, want %d", name, got, test.want)
		}
	}
}

func restarted(g *Gaps, at time.Time) *Gaps {
	text, err := json.Marshal(g.State())
	if err != nil {
		panic(err)
	}
	var state GapsState
	if err := json.Unmarshal(text, &state); err != nil {
		panic(err)
	}
	again := NewGaps()
	again.Restore(state, at)
	return again
}

// TestGapsAfterRestart holds that what a program did not hear while it was away is no gap of the device, and that a boot meanwhile shows.
func TestGapsAfterRestart(t *testing.T) {
	for first, want := range map[uint64]string{900: "", 5: alerts.SubReset} {
		g := NewGaps()
		g.Heard(Heard{Device: "core1", Known: true, Sequence: 200, At: start})
		g = restarted(g, start.Add(time.Hour))
		e, gap := g.Heard(Heard{Device: "core1", Known: true, Sequence: first, At: start.Add(2 * time.Hour)})
		if gap != (want != "") || e.Sub != want {
			t.Errorf("number %d: %v %q", first, gap, e.Sub)
		}
		if _, gap := g.Heard(Heard{Device: "core1", Known: true, Sequence: first + 100, At: start.Add(2 * time.Hour)}); !gap {
			t.Errorf("numbers missing after %d are not told of", first)
		}
	}
}

// TestWindows holds when windows are and which devices they are about.
func TestWindows(t *testing.T) {
	zoned := func(zone, day, clock string) time.Time {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Skip("there is no table of time zones: ", err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, place)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	// As YAML reads 2026-10-20 22:00:00, which has no offset.
	night := Window{Zone: "Europe/Berlin", Start: time.Date(2026, 10, 20, 22, 0, 0, 0, time.UTC), End: time.Date(2026, 10, 21, 2, 0, 0, 0, time.UTC), Repeat: "daily"}
	weekend := night
	weekend.Days = []string{"sat", "sun"}
	offset := night
	offset.Start, offset.End = zoned("Asia/Tokyo", "2026-10-20", "22:00"), zoned("Asia/Tokyo", "2026-10-21", "02:00")
	for name, test := range map[string]struct {
		window Window
		at     time.Time
		want   bool
	}{
		"in the summer":            {night, zoned("Europe/Berlin", "2026-10-23", "22:10"), true},
		"before it, in the summer": {night, zoned("Europe/Berlin", "2026-10-23", "21:50"), false},
		"in the winter":            {night, zoned("Europe/Berlin", "2026-11-23", "22:10"), true},
		"before it, in the winter": {night, zoned("Europe/Berlin", "2026-11-23", "21:50"), false},
		"on a saturday":            {weekend, zoned("Europe/Berlin", "2026-10-24", "23:00"), true},
		"after that midnight":      {weekend, zoned("Europe/Berlin", "2026-10-26", "01:00"), true}, // a monday, and the window is sunday's
		"on a monday":              {weekend, zoned("Europe/Berlin", "2026-10-26", "23:00"), false},
		"with an offset":           {offset, zoned("Asia/Tokyo", "2026-10-22", "23:00"), true},
	} {
		c := Context{Windows: []Window{test.window}}
		if err := c.Settle(); err != nil {
			t.Fatal(err)
		}
		if got := c.Windows[0].covers(test.at, 0); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if err := (&Context{Windows: []Window{{Zone: "Berlin"}}}).Settle(); err == nil {
		t.Error("a zone that does not exist is taken")
	}

	k := New(Config{About: func(string) Device { return Device{Site: "paris", Role: "core", Tags: []string{"dc"}} }})
	for name, test := range map[string]struct {
		window Window
		want   bool
	}{
		"all":              {Window{}, true},
		"a name":           {Window{Devices: []string{"core*"}}, true},
		"a tag":            {Window{Tags: []string{"dc", "lab"}}, true},
		"another tag":      {Window{Tags: []string{"lab"}}, false},
		"a role":           {Window{Roles: []string{"core"}}, true},
		"another site":     {Window{Roles: []string{"core"}, Sites: []string{"rome"}}, false},
		"another name":     {Window{Devices: []string{"edge*"}, Roles: []string{"core"}}, false},
		"name and of role": {Window{Devices: []string{"core*"}, Roles: []string{"core"}}, true},
	} {
		if got := k.concerns(&test.window, "core1"); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestFloors holds that a floor of a model counts before that of its platform.
func TestFloors(t *testing.T) {
	for name, test := range map[string]struct {
		floors map[string]string
		want   string
	}{
		"none":             {nil, "P2 high 5"},
		"of the platform":  {map[string]string{"cisco_ios": "15.9"}, "P2 high 7"},
		"of the model":     {map[string]string{"cisco_ios": "15.9", "ISR43*": "15.2"}, "P2 high 5"},
		"of another model": {map[string]string{"C9*": "15.9"}, "P2 high 5"},
	} {
		c := config(Context{Floors: test.floors})
		c.About = func(string) Device { return Device{Model: "ISR4331/K9"} }
		if got := told(alertsOf(c, at(0, alerts.StageBootChange, file("c.bin", "15.7")))); !slices.Equal(got, []string{test.want}) {
			t.Errorf("%s: %q, want %s", name, got, test.want)
		}
	}
}

// TestReminder holds that a ticket whose change was not seen is told of once, when its window is over.
func TestReminder(t *testing.T) {
	window := Window{Ticket: "CHG-1042", Devices: []string{"core*"}, Start: start.Add(-time.Hour), End: start.Add(2 * time.Hour)}
	for name, test := range map[string]struct {
		window Window
		events []alerts.Event
		want   int
	}{
		"no change":              {window, nil, 1},
		"a change":               {window, []alerts.Event{at(30, alerts.StageBootChange)}, 0},
		"of another device":      {window, []alerts.Event{at(30, alerts.StageBootChange, on("edge1"))}, 1},
		"a window that repeats":  {Window{Ticket: "CHG-1", Start: window.Start, End: window.End, Repeat: "weekly"}, nil, 0},
		"a window with no times": {Window{Ticket: "CHG-1"}, nil, 0},
	} {
		k, got := New(config(Context{Windows: []Window{test.window}})), 0
		for _, e := range test.events {
			k.Add(e)
		}
		for hours := range 9 * 24 {
			for _, a := range k.Advance(start.Add(time.Duration(hours) * time.Hour)) {
				if a.Chain == "ticket" {
					got++
					if a.Severity != alerts.SeverityInfo || hours < 4 {
						t.Errorf("%s: after %d hours %s", name, hours, a.Severity)
					}
				}
			}
		}
		if got != test.want {
			t.Errorf("%s: told %d times, want %d", name, got, test.want)
		}
	}
}

func TestValid(t *testing.T) {
	c := Context{Windows: []Window{{Ticket: "a", Repeat: "monthly"}, {Ticket: "b", Start: start}, {Ticket: "c", Stages: []alerts.Stage{"flying"}}, {Ticket: "d", Devices: []string{"["}}, {Ticket: "e", Repeat: "daily"}, {Ticket: "f"}}, Automation: []Automation{{Tool: "Cisco Prime"}}}
	c.Windows = append(c.Windows, Window{Ticket: "g", Start: start, End: start.Add(time.Hour), Repeat: "weekly", Days: []string{"sat"}}, Window{Ticket: "h", Start: start, End: start.Add(time.Hour), Repeat: "daily", Days: []string{"Samstag"}})
	c.Floors = map[string]string{"[": "15.7"}
	if got := c.Valid(); len(got) != 9 {
		t.Errorf("problems %q", got)
	}
}

func BenchmarkAdd(b *testing.B) {
	k := New(config(Context{}))
	i := 0
	for b.Loop() {
		i++
		k.Add(at(float64(i), alerts.StageInstall, on(fmt.Sprint("core", i%1000)), file(fmt.Sprint(i, ".bin"), "")))
	}
}
