package envelope

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/alerts"
)

func TestObject(t *testing.T) {
	for _, test := range []struct {
		text string
		want alerts.Fields // nil: refused
	}{
		{`{}`, alerts.Fields{}},
		{` {"a":"b","n":1.50,"yes":true,"none":null} `, alerts.Fields{{Name: "a", Value: "b"}, {Name: "n", Value: "1.50"}, {Name: "yes", Value: "true"}}},
		{`{"tftp":{"file":"a\/b.bin","deep":{"x":-1e3}},"hosts":["10.0.0.1","10.0.0.2"],"empty":[]}`, alerts.Fields{
			{Name: "tftp.file", Value: "a/b.bin"}, {Name: "tftp.deep.x", Value: "-1e3"}, {Name: "hosts", Value: "10.0.0.1"}, {Name: "hosts", Value: "10.0.0.2"}}},
		{`{"a":"\u001b[2J\"\\"}`, alerts.Fields{{Name: "a", Value: "\x1b[2J\"\\"}}},
		{`{"a.b":1,"list":[{"c":2},{"c":3}]}`, alerts.Fields{{Name: "a.b", Value: "1"}, {Name: "list.c", Value: "2"}, {Name: "list.c", Value: "3"}}},
		{`{"host":"a","host":"b"}`, nil},
		{`{"a":1} {"b":2}`, nil},
		{`{"a":1,}`, nil},
		{`{"a" 1}`, nil},
		{`{"a":01}`, nil},
		{`{"a":tru}`, nil},
		{`{"a":"b`, nil},
		{`{"a":"\`, nil},
		{`{"a":"\x"}`, nil},
		{"{\"a\":\"b\nc\"}", nil},
		{`{"a":[1,2}`, nil},
		{`["a"]`, nil},
		{`"a"`, nil},
		{``, nil},
		{strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40), nil},
		{`{"a":[` + strings.Repeat(`1,`, 5000) + `1]}`, nil},
	} {
		got, err := Object(test.text)
		if (err != nil) != (test.want == nil) || test.want != nil && !cmp.Equal(got, test.want) {
			t.Errorf("%.60q: %v, %v", test.text, got, err)
		}
	}
}

// FuzzObject holds that whatever we read, the standard library reads too, and to the same values.
func FuzzObject(f *testing.F) {
	f.Add(`{"timestamp":"2018-10-03T16:16:26.711841+0000","tftp":{"packet":"read","file":"a.bin"},"list":["a",null,{"b":1.5}],"t":true}`)
	f.Add(`{"a":"\u00e9\ud83d\ude00\\"}`)
	f.Add("{\"a\":\"\xff\"}")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Object(text)
		if err != nil {
			return
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var whole map[string]any
		if err := d.Decode(&whole); err != nil {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if have, want := pairs(got), flat("", whole); !slices.Equal(have, want) && !strings.Contains(text, "\xff") && strings.ToValidUTF8(text, "") == text {
			t.Fatalf("%q: %q, want %q", text, have, want)
		}
	})
}

func pairs(fields alerts.Fields) (all []string) {
	for _, f := range fields {
		all = append(all, f.Name+"="+f.Value)
	}
	slices.Sort(all)
	return all
}

func flat(name string, value any) (all []string) {
	switch value := value.(type) {
	case map[string]any:
		for key := range maps.Keys(value) {
			below := key
			if name != "" {
				below = name + "." + key
			}
			all = append(all, flat(below, value[key])...)
		}
	case []any:
		for _, v := range value {
			all = append(all, flat(name, v)...)
		}
	case nil:
	case string:
		all = append(all, name+"="+value)
	case json.Number:
		all = append(all, name+"="+value.String())
	case bool:
		all = append(all, name+"="+map[bool]string{true: "true", false: "false"}[value])
	}
	slices.Sort(all)
	return all
}
