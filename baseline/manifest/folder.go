package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"trueboot/baseline"
)

const (
	mostManifest = 256 << 20 // bytes
	mostFile     = 256 << 20
)

func sortFiles(all []File) {
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
}

// Write writes the baseline into a folder, and its signature where it is signed as it is. A file that has not changed is not written again.
// A folder that holds files of another baseline is refused.
func Write(folder string, from Source, signature func(Manifest) []byte) (Manifest, error) {
	if err := os.MkdirAll(filepath.Join(folder, devicesFolder), 0o700); err != nil {
		return Manifest{}, err
	}
	there, err := os.ReadDir(filepath.Join(folder, devicesFolder))
	if err != nil {
		return Manifest{}, err
	}
	foreign := map[string]bool{}
	for _, entry := range there {
		if strings.HasSuffix(entry.Name(), ".txt") {
			foreign[devicesFolder+entry.Name()] = true
		}
	}
	if len(foreign) > 0 { // before anything is written
		m, err := Build(from, nil)
		if err != nil {
			return m, err
		}
		for _, f := range m.Files {
			delete(foreign, f.Name)
		}
		for name := range foreign {
			return m, fmt.Errorf("%s: is not of this baseline, of which nothing is ever taken away: export into another folder", filepath.Join(folder, name))
		}
	}
	m, err := Build(from, func(name string, text []byte) error { return replace(folder, name, text) })
	if err != nil {
		return m, err
	}
	if err := replace(folder, Name, m.Text()); err != nil {
		return m, err
	}
	if text := signature(m); text != nil {
		return m, replace(folder, SignatureName, text)
	}
	// A signature of what was there before would only mislead.
	if err := os.Remove(filepath.Join(folder, SignatureName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	return m, nil
}

// replace writes a file whole or not at all.
func replace(folder, name string, text []byte) error {
	path := filepath.Join(folder, filepath.FromSlash(name))
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// An Export is a baseline that was read from a folder.
type Export struct {
	Manifest  Manifest
	Signature []byte // nil where there is none
	Decisions [][]byte

	folder string
}

// Open reads the manifest, the signature and the decisions of a folder.
func Open(folder string) (*Export, error) {
	text, err := readFile(folder, Name, mostManifest)
	if err != nil {
		return nil, err
	}
	e := &Export{folder: folder}
	if e.Manifest, err = Parse(text); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(folder, Name), err)
	}
	if e.Signature, err = readFile(folder, SignatureName, 64<<10); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, f := range e.Manifest.Files {
		if f.Name != decisionsName {
			continue
		}
		text, err := e.read(f)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			e.Decisions = append(e.Decisions, bytes.TrimSuffix(line, []byte("\n")))
		}
	}
	return e, nil
}

// Each hands every device with its approvals to take, in the order of the manifest.
func (e *Export) Each(take func(device string, all []baseline.Approval) error) error {
	for _, f := range e.Manifest.Files {
		if f.Name == decisionsName {
			continue
		}
		text, err := e.read(f)
		if err != nil {
			return err
		}
		device, all, err := ParseDevice(text)
		if err == nil && fileName(device) != f.Name {
			err = fmt.Errorf("is the file of %q, which has another name", device)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(e.folder, f.Name), err)
		}
		if err := take(device, all); err != nil {
			return err
		}
	}
	return nil
}

// read reads a file and holds it against the manifest.
func (e *Export) read(f File) ([]byte, error) {
	text, err := readFile(e.folder, f.Name, mostFile)
	if err != nil {
		return nil, err
	}
	if digest(text) != f.SHA256 {
		return nil, fmt.Errorf("%s: %w: its SHA-256 is another", filepath.Join(e.folder, f.Name), ErrChanged)
	}
	return text, nil
}

func readFile(folder, name string, most int64) ([]byte, error) {
	path := filepath.Join(folder, filepath.FromSlash(name))
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s: has more than %d bytes", path, most)
	}
	return text, err
}
