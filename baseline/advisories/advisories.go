// Package advisories reads what vendors and CISA publish about vulnerabilities and the end of support, from files: nothing is fetched. What was read is kept
// in a folder beside the baseline, one file a document, in which a newer revision takes the place of an older one.
package advisories

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
)

// The kinds of document.
const (
	CSAF      = "csaf"        // a vendor's advisory, CSAF 2.0
	KEV       = "kev"         // CISA's catalogue of known exploited vulnerabilities
	EndOfLife = "end-of-life" // a table of dates
)

// largestDocument bounds a file in bytes; CISA's catalogue has 1.5 MB.
const largestDocument = 64 << 20

// Read reads a document, whose kind its content shows. name is the file's, platforms are the tokens that a table may name.
func Read(name string, from io.Reader, platforms []string) (baseline.AdvisoryImport, error) {
	text, err := io.ReadAll(io.LimitReader(from, largestDocument+1))
	if err != nil {
		return baseline.AdvisoryImport{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(text) > largestDocument {
		return baseline.AdvisoryImport{}, fmt.Errorf("%s: larger than %d bytes", name, largestDocument)
	}
	sum := sha256.Sum256(text)
	i := baseline.AdvisoryImport{SHA256: hex.EncodeToString(sum[:])}
	var shape struct {
		Document json.RawMessage `json:"document"`
		Catalog  string          `json:"catalogVersion"`
	}
	switch json.Unmarshal(text, &shape); {
	case len(shape.Document) > 0:
		i.Kind = CSAF
		if i.Advisory, i.Left, err = readCSAF(text); err == nil {
			i.Name, i.Released = i.Advisory.ID, i.Advisory.Released
			for _, a := range i.Advisory.Affected {
				i.Entries += len(a.Versions) + len(a.Ranges)
			}
		}
	case shape.Catalog != "":
		i.Kind, i.Name = KEV, "known exploited vulnerabilities"
		i.Exploited, i.Released, i.Left, err = readKEV(text)
		i.Entries = len(i.Exploited)
	case bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) || bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")):
		err = errors.New("JSON that is neither a CSAF document nor CISA's catalogue of known exploited vulnerabilities, or is broken")
	default:
		i.Kind, i.Name = EndOfLife, filepath.Base(name)
		i.Ends, i.Left, err = readEndOfLife(text, platforms)
		i.Entries = len(i.Ends)
	}
	if err != nil {
		return baseline.AdvisoryImport{}, fmt.Errorf("%s: %w", name, err)
	}
	return i, nil
}

// ErrOlder means that a newer revision of the document was imported before.
var ErrOlder = errors.New("a newer revision was imported before")

// Keep puts a document into the folder, in the place of an older revision of it.
func Keep(folder string, i baseline.AdvisoryImport) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	path := filepath.Join(folder, fileName(i.Kind, i.Name))
	if before, err := load(path); err == nil && before.Released.After(i.Released) && i.Kind != EndOfLife {
		return fmt.Errorf("%s of %s: %w, of %s", i.Name, i.Released.Format(time.DateOnly), ErrOlder, before.Released.Format(time.DateOnly))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := json.MarshalIndent(i, "", " ")
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(folder, ".import-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(append(text, '\n'))
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.Rename(temporary.Name(), path)
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName is that of a document: its name as far as it is safe, and a digest that keeps two names apart.
func fileName(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\n" + name))
	safe := unsafeInName.ReplaceAllString(name, "-")
	return kind + "-" + strings.Trim(safe[:min(len(safe), 80)], ".-") + "-" + hex.EncodeToString(sum[:4]) + ".json"
}

// Load reads all that was imported, nil where nothing was.
func Load(folder string) (*baseline.Advisories, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var imports []baseline.AdvisoryImport
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		i, err := load(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		imports = append(imports, i)
	}
	if len(imports) == 0 {
		return nil, nil
	}
	slices.SortFunc(imports, func(a, b baseline.AdvisoryImport) int { return strings.Compare(a.Kind+"\n"+a.Name, b.Kind+"\n"+b.Name) })
	return baseline.NewAdvisories(imports), nil
}

func load(path string) (i baseline.AdvisoryImport, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return i, err
	}
	if err := json.Unmarshal(text, &i); err != nil {
		return i, fmt.Errorf("%s: damaged: %w; move it away and import the document again", path, err)
	}
	return i, nil
}

// Remove takes a document out of the folder.
func Remove(folder, kind, name string) error {
	return os.Remove(filepath.Join(folder, fileName(kind, name)))
}
