package boltfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestPackUnpack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "text"), rapid.IntRange(0, 30).Draw(t, "times"))
		record, err := Pack(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unpack(record)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, text) {
			t.Fatalf("got %q, want %q", got, text)
		}
		var read []byte
		if err := Read(record, func(text []byte) error { read = bytes.Clone(text); return nil }); err != nil || !bytes.Equal(read, text) {
			t.Fatalf("read %q, error %v, want %q", read, err, text)
		}
		if behind, err := Append([]byte("before"), text); err != nil || !bytes.Equal(behind, append([]byte("before"), record...)) {
			t.Fatalf("appended %x, error %v, want it behind the bytes that were there: %x", behind, err, record)
		}
		spoiled := bytes.Clone(record)
		spoiled[rapid.IntRange(0, len(record)-1).Draw(t, "at")] ^= rapid.ByteRange(1, 255).Draw(t, "bits")
		if _, err := Unpack(spoiled); !errors.Is(err, ErrDamaged) {
			t.Fatalf("a changed byte: error %v, want ErrDamaged", err)
		}
	})
}

func TestPackTogether(t *testing.T) {
	var packers sync.WaitGroup
	for i := range 50 {
		packers.Go(func() {
			text := bytes.Repeat([]byte{byte(i)}, 5000)
			record, err := Pack(text)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := Unpack(record); err != nil || !bytes.Equal(got, text) {
				t.Errorf("record %d came back as %d bytes, error %v", i, len(got), err)
			}
		})
	}
	packers.Wait()
}

func TestPackTooLong(t *testing.T) {
	if _, err := Pack(make([]byte, MaxRecord+1)); err == nil {
		t.Error("packed more than a record may hold")
	}
}

// forged returns a record whose checksum is right.
func forged(length uint32, packed []byte) []byte {
	record := binary.BigEndian.AppendUint32(make([]byte, 4), length)
	record = append(record, packed...)
	binary.BigEndian.PutUint32(record, crc32.Checksum(record[4:], castagnoli))
	return record
}

func TestUnpackForged(t *testing.T) {
	good, err := Pack([]byte("Configuration register is 0x2102"))
	if err != nil {
		t.Fatal(err)
	}
	packed := good[recordHeader:]
	for name, record := range map[string][]byte{
		"nothing":         nil,
		"no text":         forged(32, nil),
		"too long":        forged(MaxRecord+1, packed),
		"longer than it":  forged(33, packed),
		"shorter than it": forged(31, packed),
		"bytes behind":    forged(32, append(bytes.Clone(packed), 0)),
		"cut short":       forged(32, packed[:len(packed)-3]),
	} {
		if _, err := Unpack(record); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: error %v, want ErrDamaged", name, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	record, err := Pack([]byte("Configuration register is 0x2102"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(32), record[recordHeader:])
	f.Add(uint32(0), []byte{})
	f.Fuzz(func(t *testing.T, length uint32, packed []byte) {
		text, err := Unpack(forged(length, packed))
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("error %v, want ErrDamaged", err)
		}
		if err == nil && len(text) != int(length) {
			t.Errorf("%d bytes, want %d", len(text), length)
		}
	})
}
