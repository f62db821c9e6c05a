package receive

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Spool keeps messages on the disk until whoever deals with them says that what came of them is kept elsewhere. It is segments of records, each with its length and
// its checksum: a record that was cut by a crash ends its segment. A spool is for one goroutine.
//
//	<folder>/00000001.spool   records: length (4 bytes), CRC-32 (4 bytes), JSON
type Spool struct {
	folder  string
	most    int64 // bytes of all segments
	file    *os.File
	w       *bufio.Writer
	segment int
	size    int64 // of the segment
	total   int64
	Lost    int // messages that the disk had no room for
}

const (
	perSegment = 8 << 20
	maxRecord  = 1 << 20
)

type spooled struct {
	Source string    `json:"s"`
	Number int       `json:"n"`
	Peer   string    `json:"p,omitempty"`
	At     time.Time `json:"t"`
	Text   string    `json:"m"`
	Cut    bool      `json:"c,omitempty"`
}

// OpenSpool opens the spool of a folder, which is made where it is missing, and hands what is in it to replay. It holds no more than so many bytes.
func OpenSpool(folder string, most int64, replay func(Message) error) (*Spool, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s := &Spool{folder: folder, most: most}
	segments, err := s.segments()
	if err != nil {
		return nil, err
	}
	for _, n := range segments {
		size, err := s.replay(n, replay)
		if err != nil {
			return nil, err
		}
		s.total += size
		s.segment = n
	}
	return s, s.begin()
}

func (s *Spool) path(n int) string { return filepath.Join(s.folder, fmt.Sprintf("%08d.spool", n)) }

func (s *Spool) segments() (all []int, err error) {
	entries, err := os.ReadDir(s.folder)
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".spool"); ok {
			if n, err := strconv.Atoi(name); err == nil {
				all = append(all, n)
			}
		}
	}
	slices.Sort(all)
	return all, err
}

// replay hands out the records of a segment, as far as they are whole.
func (s *Spool) replay(n int, with func(Message) error) (int64, error) {
	f, err := os.Open(s.path(n))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 256<<10)
	size := int64(0)
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return size, nil
		}
		length := binary.BigEndian.Uint32(head[:])
		if length > maxRecord {
			return size, nil
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(r, text); err != nil || crc32.ChecksumIEEE(text) != binary.BigEndian.Uint32(head[4:]) {
			return size, nil
		}
		var m spooled
		if err := json.Unmarshal(text, &m); err != nil {
			return size, nil
		}
		size += int64(len(head)) + int64(length)
		peer, _ := netip.ParseAddr(m.Peer)
		if err := with(Message{Source: m.Source, Number: m.Number, Peer: peer, At: m.At, Text: m.Text, Cut: m.Cut}); err != nil {
			return size, err
		}
	}
}

// begin begins a new segment: what stands behind a torn record must not be read as one.
func (s *Spool) begin() error {
	s.segment++
	f, err := os.OpenFile(s.path(s.segment), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	s.file, s.w, s.size = f, bufio.NewWriterSize(f, 64<<10), 0
	return nil
}

// Append takes a message. When the disk is full, or the spool has no room, the message is counted as lost and the error says so; the
// spool can be used on.
func (s *Spool) Append(m Message) error {
	record := spooled{Source: m.Source, Number: m.Number, At: m.At, Text: m.Text, Cut: m.Cut}
	if m.Peer.IsValid() {
		record.Peer = m.Peer.String()
	}
	text, err := json.Marshal(record)
	if err != nil {
		return err
	}
	length := int64(len(text)) + 8
	if s.total+length > s.most {
		s.Lost++
		return errors.New("the spool is full")
	}
	if s.w == nil || s.size+length > perSegment {
		if err := s.end(); err != nil {
			s.Lost++
			return err
		}
		if err := s.begin(); err != nil {
			s.Lost++
			return err
		}
	}
	var head [8]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(text)))
	binary.BigEndian.PutUint32(head[4:], crc32.ChecksumIEEE(text))
	_, err = s.w.Write(head[:])
	if err == nil {
		_, err = s.w.Write(text)
	}
	if err != nil { // a buffer that failed once fails for ever: the next message begins another segment
		s.Lost++
		s.abandon()
		return err
	}
	s.size += length
	s.total += length
	return nil
}

func (s *Spool) abandon() {
	if s.file != nil {
		s.file.Close()
	}
	s.file, s.w = nil, nil
}

// Sync puts what was appended on the disk.
func (s *Spool) Sync() error {
	if s.w == nil {
		return nil
	}
	err := s.w.Flush()
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		s.abandon()
	}
	return err
}

func (s *Spool) end() error {
	if s.w == nil {
		return nil
	}
	err := errors.Join(s.w.Flush(), s.file.Close())
	s.file, s.w = nil, nil
	return err
}

// Clear removes everything: what came of the messages is kept elsewhere.
func (s *Spool) Clear() error {
	err := s.end()
	segments, readErr := s.segments()
	err = errors.Join(err, readErr)
	for _, n := range segments {
		err = errors.Join(err, os.Remove(s.path(n)))
	}
	s.total = 0
	return errors.Join(err, s.begin())
}

// Close ends it. What is in it stays for the next time.
func (s *Spool) Close() error { return s.end() }
