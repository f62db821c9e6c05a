package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// suggest ends a message about a name that nothing has: with the names like it, or with a few of
// those that there are.
func suggest(name string, known []string) string {
	const most = 3
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
	names := make([]string, 0, most)
	for _, c := range like[:min(most, len(like))] {
		names = append(names, c.name)
	}
	switch {
	case len(names) > 0:
		return "did you mean " + strings.Join(names, " or ") + "?"
	case len(known) == 0:
		return "there are none"
	case len(known) <= 20:
		return "there are " + strings.Join(known, ", ")
	default:
		return "there are " + strings.Join(known[:most], ", ") + ", …"
	}
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
