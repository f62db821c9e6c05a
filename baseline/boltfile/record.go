package boltfile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"sync"
)

// MaxRecord is the longest text that a record may hold. It bounds what a damaged or
// forged record can make a reader allocate.
const MaxRecord = 64 << 20

// A record is a text in compressed form. All numbers are big endian.
//
//	bytes 0 to 3   CRC-32C of all that follows
//	bytes 4 to 7   length of the text
//	bytes 8 on     the text, compressed with DEFLATE (RFC 1951)
//
// The checksum is there because a flipped bit behind the end of the compressed data would
// otherwise go unseen.
const recordHeader = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// compressors are the writers for all records, one for each processor. A writer holds about a
// megabyte, so that many goroutines have to share few. A nil one has not been made yet.
var compressors = func() chan *flate.Writer {
	c := make(chan *flate.Writer, runtime.GOMAXPROCS(0))
	for range cap(c) {
		c <- nil
	}
	return c
}()

var decompressors = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// Pack makes a record of a text.
func Pack(text []byte) ([]byte, error) {
	if len(text) > MaxRecord {
		return nil, fmt.Errorf("%d bytes are more than the %d that a record may hold", len(text), MaxRecord)
	}
	var packed bytes.Buffer
	packed.Grow(recordHeader + len(text)/4)
	packed.Write(make([]byte, recordHeader))

	compressor := <-compressors
	defer func() { compressors <- compressor }()
	if compressor == nil {
		var err error
		if compressor, err = flate.NewWriter(&packed, flate.BestSpeed); err != nil {
			return nil, err
		}
	} else {
		compressor.Reset(&packed)
	}
	if _, err := compressor.Write(text); err != nil {
		return nil, err
	}
	if err := compressor.Close(); err != nil {
		return nil, err
	}
	record := packed.Bytes()
	binary.BigEndian.PutUint32(record[4:], uint32(len(text)))
	binary.BigEndian.PutUint32(record, crc32.Checksum(record[4:], castagnoli))
	return record, nil
}

// Unpack returns the text of a record. Its errors wrap [ErrDamaged].
func Unpack(record []byte) ([]byte, error) {
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
	packed := bytes.NewReader(record[recordHeader:])
	decompressor := decompressors.Get().(io.ReadCloser)
	defer decompressors.Put(decompressor)
	if err := decompressor.(flate.Resetter).Reset(packed, nil); err != nil {
		return nil, err
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(decompressor, text); err != nil {
		return nil, fmt.Errorf("%w: a record: %w", ErrDamaged, err)
	}
	if n, err := decompressor.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) || packed.Len() > 0 {
		return nil, fmt.Errorf("%w: a record holds more than its %d bytes", ErrDamaged, length)
	}
	return text, nil
}
