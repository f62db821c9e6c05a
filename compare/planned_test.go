package compare

import (
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

// brought is settled brought to another version, with a boot within the last hour.
func brought(version, file string) []edit {
	return []edit{
		set(facts.RunningVersion, "", version), set(facts.RunningImage, "", "bootflash:"+file), set(facts.BootVariable, "1", "bootflash:"+file), set(facts.BootVariable, "2", "bootflash:"+file),
		set(facts.Uptime, "", "600"), add("dir bootflash:", facts.File, "bootflash:/"+file, "810000000"),
		set(facts.BootLoaderVariable, "BOOT", "bootflash:"+file+",1;"), drop(facts.MemoryDigest, "system:memory/text"), set(facts.CompileTime, "", "Fri 25-Aug-23 10:12"),
	}
}

func TestPlanned(t *testing.T) {
	const image = "c8000be.17.12.01.SPA.bin"
	plan := baseline.Plan{
		Number: 7, Ticket: "CHG-7", Devices: []string{"core1"}, From: baseline.PlanState{Version: "17.9.4", Image: "c8000be.17.09.04.SPA.bin"},
		To: baseline.PlanState{Version: "17.12.1", Image: image, Boot: []string{"bootflash:" + image, image}}, Start: now.Add(-time.Hour), End: now.Add(time.Hour),
	}
	judge := func(plan baseline.Plan, edits ...edit) (open, explained []string) {
		c := (row{observed: edits, visits: true}).build(t, settled)
		c.Member, c.Decisions.Plans = baseline.Member{Device: "core1"}, []baseline.Plan{plan}
		profile, _ := BuiltInProfile("core")
		for _, f := range Judge(c, profile) {
			switch {
			case f.Verdict != Fail:
			case f.ExplainedBy != "":
				explained = append(explained, f.Control)
			default:
				open = append(open, f.Control+" "+f.Subject)
			}
		}
		return open, explained
	}
	if open, explained := judge(plan, brought("17.12.1", image)...); len(open) > 0 || len(explained) < 5 {
		t.Errorf("as planned: open %q, explained %q", open, explained)
	}
	for name, edits := range map[string][]edit{
		"another version":        brought("17.12.2", "c8000be.17.12.02.SPA.bin"),
		"a script beside it":     append(brought("17.12.1", image), add("dir bootflash:", facts.File, "bootflash:/x.tcl", "1")),
		"another account":        append(brought("17.12.1", image), line(facts.TopicAccounts, "username evil", facts.TraitAccount)),
		"another serial number":  append(brought("17.12.1", image), set(facts.SerialNumber, "", "FCW0")),
		"SELinux off as well":    append(brought("17.12.1", image), set(facts.IntegritySetting, "selinux current mode", "Permissive")),
		"another image to boot":  append(brought("17.12.1", image), set(facts.BootVariable, "2", "bootflash:evil.bin")),
		"the register was moved": append(brought("17.12.1", image), add("show version", facts.ConfigRegister, "", "0x2142"), add("show version", facts.NextConfigRegister, "", "0x2100")),
	} {
		if open, _ := judge(plan, edits...); len(open) == 0 {
			t.Errorf("%s: the plan explains it", name)
		}
	}
	early, late, other := plan, plan, plan
	early.Start, early.End = now.Add(time.Hour), now.Add(2*time.Hour)
	late.Start, late.End = now.Add(-2*time.Hour), now.Add(-time.Hour)
	other.Devices = []string{"core2"}
	for name, p := range map[string]baseline.Plan{"before the window": early, "after it": late, "another device's": other} {
		if open, explained := judge(p, brought("17.12.1", image)...); len(open) == 0 || len(explained) > 0 {
			t.Errorf("%s: open %q, explained %q", name, open, explained)
		}
	}
	if open, _ := judge(late); !strings.Contains(strings.Join(open, "|"), approvedChanges.Control+" change 7") {
		t.Errorf("not carried out: open %q", open)
	}
	if open, _ := judge(early); len(open) > 0 {
		t.Errorf("nothing done before the window: open %q", open)
	}
	ended := late
	ended.Ended = &baseline.Ending{}
	if open, _ := judge(ended); len(open) > 0 {
		t.Errorf("a plan that was closed: open %q", open)
	}
	// A planned downgrade stays a FAIL.
	down := plan
	down.To = baseline.PlanState{Version: "16.12.1", Image: "c8000be.16.12.01.SPA.bin"}
	if open, explained := judge(down, brought("16.12.1", "c8000be.16.12.01.SPA.bin")...); len(open) > 0 || !strings.Contains(strings.Join(explained, "|"), imageDowngrade.Control) {
		t.Errorf("a planned downgrade: open %q, explained %q", open, explained)
	}
}

func TestPlanChecks(t *testing.T) {
	const image = "c8000be.17.12.01.SPA.bin"
	plan := baseline.Plan{
		Number: 7, Ticket: "CHG-7", Devices: []string{"core1"}, From: baseline.PlanState{Version: "17.9.4", Boot: []string{"c8000be.17.09.04.SPA.bin", "c8000be.17.09.04.SPA.bin"}},
		To: baseline.PlanState{Version: "17.12.1", Image: image, Boot: []string{image, image}}, Start: now.Add(-time.Hour), End: now.Add(time.Hour), Old: "kept",
	}
	plan.From.Image = "c8000be.17.09.04.SPA.bin"
	known := []baseline.KnownImage{{Name: image, Digests: []string{"sha512:44444444444444444444444444444444"}, Size: 810000000, Provenance: baseline.VendorSigned}}
	check := func(after bool, plan baseline.Plan, edits ...edit) map[string]Verdict {
		c := (row{observed: edits, visits: true, known: known}).build(t, settled)
		c.Member, c.Decisions.Plans = baseline.Member{Device: "core1"}, []baseline.Plan{plan}
		profile, _ := BuiltInProfile("core")
		findings := Judge(c, profile)
		rows := PlanBefore(c, plan, findings)
		if after {
			rows = PlanAfter(c, plan, findings)
		}
		verdicts := map[string]Verdict{}
		for _, r := range rows {
			verdicts[r.What] = Worse(verdicts[r.What], r.Verdict)
			if r.Verdict == NotAssessed && r.Reason == "" || r.Why == "" {
				t.Errorf("a row without a reason: %+v", r)
			}
		}
		verdicts["all"] = PlanVerdict(rows)
		return verdicts
	}
	copied := []edit{add("dir bootflash:", facts.File, "bootflash:/"+image, "810000000"), add("verify", facts.ImageDigest, "bootflash:/"+image, "sha512:44444444444444444444444444444444")}
	for name, test := range map[string]struct {
		after bool
		edits []edit
		want  map[string]Verdict
	}{
		"not copied yet, no room":   {edits: []edit{add("dir bootflash:", facts.FreeSpace, "bootflash:", "1000")}, want: map[string]Verdict{"target image": Fail, "space for the image": Fail, "running version": Pass, "boot list": Pass, "all": Fail}},
		"not copied yet, room":      {edits: []edit{add("dir bootflash:", facts.FreeSpace, "bootflash:", "9000000000")}, want: map[string]Verdict{"space for the image": Pass}},
		"another boot list before":  {edits: []edit{set(facts.BootVariable, "1", "bootflash:x.bin")}, want: map[string]Verdict{"boot list": Fail}},
		"copied":                    {edits: copied, want: map[string]Verdict{"target image": Pass, "digest of the image": Pass}},
		"a bad copy":                {edits: []edit{copied[0], add("verify", facts.ImageDigest, "bootflash:/"+image, "sha512:55555555555555555555555555555555")}, want: map[string]Verdict{"digest of the image": Fail}},
		"carried out":               {after: true, edits: append(brought("17.12.1", image), copied[1]), want: map[string]Verdict{"running version": Pass, "running image": Pass, "boot list": Pass, "old image": Pass, "no unexplained finding": Pass, "all": Pass}},
		"the old image was removed": {after: true, edits: append(brought("17.12.1", image), copied[1], drop(facts.File, "bootflash:/c8000be.17.09.04.SPA.bin")), want: map[string]Verdict{"old image": Fail, "all": Fail}},
		"not reloaded":              {after: true, edits: copied, want: map[string]Verdict{"running version": Fail, "all": Fail}},
		"a member was left":         {after: true, edits: append(brought("17.12.1", image), copied[1], add("show version", facts.ComponentVersion, "switch 2", "17.9.4"), add("show version", facts.ComponentRole, "switch 2", "Member")), want: map[string]Verdict{"every member": Fail}},
	} {
		got := check(test.after, plan, test.edits...)
		for what, want := range test.want {
			if got[what] != want {
				t.Errorf("%s: %s is %q, not %s: %v", name, what, got[what], want, got)
			}
		}
	}
	silent := (row{observed: []edit{unreachable(facts.Unreachable)}}).build(t, settled)
	if v := PlanVerdict(PlanAfter(silent, plan, nil)); v != NotAssessed {
		t.Errorf("a device that reloads meanwhile: %s", v)
	}
	late := plan
	late.Start, late.End = now.Add(-2*time.Hour), now.Add(-time.Hour)
	if got := check(true, late, append(brought("17.12.1", image), copied[1])...); got["within the window"] != Fail {
		t.Errorf("outside the window: %v", got)
	}
}

// TestPlannedPackages has a change of packages alone.
func TestPlannedPackages(t *testing.T) {
	const list, smu, old = "show install summary", "bootflash:c8000be.17.09.04.CSCwh87343.SPA.smu.bin", "bootflash:c8000be.17.09.04.CSCwa00001.SPA.smu.bin"
	plan := baseline.Plan{
		Number: 8, Ticket: "CHG-8", Devices: []string{"core1"}, From: baseline.PlanState{Packages: []string{"*CSCwa00001*"}}, To: baseline.PlanState{Packages: []string{"*CSCwh87343*"}},
		Start: now.Add(-time.Hour), End: now.Add(time.Hour),
	}
	had := []edit{add(list, facts.Package, old, "17.09.04")}
	for name, test := range map[string]struct {
		edits               []edit
		before, after, open Verdict // of all rows; open is FAIL where a FAIL is left unexplained
	}{
		"as before":        {had, Pass, Fail, Pass},
		"carried out":      {[]edit{add(list, facts.Package, smu, "17.09.04")}, Fail, Pass, Pass},
		"another package":  {[]edit{add(list, facts.Package, smu, "17.09.04"), add(list, facts.Package, "bootflash:evil.smu.bin", "1")}, Fail, Fail, Fail},
		"a list half read": {[]edit{add(list, facts.Package, smu, "17.09.04"), gapped(facts.Gap{Command: list, Reason: facts.ParseIncomplete, Detail: "line 9", Kinds: []facts.Kind{facts.Package}})}, Fail, NotAssessed, Pass},
		"the old one too":  {append([]edit{add(list, facts.Package, smu, "17.09.04")}, had...), Fail, Fail, Pass},
	} {
		c := (row{approved: had, observed: append([]edit{add(list, facts.Package, "bootflash:other.smu.bin", "2")}, test.edits...), visits: true}).build(t, settled)
		// One package is there before and after, so that the list is never empty.
		c.Approved.Facts = append(c.Approved.Facts, facts.Fact{Kind: facts.Package, Subject: "bootflash:other.smu.bin", Value: "2", Command: list, Line: 1, Tier: facts.E0})
		c.Member, c.Decisions.Plans = baseline.Member{Device: "core1"}, []baseline.Plan{plan}
		profile, _ := BuiltInProfile("core")
		findings := Judge(c, profile)
		verdict := func(rows []ChangeCheck) Verdict {
			worst := Pass
			for _, r := range rows {
				if strings.HasPrefix(r.What, "package ") || r.Verdict == Fail {
					worst = Worse(worst, r.Verdict)
				}
			}
			return worst
		}
		if got := verdict(PlanBefore(c, plan, findings)); got != test.before {
			t.Errorf("%s: before it is %s", name, got)
		}
		if got := verdict(PlanAfter(c, plan, findings)); got != test.after {
			t.Errorf("%s: after it is %s", name, got)
		}
		open := Pass
		for _, f := range findings {
			if f.Control == packageSet.Control && f.Verdict == Fail && f.ExplainedBy == "" {
				open = Fail
			}
		}
		if open != test.open {
			t.Errorf("%s: open is %s", name, open)
		}
	}
}
