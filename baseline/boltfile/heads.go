package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"

	"go.etcd.io/bbolt"
)

// A bbolt file begins with two pages that each name a whole state of it, the heads: the last one, and the
// one before. bbolt uses the last that is sound, so a spoiled head takes the file back by one transaction, and
// everything in it looks well.
//
//	bytes 0 to 15    the page's own header
//	bytes 16 to 71   magic number, version, …: numbers in the order of the machine that wrote them
//	bytes 72 to 79   FNV-1a, 64 bits, of bytes 16 to 71
const (
	headBegins = 16
	headSum    = headBegins + 56
	headEnds   = headSum + 8
)

// Heads returns an error that wraps [ErrDamaged] when one of the two heads is not sound. bbolt does not mind;
// after a power failure that is as it should be.
func (f *File) Heads() error {
	var size int64
	if err := f.View(func(tx *bbolt.Tx) error { size = int64(tx.DB().Info().PageSize); return nil }); err != nil {
		return err
	}
	for _, at := range []int64{0, size} {
		var head [headEnds]byte
		if _, err := f.handle.ReadAt(head[:], at); err != nil && err != io.EOF {
			return fmt.Errorf("%s: %w", f.path, err)
		}
		sum := fnv.New64a()
		sum.Write(head[headBegins:headSum])
		if binary.NativeEndian.Uint64(head[headSum:]) != sum.Sum64() {
			return fmt.Errorf("%w: one of the two heads of the file: what was added last may be missing", ErrDamaged)
		}
	}
	return nil
}
