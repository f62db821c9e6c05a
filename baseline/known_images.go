package baseline

import (
	"strings"
	"time"
)

// A KnownImage is what one source publishes about an image, as far as a judgement needs it (baseline/known).
type KnownImage struct {
	Name       string // file name without folders; "" where the source names none
	Size       int64  // bytes; 0 where the source does not say
	Digests    []string
	Title      string // vendor, product and version, for people; may be empty
	Version    string
	Bundle     string // the file that a package came in; empty for a whole image
	Withdrawn  bool   // by its vendor
	Provenance Provenance
	Source     string    // which source, in words
	Since      time.Time // when it was imported
}

// KnownImages is what is known about the digests and the file names that one visit states: by digest ("sha512:<hex>") and by name in lower
// case, the best vouched for first. Nil knows nothing.
type KnownImages struct {
	ByDigest, ByName map[string][]KnownImage
}

// Digest returns the images of a digest.
func (k *KnownImages) Digest(digest string) []KnownImage {
	if k == nil {
		return nil
	}
	return k.ByDigest[strings.ToLower(digest)]
}

// Named returns the images of a file name, whatever its case.
func (k *KnownImages) Named(name string) []KnownImage {
	if k == nil {
		return nil
	}
	return k.ByName[strings.ToLower(name)]
}
