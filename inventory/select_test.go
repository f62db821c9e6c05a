package inventory

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSelect(t *testing.T) {
	inventory := &Inventory{Path: "inventory.yaml", Devices: []Device{
		{Name: "core1", Tags: []string{"core", "paris"}},
		{Name: "core2", Tags: []string{"core", "lyon"}},
		{Name: "Edge1", Tags: []string{"edge", "paris"}},
		{Name: "lab1"},
	}}
	named := func(list string) ([]string, error) {
		switch list {
		case "retry":
			return []string{"lab1", "core2", "gone"}, nil
		case "gone":
			return []string{"gone"}, nil
		}
		return nil, errors.New("no such list")
	}
	tests := []struct{ name, limit, tags, want, wantErr string }{
		{name: "all", want: "core1 core2 Edge1 lab1"},
		{name: "glob", limit: "core*", want: "core1 core2"},
		{name: "case does not matter", limit: "CORE1,edge?", want: "core1 Edge1"},
		{name: "order of the file", limit: "lab1,core1", want: "core1 lab1"},
		{name: "twice is once", limit: "core1,core*", want: "core1 core2"},
		{name: "class", limit: "core[2-9]", want: "core2"},
		{name: "all but", limit: "!lab*", want: "core1 core2 Edge1"},
		{name: "exclusion before inclusion", limit: "!core2,core*", want: "core1"},
		{name: "list", limit: "@retry", want: "core2 lab1"},
		{name: "all but a list", limit: "!@retry", want: "core1 Edge1"},
		{name: "blanks", limit: " core1 , lab1 ,", want: "core1 lab1"},
		{name: "tag", tags: "paris", want: "core1 Edge1"},
		{name: "both tags", tags: "paris core", want: "core1"},
		{name: "tag and limit", limit: "core*", tags: "lyon", want: "core2"},

		{name: "typing error", limit: "croe1", wantErr: `limit: no device of inventory.yaml matches "croe1"; did you mean core1?`},
		{name: "typing error in an exclusion", limit: "!lba1", wantErr: `limit: no device of inventory.yaml matches "lba1"; did you mean lab1?`},
		{name: "unlike any", limit: "fw-frankfurt", wantErr: `limit: no device of inventory.yaml matches "fw-frankfurt"; there are core1, core2, Edge1, lab1`},
		{name: "bad pattern", limit: "core[", wantErr: `limit: "core[" is not a pattern: want a name, with * for any letters, ? for one, [ab] for one of several`},
		{name: "lone exclamation mark", limit: "!", wantErr: `limit: "" is not a pattern: want a name, with * for any letters, ? for one, [ab] for one of several`},
		{name: "hostile pattern", limit: "\x1b[2J\n", wantErr: `limit: "\x1b[2J" is not a pattern: want a name, with * for any letters, ? for one, [ab] for one of several`},
		{name: "unknown list", limit: "@other", wantErr: `limit: "@other": no such list`},
		{name: "list without devices", limit: "@gone", wantErr: `limit: "@gone" holds 1 names and no device of inventory.yaml`},
		{name: "unknown tag", tags: "pari", wantErr: `no device of inventory.yaml has the tag "pari"; did you mean paris?`},
		{name: "empty tag", tags: "paris ", wantErr: `a tag is empty`},
		{name: "nothing left", limit: "lab1", tags: "paris", wantErr: `the limit "lab1" and the tags "paris" together leave no device of inventory.yaml`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var tags []string
			if tt.tags != "" {
				tags = strings.Split(tt.tags, " ")
			}
			devices, err := inventory.Select(tt.limit, tags, named)
			if err != nil {
				if diff := cmp.Diff(tt.wantErr, err.Error()); diff != "" {
					t.Error(diff)
				}
				return
			}
			var names []string
			for _, d := range devices {
				names = append(names, d.Name)
			}
			if got := strings.Join(names, " "); got != tt.want || tt.wantErr != "" {
				t.Errorf("got %q, want %q %s", got, tt.want, tt.wantErr)
			}
		})
	}
	if _, err := inventory.Select("@retry", nil, nil); err == nil {
		t.Error("a list is accepted where there are none")
	}
}
