package advisories

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"trueboot/baseline"
)

// readEndOfLife reads a table of days from which something is supported no more. Its first line names the columns: platform and date are required; model and
// version are patterns with * and ?, and empty for all; what is for people.
//
//	platform,model,version,date,what
//	cisco_ios,WS-C2960X*,,2027-10-31,last day of support
//	cisco_ios,,16.9.*,2022-07-31,end of vulnerability fixes
func readEndOfLife(text []byte, platforms []string) (ends []baseline.EndOfLife, left []string, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment = -1, true, '#'
	heading, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("end of life: %w", err)
	}
	column := map[string]int{}
	for i, name := range heading {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"platform", "date"} {
		if _, ok := column[name]; !ok {
			return nil, nil, fmt.Errorf("end of life: the first line names no column %q; want platform,model,version,date,what", name)
		}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("end of life: %w", err)
		}
		line, _ := r.FieldPos(0)
		cell := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		date, bad := time.Parse(time.DateOnly, cell("date"))
		e := baseline.EndOfLife{Platform: cell("platform"), Model: cell("model"), Version: cell("version"), Date: date, What: cell("what")}
		switch {
		case bad != nil:
			left = append(left, fmt.Sprintf("line %d: date %.40q: want 2027-10-31", line, cell("date")))
		case !slices.Contains(platforms, e.Platform):
			left = append(left, fmt.Sprintf("line %d: platform %.40q is not known", line, e.Platform))
		case e.Model == "" && e.Version == "":
			left = append(left, fmt.Sprintf("line %d: neither a model nor a version: a whole platform does not end", line))
		default:
			ends = append(ends, e)
		}
	}
	if len(ends) == 0 {
		return nil, left, fmt.Errorf("end of life: no line could be read: %s", strings.Join(left[:min(len(left), 3)], "; "))
	}
	return ends, left, nil
}
