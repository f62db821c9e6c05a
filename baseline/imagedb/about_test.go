package imagedb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/baseline/known"
	"trueboot/facts"
)

// TestMeasurements holds that what a secure boot measured is looked up among Cisco's Known Good Values, and not among the digests of files.
func TestMeasurements(t *testing.T) {
	biv, file := strings.Repeat("ab", 32), strings.Repeat("cd", 64)
	path := filepath.Join(t.TempDir(), "kgv.json")
	text := `{"header":{"timestamp":"2026-01-01","version":"1"},"bulkHash":[{"filename":"cat9k-rpbase.17.09.04a.SPA.pkg","dtype":"osimage","platform":"C9300","sha512":"` + file + `","biv_hash":"` + strings.ToUpper(biv) + `"}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t)
	if _, _, wrong, err := take(s, path, known.Options{Unsigned: true, Provenance: baseline.VendorPage}, false); err != nil || len(wrong) > 0 {
		t.Fatal(wrong, err)
	}
	about, err := s.About(facts.Set{Facts: []facts.Fact{{Kind: facts.BootMeasurement, Subject: "cat9k-rpbase.17.09.04a.SPA.pkg", Value: "sha256:" + biv}, {Kind: facts.BootMeasurement, Subject: "boot 0", Value: "sha512:" + file}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := about.Digest(baseline.Measured + "sha256:" + biv); len(got) != 1 || got[0].Name != "cat9k-rpbase.17.09.04a.SPA.pkg" {
		t.Errorf("%+v", got)
	}
	if got := about.Digest(baseline.Measured + "sha512:" + file); len(got) != 0 {
		t.Errorf("the digest of a file is taken for a measurement: %+v", got)
	}
	if len(about.Named("cat9k-rpbase.17.09.04a.SPA.pkg")) != 1 {
		t.Error("the image is not found by its name")
	}
}
