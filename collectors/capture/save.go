package capture

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the transcript as a folder that only its owner can read. The folder
// appears under its name when all of it is on disk; a crash before that leaves at most a
// hidden folder beside it, named after it and ending in a number. A folder that holds
// anything is never written to.
func (t *Transcript) Save(dir string) error {
	if err := t.save(dir); err != nil {
		return fmt.Errorf("capture %q: %w", dir, err)
	}
	return nil
}

func (t *Transcript) save(dir string) error {
	m := t.manifest()
	if err := m.check(); err != nil {
		return err
	}
	content, err := m.text()
	if err != nil {
		return err
	}
	if len(content) > maxManifest {
		return fmt.Errorf("a manifest of %d bytes: at most %d are read back", len(content), maxManifest)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := vacant(dir); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside) // nothing is there any more once it is renamed
	for i, r := range m.Replies {
		if err := writeFile(filepath.Join(beside, r.File), t.Exchanges[i].Text); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(beside, manifestName), string(content)); err != nil {
		return err
	}
	if err := syncFolder(beside); err != nil {
		return err
	}
	// Not every system renames onto an empty folder. Remove takes no folder that has got
	// files since.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(beside, dir); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// text is the manifest as it is written: for people too, who know NETCONF's operations by their angle brackets.
func (m *manifest) text() ([]byte, error) {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	lines.SetIndent("", "  ")
	err := lines.Encode(m)
	return text.Bytes(), err
}

// manifest describes the transcript and gives each reply its file.
func (t *Transcript) manifest() *manifest {
	m := &manifest{
		Format: format, Platform: t.Platform, Device: t.Device, Transport: t.Transport,
		Time: t.Time, Nonce: cmp.Or(t.Nonce, zeroNonce), Facts: t.Facts, Replies: []manifestReply{}, End: t.End,
	}
	taken := make(map[string]bool, len(t.Exchanges))
	for _, e := range t.Exchanges {
		m.Replies = append(m.Replies, manifestReply{
			Command: e.Command, File: freeName(e.Command, taken), Time: e.Time, Elapsed: e.Elapsed,
			Bytes: int64(len(e.Text)), SHA256: digest([]byte(e.Text)), Reason: e.Reason, Error: e.Error,
		})
	}
	return m
}

// freeName names a reply's file and takes the name. Names that differ only in case are one
// file on some systems.
func freeName(command string, taken map[string]bool) string {
	stem := FileName(command)
	name := stem + replyEnding
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = FileName(fmt.Sprintf("%.*s-%d", maxName-len("-10000"), stem, n)) + replyEnding
	}
	taken[strings.ToLower(name)] = true
	return name
}

// vacant returns an error if there is anything at dir but an empty folder.
func vacant(dir string) error {
	f, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cause(err)
	}
	defer f.Close()
	switch _, err := f.ReadDir(1); err {
	case io.EOF:
		return nil
	case nil:
		return errors.New("the folder is not empty; name another one")
	default:
		return errors.New("not a folder")
	}
}

func writeFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	if err == nil {
		err = f.Sync()
	}
	return cmp.Or(err, f.Close())
}
