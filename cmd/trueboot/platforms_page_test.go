package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/platforms"
)

var updatePages = flag.Bool("update", false, "rewrite the generated pages of docs")

// TestPlatformsPage holds docs/platforms.md against the list of platforms: "go test ./cmd/trueboot -run PlatformsPage -update"
// writes it anew.
func TestPlatformsPage(t *testing.T) {
	const page = "../../docs/platforms.md"
	want := platformsPage()
	if *updatePages {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/platforms.md is not what the list of platforms says (-want +got):\n%s", diff)
	}
}

func platformsPage() string {
	var b strings.Builder
	b.WriteString(`# Platforms

What trueboot speaks. The token is the word in the inventory, in captures, in reports and in flags; the inventory also takes the
names that other tools use. "trueboot platforms --commands TOKEN" prints all that may ever be typed on a device of the platform.
This page is generated from the list of platforms; a test holds that it is up to date.

| token | what it is | over | also called |
|---|---|---|---|
`)
	for _, p := range platforms.All {
		over := []string{"SSH"}
		if len(p.Queries[collectors.NETCONF]) > 0 {
			over = append(over, "NETCONF")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, p.Title, strings.Join(over, ", "), strings.Join(p.Aliases, ", "))
	}
	b.WriteString(`
## What a platform can't state

Controls that need one of these are NOT-ASSESSED with the reason platform-has-none. Such a control is not required, unless the
profile is strict; the risk stays.
`)
	for _, p := range platforms.All {
		if len(p.HasNone) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n", p.Title)
		for _, kind := range slices.Sorted(maps.Keys(p.HasNone)) {
			fmt.Fprintf(&b, "- %s: %s.\n", kind, p.HasNone[kind])
		}
	}
	return b.String()
}
