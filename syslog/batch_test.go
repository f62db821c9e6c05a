package syslog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read returns the records of a text, each with its line, and the error that ended it.
func readBatches(text string) (all []string, err error) {
	b := NewBatches(strings.NewReader(text))
	for {
		record, line, err := b.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, fmt.Sprint(line, " ", record))
	}
}

func TestBatches(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		batches bool // for a file; else it is read line by line, and Split parts its lines
		want    []string
	}{
		"a list":                   {`[{"a":1}, {"b":"[x]"}]`, true, []string{`1 {"a":1}`, `1 {"b":"[x]"}`}},
		"a list on several lines":  {"[\n  {\n \"a\": 1\n},\n{\"b\": 2}\n]\n", true, []string{`4 {"a":1}`, `5 {"b":2}`}},
		"an object over lines":     {"{\n\"a\": 1,\n\"b\": {\"c\": [1]}\n}\n{\n\"a\": 2}\n", true, []string{`4 {"a":1,"b":{"c":[1]}}`, `6 {"a":2}`}},
		"Azure":                    {`{"records": [{"a":1},{"b":2}], "more": [{"c":3}]}` + "\n" + `{"records":[{"d":4}]}`, false, []string{`1 {"a":1}`, `1 {"b":2}`, `2 {"d":4}`}},
		"Azure, over lines":        {"{\n\"records\": [\n{\"a\":1},\n{\"b\":2}], \"more\": 1}", true, []string{`3 {"a":1}`, `4 {"b":2}`}},
		"Log Analytics":            {"{\n\"context\": \"x\",\n\"value\": [{\"a\":1}]}", true, []string{`3 {"a":1}`}},
		"Elastic":                  {`{"took":1,` + "\n" + `"hits":{"total":{"value":2},"hits":[{"_source":{"message":"x"}},{"_source":{"message":"y"}}]}}`, true, []string{`2 {"_source":{"message":"x"}}`, `2 {"_source":{"message":"y"}}`}},
		"an object a line":         {`{"a":[{"x":1}]}` + "\n" + `{"a":2}`, false, []string{`1 {"a":[{"x":1}]}`, `2 {"a":2}`}},
		"a device's own brackets":  {"[2026-11-25 02:00:00] core1: x", false, []string{"1 [2026-11-25 02:00:00] core1: x"}},
		"a list of other things":   {`["a","b"]`, false, []string{`1 ["a","b"]`}},
		"nothing":                  {"", false, nil},
		"an empty list, and spice": {"[{}]", true, []string{"1 {}"}},
	} {
		if got := IsBatches([]byte(test.text)); got != test.batches {
			t.Errorf("%s: IsBatches is %v", name, got)
		}
		var got []string
		var err error
		if test.batches {
			got, err = readBatches(test.text)
		} else {
			for i, line := range strings.Split(test.text, "\n") {
				for _, part := range Split(line) {
					if part != "" {
						got = append(got, fmt.Sprint(i+1, " ", part))
					}
				}
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
}

func TestBrokenBatches(t *testing.T) {
	for text, want := range map[string]string{
		"[{\"a\":1},\n{\"b\":": "line 2: no JSON",
		"[{\"a\":1}\n\n x]":    "line 3: no JSON",
		"{\"records\":[{}],1}": "no JSON",
		`[{"a":"` + strings.Repeat("x", maxRecord+1<<20) + `"}]`: errRecord.Error(),
	} {
		_, err := readBatches(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", text, err, want)
		}
	}
}

// FuzzBatches holds that every record is JSON, that lines go up, and that nothing goes on for ever.
func FuzzBatches(f *testing.F) {
	f.Add(`[{"a":1},{"b":2}]`)
	f.Add("{\"records\": [\n{\"a\":1}], \"x\": 1}\n{}")
	f.Add(`{"hits":{"hits":[{"_source":{}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		b, last := NewBatches(strings.NewReader(text)), 1
		for n := 0; ; n++ {
			record, line, err := b.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) && err.Error() == "" {
					t.Fatal("an error that says nothing")
				}
				return
			}
			if !json.Valid([]byte(record)) || line < last || n > len(text) {
				t.Fatalf("record %d, line %d: %q", n, line, record)
			}
			last = line
		}
	})
}
