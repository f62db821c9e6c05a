package imagedb

import (
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
	"trueboot/baseline/known"
)

// ErrImported means that the same file was imported before; nothing was changed.
var ErrImported = errors.New("imported already")

// A Writer takes the rows of one source. What it wrote counts when Commit returned nil, and not before.
type Writer struct {
	store    *Store
	manifest manifest // as it will be
	first    uint32   // number of the first image of this import
	source   int

	text    []byte // of the images that are gathered for a record
	inside  int    // how many
	records [][2][]byte
	waiting int // bytes of the records
	entries []entry
	images  int
}

const (
	// batch is how many bytes of images are written in one transaction.
	batch = 16 << 20
	// perSegment bounds the entries that are sorted in memory: 20 MB.
	perSegment = 1 << 20
)

// Begin begins an import. It removes what an earlier one left that did not come to its end.
func (s *Store) Begin() (*Writer, error) {
	w := &Writer{store: s, source: 1}
	err := s.file.Update(func(tx *bbolt.Tx) error {
		var err error
		if w.manifest, err = readManifest(tx); err != nil {
			return err
		}
		w.manifest.Images = (w.manifest.Images + perRecord - 1) / perRecord * perRecord
		w.first = w.manifest.Images
		if last, _ := tx.Bucket(sourcesBucket).Cursor().Last(); last != nil {
			w.source = int(binary.BigEndian.Uint32(last)) + 1
		}
		return w.clear(tx)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// clear removes what does not count.
func (w *Writer) clear(tx *bbolt.Tx) error {
	images := tx.Bucket(imagesBucket)
	for {
		k, _ := images.Cursor().Seek(number(w.first))
		if k == nil {
			break
		}
		if err := images.Delete(k); err != nil {
			return err
		}
	}
	segments := tx.Bucket(segmentsBucket)
	var left [][]byte
	err := segments.ForEachBucket(func(k []byte) error {
		n := binary.BigEndian.Uint32(k)
		if !slices.ContainsFunc(w.manifest.Segments, func(s segment) bool { return s.Number == n }) {
			left = append(left, bytes.Clone(k))
		}
		return nil
	})
	for _, k := range left {
		err = errors.Join(err, segments.DeleteBucket(k))
	}
	return err
}

// Add takes one image.
func (w *Writer) Add(i known.Image) error {
	image := w.manifest.Images
	for _, d := range i.Digests {
		key, err := digestKey(d)
		if err != nil {
			return err
		}
		w.entries = append(w.entries, newEntry(key, image))
	}
	if i.Name != "" {
		w.entries = append(w.entries, newEntry(nameKey(i.Name), image))
	}
	w.text = appendRow(w.text, &i, w.source)
	w.inside++
	w.images++
	w.manifest.Images++
	if w.inside == perRecord {
		if err := w.pack(); err != nil {
			return err
		}
	}
	if w.waiting >= batch {
		if err := w.writeRecords(); err != nil {
			return err
		}
	}
	if len(w.entries) >= perSegment {
		return w.writeSegment()
	}
	return nil
}

// pack makes a record of the images that are gathered.
func (w *Writer) pack() error {
	packed, err := boltfile.Pack(w.text)
	if err != nil {
		return err
	}
	w.records = append(w.records, [2][]byte{number((w.manifest.Images - 1) / perRecord * perRecord), packed})
	w.waiting += len(packed)
	w.text, w.inside = w.text[:0], 0
	return nil
}

func (w *Writer) writeRecords() error {
	err := w.store.file.Update(func(tx *bbolt.Tx) error {
		images := tx.Bucket(imagesBucket)
		images.FillPercent = 1 // numbers only grow
		for _, r := range w.records {
			if err := images.Put(r[0], r[1]); err != nil {
				return err
			}
		}
		return nil
	})
	w.records, w.waiting = w.records[:0], 0
	return err
}

// writeSegment writes the entries that were gathered.
func (w *Writer) writeSegment() error {
	slices.SortFunc(w.entries, compareEntries)
	s, err := w.store.write(w.manifest.Next, func(add func(*entry) error) error {
		for i := range w.entries {
			if err := add(&w.entries[i]); err != nil {
				return err
			}
		}
		return nil
	})
	w.manifest.Segments = append(w.manifest.Segments, s)
	w.manifest.Next++
	w.entries = w.entries[:0]
	return err
}

// compareEntries orders entries as bytes.Compare does, eight bytes at a time.
func compareEntries(a, b entry) int {
	if x, y := binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(b[:]); x != y {
		return cmp.Compare(x, y)
	}
	return bytes.Compare(a[8:], b[8:])
}

// write writes one segment of entries that come in order, in transactions of bounded size.
func (s *Store) write(n uint32, entries func(add func(*entry) error) error) (segment, error) {
	written := segment{Number: n}
	var blocks [][]byte
	var block []byte
	put := func() error {
		return s.file.Update(func(tx *bbolt.Tx) error {
			b, err := tx.Bucket(segmentsBucket).CreateBucketIfNotExists(number(n))
			if err != nil {
				return err
			}
			b.FillPercent = 1
			for _, block := range blocks {
				if err := b.Put(block[:len(entry{})], block); err != nil {
					return err
				}
			}
			blocks = blocks[:0]
			return nil
		})
	}
	err := entries(func(e *entry) error {
		written.Entries++
		if block = append(block, e[:]...); len(block) < perBlock*len(entry{}) {
			return nil
		}
		blocks, block = append(blocks, block), make([]byte, 0, perBlock*len(entry{}))
		if len(blocks) < batch/(perBlock*len(entry{})) {
			return nil
		}
		return put()
	})
	if err != nil {
		return written, err
	}
	if len(block) > 0 {
		blocks = append(blocks, block)
	}
	return written, put()
}

// A Dispute is two rows that say different digests of one file.
type Dispute struct {
	Name          string
	Row, Other    known.Image
	OtherSource   known.Source
	WithinOneFile bool
}

func (d Dispute) String() string {
	other := place(&d.Other, "an image of it")
	if !d.WithinOneFile {
		other = fmt.Sprintf("%s of source %d (%s)", place(&d.Other, "the image"), d.OtherSource.Number, d.OtherSource.File)
	}
	mine, theirs := disagreement(&d.Row, &d.Other)
	return fmt.Sprintf("%s says %s of %q, and %s says %s", place(&d.Row, "it"), mine, d.Name, other, theirs)
}

// place is where a row stands. An image file has no lines.
func place(i *known.Image, whole string) string {
	if i.Line == 0 {
		return whole
	}
	return fmt.Sprintf("line %d", i.Line)
}

// disagreement is a pair of digests of the same algorithm that differ.
func disagreement(a, b *known.Image) (known.Digest, known.Digest) {
	for _, one := range a.Digests {
		for _, other := range b.Digests {
			if one.Algorithm == other.Algorithm && one.Value != other.Value {
				return one, other
			}
		}
	}
	return known.Digest{}, known.Digest{}
}

// sameFile reports whether two rows of one name are about one file. Packages bear the same names in many bundles, and an image may be
// published for several products; only where nothing sets them apart is a difference a contradiction.
func sameFile(a, b *known.Image) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && !strings.EqualFold(x, y) }
	return !differ(a.Version, b.Version) && !differ(a.Product, b.Product) && !differ(a.Vendor, b.Vendor) && !differ(a.Bundle, b.Bundle) && !differ(a.Kind, b.Kind)
}

// ErrDisputed means that rows contradict each other, or what is known already.
var ErrDisputed = errors.New("rows contradict each other")

// mostDisputes is how many are told one by one.
const mostDisputes = 20

// Commit makes the rows count. The source's Number, Images and Problems beyond its own are filled in. Rows that contradict others end it with
// ErrDisputed and no change, unless they are to be left out.
func (w *Writer) Commit(source known.Source, leaveOut bool) (known.Source, []Dispute, error) {
	err := w.finish()
	if err != nil {
		return source, nil, err
	}
	disputes, left, err := w.disputes()
	if err != nil {
		return source, nil, err
	}
	if len(left) > 0 && !leaveOut {
		return source, disputes, fmt.Errorf("%w: %d rows, and nothing was changed; see which of the two is right, and retire the wrong source with \"trueboot known retire\", or leave these rows out with --skip-disputed", ErrDisputed, len(left))
	}
	if err := w.merge(); err != nil {
		return source, nil, err
	}
	source.Number, source.Images = w.source, w.images-len(left)
	source.Problems += len(left)
	err = w.store.file.Update(func(tx *bbolt.Tx) error {
		if err := w.store.imported(tx, source.SHA256); err != nil {
			return err
		}
		if err := putSource(tx, storedSource{source, left}); err != nil {
			return err
		}
		return writeManifest(tx, w.manifest)
	})
	if err != nil {
		return source, nil, err
	}
	w.first = w.manifest.Images
	return source, disputes, w.store.file.Update(w.clear) // the segments that were merged
}

// Imported returns ErrImported where a file of that digest was imported and counts.
func (s *Store) Imported(sha256 string) error {
	return s.file.View(func(tx *bbolt.Tx) error { return s.imported(tx, sha256) })
}

func (s *Store) imported(tx *bbolt.Tx, sha256 string) error {
	return tx.Bucket(sourcesBucket).ForEach(func(_, text []byte) error {
		source, err := readSource(text)
		if err == nil && source.SHA256 == sha256 && source.Retired == "" {
			return fmt.Errorf("%w as source %d, from %s", ErrImported, source.Number, source.File)
		}
		return err
	})
}

// finish writes what is still gathered.
func (w *Writer) finish() error {
	if w.inside > 0 {
		if err := w.pack(); err != nil {
			return err
		}
	}
	if err := w.writeRecords(); err != nil {
		return err
	}
	if len(w.entries) > 0 {
		return w.writeSegment()
	}
	return nil
}

// disputes looks for names that the new rows and others, or each other, state different digests of.
func (w *Writer) disputes() (told []Dispute, left []uint32, err error) {
	err = w.store.view(func(v *view) error {
		var group []uint32
		judge := func() error {
			if len(group) < 2 || !slices.ContainsFunc(group, func(n uint32) bool { return n >= w.first }) {
				return nil
			}
			slices.Sort(group)
			return w.judge(v, group, &told, &left)
		}
		var key []byte
		err := merged(v.tx, w.manifest.Segments, []byte{nameLetter}, func(e *entry) error {
			if !bytes.Equal(e[:keySize], key) {
				if err := judge(); err != nil {
					return err
				}
				key, group = append(key[:0], e[:keySize]...), group[:0]
			}
			group = append(group, e.image())
			return nil
		})
		return errors.Join(err, judge())
	})
	return told, left, err
}

// mostOfOneName bounds how many rows of one name are held against each other: they grow with its square.
const mostOfOneName = 200

func (w *Writer) judge(v *view, group []uint32, told *[]Dispute, left *[]uint32) error {
	if len(group) > mostOfOneName {
		group = group[len(group)-mostOfOneName:]
	}
	rows := make([]row, len(group))
	for i, image := range group {
		var err error
		if rows[i], err = rowAt(v.tx, image); err != nil {
			return err
		}
	}
	for i, image := range group {
		if image < w.first {
			continue
		}
		for other := range i {
			one, _ := disagreement(&rows[i].Image, &rows[other].Image)
			if one.Value == "" || !sameFile(&rows[i].Image, &rows[other].Image) || !strings.EqualFold(rows[i].Name, rows[other].Name) || slices.Contains(*left, group[other]) {
				continue
			}
			d := Dispute{Name: rows[i].Name, Row: rows[i].Image, Other: rows[other].Image, WithinOneFile: group[other] >= w.first}
			if !d.WithinOneFile {
				s, err := v.source(rows[other].source)
				if err != nil {
					return err
				}
				if s.Retired != "" || slices.Contains(s.LeftOut, group[other]) {
					continue
				}
				d.OtherSource = s.Source
			}
			if len(*told) < mostDisputes {
				*told = append(*told, d)
			}
			*left = append(*left, image)
			break
		}
	}
	return nil
}

// merge joins the last segments, until each has at least twice the entries of the one behind it: so there are few of them.
func (w *Writer) merge() error {
	all := w.manifest.Segments
	if len(all) < 2 {
		return nil
	}
	from := len(all) - 1
	total := all[from].Entries
	for from > 0 && all[from-1].Entries < 2*total {
		from--
		total += all[from].Entries
	}
	if from == len(all)-1 {
		return nil
	}
	joined, err := w.store.write(w.manifest.Next, func(add func(*entry) error) error { return w.store.inChunks(all[from:], add) })
	if err != nil {
		return err
	}
	w.manifest.Segments = append(slices.Clone(all[:from]), joined)
	w.manifest.Next++
	return nil
}

// inChunks hands out the entries of segments in order. It must not keep a reading transaction open while the caller writes (bbolt), so it
// copies some thousands at a time and goes on behind the last of them.
func (s *Store) inChunks(segments []segment, with func(*entry) error) error {
	const chunk = 1 << 16
	var from []byte
	entries := make([]entry, 0, chunk)
	for {
		entries = entries[:0]
		stop := errors.New("enough")
		err := s.file.View(func(tx *bbolt.Tx) error {
			return mergedFrom(tx, segments, from, func(e *entry) error {
				if len(entries) == chunk {
					return stop
				}
				entries = append(entries, *e)
				return nil
			})
		})
		if err != nil && !errors.Is(err, stop) {
			return err
		}
		for i := range entries {
			if err := with(&entries[i]); err != nil {
				return err
			}
		}
		if err == nil {
			return nil
		}
		last := entries[len(entries)-1]
		from = next(last)
	}
}

// next is the smallest entry behind one.
func next(e entry) []byte {
	for i := len(e) - 1; i >= 0; i-- {
		if e[i]++; e[i] != 0 {
			break
		}
	}
	return e[:]
}

// merged hands out the entries of segments that begin with a prefix, in order.
func merged(tx *bbolt.Tx, segments []segment, prefix []byte, with func(*entry) error) error {
	stop := errors.New("behind the prefix")
	err := mergedFrom(tx, segments, prefix, func(e *entry) error {
		if !bytes.HasPrefix(e[:], prefix) {
			return stop
		}
		return with(e)
	})
	if errors.Is(err, stop) {
		return nil
	}
	return err
}

// mergedFrom hands out the entries of segments from one on, in order.
func mergedFrom(tx *bbolt.Tx, segments []segment, from []byte, with func(*entry) error) error {
	var heads runs
	for _, s := range segments {
		b := tx.Bucket(segmentsBucket).Bucket(number(s.Number))
		if b == nil {
			return fmt.Errorf("%w: segment %d is missing", boltfile.ErrDamaged, s.Number)
		}
		r := &run{c: b.Cursor()}
		var k []byte
		k, r.block = seek(r.c, from)
		for k != nil && r.advance() {
			if bytes.Compare(r.head[:], from) >= 0 {
				heads = append(heads, r)
				break
			}
		}
	}
	heap.Init(&heads)
	for len(heads) > 0 {
		r := heads[0]
		if err := with(&r.head); err != nil {
			return err
		}
		if r.advance() {
			heap.Fix(&heads, 0)
		} else {
			heap.Pop(&heads)
		}
	}
	return nil
}

// A run is a place in a segment.
type run struct {
	c     *bbolt.Cursor
	block []byte
	head  entry
}

// advance takes the next entry, and reports whether there is one.
func (r *run) advance() bool {
	for len(r.block) < len(r.head) {
		k, block := r.c.Next()
		if k == nil {
			return false
		}
		r.block = block
	}
	copy(r.head[:], r.block)
	r.block = r.block[len(r.head):]
	return true
}

type runs []*run

func (r runs) Len() int           { return len(r) }
func (r runs) Less(i, j int) bool { return bytes.Compare(r[i].head[:], r[j].head[:]) < 0 }
func (r runs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *runs) Push(x any)        { *r = append(*r, x.(*run)) }
func (r *runs) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
