package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// MaxRecord is the longest text that a record may hold. It bounds what a damaged or
// forged record can make a reader allocate.
const MaxRecord = 64 << 20

// A record is a text in compressed form. All numbers are big endian.
//
//	bytes 0 to 3   CRC-32C of all that follows
//	bytes 4 to 7   length of the text
//	bytes 8 on     the text, compressed with Zstandard (RFC 8878)
//
// The checksum is there because a flipped bit behind the end of the compressed data would
// otherwise go unseen.
const recordHeader = 8

// believed is how much a record's length is believed before the text is there: it may be forged.
const believed = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// packer and unpacker are shared by all goroutines: neither keeps anything from one record to the next.
var (
	packer = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(256<<10), zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithLowerEncoderMem(true)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxRecord), zstd.WithDecoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithDecoderLowmem(true)))
)

// must is for options that are constants.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Pack makes a record of a text.
func Pack(text []byte) ([]byte, error) { return Append(nil, text) }

// Append appends the record of a text to b.
func Append(b, text []byte) ([]byte, error) {
	if len(text) > MaxRecord {
		return nil, fmt.Errorf("%d bytes are more than the %d that a record may hold", len(text), MaxRecord)
	}
	begin := len(b)
	b = append(slices.Grow(b, recordHeader+64+len(text)/4), make([]byte, recordHeader)...)
	b = packer.EncodeAll(text, b)
	record := b[begin:]
	binary.BigEndian.PutUint32(record[4:], uint32(len(text)))
	binary.BigEndian.PutUint32(record, crc32.Checksum(record[4:], castagnoli))
	return b, nil
}

// Unpack returns the text of a record. Its errors wrap [ErrDamaged].
func Unpack(record []byte) ([]byte, error) { return unpack(record, nil) }

// scratch holds buffers for texts that are looked at once: a sweep unpacks two records for each device.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// Read hands the text of a record to look, which must not keep it: its bytes are used again.
func Read(record []byte, look func(text []byte) error) error {
	buffer := scratch.Get().(*[]byte)
	defer scratch.Put(buffer)
	text, err := unpack(record, (*buffer)[:0])
	if err != nil {
		return err
	}
	*buffer = text
	return look(text)
}

// unpack puts the text of a record into a buffer where it has room for it.
func unpack(record, buffer []byte) ([]byte, error) {
	if len(record) < recordHeader {
		return nil, fmt.Errorf("%w: a record of %d bytes", ErrDamaged, len(record))
	}
	if crc32.Checksum(record[4:], castagnoli) != binary.BigEndian.Uint32(record) {
		return nil, fmt.Errorf("%w: a record's checksum does not match", ErrDamaged)
	}
	length := binary.BigEndian.Uint32(record[4:])
	if length > MaxRecord {
		return nil, fmt.Errorf("%w: a record of %d bytes, where %d are the most", ErrDamaged, length, MaxRecord)
	}
	if room := int(min(length, believed)); cap(buffer) < room {
		buffer = make([]byte, 0, room)
	}
	text, err := unpacker.DecodeAll(record[recordHeader:], buffer)
	if err != nil {
		return nil, fmt.Errorf("%w: a record: %w", ErrDamaged, err)
	}
	if len(text) != int(length) {
		return nil, fmt.Errorf("%w: a record holds %d bytes and not %d", ErrDamaged, len(text), length)
	}
	return text, nil
}
