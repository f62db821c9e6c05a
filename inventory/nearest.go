package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Suggest ends a message about a platform that there is not.
func (p Platforms) Suggest(name string) string {
	var like []string
	for _, n := range nearest(name, slices.Sorted(maps.Keys(p))) {
		if token := p[n]; !slices.Contains(like, token) {
			like = append(like, token)
		}
	}
	return suggestion(like, slices.Compact(slices.Sorted(maps.Values(p))))
}

// Suggest ends a message about a name that nothing has: with the names like it, or with a few of
// those that there are.
func Suggest(name string, known []string) string { return suggestion(nearest(name, known), known) }

const mostNames = 3 // in a suggestion

func suggestion(like, known []string) string {
	like = like[:min(mostNames, len(like))]
	switch {
	case len(like) > 0:
		return "did you mean " + strings.Join(like, " or ") + "?"
	case len(known) == 0:
		return "there are none"
	case len(known) <= 20:
		return "there are " + strings.Join(known, ", ")
	default:
		return "there are " + strings.Join(known[:mostNames], ", ") + ", …"
	}
}

// nearest returns the names that a person may have meant, the likeliest first.
func nearest(name string, known []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var like []candidate
	wanted := strings.ToLower(name)
	for _, k := range known {
		// A third of the letters may differ: further away it is another word.
		if d := distance(wanted, strings.ToLower(k)); d <= max(1, min(len(wanted), len(k))/3) {
			like = append(like, candidate{k, d})
		}
	}
	slices.SortStableFunc(like, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	names := make([]string, len(like))
	for i, c := range like {
		names[i] = c.name
	}
	return names
}

// distance is how many letters must be put in, left out, replaced or swapped with their neighbour to turn
// a into b (optimal string alignment).
func distance(a, b string) int {
	// A name as long as this is not a typing error of another.
	if len(a) > maxName || len(b) > maxName {
		return maxName
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, above, row = above, row, before
		row[0] = i + 1
		for j := range len(b) {
			replaced := above[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
