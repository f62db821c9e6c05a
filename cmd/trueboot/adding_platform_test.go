package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// addingPage is the page that takes a reader through adding a platform.
const addingPage = "../../docs/adding-a-platform.md"

// A pageBlock is a code block of a page, with what stands behind its language.
type pageBlock struct{ language, words, text string }

// pageBlocks takes a page apart.
func pageBlocks(t *testing.T, path string) []pageBlock {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []pageBlock
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+) ?([^\n]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		all = append(all, pageBlock{m[1], m[2], m[3]})
	}
	return all
}

// TestAddingAPlatform follows docs/adding-a-platform.md in a copy of the module: it writes the files that the page shows, changes those
// that it changes, and runs what it runs.
func TestAddingAPlatform(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a copy of the module")
	}
	module := t.TempDir()
	copyModule(t, "../..", module)
	var output string
	for _, b := range pageBlocks(t, addingPage) {
		path, ofFile := strings.CutPrefix(b.words, "file=")
		path = filepath.Join(module, filepath.FromSlash(path))
		switch {
		case b.language == "diff" && ofFile:
			apply(t, path, b.text)
		case ofFile:
			if filepath.Base(filepath.Dir(path)) == "versions" {
				b.text += morePairs(60)
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.text), 0o644); err != nil {
				t.Fatal(err)
			}
		case b.words == "output":
			output = b.text
		}
	}
	run := func(arguments ...string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), "go", arguments...)
		c.Dir = module
		var out, problems bytes.Buffer
		c.Stdout, c.Stderr = &out, &problems
		if err := c.Run(); err != nil {
			t.Fatalf("go %s: %v\n%s%s", strings.Join(arguments, " "), err, out.String(), problems.String())
		}
		return out.String()
	}
	run("vet", "./collectors/acme")
	run("test", "./collectors/platforms", "-run", "Golden", "-update")
	if golden, err := os.ReadFile(filepath.Join(module, "testdata/facts/acme_os/good.jsonl")); err != nil || !bytes.Contains(golden, []byte(`"image digest"`)) {
		t.Errorf("the golden facts of the good capture hold no digest: %v\n%s", err, golden)
	}
	run("test", "./collectors/platforms")
	run("test", "./cmd/trueboot", "-run", "TestImportsPointOneWay")
	got := run("run", "./cmd/trueboot", "facts", "--platform", "acme_os", "testdata/acme_os/good/show_version.txt")
	if diff := cmp.Diff(output, got); diff != "" {
		t.Errorf("what the page shows, and what is printed:\n%s", diff)
	}
}

// morePairs makes up as many pairs as a file of versions needs at least.
func morePairs(n int) string {
	var pairs strings.Builder
	for i := range n {
		fmt.Fprintf(&pairs, "5.%d.0 < 5.%d.0\n", i, i+1)
	}
	return pairs.String()
}

// apply puts the added lines of a block behind the line that stands before them. Lines count without the blanks around them.
func apply(t *testing.T, path, change string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	at := -1
	for line := range strings.Lines(change) {
		added := strings.HasPrefix(line, "+")
		if !added {
			for i, l := range lines {
				if strings.TrimSpace(l) == strings.TrimSpace(line) {
					at = i
				}
			}
		}
		if at < 0 {
			t.Fatalf("%s has no line %q", path, line)
		}
		if added {
			at++
			lines = append(lines[:at], append([]string{line[1:]}, lines[at:]...)...)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
}

// copyModule copies what a build and the tests need: no stores, nothing of git's.
func copyModule(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		case !entry.Type().IsRegular() || strings.HasSuffix(name, ".db"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
