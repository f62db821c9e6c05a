package session

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/crypto/ssh"
)

// pins are the host keys that were seen at the first visit of a host that no known_hosts file names. They are
// a file in the format of known_hosts to which lines are only ever added:
//
//	192.0.2.1 ssh-ed25519 AAAAC3Nza… pinned by trueboot
//	10.0.0.1@bastion1 ssh-rsa AAAAB3Nza… pinned by trueboot
//
// Several programs may add to it at once: each line is written in one piece, and of two keys of one type for one host the
// first in the file counts for all. A line that was cut off by a crash is passed over; a whole one that makes no sense is an error, since
// its host would be taken for a new one.
type pins struct {
	path string

	mu   sync.Mutex
	keys map[string][]knownKey // by host
	read int64                 // how far the file has been read
	line int                   // and how many lines that is
	in   *bufio.Reader         // its buffer serves each time
	file *os.File              // nil until something has to be added
}

// pinMark ends each line that was written in one piece.
const pinMark = "pinned by trueboot"

// openPins reads the file; one that does not exist yet holds nothing.
func openPins(path string) (*pins, error) {
	p := &pins{path: path, keys: make(map[string][]knownKey), in: bufio.NewReaderSize(nil, maxKnownHostsLine)}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	}
	defer file.Close()
	if err := checkOwnerWrites(file); err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	}
	if err := p.catchUp(file); err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	}
	return p, nil
}

// known returns the keys of a host.
func (p *pins) known(host string) []knownKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[host]
}

// pin adds the key of a host, and returns all keys that the host has after it: where another program was faster
// that is the other's key.
func (p *pins) pin(host string, key ssh.PublicKey) ([]knownKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == nil {
		file, err := os.OpenFile(p.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			return nil, fmt.Errorf("pinned host keys: %w", err)
		}
		p.file = file
	}
	line := fmt.Sprintf("%s %s %s %s\n", host, key.Type(), base64.StdEncoding.EncodeToString(key.Marshal()), pinMark)
	if torn, err := p.torn(); err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	} else if torn {
		line = "\n" + line
	}
	if _, err := p.file.WriteString(line); err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	}
	if err := p.catchUp(p.file); err != nil {
		return nil, fmt.Errorf("pinned host keys: %w", err)
	}
	return p.keys[host], nil
}

// torn reports whether the file's last line has no end.
func (p *pins) torn() (bool, error) {
	info, err := p.file.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := p.file.ReadAt(last[:], info.Size()-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// catchUp reads the lines that were added since the last time. The lock is held, or nobody else has p yet.
func (p *pins) catchUp(file *os.File) error {
	p.in.Reset(io.NewSectionReader(file, p.read, 1<<40))
	for {
		line, err := p.in.ReadSlice('\n')
		switch {
		case err == io.EOF:
			return nil // what may stand there has no end, and is read when it has
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("%s:%d: a line longer than %d bytes", p.path, p.line+1, maxKnownHostsLine)
		case err != nil:
			return err
		}
		p.read += int64(len(line))
		p.line++
		fields := bytes.Fields(line)
		if len(fields) == 0 || fields[0][0] == '#' {
			continue
		}
		if err := p.add(fields); err != nil && bytes.HasSuffix(bytes.TrimRight(line, "\r\n"), []byte(pinMark)) {
			return fmt.Errorf("%s:%d: %w; correct the line or remove it", p.path, p.line, err)
		}
	}
}

func (p *pins) add(fields [][]byte) error {
	if len(fields) < 3 {
		return errors.New("expected a host, a key type and a key")
	}
	wire, err := parseKey(fields[1], fields[2])
	if err != nil {
		return err
	}
	if _, err := ssh.ParsePublicKey([]byte(wire)); err != nil {
		return errors.New("a key that is none")
	}
	host, key := string(fields[0]), knownKey{wire: wire, file: p.path, line: p.line}
	for _, earlier := range p.keys[host] {
		if earlier.keyType() == key.keyType() {
			return nil
		}
	}
	p.keys[host] = append(p.keys[host], key)
	return nil
}

// Close brings what was pinned to the disk.
func (p *pins) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == nil {
		return nil
	}
	err := errors.Join(p.file.Sync(), p.file.Close())
	p.file = nil
	if err != nil {
		return fmt.Errorf("pinned host keys: %w", err)
	}
	return nil
}
