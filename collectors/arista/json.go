package arista

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"trueboot/collectors"
)

// A node is a value of a JSON reply and the line that it ends on.
type node struct {
	line   int
	text   string // of a string, a number, "true" or "false"; empty for null
	keys   []string
	fields map[string]*node // of an object
	items  []*node          // of an array
}

// Limits on the shape of a reply; those on its size are the session's.
const (
	deepestNode = 32
	mostNodes   = 200_000
)

// isJSON reports whether a reply is an object in JSON.
func isJSON(reply collectors.Reply) bool {
	return strings.HasPrefix(strings.TrimLeft(reply.Text, " \t\r\n"), "{")
}

// parseJSON reads a reply as one JSON object. Of what is not well-formed, too deep or too large, or has two values for one key,
// nothing is returned.
func parseJSON(reply collectors.Reply) (*node, error) {
	text := plainText(reply)
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	p := jsonReader{decoder: decoder, text: text, line: 1}
	root, err := p.value(0)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = fmt.Errorf("more behind the object in line %d", p.line)
		}
	}
	if err == nil && root.fields == nil {
		err = errors.New("no object")
	}
	if err != nil {
		return nil, fmt.Errorf("the JSON of the reply: %w", err)
	}
	return root, nil
}

// plainText returns the lines of a reply without what the terminal put between them, each where it was.
func plainText(reply collectors.Reply) string {
	var b strings.Builder
	next := 1
	for n, line := range reply.Lines() {
		for ; next < n; next++ {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

type jsonReader struct {
	decoder *json.Decoder
	text    string
	offset  int64 // up to where lines were counted
	line    int
	count   int
}

// token returns the next token, and has the line on which it ends.
func (p *jsonReader) token() (json.Token, error) {
	t, err := p.decoder.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if end := p.decoder.InputOffset(); end > p.offset && end <= int64(len(p.text)) {
		p.line += strings.Count(p.text[p.offset:end], "\n")
		p.offset = end
	}
	return t, err
}

func (p *jsonReader) value(depth int) (*node, error) {
	t, err := p.token()
	if err != nil {
		return nil, err
	}
	p.count++
	n := &node{line: p.line}
	switch t := t.(type) {
	case json.Delim:
		if depth == deepestNode || p.count > mostNodes {
			return nil, fmt.Errorf("line %d: more than %d deep or %d values", p.line, deepestNode, mostNodes)
		}
		if t == '{' {
			return n, p.object(n, depth)
		}
		return n, p.array(n, depth)
	case string:
		n.text = strings.TrimSpace(t)
	case json.Number:
		n.text = t.String()
	case bool:
		n.text = fmt.Sprint(t)
	}
	return n, nil
}

func (p *jsonReader) object(n *node, depth int) error {
	n.fields = map[string]*node{}
	for p.decoder.More() {
		t, err := p.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return fmt.Errorf("line %d: no key", p.line)
		}
		if n.fields[key] != nil {
			return fmt.Errorf("line %d: a second value for %.80q", p.line, key)
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.fields[key] = value
		n.keys = append(n.keys, key)
	}
	_, err := p.token()
	return err
}

func (p *jsonReader) array(n *node, depth int) error {
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := p.token()
	return err
}

// field returns the value of a key, one that says nothing where there is none.
func (n *node) field(key string) *node {
	if n != nil && n.fields[key] != nil {
		return n.fields[key]
	}
	return &node{}
}
