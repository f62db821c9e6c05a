package imagedb

import (
	"bytes"
	"crypto/md5"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/baseline/known"
)

// aList writes a bulk hash table of images n to m.
func aList(t testing.TB, n, m int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), fmt.Sprintf("BulkHash%d.csv", n))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	for i := n; i < m; i++ {
		fmt.Fprintf(&b, "%s,%s,%s,x,active,%d\n", imageName(i), md5Of(i), sha512Of(i), 1000+i)
		if b.Len() > 1<<20 {
			if _, err := b.WriteTo(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := b.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	return path
}

func imageName(i int) string { return fmt.Sprintf("c2900-universalk9-mz.SPA.%d.bin", i) }

func md5Of(i int) string {
	sum := md5.Sum(binary.BigEndian.AppendUint64(nil, uint64(i)))
	return hex.EncodeToString(sum[:])
}

func sha512Of(i int) string {
	sum := sha512.Sum512(binary.BigEndian.AppendUint64(nil, uint64(i)))
	return hex.EncodeToString(sum[:])
}

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "known.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func take(s *Store, path string, o known.Options, leaveOut bool) (known.Source, []Dispute, []*known.RowError, error) {
	in, err := known.Open(path, o)
	if err != nil {
		return known.Source{}, nil, nil, err
	}
	defer in.Close()
	var wrong []*known.RowError
	source, disputes, err := s.Import(in, known.Source{File: path, By: "jo", At: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}, leaveOut, func(e *known.RowError) { wrong = append(wrong, e) })
	return source, disputes, wrong, err
}

var unsigned = known.Options{Unsigned: true, Provenance: baseline.VendorPage}

func TestImportAndLookup(t *testing.T) {
	s := open(t)
	const n = 5000
	for from := 0; from < n; from += 1000 { // several sources, so that segments are merged
		source, _, wrong, err := take(s, aList(t, from, from+1000), unsigned, false)
		if err != nil || len(wrong) > 0 || source.Images != 1000 {
			t.Fatalf("source %+v, %d wrong rows, %v", source, len(wrong), err)
		}
	}
	for _, i := range []int{0, 1, 31, 32, 999, 1000, 2500, n - 1} {
		for _, text := range []string{md5Of(i), sha512Of(i)} {
			d, err := known.ParseDigest(text)
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.ByDigest(d)
			if err != nil || len(found) != 1 || found[0].Name != imageName(i) || found[0].Size != int64(1000+i) || found[0].Source.Number != 1+i/1000 || found[0].Line != 1+i%1000 {
				t.Errorf("%s leads to %+v, %v", d, found, err)
			}
		}
		found, err := s.ByName(fmt.Sprintf("C2900-universalk9-mz.SPA.%d.bin", i))
		if err != nil || len(found) != 1 || found[0].Status != "active" || found[0].Vendor != "Cisco" {
			t.Errorf("name %d leads to %+v, %v", i, found, err)
		}
	}
	if found, err := s.ByDigest(known.Digest{Algorithm: "md5", Value: md5Of(n)}); err != nil || len(found) > 0 {
		t.Errorf("a digest that nobody knows leads to %+v, %v", found, err)
	}
	// The first 15 bytes are those of image 7, the rest is not.
	if found, err := s.ByDigest(known.Digest{Algorithm: "sha512", Value: sha512Of(7)[:126] + "00"}); err != nil || len(found) > 0 {
		t.Errorf("a prefix leads to %+v, %v", found, err)
	}
	if err := s.Retire(1, "a test"); err != nil {
		t.Fatal(err)
	}
	if found, err := s.ByName(imageName(1)); err != nil || len(found) > 0 {
		t.Errorf("a row of a retired source counts: %+v, %v", found, err)
	}
}

// TestNothingChanges holds that an import that can't be accepted leaves the store as it was.
func TestNothingChanges(t *testing.T) {
	s := open(t)
	list := aList(t, 0, 100)
	if _, _, _, err := take(s, list, unsigned, false); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, test := range map[string]struct {
		path string
		o    known.Options
		want error
	}{
		"the same file":   {list, unsigned, ErrImported},
		"another digest":  {write("SHA512SUMS", sha512Of(5)+"  "+imageName(500)+"\n"+sha512Of(7)+"  "+imageName(8)+"\n"), unsigned, ErrDisputed},
		"two in one file": {write("MD5SUMS", md5Of(501)+"  b.bin\n"+md5Of(502)+"  b.bin\n"), unsigned, ErrDisputed},
		"no signature":    {list, known.Options{}, known.ErrUnsigned},
		"unknown origin":  {write("MD5SUMS", md5Of(500)+"  a.bin\n"), known.Options{}, known.ErrProvenance},
	} {
		_, _, _, err := take(s, test.path, test.o, false)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if sources, err := s.Sources(); err != nil || len(sources) != 1 {
			t.Errorf("%s: %d sources, %v", name, len(sources), err)
		}
		for _, file := range []string{imageName(500), "a.bin", "b.bin"} {
			if found, err := s.ByName(file); err != nil || len(found) > 0 {
				t.Errorf("%s: %s leads to %+v, %v", name, file, found, err)
			}
		}
	}
	// What was left behind is gone after the next import, which counts.
	if _, disputes, _, err := take(s, write("SHA512SUMS", sha512Of(700)+"  "+imageName(700)+"\n"+sha512Of(7)+"  "+imageName(8)+"\n"), unsigned, true); err != nil || len(disputes) != 1 {
		t.Errorf("disputes %v, %v", disputes, err)
	}
	if found, err := s.ByName(imageName(700)); err != nil || len(found) != 1 || found[0].Source.Number != 2 {
		t.Errorf("image 700 leads to %+v, %v", found, err)
	}
	if found, err := s.ByName(imageName(8)); err != nil || len(found) != 1 || found[0].Source.Number != 1 {
		t.Errorf("the disputed row counts: %+v, %v", found, err)
	}
}

// BenchmarkImport takes a table of a million rows.
func BenchmarkImport(b *testing.B) {
	const rows = 1_000_000
	list := aList(b, 0, rows)
	for b.Loop() {
		s := open(b)
		if _, _, _, err := take(s, list, unsigned, false); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLookup looks up digests that are known, each another, in a store of TRUEBOOT_BENCH_IMAGES images (a million), each with two
// digests.
func BenchmarkLookup(b *testing.B) {
	images := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("TRUEBOOT_BENCH_IMAGES")); err == nil {
		images = n
	}
	s := open(b)
	const perList = 1_000_000
	for from := 0; from < images; from += perList {
		if _, _, _, err := take(s, aList(b, from, min(from+perList, images)), unsigned, false); err != nil {
			b.Fatal(err)
		}
	}
	info, err := os.Stat(s.file.Path())
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		i := n * 7919 % images
		found, err := s.ByDigest(known.Digest{Algorithm: "sha512", Value: sha512Of(i)})
		if err != nil || len(found) != 1 {
			b.Fatalf("%d: %d found, %v", i, len(found), err)
		}
	}
	b.ReportMetric(float64(info.Size())/float64(images), "bytes/image")
}
