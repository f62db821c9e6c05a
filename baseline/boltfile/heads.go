package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"

	"go.etcd.io/bbolt"
)

// A bbolt file begins with two pages that each name a whole state of it, the heads: the last one, and the
// one before. bbolt uses the last that is sound, so a spoiled head takes the file back by one transaction, and
// everything in it looks well.
//
//	bytes 0 to 15    the page's own header, see pages.go
//	bytes 16 to 31   magic number, version, size of a page, flags: 4 bytes each
//	bytes 32 to 71   page of the root, its sequence, page of the list of free pages, number of pages, transaction: 8 each
//	bytes 72 to 79   FNV-1a, 64 bits, of bytes 16 to 71
const (
	headBegins = 16
	headSum    = headBegins + 56
	headEnds   = headSum + 8
)

// A head names a whole state of the file.
type head struct {
	root, free         uint64 // pages
	pages, transaction uint64 // how many pages there are; the transaction that wrote it
	damage             error  // why it does not count; nil for a sound one
}

// heads returns the size of a page and the two heads, the last sound one first.
func (f *File) heads() (size int64, last, older head, err error) {
	if err := f.View(func(tx *bbolt.Tx) error { size = int64(tx.DB().Info().PageSize); return nil }); err != nil {
		return 0, last, older, err
	}
	info, err := f.handle.Stat()
	if err != nil {
		return 0, last, older, err
	}
	var both [2]head
	for i := range both {
		page := make([]byte, size)
		if _, err := f.handle.ReadAt(page, int64(i)*size); err != nil {
			return 0, last, older, fmt.Errorf("%s: %w", f.path, err)
		}
		sum := fnv.New64a()
		sum.Write(page[headBegins:headSum])
		number := func(at int) uint64 { return binary.NativeEndian.Uint64(page[at:]) }
		both[i] = head{root: number(32), free: number(48), pages: number(56), transaction: number(64)}
		switch {
		case number(headSum) != sum.Sum64(), both[i].pages > uint64(info.Size()/size):
			both[i] = head{damage: fmt.Errorf("%w: one of the two heads of the file: what was added last may be missing", ErrDamaged)}
		case number(0) != uint64(i), number(8) != pageOf(headPage), !zero(page[headEnds:]):
			both[i].damage = damaged(uint64(i), "there is something beside the head")
		}
	}
	if both[1].transaction > both[0].transaction {
		both[0], both[1] = both[1], both[0]
	}
	return size, both[0], both[1], nil
}

// pageOf is the second half of the header of a page with no elements and no pages after it.
func pageOf(holds uint16) uint64 {
	var half [8]byte
	binary.NativeEndian.PutUint16(half[:], holds)
	return binary.NativeEndian.Uint64(half[:])
}
