package compare

import (
	"cmp"
	"slices"
	"strings"

	"trueboot/facts"
)

// approvedImages returns the image files and partitions that the approval names, each once, as it
// spells them: what ran, what the active processor was to boot, and all of which a digest
// was taken (in install mode the packages behind a packages.conf). The slice is not to be changed.
func (j *judgement) approvedImages() []string {
	if j.images != nil {
		return j.images
	}
	var paths []string
	seen := map[string]bool{}
	add := func(path string) {
		if c := j.paths.canonical(path); path != "" && !remote(path) && !j.wholeSystem(path) && !seen[c] {
			seen[c] = true
			paths = append(paths, path)
		}
	}
	for _, f := range j.approved.all(facts.RunningImage) {
		add(f.Value)
	}
	lists, _ := j.approved.bootLists()
	active := j.approved.activeProcessor(lists)
	for _, l := range lists {
		if l.processor == active {
			for _, path := range l.values() {
				add(path)
			}
		}
	}
	for _, f := range j.approved.all(facts.ImageDigest) {
		add(f.Subject)
	}
	j.images = slices.Clip(paths)
	return j.images
}

// algorithms of digests, strongest first.
var algorithms = []string{"sha512", "sha384", "sha256", "sha1", "md5"}

// A digest is one statement of a file's digest.
type digest struct {
	algorithm, value string
	fact             facts.Fact
}

// digests returns what the visit says of one kind about a file, strongest algorithm first.
func (v *visit) digests(kind facts.Kind, path string) []digest {
	var found []digest
	for _, f := range v.aboutFile(kind, path) {
		if algorithm, value, ok := strings.Cut(f.Value, ":"); ok {
			found = append(found, digest{strings.ToLower(algorithm), strings.ToLower(value), f})
		}
	}
	slices.SortStableFunc(found, func(a, b digest) int { return cmp.Compare(strength(a.algorithm), strength(b.algorithm)) })
	return found
}

// strength ranks an algorithm: 0 is the strongest.
func strength(algorithm string) int {
	if i := slices.Index(algorithms, algorithm); i >= 0 {
		return i
	}
	return len(algorithms)
}

func hasAlgorithm(all []digest, algorithm string) bool {
	return slices.ContainsFunc(all, func(d digest) bool { return d.algorithm == algorithm })
}

// short shows the beginning of a digest, enough to tell two apart by eye.
func short(value string) string {
	const shown = 24
	if len(value) > shown {
		return quote(value[:shown]) + "…"
	}
	return quote(value)
}
