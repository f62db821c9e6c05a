package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"

	"trueboot/baseline/boltfile"
)

// What an entry was written for: the names of the buckets.
const (
	runEntry   = "run"
	visitEntry = "visit"
	endEntry   = "end"
)

// An entry is one link of the chain.
type entry struct {
	Number   uint64 `json:"number"`
	What     string `json:"what"` // run, visit, end
	Run      uint64 `json:"run"`
	Device   string `json:"device,omitempty"` // of a visit
	SHA256   string `json:"sha256"`           // hex, of the item's text
	Previous string `json:"previous"`         // hex, of the JSON of the entry before; zeros for the first
}

// noEntry is what the first entry has before it.
var noEntry = strings.Repeat("0", 2*sha256.Size)

// digest is a SHA-256 in hex.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func number64(k []byte) uint64 {
	if len(k) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}

// add appends an entry to the chain and returns its number.
func add(tx *bbolt.Tx, e entry) (uint64, error) {
	b := tx.Bucket(chain)
	b.FillPercent = sequential
	k, last := b.Cursor().Last()
	e.Number, e.Previous = number64(k)+1, noEntry
	if last != nil {
		e.Previous = digest(last)
	}
	text, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	return e.Number, b.Put(key(e.Number), text)
}

// sequential is how full pages get whose keys only grow.
const sequential = 0.9

// replyText unpacks a stored reply and checks it against its digest.
func replyText(sum, record []byte) ([]byte, error) {
	if record == nil {
		return nil, fmt.Errorf("%w: it is missing", boltfile.ErrDamaged)
	}
	text, err := boltfile.Unpack(record)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(text); !bytes.Equal(got[:], sum) {
		return nil, fmt.Errorf("%w: its SHA-256 is not the one that it is kept under", boltfile.ErrDamaged)
	}
	return text, nil
}
