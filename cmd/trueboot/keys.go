package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"trueboot/baseline/anchors"
	"trueboot/collectors"
	"trueboot/compare"
)

// secrets hides what configurations hold, under the key of the store's folder, secrets.key, so that an equal secret has an equal digest in every
// run. The key is made by the first sweep (make); without one, secrets give way to a mark that says nothing. It is worth nothing without the
// history and must not be kept with a copy of it: a short community can be guessed by who has both.
func (p *program) secrets(make bool) (*collectors.Secrets, error) {
	path := p.settings.secretKeyPath()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && make {
		key := collectors.NewSecretKey()
		if err := writeNewFile(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
			return nil, fmt.Errorf("key that hides secrets: %w", err)
		}
		return collectors.NewSecrets(key), nil
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return collectors.NewSecrets(nil), nil
	case err != nil:
		return nil, fmt.Errorf("key that hides secrets: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != collectors.SecretKeySize {
		return nil, fmt.Errorf("%s: not %d hexadecimal digits; move it away and sweep again: secrets of earlier visits can then not be compared", path, 2*collectors.SecretKeySize)
	}
	return collectors.NewSecrets(key), nil
}

// identify checks the identities of trust anchors up to the roots of --trust-anchors; nil where none were given.
func (p *program) identify() (compare.Identify, error) {
	if p.settings.anchors == "" {
		return nil, nil
	}
	roots, err := anchors.Read(p.settings.anchors)
	if err != nil {
		return nil, usage("--trust-anchors: %w", err)
	}
	return roots.Identify, nil
}

// writeNewFile writes a file that nobody else can read, whole or not at all, and only where there is none.
func writeNewFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(path)
	}
	return err
}
