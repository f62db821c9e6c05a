// Package hasher computes all the digests of a file that anybody publishes in one pass over its bytes, wherever these come from.
package hasher

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"sync"
)

// A Digest is the digest of a whole file.
type Digest struct {
	Algorithm string `json:"algorithm"` // "md5", "sha1", "sha256", "sha384", "sha512"
	Value     string `json:"value"`     // hexadecimal, lower case
}

// String writes it as facts do: "sha512:<hex>".
func (d Digest) String() string { return d.Algorithm + ":" + d.Value }

// A Hasher computes the digests of all algorithms of what is written to it, in one pass: each algorithm has a goroutine, and what is written is
// handed to them in large chunks while the next one fills.
type Hasher struct {
	look    func(chunk []byte)
	hashes  []algorithm
	free    chan []byte
	filling []byte
	size    int64
	workers sync.WaitGroup
}

// An algorithm at work.
type algorithm struct {
	name   string
	hash   hash.Hash
	chunks chan *chunk
}

// A chunk goes back to the free ones when the last algorithm is done with it.
type chunk struct {
	text []byte
	left sync.WaitGroup
}

const (
	chunkSize = 256 << 10
	chunkRoom = 8 // that may be on their way: one algorithm is slower than another
)

// New starts a Hasher. It hands each chunk to look besides, which may be nil. Sum has to be called in any case.
func New(look func(chunk []byte)) *Hasher {
	h := &Hasher{look: look, free: make(chan []byte, chunkRoom)}
	for range chunkRoom {
		h.free <- nil // made when it is first needed
	}
	for _, a := range []algorithm{{name: "md5", hash: md5.New()}, {name: "sha1", hash: sha1.New()}, {name: "sha256", hash: sha256.New()}, {name: "sha512", hash: sha512.New()}} {
		a.chunks = make(chan *chunk, chunkRoom)
		h.hashes = append(h.hashes, a)
		h.workers.Go(func() {
			for c := range a.chunks {
				a.hash.Write(c.text)
				c.left.Done()
			}
		})
	}
	return h
}

// room returns where the next bytes go.
func (h *Hasher) room() []byte {
	if h.filling == nil {
		if h.filling = <-h.free; h.filling == nil {
			h.filling = make([]byte, 0, chunkSize)
		}
	}
	return h.filling[len(h.filling):cap(h.filling)]
}

// took says that so many bytes of the room were filled.
func (h *Hasher) took(n int) {
	h.filling = h.filling[:len(h.filling)+n]
	if len(h.filling) == cap(h.filling) {
		h.hand()
	}
}

// hand gives the chunk to all.
func (h *Hasher) hand() {
	if len(h.filling) == 0 {
		return
	}
	c := &chunk{text: h.filling}
	h.filling = nil
	h.size += int64(len(c.text))
	c.left.Add(len(h.hashes))
	for _, a := range h.hashes {
		a.chunks <- c
	}
	if h.look != nil {
		h.look(c.text)
	}
	go func() {
		c.left.Wait()
		h.free <- c.text[:0]
	}()
}

// Write takes the next bytes. It never fails.
func (h *Hasher) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := copy(h.room(), rest)
		rest = rest[n:]
		h.took(n)
	}
	return len(p), nil
}

// ReadFrom takes all that a reader gives.
func (h *Hasher) ReadFrom(r io.Reader) (read int64, err error) {
	for {
		n, err := r.Read(h.room())
		read += int64(n)
		h.took(n)
		if err == io.EOF {
			return read, nil
		}
		if err != nil {
			return read, err
		}
	}
}

// Sum ends the work and returns the digests, the strongest last, and how many bytes there were.
func (h *Hasher) Sum() ([]Digest, int64) {
	h.hand()
	for _, a := range h.hashes {
		close(a.chunks)
	}
	h.workers.Wait()
	digests := make([]Digest, len(h.hashes))
	for n, a := range h.hashes {
		digests[n] = Digest{a.name, hex.EncodeToString(a.hash.Sum(nil))}
	}
	return digests, h.size
}

// All computes the digests of all algorithms in one reading, and hands each chunk to look besides.
func All(r io.Reader, look func(chunk []byte)) ([]Digest, int64, error) {
	h := New(look)
	_, err := h.ReadFrom(r)
	digests, size := h.Sum()
	if err != nil {
		return nil, 0, err
	}
	return digests, size, nil
}
