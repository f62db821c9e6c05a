// Package known says which image a digest belongs to: it keeps what vendors and the user publish about image files, by digest and
// by name.
//
// A list of digests is read by a reader of this package (Cisco's bulk hash file and Known Good Values, checksum lists of all
// common forms, tables as CSV) or made from image files. Each row is an [Image]; each file that was imported is a [Source], which says
// how far its rows can be trusted. Nothing in it is a judgement: that is compare's, which gets what is known about one device as
// plain data.
package known

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
	"trueboot/baseline/hasher"
)

// An Image is one row of a source: an image file, a package of one, or a boot loader.
type Image struct {
	Name    string   `json:"name"`           // file name without folders, as the source spells it; "" where the source names none
	Size    int64    `json:"size,omitempty"` // bytes; 0 where the source does not say
	Digests []Digest `json:"digests"`
	Vendor  string   `json:"vendor,omitempty"`  // "Cisco"
	Product string   `json:"product,omitempty"` // "C2900", "Catalyst 9000": as the source spells it
	Version string   `json:"version,omitempty"`
	Kind    string   `json:"kind,omitempty"`   // "osimage", "boot0", "blr", "package"; "" where the source does not tell
	Bundle  string   `json:"bundle,omitempty"` // the file that a package came in
	Status  string   `json:"status,omitempty"` // the vendor's word: "active", "deprecated"
	Line    int      `json:"line,omitempty"`   // of the source; 0 for an image file
}

// Withdrawn reports whether the vendor took the image back.
func (i Image) Withdrawn() bool {
	switch strings.ToLower(i.Status) {
	case "deprecated", "deferred", "withdrawn", "removed", "obsolete", "recalled":
		return true
	}
	return false
}

// A Digest is the digest of a whole file.
type Digest = hasher.Digest

// lengths are the digests that are told apart by their length, in hexadecimal digits.
var lengths = map[string]int{"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}

// algorithmOf is the algorithm of a digest of that many hexadecimal digits, "" if there is none.
func algorithmOf(digits int) string {
	for name, n := range lengths {
		if n == digits {
			return name
		}
	}
	return ""
}

// ParseDigest reads "sha512:<hex>", or hexadecimal digits alone, whose number then tells the algorithm. Letters may be of either
// case, and bytes may be set apart by blanks or colons as vendors print them.
func ParseDigest(text string) (Digest, error) {
	text = strings.TrimSpace(text)
	var label string
	if before, after, ok := strings.Cut(text, ":"); ok && algorithmName(before) != "" {
		label, text = algorithmName(before), after
	}
	if strings.ContainsAny(text, " :") {
		text = apart.Replace(text)
	}
	value := strings.ToLower(text)
	if strings.Trim(value, "0123456789abcdef") != "" || value == "" {
		return Digest{}, fmt.Errorf("%.40q is not hexadecimal", text)
	}
	algorithm := algorithmOf(len(value))
	switch {
	case algorithm == "":
		return Digest{}, fmt.Errorf("%d hexadecimal digits: no digest has so many (MD5 32, SHA-1 40, SHA-256 64, SHA-384 96, SHA-512 128)", len(value))
	case label != "" && label != algorithm:
		return Digest{}, fmt.Errorf("%d hexadecimal digits are those of %s, and it is called %s", len(value), algorithm, label)
	}
	return Digest{Algorithm: algorithm, Value: value}, nil
}

// apart is what vendors print between the bytes of a digest.
var apart = strings.NewReplacer(" ", "", ":", "")

// algorithmName is the name that this package uses for what a vendor calls "SHA-512", "Sha512 Checksum" or "MD5"; "" when it is none.
func algorithmName(text string) string {
	name := strings.NewReplacer("-", "", "_", "", " ", "", "checksum", "", "hash", "", "digest", "", "sum", "", "/", "").Replace(strings.ToLower(strings.TrimSpace(text)))
	if _, ok := lengths[name]; ok {
		return name
	}
	return ""
}

// baseName is the file name of a path as devices and file systems write it: flash:/a/b.bin, C:\images\b.bin, ./b.bin.
func baseName(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	name = path.Base(name)
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if name == "." || name == "/" {
		return ""
	}
	return name
}

// A Source is one file that was imported.
type Source struct {
	Number     int                 `json:"number"` // 1, 2, …
	File       string              `json:"file"`   // as it was named
	SHA256     string              `json:"sha256"` // of the file, or of the names and digests of a folder
	Format     string              `json:"format"`
	Provenance baseline.Provenance `json:"provenance"`
	Vouched    string              `json:"vouched,omitempty"` // who signed it, and which root stands behind: or that nobody did
	Published  time.Time           `json:"published,omitzero"`
	By         string              `json:"by"`
	At         time.Time           `json:"at"`
	Note       string              `json:"note,omitempty"`
	Images     int                 `json:"images"`
	Problems   int                 `json:"problems,omitempty"` // rows that were left out
	Retired    string              `json:"retired,omitempty"`  // why its rows count no more
}

// A Match is an image and the source that vouches for it.
type Match struct {
	Image
	Source Source
}

// trust ranks provenances, the strongest first.
var trust = []baseline.Provenance{baseline.VendorSigned, baseline.VendorPage, baseline.OwnImage, baseline.Twin, baseline.FirstSeen}

// ByTrust orders matches: the best vouched for first.
func ByTrust(a, b Match) int {
	return cmp.Compare(slices.Index(trust, a.Source.Provenance), slices.Index(trust, b.Source.Provenance))
}

// Agrees reports whether the image has one of the digests, in an algorithm that both have, and differs in none.
func (i Image) Agrees(digests []Digest) bool {
	same := false
	for _, mine := range i.Digests {
		for _, other := range digests {
			if mine.Algorithm == other.Algorithm {
				if mine.Value != other.Value {
					return false
				}
				same = true
			}
		}
	}
	return same
}
