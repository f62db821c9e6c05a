package sweep

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
	"trueboot/history"
)

const budgetFile = "flash:c2900.bin"

// hashedVisit is a visit that had the image hashed, or that leant on an earlier one.
func hashedVisit(at time.Time, origin string) *history.Visit {
	up := int64(at.Sub(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) / time.Second)
	set := facts.Set{Device: "core1", Time: at, Facts: []facts.Fact{
		{Kind: facts.RunningVersion, Value: "15.7(3)M8", Command: "show version"},
		{Kind: facts.RunningImage, Value: "flash:/c2900.bin", Command: "show version"},
		{Kind: facts.Uptime, Value: fmt.Sprint(up), Command: "show version"},
		{Kind: facts.BootVariable, Subject: "1", Value: budgetFile, Command: "show boot"},
		{Kind: facts.File, Subject: "flash:/c2900.bin", Value: "97794040", Command: "dir flash:"},
		{Kind: facts.FileTime, Subject: "flash:/c2900.bin", Value: "Jan 2 2026", Command: "dir flash:"},
		{Kind: facts.ImageDigest, Subject: budgetFile, Value: "md5:aa", Command: "verify /md5 " + budgetFile, Origin: origin},
		{Kind: facts.ImageDigest, Subject: budgetFile, Value: "sha512:bb", Command: "verify /sha512 " + budgetFile, Origin: origin},
	}}
	return &history.Visit{Device: "core1", Run: "12", Set: set}
}

func TestBudget(t *testing.T) {
	night := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	weak := collectors.Query{Commands: []string{"verify /md5 {file}"}, Yields: []facts.Kind{facts.ImageDigest}, Hash: true}
	set := func(kind facts.Kind, value string) func(*facts.Set) {
		return func(s *facts.Set) {
			for i := range s.Facts {
				if s.Facts[i].Kind == kind {
					s.Facts[i].Value = value
				}
			}
		}
	}
	drop := func(kind facts.Kind) func(*facts.Set) {
		return func(s *facts.Set) {
			kept := s.Facts[:0]
			for _, f := range s.Facts {
				if f.Kind != kind {
					kept = append(kept, f)
				}
			}
			s.Facts = kept
		}
	}
	nothing := func(*facts.Set) {}
	for _, test := range []struct {
		name   string
		now    func(*facts.Set)
		later  time.Duration
		chance float64
		origin string
		leans  string // on which run; empty: hashed
	}{
		{"nothing moved", nothing, 24 * time.Hour, 0.9, "", "run 12 of 2026-11-20T02:00:00Z"},
		{"leans on what that visit leant on", nothing, 24 * time.Hour, 0.9, "run 9 of 2026-11-18T02:00:00Z", "run 9 of 2026-11-18T02:00:00Z"},
		{"its turn came", nothing, 24 * time.Hour, 0.01, "", ""},
		{"the latest day", nothing, 7 * 24 * time.Hour, 0.999, "", ""},
		{"the latest day of what that visit leant on", nothing, 24 * time.Hour, 0.999, "run 9 of 2026-11-14T02:00:00Z", ""},
		{"another size", set(facts.File, "97794041"), 24 * time.Hour, 0.9, "", ""},
		{"another date", set(facts.FileTime, "Jan 3 2026"), 24 * time.Hour, 0.9, "", ""},
		{"no date is stated", drop(facts.FileTime), 24 * time.Hour, 0.9, "", ""},
		{"no version is stated", drop(facts.RunningVersion), 24 * time.Hour, 0.9, "", ""},
		{"the file is not listed", drop(facts.File), 24 * time.Hour, 0.9, "", ""},
		{"another version", set(facts.RunningVersion, "15.7(3)M9"), 24 * time.Hour, 0.9, "", ""},
		{"another boot list", set(facts.BootVariable, "flash:x.bin"), 24 * time.Hour, 0.9, "", ""},
		{"it was booted", set(facts.Uptime, "600"), 24 * time.Hour, 0.9, "", ""},
		{"the time of the boot is not known", drop(facts.Uptime), 24 * time.Hour, 0.9, "", ""},
		{"a gap longer than the time in which its turn comes", nothing, 8 * 24 * time.Hour, 0.999, "", ""},
		{"the clock went back", nothing, -time.Hour, 0.999, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			last := hashedVisit(night, test.origin)
			b := &Budget{Within: 7 * 24 * time.Hour, Last: func(string) (*history.Visit, error) { return last, nil }, Chance: func() float64 { return test.chance }}
			at := night.Add(test.later)
			now := hashedVisit(at, "").Set
			drop(facts.ImageDigest)(&now)
			test.now(&now)
			lean, err := b.lean("core1", at)
			if err != nil {
				t.Fatal(err)
			}
			got := lean(&now, weak, budgetFile)
			switch {
			case test.leans == "" && len(got) > 0:
				t.Errorf("leans on %+v", got)
			case test.leans != "" && (len(got) != 1 || got[0].Origin != test.leans || got[0].Value != "md5:aa"):
				t.Errorf("got %+v", got)
			}
		})
	}
	first := &Budget{Within: time.Hour, Last: func(string) (*history.Visit, error) { return nil, nil }}
	if lean, err := first.lean("core1", night); lean != nil || err != nil {
		t.Errorf("at the first visit there is nothing to lean on: %v", err)
	}
	var none *Budget
	if lean, err := none.lean("core1", night); lean != nil || err != nil {
		t.Errorf("without a budget: %v", err)
	}
}

// TestRota holds that with a visit every night each file is hashed within the days, and not always on the same one.
func TestRota(t *testing.T) {
	const days = 7
	began := time.Date(2026, 11, 1, 2, 0, 0, 0, time.UTC)
	b := &Budget{Within: days * 24 * time.Hour}
	after := map[int]int{}
	for range 2000 {
		for night := 1; ; night++ {
			now := began.AddDate(0, 0, night)
			if b.due(began, now.AddDate(0, 0, -1), now) {
				after[night]++
				break
			}
			if night > days {
				t.Fatal("a file was not hashed in time")
			}
		}
	}
	for night := 1; night <= days; night++ {
		if n := after[night]; n < 150 || n > 450 { // 2000 over 7 nights are 286 each
			t.Errorf("night %d: %d of 2000", night, n)
		}
	}
}

// TestLent holds that a query gets what it would yield and nothing else.
func TestLent(t *testing.T) {
	last := hashedVisit(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC), "")
	last.Set.Facts = append(last.Set.Facts, facts.Fact{Kind: facts.EmbeddedDigest, Subject: budgetFile, Value: "sha512:cc", Command: "verify " + budgetFile})
	for command, want := range map[string]string{
		"verify /md5 {file}": "md5:aa", "verify /sha512 {file}": "sha512:bb", "verify /md5 {file} {nonce}": "md5:aa", "show md5 file {file}": "",
	} {
		var got []string
		for _, f := range lent(last, collectors.Query{Commands: []string{command}, Yields: []facts.Kind{facts.ImageDigest, facts.DigestChallenge}}, budgetFile) {
			got = append(got, f.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q", command, got)
		}
	}
	if got := lent(last, collectors.Query{Commands: []string{"verify {file}"}, Yields: []facts.Kind{facts.EmbeddedDigest}}, budgetFile); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
