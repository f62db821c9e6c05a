package platforms

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"trueboot/facts"
)

const versionsDir = "../../testdata/versions"

// minPairs is how many pairs a platform's file must hold.
const minPairs = 60

type pair struct {
	a, b string
	want facts.Order
}

func readPairs(t *testing.T, path string) []pair {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	orders := map[string]facts.Order{" < ": facts.Older, " = ": facts.Same, " ? ": facts.Incomparable}
	var pairs []pair
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found := false
		for sign, order := range orders {
			if a, b, ok := strings.Cut(line, sign); ok {
				pairs = append(pairs, pair{strings.TrimSpace(a), strings.TrimSpace(b), order})
				found = true
			}
		}
		if !found {
			t.Fatalf("%s:%d: no pair: %q", path, n, line)
		}
	}
	return pairs
}

func opposite(o facts.Order) facts.Order {
	switch o {
	case facts.Older:
		return facts.Newer
	case facts.Newer:
		return facts.Older
	}
	return o
}

// TestVersionOrder holds each platform's order against its file of pairs, in both directions, and against
// itself: whatever a < b and b < c say about a and c must not be a > c.
func TestVersionOrder(t *testing.T) {
	for _, p := range All {
		t.Run(p.Name, func(t *testing.T) {
			pairs := readPairs(t, filepath.Join(versionsDir, p.Name+".txt"))
			if len(pairs) < minPairs {
				t.Errorf("%d pairs, want at least %d", len(pairs), minPairs)
			}
			var all []string
			for _, v := range pairs {
				all = append(all, v.a, v.b)
				for _, d := range []pair{v, {v.b, v.a, opposite(v.want)}} {
					got, why := p.Order(d.a, d.b)
					if got != d.want {
						t.Errorf("%s to %s: %s, want %s", d.a, d.b, got, d.want)
					}
					if got == facts.Incomparable && why == "" {
						t.Errorf("%s to %s: not comparable, and no reason", d.a, d.b)
					}
				}
			}
			checkOrder(t, p.Order, all)
		})
	}
}

// checkOrder tries all pairs and triples: antisymmetry, reflexivity and transitivity.
func checkOrder(t *testing.T, order facts.VersionOrder, all []string) {
	t.Helper()
	table := make(map[[2]string]facts.Order, len(all)*len(all))
	for _, a := range all {
		for _, b := range all {
			table[[2]string{a, b}], _ = order(a, b)
		}
	}
	for _, a := range all {
		if got := table[[2]string{a, a}]; got != facts.Same {
			t.Fatalf("%s to itself: %s", a, got)
		}
		for _, b := range all {
			ab := table[[2]string{a, b}]
			if ba := table[[2]string{b, a}]; ba != opposite(ab) {
				t.Fatalf("%s to %s: %s, and back: %s", a, b, ab, ba)
			}
			if ab != facts.Older {
				continue
			}
			for _, c := range all {
				bc, ac := table[[2]string{b, c}], table[[2]string{a, c}]
				if bc == facts.Older && ac != facts.Older && ac != facts.Incomparable {
					t.Fatalf("%s < %s < %s, but the first to the last: %s", a, b, c, ac)
				}
			}
		}
	}
}

// TestVersionOrderOfGenerated tries the same laws on versions that nobody wrote down.
func TestVersionOrderOfGenerated(t *testing.T) {
	for _, p := range All {
		t.Run(p.Name, func(t *testing.T) {
			pairs := readPairs(t, filepath.Join(versionsDir, p.Name+".txt"))
			var seeds []string
			for _, v := range pairs {
				seeds = append(seeds, v.a, v.b)
			}
			rapid.Check(t, func(rt *rapid.T) {
				// A known version with some digits changed keeps to the grammar most of the time.
				mutate := rapid.Custom(func(rt *rapid.T) string {
					text := []byte(rapid.SampledFrom(seeds).Draw(rt, "seed"))
					for i, c := range text {
						if c >= '0' && c <= '9' && rapid.IntRange(0, 4).Draw(rt, "change") == 0 {
							text[i] = byte('0' + rapid.IntRange(0, 9).Draw(rt, "digit"))
						}
					}
					return string(text)
				})
				a, b, c := mutate.Draw(rt, "a"), mutate.Draw(rt, "b"), mutate.Draw(rt, "c")
				if aa, _ := p.Order(a, a); aa != facts.Same {
					rt.Fatalf("%s to itself: %s", a, aa)
				}
				ab, why := p.Order(a, b)
				if ab == facts.Incomparable && why == "" {
					rt.Fatalf("%s to %s: not comparable, and no reason", a, b)
				}
				ba, _ := p.Order(b, a)
				if ba != opposite(ab) {
					rt.Fatalf("%s to %s: %s, and back: %s", a, b, ab, ba)
				}
				bc, _ := p.Order(b, c)
				ac, _ := p.Order(a, c)
				if ab == facts.Older && bc == facts.Older && ac != facts.Older && ac != facts.Incomparable {
					rt.Fatalf("%s < %s < %s, but the first to the last: %s", a, b, c, ac)
				}
			})
		})
	}
}
