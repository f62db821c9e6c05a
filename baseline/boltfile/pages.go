package boltfile

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.etcd.io/bbolt"
)

// Records and heads have checksums, and a store may have digests over all that it holds. The bytes between them have
// neither: headers and elements of pages, what a page does not fill, pages that are free. bbolt reads of these what it needs
// and believes it. Here each of them is looked at, so that a file in which one byte was changed is told from one that is as
// it was written.
//
// A page, in numbers of the machine's own order:
//
//	bytes 0 to 7    its number
//	bytes 8 and 9   what it holds
//	bytes 10, 11    how many elements
//	bytes 12 to 15  how many pages after it belong to it
//	bytes 16 on     the elements, 16 bytes each; then their keys and values, in the order of the elements; then zeros
const (
	pageHeader = 16
	branchPage = 0x01
	leafPage   = 0x02
	headPage   = 0x04 // see heads.go
	freePage   = 0x10 // lists the free pages, 8 bytes each

	elementSize  = 16
	bucketValue  = 0x01 // of an element in a leaf: its value is a bucket
	bucketHeader = 16   // the page of its root, 0 for one that follows at once; its sequence

	manyFree  = 0xFFFF // as a count: the list begins with how many there are
	mostDepth = 64
)

// Pages accounts for every byte of the file. An error that wraps [ErrDamaged] says what is not as bbolt writes it.
//
// A file that was closed has zeros in its free pages and ends with its last page. One that was not, because its writer
// was killed, is longer, and what stands in its free pages is not looked at; then closed is false. On Windows all files are of
// this sort: a file that is mapped into memory can't be made shorter there.
func (f *File) Pages(ctx context.Context) (closed bool, err error) {
	if f.owner != nil {
		return false, f.errLent()
	}
	a, err := f.accounts()
	if err == nil {
		err = cmp.Or(a.head.damage, a.older.damage)
	}
	if err != nil {
		return false, err
	}
	info, err := f.handle.Stat()
	if err != nil {
		return false, err
	}
	closed = info.Size() == int64(a.head.pages)*a.size
	if err := a.all(ctx, closed); err != nil {
		return closed, err
	}
	return closed, f.View(func(tx *bbolt.Tx) error {
		if n := tx.Bucket(metaBucket).Sequence(); n != 0 {
			return fmt.Errorf("%w: bucket %q has counted to %d, and it counts nothing", ErrDamaged, metaBucket, n)
		}
		return nil
	})
}

// accounts of a file: which of its pages were met.
type accounts struct {
	file        io.ReaderAt
	size        int64 // of a page
	head, older head
	met         []bool
	top         bool // look at the top-level buckets alone, and not into those that have pages of their own
}

// accounts begins the accounts of the file as it is now.
func (f *File) accounts() (*accounts, error) {
	a := &accounts{file: f.handle}
	var err error
	if a.size, a.head, a.older, err = f.heads(); err != nil {
		return nil, err
	}
	a.met = make([]bool, a.head.pages)
	return a, nil
}

// topPages checks the few pages that everybody reads who opens the file. bbolt does not look where a page leads it, and what it
// takes for a page may lie anywhere in memory.
func (f *File) topPages() error {
	a, err := f.accounts()
	if err == nil && a.head.pages == 0 {
		err = a.head.damage // of both
	}
	if err != nil {
		return err
	}
	a.top = true
	if _, err := a.tree(context.Background(), a.head.root, 0); err != nil {
		return fmt.Errorf("%w: restore it from a backup; it was not changed", err)
	}
	return nil
}

func damaged(page uint64, format string, arguments ...any) error {
	return fmt.Errorf("%w: page %d: %s", ErrDamaged, page, fmt.Sprintf(format, arguments...))
}

func (a *accounts) all(ctx context.Context, closed bool) error {
	a.met[0], a.met[1] = true, true
	if _, err := a.tree(ctx, a.head.root, 0); err != nil {
		return err
	}
	free, err := a.freePages(a.head.free)
	if err != nil {
		return err
	}
	listed, err := a.take(a.head.free, freePage)
	if err != nil {
		return err
	}
	for _, id := range free {
		if id >= a.head.pages || a.met[id] {
			return damaged(a.head.free, "it calls page %d free, which is in use, or twice", id)
		}
		a.met[id] = true
	}
	for id, met := range a.met {
		if !met {
			return damaged(uint64(id), "it is neither in use nor free")
		}
	}
	if !closed {
		return nil
	}
	own := a.pagesOf(a.head.free, listed)
	older, err := a.olderList(free, own)
	if err != nil {
		return err
	}
	page := make([]byte, a.size)
	for _, id := range free {
		if older[id] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if _, err := a.file.ReadAt(page, int64(id)*a.size); err != nil {
			return err
		}
		if !zero(page) {
			return damaged(id, "it is free, and there is something in it")
		}
	}
	return nil
}

// olderList checks the list of free pages that the older head names, and returns the pages that it takes up. They are free now, and
// stay as they are so that the older head can be used. In a file that was closed the two lists differ by their own pages alone.
func (a *accounts) olderList(free []uint64, own map[uint64]bool) (map[uint64]bool, error) {
	page, err := a.read(a.older.free, freePage)
	if err != nil {
		return nil, err
	}
	before, err := a.freePages(a.older.free)
	if err != nil {
		return nil, err
	}
	pages := a.pagesOf(a.older.free, page)
	before = slices.DeleteFunc(before, func(id uint64) bool { return own[id] })
	now := slices.DeleteFunc(slices.Clone(free), func(id uint64) bool { return pages[id] })
	if !slices.Equal(before, now) || len(now)+len(pages) != len(free) {
		return nil, damaged(a.older.free, "the older list of free pages is not that of the same state")
	}
	return pages, nil
}

func (a *accounts) pagesOf(first uint64, page []byte) map[uint64]bool {
	all := map[uint64]bool{}
	for i := range uint64(len(page)) / uint64(a.size) {
		all[first+i] = true
	}
	return all
}

// read returns a page with those that belong to it.
func (a *accounts) read(id uint64, holds ...uint16) ([]byte, error) {
	var header [pageHeader]byte
	if _, err := a.file.ReadAt(header[:], int64(id)*a.size); err != nil {
		return nil, unread(id, err)
	}
	if n := binary.NativeEndian.Uint64(header[:]); n != id {
		return nil, damaged(id, "it says that it is page %d", n)
	}
	flags := binary.NativeEndian.Uint16(header[8:])
	for _, h := range holds {
		if flags != h {
			continue
		}
		more := uint64(binary.NativeEndian.Uint32(header[12:]))
		if id+more >= a.head.pages {
			return nil, damaged(id, "%d more pages are said to belong to it", more)
		}
		page := make([]byte, int64(more+1)*a.size)
		if _, err := a.file.ReadAt(page, int64(id)*a.size); err != nil {
			return nil, unread(id, err)
		}
		return page, nil
	}
	return nil, damaged(id, "it says that it holds %#x", flags)
}

func unread(id uint64, err error) error {
	if errors.Is(err, io.EOF) {
		return damaged(id, "it lies behind the end of the file")
	}
	return err
}

// take reads a page that is in use, which is so once.
func (a *accounts) take(id uint64, holds ...uint16) ([]byte, error) {
	if id < 2 || id >= a.head.pages {
		return nil, damaged(id, "there is no such page, and another refers to it")
	}
	page, err := a.read(id, holds...)
	if err != nil {
		return nil, err
	}
	for i := range a.pagesOf(id, page) {
		if a.met[i] {
			return nil, damaged(i, "it is in use twice")
		}
		a.met[i] = true
	}
	return page, nil
}

// tree checks a page and all below it, and returns its first key.
func (a *accounts) tree(ctx context.Context, id uint64, depth int) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if depth == mostDepth {
		return nil, damaged(id, "more than %d pages lie above it", mostDepth)
	}
	page, err := a.take(id, branchPage, leafPage)
	if err != nil {
		return nil, err
	}
	all, end, err := elements(page)
	if err == nil && !zero(page[end:]) {
		err = errors.New("there is something behind its last element")
	}
	if err != nil {
		return nil, damaged(id, "%v", err)
	}
	for _, e := range all {
		switch {
		case binary.NativeEndian.Uint16(page[8:]) == branchPage:
			first, err := a.tree(ctx, e.child, depth+1)
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(first, e.key) {
				return nil, damaged(id, "its key of page %d is not that page's first", e.child)
			}
		case e.bucket:
			if err := a.bucket(ctx, id, e.value, depth); err != nil {
				return nil, err
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all[0].key, nil
}

// bucket checks the value of a bucket: one that is small stands in the value itself.
func (a *accounts) bucket(ctx context.Context, id uint64, value []byte, depth int) error {
	if len(value) < bucketHeader {
		return damaged(id, "a bucket of %d bytes", len(value))
	}
	root, inline := binary.NativeEndian.Uint64(value), value[bucketHeader:]
	if root != 0 {
		if len(inline) > 0 {
			return damaged(id, "a bucket has a page of its own, and another in its place")
		}
		if a.top {
			return nil
		}
		_, err := a.tree(ctx, root, depth+1)
		return err
	}
	if len(inline) < pageHeader || !zero(inline[:8]) || !zero(inline[12:16]) || binary.NativeEndian.Uint16(inline[8:]) != leafPage {
		return damaged(id, "a bucket's page is none")
	}
	all, end, err := elements(inline)
	switch {
	case err != nil:
		return damaged(id, "a bucket's page: %v", err)
	case end != len(inline):
		return damaged(id, "there is something behind a bucket's page")
	}
	for _, e := range all {
		if e.bucket {
			return damaged(id, "a bucket in a bucket that is too small for it")
		}
	}
	return nil
}

// An element is a key with its value, or with the page that begins with it.
type element struct {
	key, value []byte
	child      uint64
	bucket     bool
}

// elements takes a page apart and returns where its last element ends.
func elements(page []byte) (all []element, end int, err error) {
	leaf := binary.NativeEndian.Uint16(page[8:]) == leafPage
	count := int(binary.NativeEndian.Uint16(page[10:]))
	end = pageHeader + count*elementSize
	if end > len(page) || count == 0 && !leaf {
		return nil, 0, fmt.Errorf("%d elements are said to be in it", count)
	}
	var before []byte
	for i := range count {
		at := pageHeader + i*elementSize
		var n [4]int
		for j := range n {
			n[j] = int(binary.NativeEndian.Uint32(page[at+4*j:]))
		}
		// In a leaf: flags, place of the key from here on, its length, the value's. Else: place, length, page of 8 bytes.
		flags, place, key, value := n[0], n[1], n[2], n[3]
		if !leaf {
			flags, place, key, value = 0, n[0], n[1], 0
		}
		if flags&^bucketValue != 0 || at+place != end || key == 0 || key > len(page)-end || value > len(page)-end-key {
			return nil, 0, fmt.Errorf("its element %d is not as it was written", i)
		}
		e := element{key: page[end : end+key], value: page[end+key : end+key+value], bucket: flags == bucketValue}
		if !leaf {
			e.child = binary.NativeEndian.Uint64(page[at+8:])
		}
		if before != nil && bytes.Compare(before, e.key) >= 0 {
			return nil, 0, fmt.Errorf("its element %d is not in order", i)
		}
		before, end = e.key, end+key+value
		all = append(all, e)
	}
	return all, end, nil
}

// freePages reads a list of free pages.
func (a *accounts) freePages(id uint64) ([]uint64, error) {
	page, err := a.read(id, freePage)
	if err != nil {
		return nil, err
	}
	count, at := uint64(binary.NativeEndian.Uint16(page[10:])), uint64(pageHeader)
	if count == manyFree {
		count, at = binary.NativeEndian.Uint64(page[at:]), at+8
		if count < manyFree {
			return nil, damaged(id, "%d free pages are said to be in it", count)
		}
	}
	if count > (uint64(len(page))-at)/8 {
		return nil, damaged(id, "%d free pages are said to be in it", count)
	}
	all := make([]uint64, count)
	for i := range all {
		all[i] = binary.NativeEndian.Uint64(page[at+8*uint64(i):])
		if all[i] < 2 || i > 0 && all[i] <= all[i-1] {
			return nil, damaged(id, "its free pages are not in order")
		}
	}
	if !zero(page[at+8*count:]) {
		return nil, damaged(id, "there is something behind the last free page")
	}
	return all, nil
}

func zero(all []byte) bool {
	for _, b := range all {
		if b != 0 {
			return false
		}
	}
	return true
}

// tidy leaves the file as [File.Pages] expects one that was closed. It is made longer before the first change, and shorter only
// when all the rest is on the disk, so a crash at any point leaves one that was not closed.
func (f *File) tidy() error {
	// After a transaction that changes nothing, both heads name the same state, and no other page of the one before is
	// needed.
	if err := f.Update(func(*bbolt.Tx) error { return nil }); err != nil {
		return err
	}
	a, err := f.accounts()
	if err == nil {
		err = cmp.Or(a.head.damage, a.older.damage)
	}
	if err != nil {
		return err
	}
	free, err := a.freePages(a.head.free)
	if err != nil {
		return err
	}
	list, err := a.read(a.older.free, freePage)
	if err != nil {
		return err
	}
	older, nothing := a.pagesOf(a.older.free, list), make([]byte, a.size)
	for _, id := range free {
		if older[id] {
			continue
		}
		if _, err := f.handle.WriteAt(nothing, int64(id)*a.size); err != nil {
			return err
		}
	}
	if err := f.handle.Sync(); err != nil {
		return err
	}
	return f.handle.Truncate(int64(a.head.pages) * a.size)
}
