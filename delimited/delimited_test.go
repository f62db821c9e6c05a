package delimited

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	for name, test := range map[string][2]string{
		"commas":           {"a,b\n1, 2\n# x\n\"3,\n4\",5\n", `["a" "b"] 2["1" "2"] 4["3,\n4" "5"]`},
		"semicolons":       {"a;b,c;d\n1;2,3;4\n", `["a" "b,c" "d"] 2["1" "2,3" "4"]`},
		"tabs":             {"a\tb\n1\t2\n", `["a" "b"] 2["1" "2"]`},
		"a ragged row":     {"a,b\n1\n1,2,3\n", `["a" "b"] 2["1"] 3["1" "2" "3"]`},
		"an open mark":     {"a,b\n\"1,2\n", `["a" "b"] error`},
		"no line":          {"", "error"},
		"only the columns": {"a,b", `["a" "b"]`},
	} {
		got := ""
		table, err := Open([]byte(test[0]))
		if err == nil {
			got = fmt.Sprintf("%q", table.Titles)
			err = table.Each(func(line int, row []string) error { got += fmt.Sprintf(" %d%q", line, row); return nil })
		}
		if err != nil {
			got = strings.TrimSpace(got + " error")
		}
		if got != test[1] {
			t.Errorf("%s: %s, not %s", name, got, test[1])
		}
	}
	stop := errors.New("stop")
	table, err := Open([]byte("a\n1\n2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Each(func(int, []string) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}
