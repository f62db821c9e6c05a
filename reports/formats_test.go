package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"trueboot/compare"
	"trueboot/facts"
)

// hostile are texts that mean something to one format or another.
var hostile = []string{
	`<script>alert(1)</script>`, `=HYPERLINK("http://x")`, "+1", "-1", "@SUM(A1)", "|a|b|", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "a\x00b", "\xff\xfe", "line\r\nfeed",
	"]]>", "&amp;", `"quoted", 'twice'`, "`code` *bold* [link](x)", strings.Repeat("long ", 250_000),
}

// TestHostileFormats holds that what devices say stays text in every format, and that the output is well formed.
func TestHostileFormats(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)
	schema := sarifSchema(t)
	for _, text := range hostile {
		finding := compare.Finding{
			Device: text, Control: "NDI-ST-06", Rule: "unknown-files", Title: "No unknown files", Subject: text, Verdict: compare.Fail, Severity: compare.High, Message: text, Next: text,
			Observed: &compare.Observation{Value: text, Command: text, CollectedAt: at}, Expected: &compare.Expectation{Value: text},
			Waived: &compare.Waived{Number: 1, Owner: text, Reason: text, Ticket: text, Expires: at},
		}
		unassessed, open := finding, finding
		unassessed.Verdict, unassessed.Reason, unassessed.Required = compare.NotAssessed, facts.Timeout, true
		open.Waived = nil
		device := Device{Name: text, Address: text, Platform: text, Site: text, Role: text, Outcome: facts.AskedAll, RunningVersion: text, Started: at, Findings: []compare.Finding{finding, unassessed, open}}
		gone := Device{Name: text, Outcome: facts.NoSession, Reason: facts.Unreachable, Detail: text, Started: at}
		write := func(make func(io.Writer) Handler) string {
			var out bytes.Buffer
			run := Run{ID: "1", Started: at, Program: text, Collector: text, Profile: text, Devices: 2}
			h, recap := make(&out), run.Recap()
			recap.Add(device)
			recap.Add(gone)
			recap.Compare(compare.Consensus{Findings: []compare.Finding{open}})
			if err := h.Begin(run); err != nil {
				t.Fatal(err)
			}
			for _, d := range []Device{device, gone} {
				if err := h.Device(d); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.End(recap); err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(out.Bytes()) || strings.ContainsAny(out.String(), "\x00\x1b\u202e") || out.Len() > 200_000 {
				t.Errorf("%.40q: %d bytes, or a byte that no report holds", text, out.Len())
			}
			return out.String()
		}

		rows, err := csv.NewReader(strings.NewReader(write(func(w io.Writer) Handler { return &CSV{Out: w} }))).ReadAll()
		if err != nil || len(rows) != 6 {
			t.Errorf("%.40q: CSV of %d lines: %v", text, len(rows), err)
		}
		for _, row := range rows[1:] {
			for _, field := range row {
				if field != "" && strings.ContainsRune("=+-@|", rune(field[0])) {
					t.Errorf("%.40q: a cell begins as a formula: %.40q", text, field)
				}
			}
		}

		var suites struct {
			Suites []struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Skipped  int `xml:"skipped,attr"`
				Errors   int `xml:"errors,attr"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(write(func(w io.Writer) Handler { return &JUnit{Out: w} })), &suites); err != nil || len(suites.Suites) != 3 {
			t.Errorf("%.40q: JUnit: %+v, %v", text, suites, err)
		} else if s := suites.Suites[0]; s.Tests != 3 || s.Failures != 1 || s.Skipped != 2 || suites.Suites[1].Errors != 1 {
			t.Errorf("%.40q: JUnit counts %+v", text, suites)
		}

		document := write(func(w io.Writer) Handler { return &SARIF{Out: w} })
		var sarif struct {
			Runs []struct{ Results []struct{ Kind string } }
		}
		if err := json.Unmarshal([]byte(document), &sarif); err != nil || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) != 5 {
			t.Errorf("%.40q: SARIF: %+v, %v", text, sarif, err)
		}
		if schema != nil {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
			if err == nil {
				err = schema.Validate(value)
			}
			if err != nil {
				t.Errorf("%.40q: SARIF: %v", text, err)
			}
		}

		site := write(func(w io.Writer) Handler { return &HTML{Out: w} })
		if strings.Contains(site, "<script") || strings.Contains(site, "alert(1)</") || strings.Contains(site, "ZgotmplZ") || !strings.HasSuffix(site, "</html>\n") {
			t.Errorf("%.40q: HTML:\n%.2000s", text, site)
		}

		page := write(func(w io.Writer) Handler { return &Markdown{Out: w} })
		if strings.Contains(page, "<script") || strings.Contains(page, "[link](x)") || strings.Contains(page, "`code`") {
			t.Errorf("%.40q: markup in\n%.400s", text, page)
		}
		for line := range strings.Lines(page) { // a cell more would move the others
			if cells := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); cells != 0 && cells != 6 && cells != 8 && cells != 5 {
				t.Errorf("%.40q: %d bars in %.200q", text, cells, line)
			}
		}
	}
}

// sarifSchema is the schema that OASIS published, nil where it is not at hand.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const path = "../../shared/schemas/sarif-schema-2.1.0.json"
	if _, err := os.Stat(path); err != nil {
		t.Logf("%s is missing: SARIF is not held against its schema", path)
		return nil
	}
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
