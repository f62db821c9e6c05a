package known

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows yields the images of a source one by one. Next returns io.EOF after the last; an error that is a [*RowError] concerns one row, and
// the next call goes on behind it.
type Rows interface {
	Next() (Image, error)
}

// A RowError is a row that was left out.
type RowError struct {
	Line int
	Err  error
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *RowError) Unwrap() error { return e.Err }

// longestLine is far above any real row: a Bulk Hash row has 300 bytes.
const longestLine = 64 << 10

var errLongLine = fmt.Errorf("the line is longer than %d bytes", longestLine)

// lines hands out lines without their ends, and knows their numbers. A line that is too long is an error of that row.
type lines struct {
	r    *bufio.Reader
	line int
}

func newLines(r io.Reader) *lines { // A reader that buffers more would be taken as it is, with its own limit.
	return &lines{r: bufio.NewReaderSize(struct{ io.Reader }{r}, longestLine)}
}

// next returns a line that holds until the next call.
func (l *lines) next() ([]byte, error) {
	text, err := l.r.ReadSlice('\n')
	if len(text) == 0 && err != nil {
		return nil, err
	}
	l.line++
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		return nil, &RowError{l.line, errLongLine}
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if l.line == 1 {
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	}
	return bytes.TrimRight(text, "\r\n"), nil
}

// checksums reads lists as md5sum and its like, BSD, OpenSSL and Cisco's command line print them.
//
//	0123456789abcdef0123456789abcdef  c2900-universalk9-mz.SPA.152-4.M6.bin
//	0123456789abcdef0123456789abcdef *nxos.9.3.7.bin
//	SHA512 (EOS-4.28.9M.swi) = 0123…
//	SHA256(junos-install-mx-x86-64-21.4R3.tgz)= 0123…
//	verify /md5 (flash:c2900.bin) = 0123…
//	0123…            (a sidecar, which holds the digest of the file that it is named after)
type checksums struct {
	lines
	file string // the list's own name, for a sidecar
}

func newChecksums(r io.Reader, file string) Rows { return &checksums{*newLines(r), file} }

func (c *checksums) Next() (Image, error) {
	for {
		line, err := c.next()
		if err != nil {
			return Image{}, err
		}
		text := strings.TrimSpace(string(line))
		if text == "" || text[0] == '#' || text[0] == ';' || strings.HasPrefix(text, "//") {
			continue
		}
		image, err := checksumLine(text, c.file)
		if err != nil {
			return Image{}, &RowError{c.line, err}
		}
		image.Line = c.line
		return image, nil
	}
}

var errNoChecksum = errors.New("not a line of a checksum list: <digest>  <file>, or SHA256 (<file>) = <digest>")

func checksumLine(text, list string) (Image, error) {
	if !utf8.ValidString(text) {
		return Image{}, errors.New("not UTF-8")
	}
	escaped := strings.HasPrefix(text, `\`) // GNU: the name holds a backslash or a line feed
	if escaped {
		text = text[1:]
	}
	var label, name, digits string
	if before, after, ok := strings.Cut(text, " = "); ok && strings.HasSuffix(before, ")") {
		label, name, digits = labelled(before, after)
	} else if before, after, ok := strings.Cut(text, ")= "); ok {
		label, name, digits = labelled(before+")", after)
	} else {
		digits, name, _ = strings.Cut(text, " ")
		name = strings.TrimPrefix(strings.TrimLeft(name, " "), "*")
	}
	if digits == "" {
		return Image{}, errNoChecksum
	}
	d, err := ParseDigest(digits)
	if err != nil {
		if algorithmOf(len(digits)) == "" && label == "" {
			return Image{}, errNoChecksum
		}
		return Image{}, err
	}
	if label != "" && algorithmName(label) != d.Algorithm {
		return Image{}, fmt.Errorf("%q names another algorithm than the %d digits of %s", label, len(d.Value), d.Algorithm)
	}
	if name == "" {
		// The sidecar of a.bin is a.bin.sha512.
		if ext := strings.LastIndexByte(list, '.'); ext > 0 && algorithmName(list[ext+1:]) == d.Algorithm {
			name = list[:ext]
		} else {
			return Image{}, errors.New("a digest without a file name, in a list that is not named after a file (image.bin.sha512)")
		}
	}
	if escaped {
		name = strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(name)
	}
	return Image{Name: baseName(name), Digests: []Digest{d}}, nil
}

// labelled takes "SHA512 (name)" or "verify /md5 (flash:name)" apart.
func labelled(before, digits string) (label, name, value string) {
	open := strings.IndexByte(before, '(')
	if open < 0 {
		return "", "", ""
	}
	words := strings.Fields(before[:open])
	if len(words) == 0 {
		return "", "", ""
	}
	return words[len(words)-1], before[open+1 : len(before)-1], strings.TrimSpace(digits)
}

// A Column is what a column of a table holds.
type Column string

// The columns. One of an algorithm's name ("md5", "sha512") holds a digest; "digest" one of any algorithm.
const (
	NameColumn    Column = "filename"
	SizeColumn    Column = "size"
	VersionColumn Column = "version"
	ProductColumn Column = "product"
	VendorColumn  Column = "vendor"
	StatusColumn  Column = "status"
	KindColumn    Column = "kind"
	BundleColumn  Column = "bundle"
	DigestColumn  Column = "digest"
)

// headings are what tables call their columns, without blanks, dashes and case.
var headings = map[string]Column{
	"filename": NameColumn, "file": NameColumn, "name": NameColumn, "image": NameColumn, "imagename": NameColumn, "description": "",
	"size": SizeColumn, "filesize": SizeColumn, "bytes": SizeColumn, "sizeinbytes": SizeColumn, "sizebytes": SizeColumn,
	"version": VersionColumn, "release": VersionColumn, "product": ProductColumn, "platform": ProductColumn, "model": ProductColumn,
	"vendor": VendorColumn, "status": StatusColumn, "kind": KindColumn, "type": KindColumn, "dtype": KindColumn, "bundle": BundleColumn,
	"checksum": DigestColumn, "digest": DigestColumn, "hash": DigestColumn,
}

func columnOf(heading string) Column {
	folded := strings.NewReplacer(" ", "", "-", "", "_", "", ".", "").Replace(strings.ToLower(strings.TrimSpace(heading)))
	if c, ok := headings[folded]; ok {
		return c
	}
	if name := algorithmName(heading); name != "" {
		return Column(name)
	}
	return ""
}

// ParseMapping reads what a user says of a table without headings, or with headings of its own: "filename=1,md5=Prüfsumme". Columns
// count from 1.
func ParseMapping(text string) (map[string]Column, error) {
	mapping := map[string]Column{}
	for pair := range strings.SplitSeq(text, ",") {
		name, where, ok := strings.Cut(pair, "=")
		column := columnOf(name)
		if !ok || column == "" || strings.TrimSpace(where) == "" {
			return nil, fmt.Errorf("%q: say COLUMN=HEADING or COLUMN=NUMBER, where COLUMN is filename, size, version, product, vendor, status, kind, bundle, digest, or an algorithm such as sha512", pair)
		}
		mapping[strings.ToLower(strings.TrimSpace(where))] = column
	}
	return mapping, nil
}

// table reads comma-, semicolon- or tab-separated values with a heading, or with a mapping by number.
type table struct {
	lines
	comma   byte
	columns []Column
	row     []string
	unread  bool // the row at hand is no heading
	bulk    bool
}

// newTable reads the heading.
func newTable(r io.Reader, comma byte, mapping map[string]Column) (Rows, error) {
	t := &table{lines: *newLines(r), comma: comma}
	first, err := t.next()
	if err == nil {
		t.row, err = splitRow(nil, string(first), comma)
	}
	if err != nil {
		return nil, fmt.Errorf("the heading: %w", err)
	}
	t.unread = true
	for i, heading := range t.row {
		column := columnOf(heading)
		if mapped, ok := mapping[strings.ToLower(strings.TrimSpace(heading))]; ok {
			column, t.unread = mapped, false
		} else if mapped, ok := mapping[strconv.Itoa(i+1)]; ok {
			column = mapped
		} else if column != "" {
			t.unread = false
		}
		t.columns = append(t.columns, column)
	}
	digest := slices.ContainsFunc(t.columns, func(c Column) bool { return c == DigestColumn || lengths[string(c)] > 0 })
	if !digest || !slices.Contains(t.columns, NameColumn) {
		return nil, fmt.Errorf("no column for the file name and one for a digest: name them with --columns filename=…,sha512=… (the first row is %.200q)", t.row)
	}
	return t, nil
}

// newBulk reads Cisco's BulkHash.csv, which has no heading: name, MD5, SHA-512, an unknown one, status, size.
//
//	c2900-universalk9-mz.SPA.152-4.M6.bin,0123…,0123…,…,active,97794960
func newBulk(r io.Reader) Rows {
	return &table{lines: *newLines(r), comma: ',', bulk: true, columns: []Column{NameColumn, "md5", "sha512", "", StatusColumn, SizeColumn}}
}

func (t *table) Next() (Image, error) {
	for {
		if !t.unread {
			line, err := t.next()
			if err != nil {
				return Image{}, err
			}
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			if t.row, err = splitRow(t.row, string(line), t.comma); err != nil {
				return Image{}, &RowError{t.line, err}
			}
		}
		t.unread = false
		if t.bulk && t.line == 1 && columnOf(t.row[0]) != "" {
			continue // a release of the file that has a heading
		}
		image, err := t.image(t.row)
		if err != nil {
			return Image{}, &RowError{t.line, err}
		}
		image.Line = t.line
		if t.bulk {
			image.Vendor, image.Kind = "Cisco", "osimage"
		}
		return image, nil
	}
}

// thousands are set apart as people like it: 97,794,960 or 97 794 960.
var thousands = strings.NewReplacer(",", "", " ", "", "_", "")

func (t *table) image(row []string) (Image, error) {
	if t.bulk && len(row) < 3 {
		return Image{}, fmt.Errorf("%d columns where a bulk hash row has a name, an MD5 and a SHA-512", len(row))
	}
	var i Image
	for n, column := range t.columns {
		if n >= len(row) || column == "" {
			continue
		}
		cell := strings.TrimSpace(row[n])
		if !utf8.ValidString(cell) {
			return Image{}, fmt.Errorf("column %d is not UTF-8: save the table as UTF-8", n+1)
		}
		if cell == "" {
			continue
		}
		switch column {
		case NameColumn:
			i.Name = baseName(cell)
		case SizeColumn:
			size, err := strconv.ParseInt(thousands.Replace(cell), 10, 64)
			if err != nil || size < 0 {
				return Image{}, fmt.Errorf("column %d: %.40q is no size in bytes", n+1, cell)
			}
			i.Size = size
		case VersionColumn:
			i.Version = cell
		case ProductColumn:
			i.Product = cell
		case VendorColumn:
			i.Vendor = cell
		case StatusColumn:
			i.Status = cell
		case KindColumn:
			i.Kind = cell
		case BundleColumn:
			i.Bundle = baseName(cell)
		default:
			d, err := ParseDigest(cell)
			if err == nil && column != DigestColumn && d.Algorithm != string(column) {
				err = fmt.Errorf("%d hexadecimal digits, which is %s", len(d.Value), d.Algorithm)
			}
			if err != nil {
				return Image{}, fmt.Errorf("column %d, %s: %w", n+1, column, err)
			}
			i.Digests = append(i.Digests, d)
		}
	}
	if i.Name == "" || len(i.Digests) == 0 {
		return Image{}, errors.New("no file name, or no digest")
	}
	return i, nil
}

// splitRow takes a row of separated values apart (RFC 4180, without line breaks inside a field: no table of images has any, and one
// forgotten quotation mark would swallow the rest of a file).
func splitRow(row []string, line string, comma byte) ([]string, error) {
	row = row[:0]
	for {
		if strings.HasPrefix(line, `"`) {
			cell, rest, err := quotedCell(line[1:])
			if err != nil {
				return nil, err
			}
			row = append(row, cell)
			if rest == "" {
				return row, nil
			}
			if rest[0] != comma {
				return nil, fmt.Errorf("column %d goes on behind its closing quotation mark", len(row))
			}
			line = rest[1:]
			continue
		}
		cell, rest, more := strings.Cut(line, string(comma))
		row = append(row, cell)
		if !more {
			return row, nil
		}
		line = rest
	}
}

// quotedCell reads up to the closing quotation mark; two of them are one of the text.
func quotedCell(text string) (cell, rest string, err error) {
	var b strings.Builder
	for {
		before, after, closed := strings.Cut(text, `"`)
		if !closed {
			return "", "", errors.New("a quotation mark is not closed in its line")
		}
		b.WriteString(before)
		if !strings.HasPrefix(after, `"`) {
			return b.String(), after, nil
		}
		b.WriteByte('"')
		text = after[1:]
	}
}
