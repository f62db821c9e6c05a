// Package imagedb keeps the known images in a file, known.db, and finds them by digest and by name.
//
// The file holds what can be imported again from where it came; so it is apart from baseline.db, whose approvals can't. An
// import is seen whole or not at all: its rows are written first, and one last transaction makes them count. What an
// import that broke off left behind is removed by the next.
//
//	meta                          see package boltfile
//	manifest
//	└── live                      JSON: how many images count, and which segments
//	sources
//	└── <number, 4 bytes>         JSON of known.Source
//	images
//	└── <first number, 4 bytes>   a record of package boltfile: 32 images, a line each
//	segments
//	└── <number, 4 bytes>
//	    └── <first entry>         up to 203 entries in order, of 20 bytes each: a key of 16 and the image's number
//
// A segment is a sorted index of the digests and names of a part of the images, as in a log-structured merge tree (O'Neil and others,
// 1996): random inserts into one B+ tree would take minutes for a million rows. After an import, small segments are merged, so that
// there are few to look into. A key is a letter for the algorithm and the first 15 bytes of the digest, or the letter n and those of the
// SHA-256 of the name; what is found by it is compared in full with the image itself.
package imagedb

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
	"trueboot/baseline/known"
)

var layout = boltfile.Layout{Store: "known", Format: 1, Buckets: []string{"images", "manifest", "segments", "sources"}}

var (
	imagesBucket   = []byte("images")
	manifestBucket = []byte("manifest")
	segmentsBucket = []byte("segments")
	sourcesBucket  = []byte("sources")
	liveKey        = []byte("live")
)

// A Store is an open known.db.
type Store struct{ file *boltfile.File }

// Open opens the store for reading and writing, and creates it if it does not exist.
func Open(path string) (*Store, error) { return wrap(boltfile.Open(path, layout)) }

// OpenReadOnly opens the store for reading. Where there is none yet, the error is fs.ErrNotExist.
func OpenReadOnly(path string) (*Store, error) { return wrap(boltfile.OpenReadOnly(path, layout)) }

func wrap(file *boltfile.File, err error) (*Store, error) {
	if err != nil {
		return nil, err
	}
	return &Store{file}, nil
}

// Close gives the file up.
func (s *Store) Close() error { return s.file.Close() }

// A manifest says what of the file counts.
type manifest struct {
	Images   uint32    `json:"images"` // the number that no image has yet; an import begins at a multiple of perRecord
	Segments []segment `json:"segments"`
	Next     uint32    `json:"next"` // number of the next segment
}

type segment struct {
	Number  uint32 `json:"number"`
	Entries uint32 `json:"entries"`
}

func readManifest(tx *bbolt.Tx) (manifest, error) {
	var m manifest
	text := tx.Bucket(manifestBucket).Get(liveKey)
	if text == nil {
		return m, nil
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: the manifest: %w", boltfile.ErrDamaged, err)
	}
	return m, nil
}

func writeManifest(tx *bbolt.Tx, m manifest) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return tx.Bucket(manifestBucket).Put(liveKey, text)
}

// An entry leads from a key to an image.
type entry [keySize + 4]byte

const keySize = 16

func newEntry(key [keySize]byte, image uint32) (e entry) {
	copy(e[:], key[:])
	binary.BigEndian.PutUint32(e[keySize:], image)
	return e
}

func (e *entry) image() uint32 { return binary.BigEndian.Uint32(e[keySize:]) }

// letters begin the keys of digests. A digest that secure boot measures is another one than the file's.
var letters = map[string]byte{
	"md5": 'm', "sha1": '1', "sha256": '2', "sha384": '3', "sha512": '5',
	known.Measured + "sha256": 'b', known.Measured + "sha512": 'B',
}

const nameLetter = 'n'

func digestKey(d known.Digest) (key [keySize]byte, err error) {
	letter, ok := letters[d.Algorithm]
	if !ok || len(d.Value) < 2*(keySize-1) {
		return key, fmt.Errorf("%.80q is no digest that is kept", d.String())
	}
	key[0] = letter
	_, err = hex.Decode(key[1:], []byte(d.Value[:2*(keySize-1)]))
	return key, err
}

func nameKey(name string) (key [keySize]byte) {
	sum := sha256.Sum256([]byte(strings.ToLower(name)))
	key[0] = nameLetter
	copy(key[1:], sum[:])
	return key
}

// perBlock is how many entries fit, with their key and what bbolt adds, into a page of 4 KiB.
const perBlock = 200

// perRecord is how many images are packed together: enough to compress, few enough to look one up.
const perRecord = 32

func number(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// find calls with the number of each image that a key leads to.
func find(tx *bbolt.Tx, m manifest, key [keySize]byte, with func(image uint32) error) error {
	first := newEntry(key, 0)
	for _, s := range m.Segments {
		b := tx.Bucket(segmentsBucket).Bucket(number(s.Number))
		if b == nil {
			return fmt.Errorf("%w: segment %d is missing", boltfile.ErrDamaged, s.Number)
		}
		c := b.Cursor()
		k, block := seek(c, first[:])
		for k != nil && bytes.Compare(k[:min(len(k), keySize)], key[:]) <= 0 {
			if err := within(block, key, with); err != nil {
				return err
			}
			k, block = c.Next()
		}
	}
	return nil
}

// seek goes to the block that may hold an entry, or the first behind it: the last whose own first entry does not lie behind.
func seek(c *bbolt.Cursor, e []byte) (first, block []byte) {
	if first, _ = c.Seek(e); first == nil {
		return c.Last()
	}
	if first, block = c.Prev(); first != nil {
		return first, block
	}
	return c.First()
}

// within looks into one block.
func within(block []byte, key [keySize]byte, with func(image uint32) error) error {
	const size = len(entry{})
	if len(block)%size != 0 {
		return fmt.Errorf("%w: a block of %d bytes", boltfile.ErrDamaged, len(block))
	}
	low, high := 0, len(block)/size
	for low < high {
		if mid := (low + high) / 2; bytes.Compare(block[mid*size:mid*size+keySize], key[:]) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	for ; low < len(block)/size && bytes.Equal(block[low*size:low*size+keySize], key[:]); low++ {
		if err := with(binary.BigEndian.Uint32(block[low*size+keySize:])); err != nil {
			return err
		}
	}
	return nil
}

// A row is an image as it is kept: with the number of its source.
type row struct {
	known.Image
	source int
}

func rowAt(tx *bbolt.Tx, image uint32) (row, error) {
	record := tx.Bucket(imagesBucket).Get(number(image / perRecord * perRecord))
	if record == nil {
		return row{}, fmt.Errorf("%w: image %d is missing", boltfile.ErrDamaged, image)
	}
	var found row
	err := boltfile.Read(record, func(text []byte) error {
		for range image % perRecord {
			_, rest, ok := bytes.Cut(text, []byte("\n"))
			if !ok {
				return fmt.Errorf("%w: image %d is not in its record", boltfile.ErrDamaged, image)
			}
			text = rest
		}
		line, _, _ := bytes.Cut(text, []byte("\n"))
		var err error
		found, err = parseRow(string(line))
		return err
	})
	return found, err
}

var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

func appendRow(b []byte, i *known.Image, source int) []byte {
	for _, text := range []string{i.Name, i.Vendor, i.Product, i.Version, i.Kind, i.Bundle, i.Status} {
		if strings.ContainsAny(text, "\\\t\n") {
			text = escape.Replace(text)
		}
		b = append(append(b, text...), '\t')
	}
	b = append(strconv.AppendInt(b, i.Size, 10), '\t')
	b = append(strconv.AppendInt(b, int64(source), 10), '\t')
	b = strconv.AppendInt(b, int64(i.Line), 10)
	for _, d := range i.Digests {
		b = append(append(append(append(b, '\t'), d.Algorithm...), ':'), d.Value...)
	}
	return append(b, '\n')
}

func parseRow(line string) (row, error) {
	const fixed = 10
	cells := strings.Split(line, "\t")
	if len(cells) < fixed {
		return row{}, fmt.Errorf("%w: an image of %d fields", boltfile.ErrDamaged, len(cells))
	}
	var r row
	for n, field := range []*string{&r.Name, &r.Vendor, &r.Product, &r.Version, &r.Kind, &r.Bundle, &r.Status} {
		*field = unescape.Replace(cells[n])
	}
	var errs [3]error
	r.Size, errs[0] = strconv.ParseInt(cells[7], 10, 64)
	r.source, errs[1] = strconv.Atoi(cells[8])
	r.Line, errs[2] = strconv.Atoi(cells[9])
	for _, cell := range cells[fixed:] {
		algorithm, value, _ := strings.Cut(cell, ":")
		r.Digests = append(r.Digests, known.Digest{Algorithm: algorithm, Value: value})
	}
	if err := errors.Join(errs[:]...); err != nil {
		return row{}, fmt.Errorf("%w: an image: %w", boltfile.ErrDamaged, err)
	}
	return r, nil
}

// A stored source is a source and the rows of it that were left out since they contradict others.
type storedSource struct {
	known.Source
	LeftOut []uint32 `json:"left_out,omitempty"`
}

func readSource(text []byte) (storedSource, error) {
	var s storedSource
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%w: a source: %w", boltfile.ErrDamaged, err)
	}
	return s, nil
}

// A view is the store as it was at one moment, for several lookups.
type view struct {
	tx       *bbolt.Tx
	manifest manifest
	sources  map[int]storedSource
}

func (s *Store) view(look func(*view) error) error {
	return s.file.View(func(tx *bbolt.Tx) error {
		v := &view{tx: tx, sources: map[int]storedSource{}}
		var err error
		if v.manifest, err = readManifest(tx); err != nil {
			return err
		}
		return look(v)
	})
}

func (v *view) source(n int) (storedSource, error) {
	if s, ok := v.sources[n]; ok {
		return s, nil
	}
	text := v.tx.Bucket(sourcesBucket).Get(number(uint32(n)))
	if text == nil {
		return storedSource{}, fmt.Errorf("%w: source %d is missing", boltfile.ErrDamaged, n)
	}
	s, err := readSource(text)
	v.sources[n] = s
	return s, err
}

// matches are the images that a key leads to and that are meant, of the sources that count.
func (v *view) matches(key [keySize]byte, meant func(*known.Image) bool) ([]known.Match, error) {
	var found []known.Match
	err := find(v.tx, v.manifest, key, func(image uint32) error {
		if image >= v.manifest.Images || len(found) >= mostMatches {
			return nil
		}
		r, err := rowAt(v.tx, image)
		if err != nil || !meant(&r.Image) {
			return err
		}
		s, err := v.source(r.source)
		if err != nil || s.Retired != "" || slices.Contains(s.LeftOut, image) {
			return err
		}
		found = append(found, known.Match{Image: r.Image, Source: s.Source})
		return nil
	})
	slices.SortStableFunc(found, known.ByTrust)
	return found, err
}

// mostMatches bounds an answer: a name such as packages.conf may be in every source.
const mostMatches = 1000

// ByDigest returns the images of that digest, the best vouched for first.
func (s *Store) ByDigest(d known.Digest) (found []known.Match, err error) {
	err = s.view(func(v *view) error {
		found, err = v.byDigest(d)
		return err
	})
	return found, err
}

func (v *view) byDigest(d known.Digest) ([]known.Match, error) {
	key, err := digestKey(d)
	if err != nil {
		return nil, err
	}
	return v.matches(key, func(i *known.Image) bool { return slices.Contains(i.Digests, d) })
}

// ByName returns the images of that file name, whatever its case, the best vouched for first.
func (s *Store) ByName(name string) (found []known.Match, err error) {
	err = s.view(func(v *view) error {
		found, err = v.byName(name)
		return err
	})
	return found, err
}

func (v *view) byName(name string) ([]known.Match, error) {
	return v.matches(nameKey(name), func(i *known.Image) bool { return strings.EqualFold(i.Name, name) })
}

// Sources lists what was imported, in order.
func (s *Store) Sources() (all []known.Source, err error) {
	err = s.file.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(sourcesBucket).ForEach(func(_, text []byte) error {
			source, err := readSource(text)
			all = append(all, source.Source)
			return err
		})
	})
	return all, err
}

// Retire makes the rows of a source count no more, and says why.
func (s *Store) Retire(source int, why string) error {
	return s.file.Update(func(tx *bbolt.Tx) error {
		text := tx.Bucket(sourcesBucket).Get(number(uint32(source)))
		if text == nil {
			return fmt.Errorf("there is no source %d", source)
		}
		stored, err := readSource(text)
		if err != nil {
			return err
		}
		if stored.Retired != "" {
			return fmt.Errorf("source %d is retired already: %s", source, stored.Retired)
		}
		stored.Retired = why
		return putSource(tx, stored)
	})
}

func putSource(tx *bbolt.Tx, s storedSource) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Bucket(sourcesBucket).Put(number(uint32(s.Number)), text)
}
