package syslog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A batch is a JSON text of many records, as APIs and exports give them: a list, or an object with a list under one of these names.
//
//	[{"SyslogMessage":"…"},{"SyslogMessage":"…"}]
//	{"records":[{"SyslogMessage":"…"}]}          Azure; value: Log Analytics, logEvents: CloudWatch, results: Splunk, hits.hits: Elastic
var batchLists = []string{"records", "Records", "value", "logEvents", "results", "hits", "events"}

// maxBatchDepth is how deep a batch may be in another: Elastic's records are two below the whole.
const maxBatchDepth = 4

// records are the records of a batch, each as its text; nil where the text is none.
func records(text string) []string {
	at := strings.TrimLeft(text, " \t")
	if at == "" || at[0] != '[' && at[0] != '{' || !strings.Contains(at, "[{") || !json.Valid([]byte(at)) {
		return nil
	}
	var all []string
	if at[0] == '[' {
		all = listed(json.RawMessage(at), 0)
	} else {
		all = within(json.RawMessage(at), 0)
	}
	return all
}

// listed are the records of a list.
func listed(raw json.RawMessage, depth int) (all []string) {
	var elements []json.RawMessage
	if depth > maxBatchDepth || json.Unmarshal(raw, &elements) != nil {
		return nil
	}
	for _, e := range elements {
		if e[0] != '{' {
			continue
		}
		if inner := within(e, depth+1); inner != nil {
			all = append(all, inner...)
		} else {
			all = append(all, string(e))
		}
	}
	return all
}

// within are the records of the list that an object has, nil if it has none.
func within(raw json.RawMessage, depth int) []string {
	var members map[string]json.RawMessage
	if depth > maxBatchDepth || !bytes.Contains(raw, []byte("[{")) || json.Unmarshal(raw, &members) != nil {
		return nil
	}
	for _, name := range batchLists {
		switch value := members[name]; {
		case len(value) == 0:
		case value[0] == '[':
			if all := listed(value, depth); all != nil {
				return all
			}
		case value[0] == '{':
			if all := within(value, depth+1); all != nil {
				return all
			}
		}
	}
	return nil
}

// Batches reads a file of JSON texts that are not one a line: written over several lines, or one of everything. Each record is a line.
type Batches struct {
	in      *counting
	decoder *json.Decoder
	waiting []string
	line    int
	inList  bool // within the list that the text begins with
	inText  bool // which is the first member of an object
}

// begins are texts whose first member is the list: of those, one record at a time is held.
var beginsWithList = regexp.MustCompile(`^\{\s*"(?:` + strings.Join(batchLists, "|") + `)"\s*:\s*\[`)

// IsBatches reports whether a file that begins so is to be read by Batches, and not line by line.
func IsBatches(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	if next := bytes.TrimLeft(head[1:], " \t\r\n"); head[0] == '[' {
		return len(next) > 0 && next[0] == '{'
	} else if len(next) == 0 || next[0] != '"' {
		return false
	}
	first, _, whole := bytes.Cut(head, []byte("\n"))
	if whole {
		return !json.Valid(first)
	}
	for _, name := range batchLists { // one line that is longer than what is seen of it
		if bytes.Contains(head, []byte(`"`+name+`":`)) && !json.Valid(head) {
			return true
		}
	}
	return false
}

// maxRecord is how much of one record is held in memory.
const maxRecord = 16 << 20

var errRecord = fmt.Errorf("a JSON record of more than %d bytes", maxRecord)

// NewBatches reads from a file.
func NewBatches(r io.Reader) *Batches {
	in := &counting{from: r}
	return &Batches{in: in, decoder: json.NewDecoder(in)}
}

// Next returns the next record and the line of the file in which it ends. At the end, the error is io.EOF.
func (b *Batches) Next() (record string, line int, err error) {
	for len(b.waiting) == 0 {
		if err := b.more(); err != nil {
			var syntax *json.SyntaxError
			switch {
			case errors.Is(err, io.ErrUnexpectedEOF):
				err = fmt.Errorf("line %d: no JSON: %w", b.in.lineOf(b.in.read), err)
			case errors.As(err, &syntax):
				err = fmt.Errorf("line %d: no JSON: %w", b.in.lineOf(b.decoder.InputOffset()), err)
			}
			return "", 0, err
		}
	}
	record, b.waiting = b.waiting[0], b.waiting[1:]
	return record, b.line, nil
}

// more reads one element of the list, or the next text.
func (b *Batches) more() error {
	defer func() { b.line = b.in.lineOf(b.decoder.InputOffset()) }()
	b.in.left = maxRecord
	if b.inList && !b.decoder.More() {
		b.inList = false
		return b.leave()
	}
	if !b.inList {
		tokens := 0
		switch head := b.in.peek(b.decoder); {
		case strings.HasPrefix(head, "["):
			tokens = 1
		case beginsWithList.MatchString(head):
			tokens = 3
		}
		for range tokens {
			if _, err := b.decoder.Token(); err != nil {
				return err
			}
		}
		if b.inList, b.inText = tokens > 0, tokens == 3; b.inList {
			return nil
		}
	}
	var raw json.RawMessage
	if err := b.decoder.Decode(&raw); err != nil {
		return err
	}
	if raw[0] != '{' {
		return nil
	}
	if b.waiting = within(raw, 0); b.waiting == nil {
		b.waiting = []string{string(raw)}
	}
	for i, text := range b.waiting {
		var compact bytes.Buffer
		if json.Compact(&compact, []byte(text)) == nil {
			b.waiting[i] = compact.String()
		}
	}
	return nil
}

// leave goes on behind the end of the list, and past what follows it in its object.
func (b *Batches) leave() error {
	_, err := b.decoder.Token()
	for err == nil && b.inText {
		if !b.decoder.More() {
			b.inText = false
			_, err = b.decoder.Token()
			break
		}
		if _, err = b.decoder.Token(); err == nil { // the name
			var value json.RawMessage
			err = b.decoder.Decode(&value)
		}
	}
	return err
}

// counting hands a file over, knows on which line each byte is, and ends a record that has no end.
type counting struct {
	from     io.Reader
	read     int64
	newlines []int64 // where they are, behind what lineOf was last asked for
	line     int     // before the first of them, from 0
	left     int
}

func (c *counting) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errRecord
	}
	n, err := c.from.Read(p[:min(len(p), c.left)])
	c.left -= n
	for i, b := range p[:n] {
		if b == '\n' {
			c.newlines = append(c.newlines, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// lineOf is the line of a place, from 1. Places are asked for in their order.
func (c *counting) lineOf(at int64) int {
	n, _ := slices.BinarySearch(c.newlines, at)
	c.newlines = slices.Delete(c.newlines, 0, n)
	c.line += n
	return c.line + 1
}

// peek is how the next text begins, as far as it is read ahead.
func (c *counting) peek(d *json.Decoder) string {
	d.More() // reads ahead, to where the text begins
	head, err := io.ReadAll(io.LimitReader(d.Buffered(), 256))
	if err != nil {
		return ""
	}
	return string(head)
}
