package platforms

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/facts"
)

var update = flag.Bool("update", false, "rewrite the golden facts of every capture in testdata")

// captures are a platform's captures in testdata.
func captures(t testing.TB, p collectors.Platform) map[string]*capture.Transcript {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join("../../testdata", p.Name, "*"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*capture.Transcript{}
	for _, folder := range folders {
		if all[filepath.Base(folder)], err = capture.Load(folder); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestGolden reads every capture in testdata and compares the facts and gaps with the
// golden ones in testdata/facts. It finds captures by their place: testdata/PLATFORM/NAME.
func TestGolden(t *testing.T) {
	for _, p := range All {
		found := captures(t, p)
		if len(found) < 3 {
			t.Errorf("%s has %d captures in testdata; it wants a good one, a changed one and one with refused commands", p.Name, len(found))
		}
		for name, transcript := range found {
			t.Run(p.Name+"/"+name, func(t *testing.T) {
				set := collectors.Collect(t.Context(), p, transcript.Sessions()...)
				var got bytes.Buffer
				lines := json.NewEncoder(&got)
				lines.SetEscapeHTML(false)
				slices.SortStableFunc(set.Facts, facts.Compare)
				for _, f := range set.Facts {
					if err := lines.Encode(f); err != nil {
						t.Fatal(err)
					}
				}
				for _, g := range set.Gaps {
					g.Kinds = nil // they follow from the command
					if err := lines.Encode(map[string]facts.Gap{"gap": g}); err != nil {
						t.Fatal(err)
					}
				}
				golden := filepath.Join("../../testdata/facts", p.Name, name+".jsonl")
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got.String()); diff != "" {
					t.Errorf("facts (-want +got), \"go test ./collectors/platforms -run Golden -update\" rewrites them:\n%s", diff)
				}
			})
		}
	}
}
