package known

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"trueboot/baseline"
)

// kgv reads Cisco's Known Good Values, a document of JSON of which three forms are in use (vendors.md, section 6.2). It is read as a
// stream of tokens, one image at a time: a document has hundreds of megabytes.
//
//	{"header":{"timestamp":"2023-05-01T…","version":"2.0",…},
//	 "bulkHash":[{"filename":"cat9k_iosxe.17.09.03.SPA.bin","dtype":"osimage","platform":"C9300","md5":"…","sha512":"…","biv_hash":"…","pkg":[{"filename":"…","sha1":"…"}]}]}
//	{"products":[{"product":"…","osImageVersions":[{"version":"…","entries":[{"biv_hash":"…","filename":"…","md5":"…"}]}],"bootLoaderVersions":[…],"boot0Versions":[…]}]}
//	{"platforms":[{"platform":"…",…}]}
type kgv struct {
	d         *json.Decoder
	from      *allowance
	began     bool
	published time.Time
	version   string
	pending   []Image
	in        string // the list that is being read: "bulkHash", "products", "platforms"
	row       int
}

func newKGV(r io.Reader) *kgv {
	from := &allowance{r: r, left: longestElement}
	return &kgv{d: json.NewDecoder(from), from: from}
}

// longestElement bounds what one element of a list may take in memory. Real ones, with all packages of an image, have some 100 KB; a
// product of the older form some MB.
const longestElement = 64 << 20

// An allowance is a reader that gives so many bytes and no more, until it is given more.
type allowance struct {
	r    io.Reader
	left int
}

var errLongElement = fmt.Errorf("an element of more than %d bytes", longestElement)

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errLongElement
	}
	n, err := a.r.Read(p[:min(len(p), a.left)])
	a.left -= n
	return n, err
}

// maxPending bounds what one element of a document may hold.
const maxPending = 1 << 20

func (k *kgv) Next() (Image, error) {
	for {
		if len(k.pending) > 0 {
			image := k.pending[0]
			k.pending = k.pending[1:]
			return image, nil
		}
		if err := k.more(); err != nil {
			return Image{}, err
		}
	}
}

// more reads on to the next element of a list of images.
func (k *kgv) more() error {
	if !k.began {
		if err := k.open('{'); err != nil {
			return fmt.Errorf("not a document of Known Good Values: %w", err)
		}
		k.began = true
	}
	if k.in != "" {
		if k.d.More() {
			return k.element()
		}
		if _, err := k.d.Token(); err != nil {
			return k.wrong(err)
		}
		k.in = ""
	}
	for k.d.More() {
		token, err := k.d.Token()
		if err != nil {
			return k.wrong(err)
		}
		switch name, _ := token.(string); name {
		case "header":
			var header struct{ Timestamp, Version string }
			if err := k.d.Decode(&header); err != nil {
				return k.wrong(err)
			}
			k.version = header.Version
			k.published = timestamp(header.Timestamp)
		case "bulkHash", "products", "platforms":
			if err := k.open('['); err != nil {
				return err
			}
			k.in = name
			return nil
		default:
			var skipped json.RawMessage
			if err := k.d.Decode(&skipped); err != nil {
				return k.wrong(err)
			}
		}
	}
	if _, err := k.d.Token(); err != nil {
		return k.wrong(err)
	}
	return io.EOF
}

func (k *kgv) open(want json.Delim) error {
	token, err := k.d.Token()
	if err != nil {
		return k.wrong(err)
	}
	if token != want {
		return fmt.Errorf("byte %d: %v where %v should be", k.d.InputOffset(), token, want)
	}
	return nil
}

// wrong is an error that ends the document: it can't be read on behind broken JSON.
func (k *kgv) wrong(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("byte %d: %w", k.d.InputOffset(), err)
}

func timestamp(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02", "20060102"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// A kgvEntry is one file of a document, in any of the three forms.
type kgvEntry struct {
	Filename, DType, Platform, Product, Version string
	MD5, SHA1, SHA256, SHA512                   string
	BIVHash                                     string     `json:"biv_hash"`
	Published                                   string     `json:"published"`
	Pkg                                         []kgvEntry `json:"pkg"`
	Entries                                     []kgvEntry `json:"entries"`
}

// A kgvProduct is an element of the older forms.
type kgvProduct struct {
	kgvEntry
	OSImages    []kgvEntry `json:"osImageVersions"`
	BootLoaders []kgvEntry `json:"bootLoaderVersions"`
	Boot0s      []kgvEntry `json:"boot0Versions"`
}

func (k *kgv) element() error {
	k.row++
	k.from.left = longestElement
	var e kgvProduct
	if err := k.d.Decode(&e); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) { // the element was read, and one of its values is of another type
			return &RowError{k.row, err}
		}
		return k.wrong(err)
	}
	product := e.Product
	if product == "" {
		product = e.Platform
	}
	problem := k.add(e.kgvEntry, product, "", e.DType, "")
	for _, list := range []struct {
		kind    string
		entries []kgvEntry
	}{{"osimage", e.OSImages}, {"blr", e.BootLoaders}, {"boot0", e.Boot0s}} {
		for _, version := range list.entries {
			problem = errors.Join(problem, k.add(version, product, version.Version, list.kind, ""))
		}
	}
	if problem != nil {
		return &RowError{k.row, problem}
	}
	return nil
}

// add appends what an entry states, and what its packages and its own entries do.
func (k *kgv) add(e kgvEntry, product, version, kind, bundle string) error {
	if e.Version != "" {
		version = e.Version
	}
	if e.DType != "" {
		kind = e.DType
	}
	i := Image{Name: baseName(e.Filename), Vendor: "Cisco", Product: product, Version: version, Kind: kind, Bundle: bundle, Line: k.row}
	var problem error
	for _, cell := range []struct{ algorithm, value string }{{"md5", e.MD5}, {"sha1", e.SHA1}, {"sha256", e.SHA256}, {"sha512", e.SHA512}} {
		if cell.value == "" {
			continue
		}
		d, err := ParseDigest(cell.value)
		if err == nil && d.Algorithm != cell.algorithm {
			err = fmt.Errorf("%d hexadecimal digits", len(d.Value))
		}
		if err != nil {
			problem = errors.Join(problem, fmt.Errorf("%.80q, %s: %w", e.Filename, cell.algorithm, err))
			continue
		}
		i.Digests = append(i.Digests, d)
	}
	if e.BIVHash != "" {
		d, err := ParseDigest(e.BIVHash)
		if err != nil || d.Algorithm != "sha256" && d.Algorithm != "sha512" {
			problem = errors.Join(problem, fmt.Errorf("%.80q, biv_hash: not 64 or 128 hexadecimal digits", e.Filename))
		} else {
			i.Digests = append(i.Digests, Digest{Algorithm: Measured + d.Algorithm, Value: d.Value})
		}
	}
	if len(i.Digests) > 0 {
		if len(k.pending) >= maxPending {
			return fmt.Errorf("more than %d files in one element", maxPending)
		}
		k.pending = append(k.pending, i)
	}
	for _, p := range e.Pkg {
		problem = errors.Join(problem, k.add(p, product, version, "package", i.Name))
	}
	for _, p := range e.Entries {
		problem = errors.Join(problem, k.add(p, product, version, kind, bundle))
	}
	return problem
}

// Measured stands before the algorithm of a digest that a secure boot measures.
const Measured = baseline.Measured
