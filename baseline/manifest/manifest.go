// Package manifest gives a baseline a form of text: one file for each device, one for the decisions, and a manifest of them with their SHA-256.
// The files diff well, the manifest is what is signed, and both are checked without trueboot:
//
//	sha256sum -c MANIFEST
//	ssh-keygen -Y verify -f allowed_signers -I jo@example.org -n trueboot-baseline -s MANIFEST.sig < MANIFEST
//
// The text is a function of what was decided alone: the same baseline gives the same bytes wherever it is kept.
package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"trueboot/baseline"
)

// The files of an export.
const (
	Name          = "MANIFEST"
	SignatureName = "MANIFEST.sig"
	decisionsName = "decisions.txt"
	devicesFolder = "devices/"
)

// A Source is a baseline: baseline/store.
type Source interface {
	// Devices returns the names of all devices that were ever approved, sorted.
	Devices() ([]string, error)
	// Approvals returns all that was ever approved for a device, oldest first.
	Approvals(device string) ([]baseline.Approval, error)
	// DecisionRecords returns the decisions as they are kept, JSON each, oldest first.
	DecisionRecords() ([][]byte, error)
}

// A Manifest lists the files of a baseline.
type Manifest struct {
	Serial uint64 // how many approvals, retirements and decisions there are; it only grows
	Files  []File // sorted by name
}

// A File is one line of a manifest.
type File struct {
	Name   string
	SHA256 string // hex
}

const title = "# trueboot baseline, serial "

// Text is the manifest as it is kept and signed.
func (m Manifest) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%d\n", title, m.Serial)
	for _, f := range m.Files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return b.Bytes()
}

// Digest is the SHA-256 of the text, in hex.
func (m Manifest) Digest() string { return digest(m.Text()) }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// line is one of a manifest, as sha256sum prints it:
//
//	9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  devices/core1.txt
var line = regexp.MustCompile(`^([0-9a-f]{64})  ([0-9A-Za-z%._/-]{1,255})$`)

// Parse reads a manifest.
func Parse(text []byte) (m Manifest, err error) {
	first, rest, _ := strings.Cut(string(text), "\n")
	serial, ok := strings.CutPrefix(first, title)
	if m.Serial, err = strconv.ParseUint(serial, 10, 64); !ok || err != nil {
		return m, fmt.Errorf("not a manifest: its first line is not %q and a number", title)
	}
	for number := 2; rest != ""; number++ {
		var l string
		l, rest, ok = strings.Cut(rest, "\n")
		match := line.FindStringSubmatch(l)
		switch {
		case match == nil || !ok:
			return m, fmt.Errorf("line %d is not a SHA-256, two spaces and a file's name", number)
		case match[2] != decisionsName && (!strings.HasPrefix(match[2], devicesFolder) || strings.Count(match[2], "/") != 1):
			return m, fmt.Errorf("line %d: %q is not a file of a baseline", number, match[2])
		case len(m.Files) > 0 && m.Files[len(m.Files)-1].Name >= match[2]:
			return m, fmt.Errorf("line %d: %s does not come after the file before it", number, match[2])
		}
		m.Files = append(m.Files, File{match[2], match[1]})
	}
	return m, nil
}

// longName is how long a name may be before it is cut.
const longName = 160

// fileName is the name of a device's file: what could not stand in a name on some system is escaped.
func fileName(device string) string {
	var b strings.Builder
	for _, c := range []byte(device) {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '.', c == '_', c == '-':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	name := b.String()
	if len(name) > longName { // the name itself stands in the file
		name = name[:100] + "-" + digest([]byte(device))[:32]
	}
	return devicesFolder + name + ".txt"
}

// Build writes the baseline as text: it hands each file to write, which may be nil, and returns the manifest.
func Build(from Source, write func(name string, text []byte) error) (m Manifest, err error) {
	records, err := from.DecisionRecords()
	if err != nil {
		return m, err
	}
	if len(records) > 0 {
		text := append(bytes.Join(records, []byte("\n")), '\n')
		if write != nil {
			if err := write(decisionsName, text); err != nil {
				return m, err
			}
		}
		m.Files, m.Serial = []File{{decisionsName, digest(text)}}, uint64(len(records))
	}
	devices, err := from.Devices()
	if err != nil {
		return m, err
	}
	type built struct {
		file    File
		records int
		text    []byte
		err     error
	}
	one := func(device string) (b built) {
		all, err := from.Approvals(device)
		if err != nil {
			return built{err: err}
		}
		for _, a := range all {
			b.records++
			if a.Retired != nil {
				b.records++
			}
		}
		b.text, b.err = DeviceText(device, all)
		b.file = File{fileName(device), digest(b.text)}
		if write == nil {
			b.text = nil
		}
		return b
	}
	// A few at a time, in their order.
	several := runtime.GOMAXPROCS(0) * 4
	for begin := 0; begin < len(devices); begin += several {
		batch := devices[begin:min(begin+several, len(devices))]
		done := make([]built, len(batch))
		var workers sync.WaitGroup
		for i, device := range batch {
			workers.Go(func() { done[i] = one(device) })
		}
		workers.Wait()
		for _, b := range done {
			if b.err != nil {
				return m, b.err
			}
			if write != nil {
				if err := write(b.file.Name, b.text); err != nil {
					return m, err
				}
			}
			m.Files, m.Serial = append(m.Files, b.file), m.Serial+uint64(b.records)
		}
	}
	sortFiles(m.Files)
	for i := 1; i < len(m.Files); i++ {
		if m.Files[i].Name == m.Files[i-1].Name {
			return m, fmt.Errorf("two devices would have the file %s", m.Files[i].Name)
		}
	}
	return m, nil
}

// ErrChanged means that a file is not the one of the manifest.
var ErrChanged = errors.New("not as the manifest says")
