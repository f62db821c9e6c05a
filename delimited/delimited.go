// Package delimited reads tables as people keep them: text whose first line names the columns, with commas, semicolons or tabs between them (RFC 4180, and what spreadsheets
// make of it).
package delimited

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// A Table is read row by row.
type Table struct {
	Titles []string // of the columns, as they stand there
	rows   *csv.Reader
}

// Open reads the first line. The character that stands most often in it is what stands between the columns. Lines that begin with # are comments.
func Open(data []byte) (*Table, error) {
	first, _, _ := strings.Cut(string(data), "\n")
	r := csv.NewReader(bytes.NewReader(data))
	for _, c := range ";\t" {
		if strings.Count(first, string(c)) > strings.Count(first, string(r.Comma)) {
			r.Comma = c
		}
	}
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment = -1, true, '#'
	titles, err := r.Read()
	return &Table{Titles: titles, rows: r}, err
}

// Each calls do for every row, with the line on which it begins, until one is an error. A row may have more fields than there are titles, or fewer.
func (t *Table) Each(do func(line int, row []string) error) error {
	for {
		row, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := t.rows.FieldPos(0)
		if err := do(line, row); err != nil {
			return err
		}
	}
}
