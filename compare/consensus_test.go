package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func fleetOf(t *testing.T, n int, odd ...edit) *Fleet {
	t.Helper()
	fleet := new(Fleet)
	for i := range n {
		var edits []edit
		if i == 0 {
			edits = odd
		}
		set := visited(t, router, now, edits...)
		set.Device = fmt.Sprintf("edge%d", i+1)
		fleet.Add(baseline.Member{Device: set.Device, Platform: "cisco_ios", Models: []string{"C8000"}, Site: "ams"}, set)
	}
	return fleet
}

func TestConsensus(t *testing.T) {
	const file = "flash:c8000be-universalk9.17.06.05.SPA.bin"
	for _, test := range []struct {
		name  string
		fleet *Fleet
		want  []string // of the first device
		says  string
		rest  Verdict
	}{
		{"all alike", fleetOf(t, 3), []string{"PASS E0"}, "2 values as on most of 3 devices like it", Pass},
		{"two alone", fleetOf(t, 2), []string{"NOT-ASSESSED no-baseline"}, "no consensus: of this run's devices 2 are alike", NotAssessed},
		{"another digest", fleetOf(t, 4, set(facts.ImageDigest, file, "md5:ffffffffffffffffffffffffffffffff")), []string{"FAIL critical " + file},
			`3 of 4 devices like it state "md5:0123456789abcdef0123"…: "edge2", "edge3", "edge4"`, Pass},
		{"another size", fleetOf(t, 3, set(facts.File, file, "97794041")), []string{"FAIL high " + file}, `"97794041"; 2 of 3`, Pass},
		{"another memory digest", func() *Fleet {
			fleet := new(Fleet)
			for i, digest := range []string{"md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "md5:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "md5:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"} {
				set := visited(t, router, now, add("verify /md5 system:memory/text", facts.MemoryDigest, "text", digest))
				set.Device = fmt.Sprintf("edge%d", i+1)
				fleet.Add(baseline.Member{Device: set.Device, Platform: "cisco_ios"}, set)
			}
			return fleet
		}(), []string{"FAIL high text"}, "memory digest", Pass},
		{"a package more", func() *Fleet {
			fleet := fleetOf(t, 0)
			for i := range 3 {
				edits := []edit{add("show install summary", facts.Package, "IMG", "17.6.5")}
				if i == 0 {
					edits = append(edits, add("show install summary", facts.Package, "SMU", "CSCxx"))
				}
				set := visited(t, router, now, edits...)
				set.Device = fmt.Sprintf("edge%d", i+1)
				fleet.Add(baseline.Member{Device: set.Device, Platform: "cisco_ios"}, set)
			}
			return fleet
		}(), []string{"FAIL medium IMG"}, `packages is "2 packages (`, Pass},
		{"another version is another group", fleetOf(t, 4, set(facts.RunningVersion, "", "17.9.4a")), []string{"NOT-ASSESSED no-baseline"}, "of this run's devices 1 are alike", Pass},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.fleet.Judge(baseline.Decisions{}, now)
			var got, says []string
			for _, f := range c.Findings {
				if f.Control != "NDI-XC-01" || f.Rule != "fleet-consensus" || f.Expected != nil && f.Expected.Provenance != baseline.Twin {
					t.Errorf("%+v", f)
				}
				if f.Device != "edge1" {
					if f.Verdict != test.rest {
						t.Errorf("%s: %s %s", f.Device, f.Verdict, f.Message)
					}
					continue
				}
				got, says = append(got, outcome(f)), append(says, f.Message)
			}
			if !slices.Equal(got, test.want) || !strings.Contains(strings.Join(says, "\n"), test.says) {
				t.Errorf("%q, %q", got, says)
			}
		})
	}
}

// TestNoMajority holds that two halves have no consensus: neither is odd.
func TestNoMajority(t *testing.T) {
	fleet := new(Fleet)
	for i := range 4 {
		set := visited(t, router, now, set(facts.ImageDigest, "flash:c8000be-universalk9.17.06.05.SPA.bin", "md5:"+strings.Repeat(fmt.Sprint(i/2), 32)))
		set.Device = fmt.Sprint("edge", i)
		fleet.Add(baseline.Member{Device: set.Device}, set)
	}
	c := fleet.Judge(baseline.Decisions{}, now)
	if len(c.Odd()) > 0 || len(c.Findings) != 4 || c.Findings[0].Reason != facts.NotComparable || !strings.Contains(c.Findings[0].Message, "2 values among 4 devices") {
		t.Errorf("%+v", c)
	}
}

// TestConsensusWaived holds that waivers bear what the fleet finds too.
func TestConsensusWaived(t *testing.T) {
	fleet := fleetOf(t, 3, set(facts.File, "flash:c8000be-universalk9.17.06.05.SPA.bin", "5"))
	w := baseline.Waiver{Number: 1, Control: "NDI-XC-01", Verdict: "FAIL", Scope: baseline.Scope{Site: "ams"}, Owner: "o", Ticket: "t", Expires: now.AddDate(0, 0, 1)}
	c := fleet.Judge(baseline.Decisions{Waivers: []baseline.Waiver{w}}, now)
	if odd := c.Odd(); len(odd) != 1 || odd[0].Open() {
		t.Errorf("%+v", odd)
	}
}

// TestConsensusIgnoresOrder holds that the order of the visits changes nothing.
func TestConsensusIgnoresOrder(t *testing.T) {
	texts := map[string]bool{}
	for _, order := range [][]int{{1, 2, 3, 4}, {4, 3, 2, 1}, {2, 4, 1, 3}} {
		fleet := new(Fleet)
		for _, i := range order {
			set := visited(t, router, now, set(facts.File, "flash:c8000be-universalk9.17.06.05.SPA.bin", fmt.Sprint(i/4)))
			set.Device = fmt.Sprint("edge", i)
			fleet.Add(baseline.Member{Device: set.Device}, set)
		}
		var text string
		for _, f := range fleet.Judge(baseline.Decisions{}, now).Findings {
			text += f.Device + " " + outcome(f) + " " + f.Message + "\n"
		}
		texts[text] = true
	}
	if len(texts) != 1 {
		t.Errorf("%d results: %v", len(texts), texts)
	}
}
