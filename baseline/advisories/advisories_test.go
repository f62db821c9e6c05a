package advisories

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"trueboot/baseline"
	"trueboot/facts"
)

var names = []string{"cisco_ios", "juniper_junos"}

// dotted orders versions of numbers and points, for tests.
func dotted(a, b string) (facts.Order, string) {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != 3 || len(y) != 3 {
		return facts.Incomparable, "not three numbers"
	}
	for i := range x {
		switch {
		case len(x[i]) != len(y[i]):
			return map[bool]facts.Order{true: facts.Older, false: facts.Newer}[len(x[i]) < len(y[i])], ""
		case x[i] < y[i]:
			return facts.Older, ""
		case x[i] > y[i]:
			return facts.Newer, ""
		}
	}
	return facts.Same, ""
}

func TestRanges(t *testing.T) {
	for text, want := range map[string]struct {
		inside, outside string
	}{
		"vers:generic/>=17.3.1|<17.3.8":      {"17.3.1 17.3.7", "17.3.8 17.2.9"},
		">=17.3.1|<17.3.8|>=17.6.1|<=17.6.3": {"17.3.2 17.6.3", "17.4.1 17.6.4"},
		"<17.3.8":                            {"1.1.1 17.3.7", "17.3.8"},
		"< 10.2.9":                           {"10.2.8", "10.2.9"},
		"10.2.0 < 10.2.9":                    {"10.2.0 10.2.8", "10.1.9 10.2.9"},
		"All versions prior to 10.4.2":       {"10.4.1", "10.4.2"},
		"versions up to 10.4.2":              {"10.4.2", "10.4.3"},
		"4.28.0 through 4.28.6":              {"4.28.0 4.28.6", "4.28.7 4.27.9"},
		"21.1.0 versions prior to 21.1.3":    {"21.1.2", "21.1.3 20.1.1"},
		"=4.28.3":                            {"4.28.3", "4.28.4"},
		"*":                                  {"1.1.1", ""},
		">4.28.3":                            {"4.28.4", "4.28.3"},
	} {
		ranges, err := parseRanges(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		contains := func(v string) bool {
			for _, r := range ranges {
				if in, ok := r.Contains(v, dotted); in && ok {
					return true
				}
			}
			return false
		}
		for v := range strings.FieldsSeq(want.inside) {
			if !contains(v) {
				t.Errorf("%q leaves %s out", text, v)
			}
		}
		for v := range strings.FieldsSeq(want.outside) {
			if contains(v) {
				t.Errorf("%q holds %s", text, v)
			}
		}
	}
	for _, text := range []string{"", "|", "!=1.2.3", "some versions", ">= |", "<\x00", "see the advisory"} {
		if r, err := parseRanges(text); err == nil {
			t.Errorf("%q is %v", text, r)
		}
	}
	train := baseline.Range{From: "21.2", FromIn: true, To: "21.2.9"}
	for version, want := range map[string][2]bool{"21.2.8": {true, true}, "21.2.9": {false, true}, "21.20.1": {false, false}, "20.1.1": {false, false}} {
		if in, ok := train.Contains(version, dotted); [2]bool{in, ok} != want {
			t.Errorf("%s: %t, %t", version, in, ok)
		}
	}
}

// read reads a document that others published, and skips the test where it is not at hand.
func read(t *testing.T, name string) baseline.AdvisoryImport {
	t.Helper()
	path := "../../../shared/schemas/" + name
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("%s is missing", path)
	}
	defer file.Close()
	i, err := Read(path, file, names)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestCiscoAdvisory(t *testing.T) {
	i := read(t, "csaf/cisco-sa-20180328-smi2.json")
	a := i.Advisory
	if i.Kind != CSAF || a.ID != "cisco-sa-20180328-smi2" || !gocmp.Equal(a.CVEs, []string{"CVE-2018-0171"}) || len(i.Left) != 0 || i.Released.IsZero() || a.Severity == "" {
		t.Errorf("%+v, left %q", a, i.Left)
	}
	kev := read(t, "kev.json")
	if kev.Entries != 1404 || len(kev.Left) != 0 {
		t.Errorf("%d vulnerabilities, left %q", kev.Entries, kev.Left)
	}
	published := baseline.NewAdvisories([]baseline.AdvisoryImport{i, kev})
	same := func(a, b string) (facts.Order, string) {
		if a == b {
			return facts.Same, ""
		}
		return facts.Incomparable, ""
	}
	hits, _ := published.Hits("cisco_ios", "IOS", "12.2(55)SE", same)
	if len(hits) != 1 || hits[0].Exploited == nil || hits[0].Exploited.CVE != "CVE-2018-0171" {
		t.Errorf("%+v", hits)
	}
	for _, other := range []struct{ system, version string }{{"IOS XE", "12.2(55)SE"}, {"IOS", "12.2(55)SE99"}} {
		if hits, _ := published.Hits("cisco_ios", other.system, other.version, same); len(hits) != 0 {
			t.Errorf("%v: %+v", other, hits)
		}
	}
}

func TestEndOfLife(t *testing.T) {
	i, err := Read("eol.csv", strings.NewReader("\ufeffPlatform,Model,Version,Date,What\n# a comment\ncisco_ios,WS-C2960X*,,2027-10-31,last day of support\ncisco_ios,,16.9.*,2022-07-31,\nnosuch,x,,2022-01-01,\ncisco_ios,x,,soon,\ncisco_ios,,,2022-01-01,\n"), names)
	if err != nil || i.Entries != 2 || len(i.Left) != 3 {
		t.Fatalf("%+v, %v", i, err)
	}
	published := baseline.NewAdvisories([]baseline.AdvisoryImport{i})
	at := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	if e := published.Ended("cisco_ios", []string{"ISR4331/K9"}, "16.9.5", at); len(e) != 1 || e[0].Version != "16.9.*" {
		t.Errorf("%+v", e)
	}
	if e := published.Ended("cisco_ios", []string{"WS-C2960X-48FPD-L"}, "15.2(7)E8", at); len(e) != 0 {
		t.Errorf("%+v", e)
	}
	if e := published.Ended("cisco_ios", []string{"WS-C2960X-48FPD-L"}, "15.2(7)E8", at.AddDate(1, 0, 0)); len(e) != 1 {
		t.Errorf("%+v", e)
	}
}

func TestBadDocuments(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "other JSON": `{"a":1}`, "cut short": `{"document":{"title":"x"`, "no id": `{"document":{"csaf_version":"2.0"}}`, "CSAF 1": `{"document":{"csaf_version":"1.2","tracking":{"id":"x"}}}`,
		"KEV with fewer": `{"catalogVersion":"1","dateReleased":"2025-08-25T17:04:19Z","count":2,"vulnerabilities":[]}`, "KEV without a date": `{"catalogVersion":"1","count":0}`,
		"a table without columns": "a,b\n1,2\n", "a table without a line": "platform,date\n", "deep": `{"document":{"csaf_version":"2.0","tracking":{"id":"x"}},"product_tree":{"branches":` + strings.Repeat(`[{"branches":`, 20000),
	} {
		if i, err := Read("file", strings.NewReader(text), names); err == nil {
			t.Errorf("%s: %+v", name, i)
		}
	}
	// Branches without end are left, and said.
	deep := `{"document":{"csaf_version":"2.0","tracking":{"id":"x","current_release_date":"2025-01-01T00:00:00Z"}},"product_tree":{"branches":` + strings.Repeat(`[{"branches":`, 100) + "[]" + strings.Repeat("}]", 100) + "}}"
	if i, err := Read("file", strings.NewReader(deep), names); err != nil || len(i.Left) == 0 {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestKeep(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "advisories")
	if a, err := Load(folder); a != nil || err != nil {
		t.Fatal(a, err)
	}
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	document := func(released time.Time, version string) baseline.AdvisoryImport {
		return baseline.AdvisoryImport{Kind: CSAF, Name: "../../x y", Released: released, Advisory: &baseline.Advisory{ID: "x", Affected: []baseline.Affected{{Platform: "p", Versions: []string{version}}}}}
	}
	if err := Keep(folder, document(at, "1")); err != nil {
		t.Fatal(err)
	}
	if err := Keep(folder, document(at.AddDate(0, 0, 1), "2")); err != nil {
		t.Fatal(err)
	}
	if err := Keep(folder, document(at, "1")); !errors.Is(err, ErrOlder) {
		t.Errorf("an older revision: %v", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 || strings.ContainsAny(entries[0].Name(), "/ ") {
		t.Fatalf("%v, %v", entries, err)
	}
	published, err := Load(folder)
	if err != nil || len(published.Imports) != 1 {
		t.Fatal(published, err)
	}
	if hits, _ := published.Hits("p", "", "2", dotted); len(hits) != 1 {
		t.Error("the newer revision does not count")
	}
	if err := os.WriteFile(filepath.Join(folder, "csaf-broken.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(folder); err == nil || !strings.Contains(err.Error(), "import the document again") {
		t.Errorf("a damaged file: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"document":{"csaf_version":"2.0","tracking":{"id":"x","current_release_date":"2025-01-01T00:00:00Z"},"publisher":{"name":"Cisco"}},"product_tree":{"branches":[{"category":"product_name","name":"IOS","branches":[{"category":"product_version_range","name":"<15.2","product":{"product_id":"1","name":"x"}}]}]},"vulnerabilities":[{"cve":"CVE-2025-0001","product_status":{"known_affected":["1"]}}]}`)
	f.Add("platform,date,model\ncisco_ios,2025-01-01,x\n")
	f.Add(`{"catalogVersion":"1","dateReleased":"2025-08-25T17:04:19Z","count":0,"vulnerabilities":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		i, err := Read("file", strings.NewReader(text), names)
		if err != nil {
			return
		}
		if i.Kind == "" || i.Name == "" {
			t.Errorf("%+v has no kind or no name", i)
		}
		published := baseline.NewAdvisories([]baseline.AdvisoryImport{i})
		for _, platform := range names {
			published.Hits(platform, "", "1.2.3", dotted)
		}
	})
}
