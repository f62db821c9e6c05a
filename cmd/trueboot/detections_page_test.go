package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/alerts/chain"
	"trueboot/alerts/seed"
)

// TestDetectionsPage holds docs/detections.md to the queries and the rules: every text that the two queries look for is covered, by rules and chains that
// there are. With -update the page is written anew.
func TestDetectionsPage(t *testing.T) {
	rules, err := loadRules("")
	if err != nil {
		t.Fatal(err)
	}
	chains := []string{"P13", "P14"}
	for _, c := range chain.Chains {
		chains = append(chains, c.ID)
	}
	covered := map[string]bool{}
	for _, c := range seed.Covers {
		for _, n := range c.Needles {
			covered[n] = true
		}
		for _, id := range c.Rules {
			if rules.ByID(id) == nil {
				t.Errorf("%q: there is no rule %s", c.Needles, id)
			}
		}
		for _, id := range c.Chains {
			if !slices.Contains(chains, id) {
				t.Errorf("%q: there is no chain %s", c.Needles, id)
			}
		}
	}
	for _, n := range seed.Needles() {
		if !covered[n] {
			t.Errorf("%q of a query is covered by nothing", n)
		}
	}

	var b bytes.Buffer
	code := func(words []string) string {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "`" + w + "`"
		}
		return strings.Join(quoted, ", ")
	}
	fmt.Fprint(&b, `# Detections

The project began from two documents that describe detections of T1601 (Modify System Image) and T1601.002 (Downgrade System Image) as queries for a
SIEM. `+"`trueboot detect --profile seed`"+` runs them exactly as they are written. Over 4,755 real lines of network devices the first raises no alert, and the second
scores three lines, none of them about an image. This page says what became of every text that they look for: which rules class it natively
(`+"`trueboot rules list`"+`), which chains they add up to, and what was wrong with it. It is generated from the queries and the rules, and a test holds it to them.

## What the queries look for

| text | rules | chains | what was wrong |
|---|---|---|---|
`)
	for _, c := range seed.Covers {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", code(c.Needles), code(c.Rules), strings.Join(c.Chains, ", "), c.Wrong)
	}
	fmt.Fprint(&b, "\n## Query A, leg by leg\n\n")
	for _, leg := range seed.QueryA {
		fmt.Fprintf(&b, "**%s**, table %s\n\n", leg.ID, leg.Table)
		for _, f := range leg.Filters {
			fmt.Fprintf(&b, "    where %s\n", f)
		}
		fmt.Fprintln(&b)
	}
	fmt.Fprint(&b, "## Query B\n\n")
	for _, f := range seed.QueryB {
		fmt.Fprintf(&b, "    where %s\n", f)
	}
	fmt.Fprint(&b, "\n## What the documents say besides\n\n| | | answer |\n|---|---|---|\n")
	for _, c := range seed.Claims {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Kind, c.Claim, c.Answer)
	}
	fmt.Fprint(&b, "\n## Chains\n\nA session of a device is the gravest of these that it is. P13 (from a host that was made ready to a device) and P14 (the same file or account on many devices) are about several.\n\n| id | | severity | a visit looks at | ATT&CK |\n|---|---|---|---|---|\n")
	for _, c := range chain.Chains {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.ID, c.Title, c.Severity, c.Visit, strings.Join(c.Attack, " "))
	}
	fmt.Fprintf(&b, "\n## Rules\n\n%d rules.\n\n| id | stage | weight | ATT&CK | not an attack |\n|---|---|---|---|---|\n", len(rules.All))
	for _, r := range rules.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.ID, r.Stage, r.Weight, strings.Join(r.Attack(), " "), strings.Join(r.FalsePositives, "; "))
	}

	const page = "../../docs/detections.md"
	if *updatePages {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), b.String()); diff != "" {
		t.Errorf("docs/detections.md is not what the queries and rules say; write it anew with -update (-page +now):\n%s", diff)
	}
}
