package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"regexp"
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
	sarifSchema, oscal, record := published(t, "sarif-schema-2.1.0.json"), published(t, "oscal_complete_schema-1.1.3.json"), recordSchema(t)
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
		full := false
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
			if !utf8.Valid(out.Bytes()) || strings.ContainsAny(out.String(), "\x00\x1b\u202e") || !full && out.Len() > 200_000 {
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
		valid(t, sarifSchema, fmt.Sprintf("%.40q: SARIF", text), document)
		valid(t, oscal, fmt.Sprintf("%.40q: OSCAL", text), write(func(w io.Writer) Handler { return &OSCAL{Out: w} }))
		full = true // the record leaves nothing out
		for line := range strings.Lines(write(func(w io.Writer) Handler { return &JSON{Out: w} })) {
			valid(t, record, fmt.Sprintf("%.40q: JSON", text), line)
		}
		full = false
		if page := write(func(w io.Writer) Handler { return &Coverage{Out: w} }); strings.Contains(page, "<script") {
			t.Errorf("%.40q: markup in the coverage page", text)
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

// published is a schema that somebody else published, nil where it is not at hand.
func published(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	path := "../../shared/schemas/" + name
	if _, err := os.Stat(path); err != nil {
		t.Logf("%s is missing: that format is not held against its schema", path)
		return nil
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(ecma)
	schema, err := compiler.Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// ecma compiles a pattern of a schema. OSCAL's name classes of Unicode as \p{L}, which Go knows too.
func ecma(pattern string) (jsonschema.Regexp, error) { return regexp.Compile(pattern) }

// valid holds a document against a schema, which may be nil.
func valid(t *testing.T, schema *jsonschema.Schema, what, document string) {
	t.Helper()
	if schema == nil {
		return
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// recordSchema is our own.
func recordSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestRecord holds what the other tests have for right against the schema of docs, and that the schema refuses what is wrong.
func TestRecord(t *testing.T) {
	schema := recordSchema(t)
	text, err := os.ReadFile("testdata/nightly-json.golden")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		valid(t, schema, "the golden report", line)
	}
	for _, wrong := range []string{`{}`, `{"run":{}}`, `{"other":1}`, `{"finding":{"device":"a","control_id":"NDI-BC-03","rule":"r","title":"t","pillar":"H","verdict":"FAIL","message":"m","required":true}}`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil || schema.Validate(value) == nil {
			t.Errorf("%s is valid: %v", wrong, err)
		}
	}
}
